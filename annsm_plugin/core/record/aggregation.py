"""Monthly, seasonal and yearly soil moisture of a daily record: statistics, anomalies from a base period, and the trend."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..foundation import blocks, bounds, needs, store
from ..foundation.errors import CubeError, ParameterError
from ..foundation.grid import Grid
from ..foundation.needs import steps
from ..foundation.paths import PathLike
from ..foundation.progress import SILENT, Progress
from ..foundation.variables import Variable
from ..statistics import sensor_change, trends
from .request import PERIODS, STATISTICS, AggregateRequest

_FUNCTIONS: dict[str, Any] = {"mean": np.nanmean, "minimum": np.nanmin, "maximum": np.nanmax, "std": np.nanstd}

#: Fewest periods that the base needs for a climatology, and fewest anomalies for a trend.
MIN_BASE, MIN_TREND = 2, 8


@dataclass
class AggregateResult:
    """The file, and maps (rows, columns): slope per year, its p, and the number of periods they rest on; NaN where there are too few."""

    path: Path
    grid: Grid
    periods: int
    slope: np.ndarray
    p: np.ndarray
    n: np.ndarray
    summary: list[str]
    warnings: list[str]

    @property
    def median_trend(self) -> float:
        """The median of the cells' slopes; NaN where no cell has one."""
        known = np.isfinite(self.slope)
        return float(np.median(self.slope[known])) if known.any() else float("nan")


def check(request: AggregateRequest) -> str:
    """Check before work starts; returns the variable's name. Raises ``ParameterError`` or ``CubeError``."""
    request.check_values()
    source = request.source
    store.check_output(request.output, ".nc")
    if not request.statistics:
        raise ParameterError(f"STATISTICS holds nothing; expected some of {', '.join(STATISTICS)}.")
    years_of(request.base)
    with store.open_grid(source, kind="cube or ANN-SM file") as data:
        daily = [str(n) for n, v in data.data_vars.items() if {"time", "lat", "lon"} <= set(v.dims)]
        names: list[str] = [n for n in ("soil_moisture", "sm_smap", "sm_gldas") if n in daily]
        name = request.variable or (names or [""])[0]
        if name not in daily:
            raise CubeError(source, f"daily variables {', '.join(daily) or 'none'}", f"'{name or 'soil_moisture'}'")
    return name


def years_of(base: PathLike) -> tuple[int, int] | None:
    """First and last year of "2003-2010"; None for an empty text: all years. Raises ``ParameterError``."""
    if not base:
        return None
    found = re.fullmatch(r"\s*(\d{4})\s*[-–/, ]\s*(\d{4})\s*", str(base))
    if not found or int(found[1]) > int(found[2]):
        raise ParameterError(f"BASE is '{base}'; expected two years such as '2003-2010'.")
    return int(found[1]), int(found[2])


def periods_of(dates: np.ndarray, period: str) -> tuple[np.ndarray, np.ndarray]:
    """Period number of each date (n,), and (periods, 2) their first day and the first day after; all from the first date to the last.

    A winter belongs to the year of its January. Seasons and years are whole ones; months at their ends without days stay empty.
    """
    months = dates.astype("datetime64[M]").astype(int)
    length = PERIODS[period]
    shift = 1 if period == "season" else 0  # December begins a season
    number = (months + shift) // length
    first = number.min()
    numbers = np.arange(first, number.max() + 2)
    starts = (numbers * length - shift).astype("datetime64[M]").astype("datetime64[D]")
    return number - first, np.stack([starts[:-1], starts[1:]], axis=1)


def aggregate(source: PathLike, output: PathLike, *, progress: Progress | None = None, **options: Any) -> AggregateResult:
    """Aggregate a cube or ANN-SM file into ``output``: ``run`` with its request written as keywords (see ``AggregateRequest``)."""
    return run(AggregateRequest(source=source, output=output, **options), progress)


