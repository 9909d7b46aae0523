"""SMAP L3 radiometer soil moisture (NSIDC, EASE-Grid 2.0): SPL3SMP (36 km), releases 3 to 9, and SPL3SMP_E (9 km); subsets of both."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from ...foundation.errors import ProductError
from ..access import Source, opened
from ..arrays import Arrays, Window, window_of
from ..joining import inside, spread
from ..naming import Entry
from ..plausibility import dated
from . import ease, smap_days, smap_layers, smap_values
from .smap_names import GROUP, Names
from .smap_places import placed
from .smap_values import FLAGS, FLOATS, GRIDS, TIMELESS, WHAT


def read(entry: Entry, window: Window | None = None, variables: Collection[str] | None = None) -> Arrays:
    """Soil moisture (m3 m-3), auxiliary variables, quality flags and ``observation_time`` (UTC) of both overpasses, (lat, lon).

    Variables of the morning overpass have their plain names, those of the evening the suffix _pm. Flags are floats, NaN where missing.
    Latitudes and longitudes are those of the grid: the file's own are missing outside the swaths. Subsets are placed by ``smap_places``.
    """
    if entry.layer:
        return smap_layers.read(entry, window, variables)
    with opened(entry.path, WHAT) as source:
        names = Names(source)
        if not names.where:
            there = ", ".join(source.group_names() or source.names()[:6]) or "none"
            raise ProductError(entry.path, None, f"the groups {there}", f"{GROUP}_AM (or {GROUP})")
        file = _File(source, entry, names, window)
        for suffix in ("", "_pm"):
            if not names.has(suffix):
                continue
            if not suffix and "soil_moisture" not in names and not entry.partial and names.groups:
                there = ", ".join([n for n in names.where if not n.endswith("_pm")][:6]) or "none"
                raise ProductError(entry.path, f"{names.groups[0]}/soil_moisture", f"variables {there}", WHAT)
            for name in (*FLOATS, *FLAGS):
                if name + suffix in names and (variables is None or name + suffix in variables):
                    file.take(name + suffix)
            if variables is None or "observation_time" + suffix in variables:
                file.take_times(suffix)
        outliers = source.outliers
    return Arrays(file.lat, file.lon, file.data, attrs={"release": entry.version or ""}, units=units(file.data), outliers=outliers)


def units(data: Collection[str]) -> dict[str, str]:
    """The units of variables that have some."""
    return {n: FLOATS[n.removesuffix("_pm")][2] for n in data if n.removesuffix("_pm") in FLOATS}


def axes(entry: Entry) -> tuple[np.ndarray, np.ndarray]:
    """Latitudes and longitudes of the product's global grid."""
    return ease.centres(*GRIDS[entry.product])


def check_joined(entry: Entry, arrays: Arrays, parts: Sequence[Arrays], variables: Collection[str] | None, window: Window | None) -> None:
    """Raise ``ProductError`` if retrievals that were put together from several files have no observation times.

    A part without times needs those of another part for its pixels: a few may lack one, as in a file that is whole.
    """
    asked = inside(arrays.lat, arrays.lon, window)
    for suffix in ("", "_pm"):
        name = "observation_time" + suffix
        retrieved = [n for n in arrays.variables if smap_values.is_retrieval(n) and n.endswith("_pm") == bool(suffix)]
        if not retrieved or not (variables is None or name in variables):
            continue
        if name not in arrays.variables:
            raise ProductError(entry.path, f"tb_time_seconds{suffix}", *TIMELESS)
        for file, part in zip((entry, *entry.parts), parts):
            own = [np.isfinite(part.variables[n]) for n in retrieved if n in part.variables]
            if not own or name in part.variables:
                continue
            seen = spread(arrays.lat, arrays.lon, part, np.logical_or.reduce(own)) & asked
            lost = int((seen & np.isnat(arrays.variables[name])).sum())
            if lost > _FEW * seen.sum():
                found = f"{lost} retrievals of places of which no file of this day holds observation times"
                raise ProductError(file.path, f"tb_time_seconds{suffix}", found, "times for the same region in this file or another one")


