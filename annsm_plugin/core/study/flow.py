"""The flow of data of a study as it really ran, as a figure: products, steps with the choices made in them, and what went where."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from ..reports import figures
from . import flow_layout
from .flow_records import Flow, Node, of_records

__all__ = ["Flow", "Node", "draw_flow", "of_records"]

Point = tuple[float, float]


class Look(NamedTuple):
    """How the boxes of a kind look; they differ in grey too."""

    name: str
    face: str
    edge: str
    width: float
    dashes: str
    rounding: float


LOOKS = {
    "product": Look("Input product", "#d9e6f2", "#3b6ea5", 0.8, "-", 0.11),
    "file": Look("Input file", "#f7f7f7", "#6b6b6b", 0.8, "--", 0.03),
    "step": Look("Step", "#ffffff", "#333333", 0.8, "-", 0.03),
    "result": Look("Evaluation or summary", "#c6dac2", "#2e5e36", 1.3, "-", 0.03),
}

#: Highest flow, inches, with the legend 23 cm; highest one that runs from left to right.
HIGHEST, HIGHEST_SIDEWAYS = 8.79, 4.6

#: Sizes of the titles and of the lines, points; the largest that fit are taken.
SIZES = ((8.0, 7.0), (7.5, 6.5), (7.0, 6.0))

#: Widest and narrowest box; the width up to which a box grows rather than that its lines are wrapped twice.
WIDEST, NARROWEST, EASY = 1.8, 0.72, 1.4

#: Room around a text, around the figure, for the legend; inches. Distance of lines of text in sizes of their type.
PAD, MARGIN, LEGEND, LEADING = 0.06, 0.03, 0.26, 1.24

LINE = "#4a4a4a"

#: Radius of the lines' corners, length and half width of arrow heads, inches.
CORNER, HEAD, HALF_HEAD = 0.05, 0.065, 0.03

#: Where a line may be broken: at blanks and, in long words such as file names, after some marks.
_BREAKS = re.compile(r" |(?<=\w{6}[_/-])")

Measure = Callable[[str, float, bool], float]


class Text(NamedTuple):
    """A wrapped text of a box."""

    title: list[str]
    lines: list[str]
    height: float


class Page(NamedTuple):
    """Everything in its place, inches from the upper left corner: boxes (x, y, width, height), texts, the way of each edge, and where a
    line passes under another one (the place, and whether the upper one runs along x)."""

    boxes: dict[str, tuple[float, float, float, float]]
    texts: dict[str, Text]
    ways: dict[tuple[str, str], list[Point]]
    passes: list[Point]
    sideways: bool
    sizes: tuple[float, float]
    height: float


def draw_flow(flow: Flow) -> Any:
    """The figure (matplotlib), two columns wide and at most 23 cm high: from left to right if few rows allow it, else top down.

    Boxes and their texts carry the key of their node as ``gid``. Raises ``ParameterError`` for edges of unknown
    nodes or in a circle, ``MissingLibrary`` without matplotlib.
    """
    drawing = figures.figure(figures.TWO_COLUMNS, 1.0)
    page = _page(flow, _measure(drawing.canvas.get_renderer()))
    kinds = [kind for kind in LOOKS if any(node.kind == kind for node in flow.nodes)]
    height = page.height + (LEGEND if len(kinds) > 1 else 0.0)
    figures.place_by_hand(drawing)
    drawing.set_size_inches(figures.TWO_COLUMNS, height)
    axes = drawing.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, figures.TWO_COLUMNS), ylim=(height, 0))
    axes.set_axis_off()
    _draw_lines(axes, page)
    for node in flow.nodes:
        _draw_box(axes, node, page)
    if len(kinds) > 1:
        _draw_legend(axes, kinds, height)
    return drawing


def _measure(renderer: Any) -> Measure:
    """The width of a text of a size, perhaps bold, in inches, with a little more for renderers that set it wider."""
    from matplotlib.font_manager import FontProperties

    @lru_cache(maxsize=4096)
    def measure(text: str, size: float, bold: bool) -> float:
        font = FontProperties(size=size, weight="bold" if bold else "normal")
        return 1.03 * float(renderer.get_text_width_height_descent(text, font, False)[0]) / figures.DPI

    return measure


def wrap(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """``text`` in lines of at most ``width``, broken at blanks; a word that is too wide in itself is broken where it must be."""
    lines: list[str] = []
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and measure(joined) <= width:
            lines[-1] = joined
            continue
        while measure(word) > width and len(word) > 1:
            fitting = max((n for n in range(1, len(word)) if measure(word[:n]) <= width), default=1)
            marks = [n for n in range(2, fitting + 1) if word[n - 1] in "_-/"]
            fitting = marks[-1] if marks else fitting
            lines.append(word[:fitting])
            word = word[fitting:]
        lines.append(word)
    return lines


def _text(node: Node, width: float, sizes: tuple[float, float], most: int, measure: Measure) -> Text:
    """The texts of a box of this width, and its height."""
    inside = width - 2 * PAD
    title = wrap(node.title, inside, lambda text: measure(text, sizes[0], True))
    lines = [part for line in node.lines[:most] for part in wrap(line, inside, lambda text: measure(text, sizes[1], False))]
    return Text(title, lines, 2 * PAD + LEADING * (len(title) * sizes[0] + len(lines) * sizes[1]) / 72)


def _need(node: Node, sizes: tuple[float, float], most: int, measure: Measure) -> float:
    """The least width with which the title takes two lines at most, each line two, and no short word is broken."""
    words = [(word, sizes[0], True) for word in node.title.split(" ")]
    words += [(word, sizes[1], False) for line in node.lines[:most] for word in _BREAKS.split(line)]
    width = max([NARROWEST, *(measure(*word) + 2 * PAD for word in words)])
    while width < EASY:
        parts = [wrap(node.title, width - 2 * PAD, lambda text: measure(text, sizes[0], True))]
        parts += [wrap(line, width - 2 * PAD, lambda text: measure(text, sizes[1], False)) for line in node.lines[:most]]
        if all(len(part) <= 2 for part in parts):
            break
        width += 0.04
    return min(width, figures.TWO_COLUMNS - 2 * MARGIN)


def _page(flow: Flow, measure: Measure) -> Page:
    """The first page on which everything fits: large type before small, left to right before top down, all lines before few."""
    keys, every = [node.key for node in flow.nodes], max((len(node.lines) for node in flow.nodes), default=0)
    depth = max(flow_layout.layers(keys, flow.edges).values(), default=-1) + 1
    for sizes in SIZES if depth <= 5 else ():
        page = _sideways(flow, sizes, every, measure)
        if page is not None:
            return page
    for sizes, most, tight in [*((sizes, every, False) for sizes in SIZES), *((SIZES[-1], most, True) for most in (every, 3, 2, 1))]:
        page, rows = _down(flow, sizes, most, tight, measure)
        if page.height <= HIGHEST and (rows == depth or sizes == SIZES[-1]):
            return page
    return _down(flow, SIZES[-1], 0, True, measure)[0]


def _down(flow: Flow, sizes: tuple[float, float], most: int, tight: bool, measure: Measure) -> tuple[Page, int]:
    """The page from top to bottom, with lines in boxes up to ``most``, and how many rows it has."""
    nodes = {node.key: node for node in flow.nodes}
    room = figures.TWO_COLUMNS - 2 * MARGIN
    needs = {key: _need(node, sizes, most, measure) for key, node in nodes.items()}
    layout = flow_layout.arrange(list(nodes), flow.edges, needs, room)
    widths: dict[str, float] = {}
    for items in layout.rows:
        boxes = [item.key for item in items if item.box]
        left, wide = room - flow_layout.separations(items), WIDEST
        while wide > NARROWEST and sum(max(needs[key], wide) for key in boxes) > left:
            wide -= 0.02
        widths.update({key: max(needs[key], wide) for key in boxes})
    texts = {key: _text(node, widths[key], sizes, most, measure) for key, node in nodes.items()}
    deep = [max((texts[item.key].height for item in items if item.box), default=0.0) for items in layout.rows]
    return _fill(layout, widths, texts, deep, room, tight, False, sizes), len(layout.rows)


def _sideways(flow: Flow, sizes: tuple[float, float], most: int, measure: Measure) -> Page | None:
    """The page from left to right, None if it does not fit."""
    nodes = {node.key: node for node in flow.nodes}
    layout = flow_layout.arrange(list(nodes), flow.edges, dict.fromkeys(nodes, 0.0), HIGHEST)
    count = len(layout.rows)
    width = min(WIDEST, (figures.TWO_COLUMNS - 2 * MARGIN - 0.42 * (count - 1)) / max(count, 1))
    if any(_need(node, sizes, most, measure) > width for node in flow.nodes):
        return None
    texts = {key: _text(node, width, sizes, most, measure) for key, node in nodes.items()}
    heights = {key: text.height for key, text in texts.items()}
    room = max((sum(heights[i.key] for i in row if i.box) + flow_layout.separations(row) for row in layout.rows), default=0.0)
    page = _fill(layout, heights, texts, [width] * count, room, False, True, sizes)
    right = max((x + wide for x, _, wide, _ in page.boxes.values()), default=0.0)
    return page if page.height <= HIGHEST_SIDEWAYS and right <= figures.TWO_COLUMNS - MARGIN else None


def _fill(
    layout: flow_layout.Layout,
    spans: dict[str, float],
    texts: dict[str, Text],
    deep: list[float],
    room: float,
    tight: bool,
    sideways: bool,
    sizes: tuple[float, float],
) -> Page:
    """Places and ways: ``spans`` of the boxes across, depths of the rows."""
    flow_layout.place(layout, spans, room)
    gaps = flow_layout.route(layout, spans)
    tops = [0.0]
    for depth, gap in zip(deep, gaps):
        tops.append(tops[-1] + depth + gap.depth(tight))
    total = tops[len(deep) - 1] + deep[-1] if deep else 0.0
    start = (figures.TWO_COLUMNS - total) / 2 if sideways else MARGIN

    def at(across: float, along: float) -> Point:
        return (along + start, across + MARGIN) if sideways else (across + MARGIN, along + start)

    boxes, ways = {}, {}
    for item in (item for items in layout.rows for item in items if item.box):
        corner = at(layout.across[item] - spans[item.key] / 2, tops[item.row])
        boxes[item.key] = (*corner, *((deep[item.row], spans[item.key]) if sideways else (spans[item.key], deep[item.row])))
    for edge, chain in layout.chains.items():
        ways[edge] = [at(*point) for point in _way(chain, gaps, tops, deep)]
    passes = [
        at(where, tops[number] + deep[number] + flow_layout.LEAVE + flow_layout.TRACK * net.rank)
        for number, gap in enumerate(gaps)
        for net, where in gap.crossings
    ]
    height = max(0.3, (room if sideways else total) + 2 * MARGIN)
    return Page(boxes, texts, ways, passes, sideways, sizes, height)


def _way(chain: list[flow_layout.Item], gaps: list[flow_layout.Gap], tops: list[float], deep: list[float]) -> Iterator[Point]:
    """The corners of an edge (across, along) through the rows that it passes."""
    for above, below in zip(chain, chain[1:]):
        gap, leave, arrive = gaps[above.row], tops[above.row] + deep[above.row], tops[below.row]
        if (above, below) in gap.straight:
            where = gap.straight[above, below]
            yield from ((where, leave), (where, arrive))
            continue
        net = next(net for net in gap.nets if net.target == below and above in net.sources)
        track = leave + flow_layout.LEAVE + flow_layout.TRACK * net.rank
        where = net.sources[above]
        yield from ((where, leave), (where, track), (net.port, track), (net.port, arrive))


def _corners(points: Sequence[Point]) -> list[Point]:
    """The points at which a way turns, and its ends."""
    kept: list[Point] = []
    for point in points:
        if kept and abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) < 1e-6:
            continue
        if len(kept) > 1 and any(abs(kept[-2][n] - kept[-1][n]) < 1e-6 and abs(kept[-1][n] - point[n]) < 1e-6 for n in (0, 1)):
            kept.pop()
        kept.append(point)
    return kept


def _strokes(ways: Iterable[Sequence[Point]]) -> tuple[list[tuple[Point, Point]], list[tuple[Point, Point, Point]]]:
    """What is drawn of all ways together, each piece once: the straight pieces (both ends) and the round corners (end, corner, end)."""
    runs: dict[tuple[int, float], list[tuple[float, float]]] = {}
    bends: dict[tuple[Point, Point, Point], None] = {}
    for way in ways:
        corners = _corners(way)
        begin = corners[0]
        for before, corner, after in zip(corners, corners[1:], [*corners[2:], None]):
            end = corner
            if after is not None:
                radius = min(CORNER, math.dist(before, corner) / 2, math.dist(corner, after) / 2)
                end, following = _towards(corner, before, radius), _towards(corner, after, radius)
                bends[end, corner, following] = None
            side = 0 if abs(begin[0] - end[0]) < abs(begin[1] - end[1]) else 1  # the coordinate that stays
            low, high = sorted((begin[1 - side], end[1 - side]))
            runs.setdefault((side, round(end[side], 4)), []).append((low, high))
            begin = following if after is not None else end
    pieces: list[tuple[Point, Point]] = []
    for (side, fixed), spans in runs.items():
        joined: list[tuple[float, float]] = []
        for low, high in sorted(spans):
            if joined and low <= joined[-1][1] + 1e-4:
                joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
            else:
                joined.append((low, high))
        pieces += [((fixed, low), (fixed, high)) if side == 0 else ((low, fixed), (high, fixed)) for low, high in joined]
    return pieces, list(bends)


def _towards(point: Point, other: Point, length: float) -> Point:
    """The point at this distance from ``point`` on the way to ``other``."""
    part = length / math.dist(point, other)
    return round(point[0] + part * (other[0] - point[0]), 4), round(point[1] + part * (other[1] - point[1]), 4)


def _draw_lines(axes: Any, page: Page) -> None:
    """The edges, one head at each place where lines arrive; a line that passes under another is interrupted there."""
    from matplotlib.patches import PathPatch, Polygon
    from matplotlib.path import Path

    if not page.ways:
        return
    along = (1.0, 0.0) if page.sideways else (0.0, 1.0)
    tips = dict.fromkeys((round(way[-1][0], 4), round(way[-1][1], 4)) for way in page.ways.values())
    ways = [[*way[:-1], (way[-1][0] - 0.7 * HEAD * along[0], way[-1][1] - 0.7 * HEAD * along[1])] for way in page.ways.values()]
    pieces, bends = _strokes(ways)
    codes = [1, 2] * len(pieces) + [1, 3, 3] * len(bends)
    vertices = [point for piece in (*pieces, *bends) for point in piece]
    lines = PathPatch(Path(vertices, codes), facecolor="none", edgecolor=LINE, linewidth=0.8, capstyle="butt", zorder=2)
    lines.set_gid("lines")
    axes.add_patch(lines)
    for tip in tips:
        base = (tip[0] - HEAD * along[0], tip[1] - HEAD * along[1])
        sides = [(base[0] + sign * HALF_HEAD * along[1], base[1] + sign * HALF_HEAD * along[0]) for sign in (1, -1)]
        axes.add_patch(Polygon([tip, *sides], facecolor=LINE, edgecolor="none", zorder=5))
    for x, y in page.passes:
        under, over = (along[0] * 0.028, along[1] * 0.028), (along[1] * 0.045, along[0] * 0.045)
        axes.plot([x - under[0], x + under[0]], [y - under[1], y + under[1]], color="white", linewidth=2.4, solid_capstyle="butt", zorder=3)
        axes.plot([x - over[0], x + over[0]], [y - over[1], y + over[1]], color=LINE, linewidth=0.8, solid_capstyle="butt", zorder=4)


def _patch(x: float, y: float, width: float, height: float, look: Look) -> Any:
    from matplotlib.patches import FancyBboxPatch

    style = f"round,pad=0,rounding_size={min(look.rounding, height / 2)}"
    colours = {"facecolor": look.face, "edgecolor": look.edge, "linewidth": look.width, "linestyle": look.dashes}
    return FancyBboxPatch((x, y), width, height, boxstyle=style, zorder=6, **colours)


def mark(key: str) -> str:
    """What a node's box and words are called in the drawing: an SVG that goes to others names no folder of this computer."""
    return re.sub(r":.*[/\\]", ":", key)


