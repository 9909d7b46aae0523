"""The cube, read once for all runs: cells that every run can train, on the days on which all inputs are complete."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..foundation import blocks, machine, store
from ..foundation.errors import CubeError
from ..foundation.grid import Grid
from ..foundation.paths import PathLike
from ..foundation.progress import Progress
from ..inputs import derived
from ..network import splits
from ..training.samples import Samples, pack, read_tile
from ..training.settings import TARGET, Settings
from ..workers.tasks import Arrays
from .experiments import Run
from .settings import Asked

#: Cells that are packed together and kept as one checkpoint.
CELLS_PER_GROUP = 128


@dataclass
class Group:
    """B cells of like length: their ``place`` among all eligible cells (row by row), ``identities`` (B,), the inputs' arrays (B, days)
    by name, ``target``, ``complete`` and ``rain`` (mm in 7 h, NaN where missing; None if no threshold is tried), all (B, days).
    """

    place: np.ndarray
    identities: np.ndarray
    inputs: dict[str, np.ndarray]
    target: np.ndarray
    complete: np.ndarray
    rain: np.ndarray | None

    def arrays(self) -> Arrays:
        """The group for a task: its inputs stacked in their order, everything else by its name."""
        found = {"inputs": np.stack(list(self.inputs.values())), "target": self.target, "complete": self.complete}
        found.update(place=self.place, identities=self.identities)
        return found if self.rain is None else {**found, "rain": self.rain}

    @classmethod
    def of(cls, arrays: Arrays, inputs: tuple[str, ...]) -> Group:
        """The group that ``arrays`` were made from."""
        return cls(
            place=arrays["place"],
            identities=arrays["identities"],
            inputs=dict(zip(inputs, arrays["inputs"])),
            target=arrays["target"],
            complete=arrays["complete"],
            rain=arrays.get("rain"),
        )

    def kept(self, threshold: float | None) -> np.ndarray:
        """(B, days) bool: complete days without too much rain; where precipitation is missing the day is kept."""
        return self.complete if threshold is None or self.rain is None else self.complete & ~(self.rain > threshold)

    def pack(self, run: Run, dates: np.ndarray, asked: Settings) -> Samples:
        """The samples of a run, scaled and split exactly as training does it."""
        settings = dataclasses.replace(asked, inputs=run.inputs, hidden=run.hidden, ratio=run.ratio)
        return pack([self.inputs[name] for name in run.inputs], self.target, self.kept(run.threshold), dates, self.identities, settings)


@dataclass
class Kept:
    """A group on the ``shelf`` under its ``name``: its ``place``, the number of complete days ``pairs`` (B,), and the shape (B, days)."""

    shelf: store.Shelf
    name: str
    place: np.ndarray
    pairs: np.ndarray
    shape: tuple[int, ...]

    def arrays(self) -> Arrays:
        """``Group.arrays``."""
        return {**self.shelf.get(self.name), "place": self.place}


@dataclass
class Loaded:
    """All that the runs share. ``cells`` (rows, columns) bool: eligible cells, that is with enough days under the strictest threshold.

    days (rows, columns): complete days kept unscreened, NaN without any; removed: the days that each threshold removes.
    """

    grid: Grid
    dates: np.ndarray
    groups: list[Kept]
    cells: np.ndarray
    days: np.ndarray
    removed: dict[float, np.ndarray]
    attributes: dict[str, Any]
    ignored_screening: bool
    warnings: list[str]


def load(cube: PathLike, asked: Asked, folder: PathLike | None, progress: Progress) -> Loaded:
    """Read the days on which the target and all inputs of ``asked`` are complete; the cube's own screening is not used.

    folder: where the samples are kept that do not fit in memory (``store.Shelf``).
    Raises ``CubeError`` if no cell has enough days under the strictest threshold.
    """
    start = asked.start
    with store.open_grid(cube, kind="cube", needs=(TARGET, *derived.needs(start.inputs))) as data:
        data = blocks.north_first(data)
        grid, dates = store.grid_of(data), blocks.dates_of(data)
        attributes, screened = dict(data.attrs), "screened" in data.data_vars
        data = data.drop_vars("screened", errors="ignore")
        days = blocks.days_between(dates, start.start, start.end, cube, "training period")
        thresholds = sorted((t for t in asked.thresholds if t is not None), reverse=True) if asked.strictest is not None else []
        shape, identities = grid.shape, splits.cell_ids(grid)
        counts = np.zeros(shape)
        removed = {threshold: np.full(shape, np.nan) for threshold in thresholds}
        groups, cells = list[Kept](), np.zeros(shape, dtype=bool)
        shelf = store.Shelf(folder, machine.memory(blocks.BUDGET) // 4)
        tiles = list(blocks.tiles(shape, days.stop - days.start, len(start.inputs) + 2))
        for number, tile in enumerate(tiles):
            progress.check()
            progress.report(number / len(tiles), "Reading the cube")
            part = read_tile(data, days, tile, start.inputs, progress)
            at = (part.row, part.column)
            rain = blocks.series(data, "precipitation_7h", days, tile).astype(np.float64) if thresholds else None
            counts[at] = part.complete.sum(axis=1)
            strict = part.complete
            for threshold in thresholds:
                wet = part.complete & (rain > threshold if rain is not None else False)
                removed[threshold][at] = np.where(counts[at] > 0, wet.sum(axis=1), np.nan)
                strict = part.complete & ~wet
            for chosen in dataclasses.replace(part, complete=strict).groups(start.min_pairs, CELLS_PER_GROUP):
                own = tuple(index[chosen] for index in at)
                cells[own] = True
                group = Group(
                    place=np.ravel_multi_index(own, shape),
                    identities=identities[own],
                    inputs={name: values[chosen] for name, values in zip(start.inputs, part.inputs)},
                    target=part.target[chosen],
                    complete=part.complete[chosen],
                    rain=None if rain is None else rain[chosen],
                )
                groups.append(Kept(shelf, f"cells{len(groups)}", group.place, group.complete.sum(axis=1), group.complete.shape))
                shelf.put(groups[-1].name, group.arrays())
                del group
            del part, rain, strict  # before the next tile is read
        left_out = blocks.sieve(data).sentences()
    if not groups:
        under = f" under the threshold {asked.strictest:g} mm" if asked.strictest is not None else ""
        raise CubeError(
            cube,
            f"no cell with {start.min_pairs} complete days from {start.start} to {start.end}{under}",
            "at least one; use a longer period or fewer inputs",
        )
    order = np.flatnonzero(cells)
    for kept in groups:
        kept.place = np.searchsorted(order, kept.place)
    return Loaded(grid, dates[days], groups, cells, np.where(counts > 0, counts, np.nan), removed, attributes, screened, left_out)
