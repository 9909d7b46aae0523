"""Every reader on files of the documented layouts: orientation, longitudes, units, fill, flags, times; and files that are wrong."""

import importlib
import os
import tarfile
from pathlib import Path

import netCDF4
import numpy as np
import product_files as make
import pytest
from osgeo import osr

from annsm_plugin.core import products
from annsm_plugin.core.foundation.errors import ParameterError, ProductError
from annsm_plugin.core.products.readers import ease, lai, smos

NAQU = (91.0, 31.0, 92.5, 32.0)


def test_ease_centres_equal_proj():
    source, target = osr.SpatialReference(), osr.SpatialReference()
    source.ImportFromEPSG(6933)
    target.ImportFromEPSG(4326)
    transform = osr.CoordinateTransformation(source, target)
    for rows, columns in (ease.SMAP_36KM, ease.SMOS_25KM):
        lat, lon = ease.centres(rows, columns)
        pixel = 2 * ease.HALF_WIDTH / columns
        for i in range(0, rows, 7):
            found = transform.TransformPoint(-ease.HALF_WIDTH + 10.5 * pixel, (rows / 2 - 0.5 - i) * pixel)
            assert abs(found[0] - lat[i]) < 1e-6
            assert abs(found[1] - lon[10]) < 1e-6


def test_amsr_rows_and_columns_are_where_they_belong(tmp_path):
    counts = np.full((720, 1440), 65535)
    counts[:] = np.arange(720)[:, None] + 20000  # a row carries its number
    counts[0, 0], counts[0, 1] = 65534, 65535
    path = make.amsr(tmp_path, tb_v=counts)
    data = products.read(path)
    assert data.attrs["sensor"] == "AMSR2"
    assert data.attrs["channel"] == "06"
    assert data["tb_v"].sel(lat=31.125, lon=91.375).item() == pytest.approx((20000 + (89.875 - 31.125) / 0.25) * 0.01)
    assert data["tb_h"].sel(lat=31.125, lon=91.375).item() == pytest.approx(data["tb_v"].sel(lat=31.125, lon=91.375).item() - 20)
    assert np.isnan(data["tb_v"].values[0, :2]).all()
    window = products.read(path, window=NAQU, variables=["tb_v"])
    assert list(window.data_vars) == ["tb_v"]
    assert window.lat.min() <= 31.125
    assert np.array_equal(window["tb_v"], data["tb_v"].sel(lat=window.lat, lon=window.lon))


def test_amsre_is_known_by_its_date_whatever_the_prefix(tmp_path):
    assert products.entry(make.amsr(tmp_path, date="20100801", prefix="AQUAMSRE")).sensor == "AMSR-E"


def test_smap_fill_flags_and_times(tmp_path):
    sm, seconds, flag = (np.full((406, 964), v) for v in (-9999.0, -9999.0, 65534))
    lat, lon = ease.centres(*ease.SMAP_36KM)
    row, column = np.abs(lat - 31.5).argmin(), np.abs(lon - 91.8).argmin()
    noon = (np.datetime64("2015-04-10T23:22:00") - np.datetime64("2000-01-01T12:00:00")) / np.timedelta64(1, "s")
    sm[row, column], seconds[row, column], flag[row, column] = 0.231, noon, 8
    path = make.smap(tmp_path, sm=sm, seconds=seconds, flag=flag)
    data = products.read(path)
    assert data["soil_moisture"].count() == 1
    here = {"lat": lat[row], "lon": lon[column]}
    assert data["soil_moisture"].sel(here).item() == pytest.approx(0.231)
    assert data["retrieval_qual_flag"].sel(here).item() == 8
    assert data["observation_time"].sel(here).values == np.datetime64("2015-04-10T23:22:00")
    assert np.isnan(data["retrieval_qual_flag"].values).sum() == 406 * 964 - 1
    assert np.isnat(data["observation_time_pm"].values).all()


def test_smap_release_3_has_one_group(tmp_path):
    assert "soil_moisture" in products.read(make.smap(tmp_path, release="R13080", groups=("",)))


