"""Reads the best settings that a sensitivity analysis found."""

from __future__ import annotations

import json
from pathlib import Path

from ..foundation.errors import ParameterError
from ..foundation.paths import PathLike

#: A threshold (mm in 7 h) that no rain exceeds.
NO_SCREENING = 1.0e6


def read(path: PathLike) -> dict:
    """The settings of a BEST file by name. Raises ``ParameterError`` if it cannot be read or is no JSON object."""
    try:
        settings = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ParameterError(f"The settings file {path} cannot be read as JSON: {error}.") from error
    if not isinstance(settings, dict):
        raise ParameterError(f"The settings file {path} holds no JSON object; expected the BEST file of a sensitivity analysis.")
    return settings


def threshold_of(path: PathLike, threshold: float) -> float:
    """The precipitation threshold (mm in 7 h): that of the settings file ``path`` where it names one, else ``threshold``.

    null in the file means that no day is screened; the threshold is then ``NO_SCREENING``.
    """
    found = read(path).get("threshold", threshold) if path else threshold
    found = NO_SCREENING if found is None else found
    try:
        return float(found)
    except (TypeError, ValueError):
        raise ParameterError(f"The settings file {path} has the threshold '{found}'; expected a number of mm.") from None
