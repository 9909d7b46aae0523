"""Inter-calibration of AMSR-E to AMSR2: the climatology method finds the offset and the wave that were put in."""

from __future__ import annotations

import matching_archive as archive
import numpy as np
import pytest

from annsm_plugin.core import matching
from annsm_plugin.core.foundation import store
from annsm_plugin.core.foundation.errors import ParameterError

EXTENT = (90, 32, 91, 33)
AMSRE = np.arange("2009-01-01", "2011-01-01", 9, dtype="datetime64[D]")
AMSR2 = np.arange("2013-01-01", "2015-01-01", 9, dtype="datetime64[D]")


def _season(date):
    day = (date - date.astype("datetime64[Y]").astype("datetime64[D]")) / np.timedelta64(1, "D")
    return 250.0 + 20.0 * np.cos(2 * np.pi * day / 365.2425)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    root = tmp_path_factory.mktemp("sensors")
    for date in AMSRE:  # colder by 3 K, with a smaller season
        archive.amsr(
            root / "amsr", date, lambda lon, d=date: 250.0 + 0.9 * (_season(d) - 250.0) - 3.0 + 0 * lon, sensor="AMSR-E", channels=("06",)
        )
    for date in AMSR2:
        archive.amsr(root / "amsr", date, lambda lon, d=date: _season(d) + 0 * lon, channels=("06",))
    stamp = np.datetime64("2010-06-01T18:00:00")
    fields = {"SoilMoi0_10cm_inst": 20.0, "SoilTMP0_10cm_inst": 280.0, "AvgSurfT_inst": 281.0, "Rainf_f_tavg": 0.0}
    archive.gldas(root / "gldas", stamp, fields)
    archive.lai(root / "lai", ["2010-05-25", "2010-06-02"], lambda lat, lon, start: 10)
    return root


def _values(source, path, **changed):
    days = {"start": "2010-05-20", "end": "2010-06-20", "extent": EXTENT, "channels": "06"}
    folders = {name: source / name for name in ("amsr", "gldas", "lai")}
    result = matching.match(path, **{**folders, **days, **changed})
    with store.open_grid(path, kind="cube") as data:
        return result, data["time"].values.astype("datetime64[D]"), data["tb_06v"].values[:, 0, 0], data["sensor"].values


def test_climatology_brings_amsre_to_amsr2(source, tmp_path):
    _, dates, plain, sensor = _values(source, tmp_path / "plain.nc")
    result, _, matched, _ = _values(source, tmp_path / "matched.nc", calibration="climatology")
    seen = np.isfinite(plain)
    assert seen.sum() == 4 and (sensor[seen] == 1).all()
    expected = np.array([_season(date - 1) for date in dates[seen]])  # local date = file date + 1
    assert np.abs(plain[seen] - expected).min() > 0.5
    assert matched[seen] == pytest.approx(expected, abs=0.15)
    assert any("removes real change" in line for line in result.warnings)


def test_climatology_needs_both_sensors(source, tmp_path):
    lone = tmp_path / "amsr"
    lone.mkdir()
    for path in (source / "amsr").glob("GAMSRE_2010*"):
        (lone / path.name).symlink_to(path)
    with pytest.raises(ParameterError, match="needs AMSR2 files too"):
        _values(source, tmp_path / "out.nc", amsr=lone, calibration="climatology")


def test_a_table_is_applied_to_amsre_only(source, tmp_path):
    table = tmp_path / "table.csv"
    table.write_text("sensor,channel,polarisation,orbit,slope,offset\nAMSR-E,06,V,descending,1.01,-2.0\n")
    _, _, plain, _ = _values(source, tmp_path / "plain.nc")
    _, _, matched, _ = _values(source, tmp_path / "table.nc", calibration="table", calibration_table=table)
    seen = np.isfinite(plain)
    assert matched[seen] == pytest.approx(1.01 * plain[seen] - 2.0, abs=1e-3)
