"""The weather and the land of the demo archive: hourly rain and temperature, leaf area and soil, random but reproducible.

It rains where a Gaussian field, correlated in space and from day to day, exceeds a threshold that follows the monsoon; so there are wet
and dry spells. A second field, correlated with the first, gives the rain of GLDAS, which is not the true one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

#: Correlation between the Gaussian fields of the true rain and of GLDAS's rain, which determines how much rain GLDAS misses.
RAIN_SKILL = 0.80

#: Kilometres per degree of latitude.
KM = 111.2


@dataclass
class Weather:
    """Hourly weather of every cell, (hours, cells) float32; leaf area and canopy are daily, (days, cells).

    ``start``: UTC midnight at which the first hour begins. Index i holds the state at ``start`` + i hours, and the rain of the hour
    before. ``soil_temperature`` 0-5 cm, ``deep_temperature`` 0-10 cm and ``skin_temperature`` in K; ``rain`` (the true one) and
    ``gldas_rain`` in mm; ``lai`` in m2 m-2; ``canopy``: a factor around 1 of the canopy's water content, independent of LAI.
    """

    start: np.datetime64
    rain: np.ndarray
    gldas_rain: np.ndarray
    soil_temperature: np.ndarray
    deep_temperature: np.ndarray
    skin_temperature: np.ndarray
    lai: np.ndarray
    canopy: np.ndarray


def distances(lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Distances (n, n) in km between points at ``lat``, ``lon`` (n,), on a plane."""
    north = (lat[:, None] - lat) * KM
    east = (lon[:, None] - lon) * KM * np.cos(np.radians(np.mean(lat)))
    return np.hypot(north, east)


def correlated(rng: np.random.Generator, count: int, lat: np.ndarray, lon: np.ndarray, length: float) -> np.ndarray:
    """Standard normal fields (count, cells) with the correlation exp(-distance / length) in space, length in km."""
    covariance = np.exp(-distances(lat, lon) / length) + 1e-9 * np.eye(lat.size)
    return rng.standard_normal((count, lat.size)) @ np.linalg.cholesky(covariance).T


def remembering(noise: np.ndarray, memory: float) -> np.ndarray:
    """First-order autoregressive series along the first axis, with the lag-one correlation ``memory`` and the variance of ``noise``."""
    from scipy.signal import lfilter

    noise = noise.copy()
    noise[1:] *= np.sqrt(1.0 - memory**2)
    return lfilter([1.0], [1.0, -memory], noise, axis=0)


def season(dates: np.ndarray, peak: float) -> np.ndarray:
    """A cosine over the year (days,) of dates (datetime64[D]) that is 1 on the day of year ``peak``."""
    day = (dates - dates.astype("datetime64[Y]")).astype(int)
    return np.cos(2.0 * np.pi * (day - peak) / 365.25)


def make_weather(lat: np.ndarray, lon: np.ndarray, first: Any, days: int, seed: int, land: Land) -> Weather:
    """The weather in cells at ``lat``, ``lon`` (cells,) on ``days`` UTC days from the date ``first``; the same for the same seed."""
    first = np.datetime64(first, "D")
    dates = first + np.arange(days)
    rng = np.random.default_rng([seed, 11, int(first.astype(int))])
    rain, gldas_rain = (hours * land.wetness for hours in _rain(rng, lat, lon, dates))
    soil, deep, skin = _temperatures(rng, lat, lon, dates, land)
    lai, canopy = _leaves(rng, lat, lon, dates, land)
    single = [np.ascontiguousarray(a, dtype="float32") for a in (rain, gldas_rain, soil, deep, skin, lai, canopy)]
    return Weather(first.astype("datetime64[s]"), *single)


