"""Which of a cell's complete days train, validate and test its network.

A split depends on the seed and on the cell alone, never on the region, the block or the neighbours: ``cell_ids`` numbers
the 0.25 degree cells of the globe.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from ..foundation.errors import ParameterError
from ..foundation.grid import STEP, Grid
from .choices import SPLITS

#: Roles of days, as ``training.train_block`` takes them.
TRAINING, VALIDATION, TESTING, UNUSED = 0, 1, 2, -1

#: Length of a contiguous block of the split "blocks", days: longer than soil moisture remembers.
BLOCK_DAYS = 30

YEAR_DAYS = 365.25


def check_ratio(ratio: Any) -> tuple[int, int, int]:
    """Training, validation and testing shares in percent, from "80/10/10", "80-10-10" or three numbers.

    Raises ``ParameterError`` unless they are three whole numbers, sum to 100 and leave something to train on.
    """
    if isinstance(ratio, str):
        match = re.fullmatch(r"\s*(\d{1,3})\s*[/\-,:; ]\s*(\d{1,3})\s*[/\-,:; ]\s*(\d{1,3})\s*", ratio)
        if not match:
            raise ParameterError(
                f"The ratio '{ratio}' is not understood: expected training/validation/testing in percent, such as 80/10/10."
            )
        ratio = match.groups()
    try:
        numbers = [float(v) for v in ratio]
    except (TypeError, ValueError):
        raise ParameterError(f"The ratio {ratio!r} is not understood: expected three percentages such as 80/10/10.") from None
    except OverflowError:
        numbers = [np.inf]
    if not all(abs(v) <= 1000.0 for v in numbers):
        raise ParameterError("The ratio has numbers that are no percentages; expected three whole percentages such as 80/10/10.")
    if len(numbers) != 3 or any(v != int(v) for v in numbers):
        raise ParameterError(f"The ratio {ratio!r} is not understood: expected three whole percentages such as 80/10/10.")
    training, validation, testing = (int(v) for v in numbers)
    if min(training, validation, testing) < 0 or training + validation + testing != 100:
        raise ParameterError(
            f"The ratio {training}/{validation}/{testing} sums to {training + validation + testing}; "
            "training, validation and testing must be non-negative and sum to 100."
        )
    if training == 0:
        raise ParameterError(f"The ratio {training}/{validation}/{testing} leaves no training samples.")
    return training, validation, testing


def cell_ids(grid: Grid) -> np.ndarray:
    """(rows, columns) int64: the number of each cell on the global 720 x 1440 grid, north first, from 180 W."""
    row = np.floor((90.0 - grid.lat) / STEP).astype(np.int64)
    column = np.floor(np.mod(grid.lon + 180.0, 360.0) / STEP).astype(np.int64)
    return row[:, np.newaxis] * int(360 / STEP) + column[np.newaxis, :]


def counts(size: int, ratio: tuple[int, int, int]) -> tuple[int, int, int]:
    """Numbers of training, validation and testing days of ``size`` days: the last two rounded (half up), training takes the rest."""
    validation, testing = (int(np.floor(size * share / 100.0 + 0.5)) for share in ratio[1:])
    validation = min(validation, size)
    testing = min(testing, size - validation)
    return size - validation - testing, validation, testing


def roles(
    dates: np.ndarray, ratio: Any, split: str, seed: int, cell: int, *, start: Any | None = None, end: Any | None = None
) -> np.ndarray:
    """(n,) int8 role of each of a cell's complete days ``dates`` (datetime64[D], ascending).

    "random": days drawn one by one, as the paper does. "blocks": whole stretches of 30 calendar days are drawn, so that a
    test day's neighbours are not among the training days. "leave_one_year_out": one of the period's years (365.25 days
    from ``start``; the same for all cells of a seed) is for testing, and validation takes its share of 30-day blocks of
    the others; the testing share of the ratio then goes to training.
    """
    ratio = check_ratio(ratio)
    dates = np.asarray(dates, dtype="datetime64[D]")
    random = np.random.default_rng([int(seed), int(cell)])
    if split == "random":
        return _deal(random.permutation(dates.size), ratio)
    if split == "blocks":
        return _deal(_block_order(dates, random), ratio)
    if split == "leave_one_year_out":
        start = dates[0] if start is None else np.datetime64(start, "D")
        end = dates[-1] if end is None else np.datetime64(end, "D")
        left_out = _year_left_out(start, end, seed)
        year = np.minimum(((dates - start).astype(int) / YEAR_DAYS).astype(int), _years(start, end) - 1)
        role = np.full(dates.size, TESTING, dtype=np.int8)
        rest = np.flatnonzero(year != left_out)
        share = 100.0 * ratio[1] / (ratio[0] + ratio[1])
        role[rest] = _deal(_block_order(dates[rest], random), (100.0 - share, share, 0.0))
        return role
    raise ParameterError(f"The split '{split}' is not known: expected one of {', '.join(SPLITS)}.")


def check_split(split: str, start: Any, end: Any) -> None:
    """Raise ``ParameterError`` if ``split`` is unknown or the period is too short for it."""
    if split not in SPLITS:
        raise ParameterError(f"The split '{split}' is not known: expected one of {', '.join(SPLITS)}.")
    if split == "leave_one_year_out" and _years(np.datetime64(start, "D"), np.datetime64(end, "D")) < 2:
        raise ParameterError(f"The split 'leave_one_year_out' needs a training period of two years at least; {start} to {end} is shorter.")


def _years(start: Any, end: Any) -> int:
    """Whole years in the period; what is left over belongs to the last."""
    return max(1, int(np.floor(((end - start).astype(int) + 2) / YEAR_DAYS)))


def _year_left_out(start: Any, end: Any, seed: int) -> int:
    return int(np.random.default_rng([int(seed), 365]).integers(_years(start, end)))


def _block_order(dates: np.ndarray, random: Any) -> np.ndarray:
    """Indices of ``dates`` with whole 30-day blocks in random order."""
    if dates.size == 0:
        return np.zeros(0, dtype=int)
    block = (dates - dates[0]).astype(int) // BLOCK_DAYS
    place = random.permutation(int(block[-1]) + 1)
    return np.argsort(place[block], kind="stable")


def _deal(order: np.ndarray, ratio: Any) -> np.ndarray:
    """Give the first days of ``order`` to validation, the next to testing, the rest to training."""
    _, validation, testing = counts(order.size, ratio)
    role = np.full(order.size, TRAINING, dtype=np.int8)
    role[order[:validation]] = VALIDATION
    role[order[validation : validation + testing]] = TESTING
    return role
