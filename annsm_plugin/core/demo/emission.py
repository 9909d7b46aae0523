"""The microwave emission model of the demo archive: brightness temperature of soil under vegetation, for each channel.

Permittivity of soil by the mixing model of Wang and Schmugge (1980), of free water by a Debye relaxation; reflectivity by Fresnel's
equations at 55 degrees with the Q/h roughness correction of Wang and Choudhury (1981); vegetation by the tau-omega model (Mo et al.
1982); a thin, clear atmosphere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..foundation.variables import FREQUENCIES
from .climate import Land

#: Incidence angle of AMSR-E and AMSR2, degrees.
ANGLE = 55.0


@dataclass(frozen=True)
class Channel:
    """Constants of a frequency.

    ``b``: canopy opacity per kg m-2 of canopy water; ``omega``: single-scattering albedo; ``film``: how much the film of water on the
    surface adds to the soil moisture that is seen (m3 m-3 per mm); ``air``: zenith opacity of the atmosphere over the plateau;
    ``offset_v``, ``offset_h``: AMSR-E minus AMSR2 in K.
    """

    b: float
    omega: float
    film: float
    air: float
    offset_v: float
    offset_h: float


CHANNELS = {
    "06": Channel(0.13, 0.050, 0.004, 0.006, -1.8, -2.4),
    "07": Channel(0.14, 0.050, 0.004, 0.006, 0.0, 0.0),
    "10": Channel(0.20, 0.055, 0.006, 0.008, -2.9, -3.3),
    "18": Channel(0.32, 0.060, 0.010, 0.020, -2.2, -1.6),
    "23": Channel(0.38, 0.060, 0.011, 0.045, -3.7, -3.1),
    "36": Channel(0.50, 0.065, 0.014, 0.045, -1.2, -1.5),
}


def water_permittivity(frequency: float, temperature: np.ndarray) -> np.ndarray:
    """Complex permittivity of fresh water at ``frequency`` (GHz) and ``temperature`` (K), by a single Debye relaxation."""
    celsius = np.clip(temperature - 273.15, -10.0, 40.0)
    static = 88.045 - 0.4147 * celsius + 6.295e-4 * celsius**2 + 1.075e-5 * celsius**3
    turn = 1.1109e-10 - 3.824e-12 * celsius + 6.938e-14 * celsius**2 - 5.096e-16 * celsius**3
    return 4.9 + (static - 4.9) / (1.0 + 1j * turn * frequency * 1e9)


def soil_permittivity(
    frequency: float,
    liquid: np.ndarray,
    ice: np.ndarray,
    temperature: np.ndarray,
    sand: np.ndarray,
    clay: np.ndarray,
    porosity: np.ndarray,
) -> np.ndarray:
    """Complex permittivity of moist soil (Wang and Schmugge 1980); water and ice in m3 m-3, sand and clay in percent."""
    wilting = 0.06774 - 0.00064 * sand + 0.00478 * clay
    bound = 0.49 * wilting + 0.165
    gamma = 0.481 - 0.57 * wilting
    ice_like, rock, air = 3.2, 5.5, 1.0
    water = water_permittivity(frequency, temperature)
    near = ice_like + (water - ice_like) * gamma * np.minimum(liquid / bound, 1.0)
    low = np.minimum(liquid, bound)
    return low * near + (liquid - low) * water + ice * ice_like + (porosity - liquid - ice) * air + (1.0 - porosity) * rock


def reflectivity(permittivity: np.ndarray, roughness: np.ndarray, frequency: float) -> tuple[np.ndarray, np.ndarray]:
    """Reflectivity of a rough surface at 55 degrees, vertical and horizontal."""
    cosine, sine = np.cos(np.radians(ANGLE)), np.sin(np.radians(ANGLE))
    root = np.sqrt(permittivity - sine**2)
    flat_h = np.abs((cosine - root) / (cosine + root)) ** 2
    flat_v = np.abs((permittivity * cosine - root) / (permittivity * cosine + root)) ** 2
    mixing = 0.08 * np.minimum(1.5, (frequency / 10.0) ** 0.3)
    damping = np.exp(-roughness * (frequency / 6.9) ** 0.25)
    return ((1 - mixing) * flat_v + mixing * flat_h) * damping, ((1 - mixing) * flat_h + mixing * flat_v) * damping


def brightness(
    channel: str,
    *,
    liquid: np.ndarray,
    ice: np.ndarray,
    film: np.ndarray,
    soil_temperature: np.ndarray,
    skin_temperature: np.ndarray,
    canopy_water: np.ndarray,
    land: Land,
) -> tuple[np.ndarray, np.ndarray]:
    """Brightness temperature in K at the top of the atmosphere, vertical and horizontal.

    Arrays (..., cells): ``liquid`` water and ``ice`` in m3 m-3, ``film`` in mm, temperatures in K, ``canopy_water`` in kg m-2.
    """
    settings, frequency = CHANNELS[channel], FREQUENCIES[channel]
    depth = np.clip(1.0 - 0.10 * np.log2(frequency / 6.9), 0.6, 1.0)
    temperature = depth * soil_temperature + (1.0 - depth) * skin_temperature
    seen = np.minimum(liquid + np.where(liquid > 0.02, settings.film * film, 0.0), 0.98 * land.porosity - ice)
    epsilon = soil_permittivity(frequency, seen, ice, temperature, land.sand, land.clay, land.porosity)
    cosine = np.cos(np.radians(ANGLE))
    through = np.exp(-settings.b * canopy_water / cosine)
    clear = np.exp(-settings.air / cosine)
    air = (skin_temperature - 22.0) * (1.0 - clear)
    result = []
    for reflected in reflectivity(epsilon, land.roughness, frequency):
        ground = temperature * (1.0 - reflected) * through
        leaves = skin_temperature * (1.0 - settings.omega) * (1.0 - through) * (1.0 + reflected * through)
        sky = (air + 2.7 * clear) * reflected * through**2
        result.append(air + clear * (ground + leaves + sky))
    vertical, horizontal = result
    return vertical, horizontal
