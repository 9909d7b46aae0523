"""95 % intervals of BIAS, ubRMSE and RMSE of one daily series against another, with memory and gaps."""

from __future__ import annotations

import numpy as np

from . import autocorrelation, significance

#: Names of the ends of the intervals, in the order of tables.
ENDS = tuple(f"{name}_{end}" for name in ("rmse", "bias", "ubrmse") for end in ("low", "high"))

#: Fewest independent days that an interval is based on.
FEWEST = 4.0


def of_difference(difference: np.ndarray) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """(low, high), each (B,), of "bias", "ubrmse" and "rmse" of differences (B, days; NaN missing); NaN where days are too few.

    The mean of n days with autocorrelations a is worth n^2 / (sum of a over all pairs of days that are there) independent ones, their
    variance the same with a^2 (Bartlett 1946, Supplement to the Journal of the Royal Statistical Society 8). BIAS has Student's
    interval. Variance and mean square have theirs in the logarithm, so that they stay above 0; the fourth moment is the sample's,
    at least a normal one. RMSE joins both.
    """
    unit, _, there = autocorrelation.standardised(difference, difference)
    pairs = autocorrelation.pairs_at_lags(there)
    memory = autocorrelation.fitted(unit, unit, there, pairs)
    n = there.sum(axis=1).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        worth, worth_squares = (n**2 / (n + 2.0 * (own * pairs).sum(axis=1)) for own in (memory, memory**2))
        bias = np.where(there, difference, 0.0).sum(axis=1) / n
        deviation = np.where(there, difference - bias[:, None], 0.0)
        sample = (deviation**2).sum(axis=1) / n
        variance = sample / (1.0 - 1.0 / worth)  # the mean was estimated from the same days
        of_fourth = np.maximum((unit**4).sum(axis=1) / n - 1.0, 2.0) / (worth_squares - 1.0)
        enough = (worth >= FEWEST) & (sample > 0.0)
        bias_half = significance.student95(np.maximum(worth, FEWEST) - 1.0) * np.sqrt(variance / worth)
        wide = significance.student95(np.maximum(worth_squares, FEWEST) - 1.0)
        spread_half = wide * np.sqrt(of_fourth)
        square = bias**2 + sample
        square_half = wide * np.sqrt(4.0 * bias**2 * variance / worth + variance**2 * of_fourth) / square
        found = {
            "bias": (bias - bias_half, bias + bias_half),
            "ubrmse": tuple(np.sqrt(variance * np.exp(sign * spread_half)) for sign in (-1, 1)),
            "rmse": tuple(np.sqrt(square * np.exp(sign * square_half)) for sign in (-1, 1)),
        }
    return {name: (np.where(enough, low, np.nan), np.where(enough, high, np.nan)) for name, (low, high) in found.items()}
