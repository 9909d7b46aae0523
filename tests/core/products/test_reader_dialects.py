"""Files as they really come: names of subset services, other HDF5 layouts, units spelled otherwise, single odd values."""

import importlib

import h5py
import netCDF4
import numpy as np
import product_files as make
import pytest

from annsm_plugin.core import products
from annsm_plugin.core.foundation.errors import ProductError
from annsm_plugin.core.products import access
from annsm_plugin.core.products.probe import problem
from annsm_plugin.core.products.readers import ease

#: Name -> product, sensor, date, orbit, version.
NAMES = {
    "LPRM-AMSR2_L3_D_SOILM3_V001_20150401013000.nc4": ("lprm", "AMSR2", "2015-04-01", "D", "001"),
    "LPRM-AMSR2_L3_A_SOILM3_V001_20150401013000.nc4.SUB.nc4": ("lprm", "AMSR2", "2015-04-01", "A", "001"),
    "LPRM-AMSR2_L3_D_SOILM3_V001_20150401013000.SUB.nc4": ("lprm", "AMSR2", "2015-04-01", "D", "001"),
    "LPRM-AMSR2_L3_D_SOILM3_V001_20150401013000.nc4.nc4": ("lprm", "AMSR2", "2015-04-01", "D", "001"),
    "LPRM-AMSR_E_L3_D_SOILM3_V002-20120517T174233Z_20100801.nc": ("lprm", "AMSR-E", "2010-08-01", "D", "002"),
    "LPRM-AMSR_E_L3_A_SOILM3_V002_20100801.nc": ("lprm", "AMSR-E", "2010-08-01", "A", "002"),
    "MCD15A2H.061_Lai_500m_doy2016049_aid0001.tif": ("lai", "MCD15A2H", "2016-02-18", None, "061"),
    "MCD15A2H.061_Lai_500m_doy2016049000000_aid0001.tif": ("lai", "MCD15A2H", "2016-02-18", None, "061"),
    "MOD15A2H.006_500m_aid0001.nc": ("lai", "MOD15A2H", None, None, "006"),
    "MOD15A2H.061_500m_aid0001.nc4": ("lai", "MOD15A2H", None, None, "061"),
    "SM_OPER_MIR_CLF3SA_20240506T000000_20240506T235959_334_001_7.DBL.nc": ("smos", "SMOS", "2024-05-06", "A", "CLF3S_334_001"),
    "SM_RE07_MIR_CLF31D_20150506T000000_20150506T235959_300_001_7.tgz": ("smos", "SMOS", "2015-05-06", "D", "CLF31_300_001"),
    "SM_RE07_MIR_CLF31A_20150506T000000_20150506T235959_300_001_7.tar.gz": ("smos", "SMOS", "2015-05-06", "A", "CLF31_300_001"),
    "SM_RE07_MIR_CDF3SA_20150506T000000_20150506T235959_105_001_8.DBL.nc": ("smos", "SMOS-IC", "2015-05-06", "A", "CDF3S_105_001"),
    "GLDAS_NOAH025_3H.A20160101.0300.021.nc4.SUB.nc4": ("gldas", "Noah", "2016-01-01", None, "021"),
    "SM_REPR_MIR_CLF31A_20150506T000000_20150506T235959_300_001_7.DBL": ("smos", "SMOS", "2015-05-06", "A", "CLF31_300_001"),
    "GLDAS_NOAH025_3H.A20160101.0300.021 (1).nc4": ("gldas", "Noah", "2016-01-01", None, "021"),
    "GLDAS_NOAH025_3H.A20160101.0300.021.nc4 (2).SUB.nc4": ("gldas", "Noah", "2016-01-01", None, "021"),
    "HTTP_services.cgi?FILENAME=%2Fdata%2FGLDAS%2FGLDAS_NOAH025_3H.2.1%2F2016%2F001%2FGLDAS_NOAH025_3H.A20160101.0300.021.nc4&BBOX=26": (
        *("gldas", "Noah", "2016-01-01", None, "021"),
    ),
    "GLDAS_NOAH025_3H.A20160101.0300.021.nc4?SoilMoi0_10cm_inst": ("gldas", "Noah", "2016-01-01", None, "021"),
    "SMAP_L3_SM_P_20150411_R13080_001.h5": ("smap", "SMAP", "2015-04-11", None, "R13080_001"),
    "AQUAMSRE_20100801_01D_EQMD_L3SGT36LA8888888.h5": ("amsr_tb", "AMSR-E", "2010-08-01", "D", "8888888"),
    "GW1AM2_20160301_01D_EQOA_L3SGT06LA2220220.h5": ("amsr_tb", "AMSR2", "2016-03-01", "A", "2220220"),
    "GW1AM2_20160301_01D_EQMD_L3SGSMCLF3300300.h5": ("jaxa", "AMSR2", "2016-03-01", "D", "3300300"),
}


