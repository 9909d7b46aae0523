<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology|Rendering">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" classificationMin="25" classificationMax="1600" nodataColor="">
      <rasterTransparency/>
      <minMaxOrigin><limits>None</limits><extent>WholeRaster</extent><statAccuracy>Estimated</statAccuracy></minMaxOrigin>
      <rastershader>
        <colorrampshader colorRampType="INTERPOLATED" classificationMode="1" clip="0" minimumValue="25" maximumValue="1600" labelPrecision="4">
          <item value="25" label="25 days" color="#f7fbff" alpha="255"/>
          <item value="50" label="50 days" color="#deebf7" alpha="255"/>
          <item value="100" label="100 days" color="#c6dbef" alpha="255"/>
          <item value="200" label="200 days" color="#9ecae1" alpha="255"/>
          <item value="400" label="400 days" color="#6baed6" alpha="255"/>
          <item value="600" label="600 days" color="#4292c6" alpha="255"/>
          <item value="800" label="800 days" color="#2171b5" alpha="255"/>
          <item value="1600" label="1600 days" color="#084594" alpha="255"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
