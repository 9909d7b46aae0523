"""The days in a file of SMAP that holds several, as AppEEARS writes NetCDF."""

from __future__ import annotations

import datetime
import re

import numpy as np

from ...foundation.errors import ProductError
from ..access import Source
from ..naming import Entry
from .smap_names import Names

#: Calendars in which days since a date of this century are the usual ones.
_USUAL = ("", "standard", "gregorian", "proleptic_gregorian", "julian")


def dates(source: Source) -> list[datetime.date]:
    """The date of each step of the file's time axis. Raises ``ProductError`` for times that are no whole days."""
    array = source.open("time")
    unit = array.GetUnit() or str(source.attribute(array, "units", ""))
    calendar = str(source.attribute(array, "calendar", "")).lower()
    match = re.match(r"\s*days since (\d{4})-(\d{1,2})-(\d{1,2})", unit)
    values = source.values(array, "time").astype(float).ravel()
    if calendar not in _USUAL:
        raise ProductError(source.path, "time", f"the calendar '{calendar}'", "the usual calendar")
    if not match or not np.isfinite(values).all() or np.abs(values).max(initial=0) > 100_000:
        raise ProductError(source.path, "time", f"{values.size} times in '{unit}'", "days since a date")
    try:
        start = datetime.date(*(int(part) for part in match.groups()))
    except ValueError:
        raise ProductError(source.path, "time", f"the unit '{unit}'", "days since a date") from None
    return [start + datetime.timedelta(int(np.floor(value))) for value in values]


def several(source: Source, names: Names) -> bool:
    """Whether the file's fields have a time axis beside rows and columns."""
    return len(names.shape(names.example_name)) == 3 and "time" in source.names()


def step(source: Source, names: Names, entry: Entry) -> int | None:
    """The place of the entry's date on the file's time axis; None for a file without one. Raises ``ProductError``."""
    if not several(source, names):
        return None
    found = dates(source)
    if entry.date not in found:
        there = f"{found[0]} to {found[-1]}" if found else "no day"
        raise ProductError(source.path, "time", f"{len(found)} days, {there}", f"the day {entry.date}")
    return found.index(entry.date)
