"""Turns mask polygons into a mask of cells: a cell belongs to the region if its centre lies in a polygon."""

from __future__ import annotations

import numpy as np
from qgis.core import QgsCoordinateReferenceSystem, QgsFeatureRequest, QgsGeometry, QgsPoint

from ..core.foundation.errors import ParameterError
from ..core.foundation.grid import Grid


def cells_inside(source, grid: Grid, context, progress) -> np.ndarray:
    """(rows, columns) bool: cell centres of ``grid`` inside the polygons of ``source``, in any reference system.

    Longitudes of the grid beyond 180 are looked up at longitude - 360. Raises ``ParameterError`` if no cell is inside.
    """
    request = QgsFeatureRequest().setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"), context.transformContext())
    inside = np.zeros(grid.shape, dtype=bool)
    lon = np.where(grid.lon > 180.0, grid.lon - 360.0, grid.lon)
    for feature in source.getFeatures(request):
        progress.check()
        geometry = feature.geometry()
        if geometry.isNull():
            continue
        engine = QgsGeometry.createGeometryEngine(geometry.constGet())
        engine.prepareGeometry()
        box = geometry.boundingBox()
        rows = np.flatnonzero((grid.lat >= box.yMinimum()) & (grid.lat <= box.yMaximum()))
        columns = np.flatnonzero((lon >= box.xMinimum()) & (lon <= box.xMaximum()))
        for row in rows:
            for column in columns[~inside[row, columns]]:
                inside[row, column] = engine.contains(QgsPoint(float(lon[column]), float(grid.lat[row])))
    if not inside.any():
        raise ParameterError("MASK: no cell centre of the extent lies inside the polygons.")
    return inside
