"""What a step is asked to do: one frozen dataclass per step, whose fields carry their default, documentation and bounds.

A step's request is written once. ``check(request)`` and ``run(request, progress)`` of the step take it, the QGIS algorithm declares its
parameters from it and fills it from their values, and the run record stores it. A module of requests imports nothing heavy: QGIS reads
the defaults and the documentation when it loads the plugin.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, ClassVar, TypeVar

from .errors import ParameterError

_Self = TypeVar("_Self", bound="Request")

#: Said instead of a default: the field must be given.
REQUIRED: Any = object()

#: Kinds of fields that name a file or folder to be written.
OUTPUTS = ("file_out", "folder_out", "raster_out", "points_out")


@dataclass(frozen=True)
class Option:
    """What is known of a field: its ``kind``, ``label`` and ``help`` text, and what its value is checked against.

    kind: "file", "folder", "files", "date", "integer", "double", "choice", "choices", "words", "flag", "extent", "polygons", "features",
    "span", "authentication" (the id of one), "file_out", "folder_out", "raster_out", "points_out", or "script" for what only Python
    callers give. parameter: its name in Processing (default: the field's in capitals). low, high: bounds of a number; choices: the words
    allowed; extension: of a file; advanced: folded away in the dialog; optional: may be left empty; asked: an output that is written only
    if asked for. offered: the words that a dialog offers, or the date with which it opens, of a field that has no default in Python.
    """

    kind: str
    label: str = ""
    help: str = ""
    parameter: str = ""
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    extension: str = ""
    advanced: bool = False
    optional: bool = True
    asked: bool = False
    offered: tuple[str, ...] = ()


def option(kind: str, label: str, text: str, default: Any = REQUIRED, **facts: Any) -> Any:
    """A dataclass field of ``kind`` with its ``default`` and the facts of ``Option``; without a default and a word on it, required."""
    facts.setdefault("optional", default is not REQUIRED)
    facts["choices"] = tuple(facts.get("choices", ()))
    facts["offered"] = (facts["offered"],) if isinstance(facts.get("offered"), str) else tuple(facts.get("offered", ()))
    if facts["choices"] and default is REQUIRED and kind == "choice":
        default, facts["optional"] = facts["choices"][0], True
    return dataclasses.field(default=None if default is REQUIRED else default, metadata={"option": Option(kind, label, text, **facts)})


def raster(label: str, text: str) -> Any:
    """A map (GeoTIFF) that is written only if asked for."""
    return option("raster_out", label, text, None, asked=True)


def figures() -> Any:
    """A folder of figures for a publication, written only if asked for."""
    text = "Every figure as PNG at 300 dpi, PDF and SVG, with its numbers as CSV; for a publication."
    return option("folder_out", "Folder of figures", text, None, asked=True)


def script(default: Any, text: str) -> Any:
    """A field that only Python callers give; ``text`` documents it."""
    return dataclasses.field(default=default, metadata={"option": Option("script", help=text)})


@dataclass(frozen=True)
class Request:
    """Base of all requests. Building one checks nothing; ``check_values`` and the step's own ``check`` do."""

    #: The step's name in messages.
    STEP: ClassVar[str] = ""

    @classmethod
    def options(cls) -> dict[str, Option]:
        """Field name -> what is known of it, in order."""
        found = {}
        for field in dataclasses.fields(cls):
            known: Option = field.metadata["option"]
            found[field.name] = known if known.parameter else dataclasses.replace(known, parameter=field.name.upper())
        return found

    @classmethod
    def default(cls, name: str) -> Any:
        """The default of a field."""
        return next(field.default for field in dataclasses.fields(cls) if field.name == name)

    def but(self: _Self, **changes: Any) -> _Self:
        """The same request with some fields changed."""
        return dataclasses.replace(self, **changes)

    def check_values(self, *, outputs: bool = True) -> None:
        """Raise ``ParameterError`` if a field that must be given is not, a number is out of bounds or a word none of its choices.

        outputs: whether outputs must be given too.
        """
        for name, known in self.options().items():
            value = getattr(self, name)
            if known.kind in OUTPUTS and not outputs:
                continue
            if value is None or (isinstance(value, str) and not value and known.kind != "words"):
                if not known.optional:
                    raise ParameterError(f"{known.parameter} is not given; expected {known.label.lower() or 'a value'}.")
            elif known.kind == "integer":
                whole_number(known.parameter, value, int(known.low or 0), None if known.high is None else int(known.high))
            elif known.kind == "double":
                number(known.parameter, value, known.low, known.high)
            elif known.kind == "choice":
                one_of(known.parameter, value, known.choices)
            elif known.kind == "choices" and not isinstance(value, str):
                for word in value:
                    one_of(known.parameter, word, known.choices)

    def outputs(self) -> dict[str, str]:
        """Field name -> path of every output that is wanted."""
        return {name: str(getattr(self, name)) for name, known in self.options().items() if known.kind in OUTPUTS and getattr(self, name)}

    def record(self) -> dict[str, Any]:
        """The request as JSON-ready values, for the run record."""
        return {name: _plain(getattr(self, name)) for name in self.options()}


def whole_number(name: str, value: Any, low: int, high: int | None = None) -> int:
    """``value`` as a whole number within its bounds; raises ``ParameterError``."""
    bounds = f"a whole number from {low} to {high}" if high is not None else f"a whole number of at least {low}"
    try:
        found = int(value)
    except (TypeError, ValueError, OverflowError):
        raise ParameterError(f"{name} is '{value}'; expected {bounds}.") from None
    if found != float(value) or found < low or (high is not None and found > high):
        raise ParameterError(f"{name} is {value}; expected {bounds}.")
    return found


def number(name: str, value: Any, low: float | None = None, high: float | None = None) -> float:
    """``value`` as a finite number within its bounds; raises ``ParameterError``."""
    words = [f"of at least {low:g}"] if low is not None else []
    words += [f"of at most {high:g}"] if high is not None else []
    try:
        found = float(value)
        good = found - found == 0 and (low is None or found >= low) and (high is None or found <= high)
    except (TypeError, ValueError):
        good = False
    if not good:
        raise ParameterError(f"{name} is '{value}'; expected a number {' and '.join(words)}".rstrip() + ".")
    return found


def one_of(name: str, value: Any, choices: Sequence[str]) -> str:
    """The one of ``choices`` that ``value`` is, in whatever case; raises ``ParameterError``."""
    found = {choice.lower(): choice for choice in choices}.get(str(value).strip().lower())
    if found is None:
        raise ParameterError(f"{name} is '{value}'; expected one of {', '.join(choices)}.")
    return found


def _plain(value: Any) -> Any:
    """A value of a request in the words of JSON; arrays by their shape, objects by their text."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    shape = getattr(value, "shape", None)
    return f"array of {'x'.join(map(str, shape))}" if shape else str(value)
