"""The figures of the reports: maps, histograms, bars. Drawn by canvas, never pyplot, so that they work in any thread.

``draw_...`` gives a matplotlib figure, the same name without it PNG bytes. Colours are told apart by people with colour-blindness.
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from ..foundation import machine
from ..foundation.grid import Grid
from ..foundation.libraries import load
from . import map_classes

#: Widths of a journal's one and two columns, inches (85 and 175 mm), scaled up for the screen by the resolution.
ONE_COLUMN, TWO_COLUMNS = 3.35, 6.9

DPI = 160

#: Share of a figure's width or height by which axes may move in one more round of its layout: a quarter of a pixel of most.
SETTLED = 2e-4

#: Most cells of a map that is drawn cell by cell, so that PDF and SVG hold it as a drawing; larger maps are pictures there.
MOST_VECTOR_CELLS = 12000

#: Most symbols of a series or a scatter plot that PDF and SVG hold one by one; more are a picture there, with axes and lines as drawings.
MOST_VECTOR_SYMBOLS = 1500


def figure(width: float = TWO_COLUMNS, height: float = 3.0) -> Any:
    """A new figure with a canvas of its own; raises ``MissingLibrary`` without matplotlib."""
    load("matplotlib")
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    drawing = Figure(figsize=(width, height), dpi=DPI, facecolor="white", layout="constrained")
    FigureCanvasAgg(drawing)
    return drawing


def place_by_hand(drawing: Any) -> None:
    """Leave the axes of a figure where they are put."""
    if hasattr(drawing, "set_layout_engine"):  # matplotlib 3.6 and later
        drawing.set_layout_engine("none")
    else:
        drawing.set_constrained_layout(False)


def settle(drawing: Any) -> None:
    """Lay a figure out until it stays as it is, and keep that: the layout of one drawing alone can cut titles, and takes its time anew
    with every file. Colour bars and ticks follow the size of their map, whose room follows theirs: three rounds are enough.

    Raises ``AnnsmError`` if memory is short: the solver of the layout would end the program.
    """
    machine.check_memory()
    before: Any = np.inf
    for _ in range(3):
        if not hasattr(drawing, "get_layout_engine"):  # matplotlib before 3.6
            drawing.execute_constrained_layout()
        elif drawing.get_layout_engine() is not None:
            drawing.get_layout_engine().execute(drawing)
        places = np.array([axes.get_position().bounds for axes in drawing.axes])
        if np.all(np.abs(places - before) < SETTLED):
            break
        before = places
    place_by_hand(drawing)


def png(drawing: Any, colours: int | None = None) -> bytes:
    """The figure as PNG; in so many ``colours`` near its own, 256 make a figure of thousands of symbols a third as large."""
    stream = io.BytesIO()
    if colours is None:
        drawing.savefig(stream, format="png", metadata={"Software": None})
        return stream.getvalue()
    from PIL import Image  # comes with matplotlib

    drawing.canvas.draw()
    pixels = np.ascontiguousarray(np.asarray(drawing.canvas.buffer_rgba())[..., :3])
    # The palette that covers all colours, moved to the means: the usual median cut dulls those of few pixels. Of large pictures every
    # sixth pixel is enough for it, in a sixth of the time.
    sample = pixels if colours < 256 else np.ascontiguousarray(pixels[::3, ::2])
    palette = Image.fromarray(sample).quantize(colours, method=1, kmeans=1, dither=0)
    Image.fromarray(pixels).quantize(palette=palette, dither=0).save(stream, format="PNG")
    return stream.getvalue()


#: Letters of a line of text in a figure, and such lines: matplotlib draws no text of thousands.
_LETTERS, _LINES = 120, 8


def plain(name: object) -> str:
    """A name from a file as matplotlib writes it: not too long, and without taking ``$`` for the beginning of mathematics."""
    lines = [line if len(line) <= _LETTERS else f"{line[: _LETTERS - 2]} …" for line in str(name).split("\n")[:_LINES]]
    return "\n".join(lines).replace("$", r"\$")


def tidy(axes: Any, grid: bool = True) -> None:
    """Small type, light frame."""
    axes.tick_params(labelsize=6.5, length=2.5, width=0.6, color="#666666")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set(linewidth=0.6, color="#666666")
    if grid:
        axes.grid(True, linewidth=0.35, color="#e2e2e2")
        axes.set_axisbelow(True)


def date_axis(axes: Any) -> None:
    """Few, short date labels on the x axis."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(minticks=4, maxticks=10)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # gives the year at the end where no tick does
    axes.xaxis.get_offset_text().set_fontsize(6.5)


