"""The network of one cell: inputs - H tanh - 1 linear. Its layout in memory, its random start, and its output (numpy only).

``weights`` (B, P), P = H (F + 2) + 1, hold for each cell, in order: input weights (H, F) row by row, hidden biases (H),
output weights (H), output bias. Inputs and output are in 0-1 units; the map to -1..1 (MATLAB's mapminmax) is inside.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def n_weights(n_inputs: int, hidden: int) -> int:
    """P = H (F + 2) + 1."""
    return hidden * (n_inputs + 2) + 1


def unpack(weights: np.ndarray, n_inputs: int, hidden: int) -> Any:
    """Views of ``weights`` (..., P): input weights (..., H, F), hidden biases (..., H), output weights (..., H), output bias (...,)."""
    if weights.shape[-1] != n_weights(n_inputs, hidden):
        raise ValueError(
            f"weights of length {weights.shape[-1]} do not belong to {n_inputs} inputs and {hidden} neurons ({n_weights(n_inputs, hidden)})"
        )
    end = hidden * n_inputs
    first = weights[..., :end].reshape(*weights.shape[:-1], hidden, n_inputs)
    return first, weights[..., end : end + hidden], weights[..., end + hidden : end + 2 * hidden], weights[..., -1]


def predict(weights: np.ndarray, inputs: np.ndarray, hidden: int) -> np.ndarray:
    """Output (B, N), in 0-1 units, of the networks ``weights`` (B, P) for ``inputs`` (B, N, F) in 0-1 units.

    NaN where an input is NaN. Raises ``ValueError`` if the shapes do not fit together.
    """
    weights, inputs = np.asarray(weights, dtype=float), np.asarray(inputs, dtype=float)
    if weights.ndim != 2 or inputs.ndim != 3 or weights.shape[0] != inputs.shape[0]:
        raise ValueError(f"weights {weights.shape} and inputs {inputs.shape} are not (B, P) and (B, N, F) of the same B")
    first, hidden_bias, second, output_bias = unpack(weights, inputs.shape[2], hidden)
    inner = np.matmul(2.0 * inputs - 1.0, first.transpose(0, 2, 1))
    inner += hidden_bias[:, np.newaxis]
    np.tanh(inner, out=inner)
    output = np.matmul(inner, second[:, :, np.newaxis])[:, :, 0] + output_bias[:, np.newaxis]
    return 0.5 * (output + 1.0)


def nguyen_widrow(low: np.ndarray, high: np.ndarray, hidden: int, generator: np.random.Generator) -> np.ndarray:
    """Random start (P,) of one network whose inputs range from ``low`` to ``high`` (F,), 0-1 units.

    Nguyen and Widrow (1990) as MATLAB's ``initnw`` does it: random directions of length 0.7 H^(1/n), widened by 2 for
    tanh's active range -2..2, stretched over the inputs' real range; biases evenly spread; output layer uniform in -1..1.
    Inputs without a range count as absent and get weight 0.
    """
    low, high = 2.0 * np.asarray(low, float) - 1.0, 2.0 * np.asarray(high, float) - 1.0
    real = np.flatnonzero(high > low)
    direction = generator.standard_normal((hidden, max(1, real.size)))
    second = generator.uniform(-1.0, 1.0, hidden)
    output_bias = generator.uniform(-1.0, 1.0)
    first = np.zeros((hidden, low.size))
    length = 2.0 * 0.7 * hidden ** (1.0 / max(1, real.size))
    direction *= length / np.linalg.norm(direction, axis=1, keepdims=True)
    spread = np.linspace(-1.0, 1.0, hidden) if hidden > 1 else np.zeros(1)
    bias = length * spread * np.sign(direction[:, 0])
    if real.size:
        width, middle = high[real] - low[real], high[real] + low[real]
        first[:, real] = direction * (2.0 / width)
        bias = bias - (direction * (middle / width)).sum(axis=1)
    return np.concatenate([first.ravel(), bias, second, [output_bias]])
