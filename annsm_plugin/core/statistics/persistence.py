"""What remains unexplained near a gap: an autoregressive signal in noise, estimated from all known days before and after.

The difference between the record and a model is r(t) = x(t) + v(t), with x(t) = phi x(t-1) + w(t). A Kalman filter runs forward, the
smoother of Rauch, Tung and Striebel (1965) backward; both in units in which the variance of r is 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Lags (days) whose autocorrelation fixes the two numbers of the model, and fewest pairs of days at a lag.
LAGS, FEWEST = 20, 100


@dataclass(frozen=True)
class Memory:
    """``phi``: correlation of the signal from day to day; ``share``: the signal's part of the variance, the rest is noise."""

    phi: float
    share: float


def fit(residual: np.ndarray) -> Memory:
    """The memory of residuals (cells, days), NaN where unknown, pooled over the cells: a straight line through the logarithm of the
    autocorrelation at lags 1 to 20. Where they have none, phi and share are 0."""
    there = np.isfinite(residual)
    centred = np.where(there, residual - np.nanmean(residual), 0.0) if there.any() else np.zeros(residual.shape)
    variance = (centred**2).sum() / max(1, there.sum())
    lags, correlations, counts = [], [], []
    for lag in range(1, min(LAGS, residual.shape[1] - 1) + 1):
        pairs = int((there[:, lag:] & there[:, :-lag]).sum())
        if pairs < FEWEST or variance <= 0:
            continue
        correlation = float((centred[:, lag:] * centred[:, :-lag]).sum() / pairs / variance)
        if correlation <= 0.02:
            break
        lags.append(lag)
        correlations.append(correlation)
        counts.append(pairs)
    if not lags:
        return Memory(0.0, 0.0)
    if len(lags) == 1:
        return Memory(float(np.clip(correlations[0], 0.0, 0.99)), 1.0)
    weights = np.sqrt(counts) * np.array(correlations)  # the logarithm of a small correlation is uncertain
    slope, start = np.polyfit(lags, np.log(correlations), 1, w=weights)
    return Memory(float(np.clip(np.exp(slope), 0.0, 0.999)), float(np.clip(np.exp(start), 0.0, 1.0)))


def smooth(residual: np.ndarray, memory: Memory) -> np.ndarray:
    """The signal (cells, days) in residuals (cells, days), NaN where unknown; it fades to 0 far from known days."""
    days, phi, noise = residual.shape[1], memory.phi, max(1e-6, 1.0 - memory.share)
    if memory.share <= 0 or days == 0:
        return np.zeros(residual.shape, dtype=np.float32)
    drive = memory.share * (1.0 - phi**2)
    observed = np.ascontiguousarray(residual.T, dtype=np.float32)
    there = np.isfinite(observed)
    observed = np.where(there, observed, 0.0)
    mean, variance = np.zeros_like(observed), np.zeros_like(observed)
    m = np.zeros(residual.shape[0], dtype=np.float32)
    p = np.full(residual.shape[0], memory.share, dtype=np.float32)
    for day in range(days):
        if day:
            m, p = phi * m, phi**2 * p + drive
        gain = there[day] * (p / (p + noise))
        m = m + gain * (observed[day] - m)
        p = p * (1.0 - gain)
        mean[day], variance[day] = m, p
    for day in range(days - 2, -1, -1):
        gain = phi * variance[day] / (phi**2 * variance[day] + drive)
        mean[day] += gain * (mean[day + 1] - phi * mean[day])
    return mean.T
