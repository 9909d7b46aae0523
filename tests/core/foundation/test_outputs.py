"""Outputs of steps: none is an input or another output, however it is spelled; nothing of an earlier file counts for the new one."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from annsm_plugin.core.foundation import paths, store
from annsm_plugin.core.foundation.errors import ParameterError
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.foundation.requests import Request, option
from annsm_plugin.core.stations import points


@dataclass(frozen=True)
class Asked(Request):
    STEP = "test"

    source: Any = option("file", "Source", "A file.", None)
    extra: Any = option("files", "Extra", "Files.", ())
    output: Any = option("file_out", "Output", "A text.", None, extension="txt")
    map: Any = option("raster_out", "Map", "A map.", None)


@store.step
def run(request: Asked) -> None:
    """Write "new" to every output."""
    for path in request.outputs().values():
        store.write_text(path, "new")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "link").symlink_to(tmp_path)
    (tmp_path / "in.txt").write_text("precious")
    os.link(tmp_path / "in.txt", tmp_path / "hard.txt")
    return tmp_path


@pytest.mark.parametrize("spelled", ["in.txt", "sub/../in.txt", "link/in.txt", "./link/sub/../in.txt", "hard.txt"])
@pytest.mark.parametrize("field", ["source", "extra"])
def test_no_output_is_an_input(folder, spelled, field, monkeypatch):
    monkeypatch.chdir(folder)
    given = folder / "in.txt" if field == "source" else [str(folder / "in.txt")]
    with pytest.raises(ParameterError, match=rf"^(OUTPUT and {field.upper()}) are the same file, .*; choose another output\.$"):
        run(Asked(**{field: given}, output=spelled))
    assert (folder / "in.txt").read_text() == "precious"
    run(Asked(**{field: given}, output="sub/in.txt"))
    assert (folder / "sub" / "in.txt").read_text() == "new"


@pytest.mark.parametrize("spelled", ["sub/a.txt", "sub/../sub/a.txt", "link/sub/a.txt"])
@pytest.mark.parametrize("there", [False, True])
def test_no_two_outputs_are_one_file(folder, spelled, there):
    if there:
        (folder / "sub" / "a.txt").write_text("old")
    with pytest.raises(ParameterError, match=r"^MAP and OUTPUT are the same file"):
        run(Asked(output=folder / "sub" / "a.txt", map=folder / spelled))
    assert there == (folder / "sub" / "a.txt").exists()
    run(Asked(output=folder / "sub" / "a.txt", map=folder / "sub" / "A.tif"))


def test_the_file_of_a_source_of_qgis():
    assert paths.file_of("/a b/s.gpkg|layername=s") == paths.file_of("/a b/s.gpkg") == "/a b/s.gpkg"
    assert paths.file_of("file:///a%20b/p.csv?encoding=UTF-8&xField=lon&yField=lat") == str(Path("/a b/p.csv"))


def test_what_lies_beside_a_map_is_not_of_the_one_before(tmp_path):
    from osgeo import gdal

    grid = Grid.from_extent((70, 20, 110, 50))
    for value in (0.9, 0.1):
        store.write_raster(tmp_path / "r.tif", np.full(grid.shape, value), grid)
        store.write_raster(tmp_path / "other.tif", np.full(grid.shape, value), grid)
        with store.gdal_errors():
            for name in ("r.tif", "other.tif"):
                raster = gdal.Open(str(tmp_path / name))
                assert raster.GetRasterBand(1).GetOverviewCount() == 0
                raster.BuildOverviews("AVERAGE", [2])
                assert raster.GetRasterBand(1).ComputeStatistics(False)[2] == pytest.approx(value)
                raster = None
        store.write_raster(tmp_path / "r.tif", np.full(grid.shape, value), grid)
        assert sorted(p.name for p in tmp_path.glob("r.*")) == ["r.tif"]
        assert sorted(p.name for p in tmp_path.glob("other.*")) == ["other.tif", "other.tif.aux.xml", "other.tif.ovr"]


def test_what_sqlite_had_still_to_write_does_not_get_into_the_next_database(tmp_path):
    path = tmp_path / "a.gpkg"
    points.write_points(path, [{"lat": 1, "lon": 2, "name": "old"}])
    left = f"""
import os, sqlite3
open_one = sqlite3.connect({str(path)!r})
open_one.execute("pragma journal_mode=wal")
open_one.execute("create table of_the_old (x)")
open_one.commit()
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", left], check=True)
    assert (tmp_path / "a.gpkg-wal").exists()
    points.write_points(path, [{"lat": 1, "lon": 2, "name": "new"}])
    with contextlib.closing(sqlite3.connect(path)) as made:
        assert made.execute("select name from stations").fetchall() == [("new",)]
        assert made.execute("select name from sqlite_master where name = 'of_the_old'").fetchall() == []
