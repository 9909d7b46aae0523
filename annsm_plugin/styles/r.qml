<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology|Rendering">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" classificationMin="0.3" classificationMax="1" nodataColor="">
      <rasterTransparency/>
      <minMaxOrigin><limits>None</limits><extent>WholeRaster</extent><statAccuracy>Estimated</statAccuracy></minMaxOrigin>
      <rastershader>
        <colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0" minimumValue="0.3" maximumValue="1" labelPrecision="4">
          <item value="0.3" label="≤ 0.3" color="#440154" alpha="255"/>
          <item value="0.4" label="0.3 – 0.4" color="#46327e" alpha="255"/>
          <item value="0.5" label="0.4 – 0.5" color="#365c8d" alpha="255"/>
          <item value="0.6" label="0.5 – 0.6" color="#277f8e" alpha="255"/>
          <item value="0.7" label="0.6 – 0.7" color="#1fa187" alpha="255"/>
          <item value="0.8" label="0.7 – 0.8" color="#4ac16d" alpha="255"/>
          <item value="0.9" label="0.8 – 0.9" color="#a0da39" alpha="255"/>
          <item value="inf" label="> 0.9" color="#fde725" alpha="255"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
