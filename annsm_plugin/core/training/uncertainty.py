"""An uncertainty that holds: what the errors on days that a network has not seen say of the errors of any day."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from ..statistics import quantiles

#: Days of a cell's own errors that count as much as the errors of the whole region.
REGION_DAYS = 50.0

#: Shares of a normal distribution within one and 1.96 standard deviations.
SHARES = ((1.0, 0.682689), (1.959964, 0.95))


def residuals(squared: np.ndarray, days: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """(cells,) the part of the uncertainty beside the spread, in standardised units, of sums over left-out days.

    squared (cells,): sum of squared errors; days (cells,): their number; spread (cells,): sum of the members' squared spread. A cell's
    own mean is drawn to the region's, the more the fewer days it has.
    """
    total = max(1.0, float(days.sum()))
    whole, apart = float(squared.sum()) / total, float(spread.sum()) / total
    own = (squared + REGION_DAYS * whole) / (days + REGION_DAYS)
    scattered = (spread + REGION_DAYS * apart) / (days + REGION_DAYS)
    return np.sqrt(np.maximum(own - scattered, 0.25 * own))


def factor(ratios: Callable[[], Iterable[np.ndarray]]) -> float:
    """What all uncertainties are multiplied by, from the left-out |error| / uncertainty: the larger of what 68 % and 95 % ask.

    ratios: gives all of them piece by piece (``quantiles.of_parts``).
    """
    count, found = quantiles.of_parts(ratios, [share for _, share in SHARES])
    return 1.0 if count < 20 else max(value / times for value, (times, _) in zip(found, SHARES))
