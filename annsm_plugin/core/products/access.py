"""Opens a product file with GDAL's multidimensional API and reads parts of its arrays as they are stored.

GDAL comes with QGIS and reads HDF5, netCDF-3 and netCDF-4 in the same way. Arrays keep the order of the file's rows and columns. Whatever
cannot be read raises a ``ProductError`` that names the file and the variable.
"""

from __future__ import annotations

import contextlib
import math
import tempfile
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..foundation import libraries, store
from ..foundation.errors import ProductError
from ..foundation.outside import elsewhere
from ..foundation.paths import PathLike, no_file
from . import archive, probe


@contextlib.contextmanager
def quiet_gdal() -> Iterator[Any]:
    """Give the module ``osgeo.gdal``, which raises errors inside the block and prints nothing; its former state is restored after it."""
    from osgeo import gdal

    libraries.quiet_hdf5()
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
def opened(path: PathLike, what: str) -> Iterator[Source]:
    """Open a file as a ``Source`` and close it after the block.

    ``what`` is the kind of file that is expected, for messages. Raises ``ProductError`` if the file does not exist or does not open.
    """
    check_file(path, what)
    with contextlib.ExitStack() as stack:
        gdal = stack.enter_context(quiet_gdal())
        packed = str(path).lower().endswith(archive.ENDINGS)
        name, wrong = _member(gdal, path, stack) if packed else _plain(path, stack)
        if wrong:
            raise ProductError(path, None, wrong, f"{what} that refers to no other place")
        try:
            root = _root(gdal, name)
        except (RuntimeError, AttributeError) as error:
            wrong = _unopened_member(gdal, name, error) if packed else unopened(path, error)
            raise ProductError(path, None, wrong, what) from error
        source = Source(path, what, root, lambda: _hdf5_root(gdal, name))
        try:
            yield source
        finally:
            source.root = root = None


def plain_name(path: PathLike, stack: contextlib.ExitStack) -> str:
    """A name of the file in which no quotation mark is: GDAL puts names between such marks. Where need be, that of a link in a temporary
    folder, which is there until ``stack`` closes."""
    if '"' not in str(path):
        return str(path)
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="annsm-"))
    link = Path(folder) / Path(path).name.replace('"', "_")
    link.symlink_to(Path(path).absolute())
    return str(link)


@contextlib.contextmanager
def no_surprise(path: PathLike, title: str) -> Iterator[None]:
    """Turn errors that no reader expects, caused by contents that are damaged in an unknown way, into a ``ProductError`` of ``path``.

    ``title`` is the kind of file that is expected.
    """
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, MemoryError, RuntimeError, TypeError, ValueError) as error:
        raise ProductError(path, None, f"contents that cannot be interpreted ({type(error).__name__}: {_short(error)})", title) from error


def check_file(path: PathLike, what: str) -> None:
    """Raise ``ProductError`` unless ``path`` is a file, can be read and is not empty; ``what`` is the kind of file that is expected."""
    path = Path(path)
    if wrong := no_file(path):
        raise ProductError(path, None, wrong, what)
    try:
        if path.stat().st_size == 0:
            raise ProductError(path, None, "an empty file (0 bytes)", what)
        with open(path, "rb") as file:
            file.read(1)
    except OSError as error:
        raise ProductError(path, None, f"a file that cannot be read ({error.strerror})", what) from error


#: Bytes that are read of a file without asking whether it can hold them.
_LITTLE = 2**26


def check_room(path: PathLike, name: str, count: Sequence[int], item: int, what: str) -> None:
    """Raise ``ProductError`` if numbers of ``item`` bytes, ``count`` along each dimension, cannot be in the file; ``what`` is expected."""
    there = Path(path).stat().st_size
    if math.prod(count) * item > max(_LITTLE, store.DEFLATE * there):
        raise ProductError(path, name, f"{' x '.join(map(str, count))} numbers in {there:,} bytes", what)


#: Bytes of a file that show what is wrong with it.
_BEGINNING = 2**20

#: More coordinates than this no axis has: the finest global grid read here, 500 m, has 86 400 columns.
LONGEST_AXIS = 1_000_000


def _root(gdal: Any, name: str) -> Any:
    """The root group of a file as GDAL's netCDF driver gives it, or its HDF5 driver where the netCDF library refuses the file.

    The netCDF library refuses HDF5 files with links or with attributes of two dimensions.
    """
    try:
        if '"' in name:  # which cannot stand between quotation marks
            return gdal.OpenEx(name, gdal.OF_MULTIDIM_RASTER, allowed_drivers=["netCDF"]).GetRootGroup()
        return gdal.OpenEx(f'NETCDF:"{name}"', gdal.OF_MULTIDIM_RASTER).GetRootGroup()
    except RuntimeError:
        root = _hdf5_root(gdal, name)
        if root is None:
            raise
        return root


