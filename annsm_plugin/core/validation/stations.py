"""ANN-SM and other products against stations: series, measures per cell and product, means (paper section 4.2.2, Figures 5, 6, A2)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from .. import metrics
from ..foundation import blocks, bounds, needs, store, synthetic
from ..foundation.errors import CubeError, ParameterError
from ..foundation.grid import Grid
from ..foundation.needs import steps
from ..foundation.paths import PathLike
from ..foundation.progress import SILENT, Progress
from ..reports import figure_files
from ..series import catalogue, collocation
from ..series.memory import SeriesMemory
from ..stations import averaging, reading
from ..stations.points import write_points
from ..statistics import error_intervals, significance
from . import reference, station_publication, station_report, strata
from .request import StationsRequest
from .station_result import MEASURES, PAPER, POINT_MEASURES, StationResult, shared_days, stations_csv
from .station_words import say


def check(request: StationsRequest) -> None:
    """Check before work starts. Raises ``ParameterError`` or ``CubeError``."""
    request.check_values()
    check_inputs(request)


def check_inputs(request: StationsRequest) -> None:
    """What ``check`` does, the outputs not looked at."""
    request.check_values(outputs=False)
    start, end, cube = request.start, request.end, request.cube
    if start is not None and end is not None:
        blocks.check_dates(start, end)
    averaging.hour_of(request.hour)
    if not isinstance(request.stations, (list, tuple)) and not Path(request.stations).exists():
        raise ParameterError(f"STATIONS: {request.stations} does not exist; expected a folder, a zip or a series file.")
    for product, folder in (("lprm", request.lprm), ("jaxa", request.jaxa), ("smos", request.smos)):
        if folder:
            collocation.check(folder, product, request.lprm_band if product == "lprm" else "")
    with store.open_grid(request.annsm, kind="ANN-SM file", needs=("soil_moisture",)) as data:
        if request.strata:
            strata.classes_of(request.strata, store.grid_of(blocks.north_first(data)))
        grid, own = store.grid_of(data), blocks.dates_of(data)
        own = own[blocks.days_between(own, start, end, request.annsm)]
    if cube:
        with store.open_grid(cube, kind="cube") as data:
            if not {"sm_gldas", "sm_smap"} & set(data.data_vars):
                there = ", ".join(map(str, data.data_vars)) or "nothing"
                raise CubeError(cube, f"variables {there}", "a cube with sm_gldas or sm_smap, from 'Match products'")
            held = blocks.dates_of(data)
            if not ((held >= own[0]) & (held <= own[-1])).any():
                raise CubeError(cube, f"days from {held[0]} to {held[-1]}", f"some of the period {own[0]} to {own[-1]}")
            if any((there < 0).all() for there in blocks.places(store.grid_of(data), grid)):
                raise CubeError(cube, "other cells", f"some of the cells of {request.annsm}")


@store.step
def run(request: StationsRequest, progress: Progress | None = None) -> StationResult:
    """Compare ANN-SM with stations and write the table, the points, the report and the figures that are asked for.

    What was read of the products at the cells is kept beside the table (``.series.npz``).
    """
    check(request)
    result = compare(request, Path(request.table).with_suffix(".series.npz"), progress)
    store.write_text(request.table, stations_csv(result))
    if request.sites:
        store.write_text(request.sites, reference.sites_csv(result))
    if request.strata_table:
        store.write_text(request.strata_table, strata.as_csv(result.strata))
    if request.output:
        write_points(request.output, result.points)
    if request.report:
        station_report.write(request.report, result)
    if request.figures:
        figure_files.write(request.figures, station_publication.publication(result))
    return result


def validate_stations(
    annsm: PathLike, stations: Any, *, memory: PathLike | None = None, progress: Progress | None = None, **options: Any
) -> StationResult:
    """Compare without writing files: ``compare`` with its request written as keywords (see ``StationsRequest``)."""
    return compare(StationsRequest(annsm=annsm, stations=stations, **options), memory, progress)


def compare(request: StationsRequest, memory: PathLike | None = None, progress: Progress | None = None) -> StationResult:
    """Compare ANN-SM and the products that are given with the stations; memory: where what is read of the products is kept.

    Target is in situ: BIAS = in situ - product. Every product is judged on its own days with the stations and on the days that all
    have in common. A cell without common days, or a station outside the grid, becomes a flagged row.
    """
    progress = progress or SILENT
    check_inputs(request)
    need = steps.reading("The validation", list(request.outputs().values()), 0, 0, 0, 120e6, 0.0)
    with needs.granted(need, progress):
        return _compared(request, memory, progress)


def _compared(request: StationsRequest, memory: PathLike | None, progress: Progress) -> StationResult:
    """What ``compare`` does once it is granted what it needs."""
    warnings: list[str] = []
    with store.open_grid(request.annsm, kind="ANN-SM file", needs=("soil_moisture",)) as data:
        data = blocks.north_first(data)
        grid, own = store.grid_of(data), blocks.dates_of(data)
        inside = blocks.days_between(own, request.start, request.end, request.annsm)
        dates = np.arange(own[inside][0], own[inside][-1] + 1)
        cells, left_out = _gather(request, grid, dates, progress)
        places = [cell.place for cell in cells]
        series = {"ANN-SM": _of_grid(data, "soil_moisture", places, dates)}
        flags = (
            _of_grid(data, "quality_flag", places, dates) if "quality_flag" in data.data_vars else np.full(series["ANN-SM"].shape, np.nan)
        )
        warnings += blocks.sieve(data).sentences()
        soil = strata.soil(flags, series["ANN-SM"])
        given = isinstance(request.stations, (list, tuple))
        sources = (None if given else request.stations, request.lprm, request.jaxa, request.smos)
        attributes = {**dict(data.attrs), **synthetic.attributes(*sources)}
    cells, pixels = reference.to_cells(cells, grid, request.upscaling)
    changes = reference.steps(cells, series["ANN-SM"], dates)
    folders, kept = {"lprm": request.lprm, "jaxa": request.jaxa, "smos": request.smos}, SeriesMemory(memory)
    warnings += [kept.problem] if kept.problem else []
    try:
        _add_products(series, folders, grid, cells, dates, request.lprm_band, warnings, kept, progress.part(0.1, 0.95))
    finally:
        kept.save()
    if request.cube:
        warnings += _add_cube(series, request.cube, cells, grid, dates)
    constants = reference.to_depth(series, cells, dates, request.depth_filter, request.depth_days)
    table, held = [], bounds.were_held(flags)
    for number, cell in enumerate(cells):
        progress.report(0.95 + 0.04 * number / len(cells), "Computing the measures")
        rows = _rows(cell, {title: values[number] for title, values in series.items()}, dates, request.min_n, held[number])
        for row in rows:
            constant = constants[row["product"]][number] if row["product"] in constants else np.nan
            row["depth_constant"] = float(constant)
        table += rows
    points = _points(cells, table, grid)
    points += [{**dict.fromkeys(points[0]), "sites": 1, "site_names": point["name"], **point} for point in left_out]
    means = {basis: {title: _means(table, title, basis, request.min_n) for title in series} for basis in ("own days", "common days")}
    groups = [strata.seasons(dates, len(cells)), soil]
    if request.strata:
        classes, names = strata.classes_of(request.strata, grid)
        of_cell = np.array([classes[cell.place] for cell in cells])
        groups.append(strata.by_class(Path(str(request.strata)).stem, of_cell, names, dates.size))
    by_stratum = strata.rows(np.stack([cell.values for cell in cells]), series, groups, min_n=request.min_n)
    progress.report(1.0, "")
    result = StationResult(
        *(grid, dates, list(series), cells, series, table, points, means, dict(PAPER), [], warnings, attributes),
        *(request.upscaling, pixels, changes, constants, by_stratum),
    )
    target = np.stack([cell.values for cell in cells])
    count, left = strata.without_held(target, series["ANN-SM"], flags)
    result.held = strata.held_of(count, metrics.n(target, series["ANN-SM"], axis=1), left, min_n=request.min_n)
    say(result, left_out, request.hour, request.min_n)
    return result


def _gather(request: StationsRequest, grid: Grid, dates: np.ndarray, progress: Progress) -> tuple[list[averaging.Cell], list[dict]]:
    """The cells with stations, and the stations that lie outside; raises ``ParameterError`` if all do."""
    stations = request.stations
    given = isinstance(stations, (list, tuple))
    progress.report(0.0, "Reading the stations")
    found = list(stations) if given else reading.read(stations, networks=request.networks, progress=progress)
    progress.check()
    cells, left_out = averaging.gather(found, grid, dates, averaging.hour_of(request.hour))
    if not cells:
        raise ParameterError(
            f"None of the {len(found)} stations of {'the list' if given else stations} lies in the grid of {request.annsm} "
            f"({grid.bounds[0]:g} to {grid.bounds[2]:g} E, {grid.bounds[1]:g} to {grid.bounds[3]:g} N)."
        )
    return cells, left_out


def _of_grid(data: Any, name: str, places: Any, dates: np.ndarray) -> np.ndarray:
    """(places, dates) of a gridded file's variable at (row, column) ``places``; NaN for a negative place and on days it has not.

    Places in one chunk of the file are read together, so that each chunk is decoded once.
    """
    values = np.full((len(places), dates.size), np.nan)
    common, mine, theirs = np.intersect1d(dates, blocks.dates_of(data), return_indices=True)
    if common.size == 0:
        return values
    days = slice(int(theirs[0]), int(theirs[-1]) + 1)
    chunks: dict = {}
    for number, (row, column) in enumerate(places):
        if row >= 0 and column >= 0:
            chunks.setdefault((row // store.CHUNKS[1], column // store.CHUNKS[2]), []).append((number, row, column))
    for members in chunks.values():
        numbers, rows, columns = (np.array(part) for part in zip(*members))
        tile = slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1)
        found = blocks.series(data, name, days, tile).reshape(np.ptp(rows) + 1, np.ptp(columns) + 1, -1)
        values[np.ix_(numbers, mine)] = found[rows - rows.min(), columns - columns.min()][:, theirs - theirs[0]]
    return values


def _add_products(
    series: Any,
    folders: dict[str, Any],
    grid: Grid,
    cells: Any,
    dates: np.ndarray,
    band: str,
    warnings: list[str],
    memory: Any,
    progress: Progress,
) -> None:
    """Read the products whose folders are given at the cells, into ``series``."""
    wanted = [(product, folder) for product, folder in folders.items() if folder]
    lat = np.array([grid.lat[c.place[0]] for c in cells])
    lon = np.array([grid.lon[c.place[1]] for c in cells])
    for number, (product, folder) in enumerate(wanted):
        part = progress.part(number / len(wanted), (number + 1) / len(wanted))
        own_band = band if product == "lprm" else ""
        read = collocation.product_series(
            folder, product, lat, lon, start=dates[0], end=dates[-1], band=own_band, memory=memory, progress=part
        )
        title = catalogue.SOURCES[product].title
        series[title] = read.values.T
        if read.files == 0:
            warnings.append(f"{title}: no file of the period {dates[0]} to {dates[-1]} in {folder}.")
        if read.problems:
            warnings.append(f"{title}: {len(read.problems)} files could not be used; the first: {read.problems[0]}")


def _add_cube(series: Any, cube: PathLike, cells: Any, grid: Grid, dates: np.ndarray) -> list[str]:
    """GLDAS and SMAP of a cube at the cells, into ``series``; returns what should be known of the cube."""
    with store.open_grid(cube, kind="cube") as data:
        data = blocks.north_first(data)
        rows, columns = blocks.places(store.grid_of(data), grid)
        places = [(int(rows[row]), int(columns[column])) for row, column in (cell.place for cell in cells)]
        for title, name in (("GLDAS", "sm_gldas"), ("SMAP", "sm_smap")):
            if name in data.data_vars:
                series[title] = _of_grid(data, name, places, dates)
        none = [] if any(min(place) >= 0 for place in places) else [f"{Path(cube).name}: it holds none of the cells with stations."]
        return [*none, *blocks.sieve(data).sentences()]


def _rows(cell: Any, series: Any, dates: np.ndarray, min_n: int, held: np.ndarray) -> list[dict]:
    """The table's rows of one cell; the corrected R, on days of its own, stands on both bases. held (days,): ANN-SM is, at a bound."""
    present = {title: np.isfinite(values) & np.isfinite(cell.values) for title, values in series.items()}
    common = shared_days(present)
    true = reference.corrected(cell, series, dates, cell.place[0] * 1440 + cell.place[1])
    rows = []
    for basis in ("own days", "common days"):
        for title, values in series.items():
            used = present[title] if basis == "own days" else common & present[title]
            at_bound = int((used & held).sum()) if title == "ANN-SM" else 0
            rows.append({**_row(cell, title, basis, values, used, dates, min_n), **true[title], "held": at_bound})
    return rows


