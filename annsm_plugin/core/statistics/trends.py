"""Trend of a series with gaps: Theil and Sen's slope, and Mann and Kendall's test with the variance that autocorrelation asks for.

Sen 1968 (J. Am. Stat. Assoc. 63, 1379); Kendall 1975; Hamed and Rao 1998 (J. Hydrol. 204, 182).
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

#: Autocorrelations of the ranks count where they differ from 0 at this level (two-sided).
LEVEL = 0.05


def theil_sen(times: np.ndarray, values: np.ndarray) -> float:
    """Median slope of all pairs: times (n,) increasing, values (n,), NaN missing; per unit of time. NaN with fewer than two values."""
    there = np.isfinite(values)
    t, y = times[there], values[there]
    if t.size < 2:
        return float("nan")
    first, second = np.triu_indices(t.size, 1)
    return float(np.median((y[second] - y[first]) / (t[second] - t[first])))


def mann_kendall(values: np.ndarray, slope_per_step: float | None = None) -> float:
    """Two-sided p of no trend: values (n,) at equal steps, NaN missing; NaN with fewer than four values, 1 for a constant series.

    The variance of S is corrected for ties, and multiplied by Hamed and Rao's factor where autocorrelation of the ranks of the
    detrended series makes it larger; lags are those of the steps, whatever is missing between. ``slope_per_step``: the trend
    taken away before (None: Theil and Sen's).
    """
    values = np.asarray(values, dtype=float)
    there = np.isfinite(values)
    y, n = values[there], int(there.sum())
    if n < 4:
        return float("nan")
    s = float(np.sign(y[np.newaxis, :] - y[:, np.newaxis])[np.triu_indices(n, 1)].sum())
    ties = np.unique(y, return_counts=True)[1]
    variance = (n * (n - 1) * (2 * n + 5) - float((ties * (ties - 1) * (2 * ties + 5)).sum())) / 18.0
    if variance <= 0:
        return 1.0
    if slope_per_step is None:
        slope_per_step = theil_sen(np.arange(values.size, dtype=float), values)
    variance *= _inflation(values - slope_per_step * np.arange(values.size))
    return math.erfc(max(abs(s) - 1.0, 0.0) / math.sqrt(2.0 * variance))


def _inflation(detrended: np.ndarray) -> float:
    """n / n* of Hamed and Rao for a series (n,) with gaps, at least 1."""
    there = np.isfinite(detrended)
    n = int(there.sum())
    ranks = np.zeros(detrended.size)
    ranks[there] = _ranks(detrended[there])
    ranks[there] -= ranks[there].mean()
    power = float((ranks**2).sum())
    if power == 0:
        return 1.0
    limit = NormalDist().inv_cdf(1 - LEVEL / 2) / np.sqrt(n)
    lags = np.arange(1, n - 1)
    size = 2 ** int(np.ceil(np.log2(2 * detrended.size)))
    products = np.fft.irfft(np.abs(np.fft.rfft(ranks, size)) ** 2, size)[: n - 1]
    pairs = np.round(np.fft.irfft(np.abs(np.fft.rfft(there.astype(float), size)) ** 2, size))[: n - 1]
    correlation = np.zeros(n - 1)
    known = pairs > 0
    # With gaps a lag has fewer pairs than n - lag; the sum is scaled to that many.
    correlation[known] = products[known] / power * ((n - np.arange(n - 1))[known] / pairs[known])
    counted = np.where(np.abs(correlation[1:]) > limit, correlation[1:], 0.0)
    total = float(((n - lags) * (n - lags - 1.0) * (n - lags - 2.0) * counted).sum())
    return max(1.0, 1.0 + 2.0 * total / (n * (n - 1.0) * (n - 2.0)))


def _ranks(values: np.ndarray) -> np.ndarray:
    """Ranks from 1; equal values share the mean of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2.0)[place]