@pytest.mark.parametrize("name", NAMES)
def test_names(name):
    found = products.entry("/some/where/" + name)
    date = None if found.date is None else str(found.date)
    assert (found.product, found.sensor, date, found.orbit, found.version) == NAMES[name]
    assert not found.refused
    assert found.whole == (not any(sign in name for sign in ("SUB", "?")))


@pytest.mark.parametrize(
    "name",
    [
        "LPRM-AMSR2_L3_D_SOILM3_V001_20150231013000.nc4",  # no such day
        "LPRM-AMSR3_L3_D_SOILM3_V001_20150401013000.nc4",
        "MCD15A2H.061_Lai_500m_doy2016399_aid0001.tif",
        "MCD15A2H.061_FparLai_QC_doy2016049_aid0001.tif",  # the quality beside it is no record of its own
        "SM_RE07_MIR_CLF31A_20150506T000000_20150506T235959_300_001_7.zip",
        "GLDAS_NOAH025_3H.A20160101.2500.021.nc4",
    ],
)
def test_names_of_other_things(name):
    assert products.entry(name) is None


REFUSED = {
    "GLDAS_NOAH025_3H.A19990101.0300.020.nc4": "GLDAS-2.0",
    "GLDAS_NOAH025_3H.A19990101.0300.001.nc4": "GLDAS-2.1",
    "GLDAS_NOAH025_3H_EP.A20160101.0300.021.nc4": "early product",
    "LPRM-AMSR2_L3_DS_D_SOILM3_V001_20150401013000.nc4": "10 km",
    "SMAP_L2_SM_P_00937_D_20150405T002512_R18290_001.h5": "SPL3SMP",
    "GLDAS_NOAH025_M.A201601.021.nc4": "a monthly mean of GLDAS",
    "GW1AM2_20160300_01M_EQMD_L3SGT06LA2220220.h5": "a monthly mean of an AMSR product",
    "GW1AM2_20160301_01D_PNMD_L3SGT06LA2220220.h5": "polar grid",
    "GW1AM2_20160301_01D_EQMD_L3SGT06HA2220220.h5": "0.1 degree",
    "SM_RE07_MIR_CLF31A_20150501T000000_20150509T235959_300_001_7.tgz": "several days",
}


@pytest.mark.parametrize("name", REFUSED)
def test_relatives_are_refused_with_a_sentence(tmp_path, name):
    (tmp_path / name).write_bytes(b"x")
    found = products.inventory(tmp_path)
    assert not found.entries and REFUSED[name] in found.refused[0].refused
    with pytest.raises(ProductError, match=REFUSED[name]) as caught:
        products.read_arrays(tmp_path / name)
    assert "found this is" not in str(caught.value) and "expected this is" not in str(caught.value)


SHAPE = (720, 1440)


def seconds_since(text, epoch):
    return float((np.datetime64(text) - np.datetime64(epoch)) / np.timedelta64(1, "s"))


