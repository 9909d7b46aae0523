"""Levenberg-Marquardt for many small networks: trainlm's rules, each network with its own damping and its own end.

Networks sit in lanes. A lane whose network has ended takes the next one. What happens in a lane never depends on its neighbours.
The arithmetic is in ``normal_equations``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from . import normal_equations


@dataclass(frozen=True)
class Settings:
    """trainlm's parameters, at its defaults. Errors are mean squared errors in 0-1 units.

    regularization: ratios r of what is minimised, (1 - r) of the mean squared error and r of the mean squared weight, here as
    mse + r / (1 - r) msw; the restarts of a cell take them in turn, and 0 is the paper's.
    precision: "float64", or "mixed": the sums behind J'J in float32; errors, acceptance and gradient stay in float64.
    """

    epochs: int = 1000
    goal: float = 0.0
    min_gradient: float = 1e-7
    max_fail: int = 6
    mu: float = 1e-3
    mu_decrease: float = 0.1
    mu_increase: float = 10.0
    mu_max: float = 1e10
    mu_min: float = 1e-20
    regularization: tuple[float, ...] = (0.0,)
    precision: str = "float64"


#: Why a network ended.
NOT_STARTED, GOAL, EPOCHS, GRADIENT, DAMPING, VALIDATION = range(6)
STOP_REASONS = {
    NOT_STARTED: "not started",
    GOAL: "performance goal met",
    EPOCHS: "maximum epochs",
    GRADIENT: "minimum gradient",
    DAMPING: "maximum mu",
    VALIDATION: "validation stop",
}


def jacobian(weights: np.ndarray, inputs: np.ndarray, hidden: int) -> np.ndarray:
    """Derivatives (N, P) of one network's output, in 0-1 units, by its weights (P,); inputs (N, F) in 0-1 units."""
    x = 2.0 * inputs - 1.0
    n, f = x.shape
    first = weights[: hidden * f].reshape(hidden, f)
    bias, second = weights[hidden * f : hidden * (f + 1)], weights[hidden * (f + 1) : hidden * (f + 2)]
    a = np.tanh(x @ first.T + bias)
    s = second * (1.0 - a * a)
    return 0.5 * np.concatenate([(s[:, :, None] * x[:, None, :]).reshape(n, -1), s, a, np.ones((n, 1))], axis=1)


