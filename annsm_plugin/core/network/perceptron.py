"""One network for many cells: inputs - tanh - tanh - 1 linear, trained by Adam with early stopping. PyTorch trains it, numpy applies it."""

from __future__ import annotations

import numpy as np

from ..foundation.libraries import load
from ..foundation.progress import Progress
from .adam import Adam, one_thread

#: Fewest and most samples of a step, and fewest steps of an epoch between these bounds.
SMALLEST, BATCH, STEPS = 128, 2048, 60

#: Most epochs, epochs without a better validation error before it stops, and the rate of learning at the start.
EPOCHS, PATIENCE, RATE = 60, 8, 4e-3

#: Batches between looks at whether to stop.
_LOOK = 20

Weights = dict[str, np.ndarray]


def falling(rate: float, done: float) -> float:
    """The rate of learning once a share of the work is ``done``: half a cosine down to next to nothing."""
    return rate * 0.5 * (1.0 + float(np.cos(np.pi * done))) + 1e-5


def train(
    inputs: np.ndarray, target: np.ndarray, validation: np.ndarray, hidden: tuple[int, int], seed: int, device: str, progress: Progress
) -> Weights:
    """Weights of the best validation error, of samples ``inputs`` (N, F) and ``target`` (N,), both standardised.

    validation (N,) bool: samples that stop the training instead of taking part. The same seed gives the same weights. Raises
    ``Cancelled``, and ``MissingLibrary`` without PyTorch.
    """
    torch = load("torch")
    generator = np.random.default_rng([seed, 71])
    sizes = (inputs.shape[1], *hidden, 1)
    weights = []
    for fan_in, fan_out in zip(sizes[:-1], sizes[1:]):
        bound = np.sqrt(6.0 / (fan_in + fan_out))
        weights += [generator.uniform(-bound, bound, (fan_in, fan_out)), np.zeros(fan_out)]
    parameters = [torch.tensor(w, dtype=torch.float32, device=device, requires_grad=True) for w in weights]
    adam = Adam(parameters)
    x, y = (torch.from_numpy(np.ascontiguousarray(a, dtype=np.float32)).to(device) for a in (inputs, target))
    train_at, validation_at = (torch.from_numpy(np.flatnonzero(v)).to(device) for v in (~validation, validation))
    if validation_at.numel() == 0:
        validation_at = train_at
    batch = int(np.clip(train_at.numel() // STEPS, SMALLEST, BATCH))
    best, kept, waited = np.inf, [p.detach().clone() for p in parameters], 0
    with one_thread():
        for epoch in range(EPOCHS):
            order = torch.from_numpy(generator.permutation(train_at.numel())).to(device)
            rate = falling(RATE, epoch / EPOCHS)
            for number, first in enumerate(range(0, order.numel(), batch)):
                if number % _LOOK == 0:
                    progress.check()
                at = train_at[order[first : first + batch]]
                adam.step(((_output(torch, parameters, x[at]) - y[at]) ** 2).mean(), rate)
            with torch.no_grad():
                parts = validation_at.split(1 << 16)
                loss = sum(float(((_output(torch, parameters, x[at]) - y[at]) ** 2).sum()) for at in parts) / validation_at.numel()
            progress.report((epoch + 1) / EPOCHS, f"Training, epoch {epoch + 1}, validation RMSE {loss**0.5:.3f} (standardised)")
            if loss < best * (1.0 - 1e-4):
                best, kept, waited = loss, [p.detach().clone() for p in parameters], 0
            else:
                waited += 1
                if waited >= PATIENCE:
                    break
    return {f"w{number}": p.cpu().numpy() for number, p in enumerate(kept)}


def _output(torch: object, parameters: list, x: object) -> object:
    first, b1, second, b2, third, b3 = parameters
    tanh = torch.tanh  # type: ignore[attr-defined]
    return (tanh(tanh(x @ first + b1) @ second + b2) @ third + b3)[:, 0]


def predict(weights: Weights, daily: np.ndarray, fixed: np.ndarray) -> np.ndarray:
    """Output (cells, days) for ``daily`` inputs (cells, days, D) and ``fixed`` ones (cells, F - D) of each cell, which stand last."""
    first, b1, second, b2, third, b3 = (weights[f"w{n}"].astype(np.float32) for n in range(6))
    count = daily.shape[2]
    own = fixed.astype(np.float32) @ first[count:] + b1
    inner = daily.astype(np.float32) @ first[:count]
    inner += own[:, np.newaxis]
    np.tanh(inner, out=inner)
    inner = inner @ second
    inner += b2
    np.tanh(inner, out=inner)
    return (inner @ third)[..., 0] + b3[0]
