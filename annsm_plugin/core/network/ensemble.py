"""The network that all cells of a region share: an ensemble of small multilayer networks, applied in numpy alone.

A cell's inputs are standardised by the cell's own mean and spread; beside them the networks see descriptors of the cell, which do not
change from day to day. What comes out is the target, standardised by the cell's own mean and spread.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Standardised values beyond are held: a network knows nothing of what lies there.
FARTHEST = 5.0


@dataclass
class Ensemble:
    """M networks of L layers. ``weights[l]`` (M, in, out) and ``biases[l]`` (M, out), float32; the last layer has one output.

    The first layer takes F inputs and then D descriptors. ``fold`` (M,): which fifth of the training days a member has not seen.
    Between layers stands x / (1 + exp(-x)), called SiLU or swish (Hendrycks and Gimpel 2016; Ramachandran et al. 2017).
    """

    weights: list[np.ndarray]
    biases: list[np.ndarray]
    fold: np.ndarray

    @property
    def members(self) -> int:
        """M."""
        return int(self.weights[0].shape[0])


def swish(values: np.ndarray) -> np.ndarray:
    """x / (1 + exp(-x)), in place."""
    with np.errstate(over="ignore"):
        return np.divide(values, 1.0 + np.exp(-values), out=values)


def members(ensemble: Ensemble, inputs: np.ndarray, descriptors: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """(M, N) float32 outputs for standardised ``inputs`` (N, F) of the cells ``cell`` (N,), whose descriptors are (cells, D)."""
    inputs = np.ascontiguousarray(np.clip(inputs, -FARTHEST, FARTHEST), dtype=np.float32)
    descriptors = np.asarray(descriptors, dtype=np.float32)
    count = inputs.shape[1]
    out = np.empty((ensemble.members, inputs.shape[0]), dtype=np.float32)
    for member in range(ensemble.members):
        first = ensemble.weights[0][member]
        constant = descriptors @ first[count:] + ensemble.biases[0][member]
        values = inputs @ first[:count]
        values += constant[cell]
        for weights, biases in zip(ensemble.weights[1:], ensemble.biases[1:]):
            values = swish(values) @ weights[member]
            values += biases[member]
        out[member] = values[:, 0]
    return out


def standardise(values: np.ndarray, centre: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """``values`` (B, N, F) less their cell's ``centre``, over its ``scale`` (B, F)."""
    return (values - centre[:, np.newaxis]) / scale[:, np.newaxis]
