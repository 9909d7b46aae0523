"""Opens a product file through GDAL's multidimensional API and reads windows of its arrays: native order, no flips, errors named.

One library, which QGIS ships, reads HDF5, netCDF-3 and netCDF-4 alike; FORMATS of the products differ only in what is asked for.
"""

from __future__ import annotations

import contextlib
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..foundation.errors import ProductError
from . import archive, probe

#: From here on the 8-bit codes of leaf area index are no values.
FIRST_FILL_CODE = 249


@dataclass
class Arrays:
    """One product file, light: ``lat`` and ``lon`` (1-D, degrees), ``variables`` name -> array, ``attrs``.

    Arrays have the shape (lat, lon); float arrays are NaN and times NaT where missing. What has other axes says so in ``dims``.
    ``outliers`` counts, per variable, the values that were made missing because they lie outside the physical range.
    """

    lat: np.ndarray
    lon: np.ndarray
    variables: dict[str, np.ndarray]
    attrs: dict = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    dims: dict[str, tuple[str, ...]] = field(default_factory=dict)
    coords: dict[str, np.ndarray] = field(default_factory=dict)
    outliers: dict[str, int] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether no variable holds a value, and there are any: floats that are all NaN, codes of leaf area index that are all fill."""
        fields = [values for values in self.variables.values() if values.dtype.kind == "f" and values.size]
        codes = self.variables.get("lai_class", np.zeros(0))
        if codes.size:
            return not (codes < FIRST_FILL_CODE).any()
        return bool(fields) and not any(np.isfinite(values).any() for values in fields)


@contextlib.contextmanager
def quiet_gdal():
    """GDAL raises instead of printing; its state is put back afterwards."""
    from osgeo import gdal

    used = gdal.GetUseExceptions()
    gdal.UseExceptions()
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        yield gdal
    finally:
        gdal.PopErrorHandler()
        if not used:
            gdal.DontUseExceptions()


@contextlib.contextmanager
def opened(path, what: str):
    """The ``Source`` of a file; raises ``ProductError`` (``what`` is the expected kind) if it is not there or does not open."""
    check_file(path, what)
    with contextlib.ExitStack() as stack:
        gdal = stack.enter_context(quiet_gdal())
        name = _member(gdal, path, stack) if str(path).lower().endswith(archive.ENDINGS) else str(path)
        try:
            root = _root(gdal, name)
        except (RuntimeError, AttributeError) as error:
            raise ProductError(path, None, unopened(path, error), what) from error
        source = Source(path, what, root, lambda: _hdf5_root(gdal, name))
        try:
            yield source
        finally:
            source.root = root = None


@contextlib.contextmanager
def no_surprise(path, title: str):
    """Turns errors that no reader foresees, of bytes that are wrong in a new way, into a ``ProductError`` of the file at ``path``."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, MemoryError, RuntimeError, TypeError, ValueError) as error:
        raise ProductError(path, None, f"contents that make no sense ({type(error).__name__}: {_short(error)})", title) from error


def check_file(path, what: str) -> None:
    """Raise ``ProductError`` unless ``path`` is a readable, non-empty file."""
    path = Path(path)
    try:
        if path.is_dir():
            raise ProductError(path, None, "a folder", what)
        if not path.is_file():
            raise ProductError(path, None, "no such file", what)
        if path.stat().st_size == 0:
            raise ProductError(path, None, "an empty file (0 bytes)", what)
        with open(path, "rb") as file:
            file.read(1)
    except OSError as error:
        raise ProductError(path, None, f"a file that cannot be read ({error.strerror})", what) from error


#: Coordinates that an axis may have; the finest global grid read here, 500 m, has 86 400.
_LONGEST_AXIS = 1_000_000


def _root(gdal, name: str):
    """GDAL's root group; of HDF5 that the netCDF library does not take (attributes of two dimensions, links) by GDAL's HDF5 driver."""
    try:
        return gdal.OpenEx(f'NETCDF:"{name}"', gdal.OF_MULTIDIM_RASTER).GetRootGroup()
    except RuntimeError:
        root = _hdf5_root(gdal, name)
        if root is None:
            raise
        return root


def _hdf5_root(gdal, name: str):
    """The root group as GDAL's own HDF5 driver gives it; None where it does not, or is not there."""
    if gdal.GetDriverByName("HDF5") is None:
        return None
    try:
        return gdal.OpenEx(name, gdal.OF_MULTIDIM_RASTER, allowed_drivers=["HDF5"]).GetRootGroup()
    except RuntimeError:
        return None


