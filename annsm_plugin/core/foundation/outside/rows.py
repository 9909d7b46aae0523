"""Reads small CSV tables from outside: of bounded size, every column once."""

from __future__ import annotations

import csv
from collections.abc import Callable

from ..errors import ProductError
from ..paths import PathLike
from ..tables import as_written
from .guard import content, understood

#: Bytes that such a table may have at most: those that steps write have a line per cell, station or run.
LARGEST = 20_000_000


def read_rows(
    path: PathLike, expected: str, named: Callable[[str], str] = str, *, ended: bool = False
) -> tuple[list[str], list[dict[str, str]]]:
    """The names of the columns, without blanks around them, and a row for every line below; "" where a line is too short.

    UTF-8; separated by commas, or by semicolons if the header has more than two. Raises ``ProductError`` for a file that is no such table
    and for a column that is there twice. ``named``: what is made of the names, such as lower case; ended: the last line must have an end,
    as all lines have that the steps write.
    """
    data = content(path, LARGEST, expected)
    if ended and not data.endswith(b"\n"):
        raise ProductError(path, None, "a last line without an end: it is cut off", expected)
    with understood(path, expected, "a table"):
        text = data.decode("utf-8-sig")
        separator = ";" if text.split("\n", 1)[0].count(";") > 2 else ","
        lines = csv.reader(text.splitlines(), delimiter=separator)
        header = [named(as_written(name.strip())) for name in next(lines, [])]
        twice = sorted({name for name in header if name and header.count(name) > 1}) if len(header) < 2000 else ["so many"]
        if twice:
            raise ProductError(path, twice[0], "a column of this name more than once", "each column once")
        short = [""] * len(header)
        # as csv.DictReader does: lines without anything are none
        rows = ([as_written(cell) for cell in line] for line in lines if line)
        return header, [dict(zip(header, [*line, *short[len(line) :]])) for line in rows]
