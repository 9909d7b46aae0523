"""What the project shows: the paths of its layers, and the station points that can be clicked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsGeometry,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ...core.foundation.paths import file_of

_NETCDF = re.compile(r'^NETCDF:"?(.+?)"?:[^:"]+$')


@dataclass(frozen=True)
class Point:
    """A station on the map: its name and position in degrees."""

    name: str
    lat: float
    lon: float


def path_of(layer) -> Path | None:
    """The NetCDF file or GeoPackage behind a layer, None for another."""
    source = layer.source()
    if isinstance(layer, QgsRasterLayer):
        found = _NETCDF.match(source)
        path = found.group(1) if found else source
        return Path(path) if path.lower().endswith((".nc", ".nc4")) else None
    if isinstance(layer, QgsVectorLayer):
        path = file_of(source)
        return Path(path) if path.lower().endswith(".gpkg") else None
    return None


def paths() -> list[Path]:
    """The files behind the project's layers, those on top first, each once."""
    order = QgsProject.instance().layerTreeRoot().layerOrder()
    layers = [*order, *(layer for layer in QgsProject.instance().mapLayers().values() if layer not in order)]
    return list(dict.fromkeys(path for path in map(path_of, layers) if path is not None))


def station_layers() -> list[QgsVectorLayer]:
    """The point layers of the project that hold stations: those with a name and network, or made by the plugin."""
    found = []
    for layer in QgsProject.instance().mapLayers().values():
        if isinstance(layer, QgsVectorLayer) and layer.geometryType() == QgsWkbTypes.GeometryType.PointGeometry:
            fields = {field.name().lower() for field in layer.fields()}
            if "name" in fields and fields & {"network", "site_names", "depth_from"}:
                found.append(layer)
    return found


def station_near(canvas, lat: float, lon: float, pixels: float = 8.0) -> Point | None:
    """The station of a visible layer nearest to a position, within some pixels of the map."""
    wgs84 = QgsCoordinateReferenceSystem("EPSG:4326")
    visible = canvas.layers()
    centre = QgsGeometry.fromWkt(f"POINT({lon} {lat})")
    reach = pixels * _degrees_per_pixel(canvas)
    best, nearest = None, reach
    for layer in station_layers():
        if layer not in visible:
            continue
        change = QgsCoordinateTransform(layer.crs(), wgs84, QgsProject.instance())
        for feature in layer.getFeatures():
            if not feature.hasGeometry() or feature.geometry().isMultipart():
                continue
            point = change.transform(feature.geometry().asPoint())
            distance = centre.distance(QgsGeometry.fromPointXY(point))
            if distance <= nearest:
                best, nearest = Point(str(feature["name"]), point.y(), point.x()), distance
    return best


def _degrees_per_pixel(canvas) -> float:
    change = QgsCoordinateTransform(canvas.mapSettings().destinationCrs(), QgsCoordinateReferenceSystem("EPSG:4326"), QgsProject.instance())
    box = change.transformBoundingBox(canvas.extent())
    return box.width() / max(1, canvas.width())
