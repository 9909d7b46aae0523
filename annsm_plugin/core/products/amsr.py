"""AMSR2 and AMSR-E L3 brightness temperature (JAXA G-Portal, HDF5, 0.25 degree): one file per frequency, day and orbit."""

from __future__ import annotations

import numpy as np

from ..errors import ProductError
from .access import Arrays, limited, opened, window_of
from .naming import Entry

WHAT = "AMSR L3 brightness temperature (JAXA, HDF5, 0.25 degree)"
LAT = 89.875 - 0.25 * np.arange(720)
LON = 0.125 + 0.25 * np.arange(1440)

#: Counts from here on are no observations: 65534 and 65535 (the sources disagree which is which).
FIRST_FILL = 65530


def read(entry: Entry, window=None, variables=None) -> Arrays:
    """``tb_h`` and ``tb_v`` in K, (lat, lon), north first, longitudes 0-360."""
    rows, columns = window_of(LAT, LON, window)
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
            source.check_shape(array, name, (720, 1440))
            scale = source.number(array, "SCALE FACTOR", 0.01)
            if not 1e-4 <= scale <= 1.0:
                raise ProductError(entry.path, name, f"a scale factor of {scale:g}", "0.01 K")
            counts = source.values(array, name, rows, columns)
            if counts.dtype.kind not in "ui":
                raise ProductError(entry.path, name, f"data of type {counts.dtype}", "16-bit counts")
            counts = counts.astype(np.int64)
            values = np.where((counts < 0) | (counts >= FIRST_FILL), np.nan, counts * scale)
            data[f"tb_{letter.lower()}"] = limited(values, 50.0, 350.0, entry.path, name, "K").astype(np.float32)
        orbit = str(source.attribute(None, "OrbitDirection") or "")
    if orbit and orbit[:1].upper() in "AD" and entry.orbit and orbit[:1].upper() != entry.orbit:
        raise ProductError(entry.path, "OrbitDirection", orbit, {"A": "Ascending", "D": "Descending"}[entry.orbit] + ", as the name says")
    return Arrays(LAT[rows], LON[columns], data, units=dict.fromkeys(data, "K"))
