"""What a download is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..downloads.request import PRODUCTS
from ..foundation.paths import PathLike
from ..foundation.requests import Request, option, script

#: Which of the two lists of GLDAS is fetched.
GLDAS = ("subsets", "whole")


@dataclass(frozen=True)
class DownloadRequest(Request):
    """Fetching what the lists of ``downloads`` name; no field holds a password or a token."""

    STEP = "download"

    lists: PathLike = option("folder", "Folder of lists", "What Make download lists has written.")
    products: Any = option("choices", "Products", "What to fetch; all that the folder has lists for by default.", "all", choices=PRODUCTS,
                           optional=True)  # fmt: skip
    authentication: Any = option(
        "authentication",
        "Earthdata login",
        "An authentication of QGIS (Basic: name and password; API header: Authorization with 'Bearer TOKEN'). Without one: "
        "EARTHDATA_TOKEN, or EARTHDATA_USERNAME and EARTHDATA_PASSWORD, of the environment, or the line 'machine urs.earthdata.nasa.gov' "
        "of the file .netrc. "
        "Only its id is kept in the run record.",
        None,
    )
    gportal: Any = option(
        "authentication",
        "G-Portal login",
        "For AMSR: an authentication of QGIS (Basic). Without one: GPORTAL_USERNAME and GPORTAL_PASSWORD of the environment, or the line "
        "'machine ftp.gportal.jaxa.jp' of the file .netrc; without a password, the keys of ssh.",
        None,
    )
    gldas: str = option(
        "choice",
        "GLDAS files",
        "'subsets': cut to the region by the archive; 'whole': global files, if the archive's subset service no longer answers.",
        choices=GLDAS,
        advanced=True,
    )
    connections: int = option(
        "integer", "Connections", "To one archive at a time; more are not welcome there.", 4, low=1, high=8, advanced=True
    )
    tries: int = option(
        "integer", "Tries", "For one file without any progress, with growing pauses between them.", 6, low=1, high=20, advanced=True
    )
    wait: int = option(
        "integer", "Minutes to wait for AppEEARS", "It works for minutes to hours on a request. A later run takes what is ready then.",
        60, low=0, high=2880, advanced=True,
    )  # fmt: skip
    folder: PathLike = option("folder_out", "Folder of data", "Receives the folders gldas, lai, smap and amsr.")
    table: Any = option("file_out", "Table", "One row per file: whether it is there, how large it is, and why not.", extension="csv")
    patience: Any = script(None, "Pauses and time limits (``Patience``).")
