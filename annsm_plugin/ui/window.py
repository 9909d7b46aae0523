"""The plugin's part of the window: menu entries and the animation of daily layers."""

from __future__ import annotations

from pathlib import Path

from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction

from .animation import Animation

ICONS = Path(__file__).resolve().parent.parent / "icons"
MENU = "ANN-SM"

#: Menu entry -> algorithm or model.
ENTRIES = (
    ("Run the chain: Recommended", "annsm:recommended"),
    ("Run the chain: Wang & Xu 2021", "annsm:wangxu2021"),
    ("Make demo data (synthetic)", "annsm:demodata"),
    ("Inventory of a product folder", "annsm:inventory"),
)


class Window:
    """Menu entries that open algorithm dialogs, and the animation; all taken away by ``close``."""

    def __init__(self, iface):
        self.iface = iface
        self.actions = []
        for text, algorithm in ENTRIES:
            action = QAction(QIcon(str(ICONS / "annsm.svg")), text.replace("&", "&&"), iface.mainWindow())
            action.setObjectName(algorithm.replace(":", "_"))
            action.triggered.connect(lambda checked=False, name=algorithm: self.open(name))
            iface.addPluginToMenu(MENU, action)
            self.actions.append(action)
        self.animation = Animation(iface)

    def open(self, algorithm: str) -> None:
        """Show the dialog of an algorithm."""
        import processing

        dialog = processing.createAlgorithmDialog(algorithm, {})
        if dialog is not None:
            dialog.show()

    def close(self) -> None:
        """Remove everything."""
        for action in self.actions:
            self.iface.removePluginMenu(MENU, action)
            action.deleteLater()
        self.actions = []
        self.animation.close()
