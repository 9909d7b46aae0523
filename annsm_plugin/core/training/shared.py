"""What a model holds of the network that all its cells share, in memory and in the model file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..foundation import store
from ..foundation.errors import CubeError
from ..network.ensemble import Ensemble
from . import model_parts as parts

#: Where a cell's standards come from: nothing is known of the cell; its own complete days; those of cells like it.
NOWHERE, OWN, LIKE = 0, 1, 2

#: Most layers of a shared network.
MOST_LAYERS = 64


@dataclass
class Shared:
    """An ensemble and what it needs of each cell (rows, columns). F inputs, D descriptors.

    centre, scale (rows, columns, F + 1): mean and spread of the training days, the target last; descriptors (rows, columns, D);
    source: ``NOWHERE``, ``OWN`` or ``LIKE``; low, high (F,): range of the inputs over the region's training days; residual: the part of
    the uncertainty that does not change from day to day, m3 m-3; factor: what it and the spread together are multiplied by; correction
    (rows, columns, F + 2): what is added to the output, in standardised units: a constant, a share of the output, shares of the inputs;
    all zero where the cell's own days do not prove one.
    """

    ensemble: Ensemble
    centre: np.ndarray
    scale: np.ndarray
    descriptors: np.ndarray
    source: np.ndarray
    low: np.ndarray
    high: np.ndarray
    residual: np.ndarray
    factor: float
    correction: np.ndarray

    @property
    def corrected(self) -> np.ndarray:
        """(rows, columns) bool: cells with a correction of their own."""
        return (self.correction != 0).any(axis=2)


_CELL = {
    "centre": (("variable",), "mean in the training days, as the shared network is told (inputs in order, target last)"),
    "scale": (("variable",), "spread in the training days, as the shared network is told (inputs in order, target last)"),
    "descriptors": (("descriptor",), "what the shared network is told of the cell beside the day's inputs"),
    "source": ((), "where the cell's mean and spread of the target come from: 0 unknown, 1 its own days, 2 cells like it"),
    "correction": (("coefficient",), "the cell's own correction: a constant, a share of the output, shares of the inputs"),
}


def put(file: Any, shared: Shared, write: Callable[..., None]) -> None:
    """Write ``shared`` into an open model file; ``write`` is ``model.put``."""
    sizes = {"descriptor": shared.descriptors.shape[2], "coefficient": shared.correction.shape[2], "member": shared.ensemble.members}
    for name, size in (*sizes.items(), ("input", shared.low.size)):
        file.createDimension(name, size)
    for name, (dimensions, long_name) in _CELL.items():
        write(file, f"shared_{name}", getattr(shared, name), ("lat", "lon", *dimensions), long_name, "1")
    write(file, "shared_residual", shared.residual, ("lat", "lon"), "uncertainty beside the spread, before its factor", "m3 m-3")
    for name in ("low", "high"):
        write(
            file, f"shared_{name}", getattr(shared, name), ("input",), f"{name}est value of the inputs in the region's training days", "1"
        )
    write(file, "shared_fold", shared.ensemble.fold, ("member",), "fifth of the training days that the member has not seen", "1")
    for number, (weights, biases) in enumerate(zip(shared.ensemble.weights, shared.ensemble.biases)):
        names = tuple(f"shared_{side}_{number}" for side in ("in", "out"))
        for name, size in zip(names, weights.shape[1:]):
            file.createDimension(name, size)
        write(file, f"shared_weights_{number}", weights, ("member", *names), f"weights of layer {number}", "1")
        write(file, f"shared_biases_{number}", biases, ("member", names[1]), f"biases of layer {number}", "1")
    file.setncatts({"shared_layers": np.int32(len(shared.ensemble.weights)), "shared_factor": float(shared.factor)})


def take(file: Any, path: Any, shape: tuple[int, int], inputs: int) -> Shared:
    """Read what ``put`` has written; raises ``CubeError`` if it does not fit together."""
    attributes = {name: file.getncattr(name) for name in file.ncattrs()}
    layers = parts.whole_number(path, attributes, "shared_layers")
    if layers > MOST_LAYERS:
        raise CubeError(path, f"a shared network of {layers} layers", f"at most {MOST_LAYERS}")
    factor = np.asarray(attributes.get("shared_factor"))
    if factor.dtype.kind not in "iuf" or factor.size != 1 or not np.isfinite(factor).all():
        raise CubeError(path, "a model without a readable 'shared_factor'", "a complete model written by training")
    names = [f"{part}_{number}" for part in ("weights", "biases") for number in range(layers)]
    arrays = {}
    for name in (*names, "fold", *_CELL, "residual", "low", "high"):
        with store.guard(path, parts.WHOLE, f"shared_{name}"):
            arrays[name] = np.asarray(file[f"shared_{name}"][...])
    weights = [arrays.pop(f"weights_{number}").astype(np.float32) for number in range(layers)]
    biases = [arrays.pop(f"biases_{number}").astype(np.float32) for number in range(layers)]
    fold = arrays.pop("fold").astype(int)
    described = arrays["descriptors"].shape[-1] if arrays["descriptors"].ndim == 3 else -1
    expected = {
        "centre": (*shape, inputs + 1),
        "scale": (*shape, inputs + 1),
        "descriptors": (*shape, described),
        "source": shape,
        "residual": shape,
        "correction": (*shape, inputs + 2),
        "low": (inputs,),
        "high": (inputs,),
    }
    for name, wanted in expected.items():
        if arrays[name].shape != wanted:
            raise CubeError(path, f"shared_{name} of shape {arrays[name].shape}", f"{wanted}")
    widths = [inputs + described, *(w.shape[2] for w in weights)] if weights and all(w.ndim == 3 for w in weights) else []
    fits = bool(widths) and widths[-1] == 1 and fold.shape == weights[0].shape[:1] and fold.size > 0
    for number, (w, b) in enumerate(zip(weights, biases)):
        fits = fits and w.shape == (fold.size, widths[number], widths[number + 1]) and b.shape == (fold.size, widths[number + 1])
    if not fits or not all(np.isfinite(v).all() for v in (*weights, *biases)):
        raise CubeError(
            path, "layers of the shared network that do not fit together", f"{inputs} inputs, {described} descriptors, one output"
        )
    return Shared(ensemble=Ensemble(weights, biases, fold), factor=float(factor.reshape(())), **arrays)
