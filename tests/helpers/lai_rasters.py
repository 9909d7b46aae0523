"""GeoTIFFs of leaf area index as AppEEARS exports them."""

from osgeo import gdal, osr

#: A name as AppEEARS gives it, of 2016-02-18.
TIF = "MCD15A2H.061_Lai_500m_doy2016049000000_aid0001.tif"
SINUSOIDAL = "+proj=sinu +lon_0=0 +x_0=0 +y_0=0 +R=6371007.181 +units=m +no_defs"


def raster(path, codes, transform, projection, kind=gdal.GDT_Byte):
    """Write ``codes`` (rows, columns) with a geotransform in a projection (any text that GDAL understands; empty: none)."""
    data = gdal.GetDriverByName("GTiff").Create(str(path), codes.shape[1], codes.shape[0], 1, kind)
    data.SetGeoTransform(transform)
    system = osr.SpatialReference()
    if projection:
        system.SetFromUserInput(projection)
        data.SetProjection(system.ExportToWkt())
    data.GetRasterBand(1).WriteArray(codes)
    data = None
    return path
