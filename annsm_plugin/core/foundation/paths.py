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


#: What QGIS appends to the file of a vector layer; a folder may have a "|" in its name.
_OF_A_LAYER = re.compile(r"\|(?:layername|layerid|subset|geometrytype|uniqueGeometryType|authcfg|option:[^=|]*)=", re.I)


def file_of(source: str) -> str:
    """The file of a QGIS source such as ``stations.gpkg|layername=stations``."""
    return _OF_A_LAYER.split(source, maxsplit=1)[0]
