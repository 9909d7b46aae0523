"""Broken product files: whatever is wrong with one, its reader refuses it by name or gives right numbers, never others."""

import os
import shutil
from pathlib import Path

import faithful_files
import h5py
import numpy as np
import product_files as make
import pytest
from amsr_layouts import planet
from faithful_files import FILES, MAIN, SHAPE, judge, replaced

from annsm_plugin.core import products
from annsm_plugin.core.products.readers import amsr


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Path, bytes and arrays of each faithful file."""
    return faithful_files.write_all(tmp_path_factory.mktemp("whole"))


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
