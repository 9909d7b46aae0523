"""Progress: parts, throttling, cancellation."""

from __future__ import annotations

import pytest

from annsm_plugin.core.foundation.errors import Cancelled
from annsm_plugin.core.foundation.progress import SILENT, Progress, Throttled


class Record(Progress):
    def __init__(self):
        self.seen, self.lines, self.stop = [], [], False

    def report(self, fraction, text=""):
        self.seen.append((round(fraction, 6), text))

    def info(self, text):
        self.lines.append(("info", text))

    def warning(self, text):
        self.lines.append(("warning", text))

    def cancelled(self):
        return self.stop


def test_parts_of_parts():
    record = Record()
    record.part(0.5, 1.0).part(0.0, 0.5).report(0.5, "half of a quarter")
    assert record.seen == [(0.625, "half of a quarter")]


def test_parts_pass_everything_on():
    record = Record()
    part = record.part(0.2, 0.4)
    part.info("a")
    part.warning("b")
    assert record.lines == [("info", "a"), ("warning", "b")]
    part.check()
    record.stop = True
    with pytest.raises(Cancelled):
        part.check()


def test_throttled_keeps_the_last_and_never_delays_cancelling():
    record = Record()
    throttled = Throttled(record, per_second=5)
    for number in range(1001):
        throttled.report(number / 1000, "step")
    assert record.seen[0][0] == 0.0 and record.seen[-1][0] == 1.0
    assert len(record.seen) < 20
    record.stop = True
    with pytest.raises(Cancelled):
        throttled.part(0, 1).check()


def test_silent_never_stops():
    SILENT.report(0.5, "x")
    SILENT.check()
