"""Reads the table of a spreadsheet (.xlsx) as texts, dates and clocks in the form of ISO 8601."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from ...foundation.errors import ProductError
from ...foundation.libraries import load
from ...foundation.outside import reason, understood
from ...foundation.paths import PathLike
from . import spreadsheets
from .sheet import ABOVE, Fits, Sheet, clean
from .text import EXPECTED, LARGEST

#: The day zero of the calendar in whose first days a spreadsheet puts a clock of 24 hours and more, by the year that it shows.
_DAY_ZERO = {1900: datetime.datetime(1899, 12, 31), 1904: datetime.datetime(1904, 1, 1)}

#: Characters of a cell at most, as spreadsheet programs have it; and cells of all rows that are read, of one sheet or of the first of many.
_LONGEST_CELL, _MOST_CELLS = 32_767, 4 * spreadsheets.MOST_CELLS


def sheet(path: PathLike, fits: Sequence[Fits]) -> Sheet:
    """The table on the first sheet that has a header with names that satisfy one of ``fits``; other such sheets are named in its notes.

    Where there is none, the first row of the first sheet counts as the header, and no rows are read. Raises ``ProductError`` for what is no
    spreadsheet or an empty one, ``MissingLibrary`` without the package that reads it.
    """
    formulas = spreadsheets.check(path, EXPECTED)
    openpyxl = load("openpyxl")
    with understood(path, EXPECTED, "a spreadsheet"), spreadsheets.Source(path, EXPECTED) as source:
        book = openpyxl.load_workbook(source, read_only=True, data_only=True)
        try:
            found = _chosen(path, [(str(page.title), page) for page in book.worksheets], fits)
        finally:
            book.close()
    if formulas:
        many = f"{formulas} formulas were" if formulas > 1 else "1 formula was"
        found.lacks = f"{many} never calculated: a spreadsheet program does it when it saves the file"
        found.notes.append(f"NOT READ: {found.lacks}.")
    return found


def _chosen(path: PathLike, pages: Sequence[tuple[str, Any]], fits: Sequence[Fits]) -> Sheet:
    """The first sheet with a header that fits, else the names in the first row of the first sheet that has one."""
    found: Sheet | None = None
    names: list[str] = []
    also = []
    cells = _Cells(path)
    for title, page in pages:
        page.reset_dimensions()
        first = list(islice(cells.rows(page, 5 * ABOVE), ABOVE))
        at = next((number for fit in fits for number, row in first if fit(clean(row))), None)
        names = names or (clean(first[0][1]) if first else [])
        if at is None:
            continue
        if found is None:
            found = _table(path, cells.rows(page), at)
            found.notes += [f"The sheet '{title}' is read."] if len(pages) > 1 else []
        else:
            also.append(title)
    if also and found is not None:
        found.notes.append(f"NOT READ: the sheet{'s' if len(also) > 1 else ''} {', '.join(also[:6])}, with columns of the same name.")
    if not names:
        raise ProductError(path, None, "an empty spreadsheet" if pages else "a spreadsheet without a sheet", EXPECTED)
    return found or Sheet(path, names, [], [])


def _table(path: PathLike, rows: Iterator[tuple[int, list[str]]], at: int) -> Sheet:
    """The table whose header is the row of number ``at``; columns without a name to the right of the last are left away."""
    names = next(clean(row) for number, row in rows if number == at)
    while names and not names[-1]:
        names.pop()
    found = Sheet(path, names, [], [])
    for number, row in rows:
        found.rows.append((row + [""] * (len(names) - len(row)))[: len(names)])
        found.lines.append(number)
    return found


class _Cells:
    """The cells of a spreadsheet as texts. Raises ``ProductError`` where they are too many or too long, each or together.

    Many cells can refer to one text, and many sheets to one part of the file: a small file may hold the largest table.
    """

    def __init__(self, path: PathLike) -> None:
        self._path = path
        self._texts: dict[str, str] = {}
        self._count = self._characters = 0

    def rows(self, page: Any, most: int | None = None) -> Iterator[tuple[int, list[str]]]:
        """The number and the texts of each row of a sheet that is not empty; of the first ``most`` rows alone."""
        number = 0
        try:
            for number, row in enumerate(islice(page.iter_rows(values_only=True), most), start=1):
                self._count += 1 + len(row)
                if self._count > _MOST_CELLS:
                    raise spreadsheets.too_many(self._path, EXPECTED)
                texts = [self._shared(cell) if isinstance(cell, str) else _text(cell) for cell in row]
                if any(texts):
                    yield number, texts
        except (ValueError, IndexError) as error:
            found = f"a spreadsheet with a cell in row {number + 1} that cannot be read ({reason(error)})"
            raise ProductError(self._path, None, found, EXPECTED) from error

    def _shared(self, cell: str) -> str:
        """A text with single blanks; it is made once, however many cells have it."""
        self._characters += len(cell)
        if len(cell) > _LONGEST_CELL:
            found = f"a spreadsheet with a cell of {len(cell):,} characters"
            raise ProductError(self._path, None, found, f"at most {_LONGEST_CELL:,} in a cell")
        if self._characters > LARGEST:
            raise ProductError(self._path, None, f"a spreadsheet whose cells have more than {LARGEST:,} characters together", EXPECTED)
        if cell not in self._texts:
            self._texts[cell] = " ".join(cell.split())
        return self._texts[cell]


def _text(cell: Any) -> str:
    """A cell that is no text as one. Times are rounded to seconds, since a spreadsheet holds them as fractions of a day."""
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
