"""The exponential filter: what a layer below the surface remembers of it (Wagner et al. 1999, Remote Sens. Environ. 70; recursive form of
Albergel et al. 2008, Hydrol. Earth Syst. Sci. 12)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .. import metrics

#: Time constants (days) among which one is fitted.
CONSTANTS = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 15.0, 20.0, 25.0, 30.0, 40.0, 50.0, 60.0)


def filtered(values: np.ndarray, days: np.ndarray, constant: float | np.ndarray) -> np.ndarray:
    """The filtered series (B, days) of ``values`` (B, days), NaN where missing; ``days`` (days,) ascending times in days.

    At the time of a value it is the mean of all values up to then, each weighed by exp(-age / ``constant``); on days without a value it is
    NaN. ``constant``: days, one number or one for each series.
    """
    values = np.atleast_2d(np.asarray(values, dtype=float))
    days = np.asarray(days, dtype=float)
    constant = np.broadcast_to(np.asarray(constant, dtype=float), values.shape[:1])
    out = np.full(values.shape, np.nan)
    gain, state, last = np.ones(len(values)), np.zeros(len(values)), np.full(len(values), -np.inf)
    for number, day in enumerate(days):
        there = np.isfinite(values[:, number])
        if not there.any():
            continue
        gain = np.where(there, gain / (gain + np.exp(-(day - last) / constant)), gain)
        state = np.where(there, state + gain * (np.where(there, values[:, number], 0.0) - state), state)
        last = np.where(there, day, last)
        out[there, number] = state[there]
    return out


def fitted(
    values: np.ndarray, reference: np.ndarray, days: np.ndarray, *, constants: Sequence[float] = CONSTANTS, fewest: int = 30
) -> tuple[float, np.ndarray]:
    """The time constant of ``constants`` with which the filtered ``values`` (days,) have the highest R with ``reference`` (days,), and the
    filtered values. 0 and the values as they are where no filter has a higher R; NaN where they have fewer than ``fewest`` days in
    common or a constant series.
    """
    tried = filtered(np.broadcast_to(values, (len(constants), len(values))), days, np.array(constants))
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.asarray(metrics.r(np.broadcast_to(reference, tried.shape), tried, axis=1), dtype=float)
    if (np.isfinite(tried[0]) & np.isfinite(reference)).sum() < fewest or not np.isfinite(found).any():
        return float("nan"), np.asarray(values, dtype=float)
    best = int(np.nanargmax(found))
    if float(metrics.r(np.asarray(reference), np.asarray(values))) >= found[best]:
        return 0.0, np.asarray(values, dtype=float)
    return float(constants[best]), tried[best]
