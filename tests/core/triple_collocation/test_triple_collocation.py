"""Triple collocation: planted errors are recovered, scaling by hand, degenerate cells have a status, intervals cover the truth."""

from __future__ import annotations

import numpy as np
import pytest

from annsm_plugin.core.foundation.errors import ParameterError
from annsm_plugin.core.statistics import triple_collocation as estimates

ERRORS, SLOPES, SHIFTS = (0.02, 0.035, 0.05), (1.0, 0.7, 1.3), (0.0, 0.05, -0.02)


def planted(seed=0, cells=20, days=1500, *, gaps=0.15, errors=ERRORS, memory=0.9):
    """Truth (cells, days), standard deviation 0.06, and three products of it (a + b * truth + error, a sixth of the days missing)."""
    random = np.random.default_rng(seed)
    truth = np.zeros((cells, days))
    truth[:, 0] = random.normal(size=cells)
    for day in range(1, days):
        truth[:, day] = memory * truth[:, day - 1] + np.sqrt(1 - memory**2) * random.normal(size=cells)
    truth *= 0.06
    products = []
    for slope, shift, error in zip(SLOPES, SHIFTS, errors):
        values = 0.2 + shift + slope * truth + random.normal(0, error, truth.shape)
        products.append(np.where(random.random(truth.shape) < gaps, np.nan, values))
    return truth, products


@pytest.mark.parametrize("seed", range(5))
def test_planted_errors_are_recovered_in_every_cell(seed):
    errors = np.array([0.03, 0.03, 0.04])[:, None]
    truth, products = planted(seed, days=2000, errors=errors.ravel())
    found = estimates.estimate(*products)
    assert (found.n >= 1000).all() and (found.status == 0).all()
    np.testing.assert_allclose(found.std, np.broadcast_to(errors, found.std.shape), rtol=0.15)
    there = np.isfinite(products).all(axis=0)
    for own, correlation in zip(products, found.r):
        real = [np.corrcoef(v[t], w[t])[0, 1] for v, w, t in zip(own, truth, there)]
        np.testing.assert_allclose(correlation, real, atol=0.04)
    np.testing.assert_allclose(found.scale.mean(axis=1), 1 / np.array(SLOPES), rtol=0.02)


def test_a_product_much_better_than_the_others_is_found_without_bias_but_less_surely():
    """Its error is a small difference of large numbers: about 9 % standard deviation per cell at N = 1200 here."""
    errors = np.array(ERRORS)[:, None]
    _, products = planted(1, cells=400, days=2000)
    found = estimates.estimate(*products)
    relative = found.std / errors - 1
    np.testing.assert_allclose(relative.mean(axis=1), 0, atol=0.02)
    assert ((np.abs(relative) < 0.15).mean(axis=1) >= [0.85, 1.0, 1.0]).all()


def test_by_hand():
    """Orthogonal contrasts of eight days: truth t, errors e, f, g whose covariances vanish exactly."""
    t = np.array([1, 1, 1, 1, -1, -1, -1, -1.0])
    e = np.array([1, 1, -1, -1, 1, 1, -1, -1.0])
    f = np.array([1, -1, 1, -1, 1, -1, 1, -1.0])
    g = t * e
    found = estimates.estimate(5 + 2 * t + e, 1 - 3 + 4 * t + 2 * f, 0.5 * t + 0.25 * g, min_n=8)
    one = np.sqrt(8 / 7)  # standard deviation of +-1 with N - 1
    np.testing.assert_allclose(found.std[:, 0], np.array([1, 2, 0.25]) * one, rtol=1e-12)
    np.testing.assert_allclose(found.r[:, 0], [2 / np.sqrt(5), 4 / np.sqrt(20), 0.5 / np.sqrt(0.25 + 0.0625)], rtol=1e-12)
    np.testing.assert_allclose(found.scale[:, 0], [1, 0.5, 4], rtol=1e-12)
    assert found.n[0] == 8


def test_scaling_one_product_scales_its_error_and_nothing_else():
    _, (x, y, z) = planted(3, cells=4)
    plain, scaled = estimates.estimate(x, y, z), estimates.estimate(x, 100 + 10 * y, z)
    np.testing.assert_allclose(scaled.std, plain.std * np.array([[1], [10], [1]]), rtol=1e-9)
    np.testing.assert_allclose(scaled.r, plain.r, rtol=1e-9)
    np.testing.assert_allclose(scaled.scale, plain.scale / np.array([[1], [10], [1]]), rtol=1e-9)


def test_the_order_of_the_products_does_not_matter():
    _, (x, y, z) = planted(4, cells=4)
    a, b = estimates.estimate(x, y, z), estimates.estimate(z, x, y)
    np.testing.assert_allclose(a.std, b.std[[1, 2, 0]], rtol=1e-10)
    np.testing.assert_allclose(a.r, b.r[[1, 2, 0]], rtol=1e-10)


