"""Which pixels of the EASE-Grid a file of SMAP holds: all of them, or a subset that is placed by what the file says of itself.

A subset is placed by the first of these that the file has: indices of rows and columns (EASE_row_index, EASE_column_index), x and y (m),
latitude and longitude, the request in its history (OPeNDAP), its corners (HDF-EOS, geospatial_* or GeoTransform). Where it has several,
they must agree. Rows and columns of which no pixel was seen are placed by their neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...foundation.errors import ProductError
from ...foundation.paths import PathLike
from ..access import Source
from . import ease, smap_corners
from .smap_names import Names

#: How far (pixels) a coordinate in a field of coordinates may be from the centre of its pixel. Coordinates along an axis may be of
#: another grid, to which the nearest pixel was copied: they count for the pixel in which they lie.
_NEAR = 0.1

#: Widest steps (pixels) of such an axis: wider ones leave pixels out.
_WIDEST = 1.5

_X, _Y = ("x", "xdim", "x-dim", "x_dim", "dim_x"), ("y", "ydim", "y-dim", "y_dim", "dim_y")
_LON, _LAT = ("lon", "longitude", "cell_lon"), ("lat", "latitude", "cell_lat")


@dataclass(frozen=True)
class Place:
    """The pixels of a file: ``lat`` (rows,) and ``lon`` (columns,), degrees, and where each of these rows and columns is stored.

    ``row`` and ``column``: positions in the stored arrays, -1 where the file has no such row or column.
    """

    lat: np.ndarray
    lon: np.ndarray
    row: np.ndarray
    column: np.ndarray

    def cut(self, field: np.ndarray, rows: slice, columns: slice, fill: object) -> np.ndarray:
        """The rows and columns of a field that was read with ``stored``; ``fill`` where the file has none."""
        row, column = self.row[rows], self.column[columns]
        if not field.size:
            return np.full((row.size, column.size), fill, dtype=field.dtype)
        top, left = _first(row), _first(column)
        if row.size == field.shape[0] and column.size == field.shape[1] and _runs(row) and _runs(column):
            return field
        out = field[np.ix_(np.maximum(row - top, 0), np.maximum(column - left, 0))]
        out[row < 0] = fill
        out[:, column < 0] = fill
        return np.asarray(out)

    def stored(self, rows: slice, columns: slice) -> tuple[slice, slice]:
        """The part of the stored arrays that holds these rows and columns."""
        return _span(self.row[rows]), _span(self.column[columns])


def _first(places: np.ndarray) -> int:
    there = places[places >= 0]
    return int(there.min()) if there.size else 0


def _span(places: np.ndarray) -> slice:
    there = places[places >= 0]
    return slice(int(there.min()), int(there.max()) + 1) if there.size else slice(0, 0)


def _runs(places: np.ndarray) -> bool:
    """Whether places follow one another."""
    return bool(places.size) and places[0] >= 0 and bool((np.diff(places) == 1).all())


def placed(source: Source, names: Names, shape: tuple[int, int], grid: tuple[int, int]) -> Place:
    """Where the pixels of a file's fields of ``shape`` lie in the global ``grid``. Raises ``ProductError`` if nothing tells, or twice."""
    if shape == grid and not any(size in shape for _, _, size in _axes(source, names)):
        lat, lon = ease.centres(*grid)
        return Place(lat, lon, np.arange(grid[0]), np.arange(grid[1]))
    if shape[0] > 4 * grid[0] or shape[1] > 4 * grid[1]:
        raise ProductError(source.path, names.example, f"{shape[0]} x {shape[1]} pixels", f"{grid[0]} x {grid[1]} or a subset of them")
    rows, columns = _Line("row", shape[0], grid[0]), _Line("column", shape[1], grid[1], round_=True)
    for what, by_row, by_column in _told(source, names, shape, grid):
        rows.take(source, what, by_row)
        columns.take(source, what, by_column)
    if rows.places() is None and columns.places() is None and names.blank:
        # a subset of a day on which no pixel in it was seen: it holds nothing, wherever it lies
        lat, lon = ease.centres(*grid)
        return Place(lat, lon, np.full(grid[0], -1), np.full(grid[1], -1))
    return _place(source.path, names.example, rows, columns, grid)


