"""Gridded files are opened in one place, which says what is wrong with them."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import CubeError
from ..libraries import load
from ..machine import check_memory
from ..paths import PathLike
from .axes import CALENDARS, check_cells, check_days, times
from .examined import examine
from .guard import DEFLATE, MOST, SMALL, check_chunk, check_sizes, guard, is_number, short, words_of

#: Attributes by which stored numbers become values, and those that name other things.
_NUMBERS = ("_FillValue", "missing_value", "scale_factor", "add_offset")
_TEXTS = ("units", "calendar", "grid_mapping", "coordinates", "bounds")

#: Bytes of each variable that the library keeps unpacked while a file is open: a day's map of a region in all its chunks. Its own choice,
#: 16 to 64 MB for each, is more than a step's arrays where there are many variables, and none is read twice so soon.
CACHE = 4 * 2**20

_AXES = ("time", "lat", "lon")


def open_grid(path: PathLike, *, kind: str, needs: Collection[str] = ()) -> Any:
    """Open a cube or ANN-SM file lazily as an xarray.Dataset (missing values NaN, ``time`` datetime64 in whole seconds).

    ``kind`` is how the file is called in errors ("cube", "ANN-SM file"); ``needs`` names the variables that must be there. What is
    read of it later is read by ``blocks.series`` or inside ``guard``. Use as a context manager.

    Raises ``CubeError`` if the file is missing, unreadable, lacks a dimension or variable, declares impossible sizes, has text where
    numbers belong, days that repeat or run backwards, or another axis than those of ``axes``.
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
            stamps = _times(path, file.variables["time"], kind)
        with _caches_of(netcdf, CACHE):
            data = xarray.open_dataset(path, engine="netcdf4", decode_coords="all", decode_times=False)
    except CubeError:
        raise
    except Exception as error:  # the backend raises many kinds; the message says which
        raise CubeError(path, f"a file that does not open as NetCDF ({words_of(error)})", f"a {kind}") from error
    try:
        with guard(path, f"a {kind}"):
            about = {name: value for name, value in data["time"].attrs.items() if name not in ("units", "calendar")}
            data["time"] = ("time", stamps.astype("datetime64[ns]"), about)
            for name in ("lat", "lon"):
                check_cells(path, name, data[name].values, f"a {kind}")
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
            _check_times(path, file.variables["time"])
    return ""


def _check_times(path: Path, time: Any) -> None:
    """Raise ``CubeError`` for times of fields that are not counted from a date; of another calendar, whoever decodes them speaks."""
    calendar = str(getattr(time, "calendar", "")).strip().lower()
    if calendar in (*CALENDARS, "julian"):
        times(path, _numbers(time), str(getattr(time, "units", "")), calendar.replace("julian", "standard"), "a file of fields")


def _times(path: Path, time: Any, kind: str) -> np.ndarray:
    """(days,) datetime64[s] of a gridded file's variable "time" (netCDF4)."""
    stamps = times(path, _numbers(time), str(getattr(time, "units", "")), str(getattr(time, "calendar", "")), f"a {kind}")
    check_days(path, stamps.astype("datetime64[D]"), f"a {kind}")
    return stamps


def _numbers(variable: Any) -> np.ndarray:
    """The numbers of a variable (netCDF4) in float64, missing NaN: its own type may be too narrow for what they are scaled to."""
    variable.set_auto_maskandscale(False)
    stored = np.asarray(variable[:])
    missing = [np.asarray(variable.getncattr(own), dtype=float).ravel() for own in _NUMBERS[:2] if own in variable.ncattrs()]
    unsigned = stored.dtype.kind == "i" and str(getattr(variable, "_Unsigned", "")).lower() == "true"
    found = (stored.view(f"u{stored.dtype.itemsize}") if unsigned else stored).astype(float)
    found[np.isin(stored.astype(float), np.concatenate([*missing, [np.nan]]))] = np.nan
    return found * float(getattr(variable, "scale_factor", 1.0)) + float(getattr(variable, "add_offset", 0.0))


def _check_attributes(path: Path, name: str, variable: Any) -> None:
    own = variable.ncattrs()
    for attribute in own:
        if attribute in _NUMBERS and is_number(variable.dtype):
            value = np.asarray(variable.getncattr(attribute))
            finite = value.dtype.kind in "iuf" and value.size >= 1 and (attribute == "missing_value" or value.size == 1)
            if not finite or (attribute in ("scale_factor", "add_offset") and not np.isfinite(value).all()):
                raise CubeError(path, f"'{name}' with the {attribute} {short(value)}", f"a number as its {attribute}")
        elif attribute in _TEXTS and not isinstance(variable.getncattr(attribute), str):
            raise CubeError(path, f"'{name}' with the {attribute} {short(variable.getncattr(attribute))}", f"text as its {attribute}")


def _type(variable: Any) -> str:
    return "text" if variable.dtype is str or getattr(variable.dtype, "kind", "") in "SU" else str(variable.dtype)
