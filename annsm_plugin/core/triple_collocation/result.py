"""The result of a triple collocation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..foundation.grid import Grid


@dataclass
class TripleResult:
    """The errors of three products. ``titles`` names X, Y and Z.

    ``maps``: (rows, columns), NaN where there is none: std_x.. and r_x.. (error standard deviation in m3 m-3 in the product's own data
    space; correlation with the truth), scaled_x.. (std in the data space of X), n (days), status (``estimates.STATUS``), and
    with a bootstrap std_x_low, std_x_high, r_x_low, r_x_high .. ``means["std_x"]``: (mean, low, high) over the cells. ``negative``:
    cells whose error variance came out negative, per product. The means are over the cells in which all three have an estimate, if any.
    """

    grid: Grid
    titles: tuple[str, str, str]
    maps: dict[str, np.ndarray]
    means: dict[str, tuple[float, float, float]]
    negative: tuple[int, ...]
    period: tuple[str, str]
    summary: list[str]
    warnings: list[str]
    settings: dict
    synthetic: str = ""

    @property
    def cells(self) -> int:
        """How many cells have an estimate of at least one product."""
        return int(np.isin(self.maps["status"], (0, 5)).sum())
