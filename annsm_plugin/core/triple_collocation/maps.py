"""Triple collocation of three products cell by cell: maps of error standard deviation and of the correlation with the truth."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from ..foundation import blocks, store
from ..foundation.errors import ParameterError
from ..foundation.grid import Grid
from ..foundation.progress import SILENT
from ..series.sources import Input, Reader, look
from ..statistics import significance
from ..statistics.anomalies import anomalies
from . import estimates as triple_collocation
from .choices import DRAWS, MIN_N, NAMES
from .estimates import STATUS

#: Cells that are estimated together, so that cancelling is felt.
CELLS = 256

#: The condition of the method, said wherever its numbers are; the short form is for summaries.
CAVEAT = (
    "The numbers hold as far as the three err independently of each other; ANN-SM is trained on SMAP and fed with GLDAS, so beside either "
    "it seems better than it is."
)

#: Pairs of products whose errors cannot be taken as independent, and why. Two of one family are such a pair too.
SHARED = {
    ("ANN-SM", "SMAP"): "ANN-SM is trained on SMAP",
    ("ANN-SM", "GLDAS"): "GLDAS is an input of ANN-SM",
    ("ANN-SM", "LPRM"): "both rest on AMSR brightness temperature",
    ("ANN-SM", "JAXA"): "both rest on AMSR brightness temperature",
    ("LPRM", "JAXA"): "both are retrieved from AMSR brightness temperature",
    ("SMAP", "SMOS"): "both are retrieved from L-band brightness temperature, with much the same treatment of vegetation",
}
FAMILIES = ("ANN-SM", "SMAP", "GLDAS", "LPRM", "JAXA", "SMOS")


@dataclass
class TripleResult:
    """What three products say of each other. ``titles`` names X, Y and Z.

    ``maps``: (rows, columns), NaN where there is none: std_x.. and r_x.. (error standard deviation in m3 m-3 in the product's own data
    space; correlation with the truth), scaled_x.. (std in the data space of X), n (days), status (``triple_collocation.STATUS``), and
    with a bootstrap std_x_low, std_x_high, r_x_low, r_x_high .. ``means["std_x"]``: (mean, low, high) over the cells. ``negative``:
    cells whose error variance came out negative, per product. The means are over the cells in which all three have an estimate, if any.
    """

    grid: Grid
    titles: tuple[str, str, str]
    maps: dict[str, np.ndarray]
    means: dict[str, tuple[float, float, float]]
    negative: tuple[int, int, int]
    period: tuple[str, str]
    summary: list[str]
    warnings: list[str]
    settings: dict
    synthetic: str = ""

    @property
    def cells(self) -> int:
        """How many cells have an estimate of at least one product."""
        return int(np.isin(self.maps["status"], (0, 5)).sum())


def check(x, y, z, *, variables=(None, None, None), start=None, end=None, extent=None, anomaly_days=0, min_n=MIN_N, draws=0):
    """Check before work starts; the three ``Input``, the common grid and the dates. Raises ``ParameterError`` or ``CubeError``."""
    if start is not None and end is not None:
        blocks.check_dates(start, end)
    if int(min_n) < 3:
        raise ParameterError(f"The smallest number of common days is {min_n}; expected at least 3.")
    if int(draws) < 0 or 0 < int(draws) < 40:
        raise ParameterError(f"The number of bootstrap draws is {draws}; expected 0 (no intervals) or at least 40.")
    if anomaly_days and int(anomaly_days) < 3:
        raise ParameterError(f"The window of the anomalies is {anomaly_days} days; expected at least 3, or none.")
    inputs = [look(name, path, variable) for name, path, variable in zip(NAMES, (x, y, z), variables)]
    for a, b in combinations(inputs, 2):
        if a.key == b.key:
            raise ParameterError(f"{a.name} and {b.name} are the same data ({a.title} of {a.path}); expected three different products.")
    return inputs, _grid(inputs, extent), _dates(inputs, start, end)


def _grid(inputs: list[Input], extent) -> Grid:
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


def _dates(inputs: list[Input], start, end) -> np.ndarray:
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


def collocate(
    x,
    y,
    z,
    *,
    variables=(None, None, None),
    start=None,
    end=None,
    extent=None,
    anomaly_days: int = 0,
    min_n: int = MIN_N,
    draws: int = DRAWS,
    seed: int = 0,
    progress=None,
) -> TripleResult:
    """Triple collocation of ``x``, ``y``, ``z`` (paths, see ``triple_inputs.look``) in every cell, on the days that all three have.

    variables: what is meant in each path; start, end: local dates, both included; extent: (west, south, east, north); anomaly_days:
    0, or the window whose moving mean is taken away first, on the common days; min_n: fewest common days; draws: of the
    bootstrap, 0 for none. Raises ``ParameterError`` or ``CubeError``.
    """
    progress = progress or SILENT
    inputs, grid, dates = check(
        x, y, z, variables=variables, start=start, end=end, extent=extent, anomaly_days=anomaly_days, min_n=min_n, draws=draws
    )
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
        "bootstrap": f"{draws} draws of blocks of {triple_collocation.BLOCK_DAYS} days, seed {seed}" if draws else "none",
    }
    return _result(inputs, grid, dates[common] if common.any() else dates, maps, min_n, draws, settings, problems)


def _empty(grid: Grid, draws: int) -> dict[str, np.ndarray]:
    names = [f"{kind}_{name.lower()}" for kind in ("std", "r", "scaled") for name in NAMES]
    if draws:
        names += [f"{kind}_{name.lower()}_{end}" for kind in ("std", "r") for name in NAMES for end in ("low", "high")]
    maps = {name: np.full(grid.shape, np.nan) for name in names}
    maps.update(n=np.zeros(grid.shape), status=np.ones(grid.shape), negative=np.zeros((3, *grid.shape), dtype=bool))
    return maps


def _estimate_tile(series, dates, tile, maps, anomaly_days, min_n, draws, seed, progress) -> np.ndarray:
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
        found = triple_collocation.estimate(*three, min_n=min_n)
        place = rows[part], columns[part]
        maps["n"][place], maps["status"][place] = found.n, found.status
        maps["negative"][:, place[0], place[1]] = found.negative
        low_high = {}
        if draws:
            low_high["std"], low_high["r"] = triple_collocation.intervals(*three, dates, draws=draws, seed=seed)
        for number, name in enumerate(NAMES):
            own = name.lower()
            maps[f"std_{own}"][place], maps[f"r_{own}"][place] = found.std[number], found.r[number]
            maps[f"scaled_{own}"][place] = found.std[number] * np.abs(found.scale[number])
            for kind, bounds in low_high.items():
                defined = np.isfinite(found.std[number])
                for end, values in zip(("low", "high"), bounds[:, number]):
                    maps[f"{kind}_{own}_{end}"][place] = np.where(defined, values, np.nan)
    return common


def _result(inputs, grid, dates, maps, min_n, draws, settings, problems) -> TripleResult:
    """Means over the cells with their intervals, and everything in words; ``dates`` are those that all three have somewhere."""
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
    """What the three are called; the file's name beside where two are called the same."""
    names = [source.title for source in inputs]
    return tuple(f"{s.title} ({s.path.stem})" if names.count(s.title) > 1 else s.title for s in inputs)


def _shared(inputs: list[Input], titles) -> list[str]:
    """A sentence for each pair whose errors cannot be taken as independent."""
    family = [next((known for known in FAMILIES if source.title.startswith(known)), "") for source in inputs]
    found = []
    for a, b in combinations(range(3), 2):
        reason = SHARED.get((family[a], family[b])) or SHARED.get((family[b], family[a]))
        if family[a] and family[a] == family[b]:
            reason = f"both are {family[a]}"
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
