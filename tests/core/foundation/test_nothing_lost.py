"""Steps that are killed, find the disk full or run twice: nothing half done, nothing lost. ``make torture`` does the same for longer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import kills
import numpy as np
import pytest
import starved
import steps_that_write as steps

from annsm_plugin.core.foundation import store
from annsm_plugin.core.foundation.errors import AnnsmError
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.stations import points

ROOT = Path(__file__).resolve().parents[3]

HOLD = """
import contextlib, sys
sys.path.insert(0, sys.argv[1])
from annsm_plugin.core.foundation.store import locks
with contextlib.ExitStack() as stack:
    for path in sys.argv[2:]:
        stack.enter_context(locks.held(path))
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return steps.originals(tmp_path_factory.mktemp("good"), study=False, matched=False)


@pytest.fixture(scope="module")
def harness(good, tmp_path_factory):
    return kills.Harness(good, tmp_path_factory.mktemp("kills"), seed=1, more=False)


def test_killed_at_random_moments_nothing_is_lost(harness):
    while sum(harness.counts.values()) < 3:
        harness.kill("train")
    assert harness.problems == [] and harness.counts["train"] >= 3


def test_a_worker_that_is_killed_costs_nothing(harness):
    harness.kill("train", worker=True)
    assert harness.problems == [] and harness.counts["train, a worker"] == 1


@pytest.mark.parametrize("how", ["disk", "limit"])
def test_what_is_refused_is_said_and_done_when_it_is_given(harness, good, tmp_path, how):
    came, problems = starved.starve("screenprecipitation", how, 0, good, tmp_path, harness.whole("screenprecipitation", False))
    if came == "no disk":
        pytest.skip("no disk can be mounted here")
    assert problems == [] and came == "said"


def test_every_step_says_that_another_process_writes_its_output(tmp_path, monkeypatch):
    from annsm_plugin.core.record import extraction

    monkeypatch.setattr(extraction, "look", lambda path: extraction.Source(Path(path), [], {}, None))
    requests = {step: steps.asked(step, tmp_path / "none", tmp_path, more=False) for step in steps.MODULES}
    paths = {path for _, request, _ in requests.values() for path in request.outputs().values()}
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(ROOT), *paths], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "held\n"
        for step, (run, request, given) in requests.items():
            with pytest.raises(AnnsmError, match=f"is being written by process {other.pid} on .* since 20"):
                run(request, *given)
            assert step
        other.stdin.close()
    assert list(tmp_path.iterdir()) == []


def test_what_gdal_writes_is_whole_or_not_there(tmp_path):
    """GDAL finds out that the disk is full when it closes a file."""
    rows = [{"name": f"site {n}", "lat": 30 + 0.01 * n, "lon": 90.0, "r": 0.1 * n} for n in range(800)]
    values = np.random.default_rng(0).random((3, 40, 40))

    def write(folder):
        points.write_points(folder / "a.gpkg", rows)
        store.write_raster(folder / "a.tif", values, Grid.from_extent((90, 30, 100, 40)))

    whole = tmp_path / "whole"
    whole.mkdir()
    write(whole)
    size, said = sum(path.stat().st_size for path in whole.iterdir()), 0
    for share in np.linspace(0, 1, 16):
        with starved.disk(tmp_path / "disk", 8) as folder:
            if folder is None:
                pytest.skip("no disk can be mounted here")
            starved.fill(folder, int(share * size))
            try:
                write(folder)
            except AnnsmError as error:
                said += "is full while" in str(error)
            (folder / "ballast").unlink()
            assert steps.differences(folder, whole, finished=False) == []
            assert not [path for path in folder.iterdir() if path.name.startswith(".")]
    assert said > 5
