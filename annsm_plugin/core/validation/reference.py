"""What the stations stand for: sites brought to their cell, probes that were replaced, layers below the surface, and the reference's own
error."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..foundation import tables
from ..foundation.grid import Grid
from ..series import families
from ..stations.averaging import Cell
from ..statistics import exponential_filter, sensor_change, triple_collocation, upscaling
from ..statistics.upscaling import Upscaled

#: Products to which the exponential filter does not apply: their layer is not the surface's.
DEEP = ("GLDAS",)

#: Draws of the bootstrap for the interval of a corrected R, and how long the blocks of days are that it draws.
DRAWS, BLOCK_DAYS = 200, triple_collocation.BLOCK_DAYS

#: Columns of the table of sites, one row per site; what needs a second site is empty with one.
SITE_COLUMNS = (
    *("cell", "network", "site", "lat", "lon", "days", "weight", "mean_relative_difference", "its_standard_deviation"),
    *("stability_index", "rank", "r_with_mean", "rms_distance", "probe_changes", "cell_spread", "cell_half_95"),
    *(f"sites_for_{within:g}" for within in upscaling.WITHIN),
)


@dataclass(frozen=True)
class ChangeStep:
    """A change of probes and how much in situ minus ANN-SM jumps there: m3 m-3, NaN without 60 days in the same seasons on both sides."""

    cell: str
    site: str
    day: np.datetime64
    before: str
    after: str
    step: float


def to_cells(cells: list[Cell], grid: Grid, way: str) -> tuple[list[Cell], list[Upscaled]]:
    """The cells with the series that ``way`` makes of their sites (see ``upscaling.upscale``), and how that was done."""
    found, made = [], []
    for cell in cells:
        row, column = cell.place
        lat, lon = zip(*cell.positions)
        own = upscaling.upscale(cell.per_site, lat, lon, (float(grid.lat[row]), float(grid.lon[column])), way)
        notes = [*cell.notes, *(own.notes if len(cell.sites) > 1 else [])]
        found.append(cell if way == "mean" else replace(cell, values=own.values, sites_per_day=own.count, notes=notes))
        made.append(own)
    return found, made


def steps(cells: list[Cell], annsm: np.ndarray, dates: np.ndarray) -> list[ChangeStep]:
    """Every change of probes with its jump against ANN-SM (cells, days), from the change before to the one after it."""
    found = []
    for cell, record in zip(cells, annsm):
        for site, values in zip(cell.sites, cell.per_site):
            own = [change for change in cell.changes if change.site == site]
            edges = [dates[0], *(change.day for change in own), dates[-1] + np.timedelta64(1, "D")]
            for number, change in enumerate(own, start=1):
                between = (dates >= edges[number - 1]) & (dates < edges[number + 1])
                at = change.day, change.day - np.timedelta64(1, "D")
                jump, _ = sensor_change.per_cell(values[np.newaxis, between], record[np.newaxis, between], dates[between], at[1], at[0])
                found.append(ChangeStep(cell.name, site, change.day, change.before, change.after, float(jump[0])))
    return found


def to_depth(series: dict[str, np.ndarray], cells: list[Cell], dates: np.ndarray, way: str, days: float) -> dict[str, np.ndarray]:
    """Filter the products of the surface in ``series`` (title -> (cells, days)) in place; return the time constants, title -> (cells,).

    way: "constant" with ``days``; "fitted": the constant with the highest R with the cell's stations, of each product on its own, NaN
    where too few days allow none.
    """
    constants: dict[str, np.ndarray] = {}
    if way == "none":
        return constants
    number = (dates - dates[0]).astype(float)
    for title in [t for t in series if families.family_of(t) not in DEEP]:
        if way == "constant":
            constants[title] = np.full(len(cells), float(days))
            series[title] = exponential_filter.filtered(series[title], number, float(days))
            continue
        fitted = [exponential_filter.fitted(values, cell.values, number) for values, cell in zip(series[title], cells)]
        constants[title] = np.array([constant for constant, _ in fitted])
        series[title] = np.stack([values for _, values in fitted])
    return constants


def corrected(cell: Cell, series: dict[str, np.ndarray], dates: np.ndarray, seed: int) -> dict[str, dict[str, Any]]:
    """Title -> ``r_corrected`` with ``r_corrected_low``, ``r_corrected_high``, ``third`` and ``third_days``: the correlation of each
    product (days,) with the truth, the error of the stations taken out by triple collocation (McColl et al. 2014; Gruber et al. 2016).

    The third product is the one with the most days among those whose errors have no known link with the product's. Empty where there is
    none, where fewer than ``triple_collocation.FEWEST_DAYS`` days are common or the three share no signal.
    """
    found = {}
    for title, values in series.items():
        best: tuple[int, str] = (0, "")
        for other, beside in series.items():
            if other != title and not families.shared(title, other):
                days = int((np.isfinite(values) & np.isfinite(beside) & np.isfinite(cell.values)).sum())
                best = max(best, (days, other), key=lambda pair: pair[0])
        row = dict.fromkeys(("r_corrected", "r_corrected_low", "r_corrected_high"), float("nan"))
        found[title] = {**row, "third": "", "third_days": 0}
        days, third = best
        if days < triple_collocation.FEWEST_DAYS:
            continue
        own = triple_collocation.estimate(cell.values, values, series[third])
        if not np.isfinite(own.r[1, 0]):
            continue
        _, ends = triple_collocation.intervals(cell.values, values, series[third], dates, draws=DRAWS, seed=seed, block=BLOCK_DAYS)
        low, high = (float(end[1, 0]) for end in ends)
        found[title] = {
            **dict(zip(row, (float(own.r[1, 0]), low, high))),
            "third": third,
            "third_days": int(own.n[0]),
        }
    return found


def sites_csv(result: Any) -> str:
    """The table of sites (``SITE_COLUMNS``) of a ``StationResult`` as CSV text."""
    rows = []
    for cell, own in zip(result.cells, result.pixels):
        several = len(cell.sites) > 1
        for number, (site, (lat, lon)) in enumerate(zip(cell.sites, cell.positions)):
            s = own.stability
            told = [s.difference[number], s.deviation[number], s.index[number], int(s.rank[number]), s.r[number], s.distance[number]]
            changes = "; ".join(f"{c.day} {c.before} -> {c.after}" for c in cell.changes if c.site == site)
            beside = told if several else [""] * len(told)
            here = [cell.name, cell.network, site, lat, lon, int(s.days[number]), float(own.weights[number])]
            rows.append([*here, *beside, changes, *_of_cell(own)])
    return tables.as_csv(SITE_COLUMNS, rows)


def _of_cell(own: Upscaled) -> list[Any]:
    """Spread of a cell's sites, half of the 95 % interval of its value (median day), and the sites that it would need."""
    if not np.isfinite(own.error).any():
        return [""] * (2 + len(own.needed))
    return [own.spread, own.typical_half, *("" if count is None else count for count in own.needed.values())]


