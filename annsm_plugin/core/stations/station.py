"""One station's series, as every reader of stations gives it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Station:
    """One sensor's series: ``times`` (n,) datetime64[s] UTC ascending, ``values`` (n,) m3 m-3, only those whose flags are good.

    ``lat``, ``lon`` in degrees; ``depth`` (upper, lower) in m; ``rejected`` counts the values that flags or range took
    away, and lines that are no observation.
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
