"""Triple collocation of files: planted errors come back, on cubes and on the demo's product files; degenerate cells; the report."""

from __future__ import annotations

import re

import numpy as np
import pytest
from demo_scene import DAYS, scene_of
from osgeo import gdal
from record_cubes import write_annsm

from annsm_plugin.core import demo
from annsm_plugin.core.demo import formats, orbits, scene
from annsm_plugin.core.foundation import store
from annsm_plugin.core.foundation.errors import Cancelled
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.foundation.progress import Progress
from annsm_plugin.core.foundation.regrid import Linear
from annsm_plugin.core.reports import figure_files
from annsm_plugin.core.series.sources import Reader, look
from annsm_plugin.core.stations import reading
from annsm_plugin.core.statistics import triple_collocation as estimates
from annsm_plugin.core.triple_collocation import maps, report, request

EXTENT = (90.0, 32.0, 91.0, 33.0)
GRID = Grid.from_extent(EXTENT)
ERRORS = (0.030, 0.040, 0.035)
DAYS_IN_ALL = 1800


def three(folder, *, errors=ERRORS, days=DAYS_IN_ALL, change=None, seed=0):
    """A cube with sm_gldas (slope 0.7) and sm_smap, and an ANN-SM file, all of one truth with independent errors; a tenth missing.

    ``change(name, values (days, rows, columns))`` may alter what is written.
    """
    random = np.random.default_rng(seed)
    shape = (days, *GRID.shape)
    truth = np.zeros(shape)
    for day in range(1, days):
        truth[day] = 0.9 * truth[day - 1] + 0.06 * np.sqrt(1 - 0.81) * random.normal(size=shape[1:])
    values = {}
    for name, slope, error in zip(("soil_moisture", "sm_smap", "sm_gldas"), (1.0, 1.0, 0.7), errors):
        values[name] = 0.3 + slope * truth + random.normal(0, error, shape)
        values[name][random.random(shape) < 0.1] = np.nan
        if change:
            values[name] = change(name, values[name])
    dates = np.datetime64("2015-04-01") + np.arange(days)
    cube = folder / "cube.nc"
    described = {"annsm_kind": "cube", "synthetic": "made for a test"}
    with store.GridWriter(cube, GRID, dates, ["sm_smap", "sm_gldas"], described) as out:
        for name in ("sm_smap", "sm_gldas"):
            out.put(name, slice(None), values[name])
    annsm = write_annsm(folder / "annsm.nc", values["soil_moisture"], start="2015-04-01", extent=EXTENT)
    return {"x": annsm, "y": cube, "z": cube, "variables": (None, "smap", "gldas")}, values


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    given, values = three(tmp_path_factory.mktemp("planted"))
    return given, values, maps.collocate(**given)


def test_planted_errors_are_recovered_within_15_percent_in_every_cell(planted):
    _, values, result = planted
    assert result.titles == ("ANN-SM", "SMAP", "GLDAS") and result.cells == 16
    together = np.isfinite(list(values.values())).all(axis=0)
    assert (result.maps["n"] == together.sum(axis=0)).all() and result.maps["n"].min() >= 1000
    for name, error in zip("xyz", ERRORS):
        np.testing.assert_allclose(result.maps[f"std_{name}"], error, rtol=0.15)
        assert result.means[f"std_{name}"][0] == pytest.approx(error, rel=0.04)
    expected = [1 / np.sqrt(1 + (error / (slope * 0.06)) ** 2) for error, slope in zip(ERRORS, (1, 1, 0.7))]
    for name, r in zip("xyz", expected):
        assert result.means[f"r_{name}"][0] == pytest.approx(r, abs=0.03)
    assert result.means["scaled_z"][0] == pytest.approx(ERRORS[2] / 0.7, rel=0.05)


