"""The layers' styles in a real QGIS: the classes of the reports, labels, aliases, and a picture that shows them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal

from annsm_plugin.core.network import block
from annsm_plugin.core.reports import map_classes
from annsm_plugin.core.stations.points import write_points
from annsm_plugin.core.training import cube

ROOT = Path(__file__).resolve().parents[2]
STYLES = ROOT / "annsm_plugin" / "styles"
GREY = "#b0b0b0"


@pytest.fixture
def raster(qgis_app, tmp_path):
    """A layer of one row of the given values, NaN where there is none, dressed."""
    from qgis.core import QgsRasterLayer

    from annsm_plugin.processing import layers

    def make(values, style):
        path = str(tmp_path / f"{style}.tif")
        data = gdal.GetDriverByName("GTiff").Create(path, len(values), 1, 1, gdal.GDT_Float32)
        data.SetGeoTransform((90, 0.25, 0, 30, 0, -0.25))
        data.GetRasterBand(1).SetNoDataValue(-9999)
        data.GetRasterBand(1).WriteArray(np.where(np.isnan(values), -9999, values).astype("float32")[np.newaxis])
        data = None
        layer = QgsRasterLayer(path, style, "gdal")
        layers.dress(layer, style)
        return layer

    return make


def drawn(layer, count) -> list[str]:
    """The colours that the renderer gives to the ``count`` cells of a layer of one row, "" where nothing is drawn."""
    pixels = layer.renderer().block(1, layer.extent(), count, 1)
    colours = [pixels.color(0, x) for x in range(count)]  # 0xAARRGGBB
    return [f"#{colour & 0xFFFFFF:06x}" if colour >> 24 else "" for colour in colours]


@pytest.mark.parametrize("kind", map_classes.KINDS)
def test_a_layer_has_the_classes_of_the_reports(raster, kind):
    own = map_classes.KINDS[kind]
    breaks = np.array(own.breaks, dtype=float)
    values = np.concatenate([[breaks[0] - 1e-4], (breaks[:-1] + breaks[1:]) / 2, [breaks[-1] + 1e-4, 1e4], [np.nan]])
    layer = raster(values, kind)
    assert drawn(layer, values.size) == [*own.colours, own.colours[-1], ""]
    assert [label for label, _ in layer.renderer().legendSymbologyItems()] == own.labels(own.unit)


def test_whole_numbers_fall_where_the_legend_says(raster):
    own = map_classes.KINDS["days"]
    values = np.array([0.0, 9, 10, 49, 50, 1000])
    assert drawn(raster(values, "days"), 6) == [own.colours[k] for k in (0, 0, 1, 1, 2, 8)]


def test_status_has_the_words_and_colours_of_the_report(raster):
    codes = np.array(list(map_classes.STATUS), dtype=float)
    layer = raster(codes, "status")
    assert drawn(layer, codes.size) == list(map_classes.STATUS.values())
    meanings = {**block.STATUS, **cube.STATUS_MEANINGS, **cube.REGIONAL_MEANINGS}
    assert {c.value: c.label for c in layer.renderer().classes()} == {float(code): meanings[code] for code in map_classes.STATUS}


@pytest.mark.parametrize("path", sorted(STYLES.glob("*.qml")), ids=lambda p: p.stem)
def test_every_style_loads(raster, qgis_app, path):
    from qgis.core import QgsVectorLayer

    layer = QgsVectorLayer("Point?field=annsm_r:double", "x", "memory") if "station" in path.stem else raster(np.array([0.1]), "r")
    message, good = layer.loadNamedStyle(str(path))
    assert good, message


def station_layer(tmp_path, style):
    from qgis.core import QgsVectorLayer

    from annsm_plugin.processing import layers

    rows = [
        {"name": f"N {k}", "lat": 30.0 + k % 3, "lon": 90.0 + k, "annsm_r": r, "annsm_common_rmse": 0.1 * k}
        for k, r in enumerate([0.8, 0.81, -0.2, 0.95, float("nan")])
    ]
    write_points(tmp_path / "p.gpkg", rows)
    layer = QgsVectorLayer(str(tmp_path / "p.gpkg"), "p", "ogr")
    layers.dress(layer, style)
    return layer


def test_station_cells_are_coloured_by_r_and_grey_without(qgis_app, tmp_path):
    from qgis.core import QgsRenderContext

    layer = station_layer(tmp_path, "stations")
    context = QgsRenderContext()
    renderer = layer.renderer()
    renderer.startRender(context, layer.fields())
    found = []
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        (symbol,) = renderer.symbolsForFeature(feature, context)
        found.append(symbol.color().name())
    renderer.stopRender(context)
    own = map_classes.KINDS["r"]
    assert found == [*(own.colours[int(own.of(r))] for r in (0.8, 0.81, -0.2, 0.95)), GREY]
    assert [item.label() for item in renderer.legendSymbolItems()] == ["no R", *own.labels()]


@pytest.mark.parametrize("style", ["stations", "station_points"])
def test_points_are_labelled_and_their_columns_have_units(qgis_app, tmp_path, style):
    from qgis.core import QgsExpression, QgsExpressionContext, QgsExpressionContextUtils

    layer = station_layer(tmp_path, style)
    assert layer.labelsEnabled()
    settings = layer.labeling().settings()
    expression = QgsExpression(settings.fieldName)
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    texts = []
    for feature in layer.getFeatures():
        context.setFeature(feature)
        texts.append(expression.evaluate(context))
    assert settings.isExpression and not expression.hasEvalError()
    assert texts == (
        ["N 0\nR 0.80", "N 1\nR 0.81", "N 2\nR -0.20", "N 3\nR 0.95", "N 4"] if style == "stations" else [f"N {k}" for k in range(5)]
    )
    names = {layer.fields()[i].name(): layer.attributeDisplayName(i) for i in range(layer.fields().count())}
    assert names["annsm_common_rmse"] == "ANN-SM, common days: RMSE (m³ m⁻³)" and names["lat"] == "latitude (°)"


def test_every_point_is_drawn_with_its_label(qgis_app, tmp_path):
    """Loaded stations, which have no R at all, are there to be seen; labels draw more than the points alone."""
    from qgis.core import QgsMapRendererParallelJob, QgsMapSettings
    from qgis.PyQt.QtCore import QSize
    from qgis.PyQt.QtGui import QColor

    dark = {}
    for style in ("stations", "station_points"):
        for labels in (True, False):
            layer = station_layer(tmp_path, style)
            layer.setLabelsEnabled(labels)
            settings = QgsMapSettings()
            settings.setLayers([layer])
            settings.setOutputSize(QSize(500, 300))
            settings.setBackgroundColor(QColor("white"))
            extent = layer.extent()
            extent.scale(1.4)
            settings.setExtent(extent)
            settings.setDestinationCrs(layer.crs())
            job = QgsMapRendererParallelJob(settings)
            job.start()
            job.waitForFinished()
            image = job.renderedImage()
            image.save(str(tmp_path / f"{style}_{labels}.png"))
            dark[style, labels] = sum(image.pixelColor(x, y).lightness() < 250 for x in range(500) for y in range(300))
    for style in ("stations", "station_points"):
        assert dark[style, False] > 5 * 50 and dark[style, True] > dark[style, False] + 300


def test_the_styles_are_those_that_the_script_writes(tmp_path):
    """Nobody has changed a .qml by hand or the classes without the script; stations apart, whose file depends on QGIS's version."""
    code = (
        "import sys, pathlib; sys.path.insert(0, 'scripts'); import make_styles\n"
        f"make_styles.STYLES = pathlib.Path({str(tmp_path)!r}); make_styles.stations = lambda: None; make_styles.main()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    written = {p.name: p.read_text(encoding="utf-8") for p in tmp_path.glob("*.qml")}
    assert len(written) == len(map_classes.KINDS) + 2
    for name, text in written.items():
        assert (STYLES / name).read_text(encoding="utf-8") == text, name
    assert {p.name for p in STYLES.glob("*.qml")} == {*written, "stations.qml", "station_points.qml"}