@dataclass
class Land:
    """What is constant in a cell, all (cells,): sand and clay in percent, porosity, roughness, whether it is barren, mean temperature (K),
    largest LAI (m2 m-2), what the rain, the drainage of the soil, its evaporation, the water of the canopy and the amplitude of GLDAS are
    multiplied by, and what GLDAS is too wet by (m3 m-3)."""

    sand: np.ndarray
    clay: np.ndarray
    porosity: np.ndarray
    roughness: np.ndarray
    barren: np.ndarray
    temperature: np.ndarray
    peak_lai: np.ndarray
    wetness: np.ndarray | float = 1.0
    drainage: np.ndarray | float = 1.0
    thirst: np.ndarray | float = 1.0
    leaves: np.ndarray | float = 1.0
    belief_gain: np.ndarray | float = 1.0
    belief_bias: np.ndarray | float = 0.0


def make_land(lat: np.ndarray, lon: np.ndarray, seed: int) -> Land:
    """The land of a region: smooth random fields; the north-west is barren, the north colder, the south-east green."""
    rng = np.random.default_rng([seed, 7])
    fields = correlated(rng, 5, lat, lon, 90.0)
    sand = np.clip(52.0 + 9.0 * fields[0], 25.0, 80.0)
    clay = np.clip(16.0 + 4.0 * fields[1], 6.0, 30.0)
    greenness = (lon - lon.mean()) / max(np.ptp(lon), 0.5) - (lat - lat.mean()) / max(np.ptp(lat), 0.5)
    barren = greenness + 0.12 * fields[2] < -0.72
    return Land(
        sand=sand,
        clay=clay,
        porosity=np.clip(0.48 - 0.0008 * (sand - 50.0), 0.40, 0.55),
        roughness=np.clip(0.25 + 0.06 * fields[3], 0.12, 0.45),
        barren=barren,
        temperature=278.2 + 0.7 * fields[4] - 0.5 * (lat - lat.mean()),
        peak_lai=np.where(barren, 0.0, np.clip(1.15 + 0.8 * greenness + 0.15 * fields[2], 0.3, 3.0)),
    )


def make_patchwork(lat: np.ndarray, lon: np.ndarray, seed: int) -> Land:
    """The land of the demo region if no cell were like its neighbours: soil, roughness, leaves, drying and GLDAS's errors cell by cell."""
    like = make_land(lat, lon, seed)
    rng = np.random.default_rng([seed, 8])

    def around(low: float, high: float) -> np.ndarray:
        """Factors around 1, evenly spread in their logarithm."""
        return np.exp(rng.uniform(np.log(low), np.log(high), lat.size))

    sand, clay = rng.uniform(25.0, 80.0, lat.size), rng.uniform(6.0, 30.0, lat.size)
    return replace(
        like,
        sand=sand,
        clay=np.minimum(clay, 90.0 - sand),
        porosity=rng.uniform(0.40, 0.54, lat.size),
        roughness=rng.uniform(0.10, 0.55, lat.size),
        peak_lai=like.peak_lai * around(0.5, 1.8),
        wetness=around(0.75, 1.35),
        drainage=around(0.4, 2.0),
        thirst=around(0.7, 1.4),
        leaves=around(0.6, 1.6),
        belief_gain=around(0.5, 1.5),
        belief_bias=rng.normal(0.0, 0.03, lat.size),
    )


def _rain(rng: np.random.Generator, lat: np.ndarray, lon: np.ndarray, dates: np.ndarray) -> list[np.ndarray]:
    """Hourly rain (hours, cells) in mm, of the truth and of GLDAS."""
    days, cells = dates.size, lat.size
    latent = remembering(correlated(rng, days, lat, lon, 130.0), 0.45)
    other = remembering(correlated(rng, days, lat, lon, 130.0), 0.45)
    believed = RAIN_SKILL * latent + np.sqrt(1.0 - RAIN_SKILL**2) * other
    monsoon = (0.5 + 0.5 * season(dates, 205.0)) ** 1.6
    # some months, over the whole region, have more or less rain than usual for the season
    monsoon = monsoon * np.exp(0.35 * remembering(rng.standard_normal((days, 1)), 0.97)[:, 0])
    chance = np.clip(0.04 + 0.52 * monsoon, 0.02, 0.8)[:, None]
    mean = (1.2 + 4.3 * np.clip(monsoon, 0.0, 1.2))[:, None]
    night = rng.random(days) < 0.5
    start = np.where(night, rng.normal(0.5, 2.0, days), rng.normal(16.0, 2.5, days))
    length = rng.integers(3, 9, days)
    shift = np.rint(1.2 * correlated(rng, days, lat, lon, 60.0)).astype(int)
    late = rng.integers(-2, 3, (days, 1))
    hours = []
    for field, moved in ((latent, shift), (believed, shift + late)):
        depth = _depth(field, chance, mean)
        hours.append(_spread(depth, np.rint(start).astype(int)[:, None] + moved, length, lon, days, cells))
    return hours


