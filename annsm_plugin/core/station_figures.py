"""The figures of the validation against stations: time series, scatter plots, bars and the Taylor diagram.

Symbols are the paper's (Figures 5, 6 and A2); colours are told apart by people with colour-blindness.
"""

from __future__ import annotations

import numpy as np

from . import metrics, taylor
from .figures import TWO_COLUMNS, figure, tidy

#: How each product is drawn: marker, colour, filled or not, size (the paper's Figure 5).
SYMBOLS = {
    "ANN-SM": {"marker": "o", "color": "#7b2d9b", "filled": False, "size": 3.2},
    "LPRM": {"marker": ".", "color": "#c08bd6", "filled": True, "size": 2.6},
    "JAXA": {"marker": "x", "color": "#1b9e5a", "filled": True, "size": 2.8},
    "SMOS": {"marker": ".", "color": "#2b6cd4", "filled": True, "size": 3.4},
    "GLDAS": {"marker": "+", "color": "#d98c00", "filled": True, "size": 2.8},
    "SMAP": {"marker": "s", "color": "#8a8a8a", "filled": False, "size": 2.4},
}


def draw_time_series(result, numbers):
    """Series of the cells ``numbers`` of a ``StationResult``, one panel each (Figures 5 and A2): products as symbols, in situ as a line."""
    drawing = figure(TWO_COLUMNS, 1.55 * len(numbers) + 0.35)
    panels = np.atleast_1d(drawing.subplots(len(numbers), 1, sharex=True)).ravel()
    days = result.dates.astype("datetime64[D]")
    handles: dict[str, object] = {}
    for place, number in zip(panels, numbers):
        cell = result.cells[number]
        for title in [t for t in result.products if t != "ANN-SM"] + ["ANN-SM"]:
            style = SYMBOLS.get(title, SYMBOLS["GLDAS"])
            face = style["color"] if style["filled"] else "none"
            handles[title] = place.plot(
                days,
                result.series[title][number],
                linestyle="none",
                marker=style["marker"],
                markersize=style["size"],
                markeredgecolor=style["color"],
                markerfacecolor=face,
                markeredgewidth=0.5,
                label=title,
                zorder=3 if title == "ANN-SM" else 2,
            )[0]
        handles["in situ"] = place.plot(days, cell.values, color="black", linewidth=0.8, label="in situ", zorder=2.5)[0]
        tidy(place)
        count = len(cell.sites)
        place.set_title(f"{cell.name} ({count} site{'s' if count > 1 else ''})", fontsize=7.5, loc="left", pad=2)
        place.set_ylabel("m³ m⁻³", fontsize=6.5)
        place.set_ylim(0, _top(result, number))
        place.margins(x=0.01)
    order = [*result.products, "in situ"]
    panels[0].legend(
        [handles[t] for t in order],
        order,
        fontsize=7,
        frameon=False,
        loc="lower right",
        bbox_to_anchor=(1.0, 0.98),
        ncol=len(order),
        borderpad=0.1,
    )
    return drawing


def _top(result, number: int) -> float:
    """Upper end of a soil moisture axis: what all but a few values need."""
    values = np.concatenate([result.cells[number].values, *(v[number] for v in result.series.values())])
    values = values[np.isfinite(values)]
    return max(0.3, float(np.ceil(np.percentile(values, 99.8) * 20) / 20)) if values.size else 0.6


