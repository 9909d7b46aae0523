"""Gridded files are opened in one place, which says what is wrong with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ..errors import CubeError
from ..libraries import load
from ..paths import PathLike


def open_grid(path: PathLike, *, kind: str, needs: Any = ()) -> Any:
    """Open a cube or ANN-SM file lazily as an xarray.Dataset (missing values NaN, ``time`` datetime64).

    ``kind`` is how the file is called in errors ("cube", "ANN-SM file"); ``needs`` names the variables that must be there.
    Raises ``CubeError`` if the file is missing, unreadable, or lacks a dimension or variable. Use as a context manager.
    """
    path = Path(path)
    if not path.is_file():
        raise CubeError(path, "no such file", f"a {kind} (NetCDF)")
    xarray = load("xarray")
    load("netCDF4")
    try:
        data = xarray.open_dataset(path, engine="netcdf4", decode_coords="all")
    except Exception as error:  # the backend raises many kinds; the message says which
        raise CubeError(path, f"a file that does not open as NetCDF ({error})", f"a {kind}") from error
    try:
        for dimension in ("time", "lat", "lon"):
            if dimension not in data.dims:
                raise CubeError(path, f"dimensions {', '.join(map(str, data.dims)) or 'none'}", f"a {kind} with time, lat, lon")
        for name in needs:
            if name not in data.variables:
                raise CubeError(path, f"variables {', '.join(map(str, data.data_vars))}", f"a {kind} with '{name}'")
        for name in ("lat", "lon"):
            steps = np.diff(data[name].values)
            if not (np.all(steps > 0) or np.all(steps < 0)):
                raise CubeError(path, f"'{name}' that is not monotonic", f"a {kind} with monotonic coordinates")
        if not np.issubdtype(data["time"].dtype, np.datetime64):
            raise CubeError(path, f"a time of type {data['time'].dtype}", f"a {kind} with dates")
    except BaseException:
        data.close()
        raise
    return data
