"""What a comparison of methods is asked to do, and which methods there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..foundation.requests import option
from ..training.request import NetworksRequest

#: Title of each method, in the order of the table; the last two are controls that any method should beat.
METHODS = {
    "network": "Neural network",
    "cdf": "CDF matching",
    "linear": "Linear regression",
    "forest": "Random forest",
    "grnn": "GRNN",
    "network_without_tb": "Network without TB",
    "climatology": "Climatology",
}


@dataclass(frozen=True)
class CompareRequest(NetworksRequest):
    """A comparison: every method on the same cube, cells, days and split, judged on the testing samples.

    Finished blocks of cells are kept beside ``table``, so that a stopped run goes on where it was.
    """

    STEP = "comparison"

    start: Any = option("date", "First day", "Local date.")
    end: Any = option("date", "Last day", "Local date.")
    hidden: int = option("integer", "Hidden neurons", "Size of each network; the paper uses 12.", 12, low=1, high=100, advanced=True)
    restarts: int = option(
        "integer", "Restarts", "Networks per cell; the best on the validation samples counts.", 1, low=1, high=1000, advanced=True
    )
    seed: int = option("integer", "Random seed", "The same seed gives the same numbers.", 0, low=0, advanced=True)
    min_pairs: int = option("integer", "Fewest complete days", "Cells with fewer complete days are left out.", 50, low=2, advanced=True)
    methods: Any = option(
        "choices", "Methods", f"Any of {', '.join(METHODS)}; all by default.", None, choices=tuple(METHODS), optional=True
    )
    product: Any = option(
        "words",
        "Product for CDF matching",
        "The input whose soil moisture is matched to SMAP; empty: sm_gldas.",
        "",
        advanced=True,
    )
    table: Any = option("file_out", "Table", "One row per method: means and spread over the cells, and the time taken.", extension="csv")
    report: Any = option("file_out", "Report", "Table, figure and maps in one page.", None, extension="html")
    figure: Any = option(
        "file_out",
        "Figure",
        "The methods side by side as PNG at 300 dpi; PDF, SVG and the numbers (CSV) are written beside it.",
        None,
        extension="png",
        asked=True,
    )
    importance: Any = option(
        "raster_out",
        "Importance per cell",
        "One band per input: growth of the network's RMSE (m3 m-3) when it is shuffled.",
        None,
        asked=True,
    )
    importance_table: Any = option(
        "file_out", "Table of importance", "One row per input: mean and spread over the cells.", None, extension="csv", asked=True
    )
