"""Reads the only NetCDF file in a gzip-compressed tar archive, as SMOS products are delivered, within bounds.

GDAL 3.6 cannot: it cuts off names of more than 100 characters, which these archives have.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import IO

from ..foundation.errors import ProductError
from ..foundation.outside import most_words, understood
from ..foundation.paths import PathLike

#: Endings of the archives' names.
ENDINGS = (".tgz", ".tar.gz")

_BLOCK = 512

#: Bytes that an archive may unpack to, and that the header of a long name may have, at most. SMOS deliveries have 10 to 60 MB.
_LARGEST, _LONGEST_NAME = 2**27, 2**14

#: Headers of an archive, and pieces that are compressed one by one, at most.
_MOST_HEADERS, _MOST_STREAMS = 300, 10_000

#: Bytes that are unpacked at a time, and read packed.
_PIECE, _PACKED = 2**20, 2**15


def copy(path: PathLike, out: Callable[[bytes], object], *endings: str) -> None:
    """Hand the content of the only regular file in the archive whose name ends in one of ``endings`` to ``out``, piece by piece.

    Raises ``ProductError`` if there are none or several, or if the archive is damaged, cut off or out of bounds: then what ``out`` was
    given is worth nothing. Understands POSIX.1-1988 (ustar), GNU and POSIX.1-2001 (pax) headers; links and devices are passed over.
    """
    what = " or ".join(endings)
    expected = f"an archive with one {what} file"
    found = 0
    with understood(path, expected, "an archive"), open(path, "rb") as packed:
        file = _Unpacked(packed)
        for name, size in _members(file):
            wanted = name.lower().endswith(endings)
            if size > _LARGEST or (wanted and not size):
                raise ProductError(path, None, f"a file of {size} bytes in the archive", f"{expected} of at most {most_words(_LARGEST)}")
            found += wanted
            _pass(file, size, out if wanted and found == 1 else None)
            _pass(file, -size % _BLOCK)
        while file.read(_PIECE):  # read to the end, where the checksum is compared
            pass
    if found != 1:
        raise ProductError(path, None, f"{found} {what} files in the archive", "one file")


class _Unpacked:
    """The content of a gzip file, unpacked in pieces against a budget; its checksums are compared."""

    def __init__(self, packed: IO[bytes]) -> None:
        self._packed, self._rest, self._streams, self._count = packed, b"", 0, 0
        self._stream = zlib.decompressobj(wbits=31)
        self._begun = False

    def read(self, size: int) -> bytes:
        """So many bytes, fewer at the end."""
        found = bytearray(self._piece(min(_PIECE, size)))
        while 0 < len(found) < size:
            piece = self._piece(min(_PIECE, size - len(found)))
            if not piece:
                break
            found += piece
        return bytes(found)

    def _piece(self, most: int) -> bytes:
        """Some bytes, none at the end."""
        while True:
            if not self._rest:
                self._rest = self._packed.read(_PACKED)
                if not self._rest and self._begun:
                    raise EOFError("it is cut off")
            if not self._begun:
                self._rest = self._rest.lstrip(b"\0")  # archives may be filled up with zeros
                if not self._rest:
                    if self._packed.peek(1):  # type: ignore[attr-defined]
                        continue
                    return b""
                self._begin()
            piece = self._stream.decompress(self._rest, most)
            self._rest = self._stream.unconsumed_tail
            if self._stream.eof:
                self._rest, self._begun = self._stream.unused_data, False
            self._count += len(piece)
            if self._count > _LARGEST:
                raise ValueError(f"it unpacks to more than {most_words(_LARGEST)}")
            if piece:
                return piece

    def _begin(self) -> None:
        """Begin the next of several streams."""
        self._streams += 1
        if self._streams > _MOST_STREAMS:
            raise ValueError(f"more than {_MOST_STREAMS} pieces")
        self._stream, self._begun = zlib.decompressobj(wbits=31), True


def _members(file: _Unpacked) -> Iterator[tuple[str, int]]:
    """Yield the name and size of each regular file, with ``file`` positioned at its content. Raises ``ValueError``."""
    long_name: bytes | None = None
    long_size: bytes | None = None
    for _ in range(_MOST_HEADERS):
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
            _pass(file, size + -size % _BLOCK)
        long_name = long_size = None
    raise ValueError(f"more than {_MOST_HEADERS} headers")


def _number(field: bytes) -> int:
    """A number in a header: octal digits, or, if the first bit is set, a big-endian binary number."""
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    return int(field.strip(b" \0") or b"0", 8)


def _records(text: bytes) -> dict[bytes, bytes]:
    """The records "length key=value" of a pax header."""
    found, place = {}, 0
    while place < len(text):
        blank = text.index(b" ", place, place + 8)
        end = place + int(text[place:blank])
        if not blank < end <= len(text):
            raise ValueError("a pax header that is cut off")
        key, _, value = text[blank + 1 : end].rstrip(b"\n").partition(b"=")
        found[key] = value
        place = end
    return found


def _pass(file: _Unpacked, size: int, out: Callable[[bytes], object] | None = None) -> None:
    """Read over ``size`` bytes, and hand them to ``out``."""
    while size > 0:
        piece = file.read(min(size, _PIECE))
        if not piece:
            raise EOFError("it ends within a file")
        if out is not None:
            out(piece)
        size -= len(piece)
