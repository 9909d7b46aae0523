"""Trains one network per cell of a cube, tile by tile, and writes the model file. Paper section 3.1.

A cell's network depends on its own days, the settings and the seed alone: not on the region, the tile or its neighbours.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..foundation import blocks, machine, needs, store
from ..foundation.errors import CubeError
from ..foundation.grid import Grid
from ..foundation.needs import steps
from ..foundation.paths import PathLike
from ..foundation.progress import SILENT, Progress
from ..inputs import derived
from ..network import block, members, splits
from ..workers import run as workers
from ..workers.run import Where
from ..workers.tasks import Block
from . import cells, model, regional, report, samples
from .request import RANDOM_SPLIT, TrainRequest
from .settings import TARGET, Settings, check, placed, ratios_of
from .shared import OWN

#: Cells trained in one call and kept as one checkpoint: few enough that all workers have work to the end, many for a GPU.
CELLS_PER_BLOCK = {"cpu": 128, "cuda": 4096}

#: The paper's means over all cells, overall samples (section 5.2); RMSE in 0-1 units (inferred).
PAPER = {"r": 0.90, "rmse": 0.096}

#: Status codes given here, beside the trainer's own.
STATUS_MEANINGS = {model.NO_DATA: "no complete day", model.TOO_FEW: "too few complete days"}

#: The code that the shared network of a region adds.
REGIONAL_MEANINGS = {regional.UNTRAINED: "values from the network of the region: too few complete days"}


@dataclass
class TrainResult:
    """The model and its path, with what is shown of it: maps (rows, columns), summary, warnings, means over the cells.

    ``r`` and ``rmse`` are those of the overall samples, RMSE in 0-1 units; ``status`` holds the codes of ``status_meanings``.
    ``means[kind]`` has mean R, RMSE (0-1), BIAS, ``rmse_m3`` and ``bias_m3`` (m3 m-3) over the trained cells.
    """

    path: Path
    grid: Grid
    r: np.ndarray
    rmse: np.ndarray
    status: np.ndarray
    status_meanings: dict[int, str]
    summary: list[str]
    warnings: list[str]
    means: dict[str, dict[str, float]]
    paper: dict[str, float]
    model: model.Model


def train(cube: PathLike, output: PathLike, *, progress: Progress | None = None, **options: Any) -> TrainResult:
    """Train the cells of ``cube`` and write the model ``output``: ``run`` with its request written as keywords (see ``TrainRequest``)."""
    return run(TrainRequest(cube=cube, output=output, **options), progress)


@store.step
def run(request: TrainRequest, progress: Progress | None = None) -> TrainResult:
    """Train every cell of the request's cube that has enough complete days; write the model, and the maps and report if asked for.

    Raises what ``check`` raises; ``CubeError`` if no cell has enough days; ``Cancelled``.
    """
    progress = progress or SILENT
    asked = check(request)
    cube, output = request.cube, request.output
    trainer = request.trainer or (
        members.Settings() if asked.method != "cell" else block.Settings(regularization=ratios_of(request.regularization))
    )
    with store.open_grid(cube, kind="cube", needs=(TARGET, *derived.needs(asked.inputs))) as data:
        data = blocks.north_first(data)
        grid = store.grid_of(data)
        dates = blocks.dates_of(data)
        days = blocks.days_between(dates, asked.start, asked.end, cube, "training period")
        settings = {"cube": store.checksum(cube, progress), "asked": dataclasses.asdict(asked), "trainer": dataclasses.asdict(trainer)}
        result = empty(grid, asked)
        work = _regional if asked.method != "cell" else _cells
        length = days.stop - days.start
        drawn = 0 if asked.method == "cell" else min(regional.MOST_SAMPLES, result.status.size * length)
        seconds = regional.seconds(asked, grid, days) if asked.method != "cell" else _seconds(asked, grid, days)
        device, place = placed(request, seconds)
        at_once = 1 if place.scheduler or place.here else machine.cores()
        each = result.bytes_of_a_cell
        need = steps.training(output, result.status.size, length, len(asked.inputs), each, drawn, at_once, CELLS_PER_BLOCK[device])
        with needs.granted(need, progress):
            screened, checkpoint = work(request, data, dates, days, asked, trainer, settings, result, device, place, progress)
        left_out = blocks.sieve(data).sentences(checkpoint)
        result.attributes.update(_attributes(data, cube, asked, trainer, grid, days, dates))
    result.status_meanings = {**block.STATUS, **STATUS_MEANINGS, **(REGIONAL_MEANINGS if asked.method != "cell" else {})}
    result.stop_meanings = {**block.STOP_REASONS, -1: "not trained"}
    if not result.trained.any():
        checkpoint.clear()
        raise CubeError(
            cube,
            f"no cell with {asked.min_pairs} complete days from {asked.start} to {asked.end}",
            "at least one; use a longer period, another SMAP quality or fewer inputs",
        )
    model.write(output, result, f"train {Path(cube).name}")
    done = _result(Path(output), result, asked, screened, left_out)
    for path, values, title in (
        (request.r, done.r, "R (training)"),
        (request.rmse, done.rmse, "RMSE (training, 0-1)"),
        (request.status, done.status, "Status (training)"),
    ):
        if path:
            store.write_raster(path, values, done.grid, bands=(title,))
    if request.report:
        report.write(request.report, done)
    checkpoint.clear()
    return done


def _cells(
    request: TrainRequest, data: Any, dates: np.ndarray, days: slice, asked: Settings, trainer: Any, settings: dict[str, Any],
    result: model.Model, device: str, where: Where, progress: Progress,
) -> tuple[int, store.Checkpoint]:  # fmt: skip
    """Train a network per cell; returns the count of screened days, and the checkpoint."""
    seconds = _seconds(asked, result.grid, days)
    size = CELLS_PER_BLOCK[device]
    checkpoint = _checkpoint(request, {**settings, "size": size}, progress)
    places = _Places({})
    source = _blocks(data, dates, days, asked, cells.message(asked, trainer, device), checkpoint, result, places, size, progress)
    for name, _, arrays in workers.run(
        "training.cells:train", source, where, seconds=seconds, total=float(result.status.size), progress=progress
    ):
        checkpoint.save(name, **arrays)
        _enter(result, arrays, *places.of.pop(name))
    return places.screened_days, checkpoint


def _regional(
    request: TrainRequest, data: Any, dates: np.ndarray, days: slice, asked: Settings, trainer: Any, settings: dict[str, Any],
    result: model.Model, device: str, where: Where, progress: Progress,
) -> tuple[int, store.Checkpoint]:  # fmt: skip
    """Train one ensemble for all cells; returns the count of screened days, and the checkpoint."""
    checkpoint = _checkpoint(request, settings, progress)
    region = regional.Region(data, request.cube, days, dates, asked, result)
    region.folder = checkpoint.folder / "judged"
    region.train(where, device, checkpoint, trainer, progress)
    return region.screened_days, checkpoint


def _checkpoint(request: TrainRequest, settings: dict[str, Any], progress: Progress) -> store.Checkpoint:
    checkpoint = store.Checkpoint(request.output, settings, progress)
    if checkpoint.count():
        progress.info(f"Going on with {checkpoint.count()} finished blocks of an earlier run.")
    return checkpoint


def _seconds(asked: Settings, grid: Grid, days: slice) -> float:
    """About how long the networks take on one core, if every cell had every day."""
    return grid.shape[0] * grid.shape[1] * asked.restarts * (days.stop - days.start) * cells.SECONDS_PER_NETWORK / cells.SAMPLES


def empty(grid: Grid, asked: Settings) -> model.Model:
    """A model without any trained cell."""
    shape, inputs = grid.shape, len(asked.inputs)
    parameters = asked.hidden * (inputs + 2) + 1
    return model.Model(
        grid=grid,
        inputs=list(asked.inputs),
        hidden=asked.hidden,
        combine="average" if asked.combine == "best_half" else asked.combine,
        weights=np.full((*shape, cells.kept(asked) if asked.method == "cell" else 1, parameters), np.nan),
        best=np.zeros(shape, dtype=np.int32),
        low=np.full((*shape, inputs + 1), np.nan),
        high=np.full((*shape, inputs + 1), np.nan),
        errors=np.full((len(model.MEASURES), len(model.KINDS), *shape), np.nan),
        status=np.full(shape, model.NO_DATA, dtype=np.int32),
        epochs=np.zeros(shape, dtype=np.int32),
        stop_reason=np.full(shape, -1, dtype=np.int32),
        mu=np.full(shape, np.nan),
        single_rmse=np.full(shape, np.nan),
        status_meanings={},
        stop_meanings={},
    )


@dataclass
class _Places:
    """Where the cells of each block lie, and what reading the cube has counted."""

    of: dict[str, tuple[np.ndarray, np.ndarray]]
    screened_days: int = 0


def _blocks(
    data: Any, dates: np.ndarray, days: slice, asked: Settings, values: dict[str, Any], checkpoint: store.Checkpoint, result: model.Model,
    places: _Places, size: int, progress: Progress,
) -> Iterator[Block]:  # fmt: skip
    """Read the cube tile by tile and give its cells out block by block; blocks that an earlier run has finished are entered at once."""
    progress.report(0.0, "Reading the cube")
    identities = splits.cell_ids(result.grid)
    for tile in blocks.tiles(result.grid.shape, days.stop - days.start, len(asked.inputs) + 1):
        part = samples.read_tile(data, days, tile, asked.inputs, progress)
        row, column, pairs = part.row, part.column, part.complete.sum(axis=1)
        places.screened_days += part.screened_days
        result.status[row, column] = np.where(pairs == 0, model.NO_DATA, model.TOO_FEW)
        result.errors[model.MEASURES.index("n"), :, row, column] = 0
        result.errors[model.MEASURES.index("n"), model.KINDS.index("overall"), row, column] = pairs
        groups = part.groups(asked.min_pairs, size)
        for number, own in enumerate(groups):
            name = f"{tile[0].start}-{tile[0].stop}-{tile[1].start}-{size}-{number}"  # of tiles of another size nothing is taken
            arrays = checkpoint.load(name)
            if arrays is not None:
                _enter(result, arrays, row[own], column[own])
                continue
            places.of[name] = row[own], column[own]
            given = {
                "inputs": np.stack([of[own] for of in part.inputs]),
                "target": part.target[own],
                "complete": part.complete[own],
                "dates": dates[days],
                "identities": identities[row[own], column[own]],
            }
            yield Block(name, values, given, weight=row.size / len(groups))
            del given
        del part  # before the next tile is read


def _enter(result: model.Model, arrays: Any, row: Any, column: Any) -> None:
    """Put one block's arrays in their cells."""
    for name in ("weights", "best", "low", "high", "status", "epochs", "stop_reason", "mu", "single_rmse"):
        getattr(result, name)[row, column] = arrays[name]
    result.errors[:, :, row, column] = np.moveaxis(arrays["errors"], 0, 2)


