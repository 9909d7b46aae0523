"""A clean archive, one file of each product that a test may spoil, and the check that a match gives what the good files alone give."""

import os
import shutil

import h5py
import matching_archive as archive
import netCDF4
import numpy as np

from annsm_plugin.core import matching
from annsm_plugin.core.demo import lai_tiles

EXTENT = (90, 32, 91, 33)
DAYS = np.arange("2016-03-01", "2016-03-15", dtype="datetime64[D]")
SOIL = "Soil_Moisture_Retrieval_Data_AM/soil_moisture"
SECONDS = "Soil_Moisture_Retrieval_Data_AM/tb_time_seconds"
TB = "Brightness Temperature (V)"


def write_clean(root):
    """Write two weeks of all four products into ``root`` and give it."""
    for number, date in enumerate(DAYS):
        archive.one_day(root, date, number)
    (root / "lai").mkdir()
    for number, start in enumerate(np.arange("2016-02-10", "2016-03-28", 8, dtype="datetime64[D]")):
        codes = np.full((2400, 2400), 10 + number, "uint8")
        for place in ((25, 5), (26, 5)):  # the second lies beside the region
            lai_tiles.write_tile(root / "lai" / lai_tiles.tile_name(start, place), place, codes, np.zeros_like(codes))
    return root


def victims(root) -> dict:
    """One file per product from the middle of the period."""
    names = {
        "amsr": "GW1AM2_20160305_01D_EQMD_L3SGT06LA2220220.h5",
        "smap": "SMAP_L3_SM_P_20160306_R18290_001.h5",
        "gldas": "GLDAS_NOAH025_3H.A20160307.2100.021.nc4",
        "lai": "MCD15A2H.A2016065.h25v05.061.2016065000000.hdf",
    }
    return {product: root / product / name for product, name in names.items()}


def edit(path, change):
    with h5py.File(path, "r+") as file:
        change(file)


def put(file, name, values):
    """Replace a variable, its attributes kept."""
    attributes = {k: v for k, v in file[name].attrs.items() if k in ("SCALE FACTOR", "_FillValue", "units")}
    del file[name]
    file.create_dataset(name, data=values).attrs.update(attributes)


def stored(path):
    with netCDF4.Dataset(path) as file:
        file.set_auto_maskandscale(False)
        return {name: file[name][...] for name in file.variables}, {name: file.getncattr(name) for name in file.ncattrs()}


def matched(root, output):
    folders = {name: root / name for name in ("amsr", "gldas", "lai", "smap")}
    return matching.match(output, **folders, extent=EXTENT, start=DAYS[2], end=DAYS[10], channels="06", workers=0)


#: Cubes of good files alone, by their archive and the products that lack a file: many tests compare with the same ones.
_RIGHT = {}


def without(source, tmp_path, lacking) -> dict:
    """The cube of the archive from which the victims of some products were taken away."""
    key = source, *sorted(lacking)
    if key not in _RIGHT:
        root = tmp_path / "less"
        shutil.copytree(source, root, copy_function=os.link)
        for product in lacking:
            victims(root)[product].unlink()
        _RIGHT[key] = stored(matched(root, tmp_path / "less.nc").path)[0]
    return _RIGHT[key]


def check(source, tmp_path, broken: dict):
    root = tmp_path / "archive"
    shutil.copytree(source, root, copy_function=os.link)
    for product, spoil in broken.items():
        path = victims(root)[product]
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(content)
        spoil(path)
    result = matched(root, tmp_path / "cube.nc")
    values, attributes = stored(result.path)
    keys = {"amsr": "amsr_tb"}
    for product in ("amsr", "smap", "gldas", "lai"):
        key, name = keys.get(product, product), victims(root)[product].name
        assert attributes[f"files_{key}_unreadable"] == (product in broken), product
        assert attributes.get(f"unreadable_{key}", "") == (name if product in broken else ""), product
        assert any(name in line for line in result.warnings) == (product in broken), product
    right = without(source, tmp_path, broken)
    for name, expected in right.items():
        assert np.array_equal(values[name], expected, equal_nan=expected.dtype.kind == "f"), name
