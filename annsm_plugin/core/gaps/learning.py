"""What is learnt before anything is filled: the cells, the ways, how they err where known values are hidden, and which way is best."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..foundation import blocks
from ..foundation.progress import Progress
from ..statistics import persistence
from ..workers import run as workers
from ..workers.run import Where
from ..workers.tasks import Arrays, Block
from . import cells as of_cells
from . import convolution, dct, experiment, geometry, hiding, regional, uncertainty
from .cells import Cells
from .source import Part, Source, Tile
from .uncertainty import Hidden, Uncertainty

#: Most tiles in which values are hidden, and of those the ones on which the smoothing is chosen, with the days that it takes.
TILES, CHOSEN_ON, CHOSEN_DAYS = 8, 2, 365

#: Share of hidden samples from which on the network is trained once more on all.
RETRAIN = 0.1

#: Most days of the series that the report shows.
EXAMPLE_DAYS = 500

#: Least share of a tile's cells that have a record.
LEAST_ALIVE = 0.1


@dataclass
class Trial:
    """A tile in which values are hidden, the ``days`` among which they are, and of those ``use`` (cells, days) and ``group`` (days)."""

    tile: Tile
    use: np.ndarray
    group: np.ndarray
    days: slice


@dataclass
class Example:
    """A cell's series for the report: ``estimates`` by name, on ``dates``; the record, and which of its values were hidden."""

    row: int
    column: int
    dates: np.ndarray
    values: np.ndarray
    hidden: np.ndarray
    estimates: dict[str, np.ndarray]


@dataclass
class Learnt:
    """Everything that filling needs. ``ways``: those that were learnt; ``chosen``: class -> way."""

    cells: Cells
    factors: np.ndarray
    ways: list[str]
    chosen: dict[str, str]
    hidden: Hidden
    uncertainty: Uncertainty
    regional: regional.Regional | None = None
    smoother: dct.Smoother | None = None
    convolution: Arrays | None = None
    example: Example | None = None
    #: (class of gaps, name) -> RMSE of hidden values by their distance to the nearest known one, for the report.
    errors: dict[tuple[bool, str], np.ndarray] = field(default_factory=dict)
    #: Days from the nearest known value of the hidden value in a long gap that was farthest from one.
    reached: int = 0


@dataclass
class _Seen:
    """What the first walk through the record collects."""

    cells: Cells
    centre: Any = 0.0
    width: Any = 1.0
    trials: list[Trial] = field(default_factory=list)
    samples: list[regional.Samples] = field(default_factory=list)
    windows: list[np.ndarray] = field(default_factory=list)
    masks: list[np.ndarray] = field(default_factory=list)


def anomalies(part: Part, known: np.ndarray, cells: Cells, dates: np.ndarray) -> np.ndarray:
    """(cells, days) departures from the course of the year in units of their spread, NaN where not ``known``."""
    off = (part.values - of_cells.normal(cells, dates)) / of_cells.scale(cells)
    return np.where(known & cells.usable[:, np.newaxis], off, np.nan).astype(np.float32)


def tiles_of(source: Source) -> list[Tile]:
    """The tiles of the record: all days of one fit the memory budget."""
    return list(blocks.tiles(source.grid.shape, source.dates.size, len(source.inputs) + 7))


def indices(tile: Tile, shape: tuple[int, int]) -> np.ndarray:
    """Numbers of a tile's cells in the whole grid."""
    return (np.arange(tile[0].start, tile[0].stop)[:, np.newaxis] * shape[1] + np.arange(tile[1].start, tile[1].stop)).ravel()


def learn(source: Source, ways: list[str], seed: int, device: str, where: Where, progress: Progress) -> Learnt:
    """Learn ``ways`` from the record without what is hidden in it, and judge them by that.

    In a small region most of the record is hidden: the network that fills is then trained once more, on all of it.
    """
    seen = _first_walk(source, ways, seed, progress.part(0.0, 0.25))
    found = Learnt(seen.cells, of_cells.months(seen.cells), ways, {}, Hidden.none([*ways, *experiment.BESIDE]), Uncertainty())
    if not seen.trials:
        return found
    fixed: dict[str, Any] = {"seed": seed, "device": device}
    samples: Arrays = {}
    if "network" in ways:
        samples = _samples(seen)
        seen.samples.clear()
        weights = _trained(samples, ~samples["hidden"], fixed, where, progress.part(0.25, 0.5))
        found.regional = _regional(source, seen, weights, progress.part(0.5, 0.55))
    if "convolution" in ways:
        arrays = {"windows": np.concatenate(seen.windows), "masks": np.concatenate(seen.masks)}
        seen.windows.clear()
        seen.masks.clear()
        found.convolution = _done("gaps.convolution:train", fixed, arrays, where, progress.part(0.55, 0.75))
    if "dct" in ways:
        found.smoother = _smoother(source, seen, progress.part(0.75, 0.8))
    found.hidden = _judge(source, seen, found, fixed, where, progress.part(0.8, 0.9))
    if found.regional is not None and samples["hidden"].mean() > RETRAIN:
        found.regional.weights = _trained(samples, np.ones_like(samples["hidden"]), fixed, where, progress.part(0.9, 1.0))
    found.reached = int(found.hidden.distance[found.hidden.long].max(initial=0))
    found.uncertainty = uncertainty.fit(found.hidden, ways)
    found.chosen = experiment.choose(found.hidden, ways)
    return found