def _attributes(data: Any, cube: PathLike, asked: Settings, trainer: Any, grid: Grid, days: slice, dates: np.ndarray) -> dict:
    """Global attributes: the cube's identity and provenance, and every setting."""
    copied = {name: value for name, value in data.attrs.items() if name not in ("Conventions", "software", "annsm_kind", "history")}
    return {
        **copied,
        "title": f"ANN-SM model: {model.TITLES[asked.method]}",
        **({"method": asked.method} if asked.method != "cell" else {}),
        "cube": Path(cube).name,
        "training_start": str(asked.start),
        "training_end": str(asked.end),
        "training_days": np.int32(days.stop - days.start),
        "ratio": "/".join(map(str, asked.ratio)),
        "split": asked.split,
        "restarts": np.int32(asked.restarts),
        "restarts_combined": asked.combine,
        **({"regularization": " ".join(f"{ratio:g}" for ratio in trainer.regularization)} if asked.method == "cell" else {}),
        "seed": np.int64(asked.seed),
        "min_pairs": np.int32(asked.min_pairs),
        "device": asked.device,
        "trainer_settings": json.dumps(dataclasses.asdict(trainer)),
        store.provenance.INPUT_FILES: store.provenance.joined([store.provenance.one("cube", cube)], data.attrs),
        "history": str(data.attrs.get("history", "")),
    }


