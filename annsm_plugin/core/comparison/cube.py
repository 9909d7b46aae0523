"""Runs the methods on every cell of a cube and measures their errors on the same testing samples."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ..foundation import blocks, libraries, machine, needs, store
from ..foundation.errors import CubeError, ParameterError
from ..foundation.grid import Grid
from ..foundation.needs import steps
from ..foundation.paths import PathLike
from ..foundation.progress import SILENT, Progress
from ..inputs import derived
from ..network import splits
from ..reports import figure_files
from ..training import samples
from ..training.cells import SAMPLES, SECONDS_PER_NETWORK
from ..training.settings import TARGET, Settings, placed
from ..workers import run as workers
from ..workers.tasks import Arrays, Block, Values
from . import drawing, importance, page, paired, whole, words
from .plan import Plan, planned
from .request import WHOLE, CompareRequest
from .result import MEASURES, ComparisonResult, comparable, summed_up

#: Cells worked on at once and kept as one checkpoint.
CELLS_PER_BLOCK = 128


def check(request: CompareRequest) -> Plan:
    """Check a request before work starts; raises ``ParameterError`` or ``CubeError``, also when no method is left."""
    request.check_values()
    plan = planned(request)
    for name in ("importance", "importance_table"):
        if getattr(request, name) and "network" not in plan.methods:
            raise ParameterError(f"{name.upper()} needs the network. {plan.left_out.get('network', 'METHODS does not name it.')}")
    if request.report or request.figure:
        libraries.load("matplotlib")
    if request.figure:
        figure_files.check_names(request.figure, TABLE=request.table, IMPORTANCE_TABLE=request.importance_table)
    return plan


def compare(cube: PathLike, *, keep: PathLike | None = None, progress: Progress | None = None, **options: Any) -> ComparisonResult:
    """Compare the methods on ``cube`` without writing files: ``measure`` with its request written as keywords (see ``CompareRequest``)."""
    result = measure(CompareRequest(cube=cube, **options), keep, progress)
    if result.checkpoint:
        result.checkpoint.clear()
    return result


@store.step
def run(request: CompareRequest, progress: Progress | None = None) -> ComparisonResult:
    """Compare the methods and write what is asked for. Raises what ``check`` raises, and ``Cancelled``."""
    check(request)
    result = measure(request, request.table, progress)
    store.write_text(request.table, words.table_csv(result))
    if request.importance_table:
        store.write_text(request.importance_table, words.importance_csv(result))
    if request.importance:
        store.write_raster(
            request.importance, list(result.importance.values()), result.grid, bands=tuple(result.importance), units="m3 m-3"
        )
    if request.figure:
        figure_files.save(Path(request.figure).with_suffix(""), drawing.methods_figure(result))
    if request.report:
        page.report(request.report, result)
    if result.checkpoint:
        result.checkpoint.clear()
    return result


def measure(request: CompareRequest, keep: PathLike | None = None, progress: Progress | None = None) -> ComparisonResult:
    """Run every method on every cell.

    Cells, days, scaling, split and the network's start are those of a training with the same settings. Every method is fitted to
    the training samples; the network stops, and GRNN chooses its width, by the validation samples; all are judged on the testing
    samples. Where a method learns from all cells together, every day has one role in all cells, so that no method is judged on days that
    it has seen next door. keep: the output's path, beside which finished blocks are kept so that a stopped run goes on where it was;
    the result's ``checkpoint`` is to be cleared once the output is written.
    """
    progress = progress or SILENT
    plan = planned(request)
    with needs.granted(_need(request, plan, keep), progress):
        return _measured(request, plan, keep, progress)


def _need(request: CompareRequest, plan: Plan, keep: PathLike | None) -> needs.Need:
    """Space for the finished blocks, and memory."""
    asked = plan.asked
    with store.open_grid(request.cube, kind="cube") as data:
        cells, dates = data["lat"].size * data["lon"].size, blocks.dates_of(data)
        days = blocks.days_between(dates, asked.start, asked.end, request.cube, "training period")
    length, together = days.stop - days.start, set(plan.methods) & set(WHOLE)
    return steps.comparison(
        keep, cells, length, len(asked.inputs), len(plan.methods), paired.count(asked.start, asked.end), bool(together),
        1 if request.scheduler else machine.cores(),
    )  # fmt: skip


def _measured(request: CompareRequest, plan: Plan, keep: PathLike | None, progress: Progress) -> ComparisonResult:
    """What ``measure`` does once it is granted what it needs."""
    cube, asked, names = request.cube, plan.asked, plan.methods
    with store.open_grid(cube, kind="cube", needs=(TARGET, *derived.needs(asked.inputs))) as data:
        data = blocks.north_first(data)
        grid, dates = store.grid_of(data), blocks.dates_of(data)
        days = blocks.days_between(dates, asked.start, asked.end, cube, "training period")
        attributes = dict(data.attrs)
        checkpoint = _checkpoint(plan, cube, keep, progress)
        if checkpoint and checkpoint.count():
            progress.info(f"Going on with {checkpoint.count()} finished blocks of an earlier run.")
        groups = importance.groups_of(asked.inputs) if "network" in names else {}
        maps = {name: {m: np.full(grid.shape, np.nan) for m in (*MEASURES, "impossible")} for name in names}
        shares = {group: np.full(grid.shape, np.nan) for group in groups}
        seconds, places = np.zeros(len(names)), dict[str, tuple[np.ndarray, np.ndarray]]()
        stretches = paired.count(asked.start, asked.end)
        squares, counts = paired.Sums(grid.shape, stretches), np.zeros((*grid.shape, stretches), dtype=np.uint8)
        own = [name for name in names if name not in WHOLE]
        together = [name for name in names if name in WHOLE]
        roles = whole.roles_of_days(data, dates, days, asked, grid) if together else None
        blocks.sieve(data).sentences(checkpoint)  # no more is done with a target of which most cannot be

        def enter(arrays: Arrays, row: np.ndarray, column: np.ndarray) -> None:
            _enter(maps, shares, squares, arrays, own, row, column)
            counts[row, column] = arrays["counts"]
            for name, took in zip(own, arrays["seconds"]):
                seconds[names.index(name)] += took

        effort = grid.shape[0] * grid.shape[1] * (days.stop - days.start) * _seconds_per_sample(own, asked)
        device, where = placed(request, effort)
        where = dataclasses.replace(where, need=plan.need)
        values = {"asked": asked.values(), "methods": own, "product": plan.product, "device": device}
        cost = np.array([max(effort, 1.0) if own else 0.0, *(20.0 for _ in together)])
        shares_of = [0.0, *(np.cumsum(cost) / cost.sum())]
        part = progress.part(0.0, shares_of[1])
        source = _blocks(data, dates, days, asked, values, checkpoint, grid, places, enter, roles, part)
        size = float(grid.shape[0] * grid.shape[1])
        for name, _, arrays in workers.run(
            "comparison.work:measure", source if own else iter(()), where, seconds=effort, total=size, progress=part
        ):
            if checkpoint:
                checkpoint.save(name, **arrays)
            enter(arrays, *places.pop(name))
        if roles is not None:
            region = whole.Region(data, cube, dates, days, asked, grid, roles)
            for number, name in enumerate(together):
                part = progress.part(*shares_of[number + 1 : number + 3])
                done = _of_region(region, name, where, device, checkpoint, part)
                _enter_whole(maps[name], done)
                counts, seconds[names.index(name)] = done["counts"], done["seconds"][0]
                squares.put(name, slice(None), slice(None), done["squares"])
                del done
        left_out = blocks.sieve(data).sentences(checkpoint)
    if not any((maps[name]["n"] > 0).any() for name in names):
        if checkpoint:
            checkpoint.clear()
        found = f"no cell with {asked.min_pairs} complete days from {asked.start} to {asked.end}"
        raise CubeError(cube, found, "at least one; use a longer period or fewer inputs")
    taken = dict(zip(names, seconds.tolist()))
    cells = comparable(maps)
    sums = {name: squares.over(name, cells) for name in names}
    result = summed_up(
        grid,
        asked,
        plan.product,
        maps,
        shares,
        cells,
        sums,
        counts[cells].sum(axis=0, dtype=float),
        taken,
        plan.left_out,
        attributes,
        Path(cube).name,
    )
    result.warnings += left_out
    words.say(result)
    result.checkpoint = checkpoint
    progress.report(1.0, "")
    return result


def _checkpoint(plan: Plan, cube: PathLike, keep: PathLike | None, progress: Progress) -> store.Checkpoint | None:
    if not keep:
        return None
    key = {"cube": store.checksum(cube, progress), "asked": dataclasses.asdict(plan.asked)}
    key.update(methods=plan.methods, product=plan.product)
    return store.Checkpoint(keep, key, progress)


def _seconds_per_sample(names: list[str], asked: Settings) -> float:
    """About how long all methods take for one sample on one core: to judge whether starting workers pays."""
    own = {"network": asked.restarts, "network_without_tb": asked.restarts, "forest": 25.0}
    return SECONDS_PER_NETWORK / SAMPLES * sum(own.get(name, 0.3) for name in names)


def _blocks(
    data: Any, dates: np.ndarray, days: slice, asked: Settings, values: Values, checkpoint: store.Checkpoint | None, grid: Grid,
    places: dict[str, tuple[np.ndarray, np.ndarray]], enter: Callable[[Arrays, np.ndarray, np.ndarray], None],
    roles: np.ndarray | None, progress: Progress,
) -> Iterator[Block]:  # fmt: skip
    """Read the cube tile by tile and give its cells out block by block; blocks that an earlier run has finished are entered at once."""
    progress.report(0.0, "Reading the cube")
    identities = splits.cell_ids(grid)
    for tile in blocks.tiles(grid.shape, days.stop - days.start, 2 * (len(asked.inputs) + 1)):  # about as much waits for the workers
        part = samples.read_tile(data, days, tile, asked.inputs, progress)
        lots = part.groups(asked.min_pairs, CELLS_PER_BLOCK)
        for number, cells in enumerate(lots):
            name = f"{tile[0].start}-{tile[0].stop}-{tile[1].start}-{number}"  # of tiles of another size nothing is taken
            row, column = part.row[cells], part.column[cells]
            arrays = checkpoint.load(name) if checkpoint else None
            if arrays is not None:
                enter(arrays, row, column)
                continue
            places[name] = row, column
            given = {
                "inputs": np.empty((len(part.inputs), cells.size, days.stop - days.start), dtype=np.float32),
                "target": part.target[cells],
                "complete": part.complete[cells],
                "dates": dates[days],
                "identities": identities[row, column],
                **({} if roles is None else {"roles": roles}),
            }
            for place, of in enumerate(part.inputs):
                given["inputs"][place] = of[cells]
            yield Block(name, values, given, weight=part.row.size / len(lots))
            del given
        del part  # before the next tile is read


def _of_region(
    region: whole.Region, name: str, where: workers.Where, device: str, checkpoint: store.Checkpoint | None, progress: Progress
) -> Arrays:
    """What ``region.measures`` gives, or what an earlier run has kept of it."""
    done = checkpoint.load(f"whole-{name}") if checkpoint else None
    if done is None:
        done = region.measures(name, where, device, progress)
        if checkpoint:
            checkpoint.save(f"whole-{name}", **done)
    return done


def _enter_whole(own: dict[str, np.ndarray], done: Arrays) -> None:
    """Put the numbers of all cells in one method's maps."""
    for place, measure in enumerate(MEASURES):
        own[measure] = done["errors"][..., place]
    own["impossible"] = done["impossible"][..., 0]


def _enter(maps: dict[str, Any], shares: Any, squares: paired.Sums, arrays: Any, names: Any, row: Any, column: Any) -> None:
    """Put one block's numbers in their cells."""
    for number, name in enumerate(names):
        squares.put(name, row, column, np.ascontiguousarray(arrays["squares"][:, number]))
        maps[name]["impossible"][row, column] = arrays["impossible"][:, number]
        for place, measure in enumerate(MEASURES):
            maps[name][measure][row, column] = arrays["errors"][:, number, place]
    for number, group in enumerate(shares):
        shares[group][row, column] = arrays["importance"][:, number]