def test_intervals_hold_the_planted_errors(planted):
    _, _, result = planted
    inside = [(result.maps[f"std_{n}_low"] <= error) & (error <= result.maps[f"std_{n}_high"]) for n, error in zip("xyz", ERRORS)]
    assert np.mean(inside) > 0.8
    assert (result.maps["r_x_low"] < result.maps["r_x"]).all() and (result.maps["r_x"] < result.maps["r_x_high"]).all()


def test_anomalies_keep_the_errors_and_take_the_slow_signal(planted):
    given, _, result = planted
    found = maps.collocate(**given, anomaly_days=35, draws=0)
    for name, error in zip("xyz", ERRORS):
        assert found.means[f"std_{name}"][0] == pytest.approx(error, rel=0.06)
        assert found.means[f"r_{name}"][0] < result.means[f"r_{name}"][0] - 0.01
    assert "std_x_low" not in found.maps and "35 days" in found.settings["anomalies"]


def test_pairs_that_share_something_are_named_and_the_caveat_is_said(planted):
    _, _, result = planted
    text = "\n".join(result.warnings)
    assert "errors of ANN-SM and SMAP cannot be taken as independent: ANN-SM is trained on SMAP" in text
    assert "errors of ANN-SM and GLDAS cannot be taken as independent: GLDAS is an input of ANN-SM" in text
    assert "SMAP and GLDAS cannot" not in text
    assert maps.CAVEAT in result.summary


def test_two_of_one_family_are_named(planted, tmp_path):
    given, values, _ = planted
    other = write_annsm(tmp_path / "second.nc", values["sm_smap"], start="2015-04-01", extent=EXTENT)
    result = maps.collocate(given["x"], other, given["z"], variables=(None, None, "gldas"), draws=0)
    assert result.titles[:2] == ("ANN-SM (annsm)", "ANN-SM (second)")
    assert any("both are ANN-SM" in warning for warning in result.warnings)


def test_errors_that_are_shared_make_both_seem_better(tmp_path):
    """What X and Y share counts as truth: the warning is not for nothing."""
    shared = np.random.default_rng(5).normal(0, 0.03, (DAYS_IN_ALL, *GRID.shape))
    given, _ = three(tmp_path, change=lambda name, v: v if name == "sm_gldas" else v + shared)
    result = maps.collocate(**given, draws=0)
    real = np.hypot(ERRORS[0], 0.03)
    assert result.means["std_x"][0] < 0.85 * real
    assert result.means["std_z"][0] > 1.1 * ERRORS[2]


def test_degenerate_cells_have_a_status_and_no_number(tmp_path):
    def change(name, values):
        if name == "soil_moisture":
            values[:, 0, 0] = np.nan  # no common day
            values[1:, 0, 1] = np.nan  # one day at most
            values[0, 0, 1] = 0.3
            values[:, 0, 2] = 0.25  # constant
            values[80:, 0, 3] = np.nan  # too few
        elif name == "sm_smap":
            values[0, 0, 1] = 0.3
            values[:, 1, 0] = 0.6 - values[:, 1, 0]  # runs against the two others: allowed, negative R
        else:
            values[0, 0, 1] = 0.3
        return values

    given, _ = three(tmp_path, change=change)
    result = maps.collocate(**given, draws=50)
    assert result.maps["status"][0].tolist() == [1, 2, 3, 2]
    assert result.maps["n"][0, :2].tolist() == [0, 1] and 40 < result.maps["n"][0, 3] <= 80
    assert all(np.isnan(values[0]).all() for name, values in result.maps.items() if name not in ("n", "status"))
    assert (result.maps["status"][1:] == 0).all() and np.isfinite(result.maps["std_x"][1:]).all()
    assert result.maps["r_y"][1, 0] < -0.5 < 0.5 < result.maps["r_x"][1, 0]
    assert "12 of 16 cells estimated" in result.summary[0]
    assert "1 no common day, 2 too few common days (below 100), 1 constant series" in result.summary[0]


