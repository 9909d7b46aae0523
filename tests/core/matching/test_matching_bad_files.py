"""Bad files in every folder of a match: each is skipped, named and counted, and the cube is the one that the good files alone give."""

import os

import netCDF4
import numpy as np
import pytest
import spoiled_archive
from spoiled_archive import SECONDS, SOIL, TB, check, edit, put


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return spoiled_archive.write_clean(tmp_path_factory.mktemp("clean"))


def other_unit(path):
    with netCDF4.Dataset(path, "a") as file:
        file["SoilMoi0_10cm_inst"].units = "m3 m-3"


def rewritten_gldas(path, shift):
    """Another stamp inside, in minutes."""
    with netCDF4.Dataset(path, "a") as file:
        file["time"][:] = file["time"][:] + shift


def tile(path, rows=2400, field="Lai_500m"):
    from pyhdf import SD

    with_rows = SD.SD(str(path), SD.SDC.WRITE | SD.SDC.CREATE | SD.SDC.TRUNC)
    data = with_rows.create(field, SD.SDC.UINT8, (rows, rows))
    data[:] = np.full((rows, rows), 20, "uint8")
    data.endaccess()
    with_rows.end()


def link_to_itself(path):
    path.unlink()
    path.symlink_to(path)


def folder(path):
    path.unlink()
    path.mkdir()


def fifo(path):
    path.unlink()
    os.mkfifo(path)


EVERYWHERE = {
    "empty": lambda path: path.write_bytes(b""),
    "one byte": lambda path: path.write_bytes(b"C"),
    "web page": lambda path: path.write_bytes(b"<!DOCTYPE html><html>Log in</html>" * 99),
    "noise": lambda path: path.write_bytes(np.random.default_rng(1).bytes(30000)),
    "cut at a tenth": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 10]),
    "cut in half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "without its last bytes": lambda path: path.write_bytes(path.read_bytes()[:-400]),
    "link to itself": link_to_itself,
    "folder": folder,
    "named pipe": fifo,
}

OF_ONE = {
    "amsr without the polarisation": ("amsr", lambda p: edit(p, lambda f: f.__delitem__(TB))),
    "amsr of 0.1 degree": ("amsr", lambda p: edit(p, lambda f: put(f, TB, np.full((1800, 3600), 22000, "u2")))),
    "amsr of floats": ("amsr", lambda p: edit(p, lambda f: put(f, TB, np.full((720, 1440), 220.0)))),
    "amsr of another scale": ("amsr", lambda p: edit(p, lambda f: f[TB].attrs.modify("SCALE FACTOR", np.array([0.005])))),
    "amsr too warm": ("amsr", lambda p: edit(p, lambda f: put(f, TB, np.full((720, 1440), 60000, "u2")))),
    "amsr of another day": (
        "amsr",
        lambda p: edit(p, lambda f: f.attrs.update(GranuleID=np.array([b"GW1AM2_20160308_01D_EQMD_L3SGT06LA2220220"]))),
    ),
    "amsr of another channel": (
        "amsr",
        lambda p: edit(p, lambda f: f.attrs.update(GranuleID=np.array([b"GW1AM2_20160305_01D_EQMD_L3SGT36LA2220220"]))),
    ),
    "amsr of the other orbit": ("amsr", lambda p: edit(p, lambda f: f.attrs.update(OrbitDirection=np.array([b"Ascending"])))),
    "smap without times": ("smap", lambda p: edit(p, lambda f: f.__delitem__(SECONDS))),
    "smap without its group": ("smap", lambda p: edit(p, lambda f: f.__delitem__("Soil_Moisture_Retrieval_Data_AM"))),
    "smap of 9 km": ("smap", lambda p: edit(p, lambda f: put(f, SOIL, np.full((1624, 3856), 0.2, "f4")))),
    "smap in percent": ("smap", lambda p: edit(p, lambda f: put(f, SOIL, np.full((406, 964), 20.0, "f4")))),
    "smap of integers": ("smap", lambda p: edit(p, lambda f: put(f, SOIL, np.full((406, 964), 1, "i2")))),
    "smap of another day": ("smap", lambda p: edit(p, lambda f: put(f, SECONDS, f[SECONDS][...] + 5 * 86400.0))),
    "gldas without a state": ("gldas", lambda p: edit(p, lambda f: f.__delitem__("AvgSurfT_inst"))),
    "gldas of another time": ("gldas", lambda p: rewritten_gldas(p, shift=180)),
    "gldas in other units": ("gldas", other_unit),
    "gldas too warm": ("gldas", lambda p: edit(p, lambda f: f["AvgSurfT_inst"].write_direct(np.full((1, 600, 1440), 900.0, "f4")))),
    "lai of other size": ("lai", lambda p: tile(p, rows=1200)),
    "lai without its field": ("lai", lambda p: tile(p, field="Fpar_500m")),
}


@pytest.mark.parametrize("kind", EVERYWHERE)
def test_a_bad_file_in_each_folder(source, tmp_path, kind):
    check(source, tmp_path, dict.fromkeys(("amsr", "smap", "gldas", "lai"), EVERYWHERE[kind]))


@pytest.mark.parametrize("kind", OF_ONE)
def test_a_bad_file_of_one_product(source, tmp_path, kind):
    product, spoil = OF_ONE[kind]
    check(source, tmp_path, {product: spoil})
