"""What a step needs is compared with what there is: refused with numbers before anything is written, or done in what there is."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest
from listening import Ear

from annsm_plugin.core.foundation import blocks, machine, needs
from annsm_plugin.core.foundation.errors import AnnsmError
from annsm_plugin.core.foundation.needs import Memory, Need, Written, available

Usage = namedtuple("Usage", "total used free")
GB, MB = 10**9, 10**6


@pytest.fixture
def free(monkeypatch):
    """Set what a folder says to have free."""

    def say(of):
        monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(10**12, 0, of(Path(folder)) if callable(of) else of))

    return say


@pytest.fixture
def memory(monkeypatch):
    """Set what the system says of its memory: without swap, and with it."""
    monkeypatch.delenv(machine.MEMORY, raising=False)
    return lambda dry, wet=None: monkeypatch.setattr(available, "memory", lambda: (dry, wet or dry))


def cube(folder, least=12.3 * GB, most=40 * GB):
    return Written(folder / "cube.nc", "the cube", least, most)


def finished(folder, size=1.1 * GB):
    return Written(folder / "cube.nc", "its finished blocks", size, size, kept=True)


def test_what_cannot_fit_is_refused_with_numbers(tmp_path, free):
    free(int(4.2 * GB))
    with pytest.raises(AnnsmError) as said, needs.granted(Need("Matching", [cube(tmp_path), finished(tmp_path)], Memory(0)), Ear()):
        pass
    assert str(said.value) == (
        f"Matching needs at least about 12.3 GB in {tmp_path} for the cube and 1.1 GB for its finished blocks; 4.2 GB are free."
    )
    assert list(tmp_path.iterdir()) == []


def test_what_may_fit_is_tried_and_said(tmp_path, free):
    log = Ear()
    free(20 * GB)
    with needs.granted(Need("Matching", [cube(tmp_path), finished(tmp_path)], Memory(0)), log):
        pass
    assert len(log.warnings) == 1
    assert "40.0 GB" in log.warnings[0]
    assert "20.0 GB are free" in log.warnings[0]
    free(50 * GB)
    with needs.granted(Need("Matching", [cube(tmp_path), finished(tmp_path)], Memory(0)), quiet := Ear()):
        pass
    assert quiet.warnings == quiet.infos == []


def test_each_file_system_is_compared_with_its_own_needs(tmp_path, free, monkeypatch):
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    monkeypatch.setattr(available, "disk_of", str)
    free(lambda folder: 13 * GB if folder == one else 2 * GB)
    with needs.granted(Need("A step", [cube(one), finished(other)], Memory(0)), Ear()):
        pass
    with (
        pytest.raises(AnnsmError, match=r"1\.1 GB|12\.3 GB"),
        needs.granted(Need("A step", [cube(other), finished(one)], Memory(0)), Ear()),
    ):
        pass


def test_finished_blocks_and_leftovers_that_are_there_are_needed_no_more(tmp_path, free):
    kept = tmp_path / ".cube.nc.resume"
    kept.mkdir()
    for name in ("block0.npz", "block1.npz"):
        (kept / name).write_bytes(b"\0" * MB)
    (tmp_path / ".cube.nc.part-1-0.nc").write_bytes(b"\0" * MB)
    need = Need("Matching", [cube(tmp_path, 2 * MB, 2 * MB), finished(tmp_path, 3 * MB)], Memory(0))
    free(int(2.1 * MB))
    with needs.granted(need, Ear()):
        pass
    free(int(1.9 * MB))
    with pytest.raises(AnnsmError, match=r"beside the 3\.0 MB that an earlier run has left; 1\.9 MB are free"), needs.granted(need, Ear()):
        pass


def test_a_system_that_says_nothing_refuses_nothing(tmp_path, monkeypatch):
    def fails(folder):
        raise OSError("not supported")

    monkeypatch.setattr(shutil, "disk_usage", fails)
    monkeypatch.setattr(available, "memory", lambda: None)
    with needs.granted(Need("A step", [cube(tmp_path, 1e15, 1e15)], Memory(1e15)), Ear()):
        assert machine.memory(blocks.BUDGET) == blocks.BUDGET


def test_blocks_shrink_to_the_memory(memory):
    log = Ear()
    memory(500 * MB)
    with needs.granted(Need("A step", [], Memory(100 * MB, 3.0)), log):
        block = machine.memory(blocks.BUDGET)
        assert 100 * MB + 3 * block == pytest.approx(0.8 * 500 * MB, rel=0.01)
    assert machine.memory(blocks.BUDGET) == blocks.BUDGET
    assert log.infos == ["A step works in blocks of 100 MB instead of 268 MB: 500 MB of memory are available."]


def test_the_users_own_limit_stays(memory, monkeypatch):
    monkeypatch.setenv(machine.MEMORY, "80")
    memory(100 * GB)
    with needs.granted(Need("A step", [], Memory(0, 3.0)), Ear()):
        assert machine.memory(blocks.BUDGET) == 80 * 2**20


def test_fewer_workers_where_memory_is_short(memory, monkeypatch):
    monkeypatch.setattr(machine, "cores", lambda: 8)
    log = Ear()
    memory(3 * GB)
    with needs.granted(Need("Training", [], Memory(300 * MB, 1.0, worker=400 * MB, alone=200 * MB, workers=8)), log):
        pass
    assert log.infos == [
        "Training works in blocks of 100 MB instead of 268 MB: 3.0 GB of memory are available.",
        "Training uses 5 workers instead of 8: 3.0 GB of memory are available.",
    ]


def test_refused_only_if_the_smallest_block_in_one_process_cannot_fit(memory):
    asked = Memory(300 * MB, 2.0, worker=5 * GB, alone=200 * MB, workers=8)
    least = asked.total(machine.LEAST_MEMORY * 2**20, 1)
    memory(int(least * 1.01))
    with needs.granted(Need("Training", [], asked), Ear()):
        assert machine.memory(blocks.BUDGET) == machine.LEAST_MEMORY * 2**20
        assert machine.cores() == 1
    memory(int(least * 0.5), int(least * 1.01))  # with swap it still fits
    with needs.granted(Need("Training", [], asked), Ear()):
        pass
    memory(int(least * 0.99))
    with pytest.raises(AnnsmError, match=r"^Training needs about 634 MB of memory; 628 MB are available\.$"):
        needs.granted(Need("Training", [], asked), Ear()).__enter__()


def test_blocks_that_decide_the_result_are_not_changed_unasked(memory):
    memory(400 * MB)
    with pytest.raises(AnnsmError, match="options"), needs.granted(Need("Gap filling", [], Memory(100 * MB, 2.0, shrinks=False)), Ear()):
        pass


def test_limits_of_control_groups_count(tmp_path):
    def put(path, text):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)

    put("proc/meminfo", "MemTotal: 9000000 kB\nMemAvailable: 8000000 kB\nSwapFree: 1000 kB\n")
    assert available._linux(tmp_path) == (8_192_000_000, 8_193_024_000)
    put("proc/self/cgroup", "0::/user/job\n")
    put("sys/fs/cgroup/user/job/memory.max", "max\n")
    put("sys/fs/cgroup/user/memory.max", "2000000000\n")
    put("sys/fs/cgroup/user/memory.current", "1500000000\n")
    put("sys/fs/cgroup/user/memory.stat", "anon 5\ninactive_file 400000000\n")
    assert available._linux(tmp_path) == (900_000_000, 900_000_000)
    put("proc/self/cgroup", "5:cpu,memory:/job\n3:devices:/job\n")
    put("sys/fs/cgroup/memory/job/memory.limit_in_bytes", "700000000\n")
    put("sys/fs/cgroup/memory/job/memory.usage_in_bytes", "100000000\n")
    assert available._linux(tmp_path) == (600_000_000, 600_000_000)
    put("proc/meminfo", "nonsense\n")
    assert available._linux(tmp_path) is None


def test_this_system_says_what_it_has():
    found = available.memory()
    assert found is None or 0 < found[0] <= found[1]
    assert (available.space(Path.cwd()) or 1) > 0


@pytest.mark.skipif(sys.platform != "linux", reason="tmpfs is Linux's")
def test_a_real_small_disk(tmp_path):
    """On a file system of 4 MB: its own free space counts, not that of the folder around it."""
    place = tmp_path / "small"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)], capture_output=True).returncode:
        pytest.skip("this user may not mount a tmpfs")
    try:
        with needs.granted(Need("A step", [cube(place, 3 * MB, 3 * MB), finished(tmp_path, 10 * MB)], Memory(0)), Ear()):
            pass
        with pytest.raises(AnnsmError, match=rf"5\.0 MB in {place} for the cube; 4\.2 MB are free"):
            needs.granted(Need("A step", [cube(place, 5 * MB, 5 * MB)], Memory(0)), Ear()).__enter__()
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_shelf_gives_back_what_it_was_given(tmp_path):
    from annsm_plugin.core.foundation import store

    arrays = {str(n): {"a": np.arange(1000.0) + n, "b": np.array([True, False])} for n in range(4)}
    shelf = store.Shelf(tmp_path / "shelf", 17_000)
    for name, each in arrays.items():
        shelf.put(name, each)
    assert len(list((tmp_path / "shelf").iterdir())) == 2  # two fit in memory
    for name, each in arrays.items():
        assert {k: v.tolist() for k, v in shelf.get(name).items()} == {k: v.tolist() for k, v in each.items()}
    (tmp_path / "shelf" / "3.npz").write_bytes(b"damaged")
    with pytest.raises(AnnsmError, match="cannot be read any more"):
        shelf.get("3")
    del shelf
    assert not (tmp_path / "shelf").exists()
