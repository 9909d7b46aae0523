"""annsm:train: one network per cell."""

from __future__ import annotations

from typing import ClassVar

from .. import layers
from .. import parameters as p
from ..base import AnnsmAlgorithm, Outcome


class Train(AnnsmAlgorithm):
    NAME, TITLE = "train", "Train networks"
    TAGS = ("neural network", "Levenberg-Marquardt", "machine learning", "model")
    ICON = "train.svg"
    NEEDS = ("xarray", "netCDF4", "torch")
    HELP = (
        "Trains one small neural network per 0.25 degree cell by Levenberg-Marquardt, with SMAP soil moisture as the target and every "
        "other variable of the cube as input. Needs PyTorch. A stopped run goes on where it was when it is started again with the "
        "same settings and output."
    )
    NUMBERS: ClassVar[dict[str, str]] = {
        "MEAN_R": "Mean R, overall samples",
        "MEAN_RMSE": "Mean RMSE, overall samples (0-1)",
        "CELLS": "Cells trained",
    }

    def parameters(self):
        return [
            p.file("INPUT", "Cube", "A cube with the target, matched with the SMAP folder; screened or not."),
            p.date("START", "First day of training", "Local date."),
            p.date("END", "Last day of training", "Local date."),
            p.words(
                "VARIABLES", "Inputs", "Names of the cube's variables with commas between; empty: all.", "", optional=True, advanced=True
            ),
            p.integer("HIDDEN", "Hidden neurons", "Size of each network; the paper uses 12.", 12, 1, 100),
            p.words("RATIO", "Training/validation/testing (%)", "Three whole numbers that add up to 100.", "80/10/10"),
            p.choice(
                "SPLIT",
                "Split",
                "'random' is the paper's; 'blocks' and 'leave_one_year_out' do not flatter.",
                ("random", "blocks", "leave_one_year_out"),
            ),
            p.integer(
                "RESTARTS", "Restarts", "Networks per cell from different starts; several give a spread and an uncertainty.", 1, 1, 1000
            ),
            p.choice(
                "COMBINE",
                "Combine restarts",
                "Keep the best on the validation samples, average the outputs of all, or those of the best half.",
                ("best", "average", "best_half"),
                advanced=True,
            ),
            p.words(
                "REGULARIZATION",
                "Regularization",
                "Share of the mean squared weight in what is minimised, from 0 (the paper) to below 1. Several numbers with commas "
                "between are taken in turn by the restarts; with 20 restarts of '0, 0.001, 0.01, 0.1, 0.3' and the best half, "
                "small samples are learned as well as by a tuned network.",
                "0",
                optional=True,
                advanced=True,
            ),
            p.integer("SEED", "Random seed", "The same seed gives the same model.", 0, 0, advanced=True),
            p.integer("MIN_PAIRS", "Fewest complete days", "Cells with fewer complete days get no network.", 50, 2, advanced=True),
            p.choice("DEVICE", "Device", "'auto' takes a CUDA device if there is one.", ("auto", "cpu", "cuda"), advanced=True),
            p.file(
                "SETTINGS",
                "Best settings",
                "The BEST file of a sensitivity analysis; replaces inputs, neurons and ratio.",
                "json",
                optional=True,
                advanced=True,
            ),
            p.words(
                "SCHEDULER",
                "Dask scheduler",
                "Address of a dask.distributed scheduler; empty: this computer.",
                "",
                optional=True,
                advanced=True,
            ),
            p.file_out("OUTPUT", "Model", "The trained networks (NetCDF)."),
            p.raster_out("R", "R per cell", "Correlation over all samples of the training period."),
            p.raster_out("RMSE", "RMSE per cell (0-1)", "Error over all samples, in units of each cell's own range."),
            p.raster_out("STATUS", "Status per cell", "What became of each cell."),
            p.file_out("REPORT", "Report", "Figures and tables, the paper's numbers beside.", "html", optional=True, default=False),
        ]

    def _asked(self, given) -> dict:
        names = (
            "START",
            "END",
            "VARIABLES",
            "HIDDEN",
            "RATIO",
            "SPLIT",
            "RESTARTS",
            "COMBINE",
            "SEED",
            "MIN_PAIRS",
            "DEVICE",
            "SCHEDULER",
            "SETTINGS",
            "REGULARIZATION",
        )
        return {name.lower(): given[name] for name in names}

    def check(self, given):
        from ...core.training import cube as train_cube

        train_cube.check(given["INPUT"], given["OUTPUT"], **self._asked(given))

    def work(self, given, progress, context):
        from ...core.foundation import store
        from ...core.training import cube as train_cube
        from ...core.training import report as training_report

        result = train_cube.train(given["INPUT"], given["OUTPUT"], **self._asked(given), progress=progress)
        for name, values, style, title in (
            ("R", result.r, "r", "R (training)"),
            ("RMSE", result.rmse, "rmse01", "RMSE (training, 0-1)"),
            ("STATUS", result.status, "status", "Status (training)"),
        ):
            if given[name]:
                store.write_raster(given[name], values, result.grid, bands=(title,))
                layers.style_output(context, given[name], title, style)
        if given["REPORT"]:
            training_report.write(given["REPORT"], result)
        overall = result.means["overall"]
        numbers = {"MEAN_R": overall["r"], "MEAN_RMSE": overall["rmse"], "CELLS": int(result.model.trained.sum())}
        return Outcome(numbers, result.summary, result.warnings)
