"""The methods of a comparison, each against a hand-worked formula, a brute-force loop or the library it calls."""

import numpy as np
import pytest

from annsm_plugin.core.comparison import importance
from annsm_plugin.core.comparison.estimators import forest, kernels, statistical
from annsm_plugin.core.network import function, splits
from annsm_plugin.core.training.samples import Samples


def test_grnn_by_hand():
    """Two known points at distances 0 and 1 of the query, width 1: weights 1 and exp(-1/2)."""
    found = kernels.grnn(np.array([[0.0, 0.0], [0.0, 1.0]]), np.array([10.0, 20.0]), np.array([[0.0, 0.0]]), 1.0)
    weight = np.exp(-0.5)
    assert found[0] == pytest.approx((10 + 20 * weight) / (1 + weight), abs=1e-12)


@pytest.mark.parametrize("width", [0.05, 0.3, 3.0])
def test_grnn_is_the_formula(width):
    random = np.random.default_rng(0)
    known, target, asked = random.random((30, 4)), random.random(30), random.random((9, 4))
    wanted = []
    for query in asked:
        weights = [np.exp(-sum((q - k) ** 2 for q, k in zip(query, point)) / (2 * width**2)) for point in known]
        wanted.append(sum(w * t for w, t in zip(weights, target)) / sum(weights))
    np.testing.assert_allclose(kernels.grnn(known, target, asked, width), wanted, rtol=1e-9)


def test_grnn_far_from_every_sample_is_the_nearest():
    known, target = np.array([[0.0], [1.0]]), np.array([0.2, 0.7])
    np.testing.assert_allclose(kernels.grnn(known, target, np.array([[50.0], [-50.0]]), 0.01), [0.7, 0.2])


def test_the_width_is_the_best_on_validation():
    random = np.random.default_rng(1)
    known, asked = random.random((200, 1)), random.random((80, 1))

    def wave(x):
        return np.sin(6 * x[:, 0])

    found = kernels.choose_width(known, wave(known) + random.normal(0, 0.1, 200), asked, wave(asked))
    assert 0.01 < found < 0.3
    errors = {w: np.mean((kernels.grnn(known, wave(known), asked, w) - wave(asked)) ** 2) for w in kernels.WIDTHS}
    assert kernels.choose_width(known, wave(known), asked, wave(asked)) == min(errors, key=errors.get)


def test_the_width_without_validation_leaves_one_out():
    random = np.random.default_rng(2)
    known = random.random((40, 2))
    target = known[:, 0] + random.normal(0, 0.2, 40)
    errors = []
    for width in kernels.WIDTHS:
        rest = [np.arange(40) != i for i in range(40)]
        errors.append(
            np.mean([(kernels.grnn(known[r], target[r], known[i : i + 1], width)[0] - target[i]) ** 2 for i, r in enumerate(rest)])
        )
    assert kernels.choose_width(known, target, known[:0], target[:0]) == kernels.WIDTHS[int(np.argmin(errors))]
    assert np.isfinite(kernels.choose_width(known[:1], target[:1], known[:0], target[:0]))


def test_linear_is_the_normal_equations():
    random = np.random.default_rng(0)
    inputs, target = random.random((60, 3)), random.random(60)
    train = random.random(60) < 0.7
    design = np.column_stack([np.ones(60), inputs])
    wanted = np.linalg.solve(design[train].T @ design[train], design[train].T @ target[train])
    np.testing.assert_allclose(statistical.linear_coefficients(inputs[train], target[train]), wanted, rtol=1e-9)
    np.testing.assert_allclose(statistical.linear(inputs, target, train), design @ wanted, rtol=1e-9)


def test_linear_with_an_input_twice_and_one_constant():
    random = np.random.default_rng(0)
    x = random.random(40)
    inputs = np.column_stack([x, x, np.zeros(40)])
    found = statistical.linear(inputs, 0.1 + 0.4 * x, np.arange(40) < 30)
    np.testing.assert_allclose(found, 0.1 + 0.4 * x, atol=1e-12)


def by_hand(dates, target, train, day):
    """Mean of the training samples whose day of the year is within 17 days, wider until ten are there."""
    apart = []
    for other, value, used in zip(dates, target, train):
        if used:
            gap = abs(float((day - other).astype(int))) % 365.25
            apart.append((min(gap, 365.25 - gap), value))
    reach = max(17, sorted(gap for gap, _ in apart)[min(10, len(apart)) - 1])
    return np.mean([value for gap, value in apart if gap <= reach + 1e-9])


def test_climatology_by_hand():
    random = np.random.default_rng(0)
    dates = np.datetime64("2015-04-01") + np.sort(random.choice(1400, 150, replace=False))
    target, train = random.random(150), random.random(150) < 0.6
    found = statistical.climatology(dates, target, train)
    np.testing.assert_allclose(found, [by_hand(dates, target, train, day) for day in dates], atol=1e-9)


