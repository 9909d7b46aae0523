"""annsm:sensitivity: which inputs, neurons, split and rain threshold serve a region best."""

from __future__ import annotations

from typing import ClassVar

from ...core.sensitivity.explanations import OVERALL_OR_TESTING, SAME_DAYS
from ...core.sensitivity.request import SensitivityRequest
from ..base import AnnsmAlgorithm


class Sensitivity(AnnsmAlgorithm):
    NAME, TITLE = "sensitivity", "Analyse sensitivity"
    TAGS = ("neural network", "inputs", "neurons", "sample ratio", "precipitation threshold", "forward selection", "hyperparameters")
    ICON = "train.svg"
    MAIN = "TABLE"
    HELP = (
        "Finds which inputs, how many hidden neurons, which sample ratio and which precipitation threshold serve a cube best: the paper's "
        "four experiments, one after the other, each at the best setting of the one before. All runs use the cells that every run can "
        "train and the days on which all inputs are complete. Needs PyTorch, in QGIS's Python or in "
        "another (see PYTHON). A stopped run goes on where it was when it is started again "
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

    REQUEST, STEP = SensitivityRequest, "sensitivity"
    LAYERS: ClassVar[dict[str, tuple[str, str]]] = {"DAYS": ("Days kept unscreened", "days")}

    def numbers(self, result):
        best, last = result.best, result.chosen(result.asked.experiments[-1])
        return {
            "RUNS": len(result.entries),
            "CELLS": int(result.cells.sum()),
            "BEST_HIDDEN": best.hidden,
            "BEST_THRESHOLD": best.threshold,
            "MEAN_R": last.means["r", "overall"][0],
            "MEAN_RMSE": last.means["rmse", "overall"][0],
            "BEST_VARIABLES": ",".join(best.inputs),
            "BEST_RATIO": "/".join(map(str, best.ratio)),
        }
