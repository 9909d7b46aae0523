"""Writes an archive of any length in the products' own formats and sizes: global fields, one chunk each, that compress about as real ones.

A few contents are written per product and copied under all dates, with the times inside put right, so that a year takes a minute.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import h5py
import netCDF4
import numpy as np
from scipy.ndimage import gaussian_filter

CHANNELS = ("06", "07", "10", "18", "23")
TILES = ("h23v05", "h24v05", "h25v05", "h26v05", "h27v05", "h24v06", "h25v06", "h26v06", "h27v06")

#: Different contents per product.
CONTENTS = 3


def _rough(random, shape, mean, spread, noise):
    """A smooth field with fine noise, as geophysical fields are."""
    smooth = gaussian_filter(random.standard_normal(shape), 12)
    return mean + spread * smooth / smooth.std() + noise * random.standard_normal(shape)


def write(folder, start: str, days: int, seed: int = 0) -> dict[str, Path]:
    """Write AMSR2, GLDAS, SMAP and LAI files for the plateau's local days from ``start``; the folders by ``match``'s argument names."""
    random = np.random.default_rng(seed)
    folders = {name: Path(folder) / name for name in ("amsr", "gldas", "smap", "lai")}
    for path in folders.values():
        path.mkdir(parents=True, exist_ok=True)
    dates = np.arange(np.datetime64(start) - 1, np.datetime64(start) + days + 1)
    _amsr(folders["amsr"], random, dates)
    _gldas(folders["gldas"], random, dates)
    _smap(folders["smap"], random, dates)
    _lai(folders["lai"], random, dates)
    return folders


def _text(date) -> str:
    return str(date).replace("-", "")


def _amsr(folder, random, dates) -> None:
    first = {}
    for channel in CHANNELS:
        for number in range(CONTENTS):
            path = folder / f".{channel}_{number}.h5"
            with h5py.File(path, "w") as file:
                for letter in "HV":
                    counts = _rough(random, (720, 1440), 24000, 3000, 40).clip(8000, 33000).astype("u2")
                    counts[:, (np.arange(1440) // 90) % 4 == number] = 65534
                    name = f"Brightness Temperature ({letter})"
                    data = file.create_dataset(name, data=counts, chunks=counts.shape, compression="gzip", compression_opts=4, shuffle=True)
                    data.attrs["SCALE FACTOR"] = np.array([0.01], "float32")
                file.attrs["OrbitDirection"] = np.array([b"Descending"])
            first[channel, number] = path
    for place, date in enumerate(dates):
        for channel in CHANNELS:
            target = folder / f"GW1AM2_{_text(date)}_01D_EQMD_L3SGT{channel}LA2220220.h5"
            shutil.copyfile(first[channel, place % CONTENTS], target)
    for path in first.values():
        path.unlink()


def _gldas(folder, random, dates) -> None:
    sources = []
    for number in range(CONTENTS):
        path = folder / f".{number}.nc4"
        with netCDF4.Dataset(path, "w") as file:
            for name, size in (("time", 1), ("lat", 600), ("lon", 1440)):
                file.createDimension(name, size)
            file.createVariable("lat", "f4", ("lat",))[:] = -59.875 + 0.25 * np.arange(600)
            file.createVariable("lon", "f4", ("lon",))[:] = -179.875 + 0.25 * np.arange(1440)
            time = file.createVariable("time", "f8", ("time",))
            time.units = " minutes since 2000-01-01 03:00:00"
            time[:] = 0.0
            fields = {"SoilMoi0_10cm_inst": (25, 5, 0.2), "SoilTMP0_10cm_inst": (285, 10, 0.2), "AvgSurfT_inst": (285, 10, 0.3)}
            sea = _rough(random, (600, 1440), 0, 1, 0) > 0.0
            for name, about in {**fields, "Rainf_f_tavg": (0.0, 1e-4, 1e-6)}.items():
                put = file.createVariable(
                    name, "f4", ("time", "lat", "lon"), zlib=True, shuffle=True, fill_value=np.float32(-9999.0), chunksizes=(1, 600, 1440)
                )
                put[0] = np.where(sea, -9999.0, np.maximum(_rough(random, (600, 1440), *about), 0.0))
        sources.append(path)
    for place, stamp in enumerate(np.arange(dates[0], dates[-1] + 2, np.timedelta64(3, "h"), dtype="datetime64[m]")):
        if stamp.astype("datetime64[h]").astype(int) % 24 not in (18, 21, 0):
            continue
        text = str(stamp).replace("-", "").replace(":", "").replace("T", ".")
        target = folder / f"GLDAS_NOAH025_3H.A{text}.021.nc4"
        shutil.copyfile(sources[place % CONTENTS], target)
        with h5py.File(target, "r+") as file:
            file["time"][:] = (stamp - np.datetime64("2000-01-01T03:00", "m")) / np.timedelta64(1, "m")
    for path in sources:
        path.unlink()


def _smap(folder, random, dates) -> None:
    source = folder / ".one.h5"
    shape = (406, 964)
    swath = np.broadcast_to((np.arange(964) // 40) % 2 == 0, shape)
    lon = -180.0 + (np.arange(964) + 0.5) * 360.0 / 964
    seconds = np.where(swath, (np.mod(6.0 - lon / 15.0, 24.0) - 12.0) * 3600.0, -9999.0)
    with h5py.File(source, "w") as file:
        for kind, suffix in (("AM", ""), ("PM", "_pm")):
            group = file.create_group(f"Soil_Moisture_Retrieval_Data_{kind}")
            values = np.where(swath, _rough(random, shape, 0.2, 0.05, 0.01).clip(0.02, 0.5), -9999.0).astype("f4")
            for name, data in (("soil_moisture", values), ("surface_temperature", values), ("tb_time_seconds", seconds)):
                group.create_dataset(name + suffix, data=data, chunks=shape, compression="gzip", compression_opts=2)
    for number, date in enumerate(dates):
        target = folder / f"SMAP_L3_SM_P_{_text(date)}_R18290_001.h5"
        shutil.copyfile(source, target)
        since = (np.datetime64(date, "s") - np.datetime64("2000-01-01T00:00", "s")) / np.timedelta64(1, "s")
        with h5py.File(target, "r+") as file:
            half = np.roll(swath, 40 * (number % 2), axis=1)
            stamps = np.where(half, np.where(swath, seconds, np.roll(seconds, 40, axis=1)) + since, -9999.0)
            file["Soil_Moisture_Retrieval_Data_AM/tb_time_seconds"][...] = stamps
    source.unlink()


def _lai(folder, random, dates) -> None:
    from annsm_plugin.core.demo.lai_tiles import write_tile

    year = str(dates[0])[:4]
    starts = np.arange(np.datetime64(f"{year}-01-01") - 9 * 8, dates[-1] + 20, 8)
    sources = {}
    for tile in TILES:
        codes = _rough(random, (2400, 2400), 12, 6, 3).clip(0, 70).astype("u1")
        sources[tile] = folder / f".{tile}.hdf"
        write_tile(sources[tile], (int(tile[1:3]), int(tile[4:6])), codes, np.zeros_like(codes))
    for start in starts[(starts > dates[0] - 24) & (starts < dates[-1] + 20)]:
        day = int((start - start.astype("datetime64[Y]").astype("datetime64[D]")).astype(int)) + 1
        for tile, source in sources.items():
            shutil.copyfile(source, folder / f"MCD15A2H.A{str(start)[:4]}{day:03d}.{tile}.061.{str(start)[:4]}{day:03d}000000.hdf")
    for source in sources.values():
        source.unlink()
