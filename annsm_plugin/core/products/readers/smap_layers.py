"""One variable of SMAP as a GeoTIFF, as AppEEARS exports layers: on the product's own grid, or on longitudes and latitudes to which the
nearest pixel was copied. Of the copies of a pixel one is taken, so that the pixels are those of the product.
"""

from __future__ import annotations

import re
from collections.abc import Collection

import numpy as np

from ...foundation import outside
from ...foundation.errors import ProductError
from ..access import Source, check_file, check_room, quiet_gdal, unopened
from ..arrays import Arrays, Window, window_of
from ..naming import Entry
from . import ease, smap_values
from .smap_places import Place, of_axes

WHAT = "a GeoTIFF layer of SPL3SMP from AppEEARS"


def variable_of(layer: str) -> str:
    """The variable's name in the product, the evening's with _pm."""
    match = re.fullmatch(r"Soil_Moisture_Retrieval_Data_(AM|PM)_(\w+)", layer)
    if not match:
        return layer
    own = match.group(2)
    return own + "_pm" if match.group(1) == "PM" and not own.endswith("_pm") else own


def needs(layer: str) -> tuple[str, str]:
    """What a layer without times lacks, as what was found and what was expected."""
    way = "PM" if "_PM_" in layer else "AM"
    time = f"Soil_Moisture_Retrieval_Data_{way}_tb_time_seconds" + ("_pm" if way == "PM" else "")
    return f"the layer {layer} without the times of its pixels", f"the layer {time} of the same request beside it"


def read(entry: Entry, window: Window | None, variables: Collection[str] | None) -> Arrays:
    """The layer, as ``smap.read`` gives it. Raises ``ProductError`` if it stands alone: then its pixels have no times."""
    if not entry.partial:
        raise ProductError(entry.path, entry.layer, *needs(entry.layer))
    name = variable_of(entry.layer)
    suffix = "_pm" if name.endswith("_pm") else ""
    is_time = name == "tb_time_seconds" + suffix
    wanted = "observation_time" + suffix if is_time else name
    values, nodata, place = _raster(entry)
    rows, columns = window_of(place.lat, place.lon, window, margin=1)
    found = Arrays(place.lat[rows], place.lon[columns], {}, attrs={"release": entry.version or ""})
    plain = name.removesuffix("_pm")
    if (variables is not None and wanted not in variables) or not (is_time or plain in smap_values.FLAGS or plain in smap_values.FLOATS):
        return found
    source = Source(entry.path, WHAT, None)
    fill = smap_values.missing_as(values, nodata)
    field = place.cut(values[place.stored(rows, columns)], rows, columns, fill)
    if is_time:
        found.variables[wanted] = smap_values.moments(field, fill, entry.layer, source, entry)
    else:
        found.variables[wanted] = smap_values.decoded(field, name, entry.layer, fill, source)
        if plain in smap_values.FLOATS:
            found.units[wanted] = smap_values.FLOATS[plain][2]
    found.outliers = source.outliers
    return found


def _raster(entry: Entry) -> tuple[np.ndarray, float | None, Place]:
    """The numbers of the layer, their fill value and the place of its pixels in the product's grid."""
    check_file(entry.path, WHAT)
    with quiet_gdal():
        try:
            dataset = outside.open_plain(entry.path)
            transform, crs = dataset.GetGeoTransform(), dataset.GetProjection()
            band = dataset.GetRasterBand(1)
            nodata, bands = band.GetNoDataValue(), dataset.RasterCount
            check_room(entry.path, entry.layer, (dataset.RasterYSize, dataset.RasterXSize), 8, WHAT)
            values = band.ReadAsArray()
        except (RuntimeError, AttributeError) as error:
            raise ProductError(entry.path, entry.layer, unopened(entry.path, error), WHAT) from error
        finally:
            dataset = band = None
    if values is None or bands != 1 or transform[2] or transform[4]:
        raise ProductError(entry.path, entry.layer, f"{bands} bands, or a raster that is turned", "one band, north up")
    grid = smap_values.GRIDS[entry.product]
    y = transform[3] + (np.arange(values.shape[0]) + 0.5) * transform[5]
    x = transform[0] + (np.arange(values.shape[1]) + 0.5) * transform[1]
    if "PROJCS" in crs:
        rows, columns = ease.row_at(y, *grid), ease.column_at(x, grid[1])
    else:
        rows, columns = ease.row_of(np.clip(y, -90.0, 90.0), *grid), ease.column_of(x, grid[1])
    return values, nodata, of_axes(entry.path, entry.layer, rows, columns, grid)
