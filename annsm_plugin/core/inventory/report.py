"""Writes what a folder holds as a table and as a page."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from ..foundation import store, synthetic
from ..foundation.errors import MissingLibrary, ParameterError
from ..foundation.paths import PathLike
from ..products import Inventory, coverage
from ..reports.page import Section, write
from . import closing
from . import stations as station_files
from .calendar import calendar
from .stations import StationFiles

COLUMNS = (
    "product",
    "sensor",
    "channel",
    "orbit",
    "version",
    "files",
    "first",
    "last",
    "days",
    "missing",
    "incomplete",
    "unreadable",
    "superseded",
    "unit",
)

#: Most rows that a list in the report shows.
KEPT_ROWS = 200


def write_table(path: PathLike, inventory: Inventory, stations: StationFiles | None = None) -> Path:
    """Write the rows of an ``Inventory`` and of station files as CSV. Raises ``ParameterError`` if the folder holds neither."""
    stations = stations or StationFiles()
    if not inventory.entries and not inventory.refused and not stations.files:
        raise ParameterError(f"The folder {inventory.folder} holds no product file that is known by its name, and no station file.")
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows([*map(_row, coverage.groups(inventory)), *stations.rows()])
    return store.write_text(path, text.getvalue())


def _row(group: coverage.Group) -> dict[str, Any]:
    """A row of the table: days and composites are told apart by its last column."""
    return {**group.row(), "unit": coverage.unit(group.product)}


def write_report(path: PathLike, inventory: Inventory, stations: StationFiles | None = None) -> Path:
    """Write an ``Inventory`` and its station files as one HTML page with its calendar."""
    stations = stations or StationFiles()
    groups, unreadable = coverage.groups(inventory), {**inventory.unreadable, **stations.unreadable}
    sections = [
        Section(
            "Products",
            "Days: dates with at least one readable file. Missing: dates (composites of leaf area index) between the first and the last "
            "that have no file of any version; they are counted in the row of the version before the gap. Incomplete: days that lack "
            "some of the usual steps (GLDAS), tiles or channels. All of these count what the last column says. Superseded: files left out "
            "for another file of the same observation. Days of stations: of the longest series.",
            header=[name.capitalize() for name in COLUMNS],
            rows=[[str(row[name]) for name in COLUMNS] for row in (*map(_row, groups), *stations.rows())],
        ),
        _calendar(inventory),
        *_closing(groups),
        *_missing(groups, "days"),
        *_missing(groups, "composites"),
        *_table("Incomplete days", ["record", "day", "lacks"], _incomplete(groups)),
        *_table("Unreadable", ["file or folder", "what was found"], [[p, why] for p, why in unreadable.items()]),
        *_table("Series of stations", list(station_files.COLUMNS), stations.table()),
        *_table("Dates in AppEEARS exports", ["file", "dates", "first", "last"], _exports(inventory)),
        *_table("Left out", ["file", "because"], [[e.path, inventory.why_left.get(e.path, "")] for e in inventory.superseded]),
        *_table("Refused", ["file", "why"], [[e.path, e.refused] for e in inventory.refused]),
        *_table("Not recognised", ["file", "what it seems to be"], _unknown(inventory), inventory.n_unrecognised),
    ]
    intro = f"Folder {inventory.folder}. {how(inventory)}"
    numbers = [
        ("Product files", len(inventory.entries), "", ""),
        ("Stations", stations.stations, "", ""),
        ("Unreadable", len(unreadable), "", ""),
        ("Not recognised", inventory.n_unrecognised, "", ""),
    ]
    return write(
        path,
        "Inventory of a product folder",
        intro=intro,
        numbers=numbers,
        sections=[s for s in sections if s],
        **synthetic.attributes(inventory.folder),
    )


def how(inventory: Inventory) -> str:
    """A sentence that says how many files were opened or only looked at."""
    opened = f"{inventory.opened} were opened and the dates inside compared with the names" if inventory.opened else "none was opened"
    told = f" {inventory.remembered} files have not changed since an earlier run, which is believed." if inventory.remembered else ""
    return f"The first bytes of {inventory.checked} files were looked at; {opened}.{told}"


def _unknown(inventory: Inventory) -> list[list[str]]:
    return [[name, inventory.seems.get(name, "")] for name in inventory.unrecognised]


def _calendar(inventory: Inventory) -> Section | None:
    try:
        drawing = calendar(coverage.groups(inventory, together=True))
    except MissingLibrary as error:
        return Section("Calendar", str(error))
    return Section("Calendar", figure=drawing, caption="Each row is a year, each column a day of the year.") if drawing else None


def _closing(groups: list[coverage.Group]) -> list[Section]:
    """What to fetch."""
    found = closing.sentences(groups)
    return [Section("What to fetch", " ".join(found))] if found else []


def _missing(groups: list[coverage.Group], unit: str) -> list[Section]:
    """The ranges of days, or of composites, without a file; together they have as many as the table of products counts."""
    own = [group for group in groups if coverage.unit(group.product) == unit]
    rows = [[group.title, str(run[0]), str(run[-1]), str(len(run))] for group in own for run in group.gaps]
    if not rows:
        return []
    text = f"{unit.capitalize()} without any file between the first and the last of a record, in {len(rows)} ranges."
    if len(rows) > KEPT_ROWS:
        text += f" The first {KEPT_ROWS} of them:"
    count = sum(len(group.missing) for group in own)
    return [Section(f"Missing {unit}: {count}", text, header=["record", "from", "to", unit], rows=rows[:KEPT_ROWS])]


def _incomplete(groups: list[coverage.Group]) -> list[list[str]]:
    rows = []
    for group in groups:
        suffix = " UTC" if group.product == "gldas" else ""
        rows += [[group.title, str(day), ", ".join(items) + suffix] for day, items in group.incomplete().items()]
    return rows


def _exports(inventory: Inventory) -> list[list[str]]:
    return [[path, str(len(days)), str(days[0]) if days else "", str(days[-1]) if days else ""] for path, days in inventory.dates.items()]


def _table(title: str, header: list[str], rows: list[list[str]], count: int | None = None) -> list[Section]:
    """A section with at most ``KEPT_ROWS`` of the rows and their number; no section if there are none."""
    if not rows:
        return []
    count = len(rows) if count is None else count
    text = f"The first {min(KEPT_ROWS, len(rows))} of {count}." if count > min(KEPT_ROWS, len(rows)) else ""
    return [Section(f"{title}: {count}", text, header=header, rows=rows[:KEPT_ROWS])]
