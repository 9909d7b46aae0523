"""The damped step, the path and the minimum of the batched trainer against plain references."""

import numpy as np
import pytest
import torch
from one_network import jacobian, output, problem, train
from scipy.optimize import least_squares

from annsm_plugin.core.network import block as training
from annsm_plugin.core.network import function as network
from annsm_plugin.core.network import levenberg_marquardt as lm


def lanes_at(problems, hidden, mus):
    """Lanes holding the given problems at their given weights and dampings, normal equations done."""
    f = problems[0][0].shape[1]
    lanes = lm.Lanes(len(problems), max(len(p[1]) for p in problems), f, hidden, lm.Settings())
    for i, (x, t, role, w) in enumerate(problems):
        lanes.load(i, x, t, role, w, np.zeros(f, bool))
    lanes.start(range(len(problems)))
    lanes.mu[:] = mus
    lanes.normal_equations()
    return lanes


def test_step_and_new_error_equal_a_dense_solution_at_1000_states():
    rng = np.random.default_rng(5)
    hidden, worst_step, worst_mse = 12, 0.0, 0.0
    for batch in range(10):
        problems = [problem(1000 * batch + i, n=150 + 10 * (i % 7), f=9, hidden=hidden) for i in range(100)]
        mus = 10.0 ** rng.uniform(-6, 2, 100)
        lanes = lanes_at(problems, hidden, mus)
        assert lanes.step().all()
        mse = lanes.evaluate(np.arange(100))
        for i, (x, t, role, w) in enumerate(problems):
            x, t = x[role == 0], t[role == 0]
            j, e = jacobian(w, x, hidden), t - output(w, x, hidden)
            step = np.linalg.solve(j.T @ j / len(t) + mus[i] * np.eye(w.size), j.T @ e / len(t))
            ours = lanes.work.trial_w[i].numpy() - w
            worst_step = max(worst_step, np.linalg.norm(ours - step) / np.linalg.norm(step))
            new = np.mean((t - output(w + step, x, hidden)) ** 2)
            worst_mse = max(worst_mse, abs(mse[i, 0] - new) / new)
    assert worst_step < 1e-9
    assert worst_mse < 1e-9


def test_mu_sequences_equal_the_reference_for_ten_epochs():
    same = 0
    for seed in range(100):
        x, t, role, w = problem(seed)
        path = train(x, t, role, w, 5, epochs=10, max_fail=99)[3]
        lanes = lm.Lanes(2, len(t), 4, 5, lm.Settings(epochs=10, max_fail=99))
        lanes.load(0, x, t, role, w, np.zeros(4, bool))
        lanes.start([0])
        ours, epoch = [], 0
        while lanes.loaded[0]:
            lanes.tick()
            if lanes.epoch[0] > epoch:
                epoch = lanes.epoch[0]
                ours.append(lanes.mu[0])
        same += len(ours) == len(path) and np.allclose(ours, [p[0] for p in path], rtol=1e-6)
    assert same >= 99


def test_whole_training_equals_the_reference():
    agree = 0
    for seed in range(30):
        x, t, role, w = problem(seed, noise=0.1)
        best_w, reason, epoch, _ = train(x, t, role, w, 5)
        block = training.train_block(x[None], t[None], role[None], hidden=5, initial=w[None])
        stop = {"gradient": lm.GRADIENT, "epochs": lm.EPOCHS, "mu": lm.DAMPING, "validation": lm.VALIDATION}[reason]
        agree += block.stop_reason[0] == stop and block.epochs[0] == epoch and np.allclose(block.weights[0], best_w, rtol=1e-4, atol=1e-6)
    assert agree >= 27  # late rounding may decide an acceptance


def test_minimum_equals_scipys_where_it_is_definite():
    rng = np.random.default_rng(3)
    for seed in range(5):
        x = rng.random((300, 2))
        true = rng.normal(size=2 * 4 + 1)
        t = output(true, x, 2) + 0.01 * rng.normal(size=300)
        w = true + 0.1 * rng.normal(size=true.size)
        role = np.zeros((1, 300), np.int8)
        block = training.train_block(
            x[None], t[None], role, hidden=2, initial=w[None], settings=lm.Settings(epochs=20000, min_gradient=1e-13)
        )
        found = least_squares(
            lambda w, x=x, t=t: output(w, x, 2) - t,
            w,
            jac=lambda w, x=x: jacobian(w, x, 2),
            method="lm",
            xtol=1e-15,
            ftol=1e-15,
            gtol=1e-15,
        )
        assert block.mse[0, 0] * 300 == pytest.approx(2 * found.cost, rel=1e-6), seed


def test_jacobian_equals_autograd():
    x, _, _, w = problem(1, n=40, f=9, hidden=12)
    weights = torch.tensor(w, requires_grad=True)
    first, bias, second = weights[:108].view(12, 9), weights[108:120], weights[120:132]
    y = 0.5 * (torch.tanh((2 * torch.tensor(x) - 1) @ first.T + bias) @ second + weights[132] + 1)
    rows = [torch.autograd.grad(v, weights, retain_graph=True)[0].numpy() for v in y]
    ours = lm.jacobian(w, x, 12)
    assert np.abs(ours - np.stack(rows)).max() < 1e-10
    assert np.allclose(network.predict(w[None], x[None], 12)[0], y.detach().numpy(), atol=1e-14)


