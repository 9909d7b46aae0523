"""validation.satellite: planted agreement is found, degenerate cells are defined, the report is whole."""

import csv
import io

import numpy as np
import pytest
from record_cubes import write_annsm, write_cube

from annsm_plugin.core import validation
from annsm_plugin.core.foundation import store
from annsm_plugin.core.foundation.errors import Cancelled, CubeError, ParameterError
from annsm_plugin.core.foundation.progress import Progress
from annsm_plugin.core.validation import satellite_report

EXTENT = (90.0, 30.0, 94.0, 33.0)  # 12 x 16 cells


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("satellite")
    write_cube(folder / "cube.nc", extent=EXTENT, start="2019-04-01", days=300)
    random = np.random.default_rng(5)
    with store.open_grid(folder / "cube.nc", kind="cube") as cube:
        target = cube["sm_smap"].values
    values = target - 0.02 + random.normal(0, 0.03, target.shape)  # ANN-SM too dry by 0.02
    values[:, 0, 0] = np.nan  # no day in common
    values[5:, 0, 1] = np.nan  # five at most
    values[:, 0, 2] = 0.2  # constant
    uncertainty = np.full(values.shape, np.hypot(0.03, 0.02))
    write_annsm(folder / "annsm.nc", values, extent=EXTENT, uncertainty=uncertainty, attributes={"synthetic": "for a test"})
    return folder, values, target


def test_planted_errors_are_found(files):
    folder, values, target = files
    result = validation.validate_satellite(folder / "annsm.nc", folder / "cube.nc", start="2019-04-01", end="2019-12-31")
    days = 275
    assert result.days == days
    x, y = target[:days, 3, 4], values[:days, 3, 4].astype("float32")
    both = np.isfinite(x) & np.isfinite(y)
    assert result.n[3, 4] == both.sum()
    assert result.r[3, 4] == pytest.approx(np.corrcoef(x[both], y[both])[0, 1], abs=1e-6)
    assert result.bias[3, 4] == pytest.approx((x - y)[both].mean(), abs=1e-6)
    assert result.means["bias"][0] == pytest.approx(0.02, abs=0.004)
    assert np.nanmedian(result.bias) > 0.015  # the sign: SMAP - ANN-SM
    assert np.nanmedian(result.ubrmse) == pytest.approx(0.03, abs=0.003)
    assert result.paper == {"r": 0.72, "rmse": 0.034, "bias": 0.0122}


def test_cells_without_enough_days(files):
    folder, *_ = files
    result = validation.validate_satellite(folder / "annsm.nc", folder / "cube.nc")
    assert result.n[0, 0] == 0 and 0 < result.n[0, 1] <= 5
    for name in ("r", "rmse", "bias", "ubrmse", "anomaly_r", "p"):
        assert np.isnan(result.maps[name][0, :2]).all()
    assert np.isnan(result.r[0, 2]) and np.isfinite(result.rmse[0, 2])
    assert any("1 cells have no common day, 1 have fewer than 10" in s for s in result.summary)
    assert any("1 cells have no R" in s for s in result.summary)


def test_days_that_were_trained_on_are_named(tmp_path, files):
    folder, values, _ = files
    told = {"training_start": "2019-04-01", "training_end": "2019-06-30"}
    path = tmp_path / "trained.nc"
    write_annsm(path, values, extent=EXTENT, attributes=told)
    whole = validation.validate_satellite(path, folder / "cube.nc")
    seen = sum(d <= np.datetime64("2019-06-30") for d in np.datetime64("2019-04-01") + np.arange(300))
    assert whole.in_training == seen == 91
    assert whole.warnings[0].startswith(f"91 of the {whole.days} compared dates lie in the training period (2019-04-01 to 2019-06-30)")
    assert validation.validate_satellite(path, folder / "cube.nc", end="2019-05-01").warnings[0].startswith("All 31 compared dates")
    after = validation.validate_satellite(path, folder / "cube.nc", start="2019-07-01")
    assert after.in_training == 0 and not any("training" in text for text in after.warnings)


def test_days_are_those_that_some_cell_has(tmp_path, files):
    folder, values, _ = files
    thin = values.copy()
    thin[::2] = np.nan
    write_annsm(tmp_path / "thin.nc", thin, extent=EXTENT)
    result = validation.validate_satellite(tmp_path / "thin.nc", folder / "cube.nc")
    counts = result.n[result.n >= 10]
    assert result.days == 150
    assert f"median {np.median(counts):.0f} days in a cell, {counts.min():.0f} to {counts.max():.0f}" in result.summary[0]


def test_table_of_cells(files):
    folder, *_ = files
    result = validation.validate_satellite(folder / "annsm.nc", folder / "cube.nc")
    rows = list(csv.DictReader(io.StringIO(validation.satellite_csv(result))))
    assert len(rows) == (result.n > 0).sum()
    row = next(r for r in rows if (float(r["lat"]), float(r["lon"])) == (result.grid.lat[3], result.grid.lon[4]))
    for name in ("r", "rmse", "bias", "ubrmse", "n", "p", "r_low", "r_high", "anomaly_r", "effective_n"):
        assert float(row[name]) == pytest.approx(result.maps[name][3, 4], rel=1e-5)


