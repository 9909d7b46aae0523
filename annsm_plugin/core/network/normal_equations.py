"""What a trial of Levenberg-Marquardt computes: output and errors of a network, J'J and J'e, and the damped step.

One network with H tanh neurons has J = [S_h x_f | A_h | 1], S_h = w2_h (1 - A_h^2), x_f the inputs and a constant 1 (the
hidden bias). So J'J needs only sums over samples of slope pairs times input pairs (S_h S_h' x_f x_f'), of slopes times
activations times inputs, and of activation pairs: 78 x 55 + 12 x 130 + 169 products a sample for 12 neurons and 9 inputs
instead of 133 x 134 / 2. The input pairs are constant over all iterations.

``OneByOne`` does this on a CPU, network by network, in scratch arrays that stay in the cache; so nothing that one network does can
touch another. ``together`` does it for all networks at once on a GPU.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..foundation.libraries import load
from .kernels import kernels

#: The type of the sums behind J'J; errors, acceptance, J'e and the factorisation are float64 always.
PRECISIONS = ("float64", "mixed")


class OneByOne:
    """``count`` networks of H neurons and F inputs, N samples of which the first ``n_train`` hold all training samples."""

    def __init__(self, count: int, n: int, n_train: int, n_inputs: int, hidden: int, precision: str) -> None:
        torch = load("torch")
        self.kernels, self.mixed = kernels(), precision == "mixed"
        fast = torch.float32 if self.mixed else torch.float64
        self.mse = torch.zeros(count, 3, dtype=torch.float64)
        self.squared, self.squared_gradient = torch.zeros(2, count, dtype=torch.float64)
        self.decay = [0.0] * count
        self.networks = [_Network(torch, n, n_train, n_inputs, hidden, fast) for _ in range(count)]
        self.trial_w = [network.trial_w for network in self.networks]
        self.best_w = [network.best_w for network in self.networks]
        self._evaluated, self._summed, self._stepped = (self._lists(of) for of in (EVALUATED, SUMMED, STEPPED))
        self._evaluated += [list(self.mse), list(self.squared)]
        self._summed += [list(self.squared_gradient)]
        scratch = _Scratch(torch, n, n_train, n_inputs, hidden, fast)
        self._evaluated += [scratch.minus_one, scratch.square]
        self._summed += [getattr(scratch, name) for name in SCRATCH.split()]
        self._stepped += [scratch.factor, scratch.info]

    def _lists(self, names: Any) -> Any:
        return [[getattr(network, name) for network in self.networks] for name in names.split()]

    def load(self, lane: int, x: np.ndarray, target: np.ndarray, share: np.ndarray, weights: np.ndarray, decay: float = 0.0) -> None:
        """Inputs (F + 1, N) and target (N,) in -1..1, weights of the samples per role (3, N), start (P,), factor of the squared weights."""
        self.networks[lane].load(x, target, share, weights)
        self.decay[lane] = float(decay)

    def evaluate(self, lanes: Any, mse: np.ndarray, squared: np.ndarray) -> None:
        """Mean squared errors at ``trial_w`` into ``mse`` (count, 3), the sum of its squares into ``squared`` (count,)."""
        self.kernels.evaluate(list(map(int, lanes)), *self._evaluated)
        mse[lanes], squared[lanes] = self.mse.numpy()[lanes], self.squared.numpy()[lanes]

    def accept(self, lanes: Any) -> None:
        """The trial weights, evaluated last, become the weights."""
        for lane in lanes:
            self.networks[lane].w.copy_(self.networks[lane].trial_w)

    def keep(self, lanes: Any) -> None:
        """The weights become the best weights."""
        for lane in lanes:
            self.networks[lane].best_w.copy_(self.networks[lane].w)

    def sums(self, lanes: Any, norm: np.ndarray) -> None:
        """J'J / N + decay I and J'e / N - decay w at the accepted weights; the norm of the performance's gradient into ``norm``."""
        self.kernels.sums(list(map(int, lanes)), self.mixed, self.decay, *self._summed)
        norm[lanes] = 2.0 * np.sqrt(self.squared_gradient.numpy()[lanes])

    def step(self, lanes: Any, mu: np.ndarray, possible: np.ndarray) -> None:
        """``trial_w`` = w + d, (J'J / N + (decay + mu) I) d = J'e / N - decay w; ``possible``: was the matrix positive definite."""
        possible[lanes] = self.kernels.step(list(map(int, lanes)), mu.tolist(), *self._stepped)


