"""annsm:reconstruct: soil moisture of every cell and day with complete inputs."""

from __future__ import annotations

from typing import ClassVar

from .. import layers
from .. import parameters as p
from ..base import AnnsmAlgorithm, Outcome


class Reconstruct(AnnsmAlgorithm):
    NAME, TITLE = "reconstruct", "Reconstruct soil moisture"
    TAGS = ("apply", "predict", "time series", "record")
    ICON = "reconstruct.svg"
    HELP = (
        "Runs the trained networks on every day of a cube with complete inputs and writes daily ANN-SM soil moisture with quality "
        "flags. The cube must have the model's channels and polarisation. Does not need PyTorch."
    )
    NUMBERS: ClassVar[dict[str, str]] = {"VALUES": "Values reconstructed", "CELLS": "Cells with a network"}

    def parameters(self):
        return [
            p.file("MODEL", "Model", "The output of 'Train networks'."),
            p.file("INPUT", "Cube", "The output of 'Match products' for the days wanted; SMAP is not needed."),
            p.date("START", "First day", "Local date; empty: the cube's first.", optional=True),
            p.date("END", "Last day", "Local date; empty: the cube's last.", optional=True),
            p.flag("LOAD", "Load the result", "Add ANN-SM to the project, one band per day.", True),
            p.words(
                "SCHEDULER",
                "Dask scheduler",
                "Address of a dask.distributed scheduler; empty: this computer.",
                "",
                optional=True,
                advanced=True,
            ),
            p.file_out("OUTPUT", "ANN-SM", "Daily soil moisture (CF NetCDF)."),
        ]

    def check(self, given):
        from ...core.reconstruction import apply as reconstruction

        reconstruction.check(given["MODEL"], given["INPUT"], given["OUTPUT"], start=given["START"], end=given["END"])

    def work(self, given, progress, context):
        from ...core.reconstruction import apply as reconstruction

        result = reconstruction.reconstruct(
            given["MODEL"], given["INPUT"], given["OUTPUT"], start=given["START"], end=given["END"], progress=progress
        )
        if given["LOAD"]:
            layers.load_netcdf(given["OUTPUT"], "soil_moisture", "ANN-SM soil moisture", "soil_moisture", context, "OUTPUT")
        return Outcome({"VALUES": result.counts["values"], "CELLS": result.counts["cells"]}, result.summary, result.warnings)
