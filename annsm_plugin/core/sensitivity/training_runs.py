"""Trains the runs: networks of many runs in one batch of the trainer, finished groups of cells kept, progress with the time left."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import time

import numpy as np

from ..foundation import store
from ..foundation.progress import Progress
from ..network import block as training
from ..network import function as network
from ..network import splits
from ..training import model
from ..training.cells import errors_by_kind
from .experiments import Run
from .samples import Loaded

#: Bytes of scaled inputs that go to the trainer at once.
BATCH_BYTES = 96 * 2**20


@dataclasses.dataclass
class Trained:
    """What became of the C eligible cells in one run with one seed.

    errors (2, C, measures, kinds) in 0-1 units as a training reports them: on the run's own days, and on the days that the strictest
    threshold keeps; width (C,) range of the target, m3 m-3: what one 0-1 unit is; days (C,); trained (C,) bool.
    """

    errors: np.ndarray
    width: np.ndarray
    days: np.ndarray
    trained: np.ndarray

    @classmethod
    def empty(cls, cells: int) -> Trained:
        """Nothing known yet."""
        shape = (2, cells, len(model.MEASURES), len(model.KINDS))
        return cls(np.full(shape, np.nan), np.full(cells, np.nan), np.zeros(cells, dtype=int), np.zeros(cells, dtype=bool))

    def enter(self, place: np.ndarray, arrays: dict[str, np.ndarray]) -> None:
        """Put a group's arrays in its cells."""
        self.errors[:, place] = arrays["errors"]
        for name in ("width", "days", "trained"):
            getattr(self, name)[place] = arrays[name]


class Clock:
    """How much of the work is done, by the size of the networks, and how long the rest will take."""

    def __init__(self, days: float):
        self._days = days
        self.done = self.left = self.skipped = 0.0
        self._start, self._shown = time.monotonic(), 0.0

    def cost(self, run: Run) -> float:
        """Relative cost of an epoch of one network: the sums over its training days and the solution."""
        return run.weights**2 * (self._days * run.ratio[0] / 100.0 + run.weights / 3.0)

    def told(self, part: float) -> tuple[float, str]:
        """Share of all work done, never less than before, and the time left in words; ``part``: cost done of what is in work."""
        total = max(self.done + self.left, 1e-9)
        self._shown = max(self._shown, min((self.done + part) / total, 1.0))
        trained = self.done + part - self.skipped
        elapsed = time.monotonic() - self._start
        if elapsed < 2.0 or trained <= 0:
            return self._shown, ""
        return self._shown, f"; about {_duration(elapsed / trained * max(total - self.done - part, 0.0))} left"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


class _Stretch(Progress):
    """The trainer's progress, told as that of the whole analysis."""

    def __init__(self, whole: Progress, clock: Clock, cost: float, text: str):
        self._whole, self._clock, self._cost, self._text = whole, clock, cost, text

    def report(self, fraction, text=""):
        share, left = self._clock.told(fraction * self._cost)
        self._whole.report(share, f"{self._text}: {text}{left}" if text else f"{self._text}{left}")

    def cancelled(self):
        return self._whole.cancelled()


