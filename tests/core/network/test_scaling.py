"""scaling: 0-1 by the training period's limits, and back."""

import numpy as np

from annsm_plugin.core.network import scaling


def test_limits_use_only_the_used_days():
    values = np.array([[[1.0], [9.0], [3.0]]])
    low, high = scaling.limits(values, np.array([[True, False, True]]))
    assert low.tolist() == [[1.0]] and high.tolist() == [[3.0]]


def test_a_cell_without_days_has_no_limits():
    low, high = scaling.limits(np.ones((1, 2, 3)), np.zeros((1, 2), dtype=bool))
    assert np.isnan(low).all() and np.isnan(high).all()


def test_there_and_back():
    values = np.random.default_rng(0).normal(size=(4, 30))
    low, high = scaling.limits(values, np.ones(values.shape, dtype=bool))
    scaled = scaling.scale(values, low, high)
    assert scaled.min() == 0 and scaled.max() == 1
    np.testing.assert_allclose(scaling.unscale(scaled, low, high), values, atol=1e-14)


def test_constants_become_zero_and_missing_stays_missing():
    values = np.array([[5.0, np.nan, 7.0]])
    np.testing.assert_array_equal(scaling.scale(values, np.array([5.0]), np.array([5.0])), [[0.0, np.nan, 0.0]])


def test_outside_means_any_input_beyond_its_limits():
    inputs = np.array([[[0.5, 1.0], [1.5, 0.5], [1.0, 0.0]]])
    found = scaling.outside(inputs, np.zeros((1, 2)), np.ones((1, 2)))
    assert found.tolist() == [[False, True, False]]
