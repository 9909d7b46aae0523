"""GLDAS soil moisture, temperatures and seven-hour rain on the local days of a cube."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

import numpy as np

from ..foundation import localtime
from ..foundation.errors import ProductError
from ..foundation.progress import Progress
from ..products.arrays import Arrays
from ..products.decoding.pool import FileRequest
from ..products.naming import Entry
from .files import Files
from .plan import Plan
from .precipitation import STEP_HOURS, nearest_step, seven_hour_weights

#: Local hour at which states are taken: the full hour after the overpass, 02:00 as in the paper, or 14:00.
HOUR = {"descending": 2.0, "ascending": 14.0}

#: Cube variable -> GLDAS variable and what it is multiplied by; kg m-2 over 0.1 m of water (1000 kg m-3) is m3 m-3 times 100.
STATES = {
    "sm_gldas": ("SoilMoi0_10cm_inst", 0.01),
    "st_gldas": ("SoilTMP0_10cm_inst", 1.0),
    "lst_gldas": ("AvgSurfT_inst", 1.0),
}
RAIN = "Rainf_f_tavg"

_STEP = np.timedelta64(STEP_HOURS * 3600, "s")


class Steps:
    """Which 3-hourly steps the local days of some columns need. A step is counted in 3 h from 00:00 UTC of the local date.

    ``state`` (columns,): the step of the states. ``rain`` (k,): the steps of the rain; ``weights`` (k, columns): hours of each.
    """

    def __init__(self, lon: np.ndarray, clock: str, overpass: str, rain_hours: str) -> None:
        hour = HOUR[overpass]
        offset = effective_offset(lon, clock, hour)
        self.state = nearest_step(hour - offset)
        self.rain, self.weights = seven_hour_weights(offset, rain_hours, hour - HOUR["descending"])

    def stamps(self, days: np.ndarray) -> dict[np.datetime64, list[tuple[int, int]]]:
        """UTC stamp of each file that ``days`` need -> the uses of it: (index of the day, step)."""
        steps = sorted(set(self.state.tolist()) | set(self.rain.tolist()))
        stamps: dict[np.datetime64, list[tuple[int, int]]] = {}
        for number, date in enumerate(days.astype("datetime64[s]")):
            for step in steps:
                stamps.setdefault(date + step * _STEP, []).append((number, step))
        return stamps


class Gldas:
    """Takes each column's values from the 3-hourly step of its local hours. Only files of such steps are opened."""

    names = (*STATES, "precipitation_7h")

    def __init__(self, plan: Plan, files: Files) -> None:
        self.plan, self.files = plan, files
        self.by_stamp = {np.datetime64(entry.time, "s"): entry for entry in files.entries}
        self.steps = Steps(plan.grid.lon, plan.clock, plan.overpass, plan.rain_hours)

    def block(self, days: np.ndarray, progress: Progress) -> dict[str, np.ndarray]:
        """States and ``precipitation_7h`` (mm), each (days, rows, columns); rain is missing where one of its steps is."""
        shape = (days.size, *self.plan.grid.shape)
        out = {name: np.full(shape, np.nan, dtype="float32") for name in STATES}
        rain, hours = np.zeros(shape), np.zeros(shape)
        stamps = self.steps.stamps(days)
        for number, (stamp, wanted) in enumerate(sorted(stamps.items())):
            progress.report(number / len(stamps), "GLDAS")
            entry = self.by_stamp.get(stamp)
            if entry is None:
                progress.check()
                continue
            names = self._variables(wanted)
            fields = self.files.read(entry, names, progress, partial(self._fields, entry, names)) if names else None
            if fields is not None:
                for day, step in wanted:
                    self._enter(fields, day, step, out, rain, hours)
        out["precipitation_7h"] = np.where(hours > 7.0 - 1e-6, rain * 3600.0, np.nan).astype("float32")
        return out

    def requests(self, days: np.ndarray) -> list[FileRequest]:
        """What ``block`` will read for ``days``."""
        found = []
        for stamp, wanted in sorted(self.steps.stamps(days).items()):
            names = self._variables(wanted)
            if stamp in self.by_stamp and names:
                found.append(self.files.request(self.by_stamp[stamp], names))
        return found

    def _variables(self, wanted: list[tuple[int, int]]) -> list[str]:
        """The variables that the uses of one stamp, (day index, step), need."""
        names = [source for source, _ in STATES.values()] if any(step in self.steps.state for _, step in wanted) else []
        return names + ([RAIN] if any(step in self.steps.rain for _, step in wanted) and self.plan.has_rain else [])

    def _fields(self, entry: Entry, names: Collection[str], data: Arrays) -> dict[str, np.ndarray]:
        """The variables ``names`` of a file on the cells (rows, columns); cells beyond the file's grid are missing."""
        grid = self.plan.grid
        rows, columns = grid.rows_in(data.lat), grid.columns_in(data.lon)
        if (rows < 0).all() or (columns < 0).all():
            raise ProductError(entry.path, None, "a grid that holds no cell of the region", "a file of the region")
        fields = {}
        for name in names:
            values = np.asarray(data.variables[name], dtype=float)
            field = values[np.ix_(np.maximum(rows, 0), np.maximum(columns, 0))]
            field[rows < 0] = np.nan
            field[:, columns < 0] = np.nan
            fields[name] = field
        return fields

    def _enter(
        self, fields: dict[str, np.ndarray], day: int, step: int, out: dict[str, np.ndarray], rain: np.ndarray, hours: np.ndarray
    ) -> None:
        """Use a step for a day: the states of the columns whose local hour is nearest to it, and its part of the rain sum."""
        here = self.steps.state == step
        for name, (source, factor) in STATES.items():
            if source in fields and here.any():
                out[name][day][:, here] = fields[source][:, here] * factor
        place = np.flatnonzero(self.steps.rain == step)
        if place.size and RAIN in fields:
            weights = self.steps.weights[place[0]]
            known = np.isfinite(fields[RAIN])
            rain[day] += np.where(known, fields[RAIN], 0.0) * weights
            hours[day] += known * weights


def effective_offset(lon: np.ndarray, clock: str, hour: float) -> np.ndarray:
    """Local time minus UTC at each longitude, hours.

    With the clock "file" a day is a UTC day. The offset is then such that local ``hour`` falls on the moment of that UTC day at
    which the local solar time is ``hour``.
    """
    if clock != "file":
        return localtime.offset_hours(lon, clock)
    return hour - np.mod(hour - localtime.offset_hours(lon, "solar"), 24.0)
