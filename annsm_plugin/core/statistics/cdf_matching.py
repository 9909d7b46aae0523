"""CDF matching: brings one series to the distribution of another by their percentiles (Reichle & Koster 2004, Geophys. Res. Lett. 31).

Levels are the values at evenly spaced percentiles of both series (Hazen's plotting positions, (k - 0.5) / n, with the minimum and the
maximum at 0 and 100), and a value is carried over by linear interpolation between them. Beyond the lowest and highest level the outermost
segment goes on as a straight line: a value that the fit has not seen is neither lost nor squeezed to the old extreme; but no further than
``MARGIN`` of the target's range beyond its extremes, since levels that lie close together make that line as steep as chance wants. Equal
levels (many equal values) are spread evenly up to the next level, so that every level is hit once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..foundation.bounds import MARGIN
from ..foundation.errors import ParameterError

#: Bins between percentiles, and fewest values in a bin: with fewer there are fewer bins.
BINS, SMALLEST_BIN = 100, 20


@dataclass(frozen=True)
class CdfMatch:
    """A fitted match: ``source`` and ``target`` (bins + 1,) are the levels of the two series at the same percentiles."""

    source: np.ndarray
    target: np.ndarray

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """``values`` (any shape) brought to the target's distribution; NaN for NaN and infinite ones, and where the source was constant."""
        values = np.asarray(values, dtype=float)
        if not self.source[0] < self.source[-1]:
            return np.full(values.shape, np.nan)
        segment = np.clip(np.searchsorted(self.source, values, side="right") - 1, 0, self.source.size - 2)
        margin = MARGIN * (self.target[-1] - self.target[0])
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):  # levels may be as near or as far as numbers can be
            slope = np.diff(self.target) / np.diff(self.source)
            carried = self.target[segment] + slope[segment] * (values - self.source[segment])
        carried = np.where(np.isnan(carried), self.target[segment], carried)
        return np.where(np.isfinite(values), np.clip(carried, self.target[0] - margin, self.target[-1] + margin), np.nan)


def fit(source: np.ndarray, target: np.ndarray, *, bins: int = BINS, smallest_bin: int = SMALLEST_BIN) -> CdfMatch:
    """Fit the match of ``source`` to ``target`` (N,), series of the same days, on the days that both have (NaN or infinite: missing).

    There are at most ``bins`` bins, and as many fewer as leave ``smallest_bin`` values in each. Raises ``ParameterError`` for
    series of different length, without a common day, or for fewer than one bin.
    """
    source, target = np.asarray(source, dtype=float).ravel(), np.asarray(target, dtype=float).ravel()
    if source.size != target.size:
        raise ParameterError(f"CDF matching was given series of {source.size} and {target.size} days; expected the same days.")
    if bins < 1 or smallest_bin < 1:
        raise ParameterError(f"CDF matching was given {bins} bins of at least {smallest_bin} values; expected at least 1 of each.")
    both = np.isfinite(source) & np.isfinite(target)
    count = int(both.sum())
    if count == 0:
        raise ParameterError("CDF matching needs days with both series; there is none.")
    percentiles = np.linspace(0.0, 100.0, min(bins, max(1, count // smallest_bin)) + 1)
    return CdfMatch(_levels(source[both], percentiles), _levels(target[both], percentiles))


def _levels(values: np.ndarray, percentiles: np.ndarray) -> np.ndarray:
    """The values at ``percentiles`` (0 to 100), strictly ascending unless all are equal."""
    position = 100.0 * (np.arange(values.size) + 0.5) / values.size
    levels = np.interp(percentiles, position, np.sort(values))
    different, place = np.unique(levels, return_index=True)
    if different.size in (1, levels.size):
        return levels
    place[-1] = levels.size - 1  # equal levels at the end: the highest belongs to percentile 100
    return np.interp(percentiles, percentiles[place], different)
