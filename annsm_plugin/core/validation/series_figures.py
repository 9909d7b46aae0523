"""Time series of station cells (the paper's Figures 5 and A2): the products as the paper's symbols, in situ as a black line."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..reports.figures import MOST_VECTOR_SYMBOLS, TWO_COLUMNS, date_axis, figure, plain, tidy
from .station_figures import symbol_of

#: Days that a panel shows with symbols in full size; with more they shrink.
WIDE = 400

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def draw_time_series(result: Any, numbers: Any) -> Any:
    """Series of the cells ``numbers`` of a ``StationResult``, one panel each; what an axis leaves out is counted in its panel."""
    drawing = figure(TWO_COLUMNS, 1.75 * len(numbers) + 0.4)
    panels = np.atleast_1d(drawing.subplots(len(numbers), 1, sharex=True)).ravel()
    days = result.dates.astype("datetime64[D]")
    scale = min(1.0, max(0.6, (WIDE / days.size) ** 0.4))
    handles: dict[str, object] = {}
    for letter, place, number in zip(LETTERS, panels, numbers):
        cell = result.cells[number]
        for title in [t for t in result.products if t != "ANN-SM"] + ["ANN-SM"]:
            handles[title] = _product(place, days, result.series[title][number], title, scale)
        handles["in situ"] = _in_situ(place, days, cell.values)
        for change in cell.changes:  # of a probe: a wedge above the axis
            above = place.get_xaxis_transform()
            place.plot([change.day], [1.0], "v", color="#c1440e", markersize=4, transform=above, clip_on=False, zorder=5)
        tidy(place)
        count = len(cell.sites)
        place.set_title(f"({letter}) {plain(cell.name)} ({count} site{'s' if count > 1 else ''})", fontsize=7.5, loc="left", pad=2.5)
        place.set_ylabel("soil moisture (m³ m⁻³)", fontsize=6)
        bottom, top = limits(result, number)
        place.set_ylim(bottom, top)
        place.margins(x=0.01)
        outside = _outside(result, number, bottom, top)
        if outside:
            place.text(1.0, 1.02, outside, transform=place.transAxes, fontsize=6, color="#8a3b00", ha="right", va="bottom")
    date_axis(panels[-1])
    order = [*result.products, "in situ"]
    style = {"fontsize": 7, "frameon": False, "loc": "lower center", "ncol": len(order), "borderpad": 0.1, "columnspacing": 1.4}
    panels[0].legend([handles[t] for t in order], order, bbox_to_anchor=(0.5, 1.12), markerscale=1.4 / scale, handletextpad=0.3, **style)
    return drawing


def _product(place: Any, days: np.ndarray, values: np.ndarray, title: str, scale: float) -> Any:
    symbol = symbol_of(title)
    return place.plot(
        days,
        values,
        linestyle="none",
        marker=symbol["marker"],
        markersize=symbol["size"] * scale,
        markeredgecolor=symbol["color"],
        markerfacecolor=symbol["color"] if symbol["filled"] else "none",
        markeredgewidth=0.5 * scale,
        zorder=3 if title == "ANN-SM" else 2,
        rasterized=bool(np.isfinite(values).sum() > MOST_VECTOR_SYMBOLS),
    )[0]


def _in_situ(place: Any, days: np.ndarray, values: np.ndarray) -> Any:
    """A line; days without a neighbour, of which a line shows nothing, as dots."""
    there = np.concatenate([[False], np.isfinite(values), [False]])
    alone = there[1:-1] & ~there[:-2] & ~there[2:]
    place.plot(days[alone], values[alone], ".", color="black", markersize=1.6, markeredgewidth=0, zorder=4)
    return place.plot(days, values, color="black", linewidth=0.7, zorder=4)[0]


def limits(result: Any, number: int) -> tuple[float, float]:
    """Ends of a panel's axis: all of in situ and ANN-SM, and all but the highest hundredth of each other product."""
    highest, lowest = [0.3], [0.0]
    for title, values in (("in situ", result.cells[number].values), *((t, v[number]) for t, v in result.series.items())):
        values = values[np.isfinite(values)]
        if values.size:
            highest.append(values.max() if title in ("in situ", "ANN-SM") else np.percentile(values, 99))
            lowest.append(values.min())
    return float(np.floor(min(lowest) * 20) / 20), float(np.ceil(max(highest) * 1.02 * 20) / 20)


def _outside(result: Any, number: int, bottom: float, top: float) -> str:
    """How many values of which product lie above the axis; nothing lies below."""
    counts = {title: int((np.nan_to_num(values[number], nan=bottom) > top).sum()) for title, values in result.series.items()}
    said = ", ".join(f"{title} {count}" for title, count in counts.items() if count)
    return f"values above the axis: {said}" if said else ""
