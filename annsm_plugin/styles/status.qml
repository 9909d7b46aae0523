<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology|Rendering">
  <pipe>
    <rasterrenderer type="paletted" band="1" opacity="1" alphaBand="-1" nodataColor="">
      <rasterTransparency/>
      <colorPalette>
        <paletteEntry value="0" label="not trained" color="#555555" alpha="255"/>
        <paletteEntry value="1" label="trained" color="#4477aa" alpha="255"/>
        <paletteEntry value="2" label="not converged" color="#66ccee" alpha="255"/>
        <paletteEntry value="3" label="no training samples" color="#ccbb44" alpha="255"/>
        <paletteEntry value="4" label="constant target" color="#ee6677" alpha="255"/>
        <paletteEntry value="5" label="all inputs constant" color="#aa3377" alpha="255"/>
        <paletteEntry value="100" label="no complete day" color="#dddddd" alpha="255"/>
        <paletteEntry value="101" label="too few complete days" color="#a6a6a6" alpha="255"/>
        <paletteEntry value="102" label="values from the network of the region: too few complete days" color="#88c7b4" alpha="255"/>
      </colorPalette>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
