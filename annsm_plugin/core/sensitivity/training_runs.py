"""Trains the runs, the networks of several runs in one batch; keeps finished groups of cells; tells progress and the time left."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import time
from collections.abc import Iterable, Iterator

import numpy as np

from ..foundation import store
from ..foundation.progress import Progress
from ..network import block, function, splits
from ..training import model
from ..training.cells import SAMPLES, SECONDS_PER_NETWORK, errors_by_kind
from ..training.samples import Samples
from ..training.settings import Settings
from ..workers.run import Crew
from ..workers.tasks import Arrays, Block, Values
from .experiments import Run, expected
from .samples import Group, Loaded
from .settings import Asked

#: Bytes of scaled inputs that go to the trainer at once.
BATCH_BYTES = 96 * 2**20


@dataclasses.dataclass
class Trained:
    """The networks' errors in the C eligible cells, of one run with one seed.

    errors (2, C, measures, kinds) in 0-1 units as a training reports them: on the run's own days, and on the days that the strictest
    threshold keeps; width (C,) range of the target, m3 m-3: what one 0-1 unit is; days (C,); trained (C,) bool.
    """

    errors: np.ndarray
    width: np.ndarray
    days: np.ndarray
    trained: np.ndarray

    @classmethod
    def empty(cls, cells: int) -> Trained:
        """All cells without a network."""
        shape = (2, cells, len(model.MEASURES), len(model.KINDS))
        return cls(np.full(shape, np.nan), np.full(cells, np.nan), np.zeros(cells, dtype=int), np.zeros(cells, dtype=bool))

    def enter(self, place: np.ndarray, arrays: dict[str, np.ndarray]) -> None:
        """Put a group's arrays in its cells."""
        self.errors[:, place] = arrays["errors"]
        for name in ("width", "days", "trained"):
            getattr(self, name)[place] = arrays[name]


class Clock:
    """How much of the work is done, by the size of the networks, and how long the rest will take."""

    def __init__(self, days: float) -> None:
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

    def __init__(self, whole: Progress, clock: Clock, cost: float, text: str) -> None:
        self._whole, self._clock, self._cost, self._text = whole, clock, cost, text

    def report(self, fraction: float, text: str = "") -> None:
        share, left = self._clock.told(fraction * self._cost)
        self._whole.report(share, f"{self._text}: {text}{left}" if text else f"{self._text}{left}")

    def cancelled(self) -> bool:
        return self._whole.cancelled()


class Trainer:
    """Trains runs on the loaded cells; each run once, however often it is asked for.

    ``seconds`` is the time spent inside the trainer, by the clock. Finished groups of cells are kept in ``checkpoint`` (None: nowhere).
    """

    def __init__(
        self, loaded: Loaded, asked: Asked, device: str, crew: Crew, checkpoint: store.Checkpoint | None, progress: Progress
    ) -> None:
        self.loaded, self.asked, self._device, self._crew = loaded, asked, device, crew
        self._checkpoint, self._progress = checkpoint, progress
        self.found: dict[tuple[Run, int], Trained] = {}
        self.seconds = 0.0
        self.clock = Clock(float(np.mean(np.concatenate([group.pairs for group in loaded.groups]))))

    @property
    def cells(self) -> int:
        """Number of eligible cells."""
        return int(self.loaded.cells.sum())

    def train(self, runs: Iterable[Run], text: str) -> None:
        """Train each of ``runs`` with every seed, those with networks of one shape together; ``text`` says what is going on."""
        new = [run for run in dict.fromkeys(runs) if (run, self.asked.seeds[0]) not in self.found]
        for seed in self.asked.seeds:
            for shape in dict.fromkeys((len(run.inputs), run.hidden) for run in new):
                self._train_shape([run for run in new if (len(run.inputs), run.hidden) == shape], seed, text)

    def _train_shape(self, runs: list[Run], seed: int, text: str) -> None:
        """Train groups of cells of runs that share the networks' shape, batch by batch."""
        items, cost = [], 0.0
        for run in runs:
            self.found[run, seed] = Trained.empty(self.cells)
            for number, group in enumerate(self.loaded.groups):
                self._progress.check()
                size = self.clock.cost(run) * group.place.size
                arrays = self._checkpoint.load(self._name(run, seed, number)) if self._checkpoint else None
                if arrays is None:
                    items.append((run, number))
                    cost += size
                    continue
                self.found[run, seed].enter(group.place, arrays)
                self.clock.done += size
                self.clock.left -= size
                self.clock.skipped += size
        batches = list(self._batches(items))
        source = (self._block(number, batch, seed) for number, batch in enumerate(batches))
        told = _Stretch(self._progress, self.clock, cost, text)
        task = "sensitivity.training_runs:train_batch"
        for name, values, arrays in self._crew.run(task, source, total=cost, progress=told):
            self.seconds += values["seconds"] / self._crew.size
            for place, (run, number) in enumerate(batches[int(name)]):
                own = {key: arrays[f"{place}/{key}"] for key in ("errors", "width", "days", "trained")}
                if self._checkpoint:
                    self._checkpoint.save(self._name(run, seed, number), **own)
                self.found[run, seed].enter(self.loaded.groups[number].place, own)
        self.clock.done += cost
        self.clock.left -= cost

    def _batches(self, items: list[tuple[Run, int]]) -> Iterator[list[tuple[Run, int]]]:
        """The items in batches of about ``BATCH_BYTES`` of scaled inputs; smaller ones where several workers wait for them."""
        limit = BATCH_BYTES if self._crew.size == 1 else BATCH_BYTES // 8
        batch: list[tuple[Run, int]] = []
        size = 0
        for run, number in items:
            own = math.prod(self.loaded.groups[number].shape) * (len(run.inputs) + 1) * 8
            if batch and size + own > limit:
                yield batch
                batch, size = [], 0
            batch.append((run, number))
            size += own
        if batch:
            yield batch

    def _block(self, number: int, batch: list[tuple[Run, int]], seed: int) -> Block:
        """A batch as a block of work: each group of cells is sent once, whatever the number of its runs."""
        start = dataclasses.replace(self.asked.start, seed=seed)
        arrays: Arrays = {"dates": self.loaded.dates}
        for _, group in batch:
            if f"{group}/target" not in arrays:
                arrays.update({f"{group}/{name}": array for name, array in self.loaded.groups[group].arrays().items()})
        values = {
            "asked": start.values(),
            "device": self._device,
            "strictest": self.asked.strictest,
            "items": [[dataclasses.asdict(run), group] for run, group in batch],
        }
        weight = sum(self.clock.cost(run) * self.loaded.groups[group].place.size for run, group in batch)
        return Block(str(number), values, arrays, weight)

    def _name(self, run: Run, seed: int, group: int) -> str:
        key = json.dumps([dataclasses.astuple(run), seed, group])
        return hashlib.sha256(key.encode()).hexdigest()[:24]


