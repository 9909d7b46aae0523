"""A tiny archive whose pixels carry their own local date or hour as their value, in the products' native formats."""

from __future__ import annotations

import zlib
from functools import lru_cache
from pathlib import Path

import h5py
import netCDF4
import numpy as np

from annsm_plugin.core.products.readers import ease

AMSR_LON = 0.125 + 0.25 * np.arange(1440)
GLDAS_LAT = -59.875 + 0.25 * np.arange(600)
GLDAS_LON = -179.875 + 0.25 * np.arange(1440)
CHANNELS = {"AMSR2": ("06", "07", "10", "18", "23", "36"), "AMSR-E": ("06", "10", "18", "23", "36")}
PREFIX = {"AMSR2": "GW1AM2", "AMSR-E": "GAMSRE"}


def ordinal(date) -> int:
    """Days since 2000-01-01: what dates are carried as."""
    return int((np.datetime64(date, "D") - np.datetime64("2000-01-01")) / np.timedelta64(1, "D"))


def solar(lon):
    """Local solar time minus UTC in hours; longitudes beyond 180 count as west."""
    return ((np.asarray(lon, float) + 180.0) % 360.0 - 180.0) / 15.0


def _compressed(values, shuffled=False):
    """The bytes of a chunk as the filters of HDF5 leave them: shuffled or not, then deflated."""
    parts = np.ascontiguousarray(values).view("u1").reshape(-1, values.itemsize)
    return zlib.compress(parts.T.tobytes() if shuffled else parts.tobytes(), 1)


@lru_cache(maxsize=32)
def _same_everywhere(value):
    """The chunk of a GLDAS field that has one value: deflating it anew for each file would cost most of the time that writing takes."""
    return _compressed(np.full((600, 1440), value, "f4"), shuffled=True)


def amsr(folder, date, value, *, sensor="AMSR2", channels=None, orbit="D"):
    """One day of AMSR: ``value(lon)`` (1440,) in K, the same in every row and polarisation."""
    date = np.datetime64(date, "D")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    counts = np.round(np.asarray(value(AMSR_LON)) / 0.01)
    counts = np.where(np.isfinite(counts), counts, 65534).astype("uint16")
    chunk = _compressed(np.broadcast_to(counts, (720, 1440)))
    for channel in channels or CHANNELS[sensor]:
        name = f"{PREFIX[sensor]}_{str(date).replace('-', '')}_01D_EQM{orbit}_L3SGT{channel}LA2220220.h5"
        with h5py.File(folder / name, "w") as file:
            for letter in "HV":
                data = file.create_dataset(
                    f"Brightness Temperature ({letter})", (720, 1440), "u2", chunks=(720, 1440), compression="gzip", compression_opts=1
                )
                data.id.write_direct_chunk((0, 0), chunk)
                data.attrs["SCALE FACTOR"] = [0.01]


def gldas(folder, stamp, fields):
    """One GLDAS step; ``fields`` name -> scalar or (600, 1440)."""
    stamp = np.datetime64(stamp, "m")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    text = str(stamp).replace("-", "").replace("T", ".").replace(":", "")
    path = folder / f"GLDAS_NOAH025_3H.A{text}.021.nc4"
    with netCDF4.Dataset(path, "w") as file:
        file.createDimension("time", 1)
        file.createDimension("lat", 600)
        file.createDimension("lon", 1440)
        file.createVariable("lat", "f4", ("lat",))[:] = GLDAS_LAT
        file.createVariable("lon", "f4", ("lon",))[:] = GLDAS_LON
        time = file.createVariable("time", "f8", ("time",))
        time.units = " minutes since 2000-01-01 03:00:00"
        time[:] = (stamp - np.datetime64("2000-01-01T03:00", "m")) / np.timedelta64(1, "m")
        for name in fields:
            file.createVariable(name, "f4", ("time", "lat", "lon"), zlib=True, fill_value=-9999.0, chunksizes=(1, 600, 1440))
    with h5py.File(path, "r+") as file:
        for name, values in fields.items():
            chunk = _same_everywhere(float(values)) if np.ndim(values) == 0 else _compressed(_field(values), shuffled=True)
            file[name].id.write_direct_chunk((0, 0, 0), chunk)
            file[name].attrs["_Netcdf4Dimid"] = np.int32(0)  # as the library of netCDF leaves it with the first numbers


def _field(values):
    return np.broadcast_to(np.asarray(values, dtype="f4"), (600, 1440))


