"""The type of a path that a caller gives, a text or anything that names a file; whether something is there; the file of a QGIS source."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Union

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
    """The file of a QGIS source such as ``stations.gpkg|layername=stations``."""
    return _OF_A_LAYER.split(source, maxsplit=1)[0]
