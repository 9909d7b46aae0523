"""Anomalies of daily series from a moving window: what is left when season and level are taken away."""

from __future__ import annotations

import numpy as np

#: Length of the window centred on each day, days.
WINDOW = 35

#: Fewest values in a window for which its mean counts.
FEWEST = 8


def anomalies(values: np.ndarray, dates: np.ndarray, window: int = WINDOW, fewest: int = FEWEST) -> np.ndarray:
    """``values`` (B, days; NaN missing) minus the mean of the ``window`` days centred on each day; NaN where fewer than ``fewest`` count.

    ``dates`` (days,) datetime64[D], ascending, may have gaps.
    """
    day = (dates - dates[0]).astype(int)
    half = window // 2
    first = np.searchsorted(day, day - half, "left")
    last = np.searchsorted(day, day + half, "right")
    present = np.isfinite(values)
    zero = np.zeros((values.shape[0], 1))
    total = np.concatenate([zero, np.cumsum(np.where(present, values, 0.0), axis=1, dtype=float)], axis=1)
    count = np.concatenate([zero, np.cumsum(present, axis=1)], axis=1)
    inside = count[:, last] - count[:, first]
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (total[:, last] - total[:, first]) / inside
    return np.where(inside >= fewest, values - mean, np.nan)
