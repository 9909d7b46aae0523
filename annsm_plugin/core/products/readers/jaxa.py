"""JAXA L3 soil moisture content (SMC) of AMSR2 and AMSR-E (G-Portal, HDF5, 0.25 degree), stored in percent."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from ...foundation.errors import ProductError
from ..access import opened
from ..arrays import Arrays, Window, window_of
from ..naming import Entry
from ..plausibility import dated, limited, times
from .amsr import LAT, LAYOUTS, LON, boxes, check_header, scale_factor

WHAT = "JAXA L3 soil moisture content (HDF5, 0.25 degree)"


def read(entry: Entry, window: Window | None = None, variables: Collection[str] | None = None) -> Arrays:
    """``soil_moisture`` (m3 m-3) and ``observation_time`` (UTC), (lat, lon), rows and columns as stored: in the entry's layout, or else in
    the documented one."""
    first, order = LAYOUTS[entry.layout or "documented"]
    lat, lon = LAT[::order], LON + first
    rows, columns = window_of(lat, lon, window)
    data = {}
    with opened(entry.path, WHAT) as source:
        name = "Geophysical Data"
        array = source.open(name)
        source.check_shape(array, name, (720, 1440, 1), (720, 1440))
        scale = scale_factor(source, array, name, 0.1, "%")
        check_header(source, entry)
        last = [slice(0, 1)] if len(source.shape(array)) == 3 else []
        raw = source.values(array, name, rows, columns, *last).reshape(rows.stop - rows.start, columns.stop - columns.start)
        if raw.dtype.kind not in "iu" or raw.dtype.itemsize < 2:
            raise ProductError(entry.path, name, f"data of type {raw.dtype}", "16-bit integers")
        values = np.where(raw < 0, np.nan, raw * scale / 100.0)
        data["soil_moisture"] = limited(values, 0.0, 1.0, source, name, "m3 m-3").astype(np.float32)
        if "Time Information" in source.names() and (variables is None or "observation_time" in variables):
            array = source.open("Time Information")
            source.check_shape(array, "Time Information", (720, 1440), (720, 1440, 1))
            last = [slice(0, 1)] if len(source.shape(array)) == 3 else []
            minutes = source.values(array, "Time Information", rows, columns, *last).reshape(raw.shape).astype(float)
            minutes[minutes < -30000] = np.nan
            data["observation_time"] = dated(times(minutes * 60.0, f"{entry.date}T00:00:00"), entry, "Time Information", source)
        outliers = source.outliers
    return Arrays(lat[rows], lon[columns], data, units={"soil_moisture": "m3 m-3"}, outliers=outliers)


#: Share of a box of land that must have values, and share of a box of sea that may have some (islands, faults), for a layout to fit.
_ON_LAND, _ON_SEA = 0.1, 0.02

#: Boxes of land (of six) that must have values: frozen ground has none.
_ENOUGH_LAND = 4


def fitting(soil_moisture: np.ndarray) -> list[str]:
    """The layouts that a global field (720, 1440) as it is stored can have: soil moisture is retrieved over land alone.

    The files hold no coordinates. Most programs of other users take 0 for the first longitude, one that saw a real file -180.
    """
    found: list[str] = []
    if soil_moisture.shape != (LAT.size, LON.size):
        return found
    for name, layout in LAYOUTS.items():
        land, sea = ([float(np.isfinite(part).mean()) for part in parts] for parts in boxes(soil_moisture, *layout))
        if sum(share > _ON_LAND for share in land) >= _ENOUGH_LAND and max(sea) < _ON_SEA:
            found.append(name)
    return found
