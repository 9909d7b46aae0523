"""What the record is for, through the real qgis_process: aggregates and trend, and QGIS's own view of the files."""

from __future__ import annotations

import csv
import json
import shlex

import numpy as np
import product_files
import pytest
from osgeo import gdal, ogr, osr
from record_cubes import write_annsm

from annsm_plugin.core.foundation import store


def test_months_and_trend(qgis_process, tmp_path):
    values = 0.2 + 0.00002 * np.arange(1200)[:, None, None] + np.random.default_rng(0).normal(0, 0.02, (1200, 4, 4))
    record = write_annsm(tmp_path / "annsm.nc", values, start="2013-01-01")
    out = {"OUTPUT": tmp_path / "months.nc", "TREND": tmp_path / "trend.tif", "SIGNIFICANCE": tmp_path / "p.tif"}
    found = qgis_process.results("annsm:aggregate", INPUT=record, PERIOD="month", **out)
    assert found["PERIODS"] == 40 and found["SIGNIFICANT"] >= 14
    trend, p = (gdal.Open(str(out[name])).ReadAsArray() for name in ("TREND", "SIGNIFICANCE"))
    assert found["MEDIAN_TREND"] == pytest.approx(np.median(trend), rel=1e-5)
    assert np.median(trend) == pytest.approx(0.0073, abs=0.002) and (p >= 0).all() and (p <= 1).all()
    raster = gdal.Open(f'NETCDF:"{out["OUTPUT"]}":soil_moisture_mean')
    assert raster.RasterCount == 40 and raster.GetGeoTransform()[5] < 0
    assert raster.GetRasterBand(1).ReadAsArray()[0, 0] == pytest.approx(values[:31, 0, 0].mean(), abs=1e-6)


def test_a_base_without_days_is_one_sentence(qgis_process, cube, tmp_path):
    code, text = qgis_process.run("annsm:aggregate", INPUT=cube, BASE="1990-1995", OUTPUT=tmp_path / "x.nc")
    assert code != 0 and "BASE 1990-1995 has no day" in text and "Traceback" not in text
    assert not list(tmp_path.iterdir())


def layer(path, features, epsg=4326):
    """A GeoPackage of (name, WKT) features."""
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(epsg)
    data = ogr.GetDriverByName("GPKG").CreateDataSource(str(path))
    made = data.CreateLayer("places", reference, ogr.wkbUnknown)
    made.CreateField(ogr.FieldDefn("name", ogr.OFTString))
    for name, wkt in features:
        feature = ogr.Feature(made.GetLayerDefn())
        feature.SetField("name", name)
        feature.SetGeometry(ogr.CreateGeometryFromWkt(wkt))
        made.CreateFeature(feature)
    made = data = None
    return path


@pytest.fixture
def record(tmp_path):
    """Four by four cells (90-91 E, 32-33 N), 30 days: row + 0.1 column + 0.001 day, all / 10; one cell is always missing."""
    row, column = np.mgrid[:4, :4]
    values = (row + 0.1 * column + 0.001 * np.arange(30)[:, None, None]) / 10
    values[:, 0, 0] = np.nan
    return write_annsm(tmp_path / "annsm.nc", values, start="2013-01-01")


