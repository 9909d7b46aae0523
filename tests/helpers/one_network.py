"""A plain one-network trainlm in numpy: the reference that the batched trainer is tested against."""

from __future__ import annotations

import numpy as np


def output(w, x, hidden):
    """Network output in 0-1 units; x (N, F) in 0-1 units."""
    f = x.shape[1]
    first, bias = w[: hidden * f].reshape(hidden, f), w[hidden * f : hidden * (f + 1)]
    second, last = w[hidden * (f + 1) : hidden * (f + 2)], w[-1]
    return (np.tanh((2 * x - 1) @ first.T + bias) @ second + last + 1) / 2


def jacobian(w, x, hidden):
    """d output / d w, (N, P), written out column by column."""
    f = x.shape[1]
    first, bias = w[: hidden * f].reshape(hidden, f), w[hidden * f : hidden * (f + 1)]
    second = w[hidden * (f + 1) : hidden * (f + 2)]
    a = np.tanh((2 * x - 1) @ first.T + bias)
    columns = [second[h] * (1 - a[:, h] ** 2) * (2 * x[:, i] - 1) for h in range(hidden) for i in range(f)]
    columns += [second[h] * (1 - a[:, h] ** 2) for h in range(hidden)]
    columns += [a[:, h] for h in range(hidden)] + [np.ones(len(x))]
    return 0.5 * np.stack(columns, axis=1)


def train(x, t, role, w, hidden, *, epochs=1000, max_fail=6):
    """trainlm's rules; returns best weights, stop reason, epochs of the best, and the list of (mu, training MSE) after each epoch."""
    train, valid = role == 0, role == 1
    mu, fails, path = 1e-3, 0, []

    def mse(w, kind):
        return np.mean((t[kind] - output(w, x[kind], hidden)) ** 2)

    now, best, best_w, best_epoch = mse(w, train), mse(w, valid) if valid.any() else np.nan, w, 0
    for epoch in range(epochs + 1):
        j, e = jacobian(w, x[train], hidden), t[train] - output(w, x[train], hidden)
        n = train.sum()
        g = j.T @ e / n
        if epoch == epochs:
            return best_w, "epochs", best_epoch, path
        if 2 * np.linalg.norm(g) <= 1e-7:
            return best_w, "gradient", best_epoch, path
        if valid.any() and fails >= max_fail:
            return best_w, "validation", best_epoch, path
        while mu <= 1e10:
            tried = w + np.linalg.solve(j.T @ j / n + mu * np.eye(w.size), g)
            if mse(tried, train) < now:
                break
            mu *= 10
        else:
            return best_w, "mu", best_epoch, path
        w, now, mu = tried, mse(tried, train), max(mu / 10, 1e-20)
        path.append((mu, now))
        score = mse(w, valid) if valid.any() else now
        if not valid.any() or score < best:
            best, best_w, best_epoch, fails = score, w, epoch + 1, 0
        elif score > best:
            fails += 1
    raise AssertionError("not reached")


def problem(seed, n=200, f=4, hidden=5, noise=0.05, roles=(0.8, 0.1)):
    """A random smooth regression problem: x (n, f), t (n,), role (n,), start weights (P,)."""
    rng = np.random.default_rng(seed)
    x = rng.random((n, f))
    t = np.tanh(3 * (x @ rng.normal(size=(f, 3))) - 1).sum(axis=1) + noise * rng.normal(size=n)
    t = (t - t.min()) / (t.max() - t.min())
    role = np.full(n, 2, np.int8)
    role[: int(roles[0] * n)] = 0
    role[int(roles[0] * n) : int((roles[0] + roles[1]) * n)] = 1
    return x, t, role, rng.normal(size=hidden * (f + 2) + 1)
