"""A planted record of any length on the plateau's grid that compresses about as real data: cube, ANN-SM, stations and a model."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from annsm_plugin.core.foundation import store
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.stations import reading
from annsm_plugin.core.stations.station import Station
from annsm_plugin.core.training import cube, model
from annsm_plugin.core.training.settings import Settings

START = "2002-06-19"
CHANNELS = ("tb_06v", "tb_10v", "tb_18v", "tb_23v", "tb_36v")
INPUTS = (*CHANNELS, "sm_gldas", "st_gldas", "lst_gldas", "lai")
ABOUT = {"channels": "common", "channel_list": "06,10,18,23,36", "polarisation": "V", "overpass": "descending", "synthetic": "planted"}

#: Highest and lowest value of each input and, last, of the target.
RANGES = np.array([[180.0, 300.0]] * 5 + [[0.0, 0.6], [240.0, 310.0], [240.0, 310.0], [0.0, 3.0], [0.0, 0.6]])


def write(folder: Path, days: int) -> None:
    """``cube.nc``, ``annsm.nc``, ``stations.nc`` and ``model.nc`` of ``days`` days.

    Soil that remembers, seasons, swaths: brightness temperature on three days of four and the target on every second, throughout, more than
    SMAP has given; the whole autumn of 2011 without AMSR. Numbers have the digits that the products' own steps leave.
    """
    grid, random = Grid.from_extent(), np.random.default_rng(0)
    dates = np.datetime64(START) + np.arange(days)
    rows, columns = grid.shape
    mean = 0.2 + 0.06 * np.sin(np.arange(columns) / 15.0) + 0.04 * np.cos(np.arange(rows) / 9.0)[:, None]
    season = np.sin(2 * np.pi * ((dates - dates.astype("datetime64[Y]")).astype(int) - 110) / 365.25)
    of_record = ["soil_moisture", "soil_moisture_spread", "soil_moisture_uncertainty", "quality_flag"]
    described = {"annsm_kind": "cube", **ABOUT}
    with store.GridWriter(folder / "cube.nc", grid, dates, [*INPUTS, "precipitation_7h", "sm_smap", "sensor"], described) as out, \
         store.GridWriter(folder / "annsm.nc", grid, dates, of_record, {**described, "annsm_kind": "annsm"}) as record:  # fmt: skip
        out.put("sensor", slice(None), np.where(dates < np.datetime64("2012-01-01"), 1, 2))
        state = np.zeros((rows, columns))
        for first in range(0, days, store.CHUNKS[0]):
            part = slice(first, min(first + store.CHUNKS[0], days))
            values = _block(random, mean, season[part], dates[part], state, np.arange(part.start, part.stop))
            for name in (*INPUTS, "precipitation_7h", "sm_smap"):
                out.put(name, part, values[name])
            for name in of_record:
                record.put(name, part, values[name])
    hours = np.arange(dates[0], dates[-1] + 1, np.timedelta64(1, "h"), dtype="datetime64[s]")
    places = [(grid.lat[r], grid.lon[c]) for r in (10, 25, 40) for c in (20, 50, 80, 100, 120)]
    stations = [
        Station(
            f"S{n:02d}", "PLANTED", lat, lon, (0.0, 0.05), "probe", hours, np.round(0.25 + 0.05 * random.standard_normal(hours.size), 3)
        )
        for n, (lat, lon) in enumerate(places)
    ]
    reading.write_series(folder / "stations.nc", stations)
    model.write(folder / "model.nc", _model(grid, dates, random), "planted")


def _block(random, mean, season, dates, state, number) -> dict[str, np.ndarray]:
    """Some days of every variable (days, rows, columns); ``state`` goes on."""
    shape = (dates.size, *mean.shape)
    truth = np.empty(shape)
    rain = np.zeros(shape)
    for day in range(dates.size):
        push = np.kron(random.standard_normal((mean.shape[0] // 8, mean.shape[1] // 8)), np.ones((8, 8)))
        rain[day] = np.maximum(0.0, push - 1.2) * 8.0
        state *= 0.93
        state += 0.02 * push
        truth[day] = np.clip(mean + 0.06 * season[day] + 0.5 * state, 0.02, 0.5)
    noise = random.standard_normal((6, *shape), dtype=np.float32)
    warm = 278 + 14 * season[:, None, None] + noise[0]
    column, row = np.arange(mean.shape[1]), np.arange(mean.shape[0])[:, None] // 4
    shift = number[:, None, None]
    seen = ((column + 37 * shift + row) % 90) < 68
    seen &= ~((dates > np.datetime64("2011-10-04")) & (dates < np.datetime64("2012-07-03")))[:, None, None]
    aimed = ((column + 61 * shift + row) % 90) < 45
    values = {
        name: np.where(seen, np.round(warm - 8 * k - (110 - 12 * k) * truth + noise[k + 1] * 0.7, 2), np.nan)
        for k, name in enumerate(CHANNELS)
    }
    values["sm_gldas"] = np.round(0.7 * truth + 0.08 + 0.02 * noise[1], 5)
    values["st_gldas"], values["lst_gldas"] = np.round(warm, 2), np.round(warm + noise[2], 2)
    values["lai"] = np.round(np.clip(0.6 + 0.5 * season[:, None, None] + 0.1 * mean, 0, None) * np.ones(shape), 2)
    values["precipitation_7h"] = np.round(rain, 3)
    values["sm_smap"] = np.where(aimed, truth + 0.02 * noise[3], np.nan)
    values["soil_moisture"] = np.where(seen, np.clip(truth + 0.015 * noise[4], 0, 1), np.nan)
    values["soil_moisture_spread"] = np.where(seen, 0.01 + 0.002 * np.abs(noise[5]), np.nan)
    values["soil_moisture_uncertainty"] = np.where(seen, 0.03 + 0.002 * np.abs(noise[5]), np.nan)
    values["quality_flag"] = np.where(seen, np.where(warm <= 273.15, 2, 0), 255).astype(np.uint8)
    return values


def _model(grid: Grid, dates: np.ndarray, random: np.random.Generator) -> model.Model:
    """Three small networks per cell with random weights: what they say means nothing, applying them costs what it costs."""
    asked = Settings(
        start=dates[0], end=dates[-1], inputs=INPUTS, hidden=12, ratio=(80, 10, 10), split="random", restarts=3, combine="average",
        seed=0, min_pairs=50, device="cpu",
    )  # fmt: skip
    made = cube.empty(grid, asked)
    made.weights[:] = 0.2 * random.standard_normal(made.weights.shape)
    made.low[:], made.high[:] = RANGES[:, 0], RANGES[:, 1]
    made.errors[:], made.status[:] = 0.1, 0
    made.attributes.update({name: value for name, value in ABOUT.items() if name != "synthetic"}, restarts=3, training_start=str(dates[0]))
    made.status_meanings, made.stop_meanings = {0: "trained"}, {-1: "not trained"}
    return made
