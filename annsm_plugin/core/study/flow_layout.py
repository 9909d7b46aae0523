"""Layered layout of a directed graph: rows, order, positions and right-angled routes of its edges. Numbers alone, nothing is drawn.

After Sugiyama, Tagawa and Toda (1981): rows by the longest path, order by barycentres, long edges led between the boxes of the rows that
they pass. What one node sends down runs as one line that branches, what a node receives meets on one track above it: a vertical belongs
to one source, a horizontal to one target. Lengths are inches; "across" runs along a row, "along" from row to row.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

from ..foundation.errors import ParameterError

Edge = tuple[str, str]

#: Least room between two boxes of a row, between a box and a line that passes it, between two lines that pass a row, and between ports.
BOXES, PASSING, LINES, PORTS = 0.13, 0.12, 0.1, 0.16

#: By how much a line may come nearer to its neighbours if it is straight then.
SLACK = 0.03

#: Room from a box to the first track below it, between tracks, and from the last track to the box below: an arrow's head stands there.
LEAVE, TRACK, ARRIVE = 0.085, 0.085, 0.17


class Item(NamedTuple):
    """A place in a row: the box of ``key`` or, in the rows below its own, the line that comes from it."""

    key: str
    row: int
    box: bool


@dataclass
class Layout:
    """Items of each row in order, the pieces of line between rows that follow each other, and the items that each edge passes."""

    rows: list[list[Item]]
    links: list[list[tuple[Item, Item]]]
    chains: dict[Edge, list[Item]]
    across: dict[Item, float] = field(default_factory=dict)


@dataclass
class Net:
    """What arrives at ``target`` on one track: sources with the places where they leave their boxes."""

    target: Item
    port: float
    sources: dict[Item, float]
    rank: int = 0

    def span(self) -> tuple[float, float]:
        """Ends of the horizontal."""
        places = [self.port, *self.sources.values()]
        return min(places), max(places)


@dataclass
class Gap:
    """The routes between two rows: places of straight lines, nets, how many tracks they take, and where lines cross (net, place)."""

    straight: dict[tuple[Item, Item], float]
    nets: list[Net]
    tracks: int = 0
    crossings: list[tuple[Net, float]] = field(default_factory=list)

    def depth(self, tight: bool = False) -> float:
        """Room from row to row."""
        return LEAVE + TRACK * (self.tracks - 1) + ARRIVE if self.tracks else (0.11 if tight else 0.2)


def layers(keys: Sequence[str], edges: Iterable[Edge]) -> dict[str, int]:
    """Row of each node by the longest path to it; what nothing leads to stands right above the first that takes it.

    Raises ``ParameterError`` for an edge of unknown nodes and for a circle.
    """
    edges = list(edges)
    unknown = {key for edge in edges for key in edge} - set(keys)
    if unknown:
        raise ParameterError(f"Edges name '{sorted(unknown)[0]}', which is no node of the flow.")
    row = dict.fromkeys(keys, 0)
    for _ in range(len(row) + 1):
        changed = False
        for above, below in edges:
            if row[below] <= row[above]:
                row[below], changed = row[above] + 1, True
        if not changed:
            break
    else:
        raise ParameterError("The edges of the flow run in a circle; expected a flow from sources to results.")
    taken = {below for _, below in edges}
    for key in keys:
        following = [row[below] for above, below in edges if above == key]
        if key not in taken and following:
            row[key] = min(following) - 1
    return row


def arrange(keys: Sequence[str], edges: Sequence[Edge], needs: dict[str, float], room: float) -> Layout:
    """Rows in an order with few crossings; a row whose boxes need more than ``room`` is broken into several, like bricks."""
    row = layers(keys, edges)
    while True:
        layout = _ordered(keys, edges, row)
        for number, items in enumerate(layout.rows):
            boxes = [item.key for item in items if item.box]
            wanted = sum(needs[key] for key in boxes) + separations(items)
            if len(boxes) > 1 and wanted > room:
                parts = min(len(boxes), max(2, math.ceil(wanted / room)))
                down = {key: parts - 1 for key, below in row.items() if below > number}
                down.update({key: n % parts for n, key in enumerate(boxes)})
                row = {key: below + down.get(key, 0) for key, below in row.items()}
                break
        else:
            return layout


def _ordered(keys: Sequence[str], edges: Sequence[Edge], row: dict[str, int]) -> Layout:
    """The items and their links, in the best order that sweeps of barycentres and swaps of neighbours find."""
    count = max(row.values(), default=-1) + 1
    rows: list[list[Item]] = [[] for _ in range(count)]
    links: list[list[tuple[Item, Item]]] = [[] for _ in range(count)]
    chains: dict[Edge, list[Item]] = {}
    for key in keys:
        rows[row[key]].append(Item(key, row[key], True))
        last = max((row[below] for above, below in edges if above == key), default=row[key])
        line = [Item(key, row[key], True), *(Item(key, place, False) for place in range(row[key] + 1, last))]
        for above, below in zip(line, line[1:]):
            rows[below.row].append(below)
            links[above.row].append((above, below))
        for _, target in (edge for edge in edges if edge[0] == key):
            end = Item(target, row[target], True)
            chains[key, target] = [*line[: row[target] - row[key]], end]
            links[row[target] - 1].append((chains[key, target][-2], end))
    layout = Layout(rows, links, chains)
    best, fewest = [list(items) for items in rows], _crossings(layout)
    for sweep in range(24):
        for number in range(1, count) if sweep % 2 == 0 else range(count - 2, -1, -1):
            _sort(layout, number, number - 1 if sweep % 2 == 0 else number + 1)
        _swap(layout)
        if _crossings(layout) < fewest:
            best, fewest = [list(items) for items in layout.rows], _crossings(layout)
    layout.rows = best
    return layout


def _sort(layout: Layout, number: int, beside: int) -> None:
    """Sort a row by the mean place of what its items are linked to in the row ``beside``; items without a link keep their places."""
    place = {item: n for n, item in enumerate(layout.rows[beside])}
    linked: dict[Item, list[int]] = {item: [] for item in layout.rows[number]}
    for above, below in layout.links[min(number, beside)]:
        mine, other = (below, above) if beside < number else (above, below)
        linked[mine].append(place[other])
    size = max(1, len(layout.rows[beside])) / max(1, len(layout.rows[number]))
    means = {item: sum(found) / len(found) if found else n * size for n, (item, found) in enumerate(linked.items())}
    layout.rows[number].sort(key=lambda item: means[item])


def _swap(layout: Layout) -> None:
    """Swap neighbours as long as that spares crossings."""
    better = True
    while better:
        better = False
        for items in layout.rows:
            for n in range(len(items) - 1):
                before = _crossings(layout, items[n].row)
                items[n], items[n + 1] = items[n + 1], items[n]
                if _crossings(layout, items[n].row) < before:
                    better = True
                else:
                    items[n], items[n + 1] = items[n + 1], items[n]


def _crossings(layout: Layout, row: int | None = None) -> int:
    """Pairs of links that cross, of the whole or above and below one row."""
    found = 0
    for number in range(len(layout.links) - 1) if row is None else (row - 1, row):
        if 0 <= number < len(layout.rows) - 1:
            above = {item: n for n, item in enumerate(layout.rows[number])}
            below = {item: n for n, item in enumerate(layout.rows[number + 1])}
            ends = [(above[a], below[b]) for a, b in layout.links[number]]
            found += sum((a - c) * (b - d) < 0 for (a, b), (c, d) in combinations(ends, 2))
    return found


def separation(left: Item, right: Item) -> float:
    """Least room between two neighbours."""
    return BOXES if left.box and right.box else PASSING if left.box or right.box else LINES


def separations(items: Sequence[Item]) -> float:
    """Least room between all neighbours of a row together."""
    return sum(separation(a, b) for a, b in zip(items, items[1:]))


def place(layout: Layout, sizes: dict[str, float], room: float) -> None:
    """Give every item its middle across, ``layout.across``, so that links are as straight as the boxes' ``sizes`` allow."""
    size = {item: sizes[item.key] if item.box else 0.0 for items in layout.rows for item in items}
    linked: dict[Item, list[tuple[Item, float]]] = {item: [] for item in size}
    for above, below in (link for links in layout.links for link in links):
        weight = 4.0 if above.box and below.box else 1.0 if above.box or below.box else 8.0
        linked[above].append((below, weight))
        linked[below].append((above, weight))
    across = layout.across
    for items in layout.rows:
        start = (room - sum(size[item] for item in items) - separations(items)) / 2
        for n, item in enumerate(items):
            across[item] = start + sum(size[other] for other in items[:n]) + separations(items[: n + 1]) + size[item] / 2
    for sweep in range(60):
        for items in layout.rows if sweep % 2 == 0 else layout.rows[::-1]:
            wanted, weights = [], []
            for item in items:
                pulls = [(across[other], weight) for other, weight in linked[item]] + [(room / 2, 0.02)]
                weights.append(sum(weight for _, weight in pulls))
                wanted.append(sum(where * weight for where, weight in pulls) / weights[-1])
            for item, where in zip(items, _apart(items, wanted, weights, size, room)):
                across[item] = where
    _straighten(layout, size)