def _member(gdal, path, stack) -> str:
    """The NetCDF file of a delivery, unpacked into memory until ``stack`` closes: GDAL reads none in place on every system."""
    content = archive.member(path, ".nc", ".dbl")
    name = f"/vsimem/annsm-{uuid.uuid4().hex}.nc"
    gdal.FileFromMemBuffer(name, content)
    stack.callback(gdal.Unlink, name)
    return name


def unopened(path, error) -> str:
    """What is found where a file does not open: what its first bytes say, or else GDAL's words, which may be misleading."""
    return f"a file that does not open ({probe.problem(path) or _short(error)})"


def _short(error) -> str:
    return " ".join(str(error).split())[:200]


class Source:
    """An open file: groups, arrays, attributes. Every failure is a ``ProductError`` that names the variable."""

    def __init__(self, path, what: str, root, otherwise=lambda: None):
        """``otherwise`` gives the root group of another driver, asked for once, when this one cannot list what there is."""
        self.path, self.what, self.root, self._otherwise = path, what, root, otherwise
        #: Values per variable that ``limited`` made missing.
        self.outliers: dict[str, int] = {}
        self._names: dict[str, list[str]] = {}

    def group_names(self) -> list[str]:
        return self._listed(lambda: self.root.GetGroupNames() or [])

    def names(self, group: str = "") -> list[str]:
        """Names of the arrays of a group ("" is the root); empty if the group is not there."""
        if group not in self._names:
            self._names[group] = self._listed(lambda: self._names_of(self._group(group)))
        return self._names[group]

    @staticmethod
    def _names_of(group) -> list[str]:
        return list(group.GetMDArrayNames() or []) if group is not None else []

    def _listed(self, ask) -> list[str]:
        """What ``ask`` gives, of the other driver if this one fails."""
        try:
            return ask()
        except RuntimeError as error:
            other, self._otherwise = self._otherwise(), lambda: None
            if other is None:
                raise ProductError(self.path, None, f"contents that cannot be listed ({_short(error)})", self.what) from error
        self.root = other
        return self._listed(ask)

    def _group(self, group: str):
        if not group:
            return self.root
        return self.root.OpenGroup(group) if group in self.group_names() else None

    def open(self, name: str, group: str = ""):
        """GDAL's array of a variable."""
        if name not in self.names(group):
            there = ", ".join(self.names(group)[:8] or self.group_names()[:8]) or "nothing"
            raise ProductError(self.path, f"{group}/{name}" if group else name, f"no such variable (there is {there})", self.what)
        try:
            array = self._group(group).OpenMDArray(name)
        except RuntimeError as error:
            raise ProductError(self.path, name, f"a variable that does not open ({_short(error)})", self.what) from error
        if array is None:
            raise ProductError(self.path, name, "a variable that does not open", self.what)
        return array

    def shape(self, array) -> tuple[int, ...]:
        """Sizes of an array's dimensions; raises ``ProductError`` where a dimension's variable is gone."""
        try:
            try:
                dimensions = array.GetDimensions()
            except RuntimeError:  # once, where an HDF5 variable names coordinates that a subset has not
                dimensions = array.GetDimensions()
            return tuple(d.GetSize() for d in dimensions)
        except RuntimeError as error:
            raise ProductError(self.path, array.GetName(), "dimensions that cannot be read", self.what) from error

    def dimensions(self, name: str) -> set[str]:
        """Names of an array's dimensions, in lower case; empty where they cannot be read."""
        try:
            return {d.GetName().lower() for d in self.open(name).GetDimensions()}
        except (RuntimeError, ProductError):
            return set()

    def axis(self, name: str, limit: float) -> np.ndarray:
        """Coordinates (n,) in degrees, strictly up or down and within ``limit``; raises ``ProductError`` for anything else."""
        array = self.open(name)
        if np.prod(self.shape(array), dtype=float) > _LONGEST_AXIS:
            raise ProductError(self.path, name, f"coordinates of shape {self.shape(array)}", "degrees along one axis")
        values = self.values(array, name)
        values = values.astype(float) if values.dtype.kind in "iuf" else np.zeros(0)
        if values.ndim != 1 or values.size == 0 or not np.isfinite(values).all() or np.abs(values).max() > limit:
            raise ProductError(self.path, name, f"coordinates of shape {values.shape} that are no degrees", "degrees along one axis")
        steps = np.diff(values)
        if steps.size and not ((steps > 0).all() or (steps < 0).all()):
            raise ProductError(self.path, name, "coordinates that go up and down", "degrees in one order")
        return values

    def check_shape(self, array, name: str, *shapes) -> None:
        """Raise unless the array has one of ``shapes``."""
        found = self.shape(array)
        if found not in shapes:
            raise ProductError(self.path, name, f"shape {found}", "shape " + " or ".join(map(str, shapes)))

    def values(self, array, name: str, *slices: slice) -> np.ndarray:
        """The numbers of an array as stored, cut to ``slices`` (one for each dimension; none: all)."""
        shape = self.shape(array)
        start = [s.start or 0 for s in slices] or [0] * len(shape)
        count = [s.stop - (s.start or 0) for s in slices] or list(shape)
        if any(c == 0 for c in count):
            return np.zeros(count)
        try:
            data = array.ReadAsArray(start, count) if shape else array.ReadAsArray()
        except (RuntimeError, ValueError, TypeError) as error:
            raise ProductError(self.path, name, f"data that cannot be read ({_short(error)})", self.what) from error
        if data is None or not isinstance(data, np.ndarray) or data.dtype.kind not in "iufSU":
            raise ProductError(self.path, name, f"data of type {getattr(data, 'dtype', type(data).__name__)}", "numbers")
        return data

    def texts(self, name: str, group: str, rows: slice, columns: slice) -> np.ndarray:
        """Texts (rows, columns) of an array of two dimensions, by the HDF5 driver where it is there.

        The netCDF library (4.9) reads on past the end of texts of fixed length, so what follows the expected text is no part of it.
        """
        self.open(name, group)
        root = self._otherwise() or self.root
        count = [rows.stop - rows.start, columns.stop - columns.start]
        try:
            holder = root.OpenGroup(group) if group else root
            found = holder.OpenMDArray(name).Read([rows.start, columns.start], count) if all(count) else []
        except (RuntimeError, AttributeError, TypeError) as error:
            raise ProductError(self.path, name, f"texts that cannot be read ({_short(error)})", self.what) from error
        if not isinstance(found, list) or len(found) != count[0] * count[1]:
            raise ProductError(self.path, name, "no texts", self.what)
        made = np.empty(len(found), dtype=object)
        made[:] = [text.decode("ascii", "replace") if isinstance(text, bytes) else str(text) for text in found]
        return made.reshape(count)

    def is_transposed(self, array, rows: str, columns: str) -> bool | None:
        """Whether the dimensions ``columns``, ``rows`` (names) stand in this order; None where the names do not tell."""
        names = [d.GetName().lower() for d in array.GetDimensions()]
        if rows not in names or columns not in names:
            return None
        return names.index(columns) < names.index(rows)

    def packing(self, array, name: str) -> tuple[float, float]:
        """Scale and offset of packed values; GDAL shows those of netCDF files apart from the attributes."""
        scale, offset = array.GetScale(), array.GetOffset()
        scale = self.number(array, "scale_factor", 1.0) if scale is None else float(scale)
        offset = self.number(array, "add_offset", 0.0) if offset is None else float(offset)
        if not np.isfinite(scale) or not np.isfinite(offset) or scale == 0.0:
            raise ProductError(self.path, name, f"a scale factor of {scale:g} and an offset of {offset:g}", "finite ones")
        return scale, offset

    def check_unpacked(self, array, name: str) -> None:
        """Raise for a scale or an offset, where the product stores plain values."""
        scale, offset = self.packing(array, name)
        if (scale, offset) != (1.0, 0.0):
            raise ProductError(self.path, name, f"a scale factor of {scale:g} and an offset of {offset:g}", "values without either")

    def attribute(self, array, name: str, default=None):
        """An attribute of an array (None: of the file); numbers and texts in a list of one are taken out of it."""
        holder = self.root if array is None else array
        for attribute in holder.GetAttributes() or []:
            if attribute.GetName() == name:
                value = attribute.Read()
                if isinstance(value, (list, tuple)) and len(value) == 1:
                    value = value[0]
                return value
        return default

    def fill(self, array, default: float) -> float:
        """The array's fill value: GDAL shows ``_FillValue`` of netCDF files as the no-data value, not as an attribute."""
        value = array.GetNoDataValueAsDouble()
        return default if value is None else float(value)

    def number(self, array, name: str, default: float) -> float:
        """A numeric attribute; raises if it is there and no number."""
        value = self.attribute(array, name, default)
        try:
            return float(value)
        except (TypeError, ValueError):
            raise ProductError(self.path, name, f"the attribute {value!r}", "a number") from None


