"""Names from files and folders of any name in QGIS: layers load, labels and tips show text, nothing of it is markup or an expression."""

import shutil

import pytest
from qgis.core import QgsExpression, QgsExpressionContext, QgsExpressionContextUtils, QgsPalLayerSettings, QgsRasterLayer, QgsVectorLayer
from record_cubes import write_cube

from annsm_plugin.core.foundation.paths import file_of
from annsm_plugin.core.stations.points import write_points
from annsm_plugin.processing import about, days, layers

NAMES = ("<script>alert(1)</script>\"'&", "a$\\frac{$b", "[% 1+1 %]", "'||1||'", '"lat"', "<img src=x onerror=y>")
FOLDERS = ("it's <b> & 50%", "a|b", "a;b", "名 (1)")


@pytest.fixture
def points(qgis_app, tmp_path):
    rows = [{"name": n, "site_names": n, "lat": 31.0, "lon": 91.0 + at, "annsm_r": 0.9, "annsm_rmse": 0.04} for at, n in enumerate(NAMES)]
    return write_points(tmp_path / "s.gpkg", rows)


def test_map_tips_show_names_as_text(points):
    layer = QgsVectorLayer(str(points), "<i>stations</i>", "ogr")
    layers.dress(layer, "stations")
    shown = []
    for feature in layer.getFeatures():
        context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
        context.setFeature(feature)
        shown.append(QgsExpression.replaceExpressionText(layer.mapTipTemplate(), context))
    assert len(shown) == len(NAMES)
    for name, text in zip(NAMES, shown):
        assert "<script" not in text and "<img" not in text
        assert text.count(name.replace("&", "&amp;").replace("<", "&lt;")) == 2, text


@pytest.mark.parametrize("style", ["stations", "station_points"])
def test_labels_show_names_as_text(points, style):
    layer = QgsVectorLayer(str(points), "stations", "ogr")
    layers.dress(layer, style)
    settings: QgsPalLayerSettings = layer.labeling().settings()
    assert not settings.format().allowHtmlFormatting()
    for name, feature in zip(NAMES, layer.getFeatures()):
        context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
        context.setFeature(feature)
        text = QgsExpression(settings.fieldName).evaluate(context) if settings.isExpression else feature[settings.fieldName]
        assert str(text).startswith(name)


def test_the_name_of_a_raster_layer_is_text_in_its_tip(qgis_app, tmp_path):
    path, _ = write_cube(tmp_path / "cube.nc", days=30)
    layer = QgsRasterLayer(f'NETCDF:"{path}":lai', "<script>x</script>", "gdal")
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    text = QgsExpression.replaceExpressionText(about._tip(layer), context)
    assert "<script" not in text and "&lt;script>x" in text


@pytest.mark.parametrize("folder", FOLDERS)
def test_layers_of_any_folder_load_and_are_described(points, tmp_path, folder):
    place = tmp_path / folder
    place.mkdir()
    moved = shutil.copy(points, place / "s.gpkg")
    path, _ = write_cube(place / "cube.nc", days=30)
    (place / "s.run.json").write_text('{"summary": ["<b>said</b>"], "algorithm": "annsm:loadstations"}')
    vector = QgsVectorLayer(f"{moved}|layername=stations", "stations", "ogr")
    raster = QgsRasterLayer(f'NETCDF:"{path}":lai', "lai", "gdal")
    assert vector.isValid() and vector.featureCount() == len(NAMES) and raster.isValid() and raster.bandCount() == 30
    assert file_of(vector.source()) == str(moved) and days.netcdf_path(raster) == str(path)
    layers.dress(vector, "station_points")
    assert "said" in vector.metadata().abstract()


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("/a|b/s.gpkg|layername=x", "/a|b/s.gpkg"),
        ("/a/s.gpkg|layerid=0|subset=\"name\" = 'a|b'", "/a/s.gpkg"),
        ("/a|b/s.gpkg", "/a|b/s.gpkg"),
        ("C:\\x\\s.gpkg|option:LIST_ALL=YES|layername=x", "C:\\x\\s.gpkg"),
        ("", ""),
    ],
)
def test_the_file_of_a_source(source, path):
    assert file_of(source) == path
