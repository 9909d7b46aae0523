"""Two runs on one output, a full disk, damaged blocks: one sentence each, nothing lost, nothing left behind."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from annsm_plugin.core.foundation import store
from annsm_plugin.core.foundation.errors import AnnsmError, Cancelled
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.foundation.store import locks, whole
from annsm_plugin.core.matching.request import ScreenRequest

ROOT = Path(__file__).resolve().parents[3]
HOLD = """
import sys, time
sys.path.insert(0, sys.argv[1])
from annsm_plugin.core.foundation import store
with store.atomic(sys.argv[2]) as part:
    part.write_text("first")
    print("writing", flush=True)
    time.sleep(float(sys.argv[3]))
print("done", flush=True)
"""


def holder(path, seconds):
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(ROOT), str(path), str(seconds)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "writing\n"
    return process


def test_the_second_process_says_so_and_the_first_works_on(tmp_path):
    path = tmp_path / "a.txt"
    process = holder(path, 1.5)
    with pytest.raises(AnnsmError, match=f"is being written by process {process.pid} on .* since 20"), store.atomic(path):
        pass
    with pytest.raises(AnnsmError, match="is being written"):
        store.Checkpoint(path, {})
    assert process.wait() == 0 and path.read_text() == "first"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]
    store.write_text(path, "second")
    assert path.read_text() == "second"


def test_the_lock_of_a_killed_process_is_taken_over_with_its_leftovers(tmp_path):
    path = tmp_path / "a.txt"
    process = holder(path, 60)
    process.kill()
    process.wait()
    assert len(list(tmp_path.iterdir())) == 2  # its lock and its part
    store.write_text(path, "second")
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize(
    ("changes", "free"),
    [
        ({"process": 2**22 + 5}, True),
        ({"process": "x"}, True),
        ({"began": "1"}, True),
        ({"host": "elsewhere"}, False),
        ({"host": "elsewhere", "since": "2001-01-01T00:00:00+00:00"}, True),
        ({"space": locks._space(), "boot": locks._boot(), "kept": True}, False),
        ({"space": "pid:[1]"}, False),
        ({"space": "pid:[1]", "kept": False, "boot": locks._boot(), "process": 2**22 + 5}, False),
        ({"space": "pid:[1]", "since": "2001-01-01T00:00:00+00:00"}, True),
        (None, True),
    ],
)
def test_whose_lock_counts(tmp_path, changes, free):
    path = tmp_path / "a.txt"
    now = locks._now().isoformat()
    content = {"host": locks.platform.node(), "process": os.getppid(), "began": locks._began(os.getppid()), "since": now}
    locks.file_of(path).write_text(json.dumps({**content, **changes}) if changes else "{")
    if free:
        store.write_text(path, "x")
        assert not locks.file_of(path).exists()
    else:
        with pytest.raises(AnnsmError, match=rf"on {changes.get('host', content['host'])} since .*delete"):
            store.write_text(path, "x")


@pytest.mark.skipif(sys.platform != "linux", reason="containers of this computer are told by what Linux says")
def test_of_another_container_a_lock_counts_as_long_as_the_system_keeps_it(tmp_path):
    path = tmp_path / "a.txt"
    lock, now = locks.file_of(path), locks._now().isoformat()
    content = {"host": locks.platform.node(), "process": os.getppid(), "began": "1", "since": now, "boot": locks._boot(), "kept": True}
    lock.write_text(json.dumps({**content, "space": "pid:[1]"}))
    with open(lock, "rb") as file:
        assert locks._keep(file.fileno())
        with pytest.raises(AnnsmError, match="is being written by process"):
            store.write_text(path, "x")
    store.write_text(path, "x")
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_a_lock_that_may_not_be_read_is_somebody_elses(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    lock = locks.file_of(path)
    lock.write_text("")

    def refused(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(locks, "_PATIENCE", 1)
    monkeypatch.setattr(locks, "open", refused, raising=False)
    with pytest.raises(AnnsmError, match=r"whose lock may not be read.*If that run is gone, delete"):
        store.write_text(path, "x")
    assert lock.exists() and not path.exists()
    old = time.time() - locks.FORGOTTEN.total_seconds() - 60
    os.utime(lock, (old, old))
    store.write_text(path, "x")
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_a_step_that_failed_gives_its_lock_back_while_what_remains_of_it_is_kept(tmp_path):
    output, remains = tmp_path / "o.nc", []

    @store.step
    def run(request):
        remains.append(store.Checkpoint(request.output, {}))
        raise Cancelled()

    with pytest.raises(Cancelled):
        run(ScreenRequest(cube=str(tmp_path / "c.nc"), output=str(output)))
    assert remains and not locks.file_of(output).exists()
    with locks.held(output):
        remains.clear()
        gc.collect()
        assert locks.file_of(output).exists()
    assert not locks.file_of(output).exists()


def test_a_run_takes_its_own_lock_again_and_another_thread_does_not(tmp_path):
    path, said = tmp_path / "a.txt", []
    kept = store.Checkpoint(path, {"a": 1})
    store.write_text(path, "inside")

    def other():
        try:
            store.write_text(path, "other")
        except AnnsmError as error:
            said.append(str(error))

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert "another run in this program" in said[0] and path.read_text() == "inside"
    kept.clear()
    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert path.read_text() == "other" and len(said) == 1


def test_a_run_that_failed_gives_its_lock_back(tmp_path):
    def work():
        kept = store.Checkpoint(tmp_path / "a.txt", {})
        kept.save("1", values=np.arange(3))
        raise RuntimeError("x")

    with pytest.raises(RuntimeError):
        work()
    assert not locks.file_of(tmp_path / "a.txt").exists()
    assert store.Checkpoint(tmp_path / "a.txt", {}).load("1")["values"].tolist() == [0, 1, 2]


def test_a_damaged_block_is_made_again(tmp_path):
    kept = store.Checkpoint(tmp_path / "a.nc", {})
    kept.save("1", values=np.arange(1000.0), names=np.array(["a", "b"]))
    path = kept.folder / "1.npz"
    content = path.read_bytes()
    random = np.random.default_rng(0)
    for position in [*range(0, 400, 3), *random.integers(0, len(content), 200).tolist()]:
        damaged = bytearray(content)
        damaged[position] ^= 1 << int(random.integers(8))
        path.write_bytes(bytes(damaged))
        assert kept.load("1") is None, position
    path.write_bytes(content[:-1])
    assert kept.load("1") is None
    path.write_bytes(content)
    assert kept.load("1")["values"][-1] == 999.0


def test_blocks_of_another_version_are_not_gone_on_with(tmp_path, monkeypatch):
    from annsm_plugin.core.foundation.store import checkpoint

    store.Checkpoint(tmp_path / "a.nc", {}).save("1", values=np.arange(3))
    assert store.Checkpoint(tmp_path / "a.nc", {}).count() == 1
    monkeypatch.setattr(checkpoint, "__version__", "99")
    assert store.Checkpoint(tmp_path / "a.nc", {}).count() == 0


FULL = """
import sys
sys.path.insert(0, sys.argv[1])
import numpy as np, os
from annsm_plugin.core.foundation import store
from annsm_plugin.core.foundation.errors import AnnsmError
from annsm_plugin.core.foundation.grid import Grid

