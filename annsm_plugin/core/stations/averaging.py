"""Daily means of the stations in each cell at the hour of the overpass (paper sections 2.3 and 4.2.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..foundation import bounds, localtime
from ..foundation.errors import ParameterError
from ..foundation.grid import Grid
from . import probes
from .choices import HOURS
from .station import Station

#: Measurements further from the overpass than this (hours) are ignored.
TOLERANCE_HOURS = 1.0


@dataclass
class Cell:
    """The stations in one cell of the grid. ``place`` is the cell's (row, column); ``values`` (days,) m3 m-3, the mean over its sites.

    ``lat``, ``lon``: mean position of the sites, degrees; ``sites``: their names; ``sites_per_day`` (days,): how many sites each value
    is made of; ``notes``: what the user should know about the cell; ``per_site`` (sites, days): the series of each, at ``positions``
    (latitude, longitude); ``changes``: where a site's probes were replaced; ``count``: of its sites' measurements, those that no soil can
    have, which are left out.
    """

    name: str
    network: str
    place: tuple[int, int]
    lat: float
    lon: float
    sites: list[str]
    values: np.ndarray
    sites_per_day: np.ndarray
    notes: list[str] = field(default_factory=list)
    per_site: np.ndarray = field(default_factory=lambda: np.empty((0, 0)), repr=False)
    positions: list[tuple[float, float]] = field(default_factory=list)
    changes: list[probes.Change] = field(default_factory=list)
    count: bounds.Count = field(default_factory=bounds.Count)


def hour_of(choice: str) -> float | None:
    """The local hour of a choice in ``HOURS``; raises ``ParameterError``."""
    if choice not in HOURS:
        raise ParameterError(f"The hour of comparison is '{choice}'; expected one of {', '.join(HOURS)}.")
    return HOURS[choice]


def daily(times: np.ndarray, values: np.ndarray, dates: np.ndarray, lon: float, hour: float | None) -> np.ndarray:
    """The value (days,) of a UTC series at local ``hour`` of each of ``dates`` (consecutive): the nearest within one hour, else NaN.

    Of two equally near values the earlier one is taken. ``hour`` None: the mean of all values of the local day.
    """
    good = np.isfinite(values) & ~np.isnat(times)
    times, values = times[good].astype("datetime64[s]"), values[good]
    result = np.full(dates.size, np.nan)
    if times.size == 0:
        return result
    if hour is None:
        place = (localtime.local_date(times, lon) - dates[0]).astype(int)
        inside = (place >= 0) & (place < dates.size)
        count = np.bincount(place[inside], minlength=dates.size)
        total = np.bincount(place[inside], weights=values[inside], minlength=dates.size)
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)
    order = np.argsort(times, kind="stable")
    times, values = times[order], values[order]
    wanted = localtime.utc_of(dates, hour, lon)
    after = np.clip(np.searchsorted(times, wanted), 0, times.size - 1)
    before = np.maximum(after - 1, 0)
    nearest = np.where(np.abs(wanted - times[before]) <= np.abs(times[after] - wanted), before, after)
    near = np.abs(times[nearest] - wanted) <= np.timedelta64(int(TOLERANCE_HOURS * 3600), "s")
    return np.where(near, values[nearest], np.nan)


def gather(stations: Sequence[Station], grid: Grid, dates: np.ndarray, hour: float | None = 1.5) -> tuple[list[Cell], list[dict[str, Any]]]:
    """Group stations by the cells of ``grid``; return the cells, from west to east within a network, and the stations left out.

    The probes of a station become one series first (``probes.joined``), then the stations of a cell are averaged. A station left out is a
    dict with name, network, lat, lon and ``status``, which says why. Values that no soil can have are left out and counted, see
    ``impossible``.
    """
    groups: dict[tuple[int, int], dict[tuple[str, str], list[Station]]] = {}
    left_out = []
    for station in stations:
        place = grid.cell_of(station.lat, station.lon)
        if place is None:
            left_out.append(
                {
                    "name": station.name,
                    "network": station.network,
                    "lat": float(station.lat),
                    "lon": float(station.lon),
                    "status": "outside the grid",
                }
            )
            continue
        groups.setdefault(place, {}).setdefault((station.network, station.name), []).append(station)
    cells = []
    for place, sites in groups.items():
        lon, count = float(grid.lon[place[1]]), bounds.Count()
        names = _names(list(sites))
        joined = [
            probes.joined(name, sensors, [daily(s.times, _possible(s.values, count), dates, lon, hour) for s in sensors], dates)
            for name, sensors in zip(names, sites.values())
        ]
        per_site = np.stack([values for values, _ in joined])
        present = np.isfinite(per_site)
        notes = []
        used = present.any(axis=1)
        if not used.any():
            notes.append(_why_none([s for sensors in sites.values() for s in sensors], dates, lon, hour))
        elif used.sum() > 1 and not (present.sum(axis=0) > 1).any():
            notes.append("its sites have no day in common")
        networks = sorted({network for network, _ in sites})
        members = [s for sensors in sites.values() for s in sensors[:1]]
        cells.append(
            Cell(
                name="",
                network="+".join(networks),
                place=place,
                lat=float(np.mean([s.lat for s in members])),
                lon=float(np.mean([s.lon for s in members])),
                sites=names,
                values=_mean(per_site),
                sites_per_day=present.sum(axis=0),
                notes=notes,
                per_site=per_site,
                positions=[(float(s.lat), float(s.lon)) for s in members],
                changes=[change for _, changes in joined for change in changes],
                count=count,
            )
        )
    cells.sort(key=lambda c: (c.network, c.place[1], c.place[0]))
    counts: dict[str, int] = {}
    for cell in cells:
        counts[cell.network] = counts.get(cell.network, 0) + 1
        cell.name = f"{cell.network} {counts[cell.network]}"
    return cells, left_out


def impossible(cells: Sequence[Cell]) -> list[str]:
    """A sentence on the measurements in all ``cells`` that no soil can have, if there are any."""
    own = [cell.count for cell in cells]
    whole = bounds.Count(**{name: sum(getattr(one, name) for one in own) for name in ("known", "impossible", "in_percent")})
    return [whole.sentence("measurements of the stations")] if whole.impossible else []


def _possible(values: np.ndarray, count: bounds.Count) -> np.ndarray:
    wrong = bounds.outside(values)
    count.add(values, wrong)
    return np.where(wrong, np.nan, values)


def _names(sites: Sequence[tuple[str, str]]) -> list[str]:
    """The names of sites (network, name) in one cell; with the network where another network's site bears the same."""
    times = Counter(name for _, name in sites)
    return [f"{network} {name}" if times[name] > 1 else name for network, name in sites]


