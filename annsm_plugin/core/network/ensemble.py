"""The network that all cells of a region share: an ensemble of small multilayer networks, applied in numpy alone.

A cell's inputs are standardised by the cell's own mean and spread; beside them the networks see descriptors of the cell, which do not
change from day to day. What comes out is the target, standardised by the cell's own mean and spread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..foundation import machine

#: Standardised values beyond are held: a network knows nothing of what lies there.
FARTHEST = 5.0

#: Samples that go through the layers together: few enough that what is between the layers stays in the processor's cache.
ROWS = 4096


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


def layers(ensemble: Ensemble) -> dict[str, np.ndarray]:
    """The networks as arrays by name ("weights_0", "biases_0", ...); ``of`` makes them of these."""
    pairs = enumerate(zip(ensemble.weights, ensemble.biases))
    return {f"{name}_{number}": array for number, pair in pairs for name, array in zip(("weights", "biases"), pair)}


def of(arrays: Mapping[str, np.ndarray], fold: np.ndarray | None = None) -> Ensemble:
    """The ensemble whose ``layers`` are among ``arrays``."""
    count = sum(name.startswith("weights_") for name in arrays)
    weights, biases = ([arrays[f"{name}_{number}"] for number in range(count)] for name in ("weights", "biases"))
    return Ensemble(weights, biases, np.zeros(weights[0].shape[0], dtype=int) if fold is None else fold)


def joined(members: Sequence[Mapping[str, np.ndarray]], fold: np.ndarray | None = None) -> Ensemble:
    """The ensemble of ``members``, each as ``members.train`` gives it."""
    return of({name: np.stack([member[name] for member in members]) for name in members[0]}, fold)


def swish(values: np.ndarray, scratch: np.ndarray) -> np.ndarray:
    """x / (1 + exp(-x)), in place; ``scratch`` is as large as ``values``."""
    np.negative(values, out=scratch)
    with np.errstate(over="ignore"):
        np.exp(scratch, out=scratch)
    scratch += 1.0
    return np.divide(values, scratch, out=values)


def members(ensemble: Ensemble, inputs: np.ndarray, descriptors: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """(M, N) float32 outputs for standardised ``inputs`` (N, F) of the cells ``cell`` (N,), whose descriptors are (cells, D)."""
    inputs = np.ascontiguousarray(np.clip(inputs, -FARTHEST, FARTHEST), dtype=np.float32)
    descriptors = np.asarray(descriptors, dtype=np.float32)
    count = inputs.shape[1]
    constant = [descriptors @ first[count:] + biases for first, biases in zip(ensemble.weights[0], ensemble.biases[0])]
    out = np.empty((ensemble.members, inputs.shape[0]), dtype=np.float32)

    def part(first: int) -> None:
        rows = slice(first, min(first + ROWS, inputs.shape[0]))
        for member in range(ensemble.members):
            values = inputs[rows] @ ensemble.weights[0][member][:count]
            values += constant[member][cell[rows]]
            for weights, biases in zip(ensemble.weights[1:], ensemble.biases[1:]):
                values = swish(values, np.empty_like(values)) @ weights[member]
                values += biases[member]
            out[member, rows] = values[:, 0]

    starts = range(0, inputs.shape[0], ROWS)
    with machine.quiet_blas(), machine.Threads(machine.threads()) as pool:
        for _ in pool.map(part, starts):
            pass
    return out


def standardise(values: np.ndarray, centre: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """``values`` (B, N, F) less their cell's ``centre``, over its ``scale`` (B, F)."""
    return (values - centre[:, np.newaxis]) / scale[:, np.newaxis]
