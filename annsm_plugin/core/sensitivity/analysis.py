"""The analysis: each experiment at the best setting of the one before, the choices, and the errors of all runs (paper section 4.1)."""

from __future__ import annotations

import dataclasses
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..foundation import blocks, machine, needs, store
from ..foundation.errors import AnnsmError, CubeError
from ..foundation.grid import Grid
from ..foundation.needs import steps
from ..foundation.paths import PathLike
from ..foundation.progress import SILENT, Progress
from ..training import model
from ..training.settings import placed
from ..workers import run as workers
from . import statistics, words
from .experiments import Run, expected, rounds, simplicity
from .request import SensitivityRequest
from .samples import Loaded, load
from .settings import Asked, check
from .training_runs import Trained, Trainer, seconds

#: The paper's choice, and its mean R and RMSE (0-1 units inferred) of the overall samples at it (section 4.1, Figure 3).
PAPER = {
    "inputs": ("F1-F5 + SM + ST + LST + LAI", 0.89, 0.099),
    "neurons": ("12", 0.89, 0.099),
    "ratios": ("80/10/10", 0.90, 0.097),
    "thresholds": ("8.75", 0.90, 0.096),
}

#: The unit of the RMSE that chooses. Screening changes a cell's range, and with it what a 0-1 unit is; there m3 m-3 decides.
CHOSEN_BY = {"inputs": "rmse", "neurons": "rmse", "ratios": "rmse", "thresholds": "rmse_m3"}


#: The errors of every run with every seed.
Found = dict[tuple[Run, int], Trained]


@dataclass
class Entry:
    """One run in one experiment. ``means[(measure, kind)]`` and ``means_same[...]`` (on the days that the strictest threshold keeps) are
    (mean, standard deviation over cells, over seeds); ``seeds[seed][(measure, kind)]`` the means of one seed. ``days``: mean number of days
    per cell. ``difference``: error that chooses minus the best run's, with the half width of its 95 % interval; ``reused``: the same
    networks as an earlier run.
    """

    experiment: str
    label: str
    run: Run
    reused: bool
    best: bool = False
    means: dict[tuple[str, str], Any] = field(default_factory=dict)
    means_same: dict[tuple[str, str], Any] = field(default_factory=dict)
    seeds: dict[int, dict[tuple[str, str], float]] = field(default_factory=dict)
    days: float = float("nan")
    difference: tuple[float, float] = (float("nan"), float("nan"))

    @property
    def beyond_chance(self) -> bool | None:
        """Whether the run is worse than the best by more than chance; None if that is not known."""
        amount, half = self.difference
        return None if not np.isfinite(half) else bool(amount > half)


@dataclass
class SensitivityResult:
    """All runs in order, the ``best`` setting of all experiments, and the maps (rows, columns).

    cells: bool, trained in every run; days: complete days kept unscreened; removed: days that each threshold (mm) removes.
    ``training_seconds``: time that training the networks took, ``seconds``: that of the whole analysis.
    """

    asked: Asked
    grid: Grid
    entries: list[Entry]
    best: Run
    cells: np.ndarray
    days: np.ndarray
    removed: dict[float, np.ndarray]
    attributes: dict[str, Any]
    seconds: float
    training_seconds: float
    ignored_screening: bool
    summary: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    checkpoint: store.Checkpoint | None = None

    def of(self, experiment: str) -> list[Entry]:
        """The runs of one experiment, in order."""
        return [entry for entry in self.entries if entry.experiment == experiment]

    def chosen(self, experiment: str) -> Entry:
        """The best run of one experiment."""
        return next(entry for entry in self.of(experiment) if entry.best)


def analyse(cube: PathLike, *, keep: PathLike | None = None, progress: Progress | None = None, **options: Any) -> SensitivityResult:
    """Run the experiments on ``cube`` without writing files: ``experiment`` with its request written as keywords.

    keep: the output's path, beside which finished work is kept; the result's ``checkpoint`` is to be cleared once the output is written.
    """
    return experiment(SensitivityRequest(cube=cube, **options), keep, progress)


