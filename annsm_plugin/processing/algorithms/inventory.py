"""annsm:inventory: what a folder of product files holds."""

from __future__ import annotations

from typing import ClassVar

from .. import parameters as p
from ..base import AnnsmAlgorithm, Outcome


class InventoryOfFolder(AnnsmAlgorithm):
    NAME, TITLE = "inventory", "Inventory of a product folder"
    GROUP = ("data", "0 - Data")
    TAGS = ("files", "AMSR2", "AMSR-E", "SMAP", "GLDAS", "MODIS", "coverage", "gaps", "calendar")
    ICON = "data.svg"
    NEEDS = ()
    MAIN = "TABLE"
    NUMBERS: ClassVar[dict[str, str]] = {
        "FILES": "Files recognised",
        "UNRECOGNISED": "Files not recognised",
        "UNREADABLE": "Files and folders that cannot be read",
        "REFUSED": "Files that cannot be used",
    }
    HELP = (
        "Lists which products, sensors, channels and days a folder holds, what is missing in between, and which files cannot be read or "
        "used. Every file's first bytes are looked at, which finds empty, cut-off and forbidden ones; some or all are opened too."
    )

    def parameters(self):
        return [
            p.folder("FOLDER", "Folder", "Searched with all its sub-folders."),
            p.choice(
                "CHECK",
                "Look into files",
                "'sample': open ten files of each record and compare the date inside with the name; 'all': open every file (slow); "
                "'headers': the first bytes only.",
                ("sample", "all", "headers"),
            ),
            p.file_out("TABLE", "Table", "One row per product, sensor, channel, orbit and version.", "csv"),
            p.file_out("REPORT", "Report", "The same as a page to read, with a calendar of days.", "html", optional=True, default=False),
        ]

    def work(self, given, progress, context):
        from ...core import products
        from ...core.inventory import report as inventory_report

        found = products.inventory(given["FOLDER"], progress=progress.part(0.0, 0.3))
        products.examine(found, given["CHECK"], progress=progress.part(0.3, 0.9))
        inventory_report.write_table(given["TABLE"], found)
        if given["REPORT"]:
            inventory_report.write_report(given["REPORT"], found)
        numbers = {
            "FILES": len(found.entries),
            "UNRECOGNISED": found.n_unrecognised,
            "UNREADABLE": len(found.unreadable),
            "REFUSED": len(found.refused),
        }
        return Outcome(numbers, [*found.summary(), inventory_report.how(found)])
