"""Where everything stands in the figure of the study area: the map, its legend, and the insets of the places where sites crowd.

Arithmetic only, in inches and points (1/72 inch), before anything is drawn: so nothing overlaps by chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from ..foundation.grid import STEP
from .figures import TWO_COLUMNS

#: Diameter of a symbol and the distance below which two of them overlap, points.
SYMBOL, CROWDED = 4.2, 4.6

MOST_INSETS = 6

#: Least enlargement that is worth an inset, and the least side of its frame on the map, points.
LEAST_ZOOM, LEAST_FRAME = 1.5, 9.0

#: Inches: the panel of an inset, and the place that it takes with its labels.
PANEL, SLOT = (1.87, 1.56), (2.27, 2.02)

#: Inches: what the map has to its left, above, below and to its right (the colour bar); its most height, its colour bar's least.
LEFT, TOP, BELOW, BAR = 0.27, 0.24, 0.22, 0.8
HIGHEST, LEAST_BAR = 4.1, 1.4

#: Maps narrower than this (width over height) have legend and insets beside them, those narrower than ``SLIM`` in two columns.
BESIDE, SLIM = 1.1, 0.4

#: Sizes of type, points: the least one and that of most texts; height of a line of the legend, width of its symbol and between columns.
SMALL, TYPE = 6.0, 6.5
LINE, SIGN, BETWEEN = 10.0, 11.1, 7.8

#: Mean radius of the earth, km.
RADIUS = 6371.0088

_STEPS = (0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30, 45, 60, 90)

#: West, south, east, north in degrees, or left, bottom, right, top in points.
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Inset:
    """A part of the map that is enlarged: ``extent`` in degrees, ``frame`` on the map in points, how many pairs of symbols overlap."""

    extent: Box
    frame: Box
    crowd: int


@dataclass(frozen=True)
class Page:
    """Inches from the top left corner: the map (left, top, width, height), the panels of the insets, the legend and its columns."""

    map: Box
    insets: list[Inset]
    panels: list[tuple[float, float]]
    legend: tuple[float, float]
    columns: int
    height: float


def lay_out(region: Box, points: np.ndarray, labels: list[str]) -> Page:
    """Find the places: the map as large as the page lets it, legend (of ``labels``) and insets beside a narrow map, else below it.

    region: west, south, east, north; points: (n, 2) longitudes and latitudes of the sites, all in the region.
    """
    ratio = (region[2] - region[0]) * squeeze(region) / (region[3] - region[1])
    room = TWO_COLUMNS - LEFT - BAR
    if ratio >= BESIDE:
        width = min(room, HIGHEST * ratio)
        insets = find_insets(region, points, (72 * width, 72 * width / ratio))
        return _below(width, width / ratio, insets, labels)
    width = min(room - SLOT[0] * (2 if ratio < SLIM else 1), 1.15 * HIGHEST * ratio)
    insets = find_insets(region, points, (72 * width, 72 * width / ratio))
    if not insets:
        width = min(room - _legend_width(labels, 1) - 0.1, 1.15 * HIGHEST * ratio)
    return _beside(width, width / ratio, insets, labels)


def _below(width: float, height: float, insets: list[Inset], labels: list[str]) -> Page:
    """Rows of three insets below the map, the legend where their last row leaves room for it, else between map and insets."""
    left = LEFT if insets else LEFT + (TWO_COLUMNS - LEFT - BAR - width) / 2
    bottom = TOP + max(height + BELOW, LEAST_BAR)
    rows = -(-len(insets) // 3)
    start = TWO_COLUMNS - (3 * rows - len(insets)) * SLOT[0] + 0.24
    columns = _columns(labels, TWO_COLUMNS - start)
    if columns and _legend_height(labels, columns) <= PANEL[1]:
        legend = (start, bottom + (rows - 1) * SLOT[1] + 0.25)
    else:
        columns = max(1, _columns(labels, TWO_COLUMNS - LEFT))
        legend = (min(left, max(LEFT, TWO_COLUMNS - _legend_width(labels, columns))), bottom + 0.06)
        bottom += _legend_height(labels, columns) + 0.1 if labels else 0.0
    panels = _grid(0.0, bottom + 0.05, 3, len(insets))
    return Page((left, TOP, width, height), insets, panels, legend, columns, bottom + 0.05 + rows * SLOT[1])


def _beside(width: float, height: float, insets: list[Inset], labels: list[str]) -> Page:
    """The legend and as many insets as the map is high to the right of it, the others below in rows of three."""
    bottom = TOP + max(height + BELOW, LEAST_BAR)
    start = LEFT + width + BAR
    columns = max(1, min(_columns(labels, TWO_COLUMNS - start), int(np.ceil(_legend_height(labels, 1) / height))))
    top = TOP + _legend_height(labels, columns) + 0.05
    across = max(1, int((TWO_COLUMNS - start + 0.01) / SLOT[0]))
    most = min(len(insets), across * max(0, int((bottom - top + 0.35) / SLOT[1])))
    beside = max((n for n in range(most + 1) if (len(insets) - n) % 3 == 0), default=most)  # full rows below
    panels = _grid(TWO_COLUMNS - across * SLOT[0], top, across, beside)
    bottom = max(bottom, top + (-(-beside // across) * SLOT[1] if beside else 0.0))
    rest = len(insets) - beside
    aligned = TWO_COLUMNS - across * SLOT[0] + LEFT
    if beside and start <= aligned <= TWO_COLUMNS - _legend_width(labels, columns):
        start = aligned
    panels += _grid(0.0, bottom + 0.05, 3, rest)
    shift = 0.0 if insets else max(0.0, (TWO_COLUMNS - start - _legend_width(labels, columns)) / 2)
    return Page((LEFT + shift, TOP, width, height), insets, panels, (start + shift, TOP), columns, bottom + 0.05 + -(-rest // 3) * SLOT[1])


def _grid(left: float, top: float, across: int, count: int) -> list[tuple[float, float]]:
    """Left and top of the panels of ``count`` insets in rows of ``across``."""
    return [(left + (i % across) * SLOT[0] + LEFT, top + (i // across) * SLOT[1] + TOP) for i in range(count)]


def _columns(labels: list[str], room: float) -> int:
    """The most columns of a legend that fit into so many inches, 0 if none does."""
    return max((n for n in range(len(labels) + 1) if n == 0 or _legend_width(labels, n) <= room), default=0)


def _legend_width(labels: list[str], columns: int) -> float:
    widest = max((text_width(label, TYPE) for label in labels), default=0.0)
    return (columns * (SIGN + widest) + (columns - 1) * BETWEEN + 2) / 72


def _legend_height(labels: list[str], columns: int) -> float:
    return (-(-len(labels) // max(1, columns)) * LINE + 2) / 72


def find_insets(region: Box, points: np.ndarray, size: tuple[float, float]) -> list[Inset]:
    """Where sites crowd on a map of ``size`` (width, height) in points: the groups where most of them overlap, from west to east."""
    found = [(group, _inset(region, points[group], size)) for group in _groups(region, points, size)]
    while True:
        pair = next(((i, j) for i in range(len(found)) for j in range(i) if overlap(found[i][1].frame, found[j][1].frame)), None)
        if pair is None:
            break
        one, other = found.pop(pair[0]), found.pop(pair[1])
        both = np.concatenate((one[0], other[0]))
        joined = _inset(region, points[both], size)
        found.append((both, joined) if _worth(joined, region, size) else max(other, one, key=lambda each: each[1].crowd))
    chosen = sorted((inset for _, inset in found), key=lambda inset: -inset.crowd)[:MOST_INSETS]
    return sorted(chosen, key=lambda inset: (inset.extent[0], -inset.extent[3]))


def _groups(region: Box, points: np.ndarray, size: tuple[float, float]) -> list[np.ndarray]:
    """Indices of the sites of each group by single linkage; a group too wide for an inset is taken apart at a smaller distance."""
    from scipy.sparse.csgraph import connected_components

    todo, found = [(np.arange(len(points)), CROWDED)] if len(points) else [], []
    while todo:
        part, distance = todo.pop()
        _, names = connected_components(_apart(region, points[part], size) < distance, directed=False)
        for group in (part[names == name] for name in np.unique(names)):
            if group.size > 1 and _worth(_inset(region, points[group], size), region, size):
                found.append(group)
            elif group.size > 1 and distance > 0.5:
                todo.append((group, 0.75 * distance))
    return sorted(found, key=lambda group: (-group.size, int(group[0])))


def _inset(region: Box, points: np.ndarray, size: tuple[float, float]) -> Inset:
    """The whole cells that hold ``points``, with a margin for the symbols, in the shape of a panel and inside the region if it can be."""
    low, high = np.floor(points.min(axis=0) / STEP) * STEP, np.ceil(points.max(axis=0) / STEP) * STEP
    high = np.maximum(high, low + STEP)
    middle, span = (low + high) / 2, (high - low) * 1.08
    shape = PANEL[0] / PANEL[1] / squeeze((0.0, low[1], 0.0, high[1]))  # degrees of longitude over degrees of latitude in a panel
    span = np.array((max(span[0], span[1] * shape), max(span[1], span[0] / shape)))
    west_south, east_north = np.array(region[:2]) + span / 2, np.array(region[2:]) - span / 2
    middle = np.where(west_south <= east_north, np.clip(middle, west_south, np.maximum(west_south, east_north)), middle)
    corners = np.array((middle - span / 2, middle + span / 2))
    frame = on_page(corners, region, size)
    grown = np.maximum(0.0, LEAST_FRAME - (frame[1] - frame[0])) / 2
    frame += (-grown, grown)
    return Inset(_box(corners), _box(frame), int(np.triu(_apart(region, points, size) < CROWDED, 1).sum()))


def _apart(region: Box, points: np.ndarray, size: tuple[float, float]) -> np.ndarray:
    """(n, n) distances on the page in points."""
    at = on_page(points, region, size)
    return np.hypot(*(at[:, None] - at).transpose(2, 0, 1))


def _box(corners: np.ndarray) -> Box:
    (left, bottom), (right, top) = corners.tolist()
    return left, bottom, right, top


def _worth(inset: Inset, region: Box, size: tuple[float, float]) -> bool:
    """Whether a panel enlarges the inset enough."""
    return 72 * PANEL[0] / (inset.extent[2] - inset.extent[0]) >= LEAST_ZOOM * size[0] / (region[2] - region[0])


def squeeze(region: Box) -> float:
    """Width of a degree of longitude over one of latitude, in the middle of the region."""
    return max(0.1, float(np.cos(np.radians((region[1] + region[3]) / 2))))


def on_page(points: np.ndarray, extent: Box, size: tuple[float, float]) -> np.ndarray:
    """(n, 2) degrees east and north as points from the lower left corner of a map of ``size`` that shows ``extent``."""
    west, south, east, north = extent
    return (np.asarray(points, dtype=float).reshape(-1, 2) - (west, south)) * (size[0] / (east - west), size[1] / (north - south))


def overlap(a: Box, b: Box) -> bool:
    """Whether two boxes have anything in common."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def free(width: float, height: float, around: Box, taken: list[Box], size: tuple[float, float]) -> Box | None:
    """A box of this width and height beside ``around``, off all ``taken`` and inside a map of ``size``; None if there is none."""
    x, y = (around[0] + around[2] - width) / 2, (around[1] + around[3] - height) / 2
    east, west, north, south = around[2] + 0.8, around[0] - 0.8 - width, around[3] + 0.8, around[1] - 0.8 - height
    for left, bottom in ((east, y), (west, y), (x, north), (x, south), (east, north), (west, north), (east, south), (west, south)):
        box = (left, bottom, left + width, bottom + height)
        within = left > 1 and bottom > 1 and box[2] < size[0] - 1 and box[3] < size[1] - 1
        if within and not any(overlap(box, other) for other in taken):
            return box
    return None


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Width of a line of text in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    outline = TextPath((0, 0), text, prop=FontProperties(size=size, weight=weight)).vertices
    return float(outline[:, 0].max()) if len(outline) else 0.0


