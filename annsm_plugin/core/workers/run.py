"""Works off the blocks of a step where the user wants them: in worker processes, in this process, or on a dask.distributed cluster."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from ..foundation import machine
from ..foundation.errors import AnnsmError, Cancelled
from ..foundation.libraries import available, load
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
    processes: how many workers (0: one for each core, where the work is worth it); need: the package that they must have beside numpy ("torch", "sklearn"; empty: none);
    here: in this process only.
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
    if not where.need and (where.here or not where.python):
        return
    if available(where.need) and not where.python:
        load(where.need)  # says what is wrong with it, if something is
        return
    if where.here:
        load(where.need)
    started = process.start(where.need, where.python)
    if started is None:
        load(where.need)
    else:
        started.close()


def run(
    task: str, blocks: Iterable[Block], where: Where, *, seconds: float = 0.0, total: float = 0.0, progress: Progress | None = None
) -> Results:
    """Yield (name, values, arrays) of the task for every block, in any order.

    blocks are taken one by one, in this thread, as room for them becomes free; seconds: about how long all would take one after the
    other (workers are started only where it pays); total: the sum of their weights, for the progress. A worker that dies is
    reported, and its block done once more by another. Raises what the task raises, ``AnnsmError`` if a block ends two workers,
    and ``Cancelled``.
    """
    progress = progress or SILENT
    if where.scheduler:
        yield from cluster.run(task, blocks, where.scheduler, total, progress)
        return
    must = bool(where.python or where.processes) or (bool(where.need) and not available(where.need))
    wanted = where.processes or machine.cores()
    if where.here or not (must or (wanted > 1 and seconds >= WORTH)):
        yield from _here(task, blocks, total, progress)
        return
    first = process.start(where.need, where.python)
    if first is None:
        if where.need:
            load(where.need)
        yield from _here(task, blocks, total, progress)
        return
    yield from _Crew(task, where, wanted, first, total, progress).work_off(blocks)


def _here(task: str, blocks: Iterable[Block], total: float, progress: Progress) -> Results:
    """The blocks one after the other, in this process."""
    function, done = find(task), 0.0
    for block in blocks:
        progress.check()
        span = max(total, done + block.weight)
        part = progress.part(done / span, (done + block.weight) / span)
        values, arrays = function(block.values, block.arrays, part)
        done += block.weight
        yield block.name, values, arrays


class _Crew:
    """Workers that take blocks from one queue; a thread for each keeps its pipe going."""

    def __init__(self, task: str, where: Where, wanted: int, first: Process, total: float, progress: Progress):
        self._task, self._where, self._progress, self._total = task, where, progress, total
        self._waiting: queue.Queue[Block | None] = queue.Queue()
        self._finished: queue.Queue[_Done] = queue.Queue()
        self._closing = False
        self._processes: list[Process | None] = [first] + [None] * (wanted - 1)
        self._parts = [0.0] * wanted
        self._texts = [""] * wanted
        self._done = 0.0
        self._threads = [threading.Thread(target=self._keep_going, args=(number,), daemon=True) for number in range(wanted)]

    def work_off(self, blocks: Iterable[Block]) -> Results:
        """The results of ``blocks``; when it ends, however that is, no worker is left."""
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
        for process_ in list(self._processes):
            if process_ is not None:
                process_.child.kill()
        for thread in self._threads[:started]:
            thread.join()
        for number, process_ in enumerate(self._processes):
            if process_ is not None:
                process_.close()
                self._processes[number] = None

    def _tell(self) -> None:
        parts = self._done + sum(self._parts)
        texts = [text for text in self._texts if text]
        self._progress.report(min(1.0, parts / self._total) if self._total else 0.0, texts[0] if texts else "")

    def _keep_going(self, number: int) -> None:
        while True:
            block = self._waiting.get()
            if block is None or self._closing:
                return
            done = self._do(number, block)
            self._parts[number] = 0.0
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

    def __init__(self, crew: _Crew, number: int, weight: float):
        self._crew, self._number, self._weight = crew, number, weight

    def report(self, fraction: float, text: str = "") -> None:
        self._crew._parts[self._number] = fraction * self._weight
        self._crew._texts[self._number] = text

    def info(self, text: str) -> None:
        self._crew._progress.info(text)

    def warning(self, text: str) -> None:
        self._crew._progress.warning(text)
