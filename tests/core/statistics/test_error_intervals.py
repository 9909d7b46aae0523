"""error_intervals: BIAS, ubRMSE and RMSE are covered as often as they should, with memory and gaps; independent days give textbook ends."""

import numpy as np
import pytest
from scipy import stats

from annsm_plugin.core.statistics import error_intervals


def differences(memory, noise, *, days, gaps=0.3, cells=500, bias=0.02, spread=0.04, seed=1):
    """Differences of two series (cells, days): AR(1) plus a share ``noise`` of variance without memory, and gaps."""
    random = np.random.default_rng(seed)
    steps = random.normal(size=(cells, days + 300))
    slow = np.zeros_like(steps)
    for day in range(1, days + 300):
        slow[:, day] = memory * slow[:, day - 1] + np.sqrt(1 - memory**2) * steps[:, day]
    values = np.sqrt(1 - noise) * slow[:, 300:] + np.sqrt(noise) * random.normal(size=(cells, days))
    return np.where(random.random(values.shape) < gaps, np.nan, bias + spread * values)


@pytest.mark.parametrize(("memory", "noise", "days"), [(0.9, 0.0, 430), (0.9, 0.0, 300), (0.9, 0.5, 430), (0.5, 0.0, 100), (0.0, 1.0, 60)])
@pytest.mark.parametrize("bias", [0.0, 0.02, -0.08])
def test_the_intervals_cover(memory, noise, days, bias):
    found = error_intervals.of_difference(differences(memory, noise, days=days, bias=bias))
    for name, true in (("bias", bias), ("ubrmse", 0.04), ("rmse", np.hypot(bias, 0.04))):
        low, high = found[name]
        assert 0.90 <= ((low <= true) & (true <= high)).mean() <= 0.985, name


def test_independent_days_without_gaps_have_students_interval():
    values = np.random.default_rng(3).normal(0.01, 0.05, (1, 4000))
    low, high = (end[0] for end in error_intervals.of_difference(values)["bias"])
    wanted = stats.t.interval(0.95, 3999, values.mean(), stats.sem(values[0]))
    assert (low, high) == pytest.approx(wanted, abs=0.15 * np.diff(wanted)[0])
    low, high = (end[0] for end in error_intervals.of_difference(values)["ubrmse"])
    square = 3999 * values.var(ddof=1) / stats.chi2.ppf([0.975, 0.025], 3999)
    assert (low, high) == pytest.approx(tuple(np.sqrt(square)), rel=0.004)


def test_memory_widens():
    slow, fast = (error_intervals.of_difference(differences(memory, 0.0, days=400))["bias"] for memory in (0.9, 0.0))
    assert np.median(slow[1] - slow[0]) > 3 * np.median(fast[1] - fast[0])


def test_few_or_equal_days_have_none():
    values = np.full((3, 40), np.nan)
    values[1, :3] = [0.1, 0.2, 0.15]
    values[2] = 0.05
    for ends in error_intervals.of_difference(values).values():
        assert np.isnan(ends).all()
