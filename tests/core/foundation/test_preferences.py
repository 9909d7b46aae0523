"""What the user prefers, read from the environment; nonsense counts as nothing."""

import pytest

from annsm_plugin.core.foundation import blocks, machine


@pytest.mark.parametrize(("text", "count"), [("1", 1), ("0", None), ("-3", None), ("many", None), ("", None), ("100000", 100000)])
def test_processes(monkeypatch, text, count):
    monkeypatch.setenv(machine.PROCESSES, text)
    assert machine.processes() == count
    monkeypatch.delenv(machine.PROCESSES)
    given = machine.cores()
    monkeypatch.setenv(machine.PROCESSES, text)
    assert machine.cores() == min(given, count or given)


def test_memory_bounds_the_tiles(monkeypatch):
    monkeypatch.delenv(machine.MEMORY, raising=False)
    whole = [rows.stop - rows.start for rows, _ in blocks.tiles((60, 50), 7000, 9)]
    monkeypatch.setenv(machine.MEMORY, "64")
    small = [rows.stop - rows.start for rows, _ in blocks.tiles((60, 50), 7000, 9)]
    assert sum(whole) == sum(small) == 60
    assert max(small) < max(whole)
    assert max(small) * 50 * 7000 * 9 * 4 <= 64 * 2**20
    monkeypatch.setenv(machine.MEMORY, "1")  # less than steps work with
    assert [rows.stop - rows.start for rows, _ in blocks.tiles((60, 50), 7000, 9)] == small


def test_device(monkeypatch):
    for text, device in (("CPU", "cpu"), (" cuda ", "cuda"), ("tpu", "auto"), ("", "auto")):
        monkeypatch.setenv(machine.DEVICE, text)
        assert machine.device() == device
