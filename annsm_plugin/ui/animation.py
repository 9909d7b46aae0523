"""Switches the band of daily layers with the temporal controller, for QGIS before 3.38, which cannot do it by itself."""

from __future__ import annotations

from qgis.core import Qgis, QgsProject, QgsRasterLayer

from ..processing import days


class Animation:
    """Follows the map canvas's temporal range; layers keep their days, so it also works on a project opened again."""

    def __init__(self, iface):
        self._canvas = iface.mapCanvas()
        by_itself = hasattr(Qgis, "RasterTemporalMode") and hasattr(Qgis.RasterTemporalMode, "FixedRangePerBand")
        self._connected = not by_itself
        if self._connected:
            self._canvas.temporalRangeChanged.connect(self.follow)

    def follow(self) -> None:
        """Show the band of the range's first day in every daily layer that is temporal."""
        moment = self._canvas.temporalRange().begin()
        if not moment.isValid():
            return
        for layer in QgsProject.instance().mapLayers().values():
            if isinstance(layer, QgsRasterLayer) and layer.customProperty(days.PROPERTY) and layer.temporalProperties().isActive():
                band = days.band_at(layer, moment)
                if band is not None:
                    days.show(layer, band)
                    layer.triggerRepaint()

    def close(self) -> None:
        """Stop following."""
        if self._connected:
            self._canvas.temporalRangeChanged.disconnect(self.follow)
            self._connected = False
