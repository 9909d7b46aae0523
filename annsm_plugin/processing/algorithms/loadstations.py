"""annsm:loadstations: stations as points, their series as one file."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from ...core.foundation.errors import ParameterError
from ...core.stations.choices import GOOD_FLAGS
from .. import layers
from .. import parameters as p
from ..base import AnnsmAlgorithm, Outcome


class LoadStations(AnnsmAlgorithm):
    NAME, TITLE = "loadstations", "Load stations"
    GROUP = ("data", "0 - Data")
    TAGS = ("ISMN", "in situ", "points")
    ICON = "stations.svg"
    NEEDS = ("netCDF4", "pandas")
    HELP = (
        "Reads in situ soil moisture: a folder or zip from the International Soil Moisture Network, or a table of any layout with "
        "a column mapping; applies the quality flags, and writes points and one file of all series."
    )
    NUMBERS: ClassVar[dict[str, str]] = {"COUNT": "Stations"}

    def parameters(self):
        return [
            p.folder("FOLDER", "Folder", "An ISMN download, unpacked. Give either this or the file.", optional=True),
            p.file("FILE", "File", "An ISMN zip, a CSV or XLSX table, or a series file.", "", optional=True),
            p.words("NETWORKS", "Networks", "Names with commas between; empty: all.", "", optional=True),
            p.span("DEPTH", "Depth (m)", "Upper and lower limit.", "0,0.05"),
            p.words("FLAGS", "Accepted flags", "ISMN quality flags with commas between.", "G,U", advanced=True),
            p.words(
                "MAPPING",
                "Column mapping",
                "For tables: 'time=date, value=sm, lat=31.2, lon=91.8, zone=+8, unit=%, dates=dmy'.",
                "",
                optional=True,
                advanced=True,
            ),
            p.points_out("OUTPUT", "Stations", "One point per station and depth."),
            p.file_out("SERIES", "Series", "All series in one file, for 'Validate against stations'.", optional=True),
        ]

    def check(self, given):
        if bool(given["FOLDER"]) == bool(given["FILE"]):
            raise ParameterError("Give either FOLDER or FILE, and not both.")
        _mapping(given["MAPPING"])

    def work(self, given, progress, context):
        from ...core.stations import reading as stations
        from ...core.validation import points

        found = stations.read(
            Path(given["FOLDER"] or given["FILE"]),
            networks=_list(given["NETWORKS"]),
            depth=tuple(given["DEPTH"]),
            flags=_list(given["FLAGS"]) or GOOD_FLAGS,
            mapping=_mapping(given["MAPPING"]),
            progress=progress,
        )
        if given["SERIES"]:
            stations.write_series(given["SERIES"], found)
        points.write_points(given["OUTPUT"], [_row(station) for station in found])
        layers.style_output(context, given["OUTPUT"], "Stations", "station_points")
        return Outcome({"COUNT": len(found)}, [_summary(found)])


def _summary(found) -> str:
    sizes, networks = sum(station.values.size for station in found), len({s.network for s in found})
    times = [station.times[[0, -1]] for station in found if station.times.size]
    span = f", {str(min(t[0] for t in times))[:10]} to {str(max(t[1] for t in times))[:10]} (UTC)" if times else ""
    depths = sorted({f"{s.depth[0]:g}-{s.depth[1]:g}" for s in found})
    return (
        f"{len(found)} stations of {networks} network{'s' if networks != 1 else ''}: {sizes} values{span}, "
        f"depths {', '.join(depths[:6])}{' ...' if len(depths) > 6 else ''} m."
    )


def _row(station) -> dict:
    period = {"first": "", "last": ""}
    if station.times.size:
        period = {"first": str(station.times[0])[:10], "last": str(station.times[-1])[:10]}
    return {"name": station.name, "network": station.network, "lat": station.lat, "lon": station.lon, "depth_from": station.depth[0],
            "depth_to": station.depth[1], **period, "n": int(station.values.size),
            "mean": float(station.values.mean()) if station.values.size else None}  # fmt: skip


def _list(text) -> list[str] | None:
    return [word.strip() for word in text.split(",") if word.strip()] if text else None


_KEYS = ("time", "value", "station", "lat", "lon", "network", "zone", "unit", "dates")


def _mapping(text) -> dict | None:
    """``name=value`` pairs with commas between. Raises ``ParameterError``."""
    if not text:
        return None
    mapping = {}
    for pair in text.split(","):
        name, equals, value = (part.strip() for part in pair.partition("="))
        if name not in _KEYS or not equals or not value:
            raise ParameterError(f"MAPPING has '{pair.strip()}'; expected pairs such as 'time=date' of {', '.join(_KEYS)}.")
        mapping[name] = value
    return mapping
