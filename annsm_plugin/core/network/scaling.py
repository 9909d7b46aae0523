"""Scaling of every variable to 0-1 by its minimum and maximum in the cell's training period, and back (paper section 3.1)."""

from __future__ import annotations

import numpy as np


def limits(values: np.ndarray, used: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Smallest and largest value of each cell's used days.

    ``values`` (B, N, ...) and ``used`` (B, N) bool give two arrays (B, ...); NaN for a cell without used days.
    """
    used = used.reshape(used.shape + (1,) * (values.ndim - 2))
    low = np.where(used, values, np.inf).min(axis=1, initial=np.inf)
    high = np.where(used, values, -np.inf).max(axis=1, initial=-np.inf)
    nothing = low > high
    return np.where(nothing, np.nan, low), np.where(nothing, np.nan, high)


def scale(values: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """``values`` (B, N, ...) to 0-1 between ``low`` and ``high`` (B, ...); a variable that was constant in training becomes 0."""
    low, high = low[:, np.newaxis], high[:, np.newaxis]
    width = high - low
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(width > 0, (values - low) / width, np.where(np.isnan(values), np.nan, 0.0))


def unscale(values: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """0-1 ``values`` (B, N) back to the units of ``low`` and ``high`` (B,)."""
    return low[:, np.newaxis] + values * (high - low)[:, np.newaxis]


def outside(values: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """(B, N) bool: whether any of a day's inputs (B, N, F) lies outside its limits (B, F) of the training period."""
    low, high = low[:, np.newaxis], high[:, np.newaxis]
    return ((values < low) | (values > high)).any(axis=2)