def means_of(trained: model.Model) -> dict[str, dict[str, float]]:
    """Mean R, RMSE and BIAS (0-1 and m3 m-3) per sample kind over the cells with a network, NaN where no cell has one."""
    means = {}
    for number, kind in enumerate(model.KINDS):
        r, rmse, bias, _ = trained.errors[:, number]
        values = {"r": r, "rmse": rmse, "bias": np.abs(bias), "rmse_m3": rmse * trained.width, "bias_m3": np.abs(bias) * trained.width}
        means[kind] = {name: _mean(np.where(trained.trained, value, np.nan)) for name, value in values.items()}
    return means


def _mean(values: np.ndarray) -> float:
    values = values[np.isfinite(values)]
    return float(values.mean()) if values.size else float("nan")


def _result(path: Path, trained: model.Model, asked: Settings, screened_days: int, warnings: list[str]) -> TrainResult:
    """Count the cells by status and write the summary; ``warnings``: what reading the cube has to say."""
    means = means_of(trained)
    has = trained.trained if trained.shared is None else trained.shared.source == OWN
    lines = [f"{int(has.sum())} of {has.size} cells trained ({asked.start} to {asked.end}, at least {asked.min_pairs} complete days)."]
    for code, text in trained.status_meanings.items():
        count = int((trained.status == code).sum())
        if count:
            lines.append(f"{count} cells: {text}.")
    pairs = trained.error("n")[has]
    lines.append(f"Complete days per trained cell: {int(pairs.min())} to {int(pairs.max())}, median {int(np.median(pairs))}.")
    if screened_days:
        lines.append(f"{screened_days} complete cell days left out because of too much rain.")
    for kind in model.KINDS:
        m = means[kind]
        lines.append(f"{kind.capitalize()} samples: mean R {m['r']:.3f}, RMSE {m['rmse']:.3f} (0-1), {m['rmse_m3']:.4f} m3 m-3.")
    if trained.shared is not None:
        lines.append(
            f"One ensemble of {trained.shared.ensemble.members} networks for all cells; validation samples are judged by members that have "
            "not seen their stretch of days."
        )
        if asked.method == "refined":
            lines.append(f"{int(trained.shared.corrected.sum())} cells have a correction of their own.")
    elif asked.restarts > 1:
        single, kept = _mean(np.where(has, np.asarray(trained.single_rmse), np.nan)), means["testing"]["rmse"]
        word = {"best": "the best on the validation samples", "average": "their average"}.get(asked.combine, "the average of the best half")
        lines.append(
            f"{asked.restarts} starts per cell: mean testing RMSE {single:.4f} (0-1) of one start, {kept:.4f} of {word} "
            f"({100 * (kept / single - 1):+.1f} %)."
        )
    lines.append(f"Paper, overall samples: R {PAPER['r']:.2f}, RMSE {PAPER['rmse']:.3f} (0-1 units inferred).")
    if asked.split == "random":
        warnings = [RANDOM_SPLIT, *warnings]
    return TrainResult(
        path=path,
        grid=trained.grid,
        r=np.where(has, trained.error("r"), np.nan),
        rmse=np.where(has, trained.error("rmse"), np.nan),
        status=trained.status,
        status_meanings=trained.status_meanings,
        summary=lines,
        warnings=warnings,
        means=means,
        paper=dict(PAPER),
        model=trained,
    )
