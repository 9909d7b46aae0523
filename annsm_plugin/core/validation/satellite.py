"""ANN-SM against SMAP in a test period: maps of agreement per cell and means over all cells (paper section 4.2.1, Figure 4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from .. import metrics
from ..foundation import blocks, machine, needs, store, tables
from ..foundation.errors import CubeError
from ..foundation.grid import Grid
from ..foundation.needs import steps
from ..foundation.paths import PathLike
from ..foundation.progress import SILENT, Progress
from ..reports import figure_files
from ..statistics import error_intervals, sensor_change, significance
from ..statistics.anomalies import anomalies
from . import satellite_figures, satellite_report, strata
from .request import SatelliteRequest
from .strata import SEASONS, Held

TARGET, STEADY = "sm_smap", "sm_gldas"

#: The paper's means over the plateau, April 2019 to July 2021 (section 4.2.1): R, RMSE and mean |BIAS| in m3 m-3.
PAPER = {"r": 0.72, "rmse": 0.034, "bias": 0.0122}

MAPS = ("r", "rmse", "bias", "ubrmse", "n", "p", "r_low", "r_high", "anomaly_r", "effective_n", *error_intervals.ENDS, "held")

#: Days of cells from which the coverage of the uncertainty in a season is said.
FEWEST_HITS = 100

#: What is read of ANN-SM, where it is there.
OF_ANNSM = ("soil_moisture", "quality_flag", "soil_moisture_uncertainty")

#: Variables of a tile that are in memory at once while it is read, and arrays (float64) while a part of it is compared.
HELD, AT_WORK = 8, 24


@dataclass
class SatelliteResult:
    """Maps (rows, columns; NaN where there are too few days) by name in ``maps``, means over the cells, and sentences.

    ``means[name]`` is (mean, low, high) with the 95 % interval for r, rmse, bias (of absolute values), ubrmse and anomaly_r.
    ``days``: dates on which some cell has both; ``in_training``: how many of them the network was trained on.
    ``coverage`` is None, or for "68" and "95" the share of days within 1 and 1.96 of the stated uncertainty. ``strata``: dict rows of the
    comparison by season, soil and class. ``maps["held"]``: compared values of ANN-SM that are held at 0 or 1 m3 m-3; ``held``: their sum.
    """

    grid: Grid
    maps: dict[str, np.ndarray]
    means: dict[str, tuple[float, float, float]]
    paper: dict[str, float]
    coverage: dict[str, float] | None
    period: tuple[str, str]
    days: int
    in_training: int
    summary: list[str]
    warnings: list[str]
    attributes: dict
    strata: list[dict] = field(default_factory=list)
    held: Held | None = None

    @property
    def r(self) -> np.ndarray:
        """Correlation per cell."""
        return self.maps["r"]

    @property
    def rmse(self) -> np.ndarray:
        """RMSE per cell, m3 m-3."""
        return self.maps["rmse"]

    @property
    def bias(self) -> np.ndarray:
        """Mean of SMAP - ANN-SM per cell, m3 m-3."""
        return self.maps["bias"]

    @property
    def ubrmse(self) -> np.ndarray:
        """Unbiased RMSE per cell, m3 m-3."""
        return self.maps["ubrmse"]

    @property
    def n(self) -> np.ndarray:
        """Common days per cell."""
        return self.maps["n"]


def check(request: SatelliteRequest) -> None:
    """Check before work starts. Raises ``ParameterError`` or ``CubeError``."""
    request.check_values()
    check_inputs(request)


def check_inputs(request: SatelliteRequest) -> None:
    """What ``check`` does, the outputs not looked at."""
    request.check_values(outputs=False)
    start, end = request.start, request.end
    if start is not None and end is not None:
        blocks.check_dates(start, end, "test period")
    with store.open_grid(request.annsm, kind="ANN-SM file", needs=("soil_moisture",)) as own:
        blocks.days_between(blocks.dates_of(own), start, end, request.annsm, "test period")
        with store.open_grid(request.reference, kind="cube") as cube:
            if TARGET not in cube.data_vars:
                raise CubeError(
                    request.reference, "no SMAP soil moisture (sm_smap)", "a reference cube that was matched with the SMAP folder"
                )
            blocks.days_between(blocks.dates_of(cube), start, end, request.reference, "test period")
        if request.strata:
            strata.classes_of(request.strata, store.grid_of(blocks.north_first(own)))


@store.step
def run(request: SatelliteRequest, progress: Progress | None = None) -> SatelliteResult:
    """Compare ANN-SM with SMAP and write the maps, the table, the report and the figures that are asked for."""
    check(request)
    result = compare(request, progress)
    write_maps(result, {name: path for name, path in request.outputs().items() if name in MAPS})
    if request.table:
        store.write_text(request.table, satellite_csv(result))
    if request.strata_table:
        store.write_text(request.strata_table, strata.as_csv(result.strata))
    satellite_report.write(request.report, result)
    if request.figures:
        figure_files.write(request.figures, satellite_figures.publication(result))
    return result


def validate_satellite(annsm: PathLike, reference: PathLike, *, progress: Progress | None = None, **options: Any) -> SatelliteResult:
    """Compare two files without writing any: ``compare`` with its request written as keywords (see ``SatelliteRequest``)."""
    return compare(SatelliteRequest(annsm=annsm, reference=reference, **options), progress)


def compare(request: SatelliteRequest, progress: Progress | None = None, *, by_stratum: bool = True) -> SatelliteResult:
    """Compare ANN-SM with the SMAP soil moisture of the reference cube on their common days.

    Target is SMAP, prediction is ANN-SM: BIAS = SMAP - ANN-SM. A cell with fewer than ``min_n`` common days has N alone. Where both
    files hold days of AMSR-E and of AMSR2, or of leaf area index of MODIS and of VIIRS, the step between them is measured against the
    cube's GLDAS, whatever the test period.
    by_stratum: whether the measures by season, soil and class are computed too, half of the work.
    """
    progress = progress or SILENT
    check_inputs(request)
    with store.open_grid(request.annsm, kind="ANN-SM file") as data:
        cells, days = data["lat"].size * data["lon"].size, data["time"].size
    with needs.granted(steps.reading("The validation", list(request.outputs().values()), cells, days, HELD, 100e6, 1.8), progress):
        return _compared(request, progress, by_stratum)


def _compared(request: SatelliteRequest, progress: Progress, by_stratum: bool) -> SatelliteResult:
    """What ``compare`` does once it is granted what it needs."""
    annsm, reference, start, end, min_n = request.annsm, request.reference, request.start, request.end, request.min_n
    with store.open_grid(annsm, kind="ANN-SM file", needs=("soil_moisture",)) as own, store.open_grid(reference, kind="cube") as cube:
        own, cube = blocks.north_first(own), blocks.north_first(cube)
        grid, other = store.grid_of(own), store.grid_of(cube)
        inside = blocks.days_between(blocks.dates_of(own), start, end, annsm, "test period")
        dates = np.intersect1d(blocks.dates_of(own)[inside], blocks.dates_of(cube))
        if dates.size == 0:
            raise CubeError(reference, "no day that ANN-SM has in the test period", f"some of the days of {annsm}")
        rows, columns = blocks.places(other, grid)
        if not ((rows >= 0).any() and (columns >= 0).any()):
            raise CubeError(reference, "other cells", f"some of the cells of {annsm}")
        maps = {name: np.full(grid.shape, np.nan) for name in MAPS}
        maps["n"][:] = maps["held"][:] = 0
        free = {name: np.full(grid.shape, np.nan) for name in (*strata.MEASURES, "n")}
        hits, shared = np.zeros((len(SEASONS), 3)), np.zeros(dates.size, dtype=bool)
        stratified = strata.Maps(grid.shape, dates)
        tiles = list(blocks.tiles(grid.shape, (dates[-1] - dates[0]).astype(int) + 1, HELD))
        for number, tile in enumerate(tiles):
            progress.report(number / len(tiles), "Comparing with SMAP")
            for part, found in _parts(own, cube, TARGET, rows, columns, tile, dates):
                progress.check()
                prediction, target = found["soil_moisture"], found[TARGET]
                shared |= (np.isfinite(prediction) & np.isfinite(target)).any(axis=0)
                _measure(prediction, target, dates, part, grid, maps, min_n)
                held, left = strata.without_held(target, prediction, found.get("quality_flag"))
                for name, own_map, values in (("held", maps, held), *((name, free, values) for name, values in left.items())):
                    own_map[name][part] = values.reshape(own_map[name][part].shape)
                if by_stratum:
                    stratified.enter(part, target, prediction, found.get("quality_flag"))
                if "soil_moisture_uncertainty" in found:
                    hits += _coverage(prediction, target, found["soil_moisture_uncertainty"], stratified.season)
        steps = _steps(own, cube, grid, rows, columns, progress)
        left_out = [*blocks.sieve(own).sentences(), *blocks.sieve(cube).sentences()]
        attributes = {
            **{name: cube.attrs[name] for name in ("synthetic", "smap_variable", "smap_quality") if name in cube.attrs},
            **own.attrs,
        }
    result = _result(grid, maps, dates[shared], (str(dates[0]), str(dates[-1])), hits, steps, min_n, attributes)
    result.warnings += left_out
    result.held = strata.held_of(maps["held"], maps["n"], free, min_n=min_n)
    result.summary += filter(None, [result.held.sentence()])
    if not by_stratum:
        return result
    result.strata = stratified.rows(min_n=min_n)
    if request.strata:
        kind = Path(str(request.strata)).stem
        result.strata += strata.rows_of_classes(kind, *strata.classes_of(request.strata, grid), maps, min_n=min_n)
    return result


def _parts(
    own: Any, cube: Any, name: str, rows: np.ndarray, columns: np.ndarray, tile: Any, dates: np.ndarray, of_own: Any = OF_ANNSM
) -> Iterator[tuple[Any, dict[str, np.ndarray]]]:
    """The tile, a few of its rows at a time, with their (cells, dates) of ``name`` in the cube and of ``of_own`` in ANN-SM, by name.

    A tile is read at once, since it is decoded at once; what is computed of it takes many times its memory.
    """
    held = {own_name: _on_dates(own, own_name, tile, dates) for own_name in of_own if own_name in own.data_vars}
    held[name] = _reference(cube, name, rows[tile[0]], columns[tile[1]], dates)
    high, wide = (axis.stop - axis.start for axis in tile)
    length = max(1, machine.memory(blocks.BUDGET) // (wide * dates.size * 8 * AT_WORK))
    for first in range(0, high, length):
        last = min(first + length, high)
        cells = slice(first * wide, last * wide)
        yield (
            (slice(tile[0].start + first, tile[0].start + last), tile[1]),
            {key: values[cells].astype(float) for key, values in held.items()},
        )


def _on_dates(data: Any, name: str, tile: Any, dates: np.ndarray) -> np.ndarray:
    """(cells, dates) float32 of a variable in a tile, on the given dates."""
    own = blocks.dates_of(data)
    days = slice(int(np.searchsorted(own, dates[0])), int(np.searchsorted(own, dates[-1], "right")))
    values = blocks.series(data, name, days, tile)
    return values if np.array_equal(own[days], dates) else values[:, np.searchsorted(own[days], dates)]


def _steps(own: Any, cube: Any, grid: Grid, rows: Any, columns: np.ndarray, progress: Progress) -> list[str]:
    """The steps of ANN-SM against GLDAS where its sources change, in words: of every change of which both files have both sides."""
    dates = np.intersect1d(blocks.dates_of(own), blocks.dates_of(cube))
    changes = sensor_change.changes(own.attrs, dates) if STEADY in cube.data_vars else []
    maps = np.full((len(changes), 2, *grid.shape), np.nan)
    if not changes:
        return sensor_change.told(own.attrs, dates)
    for tile in blocks.tiles(grid.shape, (dates[-1] - dates[0]).astype(int) + 1, HELD):
        for part, values in _parts(own, cube, STEADY, rows, columns, tile, dates, ("soil_moisture",)):
            progress.check()
            for number, change in enumerate(changes):
                found = sensor_change.per_cell(values["soil_moisture"], values[STEADY], dates, change.last, change.first)
                maps[(number, slice(None), *part)] = found.reshape(2, part[0].stop - part[0].start, -1)
    steps = [(change, sensor_change.mean_of(*own_maps)) for change, own_maps in zip(changes, maps)]
    said = [sensor_change.sentence(step, "GLDAS", change) for change, step in steps if step is not None]
    return [*said, *sensor_change.told(own.attrs, dates)]


def _reference(cube: Any, name: str, rows: np.ndarray, columns: np.ndarray, dates: np.ndarray) -> np.ndarray:
    """(cells, dates) float32 of a variable of the cube at the wanted rows and columns; NaN where the cube has no such cell."""
    y, x = np.flatnonzero(rows >= 0), np.flatnonzero(columns >= 0)
    if not (y.size and x.size):
        return np.full((rows.size * columns.size, dates.size), np.nan, dtype=np.float32)
    tile = slice(int(rows[y[0]]), int(rows[y[-1]]) + 1), slice(int(columns[x[0]]), int(columns[x[-1]]) + 1)
    found = _on_dates(cube, name, tile, dates)
    if y.size == rows.size and x.size == columns.size:
        return found
    values = np.full((rows.size, columns.size, dates.size), np.nan, dtype=np.float32)
    values[np.ix_(y, x)] = found.reshape(y.size, x.size, dates.size)
    return values.reshape(-1, dates.size)


def _measure(
    prediction: np.ndarray, target: np.ndarray, dates: np.ndarray, tile: Any, grid: Grid, maps: dict[str, Any], min_n: int
) -> None:
    """Enter the measures of one tile's cells in the maps."""
    shape = (tile[0].stop - tile[0].start, tile[1].stop - tile[1].start)
    found = metrics.all_of(target, prediction, axis=1)
    day = (dates - dates[0]).astype(int)
    regular = np.full((2, target.shape[0], day[-1] + 1), np.nan)
    regular[0][:, day], regular[1][:, day] = target, prediction
    size = significance.effective_size(*regular)
    found["p"] = significance.p_of_r(found["r"], size)
    found["r_low"], found["r_high"] = significance.interval_of_r(found["r"], size)
    found["effective_n"] = size
    for name, ends in error_intervals.of_difference(regular[0] - regular[1]).items():
        found[f"{name}_low"], found[f"{name}_high"] = ends
    both = np.isfinite(target) & np.isfinite(prediction)
    found["anomaly_r"] = metrics.r(
        anomalies(np.where(both, target, np.nan), dates), anomalies(np.where(both, prediction, np.nan), dates), axis=1
    )
    for name, values in found.items():
        values = values if name == "n" else np.where(found["n"] >= min_n, values, np.nan)
        maps[name][tile] = values.reshape(shape)


