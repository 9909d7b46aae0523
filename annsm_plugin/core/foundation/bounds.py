"""What soil can hold: soil moisture that is handed out lies within it, and what did not is counted."""

from __future__ import annotations

import numpy as np

from .variables import FLAGS, POSSIBLE

#: How far beyond its reference's range a value may lie, as a share of that range: what is further off rests on nothing seen.
MARGIN = 0.5


def outside(values: np.ndarray) -> np.ndarray:
    """Which ``values`` (any shape, m3 m-3) no soil can have; infinite ones too, missing ones (NaN) not."""
    return (values < POSSIBLE[0]) | (values > POSSIBLE[1])


def held(values: np.ndarray) -> np.ndarray:
    """``values`` (any shape, m3 m-3), those that no soil can have set to 0 or 1."""
    return np.clip(values, *POSSIBLE)


def at_bounds(values: np.ndarray) -> np.ndarray:
    """The flag ``held_at_bounds`` (0 elsewhere) of ``values`` that have been held."""
    return np.where(np.isin(values, POSSIBLE), np.uint8(FLAGS["held_at_bounds"]), np.uint8(0))


def were_held(flags: np.ndarray) -> np.ndarray:
    """Which values are held at a bound, by their ``quality_flag`` (any shape, NaN where missing)."""
    known = np.isfinite(flags)
    return known & (np.where(known, flags, 0).astype(np.uint8) & FLAGS["held_at_bounds"] > 0)


def beyond(values: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Which ``values`` lie further than ``MARGIN`` of the range ``low``-``high`` of their reference beyond it (shapes that broadcast)."""
    margin = MARGIN * (high - low)
    return (values < low - margin) | (values > high + margin)
