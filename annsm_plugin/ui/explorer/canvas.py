"""The plot: a matplotlib figure in the window that is zoomed and moved with the mouse and has a cursor of days."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QLabel, QVBoxLayout, QWidget

from ...core.foundation.errors import MissingLibrary
from ...core.foundation.libraries import load
from ...processing.words import tr

#: One step of the wheel shows this share of what was shown.
STEP = 0.8

#: A press and release within so many pixels is a click.
STILL = 4


def _backend():
    """The class of matplotlib's canvas for the Qt that QGIS has loaded."""
    load("matplotlib")
    try:
        from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
    except ImportError:  # before 3.5
        from matplotlib.backends.backend_qt5agg import FigureCanvasQTAgg
    return FigureCanvasQTAgg


class Plot(QWidget):
    """A figure. ``draw(function)`` lets a function fill it; ``clicked`` and ``hovered`` give the day under the mouse (ordinal or None).

    Wheel: zoom in time (with Ctrl in the values). Drag: move. Double click: all. The zoom in time is kept from one drawing to the next.
    """

    clicked = pyqtSignal(object)
    hovered = pyqtSignal(object)

    def __init__(self, parent=None):
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.figure: Any = None
        self.canvas: Any = None
        self.axes: Any = None
        self._line: Any = None
        self._picture: Any = None
        self._day: Any = None
        self._pressed: Any = None
        self._shown: Any = None
        self._limits: Any = None
        self._daily = False
        try:
            canvas = _backend()
            from matplotlib.figure import Figure
        except MissingLibrary as error:
            label = QLabel(str(error), self)
            label.setWordWrap(True)
            layout.addWidget(label)
            return
        self.figure = Figure(layout="constrained", dpi=self.logicalDpiX())
        self.canvas = canvas(self.figure)
        self.canvas.setMinimumSize(240, 150)
        layout.addWidget(self.canvas)
        for name, slot in (
            ("scroll_event", self._wheel),
            ("button_press_event", self._press),
            ("motion_notify_event", self._move),
            ("button_release_event", self._release),
            ("figure_leave_event", lambda event: self.hovered.emit(None)),
            ("draw_event", self._drawn),
            ("resize_event", lambda event: self._lay_out(True)),
        ):
            self.canvas.mpl_connect(name, slot)

    def draw(self, fill, daily: bool) -> None:
        """Clear the figure, let ``fill(figure)`` draw and return its axes; ``daily``: x counts days, and the zoom in time is kept."""
        if self.figure is None:
            return
        keep = self._shown if daily and self._daily else None
        self.figure.clear()
        self._lay_out(True)
        self._line = self._picture = None
        self.axes, self._daily = fill(self.figure), daily
        if self.axes is not None and daily:
            self._limits = self.axes.get_xlim(), self.axes.get_ylim()
            self._line = self.axes.axvline(self._limits[0][0], color="#c1440e", linewidth=0.9, animated=True, visible=False)
            self.axes.set_xlim(self._limits[0] if keep is None else keep)
            self.axes.set_ylim(self._limits[1])
        self.canvas.draw_idle()

    def show_day(self, day) -> None:
        """Mark a day (``datetime.date`` or None) by a line; nothing is drawn anew."""
        self._day = day
        if self._line is None:
            return
        self._line.set_visible(day is not None)
        if day is not None:
            from matplotlib.dates import date2num

            self._line.set_xdata([date2num(day)] * 2)
        self._blit()

    def zoom_to(self, first=None, last=None) -> None:
        """Show the days from ``first`` to ``last``; None: all."""
        if self.axes is None or not self._daily:
            return
        if first is None or last is None:
            self._shown = None
            self.axes.set_xlim(self._limits[0])
            self.axes.set_ylim(self._limits[1])
        else:
            from matplotlib.dates import date2num

            self._shown = (date2num(first), date2num(last))
            self.axes.set_xlim(self._shown)
        self.canvas.draw_idle()

    def shown_days(self):
        """First and last day that are shown (``datetime.date``), None where the axis counts no days."""
        if self.axes is None or not self._daily:
            return None
        from matplotlib.dates import num2date

        return tuple(num2date(x).date() for x in self.axes.get_xlim())

    def _drawn(self, event) -> None:
        self._picture = self.canvas.copy_from_bbox(self.figure.bbox)
        if self._line is not None and self._line.get_visible():
            self.axes.draw_artist(self._line)
        self._lay_out(False)  # found once, kept while the plot is moved and zoomed

    def _lay_out(self, on: bool) -> None:
        """Whether the next drawing arranges the figure, which takes as long as drawing it."""
        if hasattr(self.figure, "set_layout_engine"):  # from 3.6
            self.figure.set_layout_engine("constrained" if on else "none")

    def _blit(self) -> None:
        """Put the line of the day over the figure as it was drawn last."""
        if self._picture is None or self._line is None or self._day is None:
            return
        self.canvas.restore_region(self._picture)
        self.axes.draw_artist(self._line)
        self.canvas.blit(self.figure.bbox)

    def _day_at(self, event):
        if not self._daily or event.inaxes is not self.axes or event.xdata is None:
            return None
        from matplotlib.dates import num2date

        try:
            return num2date(event.xdata).date()
        except (ValueError, OverflowError):
            return None

    def _wheel(self, event) -> None:
        if event.inaxes is not self.axes or self.axes is None:
            return
        factor = STEP if event.step > 0 else 1 / STEP
        value = event.key == "control"
        middle = event.ydata if value else event.xdata
        low, high = self.axes.get_ylim() if value else self.axes.get_xlim()
        limits = (middle - (middle - low) * factor, middle + (high - middle) * factor)
        if value:
            self.axes.set_ylim(limits)
        else:
            self._set_time(limits)
        self.canvas.draw_idle()

    def _set_time(self, limits) -> None:
        self.axes.set_xlim(limits)
        if self._daily:
            self._shown = limits

    def _press(self, event) -> None:
        if event.inaxes is not self.axes or self.axes is None:
            return
        if event.dblclick:
            self.zoom_to()
            return
        if event.button == 1:
            self._pressed = (event.x, event.y, self.axes.get_xlim(), self.axes.get_ylim())

    def _move(self, event) -> None:
        if self._pressed is None or not self._daily:
            self.hovered.emit(self._day_at(event))
            return
        x, y, across, up = self._pressed
        if abs(event.x - x) + abs(event.y - y) < STILL:
            return
        box = self.axes.bbox
        moved = (event.x - x) / box.width * (across[1] - across[0])
        raised = (event.y - y) / box.height * (up[1] - up[0])
        self._set_time((across[0] - moved, across[1] - moved))
        self.axes.set_ylim(up[0] - raised, up[1] - raised)
        self.canvas.draw_idle()

    def _release(self, event) -> None:
        if self._pressed is None:
            return
        x, y, _, _ = self._pressed
        self._pressed = None
        if abs(event.x - x) + abs(event.y - y) < STILL:
            day = self._day_at(event)
            if day is not None:
                self.clicked.emit(day)

    def close_plot(self) -> None:
        """Let go of the figure."""
        if self.canvas is not None:
            self.canvas.close()
        self.figure = self.canvas = self.axes = self._line = self._picture = None


def no_plot_yet(figure):
    """What is shown before a cell is picked."""
    place = figure.add_subplot()
    place.set_axis_off()
    place.text(0.5, 0.5, tr("Click a cell or a station on the map."), ha="center", va="center", fontsize=9, color="#777777")
