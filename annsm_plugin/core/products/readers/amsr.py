"""AMSR2 and AMSR-E L3 brightness temperature (JAXA G-Portal, HDF5, 0.25 degree): one file per frequency, day and overpass."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from ...foundation.errors import ProductError
from ...foundation.variables import POSSIBLE_TB
from .. import naming
from ..access import Source, opened
from ..arrays import Arrays, Window, window_of
from ..naming import Entry
from ..plausibility import limited
from . import cetb

WHAT = "AMSR L3 brightness temperature (JAXA, HDF5, 0.25 degree)"
LAT = 89.875 - 0.25 * np.arange(720)
LON = 0.125 + 0.25 * np.arange(1440)

#: Longitude of the first column's western edge (degrees) and direction of the rows (1: north first, -1: south first), by the layout's
#: name. The files hold no coordinates: the programs of five other users agree on the first layout, one takes 180 W for the first column.
LAYOUTS = {
    "documented": (0.0, 1),
    "0-360 south first": (0.0, -1),
    "180W-180E north first": (-180.0, 1),
    "180W-180E south first": (-180.0, -1),
}

#: The documented layout in words.
MEANING = "documented: longitudes 0 to 360, north first"

#: Counts from this one on are fill values: 65534 and 65535. (Documents disagree on which means what.)
FIRST_FILL = 65530


def read(entry: Entry, window: Window | None = None, variables: Collection[str] | None = None) -> Arrays:
    """``tb_h`` and ``tb_v`` in K, (lat, lon), rows and columns as stored: in the entry's layout, or else in the documented one.

    NSIDC's files (CETB) are read as ``cetb`` says.
    """
    if entry.polarisation:
        return cetb.read(entry, window, variables)
    first, order = LAYOUTS[entry.layout or "documented"]
    lat, lon = LAT[::order], LON + first
    rows, columns = window_of(lat, lon, window)
    data = {}
    with opened(entry.path, WHAT) as source:
        for letter in "HV":
            if variables is not None and f"tb_{letter.lower()}" not in variables:
                continue
            name = f"Brightness Temperature ({letter})"
            array = source.open(name)
            shape = source.shape(array)
            if shape == (1800, 3600):
                raise ProductError(entry.path, name, "the 0.1 degree grid (1800 x 3600)", "the 0.25 degree product (720 x 1440)")
            source.check_shape(array, name, (720, 1440), (720, 1440, 1))
            last = [slice(0, 1)] if len(shape) == 3 else []
            scale = scale_factor(source, array, name, 0.01, "K")
            counts = source.values(array, name, rows, columns, *last).reshape(rows.stop - rows.start, columns.stop - columns.start)
            if counts.dtype.kind not in "ui":
                raise ProductError(entry.path, name, f"data of type {counts.dtype}", "16-bit counts")
            counts = counts.astype(np.int64)
            values = np.where((counts < 0) | (counts >= FIRST_FILL), np.nan, counts * scale)
            data[f"tb_{letter.lower()}"] = limited(values, *POSSIBLE_TB, source, name, "K").astype(np.float32)
        check_header(source, entry)
        outliers = source.outliers
    return Arrays(lat[rows], lon[columns], data, units=dict.fromkeys(data, "K"), outliers=outliers)


def scale_factor(source: Source, array: Any, name: str, expected: float, unit: str) -> float:
    """The documented scale factor ``expected``. Raises ``ProductError`` if the file states another one."""
    scale = source.number(array, "SCALE FACTOR", expected)
    if not abs(scale / expected - 1.0) < 1e-5:
        raise ProductError(source.path, name, f"a scale factor of {scale:g}", f"{expected:g} {unit}")
    return expected


def check_header(source: Source, entry: Entry) -> None:
    """Raise ``ProductError`` if the file's attributes OrbitDirection or GranuleID, where it has them, contradict its name."""
    orbit = str(source.attribute(None, "OrbitDirection") or "")
    if orbit and orbit[:1].upper() in "AD" and entry.orbit and orbit[:1].upper() != entry.orbit:
        raise ProductError(entry.path, "OrbitDirection", orbit, {"A": "Ascending", "D": "Descending"}[entry.orbit] + ", as the name says")
    granule = str(source.attribute(None, "GranuleID") or "").strip()
    inside = naming.entry(granule if granule.lower().endswith(".h5") else granule + ".h5") if granule else None
    if inside is not None:
        for what in ("product", "date", "channel", "orbit"):
            if getattr(inside, what) != getattr(entry, what):
                raise ProductError(entry.path, "GranuleID", f"{granule}, of {what} {getattr(inside, what)}", f"{getattr(entry, what)}")


#: Boxes (west, south, east, north) of land only and of open sea only. In horizontal polarisation, up to 36.5 GHz, the sea is far colder.
_LAND = ((5, 17, 25, 27), (122, -30, 138, -20), (60, 45, 75, 52), (-60, -15, -48, -6), (16, -25, 24, -18), (-104, 36, -96, 46))
_SEA = ((-170, 20, -150, 35), (160, 25, 175, 38), (-55, 22, -35, 35), (-30, -35, -5, -15), (75, -35, 95, -15), (-125, -35, -95, -10))

#: Every land box must be this much warmer (K) than every sea box before a layout is taken for the right one.
_CONTRAST = 20.0


def boxes(field: np.ndarray, first: float, order: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """The parts of a global field (720, 1440) in the boxes of land and in those of sea, with this first longitude and row order."""

    def part(box: Window) -> np.ndarray:
        west, south, east, north = box
        rows = np.flatnonzero((LAT[::order] > south) & (LAT[::order] < north))
        columns = np.flatnonzero(np.mod(LON + first - west, 360.0) < east - west)
        return field[np.ix_(rows, columns)]

    return [part(box) for box in _LAND], [part(box) for box in _SEA]


def _contrast(tb_h: np.ndarray, first: float, order: int) -> float:
    """The coldest land box minus the warmest sea box (K), with this first longitude and row order; NaN if a box holds no data."""

    def middle(values: np.ndarray) -> float:
        return float(np.nanmedian(values)) if np.isfinite(values).mean() > 0.2 else np.nan

    land, sea = boxes(tb_h, first, order)
    return min(map(middle, land)) - max(map(middle, sea)) if np.isfinite(tb_h).any() else np.nan


def misplaced(entry: Entry, arrays_of: Callable[[Entry, list[str]], Arrays] | None = None) -> str:
    """The layout that puts land where land is, if the entry's own does not: by the contrast between land and sea.

    Empty if the entry's layout fits, or if no layout clearly does. Reads the whole globe, so check one file of a record only.
    ``arrays_of(entry, variables)`` reads the file, for example in another process (None: in this one). Raises ``ProductError``.
    """
    arrays = arrays_of(entry, ["tb_h"]) if arrays_of else read(entry, variables=["tb_h"])
    tb_h = arrays.variables["tb_h"]
    if _contrast(tb_h, *LAYOUTS[entry.layout or "documented"]) > 0.0:
        return ""
    return next((name for name, layout in LAYOUTS.items() if _contrast(tb_h, *layout) > _CONTRAST), "")
