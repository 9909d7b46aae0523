"""Maps as GeoTIFF files."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .. import libraries
from ..grid import STEP, Grid
from ..paths import PathLike
from .gridded import WGS84
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
    with atomic(path) as part, gdal_errors():
        raster = gdal.GetDriverByName("GTiff").Create(
            str(part), values.shape[2], values.shape[1], values.shape[0], gdal.GDT_Float32, ["COMPRESS=DEFLATE"]
        )
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
