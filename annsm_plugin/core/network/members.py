"""Trains one member of the ensemble that a region shares, with PyTorch: AdamW, a warm-up and a cosine, early stopping."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..foundation.libraries import load
from ..foundation.progress import Progress
from ..workers.tasks import Arrays, Values
from .adam import Adam, one_thread


@dataclass(frozen=True)
class Settings:
    """How a member is trained. Chosen by experiment: docs/methods.md says by which.

    hidden: units of each hidden layer; batch: samples per step; rate: the highest learning rate (Loshchilov and Hutter 2019: AdamW,
    cosine); decay: weight decay; steps: of 10 000 samples, more for more (``steps_for``); look: steps between looks at the validation
    error; judged: validation samples that are looked at, at most.
    """

    hidden: tuple[int, ...] = (32, 32)
    batch: int = 1024
    rate: float = 4e-3
    decay: float = 1.0
    steps: int = 800
    look: int = 50
    judged: int = 40_000


def steps_for(samples: int, settings: Settings) -> int:
    """Steps of training on so many samples: more for more, but less than in proportion."""
    return int(np.clip(settings.steps * (max(1, samples) / 1e4) ** 0.2, 0.5 * settings.steps, 5 * settings.steps))


def train(values: Values, arrays: Arrays, progress: Progress) -> tuple[Values, Arrays]:
    """The task of one member: its weights ("weights_0", "biases_0", ...) at the lowest validation error.

    values: seed, device and ``settings`` in the words of JSON. arrays: inputs (N, F) standardised, target (N,), cell (N,) int,
    descriptors (cells, D), validation (N,) bool. Values of the result: the validation error, and the step at which it was lowest.
    """
    torch = load("torch")
    device = torch.device(values["device"])
    settings = Settings(**{**values["settings"], "hidden": tuple(values["settings"]["hidden"])})
    draw = np.random.default_rng([int(values["seed"]), int(values["member"]), 77])
    validation = np.flatnonzero(arrays["validation"])
    validation = np.sort(draw.permutation(validation)[: settings.judged])
    training = torch.as_tensor(np.flatnonzero(~arrays["validation"].astype(bool)), device=device)
    inputs, target, cell, descriptors = (
        torch.as_tensor(arrays[name].astype(kind), device=device)
        for name, kind in (("inputs", np.float32), ("target", np.float32), ("cell", np.int64), ("descriptors", np.float32))
    )
    judge = torch.as_tensor(validation, device=device)
    sizes = [inputs.shape[1] + descriptors.shape[1], *settings.hidden, 1]
    layers = _start(torch, sizes, draw, device)
    steps = steps_for(int(training.numel()), settings)
    adam = Adam([p for layer in layers for p in layer], settings.decay)
    generator = torch.Generator().manual_seed(int(draw.integers(2**31)))
    best: tuple[float, int, list[Any]] = (math.inf, 0, [])
    with one_thread():
        for step in range(steps):
            progress.check()
            chosen = training[torch.randint(training.numel(), (settings.batch,), generator=generator).to(device)]
            found = _forward(torch, layers, inputs[chosen], descriptors[cell[chosen]])
            loss = ((found - target[chosen]) ** 2).mean()
            adam.step(loss, settings.rate * _schedule(step / steps))
            if (step + 1) % settings.look == 0 or step + 1 == steps:
                with torch.no_grad():
                    error = float(((_forward(torch, layers, inputs[judge], descriptors[cell[judge]]) - target[judge]) ** 2).mean())
                if error < best[0] or not best[2]:
                    best = error, step + 1, [tuple(p.detach().cpu().numpy().copy() for p in layer) for layer in layers]
                progress.report((step + 1) / steps, f"Training network {int(values['member']) + 1}")
    result = {}
    for number, (weights, biases) in enumerate(best[2]):
        result[f"weights_{number}"], result[f"biases_{number}"] = weights, biases
    return {"error": best[0], "step": best[1]}, result


def _start(torch: Any, sizes: list[int], draw: np.random.Generator, device: Any) -> list[tuple[Any, Any]]:
    """Weights (in, out) and biases of each layer, even in +-1/sqrt(in), drawn with numpy: the same on every device."""
    layers = []
    for before, after in zip(sizes, sizes[1:]):
        bound = 1.0 / math.sqrt(before)
        pair = draw.uniform(-bound, bound, (before, after)), draw.uniform(-bound, bound, after)
        layers.append(tuple(torch.tensor(v, dtype=torch.float32, device=device, requires_grad=True) for v in pair))
    return layers


def _forward(torch: Any, layers: list[tuple[Any, Any]], inputs: Any, descriptors: Any) -> Any:
    values = torch.cat([inputs, descriptors], dim=1)
    for number, (weights, biases) in enumerate(layers):
        values = torch.addmm(biases, values if number == 0 else torch.nn.functional.silu(values), weights)
    return values[:, 0]


def _schedule(share: float) -> float:
    """The learning rate's course: a tenth of the way up from a twenty-fifth, then half a cosine down."""
    if share < 0.1:
        return 0.04 + 0.96 * 0.5 * (1.0 - math.cos(math.pi * share / 0.1))
    return 0.5 * (1.0 + math.cos(math.pi * (share - 0.1) / 0.9))