def _draw_box(axes: Any, node: Node, page: Page) -> None:
    x, y, width, height = page.boxes[node.key]
    patch = _patch(x, y, width, height, LOOKS.get(node.kind, LOOKS["step"]))
    patch.set_gid(mark(node.key))
    axes.add_patch(patch)
    text = page.texts[node.key]
    below = y + (height - text.height) / 2 + PAD
    for line, size, bold in [*((t, page.sizes[0], True) for t in text.title), *((t, page.sizes[1], False) for t in text.lines)]:
        style = {"fontsize": size, "fontweight": "bold" if bold else "normal", "color": "#111111" if bold else "#333333"}
        base = below + 0.95 * size / 72
        axes.text(x + width / 2, base, line, ha="center", va="baseline", parse_math=False, gid=mark(node.key), zorder=7, **style)
        below += LEADING * size / 72


def _draw_legend(axes: Any, kinds: Sequence[str], height: float) -> None:
    """Which look is which kind, at the foot of the figure."""
    measure = _measure(axes.figure.canvas.get_renderer())
    widths = [0.3 + measure(LOOKS[kind].name, 6.5, False) + 0.2 for kind in kinds]
    x, y = (figures.TWO_COLUMNS - sum(widths) + 0.2) / 2, height - MARGIN - 0.13
    for kind, width in zip(kinds, widths):
        axes.add_patch(_patch(x, y, 0.24, 0.12, LOOKS[kind]))
        axes.text(x + 0.3, y + 0.065, LOOKS[kind].name, fontsize=6.5, va="center", color="#333333")
        x += width