@store.step
def run(request: AggregateRequest, progress: Progress | None = None) -> AggregateResult:
    """Aggregate the variable, compute the trend of its anomalies, and write what is asked for.

    The number of days is always written. The trend is Theil and Sen's slope of the anomalies per year and Mann and Kendall's p
    (``trends``). Daily soil moisture that no soil can have is left out; that and values held at a bound
    are counted. Raises what ``check`` raises, and ``Cancelled``.
    """
    progress = progress or SILENT
    name = check(request)
    source, output, period, statistics = request.source, request.output, request.period, tuple(request.statistics)
    base, min_days = request.base, int(request.min_days)
    years, needed = years_of(base), min_days * PERIODS[period]
    with store.open_grid(source, kind="cube or ANN-SM file", needs=(name,)) as data:
        data = blocks.north_first(data)
        grid, dates = store.grid_of(data), blocks.dates_of(data)
        number, bounds = periods_of(dates, period)
        calendar = _calendar(bounds, period)
        in_base, whole = _in_base(bounds, years, source), _whole(bounds, dates)
        units, long_name = str(data[name].attrs.get("units", "1")), str(data[name].attrs.get("long_name", name))
        variables = [(f"{name}_{s}", _described(f"{long_name}, {period}: {s}", units, STATISTICS[s])) for s in statistics]
        variables.append((f"{name}_days", _described("number of days with a value", "1", "sum")))
        attributes = _attributes(data, source, name, period, bounds, in_base, needed)
        slope, p, n = (np.full(grid.shape, np.nan) for _ in range(3))
        filled, counts = 0, dict.fromkeys(("values", "held", "impossible"), 0)
        need = steps.aggregation(output, slope.size, dates.size, slope.size * len(bounds) * len(variables))
        with needs.granted(need, progress), store.GridWriter(output, grid, bounds[:, 0], variables, attributes, bounds=bounds) as out:
            tiles = list(blocks.tiles(grid.shape, dates.size, 3))
            for at, tile in enumerate(tiles):
                part = progress.part(at / len(tiles), (at + 1) / len(tiles))
                values = _daily(data, name, dates.size, tile, counts)
                found = _statistics(values, number, whole, calendar, in_base, needed, part)
                shape = tuple(s.stop - s.start for s in tile)
                filled += int(np.isfinite(found["mean"]).sum())
                for key in (*statistics, "days"):
                    out.put(f"{name}_{key}", slice(None), found[key].T.reshape(-1, *shape), cells=tile)
                for target, line in zip((slope, p, n), _trends(found["anomaly"], PERIODS[period], part)):
                    target[tile] = line.reshape(shape)
            left_out, counts["impossible"] = blocks.sieve(data).sentences(), blocks.sieve(data).impossible(name)
            for key, count in counts.items():
                out.attribute(f"count_{key}", np.int64(count))
    progress.report(1.0, "")
    summary, warnings = _words(name, units, period, bounds, dates, whole, in_base, needed, filled, slope, p)
    warnings += left_out
    if counts["held"]:
        share = 100 * counts["held"] / counts["values"]
        summary.append(f"{counts['held']} of the {counts['values']} daily values ({share:.2f} %) are held at 0 or 1 m3 m-3 by their flag.")
    for path, values, title in (
        (request.trend, slope, "Trend per year"),
        (request.significance, p, "Significance of the trend (p)"),
    ):
        if path:
            store.write_raster(path, values, grid, bands=(title,))
    return AggregateResult(Path(output), grid, len(bounds), slope, p, n, summary, warnings)


def _daily(data: Any, name: str, days: int, tile: tuple[slice, slice], counts: dict[str, int]) -> np.ndarray:
    """(cells, days) of the variable in a tile, NaN where missing or infinite; adds to ``counts``."""
    values = blocks.series(data, name, slice(0, days), tile).astype(float)
    known = np.isfinite(values)
    if name == "soil_moisture" and "quality_flag" in data.data_vars:
        counts["held"] += int((known & bounds.were_held(blocks.series(data, "quality_flag", slice(0, days), tile))).sum())
    counts["values"] += int(known.sum())
    return np.where(known, values, np.nan)


def _calendar(bounds: np.ndarray, period: str) -> np.ndarray:
    """(periods,) number of each period's calendar month or season, whose mean over the base is its normal; 0 for years."""
    return bounds[:, 0].astype("datetime64[M]").astype(int) % 12 if period != "year" else np.zeros(len(bounds), dtype=int)


def _in_base(bounds: np.ndarray, years: Any, source: PathLike) -> np.ndarray:
    """(periods,) bool; the year of a period is that of its last month."""
    year = (bounds[:, 1].astype("datetime64[M]") - 1).astype("datetime64[Y]").astype(int) + 1970
    inside = np.ones(year.size, dtype=bool) if years is None else (year >= years[0]) & (year <= years[1])
    if not inside.any():
        raise ParameterError(f"BASE {years[0]}-{years[1]} has no day in {source}, which holds {year.min()} to {year.max()}.")
    return inside


def _whole(bounds: np.ndarray, dates: np.ndarray) -> np.ndarray:
    """(periods,) bool: whether the record reaches into the first and the last month of each period; others are left out."""
    months = bounds.astype("datetime64[M]")
    return (months[:, 0] >= dates[0].astype("datetime64[M]")) & (months[:, 1] - 1 <= dates[-1].astype("datetime64[M]"))


