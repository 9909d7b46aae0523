"""Levenberg-Marquardt for many small networks at once: the damped step, its trial, and trainlm's rules for each of them.

One network with H tanh neurons has J = [S_h x_f | A_h | 1], S_h = w2_h (1 - A_h^2), x_f the inputs and a constant 1 (the
hidden bias). So J'J needs only sums over samples of slope pairs times input pairs (S_h S_h' x_f x_f'), of slopes times
activations times inputs, and of activation pairs: 78 x 55 + 156 x 10 + 91 products a sample for 12 neurons and 9 inputs
instead of 133 x 134 / 2. The input pairs are constant over all iterations.

Networks sit in lanes of a batch. A lane whose network has ended takes the next one. What happens in a lane never depends on
its neighbours: large sums run lane by lane on a CPU, all else in arrays of one fixed shape.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .libraries import load


@dataclass(frozen=True)
class Settings:
    """trainlm's parameters, at its defaults. Errors are mean squared errors in 0-1 units."""

    epochs: int = 1000
    goal: float = 0.0
    min_gradient: float = 1e-7
    max_fail: int = 6
    mu: float = 1e-3
    mu_decrease: float = 0.1
    mu_increase: float = 10.0
    mu_max: float = 1e10
    mu_min: float = 1e-20


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
    """``count`` networks of H neurons and F inputs with up to N samples each, in step with one another.

    ``load`` puts a network into a lane, ``tick`` takes every loaded lane one trial further and returns the lanes that ended;
    their results are in ``best_w`` (host copy by ``weights_of``), ``best_mse``, ``mu``, ``epoch``, ``stop``.
    """

    def __init__(self, count: int, n_samples: int, n_inputs: int, hidden: int, settings: Settings, device: str = "cpu"):
        torch = self.torch = load("torch")
        self.count, self.n, self.f, self.h, self.settings = count, n_samples, n_inputs, hidden, settings
        self.device = torch.device(device)
        self.p = hidden * (n_inputs + 2) + 1
        self.together = self.device.type != "cpu"
        f1, h, n = n_inputs + 1, hidden, n_samples
        self.x, self.xm, self.t = self._new(count, f1, n), self._new(count, n, f1), self._new(count, n)
        self.share = self._new(count, 3, n)  # 1 / size of the role for its samples, else 0
        self.pairs_x = self._new(count, n, f1 * (f1 + 1) // 2)
        self.w, self.best_w, self.trial_w = self._new(count, self.p), self._new(count, self.p), self._new(count, self.p)
        self.a, self.trial_a = self._new(count, h + 1, n), self._new(count, h + 1, n)
        self.a[:, h] = self.trial_a[:, h] = 1.0
        self.e, self.trial_e = self._new(count, n), self._new(count, n)
        self.pairs_s, self.cross_s = self._new(count, h * (h + 1) // 2, n), self._new(count, h * (h + 1), n)
        shapes = [(self.pairs_s.shape[1], self.pairs_x.shape[2]), (h * (h + 1), f1), (h + 1, h + 1)]
        starts, total = _aligned([a * b for a, b in shapes])
        self.sums = self._new(count, total)
        self.sums_ss, self.sums_sa, self.sums_aa = (
            self.sums[:, start : start + a * b].unflatten(1, (a, b)) for start, (a, b) in zip(starts, shapes)
        )
        self.place = torch.as_tensor(_places(n_inputs, h, starts), device=self.device)
        self.normal, self.gradient = self._new(count, self.p, self.p), self._new(count, self.p)
        self.active = self._new(count, self.p)
        self.mu = np.full(count, settings.mu)
        self.mse, self.best_mse = np.full((count, 3), np.nan), np.full((count, 3), np.nan)
        self.norm = np.full(count, np.inf)
        self.epoch, self.best_epoch, self.fails, self.stop = (np.zeros(count, dtype=int) for _ in range(4))
        self.loaded, self.fresh, self.validated = (np.zeros(count, dtype=bool) for _ in range(3))
        self.has = np.zeros((count, 3), dtype=bool)

    def _new(self, *shape):
        return self.torch.zeros(*shape, dtype=self.torch.float64, device=self.device)

    def load(self, lane: int, inputs: np.ndarray, target: np.ndarray, role: np.ndarray, weights: np.ndarray, constant: np.ndarray):
        """Put a network into a lane: inputs (n, F), target (n,), role (n,), n <= N; start weights (P,); constant (F,): left out."""
        torch, n, f = self.torch, role.size, self.f
        x = np.zeros((f + 1, self.n))
        x[:f, :n] = 2.0 * inputs.T - 1.0
        x[:f][constant] = 0.0
        x[f] = 1.0
        share = np.zeros((3, self.n))
        for kind in range(3):
            mine = role == kind
            if mine.any():
                share[kind, :n][mine] = 1.0 / mine.sum()
        target_all = np.zeros(self.n)
        target_all[:n] = target
        xm = (x * share[0]).T  # the mean over training samples is taken by these factors
        row, column = np.triu_indices(f + 1)
        self.x[lane], self.t[lane] = torch.as_tensor(x), torch.as_tensor(target_all)
        self.share[lane], self.xm[lane] = torch.as_tensor(share), torch.as_tensor(np.ascontiguousarray(xm))
        self.pairs_x[lane] = torch.as_tensor(np.ascontiguousarray(x.T[:, row] * xm[:, column]))
        start = np.array(weights, dtype=float)
        active = np.ones(self.p)
        active[: self.h * f].reshape(self.h, f)[:, constant] = 0.0
        start *= active
        self.w[lane] = self.best_w[lane] = self.trial_w[lane] = torch.as_tensor(start)
        self.active[lane] = torch.as_tensor(active)
        self.mu[lane], self.norm[lane] = self.settings.mu, np.inf
        self.epoch[lane] = self.best_epoch[lane] = self.fails[lane] = self.stop[lane] = 0
        self.loaded[lane], self.validated[lane] = True, bool((role == 1).any())
        self.has[lane] = share.any(axis=1)

    def start(self, lanes) -> None:
        """Evaluate newly loaded ``lanes`` at their start weights."""
        mse = self._evaluate()
        for lane in lanes:
            self.mse[lane] = self.best_mse[lane] = mse[lane]
        self._accept(np.asarray(lanes))

    def tick(self) -> list[int]:
        """One trial in every loaded lane; returns the lanes whose networks ended."""
        self._normal_equations()
        ended = [lane for lane in np.flatnonzero(self.loaded) if self._ended(lane)]
        for lane in ended:
            self.loaded[lane] = False
        if not self.loaded.any():
            return ended
        possible = self._step()
        mse = self._evaluate()
        better = self.loaded & possible & (mse[:, 0] < self.mse[:, 0])
        worse = self.loaded & ~better
        self.mu[worse] *= self.settings.mu_increase
        self.mu[better] = np.maximum(self.mu[better] * self.settings.mu_decrease, self.settings.mu_min)
        self.mse[better] = mse[better]
        self.epoch[better] += 1
        if better.any():
            self._accept(np.flatnonzero(better))
            self._judge(np.flatnonzero(better))
        return ended

    def weights_of(self, lane: int) -> np.ndarray:
        """(P,) best weights of a lane, on the host."""
        return self.best_w[lane].cpu().numpy().copy()

    def _accept(self, lanes: np.ndarray) -> None:
        index = self.torch.as_tensor(lanes, device=self.device)
        for kept, tried in ((self.w, self.trial_w), (self.a, self.trial_a), (self.e, self.trial_e)):
            kept[index] = tried[index]
        self.fresh[lanes] = True

    def _judge(self, lanes: np.ndarray) -> None:
        """Validation after an accepted step: keep the best, count failures (a new best alone resets the count)."""
        kind = np.where(self.validated[lanes], 1, 0)
        now, best = self.mse[lanes, kind], self.best_mse[lanes, kind]
        new_best = lanes[now < best]
        self.fails[lanes[now > best]] += 1
        self.fails[new_best] = 0
        self.best_mse[new_best] = self.mse[new_best]
        self.best_epoch[new_best] = self.epoch[new_best]
        index = self.torch.as_tensor(new_best, device=self.device)
        self.best_w[index] = self.w[index]

    def _ended(self, lane: int) -> bool:
        """trainlm's stop conditions, in its order."""
        s = self.settings
        reason = NOT_STARTED
        if self.mse[lane, 0] <= s.goal:
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

    def _evaluate(self) -> np.ndarray:
        """Activations and errors at ``trial_w``; mean squared errors (count, 3) in 0-1 units, NaN for a role without samples."""
        torch, h, f = self.torch, self.h, self.f
        end = h * f
        first = torch.cat([self.trial_w[:, :end].view(self.count, h, f), self.trial_w[:, end : end + h].view(self.count, h, 1)], dim=2)
        torch.tanh(torch.bmm(first, self.x), out=self.trial_a[:, :h])
        output = torch.bmm(self.trial_w[:, end + h :].view(self.count, 1, h + 1), self.trial_a)[:, 0]
        torch.sub(self.t, 0.5 * output + 0.5, out=self.trial_e)
        mse = torch.bmm(self.share, (self.trial_e * self.trial_e).unsqueeze(2))[:, :, 0].cpu().numpy()
        return np.where(self.has, mse, np.nan)

    def _normal_equations(self) -> None:
        """J'J / N and J'e / N of the lanes that moved."""
        lanes = np.flatnonzero(self.fresh & self.loaded)
        self.fresh[:] = False
        if not lanes.size:
            return
        torch, h, f = self.torch, self.h, self.f
        end = h * f
        second = self.w[:, end + h : end + 2 * h].unsqueeze(2)
        a = self.a[:, :h]
        slope = torch.addcmul(second, a * a, second, value=-1.0)
        if self.together:
            lanes = np.arange(self.count)
        at = 0
        for k in range(h):
            torch.mul(slope[:, k : k + 1], slope[:, k:], out=self.pairs_s[:, at : at + h - k])
            at += h - k
            torch.mul(slope[:, k : k + 1], self.a, out=self.cross_s[:, k * (h + 1) : (k + 1) * (h + 1)])
        weighted_a = self.a * self.share[:, :1]
        if self.together:
            torch.bmm(self.pairs_s, self.pairs_x, out=self.sums_ss)
            torch.bmm(self.cross_s, self.xm, out=self.sums_sa)
            torch.bmm(weighted_a, self.a.transpose(1, 2), out=self.sums_aa)
            self.normal = self.sums.index_select(1, self.place).view(self.count, self.p, self.p)
        else:
            for lane in lanes:
                torch.mm(self.pairs_s[lane], self.pairs_x[lane], out=self.sums_ss[lane])
                torch.mm(self.cross_s[lane], self.xm[lane], out=self.sums_sa[lane])
                torch.mm(weighted_a[lane], self.a[lane].T, out=self.sums_aa[lane])
                torch.index_select(self.sums[lane], 0, self.place, out=self.normal[lane].view(-1))
        by_slope = torch.bmm(slope * self.e.unsqueeze(1), self.xm)
        by_output = torch.bmm(weighted_a, self.e.unsqueeze(2))[:, :, 0]
        gradient = torch.cat([by_slope[:, :, :f].reshape(self.count, -1), by_slope[:, :, f], by_output], dim=1)
        gradient *= 0.5
        gradient *= self.active
        self.gradient = gradient
        norm = 2.0 * torch.linalg.vector_norm(gradient, dim=1).cpu().numpy()
        self.norm[lanes] = norm[lanes]

    def _step(self) -> np.ndarray:
        """``trial_w`` = w + d, (J'J / N + mu I) d = J'e / N with e = target - output; which lanes' matrices were positive definite."""
        torch = self.torch
        possible = np.zeros(self.count, dtype=bool)
        if self.together:
            mu = torch.as_tensor(self.mu, device=self.device)
            damped = 0.25 * self.normal
            damped.diagonal(dim1=1, dim2=2).add_(mu[:, None])
            factor, info = torch.linalg.cholesky_ex(damped)
            step = torch.cholesky_solve(self.gradient.unsqueeze(2), factor)[:, :, 0]
            torch.add(self.w, step, out=self.trial_w)
            return (info == 0).cpu().numpy()
        for lane in np.flatnonzero(self.loaded):
            damped = self.normal[lane] * 0.25
            damped.diagonal().add_(float(self.mu[lane]))
            factor, info = torch.linalg.cholesky_ex(damped)
            if int(info) == 0:
                possible[lane] = True
                step = torch.cholesky_solve(self.gradient[lane].unsqueeze(1), factor)[:, 0]
                torch.add(self.w[lane], step, out=self.trial_w[lane])
        return possible


def _aligned(sizes: list[int]) -> tuple[list[int], int]:
    """Starts of consecutive parts at multiples of 64 bytes, and the whole: a product rounds differently into an unaligned place."""
    ends = np.cumsum([-(-size // 8) * 8 for size in sizes])
    return [0, *ends[:-1].tolist()], int(ends[-1])


def _places(n_inputs: int, hidden: int, starts: list[int]) -> np.ndarray:
    """Where among the sums (slope pairs x input pairs, slope-activation x inputs, activation pairs) each element of J'J lies."""
    h, f, f1 = hidden, n_inputs, n_inputs + 1
    n_x = f1 * (f1 + 1) // 2
    _, cross_at, square_at = starts

    def pair(size, i, j):
        i, j = np.minimum(i, j), np.maximum(i, j)
        return i * size - i * (i - 1) // 2 + j - i

    neuron = np.concatenate([np.repeat(np.arange(h), f), np.arange(h)])
    feature = np.concatenate([np.tile(np.arange(f), h), np.full(h, f)])
    p, first = h * (f + 2) + 1, h * (f + 1)
    place = np.empty((p, p), dtype=np.int64)
    place[:first, :first] = pair(h, neuron[:, None], neuron) * n_x + pair(f1, feature[:, None], feature)
    place[:first, first:] = cross_at + (neuron[:, None] * (h + 1) + np.arange(h + 1)) * f1 + feature[:, None]
    place[first:, :first] = place[:first, first:].T
    place[first:, first:] = square_at + np.arange(h + 1)[:, None] * (h + 1) + np.arange(h + 1)
    return place.ravel()
