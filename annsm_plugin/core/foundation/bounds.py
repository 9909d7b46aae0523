"""What soil can hold: soil moisture that is read or handed out lies within it, and what did not is counted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .errors import CubeError
from .paths import PathLike
from .variables import FLAGS, POSSIBLE, SOIL, possible

#: How far beyond its reference's range a value may lie, as a share of that range: what is further off rests on nothing seen.
MARGIN = 0.5

#: With at least this many values, a file is refused in which most of a variable's values cannot be.
ENOUGH = 100


def outside(values: np.ndarray) -> np.ndarray:
    """Which ``values`` (any shape, m3 m-3) no soil can have; infinite ones too, missing ones (NaN) not."""
    return (values < POSSIBLE[0]) | (values > POSSIBLE[1])


def held(values: np.ndarray) -> np.ndarray:
    """``values`` (any shape, m3 m-3), those that no soil can have set to 0 or 1."""
    return np.clip(values, *POSSIBLE)


def at_bounds(values: np.ndarray) -> np.ndarray:
    """The flag ``held_at_bounds`` (0 elsewhere) of ``values`` that have been held."""
    return np.where(np.isin(values, POSSIBLE), np.uint8(FLAGS["held_at_bounds"]), np.uint8(0))


def were_held(flags: np.ndarray) -> np.ndarray:
    """Which values are held at a bound, by their ``quality_flag`` (any shape, NaN where missing)."""
    known = np.isfinite(flags)
    return known & (np.where(known, flags, 0).astype(np.uint8) & FLAGS["held_at_bounds"] > 0)


def beyond(values: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Which ``values`` lie further than ``MARGIN`` of the range ``low``-``high`` of their reference beyond it (shapes that broadcast)."""
    margin = MARGIN * (high - low)
    return (values < low - margin) | (values > high + margin)


@dataclass
class Count:
    """How many values are there (``known``), cannot be (``impossible``), and could be if they were in percent (``in_percent``).

    low, high: what they can be, in ``unit``.
    """

    low: float = POSSIBLE[0]
    high: float = POSSIBLE[1]
    unit: str = "m3 m-3"
    known: int = 0
    impossible: int = 0
    in_percent: int = 0

    def add(self, values: np.ndarray, wrong: np.ndarray | None) -> None:
        """Count ``values`` (any shape, NaN where missing) of which some (bool; None: none) are ``wrong``."""
        self.known += values.size - int(np.count_nonzero(np.isnan(values)))
        if wrong is None:
            return
        found = values[wrong]
        self.impossible += found.size
        self.in_percent += int(np.count_nonzero((found > 1) & (found <= 100)))

    @property
    def most(self) -> bool:
        """Whether most of many values cannot be."""
        return self.known >= ENOUGH and 2 * self.impossible > self.known

    @property
    def outside(self) -> str:
        """Between what they can be, in words, and whether most that cannot look like soil moisture in percent."""
        percent = (self.low, self.high) == POSSIBLE and 2 * self.in_percent > self.impossible
        return f"outside {self.low:g} to {self.high:g} {self.unit}{' (in percent?)' if percent else ''}"

    def sentence(self, what: str) -> str:
        """That values of ``what`` were left out."""
        why = "which no soil can have" if (self.low, self.high) == POSSIBLE else "which cannot be"
        return f"{self.impossible} of the {self.known} {what} are {self.outside}, {why}: they are left out."


class Sieve:
    """Leaves out of one open file the values that its variables cannot have (``variables.possible``), and counts them.

    Each value is counted once, however often and in whatever tiles it is read: of a cell that has been read up to a day, later days alone
    count. ``soil``: names of the variables that are soil moisture.
    """

    def __init__(self, path: PathLike, shape: tuple[int, int]) -> None:
        self._path, self._shape, self.soil = Path(path), shape, set(SOIL)
        self._counts: dict[str, Count] = {}
        self._upto: dict[str, np.ndarray] = {}

    def sift(self, name: str, values: np.ndarray, days: slice, tile: tuple[slice, slice]) -> np.ndarray:
        """``values`` (cells, days) float32 of a variable on ``days`` in a ``tile``, NaN where they cannot be."""
        limits = POSSIBLE if name in self.soil else possible(name)
        if limits is None:
            return values
        low, high = limits
        sound = np.fmin.reduce(values, axis=None, initial=low) >= low and np.fmax.reduce(values, axis=None, initial=high) <= high
        wrong = None if sound else (values < low) | (values > high)
        count = self._counts.setdefault(name, Count(*limits, unit="m3 m-3" if limits == POSSIBLE else "K"))
        upto = self._upto.setdefault(name, np.zeros(self._shape, dtype=np.int32))[tile]
        if (upto <= days.start).all():
            count.add(values, wrong)
        elif (upto < days.stop).any():
            new = np.arange(days.start, days.start + values.shape[1]) >= upto.reshape(-1, 1)
            count.add(values[new], None if wrong is None else wrong[new])
        np.maximum(upto, days.stop, out=upto)
        return values if wrong is None else np.where(wrong, np.float32(np.nan), values)

    def impossible(self, name: str) -> int:
        """How many values of a variable have been left out."""
        return self._counts[name].impossible if name in self._counts else 0

    def sentences(self, begun: Any = None) -> list[str]:
        """What has been left out, one sentence for each variable. Raises ``CubeError`` if it is most of a variable's values; then nothing
        is kept of the work that has ``begun`` (a ``store.Checkpoint``)."""
        for name, count in self._counts.items():
            if count.most:
                if begun is not None:
                    begun.clear()
                found = f"{count.impossible} of the {count.known} values of {name} {count.outside}"
                raise CubeError(self._path, found, f"{name} in {count.unit}, and what is missing declared as such (_FillValue)")
        return [f"{self._path.name}: {own.sentence(f'values of {name}')}" for name, own in self._counts.items() if own.impossible]
