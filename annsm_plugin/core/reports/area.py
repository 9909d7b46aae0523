"""The figure of the study area: a raster, the stations on it by network, their 0.25 degree cells, and where stations crowd, insets.

``area_page`` says where everything stands. Only sites inside the region are drawn and counted.
"""

from __future__ import annotations

import string
import textwrap
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..foundation.errors import ParameterError
from ..foundation.grid import STEP
from . import map_classes
from .area_page import (
    LEAST_BAR,
    PANEL,
    SMALL,
    SYMBOL,
    TYPE,
    Box,
    Inset,
    Page,
    degrees,
    free,
    lay_out,
    on_page,
    scale_length,
    text_width,
    ticks,
)
from .figures import MOST_VECTOR_CELLS, TWO_COLUMNS, figure, place_by_hand, plain

#: Nine colours that people with colour-blindness tell apart and ten markers: ninety networks before a pair comes again.
COLOURS = ("#d55e00", "#0072b2", "#f0e442", "#cc79a7", "#000000", "#56b4e9", "#ffffff", "#e69f00", "#009e73")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "p", "<", "h")


#: An inset has names if so large a part of them finds room: of a few names one cannot see whose they are.
LEAST_NAMED = 0.75


@dataclass(frozen=True)
class Site:
    """A station: degrees north and east."""

    name: str
    network: str
    lat: float
    lon: float


def area_numbers(sites: Any) -> tuple[tuple[str, ...], list[tuple]]:
    """Header and rows of the CSV beside the figure: every site, network by network (most sites first), with the number of its network."""
    networks = _networks(sites)
    ordered = sorted(sites, key=lambda site: (list(networks).index(site.network), site.name))
    rows = [(site.network, networks[site.network], site.name, float(site.lat), float(site.lon)) for site in ordered]
    return ("network", "sites_in_network", "site", "lat", "lon"), rows


def draw_area(
    bounds: Any, values: Any, lat: Any, lon: Any, sites: Any, *, kind: str = "lai", label: str = "", cells: Any | None = None
) -> Any:
    """The study area as a matplotlib figure of two columns' width.

    bounds: west, south, east, north in degrees, longitudes beyond 180 across the dateline; values: (rows, columns) of a raster on centres
    ``lat`` (descending) and ``lon`` (ascending, as in bounds), in the classes of ``map_classes.KINDS`` where it has ``kind``; label: of the
    colour bar; cells: (lat, lon) centres of the 0.25 degree cells that hold stations. Raises ``ParameterError`` for a raster that is not
    on its centres.
    """
    west, south, east, north = (float(bound) for bound in bounds)
    region = (west, south, east, north)
    surface = _Surface(values, lat, lon, kind, label)
    shown = [replace(site, lon=_within(site.lon, region)) for site in sites]
    shown = [site for site in shown if region[0] <= site.lon <= region[2] and region[1] <= site.lat <= region[3]]
    centres = np.array([(_within(x, region), y) for y, x in (() if cells is None else cells)], dtype=float).reshape(-1, 2)
    symbols = {network: (MARKERS[i % 10], COLOURS[i % 9]) for i, network in enumerate(_networks(shown))}
    handles = _handles(shown, symbols, len(centres) > 0, surface.has_gaps(region))
    page = lay_out(region, _points(shown), [h.get_label() for h in handles])
    drawing = figure(TWO_COLUMNS, page.height)
    place_by_hand(drawing)

    left, top, width, height = page.map
    place, image = _map(drawing, page, page.map, region, surface, centres)
    _sites(place, shown, symbols)
    _graticule(place, region, (72 * width, 72 * height), TYPE, lines=True)
    _scale_bar(place, region, (72 * width, 72 * height), last=False)
    _frames(place, region, page, shown)
    if surface.classes or np.isfinite(surface.values).any():
        high = max(height, LEAST_BAR)
        surface.bar(drawing, image, _axes(drawing, page, (left + width + 0.1, top, 0.11, high)), high)
    for letter, inset, corner in zip(string.ascii_uppercase, page.insets, page.panels):
        west, south, east, north = inset.extent
        inside = [site for site in shown if west <= site.lon <= east and south <= site.lat <= north]
        panel, _ = _map(drawing, page, (*corner, *PANEL), inset.extent, surface, centres)
        _enlarge(panel, letter, inset, inside, symbols)
    if handles:
        at = (page.legend[0] / TWO_COLUMNS, 1 - page.legend[1] / page.height)
        style = {"fontsize": TYPE, "frameon": False, "borderaxespad": 0, "borderpad": 0, "handlelength": 1.2, "handletextpad": 0.5}
        style |= {"columnspacing": 1.2, "labelspacing": 0.35}
        drawing.legend(handles=handles, loc="upper left", bbox_to_anchor=at, ncol=page.columns, **style)
    return drawing