def _row(cell: Any, title: str, basis: str, values: np.ndarray, used: Any, dates: np.ndarray, min_n: int) -> dict:
    """Measures of one product in one cell on the days ``used``."""
    target, prediction = np.where(used, cell.values, np.nan), np.where(used, values, np.nan)
    found = {name: float(value) for name, value in metrics.all_of(target, prediction).items()}
    count = int(found.pop("n"))
    size = significance.effective_size(target[np.newaxis], prediction[np.newaxis])
    low, high = significance.interval_of_r(np.array([found["r"]]), size)
    errors = error_intervals.of_difference((target - prediction)[np.newaxis])
    notes = list(cell.notes)
    if count == 0:
        notes.append("no common day")
    elif count < min_n:
        notes.append(f"only {count} common day{'s' if count > 1 else ''}")
    if count >= 2 and not np.isfinite(found["r"]):
        notes.append("constant series")
    days = dates[used]
    return {
        "cell": cell.name,
        "network": cell.network,
        "lat": cell.lat,
        "lon": cell.lon,
        "sites": len(cell.sites),
        "product": title,
        "basis": basis,
        "n": count,
        **found,
        "r_low": float(low[0]),
        "r_high": float(high[0]),
        "p": float(significance.p_of_r(np.array([found["r"]]), size)[0]),
        **{f"{name}_{end}": float(value[0]) for name, ends in errors.items() for end, value in zip(("low", "high"), ends)},
        "first": str(days[0]) if days.size else "",
        "last": str(days[-1]) if days.size else "",
        "note": "; ".join(notes),
    }


