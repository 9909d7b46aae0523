"""How sure the measures are: intervals of R that respect autocorrelation and gaps, and of means over neighbouring cells."""

from __future__ import annotations

import math

import numpy as np

#: Half width of a 95 % interval in standard deviations.
Z95 = 1.959963984540054

#: Lags beyond which the product of two series' memories is neglected, days.
LARGEST_LAG = 200

#: Sides of the blocks of neighbouring cells that are drawn together for the interval of a mean, cells: the first with enough blocks.
BLOCK_SIDES = (8, 4, 2)

#: Fewest blocks (or stations) that an interval of a mean is based on.
FEWEST_BLOCKS = 5


def effective_size(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """(B,) number of independent pairs that daily series ``x`` and ``y`` (B, days; NaN where missing) are worth for R.

    With memories a and b per day (first-order autoregression, estimated from neighbouring days), the variance of R of
    unrelated series is sum over all pairs of days of (a b)^|ti - tj| / n^2; gaps enter by the pairs that are there.
    """
    both = np.isfinite(x) & np.isfinite(y)
    n = both.sum(axis=1).astype(float)
    memory = np.clip(_memory(x, both) * _memory(y, both), 0.0, 0.999)
    total = n.copy()
    power = np.ones_like(memory)
    for lag in range(1, min(LARGEST_LAG, both.shape[1] - 1) + 1):
        power = power * memory
        power[power < 1e-6] = 0.0  # each cell stops by itself, so that its neighbours do not matter
        if not power.any():
            break
        total += 2.0 * power * (both[:, lag:] & both[:, :-lag]).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(n > 0, np.minimum(n, n**2 / total), 0.0)


def _memory(values: np.ndarray, both: np.ndarray) -> np.ndarray:
    """(B,) lag-one autocorrelation from the days whose next day is there too, corrected for its small-sample bias."""
    n = both.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(both, values, 0.0).sum(axis=1) / n
        deviation = np.where(both, values - mean[:, np.newaxis], 0.0)
        pairs = (both[:, 1:] & both[:, :-1]).sum(axis=1)
        lagged = (deviation[:, 1:] * deviation[:, :-1]).sum(axis=1) / pairs
        estimate = lagged / ((deviation**2).sum(axis=1) / n)
        estimate = estimate + (1.0 + 3.0 * estimate) / n
    return np.where((pairs >= 3) & np.isfinite(estimate), np.clip(estimate, 0.0, 0.999), 0.0)


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


def interval_of_mean(values: np.ndarray, *, draws: int = 1000, seed: int = 0) -> tuple[float, float]:
    """95 % interval of the mean of a map (rows, columns; NaN missing) by bootstrap over blocks of neighbouring cells.

    Neighbouring cells err alike, so whole blocks of 2 x 2 degrees are drawn (1 x 1 or 0.5 x 0.5 in a small region). The
    members of a vector (stations) are drawn one by one. NaN with fewer than five blocks.
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
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def _blocks(shape: tuple, side: int) -> np.ndarray:
    """The number of the block that each member of ``shape`` belongs to."""
    if len(shape) == 1:
        return np.arange(shape[0])
    row, column = np.indices(shape) // side
    return row * (shape[1] // side + 1) + column
