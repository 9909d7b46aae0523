<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology|Rendering">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" classificationMin="0.001" classificationMax="0.1" nodataColor="">
      <rasterTransparency/>
      <minMaxOrigin><limits>None</limits><extent>WholeRaster</extent><statAccuracy>Estimated</statAccuracy></minMaxOrigin>
      <rastershader>
        <colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0" minimumValue="0.001" maximumValue="0.1" labelPrecision="4">
          <item value="0.001" label="≤ 0.001" color="#54278f" alpha="255"/>
          <item value="0.01" label="0.001 – 0.01" color="#756bb1" alpha="255"/>
          <item value="0.05" label="0.01 – 0.05" color="#9e9ac8" alpha="255"/>
          <item value="0.1" label="0.05 – 0.1" color="#dadaeb" alpha="255"/>
          <item value="inf" label="&gt; 0.1" color="#f2f0f7" alpha="255"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
