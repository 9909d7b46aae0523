"""What QGIS loads when an algorithm ends: every raster and every layer of points in its own style, which lies beside the file too."""

from __future__ import annotations

from pathlib import Path

import gappy_records
import numpy as np
import product_files
import pytest
from osgeo import ogr
from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProject, QgsRasterLayer, QgsVectorLayer
from record_cubes import write_annsm, write_cube

STYLES = Path(__file__).resolve().parents[2] / "annsm_plugin" / "styles"
PERIOD = {"START": "2015-04-01", "END": "2016-05-24"}

#: Algorithm -> output -> style.
EXPECTED = {
    "screenprecipitation": {"DROPPED": "removed"},
    "train": {"R": "r", "RMSE": "rmse01", "STATUS": "status"},
    "validatesatellite": {"R": "r", "RMSE": "rmse", "BIAS": "bias", "UBRMSE": "rmse", "N": "days", "P": "significance", "ANOMALY_R": "r"},
    "validatestations": {"OUTPUT": "stations"},
    "loadstations": {"OUTPUT": "station_points"},
    "triplecollocation": {"STD_X": "rmse", "R_X": "r", "N": "days"},
    "comparemethods": {"IMPORTANCE": "importance"},
    "aggregate": {"TREND": "trend", "SIGNIFICANCE": "significance"},
}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A cube, ANN-SM made of its truth, a folder of two stations in cells of it: one follows the truth, one is constant."""
    folder = tmp_path_factory.mktemp("data")
    cube, truth = write_cube(folder / "cube.nc")
    random = np.random.default_rng(0)
    annsm = write_annsm(folder / "annsm.nc", truth + random.normal(0, 0.03, truth.shape), start="2015-04-01")
    days = np.datetime64("2015-03-31") + np.arange(420)  # 19:30 UTC is 01:30 of the next day at 90 E
    for name, lat, values in (("GOOD", 32.875, truth[:, 0, 0]), ("FLAT", 32.625, np.full(420, 0.2))):
        rows = [f"{str(day).replace('-', '/')} 19:30 {value:.4f} G M" for day, value in zip(days, values)]
        header = f"NET NET {name} {lat} 90.12500 4000.00 0.05 0.05 Sonde"
        (folder / "stations" / name).mkdir(parents=True)
        product_files.ismn(
            folder / "stations" / name, rows, header=header, name=f"NET_NET_{name}_sm_0.050000_0.050000_Sonde_20150331_20160523.stm"
        )
    return {"cube": cube, "annsm": annsm, "stations": folder / "stations"}


def given(algorithm, data, out) -> dict:
    """Parameters beside the expected outputs."""
    cube, annsm = data["cube"], data["annsm"]
    return {
        "screenprecipitation": {"INPUT": cube, "OUTPUT": out / "screened.nc"},
        "train": {"INPUT": cube, **PERIOD, "HIDDEN": 2, "OUTPUT": out / "model.nc"},
        "validatesatellite": {"INPUT": annsm, "REFERENCE": cube, "REPORT": out / "r.html"},
        "validatestations": {"INPUT": annsm, "STATIONS": data["stations"], "CUBE": cube, "TABLE": out / "t.csv", "REPORT": out / "r.html"},
        "loadstations": {"FOLDER": data["stations"]},
        "triplecollocation": {"X": annsm, "Y": cube, "Z": cube, "Y_VARIABLE": "smap", "Z_VARIABLE": "gldas", "DRAWS": 0,
                              "REPORT": out / "r.html"},
        "comparemethods": {"INPUT": cube, **PERIOD, "METHODS": "0", "HIDDEN": 2, "TABLE": out / "t.csv"},
        "aggregate": {"INPUT": cube, "VARIABLE": "sm_gldas", "OUTPUT": out / "months.nc"},
    }[algorithm]  # fmt: skip


def opened(path):
    """A file as a user opens it."""
    return QgsVectorLayer(path, "x", "ogr") if path.endswith(".gpkg") else QgsRasterLayer(path, "x", "gdal")


def look_of(layer):
    """What tells one style from another."""
    renderer = layer.renderer()
    if isinstance(layer, QgsVectorLayer):
        return [(item.label(), item.symbol().color().name()) for item in renderer.legendSymbolItems()], layer.labelsEnabled()
    return [(label, colour.name()) for label, colour in renderer.legendSymbologyItems()]


@pytest.mark.parametrize("name", EXPECTED)
def test_every_output_is_styled(provider, data, tmp_path, name):
    if name in ("train", "comparemethods"):
        pytest.importorskip("torch")
    project, context, feedback = QgsProject(), QgsProcessingContext(), QgsProcessingFeedback()
    context.setProject(project)
    ending = "gpkg" if "OUTPUT" in EXPECTED[name] else "tif"
    paths = {output: str(tmp_path / f"{output.lower()}.{ending}") for output in EXPECTED[name]}
    for output, path in paths.items():
        context.addLayerToLoadOnCompletion(path, QgsProcessingContext.LayerDetails(output, project, output))
    parameters = {key: str(value) for key, value in {**given(name, data, tmp_path), **paths}.items()}
    _, good = provider.algorithm(name).create().run(parameters, context, feedback)
    assert good, feedback.textLog()
    for output, style in EXPECTED[name].items():
        path, details = paths[output], context.layersToLoadOnCompletion()[paths[output]]
        layer, reference = opened(path), opened(path)
        project.addMapLayer(layer)
        details.postProcessor().postProcessLayer(layer, context, feedback)
        reference.loadNamedStyle(str(STYLES / f"{style}.qml"))
        assert look_of(layer) == look_of(reference) and layer.name() not in ("", "x"), output
        beside = Path(path).with_suffix(".qml")
        assert beside.read_text(encoding="utf-8") == (STYLES / f"{style}.qml").read_text(encoding="utf-8")
        assert look_of(opened(path)) == look_of(reference), f"{output} opened by hand"


def test_a_filled_record_is_animated_day_by_day(provider, tmp_path):
    annsm, cube, _ = gappy_records.write(tmp_path, days=420)
    project, context, feedback = QgsProject(), QgsProcessingContext(), QgsProcessingFeedback()
    context.setProject(project)
    parameters = {"INPUT": str(annsm), "CUBE": str(cube), "METHOD": "dct", "OUTPUT": str(tmp_path / "filled.nc"), "LOAD": True}
    found, good = provider.algorithm("fillgaps").create().run(parameters, context, feedback)
    assert good, feedback.textLog()
    (identity,) = context.layersToLoadOnCompletion()
    layer = context.temporaryLayerStore().mapLayer(identity)
    context.layersToLoadOnCompletion()[identity].postProcessor().postProcessLayer(layer, context, feedback)
    days = np.array(layer.customProperty("annsm/days").split(","), dtype=int)
    assert layer.bandCount() == days.size == 420 and (np.diff(days) == 1).all() and layer.temporalProperties().isActive()
    assert found["FILLED"] > 0 and found["RMSE_SHORT"] < found["RMSE_LONG"]


def test_a_style_of_the_users_own_is_left(provider, data, tmp_path):
    (tmp_path / "p.qml").write_text("mine")
    parameters = {"FOLDER": str(data["stations"]), "OUTPUT": str(tmp_path / "p.gpkg")}
    assert provider.algorithm("loadstations").create().run(parameters, QgsProcessingContext(), QgsProcessingFeedback())[1]
    assert (tmp_path / "p.qml").read_text() == "mine"


def test_station_cells_carry_every_measure_of_every_product(provider, data, tmp_path):
    """Own days and common days; NULL, not a text or a zero, where one is not defined."""
    parameters = {key: str(value) for key, value in given("validatestations", data, tmp_path).items()}
    parameters["OUTPUT"] = str(tmp_path / "cells.gpkg")
    assert provider.algorithm("validatestations").create().run(parameters, QgsProcessingContext(), QgsProcessingFeedback())[1]
    table = ogr.Open(parameters["OUTPUT"])
    features = {f["site_names"]: f for f in table.GetLayer(0)}
    definition = table.GetLayer(0).GetLayerDefn()
    types = {definition.GetFieldDefn(i).GetName(): definition.GetFieldDefn(i).GetTypeName() for i in range(definition.GetFieldCount())}
    for product in ("annsm", "gldas", "smap"):
        for basis in ("", "common_"):
            for measure in ("r", "rmse", "bias", "ubrmse", "r_low", "r_high", "p"):
                assert types[f"{product}_{basis}{measure}"] == "Real"
            assert types[f"{product}_{basis}n"] == "Integer64" and f"{product}_{basis}first" in types and f"{product}_{basis}last" in types
    good, flat = features["GOOD"], features["FLAT"]
    assert good["annsm_r_low"] < good["annsm_r"] < good["annsm_r_high"] and good["annsm_p"] < 0.01
    assert good["annsm_common_n"] == good["smap_n"] < good["annsm_n"] == 420
    assert good["annsm_first"] == "2015-04-01" and good["annsm_last"] == "2016-05-24"
    assert flat["annsm_r"] is None and flat["annsm_n"] == 420 and "constant" in flat["status"]
    layer = QgsVectorLayer(parameters["OUTPUT"], "x", "ogr")  # opened by hand, with the style beside it
    names = {layer.fields()[i].name(): layer.attributeDisplayName(i) for i in range(layer.fields().count())}
    assert names["smap_common_rmse"] == "SMAP, common days: RMSE (m³ m⁻³)" and layer.labelsEnabled()
    assert not [name for name, shown in names.items() if name == shown and name.startswith(("annsm", "gldas", "smap"))]
