"""The paper's network, trained as ``annsm:train`` trains it, with all inputs or without brightness temperatures."""

from __future__ import annotations

import numpy as np

from ..network import block as training
from ..network import function as network


def train(samples, inputs: list[int], identities, asked, progress) -> np.ndarray:
    """(B, P) weights of the networks of B cells on the inputs numbered ``inputs``; NaN in cells that cannot be trained."""
    return training.train_block(
        samples.inputs[..., inputs],
        samples.target,
        samples.role,
        hidden=asked.hidden,
        restarts=asked.restarts,
        seed=asked.seed,
        cells=identities,
        device=asked.device,
        progress=progress,
    ).weights


def predict(weights: np.ndarray, samples, inputs: list[int], hidden: int) -> np.ndarray:
    """(B, N) output in 0-1 units."""
    return network.predict(weights, samples.inputs[..., inputs], hidden)
