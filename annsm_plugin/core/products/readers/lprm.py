"""LPRM L3 soil moisture of AMSR2 and AMSR-E (GES DISC, NetCDF, 0.25 degree), stored (longitude, latitude), percent."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import numpy as np

from ...foundation.errors import ProductError
from ..access import opened
from ..arrays import Arrays, Window, window_of
from ..naming import Entry
from ..plausibility import dated, limited, times

WHAT = "LPRM L3 soil moisture (NetCDF, 0.25 degree)"
_BANDS = ("soil_moisture_c1", "soil_moisture_c2", "soil_moisture_c", "soil_moisture_x")
EPOCH = "1993-01-01T00:00:00"


#: Auxiliary variables by a pattern of their name: factor to the unit, physical range, unit. The errors of soil moisture are not read:
#: the files call them percent, but other programs (LISF) take the stored numbers for m3 m-3.
_AUXILIARY: tuple[tuple[re.Pattern[str], float, tuple[float, float], str], ...] = (
    (re.compile(r"opt_depth_(c1|c2|c|x)"), 1.0, (0.0, 10.0), "1"),
    (re.compile(r"ts"), 1.0, (150.0, 400.0), "K"),
)


def read(entry: Entry, window: Window | None = None, variables: Collection[str] | None = None) -> Arrays:
    """Soil moisture of each band (m3 m-3), ``mask`` (bits) and ``observation_time`` (UTC), transposed to (lat, lon).

    Optical depths and ``ts``, the skin temperature (K), too if the file has them.
    """
    data: dict[str, np.ndarray] = {}
    with opened(entry.path, WHAT) as source:
        lat, lon = source.axis("Latitude", 90.0), source.axis("Longitude", 360.0)
        for name, axis in (("Latitude", lat), ("Longitude", lon)):
            if np.abs(np.abs(np.diff(axis)) - 0.25).max(initial=0) > 1e-3:
                raise ProductError(entry.path, name, f"{axis.size} values in other steps", "0.25 degree steps")
        rows, columns = window_of(lat, lon, window)

        def stored(name: str) -> tuple[Any, np.ndarray]:
            array = source.open(name)
            shape = source.shape(array)
            if shape == (lon.size, lat.size) and source.is_transposed(array, "latitude", "longitude") is not False:
                return array, source.values(array, name, columns, rows).T
            source.check_shape(array, name, (lon.size, lat.size), (lat.size, lon.size))
            return array, source.values(array, name, rows, columns)

        bands = [n for n in _BANDS if n in source.names()]
        if not bands:
            raise ProductError(entry.path, "soil_moisture_c1", f"variables {', '.join(source.names()[:8])}", " or ".join(_BANDS))
        for name in bands:
            if variables is None or name in variables:
                array, raw = stored(name)
                if raw.dtype.kind not in "iu":
                    raise ProductError(entry.path, name, f"data of type {raw.dtype}", "16-bit percent")
                fill = source.fill(array, -32767.0)
                scale, offset = source.packing(array, name)
                if offset != 0.0 or (scale != 1.0 and entry.sensor == "AMSR2") or not 0.009 < scale <= 1.0:
                    raise ProductError(entry.path, name, f"a scale factor of {scale:g} and an offset of {offset:g}", "1 and 0, percent")
                below = (raw < 0) & (raw != fill)
                if below.any():
                    source.outliers[name] = int(below.sum())
                values = np.where((raw == fill) | below, np.nan, raw * scale / 100.0)
                data[name] = limited(values, 0.0, 1.0, source, name, "m3 m-3").astype(np.float32)
        units = dict.fromkeys(data, "m3 m-3")
        for name, factor, (low, high), unit in _auxiliary(source.names(), variables):
            array, raw = stored(name)
            scale, offset = source.packing(array, name)
            values = np.where(raw == source.fill(array, -32767.0), np.nan, (raw * scale + offset) * factor)
            data[name] = limited(values, low, high, source, name, unit, decisive=False).astype(np.float32)
            units[name] = unit
        if "mask" in source.names() and (variables is None or "mask" in variables):
            data["mask"] = stored("mask")[1].astype(np.float32)
        if "scantime" in source.names() and (variables is None or "observation_time" in variables):
            seconds = stored("scantime")[1].astype(float)
            seconds[seconds <= 0.0] = np.nan
            data["observation_time"] = dated(times(seconds, EPOCH), entry, "scantime", source)
        outliers = source.outliers
    return Arrays(lat[rows], lon[columns], data, units=units, outliers=outliers)


def _auxiliary(there: Iterable[str], variables: Collection[str] | None) -> Iterator[tuple[str, float, tuple[float, float], str]]:
    """Name, factor, physical range and unit of the auxiliary variables that the file has and that are asked for."""
    for name in there:
        for pattern, factor, limits, unit in _AUXILIARY:
            if pattern.fullmatch(name) and (variables is None or name in variables):
                yield name, factor, limits, unit
