"""Gridded files are opened in one place, which says what is wrong with them."""

from __future__ import annotations

import contextlib
import math
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import CubeError
from ..libraries import load
from ..paths import PathLike
from .examined import examine
from .guard import DEFLATE, MOST, SMALL, check_chunk, check_memory, check_sizes, guard, is_number, words_of

#: Attributes by which stored numbers become values, and those that name other things.
_NUMBERS = ("_FillValue", "missing_value", "scale_factor", "add_offset")
_TEXTS = ("units", "calendar", "grid_mapping", "coordinates", "bounds")

_UNIT = re.compile(r"\s*(day|hour|minute|second|[dhs]|hr|min|sec)s?\s+since\s+\d", re.I)
_OF_A_DAY = {"day": 1, "d": 1, "hour": 24, "hr": 24, "h": 24, "minute": 1440, "min": 1440, "second": 86400, "sec": 86400, "s": 86400}

#: Bytes of each variable that the library keeps unpacked while a file is open: a day's map of a region in all its chunks. Its own choice,
#: 16 to 64 MB for each, is more than a step's arrays where there are many variables, and none is read twice so soon.
CACHE = 4 * 2**20

#: Days from the date that time is counted from: calendars begin at year 1 or 1582, too.
_FAR = 1_500_000

_AXES = ("time", "lat", "lon")


def open_grid(path: PathLike, *, kind: str, needs: Collection[str] = ()) -> Any:
    """Open a cube or ANN-SM file lazily as an xarray.Dataset (missing values NaN, ``time`` datetime64).

    ``kind`` is how the file is called in errors ("cube", "ANN-SM file"); ``needs`` names the variables that must be there. What is
    read of it later is read by ``blocks.series`` or inside ``guard``. Use as a context manager.

    Raises ``CubeError`` if the file is missing, unreadable, lacks a dimension or variable, declares impossible sizes, has text where
    numbers belong, coordinates that are not monotonic, or days that repeat or run backwards.
    """
    path = Path(path)
    if not path.is_file():
        raise CubeError(path, "no such file", f"a {kind} (NetCDF)")
    examine(path, f"a {kind}")
    check_memory()
    xarray = load("xarray")
    netcdf = load("netCDF4")
    try:
        with netcdf.Dataset(str(path)) as file:
            check_sizes(path, file, kind)
            _check_structure(path, file, kind, needs)
        with _caches_of(netcdf, CACHE):
            data = xarray.open_dataset(path, engine="netcdf4", decode_coords="all")
    except CubeError:
        raise
    except Exception as error:  # the backend raises many kinds; the message says which
        raise CubeError(path, f"a file that does not open as NetCDF ({words_of(error)})", f"a {kind}") from error
    try:
        with guard(path, f"a {kind}"):
            _check_axes(path, data, kind)
    except BaseException:
        data.close()
        raise
    return data


@contextlib.contextmanager
def _caches_of(netcdf: Any, size: int) -> Iterator[None]:
    """Files that are opened inside keep at most ``size`` bytes of each variable's chunks."""
    before = netcdf.get_chunk_cache()
    netcdf.set_chunk_cache(min(size, before[0]), *before[1:])
    try:
        yield
    finally:
        netcdf.set_chunk_cache(*before)


def _check_structure(path: Path, file: Any, kind: str, needs: Collection[str]) -> None:
    """Dimensions, variables, their types and attributes, before any number is read."""
    for name in _AXES:
        if name not in file.dimensions:
            raise CubeError(path, f"dimensions {', '.join(file.dimensions) or 'none'}", f"a {kind} with time, lat, lon")
        if len(file.dimensions[name]) == 0:
            raise CubeError(path, f"no {'day' if name == 'time' else name} at all", f"a {kind} with days and cells")
    for name in (*needs, *_AXES):
        if name not in file.variables:
            there = ", ".join(own for own in file.variables if own not in (*_AXES, "crs"))
            raise CubeError(path, f"variables {there}", f"a {kind} with '{name}'")
    for name in _AXES:
        if file.variables[name].dimensions != (name,):
            raise CubeError(
                path, f"'{name}' with dimensions {', '.join(file.variables[name].dimensions) or 'none'}", f"'{name}' along {name}"
            )
    for name, variable in file.variables.items():
        gridded = bool(set(variable.dimensions) & set(_AXES))
        if (gridded or name in needs) and not is_number(variable.dtype):
            raise CubeError(path, f"'{name}' of type {_type(variable)}", f"a {kind} with numbers in '{name}'")
        if not gridded and name in needs:
            raise CubeError(path, f"'{name}' with dimensions {', '.join(variable.dimensions) or 'none'}", "some of time, lat, lon")
        _check_attributes(path, name, variable)
    _check_time(path, file.variables["time"], kind)


