"""Finds the header of a text table and splits its lines: whatever separates the columns, and whatever stands above the header."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence

from ...foundation.errors import ProductError
from ...foundation.outside import understood
from ...foundation.paths import PathLike
from . import text as texts
from .numbers import is_missing
from .sheet import ABOVE, Fits, Sheet, clean

#: What may stand between columns, and its name. Blanks come last: dates and names have them too.
SEPARATORS = (",", ";", "\t", "|", "  ", " ")

#: The beginnings of a line that is a comment, if it is not the header.
_COMMENT = ("#", "//", "!")

_TWO, _ONE = re.compile(r"\s{2,}"), re.compile(r"\s+")


def sheet(path: PathLike, fits: Sequence[Fits]) -> Sheet:
    """The table in a text file; its header is the first line with names that satisfy one of ``fits``, the earlier of them before the later.

    Where there is none, the first line of the most frequent number of columns counts as the header, and no rows are read. Lines above the
    header, empty lines and comments below it are none of the rows. Raises ``ProductError`` for what is no table and for lines with more
    fields than names.
    """
    lines = texts.read(path).split("\n")
    at, separator = _header(lines, fits)
    names = clean(_split(_uncommented(lines[at]), separator))
    names = names if _fit(names, fits) else clean(_split(lines[at], separator))
    found = Sheet(path, names, [], [])
    if not _fit(names, fits):
        return found
    if separator in (" ", "  "):
        _by_blanks(found, lines, at + 1, separator)
    else:
        _by_sign(found, lines, at + 1, separator)
    return found


def begins_with(beginning: bytes, fits: Sequence[Fits]) -> bool:
    """Whether a text that begins with these bytes has a header with names that satisfy one of ``fits``."""
    decoded = texts.decode(beginning)
    if decoded is None:
        return False
    lines = decoded.split("\n")
    at, separator = _header(lines, fits)
    return any(_fit(clean(_split(line, separator)), fits) for line in (lines[at], _uncommented(lines[at])))


def _fit(names: list[str], fits: Sequence[Fits]) -> bool:
    return any(fit(names) for fit in fits)


def _header(lines: Sequence[str], fits: Sequence[Fits]) -> tuple[int, str]:
    """The number of the header's line, and the separator."""
    first = [(number, line) for number, line in enumerate(lines[: 5 * ABOVE]) if line.strip()][:ABOVE]
    for fit in fits:
        for number, line in first:
            best = ("", 1)
            for separator in SEPARATORS:
                for written in (line, _uncommented(line)):
                    names = clean(_split(written, separator))
                    if len(names) > best[1] and fit(names):
                        best = (separator, len(names))
            if best[0]:
                return number, best[0]
    return _likely(first)


def _likely(first: Sequence[tuple[int, str]]) -> tuple[int, str]:
    """The first line with the most frequent number of columns, by the separator for which most lines agree."""
    best, choice = 0, (first[0][0] if first else 0, ",")
    for separator in SEPARATORS:
        counts = [len(_split(line, separator)) for _, line in first]
        columns, agreeing = Counter(count for count in counts if count > 1).most_common(1)[0] if max(counts, default=1) > 1 else (1, 0)
        if agreeing > best:
            best, choice = agreeing, (first[counts.index(columns)][0], separator)
    return choice


def _uncommented(line: str) -> str:
    return line.lstrip().lstrip("#").lstrip()


def _split(line: str, separator: str) -> list[str]:
    """The fields of one line."""
    if separator == "  ":
        return _TWO.split(line.strip())
    if separator == " ":
        return _ONE.split(line.strip())
    try:
        return next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:
        return []


def _is_comment(first: str, found: Sheet) -> bool:
    """Whether a line that begins with this field is a comment, which is counted; marks of missing values such as #N/A are none."""
    if not first.startswith(_COMMENT) or is_missing(first):
        return False
    found.comments += 1
    return True


def _by_sign(found: Sheet, lines: Sequence[str], start: int, separator: str) -> None:
    """Read the rows of a table whose columns are apart by a sign; quoted fields may hold it. Raises ``ProductError``."""
    with understood(found.path, texts.EXPECTED, "a table"):
        body = (line + "\n" for line in lines[start:])
        reader = csv.reader(body, delimiter=separator, skipinitialspace=True, strict=True)
        before = 0
        for fields in reader:
            line, before = start + before + 1, reader.line_num
            if fields and not _is_comment(fields[0], found):
                _add(found, fields, line)


def _by_blanks(found: Sheet, lines: Sequence[str], start: int, separator: str) -> None:
    """Read the rows of a table whose columns are apart by blanks. Raises ``ProductError``."""
    body = [(number, line) for number, line in enumerate(lines[start:], start + 1) if line.strip()]
    body = [(number, line) for number, line in body if not _is_comment(_ONE.split(line.strip())[0], found)]
    counts = Counter(len(_split(line, separator)) for _, line in body[:ABOVE])
    if separator == " " and counts and counts.most_common(1)[0][0] == len(found.names) + 1:
        _part_dates(found, [_split(line, separator) for _, line in body[:ABOVE]])
    for number, line in body:
        _add(found, [field.strip("\"'") for field in _split(line, separator)], number)


def _part_dates(found: Sheet, rows: Sequence[Sequence[str]]) -> None:
    """Give the clock a column of its own where the blank between date and clock parts them: rows have one field more than names."""
    place = next(
        (n for n in range(len(found.names)) if all(len(row) > n + 1 and ":" in row[n + 1] and ":" not in row[n] for row in rows)), None
    )
    if place is not None:
        found.names.insert(place + 1, "clock")


def _add(found: Sheet, fields: list[str], line: int) -> None:
    """Add a row, as long as the header.

    Raises ``ProductError`` if it has more fields than there are names, which would move values to other columns, and for too many cells.
    """
    more = len(fields) - len(found.names)
    if more > 0 and any(map(str.strip, fields[len(found.names) :])):
        said = f"a table that cannot be read (line {line} has {len(fields)} fields, the header {len(found.names)})"
        raise ProductError(found.path, None, said, "a name for each column, and decimal commas only where other signs separate columns")
    if (len(found.rows) + 1) * len(found.names) > texts.MOST_CELLS:
        said = f"a table of {len(found.names):,} columns that has more than {len(found.rows):,} rows"
        raise ProductError(found.path, None, said, f"at most {texts.MOST_CELLS:,} cells (leave columns away that are not needed)")
    found.rows.append([*map(str.strip, fields[: len(found.names)]), *([""] * -more)])
    found.lines.append(line)