def test_means_are_over_the_cells_that_all_three_have(tmp_path):
    """In one cell X is what Y sees and what Z sees, which have little in common: its error variance comes out negative, 2 - 1.2 / 0.2."""

    def change(name, values):
        u, v = np.random.default_rng(8).normal(0, 0.05, (2, values.shape[0]))
        values[:, 2, 2] = 0.3 + {"soil_moisture": u + v, "sm_smap": u, "sm_gldas": v + 0.2 * u}[name]
        return values

    given, _ = three(tmp_path, change=change)
    result = maps.collocate(**given, draws=0)
    whole = np.all([np.isfinite(result.maps[f"std_{own}"]) for own in "xyz"], axis=0)
    assert whole.sum() == 15 and not whole[2, 2] and any(np.isfinite(result.maps[f"std_{own}"][2, 2]) for own in "xyz")
    for own in "xyz":
        assert result.means[f"std_{own}"][0] == pytest.approx(result.maps[f"std_{own}"][whole].mean())
    assert "Means are over the 15 cells in which all three have an estimate." in result.summary


def test_too_few_days_everywhere_is_said_with_what_to_do(tmp_path):
    given, _ = three(tmp_path, days=60)
    result = maps.collocate(**given)
    assert result.cells == 0 and np.isnan(result.means["std_x"][0])
    assert any("none has 100 days" in w and "a lower MIN_N may help" in w for w in result.warnings)
    report.triple(tmp_path / "r.html", result)
    assert maps.collocate(**given, min_n=30).cells == 16


def test_two_records_that_never_meet(tmp_path):
    """Their periods overlap, but no day has all three."""

    def change(name, values):
        values[:30] = np.nan if name == "soil_moisture" else values[:30]
        values[30:] = np.nan if name == "sm_smap" else values[30:]
        return values

    given, _ = three(tmp_path, days=60, change=change)
    result = maps.collocate(**given)
    assert (result.maps["status"] == 1).all() and result.cells == 0
    assert any("at most 0 days" in w for w in result.warnings)


def test_cancelling_stops(planted):
    class Stop(Progress):
        def cancelled(self):
            return True

    with pytest.raises(Cancelled):
        maps.collocate(**planted[0], progress=Stop())


def test_rasters_and_report(planted, tmp_path):
    _, _, result = planted
    paths = maps.write_maps(result, {name: tmp_path / f"{name}.tif" for name in ("std_y", "r_z", "n")})
    raster = gdal.Open(str(paths["std_y"]))
    assert raster.GetGeoTransform() == (90.0, 0.25, 0.0, 33.0, 0.0, -0.25)
    np.testing.assert_allclose(raster.ReadAsArray(), result.maps["std_y"], rtol=1e-6)
    assert raster.GetRasterBand(1).GetUnitType() == "m3 m-3"
    page = report.triple(tmp_path / "r.html", result).read_text()
    assert request.INDEPENDENCE.split(":")[0] in page and "ANN-SM is trained on SMAP" in page
    assert "made for a test" in page and "McColl" in page
    assert page.count("data:image/png") == 4 and len(page) < 5e6 and not re.search(r"(src|href)='?http", page)
    written = figure_files.write(tmp_path / "figures", report.publication(result))
    assert len(written) == 12 and all(path.stat().st_size > 300 for path in written)
    header, first, *_ = (tmp_path / "figures" / "error_std_maps_numbers.csv").read_text().splitlines()
    assert header == "lat,lon,std_x,std_y,std_z,n"
    assert float(first.split(",")[2]) == pytest.approx(result.maps["std_x"][0, 0], rel=1e-5)


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """A year of the demo's LPRM, JAXA and SMOS files and the grid they are on."""
    folder, world = tmp_path_factory.mktemp("archive"), scene_of()
    (folder / "SYNTHETIC.txt").write_text("made for a test")
    for name in ("lprm", "jaxa", "smos"):
        (folder / name).mkdir()
    for date in DAYS:
        random = np.random.default_rng([3, int(date.astype(int))])
        world._passes[date] = world.seen(orbits.AMSR2, date, world.lat, world.lon)
        formats.lprm(folder / "lprm", date, "AMSR2", world.grid, *world.lprm(date, random))
        formats.jaxa(folder / "jaxa", date, "AMSR2", world.grid, *world.jaxa(date, random))
        formats.smos(folder / "smos", date, *world.smos(date, random))
    return folder, world


