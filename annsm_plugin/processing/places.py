"""Turns features into places on the grid: a point is its cell, a polygon its cells weighted by the area that it covers of each."""

from __future__ import annotations

import math

import numpy as np
from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsFeatureRequest, QgsGeometry, QgsRectangle, QgsWkbTypes

from ..core.foundation.errors import ParameterError
from ..core.foundation.grid import STEP, Grid
from ..core.record.extraction import Place

_WGS84 = "EPSG:4326"


def extent_of(source, context) -> tuple[float, float, float, float]:
    """West, south, east, north in degrees of all features, with a cell around."""
    transform = QgsCoordinateTransform(source.sourceCrs(), QgsCoordinateReferenceSystem(_WGS84), context.transformContext())
    box = transform.transformBoundingBox(source.sourceExtent())
    if not source.featureCount() or not math.isfinite(box.xMinimum()):
        raise ParameterError("POINTS holds no feature.")
    return (
        max(-180.0, box.xMinimum() - STEP),
        max(-90.0, box.yMinimum() - STEP),
        min(180.0, box.xMaximum() + STEP),
        min(90.0, box.yMaximum() + STEP),
    )


def places_of(source, grid: Grid, name_field: str, context, progress) -> list[Place]:
    """One ``Place`` per feature of ``source`` (points or polygons, any reference system); without cells where it lies outside the grid.

    Raises ``ParameterError`` for a layer of lines, without features, or without the field.
    """
    fields = source.fields().names()
    if name_field and name_field not in fields:
        raise ParameterError(f"NAME_FIELD is '{name_field}', which the layer has not; it has {', '.join(fields) or 'no field'}.")
    if not name_field:
        name_field = next((f for f in fields if f.lower() in ("name", "station", "site", "id")), "")
    request = QgsFeatureRequest().setDestinationCrs(QgsCoordinateReferenceSystem(_WGS84), context.transformContext())
    found: list[Place] = []
    taken: dict[str, int] = {}
    for feature in source.getFeatures(request):
        progress.check()
        geometry = feature.geometry()
        name = str(feature[name_field]) if name_field else f"feature {feature.id()}"
        taken[name] = taken.get(name, 0) + 1
        name = name if taken[name] == 1 else f"{name} ({taken[name]})"
        if geometry.isNull():
            found.append(Place(name, np.zeros(0, dtype=int), np.zeros(0, dtype=int), np.zeros(0)))
        elif QgsWkbTypes.geometryType(geometry.wkbType()) == QgsWkbTypes.GeometryType.PointGeometry:
            found.append(_point(name, geometry, grid))
        elif QgsWkbTypes.geometryType(geometry.wkbType()) == QgsWkbTypes.GeometryType.PolygonGeometry:
            found.append(_area(name, geometry, grid))
        else:
            raise ParameterError("POINTS is a layer of lines; expected points or polygons.")
    if not found:
        raise ParameterError("POINTS holds no feature.")
    return found


def _point(name: str, geometry: QgsGeometry, grid: Grid) -> Place:
    found = [grid.cell_of(vertex.y(), vertex.x()) for vertex in geometry.vertices()]
    cells = sorted({cell for cell in found if cell is not None})
    rows, columns = np.array(cells, dtype=int).reshape(-1, 2).T
    return Place(name, rows, columns, np.ones(len(cells)))


def _area(name: str, geometry: QgsGeometry, grid: Grid) -> Place:
    """Cells that the polygon touches; weight: covered share of the cell times the cosine of its latitude. What lies outside counts too."""
    if not geometry.isGeosValid():
        geometry = geometry.makeValid()
    engine = QgsGeometry.createGeometryEngine(geometry.constGet())
    engine.prepareGeometry()
    box, half = geometry.boundingBox(), STEP / 2
    lon = np.where(grid.lon > 180.0, grid.lon - 360.0, grid.lon)
    rows = np.flatnonzero((grid.lat + half > box.yMinimum()) & (grid.lat - half < box.yMaximum()))
    columns = np.flatnonzero((lon + half > box.xMinimum()) & (lon - half < box.xMaximum()))
    cells, weights = [], []
    for row in rows:
        for column in columns:
            cell = QgsGeometry.fromRect(QgsRectangle(lon[column] - half, grid.lat[row] - half, lon[column] + half, grid.lat[row] + half))
            share = 1.0 if engine.contains(cell.constGet()) else geometry.intersection(cell).area() / STEP**2
            if share > 1e-9:
                cells.append((row, column))
                weights.append(share * math.cos(math.radians(grid.lat[row])))
    rows, columns = np.array(cells, dtype=int).reshape(-1, 2).T
    return Place(name, rows, columns, np.array(weights), _weight(geometry, box))


def _weight(geometry: QgsGeometry, box: QgsRectangle) -> float:
    """What the weights of all cells that a polygon touches would come to on a grid that holds it whole."""
    total, row = 0.0, math.floor(box.yMinimum() / STEP)
    while row * STEP < box.yMaximum():
        band = QgsRectangle(box.xMinimum() - STEP, row * STEP, box.xMaximum() + STEP, (row + 1) * STEP)
        total += geometry.intersection(QgsGeometry.fromRect(band)).area() / STEP**2 * math.cos(math.radians((row + 0.5) * STEP))
        row += 1
    return total
