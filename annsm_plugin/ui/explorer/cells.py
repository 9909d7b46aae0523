"""The picked cells: what is kept of each, and their list."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QIcon, QPixmap
from qgis.PyQt.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QMenu

from ...processing.words import tr
from ..messages import tip

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


class CellList(QListWidget):
    """The cells with their colours: ticked ones stay. ``edited``, ``chosen`` and ``removed`` give the cell."""

    edited = pyqtSignal(object)
    chosen = pyqtSignal(object)
    removed = pyqtSignal(object)

    def __init__(self, parent=None):
        super().__init__(parent)
        self._cells: list[Cell] = []
        self.setToolTip(tr("Tick a cell to keep it; double click to name it"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setIconSize(QSize(12, 12))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.itemChanged.connect(self._item_changed)
        self.currentRowChanged.connect(self._row_changed)
        self.customContextMenuRequested.connect(self._menu)

    def show_cells(self, cells: list[Cell], front: Cell | None) -> None:
        """List ``cells``, ``front`` being the current one."""
        self._cells = list(cells)
        self.blockSignals(True)
        self.clear()
        for cell in cells:
            item = QListWidgetItem(_square(cell.colour), cell.title)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if cell.pinned else Qt.CheckState.Unchecked)
            if cell.story is not None:
                item.setToolTip(tip("\n".join([*cell.story.sites, *(f"{label}: {text}" for label, text in cell.story.facts)])))
            self.addItem(item)
            if cell is front:
                self.setCurrentItem(item)
        self.blockSignals(False)

    def _item_changed(self, item) -> None:
        cell = self._cells[self.row(item)]
        cell.pinned = item.checkState() == Qt.CheckState.Checked
        if item.text() != cell.title:
            cell.name = item.text().strip()
        self.edited.emit(cell)

    def _row_changed(self, row: int) -> None:
        if 0 <= row < len(self._cells):
            self.chosen.emit(self._cells[row])

    def _menu(self, at) -> None:
        item = self.itemAt(at)
        if item is None:
            return
        cell, menu = self._cells[self.row(item)], QMenu(self)
        menu.addAction(tr("Rename"), lambda: self.editItem(item))
        menu.addAction(tr("Remove"), lambda: self.removed.emit(cell))
        menu.exec(self.viewport().mapToGlobal(at))


def _square(colour: str) -> QIcon:
    picture = QPixmap(12, 12)
    picture.fill(QColor(colour))
    return QIcon(picture)
