"""The comparison by season, by frozen and unfrozen soil and by the classes of a raster."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .. import metrics
from ..foundation import store, tables
from ..foundation.errors import ParameterError
from ..foundation.grid import Grid
from ..foundation.paths import PathLike
from ..matching import extra
from ..reports.figures import TWO_COLUMNS, figure, tidy
from ..statistics import significance
from .request import MIN_N
from .station_figures import symbol_of

SEASONS = ("December to February", "March to May", "June to August", "September to November")

MEASURES = ("r", "rmse", "bias", "ubrmse")

#: Columns of the table, one row per stratum and product: means over the cells with enough days in it, with 95 % intervals.
COLUMNS = ("kind", "stratum", "product", "cells", "days", *(f"{m}{end}" for m in MEASURES for end in ("", "_low", "_high")))

#: Most classes of a raster: more say that it is no raster of classes.
MOST_CLASSES = 60

#: Most strata of a kind in a figure; the table has all.
MOST_DRAWN = 12

#: Most points across and down at which the raster's values are looked at.
SAMPLE = 400


@dataclass(frozen=True)
class Strata:
    """Which (cells, days) belong to what: ``kind`` ("season", "soil", or the raster's name), stratum -> bool (cells, days)."""

    kind: str
    members: dict[str, np.ndarray]


def seasons(dates: np.ndarray, cells: int) -> Strata:
    """The four seasons of the calendar."""
    month = dates.astype("datetime64[M]").astype(int) % 12
    of_day = (month + 1) % 12 // 3
    return Strata("season", {name: np.broadcast_to(of_day == number, (cells, dates.size)) for number, name in enumerate(SEASONS)})


def soil(frozen: np.ndarray) -> Strata:
    """Frozen and unfrozen days, of (cells, days) 1, 0 or NaN where it is not known."""
    return Strata("soil", {"unfrozen": frozen == 0, "frozen": frozen == 1})


def classes_of(path: PathLike, grid: Grid) -> tuple[np.ndarray, dict[int, str]]:
    """The most frequent class of a raster in each cell of ``grid`` (rows, columns), NaN where it has none, and the names of the classes.

    Raises ``ParameterError`` for a file that is no raster with one band, or whose values are no classes (whole numbers, few of them).
    """
    path = Path(str(path))
    if not path.is_file():
        raise ParameterError(f"STRATA: {path} does not exist; expected a raster of classes.")
    if path.suffix.lower() in (".nc", ".nc4"):
        raise ParameterError(f"STRATA: {path} is a NetCDF file; expected a raster of classes, such as a GeoTIFF.")
    extra.one_band(path, "STRATA:")
    found = extra.warped(path, grid, "mode")
    if not np.isfinite(found).any():
        west, south, east, north = grid.bounds
        where = f"{west:g} to {east:g} E, {south:g} to {north:g} N"
        raise ParameterError(f"STRATA: {path} has no value in the grid of ANN-SM; expected classes from {where}.")
    values = np.union1d(found[np.isfinite(found)], _sample(path, grid))
    if (values != np.round(values)).any() or values.size > MOST_CLASSES:
        what = f"{values.size} different values, such as {values[0]:g} and {values[-1]:g}"
        raise ParameterError(f"STRATA: {path} has {what}; expected classes: whole numbers, at most {MOST_CLASSES} of them.")
    own = np.unique(found[np.isfinite(found)])
    return found, dict(zip(own.astype(int).tolist(), _names(path, own)))


def _sample(path: Path, grid: Grid) -> np.ndarray:
    """Values of the raster at points all over ``grid``: the most frequent ones of a few cells do not tell elevation from classes."""
    from osgeo import gdal

    rows, columns = (min(SAMPLE, 8 * size) for size in grid.shape)
    with store.gdal_errors():
        options = {"format": "MEM", "dstSRS": "EPSG:4326", "resampleAlg": "near", "outputType": gdal.GDT_Float64, "dstNodata": np.nan}
        part = gdal.Warp("", str(path), outputBounds=grid.bounds, width=columns, height=rows, **options)
        values = np.unique(np.frombuffer(part.ReadRaster(), dtype=float))
    return values[np.isfinite(values)]


def _names(path: Path, values: np.ndarray) -> list[str]:
    """The names of classes, from the raster's categories where it has them; a name that several bear with their numbers."""
    from osgeo import gdal

    with store.gdal_errors():
        raster = gdal.Open(str(path))  # held: a band whose raster is gone crashes
        raster.GetMetadata()  # GDAL reads the names beside a GeoTIFF only then
        given = raster.GetRasterBand(1).GetCategoryNames() or []
    named = [given[int(v)] if 0 <= v < len(given) else "" for v in values]
    return [f"{name} ({int(v)})" if name and named.count(name) > 1 else name or f"class {int(v)}" for name, v in zip(named, values)]


def by_class(kind: str, of_cell: np.ndarray, names: dict[int, str], days: int) -> Strata:
    """Classes of cells (cells,), NaN for none."""
    there = [(number, name) for number, name in names.items() if (of_cell == number).any()]
    return Strata(kind, {name: np.broadcast_to((of_cell == number)[:, np.newaxis], (of_cell.size, days)) for number, name in there})


def rows(reference: np.ndarray, series: dict[str, np.ndarray], strata: Iterable[Strata], *, min_n: int = MIN_N) -> list[dict[str, Any]]:
    """The table (``COLUMNS``) of products in ``series`` (cells, days) against ``reference`` (cells, days); a cell counts in a stratum with
    ``min_n`` common days in it. BIAS is signed: reference - product."""
    found = []
    for group in strata:
        for name, member in group.members.items():
            target = np.where(member, reference, np.nan)
            for title, values in series.items():
                own = metrics.all_of(target, values, axis=1)
                used = own["n"] >= min_n
                row: dict[str, Any] = {"kind": group.kind, "stratum": name, "product": title, "cells": int(used.sum())}
                row["days"] = int(own["n"][used].sum())
                for measure in MEASURES:
                    cells = np.where(used, own[measure], np.nan)
                    row[measure] = float(np.nanmean(cells)) if np.isfinite(cells).any() else float("nan")
                    possible = significance.POSSIBLE.get(measure, (-np.inf, np.inf))
                    row[f"{measure}_low"], row[f"{measure}_high"] = significance.interval_of_mean(cells, within=possible)
                found.append(row)
    return found


def as_csv(found: list[dict[str, Any]]) -> str:
    """The table as CSV text; empty where a measure is not defined."""
    return tables.as_csv(COLUMNS, [[row[name] for name in COLUMNS] for row in found])


def draw(found: list[dict[str, Any]]) -> Any:
    """R, ubRMSE and BIAS of every product in every stratum, with 95 % intervals; a column of panels for each kind."""
    shown = [row for row in found if row["cells"]]
    kinds = list(dict.fromkeys(row["kind"] for row in shown))
    strata = {kind: _largest([row for row in shown if row["kind"] == kind]) for kind in kinds}
    shown = [row for row in shown if row["stratum"] in strata[row["kind"]]]
    products = list(dict.fromkeys(row["product"] for row in shown))
    longest = max(len(_short(name)) for names in strata.values() for name in names)
    drawing = figure(TWO_COLUMNS, 4.6 + 0.035 * longest)
    widths = [max(1.5, len(strata[kind])) for kind in kinds]
    panels = drawing.subplots(3, len(kinds), gridspec_kw={"width_ratios": widths}, sharex="col", sharey="row", squeeze=False)
    labels = (("r", "R"), ("ubrmse", "ubRMSE (m³ m⁻³)"), ("bias", "BIAS (m³ m⁻³)"))
    handles = {}
    for column, kind in enumerate(kinds):
        for place, (measure, label) in zip(panels[:, column], labels):
            for row in (r for r in shown if r["kind"] == kind):
                at = strata[kind].index(row["stratum"]) + 0.7 * ((products.index(row["product"]) + 0.5) / len(products) - 0.5)
                handles[row["product"]] = _point(place, at, row, measure)
            place.axhline(0.0, color="#222222", linewidth=0.6)
            place.set_xlim(-0.6, len(strata[kind]) - 0.4)
            if column == 0:
                place.set_ylabel(label, fontsize=7)
            tidy(place)
            place.grid(False, axis="x")
        panels[0, column].set_title(kind, fontsize=7.5)
        panels[-1, column].set_xticks(range(len(strata[kind])), [_short(name) for name in strata[kind]], fontsize=6.5)
        if kind not in ("season", "soil"):
            for text in panels[-1, column].get_xticklabels():
                text.set(rotation=45, ha="right", rotation_mode="anchor")
    style = {"loc": "lower left", "bbox_to_anchor": (0.0, 1.16), "ncol": len(handles), "fontsize": 7, "frameon": False, "borderpad": 0.1}
    drawing.align_ylabels(panels[:, 0])
    panels[0, 0].legend(handles.values(), handles, **style)
    return drawing


def _point(place: Any, at: float, row: dict[str, Any], measure: str) -> Any:
    mean, low, high = row[measure], row[f"{measure}_low"], row[f"{measure}_high"]
    symbol = symbol_of(row["product"])
    around = [[max(0.0, mean - low)], [max(0.0, high - mean)]] if np.isfinite(low) else None
    return place.errorbar(
        [at], [mean], around, fmt=symbol["mean"], color=symbol["color"], markersize=4, elinewidth=0.9, capsize=1.8, linestyle="none"
    )[0]


def _largest(rows: list[dict[str, Any]]) -> list[str]:
    """The strata of a kind in their order, the ``MOST_DRAWN`` with the most cells."""
    cells: dict[str, int] = {}
    for row in rows:
        cells[row["stratum"]] = max(cells.get(row["stratum"], 0), row["cells"])
    largest = sorted(cells, key=lambda name: -cells[name])[:MOST_DRAWN]
    return [name for name in cells if name in largest]


def _short(name: str) -> str:
    """A season in its months' letters, so that four fit beside each other; long names of classes cut."""
    letters = dict(zip(SEASONS, ("DJF", "MAM", "JJA", "SON")))
    return letters.get(name, name if len(name) <= 24 else f"{name[:23]}…")