def test_scaling_by_the_number_of_samples_by_hand():
    """One tanh neuron with weights 0 but the output bias: only db2 moves, and it can be solved on paper.

    With input weight, hidden bias and output weight 0: A = 0, S = 0, so J = [0, 0, 0, 1/2] for each sample, output = 1/2.
    Targets 0.7 and 0.9, mu = 0.001: e = 0.2, 0.4; J'J/N = 1/4; J'e/N = (0.1 + 0.2) / 2 = 0.15;
    d = 0.15 / (0.25 + 0.001) = 0.597609..., whatever N is. Without the division by N it would be 0.3 / 0.501 = 0.5988.
    """
    for copies in (1, 50):
        x = np.tile(np.array([[0.25], [0.75]]), (copies, 1))
        t = np.tile([0.7, 0.9], copies)
        lanes = lanes_at([(x, t, np.zeros(t.size, np.int8), np.zeros(4))] * 2, 1, 1e-3)
        lanes.step()
        assert lanes.work.trial_w[0].numpy() == pytest.approx([0, 0, 0, 0.15 / 0.251], rel=1e-12)
        assert lanes.norm[0] == pytest.approx(2 * 0.15, rel=1e-12)


def test_a_failure_counts_only_above_the_best_and_a_new_best_resets():
    lanes = lm.Lanes(2, 8, 1, 1, lm.Settings())
    lanes.validated[:] = True
    lanes.best_score[0] = 0.5
    for value, fails in ((0.5, 0), (0.6, 1), (0.55, 2), (0.5, 2), (0.4, 0), (0.41, 1)):
        lanes.mse[0] = [1, value, 1]
        lanes._judge(np.array([0]))
        assert lanes.fails[0] == fails, value


@pytest.mark.parametrize("hidden", [1, 2, 5, 12])
def test_sums_equal_the_jacobians_products_for_even_and_odd_numbers_of_neurons(hidden):
    problems = [problem(seed, n=70, f=3, hidden=hidden) for seed in range(3)]
    lanes = lm.Lanes(3, 128, 3, hidden, lm.Settings(), n_train=64)
    for i, (x, t, role, w) in enumerate(problems):
        lanes.load(i, x, t, role, w, np.zeros(3, bool))
    lanes.start(range(3))
    lanes.normal_equations()
    for i, (x, t, role, w) in enumerate(problems):
        j, e = jacobian(w, x[role == 0], hidden), (t - output(w, x, hidden))[role == 0]
        lane = lanes.work.networks[i]
        assert np.allclose(lane.normal.numpy(), j.T @ j / len(e), rtol=1e-11, atol=1e-14)
        assert np.allclose(lane.gradient.numpy(), j.T @ e / len(e), rtol=1e-10, atol=1e-14)
        assert lanes.norm[i] == pytest.approx(2 * np.linalg.norm(j.T @ e / len(e)), rel=1e-10)
        for role_of, mse in enumerate(lanes.mse[i]):
            assert mse == pytest.approx(np.mean((t - output(w, x, hidden))[role == role_of] ** 2), rel=1e-12)


def test_mixed_precision_errs_no_more_than_restarts_vary():
    rng = np.random.default_rng(4)
    x = rng.random((30, 400, 5))
    t = np.tanh(3 * np.matmul(x, rng.normal(size=(30, 5, 3))) - 1).sum(axis=2) + 0.2 * rng.normal(size=(30, 400))
    t = (t - t.min(axis=1, keepdims=True)) / np.ptp(t, axis=1, keepdims=True)
    role = np.tile(np.where(np.arange(400) % 10 < 8, 0, np.arange(400) % 10 - 7).astype(np.int8), (30, 1))
    double = training.train_block(x, t, role, hidden=6, restarts=3)
    mixed = training.train_block(x, t, role, hidden=6, restarts=3, settings=lm.Settings(precision="mixed"))
    rmse, other = np.sqrt(double.all_mse[:, :, 2]), np.sqrt(mixed.all_mse[:, :, 2])
    restarts_vary = np.abs(np.median(rmse, axis=0) - np.median(rmse)).max()
    assert abs(np.median(other) - np.median(rmse)) <= max(restarts_vary, 0.01 * np.median(rmse))
    with pytest.raises(training.ParameterError, match="half"):
        training.train_block(x, t, role, settings=lm.Settings(precision="half"))


@pytest.mark.parametrize("precision", ["float64", "mixed"])
def test_regularization_reaches_the_minimum_that_scipy_finds(precision):
    """mse + r / (1 - r) msw: scipy minimises the same from the same start, the weights as further residuals."""
    rng = np.random.default_rng(4)
    x, ratio, p = rng.random((200, 3)), 0.05, network.n_weights(3, 3)
    t = 0.5 + 0.3 * np.sin(4 * x[:, 0]) * x[:, 1] + 0.05 * rng.normal(size=200)
    start = 0.3 * rng.normal(size=p)
    factor = np.sqrt(ratio / (1 - ratio) / p)

    def residuals(w):
        return np.concatenate([(network.predict(w[None], x[None], 3)[0] - t) / np.sqrt(200), factor * w])

    found = least_squares(residuals, start, method="lm", xtol=1e-14, ftol=1e-14, gtol=1e-14)
    settings = lm.Settings(regularization=(ratio,), precision=precision, epochs=5000)
    block = training.train_block(x[None], t[None], np.zeros((1, 200), np.int8), hidden=3, initial=start[None], settings=settings)
    ours = (residuals(block.weights[0]) ** 2).sum()
    assert ours == pytest.approx(2 * found.cost, rel=1e-6)
    assert block.mse[0, 0] == pytest.approx((residuals(block.weights[0])[:200] ** 2).sum(), rel=1e-9)
