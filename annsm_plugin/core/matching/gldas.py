"""GLDAS soil moisture, temperatures and seven-hour rain on the local days of a cube."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..foundation import localtime
from ..foundation.errors import ProductError
from ..foundation.progress import Progress
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


class Gldas:
    """Picks, column by column, the 3-hourly steps that the local hours need, and opens no other file."""

    names = (*STATES, "precipitation_7h")

    def __init__(self, plan: Plan, files: Files) -> None:
        self.plan, self.files = plan, files
        self.by_stamp = {np.datetime64(entry.time, "s"): entry for entry in files.entries}
        hour = HOUR[plan.overpass]
        offset = effective_offset(plan.grid.lon, plan.clock, hour)
        self.state_step = nearest_step(hour - offset)
        self.rain_steps, self.rain_weights = seven_hour_weights(offset, plan.rain_hours, hour - HOUR["descending"])

    def block(self, days: np.ndarray, progress: Progress) -> dict[str, np.ndarray]:
        """States and ``precipitation_7h`` (mm), each (days, rows, columns); rain is missing where one of its steps is."""
        shape = (days.size, *self.plan.grid.shape)
        out = {name: np.full(shape, np.nan, dtype="float32") for name in STATES}
        rain, hours = np.zeros(shape), np.zeros(shape)
        stamps = self._stamps(days)
        for number, (stamp, wanted) in enumerate(sorted(stamps.items())):
            progress.report(number / len(stamps), "GLDAS")
            entry = self.by_stamp.get(stamp)
            if entry is None:
                progress.check()
                continue
            names = self._variables(wanted)
            fields = self.files.read(entry, names, progress, lambda data, e=entry, n=names: self._fields(e, data, n)) if names else None
            if fields is not None:
                for day, step in wanted:
                    self._enter(fields, day, step, out, rain, hours)
        out["precipitation_7h"] = np.where(hours > 7.0 - 1e-6, rain * 3600.0, np.nan).astype("float32")
        return out

    def requests(self, days: np.ndarray) -> list:
        """What ``block`` will read for ``days``."""
        found = []
        for stamp, wanted in sorted(self._stamps(days).items()):
            names = self._variables(wanted)
            if stamp in self.by_stamp and names:
                found.append(self.files.request(self.by_stamp[stamp], names))
        return found

    def _variables(self, wanted: Any) -> list[str]:
        """The variables that the uses of one stamp, (day index, step), need."""
        names = [source for source, _ in STATES.values()] if any(step in self.state_step for _, step in wanted) else []
        return names + ([RAIN] if any(step in self.rain_steps for _, step in wanted) and self.plan.has_rain else [])

    def needed_stamps(self, days: np.ndarray) -> list:
        """UTC stamps of the files that ``days`` need, in order."""
        return sorted(self._stamps(days))

    def _stamps(self, days: np.ndarray) -> dict:
        """UTC stamp -> list of (day index, step) that use it."""
        steps = sorted(set(self.state_step.tolist()) | set(self.rain_steps.tolist()))
        stamps: dict = {}
        for number, date in enumerate(days.astype("datetime64[s]")):
            for step in steps:
                stamps.setdefault(date + step * _STEP, []).append((number, step))
        return stamps

    def _fields(self, entry: Entry, data: Any, names: Any) -> dict[str, np.ndarray]:
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

    def _enter(self, fields: Any, day: Any, step: Any, out: Any, rain: Any, hours: Any) -> None:
        """Use one step for one day: states of the columns whose local hour is nearest to it, and its share of the rain."""
        here = self.state_step == step
        for name, (source, factor) in STATES.items():
            if source in fields and here.any():
                out[name][day][:, here] = fields[source][:, here] * factor
        place = np.flatnonzero(self.rain_steps == step)
        if place.size and RAIN in fields:
            weights = self.rain_weights[place[0]]
            known = np.isfinite(fields[RAIN])
            rain[day] += np.where(known, fields[RAIN], 0.0) * weights
            hours[day] += known * weights


def effective_offset(lon: np.ndarray, clock: str, hour: float) -> np.ndarray:
    """Hours that local time is ahead of UTC at each column.

    With the clock "file" a day is the UTC day of the files' names, so the step is the one of that UTC day at which it is
    local ``hour`` by the sun.
    """
    if clock != "file":
        return localtime.offset_hours(lon, clock)
    return hour - np.mod(hour - localtime.offset_hours(lon, "solar"), 24.0)
