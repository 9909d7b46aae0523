"""No way hands out soil moisture that its reference cannot support, for any series."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hn

from annsm_plugin.core.statistics import cdf_matching

SOIL = st.floats(0.0, 1.0, allow_nan=False)


@settings(max_examples=300, deadline=None)
@given(hn.arrays(float, st.integers(2, 120), elements=SOIL), st.integers(0, 10**6), hn.arrays(float, 20, elements=st.floats(-5, 5)))
def test_cdf_matching_stays_near_its_target(source, seed, probe):
    target = np.random.default_rng(seed).uniform(0.05, 0.45, source.size)
    match = cdf_matching.fit(source, target)
    found = match(np.concatenate([source, probe]))
    span = np.ptp(match.target)
    known = found[np.isfinite(found)]
    assert (known >= match.target[0] - cdf_matching.MARGIN * span - 1e-12).all()
    assert (known <= match.target[-1] + cdf_matching.MARGIN * span + 1e-12).all()


def test_levels_that_lie_close_together_carry_nothing_away():
    """99 days at 0.4000 and one at 0.4001: what lies above was carried to 2.04 and 8.3 m3 m-3."""
    random = np.random.default_rng(0)
    source = np.concatenate([random.uniform(0.1, 0.4, 200), np.full(99, 0.4), [0.4001]])
    target = random.uniform(0.1, 0.5, source.size)
    found = cdf_matching.fit(source, target)(np.array([0.41, 0.45, 0.0]))
    assert (found <= target.max() + 0.5 * np.ptp(target)).all() and (found > -0.11).all()


@pytest.mark.parametrize("seed", range(5))
def test_within_the_margin_the_line_goes_on(seed):
    random = np.random.default_rng(seed)
    source = random.uniform(0, 1, 500)
    match = cdf_matching.fit(source, 0.5 * source + 0.1)
    np.testing.assert_allclose(match(np.array([-0.05, 1.05])), [0.075, 0.625], atol=2e-3)
