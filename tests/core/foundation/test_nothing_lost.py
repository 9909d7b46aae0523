"""Steps that are killed, find the disk full or run twice: nothing half done, nothing lost. ``make torture`` does the same for longer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import kills
import pytest
import starved
import steps_that_write as steps

from annsm_plugin.core.foundation.errors import AnnsmError

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
    assert harness.problems == [] and harness.resumed["train"]


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
