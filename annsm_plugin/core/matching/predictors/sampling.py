"""Rasters and NetCDF fields brought to the cells: averaged, interpolated, or looked up at points where their numbers are classes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ...foundation import store
from ...foundation.errors import ParameterError
from ...foundation.grid import STEP, Grid
from ...foundation.regrid import AreaMean, Linear
from . import kinds

#: A source whose cells are smaller than this (degrees) is averaged over each cell, a coarser one interpolated.
FINE = STEP / 2.0

#: Size of a raster's pixels, about, in degrees: least and most.
PIXELS = 1e-8, 90.0

#: Pixels of a fine source that are read at a time.
_PIXELS = 2**22

#: Points along a side of a cell at which classes, and numbers among which are codes, are looked up: about every 460 m.
_POINTS = 60


def sampled(path: Path, grid: Grid) -> np.ndarray:
    """A raster on the cells, in the unit that its scale and offset give; where codes stand among its numbers, the mean of the points that
    are none."""
    known = kinds.limits(kinds.layer(path.stem)[0], {})
    with opened_raster(path, "The extra predictor") as raster:
        band = raster.GetRasterBand(1)
        scale, offset = band.GetScale() or 1.0, band.GetOffset() or 0.0
    if known is None:
        return warped(path, grid) * scale + offset
    mean = np.full(grid.shape, np.nan)
    for row, points in points_in(path, grid):
        good = np.where((points >= known[0]) & (points <= known[1]), points, np.nan)
        count = np.isfinite(good).sum(axis=(0, 2))
        mean[row] = np.where(count > 0, np.nansum(good, axis=(0, 2)) / np.maximum(count, 1), np.nan)
    return mean * scale + offset


def points_in(path: Path, grid: Grid) -> Iterator[tuple[int, np.ndarray]]:
    """Row by row of the cells, the raster's numbers at points (points down, cells, points across) of each; NaN where it has none."""
    for row in range(grid.lat.size):
        part = Grid(grid.lat[row : row + 1], grid.lon)
        yield row, warped(path, part, "near", _POINTS).reshape(_POINTS, grid.lon.size, _POINTS)


def points_of(field: Any, grid: Grid) -> Iterator[tuple[int, np.ndarray]]:
    """The same of a NetCDF variable: at each point the number of the nearest pixel, NaN beyond the file's edges."""
    field = field.isel(time=0) if "time" in field.dims else field
    field = field.transpose("lat", "lon")
    lat, lon = field["lat"].values.astype(float), field["lon"].values.astype(float)
    offsets = (np.arange(_POINTS) + 0.5) / _POINTS * STEP - STEP / 2
    columns = _nearest(lon, (grid.lon[:, None] + offsets).ravel(), 360.0)
    for row, middle in enumerate(grid.lat):
        rows = _nearest(lat, middle - offsets)
        inside = (rows >= 0)[:, None] & (columns >= 0)
        if not inside.any():
            yield row, np.full((_POINTS, grid.lon.size, _POINTS), np.nan)
            continue
        top, left = int(rows[rows >= 0].min()), int(columns[columns >= 0].min())
        part = np.asarray(field[top : int(rows.max()) + 1, left : int(columns.max()) + 1].values)
        part = np.where(np.isfinite(kinds.decoded(part, "", field.attrs)), part, np.nan)
        found = np.where(inside, part[np.maximum(rows - top, 0)[:, None], np.maximum(columns - left, 0)], np.nan)
        yield row, found.reshape(_POINTS, grid.lon.size, _POINTS)


def _nearest(axis: np.ndarray, wanted: np.ndarray, period: float | None = None) -> np.ndarray:
    """Index of the nearest coordinate, -1 where none is within half a step."""
    order = np.argsort(axis)
    ordered = axis[order]
    step = float(np.median(np.diff(ordered))) if ordered.size > 1 else STEP
    if period:
        wanted = np.mod(wanted - ordered[0] + step / 2, period) + ordered[0] - step / 2
    place = np.clip(np.searchsorted(ordered, wanted), 1, max(1, ordered.size - 1))
    place = np.where(np.abs(ordered[place - 1] - wanted) <= np.abs(ordered[np.minimum(place, ordered.size - 1)] - wanted), place - 1, place)
    place = np.minimum(place, ordered.size - 1)
    return np.where(np.abs(ordered[place] - wanted) <= step * 0.5 + 1e-9, order[place], -1)


