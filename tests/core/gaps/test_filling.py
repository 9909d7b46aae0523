"""The step: what is filled, how well, how sure, and what stays as it is."""

from __future__ import annotations

import os
import re
import sys

import gappy_records
import netCDF4
import numpy as np
import pytest
from record_cubes import write_annsm, write_cube

from annsm_plugin.core import gaps
from annsm_plugin.core.foundation.errors import Cancelled, CubeError, MissingLibrary, ParameterError
from annsm_plugin.core.foundation.progress import Progress
from annsm_plugin.core.gaps import convolution, dct, filling
from annsm_plugin.core.network import inpainting, perceptron
from annsm_plugin.core.workers import process
from annsm_plugin.core.workers import run as workers


def stored(path, name):
    """A variable as it is stored, bit for bit."""
    with netCDF4.Dataset(path) as file:
        file.set_auto_maskandscale(False)
        return file[name][:]


def seen(path, name):
    """A variable with NaN where it is missing."""
    with netCDF4.Dataset(path) as file:
        return np.ma.filled(file[name][:].astype(float), np.nan)


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    return gappy_records.write(tmp_path_factory.mktemp("gappy"))


@pytest.fixture(scope="module")
def filled(record, tmp_path_factory):
    """The result of the default method, its file and its report."""
    folder = tmp_path_factory.mktemp("filled")
    result = gaps.fill(record[0], record[1], folder / "filled.nc", report=folder / "report.html")
    return result, folder / "filled.nc", folder / "report.html"


def test_no_estimated_value_changes(record, filled):
    before, after = stored(record[0], "soil_moisture"), stored(filled[1], "soil_moisture")
    kept = np.ones(len(after), dtype=bool)
    kept[gappy_records.LACKING] = False
    there = before != -9999.0
    assert np.array_equal(before[there], after[kept][there])
    assert np.array_equal(stored(record[0], "quality_flag")[there], stored(filled[1], "quality_flag")[kept][there])
    assert not stored(filled[1], "fill_way")[kept][there].any()
    assert np.isnan(seen(filled[1], "soil_moisture_uncertainty")[kept][there]).all()


def test_far_days_are_told_beside_the_farthest_that_was_hidden(filled):
    """Months were hidden: no sentence says that filled days are farther off than anything hidden unless they are."""
    result, _, _ = filled
    for line in result.summary:
        told = re.match(r"Filled days are up to (\d+) days from a known value, hidden ones up to (\d+)", line)
        if told:
            assert int(told[1]) == result.counts["farthest"] > int(told[2]) >= 10


def test_days_are_consecutive_and_full(record, filled):
    result, path, _ = filled
    with netCDF4.Dataset(path) as file:
        days = file["time"][:]
        assert file.annsm_kind == "annsm" and file.fill_method == "best" and file.count_filled == result.counts["filled"]
        assert "count_values" not in file.ncattrs() and file.channels == "common" and "gaps of record.nc filled" in file.history
    assert days.size == 900 and (np.diff(days) == 1).all()
    value, way, flag, sigma = (seen(path, n) for n in ("soil_moisture", "fill_way", "quality_flag", "soil_moisture_uncertainty"))
    assert np.isfinite(value).all() and value.min() >= 0 and value.max() <= 1
    own = way > 0
    assert own.sum() == result.counts["filled"] and result.counts["left"] == 0 and result.counts["days_added"] == 40
    assert ((flag.astype(int) & 64 > 0) == own).all()
    assert (sigma[own] > 0).all() and (sigma[own] < 0.2).all()
    rain = seen(record[1], "precipitation_7h") > 8.75
    assert ((flag.astype(int) & 4 > 0) == rain)[own].all()


def test_hidden_values_come_back_better_than_by_what_needs_no_learning(filled):
    result = filled[0]
    for kind in ("short", "long"):
        line = result.line(kind)
        assert line.n > 500
        assert line.rmse < result.line(kind, "linear").rmse and line.rmse < result.line(kind, "gldas").rmse
        assert 0.90 <= line.coverage <= 0.97
    assert not result.warnings


def test_filled_values_are_near_those_that_were_cut_away(record, filled):
    """The record's own gaps, which no experiment knows."""
    value, way, sigma = (seen(filled[1], n) for n in ("soil_moisture", "fill_way", "soil_moisture_uncertainty"))
    own = way > 0
    error = np.abs(value - record[2])[own]
    assert 0.88 < (error <= 1.96 * sigma[own]).mean() < 0.99
    outage = np.zeros(own.shape, dtype=bool)
    outage[gappy_records.OUTAGE] = True
    assert error[~outage[own]].mean() < 0.5 * error[outage[own]].mean()


def test_farther_from_known_days_is_less_sure(filled):
    sigma = seen(filled[1], "soil_moisture_uncertainty")
    start = gappy_records.OUTAGE.start
    assert np.nanmean(sigma[start + 25 : start + 35]) > 1.2 * np.nanmean(sigma[start : start + 2])


