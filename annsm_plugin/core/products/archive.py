"""Reads the only NetCDF file in a gzip-compressed tar archive, as SMOS products are delivered.

GDAL 3.6 cannot: it cuts off names of more than 100 characters, which these archives have.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator

from ..foundation.errors import ProductError
from ..foundation.paths import PathLike

#: Endings of the archives' names.
ENDINGS = (".tgz", ".tar.gz")

_BLOCK = 512

#: Bytes that a file in an archive, and the header of a long name, may have at most.
_LARGEST, _LONGEST_NAME = 2**31, 2**16


def member(path: PathLike, *endings: str) -> bytes:
    """The content of the only regular file in the archive whose name ends in one of ``endings``.

    Raises ``ProductError`` if there are none or several, or if the archive is damaged or cut off. Understands POSIX.1-1988 (ustar), GNU
    and POSIX.1-2001 (pax) headers.
    """
    what = " or ".join(endings)
    expected = f"an archive with one {what} file"
    found: list[bytes] = []
    try:
        with gzip.open(path) as file:
            for name, size in _members(file):
                if not name.lower().endswith(endings):
                    _skip(file, size)
                    continue
                if not 0 < size <= _LARGEST:
                    raise ProductError(path, None, f"a file of {size} bytes in the archive", expected)
                content = b"" if found else file.read(size)
                if not found and len(content) < size:
                    raise ProductError(path, None, f"an archive cut off after {len(content)} of {size} bytes", expected)
                _skip(file, (0 if not found else size) + -size % _BLOCK, padded=True)
                found.append(content)
            while file.read(1 << 20):  # read to the end, where gzip checks the checksum
                pass
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise ProductError(path, None, f"an archive that is damaged or cut off ({error})", expected) from error
    if len(found) != 1:
        raise ProductError(path, None, f"{len(found)} {what} files in the archive", "one file")
    return found[0]


def _members(file: gzip.GzipFile) -> Iterator[tuple[str, int]]:
    """Yield the name and size of each regular file, with ``file`` positioned at its content. Raises ``ValueError``."""
    long_name: bytes | None = None
    long_size: bytes | None = None
    while True:
        header = file.read(_BLOCK)
        if not header.strip(b"\0"):
            return
        if len(header) < _BLOCK or _number(header[148:156]) != sum(header) - sum(header[148:156]) + 8 * 32:
            raise ValueError("a damaged header")
        size, kind = _number(header[124:136]), header[156:157]
        if kind in (b"L", b"x"):
            if size > _LONGEST_NAME:
                raise ValueError(f"a name of {size} bytes")
            text = file.read(size + -size % _BLOCK)[:size]
            if kind == b"L":
                long_name = text.rstrip(b"\0")
            else:
                records = _records(text)
                long_name, long_size = records.get(b"path", long_name), records.get(b"size")
            continue
        if long_size is not None:
            size = int(long_size)
        if size < 0:
            raise ValueError("a size below zero")
        if kind in (b"0", b"\0", b"7"):
            prefix = header[345:500].rstrip(b"\0") if header[257:263] == b"ustar\0" else b""
            name = header[:100].split(b"\0")[0]
            name = long_name or (prefix + b"/" + name if prefix else name)
            yield name.decode("utf-8", "replace"), size
        elif kind not in b"123456":
            _skip(file, size)
        long_name = long_size = None


def _number(field: bytes) -> int:
    """A number in a header: octal digits, or, if the first bit is set, a big-endian binary number."""
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    return int(field.strip(b" \0") or b"0", 8)


def _records(text: bytes) -> dict[bytes, bytes]:
    """The records "length key=value" of a pax header."""
    found = {}
    while text:
        length = int(text.split(b" ", 1)[0])
        if not 0 < length <= len(text):
            raise ValueError("a pax header that is cut off")
        key, _, value = text[:length].split(b" ", 1)[1].rstrip(b"\n").partition(b"=")
        found[key] = value
        text = text[length:]
    return found


def _skip(file: gzip.GzipFile, size: int, padded: bool = False) -> None:
    """Skip ``size`` bytes and the rest of the last block; ``padded``: ``size`` includes that rest already."""
    rest = size if padded else size + -size % _BLOCK
    while rest > 0:
        got = len(file.read(min(rest, 1 << 20)))
        if not got:
            raise EOFError("it ends within a file")
        rest -= got
