"""Whether a spreadsheet is within bounds, before a library reads it that has none."""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import Any
from xml.parsers import expat

from ...foundation.errors import ProductError
from ...foundation.outside import Zip, understood
from ...foundation.paths import PathLike

#: Rows (hourly values of 60 years) and cells at most, and bytes of one part of a spreadsheet; a larger table is better a CSV file.
MOST_ROWS, MOST_CELLS, _LARGEST_PART = 530_000, 2_500_000, 2**27

#: Tags at most in a part with rows, and in one without or before them, which is held in memory as a tree; how deep they may be nested.
_MOST_TAGS, _LARGEST_TREE, _DEEPEST = 3 * MOST_CELLS, 2_000_000, 100

#: How often the bytes of a spreadsheet are read over at most: a library reads each part once or twice.
_MOST_READINGS = 10

_PIECE = 2**18

#: Column of a cell in a reference such as "AB12".
_COLUMN = re.compile("[A-Za-z]{1,3}")


class Source(io.FileIO):
    """The file of a spreadsheet, for a library. Raises ``ProductError`` where it reads the same over and over: many sheets in one part."""

    def __init__(self, path: PathLike, expected: str) -> None:
        super().__init__(path)
        self._path, self._expected = path, expected
        self._left = _MOST_READINGS * self.seek(0, io.SEEK_END)

    def read(self, size: int | None = -1) -> Any:
        found = super().read(-1 if size is None else size)
        self._left -= len(found)
        if self._left < 0:
            raise ProductError(self._path, None, "a spreadsheet whose sheets are the same part of it many times over", self._expected)
        return found


def check(path: PathLike, expected: str) -> int:
    """Raise ``ProductError`` unless every part of a spreadsheet (.xlsx) is within bounds; return how many formulas have no result."""
    formulas = 0
    with Zip(path, expected) as archive:
        if len(archive.members) > 10_000:
            raise ProductError(path, None, f"a spreadsheet of {len(archive.members)} parts", expected)
        for member in archive.members:
            if member.file_size > _LARGEST_PART:
                found = f"a spreadsheet whose part {member.filename} has {member.file_size:,} bytes"
                raise ProductError(path, None, found, _fewer(expected))
        twice = [name for name, count in Counter(member.filename for member in archive.members).items() if count > 1]
        if twice:
            raise ProductError(path, None, f"a spreadsheet with more than one part {twice[0]}", expected)
        with understood(path, expected, "a spreadsheet"):
            parts, tags = [], 0
            for member in archive.members:
                with archive.stream(member) as file:
                    of_this = _tags(path, file, expected)
                if of_this:
                    parts.append(member)
                tags += of_this
                if tags > 2 * _MOST_TAGS:
                    raise too_many(path, expected)
            for member in parts:
                with archive.stream(member) as file:
                    formulas += _Part(path, expected).read(file)
    return formulas


def too_many(path: PathLike, expected: str) -> ProductError:
    """The error for a spreadsheet that is too large."""
    return ProductError(path, None, "a spreadsheet of too many rows or cells", _fewer(expected))


def _fewer(expected: str) -> str:
    return f"{expected}, of at most {MOST_ROWS:,} rows and {MOST_CELLS:,} cells (save a larger one as CSV)"


def _tags(path: PathLike, file: Any, expected: str) -> int:
    """About how many tags a part has, 0 if it is no XML. Raises ``ProductError`` if its bytes show too many, which is quick."""
    rows = cells = tags = 0
    piece = file.read(_PIECE)
    if piece.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ProductError(path, None, "a spreadsheet in UTF-16", expected)
    if not piece.lstrip().startswith((b"<", b"\xef\xbb\xbf")):
        return 0
    while piece:
        rows += piece.count(b"<row ")
        cells += piece.count(b"<c ") + piece.count(b":c ") + piece.count(b"<c/")
        tags += piece.count(b"<")
        if rows > MOST_ROWS or cells > MOST_CELLS or tags > 2 * _MOST_TAGS:
            raise too_many(path, expected)
        piece = file.read(_PIECE)
    return max(1, tags)


class _Part:
    """Counts the rows, cells, columns and formulas of a part as XML. Raises ``ProductError`` where there are too many."""

    def __init__(self, path: PathLike, expected: str) -> None:
        self._path, self._expected = path, expected
        self._rows = self._cells = self._column = self._width = self._tags = self._depth = self._formulas = 0
        self._kind, self._unfinished = "", False  # of a cell; whether it is a formula of which no result was seen yet
        self._most = _LARGEST_TREE  # tags; more with the first row
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._declared

    def read(self, file: Any) -> int:
        """Read the whole part; return how many of its formulas have no result."""
        while True:
            piece = file.read(_PIECE)
            self._parser.Parse(piece, not piece)
            if not piece:
                break
        if self._rows * self._width > 2 * MOST_CELLS:
            raise too_many(self._path, self._expected)
        return self._formulas

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._tags += 1
        self._depth += 1
        name = tag.rpartition(" ")[2]
        if name == "c":
            self._cells += 1
            self._column = _column(attributes["r"]) if "r" in attributes else self._column + 1
            self._width = max(self._width, self._column)
            self._kind = attributes.get("t", "n")
        elif name == "row":
            self._column, self._most = 0, _MOST_TAGS
            self._rows = max(self._rows + 1, _row(attributes.get("r", "")))
        elif name == "f":
            self._unfinished = self._kind not in ("", "str")  # a text without letters is a result
        elif name == "v" and self._unfinished:
            self._parser.CharacterDataHandler = self._finished
        if self._tags > self._most or self._depth > _DEEPEST or self._cells > MOST_CELLS or self._rows > MOST_ROWS:
            raise too_many(self._path, self._expected)

    def _finished(self, _: str) -> None:
        self._unfinished = False
        self._parser.CharacterDataHandler = None

    def _end(self, tag: str) -> None:
        self._depth -= 1
        if self._unfinished and tag.rpartition(" ")[2] == "c":
            self._formulas += 1
            self._finished("")

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
