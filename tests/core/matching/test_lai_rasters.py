"""AppEEARS exports of leaf area index: GeoTIFFs in longitude and latitude, in the sinusoidal grid and in others, NetCDF by any ending."""

import datetime

import netCDF4
import numpy as np
import pytest
from lai_rasters import SINUSOIDAL, TIF, raster
from osgeo import gdal

from annsm_plugin.core import products
from annsm_plugin.core.foundation.errors import ProductError


def test_a_geotiff_in_longitude_and_latitude(tmp_path):
    codes = np.arange(200, dtype="u1").reshape(10, 20)
    path = raster(tmp_path / TIF, codes, (90.0, 0.1, 0, 31.0, 0, -0.1), "EPSG:4326")
    arrays = products.read_arrays(path)
    assert arrays.lat == pytest.approx(30.95 - 0.1 * np.arange(10)) and arrays.lon == pytest.approx(90.05 + 0.1 * np.arange(20))
    assert arrays.variables["lai"][3, 7] == pytest.approx(6.7) and np.isnan(arrays.variables["lai"][9, 19])
    assert arrays.attrs["date"] == str(datetime.date(2016, 2, 18))


@pytest.mark.parametrize("method", ["linear", "area"])
def test_a_geotiff_in_the_sinusoidal_grid_is_what_its_tile_is(tmp_path, method):
    """The same codes as a part of a tile, as an export in the native projection, and as a whole tile, give one field."""
    from types import SimpleNamespace

    from annsm_plugin.core.demo import lai_tiles
    from annsm_plugin.core.foundation.grid import Grid
    from annsm_plugin.core.foundation.progress import SILENT
    from annsm_plugin.core.matching.files import Files
    from annsm_plugin.core.matching.lai import Lai

    random = np.random.default_rng(4)
    codes = random.integers(0, 101, (2400, 2400), dtype=np.uint8)
    tiles, tifs = tmp_path / "tiles", tmp_path / "tifs"
    tiles.mkdir()
    tifs.mkdir()
    lai_tiles.write_tile(tiles / "MCD15A2H.A2016049.h25v05.061.2016061000000.hdf", (25, 5), codes, np.zeros_like(codes))
    pixel, side = 463.312716528, 1111950.519667
    first, left = 1200, 300
    corner = (-18 * side + 25 * side + left * pixel, pixel, 0.0, 9 * side - 5 * side - first * pixel, 0.0, -pixel)
    raster(tifs / TIF, codes[first:2200, left:], corner, SINUSOIDAL)
    grid = Grid.from_extent((91.0, 31.5, 93.0, 33.0))
    window = (90.5, 31.0, 93.5, 33.5)
    fields = []
    for folder in (tiles, tifs):
        files = Files("LAI", products.find(folder, "lai"), window)
        plan = SimpleNamespace(grid=grid, lai_method=method, lai_barren_zero=True, days=np.array(["2016-02-22"], "M8[D]"))
        fields.append(Lai(plan, files).block(plan.days, SILENT)["lai"][0])
        assert not files.bad
    assert np.isfinite(fields[0]).all()
    assert fields[1] == pytest.approx(fields[0], abs=1e-6)


@pytest.mark.parametrize(("projection", "words"), [("EPSG:32646", "UTM"), ("EPSG:6933", "EASE"), ("", "none")])
def test_a_geotiff_in_another_projection_is_refused(tmp_path, projection, words):
    path = raster(tmp_path / TIF, np.full((10, 20), 5, "u1"), (400000.0, 500.0, 0, 3450000.0, 0, -500.0), projection)
    with pytest.raises(ProductError, match=f"projection.*{words}"):
        products.read_arrays(path)


def test_a_geotiff_of_floats_is_refused(tmp_path):
    path = raster(tmp_path / TIF, np.full((10, 20), 0.5, "f4"), (90.0, 0.1, 0, 31.0, 0, -0.1), "EPSG:4326", gdal.GDT_Float32)
    with pytest.raises(ProductError, match="float32"):
        products.read_arrays(path)


def test_an_export_ending_in_nc4_is_read(tmp_path):
    path = tmp_path / "MCD15A2H.061_500m_aid0001.nc4"
    with netCDF4.Dataset(path, "w") as file:
        for name, axis in (("time", np.array([5893.0])), ("lat", 31.0 - 0.1 * np.arange(5)), ("lon", 90.0 + 0.1 * np.arange(7))):
            file.createDimension(name, axis.size)
            file.createVariable(name, "f8", (name,))[:] = axis
        file["time"].units = "days since 2000-01-01"
        file.createVariable("Lai_500m", "u1", ("time", "lat", "lon"))[:] = 17
    arrays = products.read_arrays(path)
    assert arrays.variables["lai"] == pytest.approx(np.full((1, 5, 7), 1.7))
    assert arrays.coords["time"][0] == np.datetime64("2016-02-19")


def test_the_quality_beside_a_geotiff_is_read(tmp_path):
    codes = np.arange(100, dtype=np.uint8).reshape(10, 10)
    raster(tmp_path / TIF, codes, (90.0, 0.005, 0, 33.0, 0, -0.005), "EPSG:4326")
    assert "lai_qc" not in products.read_arrays(tmp_path / TIF).variables
    beside = tmp_path / TIF.replace("Lai_500m", "FparLai_QC")
    raster(beside, codes[::-1].copy(), (90.0, 0.005, 0, 33.0, 0, -0.005), "EPSG:4326")
    np.testing.assert_array_equal(products.read_arrays(tmp_path / TIF).variables["lai_qc"], codes[::-1])
    raster(beside, codes[:5], (90.0, 0.005, 0, 33.0, 0, -0.005), "EPSG:4326")
    with pytest.raises(ProductError, match="5 x 10 pixels"):
        products.read_arrays(tmp_path / TIF)
