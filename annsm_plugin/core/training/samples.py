"""A cell's complete days as samples: which days count, scaled to 0-1, with their roles. Training and every comparison share them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..foundation import blocks
from ..foundation.progress import SILENT, Progress
from ..inputs import derived
from ..network import scaling, splits
from .settings import TARGET, Settings


@dataclass
class Tile:
    """What a tile of a cube holds: ``inputs`` F arrays (cells, days), ``target`` and ``complete`` (cells, days), ``row`` and ``column``.

    A complete day has all inputs and the target and is not screened; ``screened_days`` counts the days that lack only the latter.
    """

    inputs: list[np.ndarray]
    target: np.ndarray
    complete: np.ndarray
    row: np.ndarray
    column: np.ndarray
    screened_days: int

    def groups(self, min_pairs: int, size: int) -> list[np.ndarray]:
        """The cells with ``min_pairs`` complete days, those of like length together so that little is padded, in groups of ``size``."""
        pairs = self.complete.sum(axis=1)
        enough = np.flatnonzero(pairs >= min_pairs)
        enough = enough[np.argsort(pairs[enough], kind="stable")]
        return [enough[first : first + size] for first in range(0, enough.size, size)]


@dataclass
class Samples:
    """The packed samples of B cells, complete days first, in time order, padded to N.

    inputs (B, N, F) and target (B, N) in 0-1 units (0 where padded), role (B, N) int8 (``splits``), dates (B, N) datetime64[D],
    low and high (B, F + 1): limits of the inputs and, last, the target, in their own units.
    """

    inputs: np.ndarray
    target: np.ndarray
    role: np.ndarray
    dates: np.ndarray
    low: np.ndarray
    high: np.ndarray


def read_tile(data: Any, days: slice, tile: tuple[slice, slice], inputs: Sequence[str], progress: Progress = SILENT) -> Tile:
    """Read the named ``inputs`` (the cube's own or ``derived``) and the target of one tile of an open cube."""
    arrays = []
    for name in inputs:
        progress.check()
        arrays.append(derived.series(data, name, days, tile))
    target = blocks.series(data, TARGET, days, tile)
    complete = np.isfinite(target)
    for values in arrays:
        complete &= np.isfinite(values)
    dropped = 0
    if "screened" in data.data_vars:
        screened = blocks.series(data, "screened", days, tile) == 1
        dropped = int((complete & screened).sum())
        complete &= ~screened
    rows, columns = (np.arange(s.start, s.stop) for s in tile)
    row, column = (v.ravel() for v in np.meshgrid(rows, columns, indexing="ij"))
    return Tile(arrays, target, complete, row, column, dropped)


def pack(
    inputs: Sequence[np.ndarray] | np.ndarray,
    target: np.ndarray,
    complete: np.ndarray,
    dates: np.ndarray,
    identities: np.ndarray,
    asked: Settings,
    roles: np.ndarray | None = None,
) -> Samples:
    """Pack, scale and split the complete days of B cells.

    inputs: F arrays (B, days); target and complete (B, days); dates (days,); identities (B,): with the seed they fix the split;
    roles (days,): those of all cells' days instead.
    """
    pairs = complete.sum(axis=1)
    longest = int(pairs.max())
    order = np.argsort(~complete, axis=1, kind="stable")[:, :longest]
    packed = np.stack([np.take_along_axis(v, order, axis=1) for v in (*inputs, target)], axis=2).astype(np.float64)
    used = np.arange(longest) < pairs[:, np.newaxis]
    low, high = scaling.limits(packed, used)
    scaled = np.where(used[..., np.newaxis], scaling.scale(packed, low, high), 0.0)
    role = np.full(used.shape, splits.UNUSED, dtype=np.int8)
    for cell, identity in enumerate(identities):
        own = dates[order[cell, : pairs[cell]]]
        if roles is not None:
            role[cell, : pairs[cell]] = roles[order[cell, : pairs[cell]]]
            continue
        role[cell, : pairs[cell]] = splits.roles(own, asked.ratio, asked.split, asked.seed, identity, start=asked.start, end=asked.end)
    return Samples(scaled[..., :-1], scaled[..., -1], role, dates[order], low, high)
