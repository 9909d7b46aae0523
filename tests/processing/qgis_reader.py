"""What QGIS's own raster provider makes of files: run by the system's Python, knows nothing of the plugin.

Reads from standard input a JSON list of {"source", "points": [[lon, lat, band], ...]}; writes one description of each source.
``sampled`` is the value under each point by ``sample``, ``identified`` by ``identify`` (of the first points only: it reads every
band); no data is null.
"""

from __future__ import annotations

import json
import sys

from qgis.core import QgsApplication, QgsPointXY, QgsRaster, QgsRasterLayer

#: Points that ``identify`` is asked for.
IDENTIFIED = 25


def described(source: str, points) -> dict:
    """The layer as QGIS sees it."""
    layer = QgsRasterLayer(source, "file", "gdal")
    if not layer.isValid():
        return {"valid": False, "error": layer.error().summary()}
    provider, extent = layer.dataProvider(), layer.extent()
    return {
        "valid": True,
        "crs": layer.crs().authid(),
        "extent": [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()],
        "width": layer.width(),
        "height": layer.height(),
        "bands": [layer.bandName(band) for band in range(1, layer.bandCount() + 1)],
        "sampled": [sampled(provider, *point) for point in points],
        "identified": [identified(provider, *point) for point in points[:IDENTIFIED]],
    }


def sampled(provider, lon: float, lat: float, band: int):
    value, found = provider.sample(QgsPointXY(lon, lat), band)
    return value if found else None


def identified(provider, lon: float, lat: float, band: int):
    return provider.identify(QgsPointXY(lon, lat), QgsRaster.IdentifyFormat.IdentifyFormatValue).results().get(band)


if __name__ == "__main__":
    application = QgsApplication([], False)
    application.initQgis()
    answers = [described(asked["source"], asked["points"]) for asked in json.load(sys.stdin)]
    ours = [name for name in ("annsm_plugin", "netCDF4", "xarray") if name in sys.modules]
    json.dump({"ours": ours, "answers": answers}, sys.stdout)
