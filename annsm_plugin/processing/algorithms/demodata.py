"""annsm:demodata: a small synthetic archive in the products' own formats."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from qgis.core import QgsProcessingOutputFile, QgsProcessingOutputFolder

from ...core.foundation.errors import ParameterError
from ...core.foundation.synthetic import MARK
from .. import parameters as p
from ..base import AnnsmAlgorithm, Outcome

#: Output name -> folder of the archive.
FOLDERS = {
    "AMSR": "amsr",
    "SMAP": "smap",
    "GLDAS": "gldas",
    "LAI": "lai",
    "LPRM": "lprm",
    "JAXA": "jaxa",
    "SMOS": "smos",
    "STATIONS": "stations",
}


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
        "swath gaps and sensor noise); they are no observations. truth.nc holds the soil moisture that the model used."
    )

    def parameters(self):
        return [
            p.choice("REGION", "Region", "'demo' for the full demo, 'tiny' for a very small archive.", ("demo", "tiny")),
            p.integer(
                "YEARS", "Years of training", "Length of the training period; the test period and the AMSR-E period are added.", 2, 1, 10
            ),
            p.integer("SEED", "Random seed", "The same seed gives the same archive.", 0, 0),
            p.folder_out("FOLDER", "Folder of the archive", "Receives one folder per product."),
        ]

    def initAlgorithm(self, configuration=None):
        super().initAlgorithm(configuration)
        for name, folder in FOLDERS.items():
            self.addOutput(QgsProcessingOutputFolder(name, f"Folder {folder}"))
        self.addOutput(QgsProcessingOutputFile("CALIBRATION_TABLE", "Table that brings AMSR-E to AMSR2"))

    def check(self, given):
        folder = Path(given["FOLDER"])
        if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).exists():
            raise ParameterError(f"FOLDER: {folder} is not empty and holds no demo archive; choose an empty or a new folder.")

    def work(self, given, progress, context):
        from ...core import demo

        archive = demo.write_archive(given["FOLDER"], region=given["REGION"], years=given["YEARS"], seed=given["SEED"], progress=progress)
        results = {name: str(archive.folders[key]) for name, key in FOLDERS.items()}
        results.update({name.upper(): str(day) for name, day in archive.periods.items() if name.upper() in self.STRINGS})
        results["CALIBRATION_TABLE"] = str(archive.calibration)
        west, south, east, north = archive.extent
        results["EXTENT"] = f"{west:g},{east:g},{south:g},{north:g}"
        summary = [
            "Synthetic archive: the numbers come from a model, not from a satellite.",
            *(f"{name.replace('_', ' ')}: {day}" for name, day in archive.periods.items()),
        ]
        return Outcome(results, summary)
