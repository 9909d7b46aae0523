"""The step in a record where what it is made of changes, seen against a reference that has no such change.

AMSR-E ends on 2011-10-04 and AMSR2 begins in 2012-07; leaf area index may come from MODIS first and from VIIRS after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..foundation.variables import LAI_DAYS, LAI_FAMILIES
from . import significance

#: Last day of AMSR-E and first of AMSR2 data.
LAST_AMSRE, FIRST_AMSR2 = np.datetime64("2011-10-04"), np.datetime64("2012-07-02")

#: Fewest common days on either side for which a cell counts.
FEWEST = 60


@dataclass(frozen=True)
class Change:
    """A change of source: the last day before it and the first day after it, and how the change is called in a sentence."""

    last: np.datetime64
    first: np.datetime64
    called: str

    def spanned(self, dates: np.ndarray) -> bool:
        """Whether days (datetime64[D], ascending) lie on both sides."""
        return bool(dates.size) and bool(dates[0] <= self.last) and bool(dates[-1] >= self.first)


RADIOMETERS = Change(LAST_AMSRE, FIRST_AMSR2, "From AMSR-E to AMSR2 (2011/2012)")


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
    return RADIOMETERS.spanned(dates)


def leaves(attributes: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Instrument ("MODIS", "VIIRS") -> the days (datetime64[D]) that have leaf area index of it, as a cube or ANN-SM file says."""
    found = {}
    for instrument, products in LAI_FAMILIES.items():
        runs = [run.split("/") for name in products for run in str(attributes.get(f"{LAI_DAYS}{name}", "")).split()]
        try:
            days = [np.arange(np.datetime64(run[0], "D"), np.datetime64(run[-1], "D") + 1) for run in runs]
        except ValueError:
            continue
        if days:
            found[instrument] = np.unique(np.concatenate(days))
    return found


def of_leaves(attributes: Mapping[str, Any]) -> Change | None:
    """The change from MODIS to VIIRS: from the last day with MODIS to the first after it with VIIRS alone; None if there is none."""
    days = leaves(attributes)
    if len(days) < 2:
        return None
    last, alone = days["MODIS"][-1], np.setdiff1d(days["VIIRS"], days["MODIS"])
    after = alone[alone > last]
    if not after.size:
        return None
    return Change(last, after[0], f"From leaf area index of MODIS (to {last}) to that of VIIRS (from {after[0]})")


def changes(attributes: Mapping[str, Any], dates: np.ndarray) -> list[Change]:
    """The changes of source that days (datetime64[D], ascending) of a record with such attributes span."""
    known = [RADIOMETERS, *filter(None, [of_leaves(attributes)])]
    return [change for change in known if change.spanned(dates)]


def told(attributes: Mapping[str, Any], dates: np.ndarray) -> list[str]:
    """A sentence where the leaf area index of some of the days is of MODIS and that of others of VIIRS."""
    parts = []
    for instrument, days in leaves(attributes).items():
        here = np.intersect1d(days, dates)
        if here.size:
            parts.append(f"{instrument} on {here.size} of them, {here[0]} to {here[-1]}")
    if len(parts) < 2:
        return []
    return [f"The source of the leaf area index changes within the {dates.size} days that are compared: {', and '.join(parts)}."]


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


def step(record: np.ndarray, reference: np.ndarray, dates: np.ndarray, change: Change = RADIOMETERS) -> Step | None:
    """How the record (cells, days) jumps against the reference (cells, days) at a change; None without days on both sides."""
    return mean_of(*per_cell(record, reference, dates, change.last, change.first))


def sentence(found: Step, reference: str, change: Change = RADIOMETERS) -> str:
    """The step in words."""
    between = f" (95 % interval {found.low:+.4f} to {found.high:+.4f})" if np.isfinite(found.low) else ""
    return (
        f"{change.called} ANN-SM changes by {found.mean:+.4f} m3 m-3{between} against {reference}, its standard deviation "
        f"by a factor of {found.ratio:.2f} (mean of {found.cells} cells, same seasons on both sides)."
    )
