"""Ascending passes: every product on the right local day and hour in the afternoon, over the plateau, across 180 E and at 70 W."""

from __future__ import annotations

import matching_archive as archive
import numpy as np
import pytest
from local_days import DAYS, REGIONS, WANTED, ZERO, lai, smap_value, stamp_field

from annsm_plugin.core import matching
from annsm_plugin.core.foundation import store


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    root = tmp_path_factory.mktemp("afternoon")
    for date in DAYS:

        def local(lon):
            utc = np.mod(13.5 - archive.solar(lon), 24.0)
            return 200.0 + archive.ordinal(date) - ZERO + np.floor((utc + archive.solar(lon)) / 24.0)  # noqa: B023

        archive.amsr(root / "amsr", date, local, channels=("06",), orbit="A")
        archive.amsr(root / "amsr", date, lambda lon: 333.0 + 0 * lon, channels=("06",), orbit="D")  # the other orbit must not enter
        archive.smap(root / "smap", date, *archive.smap_day(date, smap_value, hour=18.0), suffix="_pm")
        for hour in range(0, 24, 3):
            stamp = date.astype("datetime64[s]") + np.timedelta64(hour, "h")
            value = stamp_field(stamp)
            fields = {"SoilMoi0_10cm_inst": value / 10, "SoilTMP0_10cm_inst": 200.0 + value / 4, "AvgSurfT_inst": 210.0 + value / 4,
                      "Rainf_f_tavg": value / 3.6e6}  # fmt: skip
            archive.gldas(root / "gldas", stamp, fields)
    return root


def matched(folders, tmp_path, extent, **settings):
    lai(tmp_path / "lai", extent)
    inputs = {"amsr": folders / "amsr", "gldas": folders / "gldas", "smap": folders / "smap", "lai": tmp_path / "lai"}
    period = {"start": WANTED[0], "end": WANTED[-1], "extent": extent, "channels": "06", "overpass": "ascending"}
    result = matching.match(tmp_path / "cube.nc", **{**inputs, **period, **settings})
    with store.open_grid(result.path, kind="cube") as data:
        return result, data.load()


@pytest.mark.parametrize("extent", REGIONS)
def test_every_cell_holds_its_local_date_in_the_afternoon(folders, tmp_path, extent):
    result, data = matched(folders, tmp_path, extent)
    day = np.array([archive.ordinal(date) - ZERO for date in WANTED], dtype=float)[:, None, None]
    shape = (WANTED.size, *result.grid.shape)
    assert data["tb_06v"].values == pytest.approx(np.broadcast_to(200.0 + day, shape), abs=0.006)
    assert data["sm_smap"].values == pytest.approx(np.broadcast_to(0.1 + 0.005 * day, shape), abs=1e-6)
    exact = (WANTED - DAYS[0]) / np.timedelta64(1, "h")
    offset = archive.solar(result.grid.lon)
    utc = exact[:, None, None] + 14.0 - offset[None, None, :]
    nearest = np.floor(utc / 3 + 0.5) * 3
    for name, zero, scale in (("lst_gldas", 210.0, 4.0), ("st_gldas", 200.0, 4.0), ("sm_gldas", 0.0, 1000.0)):
        assert scale * (data[name].values - zero) == pytest.approx(np.broadcast_to(nearest, shape), abs=0.01), name
    expected = sum(np.floor((exact[:, None] + h - offset) / 3 + 0.5) * 3 for h in range(13, 20)) * 1e-3
    assert data["precipitation_7h"].values == pytest.approx(np.broadcast_to(expected[:, None, :], shape), abs=1e-5)
    assert (result.pairs == WANTED.size).all()
    assert data.attrs["amsr_local_hour"] == 13.5 and data.attrs["gldas_local_hour"] == 14.0
    assert "14:00 local" in data["sm_gldas"].attrs["long_name"] and "13-19 local" in data["precipitation_7h"].attrs["long_name"]


def test_the_evening_files_alone_do_not_serve_the_morning(folders, tmp_path):
    """The morning group of these files holds no times: each is refused by name and the run stops."""
    from annsm_plugin.core.foundation.errors import AnnsmError

    with pytest.raises(AnnsmError, match=r"SMAP files could not be read.*no observation times"):
        matched(folders, tmp_path, REGIONS[0], overpass="descending")
