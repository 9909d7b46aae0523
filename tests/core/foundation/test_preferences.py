"""What the user prefers, read from the environment; nonsense counts as nothing."""

import pytest

from annsm_plugin.core.foundation import blocks, machine, preferences


@pytest.mark.parametrize(("text", "count"), [("1", 1), ("0", None), ("-3", None), ("many", None), ("", None), ("100000", 100000)])
def test_processes(monkeypatch, text, count):
    monkeypatch.setenv(preferences.PROCESSES, text)
    assert preferences.processes() == count
    monkeypatch.delenv(preferences.PROCESSES)
    given = machine.cores()
    monkeypatch.setenv(preferences.PROCESSES, text)
    assert machine.cores() == min(given, count or given)


def test_memory_bounds_the_tiles(monkeypatch):
    monkeypatch.delenv(preferences.MEMORY, raising=False)
    whole = [rows.stop - rows.start for rows, _ in blocks.tiles((60, 50), 7000, 9)]
    monkeypatch.setenv(preferences.MEMORY, "64")
    small = [rows.stop - rows.start for rows, _ in blocks.tiles((60, 50), 7000, 9)]
    assert sum(whole) == sum(small) == 60
    assert max(small) < max(whole)
    assert max(small) * 50 * 7000 * 9 * 4 <= 64 * 2**20
    monkeypatch.setenv(preferences.MEMORY, "1")  # less than steps work with
    assert [rows.stop - rows.start for rows, _ in blocks.tiles((60, 50), 7000, 9)] == small


def test_device(monkeypatch):
    for text, device in (("CPU", "cpu"), (" cuda ", "cuda"), ("tpu", "auto"), ("", "auto")):
        monkeypatch.setenv(preferences.DEVICE, text)
        assert preferences.device() == device