def _hdf5_root(gdal: Any, name: str) -> Any:
    """The root group as GDAL's HDF5 driver gives it; None if the driver is not installed or cannot open the file."""
    if gdal.GetDriverByName("HDF5") is None:
        return None
    try:
        return gdal.OpenEx(name, gdal.OF_MULTIDIM_RASTER, allowed_drivers=["HDF5"]).GetRootGroup()
    except RuntimeError:
        return None


def _plain(path: PathLike, stack: contextlib.ExitStack) -> tuple[str, str]:
    """A name of the file for GDAL, and to what it refers that may not be followed."""
    name = plain_name(path, stack)
    return name, elsewhere(name)


def _member(gdal: Any, path: PathLike, stack: contextlib.ExitStack) -> tuple[str, str]:
    """GDAL's name of the NetCDF file in a compressed archive, unpacked into memory until ``stack`` closes, and to what that file refers.

    GDAL can read in place from such archives, but not on every system.
    """
    name = f"/vsimem/annsm-{uuid.uuid4().hex}.nc"
    content = bytearray()
    archive.copy(path, content.extend, ".nc", ".dbl")
    wrong = elsewhere(name, content)
    gdal.FileFromMemBuffer(name, content)
    if gdal.VSIStatL(name) is None:
        raise MemoryError(f"no room for {len(content)} bytes")
    stack.callback(gdal.Unlink, name)
    return name, wrong


def unopened(path: PathLike, error: Exception) -> str:
    """Why a file does not open, in words that follow "found": what its first bytes show, else GDAL's message, which can mislead."""
    return f"a file that does not open ({probe.problem(path) or _short(error)})"


def _unopened_member(gdal: Any, name: str, error: Exception) -> str:
    """The same of a file that ``_member`` has unpacked."""
    size, file = int(gdal.VSIStatL(name).size), gdal.VSIFOpenL(name, "rb")
    try:
        beginning = bytes(gdal.VSIFReadL(1, min(size, _BEGINNING), file) or b"")
    finally:
        gdal.VSIFCloseL(file)
    return f"an archive with a file that does not open ({probe.problem_of(beginning, size, 'x.nc') or _short(error)})"


def _short(error: Exception) -> str:
    """The message of an error on one line of at most 200 characters."""
    return " ".join(str(error).split())[:200] or "the library does not say why"


