"""Daily series of a soil moisture product in cells of the 0.25 degree grid, from a folder of its files. Days are local dates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from .. import products
from ..foundation import localtime
from ..foundation.errors import ParameterError, ProductError
from ..foundation.grid import Grid
from ..foundation.paths import PathLike
from ..foundation.progress import SILENT, Progress
from ..foundation.regrid import Linear, renormalised
from ..products.arrays import Arrays
from ..products.decoding import Pool
from ..products.naming import Entry
from ..products.readers import jaxa, smap_releases, smos
from .catalogue import SOURCES, Source
from .memory import Layer, SeriesMemory

#: Width (degrees) of the margin around the cells that is read for the interpolation.
MARGIN = 0.75


#: Products whose files hold two local dates, which only the observation times can tell apart: the nominal hour is not exact enough.
_TIMED = ("smos", "smap")

#: Titles of the two kinds of SMOS files.
_KINDS = {"SMOS": "SMOS L3 (CATDS)", "SMOS-IC": "SMOS-IC"}


@dataclass
class Series:
    """Soil moisture ``values`` (days, cells) on local ``dates`` (days,), m3 m-3, NaN where missing.

    ``files``: the number of files that were used; ``problems``: a sentence for each file that could not be used.
    """

    dates: np.ndarray
    values: np.ndarray
    files: int
    problems: list[str]


def check(folder: PathLike, product: str, band: str = "") -> None:
    """Raise ``ParameterError`` if the folder does not exist or the band is unknown; no file is looked at."""
    source = SOURCES[product]
    if not Path(folder).is_dir():
        raise ParameterError(f"The {source.title} folder {folder} does not exist.")
    if band and band not in source.variables:
        raise ParameterError(f"The {source.title} band '{band}' is not known: expected one of {', '.join(source.variables)}.")


def product_series(
    folder: PathLike,
    product: str,
    lat: Any,
    lon: Any,
    *,
    start: Any,
    end: Any,
    band: str = "",
    memory: SeriesMemory | None = None,
    progress: Progress | None = None,
) -> Series:
    """Read ``product`` ("lprm", "jaxa", "smos", "smap") from ``folder`` in the cells with the centres ``lat``, ``lon`` (cells,), degrees.

    First every pixel gets its local solar date, from its observation time if it has one, else from the nominal hour of the overpass (SMOS
    and SMAP pixels without a time are left out). Then the pixels of each date, from all files that have some, are interpolated linearly;
    0.25 degree products remain as they are. So observations 24 h apart are never mixed, and there is no seam between two files. Pixels
    seen twice on a date are averaged.

    ``start``, ``end``: dates; ``band``: of LPRM; ``memory``: what earlier runs read of the files. Raises ``ParameterError`` if the folder
    holds no file, or two kinds of files that would be averaged (SMOS L3 and SMOS-IC; two radiometers on one day).
    """
    progress = progress or SILENT
    source = SOURCES[product]
    check(folder, product, band)
    lat, lon = np.asarray(lat, dtype=float), np.asarray(lon, dtype=float)
    start, end = np.datetime64(start, "D"), np.datetime64(end, "D")
    dates = np.arange(start, end + 1)
    entries = _entries(folder, product, (start - 1, end + 1), progress)
    total, weight = np.zeros((dates.size, lat.size)), np.zeros((dates.size, lat.size))
    window = (lon.min() - MARGIN, max(-90.0, lat.min() - MARGIN), lon.max() + MARGIN, min(90.0, lat.max() + MARGIN))
    at, row, column = _grid_of(lat, lon)
    linear: dict[bytes, Linear] = {}
    names = [name for own, group in source.variables.items() if not band or own == band for name in group]
    layout = _layout(entries, progress)
    read, problems = 0, [f"{folder}: {_READ_AS.format(layout)}"] if layout else []
    entries = [replace(entry, layout=layout) for entry in entries] if layout else entries
    asked: dict[str, Any] = {"product": product, "band": band, **({"layout": layout} if layout else {})}
    known = (memory or SeriesMemory(None)).of(**asked, lat=lat.tolist(), lon=lon.tolist(), holds="sums and weights")

    def at_cells(entry: Entry) -> list[Layer]:
        data = pool.take(entry, window, _variables(source, names, entry), progress)
        if not any(name in data.variables for name in names):
            data = pool.take(entry, window, (*names, "observation_time"), progress)
        layers = _layers(data, names, source, entry)
        if data.lat.size == 0 or data.lon.size == 0:
            return []
        key = data.lat.tobytes() + data.lon.tobytes()
        if key not in linear:
            linear[key] = Linear(data.lat, data.lon, at)
        return [(date, np.concatenate([part[row, column] for part in linear[key].sums(values)])) for date, values in layers]

    days_in = Counter(entry.path for entry in entries)
    alone = [days_in[entry.path] == 1 and not entry.parts for entry in entries]  # a memory knows one file's days, all in that file
    remembered = [known.get(entry.path) if single else None for entry, single in zip(entries, alone)]
    fresh = [entry for entry, layers in zip(entries, remembered) if layers is None]
    with Pool.for_files(len(fresh)) as pool:
        pool.expect([(entry, window, _variables(source, names, entry)) for entry in fresh])
        for number, (entry, layers, single) in enumerate(zip(entries, remembered, alone)):
            progress.check()
            progress.report(number / len(entries), f"Reading {source.title} {entry.date}")
            if layers is None:
                try:
                    layers = at_cells(entry)
                except ProductError as error:
                    problems.append(str(error))
                    continue
                if single:
                    known.put(entry.path, layers)
            read += 1
            for date, found in layers:
                place = int((date - start).astype(int))
                if 0 <= place < dates.size:
                    total[place] += found[: lat.size]
                    weight[place] += found[lat.size :]
    return Series(dates, renormalised(total, weight), read, problems)


def _entries(folder: PathLike, product: str, days: tuple[Any, Any], progress: Progress) -> list[Entry]:
    """The files of a product and overpass between two days. Raises ``ParameterError`` for none, or for two kinds that do not mix."""
    source = SOURCES[product]
    found = [e for e in products.find(folder, product, progress=progress) if e.orbit in (source.orbit, None) and e.date and not e.refused]
    if not found:
        way = {"D": "descending", "A": "ascending"}[source.orbit]
        raise ParameterError(f"The folder {folder} holds no {way} {source.title} file{_instead(folder)}.")
    _check_one_kind(found, folder)
    if product == "smap":
        smap_releases.check_releases(found, "baseline")
    return [e for e in found if days[0] <= np.datetime64(e.date, "D") <= days[1]]


#: What is said of files of another layout than the documented one.
_READ_AS = "the files hold no coordinates; land lies where land is if they are read as '{}', and they were."

#: Files of JAXA that are looked at until one tells their layout.
_LOOKED_AT = 5


def _layout(entries: Sequence[Entry], progress: Progress) -> str:
    """The layout of JAXA's files by where they have values, if that is not the documented one; empty if it is or if nothing tells."""
    entries = [entry for entry in entries if entry.product == "jaxa"]
    with Pool.for_files(1) as pool:
        for entry in entries[:: max(1, len(entries) // _LOOKED_AT)][:_LOOKED_AT]:
            pool.expect([(entry, None, ("soil_moisture",))])
            try:
                found = jaxa.fitting(pool.take(entry, None, ("soil_moisture",), progress).variables["soil_moisture"])
            except (ProductError, OSError):
                continue
            if found:
                return "" if "documented" in found else found[0]
    return ""


def _instead(folder: PathLike) -> str:
    """What a folder holds instead of the files that were looked for, in words."""
    counts = Counter(entry.product for entry in products.inventory(folder, check="names").entries)
    there = ", ".join(f"{count} {products.PRODUCTS[product][1]}" for product, count in sorted(counts.items()))
    return f", but {there} files" if there else ""


def _check_one_kind(entries: Sequence[Entry], folder: PathLike) -> None:
    """Raise ``ParameterError`` if files of different products would be averaged as if they were one product."""
    counts = Counter(str(entry.sensor) for entry in entries)
    days = Counter(entry.date for entry in entries if entry.date)
    twice = sorted(day for day, count in days.items() if count > 1)
    smos_kinds = len(counts) > 1 and entries[0].product == "smos"
    if smos_kinds or (len(counts) > 1 and twice):
        found = " and ".join(f"{count} {_KINDS.get(sensor, sensor)} files" for sensor, count in sorted(counts.items(), key=str))
        where = "" if smos_kinds else f", both on {len(twice)} days, the first {twice[0]}"
        raise ParameterError(f"The folder {folder} holds {found}{where}; a folder of one kind is expected, since they would be averaged.")


def _variables(source: Source, names: Sequence[str], entry: Entry) -> tuple[str, ...]:
    """The variables to read: the preferred one of soil moisture, the observation times, and those by which retrievals are screened."""
    absent = {"AMSR2": "soil_moisture_c", "AMSR-E": "soil_moisture_c1"}.get(entry.sensor or "")
    first = next(name for name in (*names, "") if name != absent)
    return (first, "observation_time", *(smos.SCREENED_BY if source.product == "smos" else ()))


def _grid_of(lat: np.ndarray, lon: np.ndarray) -> tuple[Grid, np.ndarray, np.ndarray]:
    """A grid with the latitudes and longitudes of all points, and each point's row and column in it."""
    rows, row = np.unique(-lat, return_inverse=True)
    columns, column = np.unique(lon, return_inverse=True)
    return Grid(-rows, columns), row, column


def _layers(data: Arrays, names: Sequence[str], source: Source, entry: Entry) -> list[Layer]:
    """For every local date in a file: the date and the values (lat, lon), NaN where a pixel is of another date."""
    name = next((n for n in names if n in data.variables), None)
    if name is None:
        raise ProductError(entry.path, None, f"variables {', '.join(data.variables)}", " or ".join(names))
    values = np.asarray(data.variables[name], dtype=float)
    if source.product == "smos":
        values = np.where(smos.good(data), values, np.nan)
    nominal = np.datetime64(entry.date, "D") + localtime.days_after_utc_date(source.hour, data.lon).astype("timedelta64[D]")
    local = np.broadcast_to(nominal, values.shape)
    if "observation_time" in data.variables:
        seen = localtime.local_date(data.variables["observation_time"], data.lon[np.newaxis, :])
        local = seen if source.product in _TIMED else np.where(np.isnat(seen), local, seen)
    return [(date, np.where(local == date, values, np.nan)) for date in np.unique(local[np.isfinite(values) & ~np.isnat(local)])]
