"""How sure the measures are: intervals of R that respect autocorrelation and gaps, and of means over neighbouring cells."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from . import autocorrelation

#: Half width of a 95 % interval in standard deviations.
Z95 = 1.959963984540054

#: Sides of the blocks of neighbouring cells that are drawn together for the interval of a mean, cells: the first with enough blocks.
BLOCK_SIDES = (8, 4, 2)

#: Fewest blocks (or stations) that an interval of a mean is based on.
FEWEST_BLOCKS = 5


def effective_size(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """(B,) number of independent pairs that daily series ``x`` and ``y`` (B, days; NaN where missing) are worth for R.

    The variance of R of two series with memory (Bartlett 1935; Roy 1989, Biometrika 76) is, over all pairs of days (s, t) that are
    there, the sum of a b + c^2 - 2 R c (a + b) + R^2 (a^2 / 2 + b^2 / 2 + c^2), divided by n^2, where a and b are the autocorrelations at
    the lag t - s and c is the correlation of one series with the other at that lag (R at lag 0, where the sum is (1 - R^2)^2). The size
    is the n of independent pairs with the same variance. Each correlation is an exponential memory plus noise (``autocorrelation``).
    """
    u, v, both = autocorrelation.standardised(x, y)
    n = both.sum(axis=1).astype(float)
    r = np.clip((u * v).sum(axis=1) / np.maximum(n, 1.0), -1.0, 1.0)[:, None]
    pairs = autocorrelation.pairs_at_lags(both)
    a, b, c = (autocorrelation.fitted(one, other, both, pairs) for one, other in ((u, u), (v, v), (u, v * np.where(r < 0, -1.0, 1.0))))
    r = np.abs(r)
    terms = a * b + c**2 - 2.0 * r * c * (a + b) + r**2 * (0.5 * a**2 + 0.5 * b**2 + c**2)
    # Near R = 1 the terms cancel, and small errors of the fits would count a lot; the slower memory alone is the most that can be.
    most = (np.maximum(a, b) ** 2 * pairs).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        extra = np.clip((terms * pairs).sum(axis=1) / ((1.0 - r**2) ** 2)[:, 0], 0.0, most)
        extra = np.where(np.isfinite(extra), extra, most)
        return np.where(n > 0, n**2 / (n + 2.0 * extra), 0.0)


def interval_of_r(r: np.ndarray, size: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """95 % interval of correlations ``r`` by Fisher's z with effective ``size``; NaN where the size is below 4."""
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.arctanh(np.clip(r, -1 + 1e-12, 1 - 1e-12))
        half = np.where(size > 3, Z95 / np.sqrt(np.maximum(size - 3.0, 1e-12)), np.nan)
    return np.tanh(z - half), np.tanh(z + half)


def p_of_r(r: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Two-sided p-value of no correlation, by Fisher's z with effective ``size``; NaN where the size is below 4."""
    with np.errstate(invalid="ignore"):
        z = np.abs(np.arctanh(np.clip(r, -1 + 1e-12, 1 - 1e-12))) * np.sqrt(np.where(size > 3, size - 3.0, np.nan))
    return np.vectorize(lambda v: math.erfc(v / math.sqrt(2.0)) if np.isfinite(v) else np.nan, otypes=[float])(z)


def interval_of_mean(values: np.ndarray, *, draws: int = 1000, seed: int = 0, within: Any = (-np.inf, np.inf)) -> tuple[float, float]:
    """95 % interval of the mean of a map (rows, columns; NaN missing) by bootstrap over blocks of neighbouring cells.

    Neighbouring cells err alike, so whole blocks of 2 x 2 degrees are drawn (1 x 1 or 0.5 x 0.5 in a small region). The
    members of a vector (stations) are drawn one by one. The bootstrap gives the standard error; the interval is Student's of as many
    blocks, as percentiles of the draws are too narrow where blocks are few (Hesterberg 2015, The American Statistician 69, 371-386).
    ``within``: what a mean can be. NaN with fewer than five blocks.
    """
    values = np.asarray(values, dtype=float)
    present = np.isfinite(values)
    for side in BLOCK_SIDES if values.ndim == 2 else (1,):
        block = _blocks(values.shape, side)[present]
        _, block = np.unique(block, return_inverse=True)
        if block.size and block.max() + 1 >= FEWEST_BLOCKS:
            break
    else:
        return float("nan"), float("nan")
    sums = np.bincount(block, weights=values[present])
    sizes = np.bincount(block)
    drawn = np.random.default_rng(seed).integers(sums.size, size=(draws, sums.size))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    half = student95(sums.size - 1) * means.std() * math.sqrt(sums.size / (sums.size - 1))
    centre = float(values[present].mean())
    return max(centre - half, within[0]), min(centre + half, within[1])


#: What means of measures can be.
POSSIBLE = {
    **dict.fromkeys(("r", "anomaly_r"), (-1.0, 1.0)),
    **dict.fromkeys(("rmse", "ubrmse", "abs_bias", "std", "scaled"), (0.0, np.inf)),
}
EVERYTHING = (-np.inf, np.inf)


def student95(freedom: float | np.ndarray) -> Any:
    """The 97.5 % quantile of Student's t for ``freedom`` >= 3 (any shape), within 0.03, from 4 on 0.01 (Abramowitz and Stegun 26.7.5)."""
    z = Z95
    terms = (
        (z**3 + z) / 4.0,
        (5.0 * z**5 + 16.0 * z**3 + 3.0 * z) / 96.0,
        (3.0 * z**7 + 19.0 * z**5 + 17.0 * z**3 - 15.0 * z) / 384.0,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, start=1))


def _blocks(shape: tuple, side: int) -> np.ndarray:
    """The number of the block that each member of ``shape`` belongs to."""
    if len(shape) == 1:
        return np.arange(shape[0])
    row, column = np.indices(shape) // side
    return row * (shape[1] // side + 1) + column
