"""What a stopped run may go on from, where its inputs, its clock or the plugin are not what they were; and what is said if it may not."""

from __future__ import annotations

import json
import os
import shutil

import numpy as np
import pytest
from listening import Ear

from annsm_plugin.core.foundation import store
from annsm_plugin.core.foundation.errors import AnnsmError
from annsm_plugin.core.matching.request import ScreenRequest

YEAR = 365 * 86_400 * 10**9


def begun(tmp_path, settings):
    """A stopped run of two blocks."""
    kept = store.Checkpoint(tmp_path / "a.nc", settings)
    for name in ("1", "2"):
        kept.save(name, values=np.arange(3))


def gone_on(tmp_path, settings):
    """How many blocks another run goes on with, and what it says."""
    listen = Ear()
    kept = store.Checkpoint(tmp_path / "a.nc", settings, listen)
    return kept.count(), " ".join(listen.said)


def rewritten(path, content):
    """Other contents of the same size, and the time of modification put back."""
    before = path.stat()
    assert len(content) == before.st_size
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)


def test_another_content_of_the_same_size_and_time_is_told(tmp_path):
    path = tmp_path / "a.h5"
    path.write_bytes(b"one")
    print_, sum_ = store.fingerprint(path), store.checksum(path)
    assert (store.fingerprint(path), store.checksum(path)) == (print_, sum_)
    rewritten(path, b"two")
    assert store.fingerprint(path) != print_ and store.checksum(path) != sum_


def test_the_clock_does_not_count_where_the_content_does(tmp_path):
    path = tmp_path / "cube.nc"
    path.write_bytes(b"x" * 100)
    before = store.checksum(path)
    for time in (0, path.stat().st_mtime_ns + YEAR, path.stat().st_mtime_ns - YEAR):
        os.utime(path, ns=(time, time))
        assert store.checksum(path) == before
    moved = tmp_path / "moved"
    moved.mkdir()
    assert store.checksum(path.rename(moved / "cube.nc")) == before


@pytest.mark.parametrize("shift", [YEAR, -YEAR])
def test_product_files_from_the_future_or_the_past_are_gone_on_with_and_a_change_is_told(tmp_path, shift):
    files = [tmp_path / f"{n}.h5" for n in range(3)]
    for path in files:
        path.write_bytes(b"x")
        os.utime(path, ns=(path.stat().st_mtime_ns + shift,) * 2)
    settings = {"files": {"amsr_tb": [store.fingerprint(path) for path in files]}}
    begun(tmp_path, settings)
    assert gone_on(tmp_path, settings) == (2, "")
    rewritten(files[1], b"y")
    count, said = gone_on(tmp_path, {"files": {"amsr_tb": [store.fingerprint(path) for path in files]}})
    assert count == 0 and "2 finished blocks of an earlier run are not gone on with" in said
    assert f"of the input files 1 changed (such as {files[1]})" in said


def test_files_that_came_and_went_are_said(tmp_path):
    row = ["/a/1.h5", 5, 6, 7]
    begun(tmp_path, {"files": [row, ["/a/2.h5", 5, 6, 7]]})
    _, said = gone_on(tmp_path, {"files": [row, ["/a/3.h5", 5, 6, 7], ["/a/4.h5", 5, 6, 7]]})
    assert "2 added (such as /a/3.h5), 1 gone (such as /a/2.h5)" in said


def test_what_else_changed_is_said(tmp_path):
    cube = {"cube": ["cube.nc", 9, "abc"], "asked": {"hidden": 4, "start": "2015-04-01"}}
    for changes, words in (
        ({"asked": {"hidden": 5, "start": "2015-04-01"}}, "asked hidden was 4 and is 5"),
        ({"cube": ["cube.nc", 9, "abd"]}, "cube.nc has changed"),
        ({"cube": ["other.nc", 9, "abc"]}, "other.nc in place of cube.nc"),
        ({"mask": [1, 2]}, "mask was None and is [1, 2]"),
    ):
        begun(tmp_path, cube)
        count, said = gone_on(tmp_path, {**cube, **changes})
        assert count == 0 and words in said, words


def test_blocks_of_another_version_or_of_unknown_settings_are_made_anew(tmp_path, monkeypatch):
    from annsm_plugin.core.foundation.store import checkpoint

    begun(tmp_path, {"a": 1})
    monkeypatch.setattr(checkpoint, "__version__", "99")
    assert "of version" in gone_on(tmp_path, {"a": 1})[1]
    stamp = tmp_path / ".a.nc.resume" / "settings.json"
    for damage in (b"{", b"", b"\xff\xfe", b"[1]", b"null", json.dumps([["x"], {}]).encode(), b"[" * 100_000):
        begun(tmp_path, {"a": 1})
        stamp.write_bytes(damage)
        count, said = gone_on(tmp_path, {"a": 1})
        assert count == 0 and "made anew" in said
    begun(tmp_path, {"a": 1})
    stamp.unlink()
    assert gone_on(tmp_path, {"a": 1})[0] == 0
    begun(tmp_path, {"a": 1})
    assert gone_on(tmp_path, {"a": 1}) == (2, "")


