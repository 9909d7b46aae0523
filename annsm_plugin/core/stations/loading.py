"""Loads stations: reads them and writes them as points, and their series as one file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..foundation import store
from ..foundation.errors import ParameterError
from ..foundation.progress import Progress
from .choices import GOOD_FLAGS
from .points import write_points
from .reading import read, write_series
from .request import StationsRequest
from .station import Station

#: The keywords of ``tables.read_table`` that a mapping can give.
KEYS = ("time", "clock", "value", "station", "lat", "lon", "network", "depth", "zone", "unit", "dates")


#: A pair of a mapping: commas between quotes are part of it.
_PAIR = re.compile(r'(?:[^,"]|"[^"]*"?)+')


@dataclass(frozen=True)
class Settings:
    """A request, checked: the arguments of ``read``."""

    path: Path
    networks: list[str]
    depth: tuple[float, float]
    flags: tuple[str, ...]
    mapping: dict[str, str]


@dataclass
class Loaded:
    """The stations that were read, and sentences for the log."""

    stations: list[Station]
    summary: list[str]
    warnings: list[str] = field(default_factory=list)


def check(request: StationsRequest) -> Settings:
    """Check a request before work starts, and return its settings. Raises ``ParameterError``."""
    request = request.but(flags=request.flags or GOOD_FLAGS)
    request.check_values()
    if bool(request.folder) == bool(request.file):
        raise ParameterError("Give either FOLDER or FILE, and not both.")
    store.check_output(request.output, ".gpkg")
    if request.series:
        store.check_output(request.series, ".nc")
    return Settings(
        path=Path(request.folder or request.file),
        networks=_words(request.networks),
        depth=_limits(request.depth),
        flags=tuple(_words(request.flags)),
        mapping=_mapping(request.mapping),
    )


@store.step
def run(request: StationsRequest, progress: Progress | None = None) -> Loaded:
    """Read the stations of the request and write its outputs. Raises ``ParameterError``, ``ProductError`` and ``Cancelled``."""
    asked = check(request)
    found = read(asked.path, networks=asked.networks, depth=asked.depth, flags=asked.flags, mapping=asked.mapping, progress=progress)
    if request.series:
        write_series(request.series, found)
    write_points(request.output, [_row(station) for station in found])
    return Loaded(found, [_summary(found)])


def _words(given: Any) -> list[str]:
    """Words from a text with commas between, or from a sequence."""
    words = given.split(",") if isinstance(given, str) else list(given or ())
    return [word.strip() for word in words if word.strip()]


def _limits(given: Any) -> tuple[float, float]:
    """Upper and lower limit of the depth from a text with a comma between, or from two numbers. Raises ``ParameterError``."""
    try:
        upper, lower = (float(limit) for limit in (given.split(",") if isinstance(given, str) else given))
    except (TypeError, ValueError):
        raise ParameterError(f"DEPTH is '{given}'; expected two numbers such as 0,0.05.") from None
    return upper, lower


def _mapping(given: Any) -> dict[str, str]:
    """Keywords from a text of ``name=value`` pairs with commas between, or from a dict; a value in quotes may have commas.

    Raises ``ParameterError``.
    """
    if isinstance(given, dict):
        return given
    mapping = {}
    for pair in _PAIR.findall(given) if given else ():
        name, equals, value = (part.strip() for part in pair.partition("="))
        value = value.strip('"')
        if name not in KEYS or not equals or not value:
            raise ParameterError(f"MAPPING has '{pair.strip()}'; expected pairs such as 'time=date' of {', '.join(KEYS)}.")
        mapping[name] = value
    return mapping


def _summary(found: Sequence[Station]) -> str:
    """How many stations and values there are, of which period and depths."""
    sizes, networks = sum(station.values.size for station in found), len({s.network for s in found})
    times = [station.times[[0, -1]] for station in found if station.times.size]
    span = f", {str(min(t[0] for t in times))[:10]} to {str(max(t[1] for t in times))[:10]} (UTC)" if times else ""
    depths = sorted({f"{s.depth[0]:g}-{s.depth[1]:g}" for s in found})
    return (
        f"{len(found)} stations of {networks} network{'s' if networks != 1 else ''}: {sizes} values{span}, "
        f"depths {', '.join(depths[:6])}{' ...' if len(depths) > 6 else ''} m."
    )


def _row(station: Station) -> dict[str, Any]:
    """A station as a row of the points."""
    period = {"first": "", "last": ""}
    if station.times.size:
        period = {"first": str(station.times[0])[:10], "last": str(station.times[-1])[:10]}
    return {
        "name": station.name,
        "network": station.network,
        "lat": station.lat,
        "lon": station.lon,
        "depth_from": station.depth[0],
        "depth_to": station.depth[1],
        **period,
        "n": int(station.values.size),
        "mean": float(station.values.mean()) if station.values.size else None,
    }
