"""The text of a table, whatever its encoding, and no more of it than a table of stations has."""

from __future__ import annotations

import codecs

from ...foundation.errors import ProductError
from ...foundation.outside import content
from ...foundation.paths import PathLike

EXPECTED = "a table with a header line"

#: Bytes, lines and characters of a line that a text may have at most: hourly values of a station for 60 years have 530 000 lines.
LARGEST, MOST_LINES, LONGEST_LINE = 2**27, 3_000_000, 100_000

#: Cells (rows times columns) that a table may have at most: rows may be shorter than the header, but are kept as long as it.
MOST_CELLS = 25_000_000

_ENCODINGS = ("utf-8-sig", "gb18030", "latin-1")

#: Bytes that are looked at to tell UTF-16 without a byte order mark: every second one of Latin letters is zero.
_LOOKED_AT = 2000


def read(path: PathLike) -> str:
    """The text of a file in whichever encoding fits, with Unix line ends. Raises ``ProductError`` if it is not text or out of bounds."""
    found = content(path, LARGEST, EXPECTED)
    text = decode(found)
    if text is None:
        kind = "an empty file" if not found.strip() else "a web page" if b"\0" not in found else "a binary file"
        raise ProductError(path, None, kind, EXPECTED)
    return _bounded(path, text)


def decode(found: bytes) -> str | None:
    """The text of bytes in whichever encoding fits, with Unix line ends; None if they are no text, or a web page."""
    wide = _utf16(found)
    if wide:
        return _lines(found.decode(wide, errors="replace"))
    if not found.strip() or b"\0" in found or found.lstrip()[:9].lower().startswith((b"<!doctype", b"<html")):
        return None
    for encoding in _ENCODINGS:
        try:
            return _lines(found.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise AssertionError("Latin-1 reads every byte")


def _utf16(found: bytes) -> str:
    """The name of the UTF-16 encoding of bytes; empty if they are not in it."""
    if found.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    first = found[: _LOOKED_AT // 2 * 2]
    even, odd = first[::2], first[1::2]
    if odd and 0.8 * len(odd) < odd.count(0) and even.count(0) == 0:
        return "utf-16-le"
    if odd and 0.8 * len(even) < even.count(0) and odd.count(0) == 0:
        return "utf-16-be"
    return ""


def _bounded(path: PathLike, text: str) -> str:
    """The text, if its lines are neither too many nor too long. Raises ``ProductError``."""
    if text.count("\n") > MOST_LINES:
        raise ProductError(path, None, f"{text.count(chr(10)):,} lines", f"at most {MOST_LINES:,}")
    start = 0
    while len(text) - start > LONGEST_LINE:
        end = text.rfind("\n", start, start + LONGEST_LINE)
        if end < 0:
            raise ProductError(path, None, f"a line of more than {LONGEST_LINE:,} characters", EXPECTED)
        start = end + 1
    return text


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
