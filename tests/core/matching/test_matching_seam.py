"""Where neighbouring columns take a local day from AMSR files of two UTC dates, the summary says so."""

from __future__ import annotations

from types import SimpleNamespace

import matching_archive as archive
import netCDF4
import numpy as np
import pytest

from annsm_plugin.core import matching
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.matching.amsr import Amsr


def seam(extent, overpass="descending", clock="solar"):
    plan = SimpleNamespace(
        grid=Grid.from_extent(extent), overpass=overpass, clock=clock, channels=SimpleNamespace(names=("tb_06v",), letters=("v",))
    )
    return Amsr(plan, SimpleNamespace(entries=[])).seam()


@pytest.mark.parametrize(
    ("extent", "overpass", "clock", "words"),
    [
        ((73, 26, 105, 40), "descending", "solar", ""),
        ((73, 26, 105, 40), "ascending", "solar", ""),
        ((10, 40, 22.5, 45), "descending", "solar", ""),
        ((22.5, 40, 30, 45), "descending", "solar", ""),
        ((10, 40, 30, 45), "descending", "solar",
         "west of 22.5 E from the file of the same UTC day, east of it from that of the UTC day before"),
        ((10, 40, 30, 45), "descending", "file", ""),
        ((10, 40, 30, 45), "ascending", "solar", ""),
        ((-165, 60, -150, 65), "ascending", "solar",
         "west of 157.5 W from the file of the UTC day after, east of it from that of the same UTC day"),
        ((170, 60, 190, 65), "descending", "solar",
         "west of 180 from the file of the UTC day before, east of it from that of the same UTC day"),
        ((140, 60, 145, 65), "descending", "+8",
         "west of 142.5 E from the file of the UTC day before, east of it from that of the same UTC day"),
    ],
)  # fmt: skip
def test_the_seam_is_said_where_it_is(extent, overpass, clock, words):
    found = seam(extent, overpass, clock)
    assert (words in found) if words else found == ""
    if found:
        assert ("01:30" if overpass == "descending" else "13:30") in found
        assert ("may be dated a day off" in found) == (extent[0] != 170)  # at 180 the date changes, whatever the hour


@pytest.mark.parametrize("extent", [(20, 40, 25, 41), (23, 40, 25, 41)])
def test_the_summary_says_what_the_cube_holds(tmp_path, extent):
    """Each file carries its own date: the columns on both sides of the sentence hold the dates that it names."""
    days = np.arange("2016-03-01", "2016-03-06", dtype="datetime64[D]")
    for number, date in enumerate(days):
        archive.amsr(tmp_path / "amsr", date, lambda lon, n=number: 200.0 + n + 0 * lon, channels=("06",))
        for hour in (0, 21):
            stamp = date.astype("datetime64[s]") + np.timedelta64(hour, "h")
            archive.gldas(tmp_path / "gldas", stamp, {"SoilMoi0_10cm_inst": 20.0, "SoilTMP0_10cm_inst": 280.0, "AvgSurfT_inst": 281.0})
    west, south, east, north = extent
    archive.lai(tmp_path / "lai", ["2016-02-26", "2016-03-05"], lambda *_: 10, west=west, east=east, south=south, north=north)
    folders = {name: tmp_path / name for name in ("amsr", "gldas", "lai")}
    result = matching.match(tmp_path / "cube.nc", **folders, extent=extent, start=days[2], end=days[2], channels="06")
    with netCDF4.Dataset(result.path) as file:
        file.set_auto_mask(False)
        values, lon = file["tb_06v"][0, 0], file["lon"][:]
    said = [line for line in result.summary if "carry no times" in line]
    assert values[lon > 22.5] == pytest.approx(201.0)
    if extent[0] < 22.5:
        assert values[lon < 22.5] == pytest.approx(202.0)
        assert len(said) == 1 and "22.5 E" in said[0]
    else:
        assert not said
