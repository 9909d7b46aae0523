"""What a raster from outside refers to is followed to files of this computer only: never to the network, and no code in it is run.

Formats that hold their own pixels are opened as what they are, whatever a file is called. A virtual raster (VRT) counts where the user
names one, by its ending, and when all that it refers to are such files.
"""

from __future__ import annotations

import os
import re
import xml.parsers.expat
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..paths import PathLike
from .guard import content

_OF_GIS = ("GTiff", "LIBERTIFF", "HFA", "AIG", "AAIGrid", "GRASSASCIIGrid", "SAGA", "ENVI", "EHdr", "GPKG", "MBTiles", "PCRaster", "RST")
_OF_SCIENCE = ("netCDF", "HDF4", "HDF4Image", "HDF5", "HDF5Image", "GRIB", "BAG", "XYZ", "GSAG", "GSBG", "GS7BG", "BT", "GXF", "ZMap")
_OF_TERRAIN = ("USGSDEM", "DTED", "SRTMHGT", "ACE2", "Terragen", "SIGDEM", "NWT_GRD", "NWT_GRC", "HF2", "RRASTER", "PCIDSK", "KRO", "RMF")
_OF_IMAGES = ("JP2OpenJPEG", "JP2KAK", "JP2ECW", "JP2MrSID", "ECW", "MrSID", "PNG", "JPEG", "GIF", "BMP", "WEBP", "PNM")

#: GDAL's formats of rasters that hold their own pixels, or have them in a file of the same name.
PLAIN = (*_OF_GIS, *_OF_SCIENCE, *_OF_TERRAIN, *_OF_IMAGES)

#: Bytes that a virtual raster may have at most, and how many may lie in each other.
_LARGEST, _DEEPEST = 20_000_000, 5

_WANTED = "a virtual raster (VRT) of files of this computer"

#: Elements and attributes of a virtual raster that name a dataset, and those whose text is no name of anything that is opened.
_NAMES, _WORDS = ("sourcefilename", "sourcedataset", "dempath", "x_dataset", "y_dataset"), ("description", "category")

#: What names a place elsewhere, or a dataset within a name.
_ELSEWHERE = re.compile(r"/vsi|://|<")

#: Names of fields in files: format, file, field.
_FIELD = re.compile(r'(?:NETCDF|HDF5|HDF4\w*|GTIFF_DIR:\d+|GPKG)(?::[A-Z]\w+)?:(?:"([^"]+)"|((?:[A-Za-z]:[\\/])?[^:"]+))(?::.*)?$', re.S)
_NETWORK = re.compile(r"/vsi|(?:https?|ftp|dods|s3|gs)://", re.I)
_PACKED = re.compile(r"/vsi(?:zip|tar|gzip)/+(?!vsi)([^{}]+)$")


def open_plain(name: PathLike) -> Any:
    """GDAL's raster of a file, or of a field in one, in one of the formats ``PLAIN``; for any other what GDAL does with errors."""
    from osgeo import gdal

    return gdal.OpenEx(str(name), gdal.OF_RASTER, allowed_drivers=list(PLAIN))


def open_followed(path: PathLike) -> Any:
    """The same of a file, or the virtual raster in it if its name says so; only where ``wrong_kind`` finds nothing."""
    from osgeo import gdal

    return gdal.OpenEx(str(path), gdal.OF_RASTER, allowed_drivers=["VRT"]) if _is_virtual(path) else open_plain(path)


def wrong_kind(path: PathLike) -> str:
    """Why a file is no raster that may be opened, in words that follow "found"; empty if it is one, as far as its first bytes tell, or no
    raster at all. Raises ``ProductError`` for a virtual raster that is none."""
    from osgeo import gdal

    driver = gdal.IdentifyDriverEx(str(path), gdal.OF_RASTER)
    if driver is None or driver.ShortName in PLAIN:
        return ""
    if driver.ShortName != "VRT":
        return f"a file of the format {driver.ShortName}, which is not read"
    if not _is_virtual(path):
        return "a virtual raster (VRT) under another ending, which refers to other files"
    return _of_virtual(str(path))


def wrong_references(raster: Any) -> str:
    """Which other places an open raster, or the description beside it, names for what belongs to it; empty for none."""
    overviews = raster.GetMetadataItem("OVERVIEW_FILE", "OVERVIEWS") or ""
    if overviews and not overviews.startswith(":::BASE:::"):
        return f"a raster whose overviews are at {overviews}"
    places = raster.GetMetadata("GEOLOCATION") or {}
    elsewhere = [value for key, value in places.items() if key.endswith("_DATASET") and _ELSEWHERE.search(value)]
    return f"a raster whose coordinates are at {elsewhere[0]}" if elsewhere else ""