class Trainer:
    """Trains runs on the loaded cells; each run once, however often it is asked for.

    ``seconds`` is the time spent inside the trainer. Finished groups of cells are kept in ``checkpoint`` (None: nowhere).
    """

    def __init__(self, loaded: Loaded, asked, checkpoint: store.Checkpoint | None, progress: Progress):
        self.loaded, self.asked, self._checkpoint, self._progress = loaded, asked, checkpoint, progress
        self.found: dict[tuple[Run, int], Trained] = {}
        self.seconds = 0.0
        self.clock = Clock(float(np.mean(np.concatenate([g.complete.sum(axis=1) for g in loaded.groups]))))

    @property
    def cells(self) -> int:
        """Number of eligible cells."""
        return int(self.loaded.cells.sum())

    def train(self, runs, text: str) -> None:
        """Train each of ``runs`` with every seed, those with networks of one shape together; ``text`` says what is going on."""
        new = [run for run in dict.fromkeys(runs) if (run, self.asked.seeds[0]) not in self.found]
        for seed in self.asked.seeds:
            for shape in dict.fromkeys((len(run.inputs), run.hidden) for run in new):
                self._train_shape([run for run in new if (len(run.inputs), run.hidden) == shape], seed, text)

    def _train_shape(self, runs, seed: int, text: str) -> None:
        """Fill batches with groups of cells of runs that share the networks' shape."""
        batch, size = [], 0
        for run in runs:
            self.found[run, seed] = Trained.empty(self.cells)
            for number, group in enumerate(self.loaded.groups):
                self._progress.check()
                cost = self.clock.cost(run) * group.place.size
                arrays = self._checkpoint.load(self._name(run, seed, number)) if self._checkpoint else None
                if arrays is not None:
                    self.found[run, seed].enter(group.place, arrays)
                    self.clock.done += cost
                    self.clock.left -= cost
                    self.clock.skipped += cost
                    continue
                packed = group.pack(run, self.loaded.dates, dataclasses.replace(self.asked.start, seed=seed))
                if batch and size + packed.inputs.nbytes > BATCH_BYTES:
                    self._train_batch(batch, seed, text)
                    batch, size = [], 0
                batch.append((run, number, packed, cost))
                size += packed.inputs.nbytes
        if batch:
            self._train_batch(batch, seed, text)

    def _train_batch(self, batch, seed: int, text: str) -> None:
        """Train one batch of (run, group, samples, cost), which share the networks' shape, and measure the errors."""
        start, hidden = self.asked.start, batch[0][0].hidden
        cost = sum(item[3] for item in batch)
        padding = {"inputs": 0.0, "target": 0.0, "role": splits.UNUSED}
        arrays = [_joined([getattr(item[2], name) for item in batch], fill) for name, fill in padding.items()]
        begin = time.perf_counter()
        block = training.train_block(
            *arrays,
            hidden=hidden,
            restarts=start.restarts,
            seed=seed,
            cells=np.concatenate([self.loaded.groups[number].identities for _, number, _, _ in batch]),
            device=start.device,
            progress=_Stretch(self._progress, self.clock, cost, text),
        )
        self.seconds += time.perf_counter() - begin
        first = 0
        for run, number, packed, own in batch:
            count = packed.inputs.shape[0]
            arrays = self._measured(self.loaded.groups[number], packed, block.weights[first : first + count], hidden)
            first += count
            if self._checkpoint:
                self._checkpoint.save(self._name(run, seed, number), **arrays)
            self.found[run, seed].enter(self.loaded.groups[number].place, arrays)
            self.clock.done += own
            self.clock.left -= own

    def _measured(self, group, packed, weights, hidden: int) -> dict[str, np.ndarray]:
        """Errors of one group's networks on the run's own days and on those that the strictest threshold keeps."""
        predicted = network.predict(weights, packed.inputs, hidden)
        errors = errors_by_kind(packed.target, predicted, packed.role)
        same = errors
        if self.asked.strictest is not None:
            day = np.searchsorted(self.loaded.dates, packed.dates)
            kept = np.take_along_axis(group.kept(self.asked.strictest), day, axis=1)
            role = np.where(kept, packed.role, splits.UNUSED)
            same = errors if (role == packed.role).all() else errors_by_kind(packed.target, predicted, role)
        return {
            "errors": np.stack([errors, same]),
            "width": packed.high[:, -1] - packed.low[:, -1],
            "days": (packed.role != splits.UNUSED).sum(axis=1),
            "trained": np.isfinite(weights).all(axis=1),
        }

    def _name(self, run: Run, seed: int, group: int) -> str:
        key = json.dumps([dataclasses.astuple(run), seed, group])
        return hashlib.sha256(key.encode()).hexdigest()[:24]


def _joined(arrays, fill) -> np.ndarray:
    """The arrays (B, N, ...) one after the other along B, each padded with ``fill`` to the longest N."""
    longest = max(a.shape[1] for a in arrays)
    out = np.full((sum(a.shape[0] for a in arrays), longest, *arrays[0].shape[2:]), fill, dtype=arrays[0].dtype)
    first = 0
    for a in arrays:
        out[first : first + a.shape[0], : a.shape[1]] = a
        first += a.shape[0]
    return out
