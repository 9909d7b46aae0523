"""The methods that are compared: their names, what they need, and how a block of cells is estimated by one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import wait
from dataclasses import dataclass

import numpy as np

from ..foundation import libraries, machine
from ..foundation.errors import Cancelled, MissingLibrary
from ..foundation.progress import Progress
from ..network import splits
from ..training.samples import Samples
from ..training.settings import Settings
from .estimators import forest, kernels, networks, statistical
from .request import METHODS

PACKAGES = {
    "network": "torch",
    "regional": "torch",
    "refined": "torch",
    "nnsm": "torch",
    "network_without_tb": "torch",
    "forest": "sklearn",
    "rfsm": "sklearn",
}


@dataclass(frozen=True)
class Cells:
    """B cells: their samples, identities (B,), the settings, and the number of the input that CDF matching takes (None: none)."""

    samples: Samples
    identities: np.ndarray
    asked: Settings
    product: int | None


def unable(name: str, inputs: Sequence[str], product: str | None, packages: Sequence[str] | None = None) -> str:
    """Why method ``name`` cannot run with these inputs, in a sentence; empty if it can.

    packages: those that the workers have; None: this process does the work, with its own.
    """
    title = METHODS[name]
    if name in PACKAGES and packages is not None:
        if PACKAGES[name] not in packages:
            return f"{title} is left out: the Python that does the work lacks the package '{PACKAGES[name]}'."
    elif name in PACKAGES:
        try:
            libraries.load(PACKAGES[name])
        except MissingLibrary as error:
            return f"{title} is left out: {error}"
    if name in ("cdf", "cci") and product not in inputs:
        return f"{title} is left out: the cube has no input '{product}' to match; name another soil moisture with PRODUCT."
    without = other_than_tb(inputs)
    if name in ("cci", "nnsm") and len(without) == len(inputs):
        return f"{title} is left out: the inputs hold no brightness temperature."
    if name == "network_without_tb" and (not without or len(without) == len(inputs)):
        return f"{title} is left out: the inputs hold {'nothing else' if not without else 'no brightness temperature'}."
    return ""


def other_than_tb(inputs: Sequence[str]) -> list[int]:
    """The numbers of the inputs that are no brightness temperature."""
    return [number for number, name in enumerate(inputs) if not name.startswith("tb_")]


def estimate(name: str, cells: Cells, device: str, progress: Progress) -> tuple[np.ndarray, np.ndarray | None]:
    """(B, N) estimates of method ``name`` in 0-1 units, testing samples at least, and its weights if it is the network."""
    if name in ("network", "network_without_tb"):
        inputs = list(range(len(cells.asked.inputs))) if name == "network" else other_than_tb(cells.asked.inputs)
        weights = networks.train(cells.samples, inputs, cells.identities, cells.asked, device, progress)
        return networks.predict(weights, cells.samples, inputs, cells.asked.hidden), weights if name == "network" else None
    values = np.full(cells.samples.target.shape, np.nan)

    def one(cell: int) -> None:
        used = cells.samples.role[cell] != splits.UNUSED
        role = cells.samples.role[cell][used]
        if (role == splits.TRAINING).any():
            values[cell, used] = _CELL[name](cells, cell, used, role)

    _each(one, values.shape[0], progress, METHODS[name], machine.threads() if name == "forest" else 1)
    return values, None


def _cdf(cells: Cells, cell: int, used: np.ndarray, role: np.ndarray) -> np.ndarray:
    samples = cells.samples
    return statistical.cdf_match(samples.inputs[cell, used, cells.product], samples.target[cell, used], role == splits.TRAINING)


def _cci(cells: Cells, cell: int, used: np.ndarray, role: np.ndarray) -> np.ndarray:
    samples = cells.samples
    without = other_than_tb(cells.asked.inputs)
    tb = [number for number in range(samples.inputs.shape[2]) if number not in without]
    inputs, target = samples.inputs[cell, used], samples.target[cell, used]
    return statistical.merged(inputs[:, cells.product], inputs[:, tb], target, role == splits.TRAINING)


def _linear(cells: Cells, cell: int, used: np.ndarray, role: np.ndarray) -> np.ndarray:
    return statistical.linear(cells.samples.inputs[cell, used], cells.samples.target[cell, used], role == splits.TRAINING)


def _climatology(cells: Cells, cell: int, used: np.ndarray, role: np.ndarray) -> np.ndarray:
    return statistical.climatology(cells.samples.dates[cell, used], cells.samples.target[cell, used], role == splits.TRAINING)


def _forest(cells: Cells, cell: int, used: np.ndarray, role: np.ndarray) -> np.ndarray:
    inputs, target = cells.samples.inputs[cell, used], cells.samples.target[cell, used]
    return forest.forest(inputs, target, role == splits.TRAINING, cells.asked.seed, cells.identities[cell])


def _grnn(cells: Cells, cell: int, used: np.ndarray, role: np.ndarray) -> np.ndarray:
    inputs, target = cells.samples.inputs[cell, used], cells.samples.target[cell, used]
    train, validation, testing = (role == kind for kind in (splits.TRAINING, splits.VALIDATION, splits.TESTING))
    width = kernels.choose_width(inputs[train], target[train], inputs[validation], target[validation])
    values = np.full(role.size, np.nan)
    values[testing] = kernels.grnn(inputs[train], target[train], inputs[testing], width)
    return values


_CELL: dict[str, Callable[..., np.ndarray]] = {
    "cdf": _cdf,
    "cci": _cci,
    "linear": _linear,
    "climatology": _climatology,
    "forest": _forest,
    "grnn": _grnn,
}


def _each(function: Callable[[int], None], count: int, progress: Progress, title: str, threads: int) -> None:
    """Call ``function`` for every cell number, in ``threads`` threads; stop when asked to."""
    done = 0
    with machine.Threads(threads) as pool:
        waiting = {pool.submit(function, cell) for cell in range(count)}
        try:
            while waiting:
                finished, waiting = wait(waiting, timeout=0.2)
                done += len(finished)
                for future in finished:
                    future.result()
                if progress.cancelled():
                    raise Cancelled()
                progress.report(done / count, f"{title}, {done} of {count} cells")
        except BaseException:
            for future in waiting:
                future.cancel()
            raise
