"""Opens the files of an inventory to find out whether they can be read and hold the date in their name, and which dates exports hold."""

from __future__ import annotations

import datetime

from ..foundation.errors import ProductError
from ..foundation.progress import SILENT, Progress
from .coverage import groups
from .decoding.pool import FileRequest, Pool
from .naming import Entry
from .scan import Inventory

#: Files of each group that a sample opens: evenly spaced, with the first and the last.
SAMPLE = 10

DEPTHS = ("headers", "sample", "all")

#: The variables that are read to see whether a file opens and holds the date in its name.
_LITTLE: dict[str, list[str]] = {
    "amsr_tb": ["tb_v"],
    "gldas": [],
    "smap": ["observation_time"],
    "smap_e": ["observation_time"],
    "lai": ["lai"],
    "lprm": ["observation_time"],
    "jaxa": ["observation_time"],
    "smos": ["observation_time"],
}

#: A small window, so that little is decoded; but the products whose observation times are compared with their date are read whole.
_WINDOW = (90.0, 30.0, 91.0, 31.0)
_WHOLE_FIELD = ("smap", "smap_e", "lprm", "smos", "jaxa")


def chosen_of(found: Inventory, depth: str) -> list[Entry]:
    """The files of ``found`` that ``examine`` opens."""
    chosen = [e for e in found.entries if e.date is None]
    if depth == "all":
        chosen = list(found.entries)
    elif depth == "sample":
        for group in groups(found):
            last = len(group.entries) - 1
            places = sorted({round(i * last / max(1, SAMPLE - 1)) for i in range(SAMPLE)})
            chosen += [group.entries[p] for p in places if group.entries[p].date is not None]
    return chosen


def examine(found: Inventory, depth: str = "sample", *, entries: list[Entry] | None = None, progress: Progress | None = None) -> None:
    """Open files of ``found`` and enter in it what is wrong with them and which dates AppEEARS exports hold.

    ``depth``: "headers" opens AppEEARS exports of several dates only, "sample" also ten files of each group, "all" every file.
    ``entries``: the files to open instead of those that the depth chooses.
    """
    progress = progress or SILENT
    chosen = chosen_of(found, depth) if entries is None else entries
    wanted = [_request(e) for e in chosen if e.path not in found.unreadable]
    with Pool.for_files(len(wanted)) as pool:
        pool.expect(wanted)
        for number, e in enumerate(chosen):
            progress.check()
            progress.report(number / len(chosen), f"Opening {e.product} files")
            if e.path in found.unreadable:
                continue
            found.opened += 1
            try:
                data = pool.take(*_request(e), progress=progress)
                if e.date is None:
                    found.dates[e.path] = tuple(sorted(day.astype(datetime.date) for day in data.coords["time"].astype("datetime64[D]")))
            except (ProductError, OSError) as error:
                found.unreadable[e.path] = _why(error)


def _why(error: ProductError | OSError) -> str:
    """What an error says is wrong with a file, without the file's path."""
    if isinstance(error, ProductError):
        place = f"variable '{error.variable}': " if error.variable else ""
        return f"{place}{error.found}; expected {error.expected}"
    return str(error)


def _request(e: Entry) -> FileRequest:
    """What is read to examine a file: its entry, a window and variables."""
    if e.date is None:
        return e, None, ["time"]
    if e.polarisation:
        return e, None, [f"tb_{e.polarisation}", "observation_time"]
    return e, None if e.product in _WHOLE_FIELD else _WINDOW, _LITTLE[e.product]
