"""Writes stations and their statistics as GeoPackage points, whole or not at all."""

from __future__ import annotations

import math
from pathlib import Path

from ..foundation import store
from .stations import POINT_MEASURES

#: What the columns of a product are called, with their units.
_MEASURES = {
    "n": "days",
    "r": "R",
    "r_low": "R, 95 % from",
    "r_high": "R, 95 % to",
    "p": "p of R",
    "rmse": "RMSE (m³ m⁻³)",
    "bias": "BIAS = in situ − product (m³ m⁻³)",
    "ubrmse": "ubRMSE (m³ m⁻³)",
    **{
        f"{name}_{end}": f"{title}, 95 % {word} (m³ m⁻³)"
        for name, title in (("rmse", "RMSE"), ("bias", "BIAS"), ("ubrmse", "ubRMSE"))
        for end, word in (("low", "from"), ("high", "to"))
    },
    "first": "first day",
    "last": "last day",
}

#: Titles of the products that can be validated.
_PRODUCTS = ("ANN-SM", "LPRM", "JAXA", "SMOS", "GLDAS", "SMAP")

#: What the other columns are called.
_PLACES = {
    "name": "name",
    "network": "network",
    "lat": "latitude (°)",
    "lon": "longitude (°)",
    "cell_lat": "latitude of the cell's centre (°)",
    "cell_lon": "longitude of the cell's centre (°)",
    "sites": "number of sites",
    "site_names": "sites",
    "status": "status",
    "depth_from": "depth from (m)",
    "depth_to": "depth to (m)",
    "first": "first day",
    "last": "last day",
    "n": "values",
    "mean": "mean (m³ m⁻³)",
}


def aliases() -> dict[str, str]:
    """Column -> its name with the unit, for every column that a layer of stations or station cells can have."""
    found = dict(_PLACES)
    for title in _PRODUCTS:
        for prefix, basis in (("", ""), ("common_", ", common days")):
            for name in POINT_MEASURES:
                found[f"{title.lower().replace('-', '')}_{prefix}{name}"] = f"{title}{basis}: {_MEASURES.get(name, name)}"
    return found


def write_points(path, rows: list[dict], layer: str = "stations") -> Path:
    """Write ``rows`` (dicts with ``lat``, ``lon`` in degrees and any other values) as points in EPSG:4326.

    The columns are those of all rows, in order of appearance: text, whole or real by their values; None and NaN become NULL.
    """
    from osgeo import gdal, ogr, osr

    with store.atomic(path) as part, store.gdal_errors():
        source = gdal.GetDriverByName("GPKG").Create(str(part), 0, 0, 0, gdal.GDT_Unknown)
        reference = osr.SpatialReference()
        reference.ImportFromEPSG(4326)
        reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        table = source.CreateLayer(layer, reference, ogr.wkbPoint)
        names = [name for name in dict.fromkeys(name for row in rows for name in row) if name.lower() != "fid"]
        for name in names:
            table.CreateField(ogr.FieldDefn(name, _kind([row.get(name) for row in rows])))
        table.StartTransaction()
        for row in rows:
            feature = ogr.Feature(table.GetLayerDefn())
            for name in names:
                value = _plain(row.get(name))
                if value is not None:
                    feature.SetField(name, value)
            point = ogr.Geometry(ogr.wkbPoint)
            point.AddPoint_2D(float(row["lon"]), float(row["lat"]))
            feature.SetGeometry(point)
            table.CreateFeature(feature)
            feature = None
        table.CommitTransaction()
        table = None
        source = None
    return Path(path)


def _plain(value):
    if value is None:
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, (int, float, str)) else str(value)


def _kind(values) -> int:
    from osgeo import ogr

    plain = [v for v in map(_plain, values) if v is not None]
    if not plain and any(isinstance(v, float) for v in values):  # NaN alone
        return ogr.OFTReal
    if plain and all(isinstance(v, int) for v in plain):
        return ogr.OFTInteger64
    if plain and all(isinstance(v, (int, float)) for v in plain):
        return ogr.OFTReal
    return ogr.OFTString