def _apart(items: Sequence[Item], wanted: Sequence[float], weights: Sequence[float], size: dict[Item, float], room: float) -> list[float]:
    """The places nearest to the ``wanted`` ones (least squares) that keep order and separations: isotonic regression by pooling."""
    offsets = [0.0]
    for left, right in zip(items, items[1:]):
        offsets.append(offsets[-1] + (size[left] + size[right]) / 2 + separation(left, right))
    pools: list[list[float]] = []  # mean, weight, members
    for where, offset, weight in zip(wanted, offsets, weights):
        pools.append([where - offset, weight, 1])
        while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
            mean, heavy, members = pools.pop()
            pools[-1][0] = (pools[-1][0] * pools[-1][1] + mean * heavy) / (pools[-1][1] + heavy)
            pools[-1][1] += heavy
            pools[-1][2] += members
    low, high = size[items[0]] / 2, room - size[items[-1]] / 2 - offsets[-1]
    means = [min(max(pool[0], low), max(low, high)) for pool in pools for _ in range(int(pool[2]))]
    return [mean + offset for mean, offset in zip(means, offsets)]


def _straighten(layout: Layout, size: dict[Item, float]) -> None:
    """Move lines that pass rows under the piece above and then over the piece below where their neighbours leave room."""
    across = layout.across
    beside: dict[Item, tuple[Item | None, Item | None]] = {}
    for items in layout.rows:
        beside.update({item: (left, right) for left, item, right in zip([None, *items], items, [*items[1:], None])})
    for down in (True, False, True):
        for links in layout.links if down else layout.links[::-1]:
            for pair in (link for link in links if link[0].key == link[1].key):
                item, other = pair[::-1] if down else pair
                half, (left, right) = max(0.0, size[other] / 2 - 0.1), beside[item]
                goal = min(max(across[item], across[other] - half), across[other] + half)
                least = across[left] + size[left] / 2 + separation(left, item) if left else goal
                most = across[right] - size[right] / 2 - separation(item, right) if right else goal
                if not item.box and least - SLACK <= goal <= most + SLACK:
                    across[item] = goal


