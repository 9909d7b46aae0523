"""Removes values and times that cannot be real: single ones are made missing and counted, a file that is full of them is refused."""

from __future__ import annotations

import re

import numpy as np

from ..foundation import store
from ..foundation.errors import ProductError
from ..foundation.paths import PathLike
from .access import Source
from .naming import Entry

#: Seconds, 190 years: datetime64[ns] covers 292 years before and after 1970.
_LONGEST_TIME = 6.0e9

#: Hours from noon of the file's date within which its observations lie; a local day reaches into the UTC days before and after.
_WITHIN = 36.0

#: With at least this many values, a file most of which are outside the physical range is refused.
_ENOUGH = 100


def times(seconds: np.ndarray, epoch: str) -> np.ndarray:
    """datetime64[ns] of seconds since ``epoch``; NaT for NaN and for numbers too large to be a time."""
    good = np.abs(np.nan_to_num(seconds, nan=np.inf)) < _LONGEST_TIME
    out = np.full(seconds.shape, np.datetime64("NaT", "ns"))
    milliseconds = np.round(seconds[good] * 1000.0).astype("timedelta64[ms]")
    out[good] = np.datetime64(epoch, "ms") + milliseconds
    return out


#: Calendars (CF) in which the days since a date of our time are counted as in the one we live by; "julian" is what AppEEARS writes.
CALENDARS = (*store.CALENDARS, "julian")

_SINCE = re.compile(r"\s*days?\s+since\s+(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)", re.I)


def dates_since(numbers: np.ndarray, unit: str, calendar: str, path: PathLike) -> np.ndarray:
    """The dates (datetime64[D], any shape) of a variable "time" in a unit such as "days since 2000-01-01".

    Raises ``ProductError`` for another unit, for a calendar without the days that there are, and for what is no date.
    """
    if calendar.strip().lower() not in CALENDARS:
        raise ProductError(path, "time", f"the calendar '{calendar}'", "the calendar that we live by (standard)")
    match = _SINCE.match(unit)
    values = numbers.astype(float) if numbers.dtype.kind in "iuf" else np.full(1, np.nan)
    if match is None or not np.isfinite(values).all():
        raise ProductError(path, "time", f"times in '{unit}'", "days since a date")
    year, month, day = match.groups()
    try:
        epoch = np.datetime64(f"{year}-{int(month):02d}-{int(day):02d}", "D")
    except ValueError:
        raise ProductError(path, "time", f"times in '{unit}'", "days since a date") from None
    if (np.abs(values) * 86400.0 > _LONGEST_TIME).any():
        raise ProductError(path, "time", f"the time {values.flat[int(np.abs(values).argmax())]:g} in '{unit}'", "days since a date")
    return epoch + np.round(values).astype("timedelta64[D]")


def dated(stamps: np.ndarray, entry: Entry, name: str, source: Source) -> np.ndarray:
    """Observation times (datetime64) of variable ``name``; those far from the date in the file's name are made missing and counted.

    Raises ``ProductError`` if most are far from it.
    """
    seen = ~np.isnat(stamps)
    if entry.date is None or not seen.any():
        return stamps
    hours = (stamps - (np.datetime64(entry.date, "ns") + np.timedelta64(12, "h"))) / np.timedelta64(1, "h")
    far = seen & ~(np.abs(hours) <= _WITHIN)
    count = int(far.sum())
    if not count:
        return stamps
    if count > 0.5 * seen.sum():
        middle = np.sort(stamps[far])[count // 2].astype("datetime64[D]")
        raise ProductError(entry.path, name, f"observations of {middle}", f"{entry.date}, as the name says")
    source.outliers[name] = source.outliers.get(name, 0) + count
    return np.where(far, np.datetime64("NaT"), stamps)


def limited(values: np.ndarray, low: float, high: float, source: Source, name: str, unit: str, *, decisive: bool = True) -> np.ndarray:
    """``values`` of variable ``name``; those outside the physical range ``low`` to ``high`` are made missing and counted.

    Raises ``ProductError`` if most of many values are outside, unless ``decisive`` is False (an auxiliary variable, for which the main
    one should not be lost).
    """
    with np.errstate(invalid="ignore"):
        bad = (values < low) | (values > high)
    count = int(bad.sum())
    if not count:
        return values
    present = int((~np.isnan(values)).sum())
    if decisive and present >= _ENOUGH and count > 0.5 * present:
        found = f"{count} of {present} values outside the range, such as {values[bad].flat[0]:g}"
        raise ProductError(source.path, name, found, f"{low:g} to {high:g} {unit}")
    source.outliers[name] = source.outliers.get(name, 0) + count
    return np.where(bad, np.nan, values)
