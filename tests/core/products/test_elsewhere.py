"""Files of HDF5 that refer to other files, or hold themselves: refused in one sentence by what opens them, nothing of it followed."""

from __future__ import annotations

import os
import tarfile

import h5py
import numpy as np
import product_files as make
import pytest

from annsm_plugin.core import products
from annsm_plugin.core.foundation.errors import ProductError
from annsm_plugin.core.foundation.outside import elsewhere
from annsm_plugin.core.products import access
from annsm_plugin.core.workers import examining

NAME = "Brightness Temperature (H)"
SHAPE = (720, 1440)


def linked(file, other):
    file[NAME] = h5py.ExternalLink(str(other), "/x")


def stored_elsewhere(file, other):
    file.create_dataset(NAME, SHAPE, "u2", external=[(str(other), 0, h5py.h5f.UNLIMITED)])


def virtual(file, other):
    layout = h5py.VirtualLayout(SHAPE, "u2")
    layout[...] = h5py.VirtualSource(".", NAME, SHAPE)
    file.create_virtual_dataset(NAME, layout)


def held_by_itself(file, other):
    file["loop"] = file["/"]


def held_below(file, other):
    file.create_group("g")
    file["g/g"] = file["g"]


def held_deeply(file, other):
    file.create_group("/".join(["a"] * 3000))


CASES = {
    linked: "a link to another file ('Brightness Temperature (H)')",
    stored_elsewhere: "'Brightness Temperature (H)' with its numbers in another file",
    virtual: "'Brightness Temperature (H)' made of other datasets (virtual)",
    held_by_itself: "the group '/' in several places",
    held_below: "the group 'g' in several places",
    held_deeply: "groups in each other, more than 50",
}


@pytest.fixture(params=CASES, ids=lambda case: case.__name__)
def spoilt(request, tmp_path):
    """A file that one of the cases was done to, and what is found of it."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("needs pipes")
    path, pipe = make.amsr(tmp_path), tmp_path / "pipe"
    os.mkfifo(pipe)
    with h5py.File(path, "a") as file:
        del file[NAME]
        request.param(file, pipe)
    return path, CASES[request.param]


def test_a_product_that_refers_to_other_files_or_holds_itself(spoilt, tmp_path):
    path, found = spoilt
    with pytest.raises(ProductError) as said:
        products.read_arrays(path)
    assert f"found {found}; expected" in str(said.value) and str(path) in str(said.value)
    wrong = examining.look({"path": str(path.rename(tmp_path / "a.nc")), "seconds": 20.0}, {}, None)[0]
    assert wrong == {"wrong": found, "damaged": False}


def test_the_same_in_an_archive(spoilt, tmp_path):
    """Of an archive the file is unpacked into memory, where links lead to the same places."""
    path, found = spoilt
    packed = tmp_path / "SM_OPER_MIR_CLF31A_20150506T000000_20150506T235959_300_002_7.tgz"
    with tarfile.open(packed, "w:gz") as file:
        file.add(path, f"{packed.stem}/{packed.stem}.DBL")
    with pytest.raises(ProductError) as said, access.opened(packed, "SMOS soil moisture"):
        pass
    assert f"found {found}; expected SMOS soil moisture that refers to no other place" in str(said.value)
    assert str(packed) in str(said.value)


def test_what_refers_to_itself_once_is_no_harm(tmp_path):
    path = make.smap(tmp_path, np.full((406, 964), 0.2))
    with h5py.File(path, "a") as file:
        file["soft"] = h5py.SoftLink("/none")
        file["again"] = file["Soil_Moisture_Retrieval_Data_AM/soil_moisture"]
    assert elsewhere(path) == "" and elsewhere(tmp_path / "none.h5") == "" and elsewhere(tmp_path) == ""
    (tmp_path / "text.h5").write_text("text")
    assert elsewhere(tmp_path / "text.h5") == ""
