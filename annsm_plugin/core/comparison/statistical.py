"""Methods of plain statistics: CDF matching, multiple linear regression, and the day-of-year climatology as a control.

Each takes one cell: ``train`` (N,) bool marks the training samples, the only ones that a fit sees.
"""

from __future__ import annotations

import numpy as np

from ..statistics import cdf_matching

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
