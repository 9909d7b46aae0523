"""Sinusoidal tiles of VIIRS (HDF-EOS5): the fields lie in ``HDFEOS/GRIDS/<grid>/Data Fields``, the place in ``StructMetadata.0``."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from ....foundation.errors import ProductError
from ....foundation.paths import PathLike
from ...access import Source, opened
from ...arrays import Arrays, Window
from ...naming import Entry
from .codes import PIXELS, SCALE, SIDE, SPHERE, WHAT, corner, tile_window
from .rasters import check_date, check_place

_DATA = "Data Fields"

#: Groups that may hold the date of the first day; the attribute, and one in which files of other products have it.
_ABOUT = ((), ("HDFEOS", "ADDITIONAL", "FILE_ATTRIBUTES"))
_FIRST_DAY = ("rangebeginningdate", "startdate")

#: Bytes around the name of a corner in which the rest of a grid's description is looked for.
_DESCRIPTION = 4000

#: The projection of the tiles, as MODIS's are described.
_CRS = (
    f'PROJCS["sinusoidal",GEOGCS["sphere",DATUM["sphere",SPHEROID["sphere",{SPHERE},0]],'
    'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],'
    'PROJECTION["Sinusoidal"],PARAMETER["longitude_of_center",0],PARAMETER["false_easting",0],PARAMETER["false_northing",0],'
    'UNIT["metre",1]]'
)


def read(entry: Entry, window: Window | None, wanted: dict[str, str]) -> Arrays:
    """The ``wanted`` (variable -> field) of a tile; quality fields that the file has not are left out."""
    with opened(entry.path, WHAT) as source:
        _check_struct(entry)
        for place in _ABOUT:
            check_date(entry, _first_day(source, place))
        grid = _grid(source, wanted["lai_class"])
        west, north = corner(entry.tile)
        step = SIDE / PIXELS
        x, y = west + (np.arange(PIXELS) + 0.5) * step, north - (np.arange(PIXELS) + 0.5) * step
        rows, columns = tile_window(x, y, window)
        data = {}
        for variable, field in wanted.items():
            if variable == "lai_class" or field in (grid.GetMDArrayNames() or []):
                data[variable] = _field(source, grid, field, rows, columns)
    dims: dict[str, tuple[str, ...]] = dict.fromkeys(data, ("y", "x"))
    return Arrays(np.zeros(0), np.zeros(0), data, {"crs": _CRS}, {}, dims, {"x": x[columns], "y": y[rows]})


def told(source: Source) -> dict[str, str] | None:
    """What a tile of leaf area index says of itself: its attributes, names in small letters, and ``grid``; None for other files."""
    grids = _inner(source.root, ("HDFEOS", "GRIDS"))
    name = next((n for n in (grids.GetGroupNames() or []) if _has(_inner(grids, (n, _DATA)), "Lai")), None) if grids is not None else None
    if name is None:
        return None
    found = {"grid": name}
    for place in _ABOUT:
        found.update(_attributes(source, place))
    return found


def _attributes(source: Source, place: tuple[str, ...]) -> dict[str, str]:
    """The attributes of a group as texts, names in small letters; none where there is no such group."""
    group, found = _inner(source.root, place), {}
    for attribute in (group.GetAttributes() or []) if group is not None else []:
        value = attribute.Read()
        found[attribute.GetName().lower()] = str(value[0] if isinstance(value, (list, tuple)) and value else value).strip()
    return found


def tile_of(path: PathLike) -> str:
    """The tile that StructMetadata.0 describes, such as "h25v05"; empty if it describes none."""
    lower = _numbers(next(_grids(str(path)), ""), "LowerRightMtrs")
    if len(lower) != 2 or not np.isfinite(lower).all():
        return ""
    h, v = round(lower[0] / SIDE) + 17, 8 - round(lower[1] / SIDE)
    near = abs(lower[0] - (h - 17) * SIDE) < SIDE / PIXELS and abs(lower[1] - (8 - v) * SIDE) < SIDE / PIXELS
    return f"h{h:02d}v{v:02d}" if near and 0 <= h < 36 and 0 <= v < 18 else ""


def _has(group: Any, field: str) -> bool:
    return group is not None and field in (group.GetMDArrayNames() or [])


def _inner(group: Any, names: tuple[str, ...]) -> Any:
    """A group inside others by its path; None if it is not there."""
    for name in names:
        if group is None or name not in (group.GetGroupNames() or []):
            return None
        group = group.OpenGroup(name)
    return group


def _grid(source: Source, field: str) -> Any:
    """The group of the grid that has the field: its name differs between versions. Raises ``ProductError``."""
    grids = _inner(source.root, ("HDFEOS", "GRIDS"))
    names = list(grids.GetGroupNames() or []) if grids is not None else []
    for name in names:
        found = _inner(grids, (name, _DATA))
        if _has(found, field):
            return found
    there = f"grids {', '.join(names)}" if names else "no HDF-EOS grid"
    raise ProductError(source.path, f"HDFEOS/GRIDS/.../{field}", f"no such field ({there})", WHAT)


def _field(source: Source, grid: Any, field: str, rows: slice, columns: slice) -> np.ndarray:
    """The 8-bit codes of some rows and columns of a field."""
    array = grid.OpenMDArray(field)
    source.check_shape(array, field, (PIXELS, PIXELS))
    if field == "Lai":
        scale, offset = source.packing(array, field)
        if offset != 0.0 or (scale != 1.0 and abs(scale / SCALE - 1.0) > 1e-5):
            raise ProductError(source.path, field, f"a scale factor of {scale:g} and an offset of {offset:g}", "0.1 and 0")
    values = source.values(array, field, rows, columns)
    if not values.size:
        return np.zeros(values.shape, np.uint8)
    if values.dtype != np.uint8:
        raise ProductError(source.path, field, f"data of type {values.dtype}", "8-bit codes")
    return values


def _first_day(source: Source, place: tuple[str, ...]) -> str:
    """The date of the first day among the attributes of a group; empty if it is not there."""
    found = _attributes(source, place)
    return next((found[name][:10] for name in _FIRST_DAY if name in found), "")


def _check_struct(entry: Entry) -> None:
    """Raise ``ProductError`` unless the description of the grid, StructMetadata.0, puts the tile where its name says.

    GDAL's netCDF driver does not list that text, and its HDF5 driver is not everywhere: the text is looked for in the file, where
    HDF-EOS5 leaves it uncompressed.
    """
    name = "StructMetadata.0"
    found = next(_grids(entry.path), None)
    if found is None:
        raise ProductError(entry.path, name, "no description of a grid", "an HDF-EOS5 tile")
    size = tuple(_numbers(found, f"{axis}Dim")[0] if _numbers(found, f"{axis}Dim") else np.nan for axis in "YX")
    upper, lower = _numbers(found, "UpperLeftPointMtrs"), _numbers(found, "LowerRightMtrs")
    if len(upper) != 2 or len(lower) != 2 or not np.isfinite(size).all():
        raise ProductError(entry.path, name, "a grid without size or corners", "XDim, YDim, UpperLeftPointMtrs and LowerRightMtrs")
    if size != (PIXELS, PIXELS):
        raise ProductError(entry.path, name, f"{size[0]:.0f} x {size[1]:.0f} pixels", f"{PIXELS} x {PIXELS}")
    if "SNSOID" not in found.upper():
        raise ProductError(entry.path, name, "another projection", "the sinusoidal one (GCTP_SNSOID)")
    # the user guide calls the lower right corner the exact one: the upper left corner is that less the sides of the tile
    side = (lower[0] - upper[0], upper[1] - lower[1])
    edge = (lower[0] - SIDE, lower[1] + SIDE)
    check_place(entry, name, (*edge, side[0] / PIXELS, side[1] / PIXELS))


def _grids(path: str) -> Iterator[str]:
    """Texts of the file around each name of a corner."""
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        place = data.find(b"UpperLeftPointMtrs")
        while place >= 0:
            yield data[max(0, place - _DESCRIPTION // 10) : place + _DESCRIPTION].decode("latin-1")
            place = data.find(b"UpperLeftPointMtrs", place + 1)


def _numbers(text: str, name: str) -> list[float]:
    """The numbers that a description gives to a name, as in ``XDim=2400`` or ``LowerRightMtrs=(1.0,2.0)``."""
    found = re.search(rf"\b{name}\s*=\s*\(?([-+\d.eE, ]+)", text)
    try:
        return [float(part) for part in found.group(1).split(",")] if found else []
    except ValueError:
        return []
