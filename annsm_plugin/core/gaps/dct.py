"""Penalised least squares on the discrete cosine transform (Garcia 2010, Comput. Stat. Data Anal. 54, 1167-1178).

The smooth field z minimises  sum of w (y - z)^2 + s z' L^k z,  where L is the sum of second differences in time, latitude and longitude
(mirrored at the edges), so that  (W + s L^k) z = W y.  Garcia has k = 2, which punishes bends; k = 1 punishes slopes and suits a series
that is rough from day to day (ours, where it errs less). The cosine transform makes L diagonal: with eigenvalues Lambda the second part
of the system is a multiplication. Garcia iterates z = (1 + s Lambda^2)^-1 (W (y - z) + z); here (ours) the same system is solved by
conjugate gradients on the coefficients with (mean w + s Lambda^k)^-1 as preconditioner, which needs the same two transforms per iteration
and far fewer iterations where much is missing. They start from linear interpolation in time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..foundation import machine
from ..foundation.progress import SILENT, Progress
from . import geometry

#: Iterations end when the residual is this part of the right side, or after so many.
TOLERANCE, MOST = 1e-4, 60


@dataclass(frozen=True)
class Smoother:
    """``s``: smoothing; ``time``: weight of the second difference in time, those in space have 1; ``power``: k."""

    s: float
    time: float
    power: int = 1


#: What is tried on hidden values.
TRIED = (
    *(Smoother(s, time) for s in (0.003, 0.03) for time in (3.0, 10.0)),
    *(Smoother(0.01, time, 2) for time in (1.0, 10.0)),
)


def eigenvalues(shape: tuple[int, ...], weights: tuple[float, ...]) -> np.ndarray:
    """Those of the sum of weighted second differences with mirrored edges, on a grid of ``shape``."""
    total: Any = 0.0
    for axis, (size, weight) in enumerate(zip(shape, weights)):
        one = weight * (2.0 - 2.0 * np.cos(np.pi * np.arange(size) / size))
        total = total + one.reshape([-1 if a == axis else 1 for a in range(len(shape))])
    return np.asarray(total)


def solve(
    values: np.ndarray, smoother: Smoother, *, tolerance: float = TOLERANCE, most: int = MOST, progress: Progress = SILENT
) -> np.ndarray:
    """The smooth field of ``values`` (days, rows, columns), NaN where unknown; 0 everywhere if nothing is known. Raises ``Cancelled``."""
    from scipy import fft

    workers = machine.threads()
    values = np.asarray(values)
    dtype = np.float64 if values.dtype == np.float64 else np.float32
    weight = np.isfinite(values).astype(dtype)
    if not weight.any():
        return np.zeros(values.shape, dtype=dtype)
    stiff = (smoother.s * eigenvalues(values.shape, (smoother.time, 1.0, 1.0)) ** smoother.power).astype(dtype)
    scale = 1.0 / (weight.mean(dtype=float) + stiff)

    def forward(field: np.ndarray) -> np.ndarray:
        return fft.dctn(field, type=2, norm="ortho", workers=workers)

    def back(coefficients: np.ndarray) -> np.ndarray:
        return fft.idctn(coefficients, type=2, norm="ortho", workers=workers)

    right = forward(np.where(weight > 0, values, 0.0).astype(dtype))
    found = forward(_start(values).astype(dtype))
    residual = right - forward(weight * back(found)) - stiff * found
    ahead = (scale * residual).astype(dtype)
    step = ahead.copy()
    product, goal = float(np.vdot(residual, ahead)), tolerance * float(np.linalg.norm(right))
    for _ in range(most):
        progress.check()
        if float(np.linalg.norm(residual)) <= goal:
            break
        image = forward(weight * back(step)) + stiff * step
        length = product / float(np.vdot(step, image))
        found += dtype(length) * step
        residual -= dtype(length) * image
        ahead = (scale * residual).astype(dtype)
        before, product = product, float(np.vdot(residual, ahead))
        step = ahead + dtype(product / before) * step
    return back(found)


def _start(values: np.ndarray) -> np.ndarray:
    """Where the iterations start: linear interpolation in time, 0 in cells that are never known."""
    series = values.reshape(len(values), -1).T
    return np.nan_to_num(geometry.interpolated(series, np.isfinite(series))).T.reshape(values.shape)


#: Days that a block of the record has beyond those that are taken from it, on either side, and rows and columns likewise.
MARGIN, BORDER = 32, 6

#: Largest block: days, rows, columns.
BLOCK = (192, 96, 160)


def pieces(shape: tuple[int, ...]) -> Iterator[tuple[tuple[slice, ...], tuple[slice, ...]]]:
    """Overlapping blocks that cover ``shape`` (days, rows, columns): what is solved together, and the part that is taken from it."""
    margins = (MARGIN, BORDER, BORDER)
    axes = []
    for size, block, margin in zip(shape, BLOCK, margins):
        axis = []
        for first in range(0, size, block):
            end = min(first + block, size)
            low, high = max(0, first - margin), min(size, end + margin)
            axis.append((slice(low, high), slice(first, end)))
        axes.append(axis)
    for days, kept_days in axes[0]:
        for rows, kept_rows in axes[1]:
            for columns, kept_columns in axes[2]:
                yield (days, rows, columns), (kept_days, kept_rows, kept_columns)


def within(outer: tuple[slice, ...], inner: tuple[slice, ...]) -> tuple[slice, ...]:
    """``inner`` as seen from the first day, row and column of ``outer``."""
    return tuple(slice(i.start - o.start, i.stop - o.start) for o, i in zip(outer, inner))
