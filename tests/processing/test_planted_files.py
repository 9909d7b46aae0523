"""Planted values, as QGIS sees them on its own: any region in its place and right side up, and every mistake noticed."""

from __future__ import annotations

import shutil

import netCDF4
import numpy as np
import pytest
from osgeo import gdal, osr
from written_files import Raster, look, netcdf

from annsm_plugin.core.foundation import store
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.foundation.variables import Variable

#: West, south, east, north: wide ones, one at each seam of the globe, and those of a single row, column or cell.
REGIONS = {
    "plateau": (73, 26, 105, 40),
    "across the dateline": (170, 50, 190, 55),
    "south": (140, -30, 150, -20),
    "across the equator and Greenwich": (-2, -1, 1, 2),
    "at 180 W": (-180, -10, -175, -5),
    "one row": (90, 30, 92, 30.25),
    "one column": (90, 30, 90.25, 33),
    "one cell across the dateline": (180, -17, 180.25, -16.75),
}

#: A record with the gap between the radiometers, longer than a chunk of the file.
DATES = np.datetime64("2011-08-01") + np.r_[:65, 336:346]


def planted(bounds) -> np.ndarray:
    """Values of every day and cell that tell both (whole numbers, exact in single precision), the north first; a tenth is missing."""
    west, south, east, north = bounds
    row = 4 * (90 - north) + np.arange(4 * (north - south))
    column = 4 * (west + 180) + np.arange(4 * (east - west))
    values = (np.arange(DATES.size)[:, None, None] * 720 + row[:, None]) * 128 + column % 128
    return np.where(np.random.default_rng(1).random(values.shape) < 0.1, np.nan, values)


def write_planted(folder, bounds) -> list[Raster]:
    """A cube of planted values, a byte and a field without days in it, and a GeoTIFF of three bands."""
    grid, values = Grid.from_extent(bounds), planted(bounds)
    odd, names = values % 2, ("first", "second", "third")
    variables = ["sm_gldas", "screened", ("elevation", Variable("elevation", "m"))]
    with store.GridWriter(folder / "cube.nc", grid, DATES, variables, {}, per_cell=("elevation",)) as out:
        out.put("sm_gldas", slice(None), values)
        out.put("screened", slice(None), odd)
        out.put("elevation", None, values[0])
    store.write_raster(folder / "map.tif", values[:3], grid, bands=names)
    return [
        netcdf(folder / "cube.nc", "sm_gldas", values, bounds, DATES),
        netcdf(folder / "cube.nc", "screened", odd, bounds, DATES),
        netcdf(folder / "cube.nc", "elevation", values[0], bounds),
        Raster(str(folder / "map.tif"), values[:3], bounds, names),
    ]


@pytest.mark.parametrize("region", REGIONS)
def test_planted_values_of_any_region(tmp_path, region):
    assert look(*write_planted(tmp_path, REGIONS[region])) == []


def spoil_netcdf(file, what):
    """Make one mistake in a written cube."""
    values, (west, step, _, north, _, _) = file["sm_gldas"], file["crs"].GeoTransform.split()
    if what == "rows upside down":
        values[:] = values[:, ::-1]
    elif what == "latitudes from the south, rows from the north":
        file["lat"][:] = file["lat"][::-1]
    elif what == "half a cell east":
        file["crs"].GeoTransform = f"{float(west) + 0.125} {step} 0 {north} 0 -{step}"
        file["lon"][:] = file["lon"][:] + 0.125
    elif what == "a cell south":
        file["crs"].GeoTransform = f"{west} {step} 0 {float(north) - 0.25} 0 -{step}"
        file["lat"][:] = file["lat"][:] - 0.25
    elif what == "a day late":
        file["time"][:] = file["time"][:] + 1
    elif what == "two days exchanged":
        values[[0, 1]] = values[[1, 0]]
    elif what == "missing values as numbers":
        values[:] = np.ma.filled(values[:], 0.0)


def spoil_tif(raster, what):
    """Make one mistake in a written map."""
    values, transform = raster.ReadAsArray(), raster.GetGeoTransform()
    if what == "mirrored":
        raster.WriteArray(values[..., ::-1])
    elif what == "half a cell east":
        raster.SetGeoTransform((transform[0] + 0.125, *transform[1:]))
    elif what == "south up":
        raster.SetGeoTransform((*transform[:3], transform[3] - raster.RasterYSize * 0.25, 0.0, 0.25))
    elif what == "another reference system":
        reference = osr.SpatialReference()
        reference.ImportFromEPSG(4490)
        raster.SetProjection(reference.ExportToWkt())
    elif what == "bands exchanged":
        raster.WriteArray(values[[1, 0, 2]])
    elif what == "no missing values":
        for band in range(1, raster.RasterCount + 1):
            raster.GetRasterBand(band).DeleteNoDataValue()


SPOILED = {
    "nc": ("rows upside down", "latitudes from the south, rows from the north", "half a cell east", "a cell south", "a day late",
           "two days exchanged", "missing values as numbers"),
    "tif": ("mirrored", "half a cell east", "south up", "another reference system", "bands exchanged", "no missing values"),
}  # fmt: skip


def test_what_is_wrong_is_noticed(tmp_path):
    """The same look at files with one mistake each: every mistake is seen, and nothing where there is none."""
    cube, _, _, raster = write_planted(tmp_path, REGIONS["south"])
    other = netcdf(shutil.copy(tmp_path / "cube.nc", tmp_path / "other.nc"), "sm_gldas", cube.values, cube.bounds, DATES)
    with netCDF4.Dataset(tmp_path / "other.nc", "a") as file:  # latitudes and rows from the south: as right as from the north
        file["lat"][:], file["sm_gldas"][:] = file["lat"][::-1], file["sm_gldas"][:, ::-1]
    wrong = {}
    for number, what in enumerate(SPOILED["nc"]):
        path = shutil.copy(tmp_path / "cube.nc", tmp_path / f"{number}.nc")
        with netCDF4.Dataset(path, "a") as file:
            spoil_netcdf(file, what)
        wrong[f"nc: {what}"] = netcdf(path, "sm_gldas", cube.values, cube.bounds, DATES)
    for number, what in enumerate(SPOILED["tif"]):
        path = shutil.copy(tmp_path / "map.tif", tmp_path / f"{number}.tif")
        spoil_tif(gdal.Open(str(path), gdal.GA_Update), what)
        wrong[f"tif: {what}"] = Raster(str(path), raster.values, raster.bounds, raster.bands)
    assert look(cube, raster, other) == []
    found = look(*wrong.values())
    assert [what for what, each in wrong.items() if not any(line.startswith(f"{each.source} ") for line in found)] == []
