"""Outputs of steps: none is an input or another output, however it is spelled; what may only be read stays, and so do links; nothing of an
earlier file counts for the new one."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from annsm_plugin.core.foundation import paths, store
from annsm_plugin.core.foundation.errors import AnnsmError, ParameterError
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


def test_a_file_that_may_only_be_read_is_not_replaced(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("precious")
    path.chmod(0o444)
    with pytest.raises(ParameterError, match=r"is there and may only be read; choose another name"):
        run(Asked(output=path))
    assert path.read_text() == "precious" and path.stat().st_mode & 0o777 == 0o444
    path.chmod(0o644)
    run(Asked(output=path))
    assert path.read_text() == "new" and [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_a_link_stays_and_the_file_to_which_it_leads_is_written(tmp_path):
    disk, here = tmp_path / "disk", tmp_path / "here"
    disk.mkdir()
    here.mkdir()
    link = here / "a.txt"
    link.symlink_to(disk / "real.txt")
    for text in ("first", "second"):  # it leads to nothing, then to a file
        with store.atomic(link) as part:
            assert part.parent == disk
            part.write_text(text)
        assert (disk / "real.txt").read_text() == text and link.is_symlink()
    with store.held(link), pytest.raises(ParameterError, match="same file"):
        run(Asked(source=disk / "real.txt", output=link))
    run(Asked(output=link))
    assert (disk / "real.txt").read_text() == "new" and link.is_symlink()
    assert sorted(p.name for p in (*disk.iterdir(), *here.iterdir())) == ["a.txt", "real.txt"]
    (disk / "real.txt").chmod(0o444)
    with pytest.raises(ParameterError, match="may only be read"):
        run(Asked(output=link))


def test_two_runs_do_not_write_one_file_through_a_link(tmp_path):
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    said = []

    def other():
        try:
            run(Asked(output=tmp_path / "link.txt"))
        except AnnsmError as error:
            said.append(str(error))

    with store.held(tmp_path / "real.txt"):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert "is being written by another run" in said[0]


@pytest.mark.parametrize("target", ["folder", "device", "itself", "gone/a.txt"])
def test_a_link_to_what_is_no_file_is_refused_or_replaced(tmp_path, target):
    (tmp_path / "folder").mkdir()
    link = tmp_path / "a.txt"
    link.symlink_to({"folder": tmp_path / "folder", "device": "/dev/null", "itself": link}.get(target, tmp_path / target))
    if target == "itself":
        run(Asked(output=link))
        assert link.read_text() == "new"
        return
    with pytest.raises(ParameterError, match=r"is a folder|is there and no file|does not exist"):
        run(Asked(output=link))
    assert link.is_symlink()


def test_a_link_of_another_user_is_not_followed(tmp_path, monkeypatch):
    (tmp_path / "mine.txt").write_text("precious")
    link = tmp_path / "a.txt"
    link.symlink_to(tmp_path / "mine.txt")
    owner = link.lstat().st_uid
    if owner == 0:
        os.chown(link, 65534, 65534, follow_symlinks=False)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    store.write_text(link, "new")
    assert (tmp_path / "mine.txt").read_text() == "precious" and link.read_text() == "new"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (".txt", r"is an ending without a name; expected a name before it, such as result\.txt"),
        ("a.run.json", "has the name of a run record"),
        ("a.nc", r"must end in \.txt; it ends in '\.nc'"),
        ("x" * 300 + ".txt", "has 304 bytes; expected at most 200"),
        ("no/a.txt", "The folder of the output .* does not exist"),
        ("made/in/a.txt", "The folder of the output .* does not exist"),
    ],
)
def test_names_that_cannot_be_written(tmp_path, name, said):
    extensions = (".json",) if name.endswith("json") else (".txt",)
    for made in (None, tmp_path / "made"):
        with pytest.raises(ParameterError, match=said):
            store.check_output(tmp_path / name, *extensions, made=made)
    assert store.check_output(tmp_path / "made" / "a.txt", ".txt", made=tmp_path / "sub" / ".." / "made")


@dataclass(frozen=True)
class Drawn(Request):
    STEP = "test"

    output: Any = option("file_out", "Output", "A text.", None, extension="txt")
    figures: Any = option("folder_out", "Figures", "A folder.", None, asked=True)


@store.step
def draw(request: Drawn) -> None:
    """Write "new" to the text, then a file into the folder."""
    store.write_text(request.output, "new")
    with store.atomic_folder(request.figures) as part:
        store.write_text(part / "a.txt", "new")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("in.txt", r"cannot be made: .*in\.txt is a file; expected a folder, or a name for a new one"),
        ("in.txt/new", r"cannot be made: .*in\.txt is a file"),
        ("gone", r"cannot be made: .*gone is a link to .*nowhere, which is not there"),
        ("x" * 250, "has 250 bytes; expected at most 200"),
        ("y" * 300 + "/new", "has 300 bytes; expected at most 200"),
    ],
)
def test_a_folder_that_cannot_be_made_is_said_before_work_is_lost(folder, name, said):
    (folder / "gone").symlink_to(folder / "nowhere")
    with pytest.raises(ParameterError, match=rf"output folder .*{said}"):
        draw(Drawn(output=folder / "out.txt", figures=folder / name))
    assert not (folder / "out.txt").exists()


def test_a_folder_in_which_only_others_may_write(folder, monkeypatch):
    """Root may write everywhere."""
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != folder / "sub")
    with pytest.raises(ParameterError, match=r"The output folder .*figures cannot be written to\."):
        draw(Drawn(output=folder / "out.txt", figures=folder / "sub" / "figures"))
    assert not (folder / "out.txt").exists()


@pytest.mark.parametrize("name", ["new", "new/and/deeper", "sub", "link", "x" * 200, "v1." + "y" * 197, "[a]*/b?", "."])
def test_a_folder_that_can_be_made_or_is_there(folder, name, monkeypatch):
    monkeypatch.chdir(folder)
    draw(Drawn(output="out.txt", figures=name))
    assert (folder / name / "a.txt").read_text() == "new"
    assert not [path for path in folder.rglob(".*") if path.name.startswith(".")]


def test_files_that_cannot_be_moved_are_told_and_the_others_moved(folder, monkeypatch):
    """As on Windows, where a viewer holds files."""
    plain, held = Path.replace, [f"{number:02}.txt" for number in range(20)]

    def refused(self, target):
        if Path(target).name in held:
            raise PermissionError(13, "held")
        return plain(self, target)

    monkeypatch.setattr(Path, "replace", refused)
    (folder / "sub" / "c.txt").mkdir()
    (folder / "sub" / "00.txt").write_text("old")
    with pytest.raises(AnnsmError) as told, store.atomic_folder(folder / "sub") as part:
        for name in ("a.txt", *held, "c.txt", "d.txt"):
            (part / name).write_text("new")
    assert f"these could not be replaced: {', '.join(held[: store.whole.MOST_NAMES])} and 9 more. Are they open" in str(told.value)
    assert "finished" not in str(told.value) and str(folder / "sub") in str(told.value)
    assert sorted(path.name for path in (folder / "sub").iterdir()) == ["00.txt", "a.txt", "c.txt", "d.txt"]
    assert (folder / "sub" / "00.txt").read_text() == "old"


def test_a_file_that_is_a_link_to_another_disk(folder, monkeypatch):
    """A file cannot be renamed onto another disk."""
    plain, far = Path.replace, folder / "far"
    far.mkdir()
    (far / "a.txt").write_text("old")
    (folder / "sub" / "a.txt").symlink_to(far / "a.txt")

    def refused(self, target):
        if Path(target).parent == far and self.parent != far:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return plain(self, target)

    monkeypatch.setattr(Path, "replace", refused)
    with store.atomic_folder(folder / "sub") as part:
        (part / "a.txt").write_text("new")
    assert (folder / "sub" / "a.txt").is_symlink() and (far / "a.txt").read_text() == "new"
    assert [path.name for path in (*far.iterdir(), *(folder / "sub").iterdir())] == ["a.txt", "a.txt"]


def test_a_finished_file_that_cannot_get_its_name_is_where_the_error_says(folder, monkeypatch):
    """As on Windows, where a virus scanner holds a new file."""
    plain = Path.replace

    def refused(self, target):
        if Path(target).name == "a.txt":
            raise PermissionError(13, "held")
        return plain(self, target)

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(AnnsmError) as told, store.atomic_folder(folder / "new") as part:
        store.write_text(part / "a.txt", "new")
    kept = folder / "new" / "a-finished.txt"
    assert f"The finished result is in {kept}:" in str(told.value)
    assert [path.name for path in kept.parent.iterdir()] == [kept.name] and kept.read_text() == "new"


@pytest.mark.parametrize("there", [False, True])
def test_a_second_run_does_not_write_into_a_folder_that_is_being_written(folder, there):
    figures, second = folder / "deep" / "figures", []
    if there:
        figures.mkdir(parents=True)

    def write():
        try:
            with store.atomic_folder(figures) as part:
                (part / "a.txt").write_text("second")
        except AnnsmError as error:
            second.append(str(error))

    with store.atomic_folder(figures) as part:
        other = threading.Thread(target=write)
        other.start()
        other.join()
        (part / "a.txt").write_text("first")
    assert len(second) == 1 and "is being written by another run" in second[0]
    assert [path.name for path in figures.iterdir()] == ["a.txt"] and (figures / "a.txt").read_text() == "first"


def test_a_folder_that_another_program_fills_meanwhile(folder):
    with store.atomic_folder(folder / "new") as part:
        (folder / "new" / "mine.txt").write_text("mine")
        (part / "a.txt").write_text("new")
    assert sorted(path.name for path in (folder / "new").iterdir()) == ["a.txt", "mine.txt"]
