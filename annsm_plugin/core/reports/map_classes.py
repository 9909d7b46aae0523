"""The classes and colours of every kind of map: the one table of the reports' figures and of the layers' styles.

Breaks are ours: the paper names only R > 0.8 (section 4.2.1), which is a break here, and its Figure 4 has a legend without text.
A class holds what is above its lower break and up to its upper one, (a, b], as QGIS's discrete colour ramps have it. Sequential
colours are viridis, magma, Blues and YlGnBu; diverging ones go from blue to brown or from orange to violet: all can be told apart by
people with colour-blindness.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Where there is no value, in figures.
NOTHING = "#c9c9c9"


@dataclass(frozen=True)
class Classes:
    """``breaks`` in increasing order, one more of ``colours``; ``whole`` numbers; what the lowest and the highest classes mean."""

    breaks: tuple[float, ...]
    colours: tuple[str, ...]
    unit: str = ""
    whole: bool = False
    meaning: tuple[str, str] = ("", "")

    def of(self, values: np.ndarray) -> np.ndarray:
        """Number of the class of each value as float, NaN where there is none."""
        values = np.asarray(values, dtype=float)
        return np.where(np.isfinite(values), np.searchsorted(self.breaks, values, side="left"), np.nan)

    def ticks(self) -> list[str]:
        """What is written at each break: for whole numbers the least of the class above."""
        return [_show(value + 1 if self.whole else value) for value in self.breaks]

    def labels(self, unit: str = "") -> list[str]:
        """The classes in words, with ``unit`` after the numbers."""
        lows, highs = self.breaks[:-1], self.breaks[1:]
        first, last = self.breaks[0], self.breaks[-1]
        if self.whole:
            middle = [_show(high) if high == low + 1 else f"{_show(low + 1)} – {_show(high)}" for low, high in zip(lows, highs)]
            found = [f"≤ {_show(first)}", *middle, f"≥ {_show(last + 1)}"]
        else:
            found = [f"≤ {_show(first)}", *(f"{_show(low)} – {_show(high)}" for low, high in zip(lows, highs)), f"> {_show(last)}"]
        found = [f"{label} {unit}".rstrip() for label in found]
        for place, words in zip((0, -1), self.meaning):
            found[place] += f" ({words})" if words else ""
        return found


def _show(value: float) -> str:
    return f"{value:g}".replace("-", "−")


_VIRIDIS = ("#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30", "#fde725")
_MAGMA = ("#fcfdbf", "#fec287", "#fb8761", "#e55064", "#b5367a", "#812581", "#4f127b", "#1c1044", "#000004")
_BLUES = ("#f7fbff", "#deebf7", "#c6dbef", "#9ecae1", "#6baed6", "#4292c6", "#2171b5", "#08519c", "#08306b")
_YLGNBU = ("#ffffd9", "#edf8b1", "#c6e9b4", "#7ecdbb", "#40b5c4", "#1d90c0", "#225da8", "#243392", "#081d58")
_WET, _NEUTRAL = ("#053061", "#2065ab", "#4393c3", "#90c4dd", "#d1e5f0"), "#f6f7f7"
_DRY = ("#f6e8c3", "#dec17b", "#bf812d", "#8b500a", "#543005")
_ORANGE_VIOLET = (
    *("#7f3b08", "#b25706", "#e08214", "#fcb761", "#fee0b6"),
    _NEUTRAL,
    *("#d8daeb", "#b1aad1", "#8073ac", "#532687", "#2d004b"),
)

_WATER = ("#8c510a", "#bf812d", "#dfc27d", "#f6e8c3", "#c7eae5", "#80cdc1", "#35978f", "#01665e", "#003c30")
_HEAT = ("#000004", "#330a5f", "#781c6d", "#bb3754", "#ed6925", "#fcb519", "#fcffa4")

_M3 = "m³ m⁻³"

#: Kind of map -> its classes. BIAS is the paper's (equation 3): reference minus product, negative where the product is too wet.
KINDS = {
    "soil_moisture": Classes((0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4), _WATER, _M3),
    "brightness_temperature": Classes((210, 225, 240, 250, 260, 275), _HEAT, "K"),
    "r": Classes((0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9), _VIRIDIS),
    "rmse": Classes((0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1), _MAGMA, _M3),
    "rmse01": Classes((0.02, 0.04, 0.06, 0.08, 0.1, 0.12, 0.16, 0.2), _MAGMA, "0–1"),
    "bias": Classes(
        (-0.06, -0.04, -0.02, -0.01, -0.005, 0.005, 0.01, 0.02, 0.04, 0.06),
        (*_WET, _NEUTRAL, *_DRY),
        _M3,
        meaning=("too wet", "too dry"),
    ),
    "days": Classes((9, 49, 99, 199, 399, 599, 799, 999), _BLUES, "days", whole=True),
    "removed": Classes((0, 4, 9, 19, 29, 49, 99, 199), _YLGNBU, "days", whole=True),
    "importance": Classes((0, 0.0025, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04), _VIRIDIS, _M3, meaning=("not used", "")),
    "difference": Classes(
        (-0.03, -0.02, -0.01, -0.005, -0.001, 0.001, 0.005, 0.01, 0.02, 0.03),
        _ORANGE_VIOLET,
        _M3,
        meaning=("the other is better", "the network is better"),
    ),
    "trend": Classes(
        (-0.01, -0.005, -0.002, -0.001, 0.001, 0.002, 0.005, 0.01),
        (*_DRY[3::-1], _NEUTRAL, *_WET[:0:-1]),
        "m³ m⁻³ per year",
        meaning=("drying", "wetting"),
    ),
    "significance": Classes((0.001, 0.01, 0.05, 0.1), ("#54278f", "#756bb1", "#9e9ac8", "#dadaeb", "#f2f0f7")),
}

#: Colour of each status of a cell after training (``training.STATUS`` and ``train_cube.STATUS_MEANINGS``).
STATUS = {
    0: "#555555",
    1: "#4477aa",
    2: "#66ccee",
    3: "#ccbb44",
    4: "#ee6677",
    5: "#aa3377",
    100: "#dddddd",
    101: "#a6a6a6",
    102: "#88c7b4",
}
