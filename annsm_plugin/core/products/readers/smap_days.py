"""The days in a file of SMAP that holds several, as AppEEARS writes NetCDF."""

from __future__ import annotations

import datetime

import numpy as np

from ...foundation.errors import ProductError
from ..access import Source
from ..naming import Entry
from ..plausibility import dates_since
from .smap_names import Names


def dates(source: Source) -> list[datetime.date]:
    """The date of each step of the file's time axis. Raises ``ProductError`` for times that are no days since a date."""
    array = source.open("time")
    unit = array.GetUnit() or str(source.attribute(array, "units", ""))
    days = np.floor(source.values(array, "time").astype(float).ravel())
    found: list[datetime.date] = dates_since(days, unit, str(source.attribute(array, "calendar", "")), source.path).tolist()
    return found


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
