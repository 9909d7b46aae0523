"""Picking cells on the map, and showing which are picked."""

from __future__ import annotations

from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsGeometry, QgsPointXY, QgsProject, QgsRectangle, QgsWkbTypes
from qgis.gui import QgsMapTool, QgsRubberBand
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor

from ...core.foundation.grid import STEP

WGS84 = "EPSG:4326"


def to_degrees(canvas, point: QgsPointXY) -> tuple[float, float]:
    """Latitude and longitude of a point of the map."""
    change = QgsCoordinateTransform(canvas.mapSettings().destinationCrs(), QgsCoordinateReferenceSystem(WGS84), QgsProject.instance())
    found = change.transform(point)
    return found.y(), found.x()


class PickTool(QgsMapTool):
    """A click gives latitude, longitude and whether the cell is to be kept beside the others (Ctrl or Shift held)."""

    picked = pyqtSignal(float, float, bool)

    def __init__(self, canvas):
        super().__init__(canvas)
        self.setCursor(Qt.CursorShape.CrossCursor)

    def canvasReleaseEvent(self, event):
        if event.button() != Qt.MouseButton.LeftButton:
            return
        lat, lon = to_degrees(self.canvas(), event.mapPoint())
        held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        self.picked.emit(lat, lon, bool(held))


class Marks:
    """The outlines of the picked cells on the map, each in its colour."""

    def __init__(self, canvas):
        self._canvas, self._bands = canvas, []

    def show(self, cells) -> None:
        """``cells``: (lat, lon, colour, whether it is the one in front) of each."""
        self.clear()
        half = STEP / 2
        for lat, lon, colour, front in cells:
            band = QgsRubberBand(self._canvas, QgsWkbTypes.GeometryType.PolygonGeometry)
            outline = QgsGeometry.fromRect(QgsRectangle(lon - half, lat - half, lon + half, lat + half)).densifyByCount(4)
            band.setToGeometry(outline, QgsCoordinateReferenceSystem(WGS84))
            band.setStrokeColor(QColor(colour))
            band.setFillColor(QColor(0, 0, 0, 0))
            band.setWidth(3 if front else 2)
            self._bands.append(band)

    def clear(self) -> None:
        """Take all outlines away."""
        for band in self._bands:
            self._canvas.scene().removeItem(band)
        self._bands = []
