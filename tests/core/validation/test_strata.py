"""The comparison with stations by season, by frozen and unfrozen soil and by the classes of a raster; its table and its figure."""

from __future__ import annotations

import csv
import io
from types import SimpleNamespace

import numpy as np
import planted_stations
import pytest
from osgeo import gdal, osr
from record_cubes import write_annsm, write_cube

from annsm_plugin.core import validation
from annsm_plugin.core.foundation import store
from annsm_plugin.core.foundation.errors import ParameterError
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.foundation.variables import FLAGS
from annsm_plugin.core.validation import station_report, strata, strata_figure

EXTENT = (90.0, 32.0, 91.0, 33.0)
GRID = Grid.from_extent(EXTENT)
DAYS = 500
DATES = np.datetime64("2014-11-20") + np.arange(DAYS)
PLACES = [(0, 0), (0, 2), (1, 1), (2, 1), (2, 3), (3, 0)]
CLASSES = np.array([[1, 1, 1, 2], [1, 1, 2, 2], [2, 2, 2, 2], [5, 5, 5, 5]], dtype=float)


def write_raster(path, values, *, bands=1, projection=4326, west=90.0, north=33.0, step=0.25, nodata=None, names=(), kind=gdal.GDT_Float32):
    values = np.asarray(values, dtype=float)
    raster = gdal.GetDriverByName("GTiff").Create(str(path), values.shape[1], values.shape[0], bands, kind)
    raster.SetGeoTransform((west, step, 0.0, north, 0.0, -step))
    if projection:
        reference = osr.SpatialReference()
        reference.ImportFromEPSG(projection)
        raster.SetProjection(reference.ExportToWkt())
    for number in range(bands):
        band = raster.GetRasterBand(number + 1)
        band.WriteArray(values)
        if nodata is not None:
            band.SetNoDataValue(nodata)
        if names:
            band.SetCategoryNames(list(names))
    band = raster = None
    return path


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Six cells with stations, GLDAS and SMAP in a cube, frozen soil by ANN-SM's flags from December to February."""
    folder, random = tmp_path_factory.mktemp("strata"), np.random.default_rng(6)
    _, truth = write_cube(folder / "cube.nc", extent=EXTENT, start=str(DATES[0]), days=DAYS)
    values = truth + random.normal(0, 0.02, truth.shape)
    values[random.random(values.shape) < 0.2] = np.nan
    month = DATES.astype("datetime64[M]").astype(int) % 12 + 1
    flags = np.where(np.isin(month, (12, 1, 2))[:, None, None], FLAGS["soil_frozen"], FLAGS["amsre_day"]) * np.ones(values.shape, int)
    write_annsm(folder / "annsm.nc", values, extent=EXTENT, start=str(DATES[0]), flags=flags.astype(np.uint8))
    given = []
    for number, (row, column) in enumerate(PLACES):
        own = truth[:, row, column] + random.normal(0.01 * number, 0.02, DAYS)
        own[random.random(DAYS) < 0.1] = np.nan
        given.append(planted_stations.station(GRID, DATES, f"S{number}", (row, column), own))
    raster = write_raster(folder / "cover.tif", CLASSES, nodata=5, names=("", "meadow", "steppe"))
    result = validation.validate_stations(folder / "annsm.nc", given, cube=folder / "cube.nc", strata=raster)
    return SimpleNamespace(folder=folder, given=given, month=month, result=result, raster=raster)


def by_hand(result, product, member):
    """Means over the cells of R, RMSE, BIAS and ubRMSE on the days of ``member`` (cells, days); cells with ten days or more."""
    found, days = [], 0
    for cell, values, own in zip(result.cells, result.series[product], member):
        there = own & np.isfinite(values) & np.isfinite(cell.values)
        if there.sum() >= 10:
            x, y = cell.values[there], values[there]
            d = x - y
            found.append((np.corrcoef(x, y)[0, 1], np.sqrt((d**2).mean()), d.mean(), d.std()))
            days += int(there.sum())
    return len(found), days, np.mean(found, axis=0) if found else np.full(4, np.nan)


def row_of(result, kind, stratum, product="ANN-SM"):
    return next(r for r in result.strata if (r["kind"], r["stratum"], r["product"]) == (kind, stratum, product))


def check_row(result, row, member):
    cells, days, means = by_hand(result, row["product"], member)
    assert (row["cells"], row["days"]) == (cells, days)
    np.testing.assert_allclose([row[m] for m in ("r", "rmse", "bias", "ubrmse")], means, rtol=1e-9)


SEASONS = {"December to February": (12, 1, 2), "March to May": (3, 4, 5), "June to August": (6, 7, 8), "September to November": (9, 10, 11)}


