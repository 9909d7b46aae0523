"""The step in a record where AMSR-E ends (2011-10-04) and AMSR2 begins (2012-07), seen against a reference that has no such change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Last day of AMSR-E and first of AMSR2 data.
LAST_AMSRE, FIRST_AMSR2 = np.datetime64("2011-10-04"), np.datetime64("2012-07-02")

#: Fewest common days on either side for which a cell counts.
FEWEST = 60


@dataclass(frozen=True)
class Step:
    """Means over ``cells``: change of (record - reference), m3 m-3, and of the ratio of standard deviations (after / before)."""

    cells: int
    mean: float
    ratio: float


def spans(dates: np.ndarray) -> bool:
    """Whether days (datetime64[D], ascending) lie on both sides of the change."""
    return bool(dates.size) and bool(dates[0] <= LAST_AMSRE) and bool(dates[-1] >= FIRST_AMSR2)


def per_cell(record: np.ndarray, reference: np.ndarray, dates: np.ndarray) -> tuple[list, list]:
    """Change of the mean difference and of the ratio of standard deviations of each cell that has enough days on both sides.

    ``record`` and ``reference`` (cells, days). Only the parts of the year (ten days) that a cell has on both sides count, so that the
    season does not pass for a step.
    """
    both = np.isfinite(record) & np.isfinite(reference)
    season = ((dates - dates.astype("datetime64[Y]").astype("datetime64[D]")).astype(int) // 10).astype(int)
    changes, ratios = [], []
    for own, other, there in zip(record, reference, both):
        sides = [there & (dates <= LAST_AMSRE), there & (dates >= FIRST_AMSR2)]
        shared = np.intersect1d(*(season[side] for side in sides))
        sides = [side & np.isin(season, shared) for side in sides]
        if min(side.sum() for side in sides) < FEWEST:
            continue
        before, after = ((own - other)[side].mean() for side in sides)
        spread = [own[side].std() / other[side].std() if other[side].std() > 0 else np.nan for side in sides]
        changes.append(after - before)
        ratios.append(spread[1] / spread[0] if spread[0] > 0 else np.nan)
    return changes, ratios


def mean_of(changes: list, ratios: list) -> Step | None:
    """The step of all cells; None without any."""
    if not changes:
        return None
    finite = np.array(ratios)[np.isfinite(ratios)]
    return Step(len(changes), float(np.mean(changes)), float(finite.mean()) if finite.size else float("nan"))


def step(record: np.ndarray, reference: np.ndarray, dates: np.ndarray) -> Step | None:
    """How the record (cells, days) jumps against the reference (cells, days) between the sensors; None without days on both sides."""
    return mean_of(*per_cell(record, reference, dates))


def sentence(found: Step, reference: str) -> str:
    """The step in words."""
    return (
        f"From AMSR-E to AMSR2 (2011/2012) ANN-SM changes by {found.mean:+.4f} m3 m-3 against {reference}, its standard deviation "
        f"by a factor of {found.ratio:.2f} (mean of {found.cells} cells, same seasons on both sides)."
    )
