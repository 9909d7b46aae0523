"""Triple collocation of three products cell by cell: maps of error standard deviation and of the correlation with the truth."""

from __future__ import annotations

import contextlib
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from ..foundation import blocks, needs, store
from ..foundation.errors import ParameterError
from ..foundation.grid import Grid
from ..foundation.libraries import load
from ..foundation.needs import steps
from ..foundation.paths import PathLike
from ..foundation.progress import SILENT, Progress
from ..reports import figure_files
from ..series import families
from ..series.sources import Input, Reader, look
from ..statistics import significance
from ..statistics import triple_collocation as estimates
from ..statistics.anomalies import anomalies
from ..statistics.triple_collocation import STATUS
from . import report
from .request import NAMES, TripleRequest
from .result import TripleResult

#: Cells that are estimated together, so that cancelling is felt.
CELLS = 256

#: The condition of the method, said wherever its numbers are; the short form is for summaries.
CAVEAT = (
    "The numbers hold as far as the three err independently of each other; ANN-SM is trained on SMAP and fed with GLDAS, so beside either "
    "it seems better than it is."
)


def check(request: TripleRequest) -> tuple[list[Input], Grid, np.ndarray]:
    """Check before work starts; the three ``Input``, the common grid and the dates. Raises ``ParameterError`` or ``CubeError``."""
    request.check_values()
    load("matplotlib")
    return planned(request)


def planned(request: TripleRequest) -> tuple[list[Input], Grid, np.ndarray]:
    """What ``check`` gives, the outputs not looked at."""
    request.check_values(outputs=False)
    start, end, extent, draws = request.start, request.end, request.extent, int(request.draws)
    if start is not None and end is not None:
        blocks.check_dates(start, end)
    if 0 < draws < 40:
        raise ParameterError(f"DRAWS is {draws}; expected 0 (no intervals) or at least 40.")
    if request.anomaly_days and int(request.anomaly_days) < 3:
        raise ParameterError(f"ANOMALY_DAYS is {request.anomaly_days}; expected at least 3, or none.")
    inputs = [look(name, path, variable) for name, path, variable in zip(NAMES, (request.x, request.y, request.z), request.variables)]
    for a, b in combinations(inputs, 2):
        if a.key == b.key:
            raise ParameterError(f"{a.name} and {b.name} are the same data ({a.title} of {a.path}); expected three different products.")
    return inputs, _grid(inputs, extent), _dates(inputs, start, end)


def _grid(inputs: list[Input], extent: Any) -> Grid:
    """The cells that all gridded inputs have, within ``extent`` where it is given; without gridded input the extent's or the default's.

    The extent comes first: across the dateline its longitudes go on beyond 180, where a global file's do not.
    """
    grids = [source.grid for source in inputs if source.grid is not None]
    if extent is not None or not grids:
        grids.insert(0, Grid.from_extent(extent))
    grid = grids[0]
    for other in grids[1:]:
        rows, columns = grid.rows_in(other.lat) >= 0, grid.columns_in(other.lon) >= 0
        if not (rows.any() and columns.any()):
            names = ", ".join(source.name for source in inputs if source.grid is not None)
            raise ParameterError(f"{names} have no cell in common{' in the extent' if extent is not None else ''}.")
        grid = Grid(grid.lat[rows], grid.lon[columns])
    return grid


def _dates(inputs: list[Input], start: Any, end: Any) -> np.ndarray:
    """Every day within START-END on which the three can meet. Raises ``ParameterError`` if there is none."""
    known = [source for source in inputs if source.first is not None]
    spans = ", ".join(f"{source.name} {source.first} to {source.last}" for source in known)
    if not known and (start is None or end is None):
        raise ParameterError("START and END are needed where none of the three is a cube, an ANN-SM file or a product folder.")
    first = max([source.first for source in known] + ([np.datetime64(start, "D")] if start else []))
    last = min([source.last for source in known] + ([np.datetime64(end, "D")] if end else []))
    if first > last:
        asked = f"; asked for {start or 'the first'} to {end or 'the last'}" if start or end else ""
        raise ParameterError(f"The three have no period in common: {spans}{asked}.")
    return np.arange(first, last + 1)


@store.step
def run(request: TripleRequest, progress: Progress | None = None) -> TripleResult:
    """Estimate the errors and write the maps, the report and the figures that are asked for."""
    check(request)
    result = estimate_errors(request, progress)
    write_maps(result, {name: path for name, path in request.outputs().items() if name in result.maps})
    report.triple(request.report, result)
    if request.figures:
        figure_files.write(request.figures, report.publication(result))
    return result