def sentences(result: Any) -> tuple[list[str], list[str]]:
    """What the summary and the warnings say of sites, probes and depth."""
    from ..stations.choices import UPSCALING

    said, warned = [], []
    several = [own for cell, own in zip(result.cells, result.pixels) if len(cell.sites) > 1 and np.isfinite(own.error).any()]
    if several:
        typical = float(np.median([own.typical_half for own in several]))
        said.append(
            f"{len(several)} cell{'s have' if len(several) > 1 else ' has'} several sites ({UPSCALING[result.upscaling]}). "
            f"So few sites leave the mean of a cell's ground uncertain by {typical:.3f} m3 m-3 (half of the 95 % interval, median)."
        )
    alone = sum(len(cell.sites) == 1 for cell in result.cells)
    if alone:
        said.append(f"{alone} of {len(result.cells)} cells have one site: how far it is from the cell's mean is not known.")
    for title, constants in result.constants.items():
        known = constants[np.isfinite(constants)]
        if known.size:
            spread = f"{known.min():g} to {known.max():g} d, median {np.median(known):g} d" if np.ptp(known) else f"{known[0]:g} d"
            none = int((known == 0).sum())
            without = f"; in {none} of {known.size} cells no filter fits better" if none else ""
            said.append(f"{title} was brought to the depth of the sensors by the exponential filter: time constant {spread}{without}.")
    for change in result.changes:
        jump = f"in situ - ANN-SM changes by {change.step:+.3f} m3 m-3" if np.isfinite(change.step) else "too few days tell its step"
        warned.append(f"{change.cell}, {change.site}: probe {change.before} became {change.after} on {change.day}; {jump}.")
    return said, warned[:8] + ([f"{len(warned) - 8} more; the table of sites has all changes of probes."] if len(warned) > 8 else [])
