"""The general regression network (GRNN): a mean of the training targets, weighted by nearness (Specht 1991, IEEE Trans. Neural Netw. 2)."""

from __future__ import annotations

from typing import Any

import numpy as np

#: Widths tried, in 0-1 units of the inputs.
WIDTHS = np.geomspace(0.01, 3.0, 40)


def grnn(known: np.ndarray, target: np.ndarray, asked: np.ndarray, width: float) -> np.ndarray:
    """(M,) estimates at ``asked`` (M, F): sum of target_i exp(-d_i^2 / 2 width^2) over the sum of the weights.

    ``known`` (N, F) are the training inputs and ``target`` (N,) what belongs to them; d_i is the Euclidean distance.
    """
    return _weighted(_squares(known, asked), target, width)


def choose_width(known: np.ndarray, target: np.ndarray, asked: Any, wanted: Any) -> float:
    """The width of ``WIDTHS`` with the least squared error at the validation samples ``asked`` (M, F), ``wanted`` (M,).

    Without validation samples each training sample is estimated from all others.
    """
    if asked.shape[0]:
        squares = _squares(known, asked)
    else:
        squares, wanted = _squares(known, known), target
        np.fill_diagonal(squares, np.inf)
        if squares.shape[0] < 2:
            return float(WIDTHS[-1])
    errors = [np.mean((_weighted(squares, target, width) - wanted) ** 2) for width in WIDTHS]
    return float(WIDTHS[int(np.argmin(errors))])


def _squares(known: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """(M, N) squared distances."""
    product = asked @ known.T
    return np.maximum((asked**2).sum(axis=1)[:, np.newaxis] + (known**2).sum(axis=1) - 2.0 * product, 0.0)


def _weighted(squares: np.ndarray, target: np.ndarray, width: float) -> np.ndarray:
    """The weighted means; weights count relative to the nearest sample's, so that far from all samples none vanish."""
    weights = np.exp((squares.min(axis=1, keepdims=True) - squares) / (2.0 * width**2))
    return weights @ target / weights.sum(axis=1)
