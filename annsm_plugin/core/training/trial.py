"""Trial work: whether a Python can really do what it has the packages for. The check of the installation and the tests send it."""

from __future__ import annotations

import numpy as np

from ..foundation.libraries import load
from ..foundation.progress import Progress
from ..network import block
from ..workers.tasks import Arrays, Values


def train(values: Values, arrays: Arrays, progress: Progress) -> tuple[Values, Arrays]:
    """Train ``cells`` networks of ``samples`` random samples each, ``epochs`` long at most; their weights (B, P) and PyTorch's version."""
    cells, samples, inputs = int(values["cells"]), int(values["samples"]), 9
    generator = np.random.default_rng(int(values.get("seed", 0)))
    x = generator.random((cells, samples, inputs))
    noise = generator.random((cells, samples))
    target = 0.1 + 0.6 * x.mean(axis=2) + 0.2 * noise
    role = generator.choice(np.array([0, 0, 0, 1, 2], dtype=np.int8), (cells, samples))
    settings = block.Settings(epochs=int(values.get("epochs", 1000)), max_fail=int(values.get("max_fail", 6)))
    found = block.train_block(x, target, role, hidden=int(values.get("hidden", 12)), settings=settings, progress=progress)
    return {"torch": load("torch").__version__}, {"weights": found.weights}


def echo(values: Values, arrays: Arrays, progress: Progress) -> tuple[Values, Arrays]:
    """What came in."""
    return values, arrays