def _statistics(
    values: np.ndarray, number: np.ndarray, whole: Any, calendar: np.ndarray, in_base: np.ndarray, needed: int, progress: Progress
) -> dict[str, np.ndarray]:
    """Every statistic (cells, periods) of the daily ``values`` (cells, days), NaN with fewer than ``needed`` days and unless ``whole``."""
    found = {key: np.full((len(values), whole.size), np.nan) for key in STATISTICS}
    found["days"] = np.zeros((len(values), whole.size))
    for place in range(whole.size):
        progress.check()
        days = values[:, number == place]
        count = np.isfinite(days).sum(axis=1)
        found["days"][:, place] = count
        enough = (count >= needed) & whole[place]
        for key, function in _FUNCTIONS.items():
            found[key][enough, place] = function(days[enough], axis=1) if enough.any() else np.nan
    for season in np.unique(calendar):
        own = np.flatnonzero(calendar == season)
        based = found["mean"][:, own[in_base[own]]]
        count = np.isfinite(based).sum(axis=1)
        normal = np.where(count >= MIN_BASE, np.nansum(based, axis=1) / np.maximum(count, 1), np.nan)
        found["anomaly"][:, own] = found["mean"][:, own] - normal[:, np.newaxis]
    return found


def _trends(anomaly: np.ndarray, months: int, progress: Progress) -> Any:
    """Slope per year, p and number of values of each row."""
    years = np.arange(anomaly.shape[1]) * months / 12.0
    count = np.isfinite(anomaly).sum(axis=1)
    slope, p = np.full((2, len(anomaly)), np.nan)
    for row in np.flatnonzero(count >= MIN_TREND):
        if row % 64 == 0:
            progress.check()
            progress.report(row / len(anomaly), "Trends")
        slope[row] = trends.theil_sen(years, anomaly[row])
        p[row] = trends.mann_kendall(anomaly[row], slope[row] * months / 12.0)
    return slope, p, count.astype(float)


def _described(long_name: str, units: str, method: str) -> Variable:
    return Variable(long_name, units, attributes=(("cell_methods", f"time: {method}"),))


def _attributes(data: Any, source: PathLike, name: str, period: Any, bounds: np.ndarray, in_base: np.ndarray, needed: int) -> dict:
    left_out = ("Conventions", "software", "annsm_kind", "history", "title")
    based = bounds[in_base]
    said = str(data.attrs.get("history", ""))
    return {
        **{key: value for key, value in data.attrs.items() if key not in left_out and not str(key).startswith("count_")},
        "annsm_kind": "aggregate",
        "title": f"{name} by {period}, from daily values",
        "source_file": Path(source).name,
        store.provenance.INPUT_FILES: store.provenance.joined([store.provenance.one("source", source)], data.attrs),
        "period": period,
        "base_start": str(based[0, 0]),
        "base_end": str(based[-1, 1] - 1),
        "min_days": np.int32(needed),
        "history": "\n".join(filter(None, [said, store.history(f"aggregate {Path(source).name} by {period}")])),
    }


def _words(
    name: str,
    units: str,
    period: Any,
    bounds: np.ndarray,
    dates: np.ndarray,
    whole: Any,
    in_base: np.ndarray,
    needed: int,
    filled: int,
    slope: np.ndarray,
    p: np.ndarray,
) -> Any:
    """Summary and warnings."""
    based = bounds[in_base]
    summary = [
        f"{len(bounds)} {period}s of {name}, days from {dates[0]} to {dates[-1]}; {filled} of {len(bounds) * slope.size} "
        f"cell-{period}s have the {needed} days with a value that they need, the others are missing. Anomalies are from the mean of "
        f"{max(based[0, 0], dates[0])} to {min(based[-1, 1] - 1, dates[-1])}."
    ]
    cut = [str(first) for (first, _), there in zip(bounds, whole) if not there]
    if cut:
        summary.append(f"The {period}s that begin on {' and '.join(cut)} are missing: the record has not all of their months.")
    known, warnings = np.isfinite(slope), []
    if known.any():
        sure = known & (p < 0.05)
        summary.append(
            f"Trend in {int(known.sum())} cells: median {np.median(slope[known]):+.5f} {units} per year; p < 0.05 in {int(sure.sum())} "
            f"cells ({int((sure & (slope > 0)).sum())} wetter, {int((sure & (slope < 0)).sum())} drier)."
        )
        summary.append(
            f"About {0.05 * known.sum():.0f} cells would fall below 0.05 by chance alone; short, persistent series somewhat more."
        )
    else:
        warnings.append(f"No cell has {MIN_TREND} {period}s with an anomaly: there is no trend.")
    sensed = name.startswith(("soil_moisture", "tb_"))  # not the land model's, nor SMAP's
    if sensed and bounds[0, 0] <= sensor_change.LAST_AMSRE and bounds[-1, 1] > sensor_change.FIRST_AMSR2:
        warnings.append(
            "The record spans the change from AMSR-E (until 2011-10-04) to AMSR2 (from 2012-07): a step between the sensors can look like "
            "a trend. 'Validate against stations' and 'Validate against SMAP' measure it; compare with the trend of either side."
        )
    return summary, warnings
