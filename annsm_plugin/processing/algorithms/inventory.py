"""annsm:inventory: what a folder of product files holds."""

from __future__ import annotations

from typing import ClassVar

from .. import parameters as p
from ..base import AnnsmAlgorithm, Outcome


class InventoryOfFolder(AnnsmAlgorithm):
    NAME, TITLE = "inventory", "Inventory of a product folder"
    GROUP = ("data", "0 - Data")
    TAGS = ("files", "AMSR2", "AMSR-E", "SMAP", "GLDAS", "MODIS", "coverage")
    ICON = "data.svg"
    NEEDS = ()
    MAIN = "TABLE"
    NUMBERS: ClassVar[dict[str, str]] = {"FILES": "Files recognised", "UNRECOGNISED": "Files not recognised"}
    HELP = (
        "Lists which products, sensors, channels and days a folder holds, what is missing in between, and which files were not "
        "recognised. Files are known by their names; none is opened."
    )

    def parameters(self):
        return [
            p.folder("FOLDER", "Folder", "Searched with all its sub-folders."),
            p.file_out("TABLE", "Table", "One row per product, sensor, channel, orbit and version.", "csv"),
            p.file_out("REPORT", "Report", "The same as a page to read.", "html", optional=True, default=False),
        ]

    def work(self, given, progress, context):
        from ...core import inventory_report, products

        found = products.inventory(given["FOLDER"], progress=progress)
        inventory_report.write_table(given["TABLE"], found)
        if given["REPORT"]:
            inventory_report.write_report(given["REPORT"], found)
        return Outcome({"FILES": len(found.entries), "UNRECOGNISED": found.n_unrecognised}, found.summary())
