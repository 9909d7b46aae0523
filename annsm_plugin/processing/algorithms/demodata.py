"""annsm:demodata: a small synthetic archive in the products' own formats."""

from __future__ import annotations

from typing import ClassVar

from qgis.core import QgsProcessingOutputFile, QgsProcessingOutputFolder

from ...core.demo.request import FOLDERS, DemoRequest
from ..base import AnnsmAlgorithm


class DemoData(AnnsmAlgorithm):
    NAME, TITLE = "demodata", "Make demo data (synthetic)"
    GROUP = ("data", "0 - Data")
    TAGS = ("demo", "example", "synthetic", "test data")
    ICON = "data.svg"
    NEEDS = ("h5py", "netCDF4")
    MAIN = "FOLDER"
    STRINGS: ClassVar[dict[str, str]] = {
        "TRAIN_START": "First day of the training period",
        "TRAIN_END": "Last day of the training period",
        "TEST_START": "First day of the test period",
        "TEST_END": "Last day of the test period",
        "HISTORY_START": "First day of the AMSR-E period",
        "HISTORY_END": "Last day of the AMSR-E period",
        "EXTENT": "Extent of the archive (west,east,south,north)",
    }
    HELP = (
        "Writes a small archive of synthetic files in the formats of the satellite products, so that the whole chain can be tried "
        "without any download. The numbers come from a physical model (a bucket soil with random rain, a tau-omega emission model, "
        "swath gaps and sensor noise); they are not observations. truth.nc holds the soil moisture that the model used."
    )
    REQUEST, STEP = DemoRequest, "demo"

    def initAlgorithm(self, configuration=None):
        super().initAlgorithm(configuration)
        for folder in FOLDERS:
            self.addOutput(QgsProcessingOutputFolder(folder.upper(), f"Folder {folder}"))
        self.addOutput(QgsProcessingOutputFile("CALIBRATION_TABLE", "Table that brings AMSR-E to AMSR2"))

    def numbers(self, result):
        found = {folder.upper(): str(result.folders[folder]) for folder in FOLDERS}
        found.update({name: result.periods[name.lower()] for name in self.STRINGS if name != "EXTENT"})
        west, south, east, north = result.extent
        return {**found, "CALIBRATION_TABLE": str(result.calibration), "EXTENT": f"{west:g},{east:g},{south:g},{north:g}"}
