"""Reads files in several processes before they are asked for."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Collection, Iterator
from typing import Optional

from ...foundation.errors import ProductError
from ...foundation.machine import Thread, cores
from ...foundation.progress import SILENT, Progress
from ...workers import process as workers
from .. import naming, reading
from ..arrays import Arrays, Window
from ..naming import Entry
from . import task

#: How many files each process may read ahead: enough to keep all of them busy, few enough for the memory.
AHEAD = 4

#: From this number of files on, several processes are faster than one.
MANY = 60

#: Seconds between two checks for cancellation while a file is awaited.
_WAIT = 0.1

#: Signals that end a process whatever it does; the file that it read can be good.
_FROM_OUTSIDE = (1, 2, 9, 15)

#: What is read of a file: its entry, the window and the variables (None: everything).
FileRequest = tuple[Entry, Optional[Window], Optional[Collection[str]]]

#: By thread: the worker that a pool has left for the next one (``left``), None outside of ``handed_on``.
_HANDED = threading.local()


@contextlib.contextmanager
def handed_on() -> Iterator[None]:
    """Within this block, a pool leaves a worker that has nothing to do to the next pool of this thread: starting one takes a while."""
    if getattr(_HANDED, "left", None) is not None:
        yield
        return
    left: list[workers.Process] = []
    _HANDED.left = left
    try:
        yield
    finally:
        _HANDED.left = None
        for process in left:
            process.close()


def _first() -> workers.Process | None:
    """The worker that another pool has left, or a new one; None where no Python on this computer will do."""
    left = getattr(_HANDED, "left", None)
    while left:
        process = left.pop()
        if process.child.poll() is None:
            return process
        process.close()
    return workers.start("files")


class Pool:
    """``count`` workers that read files for one thread, which end with the block ``with Pool(n) as pool`` (but see ``handed_on``).

    ``expect`` names the files to come, in order; ``take`` gives one of them, or one that nobody expected, bit for bit as
    ``products.read_arrays`` does. A file on which a process crashes is refused like any unreadable file, and another process is started.
    If no Python on this machine can be a decoding process, all files are read in this process.
    """

    def __init__(self, count: int):
        self._condition = threading.Condition()
        self._queue: list[FileRequest] = []
        self._unexpected: list[tuple[int, FileRequest]] = []
        self._next = self._taken = self._round = self._asked = 0
        self._results: dict[int, Arrays | ProductError | None] = {}
        self._closing = False
        first = _first() if count > 0 else None
        #: The Python that runs the processes; empty if files are read in this process.
        self.python = first.python if first else ""
        count = count if first is not None else 0
        self._processes: list[workers.Process | None] = [first] + [None] * (count - 1) if count else []
        self._alive = count
        self._busy = [False] * count
        self._threads = [Thread(target=self._work, args=(number,), daemon=True) for number in range(count)]
        try:
            for thread in self._threads:
                thread.start()
        except BaseException:
            self.__exit__()
            raise

    @classmethod
    def for_files(cls, count: int) -> Pool:
        """A pool for ``count`` files: a process for each core if there are many, one if there are few, none if there are none.

        Even a single file is read in another process, since damaged headers can crash the program that reads them (seen with HDF4 and
        HDF5).
        """
        return cls(cores() if count >= MANY else min(count, 1))

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        with self._condition:
            self._closing = True
            self._condition.notify_all()
            left = getattr(_HANDED, "left", None)
            for number, process in enumerate(self._processes):
                if process is not None and left == [] and not self._busy[number]:
                    left.append(process)
                    self._processes[number] = None
                elif process is not None:
                    process.child.kill()
        for thread in self._threads:
            thread.join()

    @property
    def workers(self) -> int:
        """How many processes are running; 0 if files are read in this process."""
        return self._alive

    def expect(self, requests: list[FileRequest]) -> None:
        """Announce the files to come, in the order in which they will be taken; files announced before are forgotten."""
        with self._condition:
            self._round += 1
            self._queue = list(requests)
            self._next = self._taken = 0
            self._unexpected.clear()
            self._results.clear()
            self._condition.notify_all()

    def take(self, entry: Entry, window: Window | None, variables: Collection[str] | None, progress: Progress = SILENT) -> Arrays:
        """The contents of a file; those expected before it that were not taken are dropped. One that was not expected drops none.

        Raises ``ProductError`` and ``Cancelled``.
        """
        key = (entry, window, variables)
        with self._condition:
            place = next((n for n in range(self._taken, len(self._queue)) if self._queue[n] == key), -1)
            if place < 0:
                place = self._asked = self._asked - 1
                self._unexpected.append((place, key))
            for passed in range(self._taken, place):
                self._results.pop(passed, None)
            self._move(place)
            while place not in self._results and self._alive:
                progress.check()
                self._condition.wait(_WAIT)
            result = self._results.pop(place, None)
            self._move(place + 1 if place >= 0 else place)
        if result is None:
            return reading.read_arrays(entry, window=window, variables=variables)
        if isinstance(result, ProductError):
            raise result
        return result

    def _may_read_ahead(self) -> bool:
        return self._next < len(self._queue) and self._next < self._taken + AHEAD * len(self._threads)

    def _move(self, place: int) -> None:
        """Nobody takes anything any more that is expected before ``place``."""
        self._taken, self._next = max(self._taken, place), max(self._next, place)
        self._condition.notify_all()

    def _work(self, number: int) -> None:
        """Run in one thread per process: take the next request, wait for the answer, and so on."""
        try:
            while True:
                with self._condition:
                    while not self._closing and not self._unexpected and not self._may_read_ahead():
                        self._condition.wait()
                    if self._closing:
                        return
                    turn, place = self._round, self._next
                    if self._unexpected:
                        place, request = self._unexpected.pop(0)
                    else:
                        request = self._queue[place]
                        self._next += 1
                    self._busy[number] = True
                try:
                    result = self._read(number, *request)
                except Exception:  # no room for another process, in whatever words: ``take`` reads it then
                    result = None
                with self._condition:
                    self._busy[number] = False
                    if place < 0 or (turn == self._round and place >= self._taken):
                        self._results[place] = result
                        self._condition.notify_all()
                if result is None:
                    return
        finally:
            with self._condition:
                self._alive -= 1
                process, self._processes[number] = self._processes[number], None
                self._condition.notify_all()
            if process is not None:
                process.close()

    def _read(self, number: int, entry: Entry, window: Window | None, variables: Collection[str] | None) -> Arrays | ProductError | None:
        """The contents of a file, or what is wrong with it; None if there is no process to ask.

        Where a process was ended from outside (no memory, an administrator), another one tries the file once more.
        """
        asked = {"entry": naming.packed(entry), "window": window, "variables": variables}
        what = ""
        for _ in range(2):
            process = self._processes[number]
            if process is None:
                process = workers.start("files")
                with self._condition:
                    self._processes[number] = process
                if process is None:
                    return None
            try:
                return task.unpack(*process.do("products.decoding.task:read", asked, {}))
            except ProductError as error:
                return error
            except Exception as error:  # of any kind: without an answer ``take`` would wait for ever
                with self._condition:
                    self._processes[number] = None
                status, how = process.close(patience=1.0), process.ending()
                what = f"a file on which the process that read it ended ({how}; {type(error).__name__})"
            if self._closing or -status not in _FROM_OUTSIDE:
                break
        return ProductError(entry.path, None, what, "a readable file")
