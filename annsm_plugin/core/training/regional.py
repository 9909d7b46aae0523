"""Trains one ensemble of networks for all cells of a cube: METHOD "regional", and "refined" with corrections of single cells.

The cube is read three times: which days have the target; the standards of every cell and the samples; the errors of every cell.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..foundation import blocks, machine, store
from ..foundation.errors import CubeError
from ..foundation.grid import Grid
from ..foundation.progress import Progress
from ..network import block, ensemble, members, splits
from ..workers import run as workers
from ..workers.run import Where
from ..workers.tasks import Arrays, Block
from . import model, refinement, regional_cells, uncertainty
from .cells import errors_by_kind
from .regional_days import FOLDS, days_of
from .samples import Tile, read_tile
from .settings import TARGET, Settings
from .shared import NOWHERE, OWN, Shared

#: Samples that are kept for training, at most; of a larger region each day of each cell is kept with the same chance.
MOST_SAMPLES = 2_000_000

#: Members of the ensemble, at least: each leaves out another fifth of the days.
MEMBERS = FOLDS

#: Share of the target's days from which on it counts as being there in frozen soil too. Where it is not, the means and spreads of the
#: inputs of cells without a target are those of unfrozen days, like those of the other cells.
ALSO_FROZEN = 0.05

#: Cells whose errors are measured at once.
CELLS = 128

#: Cells whose days are summed at once; samples that are standardised at once.
SUMMED = 32
AT_ONCE = 100_000

#: Seconds of one core for a step of training.
SECONDS_PER_STEP = 0.012

#: Status of a cell with values from the shared network that had too few days to take part in its training.
UNTRAINED = 102


@dataclasses.dataclass
class Samples:
    """What the members are trained on, in the cube's own units: values (N, F + 1) float32, the target last, cell and day (N,)."""

    values: np.ndarray
    cell: np.ndarray
    day: np.ndarray


