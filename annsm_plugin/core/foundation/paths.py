"""The type of a path that a caller gives, a text or anything that names a file; whether something is there, and whether it is the same;
the file of a QGIS source."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Union

from .errors import ParameterError

PathLike = Union[str, "os.PathLike[str]"]


def there(path: PathLike) -> bool:
    """Whether a file or folder is there; no name is too long or too odd for an answer."""
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False


def no_file(path: PathLike) -> str:
    """What is there instead of a file, in words that follow "found"; empty for a file. A pipe or a device is none: it may never end."""
    try:
        path = Path(path)
        if path.is_file():
            return ""
        if path.is_dir():
            return "a folder"
        return "a pipe, a socket or a device" if path.exists() else "no such file"
    except (OSError, ValueError) as error:
        return f"a file that cannot be read ({getattr(error, 'strerror', None) or error})"


def is_no_file(path: PathLike) -> str:
    """The same as what is said of a path: that it "does not exist" or "is a folder"; empty for a file."""
    found = no_file(path)
    return "does not exist" if found == "no such file" else found and f"is {found}"


#: What QGIS appends to the file of a vector layer; a folder may have a "|" in its name.
_OF_A_LAYER = re.compile(r"\|(?:layername|layerid|subset|geometrytype|uniqueGeometryType|authcfg|option:[^=|]*)=", re.I)


def file_of(source: str) -> str:
    """The file of a QGIS source such as ``stations.gpkg|layername=stations`` or ``file:///home/me/places.csv?xField=lon``."""
    if source.startswith("file:"):
        from urllib.parse import urlsplit  # costs time when QGIS starts
        from urllib.request import url2pathname

        return url2pathname(urlsplit(source).path)
    return _OF_A_LAYER.split(source, maxsplit=1)[0]


def known_as(path: PathLike) -> tuple[Any, ...]:
    """What all spellings of one file have in common: which file it is if it is there, else its whole path without links."""
    try:
        status = os.stat(path)  # noqa: PTH116 (whatever names a file)
        if status.st_ino:
            return status.st_dev, status.st_ino
    except (OSError, ValueError):
        pass
    try:
        return (os.path.normcase(os.path.realpath(path)),)
    except (OSError, ValueError):
        return (os.path.normcase(os.path.abspath(path)),)  # noqa: PTH100 (a path that the system cannot look up)


def place_of(path: PathLike) -> Path:
    """Where an output is written: the file to which a link leads, so that the link stays; else the path itself.

    Links of other users, which can lead into files of one's own, are not followed, nor such as lead to what is no file.
    """
    path = Path(path)
    try:
        status = path.lstat()
        if not stat.S_ISLNK(status.st_mode) or (hasattr(os, "geteuid") and status.st_uid not in (0, os.geteuid())):
            return path
        place = Path(os.path.realpath(path))
        return path if place.is_symlink() or (place.exists() and not place.is_file()) else place
    except (OSError, ValueError):
        return path


def check_apart(outputs: Iterable[tuple[str, PathLike]], inputs: Iterable[tuple[str, PathLike]]) -> None:
    """Raise ``ParameterError`` if two outputs, or an output and an input, are one file, whichever way they are spelled.

    Both: names of parameters with their paths. An input that is no file, a folder or a word, is none of the outputs.
    """
    seen = {known_as(path): name for name, path in inputs if there(path) and Path(path).is_file()}
    for name, path in outputs:
        place = known_as(path)
        if place in seen:
            raise ParameterError(f"{name} and {seen[place]} are the same file, {path}; choose another output.")
        seen[place] = name
