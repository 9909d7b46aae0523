"""The explorer's page: the picked cells beside their plot, and what is shown of them."""

from __future__ import annotations

import datetime
import itertools
from dataclasses import dataclass, field
from typing import Any

from qgis.core import Qgis, QgsProject
from qgis.PyQt.QtCore import QSize, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QColor, QIcon, QPixmap
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...processing.words import tr
from .. import messages
from ..background import Background
from . import project
from .canvas import Plot, no_plot_yet
from .map_tool import Marks, PickTool
from .time import MapTime

#: Wait so long (ms) after layers came or went before the files are looked at.
SETTLE = 300

VIEWS = ("series", "scatter", "course", "anomalies")

_numbers = itertools.count()


@dataclass
class Cell:
    """A picked cell: its centre, colour, whether it stays when another is picked, its own name, and its story once it is read."""

    lat: float
    lon: float
    colour: str
    pinned: bool = False
    name: str = ""
    story: Any = None
    key: str = field(default_factory=lambda: f"cell {next(_numbers)}")

    @property
    def title(self) -> str:
        """The user's name for it, or that of its story."""
        from ...core.exploration.story import position

        return self.name or (self.story.title if self.story is not None else position(self.lat, self.lon))


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
        self.hidden: set[str] = set()
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
        bar = QHBoxLayout()
        layout.addLayout(bar)
        self.pick_button = self._button(tr("Pick"), tr("Click cells or stations on the map; with Ctrl they stay beside each other"), True)
        self.pick_button.toggled.connect(self._use_tool)
        self.clear_button = self._button(tr("Clear"), tr("Forget all cells"))
        self.clear_button.clicked.connect(self.clear)
        self.view = self._choice([tr("Series"), tr("Scatter"), tr("Year's course"), tr("Anomalies")], tr("What is drawn"))
        self.shown_button = self._button(tr("Shown"), tr("Which series are drawn"))
        self.shown_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.shown_menu = QMenu(self)
        self.shown_button.setMenu(self.shown_menu)
        self.product = self._choice([], tr("Product on the horizontal axis"))
        self.reference = self._choice([], tr("Reference on the vertical axis"))
        self.days = self._choice([tr("All days"), tr("Training period"), tr("Test period"), tr("Days shown")], tr("Days that count"))
        self.whole_button = self._button(tr("All days"), tr("Show all days (double click)"))
        self.whole_button.clicked.connect(lambda: self.plot.zoom_to())
        self.save_button = self._button(tr("Save figure …"), tr("PNG, PDF or SVG"))
        self.save_button.clicked.connect(self._ask_figure)
        self.table_button = self._button(tr("Save numbers …"), tr("CSV"))
        self.table_button.clicked.connect(self._ask_numbers)
        for part in (self.pick_button, self.clear_button, self.view, self.shown_button, self.product, self.reference, self.days,
                     self.whole_button):  # fmt: skip
            bar.addWidget(part)
        bar.addStretch(1)
        bar.addWidget(self.save_button)
        bar.addWidget(self.table_button)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        layout.addWidget(splitter, 1)
        self.list = QListWidget(splitter)
        self.list.setToolTip(tr("Tick a cell to keep it; double click to name it"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setIconSize(QSize(12, 12))
        self.list.itemChanged.connect(self._item_changed)
        self.list.currentRowChanged.connect(self._bring_front)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._list_menu)
        self.plot: Plot = Plot(splitter)
        self.plot.clicked.connect(self.time.show)
        self.plot.hovered.connect(self._read_out)
        splitter.setStretchFactor(0, 0)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([200, 800])
        self.status = QLabel(self)
        self.status.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addWidget(self.status)
        for choice in (self.view, self.product, self.reference, self.days):
            choice.currentIndexChanged.connect(self.draw)
        self.draw()

    def _button(self, text: str, tip: str, checkable: bool = False) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        button.setCheckable(checkable)
        return button

    def _choice(self, texts, tip: str) -> QComboBox:
        choice = QComboBox(self)
        choice.addItems(texts)
        choice.setToolTip(tip)
        choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        return choice

    # -- the project's files ------------------------------------------------------------------------------------------------------

    def _layers_changed(self, *_) -> None:
        self._settle.start()

    def look(self) -> None:
        """Look at the project's files again; the cells stay."""
        paths = project.paths()

        def work(job):
            from ...core.exploration import known

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
        self._changed()
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
            cell.story = told
            self._changed()
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

    def _changed(self) -> None:
        """Show the cells in list, map and plot."""
        self.list.blockSignals(True)
        self.list.clear()
        for cell in self.cells:
            item = QListWidgetItem(_square(cell.colour), cell.title)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if cell.pinned else Qt.CheckState.Unchecked)
            if cell.story is not None:
                item.setToolTip("\n".join([*cell.story.sites, *(f"{label}: {text}" for label, text in cell.story.facts)]))
            self.list.addItem(item)
            if cell is self.front:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        self.marks.show([(cell.lat, cell.lon, cell.colour, cell is self.front) for cell in self.cells])
        self._offer()
        self.draw()

    def _item_changed(self, item) -> None:
        cell = self.cells[self.list.row(item)]
        cell.pinned = item.checkState() == Qt.CheckState.Checked
        if item.text() != cell.title:
            cell.name = item.text().strip()
        self._changed()

    def _bring_front(self, row: int) -> None:
        if 0 <= row < len(self.cells):
            self.front = self.cells[row]
            self._changed()

    def _list_menu(self, at) -> None:
        item = self.list.itemAt(at)
        if item is None:
            return
        cell = self.cells[self.list.row(item)]
        menu = QMenu(self)
        menu.addAction(tr("Rename"), lambda: self.list.editItem(item))
        menu.addAction(tr("Remove"), lambda: self.remove(cell))
        menu.exec(self.list.viewport().mapToGlobal(at))

    # -- drawing ------------------------------------------------------------------------------------------------------------------

    def stories(self) -> list:
        """The stories that are drawn, under the users' names, with their colours."""
        from dataclasses import replace

        return [(replace(cell.story, name=cell.title), cell.colour) for cell in self.cells if cell.story is not None]

    def _offer(self) -> None:
        """The series that the cells have, in the menu and the choices of the scatter plot."""
        from ...core.exploration import drawing, views

        stories = [told for told, _ in self.stories()]
        found = drawing.titles(stories)
        self.shown_menu.clear()
        for title in found:
            action = self.shown_menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(title not in self.hidden)
            action.toggled.connect(lambda on, title=title: self._toggle(title, on))
        usable = dict.fromkeys(title for told in stories for title in views.references(told))
        best = sorted(usable, key=lambda title: -sum(title in told.series for told in stories))  # those that most cells have
        self._fill_choice(self.product, found, found[:1])
        others = [title for title in best if title != self.product.currentText()]
        self._fill_choice(self.reference, others or best, others)

    @staticmethod
    def _fill_choice(choice: QComboBox, titles: list[str], first: list[str]) -> None:
        """Offer ``titles``; what was chosen stays, else the first of ``first`` is."""
        kept = choice.currentText()
        choice.blockSignals(True)
        choice.clear()
        choice.addItems(titles)
        choice.setCurrentText(kept if kept in titles else first[0] if first else "")
        choice.blockSignals(False)

    def _toggle(self, title: str, on: bool) -> None:
        self.hidden.discard(title) if on else self.hidden.add(title)
        self.draw()

    def shown(self, stories) -> set[str] | None:
        """The series that are drawn; of several cells ANN-SM and stations unless the user has chosen."""
        from ...core.exploration import drawing
        from ...core.exploration.stations import IN_SITU

        found = set(drawing.titles(stories))
        if len(stories) > 1 and not self.hidden:
            return {title for title in found if title.startswith("ANN-SM") or title == IN_SITU} or found
        return found - self.hidden

    def inside(self, told):
        """(days,) bool: the days of a story that count in the scatter plot."""
        from ...core.exploration import views

        chosen = self.days.currentIndex()
        if chosen in (1, 2):
            period = views.period_named(told, ("training", "test")[chosen - 1])
            return views.days_in(told, period.first, period.last) if period else views.days_in(told)
        if chosen == 3 and self._days_shown is not None:
            return views.days_in(told, *self._days_shown)
        return views.days_in(told)

    _days_shown = None

    def draw(self, *_) -> None:
        """Draw the chosen view of the cells."""
        view = VIEWS[self.view.currentIndex()]
        for part in (self.product, self.reference, self.days):
            part.setVisible(view == "scatter")
        self.shown_button.setVisible(view != "scatter")
        self.whole_button.setVisible(view in ("series", "anomalies"))
        if self.plot.axes is not None and self.plot.shown_days() is not None:
            self._days_shown = self.plot.shown_days()
        drawn = self.stories()
        for button in (self.save_button, self.table_button, self.clear_button):
            button.setEnabled(bool(drawn))
        self.plot.draw(self._fill, daily=bool(drawn) and view in ("series", "anomalies"))
        self.plot.show_day(self.time.day())

    def _fill(self, figure):
        """Draw the chosen view into a figure; returns its axes."""
        drawn = self.stories()
        if not drawn:
            return no_plot_yet(figure)
        from ...core.exploration import drawing

        stories, colours = [told for told, _ in drawn], [colour for _, colour in drawn]
        view = VIEWS[self.view.currentIndex()]
        if view == "scatter":
            drawing.scatter(figure, stories, colours, self.product.currentText(), self.reference.currentText(), self.inside)
            return figure.axes[0]
        return getattr(drawing, view)(figure, stories, colours, self.shown(stories))

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
        if VIEWS[self.view.currentIndex()] == "scatter":
            text = views.measures_csv(stories, self.reference.currentText(), self.inside)
        elif VIEWS[self.view.currentIndex()] == "course":
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


def _square(colour: str) -> QIcon:
    picture = QPixmap(12, 12)
    picture.fill(QColor(colour))
    return QIcon(picture)
