"""SMAP soil moisture on the local days of a cube."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from ..foundation import localtime
from ..foundation.errors import ProductError
from ..foundation.grid import Grid
from ..foundation.progress import Progress
from ..foundation.regrid import AreaMean, Linear, cells_of
from ..products.arrays import Arrays
from ..products.decoding.pool import FileRequest
from ..products.naming import Entry
from .files import Files, day
from .plan import Plan

VARIABLES = {"baseline": "", "dca": "_dca", "scav": "_scav", "scah": "_scah"}

#: Nominal local hours of the overpasses.
HOUR = {"descending": 6.0, "ascending": 18.0}

#: Bit of ``retrieval_qual_flag`` that is set where a retrieval is not recommended, and the flag's fill value.
_NOT_RECOMMENDED, _FLAG_FILL = 1, 65534


#: Latitudes and longitudes of a file's pixels, as bytes.
_Axes = tuple[bytes, bytes]

#: (local date, axes) -> soil moisture of each pixel, and how far from the nominal hour it was seen (h).
_Layers = dict[tuple[np.datetime64, _Axes], tuple[np.ndarray, np.ndarray]]


def variable(plan: Plan) -> str:
    """The retrieval that is the target."""
    return f"soil_moisture{VARIABLES[plan.smap_variable]}{'_pm' if plan.overpass == 'ascending' else ''}"


def is_mean(plan: Plan) -> bool:
    """Whether a cell is the mean of its pixels, not interpolated to its centre."""
    return plan.smap_product.endswith(" mean")


def reached(plan: Plan, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """(rows, columns) bool: cells that can have a value from pixels at ``lat`` and ``lon``."""
    if is_mean(plan):
        return np.isfinite(_Mean(lat, lon, plan.grid)(np.zeros((lat.size, lon.size))))
    return Linear(lat, lon, plan.grid).reaches


class _Mean:
    """The mean of the valid pixels whose centres lie in a cell."""

    def __init__(self, lat: np.ndarray, lon: np.ndarray, grid: Grid) -> None:
        self._grid = grid
        self._cells = cells_of(grid, *np.broadcast_arrays(lat[:, None], lon[None, :]))

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """(rows, columns) of values (lat, lon), NaN where a cell has no valid pixel."""
        mean = AreaMean(self._grid)
        mean.add(self._cells, values)
        return mean.mean()


class Smap:
    """Gives every pixel its local date first, gathers one layer per local date, and only then regrids.

    A file holds the passes of one UTC day. Where the first and the last of them meet, neighbouring pixels are 24 h apart; over the
    Qinghai-Tibet Plateau this seam lies inside the region. The pixels of two files that have the same local date make one layer;
    if both files hold a pixel, the one seen nearer to the nominal hour is kept.
    """

    names = ("sm_smap",)

    def __init__(self, plan: Plan, files: Files) -> None:
        self.plan, self.files = plan, files
        self.by_date = {day(entry): entry for entry in files.entries}
        suffix = "_pm" if plan.overpass == "ascending" else ""
        self.variable = variable(plan)
        self.flag = f"retrieval_qual_flag{VARIABLES[plan.smap_variable]}{suffix}"
        self.time = f"observation_time{suffix}"
        self._to_cells: dict[_Axes, Callable[[np.ndarray], np.ndarray]] = {}

    def block(self, days: np.ndarray, progress: Progress) -> dict[str, np.ndarray]:
        """``sm_smap`` (days, rows, columns) in m3 m-3."""
        layers: _Layers = {}
        around = self._around(days)
        for number, date in enumerate(around):
            progress.report(number / around.size, "SMAP soil moisture")
            entry = self.by_date.get(date)
            if entry is not None:
                self.files.read(entry, self._needed(), progress, partial(self._gather, entry, days, layers))
        rows, columns = self.plan.grid.shape
        out = np.full((days.size, rows, columns), np.nan, dtype="float32")
        for (date, axes), (values, _) in layers.items():
            field = self._to_cells[axes](values)
            place = out[int((date - days[0]) / np.timedelta64(1, "D"))]
            place[...] = np.where(np.isnan(place), field, place)
        return {"sm_smap": out}

    def _around(self, days: np.ndarray) -> np.ndarray:
        """UTC dates whose files may hold pixels of ``days``."""
        return np.arange(days[0] - 1, days[-1] + 2) if self.plan.clock != "file" else days

    def requests(self, days: np.ndarray) -> list[FileRequest]:
        """What ``block`` will read for ``days``."""
        return [self.files.request(self.by_date[date], self._needed()) for date in self._around(days) if date in self.by_date]

    def _needed(self) -> list[str]:
        names = [self.variable] if self.plan.clock == "file" else [self.variable, self.time]
        return [*names, self.flag] if self.plan.smap_quality == "recommended" else names

    @staticmethod
    def _of(entry: Entry, data: Arrays, name: str) -> np.ndarray:
        """A variable of a file; raises ``ProductError`` if the file has none of this name."""
        if name not in data.variables:
            there = ", ".join(data.variables) or "nothing"
            raise ProductError(entry.path, name, f"no such variable (there is {there})", "a release that has it")
        return data.variables[name]

    def _gather(self, entry: Entry, days: np.ndarray, layers: _Layers, data: Arrays) -> None:
        """Write the pixels of a file into the layers of their local dates."""
        values = np.array(self._of(entry, data, self.variable), dtype=float)
        if self.plan.smap_quality == "recommended":
            flag = np.nan_to_num(np.asarray(self._of(entry, data, self.flag), dtype=float), nan=_FLAG_FILL).astype(int)
            values[((flag & _NOT_RECOMMENDED) != 0) | (flag == _FLAG_FILL)] = np.nan
        axes = (data.lat.tobytes(), data.lon.tobytes())
        if axes not in self._to_cells:
            self._to_cells[axes] = (_Mean if is_mean(self.plan) else Linear)(data.lat, data.lon, self.plan.grid)
        if self.plan.clock == "file":
            dates, late = np.full(values.shape, day(entry)), np.zeros(values.shape)
        else:
            dates, late = self._dates(entry, data, values)
        for date in np.unique(dates[np.isfinite(values)]):
            if not days[0] <= date <= days[-1]:
                continue
            here = np.isfinite(values) & (dates == date)
            kept, lateness = layers.setdefault((date, axes), (np.full(values.shape, np.nan), np.full(values.shape, np.inf)))
            better = here & (late < lateness)
            kept[better], lateness[better] = values[better], late[better]

    def _dates(self, entry: Entry, data: Arrays, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Local date of each pixel, and how far (h) from the nominal hour it was seen; pixels without time become missing."""
        time = np.asarray(self._of(entry, data, self.time)).astype("datetime64[s]")
        lon = data.lon[None, :]
        values[np.isnat(time)] = np.nan
        hour = localtime.local_hour(time, lon, "solar") - HOUR[self.plan.overpass]
        late = np.abs(np.nan_to_num((hour + 12.0) % 24.0 - 12.0, nan=np.inf))
        return localtime.local_date(time, np.broadcast_to(lon, time.shape), self.plan.clock), late