@pytest.mark.parametrize("product", ["ANN-SM", "GLDAS", "SMAP"])
@pytest.mark.parametrize("season", SEASONS)
def test_seasons_by_hand(planted, season, product):
    member = np.broadcast_to(np.isin(planted.month, SEASONS[season]), (len(PLACES), DAYS))
    row = row_of(planted.result, "season", season, product)
    check_row(planted.result, row, member)
    assert row["cells"] == 6 and row["r_low"] < row["r"] < row["r_high"]


@pytest.mark.parametrize("product", ["ANN-SM", "GLDAS"])
def test_frozen_and_unfrozen_by_hand(planted, product):
    """By ANN-SM's flags: a day without ANN-SM belongs to neither, for no product."""
    known = np.isfinite(planted.result.series["ANN-SM"])
    winter = np.isin(planted.month, (12, 1, 2))
    for name, member in (("frozen", known & winter), ("unfrozen", known & ~winter)):
        check_row(planted.result, row_of(planted.result, "soil", name, product), member)


@pytest.mark.parametrize(("name", "numbers"), [("meadow", 1), ("steppe", 2)])
def test_classes_by_hand(planted, name, numbers):
    of_cell = np.array([CLASSES[cell.place] for cell in planted.result.cells])
    member = np.broadcast_to((of_cell == numbers)[:, None], (len(PLACES), DAYS))
    row = row_of(planted.result, "cover", name)
    check_row(planted.result, row, member)
    assert row["cells"] == {"meadow": 3, "steppe": 2}[name] and np.isnan(row["r_low"])  # too few cells for an interval
    assert {r["stratum"] for r in planted.result.strata if r["kind"] == "cover"} == {"meadow", "steppe"}  # nodata is no class


def test_without_a_raster_there_are_seasons_and_soil(planted):
    result = validation.validate_stations(planted.folder / "annsm.nc", planted.given)
    assert list(dict.fromkeys(row["kind"] for row in result.strata)) == ["season", "soil"]
    same = [row for row in planted.result.strata if row["product"] == "ANN-SM" and row["kind"] != "cover"]
    assert repr(result.strata) == repr(same)
    assert len(result.table) == 2 * len(PLACES)


def test_a_stratum_with_few_days_has_no_cell(planted):
    result = validation.validate_stations(planted.folder / "annsm.nc", planted.given, start="2014-12-01", end="2015-03-05")
    row = row_of(result, "season", "March to May")
    assert row["cells"] == row["days"] == 0 and np.isnan(row["r"])
    assert row_of(result, "season", "December to February")["cells"] == 6


def test_the_most_frequent_class_of_a_fine_raster_in_another_projection_counts(tmp_path):
    """Pixels of 1 km in metres: two thirds of every cell of a row are of one class."""
    step, size = 1000.0, 200
    x, y = 560_000.0 + step * (np.arange(size) + 0.5), 3_680_000.0 - step * (np.arange(size) + 0.5)
    to_degrees = osr.CoordinateTransformation(*(_reference(code) for code in (32646, 4326)))
    lat = np.array([[to_degrees.TransformPoint(float(e), float(n))[1] for e in x[::20]] for n in y])
    rows = np.floor((33.0 - np.repeat(lat, 20, axis=1)) / 0.25)
    inside = np.random.default_rng(0).random(rows.shape) < 2 / 3
    path = write_raster(tmp_path / "utm.tif", np.where(inside, 10 + rows, 99), projection=32646, west=560_000, north=3_680_000, step=step)
    grid = Grid.from_extent((94.0, 32.0, 95.0, 33.0))
    found, names = strata.classes_of(path, grid)
    np.testing.assert_array_equal(found, np.repeat([[10], [11], [12], [13]], 4, axis=1))
    assert names == {n: f"class {n}" for n in (10, 11, 12, 13)}


def _reference(code):
    found = osr.SpatialReference()
    found.ImportFromEPSG(code)
    found.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return found


def test_names_come_from_the_raster(tmp_path):
    path = write_raster(tmp_path / "named.tif", CLASSES, names=("no", "forest", "forest", "x", "y", ""), kind=gdal.GDT_Byte)
    assert strata.classes_of(path, GRID)[1] == {1: "forest (1)", 2: "forest (2)", 5: "class 5"}