def _coverage(prediction: np.ndarray, target: np.ndarray, uncertainty: np.ndarray, season: np.ndarray) -> np.ndarray:
    """(seasons, 3) days within 1 and within 1.96 of the uncertainty, and days with all three; season (days,) numbers ``SEASONS``."""
    there = np.isfinite(prediction) & np.isfinite(target) & np.isfinite(uncertainty)
    with np.errstate(invalid="ignore"):
        distance = np.abs(target - prediction) / uncertainty
    counts = [(there & (distance <= 1)).sum(axis=0), (there & (distance <= significance.Z95)).sum(axis=0), there.sum(axis=0)]
    return np.stack([np.bincount(season, weights=count, minlength=len(SEASONS)) for count in counts], axis=1)


def trained_days(dates: np.ndarray, attributes: dict) -> int:
    """How many of ``dates`` lie in the training period that an ANN-SM file names; 0 where it names none."""
    try:
        first, last = (np.datetime64(str(attributes[name])[:10], "D") for name in ("training_start", "training_end"))
    except (KeyError, ValueError):
        return 0
    return int(((dates >= first) & (dates <= last)).sum())


def _result(
    grid: Grid,
    maps: dict[str, Any],
    dates: np.ndarray,
    period: Any,
    hits: np.ndarray,
    steps: list[str],
    min_n: int,
    attributes: dict[str, Any],
) -> SatelliteResult:
    """The means with their intervals, the summary and the warnings."""
    means = {}
    for name in ("r", "rmse", "bias", "ubrmse", "anomaly_r"):
        values = np.abs(maps[name]) if name == "bias" else maps[name]
        mean = float(np.nanmean(values)) if np.isfinite(values).any() else float("nan")
        means[name] = (mean, *significance.interval_of_mean(values, within=significance.POSSIBLE["abs_bias" if name == "bias" else name]))
    used = int((maps["n"] >= min_n).sum())
    some = int(((maps["n"] > 0) & (maps["n"] < min_n)).sum())
    none = int((maps["n"] == 0).sum())
    counts = maps["n"][maps["n"] >= min_n]
    each = f" (median {np.median(counts):.0f} days in a cell, {counts.min():.0f} to {counts.max():.0f})" if used else ""
    summary = [
        f"{used} of {maps['n'].size} cells compared{each}, {period[0]} to {period[1]}; {dates.size} dates have both in some cell. "
        f"{none} cells have no common day, {some} have fewer than {min_n}."
    ]
    words = (("R", "r", 3), ("RMSE", "rmse", 4), ("|BIAS|", "bias", 4), ("ubRMSE", "ubrmse", 4), ("anomaly R (35 days)", "anomaly_r", 3))
    for label, name, digits in words:
        mean, low, high = means[name]
        paper = f"; paper {PAPER[name]:g}" if name in PAPER else ""
        interval = f" (95 % interval {low:.{digits}f} to {high:.{digits}f})" if np.isfinite(low) else ""
        fewer = int(np.isfinite(maps[name]).sum())
        of = f" over {fewer} cells" if 0 < fewer < used else ""
        summary.append(f"Mean {label} {mean:.{digits}f}{of}{interval}{paper}." if np.isfinite(mean) else f"Mean {label}: not defined.")
    with np.errstate(invalid="ignore"):
        certain = int((maps["p"] < 0.05).sum())
    constant = used - int(np.isfinite(maps["r"]).sum())
    summary.append(f"R differs from 0 (p < 0.05, effective sample size) in {certain} of {used} cells.")
    if constant:
        summary.append(f"{constant} cells have no R because one of the series is constant.")
    summary += steps
    coverage = None
    if hits[:, 2].any():
        within = hits.sum(axis=0)
        coverage = {"68": float(within[0] / within[2]), "95": float(within[1] / within[2])}
        summary.append(
            f"The stated uncertainty covers SMAP on {100 * coverage['68']:.0f} % of days within 1 and {100 * coverage['95']:.0f} % "
            "within 1.96 of it (68 and 95 % expected; it says nothing of SMAP's own error)."
        )
        parts = [f"{name} {100 * one / n:.0f} and {100 * two / n:.0f} %" for name, (one, two, n) in zip(SEASONS, hits) if n >= FEWEST_HITS]
        if len(parts) > 1:
            summary.append(f"By season: {', '.join(parts)}.")
    in_training = trained_days(dates, attributes)
    warnings = [_seen(in_training, dates.size, attributes)] if in_training else []
    warnings += [] if used else [f"No cell has {min_n} common days: no measure could be computed."]
    warnings += [] if np.isfinite(means["r"][1]) else ["Too few cells for an interval of the means."]
    return SatelliteResult(grid, maps, means, dict(PAPER), coverage, period, dates.size, in_training, summary, warnings, attributes)