def timed_smap(folder, odd):
    sm, seconds = np.full((406, 964), 0.2), np.full((406, 964), seconds_since("2015-04-11T01:00", "2000-01-01T12:00"))
    seconds.flat[:odd] += 9 * 86400.0
    return make.smap(folder, date="20150411", sm=sm, seconds=seconds)


def timed_lprm(folder, odd):
    seconds = np.full(SHAPE, seconds_since("2015-04-01T19:30", "1993-01-01"))
    seconds.flat[:odd] -= 9 * 86400.0
    return make.lprm(folder, np.full(SHAPE, 20.0), seconds)


def timed_jaxa(folder, odd):
    minutes = np.full(SHAPE, 1170)
    minutes.flat[:odd] = 32000
    return make.jaxa(folder, np.full(SHAPE, 200), minutes)


def timed_smos(folder, odd):
    lat, lon = ease.centres(*ease.SMOS_25KM)
    shape = (lat.size, lon.size)
    days, seconds = np.full(shape, 5604.0), np.full(shape, 3600.0)
    days.flat[:odd] = 5704
    return make.smos(folder, lat[::-1], lon, np.full(shape, 0.25), days, seconds)


#: Writer, name of the times in the file, pixels.
TIMED = {
    "smap": (timed_smap, "tb_time_seconds", 406 * 964),
    "lprm": (timed_lprm, "scantime", 720 * 1440),
    "jaxa": (timed_jaxa, "Time Information", 720 * 1440),
    "smos": (timed_smos, "Mean_Acq_Time_Days", 584 * 1388),
}


@pytest.mark.parametrize("product", TIMED)
@pytest.mark.parametrize("odd", [1, 1000])
def test_odd_times_among_many_are_missing_and_counted(tmp_path, product, odd):
    write, name, size = TIMED[product]
    arrays = products.read_arrays(write(tmp_path, odd))
    assert arrays.outliers == {name: odd}
    stamps = arrays.variables["observation_time"]
    if product == "smos":
        stamps = stamps[::-1] if arrays.lat[0] > arrays.lat[-1] else stamps
    assert np.isnat(stamps.ravel()[:odd]).all()
    assert np.isnat(stamps).sum() == odd and stamps.size == size


