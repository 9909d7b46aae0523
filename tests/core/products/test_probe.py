"""First bytes of files: whole ones have no problem, those cut off anywhere or of other contents are named."""

import os
import re
import time
from pathlib import Path

import h5py
import netCDF4
import numpy as np
import pytest
from named_files import WRITERS, hdf5, smap_name

from annsm_plugin.core import products
from annsm_plugin.core.products.probe import problem

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "GLDAS_NOAH025_3H.A20160101.0300.021.nc4"


@pytest.mark.parametrize("name", WRITERS)
def test_a_whole_file_has_no_problem(tmp_path, name):
    WRITERS[name](tmp_path / name)
    assert problem(tmp_path / name) == ""


@pytest.mark.parametrize("name", [n for n in WRITERS if not n.endswith(".tif")])
def test_a_file_cut_off_anywhere_is_found(tmp_path, name):
    path = tmp_path / name
    WRITERS[name](path)
    whole = path.read_bytes()
    for share in np.linspace(0.0, 0.97, 20):
        path.write_bytes(whole[: int(share * len(whole))])
        assert problem(path), f"cut at {share:.0%}"


def test_the_real_file_is_whole_and_its_parts_are_not(tmp_path):
    if not REAL.exists():
        pytest.skip("the real GLDAS file is not here")
    assert problem(REAL) == ""
    whole = REAL.read_bytes()
    part = tmp_path / REAL.name
    for size in (10, 100, 5000, len(whole) // 2, len(whole) - 1):
        part.write_bytes(whole[:size])
        assert re.search("cut off|damaged|not NetCDF", problem(part))


def test_other_contents_are_named(tmp_path):
    path = tmp_path / smap_name("20150410")
    path.write_bytes(b"")
    assert "0 bytes" in problem(path)
    path.write_bytes(b"\n<!DOCTYPE html><html>Please log in</html>")
    assert "web page" in problem(path)
    path.write_bytes(b"PK\x03\x04" + bytes(100))
    assert "not HDF5" in problem(path)
    path.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes([9] * 3))
    assert problem(path)
    assert problem(tmp_path / "nothing.h5") == "no such file"
    assert problem(tmp_path) == "a folder"


def test_hdf5_after_a_user_block_is_hdf5(tmp_path):
    path = tmp_path / smap_name("20150410")
    with h5py.File(path, "w", userblock_size=512) as file:
        file["x"] = np.arange(10)
    assert problem(path) == ""


def test_netcdf5_counts_are_wide(tmp_path):
    path = tmp_path / "SM_OPER_MIR_CLF31A_20150506T000000_20150506T235959_300_001_7.DBL.nc"
    with netCDF4.Dataset(path, "w", format="NETCDF3_64BIT_DATA") as file:
        file.createDimension("lat", 9)
        file.createVariable("lat", "f8", ("lat",))[:] = np.arange(9)
    assert problem(path) == ""
    path.write_bytes(path.read_bytes()[:-9])
    assert "cut off" in problem(path)


def test_a_pipe_named_like_a_product_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / smap_name("20150410"))
    begin = time.monotonic()
    found = products.inventory(tmp_path)
    assert time.monotonic() - begin < 5
    assert list(found.unreadable.values()) == ["a pipe, a socket or a device"]


def test_forbidden_is_said_whoever_runs_the_test(tmp_path, monkeypatch):
    path = hdf5(tmp_path / smap_name("20150411"))

    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    assert problem(path) == "a file that cannot be read (Permission denied)"
