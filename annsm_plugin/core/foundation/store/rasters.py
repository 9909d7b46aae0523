"""Maps as GeoTIFF files, and rasters from outside."""

from __future__ import annotations

import contextlib
import errno
import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .. import libraries
from ..errors import AnnsmError, CubeError
from ..grid import STEP, Grid
from ..outside import open_followed, wrong_kind, wrong_references
from ..paths import PathLike, no_file
from .examined import examine
from .gridded import WGS84
from .guard import DEFLATE, MOST_OF_A_CHUNK, SMALL, guard
from .whole import atomic


def write_raster(
    path: PathLike,
    values: np.ndarray | Sequence[np.ndarray],
    grid: Grid,
    *,
    bands: Sequence[str] = ("",),
    units: str = "",
    nodata: float = -9999.0,
) -> Path:
    """Write (rows, columns) or (bands, rows, columns) ``values``, NaN = missing, as a GeoTIFF in EPSG:4326, atomically.

    ``bands`` are the bands' descriptions.
    """
    from osgeo import gdal

    values = np.asarray(values, dtype="float32")
    if values.ndim == 2:
        values = values[np.newaxis]
    with (
        atomic(path) as part,
        gdal_file(
            lambda: gdal.GetDriverByName("GTiff").Create(
                str(part), values.shape[2], values.shape[1], values.shape[0], gdal.GDT_Float32, ["COMPRESS=DEFLATE"]
            )
        ) as files,
    ):
        raster = files[0]
        west, _, _, north = grid.bounds
        raster.SetGeoTransform((west, STEP, 0.0, north, 0.0, -STEP))
        raster.SetProjection(WGS84)
        for number, layer in enumerate(values, start=1):
            band = raster.GetRasterBand(number)
            band.SetNoDataValue(nodata)
            band.SetDescription(bands[number - 1] if number <= len(bands) else "")
            band.SetUnitType(units)
            data = np.where(np.isfinite(layer), layer, nodata).astype("float32")
            band.WriteRaster(0, 0, values.shape[2], values.shape[1], data.tobytes())
            band.FlushCache()
        band = None
        raster = None
    return Path(path)


#: Makes an error of what was found and what is expected.
Refusal = Callable[[str, str], AnnsmError]

#: Pixels of a raster that are looked through without asking whether the file can hold them.
_FEW_PIXELS = 2**26


@contextlib.contextmanager
def open_raster(path: PathLike, expected: str, refuse: Refusal | None = None) -> Iterator[Any]:
    """GDAL's raster of a file, to be used inside the block, where GDAL raises exceptions.

    Whatever goes wrong there becomes a ``CubeError``, or what ``refuse`` makes of found and expected; so does a raster whose place on
    the earth is no numbers, whose blocks do not fit into memory, that is far larger than its file, or that refers to what may not be
    followed (``outside``).
    """

    def check(wrong: str) -> None:
        if wrong:
            raise refuse(wrong, expected) if refuse else CubeError(path, wrong, expected)

    check(no_file(path))
    with gdal_errors(), guard(path, expected, refuse=refuse):
        check(wrong_kind(path))
    examine(path, expected, refuse)
    with gdal_errors(), guard(path, expected, refuse=refuse):
        raster = open_followed(path)
        check(wrong_references(raster) or _wrong(raster))  # the list of its files is made by following them
        yield raster
        raster = None


def _wrong(raster: Any) -> str:
    """What is wrong with a raster before anything is read of it, empty for nothing."""
    transform = raster.GetGeoTransform()
    if not all(map(math.isfinite, transform)) or not transform[1] * transform[5] - transform[2] * transform[4]:
        return f"pixels that lie nowhere: {transform}"
    rows, columns = raster.RasterYSize, raster.RasterXSize
    band = raster.GetRasterBand(1) if raster.RasterCount else None
    if band is None:
        return "no band"
    across, down = band.GetBlockSize()
    if across * down * 16 > 4 * MOST_OF_A_CHUNK:
        return f"blocks of {down} x {across} pixels"
    there = sum(Path(name).stat().st_size for name in raster.GetFileList() or () if Path(name).is_file())
    if rows * columns > max(_FEW_PIXELS, DEFLATE * max(there, SMALL // DEFLATE)):
        return f"{rows} x {columns} pixels in {there} bytes"
    return ""


@contextlib.contextmanager
def gdal_file(create: Callable[[], Any]) -> Iterator[list[Any]]:
    """A list with the one dataset that ``create`` makes, which is closed at the end, when nothing else refers to it any more.

    GDAL writes some of a file only when it closes it, where its errors are lost unless they are asked for: raises ``OSError`` for them.
    """
    from osgeo import gdal

    files: list[Any] = []
    try:
        with gdal_errors():
            files.append(create())
            yield files
    except RuntimeError as error:
        raise _refused(str(error)) from error
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    used = gdal.GetUseExceptions()
    gdal.DontUseExceptions()
    try:
        gdal.ErrorReset()
        files.clear()
        failed, words = gdal.GetLastErrorType() >= gdal.CE_Failure, gdal.GetLastErrorMsg()
    finally:
        if used:
            gdal.UseExceptions()
        gdal.PopErrorHandler()
    if failed:
        raise _refused(words)


def _refused(words: str) -> OSError:
    """What GDAL says that it could not write, as an error of the system."""
    return OSError(errno.EIO, words)


@contextlib.contextmanager
def gdal_errors() -> Any:
    """Let GDAL raise exceptions inside the block, whatever the process has chosen."""
    from osgeo import gdal

    libraries.quiet_hdf5()
    used = gdal.GetUseExceptions()
    gdal.UseExceptions()
    try:
        yield
    finally:
        if not used:
            gdal.DontUseExceptions()
