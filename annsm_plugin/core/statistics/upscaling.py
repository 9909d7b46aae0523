"""From sites to the cell: ways to the mean of a cell, and how far the mean of its sites can be from the mean of all its ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ..foundation import bounds
from ..foundation.grid import STEP
from . import significance, voronoi
from .temporal_stability import Stability, day_and_site, temporal_stability
from .triple_collocation import FEWEST_DAYS

#: Distances from the mean of the ground (m3 m-3) for which the number of sites is told.
WITHIN = (0.01, 0.02, 0.04)

#: Most sites that are counted for ``WITHIN``.
MOST_SITES = 9999

#: Smallest share of error in a site's variance: a site that triple collocation finds free of error is not taken for the truth.
SMALLEST_ERROR = 0.02

#: So far (m3 m-3) a value that was computed may lie beyond the measured ones by rounding.
ROUNDING = 1e-9


@dataclass(frozen=True)
class Upscaled:
    """The series of a cell from its sites.

    values (days,) m3 m-3; count (days,) the sites in each; weights (sites,) that each site has when all measure; error (days,) standard
    error of the value as the mean of the cell's ground, from the spread of its sites, NaN with fewer than two; half (days,): half of the
    95 % interval; needed: distance -> sites with which half of the interval would be so large; spread: the sites' standard deviation;
    stability: how each site stands to the mean; notes: what should be known.
    """

    values: np.ndarray
    count: np.ndarray
    weights: np.ndarray
    error: np.ndarray
    half: np.ndarray
    needed: dict[float, int | None]
    spread: float
    stability: Stability
    notes: list[str] = field(default_factory=list)

    @property
    def typical_half(self) -> float:
        """Half of the 95 % interval of a day with the mean error variance of all days; NaN with one site."""
        known = self.error[np.isfinite(self.error)]
        sites = float((self.stability.days > 0).sum())
        return float(np.sqrt((known**2).mean()) * student(np.array(sites - 1.0))) if known.size else float("nan")


def upscale(per_site: np.ndarray, lat: Sequence[float], lon: Sequence[float], centre: tuple[float, float], way: str) -> Upscaled:
    """The series of a cell (centre: latitude, longitude) from ``per_site`` (sites, days), NaN where missing, at ``lat``, ``lon``.

    way: "mean", of the sites that measure (Wang and Xu 2021); "representative", the site that stays nearest to the mean of all (Vachaud
    et al. 1985, Soil Sci. Soc. Am. J. 49); "triple collocation", sites brought to their common mean and amplitude, weighed by the inverse
    of their error variances, which come from the covariances of three sites at a time; "voronoi", by the area of the cell that is nearest
    to each.
    """
    there = np.isfinite(per_site)
    stability = temporal_stability(per_site)
    notes: list[str] = []
    count, live = len(per_site), there.any(axis=1)
    own, shares, series = np.full(count, 1.0 / count), np.where(there, 1.0, 0.0), per_site
    if way == "voronoi":
        own, shares = voronoi.shares(lat, lon, centre, STEP), voronoi.daily_shares(there, lat, lon, centre, STEP)
    elif way == "representative" and (stability.days > 0).sum() < 3:
        way, notes = "mean", ["fewer than three sites: their mean"]
    elif way == "representative":
        own = np.where(np.arange(count) == stability.best, 1.0, 0.0)
        shares = shares * own[:, np.newaxis]
    elif way == "triple collocation":
        series, own, fixed, noise, notes = _weighed(per_site)
        shares = shares * own[:, np.newaxis]
    total = shares.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(total > 0, shares / total, 0.0)
    values = mean(per_site) if way == "mean" else np.where(total > 0, (shares * np.where(there, series, 0.0)).sum(axis=0), np.nan)
    if way == "triple collocation" and np.isfinite(fixed):  # evening out the amplitudes can lead a value out of what was measured
        values, notes = _bounded(values, per_site, notes)
    measured = there.sum(axis=0)
    variance, spread = _variance(per_site)
    with np.errstate(invalid="ignore", divide="ignore"):
        square = variance * (shares**2).sum(axis=0)
    freedom = measured - 1.0
    if way == "representative":
        square, freedom = np.full(values.size, _of_one(per_site, stability.best)), np.full(values.size, live.sum() - 1.0)
    elif way == "triple collocation" and np.isfinite(fixed):
        square, freedom = fixed + (shares**2 * noise[:, np.newaxis]).sum(axis=0), np.full(values.size, live.sum() - 1.0)
    own = np.where(live, own, 0.0)
    own = own / own.sum() if own.sum() > 0 else own
    error = np.where(np.isfinite(values), np.sqrt(square), np.nan)
    return Upscaled(values, (shares > 0).sum(axis=0), own, error, student(freedom) * error, needed_for(spread), spread, stability, notes)


def _bounded(values: np.ndarray, per_site: np.ndarray, notes: list[str]) -> tuple[np.ndarray, list[str]]:
    """The ``values`` (days,) held within what soil can have, and the notes on them: how many were held, and how many others lie beyond all
    that the sites have measured on any day."""
    impossible = bounds.outside(values)
    low, high = float(np.nanmin(per_site)), float(np.nanmax(per_site))
    beyond = ((values < low - ROUNDING) | (values > high + ROUNDING)) & ~impossible
    notes = [*notes, f"{int(impossible.sum())} values held at 0 or 1 m3 m-3"] if impossible.any() else notes
    if beyond.any():
        notes = [*notes, f"{int(beyond.sum())} values beyond the {low:.3f} to {high:.3f} m3 m-3 that its sites have measured"]
    return bounds.held(values), notes


def mean(series: np.ndarray | Sequence[np.ndarray]) -> np.ndarray:
    """Mean over the first axis without missing values; NaN where all are missing."""
    values = np.asarray(series, dtype=float)
    present = np.isfinite(values)
    count = present.sum(axis=0)
    return np.where(count > 0, np.where(present, values, 0.0).sum(axis=0) / np.maximum(count, 1), np.nan)


def student(freedom: np.ndarray) -> np.ndarray:
    """The 97.5 % quantile of Student's t, for 1 and 2 degrees of freedom too; NaN below."""
    freedom = np.asarray(freedom, dtype=float)
    exact = np.select([freedom < 1, freedom < 2, freedom < 3], [np.nan, 12.7062, 4.3027], 0.0)
    return np.where(freedom < 3, exact, significance.student95(np.maximum(freedom, 3.0)))