def route(layout: Layout, sizes: dict[str, float]) -> list[Gap]:
    """The lines between each two rows, with few crossings and no two sources' lines on each other."""
    return [_gap(layout, links, sizes) for links in layout.links[:-1]]


def _range(item: Item, across: dict[Item, float], sizes: dict[str, float]) -> tuple[float, float]:
    """Where lines may leave or reach an item."""
    half = max(0.0, sizes[item.key] / 2 - 0.1) if item.box else 0.0
    return across[item] - half, across[item] + half


def _gap(layout: Layout, links: Sequence[tuple[Item, Item]], sizes: dict[str, float]) -> Gap:
    across = layout.across
    gap = Gap({}, [])
    for target in dict.fromkeys(below for _, below in links):
        low, high = _range(target, across, sizes)
        sources, found = [above for above, below in links if below == target], {}
        for source in sources:
            least, most = _range(source, across, sizes)
            least, most = max(least, low), min(most, high)
            if least <= most + 1e-9:
                inside = [where for where in (across[source], across[target]) if least - 1e-9 <= where <= most + 1e-9]
                found[source] = inside[0] if inside else (least + most) / 2
        kept: dict[Item, float] = {}
        for source in sorted(found, key=lambda item: abs(found[item] - across[target])):
            if all(abs(found[source] - where) >= PORTS for where in kept.values()):
                kept[source] = found[source]
        rest = {source: across[source] for source in sources if source not in kept}
        if rest:
            port = min(kept.values(), key=lambda where: abs(where - across[target]), default=across[target])
            net = Net(target, port if abs(port - across[target]) < PORTS else across[target], rest)
            for source in sorted(kept, key=lambda item: abs(kept[item] - net.port)):
                if net.span()[0] - PORTS < kept[source] < net.span()[1] + PORTS:
                    net.sources[source] = kept.pop(source)
            gap.nets.append(net)
        gap.straight.update({(source, target): where for source, where in kept.items()})
    for net in gap.nets:  # what also runs straight down from a box leaves it there, if that is near
        for source in net.sources:
            near = [where for (above, _), where in gap.straight.items() if above == source and abs(where - across[source]) < PORTS]
            if near and net.sources[source] == across[source]:
                net.sources[source] = near[0]
    _rank(gap, {net.target: _range(net.target, across, sizes) for net in gap.nets})
    return gap


