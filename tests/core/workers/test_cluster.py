"""A dask.distributed cluster of separate processes on loopback: the same results, a worker or the scheduler killed, nothing there."""

import gc
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from annsm_plugin.core.foundation.errors import AnnsmError, Cancelled, MissingLibrary, ParameterError
from annsm_plugin.core.foundation.libraries import available
from annsm_plugin.core.foundation.progress import Progress
from annsm_plugin.core.workers import cluster
from annsm_plugin.core.workers.run import Block, Where, check, run

ROOT = Path(__file__).resolve().parents[3]
TRAIN = "training.trial:train"

needs_distributed = pytest.mark.skipif(not available("distributed"), reason="dask.distributed is not installed")


def blocks(count=4, **values):
    return [Block(str(n), {"cells": 6, "samples": 60, "epochs": 20, "seed": n, **values}, {}) for n in range(count)]


def weights(where, of, progress=None):
    return {name: arrays["weights"] for name, _, arrays in run(TRAIN, of, where, total=len(of), progress=progress)}


class Stop(Progress):
    def cancelled(self):
        return True


class Cluster:
    """A scheduler and its workers as separate programs, as on a real cluster."""

    def __init__(self, folder, workers=2):
        self.file = folder / "scheduler.json"
        shared = ["--no-dashboard", "--scheduler-file", str(self.file)]
        scheduler = ["distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", *shared]
        self.scheduler = self._start(folder, "scheduler", scheduler)
        worker = ["distributed.cli.dask_worker", "--nthreads", "1", "--no-nanny", *shared]
        self._wait(self.file.is_file)
        self.workers = [self._start(folder, f"worker{n}", [*worker, "--local-directory", str(folder / f"w{n}")]) for n in range(workers)]
        self.address = json.loads(self.file.read_text())["address"]
        import distributed

        with distributed.Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=30)

    def _start(self, folder, name, words):
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        with (folder / f"{name}.log").open("w") as log:
            return subprocess.Popen([sys.executable, "-m", *words], cwd=folder, env=environment, stdout=log, stderr=log)

    def _wait(self, ready):
        end = time.monotonic() + 30
        while not ready():
            assert time.monotonic() < end, "the scheduler does not start"
            time.sleep(0.05)

    def close(self):
        for program in (*self.workers, self.scheduler):
            program.kill()
            program.wait()


@pytest.fixture
def two(tmp_path):
    made = Cluster(tmp_path)
    yield made
    made.close()


@pytest.mark.skipif(available("distributed"), reason="dask.distributed is installed")
def test_without_the_package():
    with pytest.raises(MissingLibrary, match="distributed"):
        check(Where(scheduler="tcp://127.0.0.1:1"))


@needs_distributed
def test_no_scheduler_there(monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    for address in ("tcp://127.0.0.1:1", "nonsense"):
        with pytest.raises(ParameterError, match="No dask scheduler answers"):
            check(Where(scheduler=address))
    gc.collect()  # left to chance, a client's end may fall into the start of the next one: distributed then waits for itself


@needs_distributed
def test_the_same_weights_a_task_s_error_and_cancelling(two):
    of, where = blocks(), Where(scheduler=two.address)
    check(where)
    here, there = weights(Where(here=True), of), weights(where, of)
    assert all(np.array_equal(there[name], here[name], equal_nan=True) for name in here)
    with pytest.raises(ParameterError, match="Neurons"):
        weights(where, blocks(1, hidden=0))
    with pytest.raises(AnnsmError, match="KeyError"):
        list(run(TRAIN, [Block("b", {}, {})], where))
    with pytest.raises(Cancelled):
        weights(where, of, Stop())


@needs_distributed
@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_a_killed_worker_changes_nothing_and_a_killed_scheduler_is_one_sentence(two):
    of = blocks(6, cells=8, samples=300, epochs=40, max_fail=40)
    right = weights(Where(here=True), of)

    class Kill(Progress):
        """Kills a program when the first block is back."""

        def __init__(self, program):
            self.program = program

        def report(self, fraction, text=""):
            if fraction > 0 and self.program.poll() is None:
                self.program.send_signal(signal.SIGKILL)
                self.program.wait()

    found = weights(Where(scheduler=two.address), of, Kill(two.workers[0]))
    assert two.workers[0].poll() is not None
    assert all(np.array_equal(found[name], right[name], equal_nan=True) for name in right)
    with pytest.raises(AnnsmError, match="does not answer any more"):
        weights(Where(scheduler=two.address), of, Kill(two.scheduler))
