"""Works off the blocks of a step where the user wants them: in worker processes, in this process, or on a dask.distributed cluster."""

from __future__ import annotations

import os
import queue
from collections.abc import Iterable
from dataclasses import dataclass, field

from ..foundation import machine
from ..foundation.errors import AnnsmError, Cancelled, MissingLibrary
from ..foundation.libraries import load
from ..foundation.progress import SILENT, Progress
from . import cluster, process
from .process import Process
from .tasks import Arrays, Block, Results, Values, find

#: Seconds of work from which on starting workers pays: each takes about two seconds to start and import PyTorch.
WORTH = 8.0

#: Blocks that wait for each worker, so that none is idle while the next ones are read.
AHEAD = 2

#: Seconds between looks at whether the user has asked to stop.
PAUSE = 0.1


@dataclass(frozen=True)
class Where:
    """Where a step's blocks run.

    scheduler: address of a dask.distributed scheduler, which then does all; python: the interpreter of the workers (empty: found);
    processes: how many workers (0: one for each core, where the work is worth it); need: the package that they must have beside
    numpy ("torch", "torch+sklearn"; empty: none); here: in this process only.
    """

    scheduler: str = ""
    python: str = ""
    processes: int = 0
    need: str = "torch"
    here: bool = False


@dataclass
class _Done:
    block: Block
    values: Values = field(default_factory=dict)
    arrays: Arrays = field(default_factory=dict)
    error: BaseException | None = None


def check(where: Where) -> None:
    """Raise ``AnnsmError`` if work cannot be done where it is wanted: no scheduler, no such interpreter, or the package is nowhere."""
    if where.scheduler:
        cluster.check(where.scheduler)
        return
    named = where.python or os.environ.get(process.VARIABLE)
    why = None if named else lacking(where.need)
    if why is None and not named:
        return
    if where.here or not (where.need or where.python):
        return
    started = process.start(where.need, where.python)
    if started is not None:
        started.close()
    elif why is not None:
        raise why


def packages(where: Where) -> list[str] | None:
    """The packages that the workers of another Python have; None where blocks can run in this process, which then counts."""
    if where.scheduler or not (where.python or os.environ.get(process.VARIABLE) or lacking("torch")):
        return None
    started = process.start("torch", where.python)
    if started is None:
        return None
    started.close()
    return list(started.about["packages"])


def lacking(need: str) -> MissingLibrary | None:
    """Why this process cannot do what needs these packages (with "+" between): one is missing or does not load; None if it can."""
    for package in filter(None, need.split("+")):
        try:
            load(package)
        except MissingLibrary as error:
            return error
    return None


def run(
    task: str, blocks: Iterable[Block], where: Where, *, seconds: float = 0.0, total: float = 0.0, progress: Progress | None = None
) -> Results:
    """Yield (name, values, arrays) of the task for every block, in any order: ``Crew.run`` with workers for this one call."""
    with Crew(where, seconds) as crew:
        yield from crew.run(task, blocks, total=total, progress=progress)


class Crew:
    """Those who do the blocks of a step, from its first to its last call of ``run``: ``with Crew(where, seconds) as crew``.

    Worker processes are started when the first blocks come, and only where it pays; seconds: about how long all the step's work
    would take one after the other.
    """

    def __init__(self, where: Where, seconds: float = 0.0):
        self._where = where
        named = where.python or os.environ.get(process.VARIABLE)
        wanted = where.processes or machine.cores()
        pays = wanted > 1 and seconds >= WORTH
        elsewhere = not where.here and bool(named or where.processes or pays or lacking(where.need))
        self._processes: list[Process | None] = [None] * wanted if elsewhere and not where.scheduler else []

    @property
    def size(self) -> int:
        """How many blocks are done at once, as far as this computer knows."""
        return max(1, len(self._processes))

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        for number, worker in enumerate(self._processes):
            if worker is not None:
                worker.close()
                self._processes[number] = None

    def run(self, task: str, blocks: Iterable[Block], *, total: float = 0.0, progress: Progress | None = None) -> Results:
        """Yield (name, values, arrays) of the task for every block, in any order.

        blocks are taken one by one, in this thread, as room for them becomes free; total: the sum of their weights, for the progress.
        A worker that dies is reported, and its block done once more by another. Raises what the task raises, ``AnnsmError`` if a
        block ends two workers, and ``Cancelled``.
        """
        progress = progress or SILENT
        if self._where.scheduler:
            yield from cluster.run(task, blocks, self._where.scheduler, total, progress)
        elif self._ready():
            yield from _Shift(task, self._where, self._processes, total, progress).work_off(blocks)
        else:
            yield from _here(task, blocks, total, progress)

    def _ready(self) -> bool:
        """Whether there are workers: the first one is started here; where none starts, this process does the work if it can."""
        if self._processes and self._processes[0] is None:
            self._processes[0] = process.start(self._where.need, self._where.python)
            if self._processes[0] is None:
                why = lacking(self._where.need)
                if why is not None:
                    raise why
                self._processes = []
        return bool(self._processes)