def draw_scatter(result, product: str = "ANN-SM"):
    """ANN-SM on x against in situ on y for every cell (Figure 6), with the 1:1 line and the measures in the panel."""
    count = len(result.cells)
    across = min(4, max(2, int(np.ceil(np.sqrt(count)))))
    down = -(-count // across)
    drawing = figure(TWO_COLUMNS, TWO_COLUMNS / across * down + 0.1)
    panels = np.atleast_1d(drawing.subplots(down, across)).ravel()
    pairs = [(x, cell.values) for x, cell in zip(result.series[product], result.cells)]
    drawn = [v[np.isfinite(x) & np.isfinite(y)] for x, y in pairs for v in (x, y)]
    top = max(0.3, float(np.ceil(max(v.max(initial=0.0) for v in drawn) * 10 - 1e-6) / 10))
    for number, cell in enumerate(result.cells):
        place = panels[number]
        x, y = result.series[product][number], cell.values
        both = np.isfinite(x) & np.isfinite(y)
        place.plot([0, top], [0, top], color="#444444", linewidth=0.7, linestyle=(0, (4, 2)), zorder=1)
        place.plot(x[both], y[both], "o", markersize=1.9, markerfacecolor="#7b2d9b", markeredgewidth=0, alpha=0.45, zorder=2)
        found = metrics.all_of(y[both], x[both])
        text = f"N = {int(found['n'])}"
        if found["n"]:
            text = f"R = {found['r']:.2f}\nRMSE = {found['rmse']:.3f}\nBIAS = {found['bias']:+.3f}\n{text}"
        place.text(0.04, 0.96, text, transform=place.transAxes, va="top", fontsize=6, linespacing=1.25)
        ticks = np.arange(0, top + 0.01, 0.1 if top <= 0.6 else 0.2)
        place.set(xlim=(0, top), ylim=(0, top), aspect="equal", xticks=ticks, yticks=ticks)
        place.set_title(cell.name, fontsize=7, pad=2)
        tidy(place)
        if number % across == 0:
            place.set_ylabel("in situ (m³ m⁻³)", fontsize=6.5)
        if number + across >= count:
            place.set_xlabel(f"{product} (m³ m⁻³)", fontsize=6.5)
    for place in panels[count:]:
        place.set_visible(False)
    return drawing


def draw_comparison(result, basis: str = "own days"):
    """Mean R, RMSE and |BIAS| of every product over the cells, with their 95 % intervals and the paper's ANN-SM."""
    drawing = figure(TWO_COLUMNS, 2.0)
    for place, (measure, label) in zip(
        drawing.subplots(1, 3), (("r", "mean R"), ("rmse", "mean RMSE (m³ m⁻³)"), ("bias", "mean |BIAS| (m³ m⁻³)"))
    ):
        for number, title in enumerate(result.products):
            mean, low, high = result.means[basis][title][measure]
            if not np.isfinite(mean):
                continue
            colour = SYMBOLS.get(title, SYMBOLS["GLDAS"])["color"]
            place.bar(number, mean, color=colour, width=0.62, alpha=0.85)
            if np.isfinite(low):
                place.plot([number, number], [low, high], color="black", linewidth=0.9)
            place.text(number, max(mean, high if np.isfinite(high) else mean, 0), f" {mean:.3f}", ha="center", va="bottom", fontsize=6)
        place.axhline(
            result.paper[measure], color="#c1440e", linewidth=1.1, linestyle=(0, (4, 2)), label=f"paper, ANN-SM {result.paper[measure]:g}"
        )
        place.set_xticks(range(len(result.products)), result.products, rotation=40 if len(result.products) > 4 else 0)
        place.set_ylabel(label, fontsize=7)
        place.legend(fontsize=6, frameon=False, loc="upper right")
        place.set_ylim(top=max(place.get_ylim()[1], result.paper[measure]) * 1.25)
        tidy(place)
    return drawing


def draw_taylor(points: dict[str, list[taylor.Point]]):
    """Taylor diagram of ``taylor.of_stations``: a small symbol per cell, a large one at each product's mean; in situ at (1, 0)."""
    drawing = figure(TWO_COLUMNS, 3.5)
    place = drawing.subplots()
    own = [p for group in points.values() for p in group if np.isfinite(p.r)]
    reach = max(1.5, min(3.0, np.ceil(max([p.ratio for p in own], default=1.0) * 1.08 * 4) / 4))
    negative = any(p.r < -0.02 for p in own)
    _taylor_grid(place, reach, negative)
    for title, group in points.items():
        style = SYMBOLS.get(title, SYMBOLS["GLDAS"])
        common = {"color": style["color"], "marker": style["marker"], "linestyle": "none"}
        face = style["color"] if style["filled"] else "none"
        shown = [p for p in group if np.isfinite(p.r) and p.ratio <= reach]
        place.plot(
            [p.x for p in shown], [p.y for p in shown], markersize=style["size"] + 1.2, markerfacecolor=face, markeredgewidth=0.6, **common
        )
        mean = taylor.centre(group)
        if np.isfinite(mean.r):
            label = f"{title} ({sum(np.isfinite(p.r) for p in group)} cells)"
            place.plot(
                mean.x, mean.y, "o", markersize=9, markerfacecolor=style["color"], markeredgecolor="black", markeredgewidth=0.8, label=label
            )
    beyond = sum(p.ratio > reach for p in own)
    if beyond:
        place.text(1.02, 0.02, f"{beyond} symbols beyond the frame", transform=place.transAxes, fontsize=6.5)
    place.plot(1.0, 0.0, "*", markersize=11, color="black", clip_on=False, label="in situ", linestyle="none")
    place.legend(fontsize=7, frameon=False, loc="upper left", bbox_to_anchor=(1.02, 1.0))
    return drawing


def _taylor_grid(place, reach: float, negative: bool) -> None:
    """Rays of equal R, circles of equal standard deviation about the origin and of equal centred error about the reference."""
    angle = np.linspace(0.0, np.pi if negative else np.pi / 2, 181)
    for radius in np.arange(0.5, reach + 1e-9, 0.5):
        place.plot(radius * np.cos(angle), radius * np.sin(angle), color="#666666" if radius == 1.0 else "#d5d5d5", linewidth=0.6, zorder=0)
    place.plot(reach * np.cos(angle), reach * np.sin(angle), color="#666666", linewidth=0.8, zorder=0)
    whole = np.linspace(0.0, np.pi, 181)
    paper = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
    for error in np.arange(0.5, reach, 0.5):
        x, y = 1.0 + error * np.cos(whole), error * np.sin(whole)
        inside = (np.hypot(x, y) <= reach) & (negative | (x >= 0))
        place.plot(np.where(inside, x, np.nan), y, color="#c9b48a", linewidth=0.6, linestyle=(0, (4, 2)), zorder=0)
        last = np.flatnonzero(inside)
        if last.size:
            middle = last[int(last.size * 0.6)]
            place.text(x[middle], y[middle], f"{error:g}", fontsize=5.5, color="#8a7440", ha="center", va="center", bbox=paper)
    for r in (*((-0.9, -0.6, -0.3) if negative else ()), 0.0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99):
        x, y = reach * r, reach * np.sqrt(1.0 - r**2)
        place.plot([0, x], [0, y], color="#e2e2e2", linewidth=0.5, zorder=0)
        place.text(1.03 * x, 1.03 * y, f"{r:g}", fontsize=6, ha="left" if r > 0.05 else "center", va="bottom" if r < 0.7 else "center")
    place.text(reach * 0.8, reach * 0.8, "R", fontsize=7.5)
    place.set(xlim=(-reach * 1.02 if negative else 0.0, reach * 1.06), ylim=(0.0, reach * 1.08), aspect="equal")
    ticks = np.arange(0.0, reach + 1e-9, 0.5)
    place.set_xticks(np.unique(np.concatenate([-ticks, ticks])) if negative else ticks)
    place.set_yticks(ticks)
    tidy(place, grid=False)
    place.set_xlabel("standard deviation, and (dashed) centred RMS difference, over the in situ standard deviation", fontsize=6.5)
