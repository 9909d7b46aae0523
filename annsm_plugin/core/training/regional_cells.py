"""What the shared network is told of a cell: mean and spread of its inputs and target in the training days, and where a cell has too few
days of its own, those that cells like it have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .shared import LIKE, NOWHERE, OWN

FREEZING = 273.15

#: A spread below this share of the region's typical one counts as none: the input then says nothing from day to day.
LEAST_SPREAD = 1e-3

#: Descriptors farther from the region's mean are held, in spreads.
FARTHEST = 4.0

#: Weight of a straight line's slopes against no slope, in cells: keeps few cells from being overfitted.
RIDGE = 3.0


@dataclass
class Sums:
    """Counts, sums and ranges of the cells, gathered tile by tile: of days with the target, and of all unfrozen days with all inputs.

    pairs, days (cells,); total, squares (cells, F + 1) over the pairs; all_total, all_squares (cells, F) over the days; low, high
    (cells, F + 1) over the pairs. Values are taken less ``origin`` (F + 1), so that squares do not lose their last digits.
    """

    origin: np.ndarray
    pairs: np.ndarray
    days: np.ndarray
    total: np.ndarray
    squares: np.ndarray
    all_total: np.ndarray
    all_squares: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @classmethod
    def empty(cls, cells: int, inputs: int, origin: np.ndarray) -> Sums:
        """Of ``cells`` cells without a day."""
        full, part = (cells, inputs + 1), (cells, inputs)
        numbers = (np.zeros(cells, int), np.zeros(cells, int), np.zeros(full), np.zeros(full), np.zeros(part), np.zeros(part))
        return cls(origin, *numbers, np.full(full, np.nan), np.full(full, np.nan))

    def add(self, cells: np.ndarray, values: np.ndarray, used: np.ndarray, usable: np.ndarray) -> None:
        """Enter the days of ``cells`` (n,): values (n, days, F + 1), used (n, days): with the target; usable (n, days): inputs there."""
        shifted = values - self.origin
        for mask, count, total, squares, width in (
            (used, self.pairs, self.total, self.squares, values.shape[2]),
            (usable, self.days, self.all_total, self.all_squares, values.shape[2] - 1),
        ):
            part = np.where(mask[..., np.newaxis], shifted[..., :width], 0.0)
            count[cells], total[cells], squares[cells] = mask.sum(axis=1), part.sum(axis=1), (part**2).sum(axis=1)
        inside = used[..., np.newaxis]
        low = np.where(inside, values, np.inf).min(axis=1, initial=np.inf)
        high = np.where(inside, values, -np.inf).max(axis=1, initial=-np.inf)
        self.low[cells], self.high[cells] = np.where(low <= high, low, np.nan), np.where(low <= high, high, np.nan)

    def standards(self, fewest: int) -> tuple[np.ndarray, np.ndarray]:
        """Mean and spread (cells, F + 1), from the pairs where there are ``fewest``; elsewhere of the inputs' days, the target NaN."""
        own = self.pairs >= fewest
        centre, scale = _moments(self.total, self.squares, self.pairs)
        all_centre, all_scale = _moments(self.all_total, self.all_squares, self.days)
        centre[~own, :-1], scale[~own, :-1] = all_centre[~own], all_scale[~own]
        centre[~own, -1] = scale[~own, -1] = np.nan
        return centre + self.origin, scale


def _moments(total: np.ndarray, squares: np.ndarray, count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of sums; NaN without a value."""
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / count[:, np.newaxis]
        return mean, np.sqrt(np.maximum(squares / count[:, np.newaxis] - mean**2, 0.0))


@dataclass
class Told:
    """centre, scale (cells, F + 1), descriptors (cells, 2 F + 2) and source (cells,) (see ``shared.Shared``); doubt (cells,): standard
    deviation of the target's mean that was taken from cells alike, m3 m-3, 0 where it is the cell's own."""

    centre: np.ndarray
    scale: np.ndarray
    descriptors: np.ndarray
    source: np.ndarray
    doubt: np.ndarray


def told(sums: Sums, fewest: int) -> Told:
    """What the network is told of every cell.

    A cell with ``fewest`` pairs has its own mean and spread of the target. That of another cell is expected from its inputs' means and
    spreads by a straight line through the cells that have theirs (ridge), and drawn to what the few pairs of its own say.
    """
    centre, scale = sums.standards(fewest)
    own = sums.pairs >= fewest
    known = own | ((sums.days > 0) & np.isfinite(centre[:, :-1]).all(axis=1))
    if not own.any():
        raise ValueError("no cell with enough pairs")
    typical = np.array([_median(column[own & (column > 0)]) for column in scale.T])
    scale = np.maximum(scale, LEAST_SPREAD * np.where(typical > 0, typical, 1.0))
    inputs = np.concatenate([centre[:, :-1], np.log(scale[:, :-1])], axis=1)
    inputs = _standard(inputs, own)
    doubt = np.zeros(own.size)
    few = known & ~own
    if few.any():
        mean, miss = _line(inputs, own, centre[:, -1], few)
        spread, _ = _line(inputs, own, np.log(scale[:, -1]), few)
        pairs = sums.pairs[few]
        weight = pairs / (pairs + fewest)
        mean_own, _ = _moments(sums.total[few], sums.squares[few], np.maximum(pairs, 1))
        seen = mean_own[:, -1] + sums.origin[-1]
        bound = np.array([sums.low[own, -1].min(), sums.high[own, -1].max()])
        centre[few, -1] = np.clip((1 - weight) * mean + weight * seen, *bound)
        scale[few, -1] = np.exp(np.clip(spread, np.log(scale[own, -1]).min(), np.log(scale[own, -1]).max()))
        doubt[few] = (1 - weight) * miss
    target = _standard(np.stack([centre[:, -1], np.log(scale[:, -1])], axis=1), own)
    descriptors = np.where(known[:, np.newaxis], np.concatenate([inputs, target], axis=1), np.nan).astype(np.float32)
    source = np.where(own, OWN, np.where(known, LIKE, NOWHERE)).astype(np.int8)
    centre[~known], scale[~known] = np.nan, np.nan
    return Told(centre, scale, descriptors, source, doubt)


def _median(values: np.ndarray) -> float:
    return float(np.median(values)) if values.size else 0.0


def _standard(values: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Columns less their mean over the cells ``own``, over their spread there, held within ``FARTHEST``; 0 for a column without spread."""
    middle, spread = values[own].mean(axis=0), values[own].std(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(spread > 1e-9 * (1.0 + np.abs(middle)), np.clip((values - middle) / spread, -FARTHEST, FARTHEST), 0.0)


def _line(features: np.ndarray, own: np.ndarray, values: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, float]:
    """A ridge regression of ``values`` on ``features`` through the cells ``own``, at the cells ``wanted``; its leave-one-out error."""
    design = np.concatenate([np.ones((own.size, 1)), features], axis=1)
    given = design[own]
    penalty = RIDGE * np.eye(design.shape[1])
    penalty[0, 0] = 0.0
    inverse = np.linalg.inv(given.T @ given + penalty)
    slopes = inverse @ given.T @ values[own]
    leverage = np.einsum("ij,jk,ik->i", given, inverse, given)
    miss = (values[own] - given @ slopes) / np.maximum(1.0 - leverage, 0.1)
    # in single precision: the last digits of a matrix product depend on where its arrays lie in memory
    return (design[wanted] @ slopes).astype(np.float32).astype(float), float(np.float32(np.sqrt(np.mean(miss**2))))
