"""Permutation importance: how much the error grows when one input's values are shuffled among the testing samples.

Breiman (2001). Channels resemble each other, so that one alone may seem to matter little: the brightness
temperatures are also shuffled together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import metrics
from ..foundation.progress import SILENT, Progress
from ..network import function, splits

#: How often each input is shuffled; the mean counts.
REPEATS = 5

TOGETHER = "all brightness temperatures"


def groups_of(inputs: Sequence[str]) -> dict[str, list[int]]:
    """What is shuffled: each input by name, and the brightness temperatures together where there are several."""
    found = {name: [number] for number, name in enumerate(inputs)}
    channels = [number for number, name in enumerate(inputs) if name.startswith("tb_")]
    return {**found, TOGETHER: channels} if len(channels) > 1 else found


def importance(
    weights: np.ndarray,
    samples: Any,
    inputs: Sequence[str],
    hidden: int,
    *,
    seed: int,
    identities: np.ndarray,
    width: np.ndarray,
    progress: Progress = SILENT,
) -> np.ndarray:
    """(B, groups) growth of the testing RMSE, in the unit of ``width`` (B,), the range that 0-1 stands for in each cell.

    ``weights`` (B, P) of networks with all ``inputs`` (names); NaN in cells without a network or testing samples. The members of a
    group are shuffled in the same order, so that their values of one day stay together. What a cell gets depends on ``seed`` and its
    identity alone.
    """
    testing = samples.role == splits.TESTING
    counts = testing.sum(axis=1)
    order = np.argsort(~testing, axis=1, kind="stable")[:, : max(1, int(counts.max(initial=0)))]
    there = np.arange(order.shape[1]) < counts[:, np.newaxis]
    values = np.take_along_axis(samples.inputs, order[..., np.newaxis], axis=1)
    target = np.where(there, np.take_along_axis(samples.target, order, axis=1), np.nan)
    base = metrics.rmse(target, function.predict(weights, values, hidden), axis=1)
    groups = groups_of(inputs)
    grown = np.zeros((weights.shape[0], len(groups)))
    generators = [np.random.default_rng([int(seed), int(identity), 77]) for identity in identities]
    for _ in range(REPEATS):
        for number, members in enumerate(groups.values()):
            progress.check()
            shuffled = values.copy()
            for cell, (count, generator) in enumerate(zip(counts, generators)):
                shuffled[cell, :count, members] = values[cell][generator.permutation(count)][:, members].T
            grown[:, number] += metrics.rmse(target, function.predict(weights, shuffled, hidden), axis=1) - base
    return grown / REPEATS * width[:, np.newaxis]
