"""What a reader returns for one product file, and the part of the file's grid that is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

#: West, south, east, north in degrees.
Window = tuple[float, float, float, float]

#: 8-bit codes of leaf area index from this one on (249-255) stand for the reasons why there is no value.
FIRST_FILL_CODE = 249


@dataclass
class Arrays:
    """The contents of one product file: ``lat`` and ``lon`` (1-D, degrees), ``variables`` by name, ``attrs``.

    Arrays have the shape (lat, lon); missing values are NaN in float arrays and NaT in times. A variable with other dimensions has them
    in ``dims``, and their coordinates are in ``coords``. ``units`` by variable. ``outliers``: for each variable, how many values were made
    missing because they lie outside its physical range.
    """

    lat: np.ndarray
    lon: np.ndarray
    variables: dict[str, np.ndarray]
    attrs: dict[str, Any] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    dims: dict[str, tuple[str, ...]] = field(default_factory=dict)
    coords: dict[str, np.ndarray] = field(default_factory=dict)
    outliers: dict[str, int] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether every value is missing: floats that are all NaN, or codes of leaf area index that are all fill values.

        False if there is nothing that could be missing.
        """
        fields = [values for values in self.variables.values() if values.dtype.kind == "f" and values.size]
        codes = self.variables.get("lai_class", np.zeros(0))
        if codes.size:
            return not (codes < FIRST_FILL_CODE).any()
        return bool(fields) and not any(np.isfinite(values).any() for values in fields)


def window_of(lat: np.ndarray, lon: np.ndarray, window: Window | None, margin: int = 0) -> tuple[slice, slice]:
    """Row and column slices of the cells in ``window`` and of ``margin`` cells around it; everything if ``window`` is None.

    All columns are taken if the window crosses the meridian at which the file's longitudes begin and end.
    """
    rows, columns = slice(0, lat.size), slice(0, lon.size)
    if window is None:
        return rows, columns
    west, south, east, north = window
    step_lat, step_lon = _step(lat), _step(lon)
    inside = np.flatnonzero((lat >= south - step_lat) & (lat <= north + step_lat))
    rows = _around(inside, margin, lat.size)
    shift = np.mod(lon - (west - step_lon), 360.0)
    inside = np.flatnonzero(shift <= min(360.0, east - west + 2 * step_lon))
    if inside.size and inside[-1] - inside[0] + 1 == inside.size:
        columns = _around(inside, margin, lon.size)
    elif not inside.size:
        columns = slice(0, 0)
    return rows, columns


def _step(axis: np.ndarray) -> float:
    """The usual distance between neighbouring coordinates, in degrees."""
    return float(np.median(np.abs(np.diff(axis)))) if axis.size > 1 else 1.0


def _around(inside: np.ndarray, margin: int, size: int) -> slice:
    """The slice from the first to the last of the indices ``inside``, ``margin`` wider on both sides, within an axis of ``size``."""
    if not inside.size:
        return slice(0, 0)
    return slice(max(0, int(inside[0]) - margin), min(size, int(inside[-1]) + 1 + margin))
