"""Wrong and foreign files as folders of data hold them: name -> (writes it, what it must be called)."""

from __future__ import annotations

import zipfile
import zlib

import h5py
import netCDF4
import numpy as np
import product_files as make
from osgeo import gdal


def netcdf(variables, dims=(("latitude", 20), ("longitude", 30)), axes=None, group="", **attributes):
    """Writes a NetCDF file of random fields."""

    def write(path):
        with netCDF4.Dataset(path, "w") as file:
            place = file.createGroup(group) if group else file
            for name, size in dims:
                place.createDimension(name, size)
            for name, values in (axes or {}).items():
                place.createVariable(name, "f8", (name,))[:] = values
            for name in variables:
                place.createVariable(name, "f4", tuple(d for d, _ in dims))[:] = np.random.default_rng(0).random([n for _, n in dims])
            file.setncatts(attributes)

    return write


def land_model(variables, step, **attributes):
    lat, lon = np.arange(20.0 + step / 2, 30, step), np.arange(80.0 + step / 2, 95, step)
    return netcdf(variables, (("lat", lat.size), ("lon", lon.size)), {"lat": lat, "lon": lon}, **attributes)


def hdf5(*names, shape=(4, 5)):
    """Writes an HDF5 file with these variables (and groups)."""

    def write(path):
        with h5py.File(path, "w") as file:
            for name in names:
                file[name] = np.zeros(shape, "f4")

    return write


def content(data):
    return lambda path: path.write_bytes(data)


def whole(writer, change=lambda data: data):
    """The bytes of a file of a product, changed."""

    def write(path):
        folder = path.parent / "made"
        folder.mkdir(exist_ok=True)
        made = writer(folder)
        data = made.read_bytes()
        made.unlink()
        folder.rmdir()
        path.write_bytes(change(data))

    return write


def picture(driver):
    def write(path):
        source = gdal.GetDriverByName("MEM").Create("", 8, 8, 1)
        gdal.GetDriverByName(driver).CreateCopy(str(path), source)
        path.with_name(path.name + ".aux.xml").unlink(missing_ok=True)

    return write


def packed(path):
    with zipfile.ZipFile(path, "w") as file:
        for day in range(1, 4):
            file.writestr(f"SMAP_L3_SM_P_2015040{day}_R18290_001.h5", b"x")


def tiff(path):
    data = gdal.GetDriverByName("GTiff").Create(str(path), 8, 8, 1)
    data.GetRasterBand(1).Fill(1)
    data = None


PAGE = b"<!DOCTYPE html><html><title>Earthdata Login</title></html>" * 20

