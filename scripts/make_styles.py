"""Writes the layer styles (annsm_plugin/styles/*.qml) with the classes and colours of the reports' figures (core/reports/map_classes.py)."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from annsm_plugin.core.network import block  # noqa: E402
from annsm_plugin.core.reports import map_classes  # noqa: E402
from annsm_plugin.core.training import cube  # noqa: E402
from annsm_plugin.core.validation import station_result  # noqa: E402

STYLES = ROOT / "annsm_plugin" / "styles"

GREY = "#b0b0b0"


def _qml(renderer: str) -> str:
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        '<qgis version="3.22" styleCategories="Symbology|Rendering">\n  <pipe>\n'
        f"{renderer}"
        '    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>\n'
        '    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>\n'
        '    <rasterresampler maxOversampling="2"/>\n'
        "  </pipe>\n  <blendMode>0</blendMode>\n</qgis>\n"
    )


def _shader(kind: str, low: float, high: float, items) -> str:
    """A pseudocolour style; ``items`` are (value, label, colour)."""
    entries = "".join(
        f'          <item value="{value}" label="{_xml(label)}" color="{colour}" alpha="255"/>\n' for value, label, colour in items
    )
    return _qml(
        f'    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" classificationMin="{low:g}" classificationMax="{high:g}" nodataColor="">\n'
        "      <rasterTransparency/>\n"
        "      <minMaxOrigin><limits>None</limits><extent>WholeRaster</extent><statAccuracy>Estimated</statAccuracy></minMaxOrigin>\n"
        f'      <rastershader>\n        <colorrampshader colorRampType="{kind}" classificationMode="1" clip="0" minimumValue="{low:g}" maximumValue="{high:g}" labelPrecision="4">\n'
        f"{entries}        </colorrampshader>\n      </rastershader>\n    </rasterrenderer>\n"
    )


def _xml(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def classes(own: map_classes.Classes) -> str:
    """The classes of a kind of map: each reaches up to its value, the last to infinity."""
    values = [*(f"{value:g}" for value in own.breaks), "inf"]
    return _shader("DISCRETE", own.breaks[0], own.breaks[-1], zip(values, own.labels(own.unit), own.colours))


def paletted(entries: dict) -> str:
    """A style of fixed classes by value: ``entries`` is value -> (colour, label)."""
    lines = "".join(
        f'        <paletteEntry value="{v}" label="{label}" color="{colour}" alpha="255"/>\n' for v, (colour, label) in entries.items()
    )
    return _qml(
        '    <rasterrenderer type="paletted" band="1" opacity="1" alphaBand="-1" nodataColor="">\n      <rasterTransparency/>\n'
        f"      <colorPalette>\n{lines}      </colorPalette>\n    </rasterrenderer>\n"
    )


def stations() -> None:
    """Station cells coloured by R of ANN-SM in the classes of the R maps, grey without R; stations as they are loaded. Both with labels and aliases."""
    os.environ.update(QT_QPA_PLATFORM="offscreen", QT_HASH_SEED="0")  # no window; attributes in the same order at every run
    from qgis.core import QgsApplication, QgsRuleBasedRenderer, QgsSingleSymbolRenderer, QgsVectorLayer

    application = QgsApplication([], False)
    application.initQgis()
    own = map_classes.KINDS["r"]
    rules = [("no R", '"annsm_r" IS NULL', GREY)]
    for number, (label, colour) in enumerate(zip(own.labels(), own.colours)):
        above = [f'"annsm_r" > {own.breaks[number - 1]:g}'] if number else []
        below = [f'"annsm_r" <= {own.breaks[number]:g}'] if number < len(own.breaks) else []
        rules.append((label, " AND ".join(above + below), colour))
    root = QgsRuleBasedRenderer.Rule(None)
    root.setRuleKey("stations")
    for number, (label, expression, colour) in enumerate(rules):
        rule = QgsRuleBasedRenderer.Rule(_marker("circle", colour, 3.6), 0, 0, expression, label)
        rule.setRuleKey(f"r{number}")  # else it is new at every run
        root.appendChild(rule)
    value = "coalesce('\\n' || 'R ' || format_number(\"annsm_r\", 2), '')"
    names = station_result.aliases()
    fields = "&".join(f"field={name}:double" for name in names)
    for name, renderer, label in (
        ("stations", QgsRuleBasedRenderer(root), f'"name" || {value}'),
        ("station_points", QgsSingleSymbolRenderer(_marker("triangle", "#f2c14e", 3.4)), '"name"'),
    ):
        layer = QgsVectorLayer(f"Point?crs=EPSG:4326&{fields}", name, "memory")
        for column, alias in names.items():
            layer.setFieldAlias(layer.fields().indexOf(column), alias)
        layer.setRenderer(renderer)
        layer.setLabeling(_labels(label))
        layer.setLabelsEnabled(True)
        kinds = layer.StyleCategory
        path = STYLES / f"{name}.qml"
        layer.saveNamedStyle(str(path), kinds.Symbology | kinds.Labeling | kinds.Rendering | kinds.Fields)
        path.write_text(_without(path.read_text(encoding="utf-8")), encoding="utf-8")
        del layer
    application.exitQgis()


def _without(text: str) -> str:
    """A style without what says nothing: the defaults and constraints that no field has."""
    for part in ("fieldConfiguration", "defaults", "constraints", "constraintExpressions"):
        text = re.sub(rf"  <{part}>.*?</{part}>\n", "", text, flags=re.DOTALL)
    return text


def _marker(name: str, colour: str, size: float):
    from qgis.core import QgsMarkerSymbol

    return QgsMarkerSymbol.createSimple(
        {"name": name, "color": colour, "size": str(size), "outline_color": "#202020", "outline_width": "0.3"}
    )


def _labels(expression: str):
    """Labels beside the points, dark on a white rim."""
    from qgis.core import QgsPalLayerSettings, QgsTextBufferSettings, QgsTextFormat, QgsVectorLayerSimpleLabeling
    from qgis.PyQt.QtGui import QColor, QFont

    text, rim = QgsTextFormat(), QgsTextBufferSettings()
    text.setFont(QFont("Open Sans"))
    text.setSize(8)
    text.setColor(QColor("#202020"))
    rim.setEnabled(True)
    rim.setSize(0.8)
    rim.setColor(QColor("white"))
    text.setBuffer(rim)
    settings = QgsPalLayerSettings()
    settings.setFormat(text)
    settings.fieldName, settings.isExpression = expression, True
    settings.placement = QgsPalLayerSettings.Placement.OrderedPositionsAroundPoint
    settings.offsetType, settings.dist = QgsPalLayerSettings.OffsetType.FromSymbolBounds, 0.8
    return QgsVectorLayerSimpleLabeling(settings)


def main() -> None:
    STYLES.mkdir(exist_ok=True)
    texts = {name: classes(own) for name, own in map_classes.KINDS.items()}
    meanings = {**block.STATUS, **cube.STATUS_MEANINGS, **cube.REGIONAL_MEANINGS}
    texts["status"] = paletted({code: (colour, meanings[code]) for code, colour in map_classes.STATUS.items()})
    texts["screened"] = paletted({0: ("#f0f0f0", "kept"), 1: ("#2b6cb0", "too much rain")})
    for name, text in texts.items():
        (STYLES / f"{name}.qml").write_text(text, encoding="utf-8")
    stations()


if __name__ == "__main__":
    main()
