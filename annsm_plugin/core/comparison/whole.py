"""The methods that learn from all cells of the region together: their samples, their estimates, and the days on which all are judged."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from .. import metrics
from ..foundation import blocks, bounds
from ..foundation.grid import Grid
from ..foundation.progress import Progress
from ..network import members, splits
from ..training import cube as training
from ..training import regional, samples
from ..training.regional_days import days_of
from ..training.settings import TARGET, Settings
from ..workers import run as workers
from ..workers.run import Where
from ..workers.tasks import Arrays, Block
from . import paired
from .estimators import systems
from .request import LEAVE_REGIONS_OUT
from .result import MEASURES

#: Side of the patches of cells that the split "leave_regions_out" keeps from the training.
PATCH = 3

#: Cells that are judged at once.
AT_ONCE = 128


def left_out(grid: Grid, asked: Settings) -> np.ndarray | None:
    """(rows, columns) bool: the cells of whole patches that hold about the testing share of the region; None for other splits."""
    if asked.split != LEAVE_REGIONS_OUT:
        return None
    rows, columns = (np.arange(n) // PATCH for n in grid.shape)
    patch = rows[:, np.newaxis] * (columns[-1] + 1) + columns
    numbers = np.unique(patch)
    count = min(max(1, round(asked.ratio[2] / 100.0 * numbers.size)), max(1, numbers.size - 1))
    return np.isin(patch, np.random.default_rng([int(asked.seed), 31]).permutation(numbers)[:count])


def roles_of_days(data: Any, dates: np.ndarray, days: slice, asked: Settings, grid: Grid) -> np.ndarray:
    """(days,) role of each day in all cells: the testing days of a regional training, and its first fifth of the others for validation."""
    asked = _of_training(asked)
    count = np.zeros(days.stop - days.start)
    for tile in blocks.tiles(grid.shape, count.size, 1):
        count += np.isfinite(blocks.series(data, TARGET, days, tile)).sum(axis=0)
    role, fold = days_of(dates[days], count, asked)
    return np.where((role == splits.TRAINING) & (fold == 0), splits.VALIDATION, role).astype(np.int8)


class _Memory:
    """A checkpoint for work without an output of its own: what is trained for one method is there for the next."""

    def __init__(self) -> None:
        self._blocks: dict[str, Arrays] = {}

    def load(self, block: str) -> Arrays | None:
        """The arrays of a finished block, or None."""
        return self._blocks.get(block)

    def save(self, block: str, **arrays: np.ndarray) -> None:
        """Keep a finished block."""
        self._blocks[block] = arrays

    def clear(self) -> None:
        """Forget everything."""
        self._blocks.clear()


def _of_training(asked: Settings) -> Settings:
    """The settings for the cells that are not left out: stretches of days, all of them for training."""
    if asked.split != LEAVE_REGIONS_OUT:
        return asked
    training, validation, _ = asked.ratio
    share = round(100 * validation / (training + validation))
    return dataclasses.replace(asked, split="blocks", ratio=(100 - share, share, 0))


class Region:
    """An open cube, of which every method named gives ``measures``. Samples are read from it as often as they are needed, and not kept."""

    def __init__(self, data: Any, path: Any, dates: np.ndarray, days: slice, asked: Settings, grid: Grid, roles: np.ndarray):
        self.data, self.path, self.dates, self.days, self.asked, self.grid, self.roles = data, path, dates, days, asked, grid, roles
        self.away = left_out(grid, asked)
        self._stretches = paired.stretches(dates[days], asked.start), paired.count(asked.start, asked.end)
        self._counts: np.ndarray | None = None
        self._seen = dict.fromkeys((splits.TRAINING, splits.VALIDATION, splits.TESTING), 0)
        self._members = _Memory()

    def measures(self, name: str, where: Where, device: str, progress: Progress) -> Arrays:
        """errors (rows, columns, measures), squares and counts (rows, columns, stretches; see ``paired``), impossible (rows, columns, 1):
        estimates that no soil can have, and seconds of one method."""
        counts = self._counted(progress.part(0.0, 0.1))
        begun = time.perf_counter()
        part = progress.part(0.1, 1.0)
        estimate = self._trained if name in ("regional", "refined") else self._system
        judged = Judged(counts.shape[0], self.roles.size, *self._stretches)
        estimate(name, judged, where, device, part)
        took = time.perf_counter() - begun
        maps = {"errors": judged.errors, "squares": judged.squares, "counts": counts, "impossible": judged.impossible}
        return {**{key: value.reshape(*self.grid.shape, -1) for key, value in maps.items()}, "seconds": np.array([took])}

    def _read(self, progress: Progress, text: str) -> Iterator[tuple[samples.Tile, np.ndarray, np.ndarray]]:
        """The cube's tiles, the number of each of their cells in the region, row by row, and (cells, days) the roles of the samples of
        cells with enough of them (elsewhere ``splits.UNUSED``)."""
        whole = blocks.tiles(self.grid.shape, self.roles.size, len(self.asked.inputs) + 1)
        tiles = [half for tile in whole for half in _halves(*tile)]
        for number, tile in enumerate(tiles):
            progress.check()
            progress.report(number / len(tiles), text)
            part = samples.read_tile(self.data, self.days, tile, self.asked.inputs, progress)
            used = part.complete & (part.complete.sum(axis=1) >= self.asked.min_pairs)[:, np.newaxis]
            role = np.where(used, self.roles, splits.UNUSED).astype(np.int8)
            if self.away is not None:
                role[used & self.away[part.row, part.column][:, np.newaxis]] = splits.TESTING
            yield part, part.row * self.grid.shape[1] + part.column, role
            del part, used, role  # before the next tile is read, as whoever takes it does

    def _counted(self, progress: Progress) -> np.ndarray:
        """(cells, stretches) testing samples; counted once, as are the samples of each role."""
        if self._counts is None:
            stretch, number = self._stretches
            counts = np.zeros((self.grid.shape[0] * self.grid.shape[1], number), dtype=np.uint8)
            for part, cell, role in self._read(progress, "Counting the samples of all cells"):
                for kind in self._seen:
                    self._seen[kind] += int((role == kind).sum())
                for first in range(0, cell.size, AT_ONCE):
                    own = slice(first, first + AT_ONCE)
                    target = np.where(role[own] == splits.TESTING, part.target[own], np.nan)
                    counts[cell[own]] = paired.counts(target, np.broadcast_to(stretch, target.shape), number)
                del part, role
            self._counts = counts
        return self._counts

    def _trained(self, name: str, judged: Judged, where: Where, device: str, progress: Progress) -> None:
        """Judge ``annsm:train`` with METHOD ``name``, on the same days."""
        asked = dataclasses.replace(_of_training(self.asked), method=name, restarts=1)
        region = regional.Region(self.data, self.path, self.days, self.dates, asked, training.empty(self.grid, asked))

        def tested(row: np.ndarray, column: np.ndarray, target: np.ndarray, found: np.ndarray) -> None:
            judged.enter(row * self.grid.shape[1] + column, target, found.astype(np.float32))

        region.tested, region.away = tested, self.away
        region.train(where, device, self._members, members.Settings(), progress)

    def _system(self, name: str, judged: Judged, where: Where, device: str, progress: Progress) -> None:
        """Judge a published system."""
        values = {"name": name, "inputs": list(self.asked.inputs), "seed": self.asked.seed, "device": device}
        given, cell, day = self._given(values, progress.part(0.0, 0.2))
        results = workers.run(
            "comparison.estimators.systems:estimate", iter([Block(name, values, given)]), where, total=1.0, progress=progress.part(0.2, 1.0)
        )
        found = next(iter(list(results)))[2]["estimates"]
        testing = given["role"] == splits.TESTING
        target, found = given["target"][testing], found[testing]
        own = np.cumsum(np.diff(cell, prepend=cell[:1]) != 0)  # the samples of a cell stand together
        for first in range(0, int(own[-1]) + 1 if own.size else 0, AT_ONCE):
            some = slice(*np.searchsorted(own, (first, first + AT_ONCE)))
            at = own[some] - first, day[some]
            numbers = np.zeros(int(at[0].max()) + 1, dtype=int)
            numbers[at[0]] = cell[some]
            true, guess = (np.full((numbers.size, self.roles.size), np.nan, dtype=v.dtype) for v in (target, found))
            true[at], guess[at] = target[some], found[some]
            judged.enter(numbers, true, guess)

    def _given(self, values: dict[str, Any], progress: Progress) -> tuple[Arrays, np.ndarray, np.ndarray]:
        """What a system is given: the samples that it learns from and those for testing; cell and day of the latter. Puts what the
        system is to be told of its sample into ``values``."""
        kinds = systems.SEEN[values["name"]]
        there = sum(self._seen[kind] for kind in kinds)
        chosen, values["draw"] = systems.chosen(values["name"], self.asked.seed, there)
        testing = self._seen[splits.TESTING]
        length = testing + (there if chosen is None else chosen.size)
        kinds_of = {"target": np.float32, "role": np.int8, "day": np.int16, "lat": np.float32, "lon": np.float32}
        given: Arrays = {name: np.empty(length, dtype=kind) for name, kind in kinds_of.items()}
        given["inputs"] = np.empty((length, len(self.asked.inputs)), dtype=np.float32)
        cells, days = np.empty(testing, dtype=np.int32), np.empty(testing, dtype=np.int32)
        dates = self.dates[self.days]
        of_year = (dates - dates.astype("datetime64[Y]")).astype(int)
        at = tested = passed = 0
        for part, number, role in self._read(progress, "Reading the samples of all cells"):
            own = role == splits.TESTING
            learns = np.isin(role, kinds)
            if chosen is not None:
                count = int(learns.sum())
                some = chosen[slice(*np.searchsorted(chosen, (passed, passed + count)))] - passed
                learns.ravel()[np.delete(np.flatnonzero(learns), some)] = False
                passed += count
            cell, day = np.nonzero(own | learns)
            to = slice(at, at + cell.size)
            at += cell.size
            for column, of in enumerate(part.inputs):
                given["inputs"][to, column] = of[cell, day]
            given["target"][to], given["role"][to], given["day"][to] = part.target[cell, day], role[cell, day], of_year[day]
            given["lat"][to], given["lon"][to] = self.grid.lat[part.row[cell]], self.grid.lon[part.column[cell]]
            cell, day = np.nonzero(own)
            to = slice(tested, tested + cell.size)
            tested += cell.size
            cells[to], days[to] = number[cell], day
            del part, role, own, learns
        return given, cells, days


def _halves(rows: slice, columns: slice) -> list[tuple[slice, slice]]:
    """A tile's upper and lower half, which hold its cells in the same order: the samples of a system stand beside them."""
    middle = (rows.start + rows.stop + 1) // 2
    return [(half, columns) for half in (slice(rows.start, middle), slice(middle, rows.stop)) if half.start < half.stop]


