"""What is said of extra predictors: in the log when matching begins, in warnings, and in the cube's attributes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from ...foundation.variables import Variable
from . import kinds
from .one import LEAST_SHARE, Extra

#: Gives the dates (n,) and bounds (n, 2), if any, of a predictor that changes in time.
Times = Callable[[Extra], "tuple[np.ndarray, np.ndarray | None]"]


class Account:
    """An account of the extra predictors of one matching run.

    lines: what was made of each, a sentence per layer; variables: how each is described in the cube, by name.
    """

    def __init__(
        self, extras: list[Extra], static: Mapping[str, np.ndarray], days: np.ndarray, mask: np.ndarray | None, times: Times
    ) -> None:
        self.mask = mask
        layers: dict[tuple[Path, str | None], list[Extra]] = {}
        for one in extras:
            layers.setdefault((one.path, one.variable), []).append(one)
        self.lines: list[str] = []
        self.variables: dict[str, Variable] = {}
        self._warnings: list[str] = []
        self._seen: dict[str, np.ndarray] = {}
        self._labels = {one.name: _label(one) for one in extras}
        for alike in layers.values():
            first = alike[0]
            if first.filled is not None:
                self._warnings.append(f"{_label(first)}: {first.filled:g} counts as no value, which the file does not say.")
            made = _made(alike, self._warnings, days, times)
            self.lines.append(f"{_label(first)}: {made}.")
            self.variables.update({one.name: _variable(one, made) for one in alike})
            if first.daily:
                self._seen[first.name] = np.zeros(())
            else:
                self._warnings += self._without(first.name, np.isfinite(static[first.name]))

    def see(self, values: Callable[[str], np.ndarray]) -> None:
        """Take note where ``values(name)`` (days, rows, columns) of the predictors that change in time are present."""
        for name, seen in self._seen.items():
            self._seen[name] = seen + np.isfinite(values(name)).sum(axis=0)

    def warnings(self) -> list[str]:
        """Days and cells without a value, of those that change in time as far as they were seen."""
        late = [line for name, seen in self._seen.items() if seen.ndim for line in self._without(name, seen > 0)]
        return [*self._warnings, *late]

    def _without(self, name: str, there: np.ndarray) -> list[str]:
        inside = there if self.mask is None else there[self.mask]
        lacking = int((~inside).sum())
        if not lacking:
            return []
        return [f"{self._labels[name]}: no value in {lacking} of {inside.size} cells; such cells have no complete day."]


def _label(one: Extra) -> str:
    if one.series:
        return f"{one.name} ({len(one.series)} files)"
    return one.path.name if one.variable is None else f"{one.path.name} {one.variable}"


def _made(alike: list[Extra], warnings: list[str], days: np.ndarray, times: Times) -> str:
    """What was made of one layer; of one that changes in time a warning is added if it lacks days of the period."""
    first = alike[0]
    stem, suffix = (first.path.stem if first.variable is None else first.variable), first.path.suffix if first.variable is None else ""
    kind = "file" if first.variable is None else "variable"
    if first.chosen is not None:
        codes = ", ".join(str(one.chosen) for one in alike)
        made = f"classes; shares of {codes} ({len(alike)} of {first.classes_there} classes with at least {100 * LEAST_SHARE:g} %)"
        hint = f"; so taken for its few whole numbers (name the {kind} {stem}_mean{suffix} for their mean)"
        return made + (hint if first.unsure else "")
    way = "mean of its pixels in a cell" if first.averaged else "interpolated between its pixels, which are no finer than the cells"
    if not first.daily:
        return way + (f" (name the {kind} {stem}_class{suffix} if its numbers are classes)" if first.unsure else "")
    dates, bounds = times(first)
    composites = kinds.middles(dates, bounds)
    wanted = days.astype("datetime64[D]")
    if composites is None:
        covered, made = np.isin(wanted, dates), f"daily, {way}"
    else:
        middles, reach = composites
        covered = (np.abs(wanted.astype(float)[:, None] - middles) <= reach).any(axis=1)
        made = f"{reach / 1.5:.0f}-day composites at mid-period, linear between, {way}"
    if not covered.all():
        lost = wanted[~covered]
        warnings.append(f"{_label(first)}: nothing for {lost.size} of {wanted.size} days, {lost[0]} to {lost[-1]}; they are not complete.")
    return made


def _variable(one: Extra, made: str) -> Variable:
    """How a predictor is described in the cube."""
    origin = one.variable or (kinds.layer(one.path.stem)[0])
    if one.chosen is not None:
        long_name = f"share of class {one.chosen} of {origin}"
    else:
        long_name = f"mean of {origin}" if one.averaged else f"{origin} interpolated to the cell"
    source = one.path.name if len(one.files) == 1 else f"{one.files[0].name} to {one.files[-1].name} ({len(one.files)} files)"
    attributes: tuple[tuple[str, object], ...] = (("source", source), ("comment", made))
    if one.averaged or one.chosen is not None:
        attributes = (("cell_methods", "area: mean"), *attributes)
    return Variable(long_name, one.units, attributes=attributes)
