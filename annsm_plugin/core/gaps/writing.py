"""Writes the filled record: tile by tile what the network fills and everything that is known beforehand, then by days what fields fill."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..foundation import bounds
from ..foundation.progress import Progress
from ..foundation.variables import BYTE_FILL, FILL_WAYS, FLAGS
from ..matching.request import THRESHOLD
from ..workers.run import Crew, Where
from ..workers.tasks import Block
from . import cells as of_cells
from . import convolution, dct, geometry, learning
from .learning import Learnt
from .request import CLASSES
from .source import Part, Source, Tile

#: The flag of a day without a value.
BYTE_EMPTY = np.uint8(255)


def by_tiles(source: Source, learnt: Learnt, days: slice, frozen: bool, out: Any, progress: Progress) -> dict[str, int]:
    """Write every variable of every tile on ``days``; values of gaps that the cosine transform or the convolutions fill stay missing.

    Returns counts: values of the record, filled in all and by way and class, left in cells that have a record, cells.
    """
    names = ("estimated", "filled", *FILL_WAYS, *CLASSES, "left", "left_frozen", "cells", "days_added", "held", "farthest")
    counts = dict.fromkeys([n for n in names if n != "none"], 0)
    counts["days_added"] = source.days_lacking(days)
    tiles = learning.tiles_of(source)
    for number, tile in enumerate(tiles):
        part_of = progress.part(number / len(tiles), (number + 1) / len(tiles))
        part_of.check()
        part_of.report(0.0, "Filling gaps")
        _tile(source, learnt, tile, days, frozen, out, counts, part_of)
    return counts


def _tile(
    source: Source, learnt: Learnt, tile: Tile, days: slice, frozen: bool, out: Any, counts: dict[str, int], progress: Progress
) -> None:
    part = source.read(tile)
    cells = learnt.cells.at(learning.indices(tile, source.grid.shape))
    empty = ~np.isfinite(part.values)
    gap = empty & cells.usable[:, np.newaxis]
    if not frozen:
        gap &= ~part.frozen
    long = geometry.is_long(part.known)
    way = np.where(gap, np.where(long, *(FILL_WAYS[learnt.chosen[kind]] for kind in ("long", "short"))), 0).astype(np.int8)
    distance = geometry.nearest(part.known)
    way[(way == FILL_WAYS["convolution"]) & (distance > convolution.REACH)] = 0
    values = part.values.copy()
    if (way == FILL_WAYS["network"]).any() and learnt.regional is not None:
        filled = learnt.regional.fill(part, part.known, cells, source.dates, progress)
        own = way == FILL_WAYS["network"]
        way[own & ~np.isfinite(filled)] = 0
        own &= np.isfinite(filled)
        counts["held"] += int(bounds.outside(filled[own]).sum())
        values[own] = bounds.held(filled[own])
    stated = _uncertainty(source, learnt, cells, way, long, distance)
    if "soil_moisture_uncertainty" in source.record.data_vars:
        stated = np.where(empty | (way > 0), stated, source.of_record("soil_moisture_uncertainty", tile))
    flags = np.where(empty, BYTE_EMPTY, part.flags)
    flags[way > 0] = (_conditions(source, part, tile) | bounds.at_bounds(values))[way > 0] | np.uint8(FLAGS["filled"])
    inside = way[:, days]
    if (inside > 0).any():
        counts["farthest"] = max(counts["farthest"], int(distance[:, days][inside > 0].max()))
    _count(counts, empty[:, days], inside, long[:, days], part.frozen[:, days], cells)
    shape = (tile[0].stop - tile[0].start, tile[1].stop - tile[1].start)
    written = {
        "soil_moisture": values,
        **{name: np.where(empty, np.nan, source.of_record(name, tile)) for name in source.copied()},
        "soil_moisture_uncertainty": stated,
        "quality_flag": flags,
        "fill_way": np.where(empty & (way == 0), BYTE_FILL, way).astype(np.int8),
    }
    for name, each in written.items():
        out.put(name, slice(None), each[:, days].T.reshape(-1, *shape), cells=tile)


def _uncertainty(
    source: Source, learnt: Learnt, cells: Any, way: np.ndarray, long: np.ndarray, distance: np.ndarray
) -> np.ndarray:  # fmt: skip
    """(cells, days) of filled values, NaN elsewhere."""
    found = np.full(way.shape, np.nan, dtype=np.float32)
    spread = of_cells.spread_of_days(cells, learnt.factors, source.dates)
    for name in set(learnt.chosen.values()):
        own = way == FILL_WAYS[name]
        found[own] = learnt.uncertainty(name, long[own], distance[own], spread[own])
    return found


def _conditions(source: Source, part: Part, tile: Tile) -> np.ndarray:
    """(cells, days) the flags that the cube gives a filled value: frozen soil, and too much rain as its screening or the threshold says."""
    wet = np.zeros(part.values.shape, dtype=bool)
    if "screened" in source.cube.data_vars:
        wet = source.of_cube("screened", tile) == 1
    elif "precipitation_7h" in source.inputs:
        wet = part.inputs[source.inputs.index("precipitation_7h")] > THRESHOLD
    found = np.where(part.frozen, np.uint8(FLAGS["soil_frozen"]), np.uint8(0))
    return found | np.where(wet, np.uint8(FLAGS["precipitation_above_threshold"]), np.uint8(0))


def _count(counts: dict[str, int], empty: np.ndarray, way: np.ndarray, long: np.ndarray, frozen: np.ndarray, cells: Any) -> None:
    counts["estimated"] += int((~empty).sum())
    counts["cells"] += int(cells.usable.sum())
    counts["filled"] += int((way > 0).sum())
    for name, code in FILL_WAYS.items():
        if code:
            counts[name] += int((way == code).sum())
    for kind, own in (("short", ~long), ("long", long)):
        counts[kind] += int((own & (way > 0)).sum())
    left = empty & (way == 0) & cells.usable[:, np.newaxis]
    counts["left"] += int(left.sum())
    counts["left_frozen"] += int((left & frozen).sum())


def by_days(
    source: Source, learnt: Learnt, days: slice, out: Any, counts: dict[str, int], place: Where, device: str, progress: Progress
) -> None:
    """Fill what needs whole fields, block of days by block of days."""
    names = [name for name in ("dct", "convolution") if name in learnt.chosen.values()]
    if not names:
        return
    shape = (days.stop - days.start, *source.grid.shape)
    blocks_ = list(dct.pieces(shape))
    with Crew(place) as crew:
        for number, (outer, inner) in enumerate(blocks_):
            progress.check()
            progress.report(number / len(blocks_), "Filling gaps by fields")
            around = _around(outer[0], days, source.dates.size)
            field, cells = _field(source, learnt, (outer[1], outer[2]), around)
            first = inner[0].start + days.start - around.start
            kept = (slice(first, first + inner[0].stop - inner[0].start), *dct.within(outer[1:], inner[1:]))
            normal, scale = _course(source, cells, around, field.shape, kept)
            for name in names:
                if name == "dct" and learnt.smoother is not None:
                    filled = dct.solve(field, learnt.smoother, progress=progress)[kept]
                else:
                    values = {"device": device, "first": kept[0].start, "last": kept[0].stop}
                    arrays = {**(learnt.convolution or {}), "field": field}
                    found = next(a for _, _, a in crew.run("gaps.convolution:fill", [Block("fill", values, arrays)], progress=progress))
                    filled = found["filled"][(slice(None), *kept[1:])]
                _enter(out, inner, FILL_WAYS[name], normal + scale * filled, counts)


def _around(outer: slice, days: slice, count: int) -> slice:
    """The days of the whole record that a block of the output is filled from: those beyond its first and last day too."""
    low = days.start + outer.start - (dct.MARGIN if outer.start == 0 else 0)
    high = days.start + outer.stop + (dct.MARGIN if days.start + outer.stop == days.stop else 0)
    return slice(max(0, low), min(count, high))


def _field(source: Source, learnt: Learnt, tile: Tile, around: slice) -> tuple[np.ndarray, Any]:
    """(days, rows, columns) departures where something is known, and what is known of the cells."""
    part = source.read(tile, around, inputs=False)
    cells = learnt.cells.at(learning.indices(tile, source.grid.shape))
    off = learning.anomalies(part, part.known, cells, source.dates[around])
    return np.ascontiguousarray(off.T).reshape(-1, tile[0].stop - tile[0].start, tile[1].stop - tile[1].start), cells


def _course(source: Source, cells: Any, around: slice, shape: tuple[int, ...], kept: tuple[slice, ...]) -> tuple[np.ndarray, np.ndarray]:
    """The course of the year and the scale of a part of a field."""
    normal = of_cells.normal(cells, source.dates[around]).T.reshape(shape)[kept]
    scale = np.broadcast_to(of_cells.scale(cells).T, (shape[0], cells.count.size)).reshape(shape)[kept]
    return normal, scale


def _enter(out: Any, inner: tuple[slice, ...], code: int, filled: np.ndarray, counts: dict[str, int]) -> None:
    """Put ``filled`` where the tiles have said that this way fills."""
    own = out.stored("fill_way", inner[0], inner[1:]) == code
    if own.any():
        counts["held"] += int(bounds.outside(filled[own]).sum())
        values = out.stored("soil_moisture", inner[0], inner[1:])
        values[own] = bounds.held(filled[own])
        out.put("soil_moisture", inner[0], values, cells=inner[1:])
        flags = out.stored("quality_flag", inner[0], inner[1:])
        flags[own] |= bounds.at_bounds(values[own])
        out.put("quality_flag", inner[0], flags, cells=inner[1:])
