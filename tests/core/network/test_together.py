"""The GPU's way of training, all networks at once and decided on the device, run on the CPU: the same networks, to rounding."""

import numpy as np
import pytest
import torch
from one_network import jacobian, output, problem
from scipy.optimize import least_squares

from annsm_plugin.core.foundation.errors import Cancelled
from annsm_plugin.core.foundation.progress import SILENT, Progress
from annsm_plugin.core.network import block, function, gpu
from annsm_plugin.core.network import levenberg_marquardt as lm
from annsm_plugin.core.network.together import PERFORMANCE, Sizes, order_of_weights, places


def stacked(seeds, **options):
    return [np.stack(parts) for parts in zip(*(problem(seed, **options) for seed in seeds))]


def lanes_of(x, t, role, w, hidden, precision="float64"):
    """The lanes of some networks as ``gpu.train`` makes them, evaluated at their start."""
    count, n, f = x.shape
    sizes = Sizes(gpu.up(n, gpu.PAD), gpu.up(int((role == 0).sum(axis=1).max()), gpu.PAD), f, hidden, precision == "mixed")
    none = np.zeros((count, f), bool)
    every = np.arange(count)
    settings = lm.Settings(precision=precision)
    return gpu.load_lanes(x, t, role, every, w, none, np.zeros(count), every, sizes, settings, torch.device("cpu"))


@pytest.mark.parametrize("hidden", [1, 2, 5, 12])
@pytest.mark.parametrize("precision", ["float64", "mixed"])
def test_sums_equal_the_jacobians_products_for_even_and_odd_numbers_of_neurons(precision, hidden):
    x, t, role, w = stacked(range(3), n=70, f=3, hidden=hidden)
    lanes = lanes_of(x, t, role, w, hidden, precision)
    order, p = order_of_weights(3, hidden), w.shape[1]
    normal = lanes.lanes.sums.double().numpy()[:, places(lanes.sizes)].reshape(3, p, p)
    gradient = lanes.lanes.state[:, lanes.columns.gradient].numpy()
    close = {"rtol": 1e-10, "atol": 1e-14} if precision == "float64" else {"rtol": 1e-3, "atol": 1e-6}
    for i in range(3):
        j = jacobian(w[i], x[i][role[i] == 0], hidden)[:, order]
        e = (t[i] - output(w[i], x[i], hidden))[role[i] == 0]
        assert np.allclose(normal[i], j.T @ j / len(e), **close)
        assert np.allclose(gradient[i], j.T @ e / len(e), rtol=1e-10, atol=1e-14)
        state = lanes.lanes.state[i].numpy()
        assert state[-3] == pytest.approx(np.linalg.norm(j.T @ e / len(e)), rel=1e-10)
        for kind, mse in enumerate(state[lanes.columns.mse]):
            assert mse == pytest.approx(np.mean((t[i] - output(w[i], x[i], hidden))[role[i] == kind] ** 2), rel=1e-12)
        assert state[PERFORMANCE] == state[lanes.columns.mse][0]


@pytest.mark.parametrize("precision", ["float64", "mixed"])
@pytest.mark.parametrize("regularization", [(), (0.1, 0.5)])
def test_networks_are_those_of_one_by_one(regularization, precision):
    """Everything that a block of unlike cells brings: sample counts, roles, constant inputs, cells without use, restarts."""
    x, t, role, _ = stacked(range(30), n=160, f=4, noise=0.1)
    for i in range(30):
        role[i, 60 + 3 * (i % 25) :] = -1
    x[3, :, 2] = 0.25
    t[5], role[6], x[7] = 0.5, -1, 0.5
    role[8][role[8] == 1] = 0  # no validation
    exact = precision == "float64"  # float32 sums part ways sooner
    settings = lm.Settings(
        epochs=60 if exact else 12, precision=precision, **({"regularization": regularization} if regularization else {})
    )
    options = {"hidden": 5, "restarts": 2, "seed": 3, "settings": settings}
    one = block.train_block(x, t, role, **options)
    all_ = block.train_block(x, t, role, _together="cpu", **options)
    assert np.array_equal(one.status > 2, all_.status > 2)
    fit = ~np.isnan(one.all_mse[:, :, 0])
    assert np.array_equal(fit, ~np.isnan(all_.all_mse[:, :, 0]))
    same = np.isclose(one.all_mse[fit], all_.all_mse[fit], rtol=1e-6 if exact else 1e-3, equal_nan=True).all(axis=1)
    assert same.mean() >= (0.9 if exact else 0.8)
    if exact:
        assert np.array_equal(one.all_epochs[fit][same], all_.all_epochs[fit][same])
        alike = same.reshape(-1)
        assert np.allclose(one.all_weights[fit][alike], all_.all_weights[fit][alike], rtol=1e-3, atol=1e-3)
    median = [np.nanmedian(found.all_mse[fit][:, 0]) for found in (one, all_)]
    assert median[1] == pytest.approx(median[0], rel=0.05)