def test_the_classical_differences_give_the_same():
    """Stoffelen's form: bring y and z to x's data space, then the mean product of differences is the error variance."""
    _, (x, y, z) = planted(5, cells=1, gaps=0)
    found = estimates.estimate(x, y, z)
    a, b, c = (factor * (v[0] - v[0].mean()) for v, factor in zip((x, y, z), found.scale[:, 0]))
    n = x.size
    squares = [((a - b) * (a - c)).sum(), ((b - a) * (b - c)).sum(), ((c - a) * (c - b)).sum()]
    np.testing.assert_allclose((found.std * found.scale)[:, 0], np.sqrt(np.array(squares) / (n - 1)), rtol=1e-9)


def test_one_dimension_and_cells_of_different_gaps_agree():
    _, products = planted(6, cells=3)
    whole = estimates.estimate(*products)
    for cell in range(3):
        alone = estimates.estimate(*(v[cell] for v in products))
        there = np.isfinite(products).all(axis=0)[cell]
        without = estimates.estimate(*(v[cell][there] for v in products))
        np.testing.assert_allclose(whole.std[:, cell], alone.std[:, 0], rtol=1e-12)
        np.testing.assert_allclose(whole.std[:, cell], without.std[:, 0], rtol=1e-10)


def test_degenerate_cells_have_a_status():
    _, products = planted(7, cells=7, days=400, gaps=0)
    x, y, z = products
    x[0] = np.nan  # nothing at all
    x[1, ::2], y[1, 1::2] = np.nan, np.nan  # enough of each, no common day
    z[2, 99:] = np.nan  # one too few
    y[3] = 0.123456789  # constant
    z[4] = 0.4 - 0.5 * x[4] * np.nan  # missing everywhere
    x[5, 1:] = np.nan  # a single day
    found = estimates.estimate(x, y, z)
    assert found.status.tolist() == [1, 1, 2, 3, 1, 2, 0]
    assert found.n.tolist() == [0, 0, 99, 400, 0, 1, 400]
    assert np.isnan(found.std[:, :6]).all() and np.isnan(found.r[:, :6]).all() and np.isnan(found.scale[:, :6]).all()
    assert np.isfinite(found.std[:, 6]).all()
    assert estimates.estimate(x[2], y[2], z[2], min_n=99).status[0] == 0
    assert set(found.status) <= set(estimates.STATUS)


def test_a_negative_error_variance_is_flagged_for_the_product_that_has_it():
    """Errors of y and z that run against each other lower the covariance of the two, so that x seems to have more signal than variance."""
    random = np.random.default_rng(8)
    t, shared = random.normal(size=(2, 3000))
    x, y, z = t, t + 1.5 * shared + random.normal(size=3000), t - 1.5 * shared + random.normal(size=3000)
    covariance = np.cov([x, y, z])
    assert covariance[0, 1] * covariance[0, 2] * covariance[1, 2] < 0
    assert estimates.estimate(x, y, z).status[0] == 4
    z = t - 0.5 * shared + random.normal(size=3000)
    found = estimates.estimate(x, y, z)
    assert found.status[0] == 5 and found.negative[:, 0].tolist() == [True, False, False]
    assert np.isnan(found.std[0, 0]) and np.isnan(found.r[0, 0])
    assert np.isfinite(found.std[1:, 0]).all() and np.isfinite(found.r[1:, 0]).all()


def test_no_error_at_all_is_zero_not_negative():
    t = np.random.default_rng(9).normal(0.2, 0.05, 500)
    found = estimates.estimate(t, 2 * t + 0.1, t)
    assert found.status[0] == 0
    np.testing.assert_allclose(found.std[:, 0], 0.0, atol=1e-12)
    np.testing.assert_allclose(found.r[:, 0], 1.0)


def test_a_product_that_runs_against_the_others_has_a_negative_correlation():
    _, (x, y, z) = planted(10, cells=1)
    plain, against = estimates.estimate(x, y, z), estimates.estimate(x, -y, z)
    np.testing.assert_allclose(against.r[:, 0], plain.r[:, 0] * [1, -1, 1], rtol=1e-10)


def test_intervals_cover_the_planted_errors():
    cells, days = 200, 900
    _, products = planted(11, cells=cells, days=days)
    dates = np.datetime64("2015-04-01") + np.arange(days)
    std, r = estimates.intervals(*products, dates, draws=300, seed=1)
    assert std.shape == r.shape == (2, 3, cells)
    inside = (std[0] <= np.array(ERRORS)[:, None]) & (np.array(ERRORS)[:, None] <= std[1])
    assert (inside.mean(axis=1) > 0.88).all() and inside.mean() < 0.99
    found = estimates.estimate(*products)
    assert (r[0] < found.r).mean() > 0.99 and (found.r < r[1]).mean() > 0.99
    again, _ = estimates.intervals(*products, dates, draws=300, seed=1)
    np.testing.assert_array_equal(std, again)


def test_no_interval_where_there_are_too_few_blocks():
    _, products = planted(12, cells=1, days=120, gaps=0)
    std, r = estimates.intervals(*products, np.datetime64("2015-04-01") + np.arange(120), draws=50)
    assert np.isnan(std).all() and np.isnan(r).all()


def test_smallest_number_of_days_is_checked():
    with pytest.raises(ParameterError, match="at least 3"):
        estimates.estimate(np.zeros(9), np.zeros(9), np.zeros(9), min_n=2)
