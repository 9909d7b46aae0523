"""Where a daily series has gaps: how long they are, and how far a day is from the nearest known value."""

from __future__ import annotations

import numpy as np

from .request import LONGEST_SHORT

#: Stands for "no known value on this side".
NEVER = np.int32(10**6)


def distances(known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Days (cells, days) since the last and until the next known value, 0 on known days, ``NEVER`` where there is none.

    known (cells, days) bool, consecutive days.
    """
    days = known.shape[1]
    at = np.arange(days, dtype=np.int32)
    last = np.maximum.accumulate(np.where(known, at, -NEVER), axis=1)
    following = np.minimum.accumulate(np.where(known, at, NEVER)[:, ::-1], axis=1)[:, ::-1]
    return np.where(last < 0, NEVER, at - last), np.where(following == NEVER, NEVER, following - at)


def nearest(known: np.ndarray) -> np.ndarray:
    """Days (cells, days) to the nearest known value, before or after."""
    return np.minimum(*distances(known))


def is_long(known: np.ndarray) -> np.ndarray:
    """(cells, days) bool: days in a gap of more than ``LONGEST_SHORT`` days. At its ends a series has no known day beyond itself."""
    before, after = distances(known)
    at = np.arange(known.shape[1])
    length = np.minimum(before, at + 1) + np.minimum(after, known.shape[1] - at) - 1
    return ~known & (length > LONGEST_SHORT)


def interpolated(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Linear interpolation in time of ``values`` (cells, days) between known days; the first and the last known value go on beyond.

    NaN in cells without a known day.
    """
    before, after = distances(known)
    at, last = np.arange(values.shape[1]), values.shape[1] - 1
    given = np.where(known, values, np.nan)
    left = np.take_along_axis(given, np.clip(at - before, 0, last), axis=1)
    right = np.take_along_axis(given, np.clip(at + after, 0, last), axis=1)
    left, right = np.where(before < NEVER, left, right), np.where(after < NEVER, right, left)
    share = np.where((before < NEVER) & (after < NEVER), before / np.maximum(before + after, 1), 0.0).astype(given.dtype)
    return np.where(known, given, left + share * (right - left))
