"""Which of two methods is better, and whether that is more than chance: their errors are compared stretch by stretch of ten days."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..foundation import blocks, machine, store
from ..statistics import significance

#: Length of a stretch, days: longer than most errors last.
DAYS = 10

#: Stretches with testing samples that an interval is based on, at least.
FEWEST = 4


def count(start: Any, end: Any) -> int:
    """Stretches from ``start`` to ``end``."""
    return int((np.datetime64(end, "D") - np.datetime64(start, "D")).astype(int)) // DAYS + 1


def stretches(dates: np.ndarray, start: Any) -> np.ndarray:
    """The stretch in which each date lies."""
    return (dates - np.datetime64(start, "D")).astype(int) // DAYS


def squares(error: np.ndarray, stretch: np.ndarray, number: int) -> np.ndarray:
    """(B, number) sums of squared ``error`` (B, N; NaN: no testing sample) in each stretch (B, N)."""
    there = np.isfinite(error)
    row = np.broadcast_to(np.arange(error.shape[0])[:, np.newaxis], error.shape)
    at = (row * number + np.clip(stretch, 0, number - 1))[there]
    return np.bincount(at, weights=error[there] ** 2, minlength=error.shape[0] * number).reshape(error.shape[0], number)


def counts(target: np.ndarray, stretch: np.ndarray, number: int) -> np.ndarray:
    """(B, number) uint8 testing samples in each stretch, those of ``target`` (B, N) that are no NaN: at most ``DAYS``."""
    return squares(np.where(np.isfinite(target), 1.0, np.nan), stretch, number).astype(np.uint8)


class Sums:
    """``squares`` of every method in every cell of a region, kept as they come: in memory as long as they are few, then on the disk."""

    def __init__(self, shape: tuple[int, int], number: int) -> None:
        self._shape, self._shelf = (*shape, number), store.Shelf(None, machine.memory(blocks.BUDGET) // 8)
        self._places: dict[str, list[tuple[Any, Any]]] = {}

    def put(self, name: str, row: Any, column: Any, values: np.ndarray) -> None:
        """Keep those of a method in some cells, whose indices stand in ``row`` and ``column``."""
        places = self._places.setdefault(name, [])
        self._shelf.put(f"{name}-{len(places)}", {"squares": values})
        places.append((row, column))

    def over(self, name: str, cells: np.ndarray) -> np.ndarray:
        """(stretches,) sums of a method over the cells (rows, columns) bool."""
        whole = np.zeros(self._shape)
        for number, place in enumerate(self._places.get(name, [])):
            whole[place] = self._shelf.get(f"{name}-{number}")["squares"]
        return whole[cells].sum(axis=0)


def difference(one: np.ndarray, other: np.ndarray, samples: np.ndarray) -> tuple[float, float, float]:
    """RMSE of ``one`` less that of ``other``, and its 95 % interval, from sums of squared errors per stretch (stretches,).

    samples (stretches,): testing samples in each. The observations are the stretches, weighted by their samples: within one, errors are
    alike from day to day and from cell to cell, and both methods meet the same weather. Student's interval of the weighted mean
    difference of mean squared errors, brought to RMSE by the sum of the two RMSEs. NaN with fewer than four stretches.
    """
    used = samples > 0
    n = samples[used]
    if n.size == 0:
        return (float("nan"),) * 3
    gap = (one[used] - other[used]) / n
    weight = n / n.sum()
    mean = float((weight * gap).sum())
    scale = np.sqrt((weight * one[used] / n).sum()) + np.sqrt((weight * other[used] / n).sum())
    if scale == 0:
        return 0.0, 0.0, 0.0
    if n.size < FEWEST:
        return mean / scale, float("nan"), float("nan")
    worth = 1.0 / (weight**2).sum()
    variance = (weight * (gap - mean) ** 2).sum() / max(worth - 1.0, 1.0)
    half = float(significance.student95(np.maximum(worth, 2.0) - 1.0) * np.sqrt(variance))
    return mean / scale, (mean - half) / scale, (mean + half) / scale