def interpolated(world, error: float) -> float:
    """Standard deviation that white noise of SMOS's pixels, a quarter of them missing, has once it is brought to the cells."""
    rows, columns, lat, lon = world.smos_pixels
    shape = rows.stop - rows.start, columns.stop - columns.start
    linear = Linear(lat.reshape(shape)[:, 0], lon.reshape(shape)[0], world.grid)
    random = np.random.default_rng(0)
    draws = [linear(np.where(random.random(shape) < 0.25, np.nan, error * random.normal(size=shape))) for _ in range(400)]
    return float(np.nanstd(draws))


def test_errors_planted_in_the_demos_files_are_recovered(archive):
    """Cells pooled about their own means, so that N is in the thousands, as the planted errors are the same in all."""
    folder, world = archive
    expected = [scene.LPRM[2], scene.JAXA[2], interpolated(world, scene.SMOS[2])]
    paths = [folder / name for name in ("lprm", "jaxa", "smos")]
    dates = DAYS[1:]
    series = []
    for name, path in zip("XYZ", paths):
        with Reader(look(name, path), world.grid, dates) as read:
            series.append(read(tuple(slice(0, size) for size in world.grid.shape)))
            assert not read.problems
    there = np.isfinite(series).all(axis=0)
    pooled = [np.where(there, v, np.nan) - np.nanmean(np.where(there, v, np.nan), axis=1, keepdims=True) for v in series]
    found = estimates.estimate(*(v.ravel() for v in pooled), min_n=1000)
    assert found.n[0] >= 1000 and found.status[0] == 0
    np.testing.assert_allclose(found.std[:, 0], expected, rtol=0.15)
    result = maps.collocate(*paths, extent=demo.REGIONS["demo"], min_n=30, draws=40)
    assert result.titles == ("LPRM C", "JAXA", "SMOS") and result.synthetic
    # cell by cell there are about fifty days, so that the means of square roots come out somewhat low
    np.testing.assert_allclose([result.means[f"std_{n}"][0] for n in "xyz"], expected, rtol=0.2)
    assert any("LPRM C and JAXA cannot be taken as independent" in w for w in result.warnings)


def test_stations_are_one_of_the_three_and_the_other_cells_are_left_empty(planted, tmp_path):
    given, values, _ = planted
    dates = np.datetime64("2015-04-01") + np.arange(DAYS_IN_ALL)
    random = np.random.default_rng(2)
    times = dates.astype("datetime64[s]") + np.timedelta64(int((1.5 - 90.125 / 15) * 3600), "s")
    moisture = np.nan_to_num(values["sm_smap"][:, 0, 0], nan=0.3) + random.normal(0, 0.001, DAYS_IN_ALL)
    rows = "\n".join(f"{t},{v:.4f}" for t, v in zip(times, moisture))
    table = tmp_path / "site.csv"
    table.write_text("station,lat,lon,time,soil_moisture\n" + "\n".join(f"A,32.875,90.125,{row}" for row in rows.splitlines()))
    found = reading.read(table)
    series = tmp_path / "series.nc"
    reading.write_series(series, found)
    result = maps.collocate(given["x"], series, given["z"], variables=(None, None, "gldas"), draws=0)
    assert result.titles == ("ANN-SM", "stations", "GLDAS") and result.cells == 1
    assert np.isfinite(result.maps["std_y"]).sum() == 1 and np.isfinite(result.maps["std_y"][0, 0])
