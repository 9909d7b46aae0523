"""One extra predictor, as it is known before its numbers are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

#: Classes that a region may have at most, and share (of the region) below which a class is left out.
MOST_CLASSES, LEAST_SHARE = 30, 0.01


@dataclass(frozen=True)
class Extra:
    """One extra predictor: its name in the cube, its file, its variable there (None: a raster), whether it changes in time, its unit.

    classes: whether its numbers are classes; unsure: whether few numbers in the region would make them so; chosen: the class whose share
    it is, of ``classes_there`` that the region has, and ``share`` (rows, columns) that share; averaged: whether its pixels are finer than
    the cells; filled: a number that counts as no value though its file does not say so; series: first days and files of a layer that has
    a raster for each.
    """

    name: str
    path: Path
    variable: str | None
    daily: bool
    units: str = "1"
    classes: bool = False
    unsure: bool = False
    chosen: int | None = None
    classes_there: int = 0
    share: np.ndarray | None = field(default=None, compare=False, repr=False)
    averaged: bool = False
    filled: float | None = None
    series: tuple[tuple[np.datetime64, Path], ...] = ()

    @property
    def files(self) -> list[Path]:
        """All files of the predictor."""
        return [path for _, path in self.series] or [self.path]
