"""Every product on the right local day and hour: each pixel carries its own date or hour as its value."""

from __future__ import annotations

import matching_archive as archive
import numpy as np
import pytest
from local_days import DAYS, REGIONS, WANTED, ZERO, lai, smap_value, stamp_field

from annsm_plugin.core import matching
from annsm_plugin.core.foundation import store
from annsm_plugin.core.products.readers import ease


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    root = tmp_path_factory.mktemp("archive")
    for date in DAYS:
        # JAXA's file of UTC date D: the pass at 01:30 local that happens within D, labelled with its local date.
        def local(lon, date=date):
            utc = np.mod(1.5 - archive.solar(lon), 24.0)
            return 200.0 + archive.ordinal(date) - ZERO + np.floor((utc + archive.solar(lon)) / 24.0)

        archive.amsr(root / "amsr", date, local, channels=("06",))
        archive.smap(root / "smap", date, *archive.smap_day(date, smap_value))
        for hour in range(0, 24, 3):
            stamp = date.astype("datetime64[s]") + np.timedelta64(hour, "h")
            value = stamp_field(stamp)
            fields = {
                "SoilMoi0_10cm_inst": 20.0,
                "SoilTMP0_10cm_inst": 280.0,
                "AvgSurfT_inst": 200.0 + value / 4,
                "Rainf_f_tavg": value / 3.6e6,
            }
            archive.gldas(root / "gldas", stamp, fields)
    return root


def _matched(folders, tmp_path, extent, **settings):
    lai(tmp_path / "lai", extent)
    inputs = {"amsr": folders / "amsr", "gldas": folders / "gldas", "smap": folders / "smap", "lai": tmp_path / "lai"}
    period = {"start": WANTED[0], "end": WANTED[-1], "extent": extent, "channels": "06"}
    result = matching.match(tmp_path / "cube.nc", **{**inputs, **period, **settings})
    with store.open_grid(result.path, kind="cube") as data:
        return result, data.load()


@pytest.mark.parametrize("extent", REGIONS)
def test_every_cell_holds_its_local_date(folders, tmp_path, extent):
    result, data = _matched(folders, tmp_path, extent)
    day = np.array([archive.ordinal(date) - ZERO for date in WANTED], dtype=float)[:, None, None]
    shape = (WANTED.size, *result.grid.shape)
    assert data["tb_06v"].values == pytest.approx(np.broadcast_to(200.0 + day, shape), abs=0.006)
    assert data["sm_smap"].values == pytest.approx(np.broadcast_to(0.1 + 0.005 * day, shape), abs=1e-6)
    assert (data["sensor"].values == 2).all()
    # GLDAS: the step nearest to 02:00 solar time of the local date.
    exact = (WANTED - DAYS[0]) / np.timedelta64(1, "h")
    utc = exact[:, None, None] + 2.0 - archive.solar(result.grid.lon)[None, None, :]
    hours = 4.0 * (data["lst_gldas"].values - 200.0)
    assert np.abs(hours - utc).max() <= 1.5 + 1e-3
    assert hours == pytest.approx(np.round(hours / 3) * 3, abs=1e-3)
    # Rain by the paper's reading: seven hourly values, each that of its nearest step.
    offset = archive.solar(result.grid.lon)
    expected = sum(np.floor((exact[:, None] + h - offset) / 3 + 0.5) * 3 for h in range(1, 8)) * 1e-3
    assert data["precipitation_7h"].values == pytest.approx(np.broadcast_to(expected[:, None, :], shape), abs=1e-5)
    assert (result.pairs == WANTED.size).all()


def test_the_seam_is_never_interpolated_across(folders, tmp_path):
    """Where a file's seam cuts the region, neighbours 24 h apart must not be mixed: one file alone gives only whole dates."""
    lone = tmp_path / "smap"
    date = WANTED[1]
    archive.smap(lone, date, *archive.smap_day(date, smap_value))
    _, data = _matched(folders, tmp_path, (73, 33, 105, 34), smap=lone)
    values = data["sm_smap"].values
    assert {round(float(v), 4) for v in values[np.isfinite(values)]} == {round(smap_value(date), 4), round(smap_value(date + 1), 4)}
    today, tomorrow = np.isfinite(values[1]), np.isfinite(values[2])
    assert today.any() and tomorrow.any() and not (today & tomorrow).any()
    assert data["lon"].values[today.any(axis=0)].max() < 90.3 and data["lon"].values[tomorrow.any(axis=0)].min() > 89.7


def test_matching_by_file_date(folders, tmp_path):
    result, data = _matched(folders, tmp_path, (73, 33, 105, 34), time="file")
    _, lon = ease.centres(*ease.SMAP_36KM)
    day = np.array([archive.ordinal(date) - ZERO for date in WANTED], dtype=float)
    assert data["tb_06v"].values[:, 0, 0] == pytest.approx(201.0 + day)  # the local date is one later, the file's date rules
    assert data["sm_smap"].values[:, 0, 0] == pytest.approx(0.1 + 0.005 * day, abs=1e-6)  # 73 E
    assert data["sm_smap"].values[:, 0, -1] == pytest.approx(0.1 + 0.005 * (day + 1), abs=1e-6)  # 105 E, seen at 23 UTC
    assert result.grid.lon[0] > lon.min()


def test_fixed_offset(folders, tmp_path):
    _, data = _matched(folders, tmp_path, (73, 33, 105, 34), time="+8")
    hours = 4.0 * (data["lst_gldas"].values - 200.0)
    exact = (WANTED - DAYS[0]) / np.timedelta64(1, "h")
    assert hours == pytest.approx(np.broadcast_to((exact - 6.0)[:, None, None], hours.shape), abs=1e-3)  # 02:00 Beijing is 18 UTC


def test_a_missing_step_keeps_the_day_without_rain(folders, tmp_path):
    import shutil

    gldas = tmp_path / "gldas"
    shutil.copytree(folders / "gldas", gldas)
    date = str(WANTED[1]).replace("-", "")
    (gldas / f"GLDAS_NOAH025_3H.A{date}.0000.021.nc4").unlink()
    result, data = _matched(folders, tmp_path, (89, 33, 93, 34), gldas=gldas)
    rain = np.isfinite(data["precipitation_7h"].values).all(axis=(1, 2))
    assert rain.tolist() == [True, False, True, True]
    assert np.isfinite(data["sm_gldas"].values).all()
    assert (result.pairs == 4).all()
    assert data.attrs["missing_days_precipitation_7h"] == 1
