"""The validations in QGIS: their later parameters with their defaults, what they write, and calls from before them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import product_files
import pytest
from osgeo import gdal, osr
from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProcessingParameterDefinition
from record_cubes import write_annsm, write_cube

from annsm_plugin.core.reports import figure_files


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A cube, ANN-SM made of its truth, an ISMN folder with three sites of one cell and one of another, and a raster of two classes."""
    folder = tmp_path_factory.mktemp("data")
    cube, truth = write_cube(folder / "cube.nc", days=300)
    random = np.random.default_rng(0)
    annsm = write_annsm(folder / "annsm.nc", truth + random.normal(0, 0.03, truth.shape), start="2015-04-01")
    days = np.datetime64("2015-03-31") + np.arange(300)  # 19:30 UTC is 01:30 of the next day at 90 E
    for number, (name, lat, lon, row) in enumerate(
        (("A", 32.95, 90.12, 0), ("B", 32.88, 90.20, 0), ("C", 32.80, 90.05, 0), ("D", 32.625, 90.12, 1))
    ):
        values = truth[:, row, 0] + random.normal(0.02 * (number - 1), 0.02, 300)
        rows = [f"{str(day).replace('-', '/')} 19:30 {value:.4f} G M" for day, value in zip(days, values)]
        header = f"NET NET {name} {lat} {lon} 4000.00 0.05 0.05 Sonde"
        (folder / "stations" / name).mkdir(parents=True)
        product_files.ismn(
            folder / "stations" / name, rows, header=header, name=f"NET_NET_{name}_sm_0.050000_0.050000_Sonde_20150331_20160124.stm"
        )
    raster = gdal.GetDriverByName("GTiff").Create(str(folder / "cover.tif"), 4, 4, 1, gdal.GDT_Byte)
    raster.SetGeoTransform((90.0, 0.25, 0.0, 33.0, 0.0, -0.25))
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(4326)
    raster.SetProjection(reference.ExportToWkt())
    raster.GetRasterBand(1).WriteArray(np.repeat([[1], [2], [2], [2]], 4, axis=1).astype(np.uint8))
    raster = None
    return {"INPUT": str(annsm), "STATIONS": str(folder / "stations"), "CUBE": str(cube), "STRATA": str(folder / "cover.tif")}


def run(provider, parameters):
    feedback = QgsProcessingFeedback()
    found, good = provider.algorithm("validatestations").create().run(parameters, QgsProcessingContext(), feedback)
    return found, good, feedback.textLog()


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_later_parameters_have_their_defaults(provider):
    algorithm = provider.algorithm("validatestations")
    known = {d.name(): d for d in algorithm.parameterDefinitions()}
    assert known["UPSCALING"].options() == ["mean", "representative", "triple collocation", "voronoi"]
    assert known["DEPTH_FILTER"].options() == ["none", "fitted", "constant"]
    assert known["UPSCALING"].defaultValue() in (0, "mean") and known["DEPTH_FILTER"].defaultValue() in (0, "none")
    assert known["DEPTH_DAYS"].defaultValue() == 10.0 and known["STRATA"].defaultValue() is None
    for name in ("UPSCALING", "DEPTH_FILTER", "DEPTH_DAYS", "STRATA"):
        assert known[name].flags() & QgsProcessingParameterDefinition.FlagAdvanced and known[name].help(), name
    for name in ("STRATA", "SITES", "STRATA_TABLE"):
        assert known[name].flags() & QgsProcessingParameterDefinition.FlagOptional, name
    for name in ("SITES", "STRATA_TABLE"):
        assert known[name].isDestination() and not known[name].createByDefault(), name


