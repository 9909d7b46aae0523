"""Runs the methods on every cell of a cube and measures them on the same testing samples."""

from __future__ import annotations

import dataclasses
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .. import metrics
from ..foundation import blocks, store
from ..foundation.errors import CubeError, ParameterError
from ..foundation.grid import Grid
from ..foundation.progress import SILENT
from ..network import scaling, splits
from ..statistics import significance
from ..training import samples as cell_samples
from ..training.request import NetworksRequest
from ..training.settings import TARGET, Settings, settings_of
from . import importance, words
from .methods import METHODS, Block, estimate, unable

MEASURES = ("r", "rmse", "bias", "ubrmse", "n")

#: Cells worked on at once and kept as one checkpoint.
CELLS_PER_BLOCK = 128

#: The product that is CDF-matched unless another is named.
PRODUCT = "sm_gldas"

#: Share of a block's time that each method is expected to take, for the progress.
_COST = {"network": 4.0, "network_without_tb": 3.0, "forest": 4.0}


@dataclass
class ComparisonResult:
    """Maps (rows, columns; NaN where there is no value) on the testing samples, and what they come to.

    ``maps[method][measure]``: R, RMSE, BIAS (target - estimate), ubRMSE in m3 m-3 and N; ``importance[input]``: growth of the network's
    RMSE (m3 m-3) when that input is shuffled; ``seconds[method]``: time taken. ``cells``: bool map of the cells that every method
    could estimate, which alone enter ``means[method][measure]`` = (mean, standard deviation over the cells, low, high of the mean's 95 %
    interval), with ``abs_bias`` beside. ``better[method]`` = (share of cells in which the network has the lower RMSE, mean
    RMSE of the method minus the network's, low, high). ``left_out[method]``: why a method is not there.
    """

    grid: Grid
    asked: Settings
    product: str
    maps: dict[str, dict[str, np.ndarray]]
    importance: dict[str, np.ndarray]
    seconds: dict[str, float]
    cells: np.ndarray
    means: dict[str, dict[str, tuple[float, float, float, float]]]
    better: dict[str, tuple[float, float, float, float]]
    left_out: dict[str, str]
    summary: list[str]
    warnings: list[str]
    attributes: dict


def check(
    cube,
    *,
    start,
    end,
    methods=None,
    ratio=(80, 10, 10),
    seed=0,
    split="random",
    hidden=12,
    restarts=1,
    variables=None,
    min_pairs=50,
    product=None,
    device="auto",
) -> tuple[Settings, list[str], dict[str, str], str]:
    """Check before work starts: the settings, the methods that can run, why others cannot, and the product to be matched.

    Raises ``ParameterError`` or ``CubeError``, also when no method is left.
    """
    asked = settings_of(
        NetworksRequest(
            cube=cube,
            start=start,
            end=end,
            variables=variables,
            hidden=hidden,
            ratio=ratio,
            split=split,
            restarts=restarts,
            seed=seed,
            min_pairs=min_pairs,
            device=device,
        )
    )
    if asked.ratio[2] == 0 and split != "leave_one_year_out":
        raise ParameterError(f"RATIO is {'/'.join(map(str, asked.ratio))} and leaves no testing samples to compare the methods on.")
    names = list(METHODS) if not methods else [str(name) for name in methods]
    unknown = [name for name in names if name not in METHODS]
    if unknown:
        raise ParameterError(f"METHODS names {', '.join(unknown)}; expected some of {', '.join(METHODS)}.")
    if product and product not in asked.inputs:
        raise ParameterError(f"PRODUCT is '{product}', which is no input; the inputs are {', '.join(asked.inputs)}.")
    product = product or PRODUCT
    reasons = {name: unable(name, asked.inputs, product) for name in METHODS if name in names}
    left_out = {name: reason for name, reason in reasons.items() if reason}
    kept = [name for name, reason in reasons.items() if not reason]
    if not kept:
        raise ParameterError(f"No method is left to compare. {' '.join(left_out.values())}")
    if {"network", "network_without_tb"} & set(kept):
        from ..network import block as training

        training.choose_device(device)
    return asked, kept, left_out, product


