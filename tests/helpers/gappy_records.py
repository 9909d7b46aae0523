"""A record with swaths, an outage and days that it lacks altogether, and its cube, for the tests of gap filling."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from annsm_plugin.core.foundation import store
from annsm_plugin.core.foundation.grid import Grid

#: 10 x 12 cells.
EXTENT = (90.0, 32.0, 93.0, 34.5)

#: Days (numbers) on which no cell has a value, and those of them that the record's file does not even hold.
OUTAGE, LACKING = slice(260, 320), slice(270, 310)


def write(folder, *, days=900, seed=0, uncertainty=False, extent=EXTENT, cube_drop=(), cold=False):
    """Write ``record.nc`` and ``cube.nc``; return their paths and the values (time, lat, lon) of the record before gaps were cut.

    Soil moisture follows rain and season; GLDAS sees the same rain with errors that last. cold: frozen in winter.
    """
    folder, grid, random = Path(folder), Grid.from_extent(extent), np.random.default_rng(seed)
    shape = (days, *grid.shape)
    dates = np.datetime64("2015-04-01") + np.arange(days)
    season = np.sin(2 * np.pi * ((dates - dates.astype("datetime64[Y]")).astype(int) - 110) / 365.25)[:, None, None]
    rain = np.where(random.random((days, 1, 1)) < 0.12, random.gamma(1.0, 6.0, (days, 1, 1)), 0.0) * random.uniform(0.6, 1.4, shape)
    wet, error, own = np.zeros((3, *shape))
    for day in range(1, days):
        wet[day] = 0.9 * wet[day - 1] + 0.01 * rain[day]
        error[day] = 0.97 * error[day - 1] + 0.007 * random.normal()
        own[day] = 0.9 * own[day - 1] + 0.005 * random.normal(size=grid.shape)
    middle = random.uniform(0.12, 0.25, grid.shape)
    truth = np.clip(middle + 0.05 * season + wet + own, 0.02, 0.6)
    record = (truth + 0.006 * random.normal(size=shape)).astype(np.float32)
    cube = {
        "tb_10v": np.full(shape, 250.0),
        "sm_gldas": 0.1 + 0.7 * truth + error + 0.004 * random.normal(size=shape),
        "st_gldas": (275.0 if cold else 285.0) + 9 * season + random.normal(0, 1, shape),
        "lai": 0.6 + 0.5 * season + np.zeros(shape),
        "precipitation_7h": rain * random.uniform(0.5, 1.5, shape),
        "sm_smap": truth,
    }
    described = {"annsm_kind": "cube", "synthetic": "made for a test"}
    with store.GridWriter(folder / "cube.nc", grid, dates, [n for n in cube if n not in cube_drop], described) as out:
        for name, value in cube.items():
            if name not in cube_drop:
                out.put(name, slice(None), value)
    columns = np.arange(grid.shape[1])
    gone = ((columns[None, :] + 5 * np.arange(days)[:, None]) % 16 < 4)[:, None, :] & np.ones(shape, dtype=bool)
    gone[OUTAGE] = True
    flags = np.where(gone, 255, np.where(cube["precipitation_7h"] > 8.75, 4, 0) | np.where(cube["st_gldas"] <= 273.15, 2, 0))
    kept = np.ones(days, dtype=bool)
    kept[LACKING] = False
    names = ["soil_moisture", *(["soil_moisture_uncertainty"] if uncertainty else []), "quality_flag"]
    attributes = {"annsm_kind": "annsm", "channels": "common", "title": "Planted record", "synthetic": "made for a test", "count_values": 1}
    with store.GridWriter(folder / "record.nc", grid, dates[kept], names, attributes) as out:
        out.put("soil_moisture", slice(None), np.where(gone, np.nan, record)[kept])
        if uncertainty:
            out.put("soil_moisture_uncertainty", slice(None), np.where(gone, np.nan, 0.01)[kept])
        out.put("quality_flag", slice(None), flags[kept].astype(np.uint8))
    return folder / "record.nc", folder / "cube.nc", record
