"""What is known of each cell before anything is filled: means, spreads, the course of its year, and how inputs go with soil moisture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Fewest known values of a cell that is filled.
FEWEST = 60

#: Harmonics of the course of a year.
HARMONICS = 2


@dataclass
class Cells:
    """Per cell, (cells, ...): ``mean`` and ``spread`` (F + 1) of the inputs and, last, soil moisture; ``correlation`` (F) with it;
    ``course`` (1 + 2 harmonics) coefficients of the year's course of soil moisture; ``departure``: spread around it; ``monthly`` (12)
    sums of the squared departures of each calendar month in units of it, and ``days`` (12) how many; ``count`` of values."""

    mean: np.ndarray
    spread: np.ndarray
    correlation: np.ndarray
    course: np.ndarray
    departure: np.ndarray
    monthly: np.ndarray
    days: np.ndarray
    count: np.ndarray

    @classmethod
    def empty(cls, cells: int, inputs: int) -> Cells:
        nothing = np.full((cells, inputs + 1), np.nan)
        return cls(
            nothing, nothing.copy(), nothing[:, :-1].copy(), np.full((cells, 1 + 2 * HARMONICS), np.nan), np.full(cells, np.nan),
            np.zeros((cells, 12)), np.zeros((cells, 12)), np.zeros(cells, dtype=int),
        )  # fmt: skip

    def at(self, cells: np.ndarray) -> Cells:
        """Those of some cells (indices)."""
        return Cells(*(getattr(self, name)[cells] for name in self.__dataclass_fields__))

    def put(self, cells: np.ndarray, part: Cells) -> None:
        """Enter those of some cells."""
        for name in self.__dataclass_fields__:
            getattr(self, name)[cells] = getattr(part, name)

    @property
    def usable(self) -> np.ndarray:
        """(cells,) bool: cells with enough values that vary."""
        with np.errstate(invalid="ignore"):
            return (self.count >= FEWEST) & (self.spread[:, -1] > 1e-4)


def seasons(dates: np.ndarray) -> np.ndarray:
    """(days, 1 + 2 harmonics): 1 and the sines and cosines of the year."""
    day = (dates - dates.astype("datetime64[Y]")).astype(int)
    angle = 2.0 * np.pi * day[:, np.newaxis] / 365.25 * np.arange(1, HARMONICS + 1)
    return np.concatenate([np.ones((dates.size, 1)), np.sin(angle), np.cos(angle)], axis=1)


def measure(values: np.ndarray, known: np.ndarray, inputs: list[np.ndarray], dates: np.ndarray) -> Cells:
    """Describe the cells of a tile by their days ``known`` (cells, days); inputs F arrays (cells, days), NaN where missing."""
    count = known.sum(axis=1)
    many = np.maximum(count, 1)
    found = Cells.empty(len(values), len(inputs))
    found.count = count
    target = np.where(known, values, 0.0).astype(float)
    mean = target.sum(axis=1) / many
    off = np.where(known, target - mean[:, np.newaxis], 0.0)
    found.mean[:, -1], found.spread[:, -1] = mean, np.sqrt((off**2).sum(axis=1) / many)
    for number, each in enumerate(inputs):
        there = np.isfinite(each)
        size = np.maximum(there.sum(axis=1), 1)
        x = np.where(there, each, 0.0).astype(float)
        middle = x.sum(axis=1) / size
        x = np.where(there, x - middle[:, np.newaxis], 0.0)
        width = np.sqrt((x**2).sum(axis=1) / size)
        both = known & there
        xx, yy, xy = ((a * b * both).sum(axis=1) for a, b in ((x, x), (off, off), (x, off)))
        with np.errstate(invalid="ignore", divide="ignore"):
            found.correlation[:, number] = np.where((xx > 0) & (yy > 0), xy / np.sqrt(xx * yy), 0.0)
        found.mean[:, number], found.spread[:, number] = middle, width
    base = seasons(dates)
    weights = known.astype(float)
    # A little towards no seasons at all: a cell may be known in one season only.
    normal = np.einsum("cd,di,dj->cij", weights, base, base, optimize=True) + np.diag([1e-6, *[2.0] * (2 * HARMONICS)])
    right = off @ base
    found.course[:] = np.linalg.solve(normal, right[..., np.newaxis])[..., 0]
    rest = np.where(known, off - found.course @ base.T, 0.0)
    found.departure[:] = np.sqrt((rest**2).sum(axis=1) / many)
    month = dates.astype("datetime64[M]").astype(int) % 12
    relative = (rest / scale(found)) ** 2
    for number in range(12):
        found.monthly[:, number] = relative[:, month == number].sum(axis=1)
        found.days[:, number] = known[:, month == number].sum(axis=1)
    found.course[:, 0] += mean
    return found


def normal(cells: Cells, dates: np.ndarray) -> np.ndarray:
    """(cells, days) the course of the year."""
    return cells.course @ seasons(dates).T


def scale(cells: Cells) -> np.ndarray:
    """(cells, 1) the spread around the course of the year, never 0."""
    return np.maximum(cells.departure, 1e-4)[:, np.newaxis]


#: Least factor of a month.
LEAST = 0.4


def months(cells: Cells) -> np.ndarray:
    """(12,) how much wider than its whole spread soil moisture varies in each calendar month, over all cells."""
    usable = cells.usable
    sums, days = cells.monthly[usable].sum(axis=0), cells.days[usable].sum(axis=0)
    return np.maximum(np.sqrt(np.where(days > 0, sums / np.maximum(days, 1), 1.0)), LEAST)


def spread_of_days(cells: Cells, factors: np.ndarray, dates: np.ndarray) -> np.ndarray:
    """(cells, days) the spread that soil moisture has in a cell and month: what errors are measured by."""
    return scale(cells) * factors[dates.astype("datetime64[M]").astype(int) % 12]
