<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis simplifyDrawingTol="1" labelsEnabled="1" simplifyLocal="1" simplifyDrawingHints="1" simplifyAlgorithm="0" simplifyMaxScale="1" symbologyReferenceScale="-1" minScale="100000000" version="3.22.16-Białowieża" styleCategories="Symbology|Labeling|Fields|Rendering" hasScaleBasedVisibilityFlag="0" maxScale="0">
  <renderer-v2 type="RuleRenderer" referencescale="-1" enableorderby="0" forceraster="0" symbollevels="0">
    <rules key="stations">
      <rule filter="&quot;annsm_r&quot; IS NULL" symbol="0" label="no R" key="r0"/>
      <rule filter="&quot;annsm_r&quot; &lt;= 0" symbol="1" label="≤ 0" key="r1"/>
      <rule filter="&quot;annsm_r&quot; > 0 AND &quot;annsm_r&quot; &lt;= 0.2" symbol="2" label="0 – 0.2" key="r2"/>
      <rule filter="&quot;annsm_r&quot; > 0.2 AND &quot;annsm_r&quot; &lt;= 0.4" symbol="3" label="0.2 – 0.4" key="r3"/>
      <rule filter="&quot;annsm_r&quot; > 0.4 AND &quot;annsm_r&quot; &lt;= 0.5" symbol="4" label="0.4 – 0.5" key="r4"/>
      <rule filter="&quot;annsm_r&quot; > 0.5 AND &quot;annsm_r&quot; &lt;= 0.6" symbol="5" label="0.5 – 0.6" key="r5"/>
      <rule filter="&quot;annsm_r&quot; > 0.6 AND &quot;annsm_r&quot; &lt;= 0.7" symbol="6" label="0.6 – 0.7" key="r6"/>
      <rule filter="&quot;annsm_r&quot; > 0.7 AND &quot;annsm_r&quot; &lt;= 0.8" symbol="7" label="0.7 – 0.8" key="r7"/>
      <rule filter="&quot;annsm_r&quot; > 0.8 AND &quot;annsm_r&quot; &lt;= 0.9" symbol="8" label="0.8 – 0.9" key="r8"/>
      <rule filter="&quot;annsm_r&quot; > 0.9" symbol="9" label="> 0.9" key="r9"/>
    </rules>
    <symbols>
      <symbol type="marker" force_rhr="0" clip_to_extent="1" alpha="1" name="0">
        <data_defined_properties>
          <Option type="Map">
            <Option type="QString" name="name" value=""/>
            <Option name="properties"/>
            <Option type="QString" name="type" value="collection"/>
          </Option>
        </data_defined_properties>
        <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option type="QString" name="angle" value="0"/>
            <Option type="QString" name="cap_style" value="square"/>
            <Option type="QString" name="color" value="176,176,176,255"/>
            <Option type="QString" name="horizontal_anchor_point" value="1"/>
            <Option type="QString" name="joinstyle" value="bevel"/>
            <Option type="QString" name="name" value="circle"/>
            <Option type="QString" name="offset" value="0,0"/>
            <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="offset_unit" value="MM"/>
            <Option type="QString" name="outline_color" value="32,32,32,255"/>
            <Option type="QString" name="outline_style" value="solid"/>
            <Option type="QString" name="outline_width" value="0.3"/>
            <Option type="QString" name="outline_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="outline_width_unit" value="MM"/>
            <Option type="QString" name="scale_method" value="diameter"/>
            <Option type="QString" name="size" value="3.6"/>
            <Option type="QString" name="size_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="size_unit" value="MM"/>
            <Option type="QString" name="vertical_anchor_point" value="1"/>
          </Option>
          <prop k="angle" v="0"/>
          <prop k="cap_style" v="square"/>
          <prop k="color" v="176,176,176,255"/>
          <prop k="horizontal_anchor_point" v="1"/>
          <prop k="joinstyle" v="bevel"/>
          <prop k="name" v="circle"/>
          <prop k="offset" v="0,0"/>
          <prop k="offset_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="offset_unit" v="MM"/>
          <prop k="outline_color" v="32,32,32,255"/>
          <prop k="outline_style" v="solid"/>
          <prop k="outline_width" v="0.3"/>
          <prop k="outline_width_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="outline_width_unit" v="MM"/>
          <prop k="scale_method" v="diameter"/>
          <prop k="size" v="3.6"/>
          <prop k="size_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="size_unit" v="MM"/>
          <prop k="vertical_anchor_point" v="1"/>
          <data_defined_properties>
            <Option type="Map">
              <Option type="QString" name="name" value=""/>
              <Option name="properties"/>
              <Option type="QString" name="type" value="collection"/>
            </Option>
          </data_defined_properties>
        </layer>
      </symbol>
      <symbol type="marker" force_rhr="0" clip_to_extent="1" alpha="1" name="1">
        <data_defined_properties>
          <Option type="Map">
            <Option type="QString" name="name" value=""/>
            <Option name="properties"/>
            <Option type="QString" name="type" value="collection"/>
          </Option>
        </data_defined_properties>
        <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option type="QString" name="angle" value="0"/>
            <Option type="QString" name="cap_style" value="square"/>
            <Option type="QString" name="color" value="68,1,84,255"/>
            <Option type="QString" name="horizontal_anchor_point" value="1"/>
            <Option type="QString" name="joinstyle" value="bevel"/>
            <Option type="QString" name="name" value="circle"/>
            <Option type="QString" name="offset" value="0,0"/>
            <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="offset_unit" value="MM"/>
            <Option type="QString" name="outline_color" value="32,32,32,255"/>
            <Option type="QString" name="outline_style" value="solid"/>
            <Option type="QString" name="outline_width" value="0.3"/>
            <Option type="QString" name="outline_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="outline_width_unit" value="MM"/>
            <Option type="QString" name="scale_method" value="diameter"/>
            <Option type="QString" name="size" value="3.6"/>
            <Option type="QString" name="size_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="size_unit" value="MM"/>
            <Option type="QString" name="vertical_anchor_point" value="1"/>
          </Option>
          <prop k="angle" v="0"/>
          <prop k="cap_style" v="square"/>
          <prop k="color" v="68,1,84,255"/>
          <prop k="horizontal_anchor_point" v="1"/>
          <prop k="joinstyle" v="bevel"/>
          <prop k="name" v="circle"/>
          <prop k="offset" v="0,0"/>
          <prop k="offset_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="offset_unit" v="MM"/>
          <prop k="outline_color" v="32,32,32,255"/>
          <prop k="outline_style" v="solid"/>
          <prop k="outline_width" v="0.3"/>
          <prop k="outline_width_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="outline_width_unit" v="MM"/>
          <prop k="scale_method" v="diameter"/>
          <prop k="size" v="3.6"/>
          <prop k="size_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="size_unit" v="MM"/>
          <prop k="vertical_anchor_point" v="1"/>
          <data_defined_properties>
            <Option type="Map">
              <Option type="QString" name="name" value=""/>
              <Option name="properties"/>
              <Option type="QString" name="type" value="collection"/>
            </Option>
          </data_defined_properties>
        </layer>
      </symbol>
      <symbol type="marker" force_rhr="0" clip_to_extent="1" alpha="1" name="2">
        <data_defined_properties>
          <Option type="Map">
            <Option type="QString" name="name" value=""/>
            <Option name="properties"/>
            <Option type="QString" name="type" value="collection"/>
          </Option>
        </data_defined_properties>
        <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option type="QString" name="angle" value="0"/>
            <Option type="QString" name="cap_style" value="square"/>
            <Option type="QString" name="color" value="71,45,123,255"/>
            <Option type="QString" name="horizontal_anchor_point" value="1"/>
            <Option type="QString" name="joinstyle" value="bevel"/>
            <Option type="QString" name="name" value="circle"/>
            <Option type="QString" name="offset" value="0,0"/>
            <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="offset_unit" value="MM"/>
            <Option type="QString" name="outline_color" value="32,32,32,255"/>
            <Option type="QString" name="outline_style" value="solid"/>
            <Option type="QString" name="outline_width" value="0.3"/>
            <Option type="QString" name="outline_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="outline_width_unit" value="MM"/>
            <Option type="QString" name="scale_method" value="diameter"/>
            <Option type="QString" name="size" value="3.6"/>
            <Option type="QString" name="size_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="size_unit" value="MM"/>
            <Option type="QString" name="vertical_anchor_point" value="1"/>
          </Option>
          <prop k="angle" v="0"/>
          <prop k="cap_style" v="square"/>
          <prop k="color" v="71,45,123,255"/>
          <prop k="horizontal_anchor_point" v="1"/>
          <prop k="joinstyle" v="bevel"/>
          <prop k="name" v="circle"/>
          <prop k="offset" v="0,0"/>
          <prop k="offset_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="offset_unit" v="MM"/>
          <prop k="outline_color" v="32,32,32,255"/>
          <prop k="outline_style" v="solid"/>
          <prop k="outline_width" v="0.3"/>
          <prop k="outline_width_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="outline_width_unit" v="MM"/>
          <prop k="scale_method" v="diameter"/>
          <prop k="size" v="3.6"/>
          <prop k="size_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="size_unit" v="MM"/>
          <prop k="vertical_anchor_point" v="1"/>
          <data_defined_properties>
            <Option type="Map">
              <Option type="QString" name="name" value=""/>
              <Option name="properties"/>
              <Option type="QString" name="type" value="collection"/>
            </Option>
          </data_defined_properties>
        </layer>
      </symbol>
      <symbol type="marker" force_rhr="0" clip_to_extent="1" alpha="1" name="3">
        <data_defined_properties>
          <Option type="Map">
            <Option type="QString" name="name" value=""/>
            <Option name="properties"/>
            <Option type="QString" name="type" value="collection"/>
          </Option>
        </data_defined_properties>
        <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option type="QString" name="angle" value="0"/>
            <Option type="QString" name="cap_style" value="square"/>
            <Option type="QString" name="color" value="59,82,139,255"/>
            <Option type="QString" name="horizontal_anchor_point" value="1"/>
            <Option type="QString" name="joinstyle" value="bevel"/>
            <Option type="QString" name="name" value="circle"/>
            <Option type="QString" name="offset" value="0,0"/>
            <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="offset_unit" value="MM"/>
            <Option type="QString" name="outline_color" value="32,32,32,255"/>
            <Option type="QString" name="outline_style" value="solid"/>
            <Option type="QString" name="outline_width" value="0.3"/>
            <Option type="QString" name="outline_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="outline_width_unit" value="MM"/>
            <Option type="QString" name="scale_method" value="diameter"/>
            <Option type="QString" name="size" value="3.6"/>
            <Option type="QString" name="size_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="size_unit" value="MM"/>
            <Option type="QString" name="vertical_anchor_point" value="1"/>
          </Option>
          <prop k="angle" v="0"/>
          <prop k="cap_style" v="square"/>
          <prop k="color" v="59,82,139,255"/>
          <prop k="horizontal_anchor_point" v="1"/>
          <prop k="joinstyle" v="bevel"/>
          <prop k="name" v="circle"/>
          <prop k="offset" v="0,0"/>
          <prop k="offset_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="offset_unit" v="MM"/>
          <prop k="outline_color" v="32,32,32,255"/>
          <prop k="outline_style" v="solid"/>
          <prop k="outline_width" v="0.3"/>
          <prop k="outline_width_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="outline_width_unit" v="MM"/>
          <prop k="scale_method" v="diameter"/>
          <prop k="size" v="3.6"/>
          <prop k="size_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="size_unit" v="MM"/>
          <prop k="vertical_anchor_point" v="1"/>
          <data_defined_properties>
            <Option type="Map">
              <Option type="QString" name="name" value=""/>
              <Option name="properties"/>
              <Option type="QString" name="type" value="collection"/>
            </Option>
          </data_defined_properties>
        </layer>
      </symbol>
      <symbol type="marker" force_rhr="0" clip_to_extent="1" alpha="1" name="4">
        <data_defined_properties>
          <Option type="Map">
            <Option type="QString" name="name" value=""/>
            <Option name="properties"/>
            <Option type="QString" name="type" value="collection"/>
          </Option>
        </data_defined_properties>
        <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option type="QString" name="angle" value="0"/>
            <Option type="QString" name="cap_style" value="square"/>
            <Option type="QString" name="color" value="44,114,142,255"/>
            <Option type="QString" name="horizontal_anchor_point" value="1"/>
            <Option type="QString" name="joinstyle" value="bevel"/>
            <Option type="QString" name="name" value="circle"/>
            <Option type="QString" name="offset" value="0,0"/>
            <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="offset_unit" value="MM"/>
            <Option type="QString" name="outline_color" value="32,32,32,255"/>
            <Option type="QString" name="outline_style" value="solid"/>
            <Option type="QString" name="outline_width" value="0.3"/>
            <Option type="QString" name="outline_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="outline_width_unit" value="MM"/>
            <Option type="QString" name="scale_method" value="diameter"/>
            <Option type="QString" name="size" value="3.6"/>
            <Option type="QString" name="size_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="size_unit" value="MM"/>
            <Option type="QString" name="vertical_anchor_point" value="1"/>
          </Option>
          <prop k="angle" v="0"/>
          <prop k="cap_style" v="square"/>
          <prop k="color" v="44,114,142,255"/>
          <prop k="horizontal_anchor_point" v="1"/>
          <prop k="joinstyle" v="bevel"/>
          <prop k="name" v="circle"/>
          <prop k="offset" v="0,0"/>
          <prop k="offset_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="offset_unit" v="MM"/>
          <prop k="outline_color" v="32,32,32,255"/>
          <prop k="outline_style" v="solid"/>
          <prop k="outline_width" v="0.3"/>
          <prop k="outline_width_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="outline_width_unit" v="MM"/>
          <prop k="scale_method" v="diameter"/>
          <prop k="size" v="3.6"/>
          <prop k="size_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="size_unit" v="MM"/>
          <prop k="vertical_anchor_point" v="1"/>
          <data_defined_properties>
            <Option type="Map">
              <Option type="QString" name="name" value=""/>
              <Option name="properties"/>
              <Option type="QString" name="type" value="collection"/>
            </Option>
          </data_defined_properties>
        </layer>
      </symbol>
      <symbol type="marker" force_rhr="0" clip_to_extent="1" alpha="1" name="5">
        <data_defined_properties>
          <Option type="Map">
            <Option type="QString" name="name" value=""/>
            <Option name="properties"/>
            <Option type="QString" name="type" value="collection"/>
          </Option>
        </data_defined_properties>
        <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option type="QString" name="angle" value="0"/>
            <Option type="QString" name="cap_style" value="square"/>
            <Option type="QString" name="color" value="33,145,140,255"/>
            <Option type="QString" name="horizontal_anchor_point" value="1"/>
            <Option type="QString" name="joinstyle" value="bevel"/>
            <Option type="QString" name="name" value="circle"/>
            <Option type="QString" name="offset" value="0,0"/>
            <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="offset_unit" value="MM"/>
            <Option type="QString" name="outline_color" value="32,32,32,255"/>
            <Option type="QString" name="outline_style" value="solid"/>
            <Option type="QString" name="outline_width" value="0.3"/>
            <Option type="QString" name="outline_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="outline_width_unit" value="MM"/>
            <Option type="QString" name="scale_method" value="diameter"/>
            <Option type="QString" name="size" value="3.6"/>
            <Option type="QString" name="size_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="size_unit" value="MM"/>
            <Option type="QString" name="vertical_anchor_point" value="1"/>
          </Option>
          <prop k="angle" v="0"/>
          <prop k="cap_style" v="square"/>
          <prop k="color" v="33,145,140,255"/>
          <prop k="horizontal_anchor_point" v="1"/>
          <prop k="joinstyle" v="bevel"/>
          <prop k="name" v="circle"/>
          <prop k="offset" v="0,0"/>
          <prop k="offset_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="offset_unit" v="MM"/>
          <prop k="outline_color" v="32,32,32,255"/>
          <prop k="outline_style" v="solid"/>
          <prop k="outline_width" v="0.3"/>
          <prop k="outline_width_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="outline_width_unit" v="MM"/>
          <prop k="scale_method" v="diameter"/>
          <prop k="size" v="3.6"/>
          <prop k="size_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="size_unit" v="MM"/>
          <prop k="vertical_anchor_point" v="1"/>
          <data_defined_properties>
            <Option type="Map">
              <Option type="QString" name="name" value=""/>
              <Option name="properties"/>
              <Option type="QString" name="type" value="collection"/>
            </Option>
          </data_defined_properties>
        </layer>
      </symbol>
      <symbol type="marker" force_rhr="0" clip_to_extent="1" alpha="1" name="6">
        <data_defined_properties>
          <Option type="Map">
            <Option type="QString" name="name" value=""/>
            <Option name="properties"/>
            <Option type="QString" name="type" value="collection"/>
          </Option>
        </data_defined_properties>
        <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option type="QString" name="angle" value="0"/>
            <Option type="QString" name="cap_style" value="square"/>
            <Option type="QString" name="color" value="40,174,128,255"/>
            <Option type="QString" name="horizontal_anchor_point" value="1"/>
            <Option type="QString" name="joinstyle" value="bevel"/>
            <Option type="QString" name="name" value="circle"/>
            <Option type="QString" name="offset" value="0,0"/>
            <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="offset_unit" value="MM"/>
            <Option type="QString" name="outline_color" value="32,32,32,255"/>
            <Option type="QString" name="outline_style" value="solid"/>
            <Option type="QString" name="outline_width" value="0.3"/>
            <Option type="QString" name="outline_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="outline_width_unit" value="MM"/>
            <Option type="QString" name="scale_method" value="diameter"/>
            <Option type="QString" name="size" value="3.6"/>
            <Option type="QString" name="size_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="size_unit" value="MM"/>
            <Option type="QString" name="vertical_anchor_point" value="1"/>
          </Option>
          <prop k="angle" v="0"/>
          <prop k="cap_style" v="square"/>
          <prop k="color" v="40,174,128,255"/>
          <prop k="horizontal_anchor_point" v="1"/>
          <prop k="joinstyle" v="bevel"/>
          <prop k="name" v="circle"/>
          <prop k="offset" v="0,0"/>
          <prop k="offset_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="offset_unit" v="MM"/>
          <prop k="outline_color" v="32,32,32,255"/>
          <prop k="outline_style" v="solid"/>
          <prop k="outline_width" v="0.3"/>
          <prop k="outline_width_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="outline_width_unit" v="MM"/>
          <prop k="scale_method" v="diameter"/>
          <prop k="size" v="3.6"/>
          <prop k="size_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="size_unit" v="MM"/>
          <prop k="vertical_anchor_point" v="1"/>
          <data_defined_properties>
            <Option type="Map">
              <Option type="QString" name="name" value=""/>
              <Option name="properties"/>
              <Option type="QString" name="type" value="collection"/>
            </Option>
          </data_defined_properties>
        </layer>
      </symbol>
      <symbol type="marker" force_rhr="0" clip_to_extent="1" alpha="1" name="7">
        <data_defined_properties>
          <Option type="Map">
            <Option type="QString" name="name" value=""/>
            <Option name="properties"/>
            <Option type="QString" name="type" value="collection"/>
          </Option>
        </data_defined_properties>
        <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option type="QString" name="angle" value="0"/>
            <Option type="QString" name="cap_style" value="square"/>
            <Option type="QString" name="color" value="94,201,98,255"/>
            <Option type="QString" name="horizontal_anchor_point" value="1"/>
            <Option type="QString" name="joinstyle" value="bevel"/>
            <Option type="QString" name="name" value="circle"/>
            <Option type="QString" name="offset" value="0,0"/>
            <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="offset_unit" value="MM"/>
            <Option type="QString" name="outline_color" value="32,32,32,255"/>
            <Option type="QString" name="outline_style" value="solid"/>
            <Option type="QString" name="outline_width" value="0.3"/>
            <Option type="QString" name="outline_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="outline_width_unit" value="MM"/>
            <Option type="QString" name="scale_method" value="diameter"/>
            <Option type="QString" name="size" value="3.6"/>
            <Option type="QString" name="size_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="size_unit" value="MM"/>
            <Option type="QString" name="vertical_anchor_point" value="1"/>
          </Option>
          <prop k="angle" v="0"/>
          <prop k="cap_style" v="square"/>
          <prop k="color" v="94,201,98,255"/>
          <prop k="horizontal_anchor_point" v="1"/>
          <prop k="joinstyle" v="bevel"/>
          <prop k="name" v="circle"/>
          <prop k="offset" v="0,0"/>
          <prop k="offset_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="offset_unit" v="MM"/>
          <prop k="outline_color" v="32,32,32,255"/>
          <prop k="outline_style" v="solid"/>
          <prop k="outline_width" v="0.3"/>
          <prop k="outline_width_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="outline_width_unit" v="MM"/>
          <prop k="scale_method" v="diameter"/>
          <prop k="size" v="3.6"/>
          <prop k="size_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="size_unit" v="MM"/>
          <prop k="vertical_anchor_point" v="1"/>
          <data_defined_properties>
            <Option type="Map">
              <Option type="QString" name="name" value=""/>
              <Option name="properties"/>
              <Option type="QString" name="type" value="collection"/>
            </Option>
          </data_defined_properties>
        </layer>
      </symbol>
      <symbol type="marker" force_rhr="0" clip_to_extent="1" alpha="1" name="8">
        <data_defined_properties>
          <Option type="Map">
            <Option type="QString" name="name" value=""/>
            <Option name="properties"/>
            <Option type="QString" name="type" value="collection"/>
          </Option>
        </data_defined_properties>
        <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option type="QString" name="angle" value="0"/>
            <Option type="QString" name="cap_style" value="square"/>
            <Option type="QString" name="color" value="173,220,48,255"/>
            <Option type="QString" name="horizontal_anchor_point" value="1"/>
            <Option type="QString" name="joinstyle" value="bevel"/>
            <Option type="QString" name="name" value="circle"/>
            <Option type="QString" name="offset" value="0,0"/>
            <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="offset_unit" value="MM"/>
            <Option type="QString" name="outline_color" value="32,32,32,255"/>
            <Option type="QString" name="outline_style" value="solid"/>
            <Option type="QString" name="outline_width" value="0.3"/>
            <Option type="QString" name="outline_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="outline_width_unit" value="MM"/>
            <Option type="QString" name="scale_method" value="diameter"/>
            <Option type="QString" name="size" value="3.6"/>
            <Option type="QString" name="size_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="size_unit" value="MM"/>
            <Option type="QString" name="vertical_anchor_point" value="1"/>
          </Option>
          <prop k="angle" v="0"/>
          <prop k="cap_style" v="square"/>
          <prop k="color" v="173,220,48,255"/>
          <prop k="horizontal_anchor_point" v="1"/>
          <prop k="joinstyle" v="bevel"/>
          <prop k="name" v="circle"/>
          <prop k="offset" v="0,0"/>
          <prop k="offset_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="offset_unit" v="MM"/>
          <prop k="outline_color" v="32,32,32,255"/>
          <prop k="outline_style" v="solid"/>
          <prop k="outline_width" v="0.3"/>
          <prop k="outline_width_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="outline_width_unit" v="MM"/>
          <prop k="scale_method" v="diameter"/>
          <prop k="size" v="3.6"/>
          <prop k="size_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="size_unit" v="MM"/>
          <prop k="vertical_anchor_point" v="1"/>
          <data_defined_properties>
            <Option type="Map">
              <Option type="QString" name="name" value=""/>
              <Option name="properties"/>
              <Option type="QString" name="type" value="collection"/>
            </Option>
          </data_defined_properties>
        </layer>
      </symbol>
      <symbol type="marker" force_rhr="0" clip_to_extent="1" alpha="1" name="9">
        <data_defined_properties>
          <Option type="Map">
            <Option type="QString" name="name" value=""/>
            <Option name="properties"/>
            <Option type="QString" name="type" value="collection"/>
          </Option>
        </data_defined_properties>
        <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option type="QString" name="angle" value="0"/>
            <Option type="QString" name="cap_style" value="square"/>
            <Option type="QString" name="color" value="253,231,37,255"/>
            <Option type="QString" name="horizontal_anchor_point" value="1"/>
            <Option type="QString" name="joinstyle" value="bevel"/>
            <Option type="QString" name="name" value="circle"/>
            <Option type="QString" name="offset" value="0,0"/>
            <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="offset_unit" value="MM"/>
            <Option type="QString" name="outline_color" value="32,32,32,255"/>
            <Option type="QString" name="outline_style" value="solid"/>
            <Option type="QString" name="outline_width" value="0.3"/>
            <Option type="QString" name="outline_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="outline_width_unit" value="MM"/>
            <Option type="QString" name="scale_method" value="diameter"/>
            <Option type="QString" name="size" value="3.6"/>
            <Option type="QString" name="size_map_unit_scale" value="3x:0,0,0,0,0,0"/>
            <Option type="QString" name="size_unit" value="MM"/>
            <Option type="QString" name="vertical_anchor_point" value="1"/>
          </Option>
          <prop k="angle" v="0"/>
          <prop k="cap_style" v="square"/>
          <prop k="color" v="253,231,37,255"/>
          <prop k="horizontal_anchor_point" v="1"/>
          <prop k="joinstyle" v="bevel"/>
          <prop k="name" v="circle"/>
          <prop k="offset" v="0,0"/>
          <prop k="offset_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="offset_unit" v="MM"/>
          <prop k="outline_color" v="32,32,32,255"/>
          <prop k="outline_style" v="solid"/>
          <prop k="outline_width" v="0.3"/>
          <prop k="outline_width_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="outline_width_unit" v="MM"/>
          <prop k="scale_method" v="diameter"/>
          <prop k="size" v="3.6"/>
          <prop k="size_map_unit_scale" v="3x:0,0,0,0,0,0"/>
          <prop k="size_unit" v="MM"/>
          <prop k="vertical_anchor_point" v="1"/>
          <data_defined_properties>
            <Option type="Map">
              <Option type="QString" name="name" value=""/>
              <Option name="properties"/>
              <Option type="QString" name="type" value="collection"/>
            </Option>
          </data_defined_properties>
        </layer>
      </symbol>
    </symbols>
  </renderer-v2>
  <labeling type="simple">
    <settings calloutType="simple">
      <text-style fieldName="&quot;name&quot; || coalesce('\n' || 'R ' || format_number(&quot;annsm_r&quot;, 2), '')" fontWeight="50" useSubstitutions="0" capitalization="0" fontSizeMapUnitScale="3x:0,0,0,0,0,0" textOrientation="horizontal" legendString="Aa" textColor="32,32,32,255" fontSize="8" fontUnderline="0" fontStrikeout="0" fontLetterSpacing="0" textOpacity="1" blendMode="0" fontItalic="0" fontWordSpacing="0" fontSizeUnit="Point" previewBkgrdColor="255,255,255,255" fontKerning="1" fontFamily="Open Sans" allowHtml="0" isExpression="1" namedStyle="" multilineHeight="1">
        <families/>
        <text-buffer bufferJoinStyle="128" bufferSize="0.80000000000000004" bufferSizeMapUnitScale="3x:0,0,0,0,0,0" bufferDraw="1" bufferBlendMode="0" bufferNoFill="1" bufferColor="255,255,255,255" bufferOpacity="1" bufferSizeUnits="MM"/>
        <text-mask maskOpacity="1" maskedSymbolLayers="" maskSizeUnits="MM" maskJoinStyle="128" maskType="0" maskSizeMapUnitScale="3x:0,0,0,0,0,0" maskEnabled="0" maskSize="1.5"/>
        <background shapeDraw="0" shapeRadiiX="0" shapeOpacity="1" shapeRadiiY="0" shapeOffsetMapUnitScale="3x:0,0,0,0,0,0" shapeFillColor="255,255,255,255" shapeBorderWidth="0" shapeSizeMapUnitScale="3x:0,0,0,0,0,0" shapeRadiiMapUnitScale="3x:0,0,0,0,0,0" shapeBorderWidthUnit="MM" shapeRotationType="0" shapeSVGFile="" shapeJoinStyle="64" shapeBorderColor="128,128,128,255" shapeBorderWidthMapUnitScale="3x:0,0,0,0,0,0" shapeRotation="0" shapeType="0" shapeOffsetUnit="MM" shapeRadiiUnit="MM" shapeOffsetX="0" shapeSizeX="0" shapeOffsetY="0" shapeSizeY="0" shapeBlendMode="0" shapeSizeUnit="MM" shapeSizeType="0">
          <symbol type="fill" force_rhr="0" clip_to_extent="1" alpha="1" name="fillSymbol">
            <data_defined_properties>
              <Option type="Map">
                <Option type="QString" name="name" value=""/>
                <Option name="properties"/>
                <Option type="QString" name="type" value="collection"/>
              </Option>
            </data_defined_properties>
            <layer class="SimpleFill" enabled="1" locked="0" pass="0">
              <Option type="Map">
                <Option type="QString" name="border_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
                <Option type="QString" name="color" value="255,255,255,255"/>
                <Option type="QString" name="joinstyle" value="bevel"/>
                <Option type="QString" name="offset" value="0,0"/>
                <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
                <Option type="QString" name="offset_unit" value="MM"/>
                <Option type="QString" name="outline_color" value="128,128,128,255"/>
                <Option type="QString" name="outline_style" value="no"/>
                <Option type="QString" name="outline_width" value="0"/>
                <Option type="QString" name="outline_width_unit" value="MM"/>
                <Option type="QString" name="style" value="solid"/>
              </Option>
              <prop k="border_width_map_unit_scale" v="3x:0,0,0,0,0,0"/>
              <prop k="color" v="255,255,255,255"/>
              <prop k="joinstyle" v="bevel"/>
              <prop k="offset" v="0,0"/>
              <prop k="offset_map_unit_scale" v="3x:0,0,0,0,0,0"/>
              <prop k="offset_unit" v="MM"/>
              <prop k="outline_color" v="128,128,128,255"/>
              <prop k="outline_style" v="no"/>
              <prop k="outline_width" v="0"/>
              <prop k="outline_width_unit" v="MM"/>
              <prop k="style" v="solid"/>
              <data_defined_properties>
                <Option type="Map">
                  <Option type="QString" name="name" value=""/>
                  <Option name="properties"/>
                  <Option type="QString" name="type" value="collection"/>
                </Option>
              </data_defined_properties>
            </layer>
          </symbol>
        </background>
        <shadow shadowRadiusMapUnitScale="3x:0,0,0,0,0,0" shadowRadiusAlphaOnly="0" shadowOffsetUnit="MM" shadowOffsetGlobal="1" shadowUnder="0" shadowOpacity="0.69999999999999996" shadowColor="0,0,0,255" shadowDraw="0" shadowOffsetMapUnitScale="3x:0,0,0,0,0,0" shadowRadius="1.5" shadowScale="100" shadowOffsetAngle="135" shadowBlendMode="6" shadowOffsetDist="1" shadowRadiusUnit="MM"/>
        <dd_properties>
          <Option type="Map">
            <Option type="QString" name="name" value=""/>
            <Option name="properties"/>
            <Option type="QString" name="type" value="collection"/>
          </Option>
        </dd_properties>
        <substitutions/>
      </text-style>
      <text-format placeDirectionSymbol="0" plussign="0" formatNumbers="0" rightDirectionSymbol=">" multilineAlign="3" reverseDirectionSymbol="0" useMaxLineLengthForAutoWrap="1" decimals="3" wrapChar="" autoWrapLength="0" leftDirectionSymbol="&lt;" addDirectionSymbol="0"/>
      <placement placementFlags="10" rotationUnit="AngleDegrees" rotationAngle="0" yOffset="0" xOffset="0" overrunDistanceMapUnitScale="3x:0,0,0,0,0,0" overrunDistance="0" geometryGeneratorEnabled="0" layerType="UnknownGeometry" labelOffsetMapUnitScale="3x:0,0,0,0,0,0" lineAnchorClipping="0" placement="6" repeatDistanceMapUnitScale="3x:0,0,0,0,0,0" lineAnchorPercent="0.5" geometryGenerator="" maxCurvedCharAngleIn="25" geometryGeneratorType="PointGeometry" preserveRotation="1" distMapUnitScale="3x:0,0,0,0,0,0" quadOffset="4" centroidInside="0" maxCurvedCharAngleOut="-25" overrunDistanceUnit="MM" polygonPlacementFlags="2" distUnits="MM" predefinedPositionOrder="TR,TL,BR,BL,R,L,TSR,BSR" lineAnchorType="0" offsetType="1" repeatDistanceUnits="MM" repeatDistance="0" fitInPolygonOnly="0" centroidWhole="0" dist="0.80000000000000004" offsetUnits="MM" priority="5"/>
      <rendering upsidedownLabels="0" unplacedVisibility="0" obstacleType="1" displayAll="0" scaleMin="0" zIndex="0" scaleVisibility="0" minFeatureSize="0" fontLimitPixelSize="0" drawLabels="1" limitNumLabels="0" labelPerPart="0" maxNumLabels="2000" obstacle="1" fontMaxPixelSize="10000" scaleMax="0" obstacleFactor="1" fontMinPixelSize="0" mergeLines="0"/>
      <dd_properties>
        <Option type="Map">
          <Option type="QString" name="name" value=""/>
          <Option name="properties"/>
          <Option type="QString" name="type" value="collection"/>
        </Option>
      </dd_properties>
      <callout type="simple">
        <Option type="Map">
          <Option type="QString" name="anchorPoint" value="pole_of_inaccessibility"/>
          <Option type="int" name="blendMode" value="0"/>
          <Option type="Map" name="ddProperties">
            <Option type="QString" name="name" value=""/>
            <Option name="properties"/>
            <Option type="QString" name="type" value="collection"/>
          </Option>
          <Option type="bool" name="drawToAllParts" value="false"/>
          <Option type="QString" name="enabled" value="0"/>
          <Option type="QString" name="labelAnchorPoint" value="point_on_exterior"/>
          <Option type="QString" name="lineSymbol" value="&lt;symbol type=&quot;line&quot; force_rhr=&quot;0&quot; clip_to_extent=&quot;1&quot; alpha=&quot;1&quot; name=&quot;symbol&quot;>&lt;data_defined_properties>&lt;Option type=&quot;Map&quot;>&lt;Option type=&quot;QString&quot; name=&quot;name&quot; value=&quot;&quot;/>&lt;Option name=&quot;properties&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;type&quot; value=&quot;collection&quot;/>&lt;/Option>&lt;/data_defined_properties>&lt;layer class=&quot;SimpleLine&quot; enabled=&quot;1&quot; locked=&quot;0&quot; pass=&quot;0&quot;>&lt;Option type=&quot;Map&quot;>&lt;Option type=&quot;QString&quot; name=&quot;align_dash_pattern&quot; value=&quot;0&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;capstyle&quot; value=&quot;square&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;customdash&quot; value=&quot;5;2&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;customdash_map_unit_scale&quot; value=&quot;3x:0,0,0,0,0,0&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;customdash_unit&quot; value=&quot;MM&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;dash_pattern_offset&quot; value=&quot;0&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;dash_pattern_offset_map_unit_scale&quot; value=&quot;3x:0,0,0,0,0,0&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;dash_pattern_offset_unit&quot; value=&quot;MM&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;draw_inside_polygon&quot; value=&quot;0&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;joinstyle&quot; value=&quot;bevel&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;line_color&quot; value=&quot;60,60,60,255&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;line_style&quot; value=&quot;solid&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;line_width&quot; value=&quot;0.3&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;line_width_unit&quot; value=&quot;MM&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;offset&quot; value=&quot;0&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;offset_map_unit_scale&quot; value=&quot;3x:0,0,0,0,0,0&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;offset_unit&quot; value=&quot;MM&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;ring_filter&quot; value=&quot;0&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;trim_distance_end&quot; value=&quot;0&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;trim_distance_end_map_unit_scale&quot; value=&quot;3x:0,0,0,0,0,0&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;trim_distance_end_unit&quot; value=&quot;MM&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;trim_distance_start&quot; value=&quot;0&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;trim_distance_start_map_unit_scale&quot; value=&quot;3x:0,0,0,0,0,0&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;trim_distance_start_unit&quot; value=&quot;MM&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;tweak_dash_pattern_on_corners&quot; value=&quot;0&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;use_custom_dash&quot; value=&quot;0&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;width_map_unit_scale&quot; value=&quot;3x:0,0,0,0,0,0&quot;/>&lt;/Option>&lt;prop k=&quot;align_dash_pattern&quot; v=&quot;0&quot;/>&lt;prop k=&quot;capstyle&quot; v=&quot;square&quot;/>&lt;prop k=&quot;customdash&quot; v=&quot;5;2&quot;/>&lt;prop k=&quot;customdash_map_unit_scale&quot; v=&quot;3x:0,0,0,0,0,0&quot;/>&lt;prop k=&quot;customdash_unit&quot; v=&quot;MM&quot;/>&lt;prop k=&quot;dash_pattern_offset&quot; v=&quot;0&quot;/>&lt;prop k=&quot;dash_pattern_offset_map_unit_scale&quot; v=&quot;3x:0,0,0,0,0,0&quot;/>&lt;prop k=&quot;dash_pattern_offset_unit&quot; v=&quot;MM&quot;/>&lt;prop k=&quot;draw_inside_polygon&quot; v=&quot;0&quot;/>&lt;prop k=&quot;joinstyle&quot; v=&quot;bevel&quot;/>&lt;prop k=&quot;line_color&quot; v=&quot;60,60,60,255&quot;/>&lt;prop k=&quot;line_style&quot; v=&quot;solid&quot;/>&lt;prop k=&quot;line_width&quot; v=&quot;0.3&quot;/>&lt;prop k=&quot;line_width_unit&quot; v=&quot;MM&quot;/>&lt;prop k=&quot;offset&quot; v=&quot;0&quot;/>&lt;prop k=&quot;offset_map_unit_scale&quot; v=&quot;3x:0,0,0,0,0,0&quot;/>&lt;prop k=&quot;offset_unit&quot; v=&quot;MM&quot;/>&lt;prop k=&quot;ring_filter&quot; v=&quot;0&quot;/>&lt;prop k=&quot;trim_distance_end&quot; v=&quot;0&quot;/>&lt;prop k=&quot;trim_distance_end_map_unit_scale&quot; v=&quot;3x:0,0,0,0,0,0&quot;/>&lt;prop k=&quot;trim_distance_end_unit&quot; v=&quot;MM&quot;/>&lt;prop k=&quot;trim_distance_start&quot; v=&quot;0&quot;/>&lt;prop k=&quot;trim_distance_start_map_unit_scale&quot; v=&quot;3x:0,0,0,0,0,0&quot;/>&lt;prop k=&quot;trim_distance_start_unit&quot; v=&quot;MM&quot;/>&lt;prop k=&quot;tweak_dash_pattern_on_corners&quot; v=&quot;0&quot;/>&lt;prop k=&quot;use_custom_dash&quot; v=&quot;0&quot;/>&lt;prop k=&quot;width_map_unit_scale&quot; v=&quot;3x:0,0,0,0,0,0&quot;/>&lt;data_defined_properties>&lt;Option type=&quot;Map&quot;>&lt;Option type=&quot;QString&quot; name=&quot;name&quot; value=&quot;&quot;/>&lt;Option name=&quot;properties&quot;/>&lt;Option type=&quot;QString&quot; name=&quot;type&quot; value=&quot;collection&quot;/>&lt;/Option>&lt;/data_defined_properties>&lt;/layer>&lt;/symbol>"/>
          <Option type="double" name="minLength" value="0"/>
          <Option type="QString" name="minLengthMapUnitScale" value="3x:0,0,0,0,0,0"/>
          <Option type="QString" name="minLengthUnit" value="MM"/>
          <Option type="double" name="offsetFromAnchor" value="0"/>
          <Option type="QString" name="offsetFromAnchorMapUnitScale" value="3x:0,0,0,0,0,0"/>
          <Option type="QString" name="offsetFromAnchorUnit" value="MM"/>
          <Option type="double" name="offsetFromLabel" value="0"/>
          <Option type="QString" name="offsetFromLabelMapUnitScale" value="3x:0,0,0,0,0,0"/>
          <Option type="QString" name="offsetFromLabelUnit" value="MM"/>
        </Option>
      </callout>
    </settings>
  </labeling>
  <blendMode>0</blendMode>
  <featureBlendMode>0</featureBlendMode>
  <layerOpacity>1</layerOpacity>
  <aliases>
    <alias name="name" field="name" index="0"/>
    <alias name="network" field="network" index="1"/>
    <alias name="latitude (°)" field="lat" index="2"/>
    <alias name="longitude (°)" field="lon" index="3"/>
    <alias name="latitude of the cell's centre (°)" field="cell_lat" index="4"/>
    <alias name="longitude of the cell's centre (°)" field="cell_lon" index="5"/>
    <alias name="number of sites" field="sites" index="6"/>
    <alias name="sites" field="site_names" index="7"/>
    <alias name="status" field="status" index="8"/>
    <alias name="depth from (m)" field="depth_from" index="9"/>
    <alias name="depth to (m)" field="depth_to" index="10"/>
    <alias name="first day" field="first" index="11"/>
    <alias name="last day" field="last" index="12"/>
    <alias name="values" field="n" index="13"/>
    <alias name="mean (m³ m⁻³)" field="mean" index="14"/>
    <alias name="ANN-SM: days" field="annsm_n" index="15"/>
    <alias name="ANN-SM: R" field="annsm_r" index="16"/>
    <alias name="ANN-SM: RMSE (m³ m⁻³)" field="annsm_rmse" index="17"/>
    <alias name="ANN-SM: BIAS = in situ − product (m³ m⁻³)" field="annsm_bias" index="18"/>
    <alias name="ANN-SM: ubRMSE (m³ m⁻³)" field="annsm_ubrmse" index="19"/>
    <alias name="ANN-SM: R, 95 % from" field="annsm_r_low" index="20"/>
    <alias name="ANN-SM: R, 95 % to" field="annsm_r_high" index="21"/>
    <alias name="ANN-SM: p of R" field="annsm_p" index="22"/>
    <alias name="ANN-SM: RMSE, 95 % from (m³ m⁻³)" field="annsm_rmse_low" index="23"/>
    <alias name="ANN-SM: RMSE, 95 % to (m³ m⁻³)" field="annsm_rmse_high" index="24"/>
    <alias name="ANN-SM: BIAS, 95 % from (m³ m⁻³)" field="annsm_bias_low" index="25"/>
    <alias name="ANN-SM: BIAS, 95 % to (m³ m⁻³)" field="annsm_bias_high" index="26"/>
    <alias name="ANN-SM: ubRMSE, 95 % from (m³ m⁻³)" field="annsm_ubrmse_low" index="27"/>
    <alias name="ANN-SM: ubRMSE, 95 % to (m³ m⁻³)" field="annsm_ubrmse_high" index="28"/>
    <alias name="ANN-SM: first day" field="annsm_first" index="29"/>
    <alias name="ANN-SM: last day" field="annsm_last" index="30"/>
    <alias name="ANN-SM, common days: days" field="annsm_common_n" index="31"/>
    <alias name="ANN-SM, common days: R" field="annsm_common_r" index="32"/>
    <alias name="ANN-SM, common days: RMSE (m³ m⁻³)" field="annsm_common_rmse" index="33"/>
    <alias name="ANN-SM, common days: BIAS = in situ − product (m³ m⁻³)" field="annsm_common_bias" index="34"/>
    <alias name="ANN-SM, common days: ubRMSE (m³ m⁻³)" field="annsm_common_ubrmse" index="35"/>
    <alias name="ANN-SM, common days: R, 95 % from" field="annsm_common_r_low" index="36"/>
    <alias name="ANN-SM, common days: R, 95 % to" field="annsm_common_r_high" index="37"/>
    <alias name="ANN-SM, common days: p of R" field="annsm_common_p" index="38"/>
    <alias name="ANN-SM, common days: RMSE, 95 % from (m³ m⁻³)" field="annsm_common_rmse_low" index="39"/>
    <alias name="ANN-SM, common days: RMSE, 95 % to (m³ m⁻³)" field="annsm_common_rmse_high" index="40"/>
    <alias name="ANN-SM, common days: BIAS, 95 % from (m³ m⁻³)" field="annsm_common_bias_low" index="41"/>
    <alias name="ANN-SM, common days: BIAS, 95 % to (m³ m⁻³)" field="annsm_common_bias_high" index="42"/>
    <alias name="ANN-SM, common days: ubRMSE, 95 % from (m³ m⁻³)" field="annsm_common_ubrmse_low" index="43"/>
    <alias name="ANN-SM, common days: ubRMSE, 95 % to (m³ m⁻³)" field="annsm_common_ubrmse_high" index="44"/>
    <alias name="ANN-SM, common days: first day" field="annsm_common_first" index="45"/>
    <alias name="ANN-SM, common days: last day" field="annsm_common_last" index="46"/>
    <alias name="LPRM: days" field="lprm_n" index="47"/>
    <alias name="LPRM: R" field="lprm_r" index="48"/>
    <alias name="LPRM: RMSE (m³ m⁻³)" field="lprm_rmse" index="49"/>
    <alias name="LPRM: BIAS = in situ − product (m³ m⁻³)" field="lprm_bias" index="50"/>
    <alias name="LPRM: ubRMSE (m³ m⁻³)" field="lprm_ubrmse" index="51"/>
    <alias name="LPRM: R, 95 % from" field="lprm_r_low" index="52"/>
    <alias name="LPRM: R, 95 % to" field="lprm_r_high" index="53"/>
    <alias name="LPRM: p of R" field="lprm_p" index="54"/>
    <alias name="LPRM: RMSE, 95 % from (m³ m⁻³)" field="lprm_rmse_low" index="55"/>
    <alias name="LPRM: RMSE, 95 % to (m³ m⁻³)" field="lprm_rmse_high" index="56"/>
    <alias name="LPRM: BIAS, 95 % from (m³ m⁻³)" field="lprm_bias_low" index="57"/>
    <alias name="LPRM: BIAS, 95 % to (m³ m⁻³)" field="lprm_bias_high" index="58"/>
    <alias name="LPRM: ubRMSE, 95 % from (m³ m⁻³)" field="lprm_ubrmse_low" index="59"/>
    <alias name="LPRM: ubRMSE, 95 % to (m³ m⁻³)" field="lprm_ubrmse_high" index="60"/>
    <alias name="LPRM: first day" field="lprm_first" index="61"/>
    <alias name="LPRM: last day" field="lprm_last" index="62"/>
    <alias name="LPRM, common days: days" field="lprm_common_n" index="63"/>
    <alias name="LPRM, common days: R" field="lprm_common_r" index="64"/>
    <alias name="LPRM, common days: RMSE (m³ m⁻³)" field="lprm_common_rmse" index="65"/>
    <alias name="LPRM, common days: BIAS = in situ − product (m³ m⁻³)" field="lprm_common_bias" index="66"/>
    <alias name="LPRM, common days: ubRMSE (m³ m⁻³)" field="lprm_common_ubrmse" index="67"/>
    <alias name="LPRM, common days: R, 95 % from" field="lprm_common_r_low" index="68"/>
    <alias name="LPRM, common days: R, 95 % to" field="lprm_common_r_high" index="69"/>
    <alias name="LPRM, common days: p of R" field="lprm_common_p" index="70"/>
    <alias name="LPRM, common days: RMSE, 95 % from (m³ m⁻³)" field="lprm_common_rmse_low" index="71"/>
    <alias name="LPRM, common days: RMSE, 95 % to (m³ m⁻³)" field="lprm_common_rmse_high" index="72"/>
    <alias name="LPRM, common days: BIAS, 95 % from (m³ m⁻³)" field="lprm_common_bias_low" index="73"/>
    <alias name="LPRM, common days: BIAS, 95 % to (m³ m⁻³)" field="lprm_common_bias_high" index="74"/>
    <alias name="LPRM, common days: ubRMSE, 95 % from (m³ m⁻³)" field="lprm_common_ubrmse_low" index="75"/>
    <alias name="LPRM, common days: ubRMSE, 95 % to (m³ m⁻³)" field="lprm_common_ubrmse_high" index="76"/>
    <alias name="LPRM, common days: first day" field="lprm_common_first" index="77"/>
    <alias name="LPRM, common days: last day" field="lprm_common_last" index="78"/>
    <alias name="JAXA: days" field="jaxa_n" index="79"/>
    <alias name="JAXA: R" field="jaxa_r" index="80"/>
    <alias name="JAXA: RMSE (m³ m⁻³)" field="jaxa_rmse" index="81"/>
    <alias name="JAXA: BIAS = in situ − product (m³ m⁻³)" field="jaxa_bias" index="82"/>
    <alias name="JAXA: ubRMSE (m³ m⁻³)" field="jaxa_ubrmse" index="83"/>
    <alias name="JAXA: R, 95 % from" field="jaxa_r_low" index="84"/>
    <alias name="JAXA: R, 95 % to" field="jaxa_r_high" index="85"/>
    <alias name="JAXA: p of R" field="jaxa_p" index="86"/>
    <alias name="JAXA: RMSE, 95 % from (m³ m⁻³)" field="jaxa_rmse_low" index="87"/>
    <alias name="JAXA: RMSE, 95 % to (m³ m⁻³)" field="jaxa_rmse_high" index="88"/>
    <alias name="JAXA: BIAS, 95 % from (m³ m⁻³)" field="jaxa_bias_low" index="89"/>
    <alias name="JAXA: BIAS, 95 % to (m³ m⁻³)" field="jaxa_bias_high" index="90"/>
    <alias name="JAXA: ubRMSE, 95 % from (m³ m⁻³)" field="jaxa_ubrmse_low" index="91"/>
    <alias name="JAXA: ubRMSE, 95 % to (m³ m⁻³)" field="jaxa_ubrmse_high" index="92"/>
    <alias name="JAXA: first day" field="jaxa_first" index="93"/>
    <alias name="JAXA: last day" field="jaxa_last" index="94"/>
    <alias name="JAXA, common days: days" field="jaxa_common_n" index="95"/>
    <alias name="JAXA, common days: R" field="jaxa_common_r" index="96"/>
    <alias name="JAXA, common days: RMSE (m³ m⁻³)" field="jaxa_common_rmse" index="97"/>
    <alias name="JAXA, common days: BIAS = in situ − product (m³ m⁻³)" field="jaxa_common_bias" index="98"/>
    <alias name="JAXA, common days: ubRMSE (m³ m⁻³)" field="jaxa_common_ubrmse" index="99"/>
    <alias name="JAXA, common days: R, 95 % from" field="jaxa_common_r_low" index="100"/>
    <alias name="JAXA, common days: R, 95 % to" field="jaxa_common_r_high" index="101"/>
    <alias name="JAXA, common days: p of R" field="jaxa_common_p" index="102"/>
    <alias name="JAXA, common days: RMSE, 95 % from (m³ m⁻³)" field="jaxa_common_rmse_low" index="103"/>
    <alias name="JAXA, common days: RMSE, 95 % to (m³ m⁻³)" field="jaxa_common_rmse_high" index="104"/>
    <alias name="JAXA, common days: BIAS, 95 % from (m³ m⁻³)" field="jaxa_common_bias_low" index="105"/>
    <alias name="JAXA, common days: BIAS, 95 % to (m³ m⁻³)" field="jaxa_common_bias_high" index="106"/>
    <alias name="JAXA, common days: ubRMSE, 95 % from (m³ m⁻³)" field="jaxa_common_ubrmse_low" index="107"/>
    <alias name="JAXA, common days: ubRMSE, 95 % to (m³ m⁻³)" field="jaxa_common_ubrmse_high" index="108"/>
    <alias name="JAXA, common days: first day" field="jaxa_common_first" index="109"/>
    <alias name="JAXA, common days: last day" field="jaxa_common_last" index="110"/>
    <alias name="SMOS: days" field="smos_n" index="111"/>
    <alias name="SMOS: R" field="smos_r" index="112"/>
    <alias name="SMOS: RMSE (m³ m⁻³)" field="smos_rmse" index="113"/>
    <alias name="SMOS: BIAS = in situ − product (m³ m⁻³)" field="smos_bias" index="114"/>
    <alias name="SMOS: ubRMSE (m³ m⁻³)" field="smos_ubrmse" index="115"/>
    <alias name="SMOS: R, 95 % from" field="smos_r_low" index="116"/>
    <alias name="SMOS: R, 95 % to" field="smos_r_high" index="117"/>
    <alias name="SMOS: p of R" field="smos_p" index="118"/>
    <alias name="SMOS: RMSE, 95 % from (m³ m⁻³)" field="smos_rmse_low" index="119"/>
    <alias name="SMOS: RMSE, 95 % to (m³ m⁻³)" field="smos_rmse_high" index="120"/>
    <alias name="SMOS: BIAS, 95 % from (m³ m⁻³)" field="smos_bias_low" index="121"/>
    <alias name="SMOS: BIAS, 95 % to (m³ m⁻³)" field="smos_bias_high" index="122"/>
    <alias name="SMOS: ubRMSE, 95 % from (m³ m⁻³)" field="smos_ubrmse_low" index="123"/>
    <alias name="SMOS: ubRMSE, 95 % to (m³ m⁻³)" field="smos_ubrmse_high" index="124"/>
    <alias name="SMOS: first day" field="smos_first" index="125"/>
    <alias name="SMOS: last day" field="smos_last" index="126"/>
    <alias name="SMOS, common days: days" field="smos_common_n" index="127"/>
    <alias name="SMOS, common days: R" field="smos_common_r" index="128"/>
    <alias name="SMOS, common days: RMSE (m³ m⁻³)" field="smos_common_rmse" index="129"/>
    <alias name="SMOS, common days: BIAS = in situ − product (m³ m⁻³)" field="smos_common_bias" index="130"/>
    <alias name="SMOS, common days: ubRMSE (m³ m⁻³)" field="smos_common_ubrmse" index="131"/>
    <alias name="SMOS, common days: R, 95 % from" field="smos_common_r_low" index="132"/>
    <alias name="SMOS, common days: R, 95 % to" field="smos_common_r_high" index="133"/>
    <alias name="SMOS, common days: p of R" field="smos_common_p" index="134"/>
    <alias name="SMOS, common days: RMSE, 95 % from (m³ m⁻³)" field="smos_common_rmse_low" index="135"/>
    <alias name="SMOS, common days: RMSE, 95 % to (m³ m⁻³)" field="smos_common_rmse_high" index="136"/>
    <alias name="SMOS, common days: BIAS, 95 % from (m³ m⁻³)" field="smos_common_bias_low" index="137"/>
    <alias name="SMOS, common days: BIAS, 95 % to (m³ m⁻³)" field="smos_common_bias_high" index="138"/>
    <alias name="SMOS, common days: ubRMSE, 95 % from (m³ m⁻³)" field="smos_common_ubrmse_low" index="139"/>
    <alias name="SMOS, common days: ubRMSE, 95 % to (m³ m⁻³)" field="smos_common_ubrmse_high" index="140"/>
    <alias name="SMOS, common days: first day" field="smos_common_first" index="141"/>
    <alias name="SMOS, common days: last day" field="smos_common_last" index="142"/>
    <alias name="GLDAS: days" field="gldas_n" index="143"/>
    <alias name="GLDAS: R" field="gldas_r" index="144"/>
    <alias name="GLDAS: RMSE (m³ m⁻³)" field="gldas_rmse" index="145"/>
    <alias name="GLDAS: BIAS = in situ − product (m³ m⁻³)" field="gldas_bias" index="146"/>
    <alias name="GLDAS: ubRMSE (m³ m⁻³)" field="gldas_ubrmse" index="147"/>
    <alias name="GLDAS: R, 95 % from" field="gldas_r_low" index="148"/>
    <alias name="GLDAS: R, 95 % to" field="gldas_r_high" index="149"/>
    <alias name="GLDAS: p of R" field="gldas_p" index="150"/>
    <alias name="GLDAS: RMSE, 95 % from (m³ m⁻³)" field="gldas_rmse_low" index="151"/>
    <alias name="GLDAS: RMSE, 95 % to (m³ m⁻³)" field="gldas_rmse_high" index="152"/>
    <alias name="GLDAS: BIAS, 95 % from (m³ m⁻³)" field="gldas_bias_low" index="153"/>
    <alias name="GLDAS: BIAS, 95 % to (m³ m⁻³)" field="gldas_bias_high" index="154"/>
    <alias name="GLDAS: ubRMSE, 95 % from (m³ m⁻³)" field="gldas_ubrmse_low" index="155"/>
    <alias name="GLDAS: ubRMSE, 95 % to (m³ m⁻³)" field="gldas_ubrmse_high" index="156"/>
    <alias name="GLDAS: first day" field="gldas_first" index="157"/>
    <alias name="GLDAS: last day" field="gldas_last" index="158"/>
    <alias name="GLDAS, common days: days" field="gldas_common_n" index="159"/>
    <alias name="GLDAS, common days: R" field="gldas_common_r" index="160"/>
    <alias name="GLDAS, common days: RMSE (m³ m⁻³)" field="gldas_common_rmse" index="161"/>
    <alias name="GLDAS, common days: BIAS = in situ − product (m³ m⁻³)" field="gldas_common_bias" index="162"/>
    <alias name="GLDAS, common days: ubRMSE (m³ m⁻³)" field="gldas_common_ubrmse" index="163"/>
    <alias name="GLDAS, common days: R, 95 % from" field="gldas_common_r_low" index="164"/>
    <alias name="GLDAS, common days: R, 95 % to" field="gldas_common_r_high" index="165"/>
    <alias name="GLDAS, common days: p of R" field="gldas_common_p" index="166"/>
    <alias name="GLDAS, common days: RMSE, 95 % from (m³ m⁻³)" field="gldas_common_rmse_low" index="167"/>
    <alias name="GLDAS, common days: RMSE, 95 % to (m³ m⁻³)" field="gldas_common_rmse_high" index="168"/>
    <alias name="GLDAS, common days: BIAS, 95 % from (m³ m⁻³)" field="gldas_common_bias_low" index="169"/>
    <alias name="GLDAS, common days: BIAS, 95 % to (m³ m⁻³)" field="gldas_common_bias_high" index="170"/>
    <alias name="GLDAS, common days: ubRMSE, 95 % from (m³ m⁻³)" field="gldas_common_ubrmse_low" index="171"/>
    <alias name="GLDAS, common days: ubRMSE, 95 % to (m³ m⁻³)" field="gldas_common_ubrmse_high" index="172"/>
    <alias name="GLDAS, common days: first day" field="gldas_common_first" index="173"/>
    <alias name="GLDAS, common days: last day" field="gldas_common_last" index="174"/>
    <alias name="SMAP: days" field="smap_n" index="175"/>
    <alias name="SMAP: R" field="smap_r" index="176"/>
    <alias name="SMAP: RMSE (m³ m⁻³)" field="smap_rmse" index="177"/>
    <alias name="SMAP: BIAS = in situ − product (m³ m⁻³)" field="smap_bias" index="178"/>
    <alias name="SMAP: ubRMSE (m³ m⁻³)" field="smap_ubrmse" index="179"/>
    <alias name="SMAP: R, 95 % from" field="smap_r_low" index="180"/>
    <alias name="SMAP: R, 95 % to" field="smap_r_high" index="181"/>
    <alias name="SMAP: p of R" field="smap_p" index="182"/>
    <alias name="SMAP: RMSE, 95 % from (m³ m⁻³)" field="smap_rmse_low" index="183"/>
    <alias name="SMAP: RMSE, 95 % to (m³ m⁻³)" field="smap_rmse_high" index="184"/>
    <alias name="SMAP: BIAS, 95 % from (m³ m⁻³)" field="smap_bias_low" index="185"/>
    <alias name="SMAP: BIAS, 95 % to (m³ m⁻³)" field="smap_bias_high" index="186"/>
    <alias name="SMAP: ubRMSE, 95 % from (m³ m⁻³)" field="smap_ubrmse_low" index="187"/>
    <alias name="SMAP: ubRMSE, 95 % to (m³ m⁻³)" field="smap_ubrmse_high" index="188"/>
    <alias name="SMAP: first day" field="smap_first" index="189"/>
    <alias name="SMAP: last day" field="smap_last" index="190"/>
    <alias name="SMAP, common days: days" field="smap_common_n" index="191"/>
    <alias name="SMAP, common days: R" field="smap_common_r" index="192"/>
    <alias name="SMAP, common days: RMSE (m³ m⁻³)" field="smap_common_rmse" index="193"/>
    <alias name="SMAP, common days: BIAS = in situ − product (m³ m⁻³)" field="smap_common_bias" index="194"/>
    <alias name="SMAP, common days: ubRMSE (m³ m⁻³)" field="smap_common_ubrmse" index="195"/>
    <alias name="SMAP, common days: R, 95 % from" field="smap_common_r_low" index="196"/>
    <alias name="SMAP, common days: R, 95 % to" field="smap_common_r_high" index="197"/>
    <alias name="SMAP, common days: p of R" field="smap_common_p" index="198"/>
    <alias name="SMAP, common days: RMSE, 95 % from (m³ m⁻³)" field="smap_common_rmse_low" index="199"/>
    <alias name="SMAP, common days: RMSE, 95 % to (m³ m⁻³)" field="smap_common_rmse_high" index="200"/>
    <alias name="SMAP, common days: BIAS, 95 % from (m³ m⁻³)" field="smap_common_bias_low" index="201"/>
    <alias name="SMAP, common days: BIAS, 95 % to (m³ m⁻³)" field="smap_common_bias_high" index="202"/>
    <alias name="SMAP, common days: ubRMSE, 95 % from (m³ m⁻³)" field="smap_common_ubrmse_low" index="203"/>
    <alias name="SMAP, common days: ubRMSE, 95 % to (m³ m⁻³)" field="smap_common_ubrmse_high" index="204"/>
    <alias name="SMAP, common days: first day" field="smap_common_first" index="205"/>
    <alias name="SMAP, common days: last day" field="smap_common_last" index="206"/>
  </aliases>
  <expressionfields/>
  <layerGeometryType>0</layerGeometryType>
</qgis>
