"""Small cubes with a planted truth for the tests of the sensitivity analysis and of the comparison of methods."""

from __future__ import annotations

import numpy as np

from annsm_plugin.core.foundation import store
from annsm_plugin.core.foundation.grid import Grid

EXTENT = (90.0, 32.0, 91.0, 33.0)  # 4 x 4 cells
PERIOD = {"start": "2015-04-01", "end": "2016-03-31"}


def write(path, values, *, extent=EXTENT, start="2015-04-01", attributes=None):
    """Write a cube of (time, lat, lon) arrays by name."""
    grid = Grid.from_extent(extent)
    days = next(iter(values.values())).shape[0]
    dates = np.datetime64(start, "D") + np.arange(days)
    described = {"annsm_kind": "cube", "channels": "common", "channel_list": "06 10", "polarisation": "V", "synthetic": "made for a test"}
    with store.GridWriter(path, grid, dates, list(values), {**described, **(attributes or {})}) as out:
        for name, value in values.items():
            out.put(name, slice(None), value)
    return path


def function_of(inputs, make, *, days, seed=0, shape=(4, 4)):
    """Arrays of a cube: ``inputs`` (lowest and highest value by name) are uniform noise, the target is ``make(inputs, day, random)``."""
    random = np.random.default_rng(seed)
    values = {name: random.uniform(low, high, (days, *shape)) for name, (low, high) in inputs.items()}
    return {**values, "sm_smap": make(values, np.arange(days)[:, None, None], random)}


def planted(seed=0, *, days=366, shape=(4, 4), rain=None):
    """Arrays of a cube: the target is a function of a hidden wetness, which the brightness temperatures see noisily and ``sm_gldas`` well;
    ``lai`` is noise. ``rain`` (days, rows, columns) mm or None for none.
    """
    random = np.random.default_rng(seed)
    full = (days, *shape)
    wetness = np.zeros(full)
    for t in range(1, days):
        wetness[t] = 0.85 * wetness[t - 1] + random.normal(size=shape) * 0.5
    target = 0.25 + 0.1 * np.tanh(wetness)
    return {
        "tb_06v": 260 - 60 * target + random.normal(0, 4, full),
        "tb_10v": 265 - 50 * target + random.normal(0, 4, full),
        "sm_gldas": target + random.normal(0, 0.015, full),
        "lai": random.normal(2.0, 0.3, full),
        "sm_smap": target + random.normal(0, 0.01, full),
        "precipitation_7h": np.zeros(full) if rain is None else rain,
    }


def spoiled(seed=0, *, threshold=11.25, **size):
    """As ``planted``, but on rainy days above ``threshold`` mm the target saw the rain and the inputs did not; other rain does no harm."""
    random = np.random.default_rng([seed, 7])
    values = planted(seed, **size)
    full = values["sm_smap"].shape
    rain = np.where(random.random(full) < 0.25, random.uniform(0.5, 18.5, full), 0.0)
    values["precipitation_7h"] = rain
    wetter = np.where(rain > threshold + 1e-6, random.uniform(0.1, 0.25, full), 0.0)
    values["sm_smap"] = values["sm_smap"] + wetter
    return values


def gappy(seed=0, **size):
    """As ``spoiled``, with ``st_gldas`` too and gaps of its own in every variable."""
    random = np.random.default_rng([seed, 9])
    values = spoiled(seed, **size)
    full = values["sm_smap"].shape
    values["st_gldas"] = 280 + 8 * np.sin(np.arange(full[0]) / 58.0)[:, None, None] + random.normal(0, 1, full)
    gaps = {"tb_06v": 0.15, "sm_gldas": 0.05, "lai": 0.05, "st_gldas": 0.05, "sm_smap": 0.2, "precipitation_7h": 0.05}
    for name, share in gaps.items():
        values[name] = np.where(random.random(full) < share, np.nan, values[name]).astype("float32")
    return values