def test_intervals_hold_the_means_and_coverage_is_counted(files):
    folder, *_ = files
    result = validation.validate_satellite(folder / "annsm.nc", folder / "cube.nc")
    for mean, low, high in result.means.values():
        assert low <= mean <= high
    assert result.coverage["68"] == pytest.approx(0.68, abs=0.04)
    low, high = result.maps["r_low"], result.maps["r_high"]
    there = np.isfinite(result.r)
    assert ((low <= result.r) & (result.r <= high))[there].all()


def test_tiles_do_not_matter(files, monkeypatch):
    folder, *_ = files
    whole = validation.validate_satellite(folder / "annsm.nc", folder / "cube.nc")
    monkeypatch.setattr(store, "TILE", (5, 7))
    parts = validation.validate_satellite(folder / "annsm.nc", folder / "cube.nc")
    for name, values in whole.maps.items():
        np.testing.assert_allclose(parts.maps[name], values, rtol=1e-9)


def test_a_reference_of_another_region_is_placed_rightly(files, tmp_path):
    folder, values, _ = files
    write_annsm(tmp_path / "part.nc", values[:, 2:6, 3:9], extent=(90.75, 31.5, 92.25, 32.5))
    whole = validation.validate_satellite(folder / "annsm.nc", folder / "cube.nc")
    part = validation.validate_satellite(tmp_path / "part.nc", folder / "cube.nc")
    np.testing.assert_allclose(part.r, whole.r[2:6, 3:9])


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"start": "2020-01-01", "end": "2019-01-01"}, "after END"),
        ({"start": "2001-01-01", "end": "2002-01-01"}, "none is in the test period"),
        ({"min_n": 1}, "at least 2"),
    ],
)
def test_bad_parameters(files, wrong, says):
    folder, *_ = files
    with pytest.raises(ParameterError, match=says):
        validation.validate_satellite(folder / "annsm.nc", folder / "cube.nc", **wrong)


def test_bad_files(files, tmp_path):
    folder, *_ = files
    write_cube(tmp_path / "none.nc", extent=EXTENT, start="2019-04-01", days=50, drop=("sm_smap",))
    with pytest.raises(CubeError, match="no SMAP"):
        validation.validate_satellite(folder / "annsm.nc", tmp_path / "none.nc")
    with pytest.raises(CubeError, match="'soil_moisture'"):
        validation.validate_satellite(folder / "cube.nc", folder / "cube.nc")
    write_cube(tmp_path / "far.nc", extent=(10, 10, 11, 11), start="2019-04-01", days=50)
    with pytest.raises(CubeError, match="other cells"):
        validation.validate_satellite(folder / "annsm.nc", tmp_path / "far.nc")
    write_cube(tmp_path / "old.nc", extent=EXTENT, start="2015-04-01", days=50)
    with pytest.raises(CubeError, match="no day that ANN-SM has"):
        validation.validate_satellite(folder / "annsm.nc", tmp_path / "old.nc")


def test_cancel(files):
    class Stop(Progress):
        def cancelled(self):
            return True

    folder, *_ = files
    with pytest.raises(Cancelled):
        validation.validate_satellite(folder / "annsm.nc", folder / "cube.nc", progress=Stop())


def test_report_is_one_file_that_needs_nothing_else(files, tmp_path):
    folder, *_ = files
    result = validation.validate_satellite(folder / "annsm.nc", folder / "cube.nc")
    satellite_report.write(tmp_path / "report.html", result)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert len(text) < 5e6
    assert text.count("data:image/png;base64,") == 4
    assert "http" not in text and "<script" not in text and "<link" not in text
    assert "paper 0.72" in text and f"{result.means['r'][0]:.3f}" in text
    assert "Synthetic data" in text


def test_a_report_of_nothing_still_comes(tmp_path):
    write_cube(tmp_path / "cube.nc", start="2019-04-01", days=30)
    write_annsm(tmp_path / "annsm.nc", np.full((30, 4, 4), np.nan))
    result = validation.validate_satellite(tmp_path / "annsm.nc", tmp_path / "cube.nc")
    assert any("no measure could be computed" in w for w in result.warnings)
    satellite_report.write(tmp_path / "report.html", result)
    assert "no cell" not in result.summary[0] and (tmp_path / "report.html").stat().st_size > 10_000


def test_the_step_between_the_sensors_is_said(tmp_path):
    extent = (90.0, 32.0, 90.5, 32.5)
    days = 1500
    write_cube(tmp_path / "cube.nc", extent=extent, start="2010-08-01", days=days)
    with store.open_grid(tmp_path / "cube.nc", kind="cube") as cube:
        values = cube["sm_gldas"].values.copy()
        dates = cube["time"].values.astype("datetime64[D]")
    values[dates >= np.datetime64("2012-07-02")] += 0.04
    values[(dates > np.datetime64("2011-10-04")) & (dates < np.datetime64("2012-07-02"))] = np.nan
    write_annsm(tmp_path / "annsm.nc", values, extent=extent, start="2010-08-01")
    late = validation.validate_satellite(tmp_path / "annsm.nc", tmp_path / "cube.nc", start="2013-01-01", end="2013-12-31")
    assert any("changes by +0.0400 m3 m-3 against GLDAS" in sentence and "4 cells" in sentence for sentence in late.summary)
    write_annsm(tmp_path / "late.nc", values[900:], extent=extent, start="2013-01-17")
    assert not any("AMSR-E" in s for s in validation.validate_satellite(tmp_path / "late.nc", tmp_path / "cube.nc").summary)
