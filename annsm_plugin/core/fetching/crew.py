"""The threads of a download: some for each archive, which fetch, and one that opens what has come and gives it its name."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from .. import products
from ..foundation import machine, store
from ..foundation.errors import AnnsmError, Cancelled
from ..foundation.progress import Progress
from .manners import Manners
from .plan import Item
from .transfer import INCOMING, Later, Never, fetch, whole_path
from .web import Refused, Web, host_of

#: Files that are opened together at most: what has come while others were opened.
_BATCH = 400

#: Errors of a file at most, for each try: one that comes in small pieces makes many that do not count.
_PIECES = 10

#: Refusals of an archive in a row after which it is asked nothing more.
_REFUSALS = 3

#: Seconds between two looks of the main thread, and that it gives the others to end.
_LOOK, _END = 0.1, 1.0


@dataclass(order=True)
class _Job:
    """A file that waits: from when on it may be asked for, errors without progress, all errors, and how often it was found bad."""

    ready: float
    number: int
    item: Item = field(compare=False)
    errors: int = field(default=0, compare=False)
    all: int = field(default=0, compare=False)
    bad: int = field(default=0, compare=False)


class Crew:
    """Fetches files; ``work`` ends when each is there or given up.

    ``fetched``: files that are there now, with their bytes; ``missing``: file -> why.
    """

    def __init__(self, web: Web, manners: Manners, connections: int, tries: int) -> None:
        self._web, self._manners, self._connections, self._tries = web, manners, connections, tries
        self._condition = threading.Condition()
        self._waiting: dict[str, list[_Job]] = {}
        self._whole: deque[_Job] = deque()
        self._left = self._bytes = self._total = self._began = 0
        self._number = itertools.count()
        self._refusals: dict[str, int] = {}
        self._failure: BaseException | None = None
        self.refused: Refused | None = None
        self.fetched: dict[Path, int] = {}
        self.missing: dict[Path, str] = {}

    def work(self, items: Iterable[Item], progress: Progress) -> None:
        """Fetch files. Raises ``Cancelled``, and ``AnnsmError`` if the disk does not take them."""
        clock, hosts = time.monotonic(), dict[str, int]()
        for item in items:
            job, host = _Job(0.0, next(self._number), item), host_of(item.url)
            self._left, hosts[host] = self._left + 1, hosts.get(host, 0) + 1
            self._waiting.setdefault(host, [])
            if whole_path(item).is_file():  # of a run that was stopped before it was opened
                self._whole.append(job)
            else:
                heapq.heappush(self._waiting[host], job)
        self._total += self._left
        places = [host for host, count in hosts.items() for _ in range(min(self._connections, count))]
        threads = [machine.Thread(target=self._fetching, args=(host,), daemon=True) for host in places]
        threads.append(machine.Thread(target=self._opening, daemon=True))
        before = self._bytes
        try:
            for thread in threads:
                thread.start()
            while self._left and self._failure is None:
                progress.check()
                rate = (self._bytes - before) / 1e6 / max(time.monotonic() - clock, 0.5)
                done = self._total - self._left
                progress.report(done / max(1, self._total), f"{done} of {self._total} files, {rate:.1f} MB/s")
                with self._condition:
                    self._condition.wait(_LOOK)
        except BaseException:
            self._end(threads)
            raise
        self._end(threads, broken=self._failure is not None)
        if self._failure is not None:
            raise self._failure

    def _end(self, threads: list[machine.Thread], broken: bool = True) -> None:
        """Let the threads end; those that wait for an archive are woken, and write nothing any more."""
        if broken:
            self._manners.stop.set()
            self._web.close()
        with self._condition:
            self._condition.notify_all()
        until = time.monotonic() + (_END if broken else 60.0)
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _count(self, size: int) -> None:
        with self._condition:
            self._bytes += size

    def _next(self, host: str) -> _Job | None:
        """The next file of a host that may be asked for now; None at the end."""
        with self._condition:
            while self._left and not self._manners.stop.is_set():
                jobs = self._waiting[host]
                now = time.monotonic()
                if jobs and jobs[0].ready <= now:
                    return heapq.heappop(jobs)
                self._condition.wait(min(jobs[0].ready - now, 1.0) if jobs else 1.0)
        return None

    def _again(self, job: _Job, pause: float) -> None:
        with self._condition:
            job.ready = time.monotonic() + pause
            heapq.heappush(self._waiting[host_of(job.item.url)], job)
            self._condition.notify()

    def _settle(self, item: Item, why: str = "", size: int = 0) -> None:
        """A file is there, or given up."""
        with self._condition:
            if why:
                self.missing[item.path] = why
            else:
                self.fetched[item.path] = size
            self._left -= 1
            if not self._left:
                self._condition.notify_all()

    def _fetching(self, host: str) -> None:
        """Run in the threads of a host."""
        try:
            while (job := self._next(host)) is not None:
                why = self._manners.over(host)
                if why:
                    self._settle(job.item, why)
                else:
                    self._fetch(job, host)
        except Cancelled:
            pass
        except BaseException as error:
            self._failure = error

    def _fetch(self, job: _Job, host: str) -> None:
        try:
            fetch(job.item, self._web, self._manners, self._count)
            with self._condition:
                self._refusals[host] = 0
                self._whole.append(job)
                self._condition.notify_all()
        except Later as error:
            self._manners.check()
            job.errors, job.all = (1 if error.gained else job.errors + 1), job.all + 1
            if not error.gained:
                self._manners.failed(host, str(error))
            if job.errors >= self._tries or job.all >= self._tries * _PIECES:
                self._settle(job.item, f"{error} ({job.all} tries)")
            else:
                own = self._manners.patience.pause(job.errors)
                self._again(job, own if error.pause is None else error.pause)
        except Never as error:
            self._settle(job.item, str(error))
        except Refused as error:
            self._refusals[host] = self._refusals.get(host, 0) + 1
            if self._refusals[host] >= _REFUSALS:
                self._manners.give_up(host, str(error))
            if error.everywhere:
                self.refused = error
            self._settle(job.item, str(error))

    def _opening(self) -> None:
        """Run in one thread: open what has come, and give it its name."""
        watch = _Watch(self._manners)
        try:
            while True:
                with self._condition:
                    while not self._whole and self._left and not self._manners.stop.is_set():
                        self._condition.wait(_LOOK)
                    batch = [self._whole.popleft() for _ in range(min(_BATCH, len(self._whole)))]
                if not batch or self._manners.stop.is_set():
                    return
                wrong = look_into([replace(job.item.entry, path=str(whole_path(job.item))) for job in batch], watch)
                for job in batch:
                    why = wrong.get(whole_path(job.item), "")
                    if not why:
                        self._settle(job.item, size=named(whole_path(job.item), job.item.path))
                        continue
                    store.remove(whole_path(job.item))
                    job.bad += 1
                    if job.bad > 1:
                        self._settle(job.item, f"what came cannot be used: {why}")
                    else:
                        self._again(job, self._manners.patience.pause(1))
        except Cancelled:
            pass
        except BaseException as error:
            self._failure = error


class _Watch(Progress):
    """Is cancelled when the run is to stop."""

    def __init__(self, manners: Manners) -> None:
        self._manners = manners

    def cancelled(self) -> bool:
        return self._manners.stop.is_set()


def look_into(entries: list[products.Entry], progress: Progress) -> dict[Path, str]:
    """Open files that have come and compare the dates inside with the names; path in the hidden folder -> what is wrong with it."""
    found = products.Inventory("", entries=entries)
    products.check_headers(found, progress)
    products.examine(found, "all", progress=progress)
    return {Path(path): why for path, why in found.unreadable.items()}


def named(whole: Path, target: Path) -> int:
    """Give a file its name; its bytes. Raises ``AnnsmError`` if that cannot be."""
    try:
        size = whole.stat().st_size
        whole.replace(target)
    except OSError as error:
        raise store.what_failed(target, error) or AnnsmError(f"{target} cannot be written: {error.strerror}.") from error
    return size


def tidy(folders: Iterable[Path]) -> None:
    """Remove the hidden folders that hold nothing any more."""
    for folder in folders:
        for place in (folder / INCOMING, folder):
            try:
                place.rmdir()
            except OSError:
                break