def seconds(asked: Settings, grid: Grid, days: slice) -> float:
    """About how long the ensemble takes on one core, if every cell had a third of the days."""
    samples = min(MOST_SAMPLES, grid.shape[0] * grid.shape[1] * (days.stop - days.start) // 3)
    return max(MEMBERS, asked.restarts) * members.steps_for(samples, members.Settings()) * SECONDS_PER_STEP


class Region:
    """One run: the open cube, the days, and what is found on the way."""

    def __init__(self, data: Any, path: Any, days: slice, dates: np.ndarray, asked: Settings, result: model.Model):
        self.data, self.path, self.days, self.asked, self.result = data, path, days, asked, result
        self.dates = dates[days]
        self.grid: Grid = result.grid
        self.screened_days = 0
        self._counted = 0.0
        self._soil: int | None = None
        #: Is given the testing days of cells: row and column (B,), target and estimate (B, days), m3 m-3, NaN on other days; put here
        #: before training.
        self.tested: Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], None] | None = None
        #: Where the errors of left-out days are kept that do not fit in memory (``store.Shelf``).
        self.folder: Any = None
        #: (rows, columns) bool cells whose target is kept from the training and whose days are all for testing; put here before training.
        self.away: np.ndarray | None = None
        self.tiles = list(blocks.tiles(self.grid.shape, self.dates.size, 3 * len(asked.inputs) + 4))

    def train(self, where: Where, device: str, checkpoint: Any, trainer: members.Settings, progress: Progress) -> None:
        """Fill ``result``. Raises ``CubeError`` if no cell has enough days."""
        asked = self.asked
        count, sieve = self._targets(progress.part(0.0, 0.08)), blocks.sieve(self.data)
        sieve.sentences(checkpoint)  # nothing is learnt from a target or inputs of which most cannot be
        self.role, self.fold = days_of(self.dates, count, asked)
        sums, samples = self._gather(progress.part(0.08, 0.25))
        sieve.sentences(checkpoint)
        if not (sums.pairs >= asked.min_pairs).any():
            checkpoint.clear()
            self._none(sums)
        told = regional_cells.told(sums, asked.min_pairs)
        given, fold = self._standardised(samples, told)
        del samples
        found = self._members(given, fold, where, device, checkpoint, trainer, progress.part(0.25, 0.8))
        del given
        shape = self.grid.shape
        self.shared = Shared(
            ensemble=found,
            centre=told.centre.reshape(*shape, -1),
            scale=told.scale.reshape(*shape, -1),
            descriptors=told.descriptors.reshape(*shape, -1),
            source=told.source.reshape(shape),
            low=np.nanmin(np.where((told.source == OWN)[:, np.newaxis], sums.low, np.nan), axis=0)[:-1],
            high=np.nanmax(np.where((told.source == OWN)[:, np.newaxis], sums.high, np.nan), axis=0)[:-1],
            residual=np.full(shape, np.nan),
            factor=1.0,
            correction=np.zeros((*shape, len(asked.inputs) + 2)),
        )
        self.result.shared = self.shared
        self.result.low, self.result.high = sums.low.reshape(*shape, -1), sums.high.reshape(*shape, -1)
        self._judge(told, progress.part(0.8, 1.0))

    def _none(self, sums: regional_cells.Sums) -> None:
        raise CubeError(
            self.path,
            f"no cell with {self.asked.min_pairs} complete days from {self.asked.start} to {self.asked.end} (the most are "
            f"{sums.pairs.max()})",
            "at least one; use a longer period, another SMAP quality or fewer inputs",
        )

    def _targets(self, progress: Progress) -> np.ndarray:
        """(days,) cells with the target on each day; finds out, too, whether the target is there when the soil is frozen."""
        count, frozen = np.zeros(self.dates.size), 0
        inputs = self.asked.inputs
        self._soil = inputs.index("st_gldas") if "st_gldas" in inputs else None
        for number, tile in enumerate(self.tiles):
            progress.check()
            progress.report(number / len(self.tiles), "Reading the target's days")
            there = np.isfinite(blocks.series(self.data, TARGET, self.days, tile))
            count += there.sum(axis=0)
            if self._soil is not None:
                soil = blocks.series(self.data, "st_gldas", self.days, tile)
                frozen += int((there & (soil <= regional_cells.FREEZING)).sum())
        self._counted = count.sum()
        if frozen > ALSO_FROZEN * self._counted:
            self._soil = None
        return count

    def _read(self, progress: Progress, text: str, hide: bool = True) -> Iterator[tuple[Tile, np.ndarray]]:
        """The tiles, and the number of each of their cells in the region, row by row."""
        for number, tile in enumerate(self.tiles):
            progress.check()
            progress.report(number / len(self.tiles), text)
            part = read_tile(self.data, self.days, tile, self.asked.inputs, progress)
            if self.away is not None and hide:
                part.complete &= ~self.away[part.row, part.column][:, np.newaxis]
            yield part, part.row * self.grid.shape[1] + part.column
            del part  # before the next tile is read, as whoever takes it does

    def _gather(self, progress: Progress) -> tuple[regional_cells.Sums, Samples]:
        """The standards of all cells and the samples, of the days that train."""
        asked, training = self.asked, self.role == splits.TRAINING
        cells, inputs = self.result.status.size, len(asked.inputs)
        sums, kept = None, []
        most = max(1.0, float(self._counted))
        draw = np.random.default_rng([int(asked.seed), 5])
        for part, number in self._read(progress, "Reading the samples"):
            self.screened_days += part.screened_days
            pairs = part.complete.sum(axis=1)
            row, column = part.row, part.column
            self.result.status[row, column] = np.where(pairs == 0, model.NO_DATA, model.TOO_FEW)
            n = model.MEASURES.index("n")
            self.result.errors[n, :, row, column] = 0
            self.result.errors[n, model.KINDS.index("overall"), row, column] = pairs
            values = np.stack([*part.inputs, part.target], axis=2)
            if sums is None:
                sums = regional_cells.Sums.empty(cells, inputs, _middle(values[:, training]))
            used = part.complete & training
            usable = np.isfinite(values[..., :-1]).all(axis=2) & training
            if self._soil is not None:
                usable &= np.nan_to_num(values[..., self._soil]) > regional_cells.FREEZING
            for first in range(0, number.size, SUMMED):
                own = slice(first, first + SUMMED)
                sums.add(number[own], np.nan_to_num(values[own].astype(float)), used[own], usable[own])
            cell, day = np.nonzero(used & (sums.pairs[number] >= asked.min_pairs)[:, np.newaxis])
            if most > MOST_SAMPLES:
                some = draw.random(cell.size) < MOST_SAMPLES / most
                cell, day = cell[some], day[some]
            kept.append((values[cell, day], number[cell].astype(np.int32), day.astype(np.int32)))
            del part, values, used, usable
        if sums is None:
            raise CubeError(self.path, "no cell at all", "a cube with cells")
        return sums, Samples(*(np.concatenate([k[i] for k in kept]) for i in range(3)))

    def _standardised(self, samples: Samples, told: regional_cells.Told) -> tuple[Arrays, np.ndarray]:
        """What every member is given, and each sample's fifth of the days. The values of ``samples`` are standardised where they stand."""
        cells, cell = np.unique(samples.cell, return_inverse=True)
        for first in range(0, samples.cell.size, AT_ONCE):
            own = slice(first, first + AT_ONCE)
            number = samples.cell[own]
            samples.values[own] = (samples.values[own] - told.centre[number]) / told.scale[number]
        np.clip(samples.values[:, :-1], -ensemble.FARTHEST, ensemble.FARTHEST, out=samples.values[:, :-1])
        given = {
            "inputs": np.ascontiguousarray(samples.values[:, :-1]),
            "target": np.ascontiguousarray(samples.values[:, -1]),
            "cell": cell.astype(np.int32),
            "descriptors": told.descriptors[cells],
        }
        return given, self.fold[samples.day]

    def _members(
        self, given: Arrays, fold: np.ndarray, where: Where, device: str, checkpoint: Any, trainer: members.Settings, progress: Progress
    ) -> ensemble.Ensemble:
        """Train the members, each without its fifth of the days."""
        asked = self.asked
        count = max(MEMBERS, asked.restarts)
        settings = {**dataclasses.asdict(trainer), "hidden": list(trainer.hidden)}
        finished: dict[str, Arrays] = {}

        def waiting() -> Iterator[Block]:
            for number in range(count):
                name = f"member-{number}"
                there = checkpoint.load(name)
                if there is not None:
                    finished[name] = there
                    continue
                values = {"seed": asked.seed, "member": number, "device": device, "settings": settings}
                yield Block(name, values, {**given, "validation": fold == number % FOLDS})

        took = count * members.steps_for(int(0.8 * fold.size), trainer) * SECONDS_PER_STEP
        for name, _, arrays in workers.run("network.members:train", waiting(), where, seconds=took, total=float(count), progress=progress):
            checkpoint.save(name, **arrays)
            finished[name] = arrays
        return ensemble.joined([finished[f"member-{number}"] for number in range(count)], np.arange(count) % FOLDS)

    def _judge(self, told: regional_cells.Told, progress: Progress) -> None:
        """Errors, corrections and the uncertainty of every cell, from days that a member or all members have not seen."""
        asked, shared, result = self.asked, self.shared, self.result
        cells = told.source.size
        squared, days, apart = np.zeros(cells), np.zeros(cells), np.zeros(cells)
        judged: list[tuple[np.ndarray, np.ndarray]] = []
        shelf = store.Shelf(self.folder, machine.memory(blocks.BUDGET) // 4)
        stretch = ((self.dates - asked.start).astype(int) // splits.BLOCK_DAYS).astype(np.int32)
        for part, number in self._read(progress, "Measuring the errors"):
            has = np.flatnonzero(told.source[number] == OWN)
            for first in range(0, has.size, CELLS):
                progress.check()
                own = has[first : first + CELLS]
                found = self._outputs(part, own, number[own], told)
                mean, outside, spread, target, inputs = found
                used = part.complete[own]
                training = used & (self.role == splits.TRAINING)
                if asked.method == "refined":
                    fold, stretches = (np.broadcast_to(v, used.shape) for v in (self.fold, stretch))
                    slopes, outside = refinement.corrections(outside, inputs, target, training, fold, stretches)
                    mean = refinement.corrected(mean, inputs, slopes)
                    shared.correction[part.row[own], part.column[own]] = slopes
                error = np.where(training, target - outside, 0.0)
                squared[number[own]], days[number[own]] = (error**2).sum(axis=1), training.sum(axis=1)
                apart[number[own]] = np.where(training, spread**2, 0.0).sum(axis=1)
                there = {"error": np.abs(error[training]).astype(np.float32), "spread": spread[training].astype(np.float32)}
                shelf.put(f"judged{len(judged)}", there)
                judged.append((number[own], training.sum(axis=1)))
                self._enter(part, own, used, mean, outside, target)
                del found, mean, outside, spread, target, inputs, error
            del part
        if self.away is not None and self.tested is not None:
            self._judge_away(told, self.away, self.tested, progress)
        residual = uncertainty.residuals(squared, days, apart)

        def ratios() -> Iterator[np.ndarray]:
            for place, (cell, count) in enumerate(judged):
                there = shelf.get(f"judged{place}")
                yield there["error"] / np.sqrt(residual[np.repeat(cell, count)] ** 2 + there["spread"] ** 2)

        shared.factor = uncertainty.factor(ratios)
        shared.residual[...] = np.where(told.source > 0, np.hypot(residual * told.scale[:, -1], told.doubt), np.nan).reshape(
            shared.residual.shape
        )
        rest = (told.source > 0) & (told.source != OWN)
        result.status[rest.reshape(result.status.shape)] = UNTRAINED

    def _judge_away(self, told: regional_cells.Told, away: np.ndarray, tested: Any, progress: Progress) -> None:
        """Estimates of all complete days in the cells whose target was kept from the training, of which there are enough."""
        for part, number in self._read(progress, "Cells that were left out", hide=False):
            known = away[part.row, part.column] & (told.source[number] != NOWHERE)
            some = np.flatnonzero(known & (part.complete.sum(axis=1) >= self.asked.min_pairs))
            for first in range(0, some.size, CELLS):
                progress.check()
                own = some[first : first + CELLS]
                mean = self._outputs(part, own, number[own], told)[0]
                centre, scale = (v[number[own], -1][:, np.newaxis] for v in (told.centre, told.scale))
                tested(part.row[own], part.column[own], np.where(part.complete[own], part.target[own], np.nan), centre + scale * mean)
            del part

    def _outputs(self, part: Tile, own: np.ndarray, number: np.ndarray, told: regional_cells.Told) -> Any:
        """Mean of all members, mean of those that have not seen the day, spread, target (B, days) and inputs (B, days, F), standardised."""
        standard = np.empty((*part.target[own].shape, len(part.inputs) + 1))
        for place, of in enumerate((*part.inputs, part.target)):
            standard[..., place] = of[own]
        standard -= told.centre[number][:, np.newaxis]
        standard /= told.scale[number][:, np.newaxis]
        cell, day = np.nonzero(part.complete[own])
        found = ensemble.members(self.shared.ensemble, standard[cell, day, :-1], told.descriptors[number], cell)
        blind = self.shared.ensemble.fold[:, np.newaxis] == self.fold[day]
        results = found.mean(axis=0), (found * blind).sum(axis=0) / blind.sum(axis=0), found.std(axis=0, ddof=1)
        full = []
        for result in results:
            values = np.full(part.complete[own].shape, np.nan)
            values[cell, day] = result
            full.append(values)
        return (*full, standard[..., -1], standard[..., :-1])

    def _enter(self, part: Tile, own: np.ndarray, used: np.ndarray, mean: np.ndarray, outside: np.ndarray, target: np.ndarray) -> None:
        """Errors by kind in 0-1 units: training with all members, validation by those that have not seen the day, testing, overall."""
        result, row, column = self.result, part.row[own], part.column[own]
        if self.tested is not None:
            centre, scale = (v[row, column, -1][:, np.newaxis] for v in (self.shared.centre, self.shared.scale))
            testing = used & (self.role == splits.TESTING)
            self.tested(row, column, *(np.where(testing, v, np.nan) for v in (part.target[own], centre + scale * mean)))
        unit = self.shared.scale[row, column, -1] / (result.high[row, column, -1] - result.low[row, column, -1])
        true, all_members, blind = (v * unit[:, np.newaxis] for v in (target, mean, outside))
        role = np.where(used, self.role, splits.UNUSED).astype(np.int8)
        errors = errors_by_kind(np.nan_to_num(true), np.nan_to_num(all_members), role)
        left_out = errors_by_kind(np.nan_to_num(true), np.nan_to_num(blind), role)
        errors[:, :, model.KINDS.index("validation")] = left_out[:, :, model.KINDS.index("training")]
        result.errors[:, :, row, column] = np.moveaxis(errors, 0, 2)
        result.status[row, column] = block.TRAINED


def _middle(values: np.ndarray) -> np.ndarray:
    """(F + 1,) mean of the values (cells, days, F + 1) that are there, 0 where none is."""
    there = np.isfinite(values)
    return np.where(there, values, 0.0).sum(axis=(0, 1), dtype=float) / np.maximum(there.sum(axis=(0, 1)), 1)
