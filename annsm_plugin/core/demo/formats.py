"""Writes the files of the demo archive, one function per product, in the layout that the real files have.

In files with a global grid only the chunks of the region are written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..foundation.grid import Grid
from ..foundation.libraries import load
from ..products.readers import amsr as amsr_reader
from ..products.readers import ease
from .template import Templates

TITLE = "SYNTHETIC demo data of ANN-SM for QGIS; not an observation"

#: Chunks of the global 0.25 degree files: small, so that few are written for a region.
CHUNK = (40, 40)


def _day(date: np.datetime64) -> str:
    """The date as yyyymmdd."""
    return str(date).replace("-", "")


def _global(
    file: Any,
    name: str,
    shape: tuple[int, ...],
    dtype: str,
    fill: float,
    rows: slice,
    columns: slice,
    values: np.ndarray,
    attributes: Mapping[str, Any],
    chunks: tuple[int, ...] = CHUNK,
    packed: bool = True,
) -> None:
    """Write a dataset of an HDF5 file (or group) of which only the chunks under ``values`` take space; ``packed``: compressed."""
    chunks = chunks + (1,) * (len(shape) - len(chunks))
    compression = {"compression": "gzip", "compression_opts": 1} if packed else {}
    data = file.create_dataset(name, shape, dtype, chunks=chunks, fillvalue=fill, **compression)
    data[rows, columns] = values
    for key, value in attributes.items():
        data.attrs[key] = value


def _amsr_place(grid: Grid) -> tuple[slice, slice]:
    """Rows and columns of the region in the global grid of the AMSR products."""
    row, column = grid.rows_in(amsr_reader.LAT), grid.columns_in(amsr_reader.LON)
    return slice(int(row[0]), int(row[-1]) + 1), slice(int(column[0]), int(column[-1]) + 1)


def _text(value: str) -> np.ndarray:
    """A text as JAXA's files store it: an array of one text of fixed length."""
    return np.array([value.encode()])


def amsr(
    folder: Path,
    date: np.datetime64,
    sensor: str,
    grid: Grid,
    channels: Mapping[str, tuple[np.ndarray, np.ndarray]],
    templates: Templates | None = None,
) -> None:
    """AMSR L3 brightness temperature of a UTC date: one HDF5 file per channel, with both polarisations; 65535 where not seen."""
    h5py = load("h5py")
    rows, columns = _amsr_place(grid)
    prefix = "GW1AM2" if sensor == "AMSR2" else "GW1AME"
    for channel, pair in channels.items():
        counts = {
            f"Brightness Temperature ({letter})": np.where(np.isnan(values), 65535, np.rint(np.nan_to_num(values) / 0.01)).astype("uint16")
            for letter, values in zip("VH", pair)
        }

        def make(path: Path, counts: Mapping[str, np.ndarray] = counts) -> None:
            with h5py.File(path, "w", libver="latest") as file:
                for name, values in counts.items():
                    attributes = {"SCALE FACTOR": np.array([0.01], "float32"), "UNIT": _text("K")}
                    _global(file, name, (720, 1440), "uint16", 65535, rows, columns, values, attributes, packed=templates is None)
                file.attrs["OrbitDirection"] = _text("Descending")
                file.attrs["SensorShortName"] = _text(sensor)
                file.attrs["Title"] = _text(TITLE)

        path = folder / f"{prefix}_{_day(date)}_01D_EQMD_L3SGT{channel}LA2220220.h5"
        if templates is None:
            make(path)
        else:
            templates.write(path, ("amsr", sensor), make, counts, (rows, columns))


def jaxa(folder: Path, date: np.datetime64, sensor: str, grid: Grid, moisture: np.ndarray, times: np.ndarray) -> None:
    """JAXA L3 soil moisture content of a UTC date."""
    h5py = load("h5py")
    rows, columns = _amsr_place(grid)
    prefix = "GW1AM2" if sensor == "AMSR2" else "GW1AME"
    counts = np.where(np.isnan(moisture), -32768, np.rint(np.nan_to_num(moisture) * 1000.0)).astype("int16")
    start = np.datetime64(date, "s").astype("int64")
    minutes = np.where(np.isnan(times), -32768, np.rint((np.nan_to_num(times) - start) / 60.0)).astype("int16")
    with h5py.File(folder / f"{prefix}_{_day(date)}_01D_EQMD_L3SGSMCLF3300300.h5", "w", libver="latest") as file:
        attributes = {"SCALE FACTOR": np.array([0.1], "float32"), "UNIT": _text("%")}
        _global(file, "Geophysical Data", (720, 1440, 1), "int16", -32768, rows, columns, counts[:, :, None], attributes)
        _global(file, "Time Information", (720, 1440), "int16", -32768, rows, columns, minutes, {"UNIT": _text("min")})
        file.attrs["Title"] = _text(TITLE)