def test_errors_are_those_of_predict():
    x, t, role, _ = stacked(range(6), n=90, f=3, noise=0.1)
    found = block.train_block(x, t, role, hidden=4, _together="cpu")
    predicted = function.predict(found.weights, x, 4)
    for i in range(6):
        for kind in range(3):
            mine = role[i] == kind
            assert found.mse[i, kind] == pytest.approx(np.mean((predicted[i] - t[i])[mine] ** 2), rel=1e-9)


def test_reaches_the_minimum_that_scipy_finds():
    rng = np.random.default_rng(4)
    x, ratio, p = rng.random((200, 3)), 0.05, function.n_weights(3, 3)
    t = 0.5 + 0.3 * np.sin(4 * x[:, 0]) * x[:, 1] + 0.05 * rng.normal(size=200)
    start, factor = 0.3 * rng.normal(size=p), np.sqrt(ratio / (1 - ratio) / p)

    def residuals(w):
        return np.concatenate([(function.predict(w[None], x[None], 3)[0] - t) / np.sqrt(200), factor * w])

    found = least_squares(residuals, start, method="lm", xtol=1e-14, ftol=1e-14, gtol=1e-14)
    settings = lm.Settings(regularization=(ratio,), epochs=5000)
    role = np.zeros((1, 200), np.int8)
    ours = block.train_block(x[None], t[None], role, hidden=3, initial=start[None], settings=settings, _together="cpu")
    assert (residuals(ours.weights[0]) ** 2).sum() == pytest.approx(2 * found.cost, rel=1e-6)


@pytest.mark.parametrize("stop", [{"epochs": 3}, {"goal": 0.01}, {"min_gradient": 1e-2}, {"mu_max": 1e-2}, {"max_fail": 2}])
def test_every_stop_ends_where_one_by_one_ends(stop):
    x, t, role, w = stacked(range(20), noise=0.1)
    options = {"hidden": 5, "initial": w, "settings": lm.Settings(**stop)}
    one, all_ = block.train_block(x, t, role, **options), block.train_block(x, t, role, _together="cpu", **options)
    same = (one.stop_reason == all_.stop_reason) & (one.epochs == all_.epochs)
    assert same.mean() >= 0.9
    assert np.allclose(one.mu[same], all_.mu[same], rtol=1e-12)


def test_small_blocks_of_little_memory_give_what_one_block_gives():
    x, t, role, w = stacked(range(23), n=100, f=3, hidden=4, noise=0.1)
    for i in range(23):
        role[i, 40 + 2 * i :] = -1
    args = (x, t, role, np.arange(23), w, np.zeros((23, 3), bool), np.zeros(23), lm.Settings(epochs=30), "cpu", SILENT)
    whole, parts = gpu.train(*args), gpu.train(*args, memory=5 * Sizes(112, 112, 3, 4).lane_bytes(100))
    same = np.isclose(whole.mse, parts.mse, rtol=1e-6, equal_nan=True).all(axis=1)
    assert same.mean() >= 0.9
    sizes = [jobs.size for jobs in gpu.blocks((role >= 0).sum(axis=1), 3, 4, False, 100, 5 * Sizes(112, 112, 3, 4).lane_bytes(100))]
    assert sum(sizes) == 23
    assert sizes[0] in (5, 6)
    assert min(sizes) >= 1


def test_blocks_end_where_sample_counts_fall_and_always_take_one():
    samples = np.concatenate([np.full(1500, 600), np.full(1500, 100)])
    sizes = [jobs.size for jobs in gpu.blocks(samples, 9, 12, False, 600, 2**40)]
    assert sizes == [1500, 1500]
    assert [jobs.size for jobs in gpu.blocks(samples[:3], 9, 12, False, 600, 1)] == [1, 1, 1]


def test_the_estimate_of_memory_bounds_what_is_taken():
    """Peak of the tensors alive while a block loads and trains, as PyTorch's profiler counts them."""
    x, t, role, w = stacked(range(40), n=200, f=5, hidden=6)
    from torch.profiler import ProfilerActivity, profile

    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as seen:
        lanes = lanes_of(x, t, role, w, 6)
        for _ in range(3):
            lanes.round()
    total = peak = 0
    for event in sorted((e for e in seen.profiler.kineto_results.events() if e.name() == "[memory]"), key=lambda e: e.start_ns()):
        total += event.nbytes()
        peak = max(peak, total)
    assert 0 < peak <= 40 * lanes.sizes.lane_bytes(200)


def test_cancelling_stops_between_two_questions_to_the_device():
    x, t, role, _ = stacked(range(8), noise=0.3)
    asked = []

    class Impatient(Progress):
        def cancelled(self):
            asked.append(1)
            return len(asked) > 2

    with pytest.raises(Cancelled):
        block.train_block(x, t, role, hidden=5, progress=Impatient(), settings=lm.Settings(min_gradient=0, max_fail=999), _together="cpu")
    assert len(asked) == 3


def test_progress_reaches_the_end():
    x, t, role, _ = stacked(range(70), noise=0.1)
    told = []

    class Listening(Progress):
        def report(self, fraction, text=""):
            told.append(fraction)

    block.train_block(x, t, role, hidden=3, progress=Listening(), _together="cpu")
    assert told == sorted(told)
    assert told[-1] == 1.0
