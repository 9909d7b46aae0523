"""What is asked when stations are loaded. QGIS reads it when it loads the plugin: nothing heavy is imported here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..foundation.paths import PathLike
from ..foundation.requests import Request, option
from .choices import GOOD_FLAGS, SURFACE


@dataclass(frozen=True)
class StationsRequest(Request):
    """Stations to be read from a folder or a file, and written as points and as a file of series."""

    STEP = "stations"

    folder: Any = option("folder", "Folder", "An ISMN download, unpacked. Give either this or the file.", None)
    file: Any = option("file", "File", "An ISMN zip, a CSV or XLSX table, or a series file.", None)
    networks: Any = option("words", "Networks", "Names with commas between; empty: all.", "")
    depth: Any = option("span", "Depth (m)", "Upper and lower limit.", ",".join(f"{limit:g}" for limit in SURFACE))
    flags: Any = option(
        "words", "Accepted flags", "ISMN quality flags with commas between.", ",".join(GOOD_FLAGS), advanced=True, optional=False
    )
    mapping: Any = option(
        "words",
        "Column mapping",
        "For tables: 'time=date, clock=hour, value=sm, station=site, network=net, lat=31.2, lon=91.8, depth=depth, zone=+8, unit=%, "
        "dates=dmy'. Columns by name; station, network, lat, lon and depth also one for all; clock where it is apart from the date; dates: "
        "dmy or mdy. What the table itself tells may be left out.",
        "",
        advanced=True,
    )
    output: PathLike = option("points_out", "Stations", "One point per station and depth.")
    series: Any = option(
        "file_out", "Series", "All series in one NetCDF file (.nc), for 'Validate against stations'.", None, extension="nc"
    )
