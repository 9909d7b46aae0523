"""Leaf area index of MODIS and VIIRS: sinusoidal tiles (HDF4-EOS2, HDF-EOS5) and AppEEARS exports (NetCDF, GeoTIFF)."""

from __future__ import annotations

from collections.abc import Collection

from ...access import check_file, quiet_gdal
from ...arrays import Arrays, Window
from ...naming import Entry
from . import exports, rasters, viirs
from .codes import PIXELS, SIDE, SPHERE, VALUES, WHAT, good_quality, wanted

__all__ = ["PIXELS", "SIDE", "SPHERE", "VALUES", "WHAT", "good_quality", "read"]


def read(entry: Entry, window: Window | None = None, variables: Collection[str] | None = None) -> Arrays:
    """``lai`` (m2 m-2, NaN where missing), ``lai_class`` (uint8 codes as stored, 249-255 for no value), ``lai_qc`` and, of VIIRS,
    ``lai_extra_qc`` (quality bits).

    A sinusoidal tile has the dimensions (y, x), the coordinates x and y (m) and the attribute ``crs`` (WKT); an AppEEARS NetCDF file
    (time, lat, lon) and the coordinate ``time`` (datetime64[D]); an AppEEARS GeoTIFF (lat, lon). ``lai_class`` is always read, the
    others if ``variables`` names them. Of an AppEEARS NetCDF file ``variables`` may be "time" alone, to read nothing but the dates.
    """
    fields = wanted(entry.sensor, variables)
    name = entry.name.lower()
    if name.endswith((".nc", ".nc4")):
        if variables is not None and set(variables) == {"time"}:
            return exports.read_dates(entry)
        arrays = exports.read(entry, window, fields)
    elif name.endswith(".h5"):
        arrays = viirs.read(entry, window, fields)
    else:
        check_file(entry.path, WHAT)
        with quiet_gdal():
            arrays = rasters.read(entry, window, fields)
    if variables is None or "lai" in variables:
        arrays.variables = {"lai": VALUES[arrays.variables["lai_class"]], **arrays.variables}
        arrays.dims["lai"] = arrays.dims.get("lai_class", ("lat", "lon"))
        arrays.units["lai"] = "m2 m-2"
    return arrays
