<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology|Rendering">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" classificationMin="-0.06" classificationMax="0.06" nodataColor="">
      <rasterTransparency/>
      <minMaxOrigin><limits>None</limits><extent>WholeRaster</extent><statAccuracy>Estimated</statAccuracy></minMaxOrigin>
      <rastershader>
        <colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0" minimumValue="-0.06" maximumValue="0.06" labelPrecision="4">
          <item value="-0.06" label="≤ −0.06 m³ m⁻³ (too wet)" color="#053061" alpha="255"/>
          <item value="-0.04" label="−0.06 – −0.04 m³ m⁻³" color="#2065ab" alpha="255"/>
          <item value="-0.02" label="−0.04 – −0.02 m³ m⁻³" color="#4393c3" alpha="255"/>
          <item value="-0.01" label="−0.02 – −0.01 m³ m⁻³" color="#90c4dd" alpha="255"/>
          <item value="-0.005" label="−0.01 – −0.005 m³ m⁻³" color="#d1e5f0" alpha="255"/>
          <item value="0.005" label="−0.005 – 0.005 m³ m⁻³" color="#f6f7f7" alpha="255"/>
          <item value="0.01" label="0.005 – 0.01 m³ m⁻³" color="#f6e8c3" alpha="255"/>
          <item value="0.02" label="0.01 – 0.02 m³ m⁻³" color="#dec17b" alpha="255"/>
          <item value="0.04" label="0.02 – 0.04 m³ m⁻³" color="#bf812d" alpha="255"/>
          <item value="0.06" label="0.04 – 0.06 m³ m⁻³" color="#8b500a" alpha="255"/>
          <item value="inf" label="&gt; 0.06 m³ m⁻³ (too dry)" color="#543005" alpha="255"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