def experiment(request: SensitivityRequest, keep: PathLike | None = None, progress: Progress | None = None) -> SensitivityResult:
    """Run the experiments that are asked for. Raises what ``settings.check`` raises, and ``Cancelled``.

    Days, cells, scaling, split and initial weights are those of ``training.train`` with the same settings and seed on the days on which
    all inputs are complete.
    """
    progress, begin = progress or SILENT, time.perf_counter()
    asked = check(request)
    with needs.granted(_need(request, asked, keep), progress):
        return _experiment(request, asked, keep, progress, begin)


def _need(request: SensitivityRequest, asked: Asked, keep: PathLike | None) -> needs.Need:
    """Space for the finished groups of cells and for samples that do not fit in memory, and memory."""
    with store.open_grid(request.cube, kind="cube") as data:
        cells, dates = data["lat"].size * data["lon"].size, blocks.dates_of(data)
        days = blocks.days_between(dates, asked.start.start, asked.start.end, request.cube, "training period")
    runs = sum(len(expected(name, asked.setting, asked)) for name in asked.experiments) * len(asked.seeds)
    table = keep or Path(tempfile.gettempdir()) / "sensitivity"
    workers = 1 if request.scheduler else machine.cores()
    return steps.sensitivity(table, cells, days.stop - days.start, len(asked.inputs), runs, workers)


def _experiment(request: SensitivityRequest, asked: Asked, keep: PathLike | None, progress: Progress, begin: float) -> SensitivityResult:
    """What ``experiment`` does once it is granted what it needs."""
    cube = request.cube
    checkpoint = _checkpoint(cube, asked, keep, progress)
    try:
        loaded = load(cube, asked, checkpoint.folder / "cells" if checkpoint else None, progress.part(0.0, 0.02))
    except CubeError:
        if checkpoint:
            checkpoint.clear()
        raise
    if checkpoint and checkpoint.count():
        progress.info(f"Going on with {checkpoint.count()} finished blocks of an earlier run.")
    device, where = placed(request, seconds(asked, loaded))
    with workers.Crew(where, seconds(asked, loaded)) as crew:
        trainer = Trainer(loaded, asked, device, crew, checkpoint, progress.part(0.02, 1.0))
        entries, best, use = decide(asked, trainer)
    for name in asked.experiments:
        _measure([entry for entry in entries if entry.experiment == name], asked, trainer.found, use)
    result = _result(asked, loaded, entries, best, use, trainer.seconds, begin)
    words.say(result)
    result.checkpoint = checkpoint
    progress.report(1.0, "Sensitivity analysed")
    return result


def _checkpoint(cube: PathLike, asked: Asked, keep: PathLike | None, progress: Progress) -> store.Checkpoint | None:
    """Keyed to what every block depends on, so that a longer list of runs can go on with the finished ones."""
    if not keep:
        return None
    start = dataclasses.replace(asked.start, hidden=0, ratio=(0, 0, 0), seed=0)
    return store.Checkpoint(
        keep,
        {"cube": store.checksum(cube, progress), "start": dataclasses.asdict(start), "strictest": asked.strictest, "step": "sensitivity"},
        progress,
    )


def decide(asked: Asked, trainer: Trainer) -> tuple[list[Entry], Run, np.ndarray]:
    """Train and choose; return the entries, the best setting, and which eligible cells every run could train (C,).

    Where a run could not train a cell, all is chosen anew without that cell; networks that are there are not trained again.
    """
    use = np.ones(trainer.cells, dtype=bool)
    while True:
        entries, best = _chain(asked, trainer, use)
        trained = np.logical_and.reduce([trainer.found[entry.run, seed].trained for entry in entries for seed in asked.seeds])
        if not (use & ~trained).any():
            return entries, best, use
        use &= trained
        if not use.any():
            raise AnnsmError("No cell could be trained in every run: in each, the target or all inputs are constant in some run.")