def test_report_tells_the_experiment(filled):
    text = filled[2].read_text(encoding="utf-8")
    for words in ("Known values hidden and filled", "linear interpolation in time", "GLDAS, CDF-matched", "Errors by distance", "covered"):
        assert words in text
    assert text.count("data:image/png") == 2


def test_same_seed_same_bits_and_a_part_is_a_part(record, filled, tmp_path):
    gaps.fill(record[0], record[1], tmp_path / "part.nc", start="2015-12-01", end="2016-03-31")
    part = slice(244, 366)
    for name in ("soil_moisture", "soil_moisture_uncertainty", "quality_flag", "fill_way"):
        assert np.array_equal(stored(tmp_path / "part.nc", name), stored(filled[1], name)[part]), name


def test_the_records_own_uncertainty_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(perceptron, "EPOCHS", 3)
    annsm, cube, _ = gappy_records.write(tmp_path, uncertainty=True, days=420)
    gaps.fill(annsm, cube, tmp_path / "out.nc")
    sigma, way = (seen(tmp_path / "out.nc", n) for n in ("soil_moisture_uncertainty", "fill_way"))
    assert (sigma[way == 0] == np.float32(0.01)).all() and np.isfinite(sigma).all()


@pytest.mark.skipif(os.name == "nt", reason="needs a shell")
def test_a_worker_that_does_not_start_is_no_lack_of_torch(record, tmp_path, monkeypatch):
    """With another way to fill, the result would be another; of an interpreter that has no PyTorch it is said."""
    python = tmp_path / "python3"
    monkeypatch.setenv("ANNSM_PYTHON", str(python))
    python.write_text("#!/bin/sh\nkill -9 $$\n")
    python.chmod(0o755)
    with pytest.raises(ParameterError, match="does not start as a worker"):
        gaps.fill(record[0], record[1], tmp_path / "best.nc")
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    monkeypatch.setattr(process, "has", lambda about, need: False)
    assert "lacks the package 'torch'" in gaps.fill(record[0], record[1], tmp_path / "best.nc").warnings[0]


def test_cosine_transform_needs_no_torch(record, tmp_path, monkeypatch):
    def nothing(where):
        raise MissingLibrary("The Python package 'torch' (training) is not installed.")

    monkeypatch.setattr(workers, "check", nothing)
    result = gaps.fill(record[0], record[1], tmp_path / "best.nc")
    assert set(result.chosen.values()) == {"dct"} and "Without PyTorch" in result.warnings[0]
    assert np.isfinite(seen(tmp_path / "best.nc", "soil_moisture")).all()
    assert result.line("short").rmse < result.line("short", "linear").rmse
    with pytest.raises(MissingLibrary, match="torch"):
        gaps.fill(record[0], record[1], tmp_path / "network.nc", method="network")
    assert [p.name for p in tmp_path.iterdir()] == ["best.nc"]


def test_cosine_transform_in_blocks_is_that_of_the_whole(record, tmp_path, monkeypatch):
    gaps.fill(record[0], record[1], tmp_path / "whole.nc", method="dct")
    monkeypatch.setattr(dct, "BLOCK", (64, 6, 7))
    gaps.fill(record[0], record[1], tmp_path / "blocks.nc", method="dct")
    one, other, way = (
        seen(tmp_path / f"{n}.nc", v) for n, v in (("whole", "soil_moisture"), ("blocks", "soil_moisture"), ("whole", "fill_way"))
    )
    short = way > 0
    short[gappy_records.OUTAGE] = False
    assert set(np.unique(way)) == {0, 2}
    assert np.abs(one - other)[short].mean() < 0.002 and np.abs(one - other)[way == 0].max() == 0


def test_convolutions_fill_what_they_reach(record, tmp_path, monkeypatch):
    monkeypatch.setattr(inpainting, "STEPS", 200)
    result = gaps.fill(record[0], record[1], tmp_path / "out.nc", method="convolution")
    value, way = seen(tmp_path / "out.nc", "soil_moisture"), seen(tmp_path / "out.nc", "fill_way")
    start, stop = gappy_records.OUTAGE.start, gappy_records.OUTAGE.stop
    reach = convolution.REACH + 4  # the days before the outage are swaths too
    assert np.isnan(value[start + reach : stop - reach]).all()
    outside = np.ones(len(value), dtype=bool)
    outside[start - 7 : stop + 7] = False
    assert np.isfinite(value[outside]).all() and set(np.unique(way[np.isfinite(way)])) == {0, 3}
    assert result.counts["left"] == np.isnan(value).sum() and result.counts["convolution"] == (way == 3).sum()
    assert result.line("short").r > 0.8


def test_frozen_soil_is_left_out_when_asked(tmp_path, monkeypatch):
    monkeypatch.setattr(perceptron, "EPOCHS", 3)
    annsm, cube, _ = gappy_records.write(tmp_path, days=600, cold=True)
    frozen = seen(cube, "st_gldas") <= 273.15
    gaps.fill(annsm, cube, tmp_path / "all.nc")
    result = gaps.fill(annsm, cube, tmp_path / "warm.nc", frozen=False)
    one, other = (seen(tmp_path / f"{name}.nc", "fill_way") for name in ("all", "warm"))
    assert np.isfinite(one).all() and (seen(tmp_path / "all.nc", "quality_flag").astype(int)[(one > 0) & frozen] & 2 > 0).all()
    assert not (other[frozen] > 0).any() and (other[~frozen] >= 0).all()
    assert result.counts["left_frozen"] == result.counts["left"] == np.isnan(other).sum()