class _Surface:
    """The raster with its colours."""

    def __init__(self, values: Any, lat: Any, lon: Any, kind: str, label: str) -> None:
        from matplotlib import colormaps
        from matplotlib.colors import ListedColormap

        self.values = np.asarray(values, dtype=float)
        self.lat, self.lon = np.asarray(lat, dtype=float), np.asarray(lon, dtype=float)
        if self.values.shape != (self.lat.size, self.lon.size):
            found = f"{self.values.shape} values on {self.lat.size} latitudes and {self.lon.size} longitudes"
            raise ParameterError(f"The raster of the study area has {found}; expected is one value per centre.")
        self.classes = map_classes.KINDS.get(kind)
        self.label, self.meaning, self.extend = label, "", "neither"
        if self.classes:
            self.label = label or self.classes.unit
            lowest, highest = self.classes.meaning
            self.meaning = "   ".join([f"← {lowest}"] * bool(lowest) + [f"{highest} →"] * bool(highest))
            self.values = self.classes.of(self.values)
            self.colours = ListedColormap(self.classes.colours)
            self.limits = (-0.5, len(self.classes.colours) - 0.5)
            return
        # viridis from its light end, mixed with white: symbols and lines must stand out
        self.colours = ListedColormap(0.3 + 0.7 * colormaps["viridis_r"](np.linspace(0.0, 0.95, 256)))
        there = self.values[np.isfinite(self.values)]
        low, high = np.percentile(there, (1, 99)) if there.size else (0.0, 1.0)
        low = 0.0 if there.min(initial=0.0) >= 0 and low < 0.2 * high else low
        self.limits = (low, high) if high > low else (low - 0.5, high + 0.5)
        under, over = (there < self.limits[0]).any(), (there > self.limits[1]).any()
        self.extend = {(0, 0): "neither", (1, 0): "min", (0, 1): "max", (1, 1): "both"}[int(under), int(over)]

    def has_gaps(self, extent: Box) -> bool:
        """Whether a part of ``extent`` has no value."""
        rows, columns, (x, y) = self._part(extent)
        part = self.values[rows, columns]
        covered = (
            part.size and x[0] <= extent[0] + 1e-6 and x[-1] >= extent[2] - 1e-6 and y[-1] <= extent[1] + 1e-6 and y[0] >= extent[3] - 1e-6
        )
        return not covered or not bool(np.isfinite(part).all())

    def _part(self, extent: Box) -> tuple[slice, slice, tuple[np.ndarray, np.ndarray]]:
        """Rows and columns that touch ``extent``, and the edges of these columns and rows."""
        x, y = _edges(self.lon), _edges(self.lat)
        columns = np.flatnonzero((x[1:] > extent[0]) & (x[:-1] < extent[2]))
        rows = np.flatnonzero((y[:-1] > extent[1]) & (y[1:] < extent[3]))
        if not (columns.size and rows.size):
            return slice(0, 0), slice(0, 0), (x[:1], y[:1])
        across, down = slice(columns[0], columns[-1] + 1), slice(rows[0], rows[-1] + 1)
        return down, across, (x[columns[0] : columns[-1] + 2], y[rows[0] : rows[-1] + 2])

    def draw(self, place: Any, extent: Box) -> Any:
        """Draw what lies in ``extent``; small parts cell by cell, large ones as a picture."""
        rows, columns, (x, y) = self._part(extent)
        part = self.values[rows, columns]
        style = {"cmap": self.colours, "vmin": self.limits[0], "vmax": self.limits[1], "zorder": 0}
        if part.size <= MOST_VECTOR_CELLS:
            return place.pcolormesh(x, y, part, edgecolors="face", linewidth=0.1, **style)
        return place.imshow(part, extent=(x[0], x[-1], y[-1], y[0]), interpolation="nearest", aspect="auto", **style)

    def bar(self, drawing: Any, image: Any, place: Any, height: float) -> None:
        """The colour bar: boxes of classes with the breaks between them, or a continuous one."""
        from matplotlib.ticker import MaxNLocator

        bar = drawing.colorbar(image, cax=place, extend=self.extend, extendfrac=0.04)
        if self.classes:
            bar.set_ticks(np.arange(len(self.classes.breaks)) + 0.5, labels=self.classes.ticks())
        else:
            bar.locator = MaxNLocator(6)
            bar.update_ticks()
        bar.ax.tick_params(which="minor", length=0)
        bar.ax.tick_params(labelsize=SMALL, length=1.5, width=0.5, pad=1.5)
        bar.outline.set_linewidth(0.4)
        letters = int(72 * height / 3.7)
        lines = textwrap.wrap(self.label, letters)[:2]
        if self.meaning and len(lines) < 2 and len(self.meaning) <= letters:
            lines.append(self.meaning)
        bar.set_label(plain("\n".join(lines)), fontsize=TYPE, labelpad=2, linespacing=1.15)


