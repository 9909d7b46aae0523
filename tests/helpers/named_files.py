"""Small whole files under the products' names, for tests of what a folder holds and of how files that are cut off are found."""

from __future__ import annotations

import datetime
import shutil

import h5py
import netCDF4
import numpy as np
import product_files as make
import pytest
from scipy.io import netcdf_file


def day(text):
    return datetime.date.fromisoformat(text)


def hdf5(path):
    """A small HDF5 file under any name."""
    with h5py.File(path, "w") as file:
        file["x"] = np.arange(2000)
    return path


def gldas_name(stamp, suffix=""):
    return f"GLDAS_NOAH025_3H.A{stamp}.021.nc4{suffix}"


def some_gldas(folder, days, hours=range(0, 24, 3)):
    """Copies of one small file under the names of days and hours."""
    folder.mkdir(exist_ok=True)
    source = hdf5(folder.parent / "one.h5")
    for d in days:
        for h in hours:
            shutil.copy(source, folder / gldas_name(f"{d}.{h:02d}00"))
    return folder


def smap_name(date, version="R18290_001"):
    return f"SMAP_L3_SM_P_{date}_{version}.h5"


def export(folder, days, name="MCD15A2H.061_500m_aid0001.nc", unit="days since 2000-01-01 00:00:00"):
    """An AppEEARS NetCDF export of some days."""
    folder.mkdir(exist_ok=True)
    with netCDF4.Dataset(folder / name, "w") as file:
        for dim, size in (("time", len(days)), ("lat", 4), ("lon", 5)):
            file.createDimension(dim, size)
        put = file.createVariable("time", "f4", ("time",))
        put.units = unit
        put[:] = [(day(d) - day("2000-01-01")).days for d in days]
        file.createVariable("Lai_500m", "i2", ("time", "lat", "lon"))[:] = 5
    return folder / name


def write_hdf5(path, libver):
    with h5py.File(path, "w", libver=libver) as file:
        file["x"] = np.random.default_rng(0).normal(size=5000)


def write_classic(path, version, records=False):
    file = netcdf_file(path, "w", version=version)
    file.history = "a text of odd length!"
    file.createDimension("time", None if records else 3)
    file.createDimension("lat", 7)
    file.createDimension("lon", 11)
    file.createVariable("lat", "f8", ("lat",))[:] = np.arange(7)
    put = file.createVariable("sm", "i2", ("time", "lat", "lon"))
    put.units = "m3.m-3"
    for number in range(3):
        put[number] = np.arange(77).reshape(7, 11)
    if records:
        file.createVariable("time", "f8", ("time",))[:] = np.arange(3)
    file.close()


def write_hdf4(path):
    hdf = pytest.importorskip("pyhdf.SD")
    file = hdf.SD(str(path), hdf.SDC.WRITE | hdf.SDC.CREATE)
    for number in range(30):  # more descriptors than one block holds
        data = file.create(f"field{number}", hdf.SDC.UINT8, (40, 40))
        data[:] = np.full((40, 40), number, "uint8")
        data.endaccess()
    file.end()


def write_tiff(path):
    from osgeo import gdal

    data = gdal.GetDriverByName("GTiff").Create(str(path), 20, 20, 1, gdal.GDT_Byte)
    data.GetRasterBand(1).Fill(3)
    data = None


WRITERS = {
    "SMAP_L3_SM_P_20150410_R18290_001.h5": lambda p: write_hdf5(p, "earliest"),
    "GW1AM2_20160301_01D_EQMD_L3SGT06LA2220220.h5": lambda p: write_hdf5(p, "latest"),
    "GLDAS_NOAH025_3H.A20160101.0300.021.nc4": lambda p: make.gldas(p.parent),
    "SM_RE04_MIR_CLF31A_20150506T000000_20150506T235959_300_001_7.DBL.nc": lambda p: write_classic(p, 1),
    "SM_RE04_MIR_CLF31A_20150507T000000_20150507T235959_300_001_7.DBL.nc": lambda p: write_classic(p, 2),
    "SM_RE04_MIR_CLF31A_20150508T000000_20150508T235959_300_001_7.DBL.nc": lambda p: write_classic(p, 2, records=True),
    "MCD15A2H.A2016001.h25v05.061.2016012000000.hdf": write_hdf4,
    "MCD15A2H.061_Lai_500m_doy2016001_aid0001.tif": write_tiff,
}
