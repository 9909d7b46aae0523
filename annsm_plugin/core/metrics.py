"""The measures of agreement: R, RMSE, BIAS, ubRMSE and N, with missing values left out pairwise.

Paper section 3.3, equations 1-3, with Pearson's R (the printed denominator lacks a sum). ``target`` is x, ``prediction`` is y;
BIAS = mean(x - y), so that a prediction that is too wet has a negative BIAS.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def _pairs(target: np.ndarray, prediction: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Both as float64 of one shape with zeros where either is missing, and the mask of complete pairs."""
    target, prediction = np.broadcast_arrays(np.asarray(target, dtype=float), np.asarray(prediction, dtype=float))
    both = np.isfinite(target) & np.isfinite(prediction)
    return np.where(both, target, 0.0), np.where(both, prediction, 0.0), both


def _mean(values: np.ndarray, count: np.ndarray, axis: int | None) -> np.ndarray:
    """Sum over ``axis`` (kept) divided by ``count``; NaN where the count is 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(count > 0, values.sum(axis=axis, keepdims=True) / count, np.nan)


def _out(values: np.ndarray, axis: int | None) -> Any:
    values = np.squeeze(values, axis=axis) if axis is not None else values.reshape(())
    return values[()]


def n(target: np.ndarray, prediction: np.ndarray, axis: int | None = None) -> Any:
    """How many complete pairs there are along ``axis`` (int, tuple or None for all)."""
    return _n(*_pairs(target, prediction), axis)


def bias(target: np.ndarray, prediction: np.ndarray, axis: int | None = None) -> Any:
    """Mean of target - prediction (equation 3), in the units of the data; NaN without pairs."""
    return _bias(*_pairs(target, prediction), axis)


def rmse(target: np.ndarray, prediction: np.ndarray, axis: int | None = None) -> Any:
    """Root of the mean squared difference (equation 1); NaN without pairs."""
    return _rmse(*_pairs(target, prediction), axis)


def ubrmse(target: np.ndarray, prediction: np.ndarray, axis: int | None = None) -> Any:
    """Unbiased RMSE: the root of the mean squared difference after the mean difference is taken away; NaN without pairs."""
    return _ubrmse(*_pairs(target, prediction), axis)


def r(target: np.ndarray, prediction: np.ndarray, axis: int | None = None) -> Any:
    """Pearson's correlation; NaN with fewer than two pairs or where one of the two is constant."""
    return _r(*_pairs(target, prediction), axis)


def all_of(target: np.ndarray, prediction: np.ndarray, axis: int | None = None) -> dict[str, np.ndarray]:
    """``r``, ``rmse``, ``bias``, ``ubrmse`` and ``n`` by name."""
    pairs = _pairs(target, prediction)
    ways = {"r": _r, "rmse": _rmse, "bias": _bias, "ubrmse": _ubrmse, "n": _n}
    return {name: way(*pairs, axis) for name, way in ways.items()}


def _n(x: np.ndarray, y: np.ndarray, both: np.ndarray, axis: int | None) -> Any:
    return both.sum(axis=axis)


def _bias(x: np.ndarray, y: np.ndarray, both: np.ndarray, axis: int | None) -> Any:
    return _out(_mean(x - y, both.sum(axis=axis, keepdims=True), axis), axis)


def _rmse(x: np.ndarray, y: np.ndarray, both: np.ndarray, axis: int | None) -> Any:
    return _out(np.sqrt(_mean((x - y) ** 2, both.sum(axis=axis, keepdims=True), axis)), axis)


def _ubrmse(x: np.ndarray, y: np.ndarray, both: np.ndarray, axis: int | None) -> Any:
    count = both.sum(axis=axis, keepdims=True)
    difference = np.where(both, x - y - _mean(x - y, count, axis), 0.0)
    return _out(np.sqrt(_mean(difference**2, count, axis)), axis)


def _r(x: np.ndarray, y: np.ndarray, both: np.ndarray, axis: int | None) -> Any:
    count = both.sum(axis=axis, keepdims=True)
    dx = _centred(x, both, count, axis)
    dy = _centred(y, both, count, axis)
    xx, yy, xy = ((a * b).sum(axis=axis, keepdims=True) for a, b in ((dx, dx), (dy, dy), (dx, dy)))
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where((xx > 0) & (yy > 0), xy / np.sqrt(xx) / np.sqrt(yy), np.nan)
    return _out(np.clip(value, -1.0, 1.0), axis)


def _centred(values: np.ndarray, both: Any, count: np.ndarray, axis: int | None) -> np.ndarray:
    """Deviations from the mean over complete pairs, exactly zero where rounding alone makes a constant series vary."""
    mean = _mean(values, count, axis)
    deviation = np.where(both, values - mean, 0.0)
    largest = np.abs(values).max(axis=axis, keepdims=True, initial=0.0)
    spread = np.abs(deviation).max(axis=axis, keepdims=True, initial=0.0)
    return np.where(spread > 1e-14 * largest, deviation, 0.0)
