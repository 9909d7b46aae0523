<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology|Rendering">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" classificationMin="200" classificationMax="285" nodataColor="">
      <rasterTransparency/>
      <minMaxOrigin><limits>None</limits><extent>WholeRaster</extent><statAccuracy>Estimated</statAccuracy></minMaxOrigin>
      <rastershader>
        <colorrampshader colorRampType="INTERPOLATED" classificationMode="1" clip="0" minimumValue="200" maximumValue="285" labelPrecision="4">
          <item value="200" label="200 K" color="#000004" alpha="255"/>
          <item value="220" label="220 K" color="#330a5f" alpha="255"/>
          <item value="235" label="235 K" color="#781c6d" alpha="255"/>
          <item value="250" label="250 K" color="#bb3754" alpha="255"/>
          <item value="260" label="260 K" color="#ed6925" alpha="255"/>
          <item value="270" label="270 K" color="#fcb519" alpha="255"/>
          <item value="285" label="285 K" color="#fcffa4" alpha="255"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
