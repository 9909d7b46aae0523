"""Rasters and predictors of others: damaged, sparse beyond measure or nowhere on the earth, they are one sentence; a library without end
costs a worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import files_of_strangers
import lai_rasters
import numpy as np
import pytest
from osgeo import gdal

from annsm_plugin.core.foundation import machine, store
from annsm_plugin.core.foundation.errors import CubeError, ParameterError
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.foundation.progress import SILENT
from annsm_plugin.core.matching import extra
from annsm_plugin.core.matching.predictors import sampling
from annsm_plugin.core.study import chain_parts
from annsm_plugin.core.workers import examining

ROOT = Path(__file__).resolve().parents[3]
GRID = Grid.from_extent(files_of_strangers.EXTENT)


def sparse(path, size, transform):
    raster = gdal.GetDriverByName("GTiff").Create(str(path), size, size, 1, gdal.GDT_Byte, ["SPARSE_OK=TRUE", "TILED=YES", "BIGTIFF=YES"])
    raster.SetGeoTransform(transform)
    raster.SetProjection(store.WGS84)
    raster = None
    return path


@pytest.fixture
def slope(tmp_path):
    codes = np.random.default_rng(0).integers(0, 200, (200, 200)).astype("u1")
    return lai_rasters.raster(tmp_path / "slope.tif", codes, (90.0, 0.02, 0.0, 34.0, 0.0, -0.02), "EPSG:4326")


def refused(call, error, path, words):
    with pytest.raises(error, match=words) as caught:
        call()
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_a_raster_that_is_cut_off_or_none(slope):
    assert np.isfinite(sampling.warped(slope, GRID)).any()
    content = slope.read_bytes()
    for length, words in ((len(content) // 2, "cannot be read"), (100, "cannot be read"), (4, "cannot be read")):
        slope.write_bytes(content[:length])
        refused(lambda: sampling.warped(slope, GRID), ParameterError, slope, words)
        refused(lambda: chain_parts.bands_of(slope), CubeError, slope, words)


def test_a_raster_larger_than_its_file_and_one_that_lies_nowhere(tmp_path):
    huge = sparse(tmp_path / "huge.tif", 200_000, (90.0, 1e-4, 0.0, 34.0, 0.0, -1e-4))
    assert huge.stat().st_size < 20_000_000
    refused(lambda: extra.one_band(huge, "The extra predictor"), ParameterError, huge, "200000 x 200000 pixels in")
    nowhere = sparse(tmp_path / "nowhere.tif", 100, (90.0, float("nan"), 0.0, 34.0, 0.0, -0.1))
    refused(lambda: extra.one_band(nowhere, "STRATA:"), ParameterError, nowhere, "pixels that lie nowhere")
    wide = sparse(tmp_path / "wide.tif", 2000, (90.0, 0.01, 0.0, 34.0, 0.0, -0.01))
    with pytest.raises(ParameterError, match=r"wide\.tif has 1 bands of 2000 x 2000"):
        chain_parts.bands_of(wide)


def test_rasters_are_looked_at_in_a_worker(slope):
    look = examining._Examiner()
    try:
        assert look(slope) == "" and look._worker is not None
        slope.write_bytes(slope.read_bytes()[:100])
        assert look(slope) == "" and look._worker is None  # damaged: what opens it here says why
    finally:
        look._close()


def test_predictors_damaged_in_the_middle_name_the_variable(tmp_path):
    path = tmp_path / "extra.nc"
    files_of_strangers._extra(path)
    content, told = path.read_bytes(), set()
    for at in range(8000, len(content) - 4000, 4000):
        path.write_bytes(content[:at] + bytes(3000) + content[at + 3000 :])
        try:
            found = extra.check([path], ())
            extra.Daily(found, GRID).block(files_of_strangers.DAYS, SILENT)
            for one in found:
                if not one.daily:
                    extra.static(one, GRID)
        except ParameterError as error:
            assert str(path) in str(error) and "\n" not in str(error)
            told.update(name for name in ("ndvi", "elevation") if f"'{name}' that cannot be read" in str(error))
    assert "ndvi" in told


def test_a_fine_predictor_is_read_in_parts(tmp_path, monkeypatch):
    path = tmp_path / "extra.nc"
    files_of_strangers._extra(path)
    (one,) = [each for each in extra.check([path], ()) if not each.daily]
    whole = extra.static(one, GRID)
    monkeypatch.setattr(sampling, "_PIXELS", 90)
    np.testing.assert_allclose(extra.static(one, GRID), whole, rtol=1e-12)
    assert np.isfinite(whole).all()


def test_a_worker_that_comes_to_no_end_is_ended():
    code = "from annsm_plugin.core.foundation import machine\nwith machine.at_most(0.2):\n    pass\n"
    code += "print('past', flush=True)\nwith machine.at_most(0.2):\n    while True: pass\n"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout == "past\n" and done.returncode not in (0, 1)


@pytest.mark.skipif(os.name == "nt", reason="needs pipes")
def test_a_worker_that_waits_for_what_never_comes_is_ended(tmp_path, monkeypatch):
    code = "import sys, time\nfrom annsm_plugin.core.foundation import machine\nwith machine.at_most(0.05):\n    pass\n"
    code += "print('past', flush=True)\nwith machine.at_most(0.05):\n    time.sleep(60)\n"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert done.stdout == "past\n" and done.returncode == -signal.SIGALRM
    os.mkfifo(tmp_path / "a.nc")
    look = examining._Examiner()
    try:
        look._started()
        monkeypatch.setattr(machine, "PATIENCE", 0.2)
        assert "it waited in vain" in look(tmp_path / "a.nc")
    finally:
        look._close()


@pytest.mark.skipif(os.name == "nt", reason="needs SIGSTOP")
def test_a_full_computer_makes_no_file_a_damaged_one(slope, monkeypatch):
    """What counts is the time of the processor that a library takes: here the worker is stopped for longer than it may take."""
    look = examining._Examiner()
    try:
        worker = look._started()
        monkeypatch.setattr(machine, "PATIENCE", 0.5)
        worker.child.send_signal(signal.SIGSTOP)
        threading.Timer(1.0, worker.child.send_signal, [signal.SIGCONT]).start()
        assert look(slope) == "" and look._worker is worker
    finally:
        look._close()
