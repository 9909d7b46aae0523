"""Reads the table of a spreadsheet (.xlsx) as texts, dates and clocks in the form of ISO 8601."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import Any

from ...foundation.libraries import load
from ...foundation.outside import understood
from ...foundation.paths import PathLike
from . import spreadsheets
from .sheet import ABOVE, Fits, Sheet, clean
from .text import EXPECTED

#: The day zero of the calendar in whose first days a spreadsheet puts a clock of 24 hours and more, by the year that it shows.
_DAY_ZERO = {1900: datetime.datetime(1899, 12, 31), 1904: datetime.datetime(1904, 1, 1)}


def sheet(path: PathLike, fits: Sequence[Fits]) -> Sheet:
    """The table on the first sheet that has a header with names that satisfy one of ``fits``; other such sheets are named in its notes.

    Raises ``ProductError`` for what is no spreadsheet, ``MissingLibrary`` without the package that reads it.
    """
    spreadsheets.check(path, EXPECTED)
    openpyxl = load("openpyxl")
    with understood(path, EXPECTED, "a spreadsheet"):
        book = openpyxl.load_workbook(str(path), read_only=True, data_only=True)
        try:
            return _chosen(path, [(str(page.title), page) for page in book.worksheets], fits)
        finally:
            book.close()


def _chosen(path: PathLike, pages: Sequence[tuple[str, Any]], fits: Sequence[Fits]) -> Sheet:
    """The first sheet with a header that fits, else the first sheet with its first row as the header."""
    found: Sheet | None = None
    also = []
    for title, page in pages:
        page.reset_dimensions()
        own = list(_rows(page)) if found is None else _first(page)
        at = next((n for fit in fits for n, (_, row) in enumerate(own[:ABOVE]) if fit(clean(row))), None)
        if at is None:
            continue
        if found is None:
            found = _table(path, own, at)
            found.notes += [f"The sheet '{title}' is read."] if len(pages) > 1 else []
        else:
            also.append(title)
    if also and found is not None:
        found.notes.append(f"NOT READ: the sheet{'s' if len(also) > 1 else ''} {', '.join(also[:6])}, with columns of the same name.")
    if found is None:
        own = list(_rows(pages[0][1])) if pages else []
        found = _table(path, own, 0)
    return found


def _first(page: Any) -> list[tuple[int, list[str]]]:
    """The first rows of a sheet."""
    return [row for row, _ in zip(_rows(page), range(ABOVE))]


def _table(path: PathLike, rows: Sequence[tuple[int, list[str]]], at: int) -> Sheet:
    """The table whose header is the row at ``at``; columns without a name to the right of the last are left away."""
    names = clean(rows[at][1]) if rows else []
    while names and not names[-1]:
        names.pop()
    width = len(names)
    body = rows[at + 1 :]
    return Sheet(path, names, [(row + [""] * width)[:width] for _, row in body], [number for number, _ in body])


def _rows(page: Any) -> Iterator[tuple[int, list[str]]]:
    """The number and the texts of each row that is not empty."""
    for number, row in enumerate(page.iter_rows(values_only=True), start=1):
        texts = [_text(cell) for cell in row]
        if any(texts):
            yield number, texts


def _text(cell: Any) -> str:
    """A cell as text. Times are rounded to seconds, since a spreadsheet holds them as fractions of a day."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, datetime.datetime):
        near = (cell + datetime.timedelta(microseconds=500_000)).replace(microsecond=0, tzinfo=None)
        return _clock(near - _DAY_ZERO[near.year]) if near.year in _DAY_ZERO and near.timetuple().tm_yday <= 2 else near.isoformat(" ")
    if isinstance(cell, datetime.timedelta):
        return _clock(cell)
    if isinstance(cell, datetime.time):
        return _clock(datetime.timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second, microseconds=cell.microsecond))
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return " ".join(str(cell).split())


def _clock(since: datetime.timedelta) -> str:
    """A span since midnight as a clock, a whole day as 24:00."""
    seconds = round(since.total_seconds())
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
