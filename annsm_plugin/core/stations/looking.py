"""What station files hold, for an inventory: ISMN files and zips, files of series, tables. They are looked at, not judged."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

import numpy as np

from ..foundation.errors import ProductError
from ..foundation.outside import understood
from ..foundation.progress import SILENT
from . import ceop, ismn, reading
from .choices import TABLES
from .station import Seen, Station
from .tables import looking as tables

#: Lines of an ISMN file that are parsed for its station; of the others the days are counted.
_PARSED = 40


def look(path: Path) -> list[Seen] | None:
    """The series in a file; None if it is no station file. Raises ``ProductError`` for a station file that cannot be read."""
    name, suffix = path.name, path.suffix.lower()
    if suffix == ".stm":
        return _ismn(path) if ismn.is_series(name) else []
    if suffix == ".zip":
        try:
            return _ismn(path) or None
        except ProductError:
            return None
    if suffix == ".nc":
        with contextlib.suppress(ProductError):
            return [_of(station) for station in reading.read_series(path) if station.times.size]
        return None
    if suffix in TABLES and not name.lower().endswith("_static_variables.csv") and tables.is_one(path):
        return tables.look(path)
    return None


def _ismn(path: Path) -> list[Seen]:
    """The series of soil moisture in an ISMN file or zip."""
    found = []
    with contextlib.ExitStack() as archives:
        for name, content_of in ismn.files(path, SILENT, archives):
            text = ismn.decoded(content_of()).strip("\n")
            first = text.partition("\n")[0]
            with understood(name, ismn.WHAT, "lines"):
                if ceop.is_reference(first.split()):
                    for (_, series), station in zip(ceop.by_depth(name, text), ismn.parse(name, text)):
                        found.append(_counted(station, series.split("\n"), name))
                else:
                    lines = text.split("\n")
                    (station,) = ismn.parse(name, "\n".join(lines[:_PARSED]))
                    found.append(_counted(station, lines, name))
    return [seen for seen in found if seen.days]


def _counted(station: Station, lines: Iterable[str], path: str) -> Seen:
    """A sensor with the lines that begin with a day."""
    counts = Counter(line[:10] for line in lines)
    days = {day: count for day, count in counts.items() if _is_day(day)}
    different = sorted(days)
    first, last = (different[0].replace("/", "-"), different[-1].replace("/", "-")) if different else ("", "")
    return _seen(station, (first, last, len(different)), sum(days.values()), path)


def _is_day(text: str) -> bool:
    with contextlib.suppress(ValueError):
        ismn.midnight(text)
        return True
    return False


def _of(station: Station) -> Seen:
    days = np.unique(station.times.astype("datetime64[D]"))
    return _seen(station, (str(days[0]), str(days[-1]), int(days.size)), int(station.values.size), station.path)


def _seen(station: Station, span: tuple[str, str, int], measurements: int, path: str) -> Seen:
    upper, lower = station.depth
    depth = f"{upper:g} m" if upper == lower else f"{upper:g}-{lower:g} m"
    return Seen(station.network, station.name, float(station.lat), float(station.lon), depth, *span, measurements, path)


def is_side_file(name: str) -> bool:
    """Whether a file lies beside station files in an ISMN download: its documents, and the series of other variables."""
    name = PurePosixPath(name).name.lower()
    return name.endswith(("_static_variables.csv", ".stm")) or name in ("readme.txt", "metadata.xml", "ismn_qualityflags_description.txt")
