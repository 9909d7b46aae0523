"""What the attributes of a subset of SMAP say of its place: the request that made it, or its corners."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

import numpy as np

from ..access import Source
from . import ease
from .smap_names import Names

#: A variable and the first and last of its rows and columns, as an OPeNDAP request writes them.
_REQUEST = re.compile(r"(?:soil_moisture|tb_time_\w+|latitude|longitude|EASE_\w+)(?:_pm)?\[(\d+)(?::1)?:(\d+)\]\[(\d+)(?::1)?:(\d+)\]")

_POINT = r"{}(?:PointMtrs|Mtrs)\s*=\s*\(?\s*([-+.\deE]+)\s*,\s*([-+.\deE]+)"

#: Names of attributes with west, south, east, north (degrees).
_BOUNDS = (
    ("geospatial_lon_min", "geospatial_lat_min", "geospatial_lon_max", "geospatial_lat_max"),
    ("WestBoundingCoordinate", "SouthBoundingCoordinate", "EastBoundingCoordinate", "NorthBoundingCoordinate"),
)

#: How far (pixels) a corner may be from where whole pixels put it.
_EXACT = 0.15

_Told = tuple[str, "np.ndarray | None", "np.ndarray | None"]


def told(source: Source, names: Names, shape: tuple[int, int], grid: tuple[int, int]) -> Iterator[_Told]:
    """Words for what says it, and positions of the rows and of the columns in the grid; None where nothing is said."""
    history = unquote(" ".join(str(source.attribute(None, name, "")) for name in ("history", "History", "history_json")))
    for match in _REQUEST.finditer(history):
        top, bottom, left, right = map(int, match.groups())
        if (bottom - top + 1, right - left + 1) == shape:
            yield "its history", top + np.arange(shape[0], dtype=float), left + np.arange(shape[1], dtype=float)
            break
    structure = names.structure()
    upper, lower = (re.search(_POINT.format(corner), structure) for corner in ("UpperLeft", "LowerRight"))
    if upper and lower:
        x = float(upper.group(1)), float(lower.group(1))
        y = float(upper.group(2)), float(lower.group(2))
        if max(map(abs, (*x, *y))) > 400.0:
            yield (
                "its corners (StructMetadata)",
                _rows(ease.row_at(np.array(y), *grid), shape[0]),
                _columns(_eastings(x, grid), shape, grid),
            )
    for name in source.names():
        parts = str(source.attribute(source.open(name), "GeoTransform", "")).split()
        if len(parts) == 6:
            west, width, _, north, _, height = map(float, parts)
            if abs(width) > 400.0:
                x, y = (west, west + width * shape[1]), (north, north + height * shape[0])
                yield "GeoTransform", _rows(ease.row_at(np.array(y), *grid), shape[0]), _columns(_eastings(x, grid), shape, grid)
    for bounds in _BOUNDS:
        values = [source.attribute(None, name) for name in bounds]
        try:
            west, south, east, north = (float(v) for v in values)
        except (TypeError, ValueError):
            continue
        lat, lon = np.array([north, south]), np.array([west, east])
        yield "its bounds", _rows(ease.row_of(lat, *grid), shape[0]), _columns(_edges(lon, grid), shape, grid)


def _eastings(x: tuple[float, float], grid: tuple[int, int]) -> np.ndarray:
    return _edges(np.array(x) / ease.HALF_WIDTH * 180.0, grid)


def _edges(lon: np.ndarray, grid: tuple[int, int]) -> np.ndarray:
    """Positions of the western and the eastern end; the second is beyond the grid if the subset lies across the dateline."""
    first, last = ease.column_of(lon, grid[1]).tolist()
    return np.array([first, last if last > first else last + grid[1]])


def _rows(ends: np.ndarray, size: int) -> np.ndarray | None:
    """Positions of the rows between two ends: the outer edges of the first and the last, or their centres. None if neither fits."""
    first, last = ends.tolist()
    if abs(last - first - size) < _EXACT and abs(first + 0.5 - round(first + 0.5)) < _EXACT:
        return round(first + 0.5) + np.arange(size, dtype=float)
    if abs(last - first - (size - 1)) < _EXACT and abs(first - round(first)) < _EXACT:
        return round(first) + np.arange(size, dtype=float)
    return None


def _columns(ends: np.ndarray, shape: tuple[int, int], grid: tuple[int, int]) -> np.ndarray | None:
    places = _rows(ends, shape[1])
    return None if places is None else np.mod(places, grid[1])
