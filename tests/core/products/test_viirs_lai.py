"""Leaf area index of VIIRS: tiles of both versions, their own quality bits, their place, and files that are not what their name says."""

from __future__ import annotations

import numpy as np
import pytest
import viirs_files as viirs

from annsm_plugin.core import products
from annsm_plugin.core.demo import lai_tiles
from annsm_plugin.core.foundation.errors import ProductError
from annsm_plugin.core.products.readers.lai import codes as lai

WINDOW = (90.0, 31.0, 90.6, 31.5)


@pytest.fixture(scope="module")
def codes():
    return np.random.default_rng(3).integers(0, 256, (2400, 2400), dtype=np.uint8)


@pytest.mark.parametrize(("product", "version"), [("VNP15A2H", "001"), ("VNP15A2H", "002"), ("VJ115A2H", "002"), ("VJ215A2H", "002")])
def test_a_tile_is_what_the_same_tile_of_modis_is(tmp_path, codes, product, version):
    pytest.importorskip("pyhdf.SD")
    path = viirs.tile(tmp_path, codes, product=product, version=version)
    lai_tiles.write_tile(tmp_path / "MCD15A2H.A2022001.h25v05.061.2022010000000.hdf", (25, 5), codes, np.zeros_like(codes))
    entry = products.entry(path)
    assert (entry.product, entry.sensor, str(entry.date), entry.tile) == ("lai", product, "2022-01-01", "h25v05")
    found = products.read_arrays(path, window=WINDOW)
    modis = products.read_arrays(tmp_path / "MCD15A2H.A2022001.h25v05.061.2022010000000.hdf", window=WINDOW)
    assert np.array_equal(found.variables["lai_class"], modis.variables["lai_class"]) and found.variables["lai_class"].size > 5000
    assert np.array_equal(found.variables["lai"], modis.variables["lai"], equal_nan=True)
    for axis in "xy":
        assert found.coords[axis] == pytest.approx(modis.coords[axis], abs=0.01)
    assert "sinusoidal" in found.attrs["crs"].lower() and set(found.variables) == {"lai", "lai_class", "lai_qc", "lai_extra_qc"}


def test_the_quality_bits_are_those_of_viirs():
    """Bits 0-2 SCF_QC: 0 and 1 are the main algorithm. Bit 3 dead detector, bits 4-7 biome: no matter. Clouds are in the other field."""
    bits = np.arange(256)
    assert lai.good_viirs(bits).tolist() == [code % 8 in (0, 1) for code in range(256)]
    assert lai.good_viirs(np.zeros(256), bits).tolist() == [code % 4 in (0, 1) for code in range(256)]
    pixels = {"lai_qc": np.array([[0, 1, 2, 4, 0b01010000]], "u1"), "lai_extra_qc": np.array([[0, 1, 0, 0, 2]], "u1")}
    assert lai.good("VNP15A2H", pixels).tolist() == [[True, True, False, False, False]]
    # by MODIS's bits the last would be a retrieval by the back-up algorithm and the third one by a main algorithm
    assert lai.good("MCD15A2H", {"lai_qc": pixels["lai_qc"]}).tolist() == [[True, True, True, True, False]]
    assert lai.good("VNP15A2H", {}) is None


WRONG = {
    "another tile": ({"at": (26, 5)}, "corner of h25v05"),
    "another day": ({"first_day": "2022-01-09"}, "2022-01-09"),
    "another projection": ({"projection": "HE5_GCTP_GEO"}, "projection"),
    "another size": ({"size": 1200}, "1200 x 1200"),
    "another scale": ({"scale": 0.01}, "scale factor"),
    "no structure": ({"struct": False}, "no description of a grid"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_tiles_that_are_not_what_their_name_says(tmp_path, codes, kind):
    changed, words = WRONG[kind]
    path = viirs.tile(tmp_path, codes, **changed)
    with pytest.raises(ProductError, match=words) as caught:
        products.read_arrays(path, window=WINDOW)
    assert path.name in str(caught.value)


def test_a_file_of_another_kind_is_refused(tmp_path):
    import h5py

    path = tmp_path / viirs.name("2022-01-01")
    with h5py.File(path, "w") as file:
        file.create_dataset("Lai", data=np.zeros((2400, 2400), "u1"))
        file.create_group("HDFEOS INFORMATION").create_dataset(
            "StructMetadata.0",
            data=np.bytes_("XDim=2400 YDim=2400 UpperLeftPointMtrs=(7783653.637669,4447802.078668)\n"
                           "LowerRightMtrs=(8895604.157336,3335851.559001) Projection=HE5_GCTP_SNSOID".ljust(3000)),
        )  # fmt: skip
    with pytest.raises(ProductError, match=r"Lai.*no such field \(no HDF-EOS grid\)"):
        products.read_arrays(path)


def test_a_quotation_mark_in_a_folders_name(tmp_path, codes):
    pytest.importorskip("pyhdf.SD")
    folder = tmp_path / 'the "good" tiles'
    folder.mkdir()
    lai_tiles.write_tile(folder / "MCD15A2H.A2022001.h25v05.061.2022010000000.hdf", (25, 5), codes, np.zeros_like(codes))
    viirs.tile(folder, codes)
    for entry in products.find(folder, "lai"):
        assert np.isfinite(products.read_arrays(entry, window=WINDOW).variables["lai"]).any()
