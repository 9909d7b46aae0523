"""The result of a comparison: maps of every method's errors, and the means over the cells that every method could estimate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..foundation import store
from ..foundation.grid import Grid
from ..statistics import significance
from ..training.settings import Settings
from . import paired

MEASURES = ("r", "rmse", "bias", "ubrmse", "n")


@dataclass
class ComparisonResult:
    """Maps (rows, columns; NaN where there is no value) on the testing samples, and their means over the cells.

    ``maps[method][measure]``: R, RMSE, BIAS (target - estimate), ubRMSE in m3 m-3, N, and how many estimates were
    ``impossible``: no soil can have them; ``importance[input]``: growth of the network's
    RMSE (m3 m-3) when that input is shuffled; ``seconds[method]``: time taken. ``cells``: bool map of the cells that every method
    could estimate, which alone enter ``means[method][measure]`` = (mean, standard deviation over the cells, low, high of the mean's 95 %
    interval), with ``abs_bias`` beside. ``better[method]`` = (share of cells in which the network has the lower RMSE, mean
    RMSE of the method minus the network's, low, high). ``paired[method]`` = (RMSE over all cells minus the network's, low, high of its
    95 % interval over stretches of ten days; see ``paired``). ``left_out[method]``: why a method is not there.
    """

    grid: Grid
    asked: Settings
    product: str
    maps: dict[str, dict[str, np.ndarray]]
    importance: dict[str, np.ndarray]
    seconds: dict[str, float]
    cells: np.ndarray
    means: dict[str, dict[str, tuple[float, float, float, float]]]
    better: dict[str, tuple[float, float, float, float]]
    paired: dict[str, tuple[float, float, float]]
    left_out: dict[str, str]
    summary: list[str]
    warnings: list[str]
    attributes: dict[str, Any]
    checkpoint: store.Checkpoint | None = None


def comparable(maps: dict[str, dict[str, np.ndarray]]) -> np.ndarray:
    """(rows, columns) bool: the cells that every method could estimate, from the maps of each."""
    return np.logical_and.reduce([np.isfinite(own["rmse"]) for own in maps.values()])


def summed_up(
    grid: Grid, asked: Settings, product: str, maps: dict[str, dict[str, np.ndarray]], shares: dict[str, np.ndarray],
    cells: np.ndarray, squares: dict[str, np.ndarray], samples: np.ndarray, seconds: dict[str, float], left_out: dict[str, str],
    attributes: dict[str, Any], cube: str,
) -> ComparisonResult:  # fmt: skip
    """Means over the ``cells`` that every method could estimate, and the network against each of the others.

    squares and samples (stretches,): sums of squared errors of each method, and testing samples, over these cells.
    """
    means = {}
    for name, own in maps.items():
        values = {**own, "abs_bias": np.abs(own["bias"])}
        means[name] = {
            measure: _mean(np.where(cells, value, np.nan), significance.POSSIBLE.get(measure, significance.EVERYTHING))
            for measure, value in values.items()
        }
    better, apart = {}, {}
    for name in maps:
        if name != "network" and "network" in maps:
            gain = np.where(cells, maps[name]["rmse"] - maps["network"]["rmse"], np.nan)
            mean, _, low, high = _mean(gain)
            apart[name] = paired.difference(squares[name], squares["network"], samples)
            better[name] = (float((gain[cells] > 0).mean()) if cells.any() else float("nan"), mean, low, high)
    attributes = {**attributes, "cube": cube, "comparison_split": asked.split, "comparison_seed": asked.seed}
    return ComparisonResult(grid, asked, product, maps, shares, seconds, cells, means, better, apart, left_out, [], [], attributes)


def _mean(values: np.ndarray, within: Any = significance.EVERYTHING) -> tuple[float, float, float, float]:
    """Mean, standard deviation over the cells, and the mean's 95 % interval."""
    there = values[np.isfinite(values)]
    if there.size == 0:
        return (float("nan"),) * 4
    return (float(there.mean()), float(there.std()), *significance.interval_of_mean(values, within=within))
