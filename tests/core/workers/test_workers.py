"""Workers: what comes back is what a block gives here, bit for bit; deaths, cancelling, clean environment, no process left behind."""

import io
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from annsm_plugin.core.foundation.errors import AnnsmError, Cancelled, ParameterError
from annsm_plugin.core.foundation.progress import Progress
from annsm_plugin.core.workers import process, tasks, wire
from annsm_plugin.core.workers.run import Where, check, run
from annsm_plugin.core.workers.tasks import Block

ROOT = Path(__file__).resolve().parents[3]
TRAIN = "training.trial:train"
LONG = {"cells": 64, "samples": 600, "epochs": 1000, "max_fail": 1000}


def blocks(count=4, **values):
    return [Block(str(n), {"cells": 6, "samples": 60, "epochs": 20, "seed": n, **values}, {}) for n in range(count)]


def weights(where, of, seconds=1e6):
    return {name: arrays["weights"] for name, _, arrays in run(TRAIN, of, where, seconds=seconds, total=len(of))}


def alive(pid):
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rsplit(")", 1)[1].split()[0] != "Z"


def gone(pids, seconds=5.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not any(map(alive, pids)):
            return True
        time.sleep(0.05)
    return False


class Watched(Progress):
    """Keeps what is told; ``stop`` cancels."""

    def __init__(self):
        self.stop, self.warnings, self.fractions, self.texts = False, [], [], []

    def report(self, fraction, text=""):
        self.fractions.append(fraction)
        self.texts.append(text)

    def warning(self, text):
        self.warnings.append(text)

    def cancelled(self):
        return self.stop


@pytest.fixture
def started(monkeypatch):
    """The workers that were started."""
    found, plain = [], process.start

    def start(*given, **more):
        worker = plain(*given, **more)
        found.append(worker)
        return worker

    monkeypatch.setattr(process, "start", start)
    return found


def test_weights_are_equal_bit_for_bit_wherever_a_block_runs():
    of = blocks()
    here = weights(Where(here=True), of)
    for where in (Where(processes=1), Where(processes=3)):
        there = weights(where, of)
        assert set(there) == set(here)
        assert all(np.array_equal(there[name], here[name], equal_nan=True) for name in here)
    assert np.isfinite(here["0"]).all() and not np.array_equal(here["0"], here["1"])


def test_arrays_of_every_kind_come_back_as_they_went():
    sent = {
        "empty": np.zeros((0, 3)),
        "strided": np.arange(24.0).reshape(4, 6)[::2, ::3],
        "days": np.array(["2015-04-01", "NaT"], dtype="datetime64[D]"),
        "flags": np.array([[True, False]]),
        "bytes": np.arange(5, dtype=np.uint8),
        "scalar": np.array(3.5, dtype=np.float32),
        "swapped": np.arange(3, dtype=">i4"),
    }
    values = {"text": "Maqu é \n{", "none": None, "nested": {"a": [1, 2.5, True]}}
    block = Block("b", values, sent)
    ((_, back, arrays),) = run("training.trial:echo", [block], Where(processes=2), seconds=1e6)
    assert back == values
    for name, array in sent.items():
        assert arrays[name].dtype == array.dtype and arrays[name].shape == array.shape
        assert np.array_equal(arrays[name], array) or name == "days"
    assert str(arrays["days"][0]) == "2015-04-01" and np.isnat(arrays["days"][1])


def test_objects_are_not_sent():
    block = Block("b", {}, {"objects": np.array([{}, []], dtype=object)})
    with pytest.raises(AnnsmError):
        list(run("training.trial:echo", [block], Where(processes=1), seconds=1e6))


def test_small_work_starts_no_worker(started):
    assert weights(Where(), blocks(1), seconds=0.1)
    assert not started


def test_no_worker_is_left_after_success(started):
    weights(Where(processes=2), blocks())
    assert len(started) == 2
    assert gone([worker.child.pid for worker in started], 0.5)


def test_cancelling_takes_less_than_a_second_and_leaves_no_worker(started):
    progress = Watched()
    begun = []

    def stop():
        while not any(progress.texts):
            time.sleep(0.02)
        begun.append(time.monotonic())
        progress.stop = True

    threading.Thread(target=stop, daemon=True).start()
    with pytest.raises(Cancelled):
        list(run(TRAIN, blocks(3, **LONG), Where(processes=2), seconds=1e6, total=3, progress=progress))
    assert time.monotonic() - begun[0] < 1.0
    assert gone([worker.child.pid for worker in started], 0.5)


def kill_first(started, when, count=1):
    """Kill the first ``count`` workers that are at work, as the system does when memory runs out."""

    def kill():
        for number in range(count):
            while len(started) <= number or not when():
                time.sleep(0.02)
            time.sleep(0.2)
            os.kill(started[number].child.pid, signal.SIGKILL)

    threading.Thread(target=kill, daemon=True).start()


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_the_block_of_a_killed_worker_is_done_again_and_that_is_said(started):
    of = [*blocks(2, cells=16, samples=400, epochs=80, max_fail=80)]
    right = weights(Where(here=True), of)
    progress = Watched()
    kill_first(started, lambda: any(progress.texts))
    found = {name: arrays["weights"] for name, _, arrays in run(TRAIN, of, Where(processes=1), seconds=1e6, total=2, progress=progress)}
    assert all(np.array_equal(found[name], right[name], equal_nan=True) for name in right)
    assert len(progress.warnings) == 1 and "SIGKILL" in progress.warnings[0] and "done again" in progress.warnings[0]
    assert len(started) == 2 and gone([worker.child.pid for worker in started], 0.5)


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_a_block_that_ends_two_workers_is_an_error(started):
    progress = Watched()

    def kill():
        for number in range(2):
            while len(started) <= number:
                time.sleep(0.02)
            time.sleep(0.5)
            os.kill(started[number].child.pid, signal.SIGKILL)

    threading.Thread(target=kill, daemon=True).start()
    with pytest.raises(AnnsmError, match="same block ended two worker processes"):
        list(run(TRAIN, blocks(1, **LONG), Where(processes=1), seconds=1e6, total=1, progress=progress))
    assert gone([worker.child.pid for worker in started], 0.5)


def test_errors_of_a_task_keep_their_kind():
    with pytest.raises(AnnsmError, match="KeyError"):
        list(run(TRAIN, [Block("b", {}, {})], Where(processes=1), seconds=1e6))
    with pytest.raises(ParameterError, match="Neurons"):
        list(run(TRAIN, blocks(1, hidden=0), Where(processes=1), seconds=1e6))


@pytest.mark.parametrize(
    "name", ["os:system", "training.trial:np", "training.trial:load", "..evil:run", "training.trial:_hidden", "training.trial"]
)
def test_no_message_can_call_anything_but_a_task(name):
    with pytest.raises((ValueError, ImportError, AttributeError)):
        tasks.find(name)


_PARENT = """
import sys, threading, time
sys.path.insert(0, {root!r})
from annsm_plugin.core.workers import process
from annsm_plugin.core.workers.run import Where, run
from annsm_plugin.core.workers.tasks import Block
plain = process.start
def start(*a, **k):
    worker = plain(*a, **k)
    print(worker.child.pid, flush=True)
    return worker
process.start = start
blocks = [Block(str(n), dict(cells=64, samples=600, epochs=1000, max_fail=1000, seed=n), {{}}) for n in range(4)]
list(run("training.trial:train", blocks, Where(processes=2), seconds=1e6))
"""


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_workers_end_when_the_program_is_killed():
    parent = subprocess.Popen([sys.executable, "-c", _PARENT.format(root=str(ROOT))], stdout=subprocess.PIPE, text=True)
    pids = [int(parent.stdout.readline()) for _ in range(2)]
    time.sleep(1.0)  # in the middle of training
    assert all(map(alive, pids))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert gone(pids, 5.0)


def test_nothing_of_the_current_folder_or_of_pythonpath_gets_into_a_worker(tmp_path, monkeypatch):
    """A module of a common name in a data folder must not be run by whoever starts QGIS there."""
    said = tmp_path / "imported"
    for name in ("uuid", "json", "dataclasses", "queue", "numpy", "sitecustomize", "usercustomize", "annsm_plugin"):
        (tmp_path / f"{name}.py").write_text(f"open({str(said)!r}, 'a').write('{name} ')\nraise SystemExit(3)\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONUSERBASE", str(tmp_path))
    monkeypatch.setattr(process, "_verified", {})
    worker = process.start("files")
    assert worker is not None
    worker.close()
    assert not said.exists()


def test_a_worker_uses_one_thread_and_none_of_qgis_variables(monkeypatch):
    from annsm_plugin.core.foundation import machine

    monkeypatch.setenv("PYTHONHOME", "/nowhere")
    monkeypatch.setenv("QGIS_PREFIX_PATH", "/nowhere")
    monkeypatch.setenv("PROJ_LIB", "/some/proj")
    found = machine.environment()
    assert found["OPENBLAS_NUM_THREADS"] == found["OMP_NUM_THREADS"] == "1" and found["PROJ_LIB"] == "/some/proj"
    assert not {"PYTHONHOME", "QGIS_PREFIX_PATH"} & set(found)
    with machine.one_thread():
        assert machine.threads() == 1
    assert machine.threads() == machine.cores()


def interpreter(tmp_path, text):
    path = tmp_path / "python3"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.skipif(os.name == "nt", reason="needs a shell")
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("exit 1", "does not start as a worker"),
        ("echo 'No module named numpy' >&2; exit 1", "No module named numpy"),
        ("echo hello", "does not start as a worker"),
    ],
)
def test_a_bad_interpreter_is_named(tmp_path, text, says):
    with pytest.raises(ParameterError, match=says):
        check(Where(python=interpreter(tmp_path, text)))


