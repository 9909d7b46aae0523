"""Reads expected files ahead in several processes and hands them over in the order in which they are asked for."""

from __future__ import annotations

import os
import threading

from ...foundation.errors import ProductError
from ...foundation.progress import SILENT, Progress
from .. import reading
from . import interpreter, wire

#: Files that may be read ahead, for each process: enough to keep all busy, few enough for memory.
AHEAD = 4

#: Files from which on starting several processes pays.
MANY = 60

_WAIT = 0.1


def cores() -> int:
    """Cores that this program may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Pool:
    """``workers`` decoding processes; ``with Pool(n) as pool`` ends them. Without a verified Python everything is read in this process.

    ``expect`` names the files to come, in order; ``take`` gives one of them, bit for bit what ``products.read_arrays`` gives. A file
    on which a process ends unasked is refused like any unreadable file, and another process takes over.
    """

    def __init__(self, workers: int):
        self._condition = threading.Condition()
        self._queue: list[tuple] = []
        self._next = self._taken = self._round = 0
        self._results: dict[int, object] = {}
        self._closing = False
        first = interpreter.start() if workers > 0 else None
        #: The Python that decodes; empty where this process does.
        self.python = first.python if first else ""
        count = workers if first is not None else 0
        self._processes: list = [first] + [None] * (count - 1) if count else []
        self._alive = count
        self._threads = [threading.Thread(target=self._work, args=(number,), daemon=True) for number in range(count)]
        for thread in self._threads:
            thread.start()

    @classmethod
    def for_files(cls, count: int) -> Pool:
        """A pool for ``count`` files: a process for each core where there are many, else one, none without files.

        One at least, since a file with damaged headers may end the program that reads it: seen with HDF4 and HDF5.
        """
        return cls(cores() if count >= MANY else min(count, 1))

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_) -> None:
        with self._condition:
            self._closing = True
            self._condition.notify_all()
            for process in self._processes:
                if process is not None:
                    process.child.kill()
        for thread in self._threads:
            thread.join()

    @property
    def workers(self) -> int:
        """Processes at work; 0 where everything is read in this one."""
        return self._alive

    def expect(self, requests: list[tuple]) -> None:
        """Files to come: (entry, window, variables) in the order in which they will be taken. What was expected before is forgotten."""
        with self._condition:
            self._round += 1
            self._queue = list(requests)
            self._next = self._taken = 0
            self._results.clear()
            self._condition.notify_all()

    def take(self, entry, window, variables, progress: Progress = SILENT):
        """The ``products.Arrays`` of a file; expected ones before it that nobody took are dropped.

        Raises ``ProductError`` and ``Cancelled``.
        """
        key = (entry, window, variables)
        with self._condition:
            place = next((n for n in range(self._taken, len(self._queue)) if self._queue[n] == key), None)
            if place is None or not self._threads:
                return reading.read_arrays(entry, window=window, variables=variables)
            for passed in range(self._taken, place):
                self._results.pop(passed, None)
            self._taken = place
            self._next = max(self._next, place)
            self._condition.notify_all()
            while place not in self._results and self._alive:
                progress.check()
                self._condition.wait(_WAIT)
            result = self._results.pop(place, None)
            self._taken, self._next = place + 1, max(self._next, place + 1)
            self._condition.notify_all()
        if result is None:
            return reading.read_arrays(entry, window=window, variables=variables)
        if isinstance(result, ProductError):
            raise result
        return result

    def _work(self, number: int) -> None:
        """One thread per process: takes the next request, waits for its answer."""
        try:
            while True:
                with self._condition:
                    while not self._closing and not (
                        self._next < len(self._queue) and self._next < self._taken + AHEAD * len(self._threads)
                    ):
                        self._condition.wait()
                    if self._closing:
                        return
                    place, turn, request = self._next, self._round, self._queue[self._next]
                    self._next += 1
                result = self._read(number, *request)
                with self._condition:
                    if turn == self._round and place >= self._taken:
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

    def _read(self, number: int, entry, window, variables):
        """Arrays, or the ``ProductError`` of a file; None when there is no process to ask."""
        if self._processes[number] is None:
            started = interpreter.start()
            with self._condition:
                self._processes[number] = started
            if started is None:
                return None
        process = self._processes[number]
        try:
            message, arrays = process.ask({"path": entry.path, "layout": entry.layout, "window": window, "variables": variables})
            return ProductError(*message["product_error"]) if "product_error" in message else wire.unpack(message, arrays)
        except Exception as error:  # whatever it is, a thread that ended without an answer would leave its caller waiting
            with self._condition:
                self._processes[number] = None
            status = process.close()
            what = f"a file on which the process that read it ended (status {status}; {type(error).__name__})"
            return ProductError(entry.path, None, what, "a readable file")