def _map(drawing: Any, page: Page, box: Box, extent: Box, surface: _Surface, centres: np.ndarray) -> tuple[Any, Any]:
    """Axes of one map with the raster and the outlines of the stations' cells; returns them and the image."""
    from matplotlib.collections import PolyCollection

    place = _axes(drawing, page, box)
    image = surface.draw(place, extent)
    shape = box[3] / box[2] * (extent[2] - extent[0]) / (extent[3] - extent[1])
    place.set(xlim=extent[::2], ylim=extent[1::2], facecolor=map_classes.NOTHING, aspect=shape)
    corners = np.array(((-1, -1), (1, -1), (1, 1), (-1, 1))) * STEP / 2
    for colour, line in (("white", 1.6), ("#1a1a1a", 0.8)):
        outlines = PolyCollection(centres[:, None] + corners, facecolors="none", edgecolors=colour, linewidths=line, zorder=2, gid="cells")
        place.add_collection(outlines, autolim=False)
    for spine in place.spines.values():
        spine.set(linewidth=0.7, color="#333333")
    return place, image


def _axes(drawing: Any, page: Page, box: Box) -> Any:
    """Axes at (left, top, width, height) in inches from the page's top left corner."""
    left, top, width, height = box
    return drawing.add_axes([left / TWO_COLUMNS, 1 - (top + height) / page.height, width / TWO_COLUMNS, height / page.height])


def _sites(place: Any, sites: list[Site], symbols: dict) -> None:
    """The symbols of the sites, those of large networks below."""
    for depth, (network, (marker, colour)) in enumerate(symbols.items()):
        found = [(site.lon, site.lat) for site in sites if site.network == network]
        if found:
            place.plot(*zip(*found), **_symbol(marker, colour), clip_on=False, zorder=7 + depth / 100, gid="sites")


def _symbol(marker: str, colour: str) -> dict:
    edge = {"markeredgecolor": "#ffffff" if colour == "#000000" else "#000000", "markeredgewidth": 0.45}
    return {"linestyle": "none", "marker": marker, "markerfacecolor": colour, "markersize": SYMBOL, **edge}


