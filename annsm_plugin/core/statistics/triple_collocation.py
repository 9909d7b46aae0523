"""Triple collocation: how large the errors of three products are, and how well they correlate with the unknown truth.

Each product is taken as a + b * truth + error, the errors independent of the truth and of each other, with no drift in between.
Then the covariances of the three alone give the error variances (Stoffelen 1998, in the covariance notation of Gruber et al. 2016,
Int. J. Appl. Earth Obs. Geoinf. 45) and the correlations with the truth (extended triple collocation, McColl et al. 2014, Geophys.
Res. Lett. 41). What two of them share that the third does not see counts as truth: errors that are not independent make those two
look better, and the third worse, than they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..foundation.errors import ParameterError

#: What ``Estimate.status`` says of a cell.
STATUS = {
    0: "estimated",
    1: "no common day",
    2: "too few common days",
    3: "constant series",
    4: "no common signal",
    5: "negative error variance",
}

#: Fewest common days for which an estimate is worth having; fewer leave the covariances to chance.
FEWEST_DAYS = 100

#: Length of the blocks of days that the bootstrap draws together, since neighbouring days resemble each other.
BLOCK_DAYS = 30

#: Share of the draws that must have a common signal for an interval to be given.
FEWEST_DRAWS = 0.9

#: The six different members of a covariance matrix of three, as pairs.
_PAIRS = ((0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2))

#: For each product the places in ``_PAIRS`` of its variance, its two covariances and the covariance of the two others.
_ROLES = ((0, 3, 4, 5), (1, 3, 5, 4), (2, 4, 5, 3))

#: Relative size below which a variance is rounding.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Estimate:
    """Results for three products in B cells.

    ``std`` (3, B): error standard deviation, each in its own product's data space and units. ``r`` (3, B): correlation with the truth.
    ``scale`` (3, B): factor that brings a product's deviations (and its ``std``) to the first product's data space. ``n`` (B,): common
    days. ``status`` (B,) int8: see ``STATUS``. ``negative`` (3, B) bool: whose error variance came out below zero; its ``std`` and
    ``r`` are NaN, the others' are given.
    """

    std: np.ndarray
    r: np.ndarray
    scale: np.ndarray
    n: np.ndarray
    status: np.ndarray
    negative: np.ndarray


def estimate(x: np.ndarray, y: np.ndarray, z: np.ndarray, *, min_n: int = FEWEST_DAYS) -> Estimate:
    """Triple collocation of ``x``, ``y``, ``z`` (B, days) or (days,), NaN where missing, on the days that all three have.

    Covariances are taken with N - 1. A cell with fewer than ``min_n`` common days, with a constant series, or whose three
    covariances have no positive product (no common signal) gets NaN and a status. Raises ``ParameterError`` for ``min_n`` below 3.
    """
    if int(min_n) < 3:
        raise ParameterError(f"The smallest number of common days is {min_n}; expected at least 3.")
    values, there = _common(x, y, z)
    n = there.sum(axis=1)
    deviations, constant = _deviations(values, there, n)
    with np.errstate(invalid="ignore", divide="ignore"):
        covariances = np.stack([(deviations[a] * deviations[b]).sum(axis=1) for a, b in _PAIRS]) / np.maximum(n - 1, 1)
    variance, square, scale, signal = _solve(covariances)
    own = covariances[:3]
    variance = np.where(np.abs(variance) <= _ROUNDING * own, 0.0, variance)
    status = np.select([n == 0, n < min_n, constant.any(axis=0), ~signal], [1, 2, 3, 4], 0).astype(np.int8)
    good = status == 0
    negative = good & (variance < 0)
    status[negative.any(axis=0)] = 5
    use = good & ~negative
    std = np.sqrt(np.where(use, variance, np.nan))
    r = _sign(covariances) * np.sqrt(np.where(use, np.minimum(square, 1.0), np.nan))
    return Estimate(std, r, np.where(good, scale, np.nan), n, status, negative)


def intervals(
    x: np.ndarray, y: np.ndarray, z: np.ndarray, dates: np.ndarray, *, draws: int, seed: int = 0, block: int = BLOCK_DAYS
) -> tuple[np.ndarray, np.ndarray]:
    """95 % intervals by bootstrap over blocks of ``block`` calendar days: (low and high, 3, B) of the error std and of R.

    ``dates`` (days,) ascending datetime64[D]. An error variance below zero counts as zero in a draw (R as 1). NaN where more than
    a tenth of the draws have no common signal, or where fewer than five blocks hold a common day.
    """
    values, there = _common(x, y, z)
    n = there.sum(axis=1)
    deviations, _ = _deviations(values, there, n)
    starts = np.flatnonzero(np.diff((dates - dates[0]).astype(int) // block, prepend=-1))
    terms = [there, *deviations, *(deviations[a] * deviations[b] for a, b in _PAIRS)]
    sums = np.stack([np.add.reduceat(term.astype(float), starts, axis=1) for term in terms])  # (10, B, blocks)
    drawn = np.random.default_rng(seed).multinomial(starts.size, np.full(starts.size, 1.0 / starts.size), size=draws)
    count, *rest = sums @ drawn.T.astype(float)  # each (B, draws)
    means, products = np.stack(rest[:3]), np.stack(rest[3:])
    with np.errstate(invalid="ignore", divide="ignore"):
        centred = [p - means[a] * means[b] / count for p, (a, b) in zip(products, _PAIRS)]
        covariances = np.stack(centred) / (count - 1)
    variance, square, _, signal = _solve(covariances)
    valid = signal & (count > 2)
    enough = (valid.mean(axis=1) >= FEWEST_DRAWS) & ((sums[0] > 0).sum(axis=1) >= 5)
    found = []
    for drawn_values in (np.sqrt(np.maximum(variance, 0.0)), _sign(covariances) * np.sqrt(np.clip(square, 0.0, 1.0))):
        bounds = np.full((2, 3, n.size), np.nan)
        for cell in np.flatnonzero(enough):
            bounds[:, :, cell] = np.percentile(drawn_values[:, cell, valid[cell]], [2.5, 97.5], axis=1)
        found.append(bounds)
    return found[0], found[1]


def _common(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(3, B, days) values with zeros on days that not all have, and (B, days) bool: the common days."""
    values = np.stack([np.atleast_2d(np.asarray(v, dtype=float)) for v in np.broadcast_arrays(x, y, z)])
    there = np.isfinite(values).all(axis=0)
    return np.where(there, values, 0.0), there