def _variance(per_site: np.ndarray) -> tuple[np.ndarray, float]:
    """Variance of the sites on each day (days,), NaN with fewer than two, and their standard deviation over all days."""
    there = np.isfinite(per_site)
    count = there.sum(axis=0)
    centred = np.where(there, per_site - mean(per_site), 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = np.where(count > 1, (centred**2).sum(axis=0) / (count - 1), np.nan)
    known = variance[np.isfinite(variance)]
    return variance, float(np.sqrt(known.mean())) if known.size else float("nan")


def _of_one(per_site: np.ndarray, site: int) -> float:
    """Mean square error of one site as the mean of the ground: the level of the mean of all sites is uncertain by their levels' spread; the
    site's own level, and what it does besides following the mean, come on top."""
    there = np.isfinite(per_site)
    day, level = day_and_site(per_site)
    used = there.any(axis=1)
    if used.sum() < 2:
        return float("nan")
    rest = np.where(there, per_site - day - level[:, np.newaxis], 0.0)
    own = (rest**2).sum(axis=1)[used] / there.sum(axis=1)[used]
    at = int(np.flatnonzero(used).tolist().index(site))
    of_mean = own.mean() / used.sum()
    return float(level[used].var(ddof=1) / used.sum() + level[site] ** 2 + max(own[at] - of_mean, 0.0))


def needed_for(spread: float) -> dict[float, int | None]:
    """Distance of ``WITHIN`` -> sites whose mean is, on 95 % of days, within it of the mean of the ground; None where it is not known."""
    if not np.isfinite(spread):
        return dict.fromkeys(WITHIN)
    sites = np.arange(2, MOST_SITES + 1)
    half = student(sites - 1.0) * spread / np.sqrt(sites)
    return {within: int(sites[np.argmax(half <= within)]) if (half <= within).any() else MOST_SITES for within in WITHIN}


def _weighed(per_site: np.ndarray) -> tuple[np.ndarray, np.ndarray, float, np.ndarray, list[str]]:
    """Sites with a common mean and amplitude (sites, days), their weights (sites,), the part of the mean square error that all days have,
    the error variance of each site on the common scale (sites,), and notes; the sites as they are, and no error, where not three can be
    compared."""
    equal, none = np.full(len(per_site), 1.0 / len(per_site)), np.zeros(len(per_site))
    if len(per_site) < 3:
        return per_site, equal, float("nan"), none, ["fewer than three sites: their mean"]
    signal, error = _errors(per_site)
    good = np.isfinite(signal)
    if good.sum() < 3:
        return per_site, equal, float("nan"), none, [f"no three sites have {FEWEST_DAYS} days and a signal in common: the mean of all"]
    day, level = day_and_site(per_site)
    there = np.isfinite(per_site)
    amplitude = np.sqrt(signal)
    with np.errstate(invalid="ignore", divide="ignore"):
        days = np.maximum(there.sum(axis=1), 1)
        own = np.where(there, per_site, 0.0).sum(axis=1) / days
        common = np.where(there, day, 0.0).sum(axis=1) / days
        scale = np.nanmean(amplitude) / amplitude
        series = common[:, np.newaxis] + scale[:, np.newaxis] * (per_site - own[:, np.newaxis])
        weights = np.where(good, signal / error, 0.0)
        noise = np.where(good, error * scale**2, 0.0)
    live = there.any(axis=1)
    # levels and amplitudes are means over the sites, however they are weighed
    fixed = float(level[live].var(ddof=1) / live.sum() + amplitude[good].var(ddof=1) / good.sum())
    left = [f"{int((~good).sum())} of {len(good)} sites without a common signal left out"] if not good.all() else []
    return np.where(good[:, np.newaxis], series, per_site), weights / weights.sum(), fixed, noise, left


def _errors(per_site: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Variance of the signal and of the error of each site (sites,): the median over all pairs of other sites; NaN without any."""
    count = len(per_site)
    there = np.isfinite(per_site)
    covariance = np.full((count, count), np.nan)
    for a in range(count):
        for b in range(a, count):
            both = there[a] & there[b]
            if both.sum() >= FEWEST_DAYS:
                covariance[a, b] = covariance[b, a] = np.cov(per_site[a][both], per_site[b][both])[0, 1]
    signal, error = np.full(count, np.nan), np.full(count, np.nan)
    for a in range(count):
        others = [b for b in range(count) if b != a and covariance[a, b] > 0]
        found = [
            covariance[a, b] * covariance[a, c] / covariance[b, c]
            for number, b in enumerate(others)
            for c in others[number + 1 :]
            if covariance[b, c] > 0
        ]
        if found and covariance[a, a] > 0:
            signal[a] = min(float(np.median(found)), (1.0 - SMALLEST_ERROR) * covariance[a, a])
            error[a] = covariance[a, a] - signal[a]
    return signal, error
