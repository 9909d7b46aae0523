"""What a comparison of methods is asked to do, and which methods there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..foundation.requests import option, raster
from ..network.choices import SPLITS
from ..training.request import NetworksRequest, restated

#: Title of each method, in the order of the table; the last two are controls that any method should beat.
METHODS = {
    "network": "Neural network",
    "regional": "Regional ensemble",
    "refined": "Refined ensemble",
    "rfsm": "RFSM",
    "nnsm": "NNsm",
    "cci": "CCI merging",
    "cdf": "CDF matching",
    "linear": "Linear regression",
    "forest": "Random forest",
    "grnn": "GRNN",
    "network_without_tb": "Network without TB",
    "climatology": "Climatology",
}

#: The split in which whole patches of cells are kept from the training: only methods that learn from other cells have a value there.
LEAVE_REGIONS_OUT = "leave_regions_out"

#: Methods that learn from all cells together; with one of them every day has one role in all cells.
WHOLE = ("regional", "refined", "rfsm", "nnsm")


@dataclass(frozen=True)
class CompareRequest(NetworksRequest):
    """A comparison: every method on the same cube, cells, days and split, judged on the testing samples.

    Finished blocks of cells are kept beside ``table``, so that a stopped run goes on where it was.
    """

    STEP = "comparison"

    start: Any = restated("start", label="First day")
    end: Any = restated("end", label="Last day")
    split: str = restated(
        "split",
        help="'random' is the paper's; 'blocks' (of 30 days) and 'leave_one_year_out' keep neighbouring days together, so that testing "
        "errors are not too small; 'leave_regions_out' keeps the target of whole patches of cells from the methods that learn from all "
        "cells.",
        choices=(*SPLITS, LEAVE_REGIONS_OUT),
    )
    hidden: int = restated("hidden", advanced=True)
    restarts: int = restated("restarts", help="Networks trained per cell; the one with the lowest validation error counts.", advanced=True)
    seed: int = restated("seed", help="The same seed gives the same numbers.")
    min_pairs: int = restated("min_pairs", help="Cells with fewer complete days are left out.")
    methods: Any = option(
        "choices", "Methods", f"Any of {', '.join(METHODS)}; all by default.", None, choices=tuple(METHODS), optional=True
    )
    product: Any = option(
        "words",
        "Product for CDF matching",
        "The input whose distribution is matched to that of SMAP; empty: sm_gldas.",
        "",
        advanced=True,
    )
    table: Any = option(
        "file_out",
        "Table",
        "One row per method: mean and standard deviation of its errors over the cells, and the time taken.",
        extension="csv",
    )
    report: Any = option("file_out", "Report", "Table, figure and maps in one page.", None, extension="html")
    figure: Any = option(
        "file_out",
        "Figure",
        "The errors of all methods as PNG at 300 dpi; PDF, SVG and the numbers (CSV) are written beside it.",
        None,
        extension="png",
        asked=True,
    )
    importance: Any = raster("Importance per cell", "One band per input: growth of the network's RMSE (m3 m-3) when it is shuffled.")
    importance_table: Any = option(
        "file_out",
        "Table of importance",
        "One row per input: mean and standard deviation over the cells.",
        None,
        extension="csv",
        asked=True,
    )
