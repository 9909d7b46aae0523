"""The explorer's page: the picked cells beside their plot, and what is shown of them."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from qgis.core import Qgis, QgsProject
from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QFileDialog, QLabel, QSplitter, QVBoxLayout, QWidget

from ...processing.words import tr
from .. import messages
from ..background import Background
from . import project
from .bar import Bar
from .canvas import Plot, no_plot_yet
from .cells import Cell, CellList
from .map_tool import Marks, PickTool
from .time import MapTime

#: Wait so long (ms) after layers came or went before the files are looked at.
SETTLE = 300


class Explorer(QWidget):
    """Cells are picked with the map tool or ``pick``; ``read`` is emitted when a cell's story is complete."""

    read = pyqtSignal(object)

    def __init__(self, iface, parent=None):
        super().__init__(parent)
        self.iface, self.canvas = iface, iface.mapCanvas()
        self.cells: list[Cell] = []
        self.known: Any = None
        self.station_cells: list = []
        self.front: Cell | None = None
        self.background, self.files = Background(self), Background(self)
        self.time = MapTime(self.canvas, self)
        self.tool, self.marks = PickTool(self.canvas), Marks(self.canvas)
        self._before = None
        self._build()
        self.tool.picked.connect(self.pick)
        self.tool.activated.connect(lambda: self.pick_button.setChecked(True))
        self.tool.deactivated.connect(lambda: self.pick_button.setChecked(False))
        self.time.changed.connect(self._map_shows)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE)
        self._settle.timeout.connect(self.look)
        for signal in (QgsProject.instance().layersAdded, QgsProject.instance().layersRemoved, QgsProject.instance().cleared):
            signal.connect(self._layers_changed)
        self._settle.start()

    # -- what is seen -------------------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 2)
        self.bar = Bar(self)
        layout.addWidget(self.bar)
        self.pick_button, self.view = self.bar.pick, self.bar.view
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        layout.addWidget(splitter, 1)
        self.list = CellList(splitter)
        self.plot: Plot = Plot(splitter)
        splitter.setStretchFactor(0, 0)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([200, 800])
        self.status = QLabel(self)
        self.status.setTextFormat(Qt.TextFormat.PlainText)
        self.status.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addWidget(self.status)
        self.bar.pick.toggled.connect(self._use_tool)
        self.bar.clear.clicked.connect(self.clear)
        self.bar.whole.clicked.connect(lambda: self.plot.zoom_to())
        self.bar.figure.clicked.connect(self._ask_figure)
        self.bar.numbers.clicked.connect(self._ask_numbers)
        self.bar.changed.connect(self.draw)
        self.list.edited.connect(lambda cell: self._changed())
        self.list.chosen.connect(self._bring_front)
        self.list.removed.connect(self.remove)
        self.plot.clicked.connect(self.time.show)
        self.plot.hovered.connect(self._read_out)
        self.draw()

    # -- the project's files ------------------------------------------------------------------------------------------------------

    def _layers_changed(self, *_) -> None:
        self._settle.start()

    def look(self) -> None:
        """Look at the project's files again; the cells stay."""
        paths = project.paths()

        def work(job):
            from ...core.exploration import drawing, known  # noqa: F401 (drawing: so that the first click need not wait for it)
            from ...core.workers import examining

            examining.install()
            return known.know(paths)

        self.files.run("known", work, self._know, lambda error: messages.failed(self.iface, error))

    def _know(self, known) -> None:
        self.known = known
        for problem in known.problems:
            messages.log(problem, Qgis.MessageLevel.Warning)
        if not known:
            self._say(tr("The project has no ANN-SM file and no cube; run a chain on the other page, or add one."))
        else:
            names = ", ".join(file.path.name for file in known.gridded[:4])
            self._say(tr("Click a cell or a station. Found: {names}").format(names=names))
        self.station_cells = []
        if known and known.stations:
            self.files.run("stations", self._read_stations, self._know_stations, self._no_stations)
        self.refresh()

    def _read_stations(self, job):
        from ...core.exploration import stations
        from ...core.foundation.errors import AnnsmError

        found, problems = [], []
        for source in self.known.stations:
            try:
                found += stations.read(source, self.known, job)
            except AnnsmError as error:
                job.check()
                problems.append(f"{source.path}: {error}")
        return found, problems

    def _know_stations(self, result) -> None:
        self.station_cells, problems = result
        for problem in problems:
            messages.log(problem, Qgis.MessageLevel.Warning)
        if self.station_cells:
            self.refresh()

    def _no_stations(self, error) -> None:
        messages.failed(self.iface, error)

    # -- cells --------------------------------------------------------------------------------------------------------------------

    def pick(self, lat: float, lon: float, keep: bool = False) -> Cell | None:
        """Pick the cell at a position, or that of the station there; ``keep``: beside the others. None outside the files' cells."""
        from ...core.exploration import drawing, story

        if not self.known:
            self._say(tr("There is no ANN-SM file or cube in the project to look into."))
            return None
        point = project.station_near(self.canvas, lat, lon)
        if point is not None:
            lat, lon = point.lat, point.lon
        centre = story.centre(self.known, lat, lon)
        if centre is None:
            self._say(tr("{place} lies outside the cells of the project's files.").format(place=story.position(lat, lon)))
            return None
        same = next((cell for cell in self.cells if (cell.lat, cell.lon) == centre), None)
        if same is not None:
            same.pinned = same.pinned or keep
            self.front = same
            self._changed()
            return same
        if keep and self.cells:
            for cell in self.cells:
                cell.pinned = True
        for cell in [cell for cell in self.cells if not cell.pinned]:
            self._forget(cell)
        taken = {cell.colour for cell in self.cells}
        colour = next((c for c in drawing.COLOURS if c not in taken), drawing.COLOURS[len(self.cells) % len(drawing.COLOURS)])
        cell = Cell(*centre, colour, pinned=keep)
        self.cells.append(cell)
        self.front = cell
        self._read(cell)
        self._changed(draw=False)  # its story comes at once
        return cell

    def _read(self, cell: Cell) -> None:
        known, stations = self.known, list(self.station_cells)

        def work(job):
            from ...core.exploration import story

            told = None
            for told in story.read(known, cell.lat, cell.lon, stations, job):
                job.partly(told)
            return told

        def part(told):
            cell.story = told
            self._changed()

        def then(told):
            more = cell.story is None or told is None or told.series.keys() != cell.story.series.keys()
            more = more or (len(self.cells) == 1 and told.uncertainty is not cell.story.uncertainty)  # of one cell it is drawn
            cell.story = told
            self._changed(draw=more)
            self.read.emit(cell)

        self.background.run(cell.key, work, then, self._could_not_read, part)

    def _could_not_read(self, error) -> None:
        messages.failed(self.iface, error)
        self._settle.start()

    def refresh(self) -> None:
        """Read all cells again, those outside the files' cells are forgotten."""
        from ...core.exploration import story

        for cell in list(self.cells):
            if not self.known or story.centre(self.known, cell.lat, cell.lon) != (cell.lat, cell.lon):
                self._forget(cell)
            else:
                self._read(cell)
        self._changed()

    def remove(self, cell: Cell) -> None:
        """Forget a cell."""
        self._forget(cell)
        self._changed()

    def _forget(self, cell: Cell) -> None:
        self.background.drop(cell.key)
        self.cells.remove(cell)
        if self.front is cell:
            self.front = self.cells[-1] if self.cells else None

    def clear(self) -> None:
        """Forget all cells."""
        for cell in list(self.cells):
            self._forget(cell)
        self._changed()

    def _changed(self, draw: bool = True) -> None:
        """Show the cells in list and map and, with ``draw``, in the plot."""
        self.list.show_cells(self.cells, self.front)
        self.marks.show([(cell.lat, cell.lon, cell.colour, cell is self.front) for cell in self.cells])
        self.bar.offer([told for told, _ in self.stories()])
        if draw:
            self.draw()

    def _bring_front(self, cell: Cell) -> None:
        self.front = cell
        self._changed()

    # -- drawing ------------------------------------------------------------------------------------------------------------------

    def stories(self) -> list:
        """The stories that are drawn, under the users' names, with their colours."""
        return [(replace(cell.story, name=cell.title), cell.colour) for cell in self.cells if cell.story is not None]

    def inside(self, told):
        """(days,) bool: the days of a story that count in the scatter plot."""
        return self.bar.inside(told, self._days_shown)

    _days_shown = None

    def draw(self, *_) -> None:
        """Draw the chosen view of the cells."""
        if self.plot.axes is not None and self.plot.shown_days() is not None:
            self._days_shown = self.plot.shown_days()
        drawn = bool(self.stories())
        self.bar.arrange(drawn)
        self.plot.draw(self._fill, daily=drawn and self.bar.kind in ("series", "anomalies"))
        self.plot.show_day(self.time.day())

    def _fill(self, figure):
        """Draw the chosen view into a figure; returns its axes."""
        drawn = self.stories()
        if not drawn:
            return no_plot_yet(figure)
        from ...core.exploration import drawing

        stories, colours = [told for told, _ in drawn], [colour for _, colour in drawn]
        if self.bar.kind == "scatter":
            product, reference = self.bar.product.currentText(), self.bar.reference.currentText()
            drawing.scatter(figure, stories, colours, product, reference, self.inside)
            return figure.axes[0]
        return getattr(drawing, self.bar.kind)(figure, stories, colours, self.bar.shown(stories))

    # -- time and numbers ---------------------------------------------------------------------------------------------------------

    def _map_shows(self, day) -> None:
        self.plot.show_day(day)
        if day is not None:
            self._read_out(day)

    def values_on(self, day: datetime.date) -> list[str]:
        """What the cells have on a day, a line each."""
        import numpy as np

        lines = []
        for told, _ in self.stories():
            at = (np.datetime64(day) - told.dates[0]).astype(int)
            if 0 <= at < told.dates.size:
                values = [f"{title} {v[at]:.3f}" for title, v in told.series.items() if np.isfinite(v[at])]
                lines.append(f"{told.title}: {', '.join(values) or tr('no value')}")
        return lines

    def _read_out(self, day) -> None:
        if day is None:
            return
        self._say(f"{day.isoformat()}   " + "   |   ".join(self.values_on(day)[:3]))

    def _say(self, text: str) -> None:
        self.status.setText(text)

    # -- saving -------------------------------------------------------------------------------------------------------------------

    def _ask_figure(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, tr("Save figure"), "annsm_cells.png", "PNG (*.png);;PDF (*.pdf);;SVG (*.svg)")
        if path:
            self._saved(self.save_figure, path)

    def _ask_numbers(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, tr("Save numbers"), "annsm_cells.csv", "CSV (*.csv)")
        if path:
            self._saved(self.save_numbers, path)

    def _saved(self, save, path: str) -> None:
        try:
            save(path)
        except Exception as error:  # told, whatever it is
            messages.failed(self.iface, error)
        else:
            messages.tell(self.iface, tr("Saved: {path}").format(path=path), level=Qgis.MessageLevel.Success, seconds=5)

    def save_figure(self, path: str) -> None:
        """Save the view as PNG, PDF or SVG at the size of a journal page, 300 dpi, drawn anew with the same days. Raises ``AnnsmError``."""
        from ...core.exploration.saving import save_figure

        limits = self.plot.axes.get_xlim(), self.plot.axes.get_ylim()

        def fill(figure):
            axes = self._fill(figure)
            axes.set_xlim(limits[0])
            axes.set_ylim(limits[1])

        save_figure(path, fill)

    def save_numbers(self, path: str) -> None:
        """Save the numbers behind the view as CSV. Raises ``AnnsmError``."""
        from ...core.exploration import saving, views

        stories = [told for told, _ in self.stories()]
        if self.bar.kind == "scatter":
            text = views.measures_csv(stories, self.bar.reference.currentText(), self.inside)
        elif self.bar.kind == "course":
            text = views.course_csv(stories)
        else:
            text = views.series_csv(stories)
        saving.save_text(path, text)

    # -- the map tool -------------------------------------------------------------------------------------------------------------

    def _use_tool(self, on: bool) -> None:
        if on and self.canvas.mapTool() is not self.tool:
            self._before = self.canvas.mapTool()
            self.canvas.setMapTool(self.tool)
        elif not on and self.canvas.mapTool() is self.tool:
            if self._before is not None:
                self.canvas.setMapTool(self._before)
            else:
                self.canvas.unsetMapTool(self.tool)

    def close_explorer(self) -> None:
        """Take everything away from the window."""
        self._settle.stop()
        for signal in (QgsProject.instance().layersAdded, QgsProject.instance().layersRemoved, QgsProject.instance().cleared):
            signal.disconnect(self._layers_changed)
        self._use_tool(False)
        self.canvas.unsetMapTool(self.tool)
        self.time.close()
        self.background.close()
        self.files.close()
        self.marks.clear()
        self.plot.close_plot()
