"""significance and anomalies: intervals cover what they should, on autocorrelated series with gaps."""

import numpy as np
import pytest
from scipy import stats

from annsm_plugin.core import metrics
from annsm_plugin.core.statistics import significance
from annsm_plugin.core.statistics.anomalies import anomalies


def correlated(memory, r, cells=500, days=430, gaps=0.3, seed=0):
    """Pairs of AR(1) series with a true correlation ``r`` and random gaps."""
    random = np.random.default_rng(seed)

    def series():
        noise = random.normal(size=(cells, days + 300))
        values = np.zeros_like(noise)
        for t in range(1, days + 300):
            values[:, t] = memory * values[:, t - 1] + np.sqrt(1 - memory**2) * noise[:, t]
        return values[:, 300:]

    a, b = series(), series()
    return np.where(random.random(a.shape) < gaps, np.nan, a), r * a + np.sqrt(1 - r**2) * b


@pytest.mark.parametrize("r", [0.0, 0.5, 0.8])
@pytest.mark.parametrize("memory", [0.0, 0.9])
def test_the_interval_of_r_covers(memory, r):
    x, y = correlated(memory, r)
    low, high = significance.interval_of_r(metrics.r(x, y, axis=1), significance.effective_size(x, y))
    assert 0.90 <= ((low <= r) & (r <= high)).mean() <= 0.98


@pytest.mark.parametrize("gaps", ["single days", "runs of ten days", "one winter"])
@pytest.mark.parametrize("r", [0.5, 0.72, 0.9])
def test_the_interval_covers_whatever_the_gaps(gaps, r):
    """500 cells, memory 0.9, 429 days of which exactly 300 are there."""
    x, y = correlated(0.9, r, days=429, gaps=0.0)
    random = np.random.default_rng(1)
    for cell in x:
        if gaps == "single days":
            lost = random.choice(429, 129, replace=False)
        elif gaps == "one winter":
            lost = np.arange(150, 279)
        else:
            runs = (np.arange(42)[random.permutation(42)[:13], None] * 10 + np.arange(10)).ravel()
            lost = runs[:129]
        cell[lost] = np.nan
    assert (metrics.n(x, y, axis=1) == 300).all()
    low, high = significance.interval_of_r(metrics.r(x, y, axis=1), significance.effective_size(x, y))
    assert 0.90 <= ((low <= r) & (r <= high)).mean() <= 0.98


@pytest.mark.parametrize("days", [300, 429])
@pytest.mark.parametrize("r", [0.3, 0.5, 0.7, 0.9, -0.7])
@pytest.mark.parametrize("errors", ["white in both", "white in one", "with memory in both"])
def test_the_interval_covers_when_memory_is_shared(errors, r, days):
    """A truth with memory 0.9, seen with independent errors by one or both series; 30 % gaps."""
    random = np.random.default_rng(2)
    truth, one = correlated(0.9, 0.0, days=days, gaps=0.0)
    _, two = correlated(0.9, 0.0, days=days, gaps=0.0, seed=3)
    if errors.startswith("white"):
        one, two = random.normal(size=(2, *truth.shape))
    signal = np.sqrt(abs(r))
    x = truth if errors == "white in one" else signal * truth + np.sqrt(1 - abs(r)) * one
    y = abs(r) * truth + np.sqrt(1 - r**2) * two if errors == "white in one" else signal * truth + np.sqrt(1 - abs(r)) * two
    x, y = np.where(random.random(x.shape) < 0.3, np.nan, x), np.sign(r) * y
    low, high = significance.interval_of_r(metrics.r(x, y, axis=1), significance.effective_size(x, y))
    assert 0.90 <= ((low <= r) & (r <= high)).mean() <= 0.98


def test_independent_days_are_worth_what_they_are():
    random = np.random.default_rng(4)
    x, y = random.normal(size=(2, 400, 300))
    size = significance.effective_size(x, y)
    assert np.median(size) > 285 and (size <= 300).all()