def _deviations(values: np.ndarray, there: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """(3, B, days) deviations from the mean over the common days (zero elsewhere), and (3, B) bool: constant apart from rounding."""
    mean = values.sum(axis=2) / np.maximum(n, 1)
    deviations = np.where(there, values - mean[:, :, np.newaxis], 0.0)
    constant = np.abs(deviations).max(axis=2, initial=0.0) <= 1e-14 * np.abs(values).max(axis=2, initial=0.0)
    return np.where(constant[:, :, np.newaxis], 0.0, deviations), constant


def _solve(c: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Error variances (3, ...), squared correlations (3, ...), scales (3, ...) and whether there is a common signal (...).

    ``c`` (6, ...) are the covariances in the order of ``_PAIRS``. The signal of i in its own units has the variance c_ij c_ik / c_jk:
    the rest of its variance is error, and the ratio is the squared correlation with the truth.
    """
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        signal = np.stack([c[ij] * c[ik] / c[jk] for _, ij, ik, jk in _ROLES])
        variance = c[:3] - signal
        square = signal / c[:3]
        scale = np.stack([np.ones_like(c[0]), c[4] / c[5], c[3] / c[5]])
    return variance, square, scale, (signal > 0).all(axis=0) & np.isfinite(signal).all(axis=0)


def _sign(c: np.ndarray) -> np.ndarray:
    """(3, ...) -1 for a product that runs against the two others, which is what a common signal allows besides three that agree."""
    return np.stack([np.where((c[ij] < 0) & (c[ik] < 0), -1.0, 1.0) for _, ij, ik, _ in _ROLES])