def _here(task: str, blocks: Iterable[Block], total: float, progress: Progress) -> Results:
    """The blocks one after the other, in this process."""
    function, done = find(task), 0.0
    for block in blocks:
        progress.check()
        span = max(total, done + block.weight)
        part = progress.part(done / span, (done + block.weight) / span)
        with machine.quiet_blas():  # as in a worker: OpenBLAS rounds otherwise with several threads
            values, arrays = function(block.values, block.arrays, part)
        done += block.weight
        yield block.name, values, arrays


class _Shift:
    """One call of ``Crew.run``: workers take blocks from one queue, a thread for each keeps its pipe going."""

    def __init__(self, task: str, where: Where, processes: list[Process | None], total: float, progress: Progress):
        self._task, self._where, self._progress, self._total = task, where, progress, total
        self._waiting: queue.Queue[Block | None] = queue.Queue()
        self._finished: queue.Queue[_Done] = queue.Queue()
        self._closing = False
        self._processes = processes
        self._parts = [0.0] * len(processes)
        self._texts = [""] * len(processes)
        self._busy = [False] * len(processes)
        self._done = 0.0
        self._threads = [machine.Thread(target=self._keep_going, args=(number,), daemon=True) for number in range(len(processes))]

    def work_off(self, blocks: Iterable[Block]) -> Results:
        """The results of ``blocks``; when it ends, however that is, no worker is at work."""
        source, open_ended, pending = iter(blocks), True, 0
        started = 0
        try:
            while open_ended or pending:
                self._progress.check()
                while open_ended and pending < AHEAD * max(1, started) + 1:
                    block = next(source, None)
                    if block is None:
                        open_ended = False
                        break
                    self._waiting.put(block)
                    pending += 1
                    if started < len(self._threads):
                        self._threads[started].start()
                        started += 1
                    if not self._finished.empty():
                        break
                if not pending:
                    break
                self._tell()
                try:
                    done = self._finished.get(timeout=PAUSE)
                except queue.Empty:
                    if not all(thread.is_alive() for thread in self._threads[:started]) and self._finished.empty():
                        raise MemoryError("a thread has ended before its work") from None  # nothing else ends one
                    continue
                pending -= 1
                if done.error is not None:
                    raise done.error
                self._done += done.block.weight
                yield done.block.name, done.values, done.arrays
        finally:
            self._end(started)

    def _end(self, started: int) -> None:
        self._closing = True
        for _ in range(started):
            self._waiting.put(None)
        for number, worker in enumerate(self._processes):
            if worker is not None and self._busy[number]:  # cancelled, or another block has failed
                worker.child.kill()
        for thread in self._threads[:started]:
            thread.join()

    def _tell(self) -> None:
        parts = self._done + sum(self._parts)
        texts = [text for text in self._texts if text]
        self._progress.report(min(1.0, parts / self._total) if self._total else 0.0, texts[0] if texts else "")

    def _keep_going(self, number: int) -> None:
        while True:
            block = self._waiting.get()
            if block is None or self._closing:
                return
            self._busy[number] = True
            done = self._do(number, block)
            self._busy[number], self._parts[number], self._texts[number] = False, 0.0, ""
            self._finished.put(done)
            if done.error is not None:
                return

    def _do(self, number: int, block: Block) -> _Done:
        """The block's result, or what was wrong: with its input, or with the second worker that it ended."""
        endings: list[str] = []
        while len(endings) < 2:
            worker = None
            try:
                worker = self._processes[number]
                if worker is None:
                    worker = self._processes[number] = process.start(self._where.need, self._where.python)
                if worker is None:
                    raise AnnsmError("No worker process starts any more.")
                if self._closing:
                    return _Done(block, error=Cancelled())
                told = _Part(self, number, block.weight)
                values, arrays = worker.do(self._task, block.values, block.arrays, told)
                return _Done(block, values, arrays)
            except AnnsmError as error:
                return _Done(block, error=error)
            except RuntimeError as error:
                return _Done(block, error=AnnsmError(f"A worker process failed: {error}."))
            except Exception as error:  # its pipe is broken: the worker has ended, or never was one
                self._processes[number] = None
                endings.append(worker.ending() if worker is not None else str(error))
                if self._closing:
                    return _Done(block, error=Cancelled())
                if len(endings) < 2:
                    self._progress.warning(f"A worker process ended: {endings[-1]}. Its block is done again by another.")
        return _Done(block, error=AnnsmError(f"The same block ended two worker processes; the second: {endings[-1]}."))


class _Part(Progress):
    """What one worker tells of its block."""

    def __init__(self, shift: _Shift, number: int, weight: float):
        self._shift, self._number, self._weight = shift, number, weight

    def report(self, fraction: float, text: str = "") -> None:
        self._shift._parts[self._number] = fraction * self._weight
        self._shift._texts[self._number] = text

    def info(self, text: str) -> None:
        self._shift._progress.info(text)

    def warning(self, text: str) -> None:
        self._shift._progress.warning(text)
