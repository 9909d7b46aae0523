"""Quantiles of more numbers than fit in memory: the very numbers that sorting all of them would give."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

#: Bits by which numbers are counted in the first pass: sign, exponent and eight of the digits.
_BITS = 20


def of_parts(parts: Callable[[], Iterable[np.ndarray]], shares: Sequence[float]) -> tuple[int, list[float]]:
    """How many finite numbers there are, and their quantiles (linear, as ``np.quantile``) at ``shares``; NaN without any.

    parts: gives all numbers, each at least 0, float64, piece by piece and the same ones each time it is called: once to count them by their
    leading bits, which have the order of the numbers, and once for those among which the quantiles lie.
    """
    counts = np.zeros(1 << _BITS, dtype=np.int64)
    for part in parts():
        counts += np.bincount(_leading(_finite(part)), minlength=counts.size)
    total = int(counts.sum())
    if not total:
        return 0, [float("nan")] * len(shares)
    below = np.cumsum(counts)
    virtual = [(total - 1) * share for share in shares]
    ranks = sorted({min(int(at) + more, total - 1) for at in virtual for more in (0, 1)})
    bins = np.searchsorted(below, ranks, "right")
    wanted = np.unique(bins)
    found: list[np.ndarray] = []
    for part in parts():
        numbers = _finite(part)
        found.append(numbers[np.isin(_leading(numbers), wanted)])
    near = np.sort(np.concatenate(found))
    starts = dict(zip(wanted.tolist(), np.concatenate([[0], np.cumsum(counts[wanted])[:-1]]).tolist()))
    value = {rank: near[starts[int(own)] + rank - int(below[own] - counts[own])] for rank, own in zip(ranks, bins)}
    ends = [(value[int(at)], value[min(int(at) + 1, total - 1)], at - int(at)) for at in virtual]
    return total, [float(np.quantile(np.array([low, high]), share)) for low, high, share in ends]


def _finite(part: np.ndarray) -> np.ndarray:
    numbers = np.ascontiguousarray(part, dtype=np.float64).ravel()
    return np.abs(numbers[np.isfinite(numbers)])


def _leading(numbers: np.ndarray) -> np.ndarray:
    return (numbers.view(np.uint64) >> np.uint64(64 - _BITS)).astype(np.int64)