@pytest.mark.skipif(os.name == "nt", reason="needs a shell")
def test_a_worker_that_is_ended_while_it_starts_is_started_once_more(tmp_path):
    ended = tmp_path / "ended"
    text = f"""[ "$(cat {ended} 2>/dev/null)" = "$LIMIT" ] || {{ printf x >> {ended}; kill -9 $$; }}
exec {sys.executable} "$@" """
    check(Where(python=interpreter(tmp_path, text.replace("$LIMIT", "x"))))
    ended.unlink()
    with pytest.raises(ParameterError, match="does not start as a worker"):
        check(Where(python=interpreter(tmp_path, text.replace("$LIMIT", "xxx"))))
    assert ended.read_text() == "xx"


def test_an_interpreter_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ParameterError, match="which is no file"):
        check(Where(python=str(tmp_path / "python3")))


def test_the_variable_names_the_interpreter(tmp_path, monkeypatch):
    monkeypatch.setenv(process.VARIABLE, str(tmp_path / "nowhere"))
    with pytest.raises(ParameterError, match="which is no file"):
        process.start("torch")
    worker = process.start("files")  # files are read by QGIS's own libraries
    assert worker is not None
    worker.close()


def test_the_user_s_interpreter_does_the_work():
    of = blocks(2)
    found = weights(Where(python=sys.executable), of, seconds=0.0)
    here = weights(Where(here=True), of)
    assert all(np.array_equal(found[name], here[name], equal_nan=True) for name in here)


