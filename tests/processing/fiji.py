"""A small region in the south and across the dateline, with product files and records whose values tell cell and day."""

from __future__ import annotations

import matching_archive as archive
import numpy as np
import planted_cubes
from osgeo import gdal
from record_cubes import write_annsm

from annsm_plugin.core.foundation import store

#: West, south, east, north; 6 x 8 cells.
BOUNDS = (179.0, -18.0, 181.0, -16.5)
EXTENT = "179,181,-18,-16.5 [EPSG:4326]"
SHAPE = (6, 8)
LAT = BOUNDS[3] - 0.125 - 0.25 * np.arange(SHAPE[0])
LON = BOUNDS[0] + 0.125 + 0.25 * np.arange(SHAPE[1])

#: Cells that never have a value: not symmetric in any way.
DEAD = np.zeros(SHAPE, dtype=bool)
DEAD[[0, 0, 1, 4], [0, 1, 0, 6]] = True

#: Days of the matched cube and of the product files that it needs.
DAYS = np.arange("2016-03-02", "2016-03-05", dtype="datetime64[D]")
AROUND = np.arange(DAYS[0] - 1, DAYS[-1] + 2)

#: Days of the cube for training, and of the record for months and trend.
TRAINING = np.datetime64("2015-04-01") + np.arange(420)
RECORD = np.arange("2013-01-01", "2016-05-01", dtype="datetime64[D]")

#: Rise of the record per day in each cell, m3 m-3.
RISE = 1e-6 * (10 + np.arange(48).reshape(SHAPE))


def _place(lat, lon):
    """0-1599: different in every cell within ten degrees."""
    row, column = np.round((89.875 - lat) / 0.25).astype(int), np.round(np.mod(lon, 360.0) / 0.25 - 0.5).astype(int)
    return row % 40 * 40 + column % 40


def brightness(lat, lon, days) -> np.ndarray:
    """K on ``days`` (datetime64, broadcast with lat and lon): 20 K a day, 0.01 K a cell; a third is missing."""
    day, place = (days - AROUND[0]).astype(int), _place(lat, lon)
    gone = np.random.default_rng(0).random((AROUND.size + 1, 1600)) < 1 / 3
    return np.where(gone[day, place], np.nan, 150.0 + 20.0 * day + 0.01 * place)


def soil_temperature(lat, lon):
    """K, the same every day."""
    return 270.0 + 0.01 * _place(lat, lon)


def elevation(lat, lon):
    """m."""
    return 1000.0 + _place(lat, lon)


def cells(function, *days):
    """A function of latitude, longitude (and day) in the cells of the region, the north first."""
    if days:
        return function(LAT[None, :, None], LON[None, None, :], days[0][:, None, None])
    return function(LAT[:, None], LON[None, :])


def write_products(root) -> dict:
    """Product files of ``AROUND`` on the globe and a raster of the elevation; the parameters of annsm:match that name them."""
    lat = 89.875 - 0.25 * np.arange(720)[:, None]
    for date in AROUND:
        # The file of a UTC date holds each pixel's pass at 01:30 local that falls within it.
        local = date + np.floor((np.mod(1.5 - archive.solar(archive.AMSR_LON), 24.0) + archive.solar(archive.AMSR_LON)) / 24.0).astype(int)
        archive.amsr(root / "amsr", date, lambda lon, local=local: brightness(lat, lon, local), channels=("06", "10"))
        archive.smap(root / "smap", date, *archive.smap_day(date, lambda day: 0.1 + 0.01 * (day - AROUND[0]).astype(int)))
        temperature = soil_temperature(archive.GLDAS_LAT[:, None], archive.GLDAS_LON)
        fields = {"SoilMoi0_10cm_inst": 20.0, "SoilTMP0_10cm_inst": temperature, "AvgSurfT_inst": temperature, "Rainf_f_tavg": 1e-4}
        for hour in range(0, 24, 3):
            archive.gldas(root / "gldas", date.astype("datetime64[s]") + np.timedelta64(hour, "h"), fields)
    starts = np.arange("2016-02-18", "2016-03-20", 8, dtype="datetime64[D]")
    archive.lai(root / "lai", starts, lambda lat, lon, start: 10, west=177.0, east=183.0, south=-20.0, north=-15.0)
    raster = gdal.GetDriverByName("GTiff").Create(str(root / "elevation.tif"), 1440, 720, 1, gdal.GDT_Float32)
    raster.SetGeoTransform((-180.0, 0.25, 0.0, 90.0, 0.0, -0.25))
    raster.SetProjection(store.WGS84)
    raster.GetRasterBand(1).WriteArray(elevation(lat, -179.875 + 0.25 * np.arange(1440)).astype("float32"))
    raster = None
    return {**{name.upper(): root / name for name in ("amsr", "smap", "gldas", "lai")}, "EXTRA": root / "elevation.tif"}


def write_cube(path) -> dict:
    """A cube that can be trained, with gaps and rain, nothing in the ``DEAD`` cells; its arrays by name."""
    values = planted_cubes.gappy(days=TRAINING.size, shape=SHAPE)
    for value in values.values():
        value[:, DEAD] = np.nan
    attributes = {"title": "Planted cube", "history": "made for a test"}
    planted_cubes.write(path, values, extent=BOUNDS, start=TRAINING[0], attributes=attributes)
    return values


def record() -> np.ndarray:
    """m3 m-3 on the days of ``RECORD``: rises by ``RISE`` every day, nothing in the ``DEAD`` cells."""
    return np.where(DEAD, np.nan, 0.2 + RISE * np.arange(RECORD.size)[:, None, None]).astype("float32")


def write_record(path) -> None:
    """An ANN-SM file of the record."""
    attributes = {"title": "Planted record", "history": "made for a test"}
    write_annsm(path, record(), extent=BOUNDS, start=RECORD[0], attributes=attributes)
