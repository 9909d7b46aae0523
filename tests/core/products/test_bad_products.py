"""Broken product files: whatever is wrong with one, its reader refuses it by name or gives right numbers, never others."""

import os
import shutil
from pathlib import Path

import h5py
import numpy as np
import product_files as make
import pytest

from annsm_plugin.core import products
from annsm_plugin.core.foundation.errors import ProductError
from annsm_plugin.core.products.readers import amsr

SHAPE = (720, 1440)
SECONDS_1993 = float((np.datetime64("2015-04-01T19:30") - np.datetime64("1993-01-01")) / np.timedelta64(1, "s"))


def smos(folder):
    random = np.random.default_rng(3)
    lat, lon = np.linspace(83.5, -83.5, 120), np.linspace(-179.8, 179.8, 300)
    days = np.full((120, 300), (np.datetime64("2015-05-06") - np.datetime64("2000-01-01")).astype(int))
    return make.smos(folder, lat, lon, random.uniform(0.05, 0.4, (120, 300)), days, np.full((120, 300), 3600))


#: A faithful file of each product, full of numbers that nothing else has.
FILES = {
    "amsr": lambda folder: make.amsr(folder, tb_v=np.random.default_rng(0).integers(20000, 30000, SHAPE)),
    "smap": lambda folder: make.smap(
        folder, date="20150411", sm=np.random.default_rng(1).uniform(0.05, 0.4, (406, 964)), seconds=np.full((406, 964), 481980000.0)
    ),
    "gldas": lambda folder: make.gldas(folder, fields={"SoilMoi0_10cm_inst": np.random.default_rng(2).uniform(2, 40, (100, 160))}),
    "lprm": lambda folder: make.lprm(folder, np.random.default_rng(4).integers(5, 45, SHAPE).astype(float), np.full(SHAPE, SECONDS_1993)),
    "jaxa": lambda folder: make.jaxa(folder, np.random.default_rng(5).integers(50, 400, SHAPE), np.full(SHAPE, 1170)),
    "smos": smos,
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Path, bytes and arrays of each faithful file."""
    folder, found = tmp_path_factory.mktemp("whole"), {}
    for name, write in FILES.items():
        path = write(folder)
        found[name] = path, path.read_bytes(), products.read_arrays(path).variables
    return found


def judge(path, right: dict) -> str:
    """Read ``path``: "refused" (by name, in one sentence) or "read" with the right numbers or missing ones; anything else fails."""
    try:
        found = products.read_arrays(path).variables
    except ProductError as error:
        text = str(error)
        assert Path(path).name in text and "\n" not in text and "Traceback" not in text, text
        return "refused"
    for name, values in found.items():
        if values.dtype.kind == "f":
            assert name in right and values.shape == right[name].shape, name
            there = np.isfinite(values)
            assert np.array_equal(values[there], right[name][there]), name
    return "read"


def test_the_faithful_files_are_read(whole):
    for name, (path, _, right) in whole.items():
        assert judge(path, right) == "read", name
        assert any(np.isfinite(values).mean() > 0.5 for values in right.values() if values.dtype.kind == "f"), name


CONTENTS = {**make.JUNK, "netCDF-3 signature alone": b"CDF\x02"}


@pytest.mark.parametrize("product", FILES)
@pytest.mark.parametrize("kind", CONTENTS)
def test_something_else_under_the_name(whole, tmp_path, product, kind):
    path = tmp_path / whole[product][0].name
    path.write_bytes(CONTENTS[kind])
    assert judge(path, whole[product][2]) == "refused"


@pytest.mark.parametrize("product", FILES)
@pytest.mark.parametrize("other", FILES)
def test_a_renamed_other_product(whole, tmp_path, product, other):
    path = tmp_path / whole[product][0].name
    path.write_bytes(whole[other][1])
    assert judge(path, whole[product][2]) == ("read" if other == product else "refused")


@pytest.mark.parametrize("product", ["lprm", "jaxa", "smos"])
def test_cut_off_at_twenty_places(whole, tmp_path, product):
    path, content = tmp_path / whole[product][0].name, whole[product][1]
    for cut in np.linspace(1, len(content) - 1, 20).astype(int):
        path.write_bytes(content[:cut])
        judge(path, whole[product][2])


@pytest.mark.parametrize("product", FILES)
def test_places_that_are_no_file(whole, tmp_path, product):
    name, right = whole[product][0].name, whole[product][2]
    (tmp_path / name).mkdir()
    assert judge(tmp_path / name, right) == "refused"
    (tmp_path / "a").mkdir()
    loop = tmp_path / "a" / name
    loop.symlink_to(loop)
    assert judge(loop, right) == "refused"
    loop.unlink()
    loop.symlink_to(tmp_path / "nowhere")
    assert judge(loop, right) == "refused"
    os.mkfifo(tmp_path / "a" / f"_{name}")
    (tmp_path / "a" / f"_{name}").replace(loop)
    assert judge(loop, right) == "refused"


@pytest.mark.parametrize("product", FILES)
def test_without_permission(whole, tmp_path, product):
    path = Path(shutil.copy(whole[product][0], tmp_path))
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read everything")
    assert judge(path, whole[product][2]) == "refused"


def edit(path, change):
    with h5py.File(path, "r+") as file:
        change(file)


def everything(file) -> list:
    found = []
    file.visititems(lambda name, item: found.append(name) if isinstance(item, h5py.Dataset) else None)
    return found


def replaced(file, name, values):
    kept = dict(file[name].attrs)
    scales = [k for k in kept if k in ("DIMENSION_LIST", "REFERENCE_LIST", "CLASS", "NAME", "_Netcdf4Dimid", "_Netcdf4Coordinates")]
    del file[name]
    made = file.create_dataset(name, data=values)
    for key, value in kept.items():
        if key not in scales:
            made.attrs[key] = value


#: product -> the variable that everybody wants.
MAIN = {
    "amsr": "Brightness Temperature (V)",
    "smap": "Soil_Moisture_Retrieval_Data_AM/soil_moisture",
    "gldas": "SoilMoi0_10cm_inst",
    "lprm": "soil_moisture_c1",
    "jaxa": "Geophysical Data",
}
CHANGES = {
    "turned by 90 degrees": lambda file, name: replaced(file, name, np.swapaxes(file[name][...], -1, -2)),
    "half the rows": lambda file, name: replaced(file, name, file[name][..., : file[name].shape[-2] // 2, :]),
    "one number": lambda file, name: replaced(file, name, np.float32(1.0)),
    "text": lambda file, name: replaced(file, name, np.full(file[name].shape, b"x", dtype="S1")),
    "a thousand times too large": lambda file, name: replaced(file, name, file[name][...].astype("f8") * 1000.0),
    "infinite": lambda file, name: replaced(file, name, np.full(file[name].shape, np.inf, dtype="f4")),
    "group of that name": lambda file, name: (file.__delitem__(name), file.create_group(name)),
}


@pytest.mark.parametrize("product", MAIN)
@pytest.mark.parametrize("kind", CHANGES)
def test_a_changed_variable(whole, tmp_path, product, kind):
    path = shutil.copy(whole[product][0], tmp_path)
    edit(path, lambda file: CHANGES[kind](file, MAIN[product]))
    judge(path, whole[product][2])


@pytest.mark.parametrize("product", MAIN)
def test_any_variable_may_be_missing(whole, tmp_path, product):
    with h5py.File(whole[product][0]) as file:
        names = everything(file)
    for name in names:
        path = shutil.copy(whole[product][0], tmp_path)
        edit(path, lambda file, name=name: file.__delitem__(name))
        judge(path, whole[product][2])


@pytest.mark.parametrize("product", ["amsr", "jaxa"])
@pytest.mark.parametrize("scale", [0.0, -0.01, np.nan, 1e9])
def test_an_absurd_scale(whole, tmp_path, product, scale):
    path = shutil.copy(whole[product][0], tmp_path)
    edit(path, lambda file: file[MAIN[product]].attrs.modify("SCALE FACTOR", np.array([scale], "float32")))
    assert judge(path, whole[product][2]) == "refused"


@pytest.mark.parametrize("product", MAIN)
def test_all_fill_is_all_missing(whole, tmp_path, product):
    fill = {"amsr": 65535, "smap": -9999.0, "gldas": -9999.0, "lprm": -32767, "jaxa": -32768}[product]
    path = shutil.copy(whole[product][0], tmp_path)
    edit(path, lambda file: file[MAIN[product]].write_direct(np.full(file[MAIN[product]].shape, fill, file[MAIN[product]].dtype)))
    assert judge(path, whole[product][2]) == "read"


def planet(first=0.0, order=1):
    """Counts of an AMSR field whose land is warm and whose sea is cold, stored with this first longitude and row order."""
    lat, lon = np.meshgrid(89.875 - 0.25 * np.arange(720), 0.125 + 0.25 * np.arange(1440) + first, indexing="ij")
    east = (lon + 180.0) % 360.0 - 180.0
    warm = np.zeros(lat.shape, bool)
    for west, south, right, north in amsr._LAND:
        warm |= (east > west - 2) & (east < right + 2) & (lat > south - 2) & (lat < north + 2)
    random = np.random.default_rng(8)
    counts = np.where(warm, 26000, 11000) + random.integers(-800, 800, lat.shape)
    counts[random.random(lat.shape) < 0.3] = 65534
    return counts[::order]


@pytest.mark.parametrize("layout", amsr.LAYOUTS)
def test_land_must_lie_where_land_is(tmp_path, layout):
    found = amsr.misplaced(products.entry(make.amsr(tmp_path, tb_v=planet(*amsr.LAYOUTS[layout]) + 2000)))
    assert found == ("" if layout == "documented" else layout)


@pytest.mark.parametrize("kind", ["noise", "rows", "columns", "empty"])
def test_fields_that_show_no_land_are_let_pass(tmp_path, kind):
    random = np.random.default_rng(9)
    fields = {
        "noise": random.integers(10000, 30000, SHAPE),
        "rows": np.broadcast_to(10000 + 25 * np.arange(720)[:, None], SHAPE),
        "columns": np.broadcast_to(10000 + 12 * np.arange(1440), SHAPE),
        "empty": np.full(SHAPE, 65535),
    }
    assert amsr.misplaced(products.entry(make.amsr(tmp_path, tb_v=fields[kind]))) == ""


def test_a_value_outside_the_range_is_missing_and_counted(tmp_path):
    counts = np.full(SHAPE, 25000)
    counts[100, :10] = 40000
    arrays = products.read_arrays(make.amsr(tmp_path, tb_v=counts))
    assert arrays.outliers == {"Brightness Temperature (V)": 10, "Brightness Temperature (H)": 10}
    assert np.isnan(arrays.variables["tb_v"][100, :10]).all() and np.isfinite(arrays.variables["tb_v"]).sum() == 720 * 1440 - 10
