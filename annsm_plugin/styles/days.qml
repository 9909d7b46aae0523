<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology|Rendering">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" classificationMin="9" classificationMax="999" nodataColor="">
      <rasterTransparency/>
      <minMaxOrigin><limits>None</limits><extent>WholeRaster</extent><statAccuracy>Estimated</statAccuracy></minMaxOrigin>
      <rastershader>
        <colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0" minimumValue="9" maximumValue="999" labelPrecision="4">
          <item value="9" label="≤ 9 days" color="#f7fbff" alpha="255"/>
          <item value="49" label="10 – 49 days" color="#deebf7" alpha="255"/>
          <item value="99" label="50 – 99 days" color="#c6dbef" alpha="255"/>
          <item value="199" label="100 – 199 days" color="#9ecae1" alpha="255"/>
          <item value="399" label="200 – 399 days" color="#6baed6" alpha="255"/>
          <item value="599" label="400 – 599 days" color="#4292c6" alpha="255"/>
          <item value="799" label="600 – 799 days" color="#2171b5" alpha="255"/>
          <item value="999" label="800 – 999 days" color="#08519c" alpha="255"/>
          <item value="inf" label="≥ 1000 days" color="#08306b" alpha="255"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