def degrees(value: float, axis: str) -> str:
    """A longitude (``axis`` x; beyond 180 it is west) or latitude (y) in words: 105°E, 31.5°N, 180°, 0°."""
    if axis == "x":
        value = (value + 180) % 360 - 180
    value = round(value, 4)
    letter = "" if value in (0, -180) else ("WE" if axis == "x" else "SN")[value > 0]
    return f"{abs(value):g}°{letter}"


def ticks(low: float, high: float, length: float, size: float, axis: str) -> tuple[list[float], list[str]]:
    """Round degrees between ``low`` and ``high``, ``length`` points apart, and their labels; none so near an end that it sticks out."""
    found: list[tuple[float, str]] = []
    for apart in (1.5, 1.2, 1.0):  # closer to each other only where there would be fewer than two
        for step in _STEPS:
            if step / (high - low) * length < 4.5 * size:
                continue
            values = np.round(np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step, 6).tolist()
            labels = [degrees(value, axis) for value in values]
            room = max((text_width(label, size) for label in labels), default=0.0) + 3
            if step / (high - low) * length >= apart * room:
                break
        edge = room / 2 * (high - low) / length
        found = [(value, label) for value, label in zip(values, labels) if low + edge <= value <= high - edge]
        if len(found) > 1:
            break
    for step in reversed(_STEPS) if not found else ():  # a very flat map has room for one
        value = round(round((low + high) / 2 / step) * step, 6)
        edge = text_width(degrees(value, axis), size) / 2 * (high - low) / length
        if low + edge <= value <= high - edge:
            found = [(value, degrees(value, axis))]
            break
    return [value for value, _ in found], [label for _, label in found]


def scale_length(extent: Box, width: float) -> tuple[float, float, float]:
    """The scale bar of a map of ``width`` points: round km, their great-circle length in degrees of longitude, at which latitude."""
    lat = round((extent[1] + extent[3]) / 2, 1)
    narrow = max(float(np.cos(np.radians(lat))), 0.01)
    most = np.radians(extent[2] - extent[0]) * RADIUS * narrow * min(0.25, 90 / width)
    power: Any = 10.0 ** np.floor(np.log10(most))
    km = float(power * max(n for n in (1, 2, 5) if n * power <= most * (1 + 1e-9)))
    return km, float(2 * np.degrees(np.arcsin(min(1.0, np.sin(km / RADIUS / 2) / narrow)))), lat
