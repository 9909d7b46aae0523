"""How an analysis is carried out: in batches, in workers, stopped and gone on with, with progress and the time left."""

import threading
import time

import numpy as np
import planted_cubes
import pytest
from planted_cubes import PERIOD
from small_analysis import SMALL, numbers

from annsm_plugin.core.foundation.errors import Cancelled
from annsm_plugin.core.foundation.progress import Progress
from annsm_plugin.core.network import block
from annsm_plugin.core.sensitivity import analysis, samples, training_runs
from annsm_plugin.core.workers import run as workers

pytest.importorskip("torch")


def test_batches_and_groups_do_not_matter(gappy, analysed, monkeypatch):
    monkeypatch.setattr(training_runs, "BATCH_BYTES", 1)
    monkeypatch.setattr(samples, "CELLS_PER_GROUP", 3)
    result = analysis.analyse(gappy[0], **SMALL, **PERIOD, min_pairs=80)
    for one, other in zip(result.entries, analysed.entries):
        for key, value in one.means.items():
            assert value == pytest.approx(other.means[key], rel=1e-11, nan_ok=True)


def test_networks_of_one_shape_are_trained_together_and_none_twice(gappy, monkeypatch):
    calls = []
    original = block.train_block

    def counted(inputs, *rest, **options):
        calls.append((inputs.shape[0], options["hidden"]))
        return original(inputs, *rest, **options)

    monkeypatch.setattr(block, "train_block", counted)
    analysis.analyse(gappy[0], **SMALL, **PERIOD, min_pairs=80)
    # a call per round of the forward selection; neurons differ in shape; ratios and thresholds share theirs
    assert [b / 15 for b, _ in calls] == [1, 3, 2, 1, 1, 1, 2, 2]


# Stopping and going on


class Watched(Progress):
    """Remembers what was reported; cancels once ``stop`` is set."""

    def __init__(self):
        self.stop, self.reports, self.lines = threading.Event(), [], []

    def report(self, fraction, text=""):
        self.reports.append((fraction, text))

    def info(self, text):
        self.lines.append(text)

    def cancelled(self):
        return self.stop.is_set()


def test_a_stopped_run_goes_on_and_gives_the_same(gappy, analysed, tmp_path, monkeypatch):
    monkeypatch.setattr(training_runs, "BATCH_BYTES", 1)
    calls = []
    original = block.train_block

    def stopping(*arguments, **options):
        calls.append(1)
        if len(calls) == 6:
            raise Cancelled()
        return original(*arguments, **options)

    monkeypatch.setattr(block, "train_block", stopping)
    table = tmp_path / "table.csv"
    with pytest.raises(Cancelled):
        analysis.analyse(gappy[0], keep=table, **SMALL, **PERIOD, min_pairs=80)
    assert [p.name for p in tmp_path.iterdir()] == [".table.csv.resume"]
    watched = Watched()
    result = analysis.analyse(gappy[0], keep=table, progress=watched, **SMALL, **PERIOD, min_pairs=80)
    assert any("5 finished blocks" in line for line in watched.lines)
    finished = len({entry.run for entry in result.entries})
    assert len(calls) == 6 + finished - 5
    np.testing.assert_array_equal(numbers(result), numbers(analysed))
    result.checkpoint.clear()
    assert not list(tmp_path.iterdir())


def test_a_longer_list_goes_on_with_what_is_there_and_other_days_do_not(gappy, tmp_path, monkeypatch):
    table = tmp_path / "table.csv"
    first = {"experiments": "neurons", "min_pairs": 80, **PERIOD}
    analysis.analyse(gappy[0], keep=table, neurons="2,3", **first)
    calls = []
    original = block.train_block
    monkeypatch.setattr(block, "train_block", lambda *a, **o: calls.append(o["hidden"]) or original(*a, **o))
    analysis.analyse(gappy[0], keep=table, neurons="2-4", **first)
    assert calls == [4]
    analysis.analyse(gappy[0], keep=table, neurons="2-4", **{**first, "end": "2016-03-30"})
    assert calls == [4, 2, 3, 4]


def test_cancelling_takes_less_than_a_second(tmp_path):
    cube = planted_cubes.write(tmp_path / "cube.nc", planted_cubes.planted())
    watched, stopped = Watched(), []

    def stop():
        time.sleep(1.0)
        stopped.append(time.monotonic())
        watched.stop.set()

    thread = threading.Thread(target=stop)
    thread.start()
    with pytest.raises(Cancelled):
        analysis.analyse(cube, progress=watched, repeats=50, keep=tmp_path / "t.csv", **PERIOD)
    assert time.monotonic() - stopped[0] < 1.0
    thread.join()
    assert not (tmp_path / "t.csv").exists()


def test_progress_only_grows_and_names_the_experiment(gappy):
    watched = Watched()
    analysis.analyse(gappy[0], progress=watched, **SMALL, **PERIOD, min_pairs=80)
    fractions = [f for f, _ in watched.reports]
    assert fractions == sorted(fractions) and fractions[-1] == 1.0
    texts = " ".join(text for _, text in watched.reports)
    for word in ("Reading the cube", "Inputs, run 2-4 of 7", "Neurons, run 1-2 of 2", "Ratios", "Thresholds"):
        assert word in texts


def test_the_time_left(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(training_runs.time, "monotonic", lambda: now[0])
    clock = training_runs.Clock(days=100.0)
    clock.left = 300.0
    assert clock.told(0.0) == (0.0, "")
    now[0] += 60.0
    assert clock.told(100.0) == (pytest.approx(1 / 3), "; about 2 min left")
    clock.done, clock.left = 100.0, 200.0
    clock.skipped = 50.0  # found in the checkpoint: took no time
    assert clock.told(0.0)[1] == "; about 4 min left"
    clock.left = 2000.0
    assert clock.told(0.0)[0] == pytest.approx(1 / 3)  # never back
    assert training_runs._duration(5) == "5 s" and training_runs._duration(7200) == "2.0 h"


def test_in_workers_the_numbers_are_the_same(gappy, analysed, monkeypatch):
    """Every batch in another process, bit for bit."""
    monkeypatch.setattr(workers, "WORTH", 0.0)
    monkeypatch.setattr(workers.machine, "cores", lambda: 2)
    monkeypatch.setattr(training_runs, "BATCH_BYTES", 8)
    elsewhere = []
    original = workers.process.Process.do
    monkeypatch.setattr(workers.process.Process, "do", lambda self, task, *given: elsewhere.append(task) or original(self, task, *given))
    result = analysis.analyse(gappy[0], **SMALL, **PERIOD, min_pairs=80)
    assert len(elsewhere) > 10 and set(elsewhere) == {"sensitivity.training_runs:train_batch"}
    np.testing.assert_array_equal(numbers(result), numbers(analysed))