def _points(cells: Any, table: Any, grid: Grid) -> list[dict]:
    """One dict per cell: place, sites, status, and each product's measures as <product>_<measure> and <product>_common_<measure>."""
    points = []
    for cell in cells:
        rows = [row for row in table if row["cell"] == cell.name]
        point = {
            "name": cell.name,
            "network": cell.network,
            "lat": cell.lat,
            "lon": cell.lon,
            "cell_lat": float(grid.lat[cell.place[0]]),
            "cell_lon": float(grid.lon[cell.place[1]]),
            "sites": len(cell.sites),
            "site_names": ", ".join(cell.sites),
            "status": rows[0]["note"] or "ok",
        }
        for row in rows:
            basis = "" if row["basis"] == "own days" else "common_"
            for name in POINT_MEASURES:
                point[f"{row['product'].lower().replace('-', '')}_{basis}{name}"] = row[name]
        points.append(point)
    return points


def _means(table: Any, title: str, basis: str, min_n: int) -> dict:
    """Means over the cells with enough days: {measure: (mean, low, high)} and the number of cells."""
    rows = [row for row in table if row["product"] == title and row["basis"] == basis and row["n"] >= min_n]
    result: dict = {"cells": len(rows), "days": sum(row["n"] for row in rows)}
    for name in MEASURES:
        values = np.array([abs(row[name]) if name == "bias" else row[name] for row in rows], dtype=float)
        mean = float(np.nanmean(values)) if np.isfinite(values).any() else float("nan")
        possible = significance.POSSIBLE["abs_bias" if name == "bias" else name]
        result[name] = (mean, *significance.interval_of_mean(values, within=possible))
    signed = np.array([row["bias"] for row in rows], dtype=float)
    result["signed_bias"] = float(np.nanmean(signed)) if np.isfinite(signed).any() else float("nan")
    result["signed_bias_interval"] = significance.interval_of_mean(signed)
    result["too_wet"], result["too_dry"] = int((signed < 0).sum()), int((signed > 0).sum())
    return result
