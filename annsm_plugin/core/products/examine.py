"""Opens files of an inventory: whether they read, whether the date in the file is the one in the name, which dates an export holds."""

from __future__ import annotations

import datetime

import numpy as np

from ..foundation.errors import ProductError
from ..foundation.progress import SILENT, Progress
from .access import no_surprise, opened
from .coverage import groups
from .decoding import Pool
from .naming import Entry
from .scan import Inventory

#: Files that are opened of each group in a sample: evenly spaced, the first and the last included.
SAMPLE = 10

DEPTHS = ("headers", "sample", "all")

#: What is read of a file to know that it opens and carries its date; None: everything.
_LITTLE = {
    "amsr_tb": ["tb_v"],
    "gldas": [],
    "smap": ["observation_time"],
    "lai": ["lai"],
    "lprm": ["observation_time"],
    "jaxa": ["observation_time"],
    "smos": ["observation_time"],
}

#: A small window, so that little is decoded where a product's date does not need the whole file.
_WINDOW = (90.0, 30.0, 91.0, 31.0)
_WHOLE_FIELD = ("smap", "lprm", "smos", "jaxa")


def examine(found: Inventory, depth: str = "sample", *, progress: Progress | None = None) -> None:
    """Open files of ``found`` and note in it what is wrong and which dates AppEEARS exports hold.

    ``depth``: "headers" opens the exports of many dates only, "sample" ten files of each group too, "all" every file.
    """
    progress = progress or SILENT
    chosen = [e for e in found.entries if e.date is None]
    if depth == "all":
        chosen = list(found.entries)
    elif depth == "sample":
        for group in groups(found):
            last = len(group.entries) - 1
            places = sorted({round(i * last / max(1, SAMPLE - 1)) for i in range(SAMPLE)})
            chosen += [group.entries[p] for p in places if group.entries[p].date is not None]
    wanted = [_request(e) for e in chosen if e.date is not None and e.path not in found.unreadable]
    with Pool.for_files(len(wanted)) as pool:
        pool.expect(wanted)
        for number, e in enumerate(chosen):
            progress.check()
            progress.report(number / len(chosen), f"Opening {e.product} files")
            if e.path in found.unreadable:
                continue
            found.opened += 1
            try:
                if e.date is None:
                    found.dates[e.path] = export_dates(e)
                else:
                    pool.take(*_request(e), progress)
            except (ProductError, OSError) as error:
                found.unreadable[e.path] = _why(error)


def _why(error) -> str:
    """What a ``ProductError`` found, without the path."""
    if isinstance(error, ProductError):
        place = f"variable '{error.variable}': " if error.variable else ""
        return f"{place}{error.found}; expected {error.expected}"
    return str(error)


def _request(e: Entry) -> tuple:
    """What is read of a file to look at it: (entry, window, variables)."""
    return e, None if e.product in _WHOLE_FIELD else _WINDOW, _LITTLE[e.product]


def export_dates(e: Entry) -> tuple[datetime.date, ...]:
    """The dates of an AppEEARS NetCDF export. Raises ``ProductError``."""
    title = "an AppEEARS export"
    with no_surprise(e.path, title), opened(e.path, title) as source:
        array = source.open("time")
        unit = array.GetUnit() or str(source.attribute(array, "units", ""))
        days = source.values(array, "time").astype(float).ravel()
    start = unit.replace("days since", "").strip()[:10]
    try:
        if not unit.strip().startswith("days since") or not np.isfinite(days).all():
            raise ValueError
        epoch = datetime.date.fromisoformat(start)
        return tuple(sorted({epoch + datetime.timedelta(round(float(day))) for day in days}))
    except (ValueError, OverflowError):
        raise ProductError(e.path, "time", f"times in '{unit}'", "days since a date") from None
