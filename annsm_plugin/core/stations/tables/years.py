"""Moments of columns of years, months, days, days of the year, hours, minutes and seconds."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from . import clocks, dates
from .moments import Moments
from .numbers import numbers
from .sheet import Sheet


def from_years(sheet: Sheet, places: Mapping[str, int]) -> Moments:
    """The days of the columns at ``places`` ("year" with "month" and "day", or with "doy"), or the clocks of "hour" (and smaller parts).

    A day of the year may have a fraction, which is the clock. Raises ``ProductError`` for mixed decimal signs.
    """
    read = {what: numbers(sheet.path, sheet.names[place], sheet.column(place)) for what, place in places.items()}
    size = len(sheet.rows)
    columns = [sheet.column(place) for place in places.values()]
    days, seconds = np.full(size, np.nan), np.full(size, np.nan)
    notes = []
    if "hour" in read:
        hours = read["hour"].values
        if "minute" in read:
            with np.errstate(invalid="ignore"):
                seconds = 3600.0 * hours + 60.0 * read["minute"].values + (read["second"].values if "second" in read else 0.0)
                seconds = np.where((seconds >= 0) & (seconds <= clocks.DAY), seconds, np.nan)
        else:
            seconds, what = clocks.numbers_as_clocks(hours, columns[list(places).index("hour")])
            notes = [f"Numbers in '{sheet.names[places['hour']]}' are read as {what}."] if what != "hours" else []
        late = int((seconds == clocks.DAY).sum())
        notes += [f"The hour 24 is read as midnight at the end of the day ({late} rows)."] if late else []
    else:
        days, seconds = _days({what: found.values for what, found in read.items()})
        if "doy" in read and not (seconds > 0).any():
            seconds = np.full(size, np.nan)
    missing = np.logical_or.reduce([found.missing for found in read.values()])
    result = seconds if "hour" in read else days
    texts = [" ".join(row) for row in zip(*columns)] if columns else []
    return Moments(
        kind="clock" if "hour" in read else "date",
        days=days,
        seconds=seconds,
        offsets=np.full(size, np.nan),
        missing=missing,
        wrong=np.isnan(result) & ~missing,
        texts=texts,
        notes=notes,
    )


def _days(values: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The days since 1970-01-01 (rows,) of years with months and days, or with days of the year, and the seconds of their fractions."""
    year = values["year"]
    known: dict[tuple[float, ...], float] = {}
    if "doy" in values:
        whole = np.floor(values["doy"])
        keys, seconds = [year, whole], np.round((values["doy"] - whole) * clocks.DAY)
    else:
        keys, seconds = [year, values["month"], values["day"]], np.full(year.size, np.nan)
    found = np.full(year.size, np.nan)
    for row, key in enumerate(zip(*(column.tolist() for column in keys))):
        if key not in known:
            known[key] = _day(key)
        found[row] = known[key]
    return found, seconds


def _day(key: tuple[float, ...]) -> float:
    if any(number != number or number != int(number) for number in key):
        return float("nan")
    numbers_of = [int(number) for number in key]
    if numbers_of[0] < 100:  # two digits, as in the other forms of dates
        return float("nan")
    day = dates.of_year(*numbers_of) if len(key) == 2 else dates.of(*numbers_of)
    return float("nan") if day is None else float(day)
