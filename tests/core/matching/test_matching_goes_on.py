"""A matching run that is stopped and gone on with, whose files change, and to whose cube days are added."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import zlib
from pathlib import Path

import h5py
import netCDF4
import numpy as np
import pytest
from matching_runs import DAYS, EXTENT
from matching_runs import match as _match
from matching_runs import stored as _stored

from annsm_plugin.core.foundation.errors import AnnsmError, Cancelled, CubeError
from annsm_plugin.core.foundation.progress import Progress
from annsm_plugin.core.matching import appended, assemble


class _StopWith(Progress):
    """Asks to stop once so many blocks of an output are finished."""

    def __init__(self, output, blocks):
        self.folder, self.blocks = output.with_name(f".{output.name}.resume"), blocks

    def cancelled(self):
        return len(list(self.folder.glob("[!.]*.npz"))) >= self.blocks


def test_cancelling_then_resuming_gives_the_same_cube(arguments, of_all_days, tmp_path, monkeypatch):
    """As a run in one go, of one block, does."""
    whole, about = of_all_days
    monkeypatch.setattr(assemble, "BLOCK_DAYS", 2)
    for blocks in (0, 1, 3):
        with pytest.raises(Cancelled):
            _match(arguments, progress=_StopWith(arguments["output"], blocks))
        assert not arguments["output"].exists()
    assert (tmp_path / ".cube.nc.resume").is_dir()
    messages = []

    class Listen(Progress):
        def info(self, text):
            messages.append(text)

    again, about_again = _stored(_match(arguments, progress=Listen()).path)
    assert any("were there from a run that was stopped" in text for text in messages)
    assert about == about_again
    for name in whole:
        assert np.array_equal(whole[name], again[name]), name
    assert not (tmp_path / ".cube.nc.resume").exists()


def test_blocks_of_other_settings_are_not_used(arguments, tmp_path, monkeypatch):
    monkeypatch.setattr(assemble, "BLOCK_DAYS", 2)
    with pytest.raises(Cancelled):
        _match(arguments, progress=_StopWith(arguments["output"], 2))
    again, _ = _stored(_match(arguments, rain_hours="interval", time="+8").path)
    fresh, _ = _stored(_match(arguments, output=tmp_path / "fresh.nc", rain_hours="interval", time="+8").path)
    assert all(np.array_equal(again[name], fresh[name]) for name in fresh)


def test_a_product_file_that_changed_between_two_runs_is_told_and_matched_anew(arguments, tmp_path, monkeypatch):
    monkeypatch.setattr(assemble, "BLOCK_DAYS", 2)
    folder = tmp_path / "amsr"
    shutil.copytree(arguments["amsr"], folder)
    arguments["amsr"] = folder
    original = assemble._Run._block

    def stopped(run, number, *given):
        if number == 2:
            raise Cancelled()
        original(run, number, *given)

    with monkeypatch.context() as patch, pytest.raises(Cancelled):
        patch.setattr(assemble._Run, "_block", stopped)
        _match(arguments)
    path = sorted(folder.glob("*_20160304_*06LA*"))[0]
    before = path.stat()
    with h5py.File(path, "a") as file:
        data = file["Brightness Temperature (V)"]
        chunk = data.id.read_direct_chunk((0, 0))[1]  # the same size and time, other numbers
        data.id.write_direct_chunk((0, 0), zlib.compress(b"\0" * (720 * 1440 * 2), 9).ljust(len(chunk), b"\0"))
    assert path.stat().st_size == before.st_size
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    messages = []

    class Listen(Progress):
        def info(self, text):
            messages.append(text)

    again, _ = _stored(_match(arguments, progress=Listen()).path)
    assert any(
        f"2 finished blocks of an earlier run are not gone on with, but made anew: of the input files 1 changed (such as {path})" in text
        for text in messages
    )
    fresh, _ = _stored(_match(arguments, output=tmp_path / "fresh.nc").path)
    assert all(np.array_equal(again[name], fresh[name]) for name in fresh)


def test_a_product_file_that_changes_while_it_is_matched_keeps_the_cube_from_its_name(arguments, tmp_path, monkeypatch):
    folder = tmp_path / "gldas"
    shutil.copytree(arguments["gldas"], folder)
    path = sorted(folder.rglob("*20160304*"))[0]
    original = assemble._Run._block

    def rewritten(run, *given):
        original(run, *given)
        shutil.copy(path, tmp_path / "same")
        (tmp_path / "same").replace(path)

    with monkeypatch.context() as patch, pytest.raises(AnnsmError, match=rf"{path.name} changed while .*cube\.nc was made of it"):
        patch.setattr(assemble._Run, "_block", rewritten)
        _match(arguments, gldas=folder, start=DAYS[2], end=DAYS[3])
    assert sorted(p.name for p in tmp_path.iterdir()) == [".cube.nc.resume", "gldas"]


_KILLED = """
import os, signal, sys
sys.path[:0] = [{root!r}]
from annsm_plugin.core import matching
from annsm_plugin.core.foundation import store
from annsm_plugin.core.matching import appended, assemble
from annsm_plugin.core.foundation.progress import Progress
assemble.BLOCK_DAYS = 2
class Kill(Progress):
    left = {questions}
    def cancelled(self):
        Kill.left -= 1
        if Kill.left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return False
matching.match({output!r}, amsr={amsr!r}, gldas={gldas!r}, lai={lai!r}, smap={smap!r}, extent={extent!r}, start={start!r}, end={end!r},
               progress=Kill())
