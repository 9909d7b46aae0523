"""Small synthetic cubes for the tests of training, reconstruction and validation, written as matching writes them."""

from __future__ import annotations

import numpy as np

from annsm_plugin.core.foundation import store
from annsm_plugin.core.foundation.grid import Grid

INPUTS = ("tb_06v", "tb_10v", "sm_gldas", "st_gldas", "lai")
EXTENT = (90.0, 32.0, 91.0, 33.0)  # 4 x 4 cells


def write_cube(path, *, extent=EXTENT, start="2015-04-01", days=420, seed=0, drop=(), gaps=0.2, sensor=2, attributes=None, screened=None):
    """Write a cube whose target is a smooth function of its inputs plus noise; return (path, true soil moisture (time, lat, lon)).

    ``drop`` names variables left out; ``screened`` is a (time, lat, lon) bool array or None.
    """
    grid = Grid.from_extent(extent)
    random = np.random.default_rng(seed)
    dates = np.datetime64(start, "D") + np.arange(days)
    shape = (days, *grid.shape)
    day = (dates - dates[0].astype("datetime64[Y]").astype("datetime64[D]")).astype(float)[:, None, None]
    season = np.sin(2 * np.pi * (day - 100) / 365.25)
    noise = random.normal(size=shape)
    memory = np.zeros(shape)
    for t in range(1, days):
        memory[t] = 0.9 * memory[t - 1] + noise[t] * 0.3
    truth = np.clip(0.22 + 0.08 * season + 0.06 * np.tanh(memory), 0.03, 0.5)
    values = {
        "tb_06v": 285 - 120 * truth + 8 * season + random.normal(0, 0.7, shape),
        "tb_10v": 282 - 90 * truth + 9 * season + random.normal(0, 0.7, shape),
        "sm_gldas": 0.7 * truth + 0.1 + random.normal(0, 0.03, shape),
        "st_gldas": 279 + 12 * season + random.normal(0, 1, shape),
        "lai": np.clip(0.6 + 0.5 * season + 0 * noise, 0, None),
        "sm_smap": truth + random.normal(0, 0.02, shape),
        "precipitation_7h": np.where(random.random(shape) < 0.05, 12.0, 0.0),
        "sensor": np.full(days, sensor),
    }
    for name in ("tb_06v", "sm_smap"):
        values[name] = np.where(random.random(shape) < gaps, np.nan, values[name])
    if screened is not None:
        values["screened"] = screened.astype(int)
    values = {name: value for name, value in values.items() if name not in drop}
    described = {
        "annsm_kind": "cube",
        "channels": "common",
        "channel_list": "06 10",
        "polarisation": "V",
        "synthetic": "made for a test",
        **(attributes or {}),
    }
    with store.GridWriter(path, grid, dates, list(values), described) as out:
        for name, value in values.items():
            out.put(name, slice(None), value)
    return path, truth


def write_annsm(path, values, *, extent=EXTENT, start="2019-04-01", uncertainty=None, flags=None, attributes=None):
    """Write an ANN-SM file of soil moisture ``values`` (time, lat, lon)."""
    grid = Grid.from_extent(extent)
    dates = np.datetime64(start, "D") + np.arange(values.shape[0])
    names = ["soil_moisture", "quality_flag", *(["soil_moisture_uncertainty"] if uncertainty is not None else [])]
    with store.GridWriter(path, grid, dates, names, {"annsm_kind": "annsm", "channels": "common", **(attributes or {})}) as out:
        out.put("soil_moisture", slice(None), values)
        out.put("quality_flag", slice(None), np.zeros(values.shape, dtype=np.uint8) if flags is None else flags)
        if uncertainty is not None:
            out.put("soil_moisture_uncertainty", slice(None), uncertainty)
    return path
