"""Threads and workers without memory: Python would wait for ever for a thread that finds none; a step must say it and end."""

import threading

import pytest

from annsm_plugin.core.foundation import machine
from annsm_plugin.core.foundation.errors import AnnsmError
from annsm_plugin.core.foundation.progress import SILENT
from annsm_plugin.core.products.decoding.pool import Pool
from annsm_plugin.core.workers import process, tasks
from annsm_plugin.core.workers import run as workers
from annsm_plugin.core.workers.tasks import Block

LEFT = "no memory left"


def within(seconds, call):
    """What ``call`` raises, in a thread of its own that must end within so many seconds."""
    raised = []

    def work():
        try:
            call()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    assert not thread.is_alive()
    return raised[0] if raised else None


@pytest.fixture
def starved(monkeypatch):
    """No memory from now on, as far as it is asked for."""

    def begin():
        monkeypatch.setattr(machine, "TO_GO_ON", 2**62)

    return begin


def test_no_thread_is_begun(starved):
    begun = []
    starved()
    with pytest.raises(AnnsmError, match=LEFT):
        machine.Thread(target=begun.append, args=(1,)).start()
    with machine.Threads(2) as threads, pytest.raises(AnnsmError, match=LEFT):
        threads.submit(begun.append, 1)
    assert begun == []


@pytest.mark.parametrize(("said", "told"), [("can't start new thread", AnnsmError), ("threads can only be started once", RuntimeError)])
def test_a_thread_for_which_the_system_has_no_room(monkeypatch, said, told):
    """The memory was there when it was asked for, and was gone when the thread began."""

    def refused(self):
        raise RuntimeError(said)

    monkeypatch.setattr(threading.Thread, "start", refused)
    with pytest.raises(told, match=LEFT if told is AnnsmError else said):
        machine.Thread(target=print).start()
    with machine.Threads(1) as threads, pytest.raises(told, match=LEFT if told is AnnsmError else said):
        threads.submit(print)


def test_what_waits_for_a_thread_is_not_done(starved):
    go_on, done = threading.Event(), []
    with machine.Threads(1) as threads:
        running = threads.submit(go_on.wait, 60.0)
        waiting = [threads.submit(done.append, number) for number in range(3)]
        starved()
        with pytest.raises(AnnsmError, match=LEFT):
            threads.submit(done.append, 3)
        assert all(future.cancelled() for future in waiting)
        go_on.set()
    assert running.result() is True and done == []


def test_a_training_whose_second_thread_cannot_begin_ends_soon(monkeypatch):
    pytest.importorskip("torch")
    plain, begun = machine.Threads.submit, []

    def submit(pool, function):
        if begun:
            raise AnnsmError(LEFT)
        begun.append(function)
        return plain(pool, function)

    monkeypatch.setattr(machine.Threads, "submit", submit)
    monkeypatch.setattr(machine, "threads", lambda: 2)
    long = {"cells": 64, "samples": 600, "epochs": 1000, "max_fail": 1000, "seed": 1}
    work = tasks.find("training.trial:train")
    assert isinstance(within(10.0, lambda: work(long, {}, SILENT)), AnnsmError)


def test_no_worker_is_started(starved, monkeypatch):
    started = []
    monkeypatch.setattr(process.subprocess, "Popen", started.append)
    starved()
    with pytest.raises(AnnsmError, match=LEFT):
        process.start("files")
    with pytest.raises(AnnsmError, match=LEFT):
        Pool(2)
    assert started == []


def test_a_pool_that_cannot_begin_leaves_no_worker(monkeypatch):
    started, plain, begin = [], process.start, machine.Thread.start

    def start(*given):
        started.append(plain(*given))
        return started[-1]

    def second_fails(thread):
        if len(begun) == 1:
            raise AnnsmError(LEFT)
        begun.append(thread)
        begin(thread)

    begun = []
    monkeypatch.setattr(process, "start", start)
    monkeypatch.setattr(machine.Thread, "start", second_fails)
    assert isinstance(within(10.0, lambda: Pool(2)), AnnsmError)
    assert len(started) == 1 and started[0].child.wait(10) is not None
    begun[0].join(10)
    assert not begun[0].is_alive()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("one", [True, False])
def test_a_thread_that_dies_ends_the_step(monkeypatch, one):
    """Of one thread, or of both, that cannot even keep what was wrong."""
    shift, plain = workers._Shift, workers._Shift._do

    def dying(self, number, block):
        if number == 0 or not one:
            raise MemoryError
        return plain(self, number, block)

    monkeypatch.setattr(shift, "_do", dying)
    blocks = [Block(str(n), {"cells": 2, "samples": 60, "epochs": 2, "seed": n}, {}) for n in range(4)]
    where = workers.Where(processes=2, need="torch")
    assert isinstance(within(60.0, lambda: list(workers.run("training.trial:train", blocks, where, seconds=1e6, total=4.0))), MemoryError)