def _first_walk(source: Source, ways: list[str], seed: int, progress: Progress) -> _Seen:
    """Hide values in some tiles, describe all cells without them, and take samples for training."""
    tiles = tiles_of(source)
    size = [(t[0].stop - t[0].start) * (t[1].stop - t[1].start) for t in tiles]
    random = np.random.default_rng([seed, 79])
    order = sorted(random.permutation(len(tiles)), key=lambda n: -size[n])
    seen = _Seen(Cells.empty(source.grid.shape[0] * source.grid.shape[1], len(source.inputs)))
    each = max(8, -(-regional.SAMPLES // seen.cells.count.size))
    for number, place in enumerate(order):
        progress.check()
        progress.report(number / len(order), "Reading the record and the cube")
        tile = tiles[place]
        part, own = source.read(tile), np.random.default_rng([seed, 83, int(place)])
        cells = indices(tile, source.grid.shape)
        known = part.known
        if len(seen.trials) < TILES and 2 * size[place] >= size[order[0]] and known.any(axis=1).mean() >= LEAST_ALIVE:
            trial = _trial(part, tile, own)
            if trial is not None:
                seen.trials.append(trial)
                known = known.copy()
                known[:, trial.days] &= trial.use == hiding.SEEN
        described = of_cells.measure(part.values, known, part.inputs, source.dates)
        seen.cells.put(cells, described)
        if "network" in ways:
            taken = regional.sample(part, known, described, source.dates, each, own)
            taken.cell = cells[taken.cell]
            seen.samples.append(taken)
        if "convolution" in ways and seen.trials and seen.trials[-1].tile is tile and size[place] == size[order[0]]:
            days = seen.trials[-1].days
            shape = _shape(tile, days)
            off = anomalies(part, known, described, source.dates)[:, days].T.reshape(shape)
            windows, masks = convolution.bank(off, np.isfinite(part.values[:, days]).T.reshape(shape), own)
            seen.windows.append(windows)
            seen.masks.append(masks)
            del off
        del part, known, described  # before the next tile is read
    source.left_out()  # nothing is learnt from a file of which most cannot be
    return seen


def _shape(tile: Tile, days: slice) -> tuple[int, int, int]:
    return days.stop - days.start, tile[0].stop - tile[0].start, tile[1].stop - tile[1].start


def _trial(part: Part, tile: Tile, random: np.random.Generator) -> Trial | None:
    """What is hidden in a tile, if anything can be."""
    days = hiding.stretch(part.known, random)
    use, group = hiding.hide(part.known[:, days], np.isfinite(part.values[:, days]), random)
    return Trial(tile, use, group, days) if use.any() else None


def _done(task: str, values: dict, arrays: Arrays, where: Where, progress: Progress) -> Arrays:
    """The arrays of a task's result, done where PyTorch is."""
    return next(found for _, _, found in workers.run(task, [Block("only", values, arrays)], where, total=1.0, progress=progress))


def _samples(seen: _Seen) -> Arrays:
    """All samples: inputs (N, D + F), target, validation and hidden (N,)."""
    of_cell, usable = regional.descriptors(seen.cells), seen.cells.usable
    joined = {name: np.concatenate([getattr(s, name) for s in seen.samples]) for name in regional.Samples.__dataclass_fields__}
    seen.centre, seen.width = of_cell[usable].mean(axis=0), np.maximum(of_cell[usable].std(axis=0), 1e-6)
    own = ((of_cell - seen.centre) / seen.width)[joined.pop("cell")].astype(np.float32)
    return {"inputs": np.concatenate([joined.pop("daily"), own], axis=1), **joined}


def _trained(samples: Arrays, which: np.ndarray, fixed: dict, where: Where, progress: Progress) -> Arrays:
    """Weights of the network trained on some of the samples."""
    arrays = {name: samples[name][which] for name in ("inputs", "target")}
    return _done("gaps.regional:train", fixed, {**arrays, "validation": samples["validation"][which].astype(np.uint8)}, where, progress)


def _regional(source: Source, seen: _Seen, weights: Arrays, progress: Progress) -> regional.Regional:
    """The trained network, and how persistent its error is where nothing is hidden."""
    network = regional.Regional(weights, seen.centre, seen.width, persistence.Memory(0.0, 0.0))
    residuals = []
    for trial in seen.trials:
        part, cells = source.read(trial.tile, trial.days), seen.cells.at(indices(trial.tile, source.grid.shape))
        model = network.model(part, cells, source.dates[trial.days], progress)
        with np.errstate(invalid="ignore", divide="ignore"):
            off = (part.values - cells.mean[:, -1:]) / cells.spread[:, -1:] - model
        residuals.append((np.where(part.known & (trial.use == hiding.SEEN), off, np.nan), trial.days.stop - trial.days.start))
    shortest = min(length for _, length in residuals)
    network.memory = persistence.fit(np.concatenate([values[:, :shortest] for values, _ in residuals]))
    return network


def _smoother(source: Source, seen: _Seen, progress: Progress) -> dct.Smoother:
    """The smoothing that errs least in short gaps (in all, where none is short) among the values that are hidden for fitting."""
    tried = dct.TRIED
    sums, counts = np.zeros((len(tried), 2)), np.zeros((len(tried), 2))
    for trial in seen.trials[:CHOSEN_ON]:
        days = slice(trial.days.start, min(trial.days.stop, trial.days.start + CHOSEN_DAYS))
        part, cells = source.read(trial.tile, days, inputs=False), seen.cells.at(indices(trial.tile, source.grid.shape))
        use = trial.use[:, : days.stop - days.start]
        known = part.known & (use == hiding.SEEN)
        whole = anomalies(part, part.known, cells, source.dates[days])
        fits = (use == hiding.FITS) & np.isfinite(whole)
        long = geometry.is_long(known)
        field_ = np.where(known, whole, np.nan).T.reshape(_shape(trial.tile, days))
        for number, smoother in enumerate(tried):
            progress.check()
            progress.report(number / len(tried), "Choosing the smoothing")
            off = dct.solve(field_, smoother, progress=progress).reshape(days.stop - days.start, -1).T - whole
            for is_long in (0, 1):
                own = fits & (long == bool(is_long))
                sums[number, is_long] += float((off[own] ** 2).sum())
                counts[number, is_long] += int(own.sum())
    error = sums / np.maximum(counts, 1)
    return tried[int(np.argmin(error[:, 0] if counts[0, 0] else error[:, 1]))]


def _judge(source: Source, seen: _Seen, found: Learnt, fixed: dict, where: Where, progress: Progress) -> Hidden:
    """Fill what is hidden by every way, and by what they are compared with."""
    parts = []
    for number, trial in enumerate(seen.trials):
        progress.check()
        progress.report(number / len(seen.trials), "Filling what was hidden")
        part, cells = source.read(trial.tile, trial.days), seen.cells.at(indices(trial.tile, source.grid.shape))
        dates, known = source.dates[trial.days], part.known & (trial.use == hiding.SEEN)
        estimates = {}
        if found.regional is not None:
            estimates["network"] = found.regional.fill(part, known, cells, dates, progress)
        field_ = anomalies(part, known, cells, dates).T.reshape(_shape(trial.tile, trial.days))
        if found.smoother is not None:
            estimates["dct"] = _back(_solved(field_, found.smoother, progress), cells, dates)
        if found.convolution is not None:
            values = {**fixed, "first": 0, "last": len(field_)}
            filled = _done("gaps.convolution:fill", values, {**found.convolution, "field": field_}, where, progress)["filled"]
            within = geometry.nearest(known) <= convolution.REACH
            estimates["convolution"] = np.where(within, _back(filled, cells, dates), np.nan)
        estimates["linear"] = geometry.interpolated(part.values, known)
        estimates["gldas"] = experiment.gldas(part, source.inputs, known, trial.use != hiding.SEEN, progress)
        parts.append(experiment.collect(part, trial.use, trial.group + number * 10**6, cells, found.factors, dates, estimates))
        if found.example is None:
            found.example = _example(part, trial, dates, estimates)
    return Hidden.joined(parts)


def _solved(field_: np.ndarray, smoother: dct.Smoother, progress: Progress) -> np.ndarray:
    """The smooth field of all days, block by block."""
    whole = np.empty(field_.shape, dtype=np.float32)
    for outer, inner in dct.pieces(field_.shape):
        progress.check()
        whole[inner] = dct.solve(field_[outer], smoother, progress=progress)[dct.within(outer, inner)]
    return whole


def _back(field_: np.ndarray, cells: Cells, dates: np.ndarray) -> np.ndarray:
    """(cells, days) soil moisture of a field (days, rows, columns) of departures."""
    return of_cells.normal(cells, dates) + of_cells.scale(cells) * field_.reshape(len(field_), -1).T


def _example(part: Part, trial: Trial, dates: np.ndarray, estimates: dict[str, np.ndarray]) -> Example:
    """The cell of a tile with the most hidden values."""
    cell = int((trial.use != hiding.SEEN).sum(axis=1).argmax())
    row, column = divmod(cell, trial.tile[1].stop - trial.tile[1].start)
    days = slice(0, EXAMPLE_DAYS)
    return Example(
        trial.tile[0].start + row,
        trial.tile[1].start + column,
        dates[days],
        part.values[cell, days],
        trial.use[cell, days] != hiding.SEEN,
        {name: values[cell, days] for name, values in estimates.items()},
    )
