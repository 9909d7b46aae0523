"""Every method on one block of cells: a pure function, values and arrays in, arrays out, that runs wherever blocks run."""

from __future__ import annotations

import time

import numpy as np

from .. import metrics
from ..foundation import bounds
from ..foundation.progress import Progress
from ..network import scaling, splits
from ..training.samples import pack
from ..training.settings import Settings
from ..workers.tasks import Arrays, Values
from . import importance, paired
from .methods import Cells, estimate
from .result import MEASURES

#: Share of a block's time that each method is expected to take, for the progress.
_COST = {"network": 4.0, "network_without_tb": 3.0, "forest": 4.0}


def measure(values: Values, arrays: Arrays, progress: Progress) -> tuple[Values, Arrays]:
    """The task: every method on B cells; errors (B, methods, measures) in m3 m-3, importance (B, groups), seconds (methods,),
    squares (B, methods, stretches): sums of squared errors, counts (B, stretches): testing samples (see ``paired``), impossible
    (B, methods): estimates that no soil can have. They are judged as they are; a record holds them."""
    asked, names, product = Settings.of(values["asked"]), values["methods"], values["product"]
    identities = arrays["identities"]
    packed = pack(arrays["inputs"], arrays["target"], arrays["complete"], arrays["dates"], identities, asked, arrays.get("roles"))
    cells = Cells(packed, identities, asked, asked.inputs.index(product) if product in asked.inputs else None)
    low, high = packed.low[:, -1], packed.high[:, -1]
    target = np.where(packed.role == splits.TESTING, scaling.unscale(packed.target, low, high), np.nan)
    errors = np.full((target.shape[0], len(names), len(MEASURES)), np.nan)
    shares = np.full((target.shape[0], len(importance.groups_of(asked.inputs))), np.nan)
    seconds, impossible = np.zeros(len(names)), np.zeros((target.shape[0], len(names)))
    stretch = paired.stretches(packed.dates, asked.start)
    squares = np.zeros((target.shape[0], len(names), paired.count(asked.start, asked.end)))
    cost = np.cumsum([0.0, *(_COST.get(name, 0.3) for name in names)])
    cost /= cost[-1]
    for number, method in enumerate(names):
        progress.check()
        begun = time.perf_counter()
        found, weights = estimate(method, cells, values["device"], progress.part(cost[number], cost[number + 1]))
        seconds[number] = time.perf_counter() - begun
        found = scaling.unscale(found, low, high)
        impossible[:, number] = (bounds.outside(found) & np.isfinite(target)).sum(axis=1)
        squares[:, number] = paired.squares(target - found, stretch, squares.shape[2])
        errors[:, number] = np.stack([getattr(metrics, name)(target, found, axis=1) for name in MEASURES], axis=1)
        if weights is not None:
            shares[:] = importance.importance(
                weights,
                packed,
                asked.inputs,
                asked.hidden,
                seed=asked.seed,
                identities=identities,
                width=high - low,
                progress=progress,
            )
    return {}, {
        "errors": errors,
        "importance": shares,
        "seconds": seconds,
        "impossible": impossible,
        "squares": squares,
        "counts": paired.counts(target, stretch, squares.shape[2]),
    }
