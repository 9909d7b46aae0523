<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology|Rendering">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" classificationMin="0" classificationMax="199" nodataColor="">
      <rasterTransparency/>
      <minMaxOrigin><limits>None</limits><extent>WholeRaster</extent><statAccuracy>Estimated</statAccuracy></minMaxOrigin>
      <rastershader>
        <colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0" minimumValue="0" maximumValue="199" labelPrecision="4">
          <item value="0" label="≤ 0 days" color="#ffffd9" alpha="255"/>
          <item value="4" label="1 – 4 days" color="#edf8b1" alpha="255"/>
          <item value="9" label="5 – 9 days" color="#c6e9b4" alpha="255"/>
          <item value="19" label="10 – 19 days" color="#7ecdbb" alpha="255"/>
          <item value="29" label="20 – 29 days" color="#40b5c4" alpha="255"/>
          <item value="49" label="30 – 49 days" color="#1d90c0" alpha="255"/>
          <item value="99" label="50 – 99 days" color="#225da8" alpha="255"/>
          <item value="199" label="100 – 199 days" color="#243392" alpha="255"/>
          <item value="inf" label="≥ 200 days" color="#081d58" alpha="255"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