def smap(folder, date, values, seconds, *, flag=None, release="R18290_001", suffix="", name="soil_moisture"):
    """One SPL3SMP file: ``values`` (406, 964) m3 m-3 and ``seconds`` since 2000-01-01 12:00 UTC, NaN off the swaths."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    kind = {"": "AM", "_pm": "PM"}[suffix]
    with h5py.File(folder / f"SMAP_L3_SM_P_{str(np.datetime64(date, 'D')).replace('-', '')}_{release}.h5", "w") as file:
        file.create_group("Soil_Moisture_Retrieval_Data_AM")
        group = file.require_group(f"Soil_Moisture_Retrieval_Data_{kind}")
        for variable, data in ((name, values), ("tb_time_seconds", seconds)):
            dtype = "f8" if variable.startswith("tb") else "f4"
            stored = np.where(np.isfinite(data), data, -9999.0).astype(dtype)
            group.create_dataset(variable + suffix, data=stored, compression="gzip", compression_opts=1).attrs["_FillValue"] = np.array(
                -9999.0, dtype
            )
        flag = np.where(np.isfinite(values), 0, 65534) if flag is None else flag
        group.create_dataset("retrieval_qual_flag" + suffix, data=flag.astype("u2"))
        if kind == "PM":
            file["Soil_Moisture_Retrieval_Data_AM"].create_dataset("soil_moisture", data=np.full((406, 964), -9999.0, "f4"))


def smap_day(date, value, hour=6.0):
    """A UTC day's composite of passes at local solar ``hour``: every pixel seen once, ``value(local date)`` as its value.

    Returns values and seconds (406, 964). Pixels whose pass falls within the UTC date are the swath; all are.
    """
    _, lon = ease.centres(406, 964)
    utc_hour = np.mod(hour - solar(lon), 24.0)
    local = np.datetime64(date, "D").astype("datetime64[s]") + np.round((utc_hour + solar(lon)) * 3600).astype("timedelta64[s]")
    seconds = (np.datetime64(date, "s") - np.datetime64("2000-01-01T12:00:00")) / np.timedelta64(1, "s") + utc_hour * 3600.0
    values = np.array([value(day) for day in local.astype("datetime64[D]")], dtype=float)
    return np.broadcast_to(values, (406, 964)), np.broadcast_to(seconds, (406, 964))


def one_day(root, date, number):
    """All products but leaf area index around one cell on a ``date``, of values that tell its ``number``, in folders below ``root``."""
    amsr(root / "amsr", date, lambda lon: 220.0 + number + 0 * lon, channels=("06",))
    smap(root / "smap", date, *smap_day(date, lambda _: 0.2 + 0.01 * number))
    for hour in (18, 21, 0):
        fields = {"SoilMoi0_10cm_inst": 20.0 + number, "SoilTMP0_10cm_inst": 280.0, "AvgSurfT_inst": 281.0, "Rainf_f_tavg": 1e-4}
        gldas(root / "gldas", date.astype("datetime64[s]") + np.timedelta64(hour, "h"), fields)


def lai(folder, starts, codes, *, west=89.0, east=93.0, south=30.0, north=33.0, step=0.05, qc=0,
        product="MCD15A2H.061", extra_qc=None):  # fmt: skip
    """An AppEEARS NetCDF of composites; ``codes(lat, lon, start)`` gives 8-bit codes (rows, columns); of VIIRS if ``product`` is."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    lat = np.arange(north - step / 2, south, -step)
    lon = np.arange(west + step / 2, east, step)
    starts = np.asarray(starts, dtype="datetime64[D]")
    with netCDF4.Dataset(folder / f"{product}_500m_aid0001.nc", "w") as file:
        for name, size in (("time", starts.size), ("lat", lat.size), ("lon", lon.size)):
            file.createDimension(name, size)
        file.createVariable("lat", "f8", ("lat",))[:] = lat
        file.createVariable("lon", "f8", ("lon",))[:] = lon
        time = file.createVariable("time", "i4", ("time",))
        time.units = "days since 2000-01-01 00:00:00"
        time[:] = [ordinal(start) for start in starts]
        variable = file.createVariable("Lai_500m" if product[0] == "M" else "Lai", "u1", ("time", "lat", "lon"), fill_value=255)
        variable.set_auto_maskandscale(False)
        variable.scale_factor = 0.1
        quality = file.createVariable("FparLai_QC", "u1", ("time", "lat", "lon"))
        for number, start in enumerate(starts):
            variable[number] = codes(lat[:, None], lon[None, :], start) * np.ones((lat.size, lon.size))
            quality[number] = qc
        if extra_qc is not None:
            file.createVariable("FparExtra_QC", "u1", ("time", "lat", "lon"))[:] = extra_qc
    return lat, lon