@pytest.mark.parametrize("north_first", [False, True])
def test_gldas_orientation_is_taken_from_its_latitudes(tmp_path, north_first):
    lat, lon = np.arange(20.125, 45, 0.25), np.arange(70.125, 110, 0.25)
    values = (lat[::-1] if north_first else lat)[:, None] + np.zeros(lon.size)
    values[0, 0] = np.nan
    data = products.read(make.gldas(tmp_path, fields={"SoilMoi0_10cm_inst": values}, north_first=north_first))
    assert data["SoilMoi0_10cm_inst"].sel(lat=31.125, lon=91.375).item() == pytest.approx(31.125)
    assert np.isnan(data["SoilMoi0_10cm_inst"].values[0, 0])
    assert data["SoilMoi0_10cm_inst"].attrs["units"] == "kg m-2"
    assert data.attrs["time"] == "2016-01-01T03:00:00"


def real(name):
    folders = [Path(os.environ["ANNSM_REAL_DATA"])] if "ANNSM_REAL_DATA" in os.environ else []
    folders.append(Path(__file__).resolve().parents[4] / "shared" / "data")
    return next((f / name for f in folders if (f / name).is_file()), None)


def test_a_real_gldas_file_equals_netcdf4_on_every_cell(tmp_path):
    """The real file where it is at hand (ANNSM_REAL_DATA), else one of the same structure."""
    path = real("GLDAS_NOAH025_3H.A20160101.0300.021.nc4")
    if path is None:
        rng = np.random.default_rng(0)
        values = np.where(rng.random((600, 1440)) < 0.4, np.nan, rng.uniform(2, 47, (600, 1440)))
        lat, lon = np.arange(-59.875, 90, 0.25), np.arange(-179.875, 180, 0.25)
        path = make.gldas(tmp_path, fields={"SoilMoi0_10cm_inst": values}, lat=lat, lon=lon)
    data = products.read(path)
    with netCDF4.Dataset(path) as file:
        for name in data.data_vars:
            assert np.array_equal(data[name].values, np.ma.filled(file[name][0].astype("f4"), np.nan), equal_nan=True)
        assert np.allclose(data.lat, file["lat"][:])


def test_lprm_is_transposed_and_in_percent(tmp_path):
    sm, seconds = np.full((720, 1440), np.nan), np.full((720, 1440), np.nan)
    row, column = int((89.875 - 31.125) / 0.25), int((91.375 + 179.875) / 0.25)
    sm[row, column] = 37
    seconds[row, column] = (np.datetime64("2015-04-01T19:30:00") - np.datetime64("1993-01-01")) / np.timedelta64(1, "s")
    data = products.read(make.lprm(tmp_path, sm, seconds), window=NAQU)
    here = data.sel(lat=31.125, lon=91.375)
    assert here["soil_moisture_c1"].item() == pytest.approx(0.37)
    assert here["observation_time"].values == np.datetime64("2015-04-01T19:30:00")
    assert data["soil_moisture_c1"].count() == 1


def test_jaxa_percent_and_minutes(tmp_path):
    counts, minutes = np.full((720, 1440), -32768), np.full((720, 1440), -32768)
    row, column = int((89.875 - 31.125) / 0.25), int((91.375 - 0.125) / 0.25)
    counts[row, column], minutes[row, column] = 123, 1170
    data = products.read(make.jaxa(tmp_path, counts, minutes)).sel(lat=31.125, lon=91.375)
    assert data["soil_moisture"].item() == pytest.approx(0.123)
    assert data["observation_time"].values == np.datetime64("2016-03-01T19:30:00")


@pytest.fixture
def smos_arrays():
    lat, lon = ease.centres(*ease.SMOS_25KM)
    lat, lon = lat[::-1][440:460], lon[1030:1060]  # south first, as the real files
    sm, days, seconds = (np.full((20, 30), np.nan) for _ in range(3))
    sm[5, 7], days[5, 7], seconds[5, 7] = 0.25, 5604, 3600
    return lat, lon, sm, days, seconds


