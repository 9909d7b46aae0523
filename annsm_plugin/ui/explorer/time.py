"""The map's time: read, followed and set."""

from __future__ import annotations

import datetime

from qgis.core import QgsDateTimeRange, QgsTemporalNavigationObject
from qgis.PyQt.QtCore import QDate, QDateTime, QObject, Qt, QTime, pyqtSignal


class MapTime(QObject):
    """The day that the map shows: ``changed`` gives it (``datetime.date``, None without time); ``show`` sets it."""

    changed = pyqtSignal(object)

    def __init__(self, canvas, parent=None):
        super().__init__(parent)
        self._canvas = canvas
        canvas.temporalRangeChanged.connect(self._told)

    def day(self):
        """The day that the map shows, None if it shows no time."""
        begin = self._canvas.temporalRange().begin()
        return datetime.date(begin.date().year(), begin.date().month(), begin.date().day()) if begin.isValid() else None

    def _told(self) -> None:
        self.changed.emit(self.day())

    def show(self, day: datetime.date) -> None:
        """Let the map show a day: by the temporal controller if it animates, so that its slider follows, else directly."""
        begin = QDateTime(QDate(day.year, day.month, day.day), QTime(0, 0), Qt.TimeSpec.UTC)
        controller = self._canvas.temporalController()
        if isinstance(controller, QgsTemporalNavigationObject):
            animated = controller.navigationMode() == QgsTemporalNavigationObject.NavigationMode.Animated
            extents = controller.temporalExtents()
            if animated and extents.begin().isValid() and extents.begin() <= begin < extents.end():
                controller.setCurrentFrameNumber(controller.findBestFrameNumberForFrameStart(begin))
                if self.day() == day:
                    return
        self._canvas.setTemporalRange(QgsDateTimeRange(begin, begin.addDays(1), True, False))

    def close(self) -> None:
        """Stop following."""
        self._canvas.temporalRangeChanged.disconnect(self._told)
