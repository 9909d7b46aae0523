"""Writes what a validation against stations reads: ANN-SM, a cube, stations, and years of global LPRM, JAXA and SMOS files.

A few contents are written per product and laid under all dates, with the times inside put right. Sizes and chunks are those of the
products as far as they are known; SMOS files are uncompressed netCDF-3, of which only the rows of the plateau hold values.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import h5py
import netCDF4
import numpy as np
from global_archive import CONTENTS, _rough
from scipy.io import netcdf_file

from annsm_plugin.core.foundation import store
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.products.readers import ease
from annsm_plugin.core.stations import reading as stations

#: Centres of 15 station cells: Naqu, Maqu, Ngari (lat, lon).
CELLS = (
    [(31.125 + 0.25 * i, 91.875 + 0.25 * j) for i in range(2) for j in range(3)]
    + [(33.625 + 0.25 * i, 101.875 + 0.25 * j) for i in range(2) for j in range(3)]
    + [(32.375, 79.875), (32.375, 80.125), (33.375, 79.625)]
)

#: Stands for the day in the file that is copied under all dates.
_MARK = 0x0BADF00D


def write(folder, start: str, days: int, seed: int = 0) -> dict[str, Path]:
    """Write everything for ``days`` local days from ``start``; paths by the argument names of ``validation.validate_stations``."""
    random = np.random.default_rng(seed)
    folder = Path(folder)
    dates = np.datetime64(start) + np.arange(days)
    files = np.datetime64(start) + np.arange(-1, days + 1)
    paths = {name: folder / name for name in ("lprm", "jaxa", "smos")}
    for path in paths.values():
        path.mkdir(parents=True, exist_ok=True)
    _lprm(paths["lprm"], random, files)
    _jaxa(paths["jaxa"], random, files)
    _smos(paths["smos"], random, files)
    grid = Grid.from_extent()
    paths["annsm"] = _gridded(folder / "annsm.nc", "annsm", grid, dates, ["soil_moisture"], random)
    paths["cube"] = _gridded(folder / "cube.nc", "cube", grid, dates, ["sm_gldas", "sm_smap"], random)
    paths["stations"] = _stations(folder / "stations.nc", dates, random)
    return paths


def _text(date) -> str:
    return str(date).replace("-", "")


def _gridded(path, kind, grid, dates, names, random):
    with store.GridWriter(path, grid, dates, names, {"annsm_kind": kind, "channels": "common"}) as out:
        for first in range(0, dates.size, 64):
            count = min(64, dates.size - first)
            for name in names:
                out.put(name, slice(first, first + count), np.round(0.25 + 0.05 * random.standard_normal((count, *grid.shape)), 4))
    return path


def _stations(path, dates, random):
    times = np.arange(dates[0], dates[-1] + 1, np.timedelta64(1, "h"), dtype="datetime64[s]")
    found = []
    for number, (lat, lon) in enumerate(CELLS):
        for site in range(2):
            values = np.clip(0.25 + 0.05 * random.standard_normal(times.size), 0.01, 0.6)
            about = (f"S{number:02d}{site}", "BENCH", lat + 0.02 * site, lon, (0.0, 0.05), "probe")
            found.append(stations.Station(*about, times, values))
    return stations.write_series(path, found)


def _lprm(folder, random, dates) -> None:
    sources = []
    shape = (1440, 720)
    for number in range(CONTENTS):
        path = folder / f".{number}.nc4"
        with netCDF4.Dataset(path, "w", format="NETCDF4_CLASSIC") as file:
            for name, first, step, size in (("Longitude", -179.875, 0.25, 1440), ("Latitude", 89.875, -0.25, 720)):
                file.createDimension(name, size)
                file.createVariable(name, "f8", (name,))[:] = first + step * np.arange(size)
            swath = (np.arange(1440) // 90) % 4 != number
            for name in ("soil_moisture_c1", "soil_moisture_c2", "soil_moisture_x"):
                put = file.createVariable(name, "i2", ("Longitude", "Latitude"), fill_value=np.int16(-32767), zlib=True, chunksizes=shape)
                put.set_auto_scale(False)
                put.scale_factor = 1.0
                values = _rough(random, shape, 30, 12, 2).clip(0, 99)
                put[:] = np.where(swath[:, None], values, -32767).astype("i2")
            file.createVariable("mask", "i2", ("Longitude", "Latitude"), zlib=True, chunksizes=shape)[:] = np.where(swath[:, None], 0, 512)
            put = file.createVariable("scantime", "f8", ("Longitude", "Latitude"), zlib=True, chunksizes=shape)
            lon = -179.875 + 0.25 * np.arange(1440)
            # The file of a UTC day: 01:30 local, brought into the day.
            put[:] = np.broadcast_to((np.mod(1.5 - lon / 15.0, 24.0) * 3600.0)[:, None], shape)
        sources.append(path)
    for place, date in enumerate(dates):
        target = folder / f"LPRM-AMSR2_L3_D_SOILM3_V001_{_text(date)}013000.nc4"
        shutil.copyfile(sources[place % CONTENTS], target)
        since = (np.datetime64(date, "s") - np.datetime64("1993-01-01", "s")) / np.timedelta64(1, "s")
        with h5py.File(target, "r+") as file:
            file["scantime"][...] = file["scantime"][...] + since
        _ascending(target, "_L3_D_", "_L3_A_")
    for path in sources:
        path.unlink()


def _ascending(target, down, up) -> None:
    """The other orbit's file beside it, which is listed and not opened."""
    os.link(target, target.with_name(target.name.replace(down, up)))


