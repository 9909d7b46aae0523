"""The methods that learn from all cells of the region together: their samples, their estimates, and the days on which all are judged."""

from __future__ import annotations

import dataclasses
import time
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
from .request import LEAVE_REGIONS_OUT
from .result import MEASURES

#: Side of the patches of cells that the split "leave_regions_out" keeps from the training.
PATCH = 3


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
    """An open cube, of which every method named gives ``measures``."""

    def __init__(self, data: Any, path: Any, dates: np.ndarray, days: slice, asked: Settings, grid: Grid, roles: np.ndarray):
        self.data, self.path, self.dates, self.days, self.asked, self.grid, self.roles = data, path, dates, days, asked, grid, roles
        self.away = left_out(grid, asked)
        self._flat: Arrays | None = None
        self._members = _Memory()

    def measures(self, name: str, where: Where, device: str, progress: Progress) -> Arrays:
        """errors (rows, columns, measures), squares and counts (rows, columns, stretches; see ``paired``), impossible (rows, columns, 1):
        estimates that no soil can have, and seconds of one method."""
        flat = self._samples(progress.part(0.0, 0.2))
        begun = time.perf_counter()
        part = progress.part(0.2, 1.0)
        estimate = self._trained if name in ("regional", "refined") else self._system
        found = estimate(name, flat, where, device, part)
        took = time.perf_counter() - begun
        testing = np.flatnonzero(flat["role"] == splits.TESTING)
        shape = (self.grid.shape[0] * self.grid.shape[1], self.roles.size)
        target, guess = (np.full(shape, np.nan, dtype=np.float32) for _ in range(2))
        at = flat["cell"][testing], flat["at"][testing]
        target[at], guess[at] = flat["target"][testing], found[testing]
        impossible = np.bincount(flat["cell"][testing], weights=bounds.outside(found[testing]), minlength=shape[0])
        errors = np.stack([getattr(metrics, m)(target, guess, axis=1) for m in MEASURES], axis=1)
        stretch = np.broadcast_to(paired.stretches(self.dates[self.days], self.asked.start), shape)
        number = paired.count(self.asked.start, self.asked.end)
        squares, counts = paired.squares(target.astype(float) - guess, stretch, number), paired.counts(target, stretch, number)
        whole = (*self.grid.shape, -1)
        maps = {"errors": errors, "squares": squares, "counts": counts, "impossible": impossible}
        return {**{key: value.reshape(whole) for key, value in maps.items()}, "seconds": np.array([took])}

    def _samples(self, progress: Progress) -> Arrays:
        """The samples of all cells with enough of them, one after the other; read once."""
        if self._flat is not None:
            return self._flat
        asked, kept = self.asked, []
        tiles = list(blocks.tiles(self.grid.shape, self.roles.size, len(asked.inputs) + 1))
        for number, tile in enumerate(tiles):
            progress.check()
            progress.report(number / len(tiles), "Reading the samples of all cells")
            part = samples.read_tile(self.data, self.days, tile, asked.inputs, progress)
            cell, day = np.nonzero(part.complete & (part.complete.sum(axis=1) >= asked.min_pairs)[:, np.newaxis])
            row, column = part.row[cell], part.column[cell]
            inputs = np.stack([v[cell, day] for v in part.inputs], axis=1)
            kept.append((inputs, part.target[cell, day], row * self.grid.shape[1] + column, day, self.grid.lat[row], self.grid.lon[column]))
            del part  # before the next tile is read
        inputs, target, cell, day, lat, lon = (np.concatenate([k[i] for k in kept]) for i in range(6))
        dates = self.dates[self.days][day]
        of_year = (dates - dates.astype("datetime64[Y]")).astype(int)
        role = self.roles[day]
        if self.away is not None:
            role = np.where(self.away.ravel()[cell], splits.TESTING, role).astype(np.int8)
        self._flat = {
            "inputs": inputs,
            "target": target,
            "role": role,
            "cell": cell,
            "at": day,
            "day": of_year,
            "lat": lat,
            "lon": lon,
        }
        return self._flat

    def _trained(self, name: str, flat: Arrays, where: Where, device: str, progress: Progress) -> np.ndarray:
        """Estimates (N,) of ``annsm:train`` with METHOD ``name``, on the same days."""
        asked = dataclasses.replace(_of_training(self.asked), method=name, restarts=1)
        region = regional.Region(self.data, self.path, self.days, self.dates, asked, training.empty(self.grid, asked))
        region.tested = np.full((*self.grid.shape, self.roles.size), np.nan, dtype=np.float32)
        region.away = self.away
        region.train(where, device, self._members, members.Settings(), progress)
        return region.tested.reshape(-1, self.roles.size)[flat["cell"], flat["at"]]

    def _system(self, name: str, flat: Arrays, where: Where, device: str, progress: Progress) -> np.ndarray:
        """Estimates (N,) of a published system."""
        given = {key: value for key, value in flat.items() if key not in ("cell", "at")}
        values = {"name": name, "inputs": list(self.asked.inputs), "seed": self.asked.seed, "device": device}
        results = workers.run(
            "comparison.estimators.systems:estimate", iter([Block(name, values, given)]), where, total=1.0, progress=progress
        )
        return next(iter(list(results)))[2]["estimates"]
