"""Small files of extra predictors as their archives give them: GeoTIFFs and AppEEARS exports."""

from __future__ import annotations

import netCDF4
import numpy as np
from osgeo import gdal, osr


def tif(path, values, west, north, step, *, nodata=None, kind=gdal.GDT_Int16, srs="EPSG:4326", colours=False):
    """A GeoTIFF of ``values`` (rows, columns), north first; ``step``: one number, or west to east and north to south."""
    rows, columns = values.shape
    raster = gdal.GetDriverByName("GTiff").Create(str(path), columns, rows, 1, kind)
    raster.SetGeoTransform((west, step, 0, north, 0, -step))
    system = osr.SpatialReference()
    system.SetFromUserInput(srs)
    raster.SetProjection(system.ExportToWkt())
    band = raster.GetRasterBand(1)
    if nodata is not None:
        band.SetNoDataValue(nodata)
    if colours:
        table = gdal.ColorTable()
        table.SetColorEntry(1, (0, 99, 0, 255))
        band.SetColorTable(table)
    band.WriteArray(values)
    band = raster = None
    return path


def export(path, layers, starts, lat, lon, *, calendar="julian"):
    """An AppEEARS NetCDF: ``layers`` name -> (stored (time, lat, lon) values, type, attributes with ``_FillValue``)."""
    with netCDF4.Dataset(path, "w") as file:
        for name, size in (("time", len(starts)), ("lat", lat.size), ("lon", lon.size)):
            file.createDimension(name, size)
        time = file.createVariable("time", "i4", ("time",))
        time.setncatts({"units": "days since 2000-01-01 00:00:00", "calendar": calendar, "standard_name": "time", "axis": "T"})
        time[:] = (np.asarray(starts, "datetime64[D]") - np.datetime64("2000-01-01")).astype(int)
        for name, axis in (("lat", lat), ("lon", lon)):
            file.createVariable(name, "f8", (name,))[:] = axis
        file.createVariable("crs", "i1", ())
        for name, (values, kind, attributes) in layers.items():
            about = dict(attributes)
            put = file.createVariable(name, kind, ("time", "lat", "lon"), fill_value=about.pop("_FillValue"))
            put.set_auto_maskandscale(False)
            put.setncatts({**about, "grid_mapping": "crs"})
            put[:] = values
    return path
