"""How much slower this machine is just now than one with nothing else to do: limits of time are of such a machine."""

from __future__ import annotations

import time

#: Seconds in which a machine with nothing else to do counts to a million.
_QUIET = 0.03


def slowness(clock=time.perf_counter) -> float:
    """How many times as long as on a quiet machine counting takes here and now, at least 1.

    By default by the clock on the wall, so that what else runs counts; ``time.process_time``: the speed of the processor alone.
    """
    begun, counted = clock(), 0
    for number in range(1_000_000):
        counted += number
    return max(1.0, (clock() - begun) / _QUIET)


def allowed(seconds: float) -> float:
    """The seconds that what takes ``seconds`` on a quiet machine may take here and now."""
    return seconds * slowness()