def collocate(x: PathLike, y: PathLike, z: PathLike, *, progress: Progress | None = None, **options: Any) -> TripleResult:
    """Estimate errors without writing files: ``estimate_errors`` with its request written as keywords (see ``TripleRequest``)."""
    variables = dict(zip(("x_variable", "y_variable", "z_variable"), options.pop("variables", ())))
    return estimate_errors(TripleRequest(x=x, y=y, z=z, **variables, **options), progress)


def estimate_errors(request: TripleRequest, progress: Progress | None = None) -> TripleResult:
    """Estimate the errors of the three products in every cell of the common grid. Raises ``ParameterError`` or ``CubeError``."""
    progress = progress or SILENT
    inputs, grid, dates = planned(request)
    cells = grid.lat.size * grid.lon.size
    folders = sum(source.kind == "folder" for source in inputs)
    need = steps.reading(
        "Triple collocation", list(request.outputs().values()), cells, dates.size, 12, 80e6 + folders * 5.0 * cells * dates.size, 1.4
    )
    with needs.granted(need, progress):
        return _estimated(request, inputs, grid, dates, progress)


def _estimated(request: TripleRequest, inputs: list[Input], grid: Grid, dates: np.ndarray, progress: Progress) -> TripleResult:
    """What ``estimate_errors`` does once it is granted what it needs."""
    anomaly_days, min_n, draws, seed = request.anomaly_days, request.min_n, request.draws, request.seed
    maps, common = _empty(grid, draws), np.zeros(dates.size, dtype=bool)
    with contextlib.ExitStack() as stack:
        readers = []
        for number, source in enumerate(inputs):
            progress.check()
            reading = progress.part(0.8 * number / 3, 0.8 * (number + 1) / 3)
            readers.append(stack.enter_context(Reader(source, grid, dates, reading)))
        tiles = list(blocks.tiles(grid.shape, dates.size, 12))
        for number, tile in enumerate(tiles):
            progress.check()
            progress.report(0.8 + 0.2 * number / len(tiles), "Estimating errors")
            series = [reader(tile) for reader in readers]
            common |= _estimate_tile(series, dates, tile, maps, anomaly_days, min_n, draws, seed, progress)
        problems = [problem for reader in readers for problem in reader.problems]
    progress.report(1.0, "")
    settings = {
        **{source.name: f"{source.title}: {source.path}{f', {source.variable}' if source.variable else ''}" for source in inputs},
        "anomalies": f"departures from the mean of {anomaly_days} days" if anomaly_days else "none (values as they are)",
        "fewest common days": min_n,
        "bootstrap": f"{draws} draws of blocks of {estimates.BLOCK_DAYS} days, seed {seed}" if draws else "none",
    }
    return _result(inputs, grid, dates[common] if common.any() else dates, maps, min_n, draws, settings, problems)


def _empty(grid: Grid, draws: int) -> dict[str, np.ndarray]:
    names = [f"{kind}_{name.lower()}" for kind in ("std", "r", "scaled") for name in NAMES]
    if draws:
        names += [f"{kind}_{name.lower()}_{end}" for kind in ("std", "r") for name in NAMES for end in ("low", "high")]
    maps = {name: np.full(grid.shape, np.nan) for name in names}
    maps.update(n=np.zeros(grid.shape), status=np.ones(grid.shape), negative=np.zeros((3, *grid.shape), dtype=bool))
    return maps


def _estimate_tile(
    series: Any,
    dates: np.ndarray,
    tile: Any,
    maps: dict[str, Any],
    anomaly_days: int,
    min_n: int,
    draws: int,
    seed: int,
    progress: Progress,
) -> np.ndarray:
    """Estimate a tile's cells, a few hundred at a time, and enter them in the maps; (days,) bool: whether any cell has all three."""
    common = np.zeros(dates.size, dtype=bool)
    rows, columns = (np.ravel(part) for part in np.indices(maps["n"].shape)[:, tile[0], tile[1]])
    for first in range(0, rows.size, CELLS):
        progress.check()
        part = slice(first, first + CELLS)
        three = [values[part] for values in series]
        there = np.isfinite(three).all(axis=0)
        common |= there.any(axis=0)
        three = [np.where(there, values, np.nan) for values in three]
        if anomaly_days:
            three = [anomalies(values, dates, anomaly_days) for values in three]
        found = estimates.estimate(*three, min_n=min_n)
        place = rows[part], columns[part]
        maps["n"][place], maps["status"][place] = found.n, found.status
        maps["negative"][:, place[0], place[1]] = found.negative
        low_high = {}
        if draws:
            low_high["std"], low_high["r"] = estimates.intervals(three[0], three[1], three[2], dates, draws=draws, seed=seed)
        for number, name in enumerate(NAMES):
            own = name.lower()
            maps[f"std_{own}"][place], maps[f"r_{own}"][place] = found.std[number], found.r[number]
            maps[f"scaled_{own}"][place] = found.std[number] * np.abs(found.scale[number])
            for kind, bounds in low_high.items():
                defined = np.isfinite(found.std[number])
                for end, values in zip(("low", "high"), bounds[:, number]):
                    maps[f"{kind}_{own}_{end}"][place] = np.where(defined, values, np.nan)
    return common


