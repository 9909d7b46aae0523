"""What a model file must be like: its parts are looked at before they are read, and compared with each other afterwards."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from ..foundation import store
from ..foundation.errors import CubeError
from ..foundation.paths import PathLike

WHOLE = "a complete model written by training"

#: Most neurons and restarts of a network.
MOST = 10_000

COMBINED = ("best", "average")


def look(path: PathLike, file: Any, names: Collection[str]) -> None:
    """Raise ``CubeError`` unless an open model has the variables ``names``, all of numbers, and none larger than the file can hold."""
    for name in names:
        if name not in file.variables:
            raise CubeError(path, f"a model without a readable '{name}'", WHOLE)
    sizes = {}
    for name, variable in file.variables.items():
        if name in names or name.startswith("shared_"):
            if not store.is_number(variable.dtype):
                raise CubeError(path, f"'{name}' that holds no numbers", WHOLE)
            sizes[name] = store.bytes_of(variable)
    wrong = store.check_whole(path, sizes)
    if wrong:
        raise CubeError(path, wrong, WHOLE)


def whole_number(path: PathLike, attributes: Mapping[str, Any], name: str) -> int:
    """An attribute that is a whole number from 1 to ``MOST``; raises ``CubeError``."""
    if name not in attributes:
        raise CubeError(path, f"a model without a readable '{name}'", WHOLE)
    value = np.asarray(attributes[name])
    if value.dtype.kind not in "iu" or value.size != 1 or not 1 <= int(value.reshape(())) <= MOST:
        raise CubeError(path, f"{name} = {str(attributes[name])[:40]!r}", f"a whole number from 1 to {MOST}")
    return int(value.reshape(()))


def text(path: PathLike, attributes: Mapping[str, Any], name: str) -> str:
    """An attribute that is text; raises ``CubeError``."""
    value = attributes.get(name)
    if not isinstance(value, str) or not value.strip():
        raise CubeError(path, f"a model without a readable '{name}'", WHOLE)
    return value


def meanings(path: PathLike, attributes: Mapping[str, Any], name: str) -> dict[int, str]:
    """The words of codes, kept as a JSON object; raises ``CubeError``."""
    try:
        found = json.loads(text(path, attributes, name))
        return {int(code): str(words) for code, words in dict(found.items()).items()}
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise CubeError(path, f"{name} that are no table of codes and words ({store.words_of(error)})", WHOLE) from error


def check(
    path: PathLike, arrays: Mapping[str, np.ndarray], inputs: list[str], hidden: int, combine: str, measures: Mapping[str, int]
) -> None:
    """Raise ``CubeError`` unless the arrays of a model fit each other and hold numbers where there must be some.

    measures: names of the errors, and the number of kinds of samples.
    """
    shape = _axes(path, arrays)
    weights, parameters = arrays["weights"], hidden * (len(inputs) + 2) + 1
    if weights.ndim != 4 or weights.shape[:2] != shape or weights.shape[3] != parameters or not 1 <= weights.shape[2] <= MOST:
        expected = f"(lat {shape[0]}, lon {shape[1]}, restarts, {parameters}) for {hidden} neurons and {len(inputs)} inputs"
        raise CubeError(path, f"weights of shape {weights.shape}", expected)
    wanted: dict[str, tuple[int, ...]] = {name: (*shape, len(inputs) + 1) for name in ("low", "high")}
    wanted.update({name: (kinds, *shape) for name, kinds in measures.items()})
    wanted.update(dict.fromkeys(("best_restart", "status", "epochs", "stop_reason", "mu"), shape))
    for name, right in wanted.items():
        if arrays[name].shape != right:
            what = "scaling limits" if name in ("low", "high") else f"'{name}'"
            raise CubeError(path, f"{what} of shape {arrays[name].shape}", f"{right}")
    for name in ("best_restart", "status", "epochs", "stop_reason"):
        if arrays[name].dtype.kind not in "iu":
            raise CubeError(path, f"'{name}' of type {arrays[name].dtype}", "whole numbers")
    best = arrays["best_restart"]
    if best.min(initial=0) < 0 or best.max(initial=0) >= weights.shape[2]:
        raise CubeError(path, "a kept restart that is not in the file", f"numbers from 0 to {weights.shape[2] - 1}")
    if combine not in COMBINED:
        raise CubeError(path, f"restarts combined by '{combine[:40]}'", f"one of {', '.join(COMBINED)}")
    _check_numbers(path, arrays)


def _check_numbers(path: PathLike, arrays: Mapping[str, np.ndarray]) -> None:
    """The numbers of a cell that has a network are finite; those of others may be missing, but nothing is infinite."""
    weights, low, high = arrays["weights"], arrays["low"], arrays["high"]
    own = weights.strides[-1] != 0  # those of a model that all cells share are one zero
    trained = np.isfinite(weights[..., -1]).all(axis=2) if own else np.zeros(weights.shape[:2], dtype=bool)
    if own and (np.isinf(weights).any() or not np.isfinite(weights[trained]).all()):
        raise CubeError(path, "weights that are no numbers in a cell that has a network", WHOLE)
    limits = low[trained], high[trained]
    if np.isinf(low).any() or np.isinf(high).any() or not all(np.isfinite(v).all() for v in limits) or (limits[1] < limits[0]).any():
        raise CubeError(
            path, "scaling limits that are no ranges in a cell that has a network", "a lowest and a highest value of every input"
        )


def _axes(path: PathLike, arrays: Mapping[str, np.ndarray]) -> tuple[int, int]:
    """(rows, columns); raises ``CubeError`` unless latitudes and longitudes are those of a grid."""
    for name in ("lat", "lon"):
        if arrays[name].ndim != 1 or not arrays[name].size:
            raise CubeError(path, f"'{name}' that is no axis of a grid", "degrees along one dimension")
        store.check_cells(path, name, arrays[name], WHOLE)
    return arrays["lat"].size, arrays["lon"].size
