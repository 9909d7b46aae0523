"""Means over cells and seeds, their spread, and whether a difference between two runs can be told from chance."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..training import model

#: Units in which errors are told: R has none; RMSE in units of each cell's own range, and in m3 m-3.
MEASURES = ("r", "rmse", "rmse_m3")

#: On the run's own days; on the days that the strictest threshold keeps.
OWN, SAME = 0, 1

#: Two-sided 95 % quantiles of Student's t for 1 to 30 degrees of freedom.
_T95 = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131),
    *(2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)


def values(trained: Any, measure: str, kind: str, days: int = OWN) -> np.ndarray:
    """(C,) one measure of one sample kind in every eligible cell."""
    number = model.KINDS.index(kind)
    if measure == "rmse_m3":
        return trained.errors[days, :, model.MEASURES.index("rmse"), number] * trained.width
    return trained.errors[days, :, model.MEASURES.index(measure), number]


def mean(of: np.ndarray) -> float:
    """Mean of the finite values, NaN without any: as a training takes it over its cells."""
    of = of[np.isfinite(of)]
    return float(of.mean()) if of.size else float("nan")


def spread(of: np.ndarray) -> float:
    """Standard deviation (n - 1) of the finite values; NaN with fewer than two."""
    of = of[np.isfinite(of)]
    return float(of.std(ddof=1)) if of.size > 1 else float("nan")


def over_seeds(per_seed: list[np.ndarray]) -> tuple[float, float, float]:
    """(mean, standard deviation over the cells, standard deviation over the seeds) of one measure, given (C,) values per seed.

    The spread over cells is that of each cell's mean over the seeds; that over seeds, of the means over all cells.
    """
    means = np.array([mean(one) for one in per_seed])
    stacked = np.stack(per_seed)
    there = np.isfinite(stacked)
    with np.errstate(invalid="ignore"):
        cells = np.where(there.any(axis=0), np.where(there, stacked, 0.0).sum(axis=0) / np.maximum(there.sum(axis=0), 1), np.nan)
    return mean(means), spread(cells), spread(means)


def difference(per_seed: list[np.ndarray], best: list[np.ndarray]) -> tuple[float, float]:
    """Mean of a run's error minus the best run's, and the half width of its 95 % interval (NaN if unknown).

    Pairs of the same cell and seed. From three seeds on the interval comes from the seeds' differences; with fewer from the cells', whose
    starts and splits are drawn independently: it is then no narrower than chance, and wider where cells really differ.
    """
    pairs = [one - other for one, other in zip(per_seed, best)]
    means = np.array([mean(pair) for pair in pairs])
    sample = means if len(pairs) >= 3 else np.mean(pairs, axis=0)
    sample = sample[np.isfinite(sample)]
    if sample.size < 2:
        return mean(means), float("nan")
    return mean(means), t95(sample.size - 1) * float(sample.std(ddof=1)) / math.sqrt(sample.size)


def t95(freedom: int) -> float:
    """Two-sided 95 % quantile of Student's t."""
    return _T95[freedom - 1] if freedom <= len(_T95) else 1.96 + 2.5 / freedom
