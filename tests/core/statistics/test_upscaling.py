"""From sites to the cell: pytesmo's numbers, closed forms, and a planted cell whose mean is known."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from annsm_plugin.core.statistics import temporal_stability, upscaling, voronoi

RECORD = json.loads((Path(__file__).resolve().parents[2] / "data" / "pytesmo_record.json").read_text(encoding="utf-8"))
CENTRE, SIZE = (33.125, 91.125), 0.25


def places(count, seed=0):
    random = np.random.default_rng(seed)
    return CENTRE[0] + random.uniform(-0.12, 0.12, count), CENTRE[1] + random.uniform(-0.12, 0.12, count)


# --- temporal stability


def test_correlation_and_slope_with_the_mean_are_those_by_which_pytesmo_filters_sites():
    theirs = RECORD["temporal_stability"]
    found = temporal_stability.temporal_stability(np.array(theirs["sites"]))
    np.testing.assert_allclose(found.r, theirs["r"], rtol=1e-10)
    np.testing.assert_allclose(found.slope_error, theirs["slope_error"], rtol=1e-10)
    for thresholds, kept in theirs["kept"].items():
        lowest, largest = map(float, thresholds.split())
        assert np.flatnonzero((found.r >= lowest) & (found.slope_error <= largest)).tolist() == kept


def test_relative_differences_by_hand():
    """Three sites, two days: means 0.2 and 0.3; the first is 10 % below on both, the second and third vary."""
    sites = np.array([[0.18, 0.27], [0.20, 0.36], [0.22, 0.27]])
    found = temporal_stability.temporal_stability(sites)
    np.testing.assert_allclose(found.difference, [-0.1, 0.1, 0.0], atol=1e-12)
    np.testing.assert_allclose(found.deviation, [0.0, np.sqrt(0.02), np.sqrt(0.02)], atol=1e-12)
    np.testing.assert_allclose(found.index, [0.1, np.sqrt(0.03), np.sqrt(0.02)], atol=1e-12)
    assert found.rank.tolist() == [1, 3, 2] and found.best == 0


def test_a_missing_dry_site_does_not_make_the_day_wetter():
    random = np.random.default_rng(1)
    day, site = random.uniform(0.1, 0.3, 200), np.array([-0.06, 0.01, 0.05])
    sites = day + site[:, np.newaxis]
    sites[0, random.random(200) < 0.5] = np.nan
    sites[2, random.random(200) < 0.3] = np.nan
    mean, level = temporal_stability.day_and_site(sites)
    there = np.isfinite(sites).any(axis=0)
    np.testing.assert_allclose(mean[there], day[there], atol=1e-9)
    np.testing.assert_allclose(level, site, atol=1e-9)


# --- Voronoi


def test_areas_of_sites_by_hand():
    east, west = CENTRE[1] + 0.0625, CENTRE[1] - 0.0625
    np.testing.assert_allclose(voronoi.shares([CENTRE[0]] * 2, [west, east], CENTRE, SIZE), [0.5, 0.5])
    # the border lies half way, at a quarter of the cell from its western edge
    np.testing.assert_allclose(voronoi.shares([CENTRE[0]] * 2, [CENTRE[1] - 0.125, CENTRE[1]], CENTRE, SIZE), [0.25, 0.75])
    np.testing.assert_allclose(voronoi.shares([CENTRE[0]] * 3, [west, east, east], CENTRE, SIZE), [0.5, 0.25, 0.25])
    assert voronoi.shares([33.0], [91.0], CENTRE, SIZE).tolist() == [1.0]


@pytest.mark.parametrize("count", [3, 10, 25])
def test_areas_of_sites_are_those_of_points_thrown_at_the_cell(count):
    lat, lon = places(count, count)
    random = np.random.default_rng(9)
    x, y = (random.uniform(c - SIZE / 2, c + SIZE / 2, 200_000) for c in (CENTRE[1], CENTRE[0]))
    narrow = np.cos(np.radians(CENTRE[0]))
    nearest = np.argmin(((x[:, None] - lon) * narrow) ** 2 + (y[:, None] - lat) ** 2, axis=1)
    thrown = np.bincount(nearest, minlength=count) / x.size
    found = voronoi.shares(lat, lon, CENTRE, SIZE)
    assert found.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(found, thrown, atol=0.005)


def test_a_day_is_shared_by_the_sites_that_measure():
    lat, lon = places(4)
    there = np.array([[1, 1, 0, 0], [1, 1, 1, 0], [1, 0, 1, 0], [1, 1, 0, 0]], dtype=bool)
    found = voronoi.daily_shares(there, lat, lon, CENTRE, SIZE)
    for day in range(3):
        own = there[:, day]
        np.testing.assert_allclose(found[own, day], voronoi.shares(lat[own], lon[own], CENTRE, SIZE))
        assert (found[~own, day] == 0).all()
    assert (found[:, 3] == 0).all()


# --- the cell


def drawn(seed, *, days=400, noise=(0.005, 0.005, 0.01, 0.01, 0.02, 0.02, 0.03, 0.04, 0.05, 0.06)):
    """A cell of ten sites: the mean of its ground, and sites of drawn gain and bias with the given noise, a tenth of the days missing."""
    random = np.random.default_rng([seed, 4])
    truth = np.zeros(days)
    for day in range(1, days):
        truth[day] = 0.9 * truth[day - 1] + random.normal(0, 0.03)
    truth = 0.25 + truth
    gain, bias = random.normal(1.0, 0.2, len(noise)), random.normal(0.0, 0.03, len(noise))
    sites = 0.25 + bias[:, None] + gain[:, None] * (truth - 0.25) + random.normal(0, 1, (len(noise), days)) * np.array(noise)[:, None]
    return truth, np.where(random.random(sites.shape) < 0.1, np.nan, sites)


@pytest.fixture(scope="module")
def two_hundred():
    """Way -> root mean square error, error of the dynamics, share of days within the stated interval; one number for each of 200 draws."""
    found: dict = {}
    lat, lon = places(10, 3)
    for seed in range(200):
        truth, sites = drawn(seed)
        for way in ("mean", "representative", "triple collocation", "voronoi"):
            own = upscaling.upscale(sites, lat, lon, CENTRE, way)
            good = np.isfinite(own.values)
            difference = own.values[good] - truth[good]
            covered = np.abs(difference) <= own.half[good]
            found.setdefault(way, []).append((np.sqrt((difference**2).mean()), difference.std(), covered.mean(), good.mean()))
    return {way: np.array(rows) for way, rows in found.items()}


def test_planted_cell_errors_of_the_four_ways(two_hundred):
    rmse, dynamics = ({way: np.mean(rows[:, column]) for way, rows in two_hundred.items()} for column in (0, 1))
    # the mean of ten sites: bias 0.03 / sqrt(10), noise, gain
    assert rmse["mean"] == pytest.approx(0.0148, abs=0.001)
    assert rmse["triple collocation"] < rmse["mean"] < min(rmse["representative"], rmse["voronoi"])
    assert dynamics["triple collocation"] < 0.6 * dynamics["mean"]  # quiet sites tell more of the ups and downs than noisy ones
    assert rmse["representative"] < 0.022  # one site, but not any: a site drawn blindly is 0.03 off by its bias alone
    assert two_hundred["representative"][:, 3].mean() == pytest.approx(0.9, abs=0.02)  # its own gaps stay


@pytest.mark.parametrize("way", ["mean", "representative", "triple collocation", "voronoi"])
def test_planted_cell_the_sampling_error_covers(two_hundred, way):
    assert 0.90 < two_hundred[way][:, 2].mean() < 0.98


def test_weights_go_to_the_quiet_sites_and_to_none_without_a_signal():
    truth, sites = drawn(1)
    sites[9] = np.random.default_rng(0).normal(0.2, 0.05, truth.size)
    found = upscaling.upscale(sites, *places(10), CENTRE, "triple collocation")
    assert found.weights.sum() == pytest.approx(1.0)
    assert found.weights[:2].sum() > 3 * found.weights[6:].sum()
    assert found.weights[9] < 0.01


def test_two_sites_or_too_few_days_are_averaged_and_said():
    _, sites = drawn(2)
    for own, words in ((sites[:2], "fewer than three"), (sites[:5, :60], "no three sites have 100 days")):
        found = upscaling.upscale(own, *places(len(own)), CENTRE, "triple collocation")
        np.testing.assert_allclose(found.values, upscaling.mean(own))
        assert words in found.notes[0]


def test_sites_needed_by_hand():
    """Spread 0.05: half of the interval of n sites is t(n - 1) 0.05 / sqrt(n)."""
    for within, sites in upscaling.needed_for(0.05).items():
        assert stats.t.ppf(0.975, sites - 1) * 0.05 / np.sqrt(sites) <= within * 1.001
        assert stats.t.ppf(0.975, sites - 2) * 0.05 / np.sqrt(sites - 1) > within * 0.999
    assert upscaling.needed_for(float("nan")) == {0.01: None, 0.02: None, 0.04: None}


def test_one_site_has_no_sampling_error():
    found = upscaling.upscale(np.array([[0.2, 0.3, np.nan]]), [33.1], [91.1], CENTRE, "mean")
    np.testing.assert_array_equal(found.values, [0.2, 0.3, np.nan])
    assert np.isnan(found.error).all() and found.needed[0.01] is None and found.count.tolist() == [1, 1, 0]


@pytest.mark.parametrize("way", ["mean", "representative", "triple collocation", "voronoi"])
def test_nothing_measured_gives_nothing(way):
    found = upscaling.upscale(np.full((3, 5), np.nan), *places(3), CENTRE, way)
    assert np.isnan(found.values).all() and (found.count == 0).all() and np.isnan(found.half).all()


def test_students_quantiles():
    freedom = np.array([1.0, 2.0, 3.0, 5.0, 9.0, 30.0])
    np.testing.assert_allclose(upscaling.student(freedom), stats.t.ppf(0.975, freedom), rtol=0.01)
    assert np.isnan(upscaling.student(np.array([0.0]))[0])


# --- what two cold readings found


def test_shares_across_the_dateline():
    there = voronoi.shares([10.05, 10.15, 10.2], [-179.95, -179.9, -179.8], (10.125, 180.125), SIZE)
    np.testing.assert_allclose(there, voronoi.shares([10.05, 10.15, 10.2], [180.05, 180.1, 180.2], (10.125, 180.125), SIZE))
    assert (there > 0.1).all()


def test_many_sites_are_counted_as_exactly_as_a_raster_can():
    lat, lon = places(30, 2)
    there = np.random.default_rng(3).random((30, 40)) < 0.7
    found = voronoi.daily_shares(there, lat, lon, CENTRE, SIZE)
    for day in (0, 17, 39):
        own = there[:, day]
        np.testing.assert_allclose(found[own, day], voronoi.shares(lat[own], lon[own], CENTRE, SIZE), atol=0.002)


def test_a_site_of_few_days_is_not_the_most_representative():
    random = np.random.default_rng(0)
    sites = 0.2 + np.array([-0.03, 0.03, 0.0])[:, None] + random.normal(0, 0.02, (3, 600))
    sites[2, 2:] = np.nan
    found = temporal_stability.temporal_stability(sites)
    assert found.rank[2] == 3 and found.best in (0, 1)


def test_a_day_of_zeros_says_nothing_of_the_ranks():
    random = np.random.default_rng(1)
    sites = 0.2 + np.array([0.05, 0.0, -0.04])[:, None] + random.normal(0, 0.01, (3, 200))
    before = temporal_stability.temporal_stability(sites)
    sites = np.concatenate([sites, np.zeros((3, 1))], axis=1)
    after = temporal_stability.temporal_stability(sites)
    np.testing.assert_allclose(after.index, before.index)
    assert after.best == before.best == 1


@pytest.mark.parametrize("overlap", [1, 5, 200])
def test_levels_are_exact_however_few_days_sites_share(overlap):
    random = np.random.default_rng(2)
    day = random.uniform(0.1, 0.3, 2000)
    sites = day + np.array([[0.05], [-0.05]])
    sites[0, 1000 + overlap :], sites[1, :1000] = np.nan, np.nan
    np.testing.assert_allclose(temporal_stability.day_and_site(sites)[1], [0.05, -0.05], atol=1e-9)


def test_sites_without_a_value_count_for_nothing():
    _, sites = drawn(3)
    with_dead = np.concatenate([sites, np.full((4, sites.shape[1]), np.nan)])
    lat, lon = places(14)
    for way in ("mean", "triple collocation", "voronoi"):
        plain = upscaling.upscale(sites, lat[:10], lon[:10], CENTRE, way)
        found = upscaling.upscale(with_dead, lat, lon, CENTRE, way)
        assert (found.weights[10:] == 0).all() and found.weights.sum() == pytest.approx(1.0)
        if way != "voronoi":
            np.testing.assert_allclose(found.error, plain.error, rtol=1e-9)


def test_a_day_with_fewer_sites_is_less_certain():
    _, sites = drawn(4)
    sites[1:, 10] = np.nan
    sites[0, 10] = 0.25
    found = upscaling.upscale(sites, *places(10), CENTRE, "triple collocation")
    assert found.error[10] >= np.nanmedian(found.error)
