"""The store: whole or not at all, checkpoints, gridded files that are CF and read back, rasters the right way up."""

from __future__ import annotations

import gc
import os

import netCDF4
import numpy as np
import pytest
from record_cubes import write_cube

from annsm_plugin.core.foundation import store
from annsm_plugin.core.foundation.errors import CubeError, ParameterError
from annsm_plugin.core.foundation.grid import Grid

GRID = Grid.from_extent((89, 30, 91, 31))
DATES = np.arange("2016-02-27", "2016-03-03", dtype="datetime64[D]")


def test_atomic_replaces_only_when_whole(tmp_path):
    path = tmp_path / "result.txt"
    path.write_text("old")
    with pytest.raises(RuntimeError), store.atomic(path) as part:
        part.write_text("half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["result.txt"]
    with store.atomic(path) as part:
        part.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"


def test_leftovers_of_killed_runs_are_removed(tmp_path):
    leftover = tmp_path / ".a[1].nc.part-99999.nc"
    other = tmp_path / ".b.nc.part-99999.nc"
    leftover.write_text("half")
    other.write_text("half")
    with store.atomic(tmp_path / "a[1].nc") as part:
        part.write_text("whole")
    assert not leftover.exists() and other.exists()


def test_a_refused_rename_keeps_the_finished_file(tmp_path, monkeypatch):
    path = tmp_path / "a.nc"
    real = type(path).replace

    def refuse(self, target):
        if str(target) == str(path):
            raise PermissionError
        return real(self, target)

    monkeypatch.setattr(type(path), "replace", refuse)
    with pytest.raises(Exception, match="held open") as caught, store.atomic(path) as part:
        part.write_text("whole")
    assert (tmp_path / "a-finished.nc").read_text() == "whole"
    assert "a-finished.nc" in str(caught.value)


def test_checkpoint_survives_and_knows_its_settings(tmp_path):
    output = tmp_path / "cube.nc"
    first = store.Checkpoint(output, {"a": 1})
    first.save("block0", x=np.arange(3), note=np.array("text"))
    again = store.Checkpoint(output, {"a": 1})
    assert again.load("block0")["x"].tolist() == [0, 1, 2] and str(again.load("block0")["note"]) == "text"
    assert again.count() == 1 and again.load("block1") is None
    assert store.Checkpoint(output, {"a": 2}).load("block0") is None


def test_a_cut_off_block_is_not_finished(tmp_path):
    checkpoint = store.Checkpoint(tmp_path / "cube.nc", {})
    checkpoint.save("block0", x=np.arange(1000))
    path = checkpoint.folder / "block0.npz"
    whole = path.read_bytes()
    for size in (0, 10, len(whole) // 2, len(whole) - 5):
        path.write_bytes(whole[:size])
        assert checkpoint.load("block0") is None
    checkpoint.clear()
    assert not checkpoint.folder.exists()


def _write(path, values):
    with store.GridWriter(path, GRID, DATES, ["sm_gldas", "sensor"], {"annsm_kind": "cube"}) as out:
        for number in range(DATES.size):
            out.put("sm_gldas", number, values[number])
        out.put("sensor", slice(0, 3), np.array([1, 2, 2]))
        out.attribute("late", 5)


def test_grid_writer_reads_back(tmp_path):
    values = np.random.default_rng(0).random((DATES.size, *GRID.shape))
    values[1, 2, 3] = np.nan
    _write(tmp_path / "a.nc", values)
    with store.open_grid(tmp_path / "a.nc", kind="cube", needs=("sm_gldas",)) as data:
        assert data["sm_gldas"].values == pytest.approx(values, abs=1e-6, nan_ok=True)
        assert (data["time"].values.astype("datetime64[D]") == DATES).all()
        assert data["sensor"].values.tolist()[:3] == [1, 2, 2] and np.isnan(data["sensor"].values[3:]).all()
        assert data.attrs["late"] == 5 and data.attrs["Conventions"] == "CF-1.11"
        assert store.grid_of(data).bounds == GRID.bounds
    with netCDF4.Dataset(tmp_path / "a.nc") as file:
        assert all(file[name].grid_mapping == "crs" for name in ("sm_gldas", "sensor"))
        assert all(hasattr(file[name], "units") and hasattr(file[name], "long_name") for name in ("sm_gldas", "sensor"))


def test_a_writer_that_fails_leaves_nothing(tmp_path):
    with pytest.raises(KeyError), store.GridWriter(tmp_path / "a.nc", GRID, DATES, ["sm_gldas"], {}) as out:
        out.put("lai", 0, np.zeros(GRID.shape))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("extent", [(89, 30, 91, 31), (179, 30, 181, 31)])
def test_gdal_sees_it_georeferenced_and_right_side_up(tmp_path, extent):
    from osgeo import gdal

    grid = Grid.from_extent(extent)
    values = np.arange(grid.lat.size * grid.lon.size, dtype=float).reshape(grid.shape)
    with store.GridWriter(tmp_path / "a.nc", grid, DATES[:2], ["sm_gldas"], {}) as out:
        out.put("sm_gldas", 0, values)
    store.write_raster(tmp_path / "a.tif", values, grid, units="1")
    west, _, _, north = grid.bounds
    for name in (f'NETCDF:"{tmp_path}/a.nc":sm_gldas', str(tmp_path / "a.tif")):
        raster = gdal.Open(name)
        assert raster.GetGeoTransform() == pytest.approx((west, 0.25, 0, north, 0, -0.25))
        assert "4326" in raster.GetProjection()
        band = raster.GetRasterBand(1)
        assert np.array_equal(np.frombuffer(band.ReadRaster(buf_type=gdal.GDT_Float64)).reshape(grid.shape), values)
        assert band.GetNoDataValue() == -9999.0


def test_open_grid_says_what_is_wrong(tmp_path):
    with pytest.raises(CubeError, match="no such file"):
        store.open_grid(tmp_path / "none.nc", kind="cube")
    (tmp_path / "text.nc").write_text("text")
    with pytest.raises(CubeError, match="does not open"):
        store.open_grid(tmp_path / "text.nc", kind="cube")
    _write(tmp_path / "a.nc", np.zeros((DATES.size, *GRID.shape)))
    with pytest.raises(CubeError, match="with 'sm_smap'"):
        store.open_grid(tmp_path / "a.nc", kind="cube", needs=("sm_smap",))
    with netCDF4.Dataset(tmp_path / "b.nc", "w") as file:
        file.createDimension("x", 2)
    with pytest.raises(CubeError, match="time, lat, lon"):
        store.open_grid(tmp_path / "b.nc", kind="cube")


def test_output_paths(tmp_path):
    assert store.check_output(tmp_path / "a.nc", ".nc") == tmp_path / "a.nc"
    for path, words in (
        (tmp_path / "a.txt", "must end in"),
        (tmp_path, "must end in|is a folder"),
        (tmp_path / "no" / "a.nc", "does not exist"),
    ):
        with pytest.raises(ParameterError, match=words):
            store.check_output(path, ".nc")


def test_fingerprint_changes_with_the_file(tmp_path):
    path = tmp_path / "a"
    path.write_text("1")
    before = store.fingerprint(path)
    os.utime(path, ns=(1, 1))
    assert store.fingerprint(path) != before


def test_an_open_file_keeps_few_chunks(tmp_path):
    """The library's own choice, for each variable, is more than what a step works on; what others open is left alone."""
    write_cube(tmp_path / "cube.nc")
    before = netCDF4.get_chunk_cache()
    with store.open_grid(tmp_path / "cube.nc", kind="cube"):
        open_files = [o for o in gc.get_objects() if type(o) is netCDF4.Dataset and o.isopen() and o.filepath().endswith("cube.nc")]
        sizes = {v.get_var_chunk_cache()[0] for file in open_files for name, v in file.variables.items() if len(v.dimensions) == 3}
    assert len(sizes) == 1 and max(sizes) <= store.reading.CACHE
    assert netCDF4.get_chunk_cache() == before