def _why_none(sensors: Sequence[Station], dates: np.ndarray, lon: float, hour: float | None) -> str:
    """Why a cell has no value: no measurement in the period, none that soil can have, or none near the hour."""
    times = np.concatenate([s.times[~np.isnan(s.values)].astype("datetime64[s]") for s in sensors])
    values = np.concatenate([s.values[~np.isnan(s.values)] for s in sensors])
    inside = np.isin(localtime.local_date(times, lon), dates) if times.size else np.zeros(0, dtype=bool)
    times, values, count = times[inside], values[inside], bounds.Count()
    times = times[~np.isnan(_possible(values, count))]
    if count.impossible and not times.size:
        return f"all {count.impossible} measurements in the period are {count.outside}"
    if hour is None or not times.size:
        return "no measurement in the period"
    own = localtime.local_hour(times, lon)
    nearest = own[np.argmin(np.abs((own - hour + 12.0) % 24.0 - 12.0))]
    clock = "{:02d}:{:02d}".format(*divmod(round(float(nearest) * 60) % 1440, 60))
    wanted = "{:02d}:{:02d}".format(*divmod(round(hour * 60), 60))
    return f"{times.size} measurements in the period, none within an hour of {wanted} local solar time (the nearest at {clock})"


def _mean(series: np.ndarray | Sequence[np.ndarray]) -> np.ndarray:
    """Mean over the first axis without missing values; NaN where all are missing."""
    values = np.asarray(series, dtype=float)
    present = np.isfinite(values)
    count = present.sum(axis=0)
    return np.where(count > 0, np.where(present, values, 0.0).sum(axis=0) / np.maximum(count, 1), np.nan)
