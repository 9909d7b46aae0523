"""Reads the best settings that a sensitivity analysis found."""

from __future__ import annotations

import math
from typing import Any

from ..foundation.errors import ParameterError, ProductError
from ..foundation.outside import read_json
from ..foundation.paths import PathLike

#: A threshold (mm in 7 h) that no rain exceeds.
NO_SCREENING = 1.0e6

#: Names of inputs that a file may have at most, and characters of each and of the ratio.
_MOST_NAMES, _LONGEST = 1000, 200


def read(path: PathLike) -> dict:
    """The settings of a BEST file by name. Raises ``ParameterError`` if it cannot be read or a setting is not what it should be."""
    try:
        found = read_json(path, "the BEST file of a sensitivity analysis")
    except ProductError as error:
        wrong = f"The settings file {path} cannot be read as JSON: found {error.found}; expected {error.expected}."
        raise ParameterError(wrong) from error
    return checked(found, f"The settings file {path}")


def checked(settings: dict, where: str) -> dict:
    """The settings, if those that training and screening take are of the right kind; ``where`` they stand, for the ``ParameterError``."""
    for name, (good, expected) in _KINDS.items():
        if name in settings and not good(settings[name]):
            raise ParameterError(f"{where} has {str(settings[name])[:60]!r} as '{name}'; expected {expected}.")
    return settings


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST


def _are_names(value: Any) -> bool:
    if isinstance(value, str):
        return 0 < len(value) <= _LONGEST * _MOST_NAMES
    return isinstance(value, (list, tuple)) and 0 < len(value) <= _MOST_NAMES and all(map(_is_text, value))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_ratio(value: Any) -> bool:
    return _is_text(value) or (isinstance(value, (list, tuple)) and len(value) == 3 and all(map(_is_number, value)))


def _is_threshold(value: Any) -> bool:
    return value is None or (_is_number(value) and 0 <= value <= NO_SCREENING and math.isfinite(value))


#: Setting -> whether a value can be it, and what is expected.
_KINDS = {
    "variables": (_are_names, "a list of names of inputs"),
    "hidden": (lambda value: _is_number(value) and 1 <= value <= 100, "a number of neurons from 1 to 100"),
    "ratio": (_is_ratio, "a ratio such as 70/15/15"),
    "threshold": (_is_threshold, "a number of mm in 7 h of at least 0, or null for no screening"),
}


def threshold_of(path: PathLike, threshold: float) -> float:
    """The precipitation threshold (mm in 7 h): that of the settings file ``path`` where it names one, else ``threshold``.

    null in the file means that no day is screened; the threshold is then ``NO_SCREENING``.
    """
    found: float | None = read(path).get("threshold", threshold) if path else threshold
    return NO_SCREENING if found is None else found
