"""Which pixels a satellite sees on a UTC date and at what time: swaths of sun-synchronous orbits over one region."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Orbit:
    """The ascending or descending half of a sun-synchronous orbit.

    ``time`` (UTC) of one crossing of latitude 33 N, at ``longitude`` (degrees); ``per_day``: orbits a day; ``half_width`` of the swath in
    km; ``downward``: whether it is the descending half.
    """

    time: str
    longitude: float
    per_day: float
    half_width: float
    downward: bool = True


#: SMAP's track is as in SPL3SMP of 2015-04-10 (99.5 E at 23:22 UTC); the others cross 33 N at the usual local times of their satellites.
SMAP_AM = Orbit("2015-04-10T23:22:00", 99.5, 14.625, 500.0)
SMAP_PM = Orbit("2015-04-10T11:20:00", 96.0, 14.625, 500.0, downward=False)
AMSR2 = Orbit("2015-04-01T19:32:00", 91.0, 14.5625, 725.0)
AMSRE = Orbit("2010-08-01T19:20:00", 94.0, 14.5625, 725.0)
SMOS = Orbit("2010-08-01T23:36:00", 91.0, 14.36, 500.0, downward=False)

#: The latitude (degrees) of the crossings.
_REFERENCE = 33.0


def composite(orbit: Orbit, dates: np.ndarray, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """The times of observation (days, points) in daily composites, UTC seconds since 1970, NaN where a point is not seen.

    ``dates`` are consecutive UTC dates (datetime64[D]). Where two swaths of one date overlap, the one whose track is nearer is taken.
    """
    dates = np.asarray(dates, "datetime64[D]")
    period = 86400.0 / orbit.per_day
    origin = np.datetime64(orbit.time, "s").astype("int64")
    begin = dates[0].astype("datetime64[s]").astype("int64")
    number = np.arange(np.floor((begin - 7200 - origin) / period), np.ceil((begin + dates.size * 86400 + 7200 - origin) / period) + 1)
    crossing = origin + number * period
    centre = orbit.longitude - number * period / 240.0
    step = period / 360.0 * (-1.0 if orbit.downward else 1.0)
    slope = 0.25 if orbit.downward else -0.25
    wide = orbit.half_width / (111.2 * np.cos(np.radians(lat)))
    near = np.abs(_wrap(centre - lon.mean())) < wide.max() + np.ptp(lon) + np.ptp(lat) + 3.0
    seen = np.full((dates.size, lat.size), np.nan)
    best = np.full(seen.shape, np.inf)
    for moment, middle in zip(crossing[near], centre[near]):
        away = np.abs(_wrap(lon - middle - slope * (lat - _REFERENCE)))
        when = moment + step * (lat - _REFERENCE)
        day = np.floor((when - begin) / 86400.0).astype(int)
        hit = np.flatnonzero((away < wide) & (day >= 0) & (day < dates.size))
        hit = hit[away[hit] < best[day[hit], hit]]
        seen[day[hit], hit] = when[hit]
        best[day[hit], hit] = away[hit]
    return seen


def _wrap(degrees: np.ndarray) -> np.ndarray:
    """A difference of longitudes within -180 to 180."""
    return (degrees + 180.0) % 360.0 - 180.0
