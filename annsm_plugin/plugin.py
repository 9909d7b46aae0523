"""The one place that knows iface: registers the provider and what belongs to the window."""

from __future__ import annotations

from qgis.core import QgsApplication

from .processing import words
from .processing.provider import AnnsmProvider


class AnnsmPlugin:
    """The plugin as QGIS sees it. ``iface`` is None in qgis_process."""

    def __init__(self, iface):
        self.iface = iface
        self.provider = None
        self.window = None
        self.translator = None

    def initProcessing(self):
        """Register the algorithms; all that qgis_process calls."""
        self.translator = words.install()
        self.provider = AnnsmProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)
        self.provider.refreshAlgorithms()  # the models' steps resolve only now that the provider is registered

    def initGui(self):
        """Register the algorithms and add the menu, the dock and the animation."""
        self.initProcessing()
        if self.iface is not None:
            from .ui.window import Window

            self.window = Window(self.iface)

    def unload(self):
        """Take everything away again."""
        if self.window is not None:
            self.window.close()
            self.window = None
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None
        words.remove(self.translator)
        self.translator = None