def of_axes(path: PathLike, variable: str, rows: np.ndarray, columns: np.ndarray, grid: tuple[int, int]) -> Place:
    """The place of pixels whose rows and columns lie at these positions in the grid, whole numbers at its centres."""
    lines = _Line("row", rows.size, grid[0]), _Line("column", columns.size, grid[1], round_=True)
    for line, places in zip(lines, (rows, columns)):
        found = _axis(places, True, places.size)
        if found is not None:
            line.told = found
    return _place(path, variable, *lines, grid)


def _place(path: PathLike, variable: str, rows: _Line, columns: _Line, grid: tuple[int, int]) -> Place:
    """The place by what is known of rows and columns. Raises ``ProductError`` if that is not enough."""
    found = []
    for line in (rows, columns):
        places = line.places()
        if places is None:
            raise ProductError(
                path,
                variable,
                f"a subset of {rows.size} x {columns.size} pixels and nothing that tells its {line.what}s",
                f"all {grid[0]} x {grid[1]} pixels, or in the file EASE_row_index and EASE_column_index, x and y, latitude and longitude, "
                "or its corners",
            )
        found.append(places)
    lat, lon = ease.centres(*grid)
    return Place(lat[found[0][0]], lon[found[1][0]], found[0][1], found[1][1])


_Told = tuple[str, "np.ndarray | None", "np.ndarray | None"]


def _told(source: Source, names: Names, shape: tuple[int, int], grid: tuple[int, int]) -> Iterator[_Told]:
    """All that a file says: a word for the source, and positions of each row and column (NaN: not said; None: nothing)."""
    for end in ("", "_pm"):
        yield (
            "EASE_row_index and EASE_column_index",
            _indices(source, names, "EASE_row_index" + end, shape, grid[0], 1),
            _indices(source, names, "EASE_column_index" + end, shape, grid[1], 0),
        )
    for name, values, size in _axes(source, names):
        wide = values() if size in shape else np.zeros(0)
        if not wide.size:
            continue
        if name in _Y + _X and np.abs(wide).max() > 400.0:
            yield (
                f"'{name}'",
                _axis(ease.row_at(wide, *grid), name in _Y, shape[0]),
                _axis(ease.column_at(wide, grid[1]), name in _X, shape[1]),
            )
        else:
            is_lat, is_lon = name in _LAT + _Y and np.abs(wide).max() <= 90.0, name in _LON + _X
            yield (
                f"'{name}'",
                _axis(ease.row_of(np.clip(wide, -90, 90), *grid), is_lat, shape[0]),
                _axis(ease.column_of(wide, grid[1]), is_lon, shape[1]),
            )
    for end in ("", "_pm"):
        yield (
            "latitude and longitude",
            _coordinates(source, names, "latitude" + end, shape, grid, 1),
            _coordinates(source, names, "longitude" + end, shape, grid, 0),
        )
    yield from smap_corners.told(source, names, shape, grid)


def _axes(source: Source, names: Names) -> list[tuple[str, Callable[[], np.ndarray], int]]:
    """Arrays of one dimension that can be coordinates: name in small letters, a function that reads them, length."""

    def reading(array: Any, name: str) -> Callable[[], np.ndarray]:
        return lambda: source.values(array, name).astype(float)

    found = []
    for group in ("", *names.groups):
        for name in source.names(group):
            if name.lower() in _X + _Y + _LON + _LAT:
                array = source.open(name, group)
                shape = source.shape(array)
                if len(shape) == 1:
                    found.append((name.lower(), reading(array, name), shape[0]))
    return found


def _axis(places: np.ndarray, wanted: bool, size: int) -> np.ndarray | None:
    """The pixels in which coordinates along an axis lie; None if they are not of this axis or leave pixels out."""
    if not wanted or places.size != size:
        return None
    steps = np.abs(np.diff(places))
    usual = float(np.median(steps)) if steps.size else 1.0
    return np.round(places) if 0.0 < usual < _WIDEST else None


def _indices(source: Source, names: Names, name: str, shape: tuple[int, int], count: int, axis: int) -> np.ndarray | None:
    """What a field of indices says of each row (``axis`` 1) or column (0); NaN where no pixel was seen."""
    if name not in names:
        return None
    values = names.field(name, shape)
    if values is None:
        return None
    values = np.where((values >= 0) & (values < count), values, np.nan)
    return _along(source, name, values, axis)


