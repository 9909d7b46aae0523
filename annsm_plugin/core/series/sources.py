"""The inputs of a triple collocation: a cube or ANN-SM file, a product folder or stations, each as daily series of cells.

A gridded file is read tile by tile. A folder is read once on the cells of the common grid: LPRM, JAXA, SMOS and SMAP in the way of
``collocation``, by local date and interpolated linearly, GLDAS at 02:00 local. Stations are averaged in their cells at the overpass hour.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from .. import products
from ..foundation import blocks, store, synthetic
from ..foundation.errors import CubeError, ParameterError
from ..foundation.grid import STEP, Grid
from ..foundation.libraries import load
from ..foundation.progress import SILENT
from ..stations import averaging as insitu
from ..stations import reading as station_files
from . import collocation
from .gldas import gldas_series

#: Units that mean volume of water per volume of soil.
UNITS = ("m3 m-3", "m3/m3", "m3.m-3", "m^3 m^-3", "cm3 cm-3", "m3m-3")

#: What known variables of cubes are called; ``soil_moisture`` is ANN-SM where the file says that it is one.
TITLES = {"sm_smap": "SMAP", "sm_gldas": "GLDAS"}

#: Products of which a folder can be given, and what they are called.
FOLDERS = {**{name: source.title for name, source in collocation.SOURCES.items()}, "gldas": "GLDAS"}

#: Bytes that the sums of reading a folder may take; a longer period is read in stretches.
BUDGET = 256 * 2**20

#: Local hour at which stations are taken: that of the AMSR descending pass.
STATION_HOUR = "01:30"


@dataclass
class Input:
    """One of the three, X, Y or Z. ``kind`` is "grid", "folder" or "stations"; ``variable`` its variable, or the product of a folder.

    ``band``: of LPRM; ``first`` and ``last``: its days (None: known only when read); ``grid``: its cells, None for folders and stations.
    """

    name: str
    path: Path
    kind: str
    title: str
    variable: str = ""
    band: str = ""
    first: np.datetime64 | None = None
    last: np.datetime64 | None = None
    grid: Grid | None = None
    attributes: dict = field(default_factory=dict)

    @property
    def key(self) -> tuple:
        """What makes two inputs the same data."""
        return str(self.path.resolve()), self.variable, self.band


def look(name: str, path, variable=None, progress=None, said_in: str = "") -> Input:
    """What the input ``name`` (X, Y or Z) is, from its ``path`` and, where that leaves a choice, ``variable``.

    A NetCDF file: a variable name, "smap" and "gldas" for those of a cube (default soil_moisture, or the only variable in m3 m-3); a
    series file of stations needs none. A folder: the product where it holds several (lprm, jaxa, smos, smap, gldas), or the band
    of LPRM (c, c2, x); an ISMN folder or zip needs none.
    ``said_in``: the parameter of the variable, for messages; empty: the name and _VARIABLE.
    Nothing but headers and file names is read. Raises ``ParameterError`` or ``CubeError``.
    """
    if not str(path or "").strip():
        raise ParameterError(f"{name} is not given; expected a NetCDF file, a product folder, or stations.")
    path, variable = Path(str(path)), str(variable or "").strip()
    if not path.exists():
        raise ParameterError(f"{name}: {path} does not exist; expected a NetCDF file, a product folder, or stations.")
    if path.is_dir():
        return _folder(name, path, variable, progress or SILENT, said_in or f"{name}_VARIABLE")
    if path.suffix.lower() == ".zip":
        return Input(name, path, "stations", "stations", attributes=synthetic.attributes(path))
    known = products.entry(path)
    if known is not None:
        raise ParameterError(
            f"{name}: {path} is a single {products.PRODUCTS[known.product][1]} file; give the folder that holds its series."
        )
    if path.suffix.lower() not in (".nc", ".nc4"):
        raise ParameterError(f"{name}: {path} ends in '{path.suffix}'; expected a NetCDF file (.nc), a product folder, or stations.")
    return _file(name, path, variable)


def _folder(name: str, path: Path, variable: str, progress, said_in: str) -> Input:
    """A folder of LPRM, JAXA, SMOS, SMAP or GLDAS files, or of ISMN stations."""
    wanted, band = variable.lower(), ""
    if wanted in collocation.SOURCES["lprm"].variables:
        wanted, band = "lprm", wanted
    elif wanted and wanted not in (*FOLDERS, "stations"):
        known = ", ".join((*FOLDERS, "stations", *collocation.SOURCES["lprm"].variables))
        raise ParameterError(f"{name}: the product or band '{variable}' of the folder {path} is not known; expected one of {known}.")
    found = products.inventory(path, progress=progress)
    there = [product for product in FOLDERS if found.of(product)]
    if not there and wanted in ("", "stations") and any(text.lower().endswith(".stm") for text in found.unrecognised):
        return Input(name, path, "stations", "stations", attributes=synthetic.attributes(path))
    if wanted and wanted not in there:
        raise ParameterError(
            f"{name}: the folder {path} holds no {wanted} file; there is {', '.join(there) or 'no soil moisture product'}."
        )
    if not there:
        raise ParameterError(f"{name}: the folder {path} holds no LPRM, JAXA, SMOS, SMAP or GLDAS soil moisture and no ISMN station.")
    if len(there) > 1 and not wanted:
        raise ParameterError(f"{name}: the folder {path} holds {' and '.join(there)}; say which in {said_in}.")
    product = wanted or there[0]
    dates = sorted({entry.date for entry in found.of(product) if entry.date})
    band = (band or "c") if product == "lprm" else ""
    title = FOLDERS[product] + (f" {band.upper()}" if band else "")
    first, last = np.datetime64(dates[0], "D"), np.datetime64(dates[-1], "D") + 1  # the local date may be the next
    return Input(name, path, "folder", title, product, band, first, last, attributes=synthetic.attributes(path))


def _file(name: str, path: Path, variable: str) -> Input:
    """A variable of a cube or ANN-SM file, or a series file of stations."""
    if _is_station_series(path):
        return Input(name, path, "stations", "stations")
    with store.open_grid(path, kind="cube, ANN-SM file or file of station series") as data:
        daily = [str(n) for n, v in data.data_vars.items() if set(v.dims) == {"time", "lat", "lon"}]
        variable = next((n for n in (variable, f"sm_{variable.lower()}") if n in data.data_vars), variable)
        moist = [
            n for n in daily if data[n].attrs.get("units", "") in UNITS and n not in ("soil_moisture_spread", "soil_moisture_uncertainty")
        ]
        chosen = variable or ("soil_moisture" if "soil_moisture" in daily else moist[0] if len(moist) == 1 else "")
        if not chosen:
            have = ", ".join(moist) or f"none in m3 m-3 among {', '.join(daily) or 'no daily variable'}"
            raise ParameterError(f"{name}: {path} leaves open which variable is meant ({have}); say it in {name}_VARIABLE.")
        if chosen not in data.data_vars:
            raise CubeError(path, f"variables {', '.join(map(str, data.data_vars))}", f"'{chosen}', named by {name}_VARIABLE")
        if chosen not in daily:
            raise CubeError(path, f"'{chosen}' with dimensions {', '.join(map(str, data[chosen].dims))}", "a variable with time, lat, lon")
        units = str(data[chosen].attrs.get("units", "m3 m-3"))
        if units not in UNITS:
            raise CubeError(path, f"'{chosen}' in {units}", "soil moisture in m3 m-3")
        dates = blocks.dates_of(data)
        if dates.size == 0:
            raise CubeError(path, "no day", "daily soil moisture")
        grid = store.grid_of(blocks.north_first(data))
        _check_cells(path, grid)
        own = chosen == "soil_moisture" and data.attrs.get("annsm_kind") == "annsm"
        title = "ANN-SM" if own else TITLES.get(chosen, chosen)
        return Input(name, path, "grid", title, chosen, "", dates.min(), dates.max(), grid, dict(data.attrs))


def _check_cells(path: Path, grid: Grid) -> None:
    """Raise ``CubeError`` unless the cells are those of the 0.25 degree grid, none left out in between."""
    for name, axis in (("lat", grid.lat), ("lon", grid.lon)):
        steps = np.abs(np.diff(axis))
        if np.abs((axis / STEP) % 1 - 0.5).max() > 0.01 or (steps.size and np.abs(steps - STEP).max() > 0.01):
            found = f"'{name}' from {axis[0]:g} in steps of {steps.mean():g}" if steps.size else f"'{name}' at {axis[0]:g}"
            raise CubeError(path, found, f"centres of {STEP:g} degree cells (odd multiples of {STEP / 2:g})")


def _is_station_series(path: Path) -> bool:
    """Whether a NetCDF file is one that 'Load stations' wrote."""
    try:
        with load("netCDF4").Dataset(str(path)) as file:
            return "station" in file.dimensions and "lat" not in file.dimensions
    except OSError:
        return False  # what it is instead is said where it is opened as a grid


class Reader:
    """Gives the series of one input tile by tile, on the common ``grid`` and ``dates`` (ascending, every day). Use as a context manager."""

    def __init__(self, source: Input, grid: Grid, dates: np.ndarray, progress=None):
        self.source, self.grid, self.dates = source, grid, dates
        self.problems: list[str] = []
        self._data = self._whole = None
        self._cells: dict[tuple[int, int], np.ndarray] = {}
        progress = progress or SILENT
        if source.kind == "grid":
            self._data = blocks.north_first(store.open_grid(source.path, kind="cube or ANN-SM file", needs=(source.variable,)))
            self._rows, self._columns = blocks.places(store.grid_of(self._data), grid)
        elif source.kind == "folder":
            self._read_folder(progress)
        else:
            found = station_files.read(source.path, progress=progress)
            cells, left_out = insitu.gather(found, grid, dates, insitu.hour_of(STATION_HOUR))
            self._cells = {cell.place: cell.values for cell in cells}
            if left_out:
                self.problems.append(f"{source.name} ({source.title}): {len(left_out)} stations lie outside the cells.")

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self._data is not None:
            self._data.close()

    def _read_folder(self, progress) -> None:
        """All cells of the grid as float32, in stretches of days whose sums fit ``BUDGET``."""
        source, (rows, columns) = self.source, self.grid.shape
        problems: dict[str, None] = {}
        files = 0
        if source.variable == "gldas":
            self._whole, files, found = gldas_series(source.path, self.grid, self.dates, progress)
            problems.update(dict.fromkeys(found))
        else:
            lat, lon = np.repeat(self.grid.lat, columns), np.tile(self.grid.lon, rows)
            self._whole = np.full((rows * columns, self.dates.size), np.nan, dtype=np.float32)
            length = max(100, BUDGET // (16 * rows * columns))
            for first in range(0, self.dates.size, length):
                days = slice(first, min(first + length, self.dates.size))
                part = progress.part(first / self.dates.size, days.stop / self.dates.size)
                start, end = self.dates[first], self.dates[days.stop - 1]
                read = collocation.product_series(
                    source.path, source.variable, lat, lon, start=start, end=end, band=source.band, progress=part
                )
                self._whole[:, days] = read.values.T
                files += read.files
                problems.update(dict.fromkeys(read.problems))
        if files == 0:
            self.problems.append(f"{source.name} ({source.title}): no file of the period {self.dates[0]} to {self.dates[-1]}.")
        if problems:
            self.problems.append(
                f"{source.name} ({source.title}): {len(problems)} files could not be used; the first: {next(iter(problems))}"
            )

    def __call__(self, tile: tuple[slice, slice]) -> np.ndarray:
        """(cells, days) float64 of the tile's cells, row by row; NaN where there is nothing."""
        shape = (tile[0].stop - tile[0].start, tile[1].stop - tile[1].start, self.dates.size)
        if self._whole is not None:
            whole = self._whole.reshape(*self.grid.shape, -1)
            return whole[tile].reshape(-1, self.dates.size).astype(float)
        values = np.full(shape, np.nan)
        for (row, column), series in self._cells.items():
            if tile[0].start <= row < tile[0].stop and tile[1].start <= column < tile[1].stop:
                values[row - tile[0].start, column - tile[1].start] = series
        if self._data is not None:
            self._fill(values, tile)
        return values.reshape(-1, self.dates.size)

    def _fill(self, values, tile) -> None:
        """The gridded file's values of a tile, where it has the cells and the days."""
        rows, columns = self._rows[tile[0]], self._columns[tile[1]]
        y, x = np.flatnonzero(rows >= 0), np.flatnonzero(columns >= 0)
        own = blocks.dates_of(self._data)
        common, mine, theirs = np.intersect1d(self.dates, own, return_indices=True)
        if not (y.size and x.size and common.size):
            return
        days = slice(int(theirs.min()), int(theirs.max()) + 1)
        down = slice(int(rows[y[0]]), int(rows[y[-1]]) + 1)
        for run in np.split(x, np.flatnonzero(np.diff(columns[x]) != 1) + 1):  # two runs where the file ends at the dateline
            across = slice(int(columns[run[0]]), int(columns[run[-1]]) + 1)
            found = blocks.series(self._data, self.source.variable, days, (down, across))[:, theirs - days.start]
            values[np.ix_(y, run, mine)] = found.reshape(y.size, run.size, common.size)
