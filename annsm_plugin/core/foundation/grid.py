"""The regular 0.25 degree grid of GLDAS and of the AMSR L3 products, and regions on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .errors import ParameterError

#: Cell size in degrees.
STEP = 0.25

#: Degrees that a coordinate may be off a cell's centre.
TOLERANCE = 1e-3

#: The Qinghai-Tibet Plateau: west, south, east, north (56 x 128 cells).
DEFAULT_REGION = (73.0, 26.0, 105.0, 40.0)


@dataclass(frozen=True)
class Grid:
    """Cell centres of a region, north first.

    ``lat`` (rows,) descending and ``lon`` (columns,) ascending, in degrees, at +-(0.125 + 0.25 k). A region across the
    dateline has longitudes beyond 180 (170 to 190), so that they stay monotonic.
    """

    lat: np.ndarray = field(repr=False)
    lon: np.ndarray = field(repr=False)

    @classmethod
    def from_extent(cls, extent: Any = None) -> Grid:
        """The cells whose centres lie inside ``extent`` = (west, south, east, north) in degrees.

        None gives the default region. Raises ``ParameterError`` if east is not east of west, if the extent leaves the
        globe or holds no cell centre.
        """
        west, south, east, north = (float(v) for v in (extent or DEFAULT_REGION))
        if not all(np.isfinite((west, south, east, north))):
            raise ParameterError("The extent has a bound that is not a number.")
        if east <= west:
            raise ParameterError(
                f"The extent's east bound ({east:g}) must be east of its west bound ({west:g}); "
                "a region across the dateline is written with longitudes beyond 180, for example 170 to 190."
            )
        if north <= south:
            raise ParameterError(f"The extent's north bound ({north:g}) must be north of its south bound ({south:g}).")
        if south < -90 or north > 90 or west < -180 or east > 360 or east - west > 360:
            raise ParameterError(
                f"The extent {west:g} to {east:g} E, {south:g} to {north:g} N leaves the globe (-180 to 360 E, -90 to 90 N)."
            )
        lon, lat = _centres(west, east), _centres(south, north)[::-1]
        if lon.size == 0 or lat.size == 0:
            raise ParameterError(f"The extent {west:g} to {east:g} E, {south:g} to {north:g} N holds no centre of a 0.25 degree cell.")
        return cls(lat, lon)

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        return self.lat.size, self.lon.size

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the cells' outer edges, in degrees."""
        half = STEP / 2
        return self.lon[0] - half, self.lat[-1] - half, self.lon[-1] + half, self.lat[0] + half

    def rows_in(self, lat: np.ndarray) -> np.ndarray:
        """Index into a global or regional latitude axis ``lat`` (0.25 degree centres) for each row; -1 where it has none."""
        return _indices(lat, self.lat)

    def columns_in(self, lon: np.ndarray) -> np.ndarray:
        """Index into a longitude axis ``lon`` (any of -180..180, 0..360) for each column; -1 where it has none."""
        return _indices(np.mod(lon, 360.0), np.mod(self.lon, 360.0))

    def cell_of(self, lat: float, lon: float) -> tuple[int, int] | None:
        """(row, column) of the cell that holds a point, or None outside the region."""
        west, south, _, north = self.bounds
        row = int(np.floor((north - lat) / STEP))
        column = int(np.floor(np.mod(lon - west, 360.0) / STEP))
        if lat == south:
            row = self.lat.size - 1
        inside = 0 <= row < self.lat.size and 0 <= column < self.lon.size
        return (row, column) if inside else None


def _centres(low: float, high: float) -> np.ndarray:
    """Cell centres between two bounds, both included, ascending; exact multiples of 0.125."""
    first = int(np.ceil((low - STEP / 2) / STEP - 1e-9))
    last = int(np.floor((high - STEP / 2) / STEP + 1e-9))
    return STEP / 2 + STEP * np.arange(first, last + 1)


def _indices(axis: np.ndarray, wanted: np.ndarray, tolerance: float = TOLERANCE) -> np.ndarray:
    """Index of the nearest value of ``axis`` for each wanted one, -1 if further away than ``tolerance`` degrees."""
    axis = np.asarray(axis, dtype=float)
    if axis.size == 0:
        return np.full(np.shape(wanted), -1)
    order = np.argsort(axis, kind="stable")
    ordered = axis[order]
    right = np.clip(np.searchsorted(ordered, wanted), 0, ordered.size - 1)
    left = np.clip(right - 1, 0, ordered.size - 1)
    nearest = np.where(np.abs(ordered[left] - wanted) < np.abs(ordered[right] - wanted), left, right)
    found = np.abs(ordered[nearest] - wanted) <= tolerance
    return np.where(found, order[nearest], -1)
