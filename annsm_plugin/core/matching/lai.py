"""Leaf area index of MODIS and VIIRS on the cells and local days of a cube."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from functools import partial
from pathlib import Path

import numpy as np

from ..foundation.errors import ProductError
from ..foundation.grid import Grid
from ..foundation.progress import Progress
from ..foundation.variables import LAI_SOURCES
from ..products.arrays import Arrays
from ..products.decoding.pool import FileRequest
from ..products.naming import Entry
from ..products.readers.lai import VALUES, codes, exports
from .composites.in_time import in_time
from .composites.overlap import Overlap
from .composites.pixels import Area, Bilinear, Gatherer, Tile
from .files import Files
from .plan import Plan

#: A composite of eight days stands at its start plus four days.
MIDDLE = np.timedelta64(4, "D")

#: A composite gives values to days at most this far from its middle: one missing composite is bridged, two in a row are not.
REACH = np.timedelta64(12, "D")

#: Class code of barren land, which may count as LAI 0.
BARREN = 253


class Lai:
    """Regrids composites when days need them, and keeps those that later days need too.

    "linear" (the paper's): linear interpolation at the cell's centre in the product's own grid, the composite nearest in time.
    "area" (ours): the mean of all valid, quality-screened pixels of the cell, linear in time. Where several products have the same
    composite of a tile the first of ``codes.PRODUCTS`` is taken, so MODIS as long as there is MODIS; ``overlap`` compares the two.
    """

    names = ("lai", "lai_source")

    def __init__(self, plan: Plan, files: Files) -> None:
        self.plan, self.files = plan, files
        self.overlap = Overlap()
        #: First day -> place -> product -> file.
        self.composites: dict[np.datetime64, dict[str, dict[str, Entry]]] = {}
        for entry in files.entries:
            if entry.date is not None:
                places = self.composites.setdefault(np.datetime64(entry.date, "D"), {})
                places.setdefault(_place(entry), {})[str(entry.sensor)] = entry
        self._series = [entry for entry in files.entries if entry.date is None]
        #: First day -> product -> field (rows, columns) of AppEEARS exports; None until they are read.
        self._exported: dict[np.datetime64, dict[str, np.ndarray]] | None = None
        self._fields: dict[np.datetime64, np.ndarray] = {}
        self._sources: dict[np.datetime64, int] = {}
        self._cells: dict[Hashable, np.ndarray] = {}
        self._asked: set[np.datetime64 | None] = set()
        self._table = VALUES.copy()
        if plan.lai_barren_zero:
            self._table[BARREN] = 0.0

    def requests(self, days: np.ndarray) -> list[FileRequest]:
        """What ``block`` will read for ``days``, after what was asked for before."""
        fresh = [start for start in self._near(self.composites, days) if start not in self._asked]
        found = [self.files.request(part, self._variables()) for entry in self._series for part in self._parts(entry)]
        found = [] if None in self._asked else found
        self._asked.update((None, *fresh))
        return found + [self.files.request(entry, self._variables()) for start in fresh for entry in self._read_of(start)]

    @staticmethod
    def _near(starts: Iterable[np.datetime64], days: np.ndarray) -> np.ndarray:
        """Those of the composites' first days that ``days`` may need, in order."""
        ordered = np.array(sorted(starts), dtype="datetime64[D]")
        middles = ordered + MIDDLE
        return ordered[(middles >= days[0] - REACH) & (middles <= days[-1] + REACH)]

    def block(self, days: np.ndarray, progress: Progress) -> dict[str, np.ndarray]:
        """``lai`` (days, rows, columns) in m2 m-2, and ``lai_source`` (days,): the sum of the bits of the products that it is made of."""
        if self._exported is None:
            self._load_series(progress)
        near = self._near({*self.composites, *(self._exported or ())}, days)
        for number, start in enumerate(near):
            progress.report(number / near.size, "Leaf area index")
            if start not in self._fields:
                self._gather(start, progress)
        fields = np.stack([self._fields[start] for start in near]) if near.size else np.zeros((0, *self.plan.grid.shape))
        middles, linear = (near + MIDDLE).astype(int), self.plan.lai_method != "linear"
        out, used = in_time(fields, middles, days.astype(int), float(REACH.astype(int)), linear)
        bits = np.array([self._sources[start] for start in near], dtype="uint8")
        source = np.bitwise_or.reduce(np.where(used, bits, 0).astype("uint8"), axis=1)
        for start in [s for s in self._fields if s + MIDDLE < days[-1] - REACH]:
            del self._fields[start]
        return {"lai": out, "lai_source": source}

    def _read_of(self, start: np.datetime64) -> list[Entry]:
        """The files of a composite that are read."""
        return [products[name] for products in self.composites[start].values() for name in _read(products)]

    def _gather(self, start: np.datetime64, progress: Progress) -> None:
        """The field of one composite, the bits of the products that it has pixels of, and its share in ``overlap``."""
        places, exported = self.composites.get(start, {}), (self._exported or {}).get(start, {})
        there = {codes.family(name) for products in places.values() for name in products} | set(map(codes.family, exported))
        whole, by_family, has = self._gatherer(), {name: self._gatherer() for name in there}, []
        for place, products in places.items():
            taken = False
            for name in _read(products):
                entry = products[name]
                tile = self.files.read(entry, self._variables(), progress, partial(self._tile, entry))
                if tile is None:
                    continue
                if not taken:
                    whole.take(tile, place)
                    has.append(name)
                    taken = True
                if len(there) > 1:
                    by_family[codes.family(name)].take(tile, place)
        of_tiles = {codes.family(name) for products in places.values() for name in products}
        field, best = None, _read(exported)[0] if exported else ""
        if best and all(_rank(best) < _rank(name) for name in has):
            field, has = exported[best], [best]
        self._fields[start] = whole.field() if field is None else field
        self._sources[start] = sum(LAI_SOURCES[name] for name in set(has))
        if len(there) > 1:
            of_exports = {codes.family(name): exported[name] for name in _read(exported)}
            pair = [by_family[name].field() if name in of_tiles else of_exports[name] for name in ("MODIS", "VIIRS")]
            self.overlap.take(str(start), *pair)

    def _load_series(self, progress: Progress) -> None:
        """Read AppEEARS NetCDF exports, which hold many composites, part by part."""
        gathered: dict[np.datetime64, dict[str, Gatherer]] = {}
        for number, entry in enumerate(self._series):
            progress.report(number / len(self._series), "Leaf area index")
            fresh = self.files.attempt(entry, progress, partial(self._export, entry, progress))
            for start, gatherer in (fresh or {}).items():
                by_product = gathered.setdefault(start, {})
                product = str(entry.sensor)
                by_product[product] = by_product[product].joined(gatherer) if product in by_product else gatherer
        self._exported = {
            start: {product: gatherer.field() for product, gatherer in by_product.items()} for start, by_product in gathered.items()
        }

    def _export(self, entry: Entry, progress: Progress) -> dict[np.datetime64, Gatherer]:
        """First day -> gatherer of an AppEEARS NetCDF export, read by parts of rows. Raises ``ProductError``."""
        gathered: dict[np.datetime64, Gatherer] = {}
        empty = True
        for part in self._parts(entry):
            data = self.files.arrays(part, self._variables(), progress)
            empty &= data.empty or not data.variables["lai_class"].size
            tile = self._tile(entry, data)
            for number, start in enumerate(data.coords["time"].astype("datetime64[D]")):
                gathered.setdefault(start, self._gatherer()).take(tile.at(number), entry.path)
        if empty:
            self.files.note_empty(entry)
        return gathered

    def _parts(self, entry: Entry) -> list[Entry]:
        """What is read of an AppEEARS NetCDF export, one after the other."""
        first, last = self.plan.days[0] - REACH - MIDDLE, self.plan.days[-1] + REACH
        return exports.parts(entry, self.files.window, first, last)

    def _variables(self) -> list[str]:
        return ["lai_class", "lai_qc", "lai_extra_qc"] if self.plan.lai_method == "area" else ["lai_class"]

    def _gatherer(self) -> Gatherer:
        return Area(self.plan.grid, self._cells) if self.plan.lai_method == "area" else Bilinear(self.plan.grid)

    def _tile(self, entry: Entry, data: Arrays) -> Tile:
        """A file's pixels with their axes; barren pixels made 0 where asked for."""
        classes, crs = data.variables["lai_class"], str(data.attrs.get("crs", ""))
        sinusoidal = "sinusoidal" in crs.lower()
        if crs and not sinusoidal:
            raise ProductError(entry.path, "lai", f"the projection {crs[:60]}", "the MODIS sinusoidal grid or longitude and latitude")
        x, y = (data.coords["x"], data.coords["y"]) if sinusoidal else (data.lon, data.lat)
        good = codes.good(entry.sensor, data.variables) if self.plan.lai_method == "area" else None
        if good is not None:
            bad = ~good & ~((classes == BARREN) & self.plan.lai_barren_zero)
            classes = np.where(bad, np.uint8(255), classes)
        return Tile(x, y, sinusoidal, classes, self._table)


def _rank(product: str) -> int:
    """Place of a product among those that can hold the same composite: the first is taken."""
    return codes.PRODUCTS.index(product) if product in codes.PRODUCTS else len(codes.PRODUCTS)


def _read(products: Iterable[str]) -> list[str]:
    """Those of the products of one composite that are read, the best first: the best of MODIS and the best of VIIRS."""
    found: dict[str, str] = {}
    for name in sorted(products, key=_rank):
        found.setdefault(codes.family(name), name)
    return list(found.values())


def _place(entry: Entry) -> str:
    """The tile of a file, such as "h25v05"; for an AppEEARS GeoTIFF its folder (requests have their own) and what its name ends with."""
    return entry.tile or str(Path(entry.path).with_name(re.sub(r"^.*?_(?=doy)", "", Path(entry.path).name)))


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
