"""The way ``network``: one network for all cells, without brightness temperatures, and what the days beside a gap say of its error.

Inputs and soil moisture are standardised by each cell's own mean and spread; descriptors tell the cells apart: means and spreads of the
inputs and of soil moisture, and the correlation of each input with it. The network's error is persistent: it is followed from the known
days into the gap (``persistence``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..foundation.progress import Progress
from ..inputs.derived import season
from ..network import perceptron
from ..network.block import choose_device
from ..statistics import persistence
from ..workers.tasks import Arrays, Values
from .cells import Cells
from .source import Part

#: Neurons of the two hidden layers, samples that train it, days of a block that stays together and every how manieth one validates.
HIDDEN, SAMPLES, BLOCK, EVERY = (48, 48), 300_000, 64, 5

#: Standardised inputs are held within this: a value far outside what was seen says no more than its direction.
LIMIT = 5.0

#: Values predicted at once.
AT_ONCE = 200_000


@dataclass
class Regional:
    """The trained network: its weights, centre and width of the descriptors, and the memory of its error."""

    weights: perceptron.Weights
    centre: np.ndarray
    width: np.ndarray
    memory: persistence.Memory

    def model(self, part: Part, cells: Cells, dates: np.ndarray, progress: Progress) -> np.ndarray:
        """The network alone: (cells, days) float32 standardised soil moisture, NaN where an input is missing."""
        fixed = (descriptors(cells) - self.centre) / self.width
        found = np.full(part.values.shape, np.nan, dtype=np.float32)
        usable = np.flatnonzero(cells.usable)
        if usable.size == 0:
            return found
        length = max(1, AT_ONCE // usable.size)
        for first in range(0, dates.size, length):
            progress.check()
            days = slice(first, first + length)
            daily = _daily([each[usable, days] for each in part.inputs], cells.at(usable), dates[days])
            found[usable, days] = perceptron.predict(self.weights, daily, fixed[usable])
        return found

    def fill(self, part: Part, known: np.ndarray, cells: Cells, dates: np.ndarray, progress: Progress) -> np.ndarray:
        """Soil moisture (cells, days): the network's, corrected by its error on ``known`` days around; NaN where an input is missing."""
        model = self.model(part, cells, dates, progress)
        mean, spread = (v[:, -1:].astype(np.float32) for v in (cells.mean, cells.spread))
        with np.errstate(invalid="ignore", divide="ignore"):
            residual = np.where(known, (part.values - mean) / spread - model, np.nan)
            return mean + spread * (model + persistence.smooth(residual, self.memory))


def descriptors(cells: Cells) -> np.ndarray:
    """(cells, 3 F + 2): means, spreads, correlations."""
    return np.concatenate([cells.mean, np.log(np.maximum(cells.spread, 1e-6)), cells.correlation], axis=1)


def _daily(inputs: list[np.ndarray], cells: Cells, dates: np.ndarray) -> np.ndarray:
    """(cells, days, F + 2) float32: standardised inputs, sine and cosine of the year."""
    shape = (*inputs[0].shape, len(inputs) + 2)
    daily = np.empty(shape, dtype=np.float32)
    for number, each in enumerate(inputs):
        spread = np.maximum(cells.spread[:, number], 1e-6).astype(np.float32)[:, np.newaxis]
        daily[..., number] = np.clip((each - cells.mean[:, number].astype(np.float32)[:, np.newaxis]) / spread, -LIMIT, LIMIT)
    daily[..., -2], daily[..., -1] = season(dates)
    return daily


@dataclass
class Samples:
    """Samples of a tile: daily (N, F + 2), target (N,), the cell of each (N,), whether it validates and whether it is hidden."""

    daily: np.ndarray
    target: np.ndarray
    cell: np.ndarray
    validation: np.ndarray
    hidden: np.ndarray


def sample(part: Part, seen: np.ndarray, cells: Cells, dates: np.ndarray, each: int, generator: np.random.Generator) -> Samples:
    """Up to ``each`` random known days per cell of a tile, those with all inputs; hidden are those not ``seen`` (cells, days)."""
    complete = part.known & cells.usable[:, np.newaxis]
    for values in part.inputs:
        complete = complete & np.isfinite(values)
    draw = np.where(complete, generator.random(complete.shape, dtype=np.float32), np.inf)
    if each < draw.shape[1]:
        limit = np.partition(draw, each, axis=1)[:, each : each + 1]
        complete &= draw < limit
    cell, day = np.nonzero(complete)
    daily = np.empty((cell.size, len(part.inputs) + 2), dtype=np.float32)
    for number, values in enumerate(part.inputs):
        off = (values[cell, day] - cells.mean[cell, number]) / np.maximum(cells.spread[cell, number], 1e-6)
        daily[:, number] = np.clip(off, -LIMIT, LIMIT)
    daily[:, -2], daily[:, -1] = season(dates[day])
    target = (part.values[cell, day] - cells.mean[cell, -1]) / cells.spread[cell, -1]
    block = dates[day].astype(int) // BLOCK
    return Samples(daily, target.astype(np.float32), cell, np.asarray(block % EVERY == 0), ~seen[cell, day])


#: Trains: (daily and fixed inputs, target, validation, seed, device, progress) -> weights; what a training elsewhere can replace.
Trainer = Callable[[np.ndarray, np.ndarray, np.ndarray, int, str, Progress], perceptron.Weights]


def train(values: Values, arrays: Arrays, progress: Progress) -> tuple[Values, Arrays]:
    """The task that trains the network: values seed and device, arrays inputs (N, F), target (N,), validation (N,); its weights."""
    device = choose_device(values["device"])
    found = perceptron.train(
        arrays["inputs"], arrays["target"], arrays["validation"].astype(bool), HIDDEN, values["seed"], device, progress
    )
    return {}, found
