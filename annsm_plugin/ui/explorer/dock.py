"""The dock of the window: the explorer's page and the page that runs the chain."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QDockWidget, QTabWidget

from ...processing.words import tr
from ..running.panel import Runner
from .panel import Explorer


class ExplorerDock(QDockWidget):
    """The ANN-SM Explorer."""

    def __init__(self, iface):
        super().__init__(tr("ANN-SM Explorer"), iface.mainWindow())
        self.setObjectName("AnnsmExplorer")
        self.pages = QTabWidget(self)
        self.explorer = Explorer(iface, self.pages)
        self.runner = Runner(iface, self.pages)
        self.pages.addTab(self.explorer, tr("Cells"))
        self.pages.addTab(self.runner, tr("Run"))
        self.setWidget(self.pages)

    def close_dock(self) -> None:
        """Take everything away."""
        self.explorer.close_explorer()
        self.runner.close_runner()
