"""What a file is by its first bytes, without any library of its format."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

from ...foundation.errors import ProductError
from ...foundation.outside import Zip
from ...foundation.paths import no_file
from .. import probe, relatives

#: Formats that product files are written in; their contents are looked into.
CONTAINERS = ("HDF5", "HDF4", "NetCDF")

#: First bytes -> what the file is.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "a PNG image, a picture of a map perhaps and not its numbers"),
    (b"\xff\xd8\xff", "a JPEG image, a picture of a map perhaps and not its numbers"),
    (b"GIF8", "a GIF image, a picture of a map perhaps and not its numbers"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a file compressed by gzip; unpack it"),
    (b"BZh", "a file compressed by bzip2; unpack it"),
    (b"\xfd7zXZ", "a file compressed by xz; unpack it"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it"),
    (b"Rar!", "a RAR archive; unpack it"),
    (b"II*\0", "a TIFF image whose name is not that of an AppEEARS layer"),
    (b"MM\0*", "a TIFF image whose name is not that of an AppEEARS layer"),
    (b"II+\0", "a TIFF image whose name is not that of an AppEEARS layer"),
    (b"GRIB", "a GRIB file, fields of a weather model such as ERA5"),
    (b"BUFR", "a BUFR file, observations of weather services"),
    (b"SQLite format", "a SQLite data base (a GeoPackage perhaps)"),
    (b"MZ", "a program"),
)

_HEAD = 4096


def what(path: str) -> tuple[str, str]:
    """The format if it is one of ``CONTAINERS``, else empty; and what the file is if it cannot be used, else empty."""
    name = Path(path).name
    if wrong := no_file(path):
        return "", wrong
    try:
        size = Path(path).stat().st_size
        if not size:
            return "", "an empty file (0 bytes)"
        with open(path, "rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        return "", f"a file that cannot be read ({error.strerror})"
    if beside := relatives.beside(name):
        return "", beside
    kind = container(head)
    if kind or probe.after_user_block(path):
        wrong = probe.damage(path)
        return ("", f"{kind or 'HDF5'} data, {wrong}") if wrong else (kind or "HDF5", "")
    if head.startswith(b"PK\3\4"):
        return "", _zip(path)
    for signature, words in _SIGNATURES:
        if head.startswith(signature):
            return "", words
    if len(head) > 262 and head[257:262] == b"ustar":
        return "", "a tar archive; unpack it"
    return "", _text(head, size)


def container(head: bytes) -> str:
    """The one of ``CONTAINERS`` whose signature a file begins with; empty if there is none."""
    if head.startswith(b"\x89HDF\r\n\x1a\n"):
        return "HDF5"
    if head.startswith(b"\x0e\x03\x13\x01"):
        return "HDF4"
    return "NetCDF" if head[:3] == b"CDF" and head[3:4] in (b"\1", b"\2", b"\5") else ""


def _zip(path: str) -> str:
    """A zip archive and what is in it."""
    try:
        with Zip(path, "an archive") as packed:
            names = [member.filename for member in packed.members if not member.is_dir()]
    except ProductError as error:
        return f"a zip archive that cannot be unpacked: {error.found}"
    if any(name.startswith("[Content_Types]") for name in names):
        return "a document of an office program"
    return f"a zip archive of {len(names)} files such as {Path(names[0]).name}; unpack it" if names else "a zip archive of no file"


def _text(head: bytes, size: int) -> str:
    """Web pages, descriptions, tables and other texts; anything else is of no known format."""
    begin = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if begin.startswith((b"<!doctype html", b"<html")) or b"<html" in begin[:500]:
        return "a web page instead of data (a refused login or an error message of the archive)"
    if begin.startswith((b"<?xml", b"<")):
        return "an XML file, a description or an error message instead of data"
    if begin.startswith((b"{", b"[")):
        return "a JSON text, a description or an error message instead of data"
    if begin.startswith(b"group ") or (b"\ngroup" in begin[:200] and b"end_group" in begin):
        return "a description (ODL) that comes beside a data file"
    if not any(head):
        return f"{size} bytes of zeros, a download that broke off perhaps"
    with contextlib.suppress(UnicodeDecodeError):
        text = head[: _HEAD - 8].decode("utf-8")
        if not re.search(r"[\x00-\x08\x0e-\x1f]", text):
            return "a text file, a list or a table and no product file"
    return f"a file of no known format ({size} bytes)"
