"""The arithmetic of the networks of one worker on a CPU, network by network, every result into a given array.

TorchScript compiles the functions where it can: a worker then computes a whole round without Python's global lock, so that workers
do not wait for each other. Where it cannot, the same functions run as they stand, with the same results. Lists hold one array per
network; ``which`` are the networks that are computed. F inputs, f1 = F + 1, H neurons, N samples, M of training, P weights.
"""

# No postponed annotations here: TorchScript reads them.
import warnings
from functools import cache
from types import SimpleNamespace

from ..foundation.libraries import load


@cache
def kernels():
    """The compiled functions ``evaluate``, ``sums`` and ``step``."""
    torch = load("torch")
    Tensor = torch.Tensor

    def evaluate(
        which: list[int],
        bias: list[Tensor],
        first: list[Tensor],
        last: list[Tensor],
        x2: list[Tensor],
        target: list[Tensor],
        share: list[Tensor],
        a_hidden: list[Tensor],
        a_t: list[Tensor],
        e: list[Tensor],
        trial_w: list[Tensor],
        mse: list[Tensor],
        squared: list[Tensor],
        minus_one: Tensor,
        square: Tensor,
    ):
        """Activations (H + 1, N), errors (N,) in -1..1, mean squared errors per role (3,), sum of the squared weights."""
        for i in which:
            # tanh z = 2 / (1 + exp(-2 z)) - 1: the logistic function is several times faster than torch's tanh
            torch.addmm(bias[i], first[i], x2[i], beta=2.0, out=a_hidden[i])
            a_hidden[i].sigmoid_()
            torch.add(minus_one, a_hidden[i], alpha=2.0, out=a_hidden[i])
            torch.addmv(target[i], a_t[i], last[i], alpha=-1.0, out=e[i])
            torch.mul(e[i], e[i], out=square)
            torch.mv(share[i], square, out=mse[i])
            torch.dot(trial_w[i], trial_w[i], out=squared[i])

    def sums(
        which: list[int],
        mixed: bool,
        decay: list[float],
        second: list[Tensor],
        a_train: list[Tensor],
        a_hidden: list[Tensor],
        e: list[Tensor],
        share: list[Tensor],
        xm: list[Tensor],
        xm_t: list[Tensor],
        pairs_x: list[Tensor],
        diagonal: list[Tensor],
        kept: list[Tensor],
        normal: list[Tensor],
        gradient: list[Tensor],
        w: list[Tensor],
        squared: list[Tensor],
        slope: Tensor,
        slope_twice: Tensor,
        slope_fast: Tensor,
        slope_one: Tensor,
        shifted: Tensor,
        pairs: Tensor,
        pairs_t: Tensor,
        a_fast: Tensor,
        ax: Tensor,
        ax_t: Tensor,
        ss: Tensor,
        sa: Tensor,
        aa: Tensor,
        parts: Tensor,
        place: Tensor,
        gathered: Tensor,
        slope_e: Tensor,
        weighted_e: Tensor,
        by_slope: Tensor,
        by_output: Tensor,
        by_all: Tensor,
        place_gradient: Tensor,
    ):
        """J'J / N (P * P,), J'e / N - decay w (P,) and its squared length; J'J from three sums over training samples."""
        last = ax.size(0) - 1
        for i in which:
            torch.mul(a_hidden[i], a_hidden[i], out=slope)
            torch.addcmul(second[i], slope, second[i], value=-1.0, out=slope)
            slope_twice.copy_(slope)
            a = a_train[i]
            if mixed:
                a_fast.copy_(a)
                a = a_fast
            torch.mul(slope_one, shifted, out=pairs)
            torch.mm(pairs_x[i], pairs_t, out=ss)
            torch.mul(xm[i], a.unsqueeze(0), out=ax)
            torch.mm(slope_fast, ax_t, out=sa)
            torch.mm(ax[last], a.t(), out=aa)
            if mixed:
                torch.index_select(parts, 0, place, out=gathered)
                normal[i].copy_(gathered)
            else:
                torch.index_select(parts, 0, place, out=normal[i])
            torch.add(diagonal[i], decay[i], out=kept[i])
            torch.mul(slope, e[i], out=slope_e)
            torch.mm(slope_e, xm_t[i], out=by_slope)
            torch.mul(e[i], share[i], out=weighted_e)
            torch.mv(a_train[i], weighted_e, out=by_output)
            torch.index_select(by_all, 0, place_gradient, out=gradient[i])
            if decay[i] > 0.0:
                gradient[i].sub_(w[i], alpha=decay[i])
            torch.dot(gradient[i], gradient[i], out=squared[i])

    def step(
        which: list[int],
        mu: list[float],
        normal: list[Tensor],
        diagonal: list[Tensor],
        kept: list[Tensor],
        right: list[Tensor],
        w: list[Tensor],
        trial_w: list[Tensor],
        factor: Tensor,
        info: Tensor,
    ) -> list[bool]:
        """w + d with (J'J / N + mu I) d = J'e / N; whether the matrix was positive definite. ``kept``: its diagonal without mu."""
        possible: list[bool] = []
        for i in which:
            torch.add(kept[i], mu[i], out=diagonal[i])
            if torch.jit.is_scripting():
                torch.linalg.cholesky_ex(normal[i], L=factor, info=info)
            else:
                torch.linalg.cholesky_ex(normal[i], out=(factor, info))
            good = info.item() == 0
            possible.append(good)
            if good:
                half = torch.linalg.solve_triangular(factor, right[i], upper=False)
                torch.add(w[i], torch.linalg.solve_triangular(factor.t(), half, upper=True).view(-1), out=trial_w[i])
        return possible

    def compiled(function):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return torch.jit.script(function)
        except Exception:  # a Python or a PyTorch without TorchScript
            return function

    return SimpleNamespace(evaluate=compiled(evaluate), sums=compiled(sums), step=compiled(step))
