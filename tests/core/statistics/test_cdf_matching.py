"""CDF matching: exact on straight lines, percentiles by hand, what happens beyond the levels, with ties and with too little."""

from __future__ import annotations

import numpy as np
import pytest

from annsm_plugin.core.foundation.errors import ParameterError
from annsm_plugin.core.statistics import cdf_matching


def test_a_straight_line_is_found_within_and_beyond_the_data():
    random = np.random.default_rng(0)
    source = random.gamma(3.0, 0.05, 900)
    match = cdf_matching.fit(source, 0.04 + 0.6 * source)
    probe = np.array([-0.3, 0.0, 0.05, 0.2, 2.0])
    margin = 0.5 * np.ptp(match.target)  # beyond it a line says nothing any more
    held = np.clip(0.04 + 0.6 * probe, match.target[0] - margin, match.target[-1] + margin)
    np.testing.assert_allclose(match(probe), held, rtol=1e-9)
    assert held[0] > -0.14 and held[-1] < 1.24 and (held[1:-1] == 0.04 + 0.6 * probe[1:-1]).all()


def test_levels_are_hazens_percentiles():
    random = np.random.default_rng(1)
    source, target = random.normal(size=(2, 1000))
    match = cdf_matching.fit(source, target, bins=20)
    np.testing.assert_allclose(match.source, np.percentile(source, np.arange(0, 101, 5), method="hazen"), rtol=1e-12)
    np.testing.assert_allclose(match.target, np.percentile(target, np.arange(0, 101, 5), method="hazen"), rtol=1e-12)


def test_by_hand():
    # two bins: levels 0, 1, 4 (50 % lies midway between 1 and 1) and 10, 12, 20
    match = cdf_matching.fit([0.0, 1.0, 1.0, 4.0], [10.0, 11.0, 13.0, 20.0], bins=2, smallest_bin=1)
    np.testing.assert_allclose(match.source, [0.0, 1.0, 4.0])
    np.testing.assert_allclose(match.target, [10.0, 12.0, 20.0])
    np.testing.assert_allclose(match([0.5, 2.5, -1.0, 7.0]), [11.0, 16.0, 8.0, 25.0])  # 28 is held at 20 + half of the range


def test_the_distribution_becomes_the_targets():
    random = np.random.default_rng(2)
    truth = random.normal(size=4000)
    source = np.exp(0.5 * truth + random.normal(0, 0.1, truth.size))
    target = 0.2 + 0.05 * truth
    found = cdf_matching.fit(source, target)(source)
    levels = np.linspace(2, 98, 25)
    np.testing.assert_allclose(np.percentile(found, levels), np.percentile(target, levels), atol=3e-3)
    assert np.all(np.diff(found[np.argsort(source)]) >= 0)  # order is kept


def test_gaps_only_common_days_are_fitted_and_every_value_is_carried_over():
    source = np.array([1.0, 2.0, np.nan, 3.0, 100.0, 4.0])
    target = np.array([2.0, 4.0, 7.0, 6.0, np.nan, 8.0])
    match = cdf_matching.fit(source, target, smallest_bin=1)
    np.testing.assert_allclose(match(source), [2.0, 4.0, np.nan, 6.0, 11.0, 8.0], rtol=1e-12)  # 100 is held at 8 + 3


def test_ties_are_spread_so_that_levels_rise():
    source = np.repeat([0.0, 0.1, 0.2, 0.3], [500, 200, 200, 100])
    match = cdf_matching.fit(source, np.linspace(0, 1, source.size))
    assert np.all(np.diff(match.source) > 0)
    assert np.isfinite(match(source)).all()
    assert match(0.3) == pytest.approx(1.0)


def test_constant_series():
    flat, running = np.full(50, 0.2), np.linspace(0.1, 0.4, 50)
    assert np.isnan(cdf_matching.fit(flat, running)(running)).all()
    np.testing.assert_allclose(cdf_matching.fit(running, flat)(running), 0.2)


def test_fewer_bins_where_there_are_few_days():
    assert cdf_matching.fit(np.arange(105.0), np.arange(105.0)).source.size == 6
    assert cdf_matching.fit(np.arange(7.0), np.arange(7.0)).source.size == 2
    assert cdf_matching.fit(np.arange(5000.0), np.arange(5000.0)).source.size == 101


@pytest.mark.parametrize(
    ("source", "target", "asked", "says"),
    [
        ([1.0, 2.0], [1.0], {}, "2 and 1 days"),
        ([1.0, np.nan], [np.nan, 2.0], {}, "there is none"),
        ([1.0, 2.0], [1.0, 2.0], {"bins": 0}, "0 bins"),
    ],
)
def test_what_cannot_work(source, target, asked, says):
    with pytest.raises(ParameterError, match=says):
        cdf_matching.fit(source, target, **asked)
