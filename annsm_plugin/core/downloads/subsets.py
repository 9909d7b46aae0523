"""Whether subsets of GLDAS that are there hold the places and variables that are asked for; those of one observation count together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..foundation import store
from ..foundation.errors import ProductError
from ..foundation.progress import SILENT, Progress
from ..products import Entry
from ..products.arrays import Arrays, Window
from ..products.decoding.pool import FileRequest, Pool
from ..products.readers.gldas import LAT, LON

#: Degrees that a cell's centre lies inside a box at least, for a file to have to hold it: rounding in the archive decides on others.
_INSIDE = 0.01

#: Marks of observations that hold what is needed.
_GOOD: set[tuple[Any, ...]] = set()


@dataclass(frozen=True)
class Need:
    """What is asked for: ``bounds`` (west, south, east, north) in degrees, and ``variables``."""

    bounds: Window
    variables: tuple[str, ...]

    @property
    def word(self) -> str:
        """A name for a folder of such files."""
        mark = hashlib.sha256(",".join(sorted(self.variables)).encode()).hexdigest()[:6]
        return "_".join([*(f"{value:g}" for value in self.bounds), mark])

    @property
    def window(self) -> Window:
        """The bounds, with an eastern one beyond 180 where they cross the dateline."""
        west, south, east, north = self.bounds
        return west, south, east + 360.0 if east <= west else east, north

    def cells(self) -> tuple[np.ndarray, np.ndarray]:
        """Latitudes and longitudes of the cells whose centres lie in the box; of the nearest where there are none."""
        west, south, east, north = self.window
        return _chosen(LAT, LAT - south, north - south), _chosen(LON, np.mod(LON - west, 360.0), east - west)


def _chosen(axis: np.ndarray, beyond: np.ndarray, width: float) -> np.ndarray:
    """The values of an axis that lie ``beyond`` the beginning of a box by less than its width."""
    inside = (beyond > _INSIDE) & (beyond < width - _INSIDE)
    away = np.abs(_turned(beyond - width / 2.0))
    return axis[inside if inside.any() else [int(np.argmin(away))]]


def short(wanted: Iterable[tuple[Entry, Need]], progress: Progress = SILENT) -> dict[Any, frozenset[str]]:
    """The observations (``Entry.key``) whose subsets do not hold all that is needed -> paths of those files that can be read.

    Whole files hold everything and are not opened. The others are read in worker processes, as far as they lie in the box; those that were
    found good are not read again by this program while they stay as they are.
    """
    files = [(e, need) for e, need in wanted if not e.whole and _mark(e, need) not in _GOOD]
    requests = [_request(part, need) for e, need in files for part in (e, *e.parts)]
    found: dict[Any, frozenset[str]] = {}
    with Pool.for_files(len(requests)) as pool:
        pool.expect(requests)
        for number, (e, need) in enumerate(files):
            progress.check()
            progress.report(number / len(files), "Comparing subsets with what is asked for")
            parts: dict[str, Arrays] = {}
            for part in (e, *e.parts):
                try:
                    parts[part.path] = pool.take(*_request(part, need), progress=progress)
                except (ProductError, OSError):
                    continue
            if not _hold(list(parts.values()), need):
                found[e.key] = frozenset(parts)
            elif mark := _mark(e, need):
                _GOOD.add(mark)
    return found


def _mark(e: Entry, need: Need) -> tuple[Any, ...]:
    """By what the files of an observation are known again; empty if they cannot be looked at."""
    try:
        return (need, *(tuple(store.fingerprint(part.path)) for part in (e, *e.parts)))
    except OSError:
        return ()


def _request(part: Entry, need: Need) -> FileRequest:
    return replace(part, parts=(), partial=True), need.window, need.variables


def _hold(parts: list[Arrays], need: Need) -> bool:
    """Whether some of ``parts`` have each needed variable at each needed cell."""
    lat, lon = need.cells()
    for name in need.variables or ("",):
        there = np.zeros((lat.size, lon.size), dtype=bool)
        for part in parts:
            if not need.variables or name in part.variables:
                there |= np.outer(np.isin(lat, part.lat), np.isin(lon, _turned(part.lon)))
        if not there.all():
            return False
    return True


def _turned(lon: np.ndarray) -> np.ndarray:
    """Longitudes, or distances along them, in -180..180."""
    turned: np.ndarray = np.mod(lon + 180.0, 360.0) - 180.0
    return turned
