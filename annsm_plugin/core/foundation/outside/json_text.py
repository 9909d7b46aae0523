"""Reads JSON from outside: of bounded size and depth, with numbers that are numbers."""

from __future__ import annotations

import json
import math
from typing import Any

from ..errors import ProductError
from ..paths import PathLike
from .guard import content, reason

#: Bytes that a JSON file, such as a run record, may have at most. Python's objects take up to 25 times as much memory.
LARGEST = 5_000_000

#: Digits that a whole number may have at most: Python takes quadratic time for more.
_MOST_DIGITS = 400


def read_json(path: PathLike, expected: str, *, finite: bool = True) -> dict[str, Any]:
    """The JSON object in a file. Raises ``ProductError``.

    ``finite``: whether NaN, Infinity and numbers beyond the range of a double are refused; JSON has none of these, but run records of
    results that have no value do.
    """
    text = content(path, LARGEST, expected)
    try:
        found = parse_json(text.decode("utf-8-sig"), finite=finite)
    except ValueError as error:
        raise ProductError(path, None, f"no JSON ({reason(error)})", expected) from error
    if not isinstance(found, dict):
        raise ProductError(path, None, "no JSON object", expected)
    return found


def parse_json(text: str, *, finite: bool = True) -> Any:
    """What a JSON text holds. Raises ``ValueError``, also for brackets that are nested too deeply; ``finite`` as in ``read_json``."""
    try:
        if not finite:
            return json.loads(text, parse_int=_whole)
        return json.loads(text, parse_int=_whole, parse_float=_finite, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("brackets nested too deeply") from None


def _whole(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise ValueError(f"a number of {len(text)} digits")
    return int(text)


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _no_number(text[:20])


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number")
