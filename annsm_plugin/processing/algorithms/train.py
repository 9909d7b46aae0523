"""annsm:train: one network per cell."""

from __future__ import annotations

from typing import ClassVar

from ...core.training.request import TrainRequest
from ..base import AnnsmAlgorithm


class Train(AnnsmAlgorithm):
    NAME, TITLE = "train", "Train networks"
    TAGS = ("neural network", "Levenberg-Marquardt", "machine learning", "model")
    ICON = "train.svg"
    HELP = (
        "Trains one small neural network per 0.25 degree cell by Levenberg-Marquardt, with SMAP soil moisture as the target and every "
        "other variable of the cube as input. Needs PyTorch, in QGIS's Python or in "
        "another (see PYTHON). A stopped run goes on where it was when it is started again with the "
        "same settings and output."
    )
    REQUEST, STEP = TrainRequest, "training"
    LAYERS: ClassVar[dict[str, tuple[str, str]]] = {
        "R": ("R (training)", "r"),
        "RMSE": ("RMSE (training, 0-1)", "rmse01"),
        "STATUS": ("Status (training)", "status"),
    }
    NUMBERS: ClassVar[dict[str, str]] = {
        "MEAN_R": "Mean R, overall samples",
        "MEAN_RMSE": "Mean RMSE, overall samples (0-1)",
        "CELLS": "Cells trained",
    }

    def numbers(self, result):
        overall = result.means["overall"]
        return {"MEAN_R": overall["r"], "MEAN_RMSE": overall["rmse"], "CELLS": int(result.model.trained.sum())}
