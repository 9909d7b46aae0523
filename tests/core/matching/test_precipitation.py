"""Seven-hour rain by hand, and screening that keeps every day and value."""

from __future__ import annotations

import netCDF4
import numpy as np
import pytest

from annsm_plugin.core.foundation import store
from annsm_plugin.core.foundation.errors import Cancelled, CubeError, ParameterError
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.foundation.progress import Progress
from annsm_plugin.core.matching import precipitation


def _by_step(offset, how, shift=0.0):
    steps, weights = precipitation.seven_hour_weights(np.array([offset]), how, shift)
    return {int(s): round(float(w), 6) for s, w in zip(steps, weights[:, 0]) if w}


def test_paper_hours_in_beijing_time():
    # FORMATS section 4: hours 1-7 are 17-23 UTC of the day before: 3 P18 + 3 P21 + 1 P00. Steps count from the local date's 00 UTC.
    assert _by_step(8.0, "paper") == {-2: 3.0, -1: 3.0, 0: 1.0}


def test_interval_hours_in_beijing_time():
    # 16:30-23:30 UTC; the step 18 holds 15-18, 21 holds 18-21, 00 holds 21-24: 1.5, 3 and 2.5 hours.
    assert _by_step(8.0, "interval") == {-2: 1.5, -1: 3.0, 0: 2.5}


def test_solar_time_at_73_and_105_east():
    # 105 E is UTC+7: 18..24 UTC -> 18 18 21 21 21 24 24; 73.125 E is UTC+4.875: 20.125 .. 26.125 -> 21 21 21(22.1) 24(23.1) 24 24 27.
    assert _by_step(7.0, "paper") == {-2: 2.0, -1: 3.0, 0: 2.0}
    assert _by_step(73.125 / 15, "paper") == {-1: 3.0, 0: 3.0, 1: 1.0}


def test_an_exact_tie_takes_the_later_step():
    assert precipitation.nearest_step([1.5, 4.5, 1.49, -1.5]).tolist() == [1, 2, 0, 0]


@pytest.mark.parametrize("how", ["paper", "interval"])
def test_weights_sum_to_seven_hours_everywhere(how):
    offsets = np.linspace(-12, 14, 105)
    for shift in (0.0, 12.0):
        _, weights = precipitation.seven_hour_weights(offsets, how, shift)
        assert weights.sum(axis=0) == pytest.approx(np.full(105, 7.0))


def test_unknown_reading():
    with pytest.raises(ParameterError, match="expected 'paper' or 'interval'"):
        precipitation.seven_hour_weights(np.array([8.0]), "centred")


GRID = Grid.from_extent((90, 30, 91, 30.5))
DATES = np.arange("2016-01-01", "2016-03-31", dtype="datetime64[D]")


@pytest.fixture
def cube(tmp_path):
    rng = np.random.default_rng(3)
    rain = rng.gamma(0.3, 8.0, (DATES.size, *GRID.shape)).astype("float32")
    rain[5, 0, 0] = 8.75
    rain[6, 0, 0] = 8.7501
    rain[7] = np.nan
    path = tmp_path / "cube.nc"
    with store.GridWriter(path, GRID, DATES, ["precipitation_7h", "sm_gldas"], {"annsm_kind": "cube", "history": "made"}) as out:
        out.put("precipitation_7h", slice(None), rain)
        out.put("sm_gldas", slice(None), np.where(rain > 4, np.nan, 0.2))
    return path, rain


def test_screening_marks_and_keeps_everything(cube, tmp_path):
    path, rain = cube
    result = precipitation.screen(path, tmp_path / "screened.nc", threshold=8.75)
    with netCDF4.Dataset(path) as before, netCDF4.Dataset(result.path) as after:
        for file in (before, after):
            file.set_auto_maskandscale(False)
        for name in before.variables:
            assert np.array_equal(before[name][...], after[name][...], equal_nan=True), name
        screened, missing = after["screened"][:], after["screened"]._FillValue
        assert after.screening_threshold == 8.75
        assert after.history.endswith("made") and "8.75" in after.history
    assert screened[5, 0, 0] == 0 and screened[6, 0, 0] == 1
    assert (screened[7] == missing).all()
    assert np.array_equal(screened == 1, rain > 8.75)
    assert np.array_equal(result.dropped, (rain > 8.75).sum(axis=0))
    assert any(str(int((rain > 8.75).sum())) in line for line in result.summary)


def test_screening_again_replaces(cube, tmp_path):
    path, rain = cube
    first = precipitation.screen(path, tmp_path / "a.nc", threshold=0.0)
    second = precipitation.screen(first.path, tmp_path / "b.nc", threshold=17.5)
    assert np.array_equal(first.dropped, (rain > 0).sum(axis=0))
    assert np.array_equal(second.dropped, (rain > 17.5).sum(axis=0))
    with netCDF4.Dataset(second.path) as file:
        assert file.screening_threshold == 17.5


@pytest.mark.parametrize("threshold", [-1.0, float("nan"), float("inf")])
def test_thresholds_that_cannot_be(cube, tmp_path, threshold):
    with pytest.raises(ParameterError, match="THRESHOLD is"):
        precipitation.screen(cube[0], tmp_path / "out.nc", threshold=threshold)
    assert not (tmp_path / "out.nc").exists()


def test_what_is_no_cube(cube, tmp_path):
    text = tmp_path / "text.nc"
    text.write_text("not a cube")
    with pytest.raises(CubeError, match="does not open"):
        precipitation.screen(text, tmp_path / "out.nc")
    with store.GridWriter(tmp_path / "annsm.nc", GRID, DATES, ["sm_gldas"], {"annsm_kind": "annsm"}):
        pass
    with pytest.raises(CubeError, match="precipitation_7h"):
        precipitation.screen(tmp_path / "annsm.nc", tmp_path / "out.nc")
    with pytest.raises(ParameterError, match="same file"):
        precipitation.screen(cube[0], cube[0])
    with pytest.raises(ParameterError, match="must end in"):
        precipitation.screen(cube[0], tmp_path / "out.tif")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["annsm.nc", "cube.nc", "text.nc"]


def test_cancelling_leaves_nothing(cube, tmp_path):
    class Stop(Progress):
        asked = 0

        def cancelled(self):
            self.asked += 1
            return self.asked > 2

    with pytest.raises(Cancelled):
        precipitation.screen(cube[0], tmp_path / "out.nc", progress=Stop())
    assert sorted(p.name for p in tmp_path.iterdir()) == ["cube.nc"]
