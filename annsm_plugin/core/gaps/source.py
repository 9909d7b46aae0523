"""The record and the cube as one: consecutive days on the record's grid, read tile by tile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..foundation import blocks, store
from ..foundation.errors import CubeError
from ..foundation.grid import Grid
from ..foundation.paths import PathLike
from ..foundation.variables import ANNSM, FLAGS, PER_DAY

STEADY = "sm_gldas"

#: Variables of a cube that are no inputs: the target, and what says how a day was seen.
_LEFT_OUT = ("sm_smap", "screened", *PER_DAY, "crs")

#: A value with one of these is never learnt from and is no neighbour of a gap: it may itself be wrong, or was filled before.
DISTRUSTED = ("precipitation_above_threshold", "held_at_bounds", "filled")

#: Nor is one with this, but at frozen soil, where the training knows next to nothing and nearly every value has it.
OUTSIDE = "input_outside_training_range"

FREEZING = 273.15

Tile = tuple[slice, slice]


@dataclass
class Part:
    """A tile of the record, all (cells, days): ``values`` with NaN in gaps; ``flags``; ``known``: trusted values; ``inputs`` F arrays."""

    values: np.ndarray
    flags: np.ndarray
    known: np.ndarray
    frozen: np.ndarray
    inputs: list[np.ndarray]


class Source:
    """An open record and its cube (xarray Datasets, north first). ``dates``: consecutive days, of which the record may lack some."""

    def __init__(self, record: Any, cube: Any, annsm: PathLike, path: PathLike, frozen: bool) -> None:
        self.record, self.cube = blocks.north_first(record), blocks.north_first(cube)
        self.grid: Grid = store.grid_of(self.record)
        own = blocks.dates_of(self.record)
        if own.size == 0:
            raise CubeError(annsm, "no day", "an ANN-SM file with days")
        self.dates = np.arange(own[0], own[-1] + 1)
        self._own = (own - own[0]).astype(int)
        theirs = blocks.dates_of(self.cube)
        first, last = int(np.searchsorted(theirs, own[0])), int(np.searchsorted(theirs, own[-1], "right"))
        if first >= last:
            raise CubeError(path, f"days {theirs[0]} to {theirs[-1]}" if theirs.size else "no day", f"days of {annsm}")
        self._first, self._days = first, (theirs[first:last] - own[0]).astype(int)
        self.rows, self.columns = blocks.places(store.grid_of(self.cube), self.grid)
        if (self.rows < 0).any() or (self.columns < 0).any():
            raise CubeError(path, f"a grid of {_extent(self.cube)}", f"all cells of {annsm} ({_extent(self.record)})")
        self.inputs = inputs_of(self.cube)
        self.learn_frozen = frozen
        self.without_inputs = int(self.dates.size - self._days.size)

    def of_record(self, name: str, tile: Tile, days: slice | None = None) -> np.ndarray:
        """(cells, days) float32 of a variable of the record on ``dates`` (``days``: some of them), NaN on days that it lacks."""
        return self._on_dates(self.record, name, tile, self._own, 0, days)

    def of_cube(self, name: str, tile: Tile, days: slice | None = None) -> np.ndarray:
        """(cells, days) float32 of a variable of the cube in a tile of the record, NaN on days that the cube lacks."""
        rows, columns = self.rows[tile[0]], self.columns[tile[1]]
        place = slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
        return self._on_dates(self.cube, name, place, self._days, self._first, days)

    def _on_dates(self, data: Any, name: str, place: Tile, own: np.ndarray, first: int, days: slice | None) -> np.ndarray:
        """own: number in ``dates`` of each day of the file from its day ``first`` on."""
        days = slice(0, self.dates.size) if days is None else days
        low, high = int(np.searchsorted(own, days.start)), int(np.searchsorted(own, days.stop))
        cells = (place[0].stop - place[0].start) * (place[1].stop - place[1].start)
        whole = np.full((cells, days.stop - days.start), np.nan, dtype=np.float32)
        if low < high:
            whole[:, own[low:high] - days.start] = blocks.series(data, name, slice(first + low, first + high), place)
        return whole

    def read(self, tile: Tile, days: slice | None = None, *, inputs: bool = True) -> Part:
        """What the ways of filling take of a tile; without ``inputs``: what the ways take that need none."""
        values = self.of_record("soil_moisture", tile, days)
        known = np.isfinite(values)
        flags = np.zeros(values.shape, dtype=np.uint8)
        if "quality_flag" in self.record.data_vars:
            flags = np.nan_to_num(self.of_record("quality_flag", tile, days), nan=0.0).astype(np.uint8)
            known &= self._trusted(flags)
        frozen = np.zeros(values.shape, dtype=bool)
        if "st_gldas" in self.cube.data_vars and (inputs or not self.learn_frozen):
            frozen = self.of_cube("st_gldas", tile, days) <= FREEZING
        if not self.learn_frozen:
            known &= ~frozen
        return Part(values, flags, known, frozen, [self.of_cube(name, tile, days) for name in self.inputs] if inputs else [])

    def _trusted(self, flags: np.ndarray) -> np.ndarray:
        """Which values are learnt from, by their flags."""
        distrusted = sum(FLAGS[name] for name in DISTRUSTED if name in FLAGS)
        frozen = flags & FLAGS["soil_frozen"] > 0
        known = (flags & distrusted == 0) & ((flags & FLAGS[OUTSIDE] == 0) | frozen)
        return known if self.learn_frozen else known & ~frozen

    def left_out(self) -> list[str]:
        """What cannot be and was left out of both files, in sentences. Raises ``CubeError`` if it is most of a variable."""
        return [*blocks.sieve(self.record).sentences(), *blocks.sieve(self.cube).sentences()]

    def days_lacking(self, days: slice) -> int:
        """How many of some ``days`` the record lacks."""
        return int(days.stop - days.start - ((self._own >= days.start) & (self._own < days.stop)).sum())

    def copied(self) -> list[str]:
        """Variables of the record that the output takes as they are, beside ``soil_moisture`` and ``quality_flag``."""
        own = ("soil_moisture", "soil_moisture_uncertainty", "quality_flag", "fill_way")
        return [str(n) for n, v in self.record.data_vars.items() if n in ANNSM and n not in own and {"time", "lat", "lon"} <= set(v.dims)]


def inputs_of(cube: Any) -> list[str]:
    """The inputs of a cube other than brightness temperatures, in the order of the file."""
    return [
        str(n) for n, v in cube.data_vars.items() if n not in _LEFT_OUT and not str(n).startswith("tb_") and {"lat", "lon"} <= set(v.dims)
    ]


def _extent(data: Any) -> str:
    lat, lon = data["lat"].values, data["lon"].values
    return f"{lon.min():g} to {lon.max():g} E, {lat.min():g} to {lat.max():g} N"
