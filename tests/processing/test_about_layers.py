"""What a loaded layer knows: its days, what it is, where it comes from."""

import datetime
import json

import numpy as np
import pytest
import record_cubes
from qgis.core import QgsProject, QgsRasterLayer, QgsVectorLayer
from qgis.PyQt.QtCore import QDate, QDateTime, Qt, QTime

from annsm_plugin.core.stations.points import write_points
from annsm_plugin.processing import days, layers


@pytest.fixture
def annsm(tmp_path):
    values = np.full((400, 4, 4), np.nan, "float32")
    values[105] = 0.3  # the one day around mid-July with values
    record_cubes.write_annsm(tmp_path / "annsm.nc", values, start="2016-04-01", attributes={"title": "a test", "history": "made\nused"})
    record = {"algorithm": "annsm:reconstruct", "summary": ["16 values."], "parameters": {}, "results": {}}
    (tmp_path / "annsm.run.json").write_text(json.dumps(record))
    return tmp_path / "annsm.nc"


def layer_of(path, variable="soil_moisture"):
    layer = QgsRasterLayer(f'NETCDF:"{path}":{variable}', "ANN-SM", "gdal")
    assert layer.isValid()
    return layer


def moment(text):
    date = datetime.date.fromisoformat(text)
    return QDateTime(QDate(date.year, date.month, date.day), QTime(12, 0), Qt.TimeSpec.UTC)


def test_every_day_has_its_band_and_others_none(qgis_app, annsm):
    layer = layer_of(annsm)
    layers.dress(layer, "soil_moisture")
    first = datetime.date(2016, 4, 1)
    for band in (1, 2, 64, 65, 400):
        assert days.band_at(layer, moment((first + datetime.timedelta(days=band - 1)).isoformat())) == band
    assert days.band_at(layer, moment("2016-03-31")) is None
    assert days.band_at(layer, moment("2017-05-06")) is None
    assert layer.renderer().band() == 106  # the fullest day around mid-July


def test_days_survive_a_saved_project(qgis_app, annsm, tmp_path):
    layer = layer_of(annsm)
    layers.dress(layer, "soil_moisture")
    project = QgsProject.instance()
    project.clear()
    project.addMapLayer(layer)
    assert project.write(str(tmp_path / "p.qgz"))
    project.clear()
    assert project.read(str(tmp_path / "p.qgz"))
    (again,) = project.mapLayers().values()
    assert days.band_at(again, moment("2016-04-03")) == 3
    assert again.temporalProperties().isActive()
    assert again.metadata().title() == "ANN-SM"
    project.clear()


def test_metadata_say_what_the_layer_is_and_where_it_comes_from(qgis_app, annsm):
    layer = layer_of(annsm)
    layers.dress(layer, "soil_moisture")
    about = layer.metadata()
    assert about.title() == "ANN-SM"
    assert "a test" in about.abstract()
    assert "16 values." in about.abstract()
    assert "10.3390/rs13245156" in about.rights()[0]
    assert about.history() == ["made", "used"]
    assert about.links()[0].url == (annsm.parent / "annsm.run.json").as_uri()
    (range_,) = about.extent().temporalExtents()
    assert (range_.begin().toString("yyyy-MM-dd"), range_.end().toString("yyyy-MM-dd")) == ("2016-04-01", "2017-05-06")
    (spatial,) = about.extent().spatialExtents()
    assert (spatial.bounds.xMinimum(), spatial.bounds.yMaximum()) == (90.0, 33.0)


@pytest.mark.parametrize("summary", [[1, "<b>2</b>"], 5, "text", None, {"a": 1}])
def test_texts_of_files_are_no_markup_and_an_odd_record_is_no_error(qgis_app, annsm, summary):
    import netCDF4

    record = {"algorithm": "<script>1</script>", "summary": summary, "parameters": {}, "results": {}}
    (annsm.parent / "annsm.run.json").write_text(json.dumps(record))
    with netCDF4.Dataset(annsm, "a") as file:
        file.title, file.history, file.synthetic = "<img src=x>", "<script>2</script>\nused", "<i>3</i>"
    layer = layer_of(annsm)
    layers.dress(layer, "soil_moisture")
    about = layer.metadata()
    page = " ".join([about.abstract(), *about.history(), about.links()[0].description])
    assert "&lt;img" in page and "used" in page
    for tag in ("<img src=x", "<script", "<i>3", "<b>2"):
        assert tag not in page, tag


def test_what_the_user_wrote_is_left(qgis_app, annsm):
    layer = layer_of(annsm)
    own = layer.metadata()
    own.setTitle("mine")
    layer.setMetadata(own)
    layers.dress(layer, "soil_moisture")
    assert layer.metadata().title() == "mine"
    assert layer.metadata().abstract() == ""


def test_the_legend_has_classes_with_units(qgis_app, annsm):
    layer = layer_of(annsm)
    layers.dress(layer, "soil_moisture")
    labels = [label for label, _ in layer.renderer().legendSymbologyItems()]
    assert len(labels) == 9
    assert all("m³ m⁻³" in label for label in labels)
    assert "0.1 – 0.15 m³ m⁻³" in labels


def test_station_points_have_a_tip(qgis_app, tmp_path):
    path = write_points(
        tmp_path / "s.gpkg", [{"name": "A", "lat": 31.0, "lon": 91.0, "annsm_r": 0.9, "annsm_rmse": 0.04, "site_names": "x"}]
    )
    layer = QgsVectorLayer(str(path), "stations", "ogr")
    layers.dress(layer, "stations")
    assert '"annsm_rmse"' in layer.mapTipTemplate()


def test_a_file_without_days_of_its_own_is_no_daily_layer(qgis_app, annsm, tmp_path):
    from annsm_plugin.core.foundation import store
    from annsm_plugin.core.foundation.grid import Grid

    store.write_raster(tmp_path / "r.tif", np.full((4, 4), 0.5), Grid.from_extent(record_cubes.EXTENT))
    layer = QgsRasterLayer(str(tmp_path / "r.tif"), "R", "gdal")
    layers.dress(layer, "r")
    assert not layer.customProperty(days.PROPERTY)
    assert layer.metadata().title() == "R"
