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


def test_no_program_is_looked_for_where_there_is_no_home(monkeypatch, tmp_path):
    """A user without a name, as in a container: what "~" is called in the current folder is nobody's home."""
    from annsm_plugin.core.workers import process

    program = tmp_path / "~" / ".local" / "share" / "annsm-python" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("HOME", str(tmp_path / "~"))
    assert machine.home() == tmp_path / "~" and process.environments() == [str(program)]
    monkeypatch.delenv("HOME")
    monkeypatch.setattr("pwd.getpwuid", {}.__getitem__)
    assert machine.home() is None and process.environments() == [] and machine.cache_folder()