def smap(
    folder: Path,
    date: np.datetime64,
    rows: slice,
    columns: slice,
    passes: Sequence[Mapping[str, np.ndarray]],
    templates: Templates | None = None,
) -> None:
    """SPL3SMP version 8 of a UTC date: a group for the morning and one for the evening, fill values outside the swaths."""
    h5py = load("h5py")
    shape, chunks = ease.SMAP_36KM, (58, 60)
    floats = {"_FillValue": np.float32(-9999.0)}
    limits = {**floats, "valid_min": np.float32(0.02), "valid_max": np.float32(0.5), "units": np.bytes_("cm**3/cm**3")}
    codes = {"_FillValue": np.uint16(65534)}
    datasets: dict[str, tuple[np.ndarray, str, float, Mapping[str, Any]]] = {}
    for group, suffix, p in zip(("AM", "PM"), ("", "_pm"), passes):
        seen = p["flag"] != 65534
        moisture = np.nan_to_num(p["soil_moisture"], nan=-9999.0)
        own: dict[str, tuple[np.ndarray, str, float, Mapping[str, Any]]] = {
            "soil_moisture": (moisture, "float32", -9999.0, limits),
            "retrieval_qual_flag": (p["flag"], "uint16", 65534, codes),
        }
        if group == "AM":
            own.update({f"{name}_dca": dataset for name, dataset in own.items()})
        own["surface_flag"] = np.where(seen, np.where(p["frozen"], 0x180, 0), 65534), "uint16", 65534, codes
        own["latitude"] = np.where(seen, p["lat"], -9999.0), "float32", -9999.0, floats
        own["longitude"] = np.where(seen, p["lon"], -9999.0), "float32", -9999.0, floats
        seconds = np.nan_to_num(p["seconds"], nan=-9999.0)
        own["tb_time_seconds"] = seconds, "float64", -9999.0, {"_FillValue": -9999.0, "units": np.bytes_("seconds")}
        datasets.update({f"Soil_Moisture_Retrieval_Data_{group}/{name}{suffix}": dataset for name, dataset in own.items()})

    def make(path: Path) -> None:
        with h5py.File(path, "w", libver="latest") as file:
            for name, (values, dtype, fill, attributes) in datasets.items():
                _global(file, name, shape, dtype, fill, rows, columns, values, attributes, chunks, packed=templates is None)
            file.create_group("Metadata").attrs["title"] = TITLE

    path = folder / f"SMAP_L3_SM_P_{_day(date)}_R18290_001.h5"
    if templates is None:
        make(path)
    else:
        templates.write(path, "smap", make, {name: values for name, (values, *_) in datasets.items()}, (rows, columns))


