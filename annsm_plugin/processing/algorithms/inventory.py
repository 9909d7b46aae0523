"""annsm:inventory: what a folder of product files holds."""

from __future__ import annotations

from typing import ClassVar

from ...core.inventory.request import InventoryRequest
from ..base import AnnsmAlgorithm


class InventoryOfFolder(AnnsmAlgorithm):
    NAME, TITLE = "inventory", "Inventory of a product folder"
    GROUP = ("data", "0 - Data")
    TAGS = ("files", "AMSR2", "AMSR-E", "SMAP", "GLDAS", "MODIS", "coverage", "gaps", "calendar")
    ICON = "data.svg"
    NEEDS = ()
    MAIN = "TABLE"
    HELP = (
        "Lists which products, sensors, channels and days a folder holds, what is missing in between, and which files cannot be read or "
        "used; which stations and depths station files hold; and what to fetch to close the gaps. "
        "Every file's first bytes are looked at, which finds empty, cut-off and forbidden ones; some or all are opened too."
    )
    REQUEST, STEP = InventoryRequest, "inventory"
    NUMBERS: ClassVar[dict[str, str]] = {
        "FILES": "Files recognised",
        "UNRECOGNISED": "Files not recognised",
        "UNREADABLE": "Files and folders that cannot be read",
        "REFUSED": "Files that cannot be used",
        "STATIONS": "Stations",
    }

    def numbers(self, result):
        found = result.found
        return {
            "FILES": len(found.entries),
            "UNRECOGNISED": found.n_unrecognised,
            "UNREADABLE": len(found.unreadable) + len(result.stations.unreadable),
            "REFUSED": len(found.refused),
            "STATIONS": result.stations.stations,
        }