class Judged:
    """Errors (cells, measures), squares (cells, stretches) and impossible estimates (cells,) of one method, which come cell by cell.

    stretch (days,) and number of stretches: see ``paired``. A cell that never comes has no estimates.
    """

    def __init__(self, cells: int, days: int, stretch: np.ndarray, number: int) -> None:
        nothing = np.full((1, days), np.nan)
        self.errors = np.repeat(_errors(nothing, nothing), cells, axis=0)
        self.squares, self.impossible = np.zeros((cells, number)), np.zeros(cells)
        self._stretch, self._number = stretch, number

    def enter(self, cell: np.ndarray, target: np.ndarray, guess: np.ndarray) -> None:
        """Take the estimates (B, days) of some cells (B,) and their targets; NaN where there is no testing sample."""
        self.impossible[cell] = (bounds.outside(guess) & np.isfinite(target)).sum(axis=1)
        guess = guess.astype(np.float32, copy=False)
        self.errors[cell] = _errors(target, guess)
        self.squares[cell] = paired.squares(target.astype(float) - guess, np.broadcast_to(self._stretch, guess.shape), self._number)


def _errors(target: np.ndarray, guess: np.ndarray) -> np.ndarray:
    return np.stack([getattr(metrics, m)(target, guess, axis=1) for m in MEASURES], axis=1)
