"""What an inventory remembers: equal results, nothing looked into twice, every change noticed, no trust in what is damaged."""

from __future__ import annotations

import os
import shutil
from collections import OrderedDict
from pathlib import Path

import netCDF4
import pytest
from named_files import export, gldas_name, hdf5, smap_name, some_gldas
from small_archive import files_of, stamps

from annsm_plugin.core import inventory
from annsm_plugin.core.foundation import machine
from annsm_plugin.core.inventory import folder as step
from annsm_plugin.core.inventory import memory
from annsm_plugin.core.products import examine as really_examine
from annsm_plugin.core.products import scan
from annsm_plugin.core.products.recognising import looking


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory, monkeypatch):
    """A cache of each test's own."""
    monkeypatch.setenv(machine.CACHE, str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def looked(monkeypatch):
    """The files whose first bytes are read, and those that are opened."""
    seen = {"headers": [], "opened": []}
    real_problem = scan.problem

    def problem(path, name=""):
        seen["headers"].append(Path(path).name)
        return real_problem(path, name)

    def examine(found, depth="sample", *, entries=None, progress=None):
        seen["opened"] += [Path(e.path).name for e in entries]
        really_examine(found, depth, entries=entries, progress=progress)

    monkeypatch.setattr(scan, "problem", problem)
    monkeypatch.setattr(step.products, "examine", examine)
    return seen


def ask(tmp_path, check="all"):
    table, report = tmp_path / "t.csv", tmp_path / "r.html"
    result = inventory.run(inventory.InventoryRequest(folder=tmp_path / "archive", check=check, table=table, report=report))
    return result, table.read_bytes()


def archive(tmp_path):
    """Good files, one of another time than its name says, one cut off, an export."""
    folder = tmp_path / "archive"
    for name, content in files_of(folder, stamps(6)).items():
        (folder / name).write_bytes(content)
    names = sorted(path.name for path in folder.iterdir())
    shutil.copy(folder / names[0], folder / gldas_name("20160102.0000"))
    (folder / names[3]).write_bytes((folder / names[3]).read_bytes()[:3000])
    export(folder / "lai", ["2016-02-18", "2016-02-26"])
    return folder, names


def test_the_second_inventory_is_equal_and_looks_into_nothing(tmp_path, looked):
    archive(tmp_path)
    first, table = ask(tmp_path)
    assert len(looked["headers"]) == len(first.found.entries) == 8 and len(looked["opened"]) == 7
    looked["headers"].clear(), looked["opened"].clear()
    second, again = ask(tmp_path)
    assert looked == {"headers": [], "opened": []}
    assert again == table
    for what in ("entries", "unreadable", "dates", "checked", "opened"):
        assert getattr(second.found, what) == getattr(first.found, what), what
    assert len(first.found.unreadable) == 2 and len(first.found.dates) == 1
    assert second.found.remembered == 8 and "8 files have not changed since an earlier run" in "\n".join(second.summary)
    assert not [p for p in (tmp_path / "archive").rglob("*") if p.name.startswith(".")]  # nothing is left in the archive


def test_a_folder_called_from_where_one_stands_is_the_same_folder(tmp_path, monkeypatch):
    """Files are read by processes that stand in another folder."""
    archive(tmp_path)
    monkeypatch.chdir(tmp_path)
    found = []
    for folder in ("archive", tmp_path / "archive", os.path.join("archive", "..", "archive")):  # noqa: PTH118
        table = tmp_path / "t.csv"
        result = inventory.run(inventory.InventoryRequest(folder=folder, check="all", table=table, report=tmp_path / "r.html"))
        found.append((table.read_bytes(), result.found.unreadable, [e.path for e in result.found.entries]))
    assert found[0] == found[1] == found[2]
    assert len(found[0][1]) == 2 and not any("no such file" in why for why in found[0][1].values())


def test_what_has_changed_is_looked_into_again(tmp_path, looked):
    folder, names = archive(tmp_path)
    ask(tmp_path)
    looked["headers"].clear(), looked["opened"].clear()
    good = (folder / names[1]).read_bytes()
    (folder / names[3]).write_bytes(good)  # mended, but by a file of another time
    status = (folder / names[4]).stat()
    (folder / names[4]).write_bytes(b"\0" * status.st_size)  # of the same size, and its time set back
    os.utime(folder / names[4], ns=(status.st_atime_ns, status.st_mtime_ns))
    (folder / names[5]).unlink()
    result, _ = ask(tmp_path)
    assert sorted(looked["headers"]) == sorted([names[3], names[4]]) and looked["opened"] == [names[3]]
    why = {Path(path).name: text for path, text in result.found.unreadable.items()}
    assert "as the name says" in why[names[3]] and "not NetCDF" in why[names[4]]
    assert len(result.found.entries) == 7


def test_files_of_unknown_names_are_looked_into_once_by_all_processes(tmp_path, monkeypatch):
    folder = tmp_path / "archive"
    for letter, name in zip("abcd", files_of(folder, stamps(4))):
        (folder / name).rename(folder / f"part {letter}.nc4")
    with netCDF4.Dataset(folder / "april.nc", "w") as file:
        file.createVariable("swvl1", "f4", ())
    (folder / "readme.md").write_text("about these files")
    names, real, looked = [f"part {letter}.nc4" for letter in "abcd"], looking._inside, []
    monkeypatch.setattr(looking, "_inside", lambda paths, progress: (looked.extend(Path(p).name for p in paths), real(paths, progress))[1])
    monkeypatch.setattr(looking, "_known", OrderedDict())
    first, table = ask(tmp_path)
    assert sorted(looked) == ["april.nc", *names] and len(first.found.entries) == 4 and first.found.n_unrecognised == 2
    looked.clear(), looking._known.clear()  # another process
    second, again = ask(tmp_path)
    assert looked == [] and again == table and second.found.entries == first.found.entries
    assert second.found.seems == first.found.seems and second.found.remembered == 4
    looking._known.clear()
    shutil.copy(folder / names[0], folder / names[1])
    third, _ = ask(tmp_path)
    assert looked == [names[1]] and len(third.found.entries) == 3
    looked.clear(), looking._known.clear()
    folder.rename(tmp_path / "moved")
    (tmp_path / "archive").symlink_to(tmp_path / "moved")
    fourth, _ = ask(tmp_path)
    assert len(looked) == 5 and len(fourth.found.entries) == 3


def test_deeper_looks_use_what_shallow_ones_found(tmp_path, looked):
    archive(tmp_path)
    ask(tmp_path, "headers")
    assert looked["opened"] == ["MCD15A2H.061_500m_aid0001.nc"]
    looked["headers"].clear(), looked["opened"].clear()
    ask(tmp_path, "all")
    assert looked["headers"] == [] and len(looked["opened"]) == 6


@pytest.mark.parametrize("damage", ["cut", "changed", "nonsense", "other readers", "no place"])
def test_a_memory_that_is_damaged_or_of_other_readers_is_not_believed(tmp_path, looked, damage, monkeypatch):
    archive(tmp_path)
    first, table = ask(tmp_path)
    (kept,) = (machine.cache_folder() / "inventory").glob("*.json")
    content = kept.read_bytes()
    if damage == "cut":
        kept.write_bytes(content[:-20])
    elif damage == "changed":
        kept.write_bytes(content.replace(b"cut off", b"all fine"))
    elif damage == "nonsense":
        kept.write_bytes(os.urandom(2000))
    elif damage == "other readers":
        monkeypatch.setattr(memory, "_readers", lambda: "others")
    else:
        (tmp_path / "file").write_text("")
        monkeypatch.setenv(machine.CACHE, str(tmp_path / "file"))
    looked["headers"].clear(), looked["opened"].clear()
    second, again = ask(tmp_path)
    assert again == table and second.found.unreadable == first.found.unreadable
    assert len(looked["headers"]) == 8 and len(looked["opened"]) == 7


def test_gaps_that_are_closed_are_no_longer_told_of(tmp_path):
    folder = some_gldas(tmp_path / "archive", ["20160101", "20160105"])
    (folder / gldas_name("20160105.0900")).unlink()
    hdf5(folder / smap_name("20160401"))
    result, _ = ask(tmp_path, "headers")
    (line,) = (line for line in result.summary if "HAVE" in line)
    assert "3 missing, 1 incomplete" in line and "annsm:downloadlist" in line and "annsm:download fetches" in line
    for day in ("20160102", "20160103", "20160104"):
        some_gldas(folder, [day])
    shutil.copy(tmp_path / "one.h5", folder / gldas_name("20160105.0900"))
    assert not [line for line in ask(tmp_path, "headers")[0].summary if "HAVE" in line]


def test_the_cache_lies_where_the_system_keeps_such_things(monkeypatch, tmp_path):
    monkeypatch.delenv(machine.CACHE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(machine.sys, "platform", "linux")
    assert machine.cache_folder() == tmp_path / "annsm"
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    monkeypatch.setattr(machine.sys, "platform", "win32")
    assert machine.cache_folder() == tmp_path / "annsm" / "cache"
