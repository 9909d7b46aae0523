"""NSIDC's calibrated brightness temperatures: pixels go to the local day of their own time, and to the cells by interpolation."""

from __future__ import annotations

import cetb_files as cetb
import matching_archive as archive
import netCDF4
import numpy as np
import pytest

from annsm_plugin.core import matching, products
from annsm_plugin.core.foundation.errors import CubeError, ParameterError, ProductError
from annsm_plugin.core.products.readers import ease

DAYS = np.arange("2010-06-01", "2010-06-05", dtype="datetime64[D]")
REGIONS = {"plateau": (90, 31, 92, 32), "seam": (21, -2, 24, 0), "dateline": (179, 10, 181, 11)}
LAT = ease.centres(584, 1388)[0][22:562]


def passes(date, hour=1.5):
    """UTC minutes of passes at ``hour`` local time within a UTC day, and the local day of each column as kelvin, with the latitude."""
    shift = cetb.LON / 15.0
    utc = np.mod(hour - shift, 24.0)
    local = np.floor((utc + shift) / 24.0)
    kelvin = 200.0 + archive.ordinal(date) % 40 + local[None, :] + 0.1 * LAT[:, None]
    return kelvin, np.broadcast_to(utc * 60.0, kelvin.shape)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    root = tmp_path_factory.mktemp("cetb")
    for date in np.arange(DAYS[0] - 2, DAYS[-1] + 3):
        kelvin, minutes = passes(date)
        version = 1 if date < DAYS[2] else 2
        for channel, more in (("10.7V", 0.0), ("36V", 20.0)):
            cetb.write(root / "amsr", date, channel, kelvin + more, minutes, version=version)
        for hour in range(0, 24, 3):
            fields = {"SoilMoi0_10cm_inst": 20.0, "SoilTMP0_10cm_inst": 280.0, "AvgSurfT_inst": 281.0}
            archive.gldas(root / "gldas", date.astype("datetime64[s]") + np.timedelta64(hour, "h"), fields)
    return root


def match(source, output, region="plateau", folder=None, **changed):
    west, south, east, north = REGIONS[region]
    place = output.parent / f"lai {region}"
    if not place.is_dir():
        archive.lai(
            place, ["2010-05-25", "2010-06-02"], lambda *at: 10, west=west - 1, east=east + 1, south=south - 1, north=north + 1, step=0.25
        )
    inputs = {"amsr": folder or source / "amsr", "gldas": source / "gldas", "lai": place, "channels": "10,36"}
    return matching.match(output, **{**inputs, "extent": REGIONS[region], "start": DAYS[0], "end": DAYS[-1], **changed})


@pytest.mark.parametrize("region", REGIONS)
def test_every_pixel_is_on_its_own_local_day(source, tmp_path, region):
    result = match(source, tmp_path / "cube.nc", region)
    with netCDF4.Dataset(result.path) as file:
        found = {name: file[name][:].filled(np.nan) for name in ("tb_10v", "tb_36v")}
        assert file.tb_source == "CETB" and set(file["sensor"][:].tolist()) == {1} and file.amsr_versions == "CETB_1.3 CETB_2.0"
        lat = file["lat"][:].filled()
    expected = 200.0 + np.array([archive.ordinal(date) % 40 for date in DAYS])[:, None] + 0.1 * lat[None, :]
    for name, more in (("tb_10v", 0.0), ("tb_36v", 20.0)):
        assert found[name] == pytest.approx(np.broadcast_to((expected + more)[:, :, None], found[name].shape), abs=0.02)


def test_a_file_says_what_it_is():
    for version in (1, 2):
        entry = products.entry(cetb.name("2010-06-01", "10.7H", version=version))
        assert (entry.product, entry.sensor, str(entry.date), entry.channel, entry.polarisation, entry.orbit) == (
            "amsr_tb", "AMSR-E", "2010-06-01", "10", "h", "D")  # fmt: skip
    assert products.entry(cetb.name("2020-01-01", "36V", sensor="AMSR2")).sensor == "AMSR2"
    for wrong, words in (({"sensor": "SSMIS"}, "of SSMIS"), ({"grid": "EASE2_N25km"}, "grid EASE2_N25km"), ({"orbit": "M"}, "passes M")):
        for version in (1, 2):
            assert words in products.entry(cetb.name("2010-06-01", "36V", version=version, **wrong)).refused


def test_files_that_are_not_what_their_name_says(tmp_path):
    kelvin, minutes = passes(DAYS[0])
    path = cetb.write(tmp_path, DAYS[0], "36V", kelvin, minutes)
    values = products.read_arrays(path)
    assert values.variables["tb_v"] == pytest.approx(kelvin, abs=0.006) and values.lat == pytest.approx(LAT)
    with netCDF4.Dataset(path, "a") as file:
        file["TB_time"].units = "minutes since 2010-06-02 00:00:00"
    with pytest.raises(ProductError, match="minutes since 2010-06-01"):
        products.read_arrays(path)
    with pytest.raises(ProductError, match=r"passes at about 13.5 h local time.*about 1.5 h"):
        products.read_arrays(cetb.write(tmp_path, DAYS[0], "36V", *passes(DAYS[0], 13.5)))
    path = cetb.write(tmp_path, DAYS[0], "36V", kelvin, minutes)
    with netCDF4.Dataset(path, "a") as file:
        file["y"][:] = file["y"][:] * 2
    with pytest.raises(ProductError, match="EASE2_T25km"):
        products.read_arrays(path)


def test_what_cannot_be_matched_is_said(source, tmp_path):
    with pytest.raises(ParameterError, match=r"no AMSR-E files \(CETB\) of 10H, 36H in the period, only 10V, 36V"):
        match(source, tmp_path / "cube.nc", polarisation="H")
    with pytest.raises(ParameterError, match="CALIBRATION is 'climatology'"):
        match(source, tmp_path / "cube.nc", calibration="climatology")
    (tmp_path / "both").mkdir()
    for path in (source / "amsr").iterdir():
        (tmp_path / "both" / path.name).symlink_to(path)
    archive.amsr(tmp_path / "both", DAYS[1], lambda lon: np.full(lon.size, 250.0), sensor="AMSR-E", channels=("10", "36"))
    with pytest.raises(ParameterError, match=r"2 files of JAXA and \d+ of NSIDC"):
        match(source, tmp_path / "cube.nc", folder=tmp_path / "both")


def test_a_cube_of_one_source_is_not_extended_by_the_other(source, tmp_path):
    path = match(source, tmp_path / "cube.nc", end=DAYS[1]).path
    for date in np.arange(DAYS[0], DAYS[-1] + 2):
        archive.amsr(tmp_path / "jaxa", date, lambda lon: np.full(lon.size, 250.0), sensor="AMSR-E", channels=("10", "36"))
    with pytest.raises(CubeError, match="tb source 'CETB'"):
        match(source, path, folder=tmp_path / "jaxa", start=DAYS[2])