def window_of(lat: np.ndarray, lon: np.ndarray, window, margin: int = 0) -> tuple[slice, slice]:
    """Row and column slices that hold ``window`` = (west, south, east, north), with ``margin`` cells around; all if None.

    Columns are all taken when the window crosses the seam of the file's longitudes.
    """
    rows, columns = slice(0, lat.size), slice(0, lon.size)
    if window is None:
        return rows, columns
    west, south, east, north = window
    step_lat, step_lon = _step(lat), _step(lon)
    inside = np.flatnonzero((lat >= south - step_lat) & (lat <= north + step_lat))
    rows = _around(inside, margin, lat.size)
    shift = np.mod(lon - (west - step_lon), 360.0)
    inside = np.flatnonzero(shift <= min(360.0, east - west + 2 * step_lon))
    if inside.size and inside[-1] - inside[0] + 1 == inside.size:
        columns = _around(inside, margin, lon.size)
    elif not inside.size:
        columns = slice(0, 0)
    return rows, columns


def _step(axis: np.ndarray) -> float:
    return float(np.median(np.abs(np.diff(axis)))) if axis.size > 1 else 1.0


def _around(inside: np.ndarray, margin: int, size: int) -> slice:
    if not inside.size:
        return slice(0, 0)
    return slice(max(0, int(inside[0]) - margin), min(size, int(inside[-1]) + 1 + margin))


