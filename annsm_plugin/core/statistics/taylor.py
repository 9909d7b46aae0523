"""The Taylor diagram (Taylor 2001, J. Geophys. Res. 106): correlation, standard deviation and centred error as one point in a plane.

The reference stands at (1, 0). A product stands at the distance of its standard deviation over the reference's from the origin, in
the direction whose cosine is R; then its distance from the reference is its centred RMS difference (ubRMSE) over the reference's
standard deviation: E^2 = s^2 + 1 - 2 s R.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import metrics


@dataclass(frozen=True)
class Point:
    """One series against its reference: R, ``ratio`` of the standard deviations, and N days; NaN where they are not defined."""

    r: float
    ratio: float
    n: int

    @property
    def x(self) -> float:
        """Along the reference."""
        return self.ratio * self.r

    @property
    def y(self) -> float:
        """Across it, never negative."""
        return self.ratio * float(np.sqrt(max(0.0, 1.0 - self.r**2)))

    @property
    def error(self) -> float:
        """Centred RMS difference over the reference's standard deviation, by the law of cosines."""
        return float(np.sqrt(max(0.0, self.ratio**2 + 1.0 - 2.0 * self.ratio * self.r)))


def point(reference: np.ndarray, values: np.ndarray) -> Point:
    """The point of the series ``values`` against ``reference`` (days,), on the days that both have.

    Not defined with fewer than two days or where the reference or the series is constant.
    """
    reference, values = np.asarray(reference, dtype=float), np.asarray(values, dtype=float)
    both = np.isfinite(reference) & np.isfinite(values)
    r = float(metrics.r(reference, values))
    if not np.isfinite(r):
        return Point(float("nan"), float("nan"), int(both.sum()))
    return Point(r, float(values[both].std() / reference[both].std()), int(both.sum()))


def centre(points: Any) -> Point:
    """The point of the mean R and the mean ratio of several cells, those without a value left out."""
    there = [p for p in points if np.isfinite(p.r)]
    if not there:
        return Point(float("nan"), float("nan"), 0)
    return Point(float(np.mean([p.r for p in there])), float(np.mean([p.ratio for p in there])), sum(p.n for p in there))


def of_stations(result: Any, min_n: int) -> dict[str, list[Point]]:
    """Each product's points, one per cell of a ``StationResult``, on the days that all products share with the stations there.

    A product that shares fewer than two days with a cell's stations does not narrow the common days; a cell with fewer than ``min_n``
    of them has undefined points.
    """
    found: dict[str, list[Point]] = {title: [] for title in result.products}
    for number, cell in enumerate(result.cells):
        present = {title: np.isfinite(result.series[title][number]) & np.isfinite(cell.values) for title in result.products}
        sharing = [title for title in result.products if present[title].sum() >= 2]
        common = np.logical_and.reduce([present[title] for title in sharing]) if sharing else np.zeros(cell.values.shape, dtype=bool)
        for title in result.products:
            used = common & present[title]
            own = point(np.where(used, cell.values, np.nan), result.series[title][number])
            found[title].append(own if own.n >= min_n else Point(float("nan"), float("nan"), own.n))
    return found