def train_batch(values: Values, arrays: Arrays, progress: Progress) -> tuple[Values, Arrays]:
    """The task: train groups of cells of runs whose networks have one shape together, and measure their errors.

    values: asked (``Settings.values``), device, strictest threshold, items [run, group]; arrays: dates, and those of every group under
    "group/". Gives what ``Trained`` holds of every item under "item/", and the seconds that training took.
    """
    asked, dates, strictest = Settings.of(values["asked"]), arrays["dates"], values["strictest"]
    items = []
    for run, number in values["items"]:
        run = Run(tuple(run["inputs"]), run["hidden"], tuple(run["ratio"]), run["threshold"])
        group = Group.of({name.split("/")[1]: array for name, array in arrays.items() if name.startswith(f"{number}/")}, asked.inputs)
        items.append((run, group, group.pack(run, dates, asked)))
    padding = {"inputs": 0.0, "target": 0.0, "role": splits.UNUSED}
    joined = [_joined([getattr(samples, name) for _, _, samples in items], fill) for name, fill in padding.items()]
    begin = time.perf_counter()
    trained = block.train_block(
        *joined,
        hidden=items[0][0].hidden,
        restarts=asked.restarts,
        seed=asked.seed,
        cells=np.concatenate([group.identities for _, group, _ in items]),
        device=values["device"],
        progress=progress,
    )
    seconds = time.perf_counter() - begin
    found, first = {}, 0
    for place, (run, group, samples) in enumerate(items):
        weights = trained.weights[first : first + samples.inputs.shape[0]]
        first += samples.inputs.shape[0]
        own = _measured(group, samples, weights, run.hidden, dates, strictest)
        found.update({f"{place}/{name}": array for name, array in own.items()})
    return {"seconds": seconds}, found


def _measured(
    group: Group, packed: Samples, weights: np.ndarray, hidden: int, dates: np.ndarray, strictest: float | None
) -> dict[str, np.ndarray]:
    """Errors of one group's networks on the run's own days and on those that the strictest threshold keeps."""
    predicted = function.predict(weights, packed.inputs, hidden)
    errors = errors_by_kind(packed.target, predicted, packed.role)
    same = errors
    if strictest is not None:
        day = np.searchsorted(dates, packed.dates)
        kept = np.take_along_axis(group.kept(strictest), day, axis=1)
        role = np.where(kept, packed.role, splits.UNUSED)
        same = errors if (role == packed.role).all() else errors_by_kind(packed.target, predicted, role)
    return {
        "errors": np.stack([errors, same]),
        "width": packed.high[:, -1] - packed.low[:, -1],
        "days": (packed.role != splits.UNUSED).sum(axis=1),
        "trained": np.isfinite(weights).all(axis=1),
    }


def seconds(asked: Asked, loaded: Loaded) -> float:
    """About how long all runs take on one core: to judge whether starting workers pays."""
    runs = sum(len(expected(name, asked.setting, asked)) for name in asked.experiments) * len(asked.seeds) * asked.start.restarts
    days = sum(float(group.pairs.sum()) for group in loaded.groups)
    return runs * days * SECONDS_PER_NETWORK / SAMPLES


def _joined(arrays: list[np.ndarray], fill: float) -> np.ndarray:
    """The arrays (B, N, ...) one after the other along B, each padded with ``fill`` to the longest N."""
    longest = max(a.shape[1] for a in arrays)
    out = np.full((sum(a.shape[0] for a in arrays), longest, *arrays[0].shape[2:]), fill, dtype=arrays[0].dtype)
    first = 0
    for a in arrays:
        out[first : first + a.shape[0], : a.shape[1]] = a
        first += a.shape[0]
    return out