def compare(cube, *, keep=None, progress=None, **given) -> ComparisonResult:
    """Compare the methods on ``cube`` (path); ``given`` as in ``check``.

    Cells, days, scaling, split and the network's start are those of ``train_cube.train`` with the same settings. Every method
    is fitted to the training samples; the network stops, and GRNN chooses its width, by the validation samples; all are
    judged on the testing samples. ``product``: the input that CDF matching takes; ``keep``: the output's path, beside which
    finished blocks are kept so that a stopped run goes on where it was.
    """
    progress = progress or SILENT
    asked, names, left_out, product = check(cube, **given)
    with store.open_grid(cube, kind="cube", needs=(TARGET, *asked.inputs)) as data:
        data = blocks.north_first(data)
        grid = store.grid_of(data)
        dates = blocks.dates_of(data)
        days = blocks.days_between(dates, asked.start, asked.end, cube, "training period")
        attributes = dict(data.attrs)
        checkpoint = None
        if keep:
            settings = {"cube": store.fingerprint(cube), "asked": dataclasses.asdict(asked), "methods": names, "product": product}
            checkpoint = store.Checkpoint(keep, settings)
            if checkpoint.count():
                progress.info(f"Going on with {checkpoint.count()} finished blocks of an earlier run.")
        groups = importance.groups_of(asked.inputs) if "network" in names else {}
        maps = {name: {m: np.full(grid.shape, np.nan) for m in MEASURES} for name in names}
        shares = {group: np.full(grid.shape, np.nan) for group in groups}
        seconds = np.zeros(len(names))
        identities = splits.cell_ids(grid)
        tiles = list(blocks.tiles(grid.shape, days.stop - days.start, len(asked.inputs) + 1))
        for number, tile in enumerate(tiles):
            stretch = progress.part(number / len(tiles), (number + 1) / len(tiles))
            stretch.report(0.0, "Reading the cube")
            part = cell_samples.read_tile(data, days, tile, asked.inputs, stretch)
            lots = part.groups(asked.min_pairs, CELLS_PER_BLOCK)
            for lot, cells in enumerate(lots):
                stretch.check()
                block = f"{tile[0].start}-{tile[1].start}-{lot}"
                arrays = checkpoint.load(block) if checkpoint else None
                row, column = part.row[cells], part.column[cells]
                if arrays is None:
                    samples = cell_samples.pack(
                        [values[cells] for values in part.inputs],
                        part.target[cells],
                        part.complete[cells],
                        dates[days],
                        identities[row, column],
                        asked,
                    )
                    own = Block(samples, identities[row, column], asked, asked.inputs.index(product) if product in asked.inputs else None)
                    arrays = _work(own, names, stretch.part(lot / len(lots), (lot + 1) / len(lots)))
                    if checkpoint:
                        checkpoint.save(block, **arrays)
                _enter(maps, shares, arrays, names, row, column)
                seconds += arrays["seconds"]
    if not any((maps[name]["n"] > 0).any() for name in names):
        if checkpoint:
            checkpoint.clear()
        found = f"no cell with {asked.min_pairs} complete days from {asked.start} to {asked.end}"
        raise CubeError(cube, found, "at least one; use a longer period or fewer inputs")
    result = _result(grid, asked, product, maps, shares, dict(zip(names, seconds.tolist())), left_out, attributes, Path(cube).name)
    if checkpoint:
        checkpoint.clear()
    progress.report(1.0, "")
    return result


def _work(block: Block, names, progress) -> dict[str, np.ndarray]:
    """Run every method on one block: errors (B, methods, measures) in m3 m-3, importance (B, groups), seconds (methods,)."""
    samples, asked = block.samples, block.asked
    testing = samples.role == splits.TESTING
    low, high = samples.low[:, -1], samples.high[:, -1]
    target = np.where(testing, scaling.unscale(samples.target, low, high), np.nan)
    errors = np.full((target.shape[0], len(names), len(MEASURES)), np.nan)
    shares = np.full((target.shape[0], len(importance.groups_of(asked.inputs))), np.nan)
    seconds = np.zeros(len(names))
    cost = np.cumsum([0.0, *(_COST.get(name, 0.3) for name in names)])
    cost /= cost[-1]
    for number, name in enumerate(names):
        progress.check()
        begun = time.perf_counter()
        values, weights = estimate(name, block, progress.part(cost[number], cost[number + 1]))
        seconds[number] = time.perf_counter() - begun
        values = scaling.unscale(values, low, high)
        errors[:, number] = np.stack([getattr(metrics, measure)(target, values, axis=1) for measure in MEASURES], axis=1)
        if weights is not None:
            shares[:] = importance.importance(
                weights,
                samples,
                asked.inputs,
                asked.hidden,
                seed=asked.seed,
                identities=block.identities,
                width=high - low,
                progress=progress,
            )
    return {"errors": errors, "importance": shares, "seconds": seconds}


def _enter(maps, shares, arrays, names, row, column) -> None:
    """Put one block's numbers in their cells."""
    for number, name in enumerate(names):
        for place, measure in enumerate(MEASURES):
            maps[name][measure][row, column] = arrays["errors"][:, number, place]
    for number, group in enumerate(shares):
        shares[group][row, column] = arrays["importance"][:, number]


def _result(grid, asked, product, maps, shares, seconds, left_out, attributes, cube: str) -> ComparisonResult:
    """Means over the cells that every method could estimate, and the network against each of the others."""
    cells = np.logical_and.reduce([np.isfinite(own["rmse"]) for own in maps.values()])
    means = {}
    for name, own in maps.items():
        values = {**own, "abs_bias": np.abs(own["bias"])}
        means[name] = {
            measure: _mean(np.where(cells, value, np.nan), significance.POSSIBLE.get(measure, significance.EVERYTHING))
            for measure, value in values.items()
        }
    better = {}
    for name in maps:
        if name != "network" and "network" in maps:
            gain = np.where(cells, maps[name]["rmse"] - maps["network"]["rmse"], np.nan)
            mean, _, low, high = _mean(gain)
            better[name] = (float((gain[cells] > 0).mean()) if cells.any() else float("nan"), mean, low, high)
    attributes = {**attributes, "cube": cube, "comparison_split": asked.split, "comparison_seed": asked.seed}
    result = ComparisonResult(grid, asked, product, maps, shares, seconds, cells, means, better, left_out, [], [], attributes)
    words.say(result)
    return result


def _mean(values: np.ndarray, within=significance.EVERYTHING) -> tuple[float, float, float, float]:
    """Mean, standard deviation over the cells, and the mean's 95 % interval."""
    there = values[np.isfinite(values)]
    if there.size == 0:
        return (float("nan"),) * 4
    return (float(there.mean()), float(there.std()), *significance.interval_of_mean(values, within=within))