def check_fields(path: PathLike, file: Any) -> str:
    """What is wrong with the fields on latitudes and longitudes of another program's file (an open netCDF4.Dataset), empty for nothing.

    Raises ``CubeError`` for chunks and times that cannot be.
    """
    path, there = Path(path), Path(path).stat().st_size
    for name, variable in file.variables.items():
        if set(variable.dimensions) & {"lat", "lon", "latitude", "longitude"}:
            check_chunk(path, name, variable, "file of fields")
            if not is_number(variable.dtype):
                continue
            sizes = [len(file.dimensions[own]) for own in variable.dimensions if own != "time"]
            if math.prod(sizes) > max(SMALL, DEFLATE * there):
                return f"'{name}' of {' x '.join(map(str, sizes))} numbers in {there} bytes"
    if "time" in file.variables and "time" in file.dimensions:
        if file.variables["time"].dimensions != ("time",) or len(file.dimensions["time"]) > MOST["time"]:
            return f"a time of {len(file.dimensions['time'])} steps along {', '.join(file.variables['time'].dimensions) or 'nothing'}"
        if len(file.dimensions["time"]):
            _check_time(path, file.variables["time"], "file of fields")
    return ""


def _check_time(path: Path, time: Any, kind: str) -> None:
    """Days are counted from a date, and are not further from each other than they can be: dates cannot be made of any number."""
    units = str(getattr(time, "units", ""))
    found = _UNIT.match(units)
    if found is None:
        raise CubeError(path, f"a time in {_short(units)}", f"a {kind} with days, hours, minutes or seconds since a date")
    time.set_auto_mask(False)
    values = np.asarray(time[:], dtype=float) / _OF_A_DAY[found.group(1).lower()]
    wrong = np.flatnonzero(~(np.abs(values - values[0]) <= MOST["time"]) | ~(np.abs(values) <= _FAR))
    if wrong.size:
        raise CubeError(path, f"{values[wrong[0]]:g} as its day {wrong[0] + 1}", f"a {kind} of at most {MOST['time']} days")


def _check_attributes(path: Path, name: str, variable: Any) -> None:
    own = variable.ncattrs()
    for attribute in own:
        if attribute in _NUMBERS and is_number(variable.dtype):
            value = np.asarray(variable.getncattr(attribute))
            finite = value.dtype.kind in "iuf" and value.size >= 1 and (attribute == "missing_value" or value.size == 1)
            if not finite or (attribute in ("scale_factor", "add_offset") and not np.isfinite(value).all()):
                raise CubeError(path, f"'{name}' with the {attribute} {_short(value)}", f"a number as its {attribute}")
        elif attribute in _TEXTS and not isinstance(variable.getncattr(attribute), str):
            raise CubeError(path, f"'{name}' with the {attribute} {_short(variable.getncattr(attribute))}", f"text as its {attribute}")


def _check_axes(path: Path, data: Any, kind: str) -> None:
    """Raise ``CubeError`` unless latitudes and longitudes run one way on the globe, and days one after the other."""
    for name, (low, high) in (("lat", (-90.0, 90.0)), ("lon", (-180.0, 360.0))):
        values = np.asarray(data[name].values, dtype=float)
        if not np.isfinite(values).all() or values.min() < low or values.max() > high:
            raise CubeError(path, f"'{name}' that leaves the globe", f"a {kind} with degrees from {low:g} to {high:g}")
        steps = np.diff(values)
        if not (np.all(steps > 0) or np.all(steps < 0)):
            raise CubeError(path, f"'{name}' that is not monotonic", f"a {kind} with monotonic coordinates")
    if not np.issubdtype(data["time"].dtype, np.datetime64):
        raise CubeError(path, f"a time of type {data['time'].dtype}", f"a {kind} with dates")
    check_days(path, data["time"].values.astype("datetime64[D]"), f"a {kind}")


def check_days(path: PathLike, days: np.ndarray, what: str) -> None:
    """Raise ``CubeError`` unless ``days`` (datetime64[D]) come one after the other; some may be lacking."""
    if np.isnat(days).any():
        raise CubeError(path, f"no date for day {int(np.flatnonzero(np.isnat(days))[0]) + 1}", f"{what} with a date for each day")
    if days.size and (days.max() - days.min()).astype(int) > MOST["time"]:
        raise CubeError(path, f"days from {days.min()} to {days.max()}", f"{what} of at most {MOST['time']} days")
    wrong = np.flatnonzero(np.diff(days) <= np.timedelta64(0, "D"))
    if wrong.size:
        before, day = days[wrong[0]], days[wrong[0] + 1]
        found = f"the day {day} twice" if day == before else f"the day {day} after {before}"
        more = f" (and {wrong.size - 1} more such places)" if wrong.size > 1 else ""
        raise CubeError(path, found + more, f"{what} whose days come one after the other, each once")


def _type(variable: Any) -> str:
    return "text" if variable.dtype is str or getattr(variable.dtype, "kind", "") in "SU" else str(variable.dtype)


def _short(value: Any) -> str:
    text = " ".join(str(value).split())
    return repr(text if len(text) <= 40 else text[:40] + "...")
