"""Methods of plain statistics: CDF matching, multiple linear regression, and the day-of-year climatology as a control.

Each takes one cell: ``train`` (N,) bool marks the training samples, the only ones that a fit sees.
"""

from __future__ import annotations

import numpy as np

from ...statistics import cdf_matching

#: Days in a year, and half the window around a day of the year, days.
YEAR, HALF_WINDOW = 365.25, 17

#: Fewest training samples that a climatological value is the mean of; where the window holds fewer, it widens.
FEWEST = 10


def cdf_match(source: np.ndarray, target: np.ndarray, train: np.ndarray) -> np.ndarray:
    """(N,) soil moisture of one product, ``source``, brought to the distribution of ``target``; NaN where the source was constant."""
    return cdf_matching.fit(source[train], target[train])(source)


def linear_coefficients(inputs: np.ndarray, target: np.ndarray) -> np.ndarray:
    """(F + 1,) intercept and slopes of the least-squares plane; the shortest of them where inputs (N, F) depend on each other."""
    return np.linalg.lstsq(_with_one(inputs), target, rcond=None)[0]


def linear(inputs: np.ndarray, target: np.ndarray, train: np.ndarray) -> np.ndarray:
    """(N,) multiple linear regression of ``target`` on ``inputs`` (N, F)."""
    return _with_one(inputs) @ linear_coefficients(inputs[train], target[train])


def merged(model: np.ndarray, brightness: np.ndarray, target: np.ndarray, train: np.ndarray) -> np.ndarray:
    """(N,) a model's soil moisture and a retrieval from ``brightness`` (N, C), each matched to ``target`` by CDF and merged by error.

    As the combined product of ESA's CCI is made (Gruber et al. 2019, Earth Syst. Sci. Data 11): matched products are averaged with weights
    inverse to their error variances, which triple collocation of the two and the reference gives on the training samples. The cube holds
    no retrieval of the radiometer; a regression on its brightness temperatures stands for one.
    """
    retrieval = linear(brightness, target, train)
    products = [cdf_match(source, target, train) for source in (model, retrieval)]
    there = train & np.isfinite(products[0]) & np.isfinite(products[1])
    if there.sum() < 3:
        return np.full(target.shape, np.nan)
    covariance = np.cov(np.stack([products[0][there], products[1][there], target[there]]))
    (xx, xy, xz), (_, yy, yz), _ = covariance
    least = 0.05 * np.array([xx, yy])  # a product without error does not exist, nor one with a negative error variance
    variance = np.maximum([xx - xy * xz / yz, yy - xy * yz / xz] if xz > 0 and yz > 0 else [xx, yy], least)
    weight = 1.0 / variance
    return (weight[0] * products[0] + weight[1] * products[1]) / weight.sum()


def _with_one(inputs: np.ndarray) -> np.ndarray:
    return np.concatenate([np.ones((inputs.shape[0], 1)), inputs], axis=1)


def climatology(dates: np.ndarray, target: np.ndarray, train: np.ndarray) -> np.ndarray:
    """(N,) mean of the training samples within 17 days of each day of the year, whatever their year.

    ``dates`` (N,) datetime64[D]. The year is a circle of 365.25 days. Where the window holds fewer than ten samples, it widens until
    it holds ten.
    """
    phase = np.mod((dates - np.datetime64("2000-01-01", "D")).astype(float), YEAR)
    apart = np.abs(phase[:, np.newaxis] - phase[train])
    apart = np.minimum(apart, YEAR - apart)
    enough = min(FEWEST, apart.shape[1])
    reach = np.maximum(HALF_WINDOW, np.partition(apart, enough - 1, axis=1)[:, enough - 1])
    inside = apart <= reach[:, np.newaxis]
    return (inside * target[train]).sum(axis=1) / inside.sum(axis=1)
