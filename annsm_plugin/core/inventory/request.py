"""What an inventory of a folder is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..foundation.paths import PathLike
from ..foundation.requests import Request, option

#: How far files are looked into.
DEPTHS = ("sample", "all", "headers")


@dataclass(frozen=True)
class InventoryRequest(Request):
    """An inventory: which products, sensors and days a folder holds, what is missing between them, and what cannot be used."""

    STEP = "inventory"

    folder: PathLike = option("folder", "Folder", "Searched with all its sub-folders.")
    check: str = option(
        "choice",
        "Look into files",
        "'sample': open ten files of each record and compare the date inside with the name; 'all': open every file (slow); "
        "'headers': the first bytes only.",
        choices=DEPTHS,
    )
    table: PathLike = option("file_out", "Table", "One row per product, sensor, channel, orbit and version.", extension="csv")
    report: Any = option(
        "file_out",
        "Report",
        "The table as a page (HTML), with a calendar of the days that have files and lists of what is missing or unreadable.",
        None,
        extension="html",
        asked=True,
    )
