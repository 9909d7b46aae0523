"""What the making of download lists is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..foundation.paths import PathLike
from ..foundation.requests import Request, option, script
from ..matching.request import CHANNELS, OVERPASSES, TIMES

#: The inputs that lists can be made for.
PRODUCTS = ("GLDAS", "LAI", "SMAP", "AMSR")

LAI_PRODUCTS = ("MCD15A2H", "MOD15A2H", "MYD15A2H")


@dataclass(frozen=True)
class DownloadListRequest(Request):
    """Lists and requests with which the inputs of a region and period are fetched; local dates, both ends included."""

    STEP = "download lists"

    extent: Any = option(
        "extent", "Extent", "Empty: the Qinghai-Tibet Plateau, 73-105 E, 26-40 N. Across the dateline: 170,190,50,60.", None
    )
    start: Any = option("date", "First day", "Local date.", offered="2002-06-19")
    end: Any = option("date", "Last day", "Local date.", offered="2021-07-31")
    products: Any = option("choices", "Products", "What to make lists for; all by default.", "all", choices=PRODUCTS, optional=True)
    channels: Any = option(
        "words",
        "Channels",
        "As in Match products: 'paper', 'common' or a list such as '06,10,18'.",
        "paper",
        optional=False,
        offered=CHANNELS,
    )
    overpass: str = option("choice", "Overpass", "Descending passes are at night.", choices=OVERPASSES, advanced=True)
    time: Any = option(
        "words",
        "Local time",
        "As in Match products: 'solar', a fixed offset from UTC such as '+8', or 'file' (the date in the file name).",
        "solar",
        optional=False,
        offered=TIMES,
        advanced=True,
    )
    lai_product: str = option(
        "choice",
        "Leaf area index",
        "The MODIS product. Before 2002-07-04 there is only MOD15A2H, which is then listed for those days.",
        choices=LAI_PRODUCTS,
        advanced=True,
    )
    have: Any = option(
        "folder",
        "Folder of files that are there",
        "What it and its sub-folders hold in files that can be read is left out of the lists, so that they close its gaps.",
        None,
    )
    folder: PathLike = option("folder_out", "Folder of lists", "Receives the lists, the requests and README.txt.")
    table: Any = option("file_out", "Table", "One row per product: number of files, size, period.", extension="csv")
    today: Any = script(None, "The last day that lists may reach (a date; None: today).")