def _depth(latent: np.ndarray, chance: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Daily rain (days, cells) in mm: none below the threshold, above it exponentially distributed with the ``mean``."""
    from scipy.special import ndtr

    above = (ndtr(latent) - (1.0 - chance)) / chance
    return np.where(above > 0.0, -mean * np.log1p(-np.clip(above, 0.0, 1.0 - 1e-6)), 0.0)


def _spread(depth: np.ndarray, local_start: np.ndarray, length: np.ndarray, lon: np.ndarray, days: int, cells: int) -> np.ndarray:
    """Hourly rain (hours, cells) of daily rain: a triangle over ``length`` hours from the local hour ``local_start``."""
    hours = np.zeros((days * 24, cells))
    first = np.arange(days)[:, None] * 24 + local_start - np.rint(lon / 15.0).astype(int)
    column = np.broadcast_to(np.arange(cells), depth.shape)
    steps = np.arange(int(length.max()))
    weight = np.maximum(0.0, length[:, None] / 2.0 - np.abs(steps + 0.5 - length[:, None] / 2.0))
    weight /= weight.sum(1, keepdims=True)
    for step in steps:
        row = first + step
        inside = (row >= 0) & (row < hours.shape[0])
        np.add.at(hours, (row[inside], column[inside]), (depth * weight[:, step, None])[inside])
    return hours


def _temperatures(
    rng: np.random.Generator, lat: np.ndarray, lon: np.ndarray, dates: np.ndarray, land: Land
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Hourly temperature of the soil 0-5 cm and 0-10 cm and of the surface (hours, cells), K."""
    days = dates.size
    yearly = 11.5 * season(dates, 203.0)[:, None]
    weather = 1.9 * remembering(correlated(rng, days, lat, lon, 400.0), 0.78)
    daily = land.temperature + yearly + weather
    hour = np.arange(days * 24)
    knots = np.arange(days) * 24.0 + 12.0
    before = np.clip(np.floor((hour - 12.0) / 24.0).astype(int), 0, days - 2)
    part = np.clip((hour - knots[before]) / 24.0, 0.0, 1.0)[:, None]
    smooth = daily[before] * (1.0 - part) + daily[before + 1] * part
    phase = 2.0 * np.pi * ((hour[:, None] + lon / 15.0) / 24.0)
    strength = (1.0 + 0.25 * season(dates, 130.0))[:, None].repeat(24, axis=0)
    soil = smooth + 3.2 * strength * np.cos(phase - 2.0 * np.pi * 15.5 / 24.0)
    deep = smooth + 1.9 * strength * np.cos(phase - 2.0 * np.pi * 17.0 / 24.0)
    skin = smooth - 1.0 + 8.5 * strength * np.cos(phase - 2.0 * np.pi * 13.5 / 24.0)
    return soil, deep, skin


def _leaves(rng: np.random.Generator, lat: np.ndarray, lon: np.ndarray, dates: np.ndarray, land: Land) -> tuple[np.ndarray, np.ndarray]:
    """Daily leaf area index and canopy factor (days, cells)."""
    days = dates.size
    growth = 1.0 / (1.0 + np.exp(-5.0 * (season(dates, 212.0) - 0.35)))[:, None]
    slow = remembering(correlated(rng, days, lat, lon, 250.0), 0.985)
    lai = land.peak_lai * (0.10 + 0.90 * growth) * np.exp(0.18 * slow)
    canopy = np.exp(0.12 * remembering(correlated(rng, days, lat, lon, 80.0), 0.96))
    return lai, canopy