def test_rasters_that_are_no_classes_are_refused(planted, tmp_path):
    fine = 33.0 - 0.0025 * np.add.outer(np.arange(400), 0.1 * np.arange(400))
    netcdf = planted.folder / "annsm.nc"
    wrong = {
        tmp_path / "missing.tif": "missing.tif does not exist; expected a raster of classes",
        netcdf: "annsm.nc is a NetCDF file; expected a raster of classes, such as a GeoTIFF",
        write_raster(tmp_path / "two.tif", CLASSES, bands=2): "two.tif has 2 bands; expected one band, georeferenced",
        write_raster(tmp_path / "bare.tif", CLASSES, projection=0): (
            "bare.tif has 1 band and no projection; expected one band, georeferenced"
        ),
        write_raster(tmp_path / "height.tif", 4000.5 + CLASSES): (
            "height.tif has 3 different values, such as 4001.5 and 4005.5; expected classes: whole numbers, at most 60 of them"
        ),
        write_raster(tmp_path / "metres.tif", np.round(1000 * (fine - 30)), step=0.0025): (
            r"metres.tif has \d+ different values, such as .* expected classes: whole numbers, at most 60 of them"
        ),
        write_raster(tmp_path / "far.tif", CLASSES, west=10.0): (
            "far.tif has no value in the grid of ANN-SM; expected classes from 90 to 91 E, 32 to 33 N"
        ),
    }
    (tmp_path / "text.tif").write_text("no raster", encoding="utf-8")
    wrong[tmp_path / "text.tif"] = "text.tif does not open as a raster"
    for path, says in wrong.items():
        with pytest.raises(ParameterError, match=f"STRATA: .*{says}"):
            validation.validate_stations(netcdf, planted.given, strata=path)


def test_the_table_is_csv(planted):
    rows = list(csv.DictReader(io.StringIO(strata.as_csv(planted.result.strata))))
    assert list(rows[0]) == [
        *("kind", "stratum", "product", "cells", "days", "r", "r_low", "r_high", "rmse", "rmse_low", "rmse_high"),
        *("bias", "bias_low", "bias_high", "ubrmse", "ubrmse_low", "ubrmse_high"),
    ]
    assert len(rows) == 3 * (4 + 2 + 2)
    assert [row["stratum"] for row in rows[::3]] == [*SEASONS, "unfrozen", "frozen", "meadow", "steppe"]
    row = next(r for r in rows if r["stratum"] == "meadow" and r["product"] == "SMAP")
    assert float(row["rmse"]) == pytest.approx(row_of(planted.result, "cover", "meadow", "SMAP")["rmse"], rel=1e-5)
    assert row["r_low"] == ""


def test_the_report_has_the_section(planted, tmp_path):
    station_report.write(tmp_path / "report.html", planted.result)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "By season, soil and class" in text and "meadow" in text and "unfrozen" in text
    row = row_of(planted.result, "season", "June to August")
    assert f"{row['r']:.2f}" in text and f">{row['days']}<" in text
    assert "http" not in text and "<script" not in text


def test_nothing_in_common_has_no_section(planted, tmp_path):
    none = planted_stations.station(GRID, DATES, "none", (1, 1), np.full(DAYS, np.nan))
    result = validation.validate_stations(planted.folder / "annsm.nc", [none], strata=planted.raster)
    station_report.write(tmp_path / "report.html", result)
    assert "By season, soil and class" not in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_the_figure_shows_the_table(planted):
    axes = strata_figure.draw_strata(planted.result.strata).axes
    assert [place.get_title() for place in axes[:3]] == ["season", "soil", "cover"] and len(axes) == 9
    assert [t.get_text() for t in axes[6].get_xticklabels()] == ["DJF", "MAM", "JJA", "SON"]
    assert [t.get_text() for t in axes[8].get_xticklabels()] == ["meadow", "steppe"]
    for place, measure in ((axes[0], "r"), (axes[3], "ubrmse"), (axes[6], "bias")):
        drawn = sorted(float(c.lines[0].get_ydata()[0]) for c in place.containers)
        assert drawn == pytest.approx(sorted(row[measure] for row in planted.result.strata if row["kind"] == "season"))
    assert [t.get_text() for t in axes[0].get_legend().get_texts()] == ["ANN-SM", "GLDAS", "SMAP"]


def test_the_figure_shows_the_largest_of_many_classes():
    row = {**dict.fromkeys(strata.COLUMNS, 0.1), "kind": "soils", "product": "ANN-SM"}
    rows = [{**row, "stratum": f"class {n}", "cells": 40 - n if n < 20 else n + 1} for n in range(30)]
    shown = [t.get_text() for t in strata_figure.draw_strata(rows).axes[2].get_xticklabels()]
    assert shown == [f"class {n}" for n in (*range(11), 29)]


def test_flags_that_are_not_there_leave_the_soil_unknown(planted, tmp_path):
    dates = DATES[:100]
    with store.GridWriter(tmp_path / "bare.nc", GRID, dates, ["soil_moisture"], {"annsm_kind": "annsm"}) as out:
        out.put("soil_moisture", slice(None), np.full((100, 4, 4), 0.2) + 0.001 * np.arange(100)[:, None, None])
    result = validation.validate_stations(tmp_path / "bare.nc", planted.given)
    assert [row["cells"] for row in result.strata if row["kind"] == "soil"] == [0, 0]
    assert sum(row["cells"] for row in result.strata if row["kind"] == "season") > 0
