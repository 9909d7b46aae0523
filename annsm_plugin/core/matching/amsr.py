"""Brightness temperature of AMSR-E and AMSR2 on the local days of a cube."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..foundation import localtime
from ..foundation.errors import ProductError
from ..foundation.progress import Progress
from ..foundation.variables import SENSORS
from ..products.arrays import Arrays
from ..products.decoding.pool import FileRequest
from ..products.naming import Entry
from .calibration import Calibration
from .files import Files, day
from .plan import Plan

#: Local date minus the file's UTC date (days) -> in words, the file that a local day is read from.
_FILE_OF = {-1: "the UTC day after", 0: "the same UTC day", 1: "the UTC day before"}


def _east(lon: float) -> str:
    """A longitude in words: 22.5 E, 157.5 W."""
    lon = (lon + 180.0) % 360.0 - 180.0
    return "180" if lon == -180.0 else f"{abs(lon):g} {'E' if lon >= 0 else 'W'}"


class Amsr:
    """Puts each column of a file on its local date.

    A file holds the passes of one UTC date, without their times. A column is taken to be seen at 01:30 (descending) or 13:30
    (ascending) local solar time; ``shift`` (columns,) is the local date at that moment minus the UTC date, in days. With the
    clock "file" the date in the file name is the day, and the shift is 0.
    """

    def __init__(self, plan: Plan, files: Files, calibration: Calibration | None = None) -> None:
        self.plan, self.files, self.calibration = plan, files, calibration
        self.names = (*plan.channels.names, "sensor")
        orbit = plan.overpass[0].upper()
        wanted = [entry for entry in files.entries if entry.orbit == orbit and entry.channel]
        self.by_key = {(str(e.sensor), str(e.channel), day(e)): e for e in wanted}
        if plan.clock == "file":
            self.shift = np.zeros(plan.grid.lon.size, dtype=int)
        else:
            self.shift = localtime.days_after_utc_date(localtime.AMSR_HOUR[plan.overpass], plan.grid.lon, plan.clock)

    def seam(self) -> str:
        """A sentence that says at which longitudes one local day is read from files of two UTC dates; empty if it nowhere is."""
        places = np.flatnonzero(np.diff(self.shift))
        if not places.size:
            return ""
        lon, minutes = self.plan.grid.lon, round(60 * localtime.AMSR_HOUR[self.plan.overpass])
        parts = []
        for place in places:
            edge = (lon[place] + lon[place + 1]) / 2.0
            west, east = (_FILE_OF[int(shift)] for shift in self.shift[place : place + 2])
            parts.append(f"west of {_east(edge)} from the file of {west}, east of it from that of {east}")
        near = "" if all(abs(lon[p] + 0.125 - 180.0) < 1e-6 for p in places) else "; a pass near that longitude may be dated a day off"
        return (
            f"AMSR files carry no times, so every pass is taken to be at {minutes // 60:02d}:{minutes % 60:02d} local solar time: "
            f"a local day is read {', '.join(parts)}{near}."
        )

    def block(self, days: np.ndarray, progress: Progress) -> dict[str, np.ndarray]:
        """Brightness temperatures (days, rows, columns) in K by name, and ``sensor`` (days,)."""
        plan = self.plan
        rows, columns = plan.grid.shape
        out = {name: np.full((days.size, rows, columns), np.nan, dtype="float32") for name in plan.channels.names}
        out["sensor"] = np.zeros(days.size, dtype="int8")
        dates = self._dates(days)
        for place, date in enumerate(dates):
            progress.report(place / len(dates), "Brightness temperature")
            sensor = self._sensor(date)
            if sensor is not None:
                self._fill(out, days, sensor, date, progress)
        return out

    def requests(self, days: np.ndarray) -> list[FileRequest]:
        """What ``block`` will read for ``days``."""
        found = []
        for date in self._dates(days):
            sensor = self._sensor(date)
            if sensor is None:
                continue
            for channel in self.plan.channels.by_sensor[sensor]:
                if (sensor, channel, date) in self.by_key:
                    found.append(self.request(self.by_key[sensor, channel, date]))
        return found

    def request(self, entry: Entry) -> FileRequest:
        """What a pool is told to expect a ``read`` of this file."""
        return self.files.request(entry, self._variables())

    def _variables(self) -> list[str]:
        return [f"tb_{letter}" for letter in self.plan.channels.letters]

    def _dates(self, days: np.ndarray) -> np.ndarray:
        """UTC dates of the files that hold ``days`` in any column, each once."""
        return np.unique(np.concatenate([days - shift for shift in np.unique(self.shift)]))

    def _sensor(self, date: np.datetime64) -> str | None:
        """The sensor that has files of a UTC date, AMSR2 if both have; None if neither has."""
        for sensor in ("AMSR2", "AMSR-E"):
            if any((sensor, channel, date) in self.by_key for channel in self.plan.channels.by_sensor.get(sensor, ())):
                return sensor
        return None

    def _fill(self, out: dict[str, np.ndarray], days: np.ndarray, sensor: str, date: np.datetime64, progress: Progress) -> None:
        """Write the files of one UTC date into the local days of their columns."""
        channels = self.plan.channels
        places = [(int((date + shift - days[0]) / np.timedelta64(1, "D")), self.shift == shift) for shift in np.unique(self.shift)]
        places = [(number, here) for number, here in places if 0 <= number < days.size]
        for label, channel in zip(channels.labels, channels.by_sensor[sensor]):
            entry = self.by_key.get((sensor, channel, date))
            if entry is None:
                continue
            fields = self.read(entry, progress)
            if fields is None:
                continue
            for letter, field in zip(channels.letters, fields):
                if self.calibration is not None and sensor == "AMSR-E":
                    field = self.calibration.apply(field, label, channel, letter, date)
                for number, here in places:
                    out[f"tb_{label}{letter}"][number][:, here] = field[:, here]
                    out["sensor"][number] = SENSORS[sensor]

    def every_field(self, progress: Progress) -> Iterator[tuple[str, str, np.datetime64, np.ndarray]]:
        """All fields (rows, columns; K) of both sensors, each with sensor, channel in the cube with its polarisation ("f1v"), and date."""
        channels = self.plan.channels
        label_of = {(s, c): label for s in channels.by_sensor for label, c in zip(channels.labels, channels.by_sensor[s])}
        wanted = [(key, entry) for key, entry in sorted(self.by_key.items()) if key[:2] in label_of]
        if self.files.pool is not None:
            self.files.pool.expect([self.request(entry) for _, entry in wanted])
        for number, ((sensor, channel, date), entry) in enumerate(wanted):
            progress.report(number / len(wanted), "Climatology of both sensors")
            for letter, field in zip(channels.letters, self.read(entry, progress) or ()):
                yield sensor, label_of[sensor, channel] + letter, date, field

    def read(self, entry: Entry, progress: Progress) -> list[np.ndarray] | None:
        """The region's fields (rows, columns) of a file, one per polarisation letter, or None where it is unreadable."""
        grid = self.plan.grid
        names = self._variables()

        def fields(data: Arrays) -> list[np.ndarray]:
            rows, columns = grid.rows_in(data.lat), grid.columns_in(data.lon)
            if (rows < 0).any() or (columns < 0).any():
                raise ProductError(
                    entry.path, None, "a grid that does not hold the region's 0.25 degree cells", "the global 0.25 degree grid"
                )
            return [data.variables[name][np.ix_(rows, columns)] for name in names]

        return self.files.read(entry, names, progress, fields)
