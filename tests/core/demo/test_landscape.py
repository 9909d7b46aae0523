"""The landscape of the demo, and files that are written as copies of the first of their kind."""

import h5py
import netCDF4
import numpy as np
import pytest

from annsm_plugin.core import products
from annsm_plugin.core.demo import formats, terrain
from annsm_plugin.core.demo.request import LANDSCAPE, REGIONS
from annsm_plugin.core.demo.template import Templates
from annsm_plugin.core.foundation.grid import Grid

GRID = Grid.from_extent(REGIONS[LANDSCAPE])
LAT, LON = (a.ravel() for a in np.meshgrid(GRID.lat, GRID.lon, indexing="ij"))


def test_the_landscape_is_dry_in_the_west_wet_in_the_east_and_green_along_the_river():
    wet = terrain.wetness(LAT, LON)
    away = terrain.valley(LAT, LON) < 0.05
    assert wet[away & (LON < 91)].mean() < 0.4 * wet[away & (LON > 96)].mean()
    river = terrain.valley(GRID.lat[:, None] * np.ones(GRID.lon.size), GRID.lon[None, :] * np.ones((GRID.lat.size, 1))) > 0.6
    around = terrain.wetness(LAT, LON).reshape(GRID.shape)
    assert river.sum() > 20
    for column in range(GRID.lon.size):
        if river[:, column].any():
            assert around[river[:, column], column].mean() > around[~river[:, column], column].mean()


def test_neighbours_resemble_each_other_as_in_a_landscape():
    for field in (terrain.elevation(LAT, LON), terrain.wetness(LAT, LON), terrain.make_land(LAT, LON, 0).peak_lai):
        square = field.reshape(GRID.shape)
        assert np.corrcoef(square[:, 1:].ravel(), square[:, :-1].ravel())[0, 1] > 0.7


def test_cells_and_relief_are_of_one_land(tmp_path):
    from osgeo import gdal

    terrain.write(tmp_path / "landscape", REGIONS[LANDSCAPE])
    raster = gdal.Open(str(tmp_path / "landscape" / "relief.tif"))
    west, size, _, north, _, _ = raster.GetGeoTransform()
    heights = raster.GetRasterBand(1).ReadAsArray()
    for lat, lon in ((33.2, 92.4), (36.9, 96.1)):
        found = heights[int((north - lat) / size), int((lon - west) / size)]
        centre = north - size * (int((north - lat) / size) + 0.5), west + size * (int((lon - west) / size) + 0.5)
        assert found == pytest.approx(float(terrain.elevation(np.array(centre[0]), np.array(centre[1]))), abs=1)


def test_every_station_lies_in_the_region_and_two_share_a_cell():
    cells = [GRID.cell_of(*at) for at in terrain.STATIONS.values()]
    assert None not in cells
    assert len(set(cells)) == len(cells) - 1


def fields(seed, shape=(28, 36)):
    rng = np.random.default_rng(seed)
    return {
        name: rng.random(shape).astype("float32") for name in ("SoilMoi0_10cm_inst", "SoilTMP0_10cm_inst", "AvgSurfT_inst", "Rainf_f_tavg")
    }


def test_copies_hold_what_whole_files_hold(tmp_path):
    """GLDAS (contiguous) and AMSR (chunked, a part of the globe): copies against files that the library wrote whole."""
    templates = Templates()
    (tmp_path / "copy").mkdir()
    (tmp_path / "whole").mkdir()
    for number, date in enumerate(np.datetime64("2016-03-01") + np.arange(3)):
        rng = np.random.default_rng(number)
        steps = [fields(10 * number + step) for step in range(8)]
        pair = [np.where(rng.random(GRID.shape) < 0.2, np.nan, 200 + 80 * rng.random(GRID.shape)) for _ in range(2)]
        for folder, how in (("copy", templates), ("whole", None)):
            formats.gldas(tmp_path / folder, date, GRID, steps, how)
            formats.amsr(tmp_path / folder, date, "AMSR2", GRID, {"06": tuple(pair), "10": tuple(pair[::-1])}, how)
    names = sorted(path.name for path in (tmp_path / "whole").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "copy").iterdir())
    for name in names:
        opened = h5py.File if name.endswith(".h5") else netCDF4.Dataset
        with opened(tmp_path / "copy" / name) as ours, opened(tmp_path / "whole" / name) as theirs:
            if name.endswith(".h5"):
                for key in theirs:
                    assert np.array_equal(ours[key][...], theirs[key][...]), (name, key)
                    assert {k: str(v) for k, v in ours[key].attrs.items()} == {k: str(v) for k, v in theirs[key].attrs.items()}
            else:
                for key in theirs.variables:
                    assert np.array_equal(ours[key][...], theirs[key][...]), (name, key)
    one = products.read(tmp_path / "copy" / names[-1])
    assert one.attrs["product"] == "gldas" or one.attrs["product"] == "amsr_tb"


def test_what_lies_around_a_part_is_the_fill_value(tmp_path):
    templates = Templates()

    def make(path):
        with h5py.File(path, "w", libver="latest") as file:
            data = file.create_dataset("a", (20, 30), "i4", chunks=(8, 8), fillvalue=-7)
            data[5:10, 6:12] = 1

    templates.write(tmp_path / "first.h5", "k", make, {"a": np.ones((5, 6))}, (slice(5, 10), slice(6, 12)))
    values = np.arange(30).reshape(5, 6)
    templates.write(tmp_path / "second.h5", "k", make, {"a": values}, (slice(5, 10), slice(6, 12)))
    with h5py.File(tmp_path / "second.h5") as file:
        whole = file["a"][...]
    assert np.array_equal(whole[5:10, 6:12], values)
    whole[5:10, 6:12] = -7
    assert (whole == -7).all()


def test_a_compressed_array_cannot_be_replaced(tmp_path):
    def make(path):
        with h5py.File(path, "w") as file:
            file.create_dataset("a", data=np.zeros(100), compression="gzip")

    with pytest.raises(ValueError, match="compressed"):
        Templates().write(tmp_path / "a.h5", "k", make, {"a": np.zeros(100)})
