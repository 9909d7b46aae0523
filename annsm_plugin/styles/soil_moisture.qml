<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology|Rendering">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" classificationMin="0.05" classificationMax="0.4" nodataColor="">
      <rasterTransparency/>
      <minMaxOrigin><limits>None</limits><extent>WholeRaster</extent><statAccuracy>Estimated</statAccuracy></minMaxOrigin>
      <rastershader>
        <colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0" minimumValue="0.05" maximumValue="0.4" labelPrecision="4">
          <item value="0.05" label="≤ 0.05 m³ m⁻³" color="#8c510a" alpha="255"/>
          <item value="0.1" label="0.05 – 0.1 m³ m⁻³" color="#bf812d" alpha="255"/>
          <item value="0.15" label="0.1 – 0.15 m³ m⁻³" color="#dfc27d" alpha="255"/>
          <item value="0.2" label="0.15 – 0.2 m³ m⁻³" color="#f6e8c3" alpha="255"/>
          <item value="0.25" label="0.2 – 0.25 m³ m⁻³" color="#c7eae5" alpha="255"/>
          <item value="0.3" label="0.25 – 0.3 m³ m⁻³" color="#80cdc1" alpha="255"/>
          <item value="0.35" label="0.3 – 0.35 m³ m⁻³" color="#35978f" alpha="255"/>
          <item value="0.4" label="0.35 – 0.4 m³ m⁻³" color="#01665e" alpha="255"/>
          <item value="inf" label="&gt; 0.4 m³ m⁻³" color="#003c30" alpha="255"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