FOREIGN = {
    # other products of the same archives, by name
    "GLDAS_NOAH025_M.A201504.021.nc4": (content(b"x"), "a monthly mean of GLDAS"),
    "GLDAS_NOAH10_3H.A20150401.0300.021.nc4": (content(b"x"), "GLDAS Noah at 1 degree"),
    "GLDAS_CLSM025_DA1_D.A20150401.022.nc4": (content(b"x"), "another land model (Catchment, CLSM)"),
    "GLDAS_VIC10_3H.A20150401.0300.021.nc4": (content(b"x"), "another land model (VIC)"),
    "GLDAS_NOAH025_3H.A19990401.0300.020.nc4": (content(b"x"), "GLDAS-2.0"),
    "GLDAS_NOAH025_3H_EP.A20150401.0300.021.nc4": (content(b"x"), "the early product"),
    "MCD15A3H.A2015097.h25v05.061.2015101000000.hdf": (content(b"x"), "MCD15A3H, leaf area index of another period"),
    "MOD13A2.A2015097.h25v05.061.2015113000000.hdf": (content(b"x"), "MOD13A2, a vegetation index"),
    "MCD43A3.A2015097.h25v05.061.2015113000000.hdf": (content(b"x"), "MCD43A3, another MODIS product"),
    "SMAP_L2_SM_P_00937_D_20150405T002512_R18290_001.h5": (content(b"x"), "SMAP L2 SM_P, half orbits"),
    "SMAP_L4_SM_gph_20150405T013000_Vv7032_001_HEGOUT.nc": (content(b"x"), "SMAP L4 SM_gph, a land model's output"),
    "SMAP_L3_FT_P_20150405_R18290_001.h5": (content(b"x"), "SMAP L3 FT_P"),
    "LPRM-AMSR2_L3_DS_D_SOILM3_V001_20150401013000.nc4": (content(b"x"), "the 10 km product"),
    "LPRM-TMI_L3_DAY_SOILM3_V001_20100401000000.nc4": (content(b"x"), "another radiometer (TMI)"),
    "GW1AM2_20160301_01D_PNMD_L3SGT06LA2220220.h5": (content(b"x"), "polar grid"),
    "GW1AM2_20160300_01M_EQMD_L3SGT06LA2220220.h5": (content(b"x"), "a monthly mean of an AMSR product"),
    "GW1AM2_20160301_01D_EQMD_L3SGT06HA2220220.h5": (content(b"x"), "the 0.1 degree product"),
    "GW1AM2_20160301_01D_EQMD_L3SGSSTLB3300300.h5": (content(b"x"), "AMSR L3 SST"),
    "SM_OPER_MIR_SMUDP2_20150401T000000_20150401T005000_700_001_1.nc": (content(b"x"), "SMOS SMUDP2"),
    "3B-DAY.MS.MRG.3IMERG.20150401-S000000-E235959.V07B.nc4": (content(b"x"), "GPM IMERG"),
    "ESACCI-SOILMOISTURE-L3S-SSMV-COMBINED-20150401000000-fv08.1.nc": (content(b"x"), "ESA CCI soil moisture"),
    # the same and others, by contents
    "april.nc": (netcdf(("swvl1", "t2m")), "ERA5"),
    "rain.nc4": (netcdf(("precipitation",), group="Grid"), "GPM IMERG or another product of precipitation"),
    "cci.nc": (netcdf(("sm", "sm_uncertainty")), "ESA CCI or C3S soil moisture"),
    "model.nc4": (land_model(("SoilMoist_S_tavg",), 0.25), "another land model (Catchment, CLSM)"),
    "coarse.nc4": (land_model(("SoilMoi0_10cm_inst",), 1.0), "GLDAS at 1 degree"),
    "old.nc4": (land_model(("SoilMoi0_10cm_inst",), 0.25, source="Noah forced with Princeton"), "GLDAS-2.0"),
    "cube.nc": (netcdf(("sm_smap",), annsm_kind="cube"), "a file that this plugin has written"),
    "orbit.h5": (hdf5("Soil_Moisture_Retrieval_Data/soil_moisture", shape=(50,)), "SMAP L2 soil moisture, half orbits"),
    "level4.h5": (hdf5("Geophysical_Data/sm_surface"), "SMAP L4"),
    "fine.h5": (hdf5("Brightness Temperature (V)", "Brightness Temperature (H)", shape=(1800, 3600)), "the 0.1 degree product"),
    "unknown.h5": (hdf5("chlorophyll"), "no known product (variables chlorophyll)"),
    # no data at all
    "map.png": (picture("PNG"), "a PNG image"),
    "map.jpg": (picture("JPEG"), "a JPEG image"),
    "manual.pdf": (content(b"%PDF-1.4 ..."), "a PDF document"),
    "dem.tif": (tiff, "a TIFF image"),
    "login.nc4": (content(PAGE), "a web page instead of data"),
    "GLDAS_NOAH025_3H.A20150401.0600.021.nc4": (content(PAGE), "a web page instead of NetCDF"),
    "SMAP_L3_SM_P_20150409_R18290_001.h5": (whole(make.smap, lambda data: data[: len(data) // 2]), "cut off"),
    "half.nc4": (whole(make.gldas, lambda data: data[: len(data) // 2]), "cut off"),
    "SMAP_L3_SM_P_20150408_R18290_001.h5.part": (content(b"\x89HDF\r\n\x1a\n"), "a download that is not finished"),
    "SMAP_L3_SM_P_20150407_R18290_001.h5.iso.xml": (content(b"<?xml version='1.0'?><gmd/>"), "comes beside a data file"),
    "MCD15A2H.A2015097.h25v05.061.2015113000000.hdf.met": (content(b"GROUP = INVENTORY"), "comes beside a data file"),
    "GLDAS_NOAH025_3H.A20150401.0900.021.nc4.md5": (content(b"d41d8cd98f"), "a check sum"),
    "error.nc4": (content(b'{"error": "quota exceeded"}'), "a JSON text"),
    "april.zip": (packed, "a zip archive of 3 files such as SMAP_L3_SM_P_20150401_R18290_001.h5; unpack it"),
    "stamps.csv": (content(b"date,value\n2015-04-01,0.2\n"), "a text file"),
    "era5.grib": (content(b"GRIB\0\0\0\2"), "ERA5"),
    "nothing.h5": (content(b""), "an empty file (0 bytes)"),
    "zeros.bin": (content(bytes(5000)), "5000 bytes of zeros"),
    "packed.gz": (content(b"\x1f\x8b\x08\0" + zlib.compress(b"x")), "compressed by gzip"),
    "noise.dat": (content(bytes(np.random.default_rng(9).integers(0, 256, 5000, dtype=np.uint8))), "no known format"),
}
