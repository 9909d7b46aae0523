"""annsm:downloadlist: what to fetch for a region and period, and how."""

from __future__ import annotations

from typing import ClassVar

from .. import parameters as p
from ..base import AnnsmAlgorithm, Outcome


class DownloadList(AnnsmAlgorithm):
    NAME, TITLE = "downloadlist", "Make download lists"
    GROUP = ("data", "0 - Data")
    TAGS = ("download", "AMSR2", "AMSR-E", "SMAP", "GLDAS", "MODIS", "LAI", "GES DISC", "AppEEARS", "NSIDC", "G-Portal")
    ICON = "data.svg"
    NEEDS = ()
    MAIN = "FOLDER"
    NUMBERS: ClassVar[dict[str, str]] = {"FILES": "Files to fetch", "MEGABYTES": "About how many megabytes"}
    HELP = (
        "Writes what is needed to fetch the inputs of a region and period: addresses of GLDAS subsets (only the 3-hourly steps that the "
        "local hours need), AppEEARS requests for leaf area index, a search for SMAP, SFTP paths for AMSR, with counts and sizes and a "
        "README that says how. Nothing is downloaded and no login is asked for or stored."
    )

    def parameters(self):
        return [
            p.extent("EXTENT", "Extent", "Empty: the Qinghai-Tibet Plateau, 73-105 E, 26-40 N. Across the dateline: 170,190,50,60."),
            p.date("START", "First day", "Local date."),
            p.date("END", "Last day", "Local date."),
            p.words("PRODUCTS", "Products", "'all', or some of GLDAS, LAI, SMAP, AMSR.", "all"),
            p.words("CHANNELS", "Channels", "As in Match products: 'paper', 'common' or a list such as '06,10,18'.", "paper"),
            p.choice("OVERPASS", "Overpass", "Descending passes are at night.", ("descending", "ascending"), advanced=True),
            p.words("TIME", "Local time", "'solar', a fixed offset such as '+8', or 'file', as in Match products.", "solar", advanced=True),
            p.choice(
                "LAI_PRODUCT",
                "Leaf area index",
                "Before 2002-07-04 there is only MOD15A2H, which is then listed for those days.",
                ("MCD15A2H", "MOD15A2H", "MYD15A2H"),
                advanced=True,
            ),
            p.folder_out("FOLDER", "Folder of lists", "Receives the lists, the requests and README.txt."),
            p.file_out("TABLE", "Table", "One row per product: files, size, period.", "csv"),
        ]

    def _asked(self, given) -> dict:
        return {name.lower(): given[name] for name in ("EXTENT", "START", "END", "PRODUCTS", "CHANNELS", "OVERPASS", "TIME", "LAI_PRODUCT")}

    def check(self, given):
        from ...core import downloads

        downloads.check(given["FOLDER"], given["TABLE"], **self._asked(given))

    def work(self, given, progress, context):
        from ...core import downloads

        result = downloads.write_lists(given["FOLDER"], given["TABLE"], progress=progress, **self._asked(given))
        return Outcome({"FILES": result.files, "MEGABYTES": round(result.megabytes, 1)}, result.summary, result.warnings)
