<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology|Rendering">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" classificationMin="0.02" classificationMax="0.2" nodataColor="">
      <rasterTransparency/>
      <minMaxOrigin><limits>None</limits><extent>WholeRaster</extent><statAccuracy>Estimated</statAccuracy></minMaxOrigin>
      <rastershader>
        <colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0" minimumValue="0.02" maximumValue="0.2" labelPrecision="4">
          <item value="0.02" label="≤ 0.02 0–1" color="#fcfdbf" alpha="255"/>
          <item value="0.04" label="0.02 – 0.04 0–1" color="#fec287" alpha="255"/>
          <item value="0.06" label="0.04 – 0.06 0–1" color="#fb8761" alpha="255"/>
          <item value="0.08" label="0.06 – 0.08 0–1" color="#e55064" alpha="255"/>
          <item value="0.1" label="0.08 – 0.1 0–1" color="#b5367a" alpha="255"/>
          <item value="0.12" label="0.1 – 0.12 0–1" color="#812581" alpha="255"/>
          <item value="0.16" label="0.12 – 0.16 0–1" color="#4f127b" alpha="255"/>
          <item value="0.2" label="0.16 – 0.2 0–1" color="#1c1044" alpha="255"/>
          <item value="inf" label="&gt; 0.2 0–1" color="#000004" alpha="255"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
