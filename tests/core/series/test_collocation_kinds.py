"""Folders of one product in two kinds: what would be averaged as if it were one is refused, what follows in time is not."""

import re

import numpy as np
import product_files as make
import pytest

from annsm_plugin.core.foundation.errors import ParameterError
from annsm_plugin.core.series import collocation

CELL = {"lat": np.array([31.125]), "lon": np.array([91.375])}
LAT, LON = np.linspace(30.0, 33.0, 13), np.linspace(90.0, 93.0, 13)
FULL = np.ones((13, 13))


def smos_l3(folder, date, moisture=0.2):
    days = (np.datetime64(date) - np.datetime64("2000-01-01")).astype(int)
    return make.smos(folder, LAT, LON, moisture * FULL, days * FULL, 600 * FULL, date=date.replace("-", ""))


def smos_ic(folder, date, moisture=0.4):
    days = (np.datetime64(date) - np.datetime64("2000-01-01")).astype(int)
    return make.smos_ic(folder, LAT, LON, moisture * FULL, days * FULL, 600 * FULL, 0 * FULL, date=date.replace("-", ""))


def series(folder, product, **period):
    return collocation.product_series(folder, product, CELL["lat"], CELL["lon"], **{"start": "2016-03-01", "end": "2016-03-05", **period})


@pytest.mark.parametrize("nested", [False, True])
def test_smos_l3_and_smos_ic_are_never_averaged(tmp_path, nested):
    ic = tmp_path / "ic" if nested else tmp_path
    ic.mkdir(exist_ok=True)
    for day in (1, 2, 3):
        smos_l3(tmp_path, f"2016-03-0{day}")
    for day in (2, 3):
        smos_ic(ic, f"2016-03-0{day}")
    with pytest.raises(ParameterError, match=re.escape("3 SMOS L3 (CATDS) files and 2 SMOS-IC files")) as caught:
        series(tmp_path, "smos")
    assert str(tmp_path) in str(caught.value) and "one kind" in str(caught.value)


def test_smos_kinds_are_refused_on_days_apart_too(tmp_path):
    smos_l3(tmp_path, "2016-03-01")
    smos_ic(tmp_path, "2018-03-01")
    with pytest.raises(ParameterError, match="1 SMOS-IC"):
        series(tmp_path, "smos")


@pytest.mark.parametrize(("write", "value"), [(smos_l3, 0.2), (smos_ic, 0.4)])
def test_one_kind_is_read(tmp_path, write, value):
    for day in (2, 3):
        write(tmp_path, f"2016-03-0{day}")
    found = series(tmp_path, "smos")
    assert found.files == 2 and not found.problems
    assert found.values[:, 0] == pytest.approx([np.nan, value, value, np.nan, np.nan], abs=2e-5, nan_ok=True)


def test_smos_ic_of_the_other_orbit_does_no_harm(tmp_path):
    smos_l3(tmp_path, "2016-03-02")
    path = smos_ic(tmp_path, "2016-03-02")
    path.rename(path.with_name(path.name.replace("CDF3SA", "CDF3SD")))
    assert series(tmp_path, "smos").values[1, 0] == pytest.approx(0.2, abs=2e-5)


def lprm(folder, date, sensor, percent):
    seconds = float((np.datetime64(date) + np.timedelta64(19, "h") - np.datetime64("1993-01-01T00")) / np.timedelta64(1, "s"))
    bands = ("soil_moisture_c1",) if sensor == "2" else ("soil_moisture_c",)
    shape = (720, 1440)
    return make.lprm(
        folder, np.full(shape, float(percent)), np.full(shape, seconds), date=date.replace("-", ""), sensor=sensor, bands=bands
    )


def test_two_radiometers_on_one_day_are_refused(tmp_path):
    """AMSR-E went on turning slowly until 2015, so its name may carry a day of AMSR2."""
    lprm(tmp_path, "2013-03-02", "2", 20)
    lprm(tmp_path, "2013-03-02", "_E", 40)
    with pytest.raises(ParameterError, match=r"1 AMSR-E files and 1 AMSR2 files, both on 1 days, the first 2013-03-02"):
        series(tmp_path, "lprm", band="c")


def test_two_radiometers_one_after_the_other_are_one_record(tmp_path):
    lprm(tmp_path, "2011-10-01", "_E", 40)
    lprm(tmp_path, "2012-08-01", "2", 20)
    found = series(tmp_path, "lprm", band="c", start="2011-10-01", end="2012-08-03")
    there = np.flatnonzero(np.isfinite(found.values[:, 0]))
    assert found.values[there, 0] == pytest.approx([0.4, 0.2])
    assert [str(found.dates[n]) for n in there] == ["2011-10-02", "2012-08-02"]  # 19 UTC is past midnight by the sun