class Source:
    """An open file: its groups, arrays and attributes. Every failure is a ``ProductError`` that names the variable.

    ``path`` and ``what``, the expected kind of file, are for messages; ``root`` is GDAL's root group; ``otherwise`` gives the root group
    of another GDAL driver (or None) and is called, at most once, when the first driver cannot list the contents.
    """

    def __init__(self, path: PathLike, what: str, root: Any, otherwise: Callable[[], Any] = lambda: None):
        self.path, self.what, self.root, self._otherwise = path, what, root, otherwise
        #: How many values of each variable were made missing because they are not plausible.
        self.outliers: dict[str, int] = {}
        self._names: dict[str, list[str]] = {}

    def group_names(self) -> list[str]:
        """Names of the groups below the root."""
        return self._listed(lambda: self.root.GetGroupNames() or [])

    def names(self, group: str = "") -> list[str]:
        """Names of the arrays of a group ("" is the root); empty if the group is not there."""
        if group not in self._names:
            self._names[group] = self._listed(lambda: self._names_of(self._group(group)))
        return self._names[group]

    @staticmethod
    def _names_of(group: Any) -> list[str]:
        return list(group.GetMDArrayNames() or []) if group is not None else []

    def _listed(self, ask: Callable[[], list[str]]) -> list[str]:
        """What ``ask`` returns; if the driver fails, ``ask`` once more after a change to the other driver."""
        try:
            return ask()
        except RuntimeError as error:
            other, self._otherwise = self._otherwise(), lambda: None
            if other is None:
                raise ProductError(self.path, None, f"contents that cannot be listed ({_short(error)})", self.what) from error
        self.root = other
        return self._listed(ask)

    def _group(self, group: str) -> Any:
        """GDAL's group of that name ("" is the root), None if there is none."""
        if not group:
            return self.root
        return self.root.OpenGroup(group) if group in self.group_names() else None

    def open(self, name: str, group: str = "") -> Any:
        """GDAL's array of a variable; raises ``ProductError`` that lists what there is instead."""
        if name not in self.names(group):
            there = ", ".join(self.names(group)[:8] or self.group_names()[:8]) or "nothing"
            raise ProductError(
                self.path, f"{group}/{name}" if group else name, f"no such variable of numbers or texts (there is {there})", self.what
            )
        try:
            array = self._group(group).OpenMDArray(name)
        except RuntimeError as error:
            raise ProductError(self.path, name, f"a variable that does not open ({_short(error)})", self.what) from error
        if array is None:
            raise ProductError(self.path, name, "a variable that does not open", self.what)
        return array

    def shape(self, array: Any) -> tuple[int, ...]:
        """Sizes of an array's dimensions; raises ``ProductError`` if the variable of a dimension is missing from the file."""
        try:
            try:
                dimensions = array.GetDimensions()
            except RuntimeError:  # only at the first call, if an HDF5 variable names coordinates that the subset has not
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
        if np.prod(self.shape(array), dtype=float) > LONGEST_AXIS:
            raise ProductError(self.path, name, f"coordinates of shape {self.shape(array)}", "degrees along one axis")
        values = self.values(array, name)
        values = values.astype(float) if values.dtype.kind in "iuf" else np.zeros(0)
        if values.ndim != 1 or values.size == 0 or not np.isfinite(values).all() or np.abs(values).max() > limit:
            raise ProductError(self.path, name, f"coordinates of shape {values.shape} that are not degrees", "degrees along one axis")
        steps = np.diff(values)
        if steps.size and not ((steps > 0).all() or (steps < 0).all()):
            raise ProductError(self.path, name, "coordinates that are not monotonic", "degrees, ascending or descending")
        return values

    def check_shape(self, array: Any, name: str, *shapes: tuple[int, ...]) -> None:
        """Raise ``ProductError`` unless the array has one of ``shapes``."""
        found = self.shape(array)
        if found not in shapes:
            raise ProductError(self.path, name, f"shape {found}", "shape " + " or ".join(map(str, shapes)))

    def values(self, array: Any, name: str, *slices: slice) -> np.ndarray:
        """The numbers of an array as they are stored, cut to ``slices`` (one for each dimension; without any: the whole array)."""
        shape = self.shape(array)
        start = [s.start or 0 for s in slices] or [0] * len(shape)
        count = [s.stop - (s.start or 0) for s in slices] or list(shape)
        if any(c == 0 for c in count):
            return np.zeros(count)
        check_room(self.path, name, count, array.GetDataType().GetSize(), self.what)
        try:
            data = array.ReadAsArray(start, count) if shape else array.ReadAsArray()
        except (RuntimeError, ValueError, TypeError) as error:
            raise ProductError(self.path, name, f"data that cannot be read ({_short(error)})", self.what) from error
        if data is None or not isinstance(data, np.ndarray) or data.dtype.kind not in "iufSU":
            raise ProductError(self.path, name, f"data of type {getattr(data, 'dtype', type(data).__name__)}", "numbers")
        return data

    def texts(self, name: str, group: str, rows: slice, columns: slice) -> np.ndarray:
        """Texts (rows, columns) of an array with two dimensions, read by GDAL's HDF5 driver if it is installed.

        The netCDF library (4.9) reads beyond the end of texts of fixed length: ignore what follows the expected text.
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
            raise ProductError(self.path, name, "data that are not texts", self.what)
        made = np.empty(len(found), dtype=object)
        made[:] = [text.decode("ascii", "replace") if isinstance(text, bytes) else str(text) for text in found]
        return made.reshape(count)

    def is_transposed(self, array: Any, rows: str, columns: str) -> bool | None:
        """Whether the dimension named ``columns`` comes before the one named ``rows``; None if the array has no such dimensions."""
        names = [d.GetName().lower() for d in array.GetDimensions()]
        if rows not in names or columns not in names:
            return None
        return names.index(columns) < names.index(rows)

    def packing(self, array: Any, name: str) -> tuple[float, float]:
        """Scale factor and offset of packed values (1 and 0 if there are none). GDAL does not list those of netCDF files as attributes."""
        scale, offset = array.GetScale(), array.GetOffset()
        scale = self.number(array, "scale_factor", 1.0) if scale is None else float(scale)
        offset = self.number(array, "add_offset", 0.0) if offset is None else float(offset)
        if not np.isfinite(scale) or not np.isfinite(offset) or scale == 0.0:
            raise ProductError(self.path, name, f"a scale factor of {scale:g} and an offset of {offset:g}", "finite numbers")
        return scale, offset

    def check_unpacked(self, array: Any, name: str) -> None:
        """Raise ``ProductError`` if the array has a scale factor or an offset, for products that store plain values."""
        scale, offset = self.packing(array, name)
        if (scale, offset) != (1.0, 0.0):
            raise ProductError(self.path, name, f"a scale factor of {scale:g} and an offset of {offset:g}", "neither")

    def attribute(self, array: Any, name: str, default: Any = None) -> Any:
        """An attribute of an array (None: of the file); of a list with one entry, that entry."""
        holder = self.root if array is None else array
        for attribute in holder.GetAttributes() or []:
            if attribute.GetName() == name:
                value = attribute.Read()
                if isinstance(value, (list, tuple)) and len(value) == 1:
                    value = value[0]
                return value
        return default

    def fill(self, array: Any, default: float) -> float:
        """The array's fill value. GDAL gives ``_FillValue`` of netCDF files as its no-data value, not as an attribute."""
        value = array.GetNoDataValueAsDouble()
        return default if value is None else float(value)

    def number(self, array: Any, name: str, default: float) -> float:
        """A numeric attribute; raises ``ProductError`` if it exists and is not a number."""
        value = self.attribute(array, name, default)
        try:
            return float(value)
        except (TypeError, ValueError):
            raise ProductError(self.path, name, f"the attribute {value!r}", "a number") from None
