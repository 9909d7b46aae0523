"""Whether a file can be what its name says, by its first bytes and its size: not empty, cut off, of another kind or unreadable.

The headers say how long a file is (HDF5: superblock; netCDF-3: offsets of the variables; HDF4: data descriptors), so that a file that was
cut off anywhere is found by reading a few hundred bytes. Sources: HDF5 file format specification, II.A; NetCDF classic format
specification; HDF4 specification, section 2.
"""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import IO

from ..foundation.paths import PathLike, no_file

_HDF5, _HDF4, _GZIP = b"\x89HDF\r\n\x1a\n", b"\x0e\x03\x13\x01", b"\x1f\x8b"
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")

#: Bytes of the shortest user block that may precede the contents of an HDF5 file; the other lengths are this one doubled repeatedly.
_USER_BLOCK = 512

#: Bytes of the shortest HDF5 superblock.
_SMALLEST_HDF5 = 48

#: Bytes read of every file, and at most of a netCDF-3 header.
_HEAD, _CLASSIC_HEAD = 96, 1 << 20


def problem(path: PathLike, name: str = "") -> str:
    """What is wrong with the file, in words that follow "found"; empty if nothing is wrong as far as the header tells.

    ``name``: the name that the file should have, if it has another one.
    """
    if wrong := no_file(path):
        return wrong
    try:
        with open(path, "rb", buffering=0) as file:
            return _problem(file, Path(path).stat().st_size, name or str(path))
    except OSError as error:
        return f"a file that cannot be read ({error.strerror})"


def problem_of(beginning: bytes, size: int, name: str) -> str:
    """The same of a file of ``size`` bytes that is elsewhere and should have such a name."""
    return _problem(io.BytesIO(beginning), size, name)


def _problem(file: IO[bytes], size: int, name: str) -> str:
    if size == 0:
        return "an empty file (0 bytes)"
    try:
        return _content(file, file.read(_HEAD), size, Path(name).suffix.lower())
    except (struct.error, ValueError, IndexError):
        return "a file whose header is cut off or damaged"


def damage(path: PathLike) -> str:
    """What is wrong with a file of one of the formats of product files, whatever its name; empty if nothing is wrong."""
    with open(path, "rb", buffering=0) as file:
        is_hdf4 = file.read(len(_HDF4)) == _HDF4
    return problem(path, "x.hdf" if is_hdf4 else "x.nc")


def after_user_block(path: PathLike) -> bool:
    """Whether the file is HDF5 behind a user block."""
    with open(path, "rb", buffering=0) as file:
        return _after_user_block(file, Path(path).stat().st_size)


def _content(file: IO[bytes], head: bytes, size: int, suffix: str) -> str:
    """What is wrong with an open file of ``size`` bytes that begins with ``head``, in the format that its ``suffix`` promises."""
    if suffix == ".hdf":
        return _hdf4(file, head, size) if head.startswith(_HDF4) else _other(head, size, "HDF4")
    if suffix in (".tif", ".tiff"):
        return _tiff(head, size) if head.startswith(_TIFF) else _other(head, size, "TIFF")
    if suffix in (".tgz", ".gz"):
        return "" if head.startswith(_GZIP) else _other(head, size, "gzip")
    if head.startswith(_HDF5):
        return _hdf5(head, size)
    if suffix == ".h5":
        return "" if _after_user_block(file, size) else _other(head, size, "HDF5")
    if head[:3] == b"CDF" and head[3:4] in (b"\1", b"\2", b"\5"):
        file.seek(0)
        return _classic(file.read(min(size, _CLASSIC_HEAD)), size)
    return "" if _after_user_block(file, size) else _other(head, size, "NetCDF")


def _other(head: bytes, size: int, expected: str) -> str:
    """What a file in none of the expected formats is."""
    text = head.lstrip().lower()
    if text.startswith((b"<!doctype", b"<html", b"<?xml")):
        return f"a web page instead of {expected} (a refused login?)"
    return f"something that is not {expected} ({size} bytes)"


def _cut(size: int, whole: int) -> str:
    """A sentence if the file's ``size`` is less than ``whole``, else empty."""
    return f"a file that is cut off ({size} of {whole} bytes)" if size < whole else ""


def _after_user_block(file: IO[bytes], size: int) -> bool:
    """Whether an HDF5 signature follows a user block."""
    offset = _USER_BLOCK
    while offset + len(_HDF5) <= size:
        file.seek(offset)
        if file.read(len(_HDF5)) == _HDF5:
            return True
        offset *= 2
    return False