#: Seconds, 190 years: nanoseconds count to 292 years from 1970.
_LONGEST_TIME = 6.0e9


def times(seconds: np.ndarray, epoch: str) -> np.ndarray:
    """datetime64[ns] of seconds (NaN = missing) since ``epoch``; what no clock can show is missing."""
    good = np.abs(np.nan_to_num(seconds, nan=np.inf)) < _LONGEST_TIME
    out = np.full(seconds.shape, np.datetime64("NaT", "ns"))
    milliseconds = np.round(seconds[good] * 1000.0).astype("timedelta64[ms]")
    out[good] = np.datetime64(epoch, "ms") + milliseconds
    return out


#: Hours from the middle of the file's day within which its observations lie; local days reach into the UTC days beside it.
_WITHIN = 36.0


def dated(stamps: np.ndarray, entry, name: str, source: Source) -> np.ndarray:
    """Observation times (datetime64) with those far from the day in the file's name missing and counted; refused if most are."""
    seen = ~np.isnat(stamps)
    if entry.date is None or not seen.any():
        return stamps
    hours = (stamps - (np.datetime64(entry.date, "ns") + np.timedelta64(12, "h"))) / np.timedelta64(1, "h")
    far = seen & ~(np.abs(hours) <= _WITHIN)
    count = int(far.sum())
    if not count:
        return stamps
    if count > 0.5 * seen.sum():
        middle = np.sort(stamps[far])[count // 2].astype("datetime64[D]")
        raise ProductError(entry.path, name, f"observations of {middle}", f"{entry.date}, as the name says")
    source.outliers[name] = source.outliers.get(name, 0) + count
    return np.where(far, np.datetime64("NaT"), stamps)


#: Values from which on a range that most of them leave is taken as proof of a wrong file.
_ENOUGH = 100


def limited(values: np.ndarray, low: float, high: float, source: Source, name: str, unit: str, *, decisive: bool = True) -> np.ndarray:
    """``values`` with those outside the physical range missing and counted; refused if most of many are outside, which no real file has.

    ``decisive`` False: never refused, for what only stands beside the variable that matters.
    """
    with np.errstate(invalid="ignore"):
        bad = (values < low) | (values > high)
    count = int(bad.sum())
    if not count:
        return values
    present = int((~np.isnan(values)).sum())
    if decisive and present >= _ENOUGH and count > 0.5 * present:
        found = f"{count} of {present} values outside the range, such as {values[bad].flat[0]:g}"
        raise ProductError(source.path, name, found, f"{low:g} to {high:g} {unit}")
    source.outliers[name] = source.outliers.get(name, 0) + count
    return np.where(bad, np.nan, values)