def gldas(
    folder: Path, date: np.datetime64, grid: Grid, steps: Sequence[Mapping[str, np.ndarray]], templates: Templates | None = None
) -> None:
    """GLDAS-2.1 Noah of a UTC date: eight files as GES DISC's regional subsets, south first."""
    netcdf = load("netCDF4")
    rows, columns = steps[0]["SoilMoi0_10cm_inst"].shape
    north, west = grid.lat[0] + 0.25 * ((rows - grid.lat.size) // 2), grid.lon[0] - 0.25 * ((columns - grid.lon.size) // 2)
    lat, lon = (north - 0.25 * np.arange(rows))[::-1], west + 0.25 * np.arange(columns)
    begin = (np.datetime64(date, "m") - np.datetime64("2000-01-01T03:00", "m")).astype(int)
    units = {"SoilMoi0_10cm_inst": "kg m-2", "SoilTMP0_10cm_inst": "K", "AvgSurfT_inst": "K", "Rainf_f_tavg": "kg m-2 s-1"}
    for number, fields in enumerate(steps):
        minutes = begin + number * 180

        def make(path: Path, fields: Mapping[str, np.ndarray] = fields, minutes: int = minutes) -> None:
            with netcdf.Dataset(str(path), "w", format="NETCDF4") as file:
                file.set_auto_maskandscale(False)
                for name, size in (("time", 1), ("lat", rows), ("lon", columns)):
                    file.createDimension(name, size)
                time = file.createVariable("time", "f8", ("time",))
                time.units = " minutes since 2000-01-01 03:00:00"
                time[:] = minutes
                for name, axis in (("lat", lat), ("lon", lon)):
                    file.createVariable(name, "f4", (name,))[:] = axis
                for name, values in fields.items():
                    data = file.createVariable(name, "f4", ("time", "lat", "lon"), fill_value=np.float32(-9999.0))
                    data.setncatts({"units": units[name], "missing_value": np.float32(-9999.0)})
                    data[0] = values[::-1]
                file.title = TITLE

        path = folder / f"GLDAS_NOAH025_3H.A{_day(date)}.{number * 3:02d}00.021.nc4.SUB.nc4"
        if templates is None:
            make(path)
        else:
            arrays = {"time": np.array([minutes], dtype=float), **{name: values[np.newaxis, ::-1] for name, values in fields.items()}}
            templates.write(path, "gldas", make, arrays)


def lprm(folder: Path, date: np.datetime64, sensor: str, grid: Grid, moisture: np.ndarray, mask: np.ndarray, times: np.ndarray) -> None:
    """LPRM L3 of a UTC date, descending overpass: (Longitude, Latitude), percent."""
    netcdf = load("netCDF4")
    row, column = grid.rows_in(amsr_reader.LAT), grid.columns_in(-179.875 + 0.25 * np.arange(1440))
    place = slice(int(column[0]), int(column[-1]) + 1), slice(int(row[0]), int(row[-1]) + 1)
    new = sensor == "AMSR2"
    name = f"LPRM-AMSR2_L3_D_SOILM3_V001_{_day(date)}193000.nc4" if new else f"LPRM-AMSR_E_L3_D_SOILM3_V002_{_day(date)}193000.nc"
    percent = np.where(np.isnan(moisture), -32767, np.rint(np.nan_to_num(moisture) * 100.0)).T
    seconds = np.where(np.isnan(times), 0.0, np.nan_to_num(times) - float(np.datetime64("1993-01-01", "s").astype("int64"))).T
    with netcdf.Dataset(str(folder / name), "w", format="NETCDF4_CLASSIC") as file:
        file.set_auto_maskandscale(False)
        file.createDimension("Longitude", 1440)
        file.createDimension("Latitude", 720)
        file.createVariable("Longitude", "f4", ("Longitude",))[:] = -179.875 + 0.25 * np.arange(1440)
        file.createVariable("Latitude", "f4", ("Latitude",))[:] = amsr_reader.LAT
        for band in ("soil_moisture_c1", "soil_moisture_x") if new else ("soil_moisture_c", "soil_moisture_x"):
            data = _chunked(file, band, "i2", np.int16(-32767))
            data.set_auto_maskandscale(False)
            data.setncatts({"scale_factor": 1.0, "units": "percent"})
            data[place] = percent.astype("i2")
        if new:
            _chunked(file, "mask", "i2", np.int16(512))[place] = mask.T.astype("i2")
        _chunked(file, "scantime", "f8", 0.0)[place] = seconds
        file.title = TITLE


def _chunked(file: Any, name: str, dtype: str, fill: Any) -> Any:
    """A new variable (Longitude, Latitude) of a netCDF file, in chunks."""
    return file.createVariable(name, dtype, ("Longitude", "Latitude"), zlib=True, complevel=1, chunksizes=CHUNK, fill_value=fill)


def smos(
    folder: Path,
    date: np.datetime64,
    lat: np.ndarray,
    lon: np.ndarray,
    moisture: np.ndarray,
    days: np.ndarray,
    seconds: np.ndarray,
    dqx: np.ndarray,
    rfi: np.ndarray,
) -> None:
    """SMOS L3 (CLF31A) of a UTC date: a regional subset, netCDF-3 with 64-bit offsets, south first."""
    netcdf = load("netCDF4")
    name = f"SM_RE04_MIR_CLF31A_{_day(date)}T000000_{_day(date)}T235959_300_001_7.DBL.nc"
    scale = 3.05185094759971e-05
    with netcdf.Dataset(str(folder / name), "w", format="NETCDF3_64BIT_OFFSET") as file:
        file.set_auto_maskandscale(False)
        for axis, values in (("lat", lat), ("lon", lon)):
            file.createDimension(axis, values.size)
            file.createVariable(axis, "f4", (axis,))[:] = values
        packed = (("Soil_Moisture", moisture), ("Soil_Moisture_Dqx", dqx))
        for key, values in packed:
            data = file.createVariable(key, "i2", ("lat", "lon"), fill_value=np.int16(-32768))
            data.set_auto_maskandscale(False)
            data.setncatts({"scale_factor": scale, "units": "m3.m-3"})
            data[:] = np.where(np.isnan(values), -32768, np.rint(np.nan_to_num(values) / scale)).astype("i2")
        data = file.createVariable("Rfi_Prob", "i1", ("lat", "lon"), fill_value=np.int8(-128))
        data.set_auto_maskandscale(False)
        data.scale_factor = 0.01
        data[:] = np.rint(rfi * 100.0).astype("i1")
        for key, values in (("Mean_Acq_Time_Days", days), ("Mean_Acq_Time_Seconds", seconds)):
            data = file.createVariable(key, "i4", ("lat", "lon"), fill_value=np.int32(-2147483647))
            data[:] = np.where(np.isnan(values), -2147483647, np.nan_to_num(values)).astype("i4")
        file.title = TITLE