def _jaxa(folder, random, dates) -> None:
    sources = []
    for number in range(CONTENTS):
        path = folder / f".{number}.h5"
        swath = (np.arange(1440) // 90) % 4 != number
        lon = 0.125 + 0.25 * np.arange(1440)
        minutes = np.mod(1.5 - ((lon + 180.0) % 360.0 - 180.0) / 15.0, 24.0) * 60.0
        with h5py.File(path, "w") as file:
            counts = np.where(swath, _rough(random, (720, 1440), 150, 60, 10).clip(0, 600), -32768).astype("i2")
            more = {"compression": "gzip", "shuffle": True}
            put = file.create_dataset("Geophysical Data", data=counts[:, :, None], chunks=(720, 1440, 1), **more)
            put.attrs["SCALE FACTOR"] = np.array([0.1], "float32")
            times = np.where(swath, np.broadcast_to(minutes, counts.shape), -32768).astype("i2")
            file.create_dataset("Time Information", data=times, chunks=counts.shape, **more)
        sources.append(path)
    for place, date in enumerate(dates):
        target = folder / f"GW1AM2_{_text(date)}_01D_EQMD_L3SGSMCLF3300300.h5"
        os.link(sources[place % CONTENTS], target)
        _ascending(target, "_EQMD_", "_EQMA_")
    for path in sources:
        path.unlink()


def _smos(folder, random, dates) -> None:
    lat, lon = ease.centres(*ease.SMOS_25KM)
    lat = lat[::-1]
    inside = np.flatnonzero((lat > 25.0) & (lat < 41.0))
    source = folder / ".one.nc"
    shape = (lat.size, lon.size)
    seconds = np.broadcast_to(np.mod(5.67 - lon / 15.0, 24.0) * 3600.0, shape).astype("i4")
    file = netcdf_file(source, "w", version=2)
    for name, axis in (("lat", lat), ("lon", lon)):
        file.createDimension(name, axis.size)
        file.createVariable(name, "f4", (name,))[:] = axis
    scale = 3.05185094759971e-05
    fields = {"Soil_Moisture": ("i2", scale), "Soil_Moisture_Dqx": ("i2", scale), "Rfi_Prob": ("i1", 0.00787), "Science_Flags": ("i4", 1.0)}
    fields.update(Mean_Acq_Time_Days=("i4", 1.0), Mean_Acq_Time_Seconds=("i4", 1.0))
    for name, (kind, factor) in fields.items():
        put = file.createVariable(name, kind, ("lat", "lon"))
        values = np.zeros(shape)
        if name == "Soil_Moisture":
            values[inside] = _rough(random, (inside.size, lon.size), 0.2, 0.05, 0.02).clip(0, 0.6) / scale
            values[values == 0] = -32768
        if name == "Mean_Acq_Time_Seconds":
            values[inside] = seconds[inside]
        if name == "Mean_Acq_Time_Days":
            values[inside] = _MARK
        put[:] = np.round(values)
        put.scale_factor, put._FillValue = factor, np.array({"i1": -128, "i2": -32768, "i4": -2147483647}[kind], dtype=kind)
    file.close()
    whole = source.read_bytes()
    mark = np.full(inside.size * lon.size, _MARK, dtype=">i4").tobytes()
    first = whole.index(mark)
    for date in dates:
        rows = np.full(inside.size * lon.size, (date - np.datetime64("2000-01-01")).astype(int), dtype=">i4").tobytes()
        target = folder / f"SM_RE04_MIR_CLF31A_{_text(date)}T000000_{_text(date)}T235959_300_001_7.DBL.nc"
        _sparse(target, whole[:first] + rows + whole[first + len(rows) :])
    source.unlink()


def _sparse(target, content: bytes, block: int = 2**16) -> None:
    """Write a file whose blocks of zeros take no space."""
    with open(target, "wb") as file:
        for start in range(0, len(content), block):
            part = content[start : start + block]
            if any(part):
                file.seek(start)
                file.write(part)
        file.truncate(len(content))
