"""The plugin's part of the window: menu entries, the explorer's dock and the animation of daily layers."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices, QIcon
from qgis.PyQt.QtWidgets import QAction

from ..core.foundation.errors import AnnsmError
from ..processing.base import help_address
from ..processing.chains import TITLES, copy_of_model
from ..processing.words import tr
from . import messages, options
from .animation import Animation
from .explorer.dock import ExplorerDock

ICONS = Path(__file__).resolve().parent.parent / "icons"
MENU = "ANN-SM"


class Window:
    """Menu entries, the dock, the animation; all taken away by ``close``."""

    def __init__(self, iface):
        self.iface = iface
        self.actions = []
        self.dock = ExplorerDock(iface)
        iface.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.dock)
        self.dock.hide()
        self.toggle = self.dock.toggleViewAction()
        self.toggle.setIcon(QIcon(str(ICONS / "annsm.svg")))
        self.toggle.setObjectName("annsm_explorer")
        iface.addPluginToMenu(MENU, self.toggle)
        iface.addToolBarIcon(self.toggle)
        entries = (
            (tr("Run the chain: Recommended"), "annsm:recommended"),
            (tr("Run the chain: Wang & Xu 2021"), "annsm:wangxu2021"),
            (tr("Make demo data (synthetic)"), "annsm:demodata"),
            (tr("Inventory of a product folder"), "annsm:inventory"),
        )
        for text, algorithm in entries:
            self._entry(text, algorithm.replace(":", "_"), lambda checked=False, name=algorithm: self.open(name))
        for name, title in TITLES.items():
            text = tr("Copy for the model designer: {title}").format(title=title)
            self._entry(text, f"annsm_copy_{name}", lambda checked=False, name=name: self.copy(name))
        self._entry(tr("Guide"), "annsm_guide", lambda checked=False: QDesktopServices.openUrl(QUrl(help_address())))
        self.animation = Animation(iface)
        self.options = options.OptionsFactory()
        iface.registerOptionsWidgetFactory(self.options)
        options.apply()

    def _entry(self, text: str, name: str, call) -> None:
        action = QAction(QIcon(str(ICONS / "annsm.svg")), text.replace("&", "&&"), self.iface.mainWindow())
        action.setObjectName(name)
        action.triggered.connect(call)
        self.iface.addPluginToMenu(MENU, action)
        self.actions.append(action)

    def open(self, algorithm: str) -> None:
        """Show the dialog of an algorithm."""
        import processing

        dialog = processing.createAlgorithmDialog(algorithm, {})
        if dialog is not None:
            dialog.show()

    def copy(self, name: str) -> None:
        """Copy a chain into the user's models and open it in the model designer."""
        from processing.modeler.ModelerDialog import ModelerDialog
        from processing.modeler.ModelerUtils import ModelerUtils

        try:
            path = copy_of_model(name, ModelerUtils.modelsFolders()[0])
        except AnnsmError as error:
            messages.failed(self.iface, error)
            return
        provider = QgsApplication.processingRegistry().providerById("model")
        if provider is not None:
            provider.refreshAlgorithms()
        self.designer = ModelerDialog.create()
        self.designer.loadModel(str(path))
        self.designer.show()

    def close(self) -> None:
        """Remove everything."""
        self.iface.removePluginMenu(MENU, self.toggle)
        self.iface.removeToolBarIcon(self.toggle)
        for action in self.actions:
            self.iface.removePluginMenu(MENU, action)
            action.deleteLater()
        self.actions = []
        self.animation.close()
        self.iface.unregisterOptionsWidgetFactory(self.options)
        options.forget()
        self.dock.close_dock()
        self.iface.removeDockWidget(self.dock)
        self.dock.setParent(None)
        self.dock.deleteLater()
