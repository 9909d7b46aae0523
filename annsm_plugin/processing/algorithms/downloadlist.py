"""annsm:downloadlist: what to fetch for a region and period, and how."""

from __future__ import annotations

from typing import ClassVar

from ...core.downloads.request import DownloadListRequest
from ..base import AnnsmAlgorithm


class DownloadList(AnnsmAlgorithm):
    NAME, TITLE = "downloadlist", "Make download lists"
    GROUP = ("data", "0 - Data")
    TAGS = ("download", "AMSR2", "AMSR-E", "SMAP", "GLDAS", "MODIS", "LAI", "GES DISC", "AppEEARS", "NSIDC", "G-Portal")
    ICON = "data.svg"
    NEEDS = ()
    MAIN = "FOLDER"
    HELP = (
        "Writes what is needed to fetch the inputs of a region and period: addresses of GLDAS subsets (only the 3-hourly steps that the "
        "local hours need), AppEEARS requests for leaf area index, a search for SMAP, SFTP paths for AMSR, with counts and sizes and a "
        "README that says how. Nothing is downloaded and no login is asked for or stored."
    )
    REQUEST, STEP = DownloadListRequest, "downloads"
    NUMBERS: ClassVar[dict[str, str]] = {"FILES": "Files to fetch", "MEGABYTES": "About how many megabytes"}

    def numbers(self, result):
        return {"FILES": result.files, "MEGABYTES": round(result.megabytes, 1)}
