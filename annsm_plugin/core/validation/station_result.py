"""The result of a validation against stations, its table, and what the columns of its points are called."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..foundation import tables
from ..foundation.grid import Grid
from ..stations import averaging
from ..statistics import error_intervals
from ..statistics.upscaling import Upscaled
from .strata import Held

#: The paper's means over 15 cells, August 2010 to March 2015 (section 5.2): R, RMSE and mean |BIAS| in m3 m-3.
PAPER = {"r": 0.74, "rmse": 0.106, "bias": 0.0610}

MEASURES = ("r", "rmse", "bias", "ubrmse")

#: Columns of the table, one row per cell, product and basis.
COLUMNS = (
    "cell",
    "network",
    "lat",
    "lon",
    "sites",
    "product",
    "basis",
    "n",
    *MEASURES,
    "r_low",
    "r_high",
    "p",
    *error_intervals.ENDS,
    "first",
    "last",
    "note",
    "r_corrected",
    "r_corrected_low",
    "r_corrected_high",
    "third",
    "third_days",
    "depth_constant",
    "held",
)

#: Columns that the table of any version has.
FIRST_COLUMNS = COLUMNS[: COLUMNS.index("note") + 1]


#: What a point has of every product, on its own days and on those that all products share.
POINT_MEASURES = ("n", *MEASURES, "r_low", "r_high", "p", *error_intervals.ENDS, "first", "last")


@dataclass
class StationResult:
    """The result of a validation against stations. ``products`` are the titles in order, ANN-SM first.

    ``table``: dict rows with ``COLUMNS`` (basis "own days" or "common days"; held: days on which
    ANN-SM is held at 0 or 1 m3 m-3). ``points``: one dict per cell, and one per
    station left out, with lat, lon, status and every measure. ``cells``: the in situ series; ``series[title]`` (cells, days)
    on ``dates``. A station left out has None for every measure.
    ``means[basis][title]``: dict of r, rmse, bias (absolute) with (mean, low, high), and cells. ``upscaling``: how the sites became cells,
    and ``pixels`` what came of it, one of each cell; ``changes`` of probes; ``constants``: title -> (cells,) time constants of the
    exponential filter, days; ``strata``: dict rows of the comparison by season, soil and class; ``held``: ANN-SM's values at a bound.
    """

    grid: Grid
    dates: np.ndarray
    products: list[str]
    cells: list[averaging.Cell]
    series: dict[str, np.ndarray]
    table: list[dict]
    points: list[dict]
    means: dict[str, dict[str, dict]]
    paper: dict[str, float]
    summary: list[str]
    warnings: list[str]
    attributes: dict = field(default_factory=dict)
    upscaling: str = "mean"
    pixels: list[Upscaled] = field(default_factory=list)
    changes: list[Any] = field(default_factory=list)
    constants: dict[str, np.ndarray] = field(default_factory=dict)
    strata: list[dict] = field(default_factory=list)
    held: Held | None = None


def stations_csv(result: StationResult) -> str:
    """The table as CSV text; empty where a measure is not defined."""
    return tables.as_csv(COLUMNS, [[row[name] for name in COLUMNS] for row in result.table])


def shared_days(present: dict[str, np.ndarray]) -> np.ndarray:
    """(days,) bool: days on which every product that has any (two at least) has one."""
    sharing = [there for there in present.values() if there.sum() >= 2]
    return np.logical_and.reduce(sharing) if sharing else np.zeros(len(next(iter(present.values()))), dtype=bool)


#: What the columns of a product are called, with their units.
_NAMES = {
    "n": "days",
    "r": "R",
    "r_low": "R, 95 % from",
    "r_high": "R, 95 % to",
    "p": "p of R",
    "rmse": "RMSE (m³ m⁻³)",
    "bias": "BIAS = in situ − product (m³ m⁻³)",
    "ubrmse": "ubRMSE (m³ m⁻³)",
    **{
        f"{name}_{end}": f"{title}, 95 % {word} (m³ m⁻³)"
        for name, title in (("rmse", "RMSE"), ("bias", "BIAS"), ("ubrmse", "ubRMSE"))
        for end, word in (("low", "from"), ("high", "to"))
    },
    "first": "first day",
    "last": "last day",
}

#: Titles of the products that can be validated.
_PRODUCTS = ("ANN-SM", "LPRM", "JAXA", "SMOS", "GLDAS", "SMAP")

#: What the other columns are called.
_PLACES = {
    "name": "name",
    "network": "network",
    "lat": "latitude (°)",
    "lon": "longitude (°)",
    "cell_lat": "latitude of the cell's centre (°)",
    "cell_lon": "longitude of the cell's centre (°)",
    "sites": "number of sites",
    "site_names": "sites",
    "status": "status",
    "depth_from": "depth from (m)",
    "depth_to": "depth to (m)",
    "first": "first day",
    "last": "last day",
    "n": "values",
    "mean": "mean (m³ m⁻³)",
}


def aliases() -> dict[str, str]:
    """Column -> its name with the unit, for every column that a layer of stations or station cells can have."""
    found = dict(_PLACES)
    for title in _PRODUCTS:
        for prefix, basis in (("", ""), ("common_", ", common days")):
            for name in POINT_MEASURES:
                found[f"{title.lower().replace('-', '')}_{prefix}{name}"] = f"{title}{basis}: {_NAMES.get(name, name)}"
    return found
