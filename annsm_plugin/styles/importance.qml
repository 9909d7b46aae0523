<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology|Rendering">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" classificationMin="0" classificationMax="0.04" nodataColor="">
      <rasterTransparency/>
      <minMaxOrigin><limits>None</limits><extent>WholeRaster</extent><statAccuracy>Estimated</statAccuracy></minMaxOrigin>
      <rastershader>
        <colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0" minimumValue="0" maximumValue="0.04" labelPrecision="4">
          <item value="0" label="≤ 0 m³ m⁻³ (not used)" color="#440154" alpha="255"/>
          <item value="0.0025" label="0 – 0.0025 m³ m⁻³" color="#472d7b" alpha="255"/>
          <item value="0.005" label="0.0025 – 0.005 m³ m⁻³" color="#3b528b" alpha="255"/>
          <item value="0.01" label="0.005 – 0.01 m³ m⁻³" color="#2c728e" alpha="255"/>
          <item value="0.015" label="0.01 – 0.015 m³ m⁻³" color="#21918c" alpha="255"/>
          <item value="0.02" label="0.015 – 0.02 m³ m⁻³" color="#28ae80" alpha="255"/>
          <item value="0.03" label="0.02 – 0.03 m³ m⁻³" color="#5ec962" alpha="255"/>
          <item value="0.04" label="0.03 – 0.04 m³ m⁻³" color="#addc30" alpha="255"/>
          <item value="inf" label="&gt; 0.04 m³ m⁻³" color="#fde725" alpha="255"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
