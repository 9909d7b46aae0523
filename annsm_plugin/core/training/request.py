"""What is asked of a training run, and of every other step that trains the networks of a cube's cells."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from ..foundation.paths import PathLike
from ..foundation.requests import Request, option, raster, script
from ..network.choices import COMBINE, DEVICES, METHODS, SPLITS

#: The warning of every step that judges networks on a random split.
RANDOM_SPLIT = (
    "A random split makes errors look smaller than they are: daily series are autocorrelated, so testing days have neighbours among the "
    "training days."
)


@dataclass(frozen=True)
class NetworksRequest(Request):
    """How the networks of a cube's cells are trained: shared by training, sensitivity analysis and the comparison of methods.

    A cell takes part if it has at least ``min_pairs`` complete days from ``start`` to ``end``: days with all inputs and the target that
    are not screened.
    """

    cube: PathLike = option(
        "file", "Cube", "A cube with the target, matched with the SMAP folder; screened or not.", extension="nc", parameter="INPUT"
    )
    start: Any = option("date", "First day of training", "Local date.", offered="2015-04-01")
    end: Any = option("date", "Last day of training", "Local date.", offered="2019-03-31")
    variables: Any = option(
        "words",
        "Inputs",
        "Names of the cube's variables with commas between; empty: all. Derived inputs such as mpdi_10, mvi, api or sm_gldas_surface "
        "can be named too.",
        "",
        advanced=True,
    )
    hidden: int = option("integer", "Hidden neurons", "Size of each network; the paper uses 12.", 12, low=1, high=100)
    ratio: Any = option("words", "Training/validation/testing (%)", "Three whole numbers that add up to 100.", "80/10/10", optional=False)
    split: str = option(
        "choice",
        "Split",
        "'random' is the paper's; 'blocks' (of 30 days) and 'leave_one_year_out' keep neighbouring days together, so that testing errors "
        "are not too small.",
        choices=SPLITS,
    )
    restarts: int = option(
        "integer",
        "Restarts",
        "Networks trained per cell, each from other initial weights; with more than one, values get a spread and an uncertainty.",
        1,
        low=1,
        high=1000,
    )
    seed: int = option("integer", "Random seed", "The same seed gives the same model.", 0, low=0, advanced=True)
    min_pairs: int = option("integer", "Fewest complete days", "Cells with fewer complete days get no network.", 50, low=2, advanced=True)
    device: str = option(
        "choice",
        "Device",
        "'auto' uses a CUDA device if there is one and the work is long enough to gain from it.",
        choices=DEVICES,
        advanced=True,
    )
    scheduler: Any = option("words", "Dask scheduler", "Address of a dask.distributed scheduler; empty: this computer.", "", advanced=True)
    python: Any = option(
        "file",
        "Python for training",
        "The interpreter whose PyTorch is used; empty: the one that ANNSM_PYTHON names, else QGIS's own. See annsm:checkinstallation.",
        None,
        advanced=True,
    )


def restated(name: str, **changed: Any) -> Any:
    """The field ``name`` of ``NetworksRequest`` for a step where its ``default`` or other facts (see ``Option``) differ."""
    field = next(field for field in dataclasses.fields(NetworksRequest) if field.name == name)
    default = changed.pop("default", field.default)
    return dataclasses.field(default=default, metadata={"option": dataclasses.replace(field.metadata["option"], **changed)})


@dataclass(frozen=True)
class TrainRequest(NetworksRequest):
    """A training run: one network per cell, or one ensemble for all cells, written as a model file.

    Finished blocks of cells are kept beside the output, so that a stopped run goes on where it was when it is asked the same again.
    """

    STEP = "training"

    method: str = option(
        "choice",
        "Method",
        "'cell': a small network per cell, as the paper does. 'regional': one ensemble of networks for all cells, told each cell's means "
        "and spreads; more accurate where cells have few or noisy days, and it gives values also to cells without training data. "
        "'refined': regional, with a correction of each cell whose own days prove that it helps. Both have at least five networks, each of "
        "which leaves out another fifth of the training days; neurons and regularization are their own.",
        choices=METHODS,
    )
    combine: str = option(
        "choice",
        "Combine restarts",
        "What a cell's networks become: the one with the lowest validation error, the mean of all outputs, or that of the better half.",
        choices=COMBINE,
        advanced=True,
    )
    regularization: Any = option(
        "words",
        "Regularization",
        "Share of the mean squared weight in the sum that training minimises, from 0 (the paper) to below 1; the rest is the mean squared "
        "error. Several numbers with commas between are used in turn by the restarts: 20 restarts with '0, 0.001, 0.01, 0.1, 0.3' and "
        "the best half learn small samples as well as a tuned network.",
        "0",
        advanced=True,
    )
    settings: Any = option(
        "file",
        "Best settings",
        "The BEST file of a sensitivity analysis; replaces inputs, neurons and ratio.",
        None,
        extension="json",
        advanced=True,
    )
    output: PathLike = option("file_out", "Model", "The trained networks (NetCDF).", extension="nc")
    r: Any = raster("R per cell", "Correlation over all samples of the training period.")
    rmse: Any = raster("RMSE per cell (0-1)", "Error over all samples, in units of each cell's own range.")
    status: Any = raster("Status per cell", "Whether each cell was trained and, if not, why.")
    report: Any = option(
        "file_out", "Report", "Figures and tables, with the paper's numbers for comparison.", None, extension="html", asked=True
    )
    trainer: Any = script(None, "``network.block.Settings`` other than MATLAB's defaults; its regularization counts then.")
