"""Small files in the products' own layouts, written to the documented facts, for the readers' tests."""

from __future__ import annotations

import datetime

import h5py
import netCDF4
import numpy as np
from scipy.io import netcdf_file


def amsr(folder, date="20160301", channel="06", tb_v=None, *, orbit="D", prefix="GW1AM2", resolution="L", shape=(720, 1440), scale=0.01,
         dtype="uint16", names=("Brightness Temperature (H)", "Brightness Temperature (V)")):  # fmt: skip
    """``tb_v``: (720, 1440) counts; H is V less 2000 counts."""
    path = folder / f"{prefix}_{date}_01D_EQM{orbit}_L3SGT{channel}{resolution}A2220220.h5"
    tb_v = np.full(shape, 65535) if tb_v is None else tb_v
    with h5py.File(path, "w") as file:
        for name, values in zip(names, (np.where(tb_v < 65530, tb_v - 2000, tb_v), tb_v)):
            data = file.create_dataset(name, data=values.astype(dtype), chunks=(120, 120), compression="gzip")
            data.attrs["SCALE FACTOR"] = np.array([scale], "float32")
            data.attrs["UNIT"] = np.array([b"K"])
        file.attrs["OrbitDirection"] = np.array([b"Descending" if orbit == "D" else b"Ascending"])
    return path


def smap(
    folder, date="20150410", sm=None, seconds=None, flag=None, *, release="R18290", groups=("_AM", "_PM"), shape=(406, 964), times=True
):
    """SPL3SMP: ``sm``, ``seconds`` since 2000-01-01 12:00, ``flag`` of the morning pass; the evening is all fill."""
    path = folder / f"SMAP_L3_SM_P_{date}_{release}_001.h5"
    empty = np.full(shape, -9999.0)
    with h5py.File(path, "w") as file:
        for group in groups:
            suffix = "_pm" if group == "_PM" else ""
            mine = file.create_group(f"Soil_Moisture_Retrieval_Data{group}")
            morning = not suffix
            values = sm if morning and sm is not None else empty
            put = mine.create_dataset("soil_moisture" + suffix, data=values.astype("float32"), compression="gzip")
            put.attrs["_FillValue"] = np.float32(-9999.0)
            flags = flag if morning and flag is not None else np.where(values == -9999.0, 65534, 0)
            mine.create_dataset("retrieval_qual_flag" + suffix, data=flags.astype("uint16"), compression="gzip")
            for name in ("latitude", "longitude"):
                mine.create_dataset(name + suffix, data=empty.astype("float32"), compression="gzip")
            if times:
                stamps = seconds if morning and seconds is not None else empty
                put = mine.create_dataset("tb_time_seconds" + suffix, data=stamps.astype("float64"), compression="gzip")
                put.attrs["_FillValue"] = -9999.0
    return path


def gldas(folder, stamp="20160101.0300", fields=None, *, lat=None, lon=None, minutes=None, suffix="", north_first=False):
    """GLDAS-2.1 Noah: ``fields`` name -> (lat, lon) values."""
    path = folder / f"GLDAS_NOAH025_3H.A{stamp}.021.nc4{suffix}"
    lat = np.arange(20.125, 45, 0.25) if lat is None else lat
    lon = np.arange(70.125, 110, 0.25) if lon is None else lon
    lat = lat[::-1] if north_first else lat
    when = datetime.datetime.strptime(stamp, "%Y%m%d.%H%M")
    minutes = (when - datetime.datetime(2000, 1, 1, 3)).total_seconds() / 60 if minutes is None else minutes
    with netCDF4.Dataset(path, "w") as file:
        for name, size in (("time", 1), ("lat", lat.size), ("lon", lon.size)):
            file.createDimension(name, size)
        time = file.createVariable("time", "f8", ("time",))
        time.units = " minutes since 2000-01-01 03:00:00"
        time[:] = minutes
        for name, axis in (("lat", lat), ("lon", lon)):
            file.createVariable(name, "f4", (name,))[:] = axis
        for name, values in (fields or {"SoilMoi0_10cm_inst": np.full((lat.size, lon.size), 20.0)}).items():
            put = file.createVariable(name, "f4", ("time", "lat", "lon"), fill_value=np.float32(-9999.0), zlib=True)
            put.units = {"SoilMoi0_10cm_inst": "kg m-2", "Rainf_f_tavg": "kg m-2 s-1"}.get(name, "K")
            put[0] = np.where(np.isnan(values), -9999.0, values)
    return path


