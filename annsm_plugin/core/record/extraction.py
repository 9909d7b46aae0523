"""Daily series of places, points or areas, out of a gridded file or a folder of product files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..foundation import blocks, needs, store, tables
from ..foundation.errors import CubeError, ParameterError
from ..foundation.grid import Grid
from ..foundation.libraries import load
from ..foundation.needs import steps
from ..foundation.paths import PathLike
from ..foundation.progress import SILENT, Progress
from ..reports import figure_files
from ..reports.figure_files import Figure
from ..reports.figures import TWO_COLUMNS, date_axis, figure, plain, tidy
from ..series import collocation, sources
from ..series.gldas import gldas_series
from .request import MIN_SHARE, ExtractRequest

#: Arrays (float32) of all cells of a slab of days that are in memory at once while an area is averaged.
AT_WORK = 12

#: Places drawn in the figure.
PANELS = 8

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")


@dataclass
class Place:
    """A point or an area: its cells as ``rows`` and ``columns`` (k,) of the grid, and their ``weights`` (k,), areas that it covers.

    ``whole``: the weight of the entire area, including what lies outside the grid; None: all of it is inside.
    """

    name: str
    rows: np.ndarray
    columns: np.ndarray
    weights: np.ndarray
    whole: float | None = None

    @property
    def inside(self) -> float:
        """Share of it that lies in the grid's cells."""
        covered = float(self.weights.sum())
        share = covered / self.whole if self.whole else float(covered > 0)
        return share if share < 1.0 - 1e-6 else 1.0


@dataclass
class Source:
    """The input of an extraction: a file's ``variables``, or the one product of a folder, on ``grid`` (None: a folder has any cell)."""

    path: Path
    variables: list[str]
    units: dict[str, str]
    grid: Grid | None
    product: str = ""
    band: str = ""
    first: Any = None
    last: Any = None


@dataclass
class ExtractResult:
    """``series[variable]`` and ``share[variable]`` (places, days) on ``dates``: weighted means, and the share of the area with a value."""

    source: Source
    places: list[Place]
    dates: np.ndarray
    series: dict[str, np.ndarray]
    share: dict[str, np.ndarray]
    summary: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def known_places(self) -> int:
        """How many places have a value of some variable."""
        return int(np.logical_or.reduce([np.isfinite(values) for values in self.series.values()]).any(axis=1).sum())

    @property
    def values(self) -> int:
        """How many values there are."""
        return int(sum(np.isfinite(values).sum() for values in self.series.values()))


def look(path: PathLike, variables: Any | None = None, progress: Progress | None = None) -> Source:
    """What ``path`` is. Raises ``ParameterError`` or ``CubeError``.

    variables: names of a file with commas between, or the product or LPRM band of a folder; empty: the obvious one.
    """
    path = Path(path or "")
    if not path.exists() or not str(path).strip(". "):
        raise ParameterError(f"INPUT: {path} does not exist; expected an ANN-SM file, a cube or a folder of product files.")
    names = [word.strip() for word in (variables or "").replace(";", ",").split(",") if word.strip()]
    if path.is_dir():
        if len(names) > 1:
            raise ParameterError(f"VARIABLES names {', '.join(names)}; of the folder {path} one product can be taken at a time.")
        found = sources.look("INPUT", path, names[0] if names else "", progress, said_in="VARIABLES")
        if found.kind != "folder":
            raise ParameterError(f"INPUT: {path} holds stations, which are series already; 'Load stations' reads them.")
        return Source(path, ["soil_moisture"], {"soil_moisture": "m3 m-3"}, None, found.variable, found.band, found.first, found.last)
    with store.open_grid(path, kind="ANN-SM file or cube") as data:
        daily = [str(n) for n, v in data.data_vars.items() if set(v.dims) == {"time", "lat", "lon"}]
        usual: list[str] = [n for n in ("soil_moisture", "sm_smap", "sm_gldas") if n in daily]
        wanted = names or usual[:1] or daily[:1]
        missing = [name for name in wanted if name not in daily]
        if missing or not wanted:
            raise CubeError(path, f"daily variables {', '.join(daily) or 'none'}", ", ".join(missing) or "a daily variable")
        dates = blocks.dates_of(data)
        units = {name: str(data[name].attrs.get("units", "1")) for name in wanted}
        return Source(path, wanted, units, store.grid_of(blocks.north_first(data)), first=dates.min(), last=dates.max())


def check(request: ExtractRequest) -> Source:
    """Check before work starts; what the input is. Raises ``ParameterError`` or ``CubeError``."""
    request.check_values()
    if request.figure:
        load("matplotlib")
        figure_files.check_names(request.figure, TABLE=request.table)
    return look(request.source, request.variables)


