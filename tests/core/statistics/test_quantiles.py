"""Quantiles of numbers that come in parts are those of all of them together, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest

from annsm_plugin.core.statistics import quantiles

SHARES = (0.0, 0.1, 0.5, 0.682689, 0.95, 1.0)


@pytest.mark.parametrize("count", [1, 2, 3, 20, 4999])
@pytest.mark.parametrize("kind", ["spread", "ties", "tiny"])
def test_equal_to_numpy_bit_by_bit(count, kind):
    random = np.random.default_rng(count)
    values = np.abs(random.standard_normal(count))
    if kind == "ties":
        values = np.round(values, 1)
    if kind == "tiny":
        values *= 1e-300
    pieces = np.array_split(values, 7)
    assert quantiles.of_parts(lambda: pieces, SHARES) == (count, [float(np.quantile(values, share)) for share in SHARES])


def test_numbers_that_are_none_do_not_count():
    parts = [np.array([np.nan, 3.0]), np.array([np.inf, 1.0, -0.0]), np.zeros(0)]
    assert quantiles.of_parts(lambda: parts, [0.5]) == (3, [1.0])
    count, found = quantiles.of_parts(lambda: [np.array([np.nan])], [0.5])
    assert count == 0
    assert np.isnan(found).all()
