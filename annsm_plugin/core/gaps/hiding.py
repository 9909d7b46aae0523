"""Which known values are hidden to see how well they come back: in gaps of the shapes that the record has.

Short gaps: the values that another day's mask of missing values would take away from a day (a swath, moved to another day). Long gaps:
all cells of a tile for one, two or four months. One half chooses the way and its smoothing, the other half, of other weeks and other
long gaps, tests it; the uncertainty that one half gives is tested on the other.
"""

from __future__ import annotations

import numpy as np

from . import geometry

#: What a hidden value is for.
SEEN, FITS, TESTS = 0, 1, 2

#: Lengths (days) of hidden long gaps, in turn, and the days that are left between two of them.
LENGTHS, APART = (31, 61, 31, 31, 121), 40

#: Every how manieth day outside the long gaps loses a swath, days of a block (fit and test take turns), days of a tile's stretch.
EVERY, WEEK, STRETCH = 3, 32, 1461

#: Least and largest share of a tile's cells that a moved mask takes away.
SHARE = (0.05, 1.0)

#: Fewest days with values for hiding anything.
FEWEST_DAYS = 120


def stretch(known: np.ndarray, generator: np.random.Generator) -> slice:
    """Up to ``STRETCH`` days of (cells, days) ``known`` in which values are hidden: where half the days of the best such stretch are."""
    days = known.shape[1]
    if days <= STRETCH:
        return slice(0, days)
    there = np.concatenate([[0.0], np.cumsum(known.mean(axis=0))])
    starts = np.arange(0, days - STRETCH + 1)
    full = there[starts + STRETCH] - there[starts]
    good = starts[full >= 0.8 * full.max()]
    first = int(generator.choice(good))
    return slice(first, first + STRETCH)


def hide(known: np.ndarray, present: np.ndarray, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """(cells, days) int8: ``SEEN``, or ``FITS`` or ``TESTS`` where a known value is hidden; (days,) the long gap or the week of each day,
    within which errors are alike.

    known and present (cells, days) bool: trusted values, and all values of the record, on consecutive days.
    """
    use = np.zeros(known.shape, dtype=np.int8)
    days = known.shape[1]
    alive = present.any(axis=1)
    if not alive.any() or known.any(axis=0).sum() < FEWEST_DAYS:
        return use, np.zeros(days, dtype=int)
    group = np.arange(days) // WEEK + 1
    free = np.ones(days, dtype=bool)
    day = int(generator.integers(10, 40))
    for number in range(10**6):
        length = min(LENGTHS[number % len(LENGTHS)], max(20, days // 10))
        if day + length + 10 > days:
            break
        use[:, day : day + length] = FITS if number % 2 == 0 else TESTS
        free[max(0, day - 10) : day + length + 10] = False
        group[day : day + length] = -1 - number
        day += length + APART + int(generator.integers(0, APART))
    missing = ~present[alive]
    share = missing.mean(axis=0)
    shapes = np.flatnonzero((share > SHARE[0]) & (share <= SHARE[1]) & ~geometry.is_long(present[alive]).all(axis=0))
    if shapes.size:
        for at in np.flatnonzero(free & known.any(axis=0)):
            if generator.integers(EVERY):
                continue
            taken = np.zeros(len(known), dtype=bool)
            taken[alive] = missing[:, generator.choice(shapes)]
            use[taken, at] = FITS if (at // WEEK) % 2 == 0 else TESTS
    return np.where(known, use, SEEN).astype(np.int8), group
