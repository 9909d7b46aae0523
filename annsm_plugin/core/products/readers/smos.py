"""SMOS L3 (CATDS: CLF31, CLF3S, also in .tgz archives) and SMOS-IC soil moisture (NetCDF, EASE-Grid 2.0, 25 km)."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np

from ...foundation.errors import ProductError
from ..access import Source, opened
from ..arrays import Arrays, Window, window_of
from ..naming import Entry
from ..plausibility import dated, limited, times

WHAT = "SMOS L3 or SMOS-IC daily soil moisture (NetCDF, 25 km)"

#: Largest probability of radio-frequency interference and largest error (m3 m-3) of a good retrieval; the usual limits.
MAX_RFI, MAX_DQX = 0.5, 0.1

#: The variables by which ``good`` screens retrievals.
SCREENED_BY = ("Rfi_Prob", "Science_Flags", "Soil_Moisture_Dqx", "Quality_Flag")
_QUALITY = (
    "Soil_Moisture_Dqx",
    "Soil_Moisture_StdError",
    "Rfi_Prob",
    "Chi_2",
    "Science_Flags",
    "Scene_Flags",
    "Processing_Flags",
    "Quality_Flag",
    "RMSE",
)


def read(entry: Entry, window: Window | None = None, variables: Collection[str] | None = None) -> Arrays:
    """``soil_moisture`` (m3 m-3) of every retrieval, quality variables and ``observation_time`` (UTC), (lat, lon); rows as stored."""
    data: dict[str, np.ndarray] = {}
    with opened(entry.path, WHAT) as source:
        lat, lon = source.axis("lat", 90.0), source.axis("lon", 360.0)
        rows, columns = window_of(lat, lon, window, margin=1)

        def decoded(name: str) -> np.ndarray:
            array = source.open(name)
            shape = source.shape(array)
            source.check_shape(array, name, (lat.size, lon.size), (1, lat.size, lon.size))
            if source.is_transposed(array, "lat", "lon"):
                raise ProductError(entry.path, name, "dimensions (lon, lat)", "(lat, lon)")
            raw = source.values(array, name, *([slice(0, 1)] if len(shape) == 3 else []), rows, columns)
            raw = raw.reshape(rows.stop - rows.start, columns.stop - columns.start)
            fill = source.fill(array, np.nan)
            scale, offset = source.packing(array, name)
            if name == "Soil_Moisture" and raw.dtype.kind in "iu":
                largest = np.iinfo(raw.dtype).max * scale + offset
                if not 0.5 <= largest <= 10.0:
                    raise ProductError(entry.path, name, f"a scale factor of {scale:g} ({largest:g} m3 m-3 at most)", "about 3.05e-05")
            return np.where(raw == fill, np.nan, raw * scale + offset)

        if "Soil_Moisture" not in source.names():
            raise ProductError(entry.path, "Soil_Moisture", f"variables {', '.join(source.names()[:8])}", WHAT)
        data["soil_moisture"] = limited(decoded("Soil_Moisture"), -0.05, 1.0, source, "Soil_Moisture", "m3 m-3").astype(np.float32)
        for name in _QUALITY:
            if name in source.names() and (variables is None or name in variables):
                data[name] = decoded(name).astype(np.float64 if name.endswith(("Flags", "Flag")) else np.float32)
        if variables is None or "observation_time" in variables:
            _add_times(source, entry, decoded, data)
        outliers = source.outliers
    return Arrays(lat[rows], lon[columns], data, units={"soil_moisture": "m3 m-3"}, outliers=outliers)


def good(arrays: Arrays) -> np.ndarray:
    """(lat, lon) bool: where a retrieval is within the usual quality limits, as far as the file has the variables for them."""
    v = arrays.variables
    keep = np.isfinite(v["soil_moisture"]) & (v["soil_moisture"] >= 0.0)
    if "Rfi_Prob" in v:
        keep &= ~(v["Rfi_Prob"] > MAX_RFI)
    if "Science_Flags" in v:
        keep &= (np.nan_to_num(v["Science_Flags"]).astype(np.int64) & 1) == 0
    if "Soil_Moisture_Dqx" in v:
        keep &= ~(v["Soil_Moisture_Dqx"] > MAX_DQX)
    if "Quality_Flag" in v:
        keep &= ~(v["Quality_Flag"] > 0)
    return keep


#: Variables with the days since 2000-01-01 and the seconds of that day, in SMOS L3 and in SMOS-IC.
_TIMES = (("Mean_Acq_Time_Days", "Mean_Acq_Time_Seconds"), ("Days", "UTC_Seconds"))


def _add_times(source: Source, entry: Entry, decoded: Callable[[str], np.ndarray], data: dict[str, np.ndarray]) -> None:
    """Enter ``observation_time`` in ``data``; raises ``ProductError`` if the file has no observation times."""
    names = next((pair for pair in _TIMES if all(name in source.names() for name in pair)), None)
    if names is None:
        raise ProductError(
            entry.path,
            " or ".join(pair[0] for pair in _TIMES),
            "no observation times",
            "an observation time of each pixel, since a file holds pixels of two local dates",
        )
    days, seconds = (decoded(name).astype(float) for name in names)
    with np.errstate(invalid="ignore"):
        bad = (days < 1) | (days > 1e6) | (seconds < 0)
    stamps = times(np.where(bad, np.nan, days * 86400.0 + seconds), "2000-01-01T00:00:00")
    data["observation_time"] = dated(stamps, entry, names[0], source)
