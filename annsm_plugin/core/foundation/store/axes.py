"""What the axes of a gridded file mean: days counted from a date, whole cells of 0.25 degrees. The core and the explorer ask here."""

from __future__ import annotations

import re

import numpy as np

from ..errors import CubeError
from ..grid import STEP, TOLERANCE
from ..paths import PathLike
from .guard import MOST, short

#: Calendars (CF) whose dates are those that we live by; the first two, and none, are Julian before 15 October 1582.
CALENDARS = ("", "standard", "gregorian", "proleptic_gregorian")

#: What latitudes and longitudes lie within.
GLOBE = {"lat": (-90.0, 90.0), "lon": (-180.0, 360.0)}

_UNIT = re.compile(r"\s*(day|hour|minute|second|[dhs]|hr|min|sec)s?\s+since\s+(\d.*)", re.I)
_SECONDS = {"day": 86400, "d": 86400, "hour": 3600, "hr": 3600, "h": 3600, "minute": 60, "min": 60, "second": 1, "sec": 1, "s": 1}
_DATE = re.compile(r"(\d{1,4})([-/])(\d{1,2})\2(\d{1,2})(?!\d)(.*)")
_TIME = re.compile(r"(?:T\s*|\s+)(\d{1,2})(?::(\d{1,2})(?::(\d{1,2}(?:\.\d*)?))?)?(?![\d:.])(.*)", re.I)
_ZONE = re.compile(r"\s*(?:Z|UTC|GMT|([+-])(\d{1,2})(?::?(\d{2}))?)?\s*", re.I)

#: Days from the date that time is counted from: calendars begin at year 1 or 1582, too.
_FAR = 1_500_000

#: The years that nanoseconds, as xarray has them, reach.
_YEARS = (1678, 2261)

#: Day (number since 1970-01-01) from which the standard calendar is Gregorian; the first ten before it never were.
_GREGORIAN, _SKIPPED = -141_427, 10


def times(path: PathLike, numbers: np.ndarray, units: str, calendar: str, what: str) -> np.ndarray:
    """(n,) datetime64[s], to the nearest second, of the ``numbers`` (n,) float64 of an axis of time; missing ones are NaN.

    units, calendar: its attributes; what: what the file should be, in errors. A number that was worked out is a hair off its midnight,
    and so may be on the day before. Raises ``CubeError`` for what is counted in another unit or calendar, from what is no date of the
    form year-month-day or from one that is not UTC (a day's local midnight is on another day there), and for numbers that are missing
    or too far apart to be days.
    """
    seconds, begin = _origin(path, units, calendar, what)
    days = np.asarray(numbers, dtype=float) * seconds / 86400
    if np.isnan(days).any():
        raise CubeError(path, f"no date for day {int(np.flatnonzero(np.isnan(days))[0]) + 1}", f"{what} with a date for each day")
    wrong = np.flatnonzero(~(np.abs(days - days[0]) <= MOST["time"]) | ~(np.abs(days) <= _FAR))
    if wrong.size:
        raise CubeError(path, f"{days[wrong[0]]:g} as its day {wrong[0] + 1}", f"{what} of at most {MOST['time']} days")
    found = np.round(np.asarray(numbers, dtype=float) * seconds + begin).astype("int64").astype("datetime64[s]")
    years = found.astype("datetime64[Y]").astype(int) + 1970
    wrong = np.flatnonzero((years < _YEARS[0]) | (years > _YEARS[1]))
    if wrong.size:
        raise CubeError(path, f"a day in the year {years[wrong[0]]}", f"{what} with days of the years {_YEARS[0]} to {_YEARS[1]}")
    return found


def to_days(stamps: np.ndarray) -> np.ndarray:
    """The dates (datetime64[D]) of times of any unit, rounded to the second before."""
    rounded = stamps.astype("datetime64[ms]") + np.timedelta64(500, "ms")
    return rounded.astype("datetime64[s]").astype("datetime64[D]")


