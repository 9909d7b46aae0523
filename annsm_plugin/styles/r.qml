<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology|Rendering">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" classificationMin="0" classificationMax="0.9" nodataColor="">
      <rasterTransparency/>
      <minMaxOrigin><limits>None</limits><extent>WholeRaster</extent><statAccuracy>Estimated</statAccuracy></minMaxOrigin>
      <rastershader>
        <colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0" minimumValue="0" maximumValue="0.9" labelPrecision="4">
          <item value="0" label="≤ 0" color="#440154" alpha="255"/>
          <item value="0.2" label="0 – 0.2" color="#472d7b" alpha="255"/>
          <item value="0.4" label="0.2 – 0.4" color="#3b528b" alpha="255"/>
          <item value="0.5" label="0.4 – 0.5" color="#2c728e" alpha="255"/>
          <item value="0.6" label="0.5 – 0.6" color="#21918c" alpha="255"/>
          <item value="0.7" label="0.6 – 0.7" color="#28ae80" alpha="255"/>
          <item value="0.8" label="0.7 – 0.8" color="#5ec962" alpha="255"/>
          <item value="0.9" label="0.8 – 0.9" color="#addc30" alpha="255"/>
          <item value="inf" label="&gt; 0.9" color="#fde725" alpha="255"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
