"""The archives' manners: few requests at a time, pauses that they ask for, and growing ones of our own after errors."""

from __future__ import annotations

import datetime
import email.utils
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from ..foundation import machine
from ..foundation.errors import Cancelled
from ..foundation.progress import Progress

_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Patience:
    """Seconds: to connect, between two pieces of an answer, the first pause after an error and the longest, between two questions whether
    AppEEARS is ready, and the longest pause that an archive may ask for; ``faults``: errors of a host in a row before it is given up."""

    connect: float = 20.0
    read: float = 60.0
    first: float = 1.0
    longest: float = 120.0
    poll: float = 30.0
    asked: float = 3600.0
    faults: int = 24

    def pause(self, number: int) -> float:
        """The pause after the ``number``-th error (from 1): doubled each time, with up to half of it left to chance."""
        return min(self.longest, self.first * 2.0 ** min(number - 1, 20)) * _CHANCE.uniform(0.5, 1.0)


_CHANCE = random.SystemRandom()

#: Seconds between two looks whether to stop.
_LOOK = 0.05


class Manners:
    """What the threads of a run know of each host: until when to leave it alone, errors in a row, and why it was given up.

    ``stop`` ends all waiting (``Cancelled``).
    """

    def __init__(self, patience: Patience, clock: Callable[[], float] = time.monotonic) -> None:
        self.patience, self.stop, self._clock = patience, threading.Event(), clock
        self._lock = threading.Lock()
        self._until: dict[str, float] = {}
        self._faults: dict[str, int] = {}
        self._greeted: set[str] = set()
        self._first: dict[str, threading.Lock] = {}
        self._over: dict[str, str] = {}

    def check(self) -> None:
        """Raise ``Cancelled`` if the run is to stop."""
        if self.stop.is_set():
            raise Cancelled()

    def wait(self, host: str) -> None:
        """Wait until the host may be asked again."""
        while True:
            self.check()
            left = self.left(host)
            if left <= 0.0:
                return
            self.stop.wait(min(left, 1.0))

    def left(self, host: str) -> float:
        """Seconds for which the host is to be left alone."""
        with self._lock:
            return self._until.get(host, 0.0) - self._clock()

    def leave_alone(self, host: str, seconds: float) -> None:
        """The host has asked for a pause."""
        with self._lock:
            self._until[host] = max(self._until.get(host, 0.0), self._clock() + seconds)

    @contextmanager
    def greeting(self, host: str) -> Iterator[None]:
        """Let one request alone go to a host until it has answered one, so that one thread logs in for all."""
        with self._lock:
            known = host in self._greeted
            first = self._first.setdefault(host, threading.Lock())
        if known:
            yield
            return
        while not first.acquire(timeout=_LOOK):
            self.check()
        try:
            yield
        finally:
            first.release()

    def greeted(self, host: str) -> bool:
        """Whether the host has given a file before."""
        return host in self._greeted

    def answered(self, host: str) -> None:
        """The host has given what was asked for."""
        with self._lock:
            self._greeted.add(host)
            self._faults[host] = 0

    def failed(self, host: str, why: str) -> None:
        """An error that may pass; after too many in a row the host is given up."""
        with self._lock:
            self._faults[host] = self._faults.get(host, 0) + 1
            if self._faults[host] >= self.patience.faults:
                self._over.setdefault(host, f"not tried again after {self._faults[host]} errors in a row; the last: {why}")

    def give_up(self, host: str, why: str) -> None:
        """Ask the host nothing more."""
        with self._lock:
            self._over.setdefault(host, why)

    def over(self, host: str) -> str:
        """Why the host was given up; empty if it was not."""
        return self._over.get(host, "")


def promptly(work: Callable[[], _Found], progress: Progress) -> _Found:
    """What ``work`` gives, done in a thread of its own, so that a run that is to stop does not wait for an answer from the network."""
    found: list[_Found] = []
    failed: list[BaseException] = []

    def carried_out() -> None:
        try:
            found.append(work())
        except BaseException as error:
            failed.append(error)

    thread = machine.Thread(target=carried_out, daemon=True)
    thread.start()
    while thread.is_alive():
        progress.check()
        thread.join(_LOOK)
    if failed:
        raise failed[0]
    return found[0]


def asked_pause(header: str, now: datetime.datetime | None = None) -> float | None:
    """Seconds that a Retry-After header asks for, given as seconds or as a date; None if it says neither."""
    text = header.strip()
    if text.isdigit():
        return float(text[:12])
    try:
        when = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=datetime.timezone.utc)
    return max(0.0, (when - (now or datetime.datetime.now(datetime.timezone.utc))).total_seconds())
