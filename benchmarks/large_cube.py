"""A synthetic cube of any number of cells with the paper's nine inputs: smooth functions of the inputs plus noise, without gaps."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from annsm_plugin.core.foundation import store
from annsm_plugin.core.foundation.grid import Grid

RESOLUTION = 0.25
INPUTS = ("tb_06v", "tb_10v", "tb_18v", "tb_23v", "tb_36v", "sm_gldas", "st_gldas", "lst_gldas", "lai")


def write_cube(path: Path, cells: int, days: int, columns: int = 300) -> None:
    """Rows of ``columns`` cells around the equator, from 2015-04-01; it rains hard on a day in twenty."""
    rows = cells // columns
    north = RESOLUTION * round(rows / 2)
    grid = Grid.from_extent((0.0, north - rows * RESOLUTION, columns * RESOLUTION, north))
    dates = np.datetime64("2015-04-01") + np.arange(days)
    described = {"annsm_kind": "cube", "channels": "paper", "channel_list": "06 10 18 23 36", "polarisation": "V", "synthetic": "benchmark"}
    random = np.random.default_rng(0)
    slopes = random.normal(size=(len(INPUTS), 3))
    with store.GridWriter(path, grid, dates, [*INPUTS, "sm_smap", "precipitation_7h", "sensor"], described) as out:
        out.put("sensor", slice(None), np.full(days, 2))
        for first in range(0, days, store.CHUNKS[0]):
            part = slice(first, min(first + store.CHUNKS[0], days))
            shape = (part.stop - part.start, *grid.shape)
            unit = random.random((len(INPUTS), *shape), dtype=np.float32)
            target = np.tanh(np.einsum("ithw,ik->kthw", unit - 0.5, slopes)).sum(axis=0) * 0.05 + 0.25
            for name, values in zip(INPUTS, unit):
                out.put(name, part, values * 50 + 240 if name[:2] in ("tb", "st", "ls") else values)
            out.put("sm_smap", part, target + random.normal(0, 0.02, shape))
            out.put("precipitation_7h", part, np.where(random.random(shape) < 0.05, random.gamma(2, 6, shape), 0.0))
