"""Whether a spreadsheet is within bounds, before a library reads it that has none."""

from __future__ import annotations

import re
import xml.parsers.expat
from typing import Any

from ...foundation.errors import ProductError
from ...foundation.outside import Zip, understood
from ...foundation.paths import PathLike

#: Rows (hourly values of 60 years) and cells at most, and bytes of one part of a spreadsheet; a larger table is better a CSV file.
MOST_ROWS, MOST_CELLS, _LARGEST_PART = 530_000, 2_500_000, 2**27

#: Tags at most in a part with rows and in one without, which is held in memory as a tree; how deep they may be nested.
_MOST_TAGS, _LARGEST_TREE, _DEEPEST = 3 * MOST_CELLS, 2_000_000, 100

_PIECE = 2**18

#: Column of a cell in a reference such as "AB12".
_COLUMN = re.compile("[A-Za-z]{1,3}")


def check(path: PathLike, expected: str) -> None:
    """Raise ``ProductError`` unless every part of a spreadsheet (.xlsx) is within bounds."""
    with Zip(path, expected) as archive:
        if len(archive.members) > 10_000:
            raise ProductError(path, None, f"a spreadsheet of {len(archive.members)} parts", expected)
        for member in archive.members:
            if member.file_size > _LARGEST_PART:
                found = f"a spreadsheet whose part {member.filename} has {member.file_size:,} bytes"
                raise ProductError(path, None, found, _fewer(expected))
        for member in archive.members:
            with understood(path, expected, "a spreadsheet"):
                with archive.stream(member) as file:
                    is_xml = _is_xml(path, file, expected)
                if is_xml:
                    with archive.stream(member) as file:
                        _Part(path, expected).read(file)


def _too_many(path: PathLike, expected: str) -> ProductError:
    return ProductError(path, None, "a spreadsheet of too many rows or cells", _fewer(expected))


def _fewer(expected: str) -> str:
    return f"{expected}, of at most {MOST_ROWS:,} rows and {MOST_CELLS:,} cells (save a larger one as CSV)"


def _is_xml(path: PathLike, file: Any, expected: str) -> bool:
    """Whether a part is XML. Raises ``ProductError`` if its bytes show already that it has too many tags, which is quick."""
    rows = cells = tags = 0
    piece = file.read(_PIECE)
    if piece.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ProductError(path, None, "a spreadsheet in UTF-16", expected)
    if not piece.lstrip().startswith((b"<", b"\xef\xbb\xbf")):
        return False
    while piece:
        rows += piece.count(b"<row ")
        cells += piece.count(b"<c ") + piece.count(b":c ") + piece.count(b"<c/")
        tags += piece.count(b"<")
        if rows > MOST_ROWS or cells > MOST_CELLS or tags > 2 * _MOST_TAGS:
            raise _too_many(path, expected)
        piece = file.read(_PIECE)
    return True


class _Part:
    """Counts the rows, cells and columns of a part as XML. Raises ``ProductError`` where there are too many."""

    def __init__(self, path: PathLike, expected: str) -> None:
        self._path, self._expected = path, expected
        self._rows = self._cells = self._width = self._tags = self._depth = 0
        self._parser = xml.parsers.expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._declared

    def read(self, file: Any) -> None:
        """Read the whole part."""
        while True:
            piece = file.read(_PIECE)
            self._parser.Parse(piece, not piece)
            if not piece:
                break
        if self._rows > MOST_ROWS or self._rows * self._width > 2 * MOST_CELLS or (not self._rows and self._tags > _LARGEST_TREE):
            raise _too_many(self._path, self._expected)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._tags += 1
        self._depth += 1
        name = tag.rpartition(" ")[2]
        if name == "c":
            self._cells += 1
            self._width = max(self._width, _column(attributes.get("r", "")))
        elif name == "row":
            self._rows = max(self._rows + 1, _row(attributes.get("r", "")))
        if self._cells > MOST_CELLS or self._rows > MOST_ROWS or self._tags > _MOST_TAGS or self._depth > _DEEPEST:
            raise _too_many(self._path, self._expected)

    def _end(self, _: str) -> None:
        self._depth -= 1

    def _declared(self, *_: object) -> None:
        raise ProductError(self._path, None, "a spreadsheet with a document type of its own", self._expected)


def _row(given: str) -> int:
    """The number of a row; a very large one for what is none."""
    return int(given or 0) if len(given) < 10 and (given.isdecimal() or not given) else 10**9


def _column(given: str) -> int:
    """The number of the column in a reference such as "AB12"; 1 without one."""
    letters = _COLUMN.match(given)
    number = 0
    for letter in letters.group().upper() if letters else "A":
        number = 26 * number + ord(letter) - 64
    return number
