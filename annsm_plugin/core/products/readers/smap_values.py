"""What the numbers in the variables of SPL3SMP and SPL3SMP_E mean: ranges, units, fill values, quality flags and times."""

from __future__ import annotations

import contextlib
import re

import numpy as np

from ...foundation.errors import ProductError
from ..access import Source
from ..naming import Entry
from ..plausibility import dated, limited, times
from . import ease

WHAT = "SMAP L3 soil moisture (SPL3SMP or SPL3SMP_E)"

#: Rows and columns of each product's global grid.
GRIDS = {"smap": ease.SMAP_36KM, "smap_e": ease.SMAP_9KM}

#: The epoch of tb_time_seconds.
EPOCH = "2000-01-01T12:00:00"

#: Physical ranges and units of the variables that are read. Retrievals are at least 0.02 m3 m-3: HDF5 reads a chunk that was lost as 0.
FLOATS = {
    "soil_moisture": (0.001, 1.0, "m3 m-3"),
    "soil_moisture_dca": (0.001, 1.0, "m3 m-3"),
    "soil_moisture_scav": (0.001, 1.0, "m3 m-3"),
    "soil_moisture_scah": (0.001, 1.0, "m3 m-3"),
    "soil_moisture_error": (0.0, 1.0, "m3 m-3"),
    "surface_temperature": (150.0, 400.0, "K"),
    "vegetation_water_content": (0.0, 50.0, "kg m-2"),
}
FLAGS = ("retrieval_qual_flag", "retrieval_qual_flag_dca", "retrieval_qual_flag_scav", "retrieval_qual_flag_scah", "surface_flag")
FILL_FLAG, FILL = 65534, -9999.0

#: What is said of retrievals without times: found and expected.
TIMELESS = ("no observation times", "an observation time of each pixel, since a file holds pixels of two local dates")

#: The beginning of the texts in ``tb_time_utc``, the only times that files of old releases may have.
_STAMP = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}")


def is_retrieval(name: str) -> bool:
    """Whether a variable is soil moisture (not its error)."""
    return name.startswith("soil_moisture") and not name.startswith("soil_moisture_error")


def missing_as(raw: np.ndarray, fill: float | None) -> float:
    """The fill value of stored numbers, ``fill`` if the file states one."""
    return fill if fill is not None else float(FILL_FLAG) if raw.dtype.kind in "ui" else FILL


def decoded(raw: np.ndarray, name: str, told: str, fill: float, source: Source) -> np.ndarray:
    """A variable's numbers (float32) from those stored; missing ones NaN. ``told``: its name in the file, for messages."""
    plain = name.removesuffix("_pm")
    if plain in FLAGS:
        if raw.dtype.kind not in "ui":
            raise ProductError(source.path, told, f"data of type {raw.dtype}", "16-bit flags")
        values = raw.astype(np.float32)
        values[raw == FILL_FLAG] = np.nan
        return values
    if raw.dtype.kind != "f":
        raise ProductError(source.path, told, f"data of type {raw.dtype}", "32-bit floats")
    values = np.where((raw == np.float32(fill)) | (raw == FILL), np.nan, raw)
    low, high, unit = FLOATS[plain]
    return np.asarray(limited(values, low, high, source, name, unit, decisive=is_retrieval(plain)).astype(np.float32))


def moments(raw: np.ndarray, fill: float, name: str, source: Source, entry: Entry) -> np.ndarray:
    """datetime64[ns] of ``tb_time_seconds`` as stored, checked against the file's date; NaT where missing."""
    if raw.dtype.kind != "f":
        raise ProductError(entry.path, name, f"data of type {raw.dtype}", "64-bit floats")
    seconds = raw.astype(float)
    seconds[(seconds == fill) | (seconds <= -9998.0)] = np.nan
    return dated(times(seconds, EPOCH), entry, name, source)


def stamps(texts: np.ndarray) -> np.ndarray:
    """datetime64[ns], whole seconds, of texts such as 2015-04-10T00:22:33.123Z; NaT for any other ("N/A" outside the swaths)."""
    known = dict.fromkeys(texts.ravel(), np.datetime64("NaT", "ns"))  # many pixels have the same text
    for text in known:
        if _STAMP.match(text):
            with contextlib.suppress(ValueError):  # the 31st of February
                known[text] = np.datetime64(text[:19].replace(" ", "T"), "ns")
    return np.array([known[text] for text in texts.ravel()], dtype="datetime64[ns]").reshape(texts.shape)
