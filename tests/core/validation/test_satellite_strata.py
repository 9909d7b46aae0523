"""ANN-SM against SMAP by season, frozen soil and class: the numbers by hand, whatever the tiles, and nothing else changed."""

from __future__ import annotations

import csv
import io
from types import SimpleNamespace

import numpy as np
import pytest
from osgeo import gdal, osr
from record_cubes import write_annsm, write_cube

from annsm_plugin.core import validation
from annsm_plugin.core.foundation import store
from annsm_plugin.core.foundation.errors import ParameterError
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.foundation.variables import FLAGS
from annsm_plugin.core.reports import figure_files
from annsm_plugin.core.validation import satellite, satellite_figures, satellite_report, strata
from annsm_plugin.core.validation.request import SatelliteRequest

EXTENT = (90.0, 30.0, 94.0, 33.0)  # 12 x 16 cells
GRID = Grid.from_extent(EXTENT)
DAYS, START = 400, "2018-11-15"
MONTH = (np.datetime64(START) + np.arange(DAYS)).astype("datetime64[M]").astype(int) % 12 + 1
SEASONS = {"December to February": (12, 1, 2), "March to May": (3, 4, 5), "June to August": (6, 7, 8), "September to November": (9, 10, 11)}


def write_classes(path, values, *, west=90.0, projection=4326):
    raster = gdal.GetDriverByName("GTiff").Create(str(path), values.shape[1], values.shape[0], 1, gdal.GDT_Byte)
    raster.SetGeoTransform((west, 0.25, 0.0, 33.0, 0.0, -0.25))
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(projection)
    raster.SetProjection(reference.ExportToWkt())
    band = raster.GetRasterBand(1)
    band.WriteArray(values)
    band.SetNoDataValue(0)
    band.SetCategoryNames(["", "meadow", "steppe", "desert"])
    band = raster = None
    return path


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """ANN-SM is too wet by 0.04 in winter, when the north is frozen; a raster of two classes and cells without any."""
    folder, random = tmp_path_factory.mktemp("by_season"), np.random.default_rng(5)
    write_cube(folder / "cube.nc", extent=EXTENT, start=START, days=DAYS)
    with store.open_grid(folder / "cube.nc", kind="cube") as cube:
        target = cube["sm_smap"].values.astype(float)
    winter = np.isin(MONTH, (12, 1, 2))[:, None, None]
    values = np.maximum(target + random.normal(0, 0.03, target.shape) + 0.04 * winter, 0.0)
    values[random.random(values.shape) < 0.1] = np.nan
    values[:, 0, 0] = np.nan
    values[12:, 0, 1] = np.nan  # a few days, all of autumn
    values = values.astype("float32").astype(float)
    frozen = winter & (np.arange(12) < 5)[None, :, None] & np.ones(values.shape, bool)
    flags = np.where(frozen, FLAGS["soil_frozen"] | FLAGS["amsre_day"], FLAGS["amsre_day"]).astype(np.uint8)
    write_annsm(folder / "annsm.nc", values, extent=EXTENT, start=START, flags=flags)
    classes = np.zeros((12, 16), np.uint8)
    classes[:, :6], classes[:, 6:12] = 1, 3
    raster = write_classes(folder / "cover.tif", classes)
    result = validation.validate_satellite(folder / "annsm.nc", folder / "cube.nc", strata=raster)
    return SimpleNamespace(folder=folder, values=values, target=target, frozen=frozen, classes=classes, raster=raster, result=result)


def by_hand(planted, member, min_n=10):
    """Cells, days and means over the cells of R, RMSE, BIAS and ubRMSE on the days of ``member`` (days, rows, columns)."""
    found, days = [], 0
    for row, column in np.ndindex(12, 16):
        x, y = planted.target[:, row, column], planted.values[:, row, column]
        there = member[:, row, column] & np.isfinite(x) & np.isfinite(y)
        if there.sum() >= min_n:
            d = (x - y)[there]
            found.append((np.corrcoef(x[there], y[there])[0, 1], np.sqrt((d**2).mean()), d.mean(), d.std()))
            days += int(there.sum())
    return len(found), days, np.mean(found, axis=0)


def members(planted):
    shape = planted.values.shape
    for name, months in SEASONS.items():
        yield "season", name, np.broadcast_to(np.isin(MONTH, months)[:, None, None], shape)
    yield "soil", "unfrozen", ~planted.frozen
    yield "soil", "frozen", planted.frozen
    yield "cover", "meadow", np.broadcast_to(planted.classes == 1, shape)
    yield "cover", "desert", np.broadcast_to(planted.classes == 3, shape)


def test_every_stratum_by_hand(planted):
    wanted = list(members(planted))
    assert [(row["kind"], row["stratum"]) for row in planted.result.strata] == [(kind, name) for kind, name, _ in wanted]
    for row, (_, name, member) in zip(planted.result.strata, wanted):
        cells, days, means = by_hand(planted, member)
        assert (row["product"], row["cells"], row["days"]) == ("ANN-SM", cells, days), name
        np.testing.assert_allclose([row[m] for m in ("r", "rmse", "bias", "ubrmse")], means, rtol=1e-6, err_msg=name)
        assert row["r_low"] < row["r"] < row["r_high"]


def test_the_planted_error_is_where_it_was_planted(planted):
    bias = {row["stratum"]: row["bias"] for row in planted.result.strata}
    assert bias["December to February"] == pytest.approx(-0.04, abs=0.002) and bias["frozen"] == pytest.approx(-0.04, abs=0.003)
    assert bias["June to August"] == pytest.approx(0.0, abs=0.002)