def test_blocks_are_taken_as_room_becomes_free():
    """A long step never holds all its blocks in memory."""
    taken, back = [], []

    def source():
        for block in blocks(12):
            taken.append(block.name)
            assert len(taken) - len(back) <= 2 * 2 + 2
            yield block

    for name, _, _ in run(TRAIN, source(), Where(processes=2), seconds=1e6, total=12):
        back.append(name)
    assert sorted(back, key=int) == [str(n) for n in range(12)]


def script(path, text):
    path.write_text(f"#!{sys.executable}\n{text}")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.mark.skipif(os.name == "nt", reason="scripts are started by their first line")
@pytest.mark.parametrize("name", ["qgis", "QGIS-3.22", "qgis_process.bin", "pythonista", "notpython3"])
def test_a_program_that_is_no_python_is_never_started(tmp_path, monkeypatch, name):
    program = script(tmp_path / name, f"open({str(tmp_path / 'started')!r}, 'w').close()\n")
    monkeypatch.setattr(sys, "executable", program)
    monkeypatch.setattr(process, "_verified", {})
    assert program not in process.candidates()
    worker = process.start("files")
    if worker:
        worker.close()
    assert not (tmp_path / "started").exists()


@pytest.mark.skipif(os.name == "nt", reason="scripts are started by their first line")
@pytest.mark.parametrize(
    "text", ["print('hello')", "import time; time.sleep(60)", "raise SystemExit(3)", 'print(\'{"hello": 1, "arrays": []}\')']
)
def test_a_python_that_is_none_is_passed_over(tmp_path, monkeypatch, text):
    fake = script(tmp_path / "python3", text)
    monkeypatch.setattr(process, "PATIENCE", 1.0)
    monkeypatch.setattr(process, "_verified", {})
    real = process.candidates()
    monkeypatch.setattr(process, "candidates", lambda: [fake])
    assert process.start("files") is None
    monkeypatch.setattr(process, "candidates", lambda: [fake, *real])
    monkeypatch.setattr(process, "PATIENCE", 30.0 if "sleep" not in text else 3.0)
    worker = process.start("files")
    assert worker.python in real
    worker.close()


def test_messages_carry_arrays_of_every_kind():
    arrays = {
        "f4": np.array([[1.5, np.nan]], "f4"),
        "turned": np.arange(6.0).reshape(2, 3).T,
        "u1": np.arange(256, dtype="u1"),
        "time": np.array(["2015-01-01", "NaT"], "M8[ns]"),
        "bool": np.array([True, False]),
        "empty": np.zeros((0, 3)),
        "big": np.arange(3, dtype=">i4"),
    }
    stream = io.BytesIO()
    wire.send(stream, {"text": "Maqu 玛曲"}, arrays)
    stream.seek(0)
    message, found = wire.receive(stream)
    assert message == {"text": "Maqu 玛曲"} and list(found) == list(arrays)
    for name, values in arrays.items():
        assert found[name].dtype == values.dtype and found[name].shape == values.shape and found[name].tobytes() == values.tobytes()
    whole = stream.getvalue()
    for cut in range(0, len(whole), 37):
        with pytest.raises((EOFError, ValueError)):
            wire.receive(io.BytesIO(whole[:cut]))
    with pytest.raises(ValueError, match="type"):
        wire.receive(io.BytesIO(b'{"arrays": [["x", "|O", [1]]]}\n12345678'))