def lprm(folder, sm, seconds, *, date="20150401", sensor="2", bands=("soil_moisture_c1", "soil_moisture_x"), mask=None):
    """LPRM: ``sm`` percent and ``seconds`` since 1993, (720 lat north first, 1440 lon); stored (Longitude, Latitude)."""
    version = "V001" if sensor == "2" else "V002"
    path = folder / f"LPRM-AMSR{sensor}_L3_D_SOILM3_{version}_{date}013000.nc4"
    with netCDF4.Dataset(path, "w", format="NETCDF4_CLASSIC") as file:
        file.createDimension("Longitude", 1440)
        file.createDimension("Latitude", 720)
        file.createVariable("Longitude", "f8", ("Longitude",))[:] = -179.875 + 0.25 * np.arange(1440)
        file.createVariable("Latitude", "f8", ("Latitude",))[:] = 89.875 - 0.25 * np.arange(720)
        for name in bands:
            put = file.createVariable(name, "i2", ("Longitude", "Latitude"), fill_value=np.int16(-32767), zlib=True)
            put.set_auto_scale(False)
            put.scale_factor = 1.0
            put.units = "percent"
            put[:] = np.where(np.isnan(sm), -32767, sm).T.astype("i2")
        file.createVariable("mask", "i2", ("Longitude", "Latitude"), zlib=True)[:] = (np.zeros((720, 1440)) if mask is None else mask).T
        put = file.createVariable("scantime", "f8", ("Longitude", "Latitude"), zlib=True)
        put[:] = np.nan_to_num(seconds).T
    return path


def jaxa(folder, counts, minutes, *, date="20160301", orbit="D"):
    """JAXA SMC: ``counts`` int16 (720, 1440) of 0.1 percent, ``minutes`` from 00:00 UTC."""
    path = folder / f"GW1AM2_{date}_01D_EQM{orbit}_L3SGSMCLF3300300.h5"
    with h5py.File(path, "w") as file:
        put = file.create_dataset("Geophysical Data", data=counts.astype("int16")[:, :, None], compression="gzip")
        put.attrs["SCALE FACTOR"] = np.array([0.1], "float32")
        put.attrs["UNIT"] = np.array([b"%"])
        file.create_dataset("Time Information", data=minutes.astype("int16"), compression="gzip")
    return path


def smos_ic(folder, lat, lon, sm, days, seconds, quality, *, date="20180101"):
    """SMOS-IC (names of its variables: TUW-GEO/smos, docs/varnames): floats, netCDF-4; NaN = fill."""
    path = folder / f"SM_RE06_MIR_CDF3SA_{date}T000000_{date}T235959_105_001_8.DBL.nc"
    with netCDF4.Dataset(path, "w") as file:
        for name, axis in (("lat", lat), ("lon", lon)):
            file.createDimension(name, axis.size)
            file.createVariable(name, "f8", (name,))[:] = axis
        columns = {
            "Soil_Moisture": ("f4", sm),
            "Days": ("f8", days),
            "UTC_Seconds": ("f8", seconds),
            "UTC_Microseconds": ("f8", seconds * 0),
        }
        for name, (kind, values) in columns.items():
            put = file.createVariable(name, kind, ("lat", "lon"), fill_value=-9999.0, zlib=True)
            put[:] = np.where(np.isnan(values), -9999.0, values)
        file.createVariable("Quality_Flag", "u1", ("lat", "lon"), fill_value=255)[:] = quality
    return path


def smos(folder, lat, lon, sm, days, seconds, *, date="20150506", times=True):
    """SMOS L3 CLF31A as netCDF-3 with 64-bit offsets: ``sm`` m3 m-3, days since 2000 and seconds, NaN = fill."""
    path = folder / f"SM_RE04_MIR_CLF31A_{date}T000000_{date}T235959_300_001_7.DBL.nc"
    file = netcdf_file(path, "w", version=2)
    for name, axis in (("lat", lat), ("lon", lon)):
        file.createDimension(name, axis.size)
        file.createVariable(name, "f4", (name,))[:] = axis
    put = file.createVariable("Soil_Moisture", "i2", ("lat", "lon"))
    scale = 3.05185094759971e-05
    put[:] = np.where(np.isnan(sm), -32768, np.round(np.nan_to_num(sm) / scale))
    put.scale_factor, put._FillValue, put.units = scale, np.int16(-32768), b"m3.m-3"
    for name, values in (("Mean_Acq_Time_Days", days), ("Mean_Acq_Time_Seconds", seconds)) if times else ():
        put = file.createVariable(name, "i4", ("lat", "lon"))
        put[:] = np.where(np.isnan(values), -2147483647, np.nan_to_num(values))
        put._FillValue = np.int32(-2147483647)
    file.close()
    return path


def ismn(folder, rows, *, header="MAQU       MAQU            CST_01            33.88330   102.13330 3431.00    0.05    0.05 ECH20-EC-TM ",
         end="\r", name="MAQU_MAQU_CST-01_sm_0.050000_0.050000_ECH20-EC-TM_20070101_20131231.stm"):  # fmt: skip
    """An ISMN header+values file; ``rows`` are its lines."""
    place = folder / "MAQU" / "CST-01"
    place.mkdir(parents=True, exist_ok=True)
    path = place / name
    path.write_bytes(end.join([header, *rows, ""]).encode("latin-1"))
    return path


#: What lies under a product's name and is nothing of the kind.
JUNK = {
    "empty": b"",
    "one byte": b"x",
    "web page": b"\n<!DOCTYPE html><html>Please log in</html>" * 50,
    "json": b'{"error": "quota exceeded"}',
    "zip": b"PK\x03\x04" + bytes(2000),
    "HDF5 signature alone": b"\x89HDF\r\n\x1a\n",
    "zeros": bytes(50000),
    "noise": bytes(np.random.default_rng(9).integers(0, 256, 50000, dtype=np.uint8)),
}
