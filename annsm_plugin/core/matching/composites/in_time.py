"""Composites brought to days: each cell takes the composites near in time that have a value there."""

from __future__ import annotations

import numpy as np

#: The value of a composite in each cell, how many days it is away, and its number; all (rows, columns).
_Composite = tuple[np.ndarray, np.ndarray, np.ndarray]


def in_time(fields: np.ndarray, middles: np.ndarray, days: np.ndarray, reach: float, linear: bool) -> tuple[np.ndarray, np.ndarray]:
    """``fields`` (n, rows, columns; NaN = missing), each standing at its day of ``middles`` (n,), on ``days`` (m,), both in days.

    Gives the values (m, rows, columns) float32, and (m, n) bool: which composites they are made of. ``linear``: between the composites
    before and after, else the nearer of the two (the later where equally near); none farther than ``reach`` days counts.
    """
    values = np.full((days.size, *fields.shape[1:]), np.nan, dtype="float32")
    used = np.zeros((days.size, middles.size), dtype=bool)
    if not middles.size:
        return values, used
    for number, today in enumerate(days):
        before, after = _nearest_valid(fields, middles, today)
        values[number], of_before, of_after = (_linear if linear else _held)(before, after, reach)
        for composite, part in ((before, of_before), (after, of_after)):
            used[number, np.unique(composite[2][part])] = True
    return values, used


def _nearest_valid(fields: np.ndarray, middles: np.ndarray, today: float) -> tuple[_Composite, _Composite]:
    """For each cell the last composite with a value at or before ``today`` and the first after it."""
    valid = np.isfinite(fields)
    found = []
    numbers = np.arange(middles.size)
    for usable, order in ((middles <= today, slice(None, None, -1)), (middles > today, slice(None))):
        chosen, distance = fields[usable][order], np.abs(middles[usable][order] - today)
        there = valid[usable][order]
        if not chosen.shape[0]:
            shape = fields.shape[1:]
            found.append((np.full(shape, np.nan), np.full(shape, np.inf), np.zeros(shape, dtype=int)))
            continue
        first = there.argmax(axis=0)
        value = np.take_along_axis(chosen, first[None], axis=0)[0]
        found.append((value, np.where(there.any(axis=0), distance[first], np.inf), numbers[usable][order][first]))
    return found[0], found[1]


def _held(before: _Composite, after: _Composite, reach: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The nearer of two composites within ``reach`` days, and where it is the one before and the one after."""
    later = after[1] <= before[1]
    near = np.minimum(before[1], after[1]) <= reach
    return np.where(near, np.where(later, after[0], before[0]), np.nan), near & ~later, near & later


def _linear(before: _Composite, after: _Composite, reach: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Linear between two composites, each within ``reach`` days; held where only one of them is. And where each has a share."""
    use_before, use_after = before[1] <= reach, after[1] <= reach
    d0, d1 = np.where(use_before, before[1], 0.0), np.where(use_after, after[1], 1.0)
    share = np.where(use_before & use_after, d0 / np.maximum(d0 + d1, 1e-9), np.where(use_after, 1.0, 0.0))
    value = np.where(use_before, before[0], 0.0) * (1.0 - share) + np.where(use_after, after[0], 0.0) * share
    return np.where(use_before | use_after, value, np.nan), use_before & (share < 1.0), use_after & (share > 0.0)