def test_smos_netcdf3_south_first(tmp_path, smos_arrays):
    data = products.read(make.smos(tmp_path, *smos_arrays))
    assert data.lat[0] < data.lat[-1]
    assert data["soil_moisture"].values[5, 7] == pytest.approx(0.25, abs=2e-5)
    assert data["soil_moisture"].count() == 1
    assert data["observation_time"].values[5, 7] == np.datetime64("2015-05-06T01:00:00")


def test_smos_delivery_is_read_inside_its_archive(tmp_path, smos_arrays):
    path = make.smos(tmp_path, *smos_arrays)
    archive = path.with_name(path.name.replace(".DBL.nc", ".tgz"))
    with tarfile.open(archive, "w:gz") as file:
        file.add(path, path.name)
    path.unlink()
    assert products.read(archive)["soil_moisture"].values[5, 7] == pytest.approx(0.25, abs=2e-5)


def test_smos_ic_has_its_own_times_and_quality(tmp_path, smos_arrays):
    lat, lon, sm, days, seconds = smos_arrays
    sm[6, 8], days[6, 8], seconds[6, 8] = 0.3, 6575, 82800
    days[5, 7] = 6575
    quality = np.full(sm.shape, 2)
    quality[5, 7], quality[6, 8] = 0, 1
    arrays = products.read_arrays(make.smos_ic(tmp_path, lat, lon, sm, days, seconds, quality))
    assert arrays.attrs["sensor"] == "SMOS-IC"
    stamps = arrays.variables["observation_time"]
    assert stamps[5, 7] == np.datetime64("2018-01-01T01:00:00")
    assert stamps[6, 8] == np.datetime64("2018-01-01T23:00:00")
    assert np.isnat(stamps).sum() == sm.size - 2
    keep = smos.good(arrays)
    assert keep[5, 7]
    assert keep.sum() == 1


def test_lai_quality_bits():
    good = [0b00000000, 0b00100000, 0b00011000]  # main, saturated, cloud not defined
    bad = [0b00001000, 0b01000000, 0b01100000, 0b10000000]  # cloudy, back-up algorithms, not produced
    assert lai.good_quality(np.array(good)).all()
    assert not lai.good_quality(np.array(bad)).any()


def test_find_takes_the_newest_version_and_survives_loops(tmp_path):
    make.gldas(tmp_path)
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    old, new = (deep / f"SMAP_L3_SM_P_20150410_{v}.h5" for v in ("R17000_001", "R18290_001"))
    for path in (old, new):
        path.write_bytes(b"x")
    (deep / "loop").symlink_to(tmp_path)
    for name in ("SMAP_L3_SM_P_E_20150410_R18290_001.h5", "GW1AM2_20160301_01D_EQMD_L3SGT06HA2220220.h5", "notes.txt"):
        (deep / name).write_bytes(b"x")
    found = products.inventory(tmp_path)
    assert [e.path for e in found.of("smap")] == [str(new)]
    assert [e.path for e in found.superseded] == [str(old)]
    reasons = sorted(e.refused.split(";")[0] for e in found.refused)
    assert reasons == ["this is the 0.1 degree product (H)"] and len(found.of("smap_e")) == 1
    assert found.n_unrecognised == 1
    assert len(products.find(tmp_path, "gldas")) == 1
    with pytest.raises(ProductError, match=r"0\.25 degree product"):
        products.read(deep / "GW1AM2_20160301_01D_EQMD_L3SGT06HA2220220.h5")
    with pytest.raises(ParameterError, match="does not exist"):
        products.inventory(tmp_path / "nowhere")


def test_ten_thousand_unrelated_files_are_counted_not_kept(tmp_path):
    for i in range(10000):
        (tmp_path / f"{i}.dat").touch()
    found = products.inventory(tmp_path)
    assert found.n_unrecognised == 10000
    assert len(found.unrecognised) <= 200


