<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology|Rendering">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" classificationMin="210" classificationMax="275" nodataColor="">
      <rasterTransparency/>
      <minMaxOrigin><limits>None</limits><extent>WholeRaster</extent><statAccuracy>Estimated</statAccuracy></minMaxOrigin>
      <rastershader>
        <colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0" minimumValue="210" maximumValue="275" labelPrecision="4">
          <item value="210" label="≤ 210 K" color="#000004" alpha="255"/>
          <item value="225" label="210 – 225 K" color="#330a5f" alpha="255"/>
          <item value="240" label="225 – 240 K" color="#781c6d" alpha="255"/>
          <item value="250" label="240 – 250 K" color="#bb3754" alpha="255"/>
          <item value="260" label="250 – 260 K" color="#ed6925" alpha="255"/>
          <item value="275" label="260 – 275 K" color="#fcb519" alpha="255"/>
          <item value="inf" label="&gt; 275 K" color="#fcffa4" alpha="255"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