@pytest.mark.parametrize("product", TIMED)
def test_most_times_of_another_day_are_refused(tmp_path, product):
    write, name, size = TIMED[product]
    with pytest.raises(ProductError, match="as the name says") as caught:
        products.read_arrays(write(tmp_path, size // 2 + 1))
    assert caught.value.variable == name


@pytest.mark.parametrize(("hours", "kept"), [(-24.0, True), (-25.0, False), (47.9, True), (48.1, False)])
def test_times_reach_into_the_days_beside(tmp_path, hours, kept):
    sm, seconds = np.full((406, 964), 0.2), np.full((406, 964), seconds_since("2015-04-11T12:00", "2000-01-01T12:00"))
    seconds[100, 100] = seconds_since("2015-04-11", "2000-01-01T12:00") + hours * 3600.0
    arrays = products.read_arrays(make.smap(tmp_path, date="20150411", sm=sm, seconds=seconds))
    assert np.isnat(arrays.variables["observation_time"][100, 100]) == (not kept)


SMAP_SOIL = "Soil_Moisture_Retrieval_Data_AM/soil_moisture"


def field():
    return np.random.default_rng(3).integers(20000, 30000, SHAPE)


LAYOUTS = {
    "coordinates that are gone": lambda file, data: data.attrs.__setitem__("coordinates", "latitude longitude"),
    "coordinates of a group that is gone": lambda file, data: data.attrs.__setitem__("coordinates", "/Geo/lat /Geo/lon"),
    "file attribute of two dimensions": lambda file, data: file.attrs.__setitem__("matrix", np.zeros((2, 2))),
    "attribute of two dimensions": lambda file, data: data.attrs.__setitem__("matrix", np.zeros((2, 2))),
    "link to nowhere": lambda file, data: file.__setitem__("there", h5py.SoftLink("/nowhere")),
    "compound attribute": lambda file, data: file.attrs.__setitem__("pair", np.zeros(2, dtype=[("a", "i4"), ("b", "f4")])),
    "reference": lambda file, data: data.attrs.__setitem__("self", data.ref),
    "table beside it": lambda file, data: file.__setitem__("table", np.zeros(3, dtype=[("a", "i4"), ("b", "S3")])),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_hdf5_layouts_give_the_same_numbers(tmp_path, layout):
    counts = field()
    path = make.amsr(tmp_path, tb_v=counts)
    with h5py.File(path, "r+") as file:
        LAYOUTS[layout](file, file["Brightness Temperature (V)"])
    for window in (None, (88.0, 30.0, 92.0, 34.0)):
        arrays = products.read_arrays(path, window=window)
        rows = np.flatnonzero(np.isin(89.875 - 0.25 * np.arange(720), arrays.lat))
        columns = np.flatnonzero(np.isin(0.125 + 0.25 * np.arange(1440), arrays.lon))
        assert np.array_equal(arrays.variables["tb_v"], (counts[np.ix_(rows, columns)] * 0.01).astype("f4"))


def test_a_subset_of_smap_that_names_coordinates_it_has_not(tmp_path):
    sm = np.random.default_rng(1).uniform(0.05, 0.4, (406, 964)).astype("f4")
    path = make.smap(tmp_path, date="20150411", sm=sm, seconds=np.full((406, 964), seconds_since("2015-04-11T01:00", "2000-01-01T12:00")))
    with h5py.File(path, "r+") as file:
        group = file["Soil_Moisture_Retrieval_Data_AM"]
        for name in ("latitude", "longitude"):
            del group[name]
        group["soil_moisture"].attrs["coordinates"] = "/Soil_Moisture_Retrieval_Data_AM/latitude latitude longitude"
    assert np.array_equal(products.read_arrays(path).variables["soil_moisture"], sm)


@pytest.mark.parametrize("size", [512, 4096, 65536])
def test_a_user_block_before_the_file(tmp_path, size):
    plain = make.amsr(tmp_path, tb_v=field())
    path = tmp_path / plain.name.replace("20160301", "20160302")
    with h5py.File(plain) as source, h5py.File(path, "w", userblock_size=size) as file:
        for name in source:
            source.copy(name, file)
    assert problem(path) == ""
    one, other = products.read_arrays(plain), products.read_arrays(path)
    assert np.array_equal(one.variables["tb_v"], other.variables["tb_v"])


@pytest.mark.parametrize("product", ["amsr", "smap", "jaxa"])
def test_the_other_driver_gives_the_same_numbers(tmp_path, monkeypatch, product):
    """Fill values, scales and times are the same when the netCDF library does not list a file and GDAL's HDF5 driver does."""
    random = np.random.default_rng(2)
    counts = np.where(random.random(SHAPE) < 0.3, 65534, field())
    path = {
        "amsr": lambda: make.amsr(tmp_path, tb_v=counts),
        "smap": lambda: timed_smap(tmp_path, 5),
        "jaxa": lambda: timed_jaxa(tmp_path, 5),
    }[product]()
    plain = products.read_arrays(path)
    used, asked = access._hdf5_root, []

    def other(gdal, name):
        asked.append(name)
        return used(gdal, name)

    monkeypatch.setattr(access, "_hdf5_root", other)
    with h5py.File(path, "r+") as file:
        main = {"amsr": "Brightness Temperature (V)", "smap": SMAP_SOIL, "jaxa": "Geophysical Data"}[product]
        file[main].attrs["matrix"] = np.zeros((2, 2))
    found = products.read_arrays(path)
    assert len(asked) == 1
    assert list(found.variables) == list(plain.variables) and found.units == plain.units and found.outliers == plain.outliers
    for name, right in plain.variables.items():
        assert right.dtype == found.variables[name].dtype
        assert np.array_equal(found.variables[name], right, equal_nan=True), name


def test_without_the_other_driver_it_is_refused_by_name(tmp_path, monkeypatch):
    path = make.amsr(tmp_path, tb_v=field())
    with h5py.File(path, "r+") as file:
        file["Brightness Temperature (V)"].attrs["matrix"] = np.zeros((2, 2))
    monkeypatch.setattr(access, "_hdf5_root", lambda gdal, name: None)
    with pytest.raises(ProductError, match=path.name):
        products.read_arrays(path)


@pytest.mark.parametrize("error", [KeyError("x"), IndexError("x"), ZeroDivisionError("x"), OverflowError("x"), TypeError("x"),
                                   ValueError("x"), RuntimeError("x"), AttributeError("x"), MemoryError("x")], ids=repr)  # fmt: skip
@pytest.mark.parametrize("product", products.PRODUCTS)
def test_what_no_reader_foresees_is_a_product_error(tmp_path, monkeypatch, product, error):
    name = {
        "amsr_tb": "GW1AM2_20160301_01D_EQMD_L3SGT06LA2220220.h5",
        "smap": "SMAP_L3_SM_P_20150411_R18290_001.h5",
        "smap_e": "SMAP_L3_SM_P_E_20150411_R18290_001.h5",
        "gldas": "GLDAS_NOAH025_3H.A20160101.0300.021.nc4",
        "lai": "MCD15A2H.A2016049.h25v05.061.2016061000000.hdf",
        "lprm": "LPRM-AMSR2_L3_D_SOILM3_V001_20150401013000.nc4",
        "jaxa": "GW1AM2_20160301_01D_EQMD_L3SGSMCLF3300300.h5",
        "smos": "SM_RE04_MIR_CLF31A_20150506T000000_20150506T235959_300_001_7.DBL.nc",
    }[product]

    def fail(*_):
        raise error

    monkeypatch.setattr(importlib.import_module(f"annsm_plugin.core.products.readers.{products.PRODUCTS[product][0]}"), "read", fail)
    with pytest.raises(ProductError, match=r"contents that cannot be interpreted") as caught:
        products.read_arrays(tmp_path / name)
    assert type(error).__name__ in str(caught.value) and name in str(caught.value)


LAT, LON = np.arange(20.125, 45, 0.25), np.arange(70.125, 110, 0.25)


@pytest.mark.parametrize(
    ("name", "unit", "value", "good"),
    [
        ("SoilMoi0_10cm_inst", "kg m-2", 20.0, True),
        ("SoilMoi0_10cm_inst", "kg/m^2", 20.0, True),
        ("SoilMoi0_10cm_inst", "kg m^-2", 20.0, True),
        ("SoilMoi0_10cm_inst", "kg  m**-2", 20.0, True),
        ("SoilMoi0_10cm_inst", "kg/m2", 20.0, True),
        ("SoilMoi0_10cm_inst", "m3 m-3", 0.2, False),
        ("SoilMoi0_10cm_inst", "kg m-3", 20.0, False),
        ("SoilMoi0_10cm_inst", "kg m2", 20.0, False),
        ("SoilMoi0_10cm_inst", "mm", 20.0, False),
        ("Rainf_f_tavg", "kg m-2 s-1", 1e-4, True),
        ("Rainf_f_tavg", "kg m**-2 s**-1", 1e-4, True),
        ("Rainf_f_tavg", "kg/m^2/s", 1e-4, True),
        ("Rainf_f_tavg", "kg s-1 m-2", 1e-4, True),
        ("Rainf_f_tavg", "kg m-2", 1e-4, False),
        ("Rainf_f_tavg", "mm/3h", 1e-4, False),
        ("Rainf_f_tavg", "kg m-2 day-1", 1e-4, False),
        ("SoilTMP0_10cm_inst", "K", 280.0, True),
        ("SoilTMP0_10cm_inst", "degC", 280.0, False),
        ("AvgSurfT_inst", "", 280.0, True),
    ],
)
def test_units_of_gldas(tmp_path, name, unit, value, good):
    path = make.gldas(tmp_path, fields={name: np.full((LAT.size, LON.size), value)})
    with netCDF4.Dataset(path, "a") as file:
        file[name].units = unit
    if good:
        assert products.read_arrays(path).variables[name] == pytest.approx(np.full((LAT.size, LON.size), value))
    else:
        with pytest.raises(ProductError, match="unit") as caught:
            products.read_arrays(path)
        assert caught.value.variable == name


@pytest.mark.parametrize("name", ["time_bnds", "lat_bnds", "lon_bnds", "time_bounds", "lat_bounds"])
def test_bounds_are_no_variables(tmp_path, name):
    path = make.gldas(tmp_path)
    with netCDF4.Dataset(path, "a") as file:
        file.createDimension("bnds", 2)
        file.createVariable(name, "f8", (name.split("_")[0], "bnds"))[:] = 0.0
    assert list(products.read_arrays(path).variables) == ["SoilMoi0_10cm_inst"]


@pytest.mark.parametrize(("window", "refused"), [((90.0, 30.0, 91.0, 31.0), False), ((85.0, 28.0, 95.0, 35.0), True)])
def test_odd_values_in_a_small_window_are_missing_in_a_large_one_proof(tmp_path, window, refused):
    """A few cells of a lake may all be odd; hundreds are a wrong file. Neither gives a number."""
    values = np.full((LAT.size, LON.size), 20.0)
    values[np.ix_((LAT > 28) & (LAT < 35), (LON > 85) & (LON < 95))] = 5000.0
    path = make.gldas(tmp_path, fields={"SoilMoi0_10cm_inst": values})
    if refused:
        with pytest.raises(ProductError, match="outside the range, such as 5000"):
            products.read_arrays(path, window=window)
        return
    arrays = products.read_arrays(path, window=window)
    found = arrays.variables["SoilMoi0_10cm_inst"]
    assert found.size < 100 and np.isnan(found).all()
    assert arrays.outliers == {"SoilMoi0_10cm_inst": found.size}


def test_gldas_with_units_of_single_digits_and_arrays_off_the_grid(tmp_path):
    path = make.gldas(tmp_path, "20160101.0300")
    with netCDF4.Dataset(path, "a") as file:
        file["time"].units = "minutes since 2000-1-1 3:0:0"
        file.createDimension("bnds", 2)
        file.createVariable("bnds", "i4", ("bnds",))[:] = [1, 2]
        file.createVariable("crs", "i4", ())[...] = 0
    names = set(products.read_arrays(path).variables)
    assert names and not names & {"bnds", "crs"}


def test_amsr_with_a_third_dimension(tmp_path):
    path = make.amsr(tmp_path)
    wanted = products.read_arrays(path).variables["tb_v"]
    with h5py.File(path, "a") as file:
        for letter in "HV":
            name = f"Brightness Temperature ({letter})"
            if name in file:
                values, attributes = file[name][:], dict(file[name].attrs)
                del file[name]
                file.create_dataset(name, data=values[..., np.newaxis]).attrs.update(attributes)
    np.testing.assert_array_equal(products.read_arrays(path).variables["tb_v"], wanted)
    np.testing.assert_array_equal(
        products.read_arrays(path, window=(90, 30, 92, 32)).variables["tb_v"].shape,
        products.read_arrays(make.amsr(tmp_path, date="20160302"), window=(90, 30, 92, 32)).variables["tb_v"].shape,
    )
