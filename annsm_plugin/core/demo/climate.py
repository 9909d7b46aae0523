"""The weather of the demo: rain, temperature and leaf area, random but reproducible, hour by hour on a 0.25 degree grid.

Rain comes from a latent Gaussian field, correlated in space and from day to day, cut at a threshold that follows the
monsoon; that makes wet and dry spells (a Markov chain in the limit). A second field, only partly the same, is the rain
that GLDAS believes in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Correlation of the latent rain fields of the truth and of GLDAS: sets how much of the real rain GLDAS misses.
RAIN_SKILL = 0.80

#: Kilometres per degree of latitude.
KM = 111.2


@dataclass
class Weather:
    """Hourly forcing, UTC, of every cell. Arrays are (hours, cells) float32 unless said otherwise.

    ``start`` is the UTC midnight of the first hour; hour ``i`` is the state at ``start`` + i h, rain that of the hour before.
    ``soil_temperature`` 0-5 cm, ``deep_temperature`` 0-10 cm and ``skin_temperature`` in K; ``rain`` and ``gldas_rain`` in mm;
    ``lai`` (days, cells) m2 m-2; ``canopy`` (days, cells) is what LAI does not tell of the canopy's water (factor around 1).
    """

    start: np.datetime64
    rain: np.ndarray
    gldas_rain: np.ndarray
    soil_temperature: np.ndarray
    deep_temperature: np.ndarray
    skin_temperature: np.ndarray
    lai: np.ndarray
    canopy: np.ndarray


def distances(lat: np.ndarray, lon: np.ndarray, lat2=None, lon2=None) -> np.ndarray:
    """Distances (n, m) in km between points, flat within a region."""
    lat2, lon2 = (lat, lon) if lat2 is None else (lat2, lon2)
    north = (lat[:, None] - lat2) * KM
    east = (lon[:, None] - lon2) * KM * np.cos(np.radians(np.mean(lat)))
    return np.hypot(north, east)


def correlated(rng: np.random.Generator, count: int, lat, lon, length: float) -> np.ndarray:
    """(count, cells) standard normal fields with correlation exp(-distance / length km) in space."""
    covariance = np.exp(-distances(lat, lon) / length) + 1e-9 * np.eye(lat.size)
    return rng.standard_normal((count, lat.size)) @ np.linalg.cholesky(covariance).T


def remembering(noise: np.ndarray, memory: float) -> np.ndarray:
    """First-order autoregressive series along axis 0 with lag-one correlation ``memory`` and the variance of ``noise``."""
    from scipy.signal import lfilter

    noise = noise.copy()
    noise[1:] *= np.sqrt(1.0 - memory**2)
    return lfilter([1.0], [1.0, -memory], noise, axis=0)


def season(dates: np.ndarray, peak: float) -> np.ndarray:
    """Annual cosine (days,) of dates (datetime64[D]), 1 at day of year ``peak``."""
    day = (dates - dates.astype("datetime64[Y]")).astype(int)
    return np.cos(2.0 * np.pi * (day - peak) / 365.25)


def make_weather(lat: np.ndarray, lon: np.ndarray, first, days: int, seed: int, land: Land) -> Weather:
    """Weather of cells at ``lat``, ``lon`` (cells,) for ``days`` UTC days from ``first``; the same for the same seed."""
    first = np.datetime64(first, "D")
    dates = first + np.arange(days)
    rng = np.random.default_rng([seed, 11, int(first.astype(int))])
    rain, gldas_rain = _rain(rng, lat, lon, dates)
    soil, deep, skin = _temperatures(rng, lat, lon, dates, land)
    lai, canopy = _leaves(rng, lat, lon, dates, land)
    single = [np.ascontiguousarray(a, dtype="float32") for a in (rain, gldas_rain, soil, deep, skin, lai, canopy)]
    return Weather(first.astype("datetime64[s]"), *single)


@dataclass
class Land:
    """What does not change in a cell (all (cells,)): soil texture in percent, porosity, barren cells, mean temperature (K), peak LAI."""

    sand: np.ndarray
    clay: np.ndarray
    porosity: np.ndarray
    roughness: np.ndarray
    barren: np.ndarray
    temperature: np.ndarray
    peak_lai: np.ndarray


def make_land(lat: np.ndarray, lon: np.ndarray, seed: int) -> Land:
    """The land of a region: smooth random fields; the north-west is barren and colder, the south-east green."""
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


def _rain(rng, lat, lon, dates):
    """Hourly rain (hours, cells) in mm, of the truth and of GLDAS."""
    days, cells = dates.size, lat.size
    latent = remembering(correlated(rng, days, lat, lon, 130.0), 0.45)
    other = remembering(correlated(rng, days, lat, lon, 130.0), 0.45)
    believed = RAIN_SKILL * latent + np.sqrt(1.0 - RAIN_SKILL**2) * other
    monsoon = (0.5 + 0.5 * season(dates, 205.0)) ** 1.6
    # a rainy or a dry month here and there, the same over the region: what a climatology cannot know
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


def _depth(latent, chance, mean):
    """Daily depth in mm: none below the threshold, exponential with ``mean`` above it."""
    from scipy.special import ndtr

    above = (ndtr(latent) - (1.0 - chance)) / chance
    return np.where(above > 0.0, -mean * np.log1p(-np.clip(above, 0.0, 1.0 - 1e-6)), 0.0)


def _spread(depth, local_start, length, lon, days, cells):
    """Spread daily depths over hours: a triangle of ``length`` h from local hour ``local_start``."""
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


def _temperatures(rng, lat, lon, dates, land):
    """Hourly soil temperature 0-5 cm, 0-10 cm and skin temperature (hours, cells), K."""
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


def _leaves(rng, lat, lon, dates, land):
    """Daily leaf area index and the canopy factor that it does not tell (days, cells)."""
    days = dates.size
    growth = 1.0 / (1.0 + np.exp(-5.0 * (season(dates, 212.0) - 0.35)))[:, None]
    slow = remembering(correlated(rng, days, lat, lon, 250.0), 0.985)
    lai = land.peak_lai * (0.10 + 0.90 * growth) * np.exp(0.18 * slow)
    canopy = np.exp(0.12 * remembering(correlated(rng, days, lat, lon, 80.0), 0.96))
    return lai, canopy
