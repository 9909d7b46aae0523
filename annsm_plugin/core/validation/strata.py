"""The comparison by season, by frozen and unfrozen soil and by the classes of a raster, and without values that were held at a bound."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .. import metrics
from ..foundation import bounds, tables
from ..foundation.errors import ParameterError
from ..foundation.grid import Grid
from ..foundation.paths import PathLike, is_no_file
from ..foundation.variables import FLAGS
from ..matching.predictors import sampling
from ..statistics import significance
from .request import MIN_N

SEASONS = ("December to February", "March to May", "June to August", "September to November")

MEASURES = ("r", "rmse", "bias", "ubrmse")

#: Columns of the table, one row per stratum and product: means over the cells with enough days in it, with 95 % intervals.
COLUMNS = ("kind", "stratum", "product", "cells", "days", *(f"{m}{end}" for m in MEASURES for end in ("", "_low", "_high")))

#: Most classes of a raster: more say that it is no raster of classes.
MOST_CLASSES = 60

#: Most points across and down at which the raster's values are looked at.
SAMPLE = 400


@dataclass(frozen=True)
class Strata:
    """Which (cells, days) belong to what: ``kind`` ("season", "soil", or the raster's name), stratum -> bool (cells, days)."""

    kind: str
    members: dict[str, np.ndarray]


def season_of(dates: np.ndarray) -> np.ndarray:
    """(days,) number of each day's season in ``SEASONS``."""
    return (dates.astype("datetime64[M]").astype(int) + 1) % 12 // 3


def seasons(dates: np.ndarray, cells: int) -> Strata:
    """The four seasons of the calendar."""
    of_day = season_of(dates)
    return Strata("season", {name: np.broadcast_to(of_day == number, (cells, dates.size)) for number, name in enumerate(SEASONS)})


def soil(flags: np.ndarray, annsm: np.ndarray) -> Strata:
    """Frozen and unfrozen days by ANN-SM's ``quality_flag`` (cells, days); a day without ``annsm`` (cells, days) or flags is neither."""
    known = np.isfinite(flags) & np.isfinite(annsm)
    frozen = (np.where(known, flags, 0).astype(np.uint8) & FLAGS["soil_frozen"]) > 0
    return Strata("soil", {"unfrozen": known & ~frozen, "frozen": known & frozen})


def classes_of(path: PathLike, grid: Grid) -> tuple[np.ndarray, dict[int, str]]:
    """The most frequent class of a raster in each cell of ``grid`` (rows, columns), NaN where it has none, and the names of the classes.

    Raises ``ParameterError`` for a file that is no raster with one band, or whose values are no classes (whole numbers, few of them).
    """
    path = Path(str(path))
    if wrong := is_no_file(path):
        raise ParameterError(f"STRATA: {path} {wrong}; expected a raster of classes.")
    if path.suffix.lower() in (".nc", ".nc4"):
        raise ParameterError(f"STRATA: {path} is a NetCDF file; expected a raster of classes, such as a GeoTIFF.")
    sampling.one_band(path, "STRATA:")
    found = sampling.warped(path, grid, "mode")
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
    with sampling.opened_raster(path, "STRATA:") as raster:
        options = {"format": "MEM", "dstSRS": "EPSG:4326", "resampleAlg": "near", "outputType": gdal.GDT_Float64, "dstNodata": np.nan}
        part = gdal.Warp("", raster, outputBounds=grid.bounds, width=columns, height=rows, **options)
        values = np.unique(np.frombuffer(part.ReadRaster(), dtype=float))
    return values[np.isfinite(values)]


def _names(path: Path, values: np.ndarray) -> list[str]:
    """The names of classes, from the raster's categories where it has them; a name that several bear with their numbers."""
    with sampling.opened_raster(path, "STRATA:") as raster:  # held: a band whose raster is gone crashes
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
            found += [_row(group.kind, name, title, metrics.all_of(target, own, axis=1), min_n) for title, own in series.items()]
    return found


def _row(kind: str, stratum: str, product: str, own: dict[str, np.ndarray], min_n: int) -> dict[str, Any]:
    """The table's row of the measures ``own`` and n of each cell, (cells,) or (rows, columns)."""
    used = own["n"] >= min_n
    row: dict[str, Any] = {"kind": kind, "stratum": stratum, "product": product, "cells": int(used.sum())}
    row["days"] = int(own["n"][used].sum())
    for measure in MEASURES:
        cells = np.where(used, own[measure], np.nan)
        row[measure] = float(np.nanmean(cells)) if np.isfinite(cells).any() else float("nan")
        possible = significance.POSSIBLE.get(measure, (-np.inf, np.inf))
        row[f"{measure}_low"], row[f"{measure}_high"] = significance.interval_of_mean(cells, within=possible)
    return row


class Maps:
    """ANN-SM's measures in every season and at frozen and unfrozen soil, cell by cell, entered tile by tile: their size does not grow with
    the days."""

    def __init__(self, shape: tuple[int, int], dates: np.ndarray) -> None:
        self.shape, self.season = shape, season_of(dates)
        self.found: dict[tuple[str, str], dict[str, np.ndarray]] = {}

    def enter(self, tile: tuple[slice, slice], target: np.ndarray, annsm: np.ndarray, flags: np.ndarray | None) -> None:
        """Enter the cells of one tile: ``target``, ``annsm`` and its ``quality_flag`` (cells, days), None where there are no flags."""
        for number, name in enumerate(SEASONS):
            own = self.season == number
            self._enter(("season", name), tile, target[:, own], annsm[:, own])
        if flags is not None:
            for name, member in soil(flags, annsm).members.items():
                self._enter(("soil", name), tile, np.where(member, target, np.nan), annsm)

    def _enter(self, stratum: tuple[str, str], tile: tuple[slice, slice], target: np.ndarray, annsm: np.ndarray) -> None:
        maps = self.found.setdefault(stratum, {**{m: np.full(self.shape, np.nan) for m in MEASURES}, "n": np.zeros(self.shape)})
        for name, values in metrics.all_of(target, annsm, axis=1).items():
            maps[name][tile] = values.reshape(maps[name][tile].shape)

    def rows(self, *, min_n: int) -> list[dict[str, Any]]:
        """The table (``COLUMNS``); a cell counts in a stratum with ``min_n`` common days in it."""
        return [_row(kind, name, "ANN-SM", own, min_n) for (kind, name), own in self.found.items()]


def rows_of_classes(
    kind: str, of_cell: np.ndarray, names: dict[int, str], maps: dict[str, np.ndarray], *, min_n: int
) -> list[dict[str, Any]]:
    """The table (``COLUMNS``) of ANN-SM by the class of each cell (rows, columns), NaN for none, of its measures and n in ``maps``."""
    found = []
    for number, name in names.items():
        own = {measure: np.where(of_cell == number, maps[measure], np.nan) for measure in MEASURES}
        found.append(_row(kind, name, "ANN-SM", {**own, "n": np.where(of_cell == number, maps["n"], 0)}, min_n))
    return found


@dataclass(frozen=True)
class Held:
    """ANN-SM's values that are held at 0 or 1 m3 m-3: ``count`` of the ``compared``, and the means over the cells without them.

    ``means``: r, rmse, bias (absolute) and ubrmse; NaN where no cell has enough days left.
    """

    count: int
    compared: int
    means: dict[str, float]

    def sentence(self) -> str:
        """What a summary says of them; empty without any."""
        if not self.count:
            return ""
        m = self.means
        return (
            f"{self.count} of the {self.compared} compared values of ANN-SM ({100 * self.count / self.compared:.2f} %) are held at 0 or 1 "
            f"m3 m-3; without them mean R {m['r']:.3f}, RMSE {m['rmse']:.4f}, |BIAS| {m['bias']:.4f}, ubRMSE {m['ubrmse']:.4f}."
        )


def without_held(target: np.ndarray, annsm: np.ndarray, flags: np.ndarray | None) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """How many values are held in each cell (cells,) of those compared, and the cells' measures and n without them.

    ``target``, ``annsm`` and its ``quality_flag`` (cells, days), None where there are no flags.
    """
    both = np.isfinite(target) & np.isfinite(annsm)
    held = both & bounds.were_held(flags) if flags is not None else np.zeros_like(both)
    return held.sum(axis=1), metrics.all_of(np.where(held, np.nan, target), annsm, axis=1)


def held_of(count: np.ndarray, compared: np.ndarray, measures: dict[str, np.ndarray], *, min_n: int) -> Held:
    """The sum over the cells of what ``without_held`` gives (any shape), ``compared`` being the values with them."""
    enough, means = measures["n"] >= min_n, {}
    for name in MEASURES:
        own = np.abs(measures[name]) if name == "bias" else measures[name]
        own = own[enough & np.isfinite(own)]
        means[name] = float(own.mean()) if own.size else float("nan")
    return Held(int(np.nansum(count)), int(np.nansum(compared)), means)


def as_csv(found: list[dict[str, Any]]) -> str:
    """The table as CSV text; empty where a measure is not defined."""
    return tables.as_csv(COLUMNS, [[row[name] for name in COLUMNS] for row in found])
