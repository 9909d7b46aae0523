"""The paper's network, trained as ``annsm:train`` trains it, with all inputs or without brightness temperatures."""

from __future__ import annotations

import numpy as np

from ...foundation.progress import Progress
from ...network import block, function
from ...training.samples import Samples
from ...training.settings import Settings


def train(samples: Samples, inputs: list[int], identities: np.ndarray, asked: Settings, device: str, progress: Progress) -> np.ndarray:
    """(B, P) weights of the networks of B cells on the inputs numbered ``inputs``; NaN in cells that cannot be trained."""
    return block.train_block(
        samples.inputs[..., inputs],
        samples.target,
        samples.role,
        hidden=asked.hidden,
        restarts=asked.restarts,
        seed=asked.seed,
        cells=identities,
        device=device,
        progress=progress,
    ).weights


def predict(weights: np.ndarray, samples: Samples, inputs: list[int], hidden: int) -> np.ndarray:
    """(B, N) output in 0-1 units."""
    return function.predict(weights, samples.inputs[..., inputs], hidden)
