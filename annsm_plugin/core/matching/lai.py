"""MODIS leaf area index on the cells and local days of a cube."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ..foundation.errors import ProductError
from ..foundation.grid import Grid
from ..foundation.progress import Progress
from ..foundation.regrid import AreaMean, cells_of, renormalised
from ..products.arrays import Arrays
from ..products.decoding.pool import FileRequest
from ..products.naming import Entry
from ..products.readers.lai import SPHERE, VALUES, appeears_blocks, good_quality
from .files import Files
from .plan import Plan

#: A composite of eight days stands at its start plus four days.
MIDDLE = np.timedelta64(4, "D")

#: A composite gives values to days at most this far from its middle: one missing composite is bridged, two in a row are not.
REACH = np.timedelta64(12, "D")

#: Class code of barren land, which may count as LAI 0.
BARREN = 253

#: Where several products hold one composite, the last of these is taken: from Aqua alone, from Terra alone, from both together.
_PREFERRED = ("MYD15A2H", "MOD15A2H", "MCD15A2H")


#: The value of a composite in each cell, and how many days it is away; both (rows, columns).
_Composite = tuple[np.ndarray, np.ndarray]


class Lai:
    """Regrids composites when days need them, and keeps those that later days need too.

    "linear" (the paper's): linear interpolation at the cell's centre in the product's own grid, the composite nearest in time.
    "area" (ours): the mean of all valid, quality-screened pixels of the cell, linear in time.
    """

    names = ("lai",)

    def __init__(self, plan: Plan, files: Files) -> None:
        self.plan, self.files = plan, files
        self.composites: dict[np.datetime64, dict[str, Entry]] = {}
        for entry in sorted(files.entries, key=lambda e: _preference(e.sensor)):
            if entry.date is None:
                continue
            tiles = self.composites.setdefault(np.datetime64(entry.date, "D"), {})
            tiles[_place(entry)] = entry
        self._series = [entry for entry in files.entries if entry.date is None]
        self._fields: dict[np.datetime64, np.ndarray] = {}
        self._cells: dict[Hashable, np.ndarray] = {}
        self._asked: set[np.datetime64] = set()
        self._table = VALUES.copy()
        if plan.lai_barren_zero:
            self._table[BARREN] = 0.0
        self._read_series = False

    def requests(self, days: np.ndarray) -> list[FileRequest]:
        """What ``block`` will read for ``days``, after what was asked for before."""
        fresh = [start for start in self._near(self.composites, days) if start not in self._asked]
        self._asked.update(fresh)
        return [self.files.request(entry, self._variables()) for start in fresh for entry in self.composites[start].values()]

    @staticmethod
    def _near(starts: Iterable[np.datetime64], days: np.ndarray) -> np.ndarray:
        """Those of the composites' first days that ``days`` may need, in order."""
        ordered = np.array(sorted(starts), dtype="datetime64[D]")
        middles = ordered + MIDDLE
        return ordered[(middles >= days[0] - REACH) & (middles <= days[-1] + REACH)]

    def block(self, days: np.ndarray, progress: Progress) -> dict[str, np.ndarray]:
        """``lai`` (days, rows, columns) in m2 m-2."""
        if self._series and not self._read_series:
            self._load_series(progress)
        near = self._near({*self.composites, *self._fields}, days)
        for number, start in enumerate(near):
            progress.report(number / near.size, "Leaf area index")
            if start not in self._fields:
                self._fields[start] = self._mosaic(self.composites[start], progress)
        out = self._in_time(days, near)
        for start in [s for s in self._fields if s + MIDDLE < days[-1] - REACH and s in self.composites]:
            del self._fields[start]
        return {"lai": out}

    def _in_time(self, days: np.ndarray, starts: np.ndarray) -> np.ndarray:
        """Composites brought to days: each cell uses the composites that have a value there."""
        shape = self.plan.grid.shape
        out = np.full((days.size, *shape), np.nan, dtype="float32")
        if not starts.size:
            return out
        fields = np.stack([self._fields[start] for start in starts])
        middles, reach = (starts + MIDDLE).astype(int), int(REACH.astype(int))
        for number, today in enumerate(days.astype(int)):
            before, after = _nearest_valid(fields, middles, today)
            out[number] = _held(before, after, reach) if self.plan.lai_method == "linear" else _linear(before, after, reach)
        return out

    def _mosaic(self, tiles: dict[str, Entry], progress: Progress) -> np.ndarray:
        """One composite on the cells, gathered from its tiles."""
        gather = self._gatherer()
        for key, entry in tiles.items():
            self.files.read(entry, self._variables(), progress, partial(self._take, gather, entry, key))
        return gather.field()

    def _take(self, gather: _Gatherer, entry: Entry, key: str, data: Arrays) -> None:
        """Let ``gather`` take in the pixels of a tile's file."""
        gather.take(self._tile(entry, data), key)

    def _load_series(self, progress: Progress) -> None:
        """Read AppEEARS NetCDF exports, which hold many composites, time by time."""
        self._read_series = True
        gathered: dict[np.datetime64, dict[str, _Gatherer]] = {}
        for number, entry in enumerate(self._series):
            progress.report(number / len(self._series), "Leaf area index")
            fresh = self.files.attempt(entry, progress, partial(self._export, entry, progress))
            for start, gatherer in (fresh or {}).items():
                by_product = gathered.setdefault(start, {})
                product = str(entry.sensor)
                by_product[product] = by_product[product].joined(gatherer) if product in by_product else gatherer
        for start, by_product in gathered.items():
            if start not in self.composites:
                self._fields[start] = by_product[max(by_product, key=_preference)].field()

    def _export(self, entry: Entry, progress: Progress) -> dict[np.datetime64, _Gatherer]:
        """First day -> gatherer of an AppEEARS NetCDF export, read by blocks of rows. Raises ``ProductError``."""
        gathered: dict[np.datetime64, _Gatherer] = {}
        low, high = self.plan.days[0] - REACH - MIDDLE, self.plan.days[-1] + REACH
        for data in appeears_blocks(entry, self.files.window, self.plan.lai_method == "area"):
            progress.check()
            tile = self._tile(entry, data)
            for number, start in enumerate(data.coords["time"].astype("datetime64[D]")):
                if low <= start <= high:
                    gathered.setdefault(start, self._gatherer()).take(tile.at(number), entry.path)
        return gathered

    def _variables(self) -> list[str]:
        return ["lai_class", "lai_qc"] if self.plan.lai_method == "area" else ["lai_class"]

    def _gatherer(self) -> _Gatherer:
        return _Area(self.plan.grid, self._cells) if self.plan.lai_method == "area" else _Bilinear(self.plan.grid)

    def _tile(self, entry: Entry, data: Arrays) -> _Tile:
        """A file's pixels with their axes; barren pixels made 0 where asked for."""
        codes, crs = data.variables["lai_class"], str(data.attrs.get("crs", ""))
        sinusoidal = "sinusoidal" in crs.lower()
        if crs and not sinusoidal:
            raise ProductError(entry.path, "lai", f"the projection {crs[:60]}", "the MODIS sinusoidal grid or longitude and latitude")
        x, y = (data.coords["x"], data.coords["y"]) if sinusoidal else (data.lon, data.lat)
        quality = data.variables.get("lai_qc") if self.plan.lai_method == "area" else None
        if quality is not None:
            bad = ~_GOOD[quality] & ~((codes == BARREN) & self.plan.lai_barren_zero)
            codes = np.where(bad, np.uint8(255), codes)
        return _Tile(x, y, sinusoidal, codes, self._table)


def _preference(product: str | None) -> int:
    """Rank of a product where several hold the same composite: the highest is taken."""
    return _PREFERRED.index(product) if product in _PREFERRED else -1


#: Whether each of the 256 quality codes is good.
_GOOD = good_quality(np.arange(256))


def _place(entry: Entry) -> str:
    """The tile of a file, such as "h25v05"; for an AppEEARS export the part of its name that all files of one request share."""
    return entry.tile or Path(entry.path).name.split("_", 1)[-1]


class _Tile:
    """8-bit codes with the axes of their own grid (metres on the MODIS sphere, or degrees) and the table of their values."""

    def __init__(self, x: np.ndarray, y: np.ndarray, sinusoidal: bool, codes: np.ndarray, table: np.ndarray) -> None:
        self.x, self.y, self.sinusoidal, self.codes, self.table = x, y, sinusoidal, codes, table

    def at(self, number: int) -> _Tile:
        """The pixels of one of several times."""
        return _Tile(self.x, self.y, self.sinusoidal, self.codes[number], self.table)


class _Gatherer(Protocol):
    """Takes in the tiles of one composite, one after the other, and gives their field."""

    def take(self, tile: _Tile, key: Hashable) -> None:
        """Take in a tile; ``key`` tells it from the others."""

    def joined(self, other: Any) -> _Gatherer:
        """This one with what another of its kind has taken in."""

    def field(self) -> np.ndarray:
        """(rows, columns) in m2 m-2."""


class _Bilinear:
    """The value at each cell's centre, linear in the pixel grid's own coordinates; corners may come from different tiles."""

    def __init__(self, grid: Grid) -> None:
        self._lat, self._lon = np.meshgrid(grid.lat, (grid.lon + 180.0) % 360.0 - 180.0, indexing="ij")
        self._total, self._weight = np.zeros(grid.shape), np.zeros(grid.shape)

    def take(self, tile: _Tile, key: Hashable) -> None:
        """Take in the corners that lie in a tile."""
        if tile.x.size < 2 or tile.y.size < 2:
            return
        x, y = self._lon, self._lat
        if tile.sinusoidal:
            x, y = SPHERE * np.radians(x) * np.cos(np.radians(y)), SPHERE * np.radians(y)
        else:
            x = np.mod(x - tile.x[0] + 1.0, 360.0) + tile.x[0] - 1.0
        column, row = ((v - axis[0]) / (axis[1] - axis[0]) for v, axis in ((x, tile.x), (y, tile.y)))
        left, top = np.floor(column + 1e-6).astype(int), np.floor(row + 1e-6).astype(int)
        for j, by_column in ((left, 1.0 - (column - left)), (left + 1, column - left)):
            for i, by_row in ((top, 1.0 - (row - top)), (top + 1, row - top)):
                inside = (i >= 0) & (i < tile.y.size) & (j >= 0) & (j < tile.x.size)
                value = tile.table[tile.codes[np.where(inside, i, 0), np.where(inside, j, 0)]]
                valid = inside & np.isfinite(value)
                weight = np.clip(by_row * by_column, 0.0, 1.0) * valid
                self._total += weight * np.where(valid, value, 0.0)
                self._weight += weight

    def joined(self, other: _Bilinear) -> _Bilinear:
        """This one with what another has taken in."""
        self._total += other._total
        self._weight += other._weight
        return self

    def field(self) -> np.ndarray:
        """(rows, columns)."""
        return renormalised(self._total, self._weight).astype("float32")


class _Area:
    """The mean of a cell's valid pixels; which cell a pixel lies in is worked out once per tile."""

    def __init__(self, grid: Grid, cells: dict[Hashable, np.ndarray]) -> None:
        self._grid, self._cells, self._mean = grid, cells, AreaMean(grid)

    def take(self, tile: _Tile, key: Hashable) -> None:
        """Take in a tile's pixels."""
        if tile.x.size < 2 or tile.y.size < 2:
            return
        key = (key, tile.x.size, tile.y.size, float(tile.x[0]), float(tile.y[0]))
        if key not in self._cells:
            self._cells[key] = _pixel_cells(self._grid, tile)
        self._mean.add(self._cells[key], tile.table[tile.codes])

    def joined(self, other: _Area) -> _Area:
        """This one with what another has taken in."""
        self._mean.join(other._mean)
        return self

    def field(self) -> np.ndarray:
        """(rows, columns)."""
        return self._mean.mean().astype("float32")


def _pixel_cells(grid: Grid, tile: _Tile) -> np.ndarray:
    """Flat cell index of every pixel of a tile, in the smallest integer type that holds it."""
    if not tile.sinusoidal:
        lat, lon = np.meshgrid(tile.y, tile.x, indexing="ij")
    else:
        lat = np.degrees(tile.y / SPHERE)[:, None]
        lon = np.degrees(tile.x / SPHERE)[None, :] / np.cos(np.radians(lat))
        lon = np.where(np.abs(lon) <= 180.0, lon, np.nan)
        lat = np.broadcast_to(lat, lon.shape)
    cells = cells_of(grid, lat, lon)
    return cells.astype("int16") if grid.shape[0] * grid.shape[1] < 2**15 else cells


def _nearest_valid(fields: np.ndarray, middles: np.ndarray, today: int) -> tuple[_Composite, _Composite]:
    """For each cell the last composite with a value at or before ``today`` and the first after it: (value, distance in days) twice."""
    valid = np.isfinite(fields)
    found = []
    for usable, order in ((middles <= today, slice(None, None, -1)), (middles > today, slice(None))):
        chosen, distance = fields[usable][order], np.abs(middles[usable][order] - today)
        there = valid[usable][order]
        if not chosen.shape[0]:
            found.append((np.full(fields.shape[1:], np.nan), np.full(fields.shape[1:], np.inf)))
            continue
        first = there.argmax(axis=0)
        value = np.take_along_axis(chosen, first[None], axis=0)[0]
        found.append((value, np.where(there.any(axis=0), distance[first], np.inf)))
    return found[0], found[1]


def _held(before: _Composite, after: _Composite, reach: int) -> np.ndarray:
    """The nearer of two composites (the later where equally near), within ``reach`` days."""
    value = np.where(after[1] <= before[1], after[0], before[0])
    return np.where(np.minimum(before[1], after[1]) <= reach, value, np.nan)


def _linear(before: _Composite, after: _Composite, reach: int) -> np.ndarray:
    """Linear between two composites, each within ``reach`` days; held where only one of them is."""
    use_before, use_after = before[1] <= reach, after[1] <= reach
    d0, d1 = np.where(use_before, before[1], 0.0), np.where(use_after, after[1], 1.0)
    share = np.where(use_before & use_after, d0 / np.maximum(d0 + d1, 1e-9), np.where(use_after, 1.0, 0.0))
    value = np.where(use_before, before[0], 0.0) * (1.0 - share) + np.where(use_after, after[0], 0.0) * share
    return np.where(use_before | use_after, value, np.nan)


def coverage(entries: list[Entry], grid: Grid) -> np.ndarray | None:
    """(rows, columns) bool: cells whose centre lies in a tile of the files; None if an AppEEARS export, which names no tile, is there."""
    tiles = {_place(entry) for entry in entries}
    if not all(re.fullmatch(r"h\d\dv\d\d", tile) for tile in tiles):
        return None
    lat, lon = np.meshgrid(np.radians(grid.lat), np.radians((grid.lon + 180.0) % 360.0 - 180.0), indexing="ij")
    h = np.floor((lon * np.cos(lat) + np.pi) / (np.pi / 18.0)).astype(int)
    v = np.floor((np.pi / 2.0 - lat) / (np.pi / 18.0)).astype(int)
    known = [(int(tile[1:3]), int(tile[4:6])) for tile in tiles]
    return np.isin(100 * h + v, [100 * a + b for a, b in known])