def _origin(path: PathLike, units: str, calendar: str, what: str) -> tuple[int, float]:
    """Seconds of one unit, and the second since 1970 that time is counted from."""
    calendar = calendar.strip().lower()
    if calendar not in CALENDARS:
        raise CubeError(path, f"times in the calendar {short(calendar)}", "the calendar that we live by (standard)")
    unit = _UNIT.fullmatch(units)
    if unit is None:
        raise CubeError(path, f"a time in {short(units)}", f"{what} with days, hours, minutes or seconds since a date")
    date = _DATE.fullmatch(unit.group(2))
    time = _TIME.fullmatch(date.group(5)) if date else None
    zone = _ZONE.fullmatch((time.group(4) if time else date.group(5)) if date else "?")
    hour, minute, second = (float(part or 0) for part in time.groups()[:3]) if time else (0.0, 0.0, 0.0)
    day = _day_of(int(date.group(1)), int(date.group(3)), int(date.group(4)), calendar) if date and zone else None
    if day is None or zone is None or hour > 23 or minute > 59 or second >= 60:
        raise CubeError(path, f"a time in {short(units)}", f"{what} with a time counted from a date such as 2000-01-31 00:00:00")
    if zone.group(1) and (int(zone.group(2)) or int(zone.group(3) or 0)):
        raise CubeError(path, f"a time in {short(units)}", f"{what} with a time counted from a date in UTC")
    return _SECONDS[unit.group(1).lower()], day * 86400 + hour * 3600 + minute * 60 + second


def _day_of(year: int, month: int, day: int, calendar: str) -> int | None:
    """Days since 1970-01-01 of a date of a calendar; None if there is no such date."""
    try:
        found = int(np.datetime64(f"{year:04d}-{month:02d}-{day:02d}", "D").astype(int))
    except ValueError:
        found = None
    if calendar == "proleptic_gregorian" or (found is not None and found >= _GREGORIAN):
        return found
    if found is not None and found >= _GREGORIAN - _SKIPPED:
        return None
    last = 29 if month == 2 and year % 4 == 0 else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1] if 1 <= month <= 12 else 0
    if year < 1 or not 1 <= day <= last:
        return None
    # the Julian day number (E. G. Richards, in: Explanatory Supplement to the Astronomical Almanac, 2013, section 15.11)
    years, months = year + 4800 - (month < 3), (month + 9) % 12
    return day + (153 * months + 2) // 5 + 365 * years + years // 4 - 32083 - 2440588


def check_days(path: PathLike, days: np.ndarray, what: str) -> None:
    """Raise ``CubeError`` unless ``days`` (datetime64[D]) come one after the other; some may be lacking."""
    wrong = np.flatnonzero(np.diff(days) <= np.timedelta64(0, "D"))
    if wrong.size:
        before, day = days[wrong[0]], days[wrong[0] + 1]
        found = f"the day {day} twice" if day == before else f"the day {day} after {before}"
        more = f" (and {wrong.size - 1} more such places)" if wrong.size > 1 else ""
        raise CubeError(path, found + more, f"{what} whose days come one after the other, each once")


def check_cells(path: PathLike, name: str, values: np.ndarray, what: str) -> None:
    """Raise ``CubeError`` unless ``values`` (n,) of "lat" or "lon" are centres of cells of 0.25 degrees side by side, in either direction.

    Rows and columns are counted from the first one, and written as cells of that size. Coordinates in float32 are near enough.
    """
    low, high = GLOBE[name]
    values = np.asarray(values, dtype=float)
    if not np.isfinite(values).all() or values.min() < low or values.max() > high:
        raise CubeError(path, f"'{name}' that leaves the globe", f"{what} with degrees from {low:g} to {high:g}")
    steps = np.diff(values)
    if not ((steps > 0).all() or (steps < 0).all()):
        raise CubeError(path, f"'{name}' that is not monotonic", f"{what} with coordinates that go one way, each value once")
    expected = f"centres of {STEP:g} degree cells (odd multiples of {STEP / 2:g}), without a gap"
    apart = np.flatnonzero(np.abs(np.abs(steps) - STEP) > 2 * TOLERANCE)
    if apart.size:
        one, other = values[apart[0]], values[apart[0] + 1]
        raise CubeError(path, f"'{name}' with {abs(other - one):g} degrees from {one:g} to {other:g}", expected)
    off = np.flatnonzero(np.abs((values / STEP) % 1 - 0.5) * STEP > TOLERANCE)
    if off.size:
        raise CubeError(path, f"'{name}' at {values[off[0]]:g}", expected)
