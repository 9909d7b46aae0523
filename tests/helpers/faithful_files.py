"""A faithful file of each product, full of numbers that nothing else has, and the judgement on what a reader makes of a copy."""

from pathlib import Path

import numpy as np
import product_files as make

from annsm_plugin.core import products
from annsm_plugin.core.foundation.errors import ProductError

SHAPE = (720, 1440)
SECONDS_1993 = float((np.datetime64("2015-04-01T19:30") - np.datetime64("1993-01-01")) / np.timedelta64(1, "s"))


def smos(folder):
    random = np.random.default_rng(3)
    lat, lon = np.linspace(83.5, -83.5, 120), np.linspace(-179.8, 179.8, 300)
    days = np.full((120, 300), (np.datetime64("2015-05-06") - np.datetime64("2000-01-01")).astype(int))
    return make.smos(folder, lat, lon, random.uniform(0.05, 0.4, (120, 300)), days, np.full((120, 300), 3600))


#: Product -> writes its file into a folder and gives the path.
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


#: product -> the variable that everybody wants.
MAIN = {
    "amsr": "Brightness Temperature (V)",
    "smap": "Soil_Moisture_Retrieval_Data_AM/soil_moisture",
    "gldas": "SoilMoi0_10cm_inst",
    "lprm": "soil_moisture_c1",
    "jaxa": "Geophysical Data",
}


def write_all(folder) -> dict:
    """Product -> path, bytes and arrays of its file."""
    found = {}
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


def replaced(file, name, values):
    """Replace a variable of an open HDF5 file, its attributes kept but for those of dimension scales."""
    kept = dict(file[name].attrs)
    scales = [k for k in kept if k in ("DIMENSION_LIST", "REFERENCE_LIST", "CLASS", "NAME", "_Netcdf4Dimid", "_Netcdf4Coordinates")]
    del file[name]
    made = file.create_dataset(name, data=values)
    for key, value in kept.items():
        if key not in scales:
            made.attrs[key] = value
