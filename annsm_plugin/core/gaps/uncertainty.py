"""How far a filled value may be off: from known values that were hidden in gaps of the same class, at the same distance in days.

Errors are measured in units of the spread of the cell in the month. For each way, class of gaps and range of distances the 95th percentile
of their absolute values is 1.96 standard uncertainties, so that +-1.96 of it cover 95 % of the values that it was fitted on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from .hiding import FITS, TESTS

Z95 = 1.96

#: First distance (days) of each range, and fewest hidden values of a range; with fewer it is joined to the one before it.
STARTS, FEWEST = (1, 2, 3, 5, 8, 15, 30, 60), 200

#: Most that an uncertainty is widened because it rests on few gaps.
WIDEST = 2.0


_OF_EACH = ("spread", "distance", "long", "use", "frozen", "group")


@dataclass
class Hidden:
    """Hidden values, (N,): the ``truth``, what each way and method gives by name (NaN: nothing), and what is known of each.

    group: the long gap or the week that a value was hidden in.
    """

    truth: np.ndarray
    estimates: dict[str, np.ndarray]
    spread: np.ndarray
    distance: np.ndarray
    long: np.ndarray
    use: np.ndarray
    frozen: np.ndarray
    group: np.ndarray

    def of(self, which: np.ndarray, names: Sequence[str] | None = None) -> Hidden:
        """Some of them, (N,) bool; ``names``: with these estimates alone."""
        estimates = {name: values[which] for name, values in self.estimates.items() if names is None or name in names}
        return Hidden(self.truth[which], estimates, *(getattr(self, name)[which] for name in _OF_EACH))

    @classmethod
    def none(cls, names: Sequence[str]) -> Hidden:
        """No hidden value."""
        none = np.zeros(0)
        no = none.astype(bool)
        return cls(none, dict.fromkeys(names, none), none, none, no, none, no, none)

    @classmethod
    def joined(cls, parts: list[Hidden]) -> Hidden:
        """All of several, whose arrays are given up one by one, so that not all are held twice."""

        def taken(name: str) -> np.ndarray:
            whole = np.concatenate([getattr(part, name) for part in parts])
            for part in parts:
                setattr(part, name, whole[:0])
            return whole

        estimates = {name: np.concatenate([part.estimates.pop(name) for part in parts]) for name in list(parts[0].estimates)}
        return cls(taken("truth"), estimates, *(taken(name) for name in _OF_EACH))


@dataclass
class Uncertainty:
    """``tables``: (way, long) -> first distance of each range and the standard uncertainty there, in units of the spread."""

    tables: dict[tuple[str, bool], tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)

    def __call__(self, way: str, long: np.ndarray, distance: np.ndarray, spread: np.ndarray) -> np.ndarray:
        """Standard uncertainty, m3 m-3, of values filled by ``way``; NaN where nothing of their class was hidden."""
        found = np.full(np.shape(distance), np.nan)
        for is_long in (False, True):
            if (way, is_long) in self.tables:
                starts, level = self.tables[way, is_long]
                own = np.asarray(long) == is_long
                found[own] = level[np.maximum(np.searchsorted(starts, distance[own], "right") - 1, 0)]
        return found * spread

    def farthest(self, way: str) -> int:
        """First day of the farthest range in long gaps."""
        return int(self.tables[way, True][0][-1]) if (way, True) in self.tables else 0


def fit(hidden: Hidden, ways: list[str], use: int | None = None) -> Uncertainty:
    """Fit on hidden values; ``use``: on those of this use alone."""
    found = Uncertainty()
    which = np.ones(hidden.use.shape, dtype=bool) if use is None else hidden.use == use
    for way in ways:
        for is_long in (False, True):
            own = which & (hidden.long == is_long) & np.isfinite(hidden.estimates[way])
            if own.sum() < FEWEST:
                continue
            signed = (hidden.truth[own] - hidden.estimates[way][own]) / hidden.spread[own]
            error, wider = np.abs(signed), student(signed, hidden.group[own])
            distance = hidden.distance[own]
            starts = _ranges(distance)
            number = np.searchsorted(starts, distance, "right") - 1
            levels = [np.quantile(error[number == each], 0.95) / Z95 for each in range(starts.size)]
            found.tables[way, is_long] = starts, np.maximum(wider * np.array(levels), 1e-4)
        for one, other in ((False, True), (True, False)):  # where nothing of one class could be hidden, the other speaks for it
            if (way, one) not in found.tables and (way, other) in found.tables:
                found.tables[way, one] = found.tables[way, other]
    return found


def student(error: np.ndarray, group: np.ndarray) -> float:
    """How much wider than 1.96 a 95 % interval is that rests on few groups: errors (N,) of one ``group`` (N,) have a part in common.

    Student's t over the normal's, with as many independent errors as G groups are worth when the common part is the share rho of the mean
    squared error: G / rho.
    """
    from scipy.stats import t

    _, number, count = np.unique(group, return_inverse=True, return_counts=True)
    total = float((error**2).mean())
    common = float((np.bincount(number, error) ** 2 / count).sum() / error.size)
    share = np.clip(common / max(total, 1e-12), count.size / error.size, 1.0)
    return float(min(WIDEST, t.ppf(0.975, max(1.0, count.size / share - 1.0)) / Z95))


def _ranges(distance: np.ndarray) -> np.ndarray:
    """First distances of ranges that hold ``FEWEST`` values each."""
    starts = [STARTS[0]]
    for start, end in zip(STARTS, (*STARTS[1:], 10**9)):
        if ((distance >= start) & (distance < end)).sum() >= FEWEST and start != starts[-1]:
            starts.append(start)
    while len(starts) > 1 and (distance < starts[1]).sum() < FEWEST:  # the first range has too few: it joins the second
        starts.pop(1)
    return np.array(starts)


def halves(hidden: Hidden, ways: list[str]) -> dict[int, Uncertainty]:
    """For each use, what is fitted on the values of the other use: other weeks and other long gaps."""
    return {use: fit(hidden, ways, other) for use, other in ((FITS, TESTS), (TESTS, FITS))}


def covered(hidden: Hidden, way: str, by: dict[int, Uncertainty]) -> float:
    """Share of hidden values within 1.96 of the uncertainty that the other half states (``halves``); NaN if none has both."""
    stated = np.full(hidden.truth.shape, np.nan)
    for use, uncertainty in by.items():
        own = hidden.use == use
        stated[own] = uncertainty(way, hidden.long[own], hidden.distance[own], hidden.spread[own])
    there = np.isfinite(stated) & np.isfinite(hidden.estimates[way])
    return float((np.abs(hidden.truth - hidden.estimates[way])[there] <= Z95 * stated[there]).mean()) if there.any() else float("nan")
