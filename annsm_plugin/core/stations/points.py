"""Writes stations, or cells with stations, as points of a GeoPackage."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..foundation import store
from ..foundation.paths import PathLike


def write_points(path: PathLike, rows: Sequence[Mapping[str, Any]], layer: str = "stations") -> Path:
    """Write ``rows`` (with ``lat``, ``lon`` in degrees and any other values by name) as points in EPSG:4326, atomically.

    The columns are those of all rows, in order of appearance; whether one holds text, whole or real numbers depends on its values. None
    and NaN become NULL.
    """
    from osgeo import gdal, ogr, osr

    with (
        store.atomic(path) as part,
        store.gdal_file(lambda: gdal.GetDriverByName("GPKG").Create(str(part), 0, 0, 0, gdal.GDT_Unknown)) as files,
    ):
        source = files[0]
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


def _plain(value: Any) -> int | float | str | None:
    """A value as GDAL takes it; None for NaN."""
    if value is None:
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, (int, float, str)) else str(value)


def _kind(values: Iterable[Any]) -> Any:
    """GDAL's type of a column with these values."""
    from osgeo import ogr

    values = list(values)
    plain = [v for v in map(_plain, values) if v is not None]
    if not plain and any(isinstance(v, float) for v in values):  # NaN alone
        return ogr.OFTReal
    if plain and all(isinstance(v, int) for v in plain):
        return ogr.OFTInteger64
    if plain and all(isinstance(v, (int, float)) for v in plain):
        return ogr.OFTReal
    return ogr.OFTString
