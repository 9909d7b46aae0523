"""What was read of product files is read once: the same numbers, changed and new files alone are opened again."""

import os
from pathlib import Path

import numpy as np
import product_files
import pytest

from annsm_plugin.core.products import reading
from annsm_plugin.core.series import collocation
from annsm_plugin.core.series.memory import SeriesMemory

CELLS = {"lat": np.array([32.125, 33.375]), "lon": np.array([90.125, 91.875])}
PERIOD = {"start": "2015-04-01", "end": "2015-04-10"}


def write(folder, day: int, percent: float):
    values = np.full((720, 1440), percent)
    seconds = np.full(
        (720, 1440), (np.datetime64(f"2015-04-{day:02d}T19:30") - np.datetime64("1993-01-01")).astype("timedelta64[s]").astype(float)
    )
    return product_files.lprm(folder, values, seconds, date=f"201504{day:02d}")


@pytest.fixture
def opened(monkeypatch):
    """Names of the files that were opened."""
    names, plain = [], reading.read_arrays

    def counted(entry, **asked):
        names.append(Path(entry.path).name)
        return plain(entry, **asked)

    monkeypatch.setattr(reading, "read_arrays", counted)
    monkeypatch.setattr(collocation.Pool, "for_files", lambda count: collocation.Pool(0))  # counted in this process alone
    return names


def run(folder, memory, **changed):
    kept = SeriesMemory(memory)
    series = collocation.product_series(folder, "lprm", **{**CELLS, **PERIOD, "band": "c", **changed}, memory=kept)
    kept.save()
    return series


def test_files_are_opened_once_and_the_numbers_stay(tmp_path, opened):
    for day in (2, 3, 5):
        write(tmp_path, day, 10.0 + day)
    memory = tmp_path / "out.series.npz"
    first = run(tmp_path, memory)
    assert len(opened) == 3 and memory.is_file()
    opened.clear()
    again = run(tmp_path, memory)
    assert opened == [] and again.files == first.files == 3
    np.testing.assert_array_equal(again.values, first.values)
    assert np.isfinite(again.values).sum() == 6
    np.testing.assert_array_equal(run(tmp_path, None).values, first.values)


def test_changed_and_new_files_are_read_again(tmp_path, opened):
    for day in (2, 3):
        write(tmp_path, day, 10.0)
    memory = tmp_path / "out.series.npz"
    run(tmp_path, memory)
    opened.clear()
    path = write(tmp_path, 3, 30.0)
    os.utime(path, ns=(1, 1))
    new = write(tmp_path, 6, 20.0)
    series = run(tmp_path, memory)
    assert sorted(opened) == [path.name, new.name]
    assert np.nanmax(series.values) == pytest.approx(0.30) and series.files == 3
    opened.clear()
    new.unlink()
    assert run(tmp_path, memory).files == 2 and opened == []


def test_other_cells_bands_and_periods_are_other_questions(tmp_path, opened):
    write(tmp_path, 2, 10.0)
    memory = tmp_path / "out.series.npz"
    run(tmp_path, memory)
    for changed in ({"lat": CELLS["lat"] + 0.25}, {"band": "x"}):
        opened.clear()
        run(tmp_path, memory, **changed)
        assert len(opened) == 1, changed
    run(tmp_path, memory)
    opened.clear()
    run(tmp_path, memory, end="2015-04-04")
    assert opened == []


def test_an_unreadable_file_is_tried_again_and_a_broken_memory_is_empty(tmp_path, opened):
    write(tmp_path, 2, 10.0)
    bad = write(tmp_path, 3, 10.0)
    whole = bad.read_bytes()
    bad.write_bytes(whole[:3000])
    memory = tmp_path / "out.series.npz"
    first = run(tmp_path, memory)
    assert len(first.problems) == 1
    opened.clear()
    assert len(run(tmp_path, memory).problems) == 1 and opened == [bad.name]
    bad.write_bytes(whole)
    assert run(tmp_path, memory).problems == []
    opened.clear()
    memory.write_bytes(memory.read_bytes()[:200])
    series = run(tmp_path, memory)
    assert len(opened) == 2 and np.isfinite(series.values).sum() == 4
    opened.clear()
    run(tmp_path, memory)
    assert opened == []