def wrong_files(folder):
    """Files that must be refused: (path, a part of the sentence)."""

    def at(name, content=b""):
        path = folder / name
        path.write_bytes(content)
        return path

    def sub(name):
        (folder / name).mkdir()
        return folder / name

    yield at("GW1AM2_20160301_01D_EQMD_L3SGT06LA2220220.h5"), "0 bytes"
    yield at("GLDAS_NOAH025_3H.A20160102.0300.021.nc4", b"<html>Please log in</html>" * 30), "does not open"
    yield sub("SMAP_L3_SM_P_20150411_R18290_001.h5"), "a folder"
    yield folder / "SMAP_L3_SM_P_20150412_R18290_001.h5", "no such file"
    yield at("holiday.jpg", b"x"), "name of a product file"
    yield make.amsr(folder, channel="07", names=("TB H", "TB V")), "no such variable"
    yield make.amsr(folder, channel="10", shape=(360, 720)), "shape"
    yield make.amsr(folder, channel="18", dtype="float32"), "float32"
    yield make.amsr(folder, channel="23", tb_v=np.full((720, 1440), 27000), scale=100.0), "scale factor"
    yield make.amsr(folder, channel="36", tb_v=np.full((720, 1440), 27000), scale=0.5), "scale factor of 0.5"
    yield make.smap(folder, date="20150413", groups=("_XX",)), "Soil_Moisture_Retrieval_Data_AM"
    cut = np.zeros((400, 964))
    yield make.smap(folder, date="20150414", sm=cut + 0.2, seconds=cut + 482240000.0, shape=cut.shape), "nothing that tells its rows"
    yield make.smap(folder, date="20150415", times=False), "no observation times"
    wrong_day = np.full((406, 964), 4.0e8)
    yield make.smap(folder, date="20150416", sm=np.full((406, 964), 0.2), seconds=wrong_day), "as the name says"
    yield make.gldas(folder, stamp="20160103.0300", minutes=0.0), "as the name says"
    yield make.gldas(folder, stamp="20160104.0300", lat=np.arange(20.0, 30.0)), "0.25 degree"
    yield make.gldas(folder, stamp="20160105.0300", fields={"SoilMoi0_10cm_inst": np.full((100, 160), 9e9)}), "outside the range"


@pytest.mark.parametrize("number", range(17))
def test_wrong_files_are_refused_with_their_name(tmp_path, number):
    path, part = list(wrong_files(tmp_path))[number]
    with pytest.raises(ProductError) as caught:
        products.read(path)
    assert str(path) in str(caught.value)
    assert part in str(caught.value)


def test_a_missing_variable_says_what_there_is(tmp_path):
    with pytest.raises(ProductError, match=r"Rainf_f_tavg.*there is SoilMoi0_10cm_inst"):
        products.read(make.gldas(tmp_path), variables=["Rainf_f_tavg"])


@pytest.mark.parametrize("kind", ["amsr", "smap", "gldas"])
def test_truncated_files_never_give_wrong_numbers(tmp_path, kind):
    rng = np.random.default_rng(0)
    sm = rng.uniform(0.05, 0.4, (406, 964))
    stamps = np.full((406, 964), 481980000.0)
    path = {
        "amsr": lambda: make.amsr(tmp_path, tb_v=rng.integers(20000, 30000, (720, 1440))),
        "smap": lambda: make.smap(tmp_path, date="20150411", sm=sm, seconds=stamps),
        "gldas": lambda: make.gldas(tmp_path, fields={"SoilMoi0_10cm_inst": rng.uniform(2, 40, (100, 160))}),
    }[kind]()
    whole, content = products.read(path), path.read_bytes()
    for cut in np.linspace(1, len(content) - 1, 20).astype(int):
        path.write_bytes(content[:cut])
        try:
            data = products.read(path)
        except ProductError as error:
            assert str(path) in str(error)
        else:
            for name in data.data_vars:
                assert np.array_equal(data[name].values, whole[name].values, equal_nan=data[name].dtype.kind == "f"), (cut, name)


def test_what_is_read_to_see_whether_a_file_is_good_is_known_of_every_product():
    examine = importlib.import_module("annsm_plugin.core.products.examine")  # the package's own name is the function's
    assert set(examine._LITTLE) == set(products.reading.PRODUCTS)
    file = products.entry("NSIDC0630_GRD_EASE2_T25km_GCOMW1_AMSR2_A_36.5V_20160101_v2.0.nc")
    assert examine._request(file)[2] == ["tb_v", "observation_time"]
