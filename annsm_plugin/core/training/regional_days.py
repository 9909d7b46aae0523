"""Which days of a region train its shared network, which test it, and which fifth each member does not see.

Neighbouring cells share their weather, so a day has one role for the whole region: were it a training day here and a testing day there, the
network would be tested on what it has learnt next door.
"""

from __future__ import annotations

import numpy as np

from ..network import splits
from .settings import Settings

#: Parts that the training days are divided into: each member of the ensemble is trained on four and stops early by the fifth.
FOLDS = 5


def days_of(dates: np.ndarray, samples: np.ndarray, asked: Settings) -> tuple[np.ndarray, np.ndarray]:
    """Role (days,) of ``splits`` (TRAINING or TESTING) and fold (days,) 0 to 4 of each of the period's ``dates``.

    samples (days,): how many cells have the target on that day. "blocks": whole stretches of 30 calendar days, drawn so that each has
    about its share of the samples, whatever the season; "random": single days; "leave_one_year_out": the year that ``splits`` leaves out.
    """
    block = (dates - asked.start).astype(int) // splits.BLOCK_DAYS
    draw = np.random.default_rng([int(asked.seed), 30])
    if asked.split == "leave_one_year_out":
        test = splits.roles(dates, asked.ratio, asked.split, asked.seed, 0, start=asked.start, end=asked.end) == splits.TESTING
    elif asked.split == "blocks":
        test = np.isin(block, _spread(np.bincount(block, weights=samples), asked.ratio[2] / 100.0, draw))
    else:
        block = np.arange(dates.size)
        test = draw.random(dates.size) < asked.ratio[2] / 100.0
    role = np.where(test, splits.TESTING, splits.TRAINING).astype(np.int8)
    fold = np.zeros(int(block.max()) + 1, dtype=np.int8)
    kept = np.unique(block[~test & (samples > 0)])  # blocks that teach something, five by five, each in another fold
    for first in range(0, kept.size, FOLDS):
        group = kept[first : first + FOLDS]
        fold[group] = draw.permutation(FOLDS)[: group.size]
    return role, fold[block]


def _spread(weight: np.ndarray, share: float, draw: np.random.Generator) -> np.ndarray:
    """Numbers of blocks with about ``share`` of the whole ``weight``, evenly spread along it."""
    total = float(weight.sum())
    count = int(np.floor(share * np.count_nonzero(weight) + 0.5))
    if share > 0:
        count = max(1, count)
    if total == 0 or count == 0:
        return np.zeros(0, dtype=int)
    at = (np.arange(count) + draw.random()) * total / count
    return np.unique(np.minimum(np.searchsorted(np.cumsum(weight), at, side="right"), weight.size - 1))
