"""Files that are odd: those that still say what they mean are read right, all others are refused by name. None gives other numbers."""

import shutil

import faithful_files
import h5py
import netCDF4
import numpy as np
import product_files as make
import pytest
from faithful_files import MAIN, judge, replaced

from annsm_plugin.core import products
from annsm_plugin.core.foundation.errors import ProductError

AM = "Soil_Moisture_Retrieval_Data_AM"
SOIL, SECONDS = f"{AM}/soil_moisture", f"{AM}/tb_time_seconds"
TB = MAIN["amsr"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Path, bytes and arrays of each faithful file."""
    return faithful_files.write_all(tmp_path_factory.mktemp("whole"))


def stored_as(name, kind):
    """Another type on disk, the same numbers."""
    return lambda file: replaced(file, name, file[name][...].astype(kind))


def attribute(name, key, value):
    return lambda file: file[name].attrs.__setitem__(key, value)


def gone(name, key):
    return lambda file: file[name].attrs.__delitem__(key)


def reshaped(name, change):
    return lambda file: replaced(file, name, change(file[name][...]))


def compressed(name, **options):
    def change(file):
        values, kept = file[name][...], {k: v for k, v in file[name].attrs.items() if k in ("SCALE FACTOR", "UNIT", "_FillValue")}
        del file[name]
        file.create_dataset(name, data=values, **options).attrs.update(kept)

    return change


def kept_elsewhere(name):
    """The numbers in a raw file that did not come along."""

    def change(file):
        values = file[name][...]
        del file[name]
        file.create_dataset(name, values.shape, values.dtype, external=[("not_there.raw", 0, h5py.h5f.UNLIMITED)])

    return change


#: Odd, and it still says what it means.
RIGHT = {
    "amsr, bytes in the other order": ("amsr", stored_as(TB, ">u2")),
    "amsr, counts in 32 bits": ("amsr", stored_as(TB, "i4")),
    "amsr, scale as a text": ("amsr", attribute(TB, "SCALE FACTOR", "0.01")),
    "amsr, scale as one number": ("amsr", attribute(TB, "SCALE FACTOR", 0.01)),
    "amsr, without a scale": ("amsr", gone(TB, "SCALE FACTOR")),
    "amsr, an orbit of both": ("amsr", lambda file: file.attrs.__setitem__("OrbitDirection", np.array([b"Both"]))),
    "amsr, a number as its granule": ("amsr", lambda file: file.attrs.__setitem__("GranuleID", np.arange(3))),
    "amsr, a granule of another kind": ("amsr", lambda file: file.attrs.__setitem__("GranuleID", b"a nice day")),
    "amsr, shuffled and summed": ("amsr", compressed(TB, chunks=(60, 60), shuffle=True, fletcher32=True, compression="gzip")),
    "amsr, in one piece": ("amsr", compressed(TB)),
    "smap, moisture in 64 bits": ("smap", stored_as(SOIL, "f8")),
    "smap, without a fill value": ("smap", gone(SOIL, "_FillValue")),
    "smap, bytes in the other order": ("smap", stored_as(SOIL, ">f4")),
    "smap, no evening": ("smap", lambda file: file.__delitem__("Soil_Moisture_Retrieval_Data_PM")),
    "lprm, mask gone": ("lprm", lambda file: file.__delitem__("mask")),
    "jaxa, two dimensions": ("jaxa", reshaped("Geophysical Data", lambda values: values[..., 0])),
    "jaxa, times with a third dimension": ("jaxa", reshaped("Time Information", lambda values: values[..., None])),
    "jaxa, without times": ("jaxa", lambda file: file.__delitem__("Time Information")),
    "jaxa, times in 32 bits": ("jaxa", stored_as("Time Information", "i4")),
}

#: Odd, and it could be anything.
WRONG = {
    "amsr, two scales": ("amsr", attribute(TB, "SCALE FACTOR", [0.01, 0.02])),
    "amsr, a scale of words": ("amsr", attribute(TB, "SCALE FACTOR", "one hundredth")),
    "amsr, no rows": ("amsr", reshaped(TB, lambda values: values[:0])),
    "amsr, a layer more": ("amsr", reshaped(TB, lambda values: values[None])),
    "amsr, a list": ("amsr", reshaped(TB, lambda values: values.ravel())),
    "amsr, complex numbers": ("amsr", stored_as(TB, "c8")),
    "amsr, truth values": ("amsr", reshaped(TB, lambda values: values > 5)),
    "amsr, a table": ("amsr", reshaped(TB, lambda values: np.zeros(values.shape, [("a", "u2"), ("b", "u2")]))),
    "amsr, numbers elsewhere": ("amsr", kept_elsewhere(TB)),
    "amsr, the name with a blank at its end": ("amsr", lambda file: file.move(TB, TB + " ")),
    "amsr, kelvin": ("amsr", reshaped(TB, lambda values: (values * 0.01).astype("f4"))),
    "smap, a variable where a group was": ("smap", lambda file: (file.__delitem__(AM), file.__setitem__(AM, np.zeros((406, 964), "f4")))),
    "smap, turned": ("smap", reshaped(SOIL, np.transpose)),
    "smap, one pass as a list": ("smap", reshaped(SOIL, lambda values: values.ravel())),
    "smap, scaled": ("smap", attribute(SOIL, "scale_factor", 0.5)),
    "smap, moved": ("smap", attribute(SOIL, "add_offset", 0.1)),
    "smap, times in hours": ("smap", reshaped(SECONDS, lambda values: values / 3600.0)),
    "smap, times since 1970": ("smap", reshaped(SECONDS, lambda values: values + 946728000.0)),
    "smap, infinite times": ("smap", reshaped(SECONDS, lambda values: np.full(values.shape, np.inf))),
    "smap, whole seconds": ("smap", stored_as(SECONDS, "i8")),
    "smap, flags with decimals": ("smap", stored_as(f"{AM}/retrieval_qual_flag", "f4")),
    "lprm, a fraction": ("lprm", reshaped("soil_moisture_c1", lambda values: (values / 100.0).astype("f4"))),
    "jaxa, two layers": ("jaxa", reshaped("Geophysical Data", lambda values: np.repeat(values, 2, axis=2))),
    "jaxa, unsigned bytes": ("jaxa", stored_as("Geophysical Data", "u1")),
    "jaxa, in percent": ("jaxa", attribute("Geophysical Data", "SCALE FACTOR", 1.0)),
    "jaxa, times of another month": ("jaxa", reshaped("Time Information", lambda values: np.full_like(values, 30000))),
    "jaxa, times as a list": ("jaxa", reshaped("Time Information", lambda values: values.ravel())),
}


def changed(whole, tmp_path, product, change):
    path = shutil.copy(whole[product][0], tmp_path)
    with h5py.File(path, "r+") as file:
        change(file)
    return path


@pytest.mark.parametrize("kind", RIGHT)
def test_odd_and_right(whole, tmp_path, kind):
    product, change = RIGHT[kind]
    found, right = products.read_arrays(changed(whole, tmp_path, product, change)).variables, whole[product][2]
    assert any(values.dtype.kind == "f" for values in found.values())
    for name, values in found.items():
        assert np.array_equal(values, right[name], equal_nan=True), name


@pytest.mark.parametrize("kind", WRONG)
def test_odd_and_refused(whole, tmp_path, kind):
    product, change = WRONG[kind]
    path = changed(whole, tmp_path, product, change)
    with pytest.raises(ProductError) as caught:
        products.read_arrays(path)
    text = str(caught.value)
    assert whole[product][0].name in text and "\n" not in text and len(text) < 600


def test_a_link_to_nowhere_as_the_group_leaves_the_other_pass(whole, tmp_path):
    path = changed(whole, tmp_path, "smap", lambda file: (file.__delitem__(AM), file.__setitem__(AM, h5py.SoftLink("/no"))))
    found = products.read_arrays(path).variables
    assert found and all(name.endswith("_pm") for name in found)


def test_a_filter_that_few_have(whole, tmp_path):
    path = changed(whole, tmp_path, "amsr", compressed(TB, chunks=(60, 60), compression="lzf"))
    assert judge(path, whole["amsr"][2]) in ("read", "refused")


def test_single_infinite_times_are_missing(whole, tmp_path):
    def change(file):
        file[SECONDS][10, :5] = [np.inf, -np.inf, np.nan, 1e300, -1e300]

    arrays = products.read_arrays(changed(whole, tmp_path, "smap", change))
    stamps = arrays.variables["observation_time"]
    assert np.isnat(stamps[10, :5]).all() and np.isnat(stamps).sum() == 5


def test_a_part_of_a_variable_that_hdf5_cannot_find_is_missing_not_zero(tmp_path):
    """HDF5 gives its own fill value, 0 unless a writer says otherwise, for chunks that are not in the file: damage, or never written."""
    path = tmp_path / "SMAP_L3_SM_P_20150411_R18290_001.h5"
    with h5py.File(path, "w") as file:
        for name, value, kind in (("soil_moisture", 0.2, "f4"), ("tb_time_seconds", 481980000.0, "f8"), ("retrieval_qual_flag", 0, "u2")):
            data = file.create_dataset(f"{AM}/{name}", (406, 964), kind, chunks=(58, 241), compression="gzip")
            data[:203] = value
            if name != "soil_moisture":
                data[203:] = value
            data.attrs["_FillValue"] = np.array(-9999 if kind != "u2" else 65534, kind)
    found = products.read_arrays(path)
    moisture = found.variables["soil_moisture"]
    assert np.isnan(moisture[232:]).all() and moisture[:203] == pytest.approx(np.full((203, 964), 0.2))
    assert found.outliers["soil_moisture"] > 0 and not (moisture == 0.0).any()


# --- GLDAS, SMOS and LPRM as other programs write them ----------------------------------------------------------------------------------

LAT, LON = np.arange(20.125, 45, 0.25), np.arange(70.125, 110, 0.25)
FIELD = LAT[:, None] + LON[None, :] / 1000.0


def gldas(folder, change, **options):
    path = make.gldas(folder, fields={"SoilMoi0_10cm_inst": FIELD}, **options)
    with netCDF4.Dataset(path, "a") as file:
        change(file)
    return path


def time_unit(unit, value):
    def change(file):
        file["time"].units = unit
        file["time"][:] = value

    return change


@pytest.mark.parametrize(
    ("unit", "value"),
    [
        ("hours since 2000-01-01 00:00:00", 140259.0),
        ("days since 2000-01-01", 5844.125),
        ("seconds since 2016-01-01T03:00", 0.0),
        ("minutes since 2016-1-1 3:00:00", 0.0),
    ],
)
def test_gldas_stamps_in_other_units(tmp_path, unit, value):
    assert np.isfinite(products.read_arrays(gldas(tmp_path, time_unit(unit, value))).variables["SoilMoi0_10cm_inst"]).all()


@pytest.mark.parametrize(
    ("unit", "value"),
    [
        ("hours since 2000-01-01 00:00:00", 140260.0),
        ("fortnights since 2000-01-01", 1.0),
        ("minutes since 2000-13-01 03:00:00", 0.0),
        ("minutes since the flood", 0.0),
        ("", 0.0),
        ("minutes since 2000-01-01 03:00:00", np.nan),
        ("minutes since 2000-01-01 03:00:00", 1e300),
    ],
)
def test_gldas_stamps_that_are_others_or_none(tmp_path, unit, value):
    with pytest.raises(ProductError, match=r"GLDAS_NOAH025_3H\.A20160101\.0300") as caught:
        products.read_arrays(gldas(tmp_path, time_unit(unit, value)))
    assert caught.value.variable in ("time", None)


@pytest.mark.parametrize("north_first", [False, True])
@pytest.mark.parametrize("window", [None, (90.0, 30.0, 92.0, 32.0)])
def test_gldas_with_longitudes_from_0_to_360(tmp_path, north_first, window):
    """Each cell carries its latitude and longitude."""
    lon = 0.125 + 0.25 * np.arange(1440)
    values = (LAT[::-1] if north_first else LAT)[:, None] + np.mod(lon + 180.0, 360.0)[None, :] / 1000.0
    path = make.gldas(tmp_path, fields={"SoilMoi0_10cm_inst": values}, lon=lon, north_first=north_first)
    data = products.read(path, window=window)["SoilMoi0_10cm_inst"]
    here = data.sel(lat=31.125, lon=91.375).item()
    assert here == pytest.approx(31.125 + 0.271375, abs=1e-5)
    if window is None:
        assert data.sel(lat=31.125, lon=290.125).item() == pytest.approx(31.125 + 0.110125, abs=1e-5)


def test_gldas_of_one_row_or_one_column(tmp_path):
    path = make.gldas(tmp_path, fields={"SoilMoi0_10cm_inst": np.full((1, 1), 12.0)}, lat=np.array([31.125]), lon=np.array([91.375]))
    arrays = products.read_arrays(path, window=(90.0, 30.0, 92.0, 32.0))
    assert arrays.variables["SoilMoi0_10cm_inst"].tolist() == [[12.0]]


def two_steps(file):
    file.createDimension("step", 2)
    put = file.createVariable("Rainf_f_tavg", "f4", ("step", "lat", "lon"))
    put[:] = 0.0


def deep(file):
    file.createDimension("depth", 1)
    file.createVariable("Rainf_f_tavg", "f4", ("time", "depth", "lat", "lon"))[:] = 0.0


def swapped(file):
    file.createVariable("Rainf_f_tavg", "f4", ("time", "lon", "lat"))[:] = 0.0


def packed(file):
    file.createVariable("Rainf_f_tavg", "i2", ("time", "lat", "lon"), fill_value=np.int16(-9999)).setncattr("scale_factor", 1e-6)


@pytest.mark.parametrize("change", [two_steps, deep, swapped, packed], ids=lambda change: change.__name__)
def test_gldas_variables_of_other_shapes(tmp_path, change):
    path = gldas(tmp_path, change)
    with pytest.raises(ProductError, match="Rainf_f_tavg"):
        products.read_arrays(path)
    assert np.isfinite(products.read_arrays(path, variables=["SoilMoi0_10cm_inst"]).variables["SoilMoi0_10cm_inst"]).all()


@pytest.mark.parametrize(
    ("axis", "words"),
    [
        (np.round(LON) + np.arange(LON.size) * 0.0, "coordinates"),
        (LON + 0.1, "cell centre"),
        (LON + 300.0, "not degrees"),
        (np.where(LON > 90.0, np.nan, LON), "not degrees"),
        (LON[np.random.default_rng(0).permutation(LON.size)], "not monotonic"),
    ],
    ids=["repeated", "beside the grid", "beyond the globe", "missing", "shuffled"],
)
def test_gldas_of_other_places(tmp_path, axis, words):
    path = make.gldas(tmp_path, fields={"SoilMoi0_10cm_inst": FIELD}, lon=axis)
    with pytest.raises(ProductError, match=words):
        products.read_arrays(path)


def test_an_axis_as_long_as_the_universe(tmp_path):
    path = make.gldas(tmp_path)
    with h5py.File(path, "r+") as file:
        del file["lat"]
        file.create_dataset("lat", (2**40,), "f4", chunks=(1000,))
    with pytest.raises(ProductError, match="GLDAS_NOAH025"):
        products.read_arrays(path)


def test_netcdf_3_of_gldas(tmp_path):
    """A subset service may write the classic format."""
    path = tmp_path / "GLDAS_NOAH025_3H.A20160101.0300.021.nc4.SUB.nc4"
    source = make.gldas(tmp_path, fields={"SoilMoi0_10cm_inst": FIELD})
    with netCDF4.Dataset(source) as old, netCDF4.Dataset(path, "w", format="NETCDF3_CLASSIC") as new:
        old.set_auto_mask(False)
        for name, dimension in old.dimensions.items():
            new.createDimension(name, dimension.size)
        for name, variable in old.variables.items():
            put = new.createVariable(name, variable.dtype, variable.dimensions)
            put.setncatts({k: v for k, v in variable.__dict__.items() if k != "_FillValue"})
            put[:] = variable[:]
    right = products.read_arrays(source)
    assert np.array_equal(products.read_arrays(path).variables["SoilMoi0_10cm_inst"], right.variables["SoilMoi0_10cm_inst"])


PLACES = ["with blanks", "né à Lhasa", "100%", "a,b;c", 'with "quotes"', "it's", "a:b", "[x]{y}", "#1 & more", "格尔木"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("product", ["amsr", "smap", "gldas", "lprm", "jaxa", "smos"])
def test_folders_of_any_name(whole, tmp_path, product, place):
    (tmp_path / place).mkdir()
    path = shutil.copy(whole[product][0], tmp_path / place)
    for name, values in products.read_arrays(path).variables.items():
        assert np.array_equal(values, whole[product][2][name], equal_nan=True)


@pytest.mark.parametrize("product", ["amsr", "smap", "gldas", "lprm", "smos"])
def test_names_in_other_letters(whole, tmp_path, product):
    for name in (whole[product][0].name.upper(), whole[product][0].name.lower()):
        path = shutil.copy(whole[product][0], tmp_path / name)
        assert products.entry(path) is not None
        for variable, values in products.read_arrays(path).variables.items():
            assert np.array_equal(values, whole[product][2][variable], equal_nan=True)


def test_a_variable_of_another_kind_is_no_variable_of_numbers(tmp_path):
    path = make.amsr(tmp_path)
    with h5py.File(path, "a") as file:
        del file["Brightness Temperature (H)"]
        file.create_dataset("Brightness Temperature (H)", (720, 1440), [("a", "f4"), ("b", "S5")])
    with pytest.raises(ProductError, match=r"Brightness Temperature \(H\)': found no such variable of numbers or texts \(there is"):
        products.read_arrays(path)
