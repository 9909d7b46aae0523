"""Local time: solar and fixed clocks, dates and the shift of a product without pixel times."""

from __future__ import annotations

import numpy as np
import pytest

from annsm_plugin.core.foundation import localtime
from annsm_plugin.core.foundation.errors import ParameterError


def test_local_date_on_both_sides_of_midnight():
    # 06:00 solar at 90 E is 00:00 UTC: a second before, UTC still has the day before, the sun has not.
    times = np.array(["2015-04-09T23:59:59", "2015-04-10T00:00:00"], dtype="datetime64[s]")
    assert localtime.local_date(times, np.array([90.0, 90.0])).tolist() == [np.datetime64("2015-04-10").item()] * 2
    # 23:00 UTC of the 9th is 06:00 of the 10th at 105 E, and 18:20 of the 9th at 70 W.
    time = np.array(["2015-04-09T23:00:00"] * 2, dtype="datetime64[s]")
    assert localtime.local_date(time, np.array([105.0, -70.0])).astype(str).tolist() == ["2015-04-10", "2015-04-09"]


def test_longitude_beyond_180_is_west():
    time = np.array(["2015-04-09T12:30:00"] * 2, dtype="datetime64[s]")
    assert localtime.local_date(time, np.array([190.0, -170.0])).astype(str).tolist() == ["2015-04-09", "2015-04-09"]
    assert localtime.local_hour(time, np.array([190.0, -170.0])).tolist() == pytest.approx([1.166667, 1.166667], abs=1e-4)


def test_missing_times_stay_missing():
    assert np.isnat(localtime.local_date(np.array(["NaT"], dtype="datetime64[s]"), np.array([90.0])))[0]
    assert np.isnan(localtime.local_hour(np.array(["NaT"], dtype="datetime64[s]"), np.array([90.0])))[0]


def test_descending_amsr_is_a_day_late_over_the_plateau_only():
    lon = np.array([-70.0, 0.0, 22.0, 23.0, 73.0, 105.0, 170.0, 190.0])
    assert localtime.days_after_utc_date(1.5, lon).tolist() == [0, 0, 0, 1, 1, 1, 1, 0]
    # 13:30 local at 70 W is 18:10 UTC, at 190 E (170 W) it is 00:50 UTC of the day after.
    assert localtime.days_after_utc_date(13.5, np.array([-70.0, 105.0, 190.0])).tolist() == [0, 0, -1]


@pytest.mark.parametrize(("clock", "west", "east"), [("+2", 20, 22), ("+1", 24, 26), ("-10", -160, -155), ("+8", 73, 105), ("+0", 0, 1)])
@pytest.mark.parametrize("hour", [1.5, 13.5])
def test_a_fixed_clock_dates_what_was_seen_at_a_solar_hour(clock, west, east, hour):
    """The satellite passes at the sun's hour within the file's UTC day; the clock only says which date that is."""
    lon = np.arange(west + 0.125, east, 0.25)
    day = np.datetime64("2016-03-01", "s")
    seen = day + np.round(np.mod(hour - lon / 15.0, 24.0) * 3600.0).astype("timedelta64[s]")
    expected = (localtime.local_date(seen, lon, clock) - day.astype("datetime64[D]")).astype(int)
    assert localtime.days_after_utc_date(hour, lon, clock).tolist() == expected.tolist()


@pytest.mark.parametrize(
    ("text", "hours"), [("+8", 8.0), ("utc+8", 8.0), ("-3:30", -3.5), ("UTC+5:45", 5.75), ("8 h", 8.0), ("-0:30", -0.5)]
)
def test_fixed_offsets(text, hours):
    assert localtime.fixed_offset(text) == hours


@pytest.mark.parametrize("text", ["noon", "", "+25", "8:00:00", "solarr"])
def test_offsets_that_are_none(text):
    with pytest.raises(ParameterError, match="not known"):
        localtime.fixed_offset(text)


def test_utc_of_is_the_inverse_of_local_hour():
    lon = np.linspace(-179.9, 179.9, 50)
    utc = localtime.utc_of(np.datetime64("2016-03-01"), 2.0, lon)
    assert localtime.local_hour(utc, lon) == pytest.approx(np.full(50, 2.0), abs=1e-3)
    assert (localtime.local_date(utc, lon) == np.datetime64("2016-03-01")).all()
