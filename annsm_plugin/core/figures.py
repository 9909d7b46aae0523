"""The figures of the reports: maps, histograms, bars. Drawn by canvas, never pyplot, so that they work in any thread.

``draw_...`` gives a matplotlib figure, the same name without it PNG bytes. Colours are told apart by people with colour-blindness.
"""

from __future__ import annotations

import io

import numpy as np

from .grid import Grid
from .libraries import load

#: Widths of a journal's one and two columns, inches (85 and 175 mm), scaled up for the screen by the resolution.
ONE_COLUMN, TWO_COLUMNS = 3.35, 6.9

DPI = 160

#: Colour map, class limits, ends that go on, and unit of each kind of map.
MAP_KINDS = {
    "r": ("viridis", (0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0), "min", ""),
    "rmse": ("magma_r", (0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.10), "max", "m³ m⁻³"),
    "rmse01": ("magma_r", (0, 0.02, 0.04, 0.06, 0.08, 0.10, 0.12, 0.14, 0.16, 0.20), "max", "0–1"),
    "bias": ("PuOr", (-0.06, -0.04, -0.02, -0.01, -0.005, 0.005, 0.01, 0.02, 0.04, 0.06), "both", "m³ m⁻³"),
    "n": ("cividis", (0, 50, 100, 200, 300, 400, 500, 600, 800, 1000), "max", "days"),
    "removed": ("YlGnBu", (0, 1, 2, 5, 10, 20, 30, 50, 80), "max", "days"),
    "growth": ("viridis", (0, 0.0025, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.06), "both", "m³ m⁻³"),
}


def figure(width: float = TWO_COLUMNS, height: float = 3.0):
    """A new figure with a canvas of its own; raises ``MissingLibrary`` without matplotlib."""
    load("matplotlib")
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    drawing = Figure(figsize=(width, height), dpi=DPI, facecolor="white", layout="constrained")
    FigureCanvasAgg(drawing)
    return drawing


def png(drawing, colours: int | None = None) -> bytes:
    """The figure as PNG; with ``colours`` only that many, which makes figures of thousands of symbols a third as large."""
    stream = io.BytesIO()
    if colours is None:
        drawing.savefig(stream, format="png", metadata={"Software": None})
        return stream.getvalue()
    from PIL import Image  # comes with matplotlib

    drawing.canvas.draw()
    pixels = np.asarray(drawing.canvas.buffer_rgba())[..., :3]
    Image.fromarray(np.ascontiguousarray(pixels)).quantize(colours, dither=0).save(stream, format="PNG", optimize=True)
    return stream.getvalue()


def tidy(axes, grid: bool = True) -> None:
    """Small type, light frame."""
    axes.tick_params(labelsize=6.5, length=2.5, width=0.6, color="#666666")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set(linewidth=0.6, color="#666666")
    if grid:
        axes.grid(True, linewidth=0.35, color="#e2e2e2")
        axes.set_axisbelow(True)


def _degrees(axes) -> None:
    """Few ticks, in degrees."""
    from matplotlib.ticker import MaxNLocator

    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
        axis.set_major_formatter(lambda v, _: f"{v:g}°")


def maps(grid: Grid, layers, points=None) -> bytes:
    """``draw_maps`` as PNG."""
    return png(draw_maps(grid, layers, points))


