"""The drawing of the Taylor diagram of ``taylor``."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..reports.figures import TWO_COLUMNS, figure, tidy
from ..statistics import taylor
from .station_figures import symbol_of

#: Largest standard deviation over the reference's that the frame may show.
FARTHEST = 3.0

_ERROR = {"color": "#b08d3c", "linewidth": 0.6, "linestyle": (0, (4, 2)), "zorder": 0}


def draw_taylor(points: dict[str, list[taylor.Point]]) -> Any:
    """Taylor diagram of ``taylor.of_stations``: a small symbol per cell, a large one at each product's mean; in situ at (1, 0)."""
    drawing = figure(TWO_COLUMNS, 3.7)
    place = drawing.subplots()
    own = [p for group in points.values() for p in group if np.isfinite(p.r)]
    reach = max(1.5, min(FARTHEST, np.ceil(max([p.ratio for p in own], default=1.0) * 1.08 * 4) / 4))
    negative = any(p.r < -0.02 for p in own)
    _grid(place, reach, negative)
    outside = []
    for title, group in points.items():
        symbol = symbol_of(title)
        face = symbol["color"] if symbol["filled"] else "none"
        shown = [p for p in group if np.isfinite(p.r) and p.ratio <= reach]
        common = {"markersize": symbol["size"] + 1.2, "markeredgewidth": 0.6, "color": symbol["color"], "linestyle": "none"}
        place.plot([p.x for p in shown], [p.y for p in shown], marker=symbol["marker"], markerfacecolor=face, zorder=2, **common)
        mean = taylor.centre(group)
        if np.isfinite(mean.r):
            known = sum(np.isfinite(p.r) for p in group)
            edge = {"markeredgecolor": "black", "markeredgewidth": 0.8, "linestyle": "none", "zorder": 4}
            label = f"{title} ({known} cell{'s' if known != 1 else ''})"
            at = (mean.x, mean.y) if mean.ratio <= reach else ([], [])
            place.plot(*at, symbol["mean"], markersize=8, markerfacecolor=symbol["color"], label=label, **edge)
        beyond = sum(np.isfinite(p.r) and p.ratio > reach for p in group)
        if beyond:
            outside.append(f"{title} {beyond} cell{'s' if beyond > 1 else ''}{' and the mean' if mean.ratio > reach else ''}")
    place.plot(1.0, 0.0, "*", markersize=11, color="black", clip_on=False, label="in situ", linestyle="none", zorder=5)
    place.plot([], [], label="centred RMS difference\nover in situ's std", **_ERROR)
    place.legend(fontsize=7, frameon=False, loc="upper left", bbox_to_anchor=(1.06, 1.0))
    if outside:
        words = f"beyond the frame\n(more than {reach:g} times the\nstd of in situ):\n" + "\n".join(outside)
        place.text(1.08, 0.02, words, transform=place.transAxes, fontsize=6.5, color="#8a3b00", va="bottom")
    return drawing


def _grid(place: Any, reach: float, negative: bool) -> None:
    """Rays of equal R, circles of equal standard deviation about the origin and of equal centred error about the reference."""
    angle = np.linspace(0.0, np.pi if negative else np.pi / 2, 181)
    for radius in np.arange(0.5, reach + 1e-9, 0.5):
        place.plot(radius * np.cos(angle), radius * np.sin(angle), color="#666666" if radius == 1.0 else "#d5d5d5", linewidth=0.6, zorder=0)
    place.plot(reach * np.cos(angle), reach * np.sin(angle), color="#666666", linewidth=0.8, zorder=0)
    for error in np.arange(0.5, reach, 0.5):
        _error_arc(place, error, reach, negative)
    for r in (*((-0.99, -0.9, -0.6, -0.3) if negative else ()), 0.0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99):
        x, y = reach * r, reach * np.sqrt(1.0 - r**2)
        place.plot([0, x], [0, y], color="#e2e2e2", linewidth=0.5, zorder=0)
        side = "left" if r > 0.05 else "right" if r < -0.05 else "center"
        place.text(1.02 * x, 1.02 * y, f"{r:g}".replace("-", "−"), fontsize=6, ha=side, va="bottom" if abs(r) < 0.7 else "center")
    place.text(0.81 * reach, 0.81 * reach, "R", fontsize=7.5, ha="center", va="center")
    place.set(xlim=(-reach * 1.02 if negative else 0.0, reach * 1.06), ylim=(0.0, reach * 1.08), aspect="equal")
    ticks = np.arange(0.0, reach + 1e-9, 0.5)
    tidy(place, grid=False)
    place.set_xlabel("standard deviation over that of in situ", fontsize=6.5)
    if negative:  # to both sides of the origin; an axis at the left would stand among the negative R
        both = np.unique(np.concatenate([-ticks, ticks]))
        place.set_xticks(both, [f"{abs(tick):g}" for tick in both])
        place.set_yticks([])
        place.spines["left"].set_visible(False)
    else:
        place.set_xticks(ticks)
        place.set_yticks(ticks)
        place.set_ylabel("standard deviation over that of in situ", fontsize=6.5)


def _error_arc(place: Any, error: float, reach: float, negative: bool) -> None:
    """A dashed circle about the reference, labelled low on its right or, where that is outside, where it leaves the frame."""
    whole = np.linspace(0.0, np.pi, 361)
    x, y = 1.0 + error * np.cos(whole), error * np.sin(whole)
    inside = (np.hypot(x, y) <= reach) & (negative | (x >= 0))
    place.plot(np.where(inside, x, np.nan), y, **_ERROR)
    labelled = np.flatnonzero(inside & (np.hypot(x, y) <= 0.97 * reach) & (y > 0.035 * reach))
    if labelled.size:
        at = labelled[0]
        box = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
        place.text(x[at], y[at], f"{error:g}", fontsize=5.5, color="#8a6d1f", ha="center", va="center", bbox=box, zorder=1)