def lines(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_points_in_another_reference_system(qgis_process, record, tmp_path):
    # 90.30 E, 32.60 N (row 1, column 1) in Web Mercator, and a point in Europe
    x, y = 90.30 * 111319.49079327358, 6378137 * np.log(np.tan(np.pi / 4 + np.radians(32.60) / 2))
    points = layer(tmp_path / "p.gpkg", [("A", f"POINT ({x} {y})"), ("far", "POINT (0 5000000)")], 3857)
    table = tmp_path / "t.csv"
    found = qgis_process.results("annsm:extractseries", INPUT=record, POINTS=points, TABLE=table, FIGURE=tmp_path / "f.png")
    assert found["PLACES"] == 1 and found["VALUES"] == 30
    rows = lines(table)
    assert len(rows) == 30 and {r["place"] for r in rows} == {"A"}
    assert rows[4]["date"] == "2013-01-05" and float(rows[4]["soil_moisture"]) == pytest.approx((1 + 0.1 + 0.004) / 10, abs=1e-6)
    for ending in (".png", ".pdf", ".svg", "_numbers.csv"):
        assert (tmp_path / f"f{ending}").stat().st_size > 0


def test_a_basin_is_weighted_by_area(qgis_process, record, tmp_path):
    # the southern half of row 0 and all of row 1, columns 1 and 2; and half of the empty cell with a quarter of its neighbour
    basin = "POLYGON ((90.25 32.5, 90.75 32.5, 90.75 32.875, 90.25 32.875, 90.25 32.5))"
    corner = "POLYGON ((90.125 32.75, 90.3125 32.75, 90.3125 33, 90.125 33, 90.125 32.75))"
    areas = layer(tmp_path / "p.gpkg", [("basin", basin), ("corner", corner)])
    table = tmp_path / "t.csv"
    found = qgis_process.results("annsm:extractseries", INPUT=record, POINTS=areas, TABLE=table, MIN_SHARE=0.3)
    assert found["PLACES"] == 2
    rows = lines(table)
    top, bottom = 0.5 * np.cos(np.radians(32.875)), np.cos(np.radians(32.625))
    wanted = (top * (0 + 0.15) + bottom * (1 + 0.15)) / (top + bottom) / 10
    first = next(r for r in rows if r["place"] == "basin")
    assert float(first["soil_moisture"]) == pytest.approx(wanted, abs=1e-6) and first["cells"] == "4"
    second = next(r for r in rows if r["place"] == "corner")
    assert float(second["soil_moisture"]) == pytest.approx(0.01, abs=1e-6) and float(second["soil_moisture_share"]) == pytest.approx(
        1 / 3, abs=1e-3
    )
    found = qgis_process.results("annsm:extractseries", INPUT=record, POINTS=areas, TABLE=tmp_path / "u.csv")
    assert found["PLACES"] == 1  # half of the area is the default


def test_what_lies_outside_the_record_counts_in_the_share(qgis_process, record, tmp_path):
    # three quarters outside: of the four columns of a lattice from 89.25 E to 90.25 E the record has the last alone
    areas = layer(tmp_path / "p.gpkg", [("west", "POLYGON ((89.25 32.25, 90.25 32.25, 90.25 32.5, 89.25 32.5, 89.25 32.25))")])
    found = qgis_process.results("annsm:extractseries", INPUT=record, POINTS=areas, TABLE=tmp_path / "t.csv")
    assert found["PLACES"] == 0 and lines(tmp_path / "t.csv") == []
    told = json.loads((tmp_path / "t.run.json").read_text())
    assert told["warnings"] == [
        "west: 75 % of its area lies outside the cells of the input (90 to 91 E, 32 to 33 N) and has no value, "
        "so that no day can reach the least share."
    ]
    qgis_process.results("annsm:extractseries", INPUT=record, POINTS=areas, TABLE=tmp_path / "u.csv", MIN_SHARE=0.25)
    rows = lines(tmp_path / "u.csv")
    assert len(rows) == 30 and all(float(row["soil_moisture_share"]) == pytest.approx(0.25, abs=1e-3) for row in rows)


def test_the_record_of_a_run_names_layers_and_lists(qgis_process, record, tmp_path):
    points = layer(tmp_path / "p.gpkg", [("A", "POINT (90.3 32.6)")])
    qgis_process.results("annsm:extractseries", INPUT=record, POINTS=points, TABLE=tmp_path / "t.csv")
    told = json.loads((tmp_path / "t.run.json").read_text())
    assert {(row["parameter"], row["path"]) for row in told["inputs"]} == {("INPUT", str(record)), ("POINTS", str(points))}
    assert f"POINTS={points}" in told["repeat"]["qgis_process"]
    asked = {"INPUT": record, "PERIOD": "month", "MIN_DAYS": 1, "STATISTICS": ["mean", "anomaly"], "OUTPUT": tmp_path / "m.nc"}
    qgis_process.results("annsm:aggregate", **asked)
    call = json.loads((tmp_path / "m.run.json").read_text())["repeat"]
    assert "STATISTICS=mean STATISTICS=anomaly" in call["qgis_process"] and "'STATISTICS': ['mean', 'anomaly']" in call["python"]
    words = shlex.split(call["qgis_process"].replace(str(tmp_path / "m.nc"), str(tmp_path / "again.nc")))
    given = [word.partition("=") for word in words[words.index("--") + 1 :]]
    again = {name: [v for n, _, v in given if n == name] for name, _, _ in given}
    qgis_process.results("annsm:aggregate", **{name: v if len(v) > 1 else v[0] for name, v in again.items()})
    names = [{str(n) for n in store.open_grid(tmp_path / f, kind="file").data_vars} for f in ("m.nc", "again.nc")]
    assert names[0] == names[1] and "soil_moisture_maximum" not in names[1]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"INPUT": "/no/such/file.nc"}, "does not exist"),
        ({"VARIABLES": "rain"}, "rain"),
        ({"NAME_FIELD": "basin"}, "NAME_FIELD is 'basin'"),
        ({"START": "2020-01-01", "END": "2020-02-01"}, "has no day from"),
        ({"POINTS": "far"}, "None of the 1 places"),
        ({"POINTS": "line"}, "layer of lines"),
    ],
)
def test_what_cannot_be_extracted_is_one_sentence(qgis_process, record, tmp_path, changed, words):
    shapes = {"far": "POINT (0 0)", "line": "LINESTRING (90.1 32.1, 90.5 32.5)", "good": "POINT (90.3 32.3)"}
    points = layer(tmp_path / "p.gpkg", [("A", shapes[changed.get("POINTS", "good")])])
    asked = {"INPUT": record, **changed, "POINTS": points, "TABLE": tmp_path / "x.csv"}
    code, text = qgis_process.run("annsm:extractseries", **asked)
    assert code != 0 and words in text and "Traceback" not in text
    assert not (tmp_path / "x.csv").exists()


