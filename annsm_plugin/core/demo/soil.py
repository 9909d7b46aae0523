"""The soil water model of the demo archive: a bucket of two layers with rain, evaporation, drainage, and freezing.

It is run twice, with different constants and different rain: for the true soil moisture, and for that of GLDAS.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..foundation.progress import SILENT, Progress

#: K.
FREEZING = 273.15


@dataclass
class Soil:
    """Constants of a soil column: thickness of the two layers in mm, porosity and rates; some may be arrays (cells,)."""

    porosity: np.ndarray | float
    top: float
    below: float
    conductivity: np.ndarray | float  # mm per hour at saturation
    exponent: float
    exchange: float  # share of the difference between the layers that is evened out per hour
    thirst: np.ndarray | float  # factor of potential evapotranspiration


@dataclass
class Water:
    """Hourly state of the soil (hours, cells) float32.

    ``surface`` (0-5 cm) and ``layer`` (0-10 cm): water, liquid and frozen, in m3 m-3; ``skin``: the film of water that rain left on the
    surface, mm.
    """

    surface: np.ndarray
    layer: np.ndarray
    skin: np.ndarray


def run(soil: Soil, rain: np.ndarray, temperature: np.ndarray, lon: np.ndarray, progress: Progress = SILENT) -> Water:
    """Run the model with hourly rain (mm) and soil temperature (K), both (hours, cells), in cells at longitudes ``lon`` (degrees).

    Frozen soil neither drains nor evaporates, and precipitation on it is snow, which stays until the soil thaws.
    """
    hours, cells = rain.shape
    out = [np.empty((hours, cells), "float32") for _ in range(3)]
    porosity = np.broadcast_to(np.asarray(soil.porosity, float), (cells,))
    top = 0.35 * porosity
    below = 0.45 * porosity
    film, snow = np.zeros(cells), np.zeros(cells)
    tenth = min(1.0, soil.top / 100.0)
    for i in range(hours):
        if i % 2000 == 0:
            progress.check()
        warm = temperature[i] > FREEZING
        snow = snow + np.where(warm, 0.0, rain[i])
        melt = np.where(warm, np.minimum(snow, 0.4), 0.0)
        snow = snow - melt
        water = np.where(warm, rain[i], 0.0) + melt
        sun = np.maximum(0.0, np.cos(2.0 * np.pi * (i + lon / 15.0 - 13.0) / 24.0))
        potential = np.where(warm, soil.thirst * sun * np.maximum(0.0, temperature[i] - 268.0) * 0.024, 0.0)
        wetness, deep = top / porosity, below / porosity
        drain = np.where(warm, soil.conductivity * wetness**soil.exponent, 0.0)
        leak = np.where(warm, 0.35 * soil.conductivity * deep**soil.exponent, 0.0)
        even = np.where(warm, soil.exchange * (below - top) * soil.top, 0.0)
        top = top + (water - 0.6 * potential * np.minimum(1.0, 1.8 * wetness) - drain + even) / soil.top
        runoff = np.maximum(0.0, top - 0.95 * porosity)
        top = np.maximum(top - runoff, 0.03)
        below = below + (drain - leak - even - 0.4 * potential * np.minimum(1.0, 1.8 * deep)) / soil.below
        below = np.clip(below, 0.04, 0.95 * porosity)
        film = np.minimum(film * 0.86 + water, 4.0)
        out[0][i] = top
        out[1][i] = tenth * top + (1.0 - tenth) * below
        out[2][i] = film
    return Water(*out)


def liquid(water: np.ndarray, temperature: np.ndarray) -> np.ndarray:
    """The liquid part of ``water`` (m3 m-3) at ``temperature`` (K): all of it above freezing, the less the colder it is below.

    In frozen loam about 0.07 (T0 - T)^-0.5 m3 m-3 remain liquid.
    """
    below = np.maximum(FREEZING - temperature, 1e-3)
    return np.where(temperature > FREEZING, water, np.minimum(water, 0.07 * below**-0.5)).astype("float32")