def _rank(gap: Gap, ranges: dict[Item, tuple[float, float]]) -> None:
    """Order the tracks of a gap and, where two lines would lie on each other, move the ports of boxes."""
    _climb(gap)
    for net in gap.nets:
        if _cost(gap) < _OVER:
            break
        middle, best = net.port, (_cost(gap), net.port)
        for shift in (PORTS, -PORTS, 2 * PORTS, -2 * PORTS):
            if ranges[net.target][0] <= middle + shift <= ranges[net.target][1]:
                net.port = middle + shift
                _climb(gap)
                best = min(best, (_cost(gap), net.port))
        net.port = best[1]
        _climb(gap)
    loose = [net.rank for net in gap.nets]
    cost = _cost(gap)
    done: list[Net] = []
    for net in sorted(gap.nets, key=lambda net: net.rank):
        low, high = net.span()
        over = [other.rank for other in done if other.span()[0] < high + LINES and low < other.span()[1] + LINES]
        net.rank = max(over, default=-1) + 1
        done.append(net)
    if _cost(gap) > cost:
        for net, rank in zip(gap.nets, loose):
            net.rank = rank
    gap.tracks = max((net.rank for net in gap.nets), default=-1) + 1
    gap.crossings = _crossed(gap)


#: What two lines on each other cost, in crossings.
_OVER = 50


def _climb(gap: Gap) -> None:
    """Give each net a track of its own, in the best order that moving single nets finds."""
    order = sorted(gap.nets, key=lambda net: net.span())
    best, better = math.inf, True
    while better:
        better = False
        for net in list(order):
            for to in range(len(order)):
                trial = [other for other in order if other is not net]
                trial.insert(to, net)
                for rank, other in enumerate(trial):
                    other.rank = rank
                cost = _cost(gap)
                if cost < best:
                    order, best, better = trial, cost, True
    for rank, net in enumerate(order):
        net.rank = rank


def _downs(gap: Gap) -> dict[tuple[Item, float], int]:
    """The verticals that leave boxes above: (source, place) -> the lowest track that they reach."""
    ends: dict[tuple[Item, float], int] = {}
    for net in gap.nets:
        for source, where in net.sources.items():
            ends[source, where] = max(net.rank, ends.get((source, where), 0))
    return ends


def _crossed(gap: Gap) -> list[tuple[Net, float]]:
    """Where a vertical crosses a net's horizontal that it does not belong to."""
    found = []
    for net in gap.nets:
        low, high = net.span()
        places = [where for (source, where), end in _downs(gap).items() if source not in net.sources and end > net.rank]
        places += [other.port for other in gap.nets if other is not net and other.rank < net.rank]
        places += [where for (source, _), where in gap.straight.items() if source not in net.sources]
        found += [(net, where) for where in places if low + 1e-6 < where < high - 1e-6]
    return found


def _cost(gap: Gap) -> float:
    """Crossings, with a heavy charge on lines that lie on each other, and a light one on long verticals."""
    cost = 1.0 * len(_crossed(gap))
    for (source, where), end in _downs(gap).items():
        for net in gap.nets:
            own = source in net.sources and net.sources[source] == where
            if abs(where - net.port) < 0.8 * LINES and (end > net.rank if own else end >= net.rank):
                cost += _OVER
            cost += 0.001 * (end - net.rank) ** 2 if own else 0.0
    return cost
