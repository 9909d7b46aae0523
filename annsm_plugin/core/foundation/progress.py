"""One tiny protocol for progress, messages and cancellation, shared by every long computation.

The core calls it; QGIS's feedback objects and tasks are adapted to it in ``processing.feedback``.
"""

from __future__ import annotations

import time

from .errors import Cancelled


class Progress:
    """Receives progress and messages and answers whether to stop. This base class does nothing.

    Subclasses override ``report``, ``info``, ``warning`` and ``cancelled``. All methods may be called from worker threads.
    """

    def report(self, fraction: float, text: str = "") -> None:
        """Take note of ``fraction`` (0-1) of the work done and of the step's ``text``."""

    def info(self, text: str) -> None:
        """Take one line for the log."""

    def warning(self, text: str) -> None:
        """Take one line that the user should not miss."""

    def cancelled(self) -> bool:
        """Whether the user asked to stop."""
        return False

    def check(self) -> None:
        """Raise ``Cancelled`` if the user asked to stop. Called once per batch of work."""
        if self.cancelled():
            raise Cancelled()

    def part(self, start: float, stop: float) -> Progress:
        """A progress whose 0-1 is the stretch ``start``-``stop`` of this one."""
        return _Part(self, start, stop)


class _Part(Progress):
    """A stretch of another progress."""

    def __init__(self, whole: Progress, start: float, stop: float) -> None:
        self._whole, self._start, self._stop = whole, start, stop

    def report(self, fraction: float, text: str = "") -> None:
        self._whole.report(self._start + fraction * (self._stop - self._start), text)

    def info(self, text: str) -> None:
        self._whole.info(text)

    def warning(self, text: str) -> None:
        self._whole.warning(text)

    def cancelled(self) -> bool:
        return self._whole.cancelled()


class Throttled(Progress):
    """Passes reports on at most ``per_second`` times a second, and always the last; the rest untouched."""

    def __init__(self, whole: Progress, per_second: float = 5.0) -> None:
        self._whole, self._pause, self._last = whole, 1.0 / per_second, -1.0e9

    def report(self, fraction: float, text: str = "") -> None:
        now = time.monotonic()
        if now - self._last >= self._pause or fraction >= 1.0:
            self._last = now
            self._whole.report(fraction, text)

    def info(self, text: str) -> None:
        self._whole.info(text)

    def warning(self, text: str) -> None:
        self._whole.warning(text)

    def cancelled(self) -> bool:
        return self._whole.cancelled()


SILENT = Progress()
