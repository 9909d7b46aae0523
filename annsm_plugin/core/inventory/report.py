"""Writes what a folder holds as a table and as a page."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from ..foundation import store, synthetic
from ..foundation.errors import MissingLibrary, ParameterError
from ..foundation.paths import PathLike
from ..products import Inventory, coverage
from ..reports.page import Section, write
from .calendar import calendar

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
)

#: Most rows that a list in the report shows.
KEPT_ROWS = 200


def write_table(path: PathLike, inventory: Inventory) -> Path:
    """Write the rows of an ``Inventory`` as CSV. Raises ``ParameterError`` if the folder holds no product file."""
    if not inventory.entries and not inventory.refused:
        raise ParameterError(f"The folder {inventory.folder} holds no product file that is known by its name.")
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(inventory.rows())
    return store.write_text(path, text.getvalue())


def write_report(path: PathLike, inventory: Inventory) -> Path:
    """Write an ``Inventory`` as one HTML page with its calendar."""
    groups = coverage.groups(inventory)
    sections = [
        Section(
            "Products",
            "Days: dates with at least one readable file. Missing: dates (composites of leaf area index) between the first and the last "
            "that have no file of any version; they are counted in the row of the version before the gap. Incomplete: days that lack "
            "some of the usual steps (GLDAS), tiles or channels. Superseded: files left out for another file of the same observation.",
            header=[name.capitalize() for name in COLUMNS],
            rows=[[str(row[name]) for name in COLUMNS] for row in (group.row() for group in groups)],
        ),
        _calendar(inventory),
        *_missing(groups),
        *_table("Incomplete days", ["record", "day", "lacks"], _incomplete(groups)),
        *_table("Unreadable", ["file or folder", "what was found"], [[p, why] for p, why in inventory.unreadable.items()]),
        *_table("Dates in AppEEARS exports", ["file", "dates", "first", "last"], _exports(inventory)),
        *_table("Left out", ["file", "because"], [[e.path, inventory.why_left.get(e.path, "")] for e in inventory.superseded]),
        *_table("Refused", ["file", "why"], [[e.path, e.refused] for e in inventory.refused]),
        *_table("Not recognised", ["file"], [[name] for name in inventory.unrecognised], inventory.n_unrecognised),
    ]
    intro = " ".join([f"Folder {inventory.folder}. {how(inventory)}", *what_next(inventory, groups)])
    numbers = [
        ("Product files", len(inventory.entries), "", ""),
        ("Unreadable", len(inventory.unreadable), "", ""),
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


def what_next(inventory: Inventory, groups: list[coverage.Group] | None = None) -> list[str]:
    """A sentence that says how to fetch what is missing between the first and the last day of the records; none if nothing is."""
    groups = coverage.groups(inventory) if groups is None else groups
    days = sum(len(group.missing) for group in groups)
    parts = [f"{days} days (of leaf area index, composites) without a file"] if days else []
    incomplete = sum(len(group.incomplete()) for group in groups)
    parts += [f"{incomplete} incomplete days"] if incomplete else []
    unreadable = sum(group.unreadable for group in groups)
    parts += [f"{unreadable} unreadable files"] if unreadable else []
    if not parts:
        return []
    return [
        f"To close the gaps ({', '.join(parts)}): annsm:downloadlist with HAVE={inventory.folder} lists what is missing of a region and "
        "period, and annsm:download fetches it."
    ]


def _calendar(inventory: Inventory) -> Section | None:
    try:
        drawing = calendar(coverage.groups(inventory, together=True))
    except MissingLibrary as error:
        return Section("Calendar", str(error))
    return Section("Calendar", figure=drawing, caption="Each row is a year, each column a day of the year.") if drawing else None


def _missing(groups: list[coverage.Group]) -> list[Section]:
    """The ranges of days without a file; together they have as many days as the table of products counts."""
    rows = [[group.title, str(run[0]), str(run[-1]), str(len(run))] for group in groups for run in group.gaps]
    if not rows:
        return []
    text = f"Days (of leaf area index, composites) without any file between the first and the last of a record, in {len(rows)} ranges."
    if len(rows) > KEPT_ROWS:
        text += f" The first {KEPT_ROWS} of them:"
    days = sum(len(group.missing) for group in groups)
    return [Section(f"Missing days: {days}", text, header=["record", "from", "to", "days"], rows=rows[:KEPT_ROWS])]


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
