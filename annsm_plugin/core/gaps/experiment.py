"""Hides known values in gaps of real shapes, fills them by every way, and compares with linear interpolation and with GLDAS."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import metrics
from ..foundation.progress import SILENT, Progress
from ..statistics import cdf_matching
from . import cells as of_cells
from . import geometry
from .cells import Cells
from .hiding import FITS, SEEN, TESTS
from .request import CLASSES
from .source import STEADY, Part
from .uncertainty import Hidden, covered, halves

#: What the ways are compared with, and how the report calls it.
BESIDE = {"linear": "linear interpolation in time", "gldas": "GLDAS, CDF-matched"}

#: Fewest common days for a match of GLDAS.
FEWEST_PAIRS = 60


def gldas(part: Part, inputs: list[str], known: np.ndarray, wanted: np.ndarray, progress: Progress = SILENT) -> np.ndarray:
    """(cells, days) GLDAS soil moisture brought to the record's distribution in each cell that has ``wanted`` days."""
    steady = part.inputs[inputs.index(STEADY)]
    found = np.full(part.values.shape, np.nan)
    for cell in np.flatnonzero(wanted.any(axis=1)):
        progress.check()
        both = known[cell] & np.isfinite(steady[cell])
        if both.sum() >= FEWEST_PAIRS:
            match = cdf_matching.fit(steady[cell, both], part.values[cell, both])
            found[cell] = match(steady[cell])
    return found


def collect(
    part: Part,
    use: np.ndarray,
    group: np.ndarray,
    cells: Cells,
    factors: np.ndarray,
    dates: np.ndarray,
    estimates: dict[str, np.ndarray],
) -> Hidden:
    """The hidden values of a tile and the ``estimates`` (cells, days) of each way there; group (days,)."""
    seen = part.known & (use == SEEN)
    at = (use != SEEN) & cells.usable[:, np.newaxis]
    spread = of_cells.spread_of_days(cells, factors, dates)
    with np.errstate(invalid="ignore"):
        held = {name: np.clip(values[at], 0.0, 1.0) for name, values in estimates.items()}
    return Hidden(
        part.values[at].astype(float),
        held,
        spread[at],
        geometry.nearest(seen)[at],
        geometry.is_long(seen)[at],
        use[at],
        part.frozen[at],
        np.broadcast_to(group.astype(np.int32), at.shape)[at],
    )


@dataclass
class Line:
    """A line of the table: a way or what it is compared with, in a class of gaps, on the values that were kept for testing."""

    name: str
    kind: str
    n: int
    rmse: float
    r: float
    bias: float
    coverage: float
    unfrozen_rmse: float


def table(hidden: Hidden, ways: list[str]) -> list[Line]:
    """Every way and method by class, on test values for which all of them give something, so that they are compared on the same ones.

    A way that gives nothing at a tenth of the values or more (partial convolutions deep in long gaps) stands alone, on its own. The
    coverage is that of all hidden values of the class, each judged by the uncertainty that the other half states.
    """
    lines, by = [], halves(hidden, ways)
    for is_long, kind in enumerate(CLASSES):
        own = hidden.of((hidden.use == TESTS) & (hidden.long == bool(is_long)))
        if own.truth.size == 0:
            continue
        names = [*ways, *BESIDE]
        full = [n for n in names if np.isfinite(own.estimates[n]).mean() > 0.9]
        common = np.all([np.isfinite(own.estimates[n]) for n in full], axis=0) if full else np.zeros(own.truth.size, dtype=bool)
        for name in names:
            mine = own.of(common if name in full else np.isfinite(own.estimates[name]))
            measures = metrics.all_of(mine.truth, mine.estimates[name])
            warm = ~mine.frozen
            coverage = covered(hidden.of(hidden.long == bool(is_long), [name]), name, by) if name in ways else float("nan")
            unfrozen = float(metrics.rmse(mine.truth[warm], mine.estimates[name][warm]))
            rmse, r, bias = (float(measures[key]) for key in ("rmse", "r", "bias"))
            lines.append(Line(name, kind, int(measures["n"]), rmse, r, bias, coverage, unfrozen))
    return lines


def choose(hidden: Hidden, ways: list[str]) -> dict[str, str]:
    """For each class the way with the lowest RMSE on the values that also fit the uncertainty; one that fills nearly all of them."""
    chosen = {}
    for is_long, kind in enumerate(CLASSES):
        own = hidden.of((hidden.use == FITS) & (hidden.long == bool(is_long)), ways)
        full = [w for w in ways if own.truth.size and np.isfinite(own.estimates[w]).mean() > 0.9] or ways[:1]
        errors = {way: float(metrics.rmse(own.truth, own.estimates[way])) for way in full}
        chosen[kind] = min(errors, key=lambda way: np.inf if np.isnan(errors[way]) else errors[way])
    return chosen


def by_distance(hidden: Hidden, name: str, is_long: bool, starts: np.ndarray) -> np.ndarray:
    """RMSE on test values from each first distance of ``starts`` to the next."""
    own = hidden.of((hidden.use == TESTS) & (hidden.long == is_long) & np.isfinite(hidden.estimates[name]), [name])
    number = np.searchsorted(starts, own.distance, "right") - 1
    return np.array([metrics.rmse(own.truth[number == n], own.estimates[name][number == n]) for n in range(starts.size)], dtype=float)