def test_what_was_filled_before_is_not_learnt_from(record, filled, tmp_path):
    result = gaps.fill(filled[1], record[1], tmp_path / "again.nc", method="dct")
    assert result.counts["filled"] == 0 and "No gap could be filled" in result.warnings[0]
    for name in ("soil_moisture", "quality_flag"):
        assert np.array_equal(stored(tmp_path / "again.nc", name), stored(filled[1], name))


def test_errors_say_what_is_wrong(record, tmp_path):
    annsm, cube, values = record
    out = tmp_path / "out.nc"
    elsewhere, _ = write_cube(tmp_path / "elsewhere.nc", days=60)
    without, _ = write_cube(tmp_path / "without.nc", days=60, drop=("sm_gldas",))
    empty = write_annsm(tmp_path / "empty.nc", np.full((900, 10, 12), np.nan), extent=gappy_records.EXTENT, start="2015-04-01")
    short = write_annsm(tmp_path / "short.nc", values[:70], extent=gappy_records.EXTENT, start="2015-04-01")
    later = write_annsm(tmp_path / "later.nc", values[:70], extent=gappy_records.EXTENT, start="2025-04-01")
    before = sorted(p.name for p in tmp_path.iterdir())
    cases = [
        ({"cube": elsewhere}, CubeError, "90 to 91|all cells of"),
        ({"cube": without}, CubeError, "no GLDAS soil moisture"),
        ({"cube": tmp_path / "none.nc"}, CubeError, "no such file"),
        ({"annsm": empty}, CubeError, "no value that is unflagged"),
        ({"annsm": short}, CubeError, "half a year"),
        ({"annsm": later}, CubeError, "days of"),
        ({"annsm": cube}, CubeError, "soil_moisture"),
        ({"output": annsm}, ParameterError, "same file"),
        ({"output": tmp_path / "out.tif"}, ParameterError, "must end in .nc"),
        ({"start": "2016-01-01", "end": "2015-05-01"}, ParameterError, "is after END"),
        ({"start": "2001-01-01", "end": "2001-05-01"}, ParameterError, "none is in the period"),
        ({"method": "magic"}, ParameterError, "best, network, dct, convolution"),
    ]
    for changed, kind, sentence in cases:
        with pytest.raises(kind, match=sentence):
            gaps.fill(**{"annsm": annsm, "cube": cube, "output": out, "method": "dct", **changed})
    assert sorted(p.name for p in tmp_path.iterdir()) == before


class StopAt(Progress):
    """Asks to stop once a share of the work is done."""

    def __init__(self, share):
        self.share, self.reached = share, 0.0

    def report(self, fraction, text=""):
        self.reached = max(self.reached, fraction)

    def cancelled(self):
        return self.reached >= self.share


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.8])
def test_a_cancelled_run_leaves_nothing(record, tmp_path, share, monkeypatch):
    monkeypatch.setattr(perceptron, "EPOCHS", 3)
    with pytest.raises(Cancelled):
        gaps.fill(record[0], record[1], tmp_path / "out.nc", method="dct" if share > 0.7 else "network", progress=StopAt(share))
    assert not list(tmp_path.iterdir())


def test_an_older_result_survives_a_cancelled_run(record, tmp_path):
    (tmp_path / "out.nc").write_bytes(b"older")
    with pytest.raises(Cancelled):
        gaps.fill(record[0], record[1], tmp_path / "out.nc", method="dct", progress=StopAt(0.7))
    assert (tmp_path / "out.nc").read_bytes() == b"older" and len(list(tmp_path.iterdir())) == 1


def test_what_a_killed_run_left_is_removed(record, tmp_path):
    left = tmp_path / ".out.nc.part-99999.nc"
    left.write_bytes(b"half")
    result = gaps.fill(record[0], record[1], tmp_path / "out.nc", method="dct", start="2016-05-01", end="2016-06-30")
    assert [p.name for p in tmp_path.iterdir()] == ["out.nc"] and result.counts["filled"] > 0


def test_torch_of_another_python_gives_the_same(record, filled, tmp_path):
    gaps.fill(record[0], record[1], tmp_path / "out.nc", method="best", python=sys.executable, start="2015-06-01", end="2015-08-31")
    part = slice(61, 153)
    assert np.array_equal(stored(tmp_path / "out.nc", "soil_moisture"), stored(filled[1], "soil_moisture")[part])


def test_check_is_quick_and_says_the_ways(record, tmp_path):
    request = gaps.FillRequest(annsm=record[0], cube=record[1], output=tmp_path / "out.nc")
    assert filling.check(request) == (["network", "dct"], [])