def _is_virtual(path: PathLike) -> bool:
    return Path(path).suffix.lower() == ".vrt"


def _of_virtual(path: str, depth: int = 0) -> str:
    """What is wrong with a virtual raster; empty for nothing."""
    status = os.stat(path)  # noqa: PTH116 (a plain name)
    return _looked_through(os.path.realpath(path), status.st_size, status.st_mtime_ns, depth)


@lru_cache(maxsize=256)
def _looked_through(path: str, size: int, changed: int, depth: int) -> str:
    if depth > _DEEPEST:
        return "virtual rasters that refer to each other"
    text = content(path, _LARGEST, _WANTED).decode("utf-8")
    if "<!" in re.sub(r"<!--|<!\[CDATA\[", "", text):
        return "a virtual raster with declarations"
    root = _tree(text)
    if root.tag.lower() != "vrtdataset":
        return "a virtual raster that begins otherwise"
    for parent in root.iter():  # metadata name nothing that is opened but what ``wrong_references`` looks at
        parent[:] = [child for child in parent if child.tag.lower() != "metadata"]
    for parent in root.iter():
        told = {name.lower(): value.strip() for name, value in parent.attrib.items()}
        raw = told.get("subclass", "").lower() == "vrtrawrasterband"
        for name, value, there in [(name, value, told) for name, value in told.items()] + [_read(child) for child in parent]:
            if name == "pixelfunctioncode" or (name == "pixelfunctionlanguage" and value.lower() not in ("", "c")):
                return "a virtual raster with code in it"
            if name in _NAMES:
                wrong = _of_source(value, os.path.dirname(path) if there.get("relativetovrt") == "1" else "", raw, depth)  # noqa: PTH120
                if wrong:
                    return wrong
            elif name not in _WORDS and not name.endswith("srs") and _ELSEWHERE.search(value):
                return f"a virtual raster that refers to {value}"
    return ""


class _Element(list["_Element"]):
    """An element and those in it; ``text`` before the first of them, ``tail`` after itself."""

    def __init__(self, tag: str, attrib: dict[str, str]) -> None:
        super().__init__()
        self.tag, self.attrib, self.text, self.tail = tag, attrib, "", ""

    def iter(self) -> Iterator[_Element]:
        """This and all below, from the top."""
        waiting = [self]
        while waiting:
            own = waiting.pop()
            yield own
            waiting += reversed(own)


def _tree(text: str) -> _Element:
    """The root of XML that has no declarations of its own."""
    top = _Element("", {})
    above = [top]

    def start(tag: str, attrib: dict[str, str]) -> None:
        above[-1].append(_Element(tag, attrib))
        above.append(above[-1][-1])

    def said(words: str) -> None:
        if above[-1]:
            above[-1][-1].tail += words
        else:
            above[-1].text += words

    parser = xml.parsers.expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.CharacterDataHandler = start, said
    parser.EndElementHandler = lambda tag: above.pop()
    parser.Parse(text, True)
    return top[0]


def _read(element: _Element) -> tuple[str, str, dict[str, str]]:
    """The name, the text (with that between its own elements) and the attributes of an element."""
    value = "".join([element.text or "", *(child.tail or "" for child in element)]).strip()
    return element.tag.rpartition(":")[2].lower(), value, {key.lower(): text.strip() for key, text in element.attrib.items()}


def _of_source(name: str, folder: str, raw: bool, depth: int) -> str:
    """What is wrong with a dataset that a virtual raster refers to; empty for nothing. ``raw``: any file of numbers will do."""
    from osgeo import gdal

    refused = f"a virtual raster that refers to {name}, which is no raster file of this computer"
    packed, field = _PACKED.match(name), _FIELD.match(name)
    if field:
        file = os.path.join(folder, field.group(1) or field.group(2))  # noqa: PTH118 (names of GDAL)
        return "" if Path(file).is_file() and not _NETWORK.search(name) else refused
    full = name if packed else os.path.join(folder, name)  # noqa: PTH118
    if not packed and not Path(full).is_file():
        return refused
    if raw and not packed:
        return ""
    driver = gdal.IdentifyDriverEx(full, gdal.OF_RASTER)
    if driver is not None and driver.ShortName == "VRT" and _is_virtual(full) and not packed:
        return _of_virtual(full, depth + 1)
    return "" if driver is not None and driver.ShortName in PLAIN else refused
