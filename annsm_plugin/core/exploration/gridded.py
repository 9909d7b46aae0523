"""A gridded file read cell by cell while QGIS draws it: through GDAL, whose lock the drawing of the map shares."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np

from ..foundation import store
from ..foundation.errors import CubeError
from ..foundation.grid import Grid
from ..foundation.paths import PathLike, no_file

#: Bytes of columns that are kept in memory for the next click nearby, all files together.
KEPT = 64 * 2**20

#: A column of chunks of more bytes than this is not read whole for one cell.
LARGEST_COLUMN = 16 * 2**20

#: Days that are read at a time: the map may draw in between.
DAYS = 1024

#: What the explorer looks into.
WANTED = "an ANN-SM file, a cube or a model"


class GriddedFile:
    """An ANN-SM file, a cube or a model: what it is, and the series of its cells.

    ``kind``: "annsm", "cube" or "model", as written in the file, or "" for another file with time, lat and lon. ``dates`` (days,)
    datetime64[D]; ``grid``; ``units`` of the daily variables by name; ``attributes`` of the file. Raises ``CubeError`` for a file that
    cannot be read or has no such grid. The file is not held open.
    """

    def __init__(self, path: PathLike) -> None:
        self.path = Path(path)
        self._state = _state(self.path)
        store.examine(self.path, WANTED)
        with store.guard(self.path, WANTED), store.gdal_errors():
            root = _root(self.path)
            self.attributes = {a.GetName(): _plain(a.Read()) for a in root.GetAttributes()}
            self.kind = str(self.attributes.get("annsm_kind", ""))
            names = set(root.GetMDArrayNames() or ())
            if not {"lat", "lon"} <= names:
                raise CubeError(self.path, f"variables {', '.join(sorted(names)) or 'none'}", "a gridded file with lat and lon")
            lat, lon = _cells(root, "lat", self.path), _cells(root, "lon", self.path)
            self._south_first, self._east_first = bool(lat[0] < lat[-1]), bool(lon[0] > lon[-1])
            self.grid = Grid(lat[::-1] if self._south_first else lat, lon[::-1] if self._east_first else lon)
            self.dates = _dates(root, self.path) if "time" in names else np.empty(0, dtype="datetime64[D]")
            self.units: dict[str, str] = {}
            for name in sorted(names):
                array = root.OpenMDArray(name)
                sizes = {d.GetName(): d.GetSize() for d in array.GetDimensions()} if array is not None else {}
                if list(sizes) == ["time", "lat", "lon"] and _name_of_type(array) in _TYPES:
                    if list(sizes.values()) != [self.dates.size, *self.grid.shape]:
                        raise CubeError(self.path, f"'{name}' of {' x '.join(map(str, sizes.values()))}", "a value for each day and cell")
                    self.units[name] = array.GetUnit() or "1"

    def changed(self) -> bool:
        """Whether the file has changed, or gone, since it was looked at."""
        try:
            return _state(self.path) != self._state
        except CubeError:
            return True

    def series(self, name: str, row: int, column: int) -> np.ndarray:
        """(days,) float64 of a daily variable in the cell (``row`` from the north, ``column`` from the west); missing: NaN."""
        if name not in self.units:
            raise CubeError(self.path, f"daily variables {', '.join(self.units) or 'none'}", f"'{name}'")
        rows, columns = self.grid.shape
        row = rows - 1 - row if self._south_first else row
        column = columns - 1 - column if self._east_first else column
        return _COLUMNS.series(self, name, row, column)

    def value(self, name: str, *index: int) -> float:
        """One number of any variable; the row, counted from the north, and the column are the last two indices. NaN where it is missing."""
        with store.guard(self.path, WANTED, name), store.gdal_errors():
            root = _root(self.path)
            if name not in (root.GetMDArrayNames() or ()):
                return float("nan")
            array = root.OpenMDArray(name)
            if array is None or len(array.GetDimensions()) != len(index) or _name_of_type(array) not in _TYPES:
                return float("nan")
            rows, columns = self.grid.shape
            *first, row, column = index
            row = rows - 1 - row if self._south_first else row
            column = columns - 1 - column if self._east_first else column
            return float(_read(array, [*first, row, column], [1] * len(index)).ravel()[0])

    def meaning(self, name: str, *index: int) -> str:
        """What the code of a variable with flag meanings stands for, in words; empty for none."""
        code = self.value(name, *index)
        with store.guard(self.path, WANTED, name), store.gdal_errors():
            root = _root(self.path)
            if not np.isfinite(code) or name not in (root.GetMDArrayNames() or ()):
                return ""
            attributes = {a.GetName(): a.Read() for a in root.OpenMDArray(name).GetAttributes()}
        values, words = attributes.get("flag_values", ()), str(attributes.get("flag_meanings", "")).split()
        values = list(values) if isinstance(values, (list, tuple)) else [values]
        values = [int(value) if isinstance(value, (int, float)) and np.isfinite(value) else None for value in values]
        return words[values.index(int(code))].replace("_", " ") if int(code) in values and len(values) == len(words) else ""


def _state(path: Path) -> tuple[int, int]:
    if wrong := no_file(path):
        raise CubeError(path, wrong, "an ANN-SM file, a cube or a model (NetCDF)")
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _root(path: Path) -> Any:
    from osgeo import gdal

    try:
        data = gdal.OpenEx(str(path), gdal.OF_MULTIDIM_RASTER, allowed_drivers=["netCDF"])
        root = data.GetRootGroup() if data is not None else None
    except RuntimeError as error:
        raise CubeError(path, f"a file that does not open as NetCDF ({error})", "an ANN-SM file, a cube or a model") from None
    if root is None:
        raise CubeError(path, "a file that does not open as NetCDF", "an ANN-SM file, a cube or a model")
    return root


def _plain(value: Any) -> Any:
    """An attribute as text or number; of several values a list."""
    if isinstance(value, (list, tuple)):
        return value[0] if len(value) == 1 else list(value)
    return value


def _read(array: Any, start: list[int], count: list[int], wide: bool = False) -> np.ndarray:
    """A part of an array in its own type or, where it is no float, as float32 (``wide``: in float64); its fill value as NaN."""
    own = np.dtype(_TYPES[_name_of_type(array)])
    found = np.frombuffer(array.Read(array_start_idx=start, count=count), dtype=own).reshape(count)
    fill, scale, offset = array.GetNoDataValueAsDouble(), array.GetScale(), array.GetOffset()
    missing = None if fill is None or np.isnan(fill) else found == own.type(fill)
    found = found.astype(np.float64 if wide else own if own.kind == "f" else np.float32 if own.itemsize < 4 else np.float64)
    if missing is not None:
        found[missing] = np.nan
    if scale is not None or offset is not None:
        found = found * (1.0 if scale is None else scale) + (0.0 if offset is None else offset)
    return found


_TYPES = {
    **{"Byte": "u1", "UInt16": "u2", "UInt32": "u4", "UInt64": "u8", "Int8": "i1", "Int16": "i2", "Int32": "i4", "Int64": "i8"},
    **{"Float32": "f4", "Float64": "f8"},
}


def _name_of_type(array: Any) -> str:
    from osgeo import gdal

    return str(gdal.GetDataTypeName(array.GetDataType().GetNumericDataType()))


def _check_chunk(path: Path, name: str, array: Any) -> None:
    """Raise ``CubeError`` if a chunk of an array takes more memory than is reasonable."""
    size = math.prod(n or 1 for n in array.GetBlockSize()) * np.dtype(_TYPES[_name_of_type(array)]).itemsize
    if size > store.MOST_OF_A_CHUNK:
        raise CubeError(path, f"'{name}' in chunks of {size / 2**20:.0f} MB", f"chunks of at most {store.MOST_OF_A_CHUNK >> 20} MB")


def _numbers(root: Any, name: str, path: Path) -> np.ndarray:
    """The numbers of a coordinate; raises ``CubeError`` unless they are along their own dimension, and no more than can be."""
    array = root.OpenMDArray(name)
    count = [d.GetSize() for d in array.GetDimensions()]
    if [d.GetName() for d in array.GetDimensions()] != [name] or not 0 < count[0] <= store.MOST[name]:
        raise CubeError(path, f"'{name}' of {' x '.join(map(str, count)) or 'no'} values", f"1 to {store.MOST[name]} along {name}")
    _check_chunk(path, name, array)
    return _read(array, [0], count, wide=True)


def _cells(root: Any, name: str, path: Path) -> np.ndarray:
    """(n,) of "lat" or "lon"."""
    values = _numbers(root, name, path)
    store.check_cells(path, name, values, WANTED)
    return values


def _dates(root: Any, path: Path) -> np.ndarray:
    """(days,) of the axis of time, whatever it counts in."""
    time = root.OpenMDArray("time")
    calendar = next((_plain(own.Read()) for own in time.GetAttributes() if own.GetName() == "calendar"), "")
    days = store.times(path, _numbers(root, "time", path), time.GetUnit() or "", str(calendar), WANTED).astype("datetime64[D]")
    store.check_days(path, days, WANTED)
    return days


class _Columns:
    """The columns of chunks that were read last, in memory; asked for from any thread."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple, np.ndarray] = OrderedDict()
        self._lock = threading.Lock()

    def series(self, file: GriddedFile, name: str, row: int, column: int) -> np.ndarray:
        state = _state(file.path)
        with store.guard(file.path, WANTED, name), store.gdal_errors():
            array = _root(file.path).OpenMDArray(name)
            sizes = [d.GetSize() for d in array.GetDimensions()]
            if sizes[0] != file.dates.size or sizes[1:] != list(file.grid.shape):
                raise CubeError(file.path, f"'{name}' of {' x '.join(map(str, sizes))}", "the file as it was when it was opened")
            high, wide = (size or 1 for size in array.GetBlockSize()[1:])
            _check_chunk(file.path, name, array)
            if sizes[0] * high * wide * 4 > LARGEST_COLUMN:
                high = wide = 1
            top, left = row // high * high, column // wide * wide
            key = (str(file.path), state, name, top, left, high)
            with self._lock:
                found = self._kept.get(key)
                if found is not None:
                    self._kept.move_to_end(key)
            if found is None:
                found = self._load(array, sizes, top, left, min(high, sizes[1] - top), min(wide, sizes[2] - left))
                self._keep(key, found)
        return found[:, row - top, column - left].astype(np.float64)

    @staticmethod
    def _load(array: Any, sizes: list[int], top: int, left: int, high: int, wide: int) -> np.ndarray:
        values = np.empty((sizes[0], high, wide), dtype=np.float32)
        for first in range(0, sizes[0], DAYS):
            days = min(DAYS, sizes[0] - first)
            values[first : first + days] = _read(array, [first, top, left], [days, high, wide])
        return values

    def _keep(self, key: tuple, found: np.ndarray) -> None:
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > 1 and sum(values.nbytes for values in self._kept.values()) > KEPT:
                self._kept.popitem(last=False)


_COLUMNS = _Columns()