def test_the_least_of_days_is_that_of_the_request(planted):
    result = validation.validate_satellite(planted.folder / "annsm.nc", planted.folder / "cube.nc", min_n=70, strata=planted.raster)
    for row, (kind, name, member) in zip(result.strata, members(planted)):
        if kind == "season":
            assert (row["cells"], row["days"]) == by_hand(planted, member, 70)[:2], name
    assert result.strata[1]["cells"] < planted.result.strata[1]["cells"]


def test_tiles_do_not_matter(planted, monkeypatch):
    monkeypatch.setattr(store, "TILE", (5, 7))
    parts = validation.validate_satellite(planted.folder / "annsm.nc", planted.folder / "cube.nc", strata=planted.raster)
    for one, other in zip(planted.result.strata, parts.strata):
        assert [one[name] for name in strata.COLUMNS[:5]] == [other[name] for name in strata.COLUMNS[:5]]
        np.testing.assert_allclose([one[name] for name in strata.COLUMNS[5:]], [other[name] for name in strata.COLUMNS[5:]], rtol=1e-9)


def test_what_was_there_before_is_the_same(planted):
    plain = validation.validate_satellite(planted.folder / "annsm.nc", planted.folder / "cube.nc")
    assert validation.satellite_csv(plain) == validation.satellite_csv(planted.result)
    assert (plain.summary, plain.warnings, plain.means) == (planted.result.summary, planted.result.warnings, planted.result.means)
    assert repr(plain.strata) == repr(planted.result.strata[:6])


def test_flags_that_are_not_there_leave_seasons(planted, tmp_path):
    dates = np.datetime64(START) + np.arange(DAYS)
    with store.GridWriter(tmp_path / "bare.nc", GRID, dates, ["soil_moisture"], {"annsm_kind": "annsm"}) as out:
        out.put("soil_moisture", slice(None), planted.values)
    result = validation.validate_satellite(tmp_path / "bare.nc", planted.folder / "cube.nc")
    assert repr(result.strata) == repr(planted.result.strata[:4])


def test_table_report_and_figures(planted, tmp_path):
    request = SatelliteRequest(
        annsm=planted.folder / "annsm.nc", reference=planted.folder / "cube.nc", strata=planted.raster,
        strata_table=tmp_path / "strata.csv", report=tmp_path / "r.html", figures=tmp_path / "figures",
    )  # fmt: skip
    result = satellite.run(request)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "strata.csv").read_text(encoding="utf-8"))))
    assert list(rows[0]) == list(strata.COLUMNS) and len(rows) == 8
    assert float(rows[-1]["ubrmse"]) == pytest.approx(result.strata[-1]["ubrmse"], rel=1e-5)
    assert all((tmp_path / "figures" / f"strata{ending}").stat().st_size for ending in figure_files.ENDINGS)
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "By season, soil and class" in text and "desert" in text and f">{result.strata[0]['days']}<" in text
    assert "http" not in text and "<script" not in text


def test_nothing_to_compare_has_no_section(tmp_path):
    write_cube(tmp_path / "cube.nc", start="2019-04-01", days=30)
    write_annsm(tmp_path / "annsm.nc", np.full((30, 4, 4), np.nan))
    result = validation.validate_satellite(tmp_path / "annsm.nc", tmp_path / "cube.nc")
    assert [row["cells"] for row in result.strata] == [0] * 6
    satellite_report.write(tmp_path / "r.html", result)
    assert "By season, soil and class" not in (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "strata" not in [figure.name for figure in satellite_figures.publication(result)]


def test_a_raster_that_cannot_serve_is_refused_before_work(planted, tmp_path):
    far = write_classes(tmp_path / "far.tif", planted.classes, west=10.0)
    for path, says in (
        (tmp_path / "none.tif", "none.tif does not exist; expected a raster of classes"),
        (far, "far.tif has no value in the grid of ANN-SM; expected classes from 90 to 94 E, 30 to 33 N"),
    ):
        request = SatelliteRequest(
            annsm=planted.folder / "annsm.nc", reference=planted.folder / "cube.nc", strata=path, report=tmp_path / "r.html"
        )
        with pytest.raises(ParameterError, match=f"STRATA: .*{says}"):
            satellite.check(request)


def test_without_strata_the_rest_is_the_same(planted):
    from annsm_plugin.core.validation.request import SatelliteRequest

    asked = SatelliteRequest(annsm=planted.folder / "annsm.nc", reference=planted.folder / "cube.nc", strata=planted.raster)
    found = satellite.compare(asked, by_stratum=False)
    assert not found.strata and planted.result.strata
    assert found.means == planted.result.means and found.summary == planted.result.summary


def test_long_names_of_classes_do_not_push_the_columns_apart(planted):
    from annsm_plugin.core.validation import strata_figure

    rows = [
        {**row, "stratum": f"evergreen needleleaf forest, {row['stratum']}"} if row["kind"] == "cover" else row
        for row in planted.result.strata
    ]
    drawing = strata_figure.draw_strata(rows)
    drawing.canvas.draw()
    places = sorted((axes.get_position().x0, axes.get_position().x1) for axes in drawing.axes[:3])
    assert len(places) == 3 and all(0 < right[0] - left[1] < 0.05 for left, right in zip(places, places[1:])), places
