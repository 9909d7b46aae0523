"""Temporal stability: how each site of a cell stands to the mean of all, day after day (Vachaud et al. 1985)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import metrics

#: Mean of a day (m3 m-3) up to which a difference in relation to it means nothing.
DRY = 0.01


@dataclass(frozen=True)
class Stability:
    """How each of the sites stands to the mean of all, each (sites,).

    difference: mean of (site - mean) / mean; deviation: its standard deviation; index: the root of the sum of their squares; rank: 1 for
    the site with the smallest index; r: correlation with the mean; slope_error: standard error of the slope of the site on the mean;
    distance: root mean square of site - mean, m3 m-3; days: its days. NaN for a site with fewer than two days.
    """

    difference: np.ndarray
    deviation: np.ndarray
    index: np.ndarray
    rank: np.ndarray
    r: np.ndarray
    slope_error: np.ndarray
    distance: np.ndarray
    days: np.ndarray

    @property
    def best(self) -> int:
        """The most representative site: the first of rank 1."""
        return int(np.argmin(self.rank))


def temporal_stability(per_site: np.ndarray) -> Stability:
    """The temporal stability of sites (sites, days), NaN where missing.

    On days on which not all sites measure, the mean of all is taken as that of ``day_and_site``: a missing dry site does not make the day
    wetter. With all sites on all days it is the arithmetic mean. Days with a mean of at most ``DRY`` are left out of the relative
    differences, which mean nothing there. Sites with less than half of the days of the one with the most are ranked behind the others.
    """
    mean, _ = day_and_site(per_site)
    there = np.isfinite(per_site)
    days, told = there.sum(axis=1), there & (mean > DRY)
    counted = told.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        relative = np.where(told, (per_site - mean) / np.where(mean > DRY, mean, 1.0), 0.0)
        difference = np.where(counted > 1, relative.sum(axis=1) / counted, np.nan)
        squares = np.where(told, (relative - difference[:, np.newaxis]) ** 2, 0.0)
        deviation = np.sqrt(squares.sum(axis=1) / (counted - 1))
        index = np.hypot(difference, deviation)
        r = np.asarray(metrics.r(np.broadcast_to(mean, per_site.shape), per_site, axis=1), dtype=float)
        spread = np.array([np.std(site[own]) / np.std(mean[own]) if own.any() else np.nan for site, own in zip(per_site, there)])
        slope_error = spread * np.sqrt((1.0 - np.minimum(r**2, 1.0)) / (days - 2.0))
        distance = np.sqrt(np.where(there, (per_site - mean) ** 2, 0.0).sum(axis=1) / np.maximum(days, 1))
    few = days < 0.5 * days.max(initial=0)
    order = np.lexsort((np.where(np.isfinite(index), index, np.inf), few))
    rank = np.empty(len(order), dtype=int)
    rank[order] = np.arange(1, len(order) + 1)
    return Stability(difference, deviation, index, rank, r, slope_error, np.where(days > 0, distance, np.nan), days)


def day_and_site(per_site: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean of all sites (days,) and the level of each beside it (sites,), whose sum is 0, of sites (sites, days) with gaps.

    Least squares of value = day + site, solved for the sites' levels after the days are taken out. Sites that share no day, not even
    through others, have levels whose sum is 0 among themselves.
    """
    there = np.isfinite(per_site)
    values = np.where(there, per_site, 0.0)
    days = there.sum(axis=0)
    mean = values.sum(axis=0) / np.maximum(days, 1)
    share = there / np.sqrt(np.maximum(days, 1))
    normal = np.diag(there.sum(axis=1).astype(float)) - share @ share.T
    level = np.linalg.lstsq(normal, np.where(there, values - mean, 0.0).sum(axis=1), rcond=1e-10)[0]
    mean = (values - np.where(there, level[:, np.newaxis], 0.0)).sum(axis=0) / np.maximum(days, 1)
    return np.where(days > 0, mean, np.nan), level