def test_a_season_alone_leaves_some_days():
    """Two years of a strong season: fewer days than there are, but not none."""
    random = np.random.default_rng(5)
    season = 2.0 * np.sin(2 * np.pi * np.arange(730) / 365.25)
    x, y = season + random.normal(size=(2, 200, 730))
    size = significance.effective_size(x, y)
    assert size.min() > 20 and size.max() < 365


def test_ignoring_memory_would_not_cover():
    x, y = correlated(0.9, 0.0)
    low, high = significance.interval_of_r(metrics.r(x, y, axis=1), metrics.n(x, y, axis=1))
    assert ((low <= 0) & (high >= 0)).mean() < 0.6


def test_p_values_of_unrelated_series_are_uniform():
    x, y = correlated(0.9, 0.0)
    p = significance.p_of_r(metrics.r(x, y, axis=1), significance.effective_size(x, y))
    assert 0.02 < (p < 0.05).mean() < 0.09


def test_degenerate_series():
    x = np.full((3, 20), np.nan)
    y = x.copy()
    x[1, :2], y[1, :2] = [1, 2], [2, 3]
    x[2], y[2] = 0.3, np.arange(20)
    size = significance.effective_size(x, y)
    assert size[0] == 0 and size[1] == 2
    low, high = significance.interval_of_r(metrics.r(x, y, axis=1), size)
    assert np.isnan(low).all() and np.isnan(high).all()
    assert np.isnan(significance.p_of_r(metrics.r(x, y, axis=1), size)).all()


@pytest.mark.parametrize("stations", [5, 8, 15, 40])
def test_interval_of_a_mean_of_few_stations(stations):
    random = np.random.default_rng(stations)
    found = np.array([significance.interval_of_mean(random.normal(size=stations), draws=400) for _ in range(600)])
    inside = (found[:, 0] <= 0) & (found[:, 1] >= 0)
    assert 0.93 <= inside.mean() <= 0.98


def test_quantile_of_student():
    for freedom in (4, 5, 9, 14, 60, 1000):
        assert significance.student95(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), abs=0.01)


def test_neighbours_that_err_alike_widen_the_interval():
    random = np.random.default_rng(0)
    rough = random.normal(size=(8, 8))
    alike = np.kron(rough, np.ones((8, 8)))
    shuffled = random.permutation(alike.ravel()).reshape(alike.shape)
    wide = np.subtract(*significance.interval_of_mean(alike)[::-1])
    narrow = np.subtract(*significance.interval_of_mean(shuffled)[::-1])
    assert wide > 4 * narrow


def test_too_few_blocks():
    assert np.isnan(significance.interval_of_mean(np.ones((2, 2)))).all()
    assert np.isnan(significance.interval_of_mean(np.array([1.0, np.nan]))).all()


def test_anomalies_take_season_and_level_away():
    dates = np.datetime64("2015-04-01") + np.arange(400)
    day = np.arange(400)
    season = 0.2 + 0.1 * np.sin(2 * np.pi * day / 365)
    event = np.random.default_rng(0).normal(0, 0.02, 400)
    found = anomalies(np.stack([season, season + event]), dates)
    assert np.abs(found[0]).max() < 0.04 and np.abs(found[0, 20:-20]).max() < 0.003
    assert np.corrcoef(found[1], event)[0, 1] > 0.95


def test_anomalies_count_days_not_entries():
    dates = np.datetime64("2015-04-01") + np.array([0, 1, 2, 100, 101, 102])
    found = anomalies(np.array([[1.0, 2.0, 3.0, 11.0, 12.0, 13.0]]), dates, fewest=3)
    np.testing.assert_allclose(found, [[-1, 0, 1, -1, 0, 1]])
    assert np.isnan(anomalies(np.array([[1.0, 2.0, 3.0, 11.0, 12.0, 13.0]]), dates, fewest=4)).all()