@store.step
def run(request: ExtractRequest, source: Source, grid: Grid, progress: Progress | None = None) -> ExtractResult:
    """Extract the series of the request's places, on ``grid``, from ``source`` (of ``look``); write the table and the figure."""
    days = int((source.last - source.first).astype(int)) + 1
    cells = len({(int(r), int(c)) for place in request.places for r, c in zip(place.rows, place.columns)})
    need = steps.extraction(request.table, cells, days, len(request.places), len(source.variables), bool(source.product))
    with needs.granted(need, progress or SILENT):
        result = extract(source, request.places, grid, start=request.start, end=request.end, min_share=request.min_share, progress=progress)
    store.write_text(request.table, table_csv(result))
    if request.figure:
        figure_files.save(Path(request.figure).with_suffix(""), draw(result))
    return result


def extract(
    source: Source,
    places: list[Place],
    grid: Grid,
    *,
    start: Any | None = None,
    end: Any | None = None,
    min_share: float = MIN_SHARE,
    progress: Progress | None = None,
) -> ExtractResult:
    """Series of ``places``, whose cells are those of ``grid`` (the source's own, or for a folder any that holds the places).

    A day of a place is the weighted mean of its cells with a value, and missing where they are less than ``min_share`` of its area.
    """
    progress = progress or SILENT
    if start is not None and end is not None:
        start, end = blocks.check_dates(start, end)
    first = source.first if start is None else max(np.datetime64(start, "D"), source.first)
    last = source.last if end is None else min(np.datetime64(end, "D"), source.last)
    if last < first:
        raise ParameterError(f"{source.path} has no day from {start} to {end}; it holds {source.first} to {source.last}.")
    dates = np.arange(first, last + 1)
    inside = [place for place in places if place.weights.size]
    if not inside:
        raise ParameterError(f"None of the {len(places)} places lies in the cells of {source.path} ({_extent(grid)}).")
    warnings = [f"{place.name}: outside the cells of the input ({_extent(grid)})." for place in places if not place.weights.size]
    warnings += [
        f"{place.name}: {100 * (1 - place.inside):.0f} % of its area lies outside the cells of the input "
        f"({_extent(grid)}) and has no value{', so that no day can reach the least share' if place.inside < min_share else ''}."
        for place in inside
        if place.inside < 0.995
    ]
    cells = np.unique(np.concatenate([np.stack([place.rows, place.columns], axis=1) for place in inside]), axis=0)
    at = {(int(row), int(column)): number for number, (row, column) in enumerate(cells)}
    own = [[at[int(row), int(column)] for row, column in zip(place.rows, place.columns)] for place in places]
    result = ExtractResult(source, places, dates, {}, {}, warnings=warnings)
    for name in source.variables:
        result.series[name] = np.full((len(places), dates.size), np.nan)
        result.share[name] = np.full((len(places), dates.size), np.nan)
        result.share[name][[number for number, members in enumerate(own) if not members]] = 0.0
    parts = (
        _from_folder(source, grid, cells, dates, warnings, progress)
        if source.product
        else _from_file(source, cells, dates, warnings, progress)
    )
    for days, name, values in parts:
        for number, (place, members) in enumerate(zip(places, own)):
            if members:
                result.series[name][number, days], result.share[name][number, days] = _mean(values[members], place, min_share)
    for name in source.variables:
        known = np.isfinite(result.series[name]).sum(axis=1)
        result.summary.append(
            f"{name}: {int((known > 0).sum())} of {len(places)} places have values, {dates[0]} to {dates[-1]}, {int(known.sum())} values "
            f"({int(known.min())} to {int(known.max())} days per place)."
        )
    progress.report(1.0, "")
    return result


def _mean(values: np.ndarray, place: Place, min_share: float) -> Any:
    """Weighted mean of a place's cells (k, days) and the share of its whole weight that has a value, (days,) each."""
    weights, there = place.weights, np.isfinite(values)
    weight = (there * weights[:, np.newaxis]).sum(axis=0)
    share = weight / weights.sum() * place.inside
    enough = (share >= min_share - 1e-12) & (weight > 0)
    total = (np.where(there, values, 0.0) * weights[:, np.newaxis]).sum(axis=0)
    return np.where(enough, total / np.where(weight > 0, weight, 1.0), np.nan), share


def _slabs(days: int, cells: int) -> list[slice]:
    """Slices of days of which the sums of ``cells`` cells fit the memory; none of a single day beside others, whose sum numpy would add up
    in another order."""
    found = blocks.slabs(days, cells, AT_WORK)
    if len(found) > 1 and found[-1].stop - found[-1].start == 1:
        found[-2:] = [slice(found[-2].start, days)]
    return found


