"""metrics: equal to scipy and to the equations, with gaps, and defined in every degenerate case."""

import numpy as np
import pytest

from annsm_plugin.core import metrics

scipy_stats = pytest.importorskip("scipy.stats")


def series(seed, size=200):
    random = np.random.default_rng(seed)
    x = random.normal(0.2, 0.05, size)
    y = 0.7 * x + random.normal(0.03, 0.02, size)
    x[random.random(size) < 0.2] = np.nan
    y[random.random(size) < 0.2] = np.nan
    return x, y


@pytest.mark.parametrize("seed", range(5))
def test_equal_to_scipy_and_the_equations(seed):
    x, y = series(seed)
    both = np.isfinite(x) & np.isfinite(y)
    a, b = x[both], y[both]
    assert metrics.n(x, y) == both.sum()
    assert metrics.r(x, y) == pytest.approx(scipy_stats.pearsonr(a, b)[0], abs=1e-12)
    assert metrics.rmse(x, y) == pytest.approx(np.sqrt(np.mean((a - b) ** 2)), abs=1e-14)
    assert metrics.bias(x, y) == pytest.approx(a.mean() - b.mean(), abs=1e-14)
    assert metrics.ubrmse(x, y) == pytest.approx(np.std(a - b), abs=1e-14)


def test_any_axis_equals_series_by_series():
    pairs = [series(seed) for seed in range(6)]
    x = np.stack([p[0] for p in pairs]).reshape(2, 3, -1)
    y = np.stack([p[1] for p in pairs]).reshape(2, 3, -1)
    for name, values in metrics.all_of(x, y, axis=2).items():
        assert values.shape == (2, 3)
        for i in range(2):
            for j in range(3):
                assert values[i, j] == pytest.approx(getattr(metrics, name)(x[i, j], y[i, j]), abs=1e-13)
    moved = metrics.r(np.moveaxis(x, 2, 0), np.moveaxis(y, 2, 0), axis=0)
    np.testing.assert_allclose(moved, metrics.r(x, y, axis=2), atol=1e-13)
    assert metrics.rmse(x, y, axis=(0, 1, 2)) == pytest.approx(metrics.rmse(x, y))


def test_bias_is_target_minus_prediction():
    assert metrics.bias([0.3, 0.3], [0.1, 0.2]) == pytest.approx(0.15)


def test_no_pairs():
    x, y = np.array([np.nan, 1.0]), np.array([1.0, np.nan])
    assert metrics.n(x, y) == 0
    assert all(np.isnan(getattr(metrics, name)(x, y)) for name in ("r", "rmse", "bias", "ubrmse"))


def test_constant_series_have_no_correlation():
    x = np.full(50, 0.1)  # 0.1 has no exact sum in binary: rounding must not pass for variation
    assert np.isnan(metrics.r(x, np.arange(50.0)))
    assert np.isnan(metrics.r(np.arange(50.0), x))
    assert metrics.rmse(x, x + 0.1) == pytest.approx(0.1)
    assert np.isnan(metrics.r([0.2], [0.3]))


def test_tiny_but_real_variation_correlates():
    x = 280.0 + 1e-6 * np.arange(10)
    assert metrics.r(x, np.arange(10.0)) == pytest.approx(1.0, abs=1e-6)


def test_correlation_never_leaves_its_range():
    x = np.arange(5.0) * 1e-200
    assert -1 <= metrics.r(np.arange(5.0), np.arange(5.0)) <= 1
    assert np.isnan(metrics.r(x, x)) or abs(metrics.r(x, x)) <= 1
