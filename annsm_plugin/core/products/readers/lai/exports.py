"""AppEEARS NetCDF exports of leaf area index: many composites on longitude and latitude in one file, read in parts of rows."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np

from ....foundation.errors import ProductError
from ...access import Source, opened
from ...arrays import Arrays, Window, window_of
from ...naming import Entry
from ...plausibility import dates_since
from .codes import SCALE, WHAT, fields

#: Sides of AppEEARS's pixels (degrees), by which the parts of a file are counted before it is opened.
_PIXEL = 1.0 / 240.0

#: Pixels (rows x columns x times) that a part should hold at most.
LARGEST = 2**25

#: How ``parts`` writes in an entry's ``layout`` what is to be read.
_PART = re.compile(r"part (\d+) of (\d+), (\S+) to (\S+)")


def parts(entry: Entry, window: Window, first: np.datetime64, last: np.datetime64, largest: int = LARGEST) -> list[Entry]:
    """The same export several times, each standing for some of its rows and for its times from ``first`` to ``last``.

    The parts have no row in common and have together all rows in ``window``; each is read with ``read``. A file with finer pixels than
    AppEEARS's 500 m has larger parts.
    """
    west, south, east, north = window
    times = max(1, int((last - first) / np.timedelta64(8, "D")) + 1)
    count = max(1, round((north - south) * (east - west) / _PIXEL**2 * times / largest))
    count = min(count, max(1, round((north - south) / _PIXEL / 2)))
    return [replace(entry, layout=f"part {number} of {count}, {first} to {last}") for number in range(count)]


def read(entry: Entry, window: Window | None, wanted: dict[str, str]) -> Arrays:
    """The ``wanted`` (variable -> field) of an export or of one of its ``parts``; quality fields that it has not are left out."""
    with opened(entry.path, WHAT + " from AppEEARS") as source:
        names = source.names()
        for name in ("lat", "lon", "time", wanted["lai_class"]):
            if name not in names:
                there = f"variables {', '.join(names[:8]) or 'none'}"
                expected = f"an AppEEARS export with lat, lon, time and {fields(entry.sensor).lai}"
                raise ProductError(entry.path, name, there, expected)
        lat, lon = source.axis("lat", 90.0), source.axis("lon", 360.0)
        time = _times(source)
        rows, columns = window_of(lat, lon, window, margin=1)
        main = _Field(source, wanted["lai_class"], (time.size, lat.size, lon.size))
        main.check_scale()
        rows, times = _part(entry, rows, time, main.chunk_rows)
        data = {"lai_class": _codes(main.values(times, rows, columns), SCALE, entry, main.name)}
        for variable, field in wanted.items():
            if variable != "lai_class" and field in names:
                bits = _Field(source, field, (time.size, lat.size, lon.size)).values(times, rows, columns)
                data[variable] = np.where((bits < 0) | (bits > 255), 255, bits).astype(np.uint8)
    dims: dict[str, tuple[str, ...]] = dict.fromkeys(data, ("time", "lat", "lon"))
    return Arrays(lat[rows], lon[columns], data, dims=dims, coords={"time": time[times]})


def read_dates(entry: Entry) -> Arrays:
    """An export's coordinate ``time`` alone."""
    with opened(entry.path, WHAT + " from AppEEARS") as source:
        return Arrays(np.zeros(0), np.zeros(0), {}, coords={"time": _times(source)})


def _times(source: Source) -> np.ndarray:
    """The first days of an export's composites (datetime64[D])."""
    array = source.open("time")
    unit = array.GetUnit() or str(source.attribute(array, "units", ""))
    time = dates_since(source.values(array, "time"), unit, str(source.attribute(array, "calendar", "")), source.path)
    if time.ndim != 1 or not time.size:
        raise ProductError(source.path, "time", "no time" if not time.size else f"times of shape {time.shape}", "the days of composites")
    if np.unique(time).size < time.size:
        raise ProductError(source.path, "time", "a date that is there twice", "each date once")
    return time


def _part(entry: Entry, rows: slice, time: np.ndarray, chunk: int) -> tuple[slice, slice]:
    """Rows and times that an entry stands for: all, or those of its part. Parts of a file that is chunked in rows end where chunks end.

    No part is a single row, which would not tell the distance between rows.
    """
    known = _PART.fullmatch(entry.layout)
    if known is None:
        return rows, slice(0, time.size)
    number, count = int(known.group(1)), int(known.group(2))
    near = np.flatnonzero((time >= np.datetime64(known.group(3), "D")) & (time <= np.datetime64(known.group(4), "D")))
    times = slice(int(near[0]), int(near[-1]) + 1) if near.size else slice(0, 0)
    total = rows.stop - rows.start
    edges = [rows.start + total * n // count for n in range(count + 1)]
    if 1 < chunk <= max(1, total // count):
        edges[1:-1] = [edge // chunk * chunk for edge in edges[1:-1]]
    kept = [rows.start]
    for edge in edges[1:-1]:
        kept.append(edge if edge - kept[-1] >= 2 and rows.stop - edge >= 2 else kept[-1])
    kept.append(rows.stop)
    return slice(kept[number], kept[number + 1]), times


class _Field:
    """A variable on time, lat and lon, in whichever order the file has them; ``shape``: the sizes of time, lat and lon."""

    def __init__(self, source: Source, name: str, shape: tuple[int, int, int]) -> None:
        self.source, self.name, self._array = source, name, source.open(name)
        there = [dimension.GetName().lower() for dimension in self._array.GetDimensions()]
        known = sorted(there) == ["lat", "lon", "time"]
        #: Place in the file of time, lat and lon.
        self._order = [there.index(axis) for axis in ("time", "lat", "lon")] if known else [0, 1, 2]
        stored = [0, 0, 0]
        for axis, size in zip(self._order, shape):
            stored[axis] = size
        source.check_shape(self._array, name, tuple(stored))

    def check_scale(self) -> None:
        """Raise ``ProductError`` unless the values are codes or codes times 0.1."""
        scale, offset = self.source.packing(self._array, self.name)
        if offset != 0.0 or (scale not in (1.0, SCALE) and abs(scale / SCALE - 1.0) > 1e-5):
            raise ProductError(self.source.path, self.name, f"a scale factor of {scale:g} and an offset of {offset:g}", "0.1 and 0")

    @property
    def chunk_rows(self) -> int:
        """Rows in a chunk of the file; 1 if the file is not chunked."""
        sizes = self._array.GetBlockSize()
        return int(sizes[self._order[1]]) if len(sizes) == 3 and sizes[self._order[1]] > 0 else 1

    def values(self, times: slice, rows: slice, columns: slice) -> np.ndarray:
        """(time, lat, lon) as stored."""
        wanted: list[Any] = [None] * 3
        for axis, part in zip(self._order, (times, rows, columns)):
            wanted[axis] = part
        return np.transpose(self.source.values(self._array, self.name, *wanted), self._order)


def _codes(raw: np.ndarray, scale: float, entry: Entry, name: str) -> np.ndarray:
    """The product's 8-bit codes from an AppEEARS variable: integers are codes, floats are codes times ``scale``."""
    if raw.dtype.kind in "iu" or not raw.size:
        return np.where((raw < 0) | (raw > 255), 255, raw).astype(np.uint8)
    if raw.dtype.kind != "f":
        raise ProductError(entry.path, name, f"data of type {raw.dtype}", "8-bit codes")
    codes = np.round(np.where(np.isfinite(raw), raw, 255 * scale) / scale)
    return np.where((codes < 0) | (codes > 255), 255, codes).astype(np.uint8)