def test_a_folder_of_a_product(qgis_process, tmp_path):
    folder = tmp_path / "lprm"
    folder.mkdir()
    seen = (np.datetime64("2015-04-01T19:30") - np.datetime64("1993-01-01")).astype("timedelta64[s]").astype(float)
    product_files.lprm(folder, np.full((720, 1440), 23.0), np.full((720, 1440), seen))
    points = layer(tmp_path / "p.gpkg", [("A", "POINT (90.3 32.6)")])
    found = qgis_process.results("annsm:extractseries", INPUT=folder, POINTS=points, TABLE=tmp_path / "t.csv")
    assert found["VALUES"] == 1
    assert [(r["date"], float(r["soil_moisture"])) for r in lines(tmp_path / "t.csv")] == [("2015-04-02", pytest.approx(0.23))]


def test_triple_collocation(qgis_process, tmp_path):
    random = np.random.default_rng(5)
    truth, paths = 0.3 + 0.05 * random.normal(size=(1200, 4, 4)), {}
    for name, error in (("X", 0.02), ("Y", 0.03), ("Z", 0.04)):
        paths[name] = write_annsm(tmp_path / f"{name}.nc", truth + random.normal(0, error, truth.shape), start="2013-01-01")
    out = {name: tmp_path / f"{name}.tif" for name in ("STD_X", "STD_Y", "STD_Z", "R_X", "R_Y", "R_Z", "N")}
    report, figures = tmp_path / "r.html", tmp_path / "figures"
    found = qgis_process.results("annsm:triplecollocation", **paths, **out, DRAWS=0, REPORT=report, FIGURES=figures)
    assert found["CELLS"] == 16 and found["MEAN_STD_Y"] == pytest.approx(0.03, rel=0.05)
    for name, error in (("X", 0.02), ("Y", 0.03), ("Z", 0.04)):
        values = gdal.Open(str(out[f"STD_{name}"])).ReadAsArray()
        assert np.abs(values / error - 1).max() < 0.15
    assert (gdal.Open(str(out["N"])).ReadAsArray() == 1200).all()
    assert 1000 < report.stat().st_size < 5e6 and "independent" in report.read_text(encoding="utf-8")
    assert {path.suffix for path in figures.iterdir()} == {".png", ".pdf", ".svg", ".csv"}
    code, text = qgis_process.run("annsm:triplecollocation", **{**paths, "Y": paths["X"]}, REPORT=tmp_path / "x.html")
    assert code != 0 and "are the same data" in text and "Traceback" not in text
