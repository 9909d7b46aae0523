<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology|Rendering">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" classificationMin="0" classificationMax="0.5" nodataColor="">
      <rasterTransparency/>
      <minMaxOrigin><limits>None</limits><extent>WholeRaster</extent><statAccuracy>Estimated</statAccuracy></minMaxOrigin>
      <rastershader>
        <colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0" minimumValue="0" maximumValue="0.5" labelPrecision="4">
          <item value="0" label="≤ 0 m³ m⁻³" color="#440154" alpha="255"/>
          <item value="0.0025" label="0 – 0.0025 m³ m⁻³" color="#46327e" alpha="255"/>
          <item value="0.005" label="0.0025 – 0.005 m³ m⁻³" color="#365c8d" alpha="255"/>
          <item value="0.01" label="0.005 – 0.01 m³ m⁻³" color="#277f8e" alpha="255"/>
          <item value="0.02" label="0.01 – 0.02 m³ m⁻³" color="#1fa187" alpha="255"/>
          <item value="0.03" label="0.02 – 0.03 m³ m⁻³" color="#4ac16d" alpha="255"/>
          <item value="0.04" label="0.03 – 0.04 m³ m⁻³" color="#a0da39" alpha="255"/>
          <item value="inf" label="> 0.04 m³ m⁻³" color="#fde725" alpha="255"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
