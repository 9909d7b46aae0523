<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology|Rendering">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" classificationMin="-0.03" classificationMax="0.03" nodataColor="">
      <rasterTransparency/>
      <minMaxOrigin><limits>None</limits><extent>WholeRaster</extent><statAccuracy>Estimated</statAccuracy></minMaxOrigin>
      <rastershader>
        <colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0" minimumValue="-0.03" maximumValue="0.03" labelPrecision="4">
          <item value="-0.03" label="≤ −0.03 m³ m⁻³ (the other is better)" color="#7f3b08" alpha="255"/>
          <item value="-0.02" label="−0.03 – −0.02 m³ m⁻³" color="#b25706" alpha="255"/>
          <item value="-0.01" label="−0.02 – −0.01 m³ m⁻³" color="#e08214" alpha="255"/>
          <item value="-0.005" label="−0.01 – −0.005 m³ m⁻³" color="#fcb761" alpha="255"/>
          <item value="-0.001" label="−0.005 – −0.001 m³ m⁻³" color="#fee0b6" alpha="255"/>
          <item value="0.001" label="−0.001 – 0.001 m³ m⁻³" color="#f6f7f7" alpha="255"/>
          <item value="0.005" label="0.001 – 0.005 m³ m⁻³" color="#d8daeb" alpha="255"/>
          <item value="0.01" label="0.005 – 0.01 m³ m⁻³" color="#b1aad1" alpha="255"/>
          <item value="0.02" label="0.01 – 0.02 m³ m⁻³" color="#8073ac" alpha="255"/>
          <item value="0.03" label="0.02 – 0.03 m³ m⁻³" color="#532687" alpha="255"/>
          <item value="inf" label="&gt; 0.03 m³ m⁻³ (the network is better)" color="#2d004b" alpha="255"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