class Lanes:
    """``count`` networks of H neurons and F inputs with up to N samples each (up to ``n_train`` of training), in step with one another.

    ``load`` puts a network into a lane, ``tick`` takes every loaded lane one trial further and returns the lanes that ended;
    their results are in ``weights_of``, ``best_mse``, ``mu``, ``epoch``, ``best_epoch`` and ``stop``.
    """

    def __init__(self, count: int, n_samples: int, n_inputs: int, hidden: int, settings: Settings, n_train: int | None = None) -> None:
        self.count, self.n, self.f, self.h, self.settings = count, n_samples, n_inputs, hidden, settings
        self.work = normal_equations.OneByOne(count, n_samples, n_train or n_samples, n_inputs, hidden, settings.precision)
        self.mu = np.full(count, settings.mu)
        self.mse, self.best_mse, self.trial_mse = (np.full((count, 3), np.nan) for _ in range(3))
        self.decay, self.performance, self.best_score, self.squared = np.zeros((4, count))
        self.norm = np.full(count, np.inf)
        self.epoch, self.best_epoch, self.fails, self.stop = (np.zeros(count, dtype=int) for _ in range(4))
        self.loaded, self.fresh, self.validated = (np.zeros(count, dtype=bool) for _ in range(3))
        self.has = np.zeros((count, 3), dtype=bool)

    def load(
        self,
        lane: int,
        inputs: np.ndarray,
        target: np.ndarray,
        role: np.ndarray,
        weights: np.ndarray,
        constant: np.ndarray,
        ratio: float = 0.0,
    ) -> None:
        """Put a network into a lane.

        inputs (n, F), target (n,), role (n,), n <= N; start weights (P,); constant (F,): inputs left out; ratio: of regularization.
        """
        n, f = role.size, self.f
        order = np.argsort(role, kind="stable")  # training samples first
        x, t, share = np.zeros((f + 1, self.n)), np.zeros(self.n), np.zeros((3, self.n))
        x[:f, :n] = 2.0 * inputs[order].T - 1.0
        x[:f][constant] = 0.0
        x[f] = 1.0
        t[:n] = 2.0 * target[order] - 1.0
        for kind in range(3):
            mine = role[order] == kind
            self.has[lane, kind] = mine.any()
            share[kind, :n][mine] = 0.25 / max(1, mine.sum())  # a mean, and half a unit in -1..1 per unit in 0-1, squared
        start = np.array(weights, dtype=float)
        start[: self.h * f].reshape(self.h, f)[:, constant] = 0.0
        self.decay[lane] = ratio / (1.0 - ratio) / start.size
        self.work.load(lane, x, t, share, start, self.decay[lane])
        self.mu[lane], self.norm[lane] = self.settings.mu, np.inf
        self.epoch[lane] = self.best_epoch[lane] = self.fails[lane] = self.stop[lane] = 0
        self.loaded[lane], self.validated[lane] = True, self.has[lane, 1]

    def start(self, lanes: Any) -> None:
        """Evaluate newly loaded ``lanes`` at their start weights."""
        lanes = np.asarray(lanes)
        self.mse[lanes] = self.best_mse[lanes] = self.evaluate(lanes)[lanes]
        self.performance[lanes] = self._performance()[lanes]
        self.best_score[lanes] = self._score(lanes)
        self._accept(lanes)

    def tick(self) -> list[int]:
        """One trial in every loaded lane; returns the lanes whose networks ended."""
        self.normal_equations()
        ended = [lane for lane in np.flatnonzero(self.loaded) if self._ended(lane)]
        self.loaded[ended] = False
        if not self.loaded.any():
            return ended
        possible = self.step()
        mse = self.evaluate(np.flatnonzero(possible))
        performance = self._performance()
        better = possible & (performance < self.performance)
        worse = self.loaded & ~better
        self.mu[worse] *= self.settings.mu_increase
        self.mu[better] = np.maximum(self.mu[better] * self.settings.mu_decrease, self.settings.mu_min)
        self.mse[better], self.performance[better] = mse[better], performance[better]
        self.epoch[better] += 1
        if better.any():
            self._accept(np.flatnonzero(better))
            self._judge(np.flatnonzero(better))
        return ended

    def weights_of(self, lane: int) -> np.ndarray:
        """(P,) best weights of a lane, on the host."""
        return self.work.best_w[lane].cpu().numpy().copy()

    def normal_equations(self) -> None:
        """J'J / N and J'e / N of the loaded lanes that moved, unless they end anyway."""
        over = (self.performance <= self.settings.goal) | (self.epoch >= self.settings.epochs)
        lanes = np.flatnonzero(self.fresh & self.loaded & ~over)
        self.fresh[:] = False
        if lanes.size:
            self.work.sums(lanes, self.norm)

    def step(self) -> np.ndarray:
        """Trial weights of the loaded lanes; in which (count,) the damped matrix was positive definite."""
        possible = np.zeros(self.count, dtype=bool)
        self.work.step(np.flatnonzero(self.loaded), self.mu, possible)
        return possible

    def evaluate(self, lanes: Any) -> np.ndarray:
        """Mean squared errors (count, 3) at the trial weights of ``lanes``, in 0-1 units; NaN for a role without samples."""
        if len(lanes):
            self.work.evaluate(lanes, self.trial_mse, self.squared)
        return np.where(self.has, self.trial_mse, np.nan)

    def _performance(self) -> np.ndarray:
        """(count,) what is minimised, at the trial weights: the training error and, with regularization, the squared weights."""
        return self.trial_mse[:, 0] + self.decay * self.squared

    def _accept(self, lanes: np.ndarray) -> None:
        self.work.accept(lanes)
        self.fresh[lanes] = True

    def _judge(self, lanes: np.ndarray) -> None:
        """Validation after an accepted step: keep the best, count failures (a new best alone resets the count)."""
        now, best = self._score(lanes), self.best_score[lanes]
        new_best = lanes[now < best]
        self.fails[lanes[now > best]] += 1
        self.fails[new_best] = 0
        self.best_mse[new_best], self.best_score[new_best] = self.mse[new_best], self._score(new_best)
        self.best_epoch[new_best] = self.epoch[new_best]
        if new_best.size:
            self.work.keep(new_best)

    def _score(self, lanes: np.ndarray) -> np.ndarray:
        """What the best weights are chosen by: the validation error, or what is minimised where there is none."""
        return np.where(self.validated[lanes], self.mse[lanes, 1], self.performance[lanes])

    def _ended(self, lane: int) -> bool:
        """trainlm's stop conditions, in its order."""
        s = self.settings
        reason = NOT_STARTED
        if self.performance[lane] <= s.goal:
            reason = GOAL
        elif self.epoch[lane] >= s.epochs:
            reason = EPOCHS
        elif self.norm[lane] <= s.min_gradient:
            reason = GRADIENT
        elif self.mu[lane] > s.mu_max:
            reason = DAMPING
        elif self.validated[lane] and self.fails[lane] >= s.max_fail:
            reason = VALIDATION
        self.stop[lane] = reason
        return reason != NOT_STARTED