#: What the kernels take, in their order: arrays of the networks, then arrays that the networks share.
EVALUATED = "bias first last x2 t share a_hidden a_t e trial_w"
SUMMED = "second a_train a_hidden_train e_train share_train xm_fast xm_t pairs_x diagonal kept normal_flat gradient w"
STEPPED = "normal diagonal kept gradient_column w trial_w"
SCRATCH = (
    "slope slope_twice slope_fast slope_one shifted pairs pairs_t a ax ax_t ss sa aa all place gathered "
    "slope_e weighted_e by_slope by_output by_all place_gradient"
)

#: Rows and columns that the processor's matrix product takes at once, in float64 and in float32.
TILES = ((4, 12), (4, 16))


class _Scratch:
    """Arrays that the networks of one worker share, one after the other."""

    def __init__(self, torch: Any, n: int, n_train: int, f: int, h: int, fast: Any) -> None:
        f1, p, d = f + 1, h * (f + 2) + 1, h // 2 + 1
        shapes, starts, total, place = layout(f, h, *TILES[fast == torch.float32])
        self.minus_one = torch.full((1,), -1.0, dtype=torch.float64)
        self.square = torch.zeros(n, dtype=torch.float64)
        self.slope, self.slope_e = torch.zeros(2, h, n_train, dtype=torch.float64)
        self.weighted_e = torch.zeros(n_train, dtype=torch.float64)
        self.a = torch.zeros(h + 1, n_train, dtype=fast)
        self.slope_twice = torch.zeros(2, h, n_train, dtype=fast)
        self.slope_fast = self.slope_twice[0]
        self.slope_one = self.slope_fast.unsqueeze(0)
        self.shifted = self.slope_twice.as_strided((d, h, n_train), (n_train, n_train, 1))  # the slopes, rotated by 0 .. h / 2
        self.pairs = torch.zeros(d, h, n_train, dtype=fast)
        self.pairs_t = self.pairs.view(d * h, n_train)[: shapes[0][1]].T
        products = torch.zeros(shapes[1][1], n_train, dtype=fast)
        self.ax, self.ax_t = products[: f1 * (h + 1)].view(f1, h + 1, n_train), products.T
        self.all = torch.zeros(total, dtype=fast)
        self.ss, self.sa, self.aa = (self.all[at : at + a * b].view(a, b) for at, (a, b) in zip(starts, shapes))
        self.place = torch.as_tensor(place)
        self.gathered = torch.zeros(p * p, dtype=fast)
        at = -(-h * f1 // 8) * 8
        self.by_all = torch.zeros(at + h + 1, dtype=torch.float64)
        self.by_slope, self.by_output = self.by_all[: h * f1].view(h, f1), self.by_all[at:]
        grid = np.arange(h * f1).reshape(h, f1)
        self.factor, self.info = torch.zeros(p, p, dtype=torch.float64).T, torch.zeros((), dtype=torch.int32)
        self.place_gradient = torch.as_tensor(np.concatenate([grid[:, :f].ravel(), grid[:, f], at + np.arange(h + 1)]))


class _Network:
    def __init__(self, torch: Any, n: int, n_train: int, f: int, h: int, fast: Any) -> None:
        f1, p, end = f + 1, h * (f + 2) + 1, h * f
        double = torch.float64
        self.n_train = n_train
        self.w, self.trial_w, self.best_w, self.gradient, self.kept = (torch.zeros(p, dtype=double) for _ in range(5))
        self.normal = torch.zeros(p, p, dtype=double)
        self.x2, self.t, self.share = torch.zeros(f, n, dtype=double), torch.zeros(n, dtype=double), torch.zeros(3, n, dtype=double)
        self.xm = torch.zeros(f1, n_train, dtype=double)
        self.xm_fast = torch.zeros(f1, 1, n_train, dtype=fast)
        self.pairs_x = torch.zeros(up(f1 * (f1 + 1) // 2, TILES[fast == torch.float32][0]), n_train, dtype=fast)
        self.a, self.e = torch.zeros(h + 1, n, dtype=double), torch.zeros(n, dtype=double)
        self.a[h] = 1.0
        self.a_hidden, self.a_t = self.a[:h], self.a.T
        self.a_train, self.a_hidden_train, self.e_train = self.a[:, :n_train], self.a[:h, :n_train], self.e[:n_train]
        self.share_train, self.xm_t = self.share[0, :n_train], self.xm.T
        self.first, self.bias = self.trial_w[:end].view(h, f), self.trial_w[end : end + h].unsqueeze(1)
        self.last, self.second = self.trial_w[end + h :], self.w[end + h : end + 2 * h].unsqueeze(1)
        self.normal_flat, self.gradient_column = self.normal.view(-1), self.gradient.unsqueeze(1)
        self.diagonal = self.normal.diagonal()

    def load(self, x: np.ndarray, target: np.ndarray, share: np.ndarray, weights: np.ndarray) -> None:
        m = self.n_train
        np.multiply(2.0, x[:-1], out=self.x2.numpy())
        self.t.numpy()[:] = target
        self.share.numpy()[:] = share
        xm = self.xm.numpy()
        np.multiply(x[:, :m], share[0, :m], out=xm)  # the mean over training samples is taken by these factors
        self.xm_fast.numpy()[:, 0] = xm
        pairs, at = self.pairs_x.numpy(), 0
        for i in range(x.shape[0]):
            np.multiply(x[i, :m], xm[i:], out=pairs[at : at + x.shape[0] - i], casting="same_kind")
            at += x.shape[0] - i
        for kept in (self.w, self.trial_w, self.best_w):
            kept.numpy()[:] = weights


def layout(n_inputs: int, hidden: int, rows: int = 1, columns: int = 1) -> Any:
    """How the three sums lie in one array, and where in it each element of J'J is found.

    Shapes of (input pairs x slope pairs), (slopes x input-activation products), (activations x activations); their starts, at
    multiples of 64 bytes (a product rounds differently into an unaligned place); the whole length; places (P * P,). Slope pairs
    (i, i + d mod H) lie in rows d H + i: what multiplying the slopes by themselves rotated by d gives. The first product has its
    rows, the first two have their columns rounded up to multiples of ``rows`` and ``columns``: a product of whole tiles is faster.
    """
    h, f, f1 = hidden, n_inputs, n_inputs + 1
    pair_columns = min(up(h * (h + 1) // 2, columns), h * (h // 2 + 1))
    product_columns = up(f1 * (h + 1), columns)
    shapes = [(up(f1 * (f1 + 1) // 2, rows), pair_columns), (h, product_columns), (h + 1, h + 1)]
    ends = np.cumsum([up(a * b, 16) for a, b in shapes])
    starts = [0, *ends[:-1].tolist()]

    neuron = np.concatenate([np.repeat(np.arange(h), f), np.arange(h)])
    feature = np.concatenate([np.tile(np.arange(f), h), np.full(h, f)])
    p, first, k = h * (f + 2) + 1, h * f1, np.arange(h + 1)
    place = np.empty((p, p), dtype=np.int64)
    place[:first, :first] = input_pair(feature[:, None], feature, f1) * pair_columns + slope_pair(neuron[:, None], neuron, h)
    place[:first, first:] = starts[1] + neuron[:, None] * product_columns + feature[:, None] * (h + 1) + k
    place[first:, :first] = place[:first, first:].T
    place[first:, first:] = starts[2] + k[:, None] * (h + 1) + k
    return shapes, starts, int(ends[-1]), place.ravel()


def slope_pair(i: Any, j: Any, hidden: int) -> Any:
    """Row d H + i of the pair of neurons (i, i + d mod H), or of (j, i), whichever is among the first H (H + 1) / 2 rows."""
    row = (j - i) % hidden * hidden + i
    return np.where(row < hidden * (hidden + 1) // 2, row, (i - j) % hidden * hidden + j)


def input_pair(i: Any, j: Any, f1: int) -> Any:
    """Row of the pair of inputs i and j, of ``f1``, among the pairs (0, 0), (0, 1) ... (1, 1) ..."""
    i, j = np.minimum(i, j), np.maximum(i, j)
    return i * f1 - i * (i - 1) // 2 + j - i


def up(count: int, multiple: int) -> int:
    return -(-count // multiple) * multiple
