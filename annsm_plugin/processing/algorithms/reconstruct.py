"""annsm:reconstruct: soil moisture of every cell and day with complete inputs."""

from __future__ import annotations

from typing import ClassVar

from ...core.reconstruction.request import ReconstructRequest
from .. import layers
from .. import parameters as p
from ..base import AnnsmAlgorithm


class Reconstruct(AnnsmAlgorithm):
    NAME, TITLE = "reconstruct", "Reconstruct soil moisture"
    TAGS = ("apply", "predict", "time series", "record")
    ICON = "reconstruct.svg"
    HELP = (
        "Runs the trained networks on every day of a cube with complete inputs and writes daily ANN-SM soil moisture with quality "
        "flags. The cube must have the model's channels and polarisation. Does not need PyTorch."
    )
    NUMBERS: ClassVar[dict[str, str]] = {"VALUES": "Values reconstructed", "CELLS": "Cells with a network"}

    REQUEST, STEP = ReconstructRequest, "reconstruction"

    def more(self):
        return [p.flag("LOAD", "Load the result", "Add ANN-SM to the project, one band per day.", True)]

    def show(self, given, result, context):
        if given["LOAD"]:
            layers.load_netcdf(given["OUTPUT"], "soil_moisture", "ANN-SM soil moisture", "soil_moisture", context, "OUTPUT")

    def numbers(self, result):
        return {"VALUES": result.counts["values"], "CELLS": result.counts["cells"]}
