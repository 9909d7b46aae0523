"""The memory of daily series with gaps: signal with exponentially fading memory plus noise, fitted to the correlations at short lags."""

from __future__ import annotations

import numpy as np

#: Lags that a memory is fitted to, days.
FITTED_LAGS = 12

#: Lags beyond which a memory is neglected, days.
LARGEST_LAG = 200

#: Memories per day that are tried. What fades more slowly than in a month is season, which comes back every year and is no chance.
_MEMORIES = np.concatenate([[0.0], np.linspace(0.3, 0.9, 25), np.linspace(0.91, 0.97, 13)])

#: Rounds of taking out the bias that comes from the estimated means.
_ROUNDS = 3

#: Most of a variance that may be put back for the estimated mean.
LARGEST_BIAS = 0.2


def standardised(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """``x`` and ``y`` (B, days; NaN missing) with mean 0 and standard deviation 1 over the days that both have, 0 on others; those days."""
    both = np.isfinite(x) & np.isfinite(y)
    count = np.maximum(both.sum(axis=1, keepdims=True), 1)
    found = []
    for values in (x, y):
        values = np.where(both, values, 0.0)
        deviation = np.where(both, values - values.sum(axis=1, keepdims=True) / count, 0.0)
        spread = np.sqrt((deviation**2).sum(axis=1, keepdims=True) / count)
        found.append(deviation / np.where(spread > 0.0, spread, 1.0))
    return found[0], found[1], both


def pairs_at_lags(both: np.ndarray) -> np.ndarray:
    """(B, lags) how many pairs of days 1, 2, ... up to ``LARGEST_LAG`` days apart are both there."""
    days = both.shape[1]
    spectrum = np.abs(np.fft.rfft(both, 2 * days, axis=1)) ** 2
    return np.round(np.fft.irfft(spectrum, axis=1)[:, 1 : min(LARGEST_LAG, days - 1) + 1])


def fitted(u: np.ndarray, v: np.ndarray, both: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """(B, lags) correlations c a^lag between standardised series ``u`` and ``v`` (B, days), the mean over both directions of time.

    c in 0-1 and the memory a per day by least squares over the first lags, each weighted by its pairs of days; a share 1 - c of the
    variance is noise without memory. Means that were estimated from the days themselves make sample correlations too small by the
    variance of a mean, which is put back.
    """
    lags = np.arange(1, pairs.shape[1] + 1)
    near = lags[:FITTED_LAGS]
    weight = pairs[:, : near.size]
    sample = np.stack([_product(u, v, lag) for lag in near], axis=1) / np.maximum(weight, 1.0) if near.size else np.zeros((u.shape[0], 0))
    count = np.maximum(both.sum(axis=1).astype(float), 1.0)
    share, memory = np.zeros(u.shape[0]), np.zeros(u.shape[0])
    variance = np.zeros(u.shape[0])
    for _ in range(_ROUNDS):
        target = sample * (1.0 - variance)[:, None] + variance[:, None]
        least = np.full(u.shape[0], np.inf)
        for tried in _MEMORIES:
            power = tried**near
            best = (weight * target * power).sum(axis=1) / np.maximum((weight * power**2).sum(axis=1), 1e-12)
            best = np.clip(best, 0.0, 1.0)
            error = (weight * (target - best[:, None] * power) ** 2).sum(axis=1)
            better = error < least
            least, share, memory = (np.where(better, new, old) for new, old in ((error, least), (best, share), (tried, memory)))
        variance = np.minimum((count + 2.0 * (share[:, None] * memory[:, None] ** lags * pairs).sum(axis=1)) / count**2, LARGEST_BIAS)
    return share[:, None] * memory[:, None] ** lags


def _product(u: np.ndarray, v: np.ndarray, lag: int) -> np.ndarray:
    """(B,) sum of products of days ``lag`` apart, the mean of both directions."""
    forward = (u[:, :-lag] * v[:, lag:]).sum(axis=1)
    return forward if u is v else 0.5 * (forward + (v[:, :-lag] * u[:, lag:]).sum(axis=1))
