"""Derived inputs: polarisation indices, antecedent rain, GLDAS nearer to the surface, the day of the year.

A derived input is named like a variable (``mpdi_10``) and computed whenever it is read, in training and in reconstruction alike; a model
file holds its name only.

=====================  ==============================================================================================================
``mpdi_C``             (TBv - TBh) / (TBv + TBh) of channel C (06, 10, ..., f1): normalised polarisation difference, smaller under more
                       vegetation and on rougher soil, larger on wetter soil (Becker and Choudhury 1988, Remote Sens. Environ. 24)
``pr_C``               TBh / TBv of channel C: the polarisation ratio
``mvi``, ``mvi_C_D``   (TBv - TBh) of D over that of C, the slope B of the microwave vegetation indices (Shi et al. 2008, Remote Sens.
                       Environ. 112); ``mvi`` takes 10.65 and 18.7 GHz
``api``                antecedent precipitation index: 7 h sums of the days before and of the day, each 0.85 of the one after it
                       (Kohler and Linsley 1951); it knows the rain of the night hours alone, which is what a cube holds
``sm_gldas_surface``   GLDAS soil moisture of 0-10 cm brought towards the surface by the inverse of the exponential filter (Wagner et al.
                       1999, Remote Sens. Environ. 70): x + T dx/dt with T = 1 day, held within 0-1 m3 m-3
``doy_sin, doy_cos``   sine and cosine of the day of the year
=====================  ==============================================================================================================
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..foundation import blocks

#: What a day's rain is still worth a day later, and days that are looked back: 0.85^30 is below one per cent.
RAIN_LEFT, RAIN_DAYS = 0.85, 30

#: Characteristic time of the exponential filter between the surface and 0-10 cm, days.
SURFACE_DAYS = 1.0

#: Polarisation differences smaller than this (K) are lost in the noise and divide nothing.
LEAST_DIFFERENCE = 0.5

YEAR = 365.25

#: Arrays (cells, days) by source name, dates (days,) -> (cells, days).
Compute = Callable[[dict[str, np.ndarray], np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Derived:
    """One derived input: its sources, how it is computed, days before a day that it looks at, what it is, and its unit."""

    sources: tuple[str, ...]
    compute: Compute
    before: int
    long_name: str
    units: str = "1"


def describe(name: str) -> Derived | None:
    """The derived input called ``name``, or None."""
    if name in _FIXED:
        return _FIXED[name]
    match = re.fullmatch(r"(mpdi|pr)_(f[1-9]|\d{2})", name)
    if match:
        kind, channel = match.groups()
        v, h = f"tb_{channel}v", f"tb_{channel}h"
        if kind == "mpdi":
            return Derived((v, h), lambda x, _: (x[v] - x[h]) / (x[v] + x[h]), 0, f"normalised polarisation difference, channel {channel}")
        return Derived((v, h), lambda x, _: x[h] / x[v], 0, f"polarisation ratio, channel {channel}")
    match = re.fullmatch(r"mvi_(f[1-9]|\d{2})_(f[1-9]|\d{2})", name)
    return _mvi(*match.groups()) if match and match.group(1) != match.group(2) else None


def _mvi(low: str, high: str) -> Derived:
    sources = tuple(f"tb_{channel}{p}" for channel in (low, high) for p in "vh")

    def compute(x: dict[str, np.ndarray], _: np.ndarray) -> np.ndarray:
        below, above = x[sources[0]] - x[sources[1]], x[sources[2]] - x[sources[3]]
        return above / np.where(np.abs(below) >= LEAST_DIFFERENCE, below, np.nan)

    return Derived(sources, compute, 0, f"microwave vegetation index of channels {low} and {high}")


def _antecedent(x: dict[str, np.ndarray], dates: np.ndarray) -> np.ndarray:
    """Days that a cube lacks, and days without a value, count as dry."""
    rain = np.nan_to_num(x["precipitation_7h"])
    day = (dates - dates[0]).astype(int)
    whole = np.zeros((rain.shape[0], int(day[-1]) + 1), dtype=np.float64)
    whole[:, day] = rain
    total = np.zeros_like(whole)
    for back in range(min(RAIN_DAYS, whole.shape[1])):
        total[:, back:] += RAIN_LEFT**back * whole[:, : whole.shape[1] - back]
    return total[:, day]


def _surface(x: dict[str, np.ndarray], dates: np.ndarray) -> np.ndarray:
    """Without the day before, the soil moisture itself."""
    values = x["sm_gldas"].astype(np.float64)
    change = np.zeros_like(values)
    gap = np.diff(dates).astype(int)
    change[:, 1:] = np.where(gap == 1, np.diff(values, axis=1), 0.0)
    return np.clip(values + SURFACE_DAYS * np.nan_to_num(change), 0.0, 1.0)


def season(dates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sine and cosine (days,) of the day of the year."""
    phase = 2.0 * np.pi * (dates - dates.astype("datetime64[Y]")).astype(int) / YEAR
    return np.sin(phase), np.cos(phase)


def _season(which: int) -> Compute:
    def compute(x: dict[str, np.ndarray], dates: np.ndarray) -> np.ndarray:
        return np.broadcast_to(season(dates)[which], (next(iter(x.values())).shape[0], dates.size))

    return compute


_FIXED = {
    "mvi": _mvi("10", "18"),
    "api": Derived(("precipitation_7h",), _antecedent, RAIN_DAYS, "antecedent precipitation index of the hours 01-07 local", "mm"),
    "sm_gldas_surface": Derived(("sm_gldas",), _surface, 1, "GLDAS soil moisture brought towards the surface", "m3 m-3"),
    # any variable tells the number of cells; every cube has the soil moisture of GLDAS
    "doy_sin": Derived(("sm_gldas",), _season(0), 0, "sine of the day of the year"),
    "doy_cos": Derived(("sm_gldas",), _season(1), 0, "cosine of the day of the year"),
}


def available(data: Any) -> list[str]:
    """Names of the derived inputs whose sources the open cube ``data`` has."""
    channels = sorted({str(n)[3:-1] for n in data.data_vars if re.fullmatch(r"tb_(f[1-9]|\d{2})[vh]", str(n))})
    names = [f"{kind}_{channel}" for kind in ("mpdi", "pr") for channel in channels]
    names += [f"mvi_{low}_{high}" for low, high in zip(channels, channels[1:])] + list(_FIXED)
    return [name for name in names if not lacking(data, name)]


def lacking(data: Any, name: str) -> list[str]:
    """What the open cube lacks for an input: the name itself, or a derived input's sources."""
    return [source for source in needs((name,)) if source not in data.data_vars]


def needs(names: Sequence[str]) -> list[str]:
    """The cube's variables that these inputs are made of."""
    found: dict[str, None] = {}
    for name in names:
        derived = describe(name)
        found.update(dict.fromkeys((name,) if derived is None else derived.sources))
    return list(found)


def series(data: Any, name: str, days: slice, tile: tuple[slice, slice]) -> np.ndarray:
    """(cells, days) float32 of an input in a tile, missing NaN: a variable of the cube, which wins, or a derived input.

    What looks back reads the days before, so that a value does not depend on which days are read together.
    """
    derived = None if name in data.data_vars else describe(name)
    if derived is None:
        return blocks.series(data, name, days, tile)
    first = max(0, days.start - derived.before)
    part = slice(first, days.stop)
    sources = {source: blocks.series(data, source, part, tile) for source in derived.sources}
    with np.errstate(invalid="ignore", divide="ignore"):
        values = derived.compute(sources, blocks.dates_of(data)[part])
    return np.ascontiguousarray(values[:, days.start - first :], dtype=np.float32)
