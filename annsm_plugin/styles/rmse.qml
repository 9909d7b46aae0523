<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology|Rendering">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" classificationMin="0.01" classificationMax="0.2" nodataColor="">
      <rasterTransparency/>
      <minMaxOrigin><limits>None</limits><extent>WholeRaster</extent><statAccuracy>Estimated</statAccuracy></minMaxOrigin>
      <rastershader>
        <colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0" minimumValue="0.01" maximumValue="0.2" labelPrecision="4">
          <item value="0.01" label="≤ 0.01 m³ m⁻³" color="#fff7ec" alpha="255"/>
          <item value="0.02" label="0.01 – 0.02 m³ m⁻³" color="#fee8c8" alpha="255"/>
          <item value="0.03" label="0.02 – 0.03 m³ m⁻³" color="#fdd49e" alpha="255"/>
          <item value="0.04" label="0.03 – 0.04 m³ m⁻³" color="#fdbb84" alpha="255"/>
          <item value="0.05" label="0.04 – 0.05 m³ m⁻³" color="#fc8d59" alpha="255"/>
          <item value="0.06" label="0.05 – 0.06 m³ m⁻³" color="#ef6548" alpha="255"/>
          <item value="0.08" label="0.06 – 0.08 m³ m⁻³" color="#d7301f" alpha="255"/>
          <item value="inf" label="> 0.08 m³ m⁻³" color="#990000" alpha="255"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
