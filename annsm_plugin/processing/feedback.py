"""Adapts QGIS's feedback to the core's progress, in this one place."""

from __future__ import annotations

import threading
import time

from ..core.foundation.progress import Progress, Throttled


class FeedbackProgress(Progress):
    """Passes progress on to a ``QgsProcessingFeedback`` at most five times a second; keeps the warnings for the run record."""

    def __init__(self, feedback):
        self._feedback, self._lock, self._text, self._said = feedback, threading.Lock(), "", -1.0e9
        self.warnings: list[str] = []

    def report(self, fraction, text=""):
        with self._lock:
            self._feedback.setProgress(100.0 * min(max(fraction, 0.0), 1.0))
            now = time.monotonic()
            if text and text != self._text and now - self._said >= 0.2:
                self._text, self._said = text, now
                self._feedback.setProgressText(text)

    def info(self, text):
        with self._lock:
            self._feedback.pushInfo(text)

    def warning(self, text):
        with self._lock:
            self.warnings.append(text)
            self._feedback.pushWarning(text)

    def cancelled(self):
        return self._feedback.isCanceled()


def throttled(feedback) -> tuple[Progress, FeedbackProgress]:
    """The progress to hand to the core, and the adapter that remembers warnings."""
    own = FeedbackProgress(feedback)
    return Throttled(own), own