def _handles(sites: list[Site], symbols: dict, cells: bool, gaps: bool) -> list[Any]:
    """What the legend explains."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    found: list[Any] = []
    for name, count in _networks(sites).items():
        short = name if len(name) <= 36 else f"{name[:35]}…"
        found.append(Line2D([], [], **_symbol(*symbols[name]), label=f"{plain(short)} ({count})"))
    if cells:
        found.append(Patch(facecolor="none", edgecolor="#1a1a1a", linewidth=0.6, label="0.25° cell with stations"))
    if gaps:
        found.append(Patch(facecolor=map_classes.NOTHING, edgecolor="#333333", linewidth=0.3, label="no value"))
    return found


def _graticule(place: Any, extent: Box, size: tuple[float, float], letters: float, lines: bool) -> None:
    """Round degrees at the left and at the bottom, with ``lines`` across the map or without."""
    for axis, low, high, length in (("x", extent[0], extent[2], size[0]), ("y", extent[1], extent[3], size[1])):
        where, labels = ticks(low, high, length, letters, axis)
        if axis == "x":
            place.set_xticks(where, labels)
        else:
            place.set_yticks(where, labels, rotation=90, va="center")
    place.tick_params(labelsize=letters, length=2, width=0.5, pad=1.5, color="#333333")
    if lines:
        place.grid(True, linewidth=0.3, color="#333333", alpha=0.55, linestyle=(0, (4, 3)), zorder=1)
        place.set_axisbelow(False)


def _scale_bar(place: Any, extent: Box, size: tuple[float, float], last: bool) -> None:
    """A bar above the map: at its left with km and latitude, or ``last``, at its right end, with km."""
    km, length, lat = scale_length(extent, size[0])
    start = extent[2] - length if last else extent[0]
    up = 1 + 6.5 / size[1]
    style = {"color": "#000000", "linewidth": 1.0, "marker": "|", "markersize": 4, "markeredgewidth": 0.8, "clip_on": False}
    place.plot((start, start + length), (up, up), transform=place.get_xaxis_transform(), gid="scale", **style)
    text, side, at = (f"{km:g} km", "right", start) if last else (f"{km:g} km at {degrees(lat, 'y')}", "left", start + length)
    where = {"xycoords": place.get_xaxis_transform(), "textcoords": "offset points", "ha": side, "va": "center_baseline"}
    place.annotate(text, (at, up), (-4 if last else 4, 0), fontsize=SMALL if last else TYPE, annotation_clip=False, **where)


def _enlarge(place: Any, letter: str, inset: Inset, inside: list[Site], symbols: dict) -> None:
    """Finish one inset: all sites in its extent, the grid of the cells, the names that find room."""
    west, south, east, north = inset.extent
    size = 72 * PANEL[0], 72 * PANEL[1]
    if STEP / (east - west) * size[0] > 3:
        for low, high, line in ((west, east, place.axvline), (south, north, place.axhline)):
            for edge in np.arange(np.ceil(low / STEP), high / STEP) * STEP:
                line(edge, color="#444444", linewidth=0.3, zorder=1)
    _sites(place, inside, symbols)
    _graticule(place, inset.extent, size, SMALL, lines=False)
    _scale_bar(place, inset.extent, size, last=True)
    for text, right, style in ((letter, 0, {"fontsize": 8, "fontweight": "bold"}), (f"{len(inside)} stations", 10, {"fontsize": TYPE})):
        place.annotate(text, (0, 1), (right, 4), "axes fraction", "offset points", **style)
    taken = [_around(at, SYMBOL + 1) for at in on_page(_points(inside), inset.extent, size).tolist()]
    names = []
    for site, symbol in zip(inside, list(taken)):
        name = plain(site.name)
        box = free(text_width(name, SMALL) + 1, 1.2 * SMALL, symbol, taken, size)
        if box:
            taken.append(box)
            names.append((box, name))
    if len(names) >= LEAST_NAMED * len(inside):
        for box, name in names:
            _text(place, box, size, name, fontsize=SMALL, gid="name")


def _frames(place: Any, region: Box, page: Page, sites: list[Site]) -> None:
    """The frames of the insets on the map, each with its letter where it hides nothing."""
    from matplotlib.patches import Rectangle

    size = 72 * page.map[2], 72 * page.map[3]
    scale = (region[2] - region[0]) / size[0], (region[3] - region[1]) / size[1]
    taken = [_around(at, SYMBOL + 1) for at in on_page(_points(sites), region, size).tolist()] + [inset.frame for inset in page.insets]
    for letter, inset in zip(string.ascii_uppercase, page.insets):
        left, bottom, right, top = inset.frame
        at = region[0] + left * scale[0], region[1] + bottom * scale[1]
        for colour, line in (("white", 1.8), ("black", 0.8)):
            frame = Rectangle(at, (right - left) * scale[0], (top - bottom) * scale[1], facecolor="none", edgecolor=colour, linewidth=line)
            frame.set(zorder=6, gid=f"frame {letter} {colour}")
            place.add_patch(frame)
        width = text_width(letter, 8, "bold") + 1
        box = free(width, 9.0, inset.frame, taken, size) or free(width, 9.0, inset.frame, taken[len(sites) :], size)
        if box:
            taken.append(box)
            _text(place, box, size, letter, fontsize=8, fontweight="bold")


def _text(place: Any, box: Box, size: tuple[float, float], text: str, **style: Any) -> None:
    """A text with a light rim in the middle of ``box``, points from the lower left corner of a map of ``size``."""
    from matplotlib.patheffects import withStroke

    at = (box[0] + box[2]) / 2 / size[0], (box[1] + box[3]) / 2 / size[1]
    rim = [withStroke(linewidth=1.5, foreground="white")]
    place.text(*at, text, transform=place.transAxes, ha="center", va="center", path_effects=rim, zorder=9, **style)


def _around(at: Any, side: float) -> Box:
    return at[0] - side / 2, at[1] - side / 2, at[0] + side / 2, at[1] + side / 2


def _points(sites: list[Site]) -> np.ndarray:
    return np.array([(site.lon, site.lat) for site in sites], dtype=float).reshape(-1, 2)


def _networks(sites: Any) -> dict[str, int]:
    """Number of sites of each network, most first."""
    return dict(sorted(Counter(site.network for site in sites).items(), key=lambda item: (-item[1], item[0])))


def _within(lon: float, region: Box) -> float:
    """A longitude as the region has it, from its west bound on."""
    return float(region[0] + np.mod(lon - region[0], 360.0))


def _edges(centres: np.ndarray) -> np.ndarray:
    """Edges of the cells around centres, half-way between them; a single one is a cell of the grid."""
    half = np.diff(centres) / 2 if centres.size > 1 else np.full(1, STEP / 2)
    return np.concatenate((centres[:1] - half[:1], centres[:-1] + half[: centres.size - 1], centres[-1:] + half[-1:]))
