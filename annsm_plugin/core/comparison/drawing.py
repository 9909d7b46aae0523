"""The figures of a comparison: the methods' errors side by side, the inputs' importance, and maps of both."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..reports.figure_files import Figure, map_rows
from ..reports.figures import TWO_COLUMNS, draw_maps, figure, plain, tidy
from . import words
from .importance import TOGETHER
from .request import METHODS
from .result import MEASURES

#: What the network is, what it is compared with, and the controls.
NETWORK, OTHER, CONTROL = "#7b2d9b", "#4477aa", "#9a9a9a"

CONTROLS = ("network_without_tb", "climatology")

#: Most maps of importance in the report.
MOST_MAPS = 6


def colour_of(name: str) -> str:
    """A method's colour."""
    return NETWORK if name == "network" else CONTROL if name in CONTROLS else OTHER


def draw_methods(result: Any) -> Any:
    """R, RMSE and ubRMSE of every method on the testing samples: boxes over the cells (5, 25, 50, 75, 95 %), diamonds at the means."""
    from matplotlib.ticker import MaxNLocator

    names = list(result.maps)
    drawing = figure(TWO_COLUMNS, 0.9 + 0.3 * len(names))
    panels = drawing.subplots(1, 3, sharey=True)
    for place, (measure, label) in zip(panels, (("r", "R"), ("rmse", "RMSE (m³ m⁻³)"), ("ubrmse", "ubRMSE (m³ m⁻³)"))):
        tidy(place)
        place.grid(False, axis="y")
        for line, name in enumerate(names):
            values = result.maps[name][measure][result.cells]
            values = values[np.isfinite(values)]
            if values.size == 0:
                continue
            _box(place, line, values, colour_of(name))
            place.annotate(
                f"{values.mean():.3f}",
                (1.0, line),
                xycoords=("axes fraction", "data"),
                xytext=(3, 0),
                textcoords="offset points",
                fontsize=6.5,
                va="center",
            )
        if "network" in names:
            values = result.maps["network"][measure][result.cells]
            if np.isfinite(values).any():
                place.axvline(np.nanmean(values), color=NETWORK, linewidth=0.8, linestyle=(0, (4, 2)), zorder=0)
        place.set_xlabel(label, fontsize=7)
        place.xaxis.set_major_locator(MaxNLocator(5))
        if measure != "r":
            place.set_xlim(left=0.0)
    panels[0].set_yticks(range(len(names)), [METHODS[name] for name in names])
    panels[0].set_ylim(len(names) - 0.4, -0.6)
    return drawing


def _box(place: Any, line: float, values: np.ndarray, colour: str) -> None:
    """One horizontal box with whiskers, median and mean."""
    from matplotlib.patches import Rectangle

    low, first, median, third, high = np.percentile(values, (5, 25, 50, 75, 95))
    place.plot([low, high], [line, line], color=colour, linewidth=1.0, zorder=2)
    place.add_patch(
        Rectangle((first, line - 0.19), third - first, 0.38, facecolor=colour, alpha=0.35, edgecolor=colour, linewidth=0.8, zorder=3)
    )
    place.plot([median, median], [line - 0.19, line + 0.19], color=colour, linewidth=1.6, zorder=4)
    place.plot(values.mean(), line, "D", markersize=3.6, markerfacecolor="white", markeredgecolor="black", markeredgewidth=0.7, zorder=5)


def draw_importance(result: Any) -> Any:
    """Growth of the network's testing RMSE when an input is shuffled: boxes over the cells, the most important on top."""
    ranked = words.ranking(result)
    drawing = figure(TWO_COLUMNS, 0.7 + 0.24 * max(1, len(ranked)))
    place = drawing.subplots()
    tidy(place)
    for line, (name, _, _) in enumerate(ranked):
        values = result.importance[name]
        _box(place, line, values[np.isfinite(values)], CONTROL if name == TOGETHER else NETWORK)
    place.axvline(0.0, color="#444444", linewidth=0.7)
    place.set_yticks(range(len(ranked)), [plain(name) for name, _, _ in ranked])
    place.set_ylim(len(ranked) - 0.4, -0.6)
    place.set_xlabel("growth of RMSE when shuffled (m³ m⁻³)", fontsize=7)
    return drawing


def method_layers(result: Any) -> list:
    """RMSE of the network, and how much higher the RMSE of the best other method is, as map layers; one method's alone without it."""
    if "network" not in result.maps:
        first = next(iter(result.maps))
        return [(f"RMSE, {words.lowered(METHODS[first])}", result.maps[first]["rmse"], "rmse")]
    own = result.maps["network"]["rmse"]
    layers = [("RMSE, neural network", own, "rmse")]
    others = [name for name in result.maps if name != "network"]
    if others:
        best = min(others, key=lambda name: result.means[name]["rmse"][0] if np.isfinite(result.means[name]["rmse"][0]) else np.inf)
        layers.append((f"RMSE of {words.lowered(METHODS[best])} minus the network's", result.maps[best]["rmse"] - own, "difference"))
    return layers


def importance_layers(result: Any, most: int | None = None) -> list:
    """Maps of the growth of RMSE, the most important input first."""
    return [(name, result.importance[name], "importance") for name, _, _ in words.ranking(result)][:most]


def methods_figure(result: Any) -> Figure:
    """The figure that FIGURE asks for, with the numbers of every cell and method."""
    row, column = np.nonzero(result.cells)
    rows = []
    for name, own in result.maps.items():
        values = np.stack([own[measure][row, column] for measure in MEASURES], axis=1)
        rows += [(lat, lon, name, *line) for lat, lon, line in zip(result.grid.lat[row], result.grid.lon[column], values.tolist())]
    return Figure("methods", draw_methods(result), ("lat", "lon", "method", *MEASURES), rows)


def all_figures(result: Any) -> Any:
    """Every figure of the report for ``figure_files.write``, one after the other."""
    yield methods_figure(result)
    layers = method_layers(result)
    yield Figure("method_maps", draw_maps(result.grid, layers), *map_rows(result.grid, {title: values for title, values, _ in layers}))
    if words.ranking(result):
        header, rows = map_rows(result.grid, dict(result.importance))
        yield Figure("importance", draw_importance(result), header, rows)
        yield Figure("importance_maps", draw_maps(result.grid, importance_layers(result)), header, rows)
