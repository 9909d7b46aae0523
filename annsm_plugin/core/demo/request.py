"""What is asked of the demo archive. QGIS reads it when it loads the plugin: nothing heavy is imported here."""

from __future__ import annotations

from dataclasses import dataclass

from ..foundation.paths import PathLike
from ..foundation.requests import Request, option

#: Regions: west, south, east, north in degrees.
REGIONS = {
    "demo": (91.0, 30.5, 94.0, 33.0),
    "tiny": (91.5, 31.0, 92.5, 32.0),
    "landscape": (89.0, 31.0, 98.0, 38.0),
    "patchwork": (91.0, 30.5, 94.0, 33.0),
}

#: The region that has mountains, a dry west, a wet east and a valley (``terrain``); the others are smooth random fields.
LANDSCAPE = "landscape"

#: The region whose cells are all unlike each other: what is learnt of one cell helps another little.
PATCHWORK = "patchwork"

#: The folders of an archive, one per product.
FOLDERS = ("amsr", "smap", "gldas", "lai", "lprm", "jaxa", "smos", "stations")


@dataclass(frozen=True)
class DemoRequest(Request):
    """A demo archive: a region, a length and a seed. The same request gives the same numbers."""

    STEP = "demo data"

    region: str = option(
        "choice",
        "Region",
        "'demo': 120 cells; 'tiny': a very small archive; 'landscape': 1 008 cells with mountains, a dry west, a wet east and a valley; "
        "'patchwork': 120 cells, each with soil, plants and errors of GLDAS of its own.",
        choices=tuple(REGIONS),
    )
    years: int = option(
        "integer",
        "Years of training",
        "Length of the training period; the test period and the AMSR-E period are added.",
        2,
        low=1,
        high=10,
    )
    seed: int = option("integer", "Random seed", "The same seed gives the same archive.", 0, low=0)
    folder: PathLike = option("folder_out", "Folder of the archive", "Receives one folder per product.")
