"""What a sensitivity analysis is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..foundation.paths import PathLike
from ..foundation.requests import option
from ..network.choices import SPLITS
from ..training.request import NetworksRequest
from .experiments import CHOOSE, EXPERIMENTS


@dataclass(frozen=True)
class SensitivityRequest(NetworksRequest):
    """The paper's four experiments on a cube, one after the other, each at the best setting of the one before.

    ``hidden`` and ``ratio`` are those of the starting point, used until they are decided. Finished work is kept beside ``table``, so
    that a stopped run goes on where it was.
    """

    STEP = "sensitivity"

    cube: PathLike = option(
        "file", "Cube", "A cube with the target, not screened; a cube's own screening is not used.", extension="nc", parameter="INPUT"
    )
    variables: Any = option(
        "words",
        "Inputs",
        "Names of the cube's variables that take part, with commas between; empty: all. The brightness temperatures among them are "
        "in every run, the others are added one by one.",
        "",
        advanced=True,
    )
    hidden: int = option(
        "integer", "Hidden neurons at the start", "Used until the neurons are decided.", 12, low=1, high=100, advanced=True
    )
    ratio: Any = option("words", "Ratio at the start (%)", "Used until the ratios are decided.", "70/15/15", optional=False, advanced=True)
    split: str = option(
        "choice",
        "Split",
        "'random' is the paper's; 'blocks' and 'leave_one_year_out' keep neighbouring days together and so do not flatter.",
        choices=SPLITS,
        advanced=True,
    )
    restarts: int = option(
        "integer", "Restarts", "Networks per cell and run; the best on validation counts.", 1, low=1, high=1000, advanced=True
    )
    seed: int = option("integer", "Random seed", "The first seed; the same seed gives the same table.", 0, low=0, advanced=True)
    min_pairs: int = option(
        "integer", "Fewest complete days", "Cells with fewer under the strictest threshold are left out.", 50, low=2, advanced=True
    )
    experiments: Any = option(
        "choices", "Experiments", "Run in this order; leave out what is settled.", None, choices=EXPERIMENTS, optional=True
    )
    choose: str = option(
        "choice",
        "Choose by the error of",
        "'overall' samples as the paper does, or 'testing' samples, which the networks have never seen.",
        choices=CHOOSE,
    )
    repeats: int = option(
        "integer", "Seeds", "Each run is repeated with so many seeds, so that a difference can be told from chance.", 1, low=1, high=100
    )
    neurons: Any = option("words", "Neurons to try", "Such as 2-12 or 4,8,12; empty: 2-12.", "", advanced=True)
    ratios: Any = option("words", "Ratios to try", "Such as 70/15/15,80/10/10; empty: the paper's 13.", "", advanced=True)
    thresholds: Any = option(
        "words",
        "Thresholds to try (mm in 7 h)",
        "Such as none,8.75,17.5; empty: none and the paper's eight, 8.75 to 17.5.",
        "",
        advanced=True,
    )
    table: PathLike = option("file_out", "Table", "Every run with its errors for all sample kinds (CSV).", extension="csv")
    best: PathLike = option(
        "file_out", "Best settings", "What 'Train networks' and 'Screen precipitation' take as SETTINGS.", extension="json"
    )
    days: Any = option(
        "raster_out", "Days kept and removed", "Bands: days kept unscreened, then days that each threshold removes.", None, asked=True
    )
    figure: Any = option(
        "file_out",
        "Figure",
        "Four panels as in the paper's Figure 3; PDF, SVG and the plotted numbers (CSV) are written beside the PNG.",
        None,
        extension="png",
        asked=True,
    )
    report: Any = option("file_out", "Report", "Figures and tables, the paper's numbers beside.", None, extension="html", asked=True)
