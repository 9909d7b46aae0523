"""What a sensitivity analysis is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..foundation.paths import PathLike
from ..foundation.requests import option, raster
from ..training.request import NetworksRequest, restated
from .experiments import CHOOSE, EXPERIMENTS


@dataclass(frozen=True)
class SensitivityRequest(NetworksRequest):
    """The paper's four experiments on a cube, one after the other, each at the best setting of the one before.

    ``hidden`` and ``ratio`` are those of the starting point, used until they are decided. Finished work is kept beside ``table``, so
    that a stopped run goes on where it was.
    """

    STEP = "sensitivity"

    cube: PathLike = restated("cube", help="A cube with the target; if it is screened, its screening is not used.")
    variables: Any = restated(
        "variables",
        help="Names of the cube's variables that take part, with commas between; empty: all. The brightness temperatures among them are "
        "in every run, the others are added one by one.",
    )
    hidden: int = restated(
        "hidden", label="Hidden neurons at the start", help="Used until the experiment 'neurons' has chosen.", advanced=True
    )
    ratio: Any = restated(
        "ratio", default="70/15/15", label="Ratio at the start (%)", help="Used until the experiment 'ratios' has chosen.", advanced=True
    )
    split: str = restated("split", advanced=True)
    restarts: int = restated(
        "restarts", help="Networks trained per cell and run; the one with the lowest validation error counts.", advanced=True
    )
    seed: int = restated("seed", help="The first seed; the same seed gives the same table.")
    min_pairs: int = restated("min_pairs", help="Cells that keep fewer complete days under the strictest threshold are left out.")
    experiments: Any = option(
        "choices",
        "Experiments",
        "They run in this order, each at the best setting of the one before.",
        None,
        choices=EXPERIMENTS,
        optional=True,
    )
    choose: str = option(
        "choice",
        "Choose by the error of",
        "'overall' samples as the paper does, or 'testing' samples, which the networks have never seen.",
        choices=CHOOSE,
    )
    repeats: int = option(
        "integer", "Seeds", "How many seeds each run is repeated with, to tell differences from chance.", 1, low=1, high=100
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
    days: Any = raster("Days kept and removed", "First band: complete days; the others: the days among them that each threshold removes.")
    figure: Any = option(
        "file_out",
        "Figure",
        "Four panels as in the paper's Figure 3; PDF, SVG and the plotted numbers (CSV) are written beside the PNG.",
        None,
        extension="png",
        asked=True,
    )
    report: Any = option(
        "file_out", "Report", "Figures and tables, with the paper's numbers for comparison.", None, extension="html", asked=True
    )
