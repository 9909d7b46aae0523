"""The station files of a folder: which series they hold, from when to when, and how many days they have."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import products
from ..foundation.errors import ProductError
from ..foundation.progress import SILENT, Progress
from ..stations import Seen, is_side_file, look

#: The endings of the names of station files.
_ENDINGS = (".stm", ".zip", ".nc", ".csv", ".txt", ".tsv", ".dat", ".xlsx")

#: Columns of the report's list of stations.
COLUMNS = ("network", "station", "latitude", "longitude", "depth", "first", "last", "days", "measurements", "file")

#: Cancellation is checked and progress reported once per this many files.
_BATCH = 100


@dataclass
class StationFiles:
    """The ``series`` in the station files of a folder; ``unreadable``: path -> what is wrong with a station file.

    ``files``: the paths of all of them.
    """

    series: list[Seen] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)

    @property
    def stations(self) -> int:
        """How many stations there are."""
        return len({(seen.network, seen.name) for seen in self.series})

    def by_network(self) -> dict[str, list[Seen]]:
        """The series of each network, of "" those of tables that do not name one."""
        found: dict[str, list[Seen]] = {}
        for seen in sorted(self.series, key=lambda seen: (seen.network, seen.name, seen.depth, seen.first)):
            found.setdefault(seen.network, []).append(seen)
        return found

    def rows(self) -> list[dict[str, Any]]:
        """A row of the inventory's table for each network."""
        rows = []
        for network, series in self.by_network().items():
            row: dict[str, Any] = {"product": "stations", "sensor": network, "channel": "", "orbit": "", "version": "", "unit": "days"}
            row.update(files=len({seen.path for seen in series}), first=min(s.first for s in series), last=max(s.last for s in series))
            row.update(days=max(seen.days for seen in series), missing="", incomplete="", unreadable=0, superseded=0)
            rows.append(row)
        return rows

    def summary(self) -> list[str]:
        """A sentence on each network."""
        lines = []
        for network, series in self.by_network().items():
            stations = len({seen.name for seen in series})
            depths = sorted({seen.depth for seen in series})
            listed = ", ".join(depths[:4]) + (f" and {len(depths) - 4} more" if len(depths) > 4 else "")
            first, last, most = min(s.first for s in series), max(s.last for s in series), max(seen.days for seen in series)
            named = f"stations {network}".rstrip()
            lines.append(f"{named}: {stations} stations, {len(series)} series ({listed}), {first} to {last}, at most {most} days each")
        lines += [f"could not be read: {path}: {why}" for path, why in list(self.unreadable.items())[:10]]
        return lines

    def table(self) -> list[list[str]]:
        """A row of the report's list for each series."""
        return [
            [s.network, s.name, _degrees(s.lat), _degrees(s.lon), s.depth, s.first, s.last, str(s.days), str(s.measurements), s.path]
            for series in self.by_network().values()
            for s in series
        ]


def _degrees(value: float) -> str:
    return f"{value:.4f}" if value == value else ""


def find(found: products.Inventory, progress: Progress | None = None) -> StationFiles:
    """The station files in the folder of an inventory; they are taken off its files that are not recognised."""
    progress = progress or SILENT
    known = {part.path for e in (*found.entries, *found.superseded) for part in (e, *e.parts)}
    ours = set(found.series)
    result = StationFiles()
    aside: set[str] = set()
    paths = [path for path in _files(os.path.abspath(found.folder)) if path not in known]  # noqa: PTH100
    paths = [path for path in paths if not path.lower().endswith((".nc", ".nc4")) or path in ours]  # others were looked into already
    for number, path in enumerate(paths):
        if number % _BATCH == 0:
            progress.check()
            progress.report(number / len(paths), "Looking for station files")
        try:
            seen = look(Path(path))
        except ProductError as error:
            result.unreadable[path] = str(error)
            result.files.add(path)
            continue
        if seen:
            result.series += seen
            result.files.add(path)
    if result.series:
        places = {Path(path).parent for path in result.files}
        aside = {path for path in paths if is_side_file(path) and _beside(path, places)}
    _take_off(found, result.files | aside)
    return result


def _beside(path: str, places: set[Path]) -> bool:
    """Whether a file lies in a folder of station files, or above one."""
    place = Path(path).parent
    return any(other == place or place in other.parents for other in places)


def _files(folder: str) -> Iterator[str]:
    """The files that could be of stations, in a folder and below it; folders that are linked to each other are read once."""
    seen = set()
    for place, below, names in os.walk(folder, followlinks=True):
        real = os.path.realpath(place)
        if real in seen:
            below.clear()
            continue
        seen.add(real)
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in sorted(names):
            path = Path(place) / name
            if name.lower().endswith((*_ENDINGS, ".xml")) and not name.startswith(".") and path.is_file():
                yield str(path)


def _take_off(found: products.Inventory, paths: set[str]) -> None:
    """Take files off those that an inventory has not recognised, or has refused."""
    refused = [e for e in found.refused if e.path not in paths]
    found.n_unrecognised = max(0, found.n_unrecognised - (len(paths) - (len(found.refused) - len(refused))))
    found.refused[:] = refused
    found.unrecognised[:] = [path for path in found.unrecognised if path not in paths]
    found.seems_counts.subtract(found.seems.pop(path) for path in paths & found.seems.keys())
    for words in [words for words, count in found.seems_counts.items() if count <= 0]:
        del found.seems_counts[words]