def _from_file(
    source: Source, cells: Any, dates: np.ndarray, warnings: list[str], progress: Progress
) -> Iterator[tuple[slice, str, np.ndarray]]:
    """Days, variable and its values (cells, days), piece by piece; neighbouring cells are read together."""
    with store.open_grid(source.path, kind="ANN-SM file or cube", needs=source.variables) as data:
        data = blocks.north_first(data)
        held = blocks.dates_of(data)
        chunk = cells // np.array(store.CHUNKS[1:])
        groups = [np.flatnonzero((chunk == group).all(axis=1)) for group in np.unique(chunk, axis=0)]
        slabs = _slabs(dates.size, len(cells))
        for number, slab in enumerate(slabs):
            progress.report(number / len(slabs), f"Reading {', '.join(source.variables)}")
            common, mine, theirs = np.intersect1d(dates[slab], held, return_indices=True)
            days = slice(int(theirs[0]), int(theirs[-1]) + 1) if common.size else slice(0, 0)
            for name in source.variables:
                values = np.full((len(cells), slab.stop - slab.start), np.nan)
                for members in groups if common.size else ():
                    progress.check()
                    (top, left), (bottom, right) = cells[members].min(axis=0), cells[members].max(axis=0)
                    part = blocks.series(data, name, days, (slice(int(top), int(bottom) + 1), slice(int(left), int(right) + 1)))
                    place = (cells[members, 0] - top) * (right - left + 1) + cells[members, 1] - left
                    values[np.ix_(members, mine)] = part[place][:, theirs - days.start]
                yield slab, name, values
        warnings += blocks.sieve(data).sentences()


def _from_folder(
    source: Source, grid: Grid, cells: Any, dates: np.ndarray, warnings: list[str], progress: Progress
) -> Iterator[tuple[slice, str, np.ndarray]]:
    """All days, the variable and its values (cells, days) of a product's files."""
    if source.product == "gldas":
        rows, columns = slice(cells[:, 0].min(), cells[:, 0].max() + 1), slice(cells[:, 1].min(), cells[:, 1].max() + 1)
        part = Grid(grid.lat[rows], grid.lon[columns])
        whole, files, problems = gldas_series(source.path, part, dates, progress)
        values = whole.reshape(*part.shape, -1)[cells[:, 0] - rows.start, cells[:, 1] - columns.start]
    else:
        lat, lon = grid.lat[cells[:, 0]], grid.lon[cells[:, 1]]
        read = collocation.product_series(
            source.path, source.product, lat, lon, start=dates[0], end=dates[-1], band=source.band, progress=progress
        )
        values, files, problems = read.values.T, read.files, read.problems
    if problems:
        warnings.append(f"{len(problems)} of {files + len(problems)} files could not be used; the first: {problems[0]}")
    yield slice(0, dates.size), source.variables[0], values


def _extent(grid: Grid) -> str:
    west, south, east, north = grid.bounds
    return f"{west:g} to {east:g} E, {south:g} to {north:g} N"


def table_csv(result: ExtractResult) -> str:
    """One line per place and day that has a value: place, date, number of cells, then each variable and the share of the area behind it."""
    header = ["place", "date", "cells", *(column for name in result.series for column in (name, f"{name}_share"))]
    rows = []
    for number, place in enumerate(result.places):
        there = np.logical_or.reduce([np.isfinite(values[number]) for values in result.series.values()])
        for day in np.flatnonzero(there):
            values = [
                v for name in result.series for v in (result.series[name][number, day], round(float(result.share[name][number, day]), 4))
            ]
            rows.append([place.name, str(result.dates[day]), place.weights.size, *values])
    return tables.as_csv(header, rows)


def draw(result: ExtractResult) -> Figure:
    """The series as a ``Figure`` with its numbers: a panel per place and unit, of the first places that make at most ``PANELS``."""
    groups: dict[str, list[str]] = {}
    for name in result.series:
        groups.setdefault(_unit(result, name), []).append(name)
    shown = [n for n, place in enumerate(result.places) if place.weights.size][: max(1, PANELS // len(groups))]
    drawing = figure(TWO_COLUMNS, 1.55 * len(shown) * len(groups) + 0.55)
    panels = np.atleast_1d(drawing.subplots(len(shown) * len(groups), 1, sharex=True)).ravel()
    for panel, (number, (unit, names)) in zip(panels, ((n, group) for n in shown for group in groups.items())):
        for colour, name in zip(COLOURS * 9, names):
            panel.plot(result.dates, result.series[name][number], ".-", markersize=2.2, linewidth=0.4, color=colour, label=plain(name))
        tidy(panel)
        panel.set_title(plain(result.places[number].name), fontsize=7.5, loc="left", pad=2)
        what = names[0].replace("_", " ") if len(names) == 1 else "value"
        panel.set_ylabel(plain(f"{what} ({unit})" if unit else what), fontsize=6.5)
        panel.margins(x=0.01)
        if len(names) > 1:
            style = {"fontsize": 7, "frameon": False, "loc": "lower right", "ncol": min(4, len(names)), "markerscale": 2.5}
            panel.legend(bbox_to_anchor=(1.0, 0.97), borderpad=0.1, **style)
    date_axis(panels[-1])
    panels[-1].set_xlabel("local date", fontsize=7)
    header = ("place", "date", *result.series)
    rows = [
        (result.places[n].name, str(day), *(float(values[n, d]) for values in result.series.values()))
        for n in shown
        for d, day in enumerate(result.dates)
    ]
    return Figure("series", drawing, header, rows)


def _unit(result: ExtractResult, name: str) -> str:
    """A variable's unit as it is printed, empty for none."""
    unit = result.source.units[name]
    return "" if unit == "1" else unit.replace("m3 m-3", "m³ m⁻³").replace("m2 m-2", "m² m⁻²")
