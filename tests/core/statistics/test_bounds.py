"""No way hands out soil moisture that its reference cannot support, for any series."""

from __future__ import annotations

import hostile_series as hostile
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hn

from annsm_plugin.core.foundation import bounds
from annsm_plugin.core.foundation.errors import ParameterError
from annsm_plugin.core.statistics import cdf_matching, exponential_filter, upscaling

SOIL = st.floats(0.0, 1.0, allow_nan=False)

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


@settings(max_examples=100, deadline=None)
@given(hn.arrays(float, st.integers(2, 120), elements=SOIL), st.integers(0, 10**6), hn.arrays(float, 20, elements=st.floats(-5, 5)))
def test_cdf_matching_stays_near_its_target(source, seed, probe):
    target = np.random.default_rng(seed).uniform(0.05, 0.45, source.size)
    match = cdf_matching.fit(source, target)
    found = match(np.concatenate([source, probe]))
    span = np.ptp(match.target)
    known = found[np.isfinite(found)]
    assert (known >= match.target[0] - cdf_matching.MARGIN * span - 1e-12).all()
    assert (known <= match.target[-1] + cdf_matching.MARGIN * span + 1e-12).all()


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 60).flatmap(lambda n: st.tuples(hostile.series(n), hostile.series(n, hostile.SOIL))), hostile.series(12))
def test_cdf_matching_of_anything_at_all(pair, probe):
    """Whatever the source, the target being soil moisture: within the stated margin of it, and a number for every number."""
    source, target = pair
    try:
        match = cdf_matching.fit(source, target, smallest_bin=1)
    except ParameterError as error:
        assert "there is none" in str(error) and not (np.isfinite(source) & np.isfinite(target)).any()
        return
    asked = np.concatenate([source, probe])
    found = match(asked)
    used = target[np.isfinite(source) & np.isfinite(target)]
    margin = cdf_matching.MARGIN * np.ptp(used) + 1e-12
    known = found[~np.isnan(found)]
    assert (known >= used.min() - margin).all() and (known <= used.max() + margin).all()
    assert np.isnan(found[~np.isfinite(asked)]).all()
    if match.source[0] < match.source[-1]:
        assert np.isfinite(found[np.isfinite(asked)]).all()
        order = np.argsort(asked[np.isfinite(asked)])
        assert (np.diff(found[np.isfinite(asked)][order]) >= -1e-9).all()


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


MISSING_TOO = st.one_of(hostile.SOIL, st.just(np.nan))


@settings(max_examples=60, deadline=None)
@given(
    hostile.series((3, 25), st.one_of(MISSING_TOO, st.sampled_from([np.inf, -np.inf]))),
    hn.arrays(float, 25, elements=st.floats(0, 400)).map(np.sort),
    st.sampled_from([0.01, 1.0, 60.0, 1e9]),
)
def test_the_exponential_filter_is_a_mean_of_what_was_there(values, days, constant):
    found = exponential_filter.filtered(values, days, constant)
    there = np.isfinite(values)
    assert (np.isfinite(found) == there).all()
    for own, known, row in zip(values, there, found):
        if known.any():
            assert own[known].min() - 1e-12 <= row[known].min() and row[known].max() <= own[known].max() + 1e-12


@settings(max_examples=60, deadline=None)
@given(hostile.series((4, 120), MISSING_TOO), st.integers(0, 10**6))
@pytest.mark.parametrize("way", ["mean", "representative", "triple collocation", "voronoi"])
def test_a_cell_of_any_sites_is_soil(way, values, seed):
    """The sites may follow a common signal or nothing at all, and be as wet or dry as soil can be."""
    random = np.random.default_rng(seed)
    signal = np.clip(random.normal(0.1, 0.2, 120) + random.uniform(0.05, 8, (4, 1)) * random.normal(0, 0.2, 120), 0, 1)
    for sites in (values, np.where(np.isfinite(values), signal, np.nan)):
        found = upscaling.upscale(sites, [32.6, 32.6, 32.4, 32.7], [90.6, 90.4, 90.7, 90.6], (32.625, 90.625), way)
        assert not bounds.outside(found.values).any()
        assert (np.isfinite(found.values) <= np.isfinite(sites).any(axis=0)).all()
        if way != "triple collocation":
            known = np.isfinite(found.values)
            assert (found.values[known] >= np.nanmin(sites[:, known], axis=0) - 1e-12).all()
            assert (found.values[known] <= np.nanmax(sites[:, known], axis=0) + 1e-12).all()


def test_what_triple_collocation_holds_is_said():
    """A site of a fiftieth of the others' amplitude that is alone on a few days, out of its own range: evened out, it is 30 m3 m-3."""
    random = np.random.default_rng(3)
    signal = 0.3 + 0.1 * np.sin(np.arange(400) / 20)
    sites = np.stack([signal, 0.9 * signal, 0.3 + 0.02 * (signal - 0.3), signal])
    sites += random.normal(0, 1, sites.shape) * np.array([0.02, 0.02, 0.0004, 0.02])[:, None]
    sites[:, :3] = np.nan
    sites[2, :3] = 0.9, 0.1, 0.3
    found = upscaling.upscale(sites, [32.6] * 4, [90.6] * 4, (32.625, 90.625), "triple collocation")
    assert found.values[0] == 1.0 and found.values[1] == 0.0 and 0.2 < found.values[2] < 0.4
    assert found.notes[-1] == "2 values held at 0 or 1 m3 m-3"


def test_what_triple_collocation_leads_beyond_all_sites_is_said():
    """A site of a tenth of the others' amplitude is alone from day 300 on, within its own range: evened out, some days are wetter than
    anything that was ever measured."""
    random = np.random.default_rng(1)
    signal = 0.3 + 0.08 * np.sin(np.arange(400) / 20)
    sites = np.stack([signal, 0.9 * signal + 0.03, 0.3 + 0.1 * (signal - 0.3), signal])
    sites += random.normal(0, 1, sites.shape) * np.array([0.01, 0.01, 0.001, 0.01])[:, None]
    sites[[0, 1, 3], 300:] = np.nan
    sites[2, 300:] = 0.32 + 0.02 * np.sin(np.arange(100) / 8)
    found = upscaling.upscale(sites, [32.6] * 4, [90.6] * 4, (32.625, 90.625), "triple collocation")
    low, high = np.nanmin(sites), np.nanmax(sites)
    count = int(((found.values < low) | (found.values > high)).sum())
    assert count > 20 and found.notes == [f"{count} values beyond the {low:.3f} to {high:.3f} m3 m-3 that its sites have measured"]
    whole = upscaling.upscale(sites[:, :300], [32.6] * 4, [90.6] * 4, (32.625, 90.625), "triple collocation")
    assert not whole.notes