def regridded(field: Any, grid: Grid) -> np.ndarray:
    """A field on lat and lon on the cells. Raises ``ValueError`` for coordinates that are no degrees."""
    lat, lon = field["lat"].values.astype(float), field["lon"].values.astype(float)
    for name, axis in (("lat", lat), ("lon", lon)):
        if not (np.abs(axis) <= 360.0).all() or np.unique(axis).size < axis.size:
            raise ValueError(f"'{name}' with coordinates that are no degrees, each once")
    field = field.transpose("lat", "lon")

    def values(rows: slice) -> np.ndarray:
        return kinds.decoded(np.asarray(field[rows].values), str(field.name), field.attrs)

    if lat.size > 1 and np.median(np.abs(np.diff(lat))) < FINE:
        mean, step = AreaMean(grid), max(1, _PIXELS // max(1, lon.size))
        for first in range(0, lat.size, step):
            rows = slice(first, first + step)
            mean.add(mean.cells(*np.meshgrid(lat[rows], lon, indexing="ij")), values(rows))
        return mean.mean()
    return Linear(lat, lon, grid)(values(slice(None)))


def one_band(path: Path, what: str) -> None:
    """Raise ``ParameterError``, which begins with ``what``, unless the file is a georeferenced raster with one band."""
    with opened_raster(path, what) as raster:
        bands, georeferenced = raster.RasterCount, bool(raster.GetProjection())
    if bands != 1 or not georeferenced:
        found = f"{bands} band{'s' if bands != 1 else ''}{'' if georeferenced else ' and no projection'}"
        raise ParameterError(f"{what} {path} has {found}; expected one band, georeferenced.")


@contextlib.contextmanager
def opened_raster(path: Path, what: str) -> Iterator[Any]:
    """``store.open_raster``, whose errors are ``ParameterError`` that begin with ``what``; raises it too for pixels of no size that a map
    can have, with some of which GDAL's warp comes to no end."""

    def refuse(found: str, expected: str) -> ParameterError:
        return ParameterError(f"{what} {path} does not open as a raster: found {found}; expected {expected}.")

    with store.open_raster(path, "a georeferenced raster", refuse) as raster:
        step = step_of(raster)
        if raster.GetProjection() and not PIXELS[0] <= step <= PIXELS[1]:
            raise ParameterError(f"{what} {path} has pixels of about {step:g} degrees; expected {PIXELS[0]:g} to {PIXELS[1]:g} degrees.")
        yield raster


def undeclared(path: Path, grid: Grid) -> float | None:
    """A number in a region of a raster, or beside it, that stands for no value (``kinds.FILLS``) though the raster does not say so."""
    from osgeo import gdal

    with opened_raster(path, "The raster") as raster:
        band = raster.GetRasterBand(1)
        kind = gdal.GetDataTypeName(band.DataType)
        if band.GetNoDataValue() is not None or kind not in ("Int16", "Int32", "Float32", "Float64"):
            return None
        beside = STEP * (1 + np.arange(1 + int(2 * min(step_of(raster), 2.0) / STEP)))
    lat = np.concatenate([grid.lat[0] + beside[::-1], grid.lat, grid.lat[-1] - beside])
    around = Grid(lat[np.abs(lat) < 90.0], np.concatenate([grid.lon[0] - beside[::-1], grid.lon, grid.lon[-1] + beside]))
    for way in ("min", "max") if kind.startswith("Float") else ("min",):
        found = _warped(path, around, way)
        least = getattr(np, f"nan{way}")(found) if not np.isnan(found).all() else 0.0
        if least in kinds.FILLS or abs(least) > kinds.LARGEST:
            return float(least)
    return None


def undeclared_of(field: Any) -> float | None:
    """The same of a NetCDF variable, of its first date if it has several."""
    field = field.isel(time=0) if "time" in field.dims else field
    field = field.transpose("lat", "lon")
    step = max(1, _PIXELS // max(1, field.shape[1]))
    for first in range(0, field.shape[0], step):
        values = np.asarray(field[first : first + step].values)
        odd = values[kinds.undeclared(values, field.attrs)]
        if odd.size:
            return float(odd[0])
    return None


def step_of(raster: Any) -> float:
    """Degrees, about, from a raster's pixel to the next."""
    step = abs(float(raster.GetGeoTransform()[1]))
    return step if step < 2 and "GEOGCS" in raster.GetProjection()[:6] else step / 111_000.0


def warped(path: Path, grid: Grid, way: str = "", fine: int = 1) -> np.ndarray:
    """A raster in any projection on the cells, by GDAL's resampling ``way``: by default the average of a fine raster and the interpolation
    of a coarse one. The parts of a region beyond 180 degrees are warped on their own. ``fine``: pixels along a side of a cell. What stands
    for no value counts as none, also where the raster does not say so."""
    found = _warped(path, grid, way, fine, undeclared(path, grid))
    return np.where(np.abs(found) <= kinds.LARGEST, found, np.nan)


def _warped(path: Path, grid: Grid, way: str, fine: int = 1, fill: float | None = None) -> np.ndarray:
    """``warped``, with ``fill`` instead of the number that the raster declares to stand for no value."""
    from osgeo import gdal

    out = np.full((grid.shape[0] * fine, grid.shape[1] * fine), np.nan)
    west, south, _, north = grid.bounds
    beyond = grid.lon > 180.0
    with opened_raster(path, "The raster") as raster:
        how = way or ("average" if step_of(raster) < FINE else "bilinear")
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
                width=columns.size * fine,
                height=grid.lat.size * fine,
                resampleAlg=how,
                outputType=gdal.GDT_Float64,
                srcNodata=fill,
                dstNodata=np.nan,
            )
            size = columns.size * fine, grid.lat.size * fine
            values = np.frombuffer(part.ReadRaster(0, 0, *size, buf_type=gdal.GDT_Float64), dtype=float).reshape(size[::-1])
            out[:, columns[0] * fine : columns[0] * fine + size[0]] = values
    return out
