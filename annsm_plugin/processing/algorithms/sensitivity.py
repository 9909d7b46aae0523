"""annsm:sensitivity: which inputs, neurons, split and rain threshold serve a region best."""

from __future__ import annotations

from typing import ClassVar

from ...core.sensitivity.experiments import CHOOSE, EXPERIMENTS
from ...core.sensitivity.explanations import OVERALL_OR_TESTING, SAME_DAYS
from .. import layers
from .. import parameters as p
from ..base import AnnsmAlgorithm, Outcome


class Sensitivity(AnnsmAlgorithm):
    NAME, TITLE = "sensitivity", "Analyse sensitivity"
    TAGS = ("neural network", "inputs", "neurons", "sample ratio", "precipitation threshold", "forward selection", "hyperparameters")
    ICON = "train.svg"
    NEEDS = ("xarray", "netCDF4", "torch")
    MAIN = "TABLE"
    HELP = (
        "Finds which inputs, how many hidden neurons, which sample ratio and which precipitation threshold serve a cube best: the paper's "
        "four experiments, one after the other, each at the best setting of the one before. All runs use the cells that every run can "
        "train and the days on which all inputs are complete. Needs PyTorch. A stopped run goes on where it was when it is started again "
        f"with the same TABLE.</p><p>{OVERALL_OR_TESTING}</p><p>{SAME_DAYS}"
    )
    NUMBERS: ClassVar[dict[str, str]] = {
        "RUNS": "Runs",
        "CELLS": "Cells trained in every run",
        "BEST_HIDDEN": "Best number of neurons",
        "BEST_THRESHOLD": "Best threshold (mm in 7 h)",
        "MEAN_R": "Mean R at the best setting, overall samples",
        "MEAN_RMSE": "Mean RMSE at the best setting, overall samples (0-1)",
    }
    STRINGS: ClassVar[dict[str, str]] = {"BEST_VARIABLES": "Best inputs", "BEST_RATIO": "Best ratio"}

    def parameters(self):
        return [
            p.file("INPUT", "Cube", "A cube with the target, not screened; a cube's own screening is not used."),
            p.date("START", "First day of training", "Local date."),
            p.date("END", "Last day of training", "Local date."),
            p.choices("EXPERIMENTS", "Experiments", "Run in this order; leave out what is settled.", EXPERIMENTS),
            p.choice(
                "CHOOSE",
                "Choose by the error of",
                "'overall' samples as the paper does, or 'testing' samples, which the networks have never seen.",
                CHOOSE,
            ),
            p.integer(
                "REPEATS", "Seeds", "Each run is repeated with so many seeds, so that a difference can be told from chance.", 1, 1, 100
            ),
            p.words(
                "VARIABLES",
                "Inputs",
                "Names of the cube's variables that take part, with commas between; empty: all. The brightness temperatures among them are "
                "in every run, the others are added one by one.",
                "",
                optional=True,
                advanced=True,
            ),
            p.integer("HIDDEN", "Hidden neurons at the start", "Used until the neurons are decided.", 12, 1, 100, advanced=True),
            p.words("RATIO", "Ratio at the start (%)", "Used until the ratios are decided.", "70/15/15", advanced=True),
            p.words("NEURONS", "Neurons to try", "Such as 2-12 or 4,8,12; empty: 2-12.", "", optional=True, advanced=True),
            p.words("RATIOS", "Ratios to try", "Such as 70/15/15,80/10/10; empty: the paper's 13.", "", optional=True, advanced=True),
            p.words(
                "THRESHOLDS",
                "Thresholds to try (mm in 7 h)",
                "Such as none,8.75,17.5; empty: none and the paper's eight, 8.75 to 17.5.",
                "",
                optional=True,
                advanced=True,
            ),
            p.choice(
                "SPLIT",
                "Split",
                "'random' is the paper's; 'blocks' and 'leave_one_year_out' do not flatter.",
                ("random", "blocks", "leave_one_year_out"),
                advanced=True,
            ),
            p.integer("RESTARTS", "Restarts", "Networks per cell and run; the best on validation counts.", 1, 1, 1000, advanced=True),
            p.integer("SEED", "Random seed", "The first seed; the same seed gives the same table.", 0, 0, advanced=True),
            p.integer(
                "MIN_PAIRS", "Fewest complete days", "Cells with fewer under the strictest threshold are left out.", 50, 2, advanced=True
            ),
            p.choice("DEVICE", "Device", "'auto' takes a CUDA device if there is one.", ("auto", "cpu", "cuda"), advanced=True),
            p.file_out("TABLE", "Table", "Every run with its errors for all sample kinds (CSV).", "csv"),
            p.file_out("BEST", "Best settings", "What 'Train networks' and 'Screen precipitation' take as SETTINGS.", "json"),
            p.raster_out("DAYS", "Days kept and removed", "Bands: days kept unscreened, then days that each threshold removes."),
            p.file_out(
                "FIGURE",
                "Figure",
                "Four panels as in the paper's Figure 3; PDF, SVG and the plotted numbers (CSV) are written beside the PNG.",
                "png",
                optional=True,
                default=False,
            ),
            p.file_out("REPORT", "Report", "Figures and tables, the paper's numbers beside.", "html", optional=True, default=False),
        ]

    def _asked(self, given) -> dict:
        names = (
            "START",
            "END",
            "EXPERIMENTS",
            "CHOOSE",
            "REPEATS",
            "VARIABLES",
            "HIDDEN",
            "RATIO",
            "NEURONS",
            "RATIOS",
            "THRESHOLDS",
            "SPLIT",
            "RESTARTS",
            "SEED",
            "MIN_PAIRS",
            "DEVICE",
        )
        return {name.lower(): given[name] for name in names}

    def _outputs_of(self, given):
        from ...core.sensitivity.outputs import Outputs

        return Outputs(**{name.lower(): given[name] for name in ("TABLE", "BEST", "DAYS", "FIGURE", "REPORT")})

    def check(self, given):
        from ...core.sensitivity import settings

        self._outputs_of(given).check()
        settings.check(given["INPUT"], **self._asked(given))

    def work(self, given, progress, context):
        from ...core.sensitivity import outputs

        result = outputs.analyse_to_files(given["INPUT"], self._outputs_of(given), progress=progress, **self._asked(given))
        if given["DAYS"]:
            layers.style_output(context, given["DAYS"], "Days kept unscreened", "days")
        best, last = result.best, result.chosen(result.asked.experiments[-1])
        numbers = {
            "RUNS": len(result.entries),
            "CELLS": int(result.cells.sum()),
            "BEST_HIDDEN": best.hidden,
            "BEST_THRESHOLD": best.threshold,
            "MEAN_R": last.means["r", "overall"][0],
            "MEAN_RMSE": last.means["rmse", "overall"][0],
            "BEST_VARIABLES": ",".join(best.inputs),
            "BEST_RATIO": "/".join(map(str, best.ratio)),
        }
        return Outcome(numbers, result.summary, result.warnings)
