"""The series of one sensor, as every reader of stations returns it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: The days between which a measurement can be: others are errors of writing.
POSSIBLE = ("1850-01-01", "2200-01-01")


@dataclass(frozen=True)
class Station:
    """The soil moisture that one sensor measured: ``times`` (n,) datetime64[s] UTC ascending, ``values`` (n,) m3 m-3.

    Only values with accepted quality flags are in it. ``name`` and ``network`` are those of the station; ``lat``, ``lon`` in degrees;
    ``depth`` of the sensor (upper, lower) in m; ``rejected``: how many values were left out for their flags, their range or a repeated
    time, and malformed lines; ``path``: the file.
    """

    name: str
    network: str
    lat: float
    lon: float
    depth: tuple[float, float]
    sensor: str
    times: np.ndarray
    values: np.ndarray
    rejected: int = 0
    path: str = ""


@dataclass(frozen=True)
class Seen:
    """A series of a station file as an inventory lists it: ``days`` with a measurement, from ``first`` to ``last`` (UTC).

    ``depth`` in words; ``lat``, ``lon`` in degrees (NaN where the file does not say them); ``measurements``: how many there are, whatever
    their flags.
    """

    network: str
    name: str
    lat: float
    lon: float
    depth: str
    first: str
    last: str
    days: int
    measurements: int
    path: str


def ascending(times: np.ndarray) -> np.ndarray:
    """Indices that sort ``times`` and leave out all but the first of equal ones."""
    order = np.argsort(times, kind="stable")
    return order[np.concatenate([[True], np.diff(times[order]) > np.timedelta64(0, "s")])] if order.size else order
