"""Puts the contents of several files of one observation together: subsets with other variables, or of other places."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .arrays import Arrays, Window, window_of


def joined(parts: Sequence[Arrays], axes: tuple[np.ndarray, np.ndarray], window: Window | None) -> Arrays:
    """All variables of ``parts``. Where two hold a value of one place, that of the first counts.

    axes: latitudes and longitudes of the product's global grid. Parts of different places are put into the window of that grid, so that
    nothing is interpolated over what lies between them.
    """
    first = parts[0]
    if all(np.array_equal(p.lat, first.lat) and np.array_equal(p.lon, first.lon) for p in parts):
        lat, lon = first.lat, first.lon
    else:
        lat, lon = axes
        rows, columns = window_of(lat, lon, window, margin=1)
        lat, lon = lat[rows], lon[columns]
    out = Arrays(lat, lon, {}, attrs=dict(first.attrs))
    for part in parts:
        at = None if lat is part.lat or (np.array_equal(lat, part.lat) and np.array_equal(lon, part.lon)) else _at(lat, lon, part)
        for name, values in part.variables.items():
            if at is not None:
                values = _placed(values, at, (lat.size, lon.size))
            there = out.variables.get(name)
            out.variables[name] = values if there is None else np.where(_missing(there), values, there)
        out.units.update(part.units)
        for name, count in part.outliers.items():
            out.outliers[name] = out.outliers.get(name, 0) + count
    return out


#: Degrees along the edges of a window that are read for interpolation alone; what is lost there changes nothing inside.
EDGE = 0.75


def inside(lat: np.ndarray, lon: np.ndarray, window: Window | None) -> np.ndarray:
    """Which cells (lat, lon) of joined parts lie in the window without its edges; all for no window, or one that is all edge."""
    every = np.ones((lat.size, lon.size), bool)
    if window is None:
        return every
    west, south, east, north = window
    if min(east - west, north - south) <= 2 * EDGE:
        return every
    rows = (lat >= south + EDGE) & (lat <= north - EDGE)
    columns = np.mod(lon - (west + EDGE), 360.0) <= east - west - 2 * EDGE
    return np.asarray(rows[:, None] & columns[None, :])


def spread(lat: np.ndarray, lon: np.ndarray, part: Arrays, values: np.ndarray) -> np.ndarray:
    """A part's ``values`` (boolean) in the cells of the joined parts; False outside the part."""
    rows, columns, by_row, by_column = _at(lat, lon, part)
    out = np.zeros((lat.size, lon.size), bool)
    out[np.ix_(rows, columns)] = values[np.ix_(by_row, by_column)]
    return out


def _missing(values: np.ndarray) -> np.ndarray:
    return np.isnat(values) if values.dtype.kind == "M" else np.isnan(values)


_Places = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _at(lat: np.ndarray, lon: np.ndarray, part: Arrays) -> _Places:
    """Rows and columns of a part's pixels in the axes, and which of them lie inside."""
    found = []
    for axis, own in ((lat, part.lat), (lon, part.lon)):
        places = {round(float(value), 6): number for number, value in enumerate(axis)}
        at = np.array([places.get(round(float(value), 6), -1) for value in own], dtype=int)
        found += [at[at >= 0], at >= 0]
    return found[0], found[2], found[1], found[3]


def _placed(values: np.ndarray, at: _Places, shape: tuple[int, int]) -> np.ndarray:
    rows, columns, by_row, by_column = at
    out = np.full(shape, np.datetime64("NaT") if values.dtype.kind == "M" else np.nan, dtype=values.dtype)
    out[np.ix_(rows, columns)] = values[np.ix_(by_row, by_column)]
    return out