def test_all_that_can_be_asked_for_is_written(provider, data, tmp_path):
    files = {"TABLE": "t.csv", "SITES": "sites.csv", "STRATA_TABLE": "strata.csv", "REPORT": "r.html", "FIGURES": "figures"}
    asked = {name: str(tmp_path / file) for name, file in files.items()}
    chosen = {"UPSCALING": 2, "DEPTH_FILTER": 2, "DEPTH_DAYS": 3.0}
    found, good, log = run(provider, {**data, **asked, **chosen})
    assert good, log
    assert {name: found[name] for name in asked} == asked and found["CELLS"] == 2
    sites = read(asked["SITES"])
    assert [row["site"] for row in sites] == ["A", "B", "C", "D"]
    assert sum(float(row["weight"]) for row in sites[:3]) == pytest.approx(1.0, abs=1e-4)
    assert {row["rank"] for row in sites[:3]} == {"1", "2", "3"} and sites[3]["rank"] == ""
    strata = read(asked["STRATA_TABLE"])
    assert [row["stratum"] for row in strata if row["product"] == "SMAP"][-3:] == ["frozen", "class 1", "class 2"]
    constants = {row["product"]: row["depth_constant"] for row in read(asked["TABLE"])}
    assert constants == {"ANN-SM": "3", "GLDAS": "", "SMAP": "3"}
    for name in ("strata", "temporal_stability", "figure5_series_1"):
        assert all(Path(asked["FIGURES"], f"{name}{ending}").stat().st_size for ending in figure_files.ENDINGS), name
    text = Path(asked["REPORT"]).read_text(encoding="utf-8")
    assert "weights from triple collocation" in text and "cover" in text
    told = json.loads(Path(found["RECORD"]).read_text(encoding="utf-8"))["request"]
    assert (told["upscaling"], told["depth_filter"], told["depth_days"]) == ("triple collocation", "constant", 3.0)


def test_a_call_from_before_them_gives_the_same(provider, data, tmp_path):
    """Without the later parameters, and with their defaults by word."""
    old = {name: data[name] for name in ("INPUT", "STATIONS", "CUBE")}
    before, good, log = run(provider, {**old, "TABLE": str(tmp_path / "old.csv"), "OUTPUT": str(tmp_path / "old.gpkg")})
    assert good, log
    words = {"UPSCALING": "mean", "DEPTH_FILTER": "none", "DEPTH_DAYS": 10.0}
    after, good, log = run(provider, {**old, **words, "TABLE": str(tmp_path / "new.csv"), "OUTPUT": str(tmp_path / "new.gpkg")})
    assert good, log
    assert (tmp_path / "old.csv").read_bytes() == (tmp_path / "new.csv").read_bytes()
    assert [before[name] for name in ("MEAN_R", "MEAN_RMSE", "CELLS")] == [after[name] for name in ("MEAN_R", "MEAN_RMSE", "CELLS")]
    assert "SITES" not in before and not list(tmp_path.glob("*sites*"))


def test_the_validation_against_smap_has_strata_too(provider, data, tmp_path):
    algorithm = provider.algorithm("validatesatellite")
    known = {d.name(): d for d in algorithm.parameterDefinitions()}
    assert known["STRATA"].flags() & QgsProcessingParameterDefinition.FlagAdvanced and not known["STRATA_TABLE"].createByDefault()
    given = {"INPUT": data["INPUT"], "REFERENCE": data["CUBE"], "REPORT": str(tmp_path / "r.html")}
    feedback = QgsProcessingFeedback()
    plain, good = algorithm.create().run(given, QgsProcessingContext(), feedback)
    assert good, feedback.textLog()
    asked = {"STRATA": data["STRATA"], "STRATA_TABLE": str(tmp_path / "strata.csv"), "FIGURES": str(tmp_path / "figures")}
    found, good = algorithm.create().run({**given, **asked}, QgsProcessingContext(), feedback)
    assert good, feedback.textLog()
    assert "STRATA_TABLE" not in plain and found["STRATA_TABLE"] == asked["STRATA_TABLE"] and found["MEAN_R"] == plain["MEAN_R"]
    assert [row["stratum"] for row in read(asked["STRATA_TABLE"])][-3:] == ["frozen", "class 1", "class 2"]
    assert (tmp_path / "figures" / "strata.pdf").stat().st_size


def test_qgis_process_takes_and_refuses_them(qgis_process, data, tmp_path):
    found = qgis_process.results("annsm:validatestations", **data, UPSCALING="voronoi", DEPTH_FILTER="fitted",
                                 TABLE=tmp_path / "t.csv", STRATA_TABLE=tmp_path / "strata.csv", SITES=tmp_path / "s.csv")  # fmt: skip
    assert Path(found["SITES"]).stat().st_size and Path(found["STRATA_TABLE"]).stat().st_size
    code, text = qgis_process.run("annsm:validatestations", **{**data, "STRATA": data["INPUT"]}, TABLE=tmp_path / "no.csv")
    assert code != 0 and "STRATA: " in text and "expected a raster of classes, such as a GeoTIFF" in text
    assert "Traceback" not in text and not (tmp_path / "no.csv").exists()
