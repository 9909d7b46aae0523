<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology|Rendering">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" classificationMin="0.04" classificationMax="1" nodataColor="">
      <rasterTransparency/>
      <minMaxOrigin><limits>None</limits><extent>WholeRaster</extent><statAccuracy>Estimated</statAccuracy></minMaxOrigin>
      <rastershader>
        <colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0" minimumValue="0.04" maximumValue="1" labelPrecision="4">
          <item value="0.04" label="≤ 0.04" color="#fff7ec" alpha="255"/>
          <item value="0.06" label="0.04 – 0.06" color="#fee8c8" alpha="255"/>
          <item value="0.08" label="0.06 – 0.08" color="#fdd49e" alpha="255"/>
          <item value="0.1" label="0.08 – 0.1" color="#fdbb84" alpha="255"/>
          <item value="0.12" label="0.1 – 0.12" color="#fc8d59" alpha="255"/>
          <item value="0.14" label="0.12 – 0.14" color="#ef6548" alpha="255"/>
          <item value="0.18" label="0.14 – 0.18" color="#d7301f" alpha="255"/>
          <item value="inf" label="> 0.18" color="#990000" alpha="255"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
