"""The figures of the validation against stations: scatter plots, bars, days in common; series and Taylor diagram have modules of their own.

Symbols are the paper's (Figures 5, 6 and A2); colours are told apart by people with colour-blindness.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import metrics
from ..reports import map_classes
from ..reports.figures import MOST_VECTOR_SYMBOLS, TWO_COLUMNS, figure, plain, tidy

#: How each product is drawn: marker, colour, filled or not, size (the paper's Figure 5), and the marker of its mean.
SYMBOLS = {
    "ANN-SM": {"marker": "o", "color": "#7b2d9b", "filled": False, "size": 3.2, "mean": "o"},
    "LPRM": {"marker": ".", "color": "#c08bd6", "filled": True, "size": 3.0, "mean": "D"},
    "JAXA": {"marker": "x", "color": "#1b9e5a", "filled": True, "size": 2.8, "mean": "X"},
    "SMOS": {"marker": ".", "color": "#2b6cd4", "filled": True, "size": 3.4, "mean": "s"},
    "GLDAS": {"marker": "+", "color": "#d98c00", "filled": True, "size": 2.8, "mean": "P"},
    "SMAP": {"marker": "s", "color": "#8a8a8a", "filled": False, "size": 2.4, "mean": "^"},
}

#: Most cells in the figure of scatter plots: those with the most days.
MOST_SCATTERS = 40


def symbol_of(title: str) -> dict:
    """How a product is drawn."""
    return SYMBOLS.get(title, SYMBOLS["GLDAS"])


def draw_scatter(result: Any, product: str = "ANN-SM") -> Any:
    """ANN-SM on x against in situ on y for every cell (Figure 6), with the 1:1 line and the measures in the panel."""
    pairs = [(x, cell.values, np.isfinite(x) & np.isfinite(cell.values)) for x, cell in zip(result.series[product], result.cells)]
    shown = sorted(sorted(range(len(pairs)), key=lambda i: -int(pairs[i][2].sum()))[:MOST_SCATTERS])
    count = len(shown)
    across = min(4, max(2, int(np.ceil(np.sqrt(count)))))
    down = -(-count // across)
    drawing = figure(TWO_COLUMNS, TWO_COLUMNS / across * down + 0.1)
    panels = np.atleast_1d(drawing.subplots(down, across)).ravel()
    top = max(0.3, float(np.ceil(max(v[both].max(initial=0.0) for x, y, both in pairs for v in (x, y)) * 10 - 1e-6) / 10))
    for panel, number in enumerate(shown):
        place = panels[panel]
        x, y, both = pairs[number]
        place.plot([0, top], [0, top], color="#444444", linewidth=0.7, linestyle=(0, (4, 2)), zorder=1)
        look = {"markersize": 1.9, "markerfacecolor": "#7b2d9b", "markeredgewidth": 0, "alpha": 0.45, "zorder": 2}
        place.plot(x[both], y[both], "o", rasterized=bool(both.sum() > MOST_VECTOR_SYMBOLS), **look)
        place.text(0.04, 0.96, _measures(y[both], x[both]), transform=place.transAxes, va="top", fontsize=6, linespacing=1.25)
        ticks = np.arange(0, top + 0.01, 0.1 if top <= 0.6 else 0.2)
        place.set(xlim=(0, top), ylim=(0, top), aspect="equal", xticks=ticks, yticks=ticks)
        place.set_title(plain(result.cells[number].name), fontsize=7, pad=2)
        tidy(place)
        if panel % across == 0:
            place.set_ylabel("in situ (m³ m⁻³)", fontsize=6.5)
        if panel + across >= count:
            place.set_xlabel(f"{product} (m³ m⁻³)", fontsize=6.5)
    for place in panels[count:]:
        place.set_visible(False)
    return drawing


def _measures(target: np.ndarray, prediction: np.ndarray) -> str:
    """R, RMSE, BIAS and N of a panel; a dash where one is not defined."""
    found = {name: float(value) for name, value in metrics.all_of(target, prediction).items()}
    lines = [(f"{label} = {found[name]:{form}}", found[name]) for name, label, form in _LINES]
    text = "\n".join(line if np.isfinite(value) else f"{line.partition('=')[0]}= –" for line, value in lines)
    return f"{text}\nN = {int(found['n'])}".replace("-", "−") if found["n"] else "N = 0"


_LINES = (("r", "R", ".2f"), ("rmse", "RMSE", ".3f"), ("bias", "BIAS", "+.3f"))


def draw_comparison(result: Any, basis: str = "own days") -> Any:
    """Mean R, RMSE and |BIAS| of every product over the cells, with their 95 % intervals and the paper's ANN-SM."""
    drawing = figure(TWO_COLUMNS, 2.3)
    for place, (measure, label) in zip(
        drawing.subplots(1, 3), (("r", "mean R"), ("rmse", "mean RMSE (m³ m⁻³)"), ("bias", "mean |BIAS| (m³ m⁻³)"))
    ):
        ends = [0.0, result.paper[measure]]
        for number, title in enumerate(result.products):
            mean, low, high = result.means[basis][title][measure]
            if not np.isfinite(mean):
                continue
            place.bar(number, mean, color=symbol_of(title)["color"], width=0.66, alpha=0.7, zorder=2)
            low, high = (low, high) if np.isfinite(low) else (mean, mean)
            if high > low:
                around = [[max(0.0, mean - low)], [max(0.0, high - mean)]]
                place.errorbar(number, mean, around, color="black", elinewidth=1.1, capsize=3.2, capthick=1.1, zorder=3)
            ends += [low, high]
            up = mean >= 0
            style = {"ha": "center", "va": "bottom" if up else "top", "fontsize": 6, "zorder": 4}
            box = {"facecolor": "white", "edgecolor": "none", "pad": 0.4, "alpha": 0.85}
            text = f"{mean:.2f}" if measure == "r" else f"{mean:.3f}"
            place.annotate(text, (number, high if up else low), (0, 2.5 if up else -2.5), textcoords="offset points", bbox=box, **style)
        paper = f"paper, ANN-SM {result.paper[measure]:g}"
        place.axhline(result.paper[measure], color="#c1440e", linewidth=1.1, linestyle=(0, (4, 2)), label=paper, zorder=1)
        place.axhline(0.0, color="#222222", linewidth=0.9, zorder=5)
        place.set_xticks(range(len(result.products)), result.products, rotation=45 if len(result.products) > 3 else 0)
        place.set_ylabel(label, fontsize=7)
        place.legend(fontsize=6, frameon=False, loc="lower right", bbox_to_anchor=(1.0, 0.99), borderpad=0)
        span = max(ends) - min(ends)
        place.set_ylim(min(ends) - (0.12 * span if min(ends) < 0 else 0.0), max(ends) + 0.12 * span)
        tidy(place)
        place.grid(False, axis="x")
    return drawing


