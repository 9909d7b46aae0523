"""Brings a field from its own grid to the 0.25 degree cells: linear in longitude and latitude, or the area mean."""

from __future__ import annotations

from typing import Any

import numpy as np

from .grid import STEP, Grid

#: A value interpolated from neighbours that are partly missing counts when at least this share of the weight is valid.
LEAST_WEIGHT = 0.5

_ROUNDING = 1e-9


class Linear:
    """Interpolation linear in longitude and latitude from a separable grid (paper section 3.1) to the cells of ``grid``.

    ``lat`` (m,) and ``lon`` (n,) are the source's centres in degrees, in any order; a row has one latitude and a column one
    longitude, as on EASE-Grid 2.0. Longitudes may be written 0-360 or -180-180 and a region may lie across the dateline.
    Cells outside the hull of the source's centres are missing, except that a global source closes around the globe.
    """

    def __init__(self, lat: np.ndarray, lon: np.ndarray, grid: Grid) -> None:
        lat, lon = np.asarray(lat, dtype=float), np.asarray(lon, dtype=float)
        middle = (grid.lon[0] + grid.lon[-1]) / 2.0
        lon = np.mod(lon - middle + 180.0, 360.0) + middle - 180.0
        self.shape = grid.shape
        self._rows = _neighbours(lat, grid.lat)
        self._columns = _neighbours(lon, grid.lon, period=360.0)

    @property
    def reaches(self) -> np.ndarray:
        """(rows, columns) bool: cells that lie inside the source's grid at all."""
        return np.isfinite(self._rows[2])[:, None] & np.isfinite(self._columns[2])[None, :]

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """``values`` (..., m, n), NaN = missing, brought to (..., rows, columns), float64.

        The weights of missing neighbours go to the others when at least half of the weight is valid; otherwise the cell is missing.
        """
        return renormalised(*self.sums(values))

    def sums(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(..., rows, columns) each: the weighted sum of the valid neighbours of each cell, and their weight, 1 where all are valid.

        Sums and weights of fields that hold different pixels of one layer can be added before they are ``renormalised``.
        """
        values = np.asarray(values)
        total = np.zeros(values.shape[:-2] + self.shape)
        weight = np.zeros_like(total)
        upper, lower, share_r = self._rows
        left, right, share_c = self._columns
        share_r, share_c = np.nan_to_num(share_r, nan=0.0), np.nan_to_num(share_c, nan=0.0)
        for rows, by_row in ((upper, 1.0 - share_r), (lower, share_r)):
            for columns, by_column in ((left, 1.0 - share_c), (right, share_c)):
                corner = values[..., rows[:, None], columns[None, :]]
                valid = np.isfinite(corner)
                part = by_row[:, None] * by_column[None, :] * valid
                weight += part
                total += part * np.where(valid, corner, 0.0)
        return total, np.where(self.reaches, weight, 0.0)


def renormalised(total: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Weighted sums over the weights that were valid; NaN where less than half of the weight (1 in all) was."""
    enough = weight >= LEAST_WEIGHT - _ROUNDING
    return np.where(enough, total / np.where(enough, weight, 1.0), np.nan)


def _neighbours(axis: np.ndarray, wanted: np.ndarray, period: float | None = None) -> Any:
    """Index before, index after and the share of the one after (NaN outside the axis) for each wanted coordinate.

    With ``period`` an axis that goes all the way round is closed: its first centre follows its last.
    """
    if axis.size == 0:
        nowhere = np.zeros(wanted.size, dtype=int)
        return nowhere, nowhere, np.full(wanted.size, np.nan)
    order = np.argsort(axis, kind="stable")
    ordered = axis[order]
    if period and axis.size > 1 and ordered[0] + period - ordered[-1] < 1.5 * np.median(np.diff(ordered)):
        order = np.concatenate([order[-1:], order, order[:1]])
        ordered = np.concatenate([ordered[-1:] - period, ordered, ordered[:1] + period])
    if ordered.size == 1:
        share = np.where(np.abs(ordered[0] - wanted) < _ROUNDING, 0.0, np.nan)
        return np.zeros(wanted.size, int), np.zeros(wanted.size, int), share
    after = np.clip(np.searchsorted(ordered, wanted), 1, ordered.size - 1)
    share = (wanted - ordered[after - 1]) / (ordered[after] - ordered[after - 1])
    inside = (share > -_ROUNDING) & (share < 1.0 + _ROUNDING)
    return order[after - 1], order[after], np.where(inside, np.clip(share, 0.0, 1.0), np.nan)


class AreaMean:
    """The mean of all valid pixels whose centre lies in a cell, gathered from any number of tiles.

    ``lat`` and ``lon`` of pixels are their centres in degrees, arrays of one shape.
    """

    def __init__(self, grid: Grid) -> None:
        self.shape = grid.shape
        self._grid = grid
        self._sum = np.zeros(grid.shape[0] * grid.shape[1])
        self._count = np.zeros_like(self._sum)

    def cells(self, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
        """Flat cell index of each pixel, -1 outside the grid (int32, the pixels' shape)."""
        return cells_of(self._grid, lat, lon)

    def add(self, cells: np.ndarray, values: np.ndarray) -> None:
        """Take in ``values`` (NaN = missing) of pixels that lie in the flat ``cells`` (-1 = nowhere)."""
        cells, values = np.ravel(cells), np.ravel(values)
        use = (cells >= 0) & np.isfinite(values)
        self._sum += np.bincount(cells[use], weights=values[use], minlength=self._sum.size)
        self._count += np.bincount(cells[use], minlength=self._sum.size)

    def join(self, other: AreaMean) -> None:
        """Take in all that another mean of the same cells has taken in."""
        self._sum += other._sum
        self._count += other._count

    def mean(self) -> np.ndarray:
        """(rows, columns), NaN where a cell has no valid pixel."""
        mean = np.where(self._count > 0, self._sum / np.maximum(self._count, 1), np.nan)
        return mean.reshape(self.shape)


def cells_of(grid: Grid, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Flat index of the cell of ``grid`` that holds each point, -1 outside (int32, the points' shape)."""
    west, _, _, north = grid.bounds
    rows, columns = grid.shape
    with np.errstate(invalid="ignore"):
        row = np.floor((north - np.asarray(lat)) / STEP)
        column = np.floor(np.mod(np.asarray(lon) - west, 360.0) / STEP)
        inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
    return np.where(inside, np.where(inside, row, 0) * columns + np.where(inside, column, 0), -1).astype("int32")
