<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology|Rendering">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" classificationMin="-0.05" classificationMax="0.5" nodataColor="">
      <rasterTransparency/>
      <minMaxOrigin><limits>None</limits><extent>WholeRaster</extent><statAccuracy>Estimated</statAccuracy></minMaxOrigin>
      <rastershader>
        <colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0" minimumValue="-0.05" maximumValue="0.5" labelPrecision="4">
          <item value="-0.05" label="≤ -0.05 m³ m⁻³" color="#053061" alpha="255"/>
          <item value="-0.03" label="-0.05 – -0.03 m³ m⁻³" color="#2166ac" alpha="255"/>
          <item value="-0.02" label="-0.03 – -0.02 m³ m⁻³" color="#4393c3" alpha="255"/>
          <item value="-0.01" label="-0.02 – -0.01 m³ m⁻³" color="#92c5de" alpha="255"/>
          <item value="0.01" label="-0.01 – 0.01 m³ m⁻³" color="#f7f7f7" alpha="255"/>
          <item value="0.02" label="0.01 – 0.02 m³ m⁻³" color="#f4a582" alpha="255"/>
          <item value="0.03" label="0.02 – 0.03 m³ m⁻³" color="#d6604d" alpha="255"/>
          <item value="0.05" label="0.03 – 0.05 m³ m⁻³" color="#b2182b" alpha="255"/>
          <item value="inf" label="> 0.05 m³ m⁻³" color="#67001f" alpha="255"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
