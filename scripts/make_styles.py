"""Writes the layer styles (annsm_plugin/styles/*.qml): fixed colour classes per quantity, the same for every map and every day."""

from __future__ import annotations

from pathlib import Path

STYLES = Path(__file__).resolve().parent.parent / "annsm_plugin" / "styles"

WATER = ("#8c510a", "#bf812d", "#dfc27d", "#f6e8c3", "#c7eae5", "#80cdc1", "#35978f", "#01665e", "#003c30")
GOOD = ("#440154", "#46327e", "#365c8d", "#277f8e", "#1fa187", "#4ac16d", "#a0da39", "#fde725")
ERROR = ("#fff7ec", "#fee8c8", "#fdd49e", "#fdbb84", "#fc8d59", "#ef6548", "#d7301f", "#990000")
SIGNED = ("#053061", "#2166ac", "#4393c3", "#92c5de", "#f7f7f7", "#f4a582", "#d6604d", "#b2182b", "#67001f")
DAYS = ("#f7fbff", "#deebf7", "#c6dbef", "#9ecae1", "#6baed6", "#4292c6", "#2171b5", "#084594")
HEAT = ("#000004", "#330a5f", "#781c6d", "#bb3754", "#ed6925", "#fcb519", "#fcffa4")

#: Style -> (values, colours, unit, discrete classes?).
RASTERS = {
    "soil_moisture": ((0.02, 0.06, 0.10, 0.15, 0.20, 0.25, 0.30, 0.35, 0.45), WATER, "m³ m⁻³", False),
    "r": ((0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0), GOOD, "", True),
    "rmse": ((0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.20), ERROR, "m³ m⁻³", True),
    "rmse01": ((0.04, 0.06, 0.08, 0.10, 0.12, 0.14, 0.18, 1.0), ERROR, "", True),
    "bias": ((-0.05, -0.03, -0.02, -0.01, 0.01, 0.02, 0.03, 0.05, 0.50), SIGNED, "m³ m⁻³", True),
    "trend": ((-0.01, -0.005, -0.002, -0.001, 0.001, 0.002, 0.005, 0.01, 0.5), SIGNED[::-1], "m³ m⁻³ per year", True),
    "significance": ((0.001, 0.01, 0.05, 0.1, 1.0), ("#54278f", "#756bb1", "#9e9ac8", "#dadaeb", "#f2f0f7"), "", True),
    "importance": ((0.0, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.04, 0.5), GOOD, "m³ m⁻³", True),
    "days": ((25, 50, 100, 200, 400, 600, 800, 1600), DAYS, "days", False),
    "brightness_temperature": ((200, 220, 235, 250, 260, 270, 285), HEAT, "K", False),
}

STATUS = {
    0: ("#d9d9d9", "not trained"),
    1: ("#1a9850", "trained"),
    2: ("#a6d96a", "not converged"),
    3: ("#fdae61", "no training samples"),
    4: ("#f46d43", "constant target"),
    5: ("#d73027", "all inputs constant"),
    100: ("#bdbdbd", "no complete day"),
    101: ("#969696", "too few complete days"),
}


def _qml(renderer: str, *, resampling: str = "") -> str:
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        '<qgis version="3.22" styleCategories="Symbology|Rendering">\n  <pipe>\n'
        f"{renderer}"
        '    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>\n'
        '    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>\n'
        f'    <rasterresampler maxOversampling="2"/>\n{resampling}'
        "  </pipe>\n  <blendMode>0</blendMode>\n</qgis>\n"
    )


def raster(values, colours, unit: str, discrete: bool) -> str:
    """A pseudocolour style; discrete classes reach up to their value, else colours run between the values."""
    items, last = [], None
    for number, (value, colour) in enumerate(zip(values, colours)):
        if not discrete:
            label = f"{value:g}"
        elif last is None:
            label = f"≤ {value:g}"
        elif number == len(values) - 1:
            label = f"> {last:g}"
        else:
            label = f"{last:g} – {value:g}"
        last = value
        reach = "inf" if discrete and number == len(values) - 1 else f"{value:g}"
        items.append(f'          <item value="{reach}" label="{label}{" " + unit if unit else ""}" color="{colour}" alpha="255"/>\n')
    kind = "DISCRETE" if discrete else "INTERPOLATED"
    low, high = (values[0], values[-1])
    return _qml(
        f'    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="1" alphaBand="-1" classificationMin="{low:g}" classificationMax="{high:g}" nodataColor="">\n'
        "      <rasterTransparency/>\n"
        "      <minMaxOrigin><limits>None</limits><extent>WholeRaster</extent><statAccuracy>Estimated</statAccuracy></minMaxOrigin>\n"
        f'      <rastershader>\n        <colorrampshader colorRampType="{kind}" classificationMode="1" clip="0" minimumValue="{low:g}" maximumValue="{high:g}" labelPrecision="4">\n'
        + "".join(items)
        + "        </colorrampshader>\n      </rastershader>\n    </rasterrenderer>\n"
    )


def paletted(classes: dict) -> str:
    """A style of fixed classes by value."""
    entries = "".join(
        f'        <paletteEntry value="{v}" label="{label}" color="{colour}" alpha="255"/>\n' for v, (colour, label) in classes.items()
    )
    return _qml(
        '    <rasterrenderer type="paletted" band="1" opacity="1" alphaBand="-1" nodataColor="">\n      <rasterTransparency/>\n'
        f"      <colorPalette>\n{entries}      </colorPalette>\n    </rasterrenderer>\n"
    )


def stations() -> str:
    """Points coloured by R of ANN-SM in the classes of the R maps; grey where there is none."""
    from qgis.core import QgsApplication, QgsGraduatedSymbolRenderer, QgsMarkerSymbol, QgsRendererRange, QgsVectorLayer

    application = QgsApplication([], False)
    application.initQgis()
    layer = QgsVectorLayer("Point?crs=EPSG:4326&field=annsm_r:double&field=name:string", "stations", "memory")
    bounds = (-1.0, *RASTERS["r"][0])
    ranges = []
    for number, colour in enumerate(GOOD):
        symbol = QgsMarkerSymbol.createSimple(
            {"name": "circle", "color": colour, "size": "3.6", "outline_color": "#202020", "outline_width": "0.3"}
        )
        low, high = bounds[number], bounds[number + 1]
        ranges.append(QgsRendererRange(low, high, symbol, f"≤ {high:g}" if number == 0 else f"{low:g} – {high:g}"))
    layer.setRenderer(QgsGraduatedSymbolRenderer("annsm_r", ranges))
    path = STYLES / "stations.qml"
    layer.saveNamedStyle(str(path))
    application.exitQgis()
    return path.read_text(encoding="utf-8")


if __name__ == "__main__":
    STYLES.mkdir(exist_ok=True)
    for name, (values, colours, unit, discrete) in RASTERS.items():
        (STYLES / f"{name}.qml").write_text(raster(values, colours, unit, discrete), encoding="utf-8")
    (STYLES / "status.qml").write_text(paletted(STATUS), encoding="utf-8")
    (STYLES / "screened.qml").write_text(paletted({0: ("#f0f0f0", "kept"), 1: ("#2b6cb0", "too much rain")}), encoding="utf-8")
    stations()
