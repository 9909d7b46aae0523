"""Daily series of soil moisture in cells from whatever the user gives: a cube or ANN-SM file, a folder of a product, or stations.

A gridded file is read tile by tile. A folder is read once, in all cells: LPRM, JAXA, SMOS and SMAP with ``collocation``, GLDAS with
``gldas``. Stations are averaged in their cells at the hour of the AMSR overpass.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from .. import products
from ..foundation import blocks, store, synthetic
from ..foundation.errors import CubeError, ParameterError
from ..foundation.grid import Grid
from ..foundation.libraries import load
from ..foundation.paths import PathLike
from ..foundation.progress import SILENT, Progress
from ..stations import averaging, reading
from . import collocation
from .catalogue import FOLDERS, LPRM_BANDS
from .gldas import gldas_series

#: Ways to write the unit of volumetric soil moisture.
UNITS = ("m3 m-3", "m3/m3", "m3.m-3", "m^3 m^-3", "cm3 cm-3", "m3m-3")

#: Titles of a cube's variables. (``soil_moisture`` is called ANN-SM if its file is one.)
TITLES = {"sm_smap": "SMAP", "sm_gldas": "GLDAS"}

#: Bytes of memory that the sums may take while a folder is read; a longer period is read in several parts.
BUDGET = 256 * 2**20

#: The local time at which stations are taken: that of the AMSR descending overpass.
STATION_HOUR = "01:30"


@dataclass
class Input:
    """What the user gave as the input ``name`` (such as X): a gridded file, a folder or stations (``kind``: "grid", "folder", "stations").

    ``title``: of the product; ``variable``: of a gridded file, or the product of a folder; ``band``: of LPRM; ``first``, ``last``: its
    days (None: known only when it is read); ``grid``: the cells of a gridded file; ``attributes``: those of the file.
    """

    name: str
    path: Path
    kind: str
    title: str
    variable: str = ""
    band: str = ""
    first: Any = None
    last: Any = None
    grid: Grid | None = None
    attributes: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, str]:
        """Equal for two inputs with the same data."""
        return str(self.path.resolve()), self.variable, self.band


def look(name: str, path: PathLike | None, variable: str | None = None, progress: Progress | None = None, said_in: str = "") -> Input:
    """What the input ``name`` is: determined from its ``path`` and, where that leaves a choice, from ``variable``.

    ``variable`` of a NetCDF file: a name, or "smap" or "gldas" for those of a cube (empty: soil_moisture, or the only variable in
    m3 m-3). Of a folder: the product if it holds several (lprm, jaxa, smos, smap, gldas), or the band of LPRM (c, c2, x). Stations (an
    ISMN folder or zip, or a file of series) need none.

    ``name`` is the parameter of the path and ``said_in`` that of the variable (default: the name and _VARIABLE), for messages. Only
    headers and file names are read. Raises ``ParameterError`` or ``CubeError``.
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


def _folder(name: str, path: Path, variable: str, progress: Progress, said_in: str) -> Input:
    """The input that is a folder of LPRM, JAXA, SMOS, SMAP or GLDAS files, or of ISMN stations."""
    wanted, band = variable.lower(), ""
    if wanted in LPRM_BANDS:
        wanted, band = "lprm", wanted
    elif wanted and wanted not in (*FOLDERS, "stations"):
        known = ", ".join((*FOLDERS, "stations", *LPRM_BANDS))
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
        raise ParameterError(f"{name}: the folder {path} holds {' and '.join(there)}; name one of them in {said_in}.")
    product = wanted or there[0]
    dates = sorted({entry.date for entry in found.of(product) if entry.date})
    band = (band or "c") if product == "lprm" else ""
    title = FOLDERS[product] + (f" {band.upper()}" if band else "")
    first, last = np.datetime64(dates[0], "D"), np.datetime64(dates[-1], "D") + 1  # in the east the local date is the next
    return Input(name, path, "folder", title, product, band, first, last, attributes=synthetic.attributes(path))


def _file(name: str, path: Path, variable: str) -> Input:
    """The input that is a variable of a cube or ANN-SM file, or a file of station series."""
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
            raise ParameterError(f"{name}: {path} does not tell which variable is meant ({have}); name it in {name}_VARIABLE.")
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
        own = chosen == "soil_moisture" and data.attrs.get("annsm_kind") == "annsm"
        title = "ANN-SM" if own else TITLES.get(chosen, chosen)
        return Input(name, path, "grid", title, chosen, "", dates.min(), dates.max(), grid, dict(data.attrs))


def _is_station_series(path: Path) -> bool:
    """Whether a NetCDF file holds station series, as written by ``stations.write_series``."""
    store.examine(path, "a cube, ANN-SM file or file of station series")
    try:
        with load("netCDF4").Dataset(str(path)) as file:
            return "station" in file.dimensions and "lat" not in file.dimensions
    except Exception:  # damaged files raise many kinds
        return False  # the error is reported when the file is opened as a grid