"""


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_a_killed_run_leaves_nothing_finished_and_resumes(arguments, of_all_days, tmp_path, monkeypatch):
    text = {name: str(value) for name, value in arguments.items() if name != "extent"}
    root = str(Path(__file__).parents[3])
    code = _KILLED.format(root=root, questions=45, extent=EXTENT, **text)
    done = subprocess.run([sys.executable, "-c", code], timeout=60, check=False)
    assert done.returncode == -9
    assert not list(tmp_path.glob("*.nc"))
    monkeypatch.setattr(assemble, "BLOCK_DAYS", 2)
    resumed, _ = _stored(_match(arguments).path)
    assert all(np.array_equal(resumed[name], values) for name, values in of_all_days[0].items())
    assert [p.name for p in tmp_path.iterdir()] == ["cube.nc"]


def test_cancelling_is_quick(arguments):
    class Late(Progress):
        since = None

        def cancelled(self):
            if self.since is None and self.seen > 40:
                self.since = time.monotonic()
            self.seen += 1
            return self.since is not None

        seen = 0

    progress = Late()
    with pytest.raises(Cancelled):
        _match(arguments, progress=progress)
    assert time.monotonic() - progress.since < 1.0


def test_adding_days(arguments, of_all_days):
    whole, _ = of_all_days
    _match(arguments, end=DAYS[5])
    result = _match(arguments, start=DAYS[5], end=DAYS[9])
    values, attributes = _stored(result.path)
    assert all(np.array_equal(values[name], whole[name]) for name in whole)
    assert any("4 days were added to the 4" in line for line in result.summary)
    assert (result.pairs == 8).all()
    assert attributes["channels"] == "paper"


def test_a_cube_of_odd_attributes_is_not_extended(arguments):
    """Its counts are added up, its matched days continued: what is none is said before anything is read."""
    path = _match(arguments, end=DAYS[2]).path
    with netCDF4.Dataset(path, "a") as file:
        file.setncattr("files_amsr_tb", np.nan)
    with pytest.raises(CubeError, match=r"a cube with files_amsr_tb 'nan'.*to add days to it; or choose another output"):
        _match(arguments, start=DAYS[4], end=DAYS[4])


@pytest.mark.parametrize("value", ["junk", "2016-13-99/x", "1999-01-01/1999-01-05", 3.0, "NaT"])
def test_matched_days_are_days_of_the_cube(value):
    with pytest.raises(CubeError, match="a cube with matched_days"):
        appended.matched("cube.nc", {"matched_days": value}, DAYS)
    assert appended.matched("cube.nc", {}, DAYS) is DAYS


@pytest.mark.parametrize("value", ["many", np.nan, np.arange(3), "9" * 40, ""])
def test_counts_are_whole_numbers(value):
    appended.check_counts("cube.nc", {"files_lai": np.int64(3), "values_lai": "4", "title": "junk"})
    with pytest.raises(CubeError, match="a cube with files_lai"):
        appended.check_counts("cube.nc", {"files_lai": value})


def test_a_gap_between_matches_is_said_and_filled_later(arguments):
    _match(arguments, end=DAYS[4])
    result = _match(arguments, start=DAYS[8], end=DAYS[9])
    values, attributes = _stored(result.path)
    assert [w for w in result.warnings if f"3 days between the matched ones were never matched and are empty: {DAYS[5]} to {DAYS[7]}." in w]
    assert attributes["matched_days"] == f"{DAYS[2]}/{DAYS[4]} {DAYS[8]}/{DAYS[9]}"
    assert attributes["missing_days_sm_gldas"] == 0 and (values["sm_gldas"][3:6] == -9999).all()
    result = _match(arguments, start=DAYS[4], end=DAYS[7])
    assert any("3 days were added to the 5 that the cube held and 1 were matched anew" in line for line in result.summary)
    assert not any("never matched" in w for w in result.warnings)


def test_counts_and_versions_are_of_all_matches(arguments):
    first = _match(arguments, end=DAYS[5]).counts
    second = _match(arguments, start=DAYS[6], end=DAYS[9]).counts
    _, attributes = _stored(arguments["output"])
    assert attributes["files_gldas"] == first["files_gldas"] + second["files_gldas"]
    assert attributes["smap_versions"] == "R18290"


def test_releases_of_smap_side_by_side_are_warned_of(arguments, tmp_path):
    assert not any("releases" in w for w in _match(arguments, end=DAYS[5]).warnings)
    renamed = tmp_path / "smap_new"
    shutil.copytree(arguments["smap"], renamed)
    for path in renamed.rglob("*R18290*"):
        path.rename(path.with_name(path.name.replace("R18290", "R19240")))
    result = _match(arguments, start=DAYS[6], end=DAYS[9], smap=renamed)
    assert any("SMAP files are of 2 releases (R18290, R19240)" in w for w in result.warnings)
    assert _stored(result.path)[1]["smap_versions"] == "R18290 R19240"


def test_adding_days_of_other_settings_is_refused(arguments):
    _match(arguments, end=DAYS[5])
    before = arguments["output"].read_bytes()
    with pytest.raises(CubeError, match="polarisation"):
        _match(arguments, start=DAYS[6], polarisation="H")
    with pytest.raises(CubeError, match="region"):
        _match(arguments, start=DAYS[6], extent=(90, 32, 91, 33))
    assert arguments["output"].read_bytes() == before