def _degrees(axes: Any) -> None:
    """Few ticks, in degrees."""
    from matplotlib.ticker import MaxNLocator

    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
        axis.set_major_formatter(lambda v, _: f"{v:g}°")


def maps(grid: Grid, layers: Any) -> bytes:
    """``draw_maps`` as PNG."""
    return png(draw_maps(grid, layers))


def draw_maps(grid: Grid, layers: Any) -> Any:
    """Maps side by side: ``layers`` is a list of (title, (rows, columns) values, kind of ``map_classes.KINDS``)."""
    west, south, east, north = grid.bounds
    across = min(len(layers), 3 if (east - west) / (north - south) < 1.6 and len(layers) != 4 else 2)
    down = -(-len(layers) // across)
    whole = TWO_COLUMNS if across > 1 else 1.2 * ONE_COLUMN
    width = whole / across
    titles = [_wrapped(title, int(15.5 * width)) for title, _, _ in layers]
    around = 0.72 + (0.2 if across > 2 else 0.0) + 0.14 * max(title.count("\n") + 1 for title in titles)
    height = (width - 0.5) * (north - south) / (east - west) / _squeeze(grid)
    drawing = figure(whole, (min(height, 4.0) + around) * down)
    axes = np.atleast_1d(drawing.subplots(down, across)).ravel()
    for place, title, (_, values, kind) in zip(axes, titles, layers):
        classes = map_classes.KINDS[kind]
        image = _cells(place, grid, classes.of(values), classes.colours)
        place.set_title(plain(title), fontsize=8, loc="left")
        _legend(drawing, place, image, classes, small=across > 2)
    for place in axes[len(layers) :]:
        place.set_visible(False)
    settle(drawing)
    return drawing


def _squeeze(grid: Grid) -> float:
    """Width of a degree of longitude over one of latitude, in the middle of the region."""
    _, south, _, north = grid.bounds
    return max(0.3, float(np.cos(np.radians((south + north) / 2))))


def _cells(place: Any, grid: Grid, classes: np.ndarray, colours: Any) -> Any:
    """Draw (rows, columns) numbers of classes, NaN where there is nothing; small maps cell by cell, large ones as a picture."""
    from matplotlib.colors import ListedColormap

    west, south, east, north = grid.bounds
    rows, columns = classes.shape
    common = {"cmap": ListedColormap(colours), "vmin": -0.5, "vmax": len(colours) - 0.5}
    if classes.size <= MOST_VECTOR_CELLS:
        edges = np.linspace(west, east, columns + 1), np.linspace(north, south, rows + 1)
        # edges of the cells' own colour close the hairlines that PDF viewers leave between neighbours
        image = place.pcolormesh(*edges, np.ma.masked_invalid(classes), edgecolors="face", linewidth=0.1, **common)
    else:
        image = place.imshow(classes, extent=(west, east, south, north), interpolation="nearest", **common)
    place.set(xlim=(west, east), ylim=(south, north))
    place.set_aspect(1 / _squeeze(grid))
    place.set_facecolor(map_classes.NOTHING)
    tidy(place, grid=False)
    _degrees(place)
    return image


def _legend(drawing: Any, place: Any, image: Any, classes: map_classes.Classes, small: bool) -> None:
    """The classes below the map: boxes of one width with the breaks between them, the unit and what both ends mean."""
    bar = drawing.colorbar(image, ax=place, orientation="horizontal", pad=0.02, fraction=0.06, aspect=28)
    count = len(classes.colours)
    bar.ax.set_xticks(np.arange(count - 1) + 0.5, classes.ticks())
    bar.ax.set_xticks([], minor=True)
    slanted = small and count > 8
    bar.ax.tick_params(labelsize=5.5 if count < 10 else 5, length=1.5, width=0.5, pad=1.5, rotation=45 if slanted else 0)
    bar.outline.set_linewidth(0.4)
    bar.set_label(classes.unit or " ", fontsize=6.5, labelpad=1)
    for side, words in zip((0.0, 1.0), classes.meaning):
        words = words and (f"{words} →" if side else f"← {words}")
        style = {"ha": "right" if side else "left", "va": "top", "fontsize": 6.5}
        bar.ax.annotate(words, (side, 0.0), (0, -25 if slanted else -10.5), "axes fraction", "offset points", **style)


def _wrapped(title: str, width: int) -> str:
    """A title in lines of at most ``width`` letters, broken at blanks and after underscores."""
    import textwrap

    lines = textwrap.wrap(title.replace("_", "_ "), width, break_long_words=False) if len(title) > width else [title]
    return "\n".join(lines).replace("_ ", "_")


def histograms(layers: Any) -> bytes:
    """``draw_histograms`` as PNG."""
    return png(draw_histograms(layers))


def draw_histograms(layers: Any) -> Any:
    """Distributions over the cells: ``layers`` is a list of (label, values, paper's mean or None); ours and the paper's mean marked."""
    from matplotlib.ticker import MaxNLocator

    drawing = figure(TWO_COLUMNS, 1.9)
    axes = np.atleast_1d(drawing.subplots(1, len(layers))).ravel()
    for place, (label, values, paper) in zip(axes, layers):
        values = np.asarray(values, dtype=float)
        values = values[np.isfinite(values)]
        tidy(place)
        place.set_xlabel(plain(label), fontsize=7)
        if values.size == 0:
            place.text(0.5, 0.5, "no cell", transform=place.transAxes, ha="center", fontsize=7, color="#777777")
            continue
        place.hist(values, bins=min(30, max(6, int(np.sqrt(values.size)) * 2)), color="#8fb0cf", edgecolor="white", linewidth=0.4)
        place.axvline(values.mean(), color="#123c69", linewidth=1.3, label=f"mean {values.mean():.3g}")
        if paper is not None:
            place.axvline(paper, color="#c1440e", linewidth=1.1, linestyle=(0, (4, 2)), label=f"paper {paper:g}")
        place.legend(fontsize=6.5, frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncol=2, handlelength=1.6, borderpad=0.1)
        place.xaxis.set_major_locator(MaxNLocator(5))
        place.yaxis.set_major_locator(MaxNLocator(5, integer=True))
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
            box = {"facecolor": "white", "edgecolor": "none", "pad": 0.4, "alpha": 0.85}
            middle = bar.get_x() + bar.get_width() / 2
            place.annotate(text, (middle, bar.get_height()), (0, 2), textcoords="offset points", ha="center", fontsize=6.5, bbox=box)
        line = place.axhline(paper[measure], color="#c1440e", linewidth=1.1, linestyle=(0, (4, 2)))
        line.set_label(f"paper, overall {paper[measure]:g}")
        place.set_xticks(range(len(kinds)), kinds)
        place.set_ylabel(label, fontsize=7)
        place.set_ylim(0, max([paper[measure], *np.nan_to_num(values)]) * 1.32)
        place.legend(fontsize=6, frameon=False, loc="upper right")
        tidy(place)
    return png(drawing)


def status_map(grid: Grid, status: np.ndarray, meanings: dict[int, str]) -> bytes:
    """What became of each cell, one colour per status (those of the layer's style), with counts."""
    from matplotlib.patches import Patch
    from matplotlib.transforms import ScaledTranslation

    codes = [code for code in meanings if (status == code).any()]
    west, south, east, north = grid.bounds
    drawing = figure(ONE_COLUMN * 1.25, min(4.0, ONE_COLUMN * (north - south) / (east - west) + 0.9))
    place = drawing.subplots()
    index = np.full(status.shape, np.nan)
    for number, code in enumerate(codes):
        index[status == code] = number
    colours = [map_classes.STATUS.get(code, "#222222") for code in codes]
    _cells(place, grid, index, colours)
    patches = [Patch(color=c, label=f"{meanings[code]} ({int((status == code).sum())})") for c, code in zip(colours, codes)]
    below = place.transAxes + ScaledTranslation(0, -15 / 72, drawing.dpi_scale_trans)
    style = {"fontsize": 6.5, "frameon": False, "borderaxespad": 0, "ncol": min(2, len(patches))}
    place.legend(handles=patches, loc="upper center", bbox_to_anchor=(0.5, 0.0), bbox_transform=below, **style)
    return png(drawing)