def test_climatology_goes_round_the_new_year():
    dates = np.array(["2016-12-30", "2017-12-31", "2019-01-02", "2018-07-01"], dtype="datetime64[D]").repeat(10)
    target = np.repeat([0.1, 0.2, 9.0, 0.5], 10)
    train = np.repeat([True, True, False, True], 10)
    found = statistical.climatology(dates, target, train)
    assert found[25] == pytest.approx(0.15) and found[35] == pytest.approx(0.5)


def test_cdf_matching_sees_training_samples_only():
    random = np.random.default_rng(0)
    target = random.gamma(2.0, 0.05, 3000)
    source = 3 * target**0.5
    train = np.arange(3000) < 2000
    found = statistical.cdf_match(source, target, train)
    assert np.abs(found - target).mean() < 0.002  # ranks are the same, so the match undoes the bend
    other = np.where(train, target, 7.0)
    np.testing.assert_array_equal(statistical.cdf_match(source, other, train), found)


def test_forest_is_scikit_learns():
    ensemble = pytest.importorskip("sklearn.ensemble")
    random = np.random.default_rng(0)
    inputs, target = random.random((80, 3)), random.random(80)
    train = np.arange(80) < 60
    direct = ensemble.RandomForestRegressor(n_estimators=100, random_state=forest.state_of(5, 123)).fit(inputs[train], target[train])
    np.testing.assert_array_equal(forest.forest(inputs, target, train, 5, 123), direct.predict(inputs))
    assert forest.state_of(5, 123) != forest.state_of(5, 124) != forest.state_of(6, 124)


def plane(slopes, cells=1):
    """Weights (cells, P) of a network with one neuron that is as good as linear: output = 0.5 + sum of slope (input - 0.5)."""
    small = 1e-4
    row = np.concatenate([small * np.asarray(slopes), [0.0], [1.0 / small], [0.0]])
    return np.tile(row, (cells, 1))


def planted(slopes, samples=4000, cells=2, seed=0):
    """Samples whose target is exactly the plane of ``plane``; a quarter for testing, the last fifty padded."""
    random = np.random.default_rng(seed)
    inputs = random.random((cells, samples, len(slopes)))
    target = function.predict(plane(slopes, cells), inputs, 1)
    role = np.where(np.arange(samples) % 4 == 0, splits.TESTING, splits.TRAINING) * np.ones((cells, 1), dtype=int)
    role[:, -50:] = splits.UNUSED
    dates = np.zeros((cells, samples), dtype="datetime64[D]")
    return Samples(inputs, target, role.astype(np.int8), dates, np.zeros((cells, len(slopes) + 1)), np.ones((cells, len(slopes) + 1)))


def test_importance_is_that_of_a_plane():
    """A plane without error: shuffling input j leaves the error slope_j (x - x'), whose RMS is |slope_j| sqrt(2 / 12) for uniform x."""
    slopes = (0.6, -0.3, 0.0)
    samples = planted(slopes)
    names = ("sm_gldas", "lai", "st_gldas")
    arguments = {"seed": 3, "identities": np.array([7, 8]), "width": np.array([1.0, 0.5])}
    found = importance.importance(plane(slopes, 2), samples, names, 1, **arguments)
    wanted = np.abs(slopes) * np.sqrt(1 / 6)
    np.testing.assert_allclose(found[0], wanted, rtol=0.06, atol=1e-6)
    np.testing.assert_allclose(found[1], 0.5 * wanted, rtol=0.06, atol=1e-6)
    again = importance.importance(plane(slopes, 2), samples, names, 1, **arguments)
    np.testing.assert_array_equal(found, again)


def test_channels_that_say_the_same_are_important_together():
    """Two channels with the same values and opposite slopes: each alone matters, together they cancel and do not."""
    slopes = (0.5, -0.5, 0.2)
    samples = planted(slopes, cells=1)
    samples.inputs[..., 1] = samples.inputs[..., 0]
    samples.target[:] = function.predict(plane(slopes), samples.inputs, 1)
    names = ("tb_06v", "tb_10v", "lai")
    found = importance.importance(plane(slopes), samples, names, 1, seed=0, identities=np.array([1]), width=np.ones(1))[0]
    assert list(importance.groups_of(names)) == [*names, importance.TOGETHER]
    assert found[0] > 0.15 and found[1] > 0.15 and abs(found[3]) < 1e-6
    assert importance.TOGETHER not in importance.groups_of(("tb_06v", "lai"))


def test_importance_where_there_is_no_network_or_no_testing_sample():
    samples = planted((0.5, 0.1), cells=3)
    samples.role[1][samples.role[1] == splits.TESTING] = splits.TRAINING
    weights = plane((0.5, 0.1), 3)
    weights[2] = np.nan
    found = importance.importance(weights, samples, ("a", "b"), 1, seed=0, identities=np.arange(3), width=np.ones(3))
    assert np.isfinite(found[0]).all() and np.isnan(found[1:]).all()
