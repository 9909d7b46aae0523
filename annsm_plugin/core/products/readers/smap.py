"""SMAP L3 radiometer soil moisture SPL3SMP (NSIDC, HDF5, EASE-Grid 2.0, 36 km), releases 3 to 9."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection

import numpy as np

from ...foundation.errors import ProductError
from ..access import Source, opened
from ..arrays import Arrays, Window, window_of
from ..naming import Entry
from ..plausibility import dated, limited, times
from . import ease

WHAT = "SPL3SMP (SMAP L3, 36 km, HDF5)"
GROUP = "Soil_Moisture_Retrieval_Data"

#: The epoch of tb_time_seconds.
EPOCH = "2000-01-01T12:00:00"

#: Physical ranges and units of the variables that are read. Retrievals are at least 0.02 m3 m-3: HDF5 reads a chunk that was lost as 0.
_FLOATS = {
    "soil_moisture": (0.001, 1.0, "m3 m-3"),
    "soil_moisture_dca": (0.001, 1.0, "m3 m-3"),
    "soil_moisture_scav": (0.001, 1.0, "m3 m-3"),
    "soil_moisture_scah": (0.001, 1.0, "m3 m-3"),
    "soil_moisture_error": (0.0, 1.0, "m3 m-3"),
    "surface_temperature": (150.0, 400.0, "K"),
    "vegetation_water_content": (0.0, 50.0, "kg m-2"),
}
_FLAGS = ("retrieval_qual_flag", "retrieval_qual_flag_dca", "retrieval_qual_flag_scav", "retrieval_qual_flag_scah", "surface_flag")
_FILL_FLAG = 65534

#: The beginning of the texts in ``tb_time_utc``, the only times that files of old releases may have.
_STAMP = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}")


def read(entry: Entry, window: Window | None = None, variables: Collection[str] | None = None) -> Arrays:
    """Soil moisture (m3 m-3), auxiliary variables, quality flags and ``observation_time`` (UTC) of both overpasses, (lat, lon).

    Variables of the morning overpass have their plain names, those of the evening the suffix _pm. Flags are floats, NaN where missing.
    Latitudes and longitudes are those of the grid: the file's own are missing outside the swaths.
    """
    lat, lon = ease.centres(*ease.SMAP_36KM)
    rows, columns = window_of(lat, lon, window, margin=1)
    data: dict[str, np.ndarray] = {}
    with opened(entry.path, WHAT) as source:
        groups = source.group_names()
        passes = [(f"{GROUP}_AM", ""), (f"{GROUP}_PM", "_pm")] if f"{GROUP}_AM" in groups else [(GROUP, "")]
        if passes[0][0] not in groups:
            raise ProductError(entry.path, None, f"the groups {', '.join(groups) or 'none'}", f"{GROUP}_AM (or {GROUP})")
        for group, suffix in passes:
            if group not in groups:
                continue
            there = source.names(group)
            if "soil_moisture" + suffix not in there and not suffix:
                raise ProductError(entry.path, f"{group}/soil_moisture", f"variables {', '.join(there[:6]) or 'none'}", WHAT)
            wanted = [n for n in (*_FLOATS, *_FLAGS) if n + suffix in there and (variables is None or n + suffix in variables)]
            for name in wanted:
                array = source.open(name + suffix, group)
                source.check_shape(array, name + suffix, ease.SMAP_36KM)
                raw = source.values(array, name + suffix, rows, columns)
                if name in _FLAGS:
                    if raw.dtype.kind not in "ui":
                        raise ProductError(entry.path, name + suffix, f"data of type {raw.dtype}", "16-bit flags")
                    values = raw.astype(np.float32)
                    values[raw == _FILL_FLAG] = np.nan
                else:
                    if raw.dtype.kind != "f":
                        raise ProductError(entry.path, name + suffix, f"data of type {raw.dtype}", "32-bit floats")
                    source.check_unpacked(array, name + suffix)
                    values = np.where((raw == np.float32(source.fill(array, -9999.0))) | (raw == -9999.0), np.nan, raw)
                    retrieval = name.startswith("soil_moisture") and name != "soil_moisture_error"
                    low, high, unit = _FLOATS[name]
                    values = limited(values, low, high, source, name + suffix, unit, decisive=retrieval).astype(np.float32)
                data[name + suffix] = values
            if variables is None or "observation_time" + suffix in variables:
                _add_times(source, entry, group, suffix, rows, columns, data)
        outliers = source.outliers
    units = {n: _FLOATS[n.removesuffix("_pm")][2] for n in data if n.removesuffix("_pm") in _FLOATS}
    return Arrays(lat[rows], lon[columns], data, attrs={"release": entry.version or ""}, units=units, outliers=outliers)


def _add_times(source: Source, entry: Entry, group: str, suffix: str, rows: slice, columns: slice, data: dict[str, np.ndarray]) -> None:
    """Enter ``observation_time`` of one overpass in ``data``; raises ``ProductError`` if the file has no observation times."""
    name = "tb_time_seconds" + suffix
    if name not in source.names(group) and "tb_time_utc" + suffix in source.names(group):
        name = "tb_time_utc" + suffix
        source.check_shape(source.open(name, group), name, ease.SMAP_36KM)
        stamps = _stamps(source.texts(name, group, rows, columns))
        _enter_times(source, entry, name, suffix, stamps, data)
        return
    if name not in source.names(group):
        raise ProductError(
            entry.path,
            f"{group}/{name}",
            "no observation times",
            "an observation time of each pixel, since a file holds pixels of two local dates",
        )
    array = source.open(name, group)
    source.check_shape(array, name, ease.SMAP_36KM)
    stored = source.values(array, name, rows, columns)
    if stored.dtype.kind != "f":
        raise ProductError(entry.path, name, f"data of type {stored.dtype}", "64-bit floats")
    seconds = stored.astype(float)
    seconds[(seconds == source.fill(array, -9999.0)) | (seconds <= -9998.0)] = np.nan
    _enter_times(source, entry, name, suffix, times(seconds, EPOCH), data)


def _enter_times(source: Source, entry: Entry, name: str, suffix: str, stamps: np.ndarray, data: dict[str, np.ndarray]) -> None:
    """Check the times against the file's date and enter them; raises ``ProductError`` for retrievals of which none has a time."""
    stamps = dated(stamps, entry, name, source)
    moisture = data.get("soil_moisture" + suffix)
    if np.isnat(stamps).all() and moisture is not None and np.isfinite(moisture).any():
        raise ProductError(entry.path, name, "retrievals without any observation time", "an observation time of each pixel")
    data["observation_time" + suffix] = stamps


def _stamps(texts: np.ndarray) -> np.ndarray:
    """datetime64[ns], whole seconds, of texts such as 2015-04-10T00:22:33.123Z; NaT for any other ("N/A" outside the swaths)."""
    stamps = np.full(texts.shape, np.datetime64("NaT", "ns"))
    for place, text in enumerate(texts.ravel()):
        if _STAMP.match(text):
            with contextlib.suppress(ValueError):  # the 31st of February
                stamps.flat[place] = np.datetime64(text[:19].replace(" ", "T"), "ns")
    return stamps
