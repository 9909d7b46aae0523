"""Levenberg-Marquardt trainers that a user could pick instead, each on the same networks: inputs (B, N, F), target (B, N), start (B, P).

Each function returns seconds per cell for the given number of iterations in float64, every core allowed; an iteration is one
damped step that is tried, taken or not. All but optimistix are looped over cells. pyrenn orders its weights otherwise, starts from
its own, and counts the steps it takes.
"""

from __future__ import annotations

import contextlib
import io
import time

import numpy as np
import torch
from scipy.optimize import least_squares

from annsm_plugin.core.network import function as network
from annsm_plugin.core.network import levenberg_marquardt as lm


def scipy_loop(inputs, target, start, hidden, epochs) -> float:
    begin = time.perf_counter()
    for x, t, w in zip(inputs, target, start):
        least_squares(
            lambda w, x=x, t=t: network.predict(w[None], x[None], hidden)[0] - t,
            w,
            jac=lambda w, x=x: lm.jacobian(w, x, hidden),
            method="lm",
            max_nfev=epochs + 1,
            xtol=1e-15,
            ftol=1e-15,
            gtol=1e-15,
        )
    return (time.perf_counter() - begin) / len(target)


def torch_lm_loop(inputs, target, start, hidden, epochs) -> float:
    import torch_levenberg_marquardt as tlm

    f = inputs.shape[2]
    models = []
    for w in start:
        model = torch.nn.Sequential(torch.nn.Linear(f, hidden), torch.nn.Tanh(), torch.nn.Linear(hidden, 1)).double()
        first, bias, second, last = network.unpack(w, f, hidden)
        with torch.no_grad():
            for parameter, value in zip(model.parameters(), (first, bias, second[None], np.array([last]))):
                parameter.copy_(torch.as_tensor(value))
        models.append(model)
    x, t = torch.as_tensor(2 * inputs - 1), torch.as_tensor(2 * target - 1)
    begin = time.perf_counter()
    for i, model in enumerate(models):
        module = tlm.training.LevenbergMarquardtModule(model, attempts_per_step=1, solve_method="cholesky")
        for _ in range(epochs):
            module.training_step(x[i], t[i, :, None])
    return (time.perf_counter() - begin) / len(target)


def pyrenn_loop(inputs, target, start, hidden, epochs) -> float:
    import pyrenn

    begin = time.perf_counter()
    for x, t in zip(inputs, target):
        net = pyrenn.CreateNN([x.shape[1], hidden, 1])
        with contextlib.redirect_stdout(io.StringIO()):
            pyrenn.train_LM(np.ascontiguousarray(2 * x.T - 1), 2 * t - 1, net, k_max=epochs, E_stop=0.0)
    return (time.perf_counter() - begin) / len(target)


def optimistix_vmap(solver_name: str):
    """The vmapped solver, compiled once per shape outside the measured time; ``solver_name``: "cholesky" (normal equations) or "qr"."""
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp
    import lineax as lx
    import optimistix as optx

    linear = lx.Normal(lx.Cholesky()) if solver_name == "cholesky" else lx.QR()
    compiled = {}

    def run(inputs, target, start, hidden, epochs) -> float:
        f = inputs.shape[2]

        def residuals(w, args):
            x, t = args
            first, bias = w[: hidden * f].reshape(hidden, f), w[hidden * f : hidden * (f + 1)]
            return jnp.tanh(x @ first.T + bias) @ w[hidden * (f + 1) : -1] + w[-1] - t

        def solve(w, x, t):
            solver = optx.LevenbergMarquardt(rtol=1e-15, atol=1e-15, linear_solver=linear)
            return optx.least_squares(residuals, solver, w, args=(x, t), max_steps=epochs, throw=False).value

        args = (jnp.asarray(start), jnp.asarray(2 * inputs - 1), jnp.asarray(2 * target - 1))
        key = (inputs.shape, hidden, epochs)
        if key not in compiled:
            compiled[key] = jax.jit(jax.vmap(solve)).lower(*args).compile()
        begin = time.perf_counter()
        compiled[key](*args).block_until_ready()
        return (time.perf_counter() - begin) / len(target)

    return run