#: Share of a part's retrievals that may be without time.
_FEW = 0.01


class _File:
    """An open file while its variables are read: ``lat``, ``lon`` and ``data`` of the window, and how they are stored."""

    def __init__(self, source: Source, entry: Entry, names: Names, window: Window | None) -> None:
        self.source, self.entry, self.names = source, entry, names
        self.step = smap_days.step(source, names, entry)
        self.shape = self._shape(names.example_name)
        self.place = placed(source, names, self.shape, GRIDS[entry.product])
        self.rows, self.columns = window_of(self.place.lat, self.place.lon, window, margin=1)
        self.lat, self.lon = self.place.lat[self.rows], self.place.lon[self.columns]
        self.data: dict[str, np.ndarray] = {}

    def _shape(self, name: str) -> tuple[int, int]:
        """Rows and columns of a variable. Raises ``ProductError`` if it has other dimensions."""
        shape = self.names.shape(name)
        if len(shape) != (2 if self.step is None else 3):
            raise ProductError(self.entry.path, self.names.told(name), f"shape {shape}", "rows and columns")
        return int(shape[-2]), int(shape[-1])

    def _checked(self, name: str) -> str:
        """The variable's name in the file. Raises ``ProductError`` unless it has the shape of the others."""
        told = self.names.told(name)
        if self._shape(name) != self.shape:
            raise ProductError(self.entry.path, told, f"shape {self.names.shape(name)}", f"shape {self.shape}, as {self.names.example} has")
        return told

    def _stored(self, name: str) -> np.ndarray:
        """A variable's numbers in the window, as they are stored; those that the file has not are its fill value."""
        array, told = self.names.open(name), self._checked(name)
        part = self.place.stored(self.rows, self.columns)
        step = [] if self.step is None else [slice(self.step, self.step + 1)]
        raw = self.source.values(array, told, *step, *part).reshape([s.stop - s.start for s in part])
        if not raw.size:
            raw = raw.astype("u2" if name.removesuffix("_pm") in FLAGS else "f8")
        return self.place.cut(raw, self.rows, self.columns, smap_values.missing_as(raw, array.GetNoDataValueAsDouble()))

    def take(self, name: str) -> None:
        """Enter a retrieval, an auxiliary variable or a flag in ``data``."""
        array, told = self.names.open(name), self.names.told(name)
        raw = self._stored(name)
        if name.removesuffix("_pm") not in FLAGS:
            self.source.check_unpacked(array, told)
        self.data[name] = smap_values.decoded(raw, name, told, self.source.fill(array, smap_values.FILL), self.source)

    def take_times(self, suffix: str) -> None:
        """Enter ``observation_time`` of an overpass; raises ``ProductError`` if the file has none (a part of one may lack them)."""
        name = "tb_time_seconds" + suffix
        if name in self.names:
            fill = self.source.fill(self.names.open(name), smap_values.FILL)
            stamps = smap_values.moments(self._stored(name), fill, name, self.source, self.entry)
        elif "tb_time_utc" + suffix in self.names and self.step is None:
            name = "tb_time_utc" + suffix
            self._checked(name)
            group, stored = self.names.where[name]
            texts = self.source.texts(stored, group, *self.place.stored(self.rows, self.columns))
            stamps = dated(smap_values.stamps(self.place.cut(texts, self.rows, self.columns, "")), self.entry, name, self.source)
        elif self.entry.partial:
            return
        else:
            group = next((g for g in self.names.groups if g.endswith("_PM") == bool(suffix)), "")
            raise ProductError(self.entry.path, f"{group}/{name}".lstrip("/"), *TIMELESS)
        moisture = self.data.get("soil_moisture" + suffix)
        if np.isnat(stamps).all() and moisture is not None and np.isfinite(moisture).any():
            raise ProductError(self.entry.path, name, "retrievals without any observation time", "an observation time of each pixel")
        self.data["observation_time" + suffix] = stamps
