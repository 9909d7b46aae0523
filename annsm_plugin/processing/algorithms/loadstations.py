"""annsm:loadstations: stations as points, their series as one file."""

from __future__ import annotations

from typing import ClassVar

from ...core.stations.request import StationsRequest
from ..base import AnnsmAlgorithm


class LoadStations(AnnsmAlgorithm):
    NAME, TITLE = "loadstations", "Load stations"
    GROUP = ("data", "0 - Data")
    TAGS = ("ISMN", "in situ", "points")
    ICON = "stations.svg"
    NEEDS = ("netCDF4",)
    HELP = (
        "Reads in situ soil moisture: a folder or zip from the International Soil Moisture Network, or a table of any layout with "
        "a column mapping; applies the quality flags, and writes points and one file of all series."
    )
    REQUEST, STEP = StationsRequest, "stations"
    LAYERS: ClassVar[dict[str, tuple[str, str]]] = {"OUTPUT": ("Stations", "station_points")}
    NUMBERS: ClassVar[dict[str, str]] = {"COUNT": "Stations"}

    def numbers(self, result):
        return {"COUNT": len(result.stations)}
