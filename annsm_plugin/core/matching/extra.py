"""Extra predictors that the user adds: rasters (constant in time) and NetCDF files (constant or daily), called by their names."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..foundation import store
from ..foundation.errors import ParameterError
from ..foundation.grid import STEP, Grid
from ..foundation.libraries import load
from ..foundation.paths import PathLike
from ..foundation.progress import Progress
from ..foundation.regrid import AreaMean, Linear
from ..foundation.variables import ANNSM, CUBE
from ..products.decoding.pool import FileRequest

#: A source whose cells are smaller than this (degrees) is averaged over each cell, a coarser one interpolated.
_FINE = STEP / 2.0

#: Pixels of a fine source that are read at a time.
_PIXELS = 2**22


@dataclass(frozen=True)
class Extra:
    """One extra predictor: its name in the cube, its file, its variable there (None: a raster), whether it is daily, its unit."""

    name: str
    path: Path
    variable: str | None
    daily: bool
    units: str = "1"


def check(paths: Iterable[PathLike] | None, taken: Collection[str]) -> list[Extra]:
    """The predictors in the files ``paths``. Raises ``ParameterError`` if one cannot be read or its name is ``taken``."""
    found: list[Extra] = []
    for path in paths or ():
        path = Path(str(path))
        if not path.is_file():
            raise ParameterError(f"The extra predictor {path} does not exist.")
        found += _netcdf(path) if path.suffix.lower() in (".nc", ".nc4") else [_raster(path)]
    names = [extra.name for extra in found]
    for name in names:
        if names.count(name) > 1 or name in taken or name in CUBE or name in ANNSM or name in ("time", "lat", "lon", "crs"):
            raise ParameterError(f"The extra predictor name '{name}' is used twice or belongs to the cube; rename the file or variable.")
    return found


def _name(text: str) -> str:
    name = re.sub(r"[^0-9a-z]+", "_", text.lower()).strip("_")
    return name if name and name[0].isalpha() else f"x_{name}"


def _raster(path: Path) -> Extra:
    one_band(path, "The extra predictor")
    return Extra(_name(path.stem), path, None, False)


def one_band(path: Path, what: str) -> None:
    """Raise ``ParameterError``, which begins with ``what``, unless the file is a georeferenced raster with one band."""
    with opened_raster(path, what) as raster:
        bands, georeferenced = raster.RasterCount, bool(raster.GetProjection())
    if bands != 1 or not georeferenced:
        found = f"{bands} band{'s' if bands != 1 else ''}{'' if georeferenced else ' and no projection'}"
        raise ParameterError(f"{what} {path} has {found}; expected one band, georeferenced.")


def opened_raster(path: Path, what: str) -> Any:
    """``store.open_raster``, whose errors are ``ParameterError`` that begin with ``what``."""

    def refuse(found: str, expected: str) -> ParameterError:
        return ParameterError(f"{what} {path} does not open as a raster: found {found}; expected {expected}.")

    return store.open_raster(path, "a georeferenced raster", refuse)


def _netcdf(path: Path) -> list[Extra]:
    found = []
    with _opened(path) as data:
        for name, variable in data.data_vars.items():
            dims = set(variable.dims)
            if dims in ({"lat", "lon"}, {"time", "lat", "lon"}) and np.issubdtype(variable.dtype, np.number):
                found.append(Extra(_name(str(name)), path, str(name), "time" in dims, str(variable.attrs.get("units", "1"))))
    if not found:
        raise ParameterError(f"The extra predictor {path} holds no variable on lat and lon, or on time, lat and lon.")
    return found


@contextlib.contextmanager
def _opened(path: Path, variable: str = "") -> Iterator[Any]:
    """A NetCDF file as an xarray.Dataset; ``variable``: what is read of it inside the block, for the ``ParameterError`` that whatever goes
    wrong there becomes."""
    xarray, netcdf = load("xarray"), load("netCDF4")
    what = "a NetCDF file of predictors on lat and lon"

    def refuse(found: str, expected: str) -> ParameterError:
        return ParameterError(f"The extra predictor {path} has {found}; expected {expected}.")

    store.examine(path, what, refuse)
    with store.guard(path, what, variable, refuse):
        with netcdf.Dataset(str(path)) as file:
            wrong = store.check_fields(path, file)
        if wrong:
            raise refuse(wrong, what)
        with xarray.open_dataset(path, engine="netcdf4") as data:
            yield data.rename({old: new for old, new in (("latitude", "lat"), ("longitude", "lon")) if old in data.dims})


class Daily:
    """The daily predictors, block by block."""

    def __init__(self, extras: Iterable[Extra], grid: Grid) -> None:
        self.grid = grid
        self.extras = [extra for extra in extras if extra.daily]
        self.names = tuple(extra.name for extra in self.extras)

    @staticmethod
    def requests(days: np.ndarray) -> list[FileRequest]:
        """Product files that ``block`` will read: none."""
        return []

    def block(self, days: np.ndarray, progress: Progress) -> dict[str, np.ndarray]:
        """Each predictor (days, rows, columns); missing on days that its file lacks."""
        out = {}
        for extra in self.extras:
            values = np.full((days.size, *self.grid.shape), np.nan, dtype="float32")
            with _opened(extra.path, str(extra.variable)) as data:
                dates = data["time"].values.astype("datetime64[D]")
                for number, date in enumerate(days):
                    progress.check()
                    here = np.flatnonzero(dates == date)
                    if here.size:
                        values[number] = _regridded(data[extra.variable].isel(time=int(here[0])), self.grid)
            out[extra.name] = values
        return out


def static(extra: Extra, grid: Grid) -> np.ndarray:
    """A static predictor on the cells (rows, columns)."""
    if extra.variable is None:
        return warped(extra.path, grid)
    with _opened(extra.path, extra.variable) as data:
        return _regridded(data[extra.variable], grid)


def _regridded(field: Any, grid: Grid) -> np.ndarray:
    """A field on lat and lon on the cells. Raises ``ValueError`` for coordinates that are no degrees."""
    lat, lon = field["lat"].values.astype(float), field["lon"].values.astype(float)
    for name, values in (("lat", lat), ("lon", lon)):
        if not (np.abs(values) <= 360.0).all() or np.unique(values).size < values.size:
            raise ValueError(f"'{name}' with coordinates that are no degrees, each once")
    field = field.transpose("lat", "lon")
    if lat.size > 1 and np.median(np.abs(np.diff(lat))) < _FINE:
        mean, step = AreaMean(grid), max(1, _PIXELS // max(1, lon.size))
        for first in range(0, lat.size, step):
            rows = slice(first, first + step)
            mean.add(mean.cells(*np.meshgrid(lat[rows], lon, indexing="ij")), np.asarray(field[rows].values, dtype=float))
        return mean.mean()
    return Linear(lat, lon, grid)(np.asarray(field.values, dtype=float))


def warped(path: Path, grid: Grid, way: str = "") -> np.ndarray:
    """A raster in any projection on the cells, by GDAL's resampling ``way``: by default the average of a fine raster and the interpolation
    of a coarse one. The parts of a region beyond 180 degrees are warped on their own."""
    from osgeo import gdal

    out = np.full(grid.shape, np.nan)
    west, south, _, north = grid.bounds
    beyond = grid.lon > 180.0
    with opened_raster(path, "The raster") as raster:
        transform = raster.GetGeoTransform()
        step = abs(transform[1]) if abs(transform[1]) < 2 and "GEOGCS" in raster.GetProjection()[:6] else abs(transform[1]) / 111_000.0
        how = way or ("average" if step < _FINE else "bilinear")
        for columns, shift in ((np.flatnonzero(~beyond), 0.0), (np.flatnonzero(beyond), 360.0)):
            if not columns.size:
                continue
            left = west + columns[0] * STEP - shift
            bounds = (left, south, left + columns.size * STEP, north)
            part = gdal.Warp(
                "",
                raster,
                format="MEM",
                dstSRS="EPSG:4326",
                outputBounds=bounds,
                width=columns.size,
                height=grid.lat.size,
                resampleAlg=how,
                outputType=gdal.GDT_Float64,
                dstNodata=np.nan,
            )
            out[:, columns] = np.frombuffer(
                part.ReadRaster(0, 0, columns.size, grid.lat.size, buf_type=gdal.GDT_Float64), dtype=float
            ).reshape(grid.lat.size, columns.size)
    return out
