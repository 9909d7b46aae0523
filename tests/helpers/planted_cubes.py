"""Cubes whose target is a planted function of inputs that are uniform noise."""

from __future__ import annotations

import numpy as np

from annsm_plugin.core.foundation import store
from annsm_plugin.core.foundation.grid import Grid

EXTENT = (90.0, 32.0, 91.0, 33.0)  # 4 x 4 cells


def write(path, inputs, make, *, days, seed=0, polarisation=None):
    """Write a cube; ``inputs``: lowest and highest value by name; ``make(inputs by name, day (days, 1, 1), random)`` gives the target."""
    grid = Grid.from_extent(EXTENT)
    random = np.random.default_rng(seed)
    shape = (days, *grid.shape)
    values = {name: random.uniform(low, high, shape) for name, (low, high) in inputs.items()}
    values["sm_smap"] = make(values, np.arange(days)[:, None, None], random)
    dates = np.datetime64("2015-04-01") + np.arange(days)
    described = {"annsm_kind": "cube", "channels": "common", **({"polarisation": polarisation} if polarisation else {})}
    with store.GridWriter(path, grid, dates, list(values), described) as out:
        for name, value in values.items():
            out.put(name, slice(None), value)
    return path