folder = sys.argv[2]
grid, dates = Grid.from_extent((90, 30, 95, 35)), np.datetime64("2015-01-01") + np.arange(600)
random = np.random.default_rng(0)

def write(name):
    with store.GridWriter(os.path.join(folder, name), grid, dates, ["sm_gldas", "lai"], {}) as out:
        for first in range(0, 600, 64):
            for variable in ("sm_gldas", "lai"):
                out.put(variable, slice(first, min(first + 64, 600)), random.random((min(64, 600 - first), 20, 20)))

write("a.nc")
free = os.statvfs(folder).f_bavail
for _ in range(3):
    try:
        write("b.nc")
        print("written")
    except AnnsmError as error:
        print(error)
    assert os.statvfs(folder).f_bavail == free and os.listdir(folder) == ["a.nc"]
try:
    kept = store.Checkpoint(os.path.join(folder, "c.nc"), {})
    for number in range(99):
        kept.save(str(number), values=random.random(100_000))
except AnnsmError as error:
    print(error)
kept.clear()
os.remove(os.path.join(folder, "a.nc"))
write("b.nc")
print("end")
"""


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 3 MB, where one can be had."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)], capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    yield folder
    for _ in range(20):
        if not subprocess.run(["umount", str(folder)], capture_output=True).returncode:
            break
        time.sleep(0.2)


def test_a_full_disk_is_one_sentence_and_the_program_works_on(small_disk):
    done = subprocess.run([sys.executable, "-c", FULL, str(ROOT), str(small_disk)], capture_output=True, text=True)
    assert done.returncode == 0, (done.returncode, done.stdout[-500:], done.stderr[-500:])
    lines = done.stdout.splitlines()
    assert len(lines) == 5 and lines[-1] == "end"
    assert all("The disk or the quota is full while" in line and "Make room" in line for line in lines[:4])
    assert sorted(p.name for p in small_disk.iterdir()) == ["b.nc"]


def test_a_folder_that_vanishes_is_one_sentence(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(AnnsmError, match=r"vanished while a\.txt was written"), store.atomic(folder / "a.txt") as part:
        part.write_text("x")
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()


def test_what_is_no_folder_is_told_from_one_that_vanished(tmp_path):
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for folder, words in (
        ("file", "file is a file where a folder is needed for a.txt"),
        ("file/inner", "file is a file where a folder is needed for a.txt"),
        ("link", "link is a link to .*nowhere, which is not there"),
        ("gone/inner", "inner vanished while a.txt was written"),
    ):
        with pytest.raises(AnnsmError, match=words), store.atomic(tmp_path / folder / "a.txt", alone=False) as part:
            part.write_text("x")
    with (
        pytest.raises(AnnsmError, match=r"was removed by another program before it could become"),
        store.atomic(tmp_path / "a.txt") as part,
    ):
        part.write_text("x")
        part.unlink()


def test_what_an_error_means(tmp_path):
    for number, words in ((28, "full"), (27, "larger than"), (13, "cannot be written"), (30, "cannot be written")):
        assert words in str(whole.what_failed(tmp_path / "a", OSError(number, os.strerror(number))))
    assert whole.what_failed(tmp_path / "a", RuntimeError("something else")) is None
    assert isinstance(Grid.from_extent((90, 30, 91, 31)), Grid)


def test_an_output_called_by_a_link_to_its_folder_is_the_same_output(tmp_path):
    real, link, said = tmp_path / "real", tmp_path / "link", []
    real.mkdir()
    link.symlink_to(real)

    def second():
        try:
            with locks.held(link / "out.nc"):
                said.append("both")
        except AnnsmError as error:
            said.append(str(error))

    with locks.held(real / "out.nc"):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
        assert locks.file_of(real / "out.nc").is_file()
    assert "being written by another run in this program" in said[0]


def test_a_lock_for_which_the_disk_has_no_room_is_none(tmp_path, monkeypatch):
    def full(*given):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(locks.os, "write", full)
        with locks.held(tmp_path / "a.nc"):
            assert list(tmp_path.iterdir()) == []
    with locks.held(tmp_path / "a.nc"):
        assert locks.file_of(tmp_path / "a.nc").is_file()
