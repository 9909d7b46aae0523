"""What GDAL opens as rasters: sinusoidal tiles of MODIS (HDF4-EOS2) and GeoTIFFs that AppEEARS exports."""

from __future__ import annotations

import contextlib
import datetime
from pathlib import Path
from typing import Any

import numpy as np

from ....foundation import outside
from ....foundation.errors import ProductError
from ...access import LONGEST_AXIS, check_room, plain_name, unopened
from ...arrays import Arrays, Window, window_of
from ...naming import Entry
from .codes import PIXELS, SIDE, WHAT, corner, fields, tile_window


def read(entry: Entry, window: Window | None, wanted: dict[str, str]) -> Arrays:
    """The ``wanted`` (variable -> field) of a tile or a GeoTIFF; quality fields that the file has not are left out."""
    tile, field = entry.name.lower().endswith(".hdf"), wanted["lai_class"]
    with contextlib.ExitStack() as stack:
        try:
            names = _subdatasets(entry, stack, wanted) if tile else _beside(entry, wanted)
            if "lai_class" not in names:
                raise ProductError(entry.path, field, "no such field", WHAT)
            raster = outside.open_plain(names["lai_class"])
            crs = raster.GetProjection()
            x, y = _axes(entry, raster, tile)
            sinusoidal = tile or "sinusoidal" in crs.lower()
            if not sinusoidal and (not _is_geographic(crs) or np.abs(x).max() > 360.0 or np.abs(y).max() > 90.0):
                raise ProductError(
                    entry.path, field, f"the projection {crs[:60] or 'none'}", "longitude and latitude, or the sinusoidal grid"
                )
            row, column = tile_window(x, y, window) if sinusoidal else window_of(y, x, window, margin=1)
            size = (column.start, row.start, column.stop - column.start, row.stop - row.start)
            check_room(entry.path, field, size[2:], 8, WHAT)
            data = {}
            for variable, name in names.items():
                if not size[2] or not size[3]:
                    data[variable] = np.zeros((size[3], size[2]), np.uint8)
                elif variable == "lai_class":
                    data[variable] = raster.ReadAsArray(*size)
                else:
                    data[variable] = _quality(entry, wanted[variable], name, raster, size)
        except (RuntimeError, AttributeError) as error:
            raise ProductError(entry.path, field, unopened(entry.path, error), WHAT) from error
    codes = data["lai_class"]
    if codes is None or codes.dtype != np.uint8:
        raise ProductError(entry.path, field, f"data of type {getattr(codes, 'dtype', None)}", "8-bit codes")
    x, y = x[column], y[row]
    if not sinusoidal:
        return Arrays(y, x, data)
    dims: dict[str, tuple[str, ...]] = dict.fromkeys(data, ("y", "x"))
    return Arrays(np.zeros(0), np.zeros(0), data, {"crs": crs}, {}, dims, {"x": x, "y": y})


def _subdatasets(entry: Entry, stack: contextlib.ExitStack, wanted: dict[str, str]) -> dict[str, str]:
    """Variable -> GDAL's name of its field in a tile."""
    dataset = outside.open_plain(plain_name(entry.path, stack))
    check_date(entry, (dataset.GetMetadataItem("RANGEBEGINNINGDATE") or "") if dataset else "")
    there = {name.rsplit(":", 1)[-1].strip('"'): name for name, _ in (dataset.GetSubDatasets() if dataset else [])}
    return {variable: there[field] for variable, field in wanted.items() if field in there}


def _beside(entry: Entry, wanted: dict[str, str]) -> dict[str, str]:
    """Variable -> file: a GeoTIFF of leaf area index, and those with its quality that AppEEARS exports along with it."""
    own, found = Path(entry.path), {"lai_class": entry.path}
    for variable, field in wanted.items():
        other = own.with_name(own.name.replace(f"_{fields(entry.sensor).lai}_", f"_{field}_", 1))
        if other != own and other.is_file():
            found[variable] = str(other)
    return found


def _axes(entry: Entry, raster: Any, tile: bool) -> tuple[np.ndarray, np.ndarray]:
    """x and y (or longitudes and latitudes) of a raster's pixels; a tile must have its size and lie in its place."""
    field, transform = fields(entry.sensor).lai, raster.GetGeoTransform()
    columns, rows = raster.RasterXSize, raster.RasterYSize
    if tile and (columns, rows) != (PIXELS, PIXELS):
        raise ProductError(entry.path, field, f"{rows} x {columns} pixels", f"{PIXELS} x {PIXELS}")
    if raster.RasterCount != 1 or transform[2] != 0.0 or transform[4] != 0.0:
        raise ProductError(entry.path, field, f"{raster.RasterCount} bands, {_rotation(transform)}", "one band, north up")
    if max(rows, columns) > LONGEST_AXIS or not np.isfinite(transform).all():
        raise ProductError(entry.path, field, f"{rows} x {columns} pixels at {transform}", "pixels of leaf area index")
    if tile:
        check_place(entry, field, (transform[0], transform[3], transform[1], -transform[5]))
    return transform[0] + (np.arange(columns) + 0.5) * transform[1], transform[3] + (np.arange(rows) + 0.5) * transform[5]


def _quality(entry: Entry, field: str, name: str, raster: Any, size: tuple[int, int, int, int]) -> np.ndarray:
    """The quality of the same pixels: ``size`` is first column, first row, columns and rows of ``raster``."""
    found = outside.open_plain(name)
    if (found.RasterXSize, found.RasterYSize) != (raster.RasterXSize, raster.RasterYSize):
        shape = f"{found.RasterYSize} x {found.RasterXSize} pixels"
        raise ProductError(entry.path, field, shape, f"{raster.RasterYSize} x {raster.RasterXSize}, as the leaf area index has")
    bits: np.ndarray = found.ReadAsArray(*size)
    return bits


def check_date(entry: Entry, text: str) -> None:
    """Raise ``ProductError`` if the first day in a tile's metadata, ``text`` where they have it, is not the date in the name."""
    try:
        inside = datetime.date.fromisoformat(text.strip())
    except ValueError:
        return
    if inside != entry.date:
        raise ProductError(entry.path, "RANGEBEGINNINGDATE", str(inside), f"{entry.date}, as the name says")


def check_place(entry: Entry, field: str, found: tuple[float, float, float, float]) -> None:
    """Raise ``ProductError`` unless a tile lies where its name says, to half a pixel.

    ``found``: its west and north edge, width and height of a pixel (m).
    """
    west, north = corner(entry.tile)
    pixel = SIDE / PIXELS
    if max(abs(found[0] - west), abs(found[1] - north)) > pixel / 2 or max(abs(v / pixel - 1.0) for v in found[2:]) > 1e-3:
        where = f"a corner at {found[0]:.0f}, {found[1]:.0f} m and pixels of {found[2]:g} x {found[3]:g} m"
        raise ProductError(entry.path, field, where, f"the corner of {entry.tile} at {west:.0f}, {north:.0f} m, {pixel:.3f} m")


def _rotation(transform: tuple[float, ...]) -> str:
    return "not rotated" if transform[2] == transform[4] == 0.0 else "rotated"


def _is_geographic(crs: str) -> bool:
    """Whether the coordinates of a reference system (WKT) are longitude and latitude."""
    from osgeo import osr

    return bool(crs) and bool(osr.SpatialReference(crs).IsGeographic())
