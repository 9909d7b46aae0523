"""Brightness temperatures of NSIDC (CETB) on the local days of a cube: each pixel has its own time, so no hour is assumed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from ...foundation import localtime
from ...foundation.errors import ParameterError
from ...foundation.progress import Progress
from ...foundation.regrid import Linear, renormalised
from ...foundation.variables import SENSORS
from ...products.arrays import Arrays
from ...products.decoding.pool import FileRequest
from ...products.naming import Entry
from ..files import Files, day
from ..plan import Plan

#: (variable, day) -> sums and weights of the pixels near each cell.
_Sums = dict[tuple[str, np.datetime64], list[np.ndarray]]


def check(plan: Plan, entries: list[Entry]) -> None:
    """Raise ``ParameterError`` if files of brightness temperature are of CETB and cannot be matched as is asked."""
    own = [entry for entry in entries if entry.polarisation]
    if not own:
        return
    if len(own) < len(entries):
        raise ParameterError(
            f"The AMSR folder holds {len(entries) - len(own)} files of JAXA and {len(own)} of NSIDC (CETB) in the period, which are "
            "calibrated differently; a folder of one kind is expected."
        )
    if plan.calibration != "none":
        raise ParameterError(f"CALIBRATION is '{plan.calibration}', which is for JAXA's files; with those of NSIDC (CETB) it is 'none'.")
    for sensor in sorted({str(entry.sensor) for entry in own}):
        there = {(entry.channel, entry.polarisation) for entry in own if entry.sensor == sensor}
        wanted = [(channel, letter) for channel in plan.channels.by_sensor.get(sensor, ()) for letter in plan.channels.letters]
        missing = [f"{channel}{letter.upper()}" for channel, letter in wanted if (channel, letter) not in there]
        if missing:
            held = ", ".join(sorted(f"{channel}{letter.upper()}" for channel, letter in there))
            raise ParameterError(
                f"The AMSR folder has no {sensor} files (CETB) of {', '.join(missing)} in the period, only {held}; choose other channels."
            )


class Cetb:
    """Gives every pixel its local date by its own time, and interpolates each local date's pixels of all files together."""

    def __init__(self, plan: Plan, files: Files) -> None:
        self.plan, self.files = plan, files
        self.names = (*plan.channels.names, "sensor")
        self.calibration = None
        orbit = plan.overpass[0].upper()
        wanted = [entry for entry in files.entries if entry.orbit == orbit]
        self.by_key = {(str(e.sensor), str(e.channel), e.polarisation, day(e)): e for e in wanted}
        self._linear: dict[bytes, Linear] = {}

    def seam(self) -> str:
        """Nothing to say: the files carry times."""
        return ""

    def every_field(self, progress: Progress) -> Iterator[tuple[str, str, np.datetime64, np.ndarray]]:
        """None: these files are not calibrated here."""
        yield from ()

    def _around(self, days: np.ndarray) -> np.ndarray:
        """UTC dates whose files may hold pixels of ``days``."""
        return days if self.plan.clock == "file" else np.arange(days[0] - 1, days[-1] + 2)

    def _of(self, date: np.datetime64) -> tuple[str, list[tuple[str, Entry]]]:
        """The sensor of a UTC date (AMSR2 if both have files), and variable and file of each channel and polarisation."""
        channels = self.plan.channels
        for sensor in ("AMSR2", "AMSR-E"):
            pairs = zip(channels.labels, channels.by_sensor.get(sensor, ()))
            names = [(f"tb_{label}{letter}", (sensor, channel, letter, date)) for label, channel in pairs for letter in channels.letters]
            found = [(name, self.by_key[key]) for name, key in names if key in self.by_key]
            if found:
                return sensor, found
        return "", []

    def requests(self, days: np.ndarray) -> list[FileRequest]:
        """What ``block`` will read for ``days``."""
        return [self.files.request(entry, self._needed(entry)) for date in self._around(days) for _, entry in self._of(date)[1]]

    def block(self, days: np.ndarray, progress: Progress) -> dict[str, np.ndarray]:
        """Brightness temperatures (days, rows, columns) in K by name, and ``sensor`` (days,)."""
        out = {name: np.full((days.size, *self.plan.grid.shape), np.nan, dtype="float32") for name in self.plan.channels.names}
        out["sensor"] = np.zeros(days.size, dtype="int8")
        sums: _Sums = {}
        around = self._around(days)
        for number, date in enumerate(around):
            progress.report(number / around.size, "Brightness temperature")
            sensor, found = self._of(date)
            for name, entry in found:
                fresh = self.files.read(entry, self._needed(entry), progress, partial(self._sums, entry, days))
                for local, parts in (fresh or {}).items():
                    total = sums.setdefault((name, local), [np.zeros(self.plan.grid.shape), np.zeros(self.plan.grid.shape)])
                    for own, part in zip(total, parts):
                        own += part
                    out["sensor"][int((local - days[0]) / np.timedelta64(1, "D"))] = SENSORS[sensor]
        for (name, local), (total_sum, weight) in sums.items():
            out[name][int((local - days[0]) / np.timedelta64(1, "D"))] = renormalised(total_sum, weight)
        return out

    def _needed(self, entry: Entry) -> list[str]:
        return [f"tb_{entry.polarisation}", "observation_time"]

    def _sums(self, entry: Entry, days: np.ndarray, data: Arrays) -> dict[np.datetime64, tuple[np.ndarray, np.ndarray]]:
        """Local date -> sums and weights on the cells of a file's pixels."""
        values, seen = data.variables[f"tb_{entry.polarisation}"], data.variables["observation_time"]
        key = data.lat.tobytes() + data.lon.tobytes()
        if key not in self._linear:
            self._linear[key] = Linear(data.lat, data.lon, self.plan.grid)
        lon = np.broadcast_to(data.lon[None, :], seen.shape)
        local = np.full(seen.shape, day(entry)) if self.plan.clock == "file" else localtime.local_date(seen, lon, self.plan.clock)
        there = np.isfinite(values) & ~np.isnat(seen)
        dates = [date for date in np.unique(local[there]) if days[0] <= date <= days[-1]]
        return {date: self._linear[key].sums(np.where(there & (local == date), values, np.nan)) for date in dates}
