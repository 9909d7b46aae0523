"""Levenberg-Marquardt for thousands of networks in step on one device: the rules of ``levenberg_marquardt``, decided on the device.

A round takes every lane one trial further without asking the host: error, damping, acceptance, best weights and validation failures
are arrays of the device. A lane that has ended stays as it is. Both arrays of a round's results, of the state before (``state``)
and of the trial, have the same columns (``Columns``), so that one selection accepts a step and one keeps the best.

Here a network's weights lie as (H, F + 1) input weights and bias per neuron, then (H + 1) output weights and bias: J is then slopes
times inputs (and 1), above activations (and 1). J'J needs slope pairs times input pairs (as in ``normal_equations``) and J times
activations; J'e is one more column of the second sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from ..foundation.libraries import load
from .levenberg_marquardt import Settings
from .normal_equations import input_pair, slope_pair

#: Lengths of the parts of an array of sums are multiples of this many numbers.
ALIGNED = 16


@dataclass(frozen=True)
class Columns:
    """Columns of ``state``: weights (P), J'e / N - decay w (P), errors per role (3), score, and what is compared with the limits.

    The last five are controls: a lane ends when one of them is at or below its limit. In the order of trainlm's stop reasons: what is
    minimised, minus the epoch, half the gradient's norm, minus mu, minus the failures.
    """

    p: int

    @property
    def gradient(self) -> slice:
        return slice(self.p, 2 * self.p)

    @property
    def mse(self) -> slice:
        return slice(2 * self.p, 2 * self.p + 3)

    @property
    def score(self) -> int:
        return 2 * self.p + 3

    @property
    def controls(self) -> slice:
        return slice(2 * self.p + 4, 2 * self.p + 9)

    @property
    def width(self) -> int:
        return 2 * self.p + 9


PERFORMANCE, EPOCH, NORM, MU, FAILS = range(-5, 0)


@dataclass(frozen=True)
class Sizes:
    """What decides the lengths of a lane's arrays: N samples, of which the first ``n_train`` hold all of training, F inputs, H neurons."""

    n: int
    n_train: int
    f: int
    h: int
    mixed: bool = False

    @property
    def p(self) -> int:
        return self.h * (self.f + 2) + 1

    @property
    def shapes(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Of the two sums: input pairs x slope pairs; weights x (activations, 1, error)."""
        f1, h = self.f + 1, self.h
        return (f1 * (f1 + 1) // 2, h * (h + 1) // 2), (self.p, h + 2)

    @property
    def second(self) -> int:
        """Where the second sum begins in the array of both."""
        rows, columns = self.shapes[0]
        return -(-rows * columns // ALIGNED) * ALIGNED

    @property
    def total(self) -> int:
        rows, columns = self.shapes[1]
        return -(-(self.second + rows * columns) // ALIGNED) * ALIGNED

    def lane_bytes(self, days: int) -> int:
        """Memory of one lane at its peak; ``days``: samples of its cell as they come, used or not."""
        n, m, f1, h, p = self.n, self.n_train, self.f + 1, self.h, self.p
        fast = 4 if self.mixed else 8
        pairs = self.shapes[0][0]
        kept = 8 * n * (f1 + 1 + 3) + fast * m * (f1 + pairs) + 8 * 2 * Columns(p).width + fast * self.total
        working = 8 * n * (3 * h + 3) + fast * m * ((h // 2 + 1) * h + p) + fast * self.total + 8 * Columns(p).width
        working += 8 * 5 * p * p  # the matrix as gathered and in float64, its factor, and room for the solver
        if self.mixed:
            kept += 8 * m * f1
            working += 4 * m * (3 * h + 2) + 8 * m * (2 * h + 1)
        loading = 8 * 3 * days * (f1 + 2) + 2 * 8 * m * pairs
        return kept + max(working, loading)


def places(sizes: Sizes) -> np.ndarray:
    """(P * P,) where in the array of both sums each element of J'J is found."""
    h, f1, p = sizes.h, sizes.f + 1, sizes.p
    columns, first = sizes.shapes[0][1], h * f1
    neuron, feature = np.divmod(np.arange(first), f1)
    place = np.empty((p, p), dtype=np.int64)
    place[:first, :first] = input_pair(feature[:, None], feature, f1) * columns + slope_pair(neuron[:, None], neuron, h)
    place[:, first:] = sizes.second + np.arange(p)[:, None] * (h + 2) + np.arange(h + 1)
    place[first:, :first] = place[:first, first:].T
    return place.ravel()


def order_of_weights(f: int, h: int) -> np.ndarray:
    """(P,) for each weight as it lies here, where it lies in ``function``'s layout."""
    grid = np.concatenate([np.arange(h * f).reshape(h, f), h * f + np.arange(h)[:, None]], axis=1)
    return np.concatenate([grid.ravel(), h * (f + 1) + np.arange(h + 1)])


class Together:
    """The lanes of one block.

    ``data`` are arrays of the device, one row per lane: ids (B,) of the networks; x (B, F + 1, N) inputs and 1 and t (B, N) target in
    -1..1, training samples first; share (B, 3, N) weights of the samples per role; decay (B,) factor of the squared weights;
    validated (B,) bool; limits (B, 5) of the controls. ``start`` (B, P) in the order of ``order_of_weights``.
    """

    def __init__(self, data: dict[str, Any], start: Any, sizes: Sizes, settings: Settings) -> None:
        torch = self.torch = load("torch")
        self.sizes, self.settings, self.columns = sizes, settings, Columns(sizes.p)
        self.device, self.fast = start.device, torch.float32 if sizes.mixed else torch.float64
        self.lanes = SimpleNamespace(**data)
        self.regularized = bool((self.lanes.decay > 0).any())
        m, f1 = sizes.n_train, sizes.f + 1
        xm = self.lanes.x[:, :, :m] * self.lanes.share[:, :1, :m]  # the mean over training samples is taken by these factors
        row, column = (torch.as_tensor(index, device=self.device) for index in np.triu_indices(f1))
        self.lanes.pairs_x = (self.lanes.x[:, row, :m] * xm[:, column]).to(self.fast)
        self.lanes.xm = xm.to(self.fast)
        if sizes.mixed:
            self.lanes.xm_double = xm
        self._buffers(start.shape[0])
        self.lanes.state = torch.zeros_like(self.trial)
        self.lanes.sums = torch.zeros_like(self.new_sums)
        self._views()
        self._start(start)

    @property
    def count(self) -> int:
        """Lanes, those that have ended included."""
        return int(self.lanes.ids.shape[0])

    def _buffers(self, count: int) -> None:
        torch, s = self.torch, self.sizes
        n, m, h = s.n, s.n_train, s.h

        def new(*shape: int, dtype: Any = torch.float64) -> Any:
            return torch.zeros(count, *shape, dtype=dtype, device=self.device)

        self.trial = new(self.columns.width)
        self.rows = new(3 * h + 2, n)  # slopes twice, activations, 1, error
        self.rows[:, 3 * h] = 1.0
        self.rows_fast = new(3 * h + 2, m, dtype=self.fast) if s.mixed else None
        self.square = new(n, 1)
        self.pairs = new(h // 2 + 1, h, m, dtype=self.fast)
        self.jacobian = new(s.p, m, dtype=self.fast)
        self.new_sums = new(s.total, dtype=self.fast)
        self.place = torch.as_tensor(places(s), device=self.device)
        if s.mixed:
            self.by_error = new(2 * h + 1, m)
            self.products = new(2 * h + 1, s.f + 1)
            f1 = s.f + 1
            index = np.concatenate([np.arange(h * f1), (h + np.arange(h + 1)) * f1 + f1 - 1])
            self.place_gradient = torch.as_tensor(index, device=self.device)

    def _views(self) -> None:
        """Views of the arrays for as many lanes as there are, made once: a round makes none."""
        s, c, at, count = self.sizes, self.columns, self.lanes, self.count
        h, m, f1, first = s.h, s.n_train, s.f + 1, s.h * (s.f + 1)
        v = self.view = SimpleNamespace()
        v.trial, v.sums = self.trial[:count], self.new_sums[:count]
        v.rows, v.square = self.rows[:count], self.square[:count]
        v.first = v.trial[:, :first].view(count, h, f1)
        v.second, v.slope_factor = v.trial[:, first : s.p].unsqueeze(1), v.trial[:, first : first + h].view(count, 1, h, 1)
        v.hidden, v.activation, v.error = v.rows[:, 2 * h : 3 * h], v.rows[:, 2 * h : 3 * h + 1], v.rows[:, 3 * h + 1].unsqueeze(1)
        v.target, v.square_row = at.t.unsqueeze(1), v.square.view(count, 1, -1)
        v.mse, v.mse_column = v.trial[:, c.mse], v.trial[:, c.mse].unsqueeze(2)
        v.trial_controls, v.controls = v.trial[:, c.controls], at.state[:, c.controls]
        v.w, v.trial_w, v.trial_gradient = at.state[:, : s.p], v.trial[:, : s.p], v.trial[:, c.gradient]
        v.right = at.state[:, c.gradient].unsqueeze(2)
        v.two_slopes = v.rows[:, : 2 * h].view(count, 2, h, s.n)[..., :m]
        v.hidden_twice = v.hidden.unsqueeze(1).expand(count, 2, h, s.n)[..., :m]
        fast = v.rows[:, :, :m] if self.rows_fast is None else self.rows_fast[:count]
        v.fast = fast
        v.slope, v.slope_each = fast[:, :h].unsqueeze(1), fast[:, :h].unsqueeze(2)
        v.rotated = fast.as_strided((count, h // 2 + 1, h, m), (fast.stride(0), fast.stride(1), fast.stride(1), 1), fast.storage_offset())
        v.pairs = self.pairs[:count]
        v.pairs_t = v.pairs.view(count, -1, m)[:, : s.shapes[0][1]].transpose(1, 2)
        v.jacobian = self.jacobian[:count]
        v.by_weights, v.by_outputs = v.jacobian[:, :first].view(count, h, f1, m), v.jacobian[:, first:]
        v.xm_each, v.xm_one = at.xm.unsqueeze(1), at.xm[:, f1 - 1 :]
        v.activation_fast, v.columns_t = fast[:, 2 * h : 3 * h + 1], fast[:, 2 * h :].transpose(1, 2)
        (a, b), (p, k) = s.shapes
        v.first_sum = v.sums[:, : a * b].view(count, a, b)
        v.second_sum = v.sums[:, s.second : s.second + p * k].view(count, p, k)
        if s.mixed:
            v.by_error, v.products, v.xm_t = self.by_error[:count], self.products[:count], at.xm_double.transpose(1, 2)
            v.inner, v.error_train = v.rows[:, h : 3 * h + 1, :m], v.rows[:, 3 * h + 1 :, :m]
        v.before, v.tried = at.state[:, :FAILS], v.trial[:, :FAILS]
        v.limit = at.limits

    def _start(self, start: Any) -> None:
        torch, at, v, settings = self.torch, self.lanes, self.view, self.settings
        v.trial_w.copy_(start)
        self._evaluate()
        self._sums()
        v.trial_controls[:, EPOCH] = 0.0
        v.trial_controls[:, MU] = -settings.mu
        v.trial_controls[:, FAILS] = 0.0
        at.state.copy_(v.trial)
        at.sums.copy_(v.sums)
        at.best = at.state.clone()
        at.running = torch.le(v.controls, v.limit).any(dim=1).logical_not_()
        at.factor = torch.where(at.running, settings.mu_increase, 1.0).double()

    def round(self) -> None:
        """One trial in every running lane."""
        torch, at, v, c, settings = self.torch, self.lanes, self.view, self.columns, self.settings
        info = self._step()
        self._evaluate()
        self._sums()
        torch.sub(v.controls[:, EPOCH], 1.0, out=v.trial_controls[:, EPOCH])
        torch.mul(v.controls[:, MU], settings.mu_decrease, out=v.trial_controls[:, MU]).clamp_(max=-settings.mu_min)
        v.controls[:, MU].mul_(at.factor)
        better = torch.lt(info, at.running)  # positive definite (0) and running (1)
        better.logical_and_(v.trial_controls[:, PERFORMANCE] < v.controls[:, PERFORMANCE])
        score, best = v.trial[:, c.score], at.best[:, c.score]
        new_best, failed = torch.lt(score, best).logical_and_(better), torch.gt(score, best).logical_and_(better)
        accepted = better.unsqueeze(1)
        torch.where(accepted, v.tried, v.before, out=v.before)
        torch.where(accepted, v.sums, at.sums, out=at.sums)
        torch.where(new_best.unsqueeze(1), v.trial, at.best, out=at.best)
        v.controls[:, FAILS].add_(failed, alpha=-1).masked_fill_(new_best, 0.0)
        at.running = torch.le(v.controls, v.limit).any(dim=1).logical_not_()
        at.factor.masked_fill_(at.running.logical_not(), 1.0)

    def _step(self) -> Any:
        """Trial weights w + d, (J'J / N + (decay + mu) I) d = J'e / N - decay w; 0 where the matrix was positive definite."""
        torch, at, v, p = self.torch, self.lanes, self.view, self.sizes.p
        damped = at.sums.index_select(1, self.place).view(-1, p, p)
        if self.sizes.mixed:
            damped = damped.double()
        if self.regularized:
            damped.diagonal(dim1=1, dim2=2).add_(torch.sub(at.decay, v.controls[:, MU]).unsqueeze(1))
        else:
            damped.diagonal(dim1=1, dim2=2).sub_(v.controls[:, MU].unsqueeze(1))
        factor, info = torch.linalg.cholesky_ex(damped)
        torch.add(v.w, torch.cholesky_solve(v.right, factor).squeeze(2), out=v.trial_w)
        return info

    def _evaluate(self) -> None:
        """Activations, errors (in -1..1), mean squared errors, what is minimised, and score at the trial weights."""
        torch, at, v, c = self.torch, self.lanes, self.view, self.columns
        torch.bmm(v.first, at.x, out=v.hidden).tanh_()
        torch.baddbmm(v.target, v.second, v.activation, alpha=-1.0, out=v.error)
        torch.mul(v.error, v.error, out=v.square_row)
        torch.bmm(at.share, v.square, out=v.mse_column)
        performance = v.trial_controls[:, PERFORMANCE]
        if self.regularized:
            squared = torch.linalg.vecdot(v.trial_w, v.trial_w)
            torch.addcmul(v.mse[:, 0], at.decay, squared, out=performance)
        else:
            performance.copy_(v.mse[:, 0])
        torch.where(at.validated, v.mse[:, 1], performance, out=v.trial[:, c.score])

    def _sums(self) -> None:
        """Both sums, J'e / N - decay w and half the norm of the performance's gradient at the trial weights, evaluated last."""
        torch, at, v, s = self.torch, self.lanes, self.view, self.sizes
        torch.ops.aten.tanh_backward.grad_input(v.slope_factor, v.hidden_twice, grad_input=v.two_slopes)  # w2 (1 - A^2)
        if s.mixed:
            v.fast.copy_(v.rows[:, :, : s.n_train])
        torch.mul(v.slope, v.rotated, out=v.pairs)
        torch.mul(v.slope_each, v.xm_each, out=v.by_weights)
        torch.mul(v.activation_fast, v.xm_one, out=v.by_outputs)
        torch.bmm(at.pairs_x, v.pairs_t, out=v.first_sum)
        torch.bmm(v.jacobian, v.columns_t, out=v.second_sum)
        gradient = v.second_sum[:, :, s.h + 1]
        if s.mixed:  # J'e stays in float64
            torch.mul(v.inner, v.error_train, out=v.by_error)
            torch.bmm(v.by_error, v.xm_t, out=v.products)
            gradient = v.products.view(self.count, -1).index_select(1, self.place_gradient)
        if self.regularized:
            torch.addcmul(gradient, at.decay.unsqueeze(1), v.trial_w, value=-1.0, out=v.trial_gradient)
        else:
            v.trial_gradient.copy_(gradient)
        torch.linalg.vector_norm(v.trial_gradient, dim=1, out=v.trial_controls[:, NORM])

    def tally(self) -> tuple[int, float]:
        """How many lanes run, and the sum of the training errors of those that ended: the one question to the device."""
        torch, at = self.torch, self.lanes
        errors = at.best[:, self.columns.mse][:, 0].masked_fill(at.running, 0.0)
        running, ended = torch.stack([at.running.sum().double(), errors.sum()]).tolist()
        return int(running), float(ended)

    def compact(self) -> None:
        """Leave only the running lanes."""
        at = self.lanes
        index = at.running.nonzero().squeeze(1)
        self.view = SimpleNamespace()  # no view may hold an array that is replaced
        for name in list(vars(at)):
            setattr(at, name, getattr(at, name).index_select(0, index))
        self._views()

    def outcome(self) -> Any:
        """(B, P + 4 + 5): the best weights, their errors per role and minus their epoch; the controls."""
        torch, at, c = self.torch, self.lanes, self.columns
        epoch = at.best[:, EPOCH].unsqueeze(1)
        return torch.cat([at.best[:, : self.sizes.p], at.best[:, c.mse], epoch, at.state[:, c.controls]], dim=1)
