"""Pixels of a composite brought to the cells: at the cell's centre, or as the mean of the cell; a composite may come in tiles."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Protocol

import numpy as np

from ...foundation.grid import Grid
from ...foundation.regrid import AreaMean, cells_of, renormalised
from ...products.readers.lai import SPHERE


class Tile:
    """8-bit codes with the axes of their own grid (metres on the MODIS sphere, or degrees) and the table of their values."""

    def __init__(self, x: np.ndarray, y: np.ndarray, sinusoidal: bool, codes: np.ndarray, table: np.ndarray) -> None:
        self.x, self.y, self.sinusoidal, self.codes, self.table = x, y, sinusoidal, codes, table

    def at(self, number: int) -> Tile:
        """The pixels of one of several times."""
        return Tile(self.x, self.y, self.sinusoidal, self.codes[number], self.table)


class Gatherer(Protocol):
    """Takes in the tiles of one composite, one after the other, and gives their field."""

    def take(self, tile: Tile, key: Hashable) -> None:
        """Take in a tile; ``key`` tells it from the others."""

    def joined(self, other: Any) -> Gatherer:
        """This one with what another of its kind has taken in."""

    def field(self) -> np.ndarray:
        """(rows, columns) in m2 m-2."""


class Bilinear:
    """The value at each cell's centre, linear in the pixel grid's own coordinates; corners may come from different tiles."""

    def __init__(self, grid: Grid) -> None:
        self._lat, self._lon = np.meshgrid(grid.lat, (grid.lon + 180.0) % 360.0 - 180.0, indexing="ij")
        self._total, self._weight = np.zeros(grid.shape), np.zeros(grid.shape)

    def take(self, tile: Tile, key: Hashable) -> None:
        """Take in the corners that lie in a tile."""
        if tile.x.size < 2 or tile.y.size < 2:
            return
        x, y = self._lon, self._lat
        if tile.sinusoidal:
            x, y = SPHERE * np.radians(x) * np.cos(np.radians(y)), SPHERE * np.radians(y)
        else:
            x = np.mod(x - tile.x[0] + 1.0, 360.0) + tile.x[0] - 1.0
        column, row = ((v - axis[0]) / (axis[1] - axis[0]) for v, axis in ((x, tile.x), (y, tile.y)))
        left, top = np.floor(column + 1e-6).astype(int), np.floor(row + 1e-6).astype(int)
        for j, by_column in ((left, 1.0 - (column - left)), (left + 1, column - left)):
            for i, by_row in ((top, 1.0 - (row - top)), (top + 1, row - top)):
                inside = (i >= 0) & (i < tile.y.size) & (j >= 0) & (j < tile.x.size)
                value = tile.table[tile.codes[np.where(inside, i, 0), np.where(inside, j, 0)]]
                valid = inside & np.isfinite(value)
                weight = np.clip(by_row * by_column, 0.0, 1.0) * valid
                self._total += weight * np.where(valid, value, 0.0)
                self._weight += weight

    def joined(self, other: Bilinear) -> Bilinear:
        """This one with what another has taken in."""
        self._total += other._total
        self._weight += other._weight
        return self

    def field(self) -> np.ndarray:
        """(rows, columns)."""
        return renormalised(self._total, self._weight).astype("float32")


class Area:
    """The mean of a cell's valid pixels; which cell a pixel lies in is worked out once per tile."""

    def __init__(self, grid: Grid, cells: dict[Hashable, np.ndarray]) -> None:
        self._grid, self._cells, self._mean = grid, cells, AreaMean(grid)

    def take(self, tile: Tile, key: Hashable) -> None:
        """Take in a tile's pixels."""
        if tile.x.size < 2 or tile.y.size < 2:
            return
        key = (key, tile.x.size, tile.y.size, float(tile.x[0]), float(tile.y[0]))
        if key not in self._cells:
            self._cells[key] = pixel_cells(self._grid, tile)
        self._mean.add(self._cells[key], tile.table[tile.codes])

    def joined(self, other: Area) -> Area:
        """This one with what another has taken in."""
        self._mean.join(other._mean)
        return self

    def field(self) -> np.ndarray:
        """(rows, columns)."""
        return self._mean.mean().astype("float32")


def pixel_cells(grid: Grid, tile: Tile) -> np.ndarray:
    """Flat cell index of every pixel of a tile, in the smallest integer type that holds it."""
    if not tile.sinusoidal:
        lat, lon = np.meshgrid(tile.y, tile.x, indexing="ij")
    else:
        lat = np.degrees(tile.y / SPHERE)[:, None]
        lon = np.degrees(tile.x / SPHERE)[None, :] / np.cos(np.radians(lat))
        lon = np.where(np.abs(lon) <= 180.0, lon, np.nan)
        lat = np.broadcast_to(lat, lon.shape)
    cells = cells_of(grid, lat, lon)
    return cells.astype("int16") if grid.shape[0] * grid.shape[1] < 2**15 else cells