def test_a_block_in_the_place_of_another_or_of_another_run_is_made_again(tmp_path):
    begun(tmp_path, {"seed": 0})
    own = tmp_path / ".a.nc.resume"
    first, second = own / "1.npz", own / "2.npz"
    first.rename(own / "x")
    second.rename(first)
    (own / "x").rename(second)
    kept = store.Checkpoint(tmp_path / "a.nc", {"seed": 0})
    assert kept.count() == 0 and kept.load("1") is None and kept.load("2") is None
    kept.save("1", values=np.arange(4))
    other = tmp_path / "other"
    other.mkdir()
    begun(other, {"seed": 5})
    shutil.copy(other / ".a.nc.resume" / "2.npz", second)
    assert kept.count() == 1 and kept.load("2") is None and kept.load("1")["values"].size == 4


def test_blocks_that_cannot_be_removed_are_not_gone_on_with(tmp_path, monkeypatch):
    from annsm_plugin.core.foundation.store import checkpoint

    begun(tmp_path, {"seed": 0})
    monkeypatch.setattr(checkpoint, "remove", lambda path: None)
    count, said = gone_on(tmp_path, {"seed": 5})
    kept = store.Checkpoint(tmp_path / "a.nc", {"seed": 5})
    assert count == 0 and "made anew: seed was 0 and is 5" in said and kept.load("1") is None
    assert (kept.folder / "1.npz").exists()


def test_the_folder_of_the_blocks_may_be_a_link_to_a_larger_disk(tmp_path):
    link, large = tmp_path / ".a.nc.resume", tmp_path / "large"
    large.mkdir()
    link.symlink_to(large)
    begun(tmp_path, {"seed": 0})
    assert gone_on(tmp_path, {"seed": 0})[0] == 2 and len(list(large.iterdir())) == 3
    count, said = gone_on(tmp_path, {"seed": 5})
    assert count == 0 and "seed was 0 and is 5" in said and [p.name for p in large.iterdir()] == ["settings.json"]
    store.Checkpoint(tmp_path / "a.nc", {"seed": 5}).clear()
    assert link.is_symlink() and list(large.iterdir()) == []
    (large / "mine.npz").write_text("x")
    with pytest.raises(AnnsmError, match="with other files in it; expected an empty one"):
        begun(tmp_path, {"seed": 0})
    assert [p.name for p in large.iterdir()] == ["mine.npz"]
    shutil.rmtree(large)
    with pytest.raises(AnnsmError, match=r"is a link to .*large, which is not there"):
        begun(tmp_path, {"seed": 0})


def test_an_input_that_changes_meanwhile_keeps_the_output_from_its_name(tmp_path):
    cube, output = tmp_path / "cube.nc", tmp_path / "out.nc"

    @store.step
    def run(request, change):
        with store.atomic(request.output) as part:
            part.write_text("made of both")
            change()

    request = ScreenRequest(cube=str(cube), output=str(output))
    for change, words in (
        (lambda: cube.write_text("two words"), "changed while"),
        (cube.unlink, "vanished while"),
        (lambda: None, ""),
    ):
        cube.write_text("one")
        if words:
            with pytest.raises(AnnsmError, match=words):
                run(request, change)
        else:
            run(request, change)
        assert output.exists() is (not words)
        assert sorted(p.name for p in tmp_path.iterdir()) == sorted(p.name for p in (cube, output) if p.exists())


def test_a_step_may_name_inputs_when_it_has_found_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for path in (found := tmp_path / "found.h5", tmp_path / "by_name.h5"):
        path.write_text("one")

    @store.step
    def run(request, change):
        store.watch([store.fingerprint(found), store.fingerprint("./by_name.h5")])
        if change:
            found.write_text("two words")
        store.write_text(request.output, "x")

    request = ScreenRequest(cube=str(tmp_path / "c.nc"), output=str(tmp_path / "o.nc"))
    run(request, False)
    with pytest.raises(AnnsmError, match=r"found\.h5 changed while"):
        run(request, True)
    store.watch([store.fingerprint(found)])  # outside of a step nothing is watched
    found.unlink()
    store.write_text(tmp_path / "a.txt", "x")


def test_of_too_many_open_files_none_is_blamed(tmp_path):
    @store.step
    def run(request):
        raise OSError(24, "Too many open files", "/usr/lib/innocent.py")

    with pytest.raises(AnnsmError, match=r"Too many open files\.$"):
        run(ScreenRequest(cube=str(tmp_path / "c.nc"), output=str(tmp_path / "o.nc")))


@pytest.mark.parametrize(
    "error",
    [MemoryError(), OSError(12, "Cannot allocate memory"), RuntimeError("can't start new thread"), OSError(23, "Too many open files")],
)
def test_what_the_system_refuses_is_one_sentence(tmp_path, error):
    @store.step
    def run(request):
        raise error

    with pytest.raises(AnnsmError, match=r"ran out of memory during the step|The system ended the step") as told:
        run(ScreenRequest(cube=str(tmp_path / "c.nc"), output=str(tmp_path / "o.nc")))
    assert "\n" not in str(told.value) and list(tmp_path.iterdir()) == []
