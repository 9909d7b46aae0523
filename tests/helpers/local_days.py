"""Days, regions and values by which the tests of matching recognise the local date and hour of every pixel."""

from __future__ import annotations

import matching_archive as archive
import numpy as np

DAYS = np.arange("2016-02-25", "2016-03-06", dtype="datetime64[D]")
WANTED = DAYS[3:7]
ZERO = archive.ordinal("2016-02-01")

#: Regions over the plateau, across 180 E and at 70 W.
REGIONS = [(73, 33, 105, 34), (170, 33, 190, 34), (-75, 33, -65, 34)]


def smap_value(date):
    """The soil moisture (m3 m-3) that stands for a date."""
    return 0.1 + 0.005 * (archive.ordinal(date) - ZERO)


def stamp_field(stamp):
    """Hours since the first day, the same everywhere."""
    return (stamp - DAYS[0].astype("datetime64[s]")) / np.timedelta64(3600, "s")


def lai(folder, extent):
    """Write an AppEEARS export of leaf area index around ``extent``."""
    west, south, east, north = extent
    starts = np.arange("2016-02-18", "2016-03-20", 8, dtype="datetime64[D]")
    archive.lai(folder, starts, lambda lat, lon, start: 10, west=west - 1, east=east + 1, south=south - 1, north=north + 1, step=0.1)