def _result(
    inputs: list[Input], grid: Grid, dates: np.ndarray, maps: dict[str, Any], min_n: int, draws: int, settings: Any, problems: Any
) -> TripleResult:
    """Means over the cells with their intervals, summary and warnings; ``dates``: those on which some cell has all three."""
    titles = _titles(inputs)
    negative = tuple(int(v) for v in maps.pop("negative").sum(axis=(1, 2)))
    means = {}
    whole = np.logical_and.reduce([np.isfinite(maps[f"std_{own.lower()}"]) for own in NAMES])
    for name in (f"{kind}_{own.lower()}" for kind in ("std", "r", "scaled") for own in NAMES):
        values = np.where(whole, maps[name], np.nan) if whole.any() else maps[name]
        mean = float(np.nanmean(values)) if np.isfinite(values).any() else float("nan")
        means[name] = (mean, *significance.interval_of_mean(values, within=significance.POSSIBLE[name.split("_")[0]]))
    counts = {code: int((maps["status"] == code).sum()) for code in STATUS}
    used = counts[0] + counts[5]
    period = (str(dates[0]), str(dates[-1]))
    left = [f"{counts[code]} {STATUS[code]}" + (f" (below {min_n})" if code == 2 else "") for code in (1, 2, 3, 4) if counts[code]]
    partly = f" for at least one product, {int(whole.sum())} for all three" if used and whole.sum() < used else ""
    summary = [
        f"{used} of {maps['n'].size} cells estimated{partly}, {period[0]} to {period[1]}"
        + (f"; cells left out: {', '.join(left)}." if left else ".")
    ]
    if partly:
        which = (
            f"the {int(whole.sum())} cells in which all three have an estimate"
            if whole.any()
            else "each one's own cells, no cell has all three"
        )
        summary.append(f"Means are over {which}.")
    warnings = []
    for number, (name, title) in enumerate(zip(NAMES, titles)):
        std, r = means[f"std_{name.lower()}"], means[f"r_{name.lower()}"]
        if not np.isfinite(std[0]):
            summary.append(f"{name}, {title}: no estimate.")
            continue
        between = f" (95 % interval {std[1]:.4f} to {std[2]:.4f})" if np.isfinite(std[1]) else ""
        summary.append(f"{name}, {title}: mean error standard deviation {std[0]:.4f} m3 m-3{between}, mean R with the truth {r[0]:.3f}.")
        if negative[number]:
            warnings.append(
                f"{name}, {title}: the error variance came out negative in {negative[number]} of {used} cells, left empty there "
                "and out of the means, which leaves out cells where it seems good: too few days, or errors that are not independent."
            )
    summary.append(CAVEAT)
    if not used:
        most = int(maps["n"].max())
        hint = "; a longer period or a lower MIN_N may help" if 0 < most < min_n else ""
        warnings.append(
            f"No cell could be estimated: none has {min_n} days with all three and a common signal (at most {most} days{hint})."
        )
    elif draws and not any(np.isfinite(maps[f"std_{name.lower()}_low"]).any() for name in NAMES):
        warnings.append("No interval could be given: too few blocks of days.")
    warnings += [*_shared(inputs, titles), *problems]
    synthetic = next((str(source.attributes["synthetic"]) for source in inputs if "synthetic" in source.attributes), "")
    return TripleResult(grid, titles, maps, means, negative, period, summary, warnings, settings, synthetic)


def _titles(inputs: list[Input]) -> tuple[str, str, str]:
    """The titles of the three, with the file's name where two have the same title."""
    names = [source.title for source in inputs]
    x, y, z = (f"{s.title} ({s.path.stem})" if names.count(s.title) > 1 else s.title for s in inputs)
    return x, y, z


def _shared(inputs: list[Input], titles: Any) -> list[str]:
    """A sentence for each pair whose errors cannot be taken as independent."""
    found = []
    for a, b in combinations(range(3), 2):
        reason = families.shared(inputs[a].title, inputs[b].title)
        if reason:
            found.append(f"The errors of {titles[a]} and {titles[b]} cannot be taken as independent: {reason}.")
    return found


def write_maps(result: TripleResult, paths: dict) -> dict[str, Path]:
    """Write the maps named in ``paths`` (name -> path) as GeoTIFFs; return the paths."""
    return {
        name: store.write_raster(
            path,
            result.maps[name],
            result.grid,
            bands=(name,),
            units="m3 m-3" if name.startswith(("std", "scaled")) else "days" if name == "n" else "1",
        )
        for name, path in paths.items()
    }