def _hdf5(head: bytes, size: int) -> str:
    """Compares the end-of-file address in the superblock with the size."""
    version = head[8]
    if size < _SMALLEST_HDF5:
        return "a file whose header is cut off or damaged"
    if version in (0, 1):
        width, start = head[13], 24 if version == 0 else 28
        skip = 2
    elif version in (2, 3):
        width, start, skip = head[9], 12, 2
    else:
        return ""
    if width not in (4, 8):
        return "an HDF5 file with a damaged header"
    place = start + skip * width
    if len(head) < place + width:
        return "a file whose header is cut off or damaged"
    end = int.from_bytes(head[place : place + width], "little")
    return "" if end == (1 << 8 * width) - 1 else _cut(size, end)


def _hdf4(file: IO[bytes], head: bytes, size: int) -> str:
    """Follows the chain of descriptor blocks and compares the last byte that any data descriptor names with the size."""
    whole, place = 0, 4
    seen = set()
    while place and place not in seen:
        seen.add(place)
        file.seek(place)
        count, following = struct.unpack(">hI", file.read(6))
        descriptors = file.read(12 * count)
        if count < 0 or len(descriptors) < 12 * count:
            return _cut(size, size + 1 + 12 * count - len(descriptors))
        for tag, _, offset, length in struct.iter_unpack(">HHII", descriptors):
            if tag > 1 and offset != 0xFFFFFFFF and length != 0xFFFFFFFF:
                whole = max(whole, offset + length)
        place = following
        if place + 6 > size:
            return _cut(size, place + 6)
    return _cut(size, whole)


def _tiff(head: bytes, size: int) -> str:
    """Checks that the first directory lies within the file."""
    order = "<" if head[:1] == b"I" else ">"
    big = head[2:4] in (b"+\0", b"\0+")
    first = struct.unpack_from(order + ("Q" if big else "I"), head, 8 if big else 4)[0]
    return _cut(size, first + 2)


#: Bytes of each data type of netCDF-3.
_WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 6: 8, 7: 1, 8: 2, 9: 4, 10: 8, 11: 8}


class _Reader:
    """Reads the big-endian numbers of a netCDF-3 header one after the other."""

    def __init__(self, data: bytes, version: int):
        self.data, self.place = data, 4
        self.count_format = ">q" if version == 5 else ">i"
        self.offset_format = ">i" if version == 1 else ">q"

    def number(self, form: str) -> int:
        value = struct.unpack_from(form, self.data, self.place)[0]
        self.place += struct.calcsize(form)
        return value

    def count(self) -> int:
        return self.number(self.count_format)

    def skip(self, size: int) -> None:
        """Skip ``size`` bytes, rounded up to a multiple of four."""
        self.place += -(-size // 4) * 4

    def skip_name(self) -> None:
        self.skip(self.count())

    def skip_attributes(self) -> None:
        self.number(">i")
        for _ in range(self.count()):
            self.skip_name()
            width = _WIDTHS[self.number(">i")]
            self.skip(self.count() * width)


def _classic(data: bytes, size: int) -> str:
    """Compares the last byte of any variable that the header of a netCDF-3 file names with the size."""
    reader = _Reader(data, data[3])
    try:
        records = reader.count()
        reader.number(">i")
        lengths = []
        for _ in range(reader.count()):
            reader.skip_name()
            lengths.append(reader.count())
        reader.skip_attributes()
        reader.number(">i")
        fixed = 0
        repeated: list[tuple[int, int, int]] = []
        for _ in range(reader.count()):
            reader.skip_name()
            dims = [reader.count() for _ in range(reader.count())]
            reader.skip_attributes()
            width = _WIDTHS[reader.number(">i")]
            padded, begin = reader.count(), reader.number(reader.offset_format)
            is_record = bool(dims) and lengths[dims[0]] == 0
            exact = width
            for dim in dims[1:] if is_record else dims:
                exact *= lengths[dim]
            if is_record:
                repeated.append((begin, padded, exact))
            else:
                fixed = max(fixed, begin + exact)
    except KeyError:
        return "a file whose header is cut off or damaged"
    whole = fixed
    if repeated and records > 0:
        stride = repeated[0][2] if len(repeated) == 1 else sum(padded for _, padded, _ in repeated)
        whole = max(whole, *(begin + (records - 1) * stride + exact for begin, _, exact in repeated))
    return _cut(size, whole)