def _chain(asked: Asked, trainer: Trainer, use: np.ndarray) -> tuple[list[Entry], Run]:
    setting = asked.setting
    entries: list[Entry] = []
    for number, experiment in enumerate(asked.experiments):
        stages = rounds(experiment, setting, asked)
        count, own = len(expected(experiment, setting, asked)), list[Entry]()
        stage: list[tuple[str, Run]] | None = next(stages)
        while stage is not None:
            _plan(asked, trainer, setting, asked.experiments[number:], len(own))
            first, last = len(own) + 1, len(own) + len(stage)
            which = f"{first}" if first == last else f"{first}-{last}"
            earlier = {entry.run for entry in entries}
            trainer.train([run for _, run in stage], f"{experiment.capitalize()}, run {which} of {count}")
            batch = [Entry(experiment, label, run, run in earlier) for label, run in stage]
            own += batch
            entries += batch
            try:
                stage = stages.send(_best(batch, asked, trainer.found, use).run)
            except StopIteration:
                stage = None
        winner = _best(own, asked, trainer.found, use)
        winner.best, setting = True, winner.run
    return entries, setting


def _plan(asked: Asked, trainer: Trainer, setting: Run, experiments: Sequence[str], finished: int) -> None:
    """Tell the clock what is left to be trained, ``finished`` runs of the first of ``experiments`` being done."""
    ahead = expected(experiments[0], setting, asked)[finished:]
    ahead += [run for experiment in experiments[1:] for run in expected(experiment, setting, asked) if run != setting]
    ahead = [run for run in ahead if (run, asked.seeds[0]) not in trainer.found]
    trainer.clock.left = sum(trainer.clock.cost(run) for run in ahead) * trainer.cells * len(asked.seeds)


def error(entry: Entry, asked: Asked, found: Found, use: np.ndarray) -> list[np.ndarray]:
    """(cells,) per seed: the error that chooses."""
    measure = CHOSEN_BY[entry.experiment]
    return [statistics.values(found[entry.run, seed], measure, asked.choose)[use] for seed in asked.seeds]


def _best(entries: list[Entry], asked: Asked, found: Found, use: np.ndarray) -> Entry:
    """The lowest mean error; between equals the simpler run, then the earlier."""

    def rank(entry: Entry) -> tuple[float, float]:
        mean = statistics.over_seeds(error(entry, asked, found, use))[0]
        return (mean if np.isfinite(mean) else np.inf, simplicity(entry.experiment, entry.run))

    return min(entries, key=rank)


def _measure(entries: list[Entry], asked: Asked, found: Found, use: np.ndarray) -> None:
    """Fill the entries of one experiment with their means and differences."""
    winner = error(next(entry for entry in entries if entry.best), asked, found, use)
    for entry in entries:
        runs = {seed: found[entry.run, seed] for seed in asked.seeds}
        for measure in statistics.MEASURES:
            for kind in model.KINDS:
                own = [statistics.values(trained, measure, kind)[use] for trained in runs.values()]
                same = [statistics.values(trained, measure, kind, statistics.SAME)[use] for trained in runs.values()]
                entry.means[measure, kind] = statistics.over_seeds(own)
                entry.means_same[measure, kind] = statistics.over_seeds(same)
                for seed, one in zip(asked.seeds, own):
                    entry.seeds.setdefault(seed, {})[measure, kind] = statistics.mean(one)
        entry.days = statistics.mean(runs[asked.seeds[0]].days[use].astype(float))
        entry.difference = statistics.difference(error(entry, asked, found, use), winner)


def _result(
    asked: Asked, loaded: Loaded, entries: list[Entry], best: Run, use: np.ndarray, training_seconds: float, begin: float
) -> SensitivityResult:
    cells = np.zeros(loaded.grid.shape, dtype=bool)
    cells[loaded.cells] = use
    return SensitivityResult(
        asked=asked,
        grid=loaded.grid,
        entries=entries,
        best=best,
        cells=cells,
        days=loaded.days,
        removed=loaded.removed,
        attributes=loaded.attributes,
        seconds=time.perf_counter() - begin,
        training_seconds=training_seconds,
        ignored_screening=loaded.ignored_screening,
        warnings=list(loaded.warnings),
    )
