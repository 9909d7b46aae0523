"""Rain of seven hours, both readings, against sums made minute by minute: a stamp's rate is the mean of the three hours before it."""

from __future__ import annotations

import matching_archive as archive
import numpy as np
import pytest
from local_days import REGIONS

from annsm_plugin.core import matching
from annsm_plugin.core.foundation import store

DAYS = np.arange("2016-02-26", "2016-03-05", dtype="datetime64[D]")
WANTED = DAYS[2:6]


def rate(stamp):
    """mm per hour of the three hours before a stamp (hours since the first day): no two alike."""
    return 0.1 + np.mod(stamp * 0.37, 1.9)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    root = tmp_path_factory.mktemp("rain")
    for date in DAYS:
        for orbit in "DA":
            archive.amsr(root / "amsr", date, lambda lon: 250.0 + 0 * lon, channels=("06",), orbit=orbit)
        for hour in range(0, 24, 3):
            stamp = date.astype("datetime64[s]") + np.timedelta64(hour, "h")
            hours = float((stamp - DAYS[0]) / np.timedelta64(1, "h"))
            fields = {"SoilMoi0_10cm_inst": 20.0, "SoilTMP0_10cm_inst": 280.0, "AvgSurfT_inst": 281.0, "Rainf_f_tavg": rate(hours) / 3600.0}
            archive.gldas(root / "gldas", stamp, fields)
    return root


def by_minutes(lon, date, first):
    """mm from local ``first`` to ``first`` + 7 hours (30 minutes in) by the sun, minute by minute."""
    start = float((date - DAYS[0]) / np.timedelta64(1, "h")) - archive.solar(lon)
    minutes = start[:, None] + first + 0.5 + (np.arange(420) + 0.5)[None, :] / 60.0 - 1.0
    return (rate(np.ceil(minutes / 3.0) * 3.0) / 60.0).sum(axis=1)


def by_hours(lon, date, first):
    """mm of the paper's seven hourly values, each that of the nearest stamp."""
    start = float((date - DAYS[0]) / np.timedelta64(1, "h")) - archive.solar(lon)
    return sum(rate(np.floor((start + first + n) / 3.0 + 0.5) * 3.0) for n in range(7))


@pytest.mark.parametrize("extent", REGIONS)
@pytest.mark.parametrize(("overpass", "first"), [("descending", 1.0), ("ascending", 13.0)])
@pytest.mark.parametrize(("reading", "reference"), [("paper", by_hours), ("interval", by_minutes)])
def test_rain_of_seven_hours(folders, tmp_path, extent, overpass, first, reading, reference):
    west, south, east, north = extent
    starts = np.arange("2016-02-10", "2016-03-12", 8, dtype="datetime64[D]")
    archive.lai(tmp_path / "lai", starts, lambda *_: 10, west=west, east=east, south=south, north=north, step=0.2)
    inputs = {"amsr": folders / "amsr", "gldas": folders / "gldas", "lai": tmp_path / "lai", "extent": extent, "channels": "06"}
    result = matching.match(
        tmp_path / "cube.nc", **inputs, start=WANTED[0], end=WANTED[-1], overpass=overpass, rain_hours=reading, workers=0
    )
    with store.open_grid(result.path, kind="cube") as data:
        rain = data["precipitation_7h"].values
    expected = np.stack([reference(result.grid.lon, date, first) for date in WANTED])
    assert rain == pytest.approx(np.broadcast_to(expected[:, None, :], rain.shape), abs=0.02 if reading == "interval" else 1e-4)
    assert np.ptp(expected) > 1.0