def _seen(count: int, days: int, attributes: dict) -> str:
    """The warning that days of the training period were compared, so that the measures are not those of an independent test."""
    first, last = (str(attributes[name])[:10] for name in ("training_start", "training_end"))
    share, show = (
        ("All", "how well they fit, not how well they predict")
        if count == days
        else (f"{count} of the", "partly how well they fit, not only how well they predict")
    )
    return (
        f"{share} {days} compared dates lie in the training period ({first} to {last}), whose SMAP values the networks have learnt: "
        f"the measures show {show}. For a test, choose a period outside it."
    )


#: Units of the maps that have any.
UNITS = {"n": "days", "effective_n": "days", "held": "days", **dict.fromkeys(("rmse", "bias", "ubrmse", *error_intervals.ENDS), "m3 m-3")}


def satellite_csv(result: SatelliteResult) -> str:
    """One line per cell with a common day: its centre, and every map; empty where a measure is not defined."""
    rows, columns = np.nonzero(result.n > 0)
    cells = [
        [float(result.grid.lat[row]), float(result.grid.lon[column]), *(float(result.maps[name][row, column]) for name in MAPS)]
        for row, column in zip(rows, columns)
    ]
    return tables.as_csv(("lat", "lon", *MAPS), cells)


def write_maps(result: SatelliteResult, paths: dict) -> dict[str, Path]:
    """Write the maps named in ``paths`` (name -> path) as GeoTIFFs; return the paths."""
    return {
        name: store.write_raster(path, result.maps[name], result.grid, bands=(name,), units=UNITS.get(name, "1"))
        for name, path in paths.items()
    }