def _coordinates(source: Source, names: Names, name: str, shape: tuple[int, int], grid: tuple[int, int], axis: int) -> np.ndarray | None:
    """What a field of latitudes or longitudes says of each row or column; NaN where no pixel was seen."""
    if name not in names:
        return None
    values = names.field(name, shape)
    if values is None:
        return None
    values = np.where(np.abs(values) <= (90.0 if axis else 360.0), values, np.nan)
    places = ease.row_of(values, *grid) if axis else ease.column_of(values, grid[1])
    with np.errstate(invalid="ignore"):
        off = np.nanmax(np.abs(places - np.round(places)), initial=0.0)
    if off > _NEAR:
        raise ProductError(source.path, name, "pixels between the centres of the grid", f"centres of EASE-Grid 2.0, {grid[0]} x {grid[1]}")
    return _along(source, name, np.round(places), axis)


def _along(source: Source, name: str, values: np.ndarray, axis: int) -> np.ndarray:
    """The one value of each row (``axis`` 1) or column (0), NaN where there is none. Raises ``ProductError`` where it has two."""
    low = np.where(np.isnan(values), np.inf, values).min(axis=axis, initial=np.inf)
    high = np.where(np.isnan(values), -np.inf, values).max(axis=axis, initial=-np.inf)
    if (np.isfinite(low) & (low != high)).any():
        what = "row" if axis else "column"
        raise ProductError(source.path, name, f"a {what} of pixels that lie in different {what}s", f"one {what} of the EASE-Grid")
    return np.where(np.isfinite(low), low, np.nan)


class _Line:
    """The rows or columns of a file, as they become known: ``told``, positions in the grid (NaN: unknown)."""

    def __init__(self, what: str, size: int, count: int, round_: bool = False) -> None:
        self.what, self.size, self.count, self.round = what, size, count, round_
        self.told = np.full(size, np.nan)
        self.by: list[str] = []

    def take(self, source: Source, by: str, places: np.ndarray | None) -> None:
        """Take in what ``by`` says; raises ``ProductError`` if it contradicts what is known."""
        if places is None or not np.isfinite(places).any():
            return
        both = np.isfinite(places) & np.isfinite(self.told)
        off = np.flatnonzero(both & (places != self.told))
        if off.size:
            n = int(off[0])
            found = f"{self.what} {n} at {self.what} {self.told[n]:g} of the grid by {self.by[0]}, at {places[n]:g} by {by}"
            raise ProductError(source.path, None, found, "a subset that says one thing of its place")
        self.told = np.where(np.isnan(self.told), places, self.told)
        self.by.append(by)

    def places(self) -> tuple[np.ndarray, np.ndarray] | None:
        """Indices in the grid, in a sequence without gaps, and where each is stored (-1: nowhere); None if too little is known."""
        full = self._complete()
        if full is None:
            return None
        order = np.arange(self.size) if self.round else np.argsort(full, kind="stable")
        index, first = np.unique(full[order], return_index=True)
        stored = order[first]
        if self.round and (np.diff(index) > 1).any():  # begins behind the largest gap, so that it may lie across the dateline
            gaps = np.diff(np.append(index, index[0] + self.count))
            start = (int(np.argmax(gaps)) + 1) % index.size
            index, stored = np.roll(index, -start), np.roll(stored, -start)
        span = int(np.mod(index[-1] - index[0], self.count)) + 1
        every = np.mod(index[0] + np.arange(span), self.count)
        at = np.full(span, -1)
        at[np.mod(index - index[0], self.count)] = stored
        return every.astype(int), at

    def _complete(self) -> np.ndarray | None:
        """The positions with the unknown ones filled in from their neighbours; None if that leaves a choice."""
        known = np.flatnonzero(np.isfinite(self.told))
        if not known.size:
            return None
        steps, apart = np.diff(self.told[known]), np.diff(known)
        step = 1.0 if not steps.size or np.median(steps[apart == apart.min()]) >= 0 else -1.0
        off = steps - step * apart
        if self.size > known.size and (np.mod(off, self.count) if self.round else off).any():
            return None
        before = np.searchsorted(known, np.arange(self.size), side="right") - 1
        near = known[np.maximum(before, 0)]
        full = self.told[near] + step * (np.arange(self.size) - near)
        full = np.mod(full, self.count) if self.round else full
        return full.astype(int) if full.min() >= 0 and full.max() < self.count else None