def days_table(result: Any) -> tuple[list[str], np.ndarray]:
    """Columns (products, then "all together") and days in common with the stations (cells, columns), of a ``StationResult``'s table."""
    columns = [*result.products, "all together"]
    days = np.zeros((len(result.cells), len(columns)), dtype=int)
    rows = {cell.name: number for number, cell in enumerate(result.cells)}
    for row in result.table:
        if row["basis"] == "own days":
            days[rows[row["cell"]], columns.index(row["product"])] = row["n"]
        else:
            days[rows[row["cell"]], -1] = max(days[rows[row["cell"]], -1], row["n"])
    return columns, days


def draw_days(result: Any) -> Any:
    """Days that each product, and all of them together, have in common with the stations of each cell, as a coloured table."""
    from matplotlib.colors import ListedColormap

    columns, days = days_table(result)
    classes = map_classes.KINDS["days"]
    drawing = figure(TWO_COLUMNS, 0.75 + 0.19 * len(result.cells))
    place = drawing.subplots()
    index = classes.of(days)
    colours = ListedColormap(classes.colours)
    image = place.pcolormesh(index, cmap=colours, vmin=-0.5, vmax=colours.N - 0.5, edgecolors="white", linewidth=0.8)
    for (row, column), count in np.ndenumerate(days):
        colour = "white" if index[row, column] > 4 else "#202020"
        place.text(column + 0.5, row + 0.5, str(count), ha="center", va="center", fontsize=6, color=colour)
    place.axvline(len(columns) - 1, color="#222222", linewidth=1.0)
    place.set_xticks(np.arange(len(columns)) + 0.5, columns)
    place.set_yticks(np.arange(len(result.cells)) + 0.5, [plain(cell.name) for cell in result.cells])
    place.invert_yaxis()
    tidy(place, grid=False)
    place.tick_params(length=0)
    place.xaxis.tick_top()
    bar = drawing.colorbar(image, ax=place, fraction=0.03, pad=0.015)
    bar.ax.set_yticks(np.arange(len(classes.breaks)) + 0.5, classes.ticks())
    bar.ax.set_yticks([], minor=True)
    bar.ax.tick_params(labelsize=5.5, length=1.5)
    bar.outline.set_linewidth(0.4)
    bar.set_label("days", fontsize=6.5)
    return drawing


#: Most cells in the figure of temporal stability: those with the most sites.
MOST_STABILITIES = 8


def with_several_sites(result: Any) -> list[int]:
    """The cells (numbers) with several sites that share days, those with the most sites, at most ``MOST_STABILITIES``."""
    several = [i for i, own in enumerate(result.pixels) if len(result.cells[i].sites) > 1 and np.isfinite(own.error).any()]
    return sorted(sorted(several, key=lambda i: -len(result.cells[i].sites))[:MOST_STABILITIES])


def draw_stability(result: Any) -> Any:
    """Mean relative difference of each site from the mean of its cell's sites, with its standard deviation, in the order of the ranks."""
    shown = with_several_sites(result)
    across = min(2, len(shown))
    down = -(-len(shown) // across)
    drawing = figure(TWO_COLUMNS, 1.75 * down + 0.3)
    panels = np.atleast_1d(drawing.subplots(down, across)).ravel()
    for place, number in zip(panels, shown):
        cell, own = result.cells[number], result.pixels[number].stability
        order = np.argsort(own.difference)
        at = np.arange(order.size)
        percent = 100.0 * own.difference[order]
        place.errorbar(at, percent, 100.0 * own.deviation[order], fmt="o", color="#3b5b7c", markersize=3, elinewidth=0.8, capsize=1.6)
        best = int(np.flatnonzero(order == own.best)[0])
        if order.size > 2:  # of two sites both are equally far from their mean
            place.plot([best], [percent[best]], "o", markersize=6.5, markerfacecolor="none", markeredgecolor="#c1440e", markeredgewidth=1.1)
        place.axhline(0.0, color="#222222", linewidth=0.6)
        place.set_xticks(
            at, [plain(cell.sites[i]) for i in order], rotation=90 if order.size > 5 else 0, fontsize=5.5 if order.size > 12 else 6
        )
        place.set_title(plain(cell.name), fontsize=7.5, loc="left", pad=2.5)
        place.set_ylabel("from the mean (%)", fontsize=6.5)
        place.set_xlim(-0.5, order.size - 0.5)
        tidy(place)
        place.grid(False, axis="x")
    for place in panels[len(shown) :]:
        place.set_visible(False)
    return drawing
