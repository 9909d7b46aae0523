"""The memory of an error, against the conditional expectation of a Gaussian process."""

from __future__ import annotations

import numpy as np
import pytest

from annsm_plugin.core.statistics import persistence
from annsm_plugin.core.statistics.persistence import Memory


def simulated(cells, days, phi, share, random):
    """Residuals of variance 1: a signal with memory and noise."""
    signal = np.empty((cells, days))
    signal[:, 0] = random.normal(0, np.sqrt(share), cells)
    for day in range(1, days):
        signal[:, day] = phi * signal[:, day - 1] + random.normal(0, np.sqrt(share * (1 - phi**2)), cells)
    return signal + random.normal(0, np.sqrt(1 - share), (cells, days)), signal


def test_smoother_is_the_conditional_expectation():
    random = np.random.default_rng(0)
    memory, days = Memory(0.85, 0.7), 40
    residual, _ = simulated(6, days, memory.phi, memory.share, random)
    residual[random.random(residual.shape) < 0.3] = np.nan
    residual[:, 12:25] = np.nan
    lag = np.abs(np.subtract.outer(np.arange(days), np.arange(days)))
    covariance = memory.share * memory.phi**lag
    found = persistence.smooth(residual, memory)
    for row, line in zip(residual, found):
        there = np.isfinite(row)
        of_known = covariance[np.ix_(there, there)] + (1 - memory.share) * np.eye(there.sum())
        assert np.allclose(line, covariance[:, there] @ np.linalg.solve(of_known, row[there]), atol=1e-4)


def test_it_fades_far_from_known_days():
    residual = np.full((1, 60), np.nan)
    residual[0, 0] = 1.0
    found = persistence.smooth(residual, Memory(0.8, 0.9))[0]
    assert np.allclose(found, 0.9 * 0.8 ** np.arange(60), atol=1e-5)


@pytest.mark.parametrize("phi, share", [(0.9, 0.6), (0.7, 0.9)])
def test_fit_finds_what_was_planted(phi, share):
    random = np.random.default_rng(1)
    residual, _ = simulated(300, 500, phi, share, random)
    residual[random.random(residual.shape) < 0.4] = np.nan
    found = persistence.fit(residual)
    assert found.phi == pytest.approx(phi, abs=0.03) and found.share == pytest.approx(share, abs=0.05)


def test_noise_has_no_memory():
    residual = np.random.default_rng(2).normal(size=(100, 300))
    memory = persistence.fit(residual)
    assert memory == Memory(0.0, 0.0) and not persistence.smooth(residual, memory).any()
    assert persistence.fit(np.full((3, 50), np.nan)) == Memory(0.0, 0.0)
