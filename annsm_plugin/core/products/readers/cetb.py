"""Calibrated brightness temperatures of NSIDC on EASE-Grid 2.0 (CETB: NSIDC-0630, NSIDC-0763): AMSR-E and AMSR2, 25 km, NetCDF.

One file per channel, polarisation, day and direction of the passes. Sources (no real file was seen): the program that writes the files
(PMESDR, ``cetb.h`` and ``cetb_file.c``: names, grids, packing, times), names of files in other users' programs. The cylindrical grid "T"
ends at 67 degrees north and south: the middle 540 of the 584 rows of the whole grid.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from ...foundation import localtime
from ...foundation.errors import ProductError
from ...foundation.variables import POSSIBLE_TB
from ..access import Source, opened
from ..arrays import Arrays, Window, window_of
from ..naming import Entry
from ..plausibility import dated, limited, times
from . import ease

WHAT = "CETB brightness temperature (NSIDC, NetCDF, EASE2_T25km)"
ROWS, COLUMNS = 540, 1388
_CUT = (ease.SMOS_25KM[0] - ROWS) // 2

#: Counts that stand for no value: fill and missing.
_FILL, _MISSING, _NO_TIME = 0, 60000, -32768

#: Hours that the passes may be away from the nominal local time: near the grid's edges they are an hour or so away.
_WITHIN = 4.0
_ENOUGH = 100


def centres() -> tuple[np.ndarray, np.ndarray]:
    """Latitudes (540,), north first, and longitudes (1388,) of the pixels."""
    lat, lon = ease.centres(*ease.SMOS_25KM)
    return lat[_CUT : _CUT + ROWS], lon


def read(entry: Entry, window: Window | None = None, variables: Collection[str] | None = None) -> Arrays:
    """``tb_h`` or ``tb_v`` in K, whichever the file holds, and ``observation_time`` (UTC), (lat, lon), north first."""
    lat, lon = centres()
    rows, columns = window_of(lat, lon, window, margin=1)
    name = f"tb_{entry.polarisation}"
    data: dict[str, np.ndarray] = {}
    with opened(entry.path, WHAT) as source:
        _check_grid(source)
        if variables is None or name in variables:
            counts = _counts(source, "TB", rows, columns)
            scale, offset = source.packing(source.open("TB"), "TB")
            if abs(scale / 0.01 - 1.0) > 1e-5 or offset != 0.0:
                raise ProductError(entry.path, "TB", f"a scale factor of {scale:g} and an offset of {offset:g}", "0.01 and 0, K")
            values = np.where((counts == _FILL) | (counts >= _MISSING), np.nan, counts * 0.01)
            data[name] = limited(values, *POSSIBLE_TB, source, "TB", "K").astype(np.float32)
        if variables is None or "observation_time" in variables:
            data["observation_time"] = _times(source, entry, rows, columns)
            _check_overpass(entry, data["observation_time"], lon[columns])
        outliers = source.outliers
    return Arrays(lat[rows], lon[columns], data, units={name: "K"} if name in data else {}, outliers=outliers)


def _counts(source: Source, name: str, rows: slice, columns: slice) -> np.ndarray:
    """Some rows and columns of a variable on (time, y, x) with one time, as stored (int64)."""
    array = source.open(name)
    source.check_shape(array, name, (1, ROWS, COLUMNS), (ROWS, COLUMNS))
    first = [slice(0, 1)] if len(source.shape(array)) == 3 else []
    counts = source.values(array, name, *first, rows, columns)
    if counts.dtype.kind not in "iu" and counts.size:
        raise ProductError(source.path, name, f"data of type {counts.dtype}", "16-bit counts")
    return counts.reshape(rows.stop - rows.start, columns.stop - columns.start).astype(np.int64)


def _check_grid(source: Source) -> None:
    """Raise ``ProductError`` unless the metres of the file's axes, where it has them, are those of the grid, to half a pixel."""
    pixel = 2.0 * ease.HALF_WIDTH / COLUMNS
    expected = {"y": (ROWS / 2 - 0.5 - np.arange(ROWS)) * pixel, "x": -ease.HALF_WIDTH + (np.arange(COLUMNS) + 0.5) * pixel}
    for name, axis in expected.items():
        if name not in source.names():
            continue
        found = source.values(source.open(name), name).astype(float).ravel()
        if found.shape != axis.shape or np.abs(found - axis).max() > pixel / 2:
            ends = f"{found.size} values, {found[0]:.0f} to {found[-1]:.0f} m" if found.size else "no values"
            raise ProductError(source.path, name, ends, f"{axis.size} values, {axis[0]:.0f} to {axis[-1]:.0f} m (EASE2_T25km)")


def _times(source: Source, entry: Entry, rows: slice, columns: slice) -> np.ndarray:
    """The time of each pixel: minutes since the beginning of the file's day (``TB_time``)."""
    array = source.open("TB_time")
    unit = array.GetUnit() or str(source.attribute(array, "units", ""))
    if unit.strip()[:24] != f"minutes since {entry.date}":
        raise ProductError(entry.path, "TB_time", f"times in '{unit}'", f"minutes since {entry.date}, as the name says")
    minutes = _counts(source, "TB_time", rows, columns)
    seconds = np.where(minutes == _NO_TIME, np.nan, minutes * 60.0)
    return dated(times(seconds, f"{entry.date}T00:00:00"), entry, "TB_time", source)


def _check_overpass(entry: Entry, stamps: np.ndarray, lon: np.ndarray) -> None:
    """Raise ``ProductError`` if the local hours of the pixels are those of the other direction."""
    seen = ~np.isnat(stamps)
    if seen.sum() < _ENOUGH:
        return
    nominal = localtime.AMSR_HOUR["ascending" if entry.orbit == "A" else "descending"]
    hours = localtime.local_hour(stamps.astype("datetime64[s]"), lon[None, :], "solar")[seen]
    away = float(np.median(np.abs((hours - nominal + 12.0) % 24.0 - 12.0)))
    if away > _WITHIN:
        middle = float(np.median(hours))
        raise ProductError(entry.path, "TB_time", f"passes at about {middle:.1f} h local time", f"about {nominal:g} h, as the name says")
