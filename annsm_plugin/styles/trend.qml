<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology|Rendering">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" classificationMin="-0.01" classificationMax="0.01" nodataColor="">
      <rasterTransparency/>
      <minMaxOrigin><limits>None</limits><extent>WholeRaster</extent><statAccuracy>Estimated</statAccuracy></minMaxOrigin>
      <rastershader>
        <colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0" minimumValue="-0.01" maximumValue="0.01" labelPrecision="4">
          <item value="-0.01" label="≤ −0.01 m³ m⁻³ per year (drying)" color="#8b500a" alpha="255"/>
          <item value="-0.005" label="−0.01 – −0.005 m³ m⁻³ per year" color="#bf812d" alpha="255"/>
          <item value="-0.002" label="−0.005 – −0.002 m³ m⁻³ per year" color="#dec17b" alpha="255"/>
          <item value="-0.001" label="−0.002 – −0.001 m³ m⁻³ per year" color="#f6e8c3" alpha="255"/>
          <item value="0.001" label="−0.001 – 0.001 m³ m⁻³ per year" color="#f6f7f7" alpha="255"/>
          <item value="0.002" label="0.001 – 0.002 m³ m⁻³ per year" color="#d1e5f0" alpha="255"/>
          <item value="0.005" label="0.002 – 0.005 m³ m⁻³ per year" color="#90c4dd" alpha="255"/>
          <item value="0.01" label="0.005 – 0.01 m³ m⁻³ per year" color="#4393c3" alpha="255"/>
          <item value="inf" label="&gt; 0.01 m³ m⁻³ per year (wetting)" color="#2065ab" alpha="255"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
