"""annsm:comparemethods: the network beside other methods on the same cube, cells and split."""

from __future__ import annotations

from typing import ClassVar

from ...core.comparison.request import CompareRequest
from ..base import AnnsmAlgorithm


class CompareMethods(AnnsmAlgorithm):
    NAME, TITLE = "comparemethods", "Compare methods"
    GROUP = ("validate", "2 - Validate")
    TAGS = ("random forest", "GRNN", "linear regression", "CDF matching", "climatology", "importance", "machine learning")
    ICON = "validate.svg"
    HELP = (
        "Compares the paper's network with CDF matching, multiple linear regression, random forest and GRNN, and with two controls: the "
        "network without brightness temperatures and the day-of-year climatology. All have the same cells, days and split and are judged "
        "on the testing samples. Shuffling one input at a time shows which inputs the network uses. A method whose Python package is "
        "missing is left out and named."
    )
    MAIN = "TABLE"
    NUMBERS: ClassVar[dict[str, str]] = {
        "CELLS": "Cells compared",
        "NETWORK_R": "Mean R of the network",
        "NETWORK_RMSE": "Mean RMSE of the network (m3 m-3)",
        "BEST_RMSE": "Lowest mean RMSE (m3 m-3)",
    }
    STRINGS: ClassVar[dict[str, str]] = {"BEST": "Method with the lowest mean RMSE"}

    REQUEST, STEP = CompareRequest, "comparison"
    LAYERS: ClassVar[dict[str, tuple[str, str]]] = {"IMPORTANCE": ("Importance of inputs", "importance")}

    def numbers(self, result):
        found = {"CELLS": int(result.cells.sum())}
        if result.cells.any():
            best = min(result.means, key=lambda name: result.means[name]["rmse"][0])
            found.update(BEST=best, BEST_RMSE=result.means[best]["rmse"][0])
            if "network" in result.means:
                found.update(NETWORK_R=result.means["network"]["r"][0], NETWORK_RMSE=result.means["network"]["rmse"][0])
        return found
