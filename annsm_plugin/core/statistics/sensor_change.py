"""The step in a record where AMSR-E ends (2011-10-04) and AMSR2 begins (2012-07), seen against a reference that has no such change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import significance

#: Last day of AMSR-E and first of AMSR2 data.
LAST_AMSRE, FIRST_AMSR2 = np.datetime64("2011-10-04"), np.datetime64("2012-07-02")

#: Fewest common days on either side for which a cell counts.
FEWEST = 60


@dataclass(frozen=True)
class Step:
    """Means over ``cells``: change of (record - reference), m3 m-3, and of the ratio of standard deviations (after / before).

    ``low`` and ``high``: 95 % interval of the mean change over cells; NaN where there are too few.
    """

    cells: int
    mean: float
    ratio: float
    low: float = float("nan")
    high: float = float("nan")


def spans(dates: np.ndarray) -> bool:
    """Whether days (datetime64[D], ascending) lie on both sides of the change."""
    return bool(dates.size) and bool(dates[0] <= LAST_AMSRE) and bool(dates[-1] >= FIRST_AMSR2)


def per_cell(
    record: np.ndarray,
    reference: np.ndarray,
    dates: np.ndarray,
    last: np.datetime64 = LAST_AMSRE,
    first: np.datetime64 = FIRST_AMSR2,
) -> np.ndarray:
    """(2, cells): change of the mean difference and of the ratio of standard deviations; NaN without enough days on both sides.

    ``record`` and ``reference`` (cells, days); the sides are the days up to ``last`` and those from ``first`` on. Only the parts of the
    year (ten days) that a cell has on both sides count, so that the season does not pass for a step.
    """
    both = np.isfinite(record) & np.isfinite(reference)
    season = ((dates - dates.astype("datetime64[Y]").astype("datetime64[D]")).astype(int) // 10).astype(int)
    changes, ratios = found = np.full((2, len(record)), np.nan)
    for cell, (own, other, there) in enumerate(zip(record, reference, both)):
        sides = [there & (dates <= last), there & (dates >= first)]
        shared = np.intersect1d(*(season[side] for side in sides))
        sides = [side & np.isin(season, shared) for side in sides]
        if min(side.sum() for side in sides) < FEWEST:
            continue
        before, after = ((own - other)[side].mean() for side in sides)
        spread = [own[side].std() / other[side].std() if other[side].std() > 0 else np.nan for side in sides]
        changes[cell] = after - before
        ratios[cell] = spread[1] / spread[0] if spread[0] > 0 else np.nan
    return found


def mean_of(changes: np.ndarray, ratios: np.ndarray) -> Step | None:
    """The step of all cells, (cells,) or a map (rows, columns), NaN where it is not known; None without any."""
    known = changes[np.isfinite(changes)]
    if not known.size:
        return None
    finite = ratios[np.isfinite(ratios)]
    ratio = float(finite.mean()) if finite.size else float("nan")
    return Step(known.size, float(known.mean()), ratio, *significance.interval_of_mean(changes))


def step(record: np.ndarray, reference: np.ndarray, dates: np.ndarray) -> Step | None:
    """How the record (cells, days) jumps against the reference (cells, days) between the sensors; None without days on both sides."""
    return mean_of(*per_cell(record, reference, dates))


def sentence(found: Step, reference: str) -> str:
    """The step in words."""
    between = f" (95 % interval {found.low:+.4f} to {found.high:+.4f})" if np.isfinite(found.low) else ""
    return (
        f"From AMSR-E to AMSR2 (2011/2012) ANN-SM changes by {found.mean:+.4f} m3 m-3{between} against {reference}, its standard deviation "
        f"by a factor of {found.ratio:.2f} (mean of {found.cells} cells, same seasons on both sides)."
    )