class Reader:
    """Reads the series of one input tile by tile, on ``grid`` and ``dates`` (consecutive days). A context manager.

    ``problems``: sentences about files that could not be used, complete only when all tiles are read: values that no soil can have are
    left out and counted while reading. It raises ``CubeError`` if they are most of a file.
    """

    def __init__(self, source: Input, grid: Grid, dates: np.ndarray, progress: Progress | None = None):
        self.source, self.grid, self.dates = source, grid, dates
        self._problems: list[str] = []
        self._data: Any = None
        self._whole: np.ndarray | None = None
        self._cells: dict[tuple[int, int], np.ndarray] = {}
        progress = progress or SILENT
        if source.kind == "grid":
            self._data = blocks.north_first(store.open_grid(source.path, kind="cube or ANN-SM file", needs=(source.variable,)))
            self._rows, self._columns = blocks.places(store.grid_of(self._data), grid)
            about = self._data[source.variable].attrs
            if not any("anomal" in str(text).lower() for text in (source.variable, about.get("long_name"), about.get("standard_name"))):
                blocks.sieve(self._data).soil.add(source.variable)  # of whatever name; anomalies may be below 0
        elif source.kind == "folder":
            self._read_folder(progress)
        else:
            found = reading.read(source.path, progress=progress)
            cells, left_out = averaging.gather(found, grid, dates, averaging.hour_of(STATION_HOUR))
            self._cells = {cell.place: cell.values for cell in cells}
            if left_out:
                self._problems.append(f"{source.name} ({source.title}): {len(left_out)} stations lie outside the cells.")
            self._problems += [f"{source.name} ({source.title}): {text}" for text in averaging.impossible(cells)]

    @property
    def problems(self) -> list[str]:
        return [*self._problems, *(blocks.sieve(self._data).sentences() if self._data is not None else [])]

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *error: object) -> None:
        if self._data is not None:
            self._data.close()

    def _read_folder(self, progress: Progress) -> None:
        """Read all cells of the grid as float32, in parts of the period so long that the sums fit ``BUDGET``."""
        source, (rows, columns) = self.source, self.grid.shape
        problems: dict[str, None] = {}
        files = 0
        if source.variable == "gldas":
            self._whole, files, found = gldas_series(source.path, self.grid, self.dates, progress)
            problems.update(dict.fromkeys(found))
        else:
            lat, lon = np.repeat(self.grid.lat, columns), np.tile(self.grid.lon, rows)
            whole = np.full((rows * columns, self.dates.size), np.nan, dtype=np.float32)
            length = max(100, BUDGET // (16 * rows * columns))
            for first in range(0, self.dates.size, length):
                days = slice(first, min(first + length, self.dates.size))
                part = progress.part(first / self.dates.size, days.stop / self.dates.size)
                start, end = self.dates[first], self.dates[days.stop - 1]
                read = collocation.product_series(
                    source.path, source.variable, lat, lon, start=start, end=end, band=source.band, progress=part
                )
                whole[:, days] = read.values.T
                files += read.files
                problems.update(dict.fromkeys(read.problems))
            self._whole = whole
        if files == 0:
            self._problems.append(f"{source.name} ({source.title}): no file of the period {self.dates[0]} to {self.dates[-1]}.")
        if problems:
            self._problems.append(
                f"{source.name} ({source.title}): {len(problems)} files could not be used; the first: {next(iter(problems))}"
            )

    def __call__(self, tile: tuple[slice, slice]) -> np.ndarray:
        """The series (cells, days) float64 of a tile's cells, row by row; NaN where missing."""
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

    def _fill(self, values: np.ndarray, tile: tuple[slice, slice]) -> None:
        """Enter the gridded file's values of a tile in ``values`` (rows, columns, days), where the file has the cells and days."""
        rows, columns = self._rows[tile[0]], self._columns[tile[1]]
        y, x = np.flatnonzero(rows >= 0), np.flatnonzero(columns >= 0)
        own = blocks.dates_of(self._data)
        common, mine, theirs = np.intersect1d(self.dates, own, return_indices=True)
        if not (y.size and x.size and common.size):
            return
        days = slice(int(theirs.min()), int(theirs.max()) + 1)
        down = slice(int(rows[y[0]]), int(rows[y[-1]]) + 1)
        for run in np.split(x, np.flatnonzero(np.diff(columns[x]) != 1) + 1):  # two runs if the file's longitudes end within the tile
            across = slice(int(columns[run[0]]), int(columns[run[-1]]) + 1)
            found = blocks.series(self._data, self.source.variable, days, (down, across))[:, theirs - days.start]
            values[np.ix_(y, run, mine)] = found.reshape(y.size, run.size, common.size)