def draw_maps(grid: Grid, layers, points=None):
    """Maps side by side: ``layers`` is a list of (title, (rows, columns) values, kind of ``MAP_KINDS``); ``points`` lat, lon dicts."""
    from matplotlib.colors import BoundaryNorm

    west, south, east, north = grid.bounds
    across = min(len(layers), 3 if (east - west) / (north - south) < 1.6 and len(layers) != 4 else 2)
    down = -(-len(layers) // across)
    width = TWO_COLUMNS / across
    height = (width - 0.5) * (north - south) / (east - west) / max(0.3, np.cos(np.radians((south + north) / 2))) + 0.85
    drawing = figure(TWO_COLUMNS, min(height, 4.5) * down)
    axes = np.atleast_1d(drawing.subplots(down, across)).ravel()
    for place, (title, values, kind) in zip(axes, layers):
        name, limits, ends, unit = MAP_KINDS[kind]
        colours = _colour_map(name, len(limits) - 1 + {"both": 2}.get(ends, 1))
        norm = BoundaryNorm(limits, colours.N, extend=ends)
        image = place.imshow(values, extent=(west, east, south, north), cmap=colours, norm=norm, interpolation="nearest")
        place.set_aspect(1 / np.cos(np.radians((south + north) / 2)))
        place.set_facecolor("#c9c9c9")
        place.set_title(title, fontsize=8, loc="left")
        tidy(place, grid=False)
        _degrees(place)
        bar = drawing.colorbar(image, ax=place, orientation="horizontal", pad=0.02, fraction=0.06, aspect=28, ticks=limits)
        bar.ax.set_xticks(limits, [f"{limit:g}" for limit in limits])
        bar.ax.tick_params(labelsize=5.5, length=1.5, width=0.5, rotation=45 if len(limits) > 8 and across > 2 else 0)
        bar.outline.set_linewidth(0.4)
        if unit:
            bar.set_label(unit, fontsize=6.5, labelpad=1)
        for point in points or ():
            place.plot(point["lon"], point["lat"], "^", markersize=4, markerfacecolor="white", markeredgecolor="black", markeredgewidth=0.6)
    for place in axes[len(layers) :]:
        place.set_visible(False)
    return drawing


def _colour_map(name: str, classes: int):
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap

    colours = ListedColormap(colormaps[name](np.linspace(0.0, 1.0, classes)))
    colours.set_bad(alpha=0.0)
    return colours


def histograms(layers) -> bytes:
    """``draw_histograms`` as PNG."""
    return png(draw_histograms(layers))


def draw_histograms(layers):
    """Distributions over the cells: ``layers`` is a list of (label, values, paper's mean or None); ours and the paper's mean marked."""
    from matplotlib.ticker import MaxNLocator

    drawing = figure(TWO_COLUMNS, 1.9)
    axes = np.atleast_1d(drawing.subplots(1, len(layers))).ravel()
    for place, (label, values, paper) in zip(axes, layers):
        values = np.asarray(values, dtype=float)
        values = values[np.isfinite(values)]
        tidy(place)
        place.set_xlabel(label, fontsize=7)
        if values.size == 0:
            place.text(0.5, 0.5, "no cell", transform=place.transAxes, ha="center", fontsize=7, color="#777777")
            continue
        place.hist(values, bins=min(30, max(6, int(np.sqrt(values.size)) * 2)), color="#8fb0cf", edgecolor="white", linewidth=0.4)
        place.axvline(values.mean(), color="#123c69", linewidth=1.3, label=f"mean {values.mean():.3g}")
        if paper is not None:
            place.axvline(paper, color="#c1440e", linewidth=1.1, linestyle=(0, (4, 2)), label=f"paper {paper:g}")
        place.legend(fontsize=6.5, frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncol=2, handlelength=1.6, borderpad=0.1)
        place.xaxis.set_major_locator(MaxNLocator(5))
    axes[0].set_ylabel("cells", fontsize=7)
    return drawing


def error_bars(means: dict, paper: dict) -> bytes:
    """Mean R and RMSE (0-1) of training, validation, testing and overall samples, with the paper's overall figures as lines."""
    drawing = figure(TWO_COLUMNS, 2.0)
    left, right = drawing.subplots(1, 2)
    kinds = list(means)
    colours = ["#4477aa", "#66a9c9", "#ccbb44", "#555555"]
    for place, measure, label in ((left, "r", "mean R"), (right, "rmse", "mean RMSE (0–1)")):
        values = [means[kind][measure] for kind in kinds]
        bars = place.bar(range(len(kinds)), np.nan_to_num(values), color=colours, width=0.62)
        for bar, value in zip(bars, values):
            text = f"{value:.3f}" if np.isfinite(value) else "none"
            place.text(bar.get_x() + bar.get_width() / 2, bar.get_height(), text, ha="center", va="bottom", fontsize=6.5)
        line = place.axhline(paper[measure], color="#c1440e", linewidth=1.1, linestyle=(0, (4, 2)))
        line.set_label(f"paper, overall {paper[measure]:g}")
        place.set_xticks(range(len(kinds)), kinds)
        place.set_ylabel(label, fontsize=7)
        place.set_ylim(0, max([paper[measure], *np.nan_to_num(values)]) * 1.32)
        place.legend(fontsize=6, frameon=False, loc="upper right")
        tidy(place)
    return png(drawing)


def status_map(grid: Grid, status: np.ndarray, meanings: dict[int, str]) -> bytes:
    """What became of each cell, one colour per status, with counts."""
    from matplotlib.colors import ListedColormap
    from matplotlib.patches import Patch

    palette = ["#4477aa", "#ccbb44", "#ee6677", "#228833", "#aa3377", "#66ccee", "#bbbbbb", "#555555"]
    codes = [code for code in meanings if (status == code).any()]
    west, south, east, north = grid.bounds
    drawing = figure(ONE_COLUMN * 1.25, min(4.0, ONE_COLUMN * (north - south) / (east - west) + 0.9))
    place = drawing.subplots()
    index = np.full(status.shape, np.nan)
    colours = []
    for number, code in enumerate(codes):
        index[status == code] = number
        grey = {"no complete day": "#dddddd", "too few complete days": "#a6a6a6"}.get(meanings[code])
        colours.append(grey or palette[number % len(palette)])
    place.imshow(index, extent=(west, east, south, north), cmap=ListedColormap(colours), vmin=-0.5, vmax=len(codes) - 0.5)
    place.set_aspect(1 / np.cos(np.radians((south + north) / 2)))
    tidy(place, grid=False)
    _degrees(place)
    patches = [Patch(color=c, label=f"{meanings[code]} ({int((status == code).sum())})") for c, code in zip(colours, codes)]
    place.legend(handles=patches, fontsize=6.5, frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.1), ncol=min(2, len(patches)))
    return png(drawing)
