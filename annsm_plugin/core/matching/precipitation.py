"""Rain between the overpasses of AMSR and SMAP: its seven-hour sum, and the screening of days with too much of it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..foundation import needs, store
from ..foundation.errors import CubeError, ParameterError
from ..foundation.grid import Grid
from ..foundation.libraries import load
from ..foundation.needs import steps
from ..foundation.paths import PathLike
from ..foundation.progress import SILENT, Progress
from ..foundation.requests import number
from ..foundation.variables import CUBE
from . import best_settings
from .request import ScreenRequest

#: Hours between two GLDAS steps.
STEP_HOURS = 3

#: Local hours whose rates the paper sums (section 3.2.4), and the local time (h) from and to which they stand.
PAPER_HOURS = tuple(range(1, 8))
INTERVAL = (0.5, 7.5)

_COPY_BYTES = 16 * 2**20


def nearest_step(utc_hour: float | np.ndarray) -> np.ndarray:
    """Number of the 3-hourly step (0 at 00:00 UTC) nearest to ``utc_hour``; an exact tie goes to the later step, as in MATLAB."""
    return np.floor(np.asarray(utc_hour, dtype=float) / STEP_HOURS + 0.5 + 1e-9).astype(int)


def seven_hour_weights(offset: float | np.ndarray, rain_hours: str = "paper", shift: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """The 3-hourly steps whose rain rates make up the seven-hour sum of each column, and for how many hours each rate counts.

    ``offset`` (columns,): local time minus UTC, hours. ``rain_hours``: "paper" (seven hourly values, 01:00 to 07:00 local, each the
    rate of the nearest step) or "interval" (the depth that fell from 00:30 to 07:30 local; a rate is the mean over the three hours
    before its stamp). ``shift``: hours by which these times are later, for another overpass. Returns the steps (k,), counted in 3 h
    from 00:00 UTC of the local date, and weights (k, columns) in hours, 7 in total for each column. The sum in mm is 3600 times
    weights times rates (kg m-2 s-1).
    """
    hours = np.atleast_1d(np.asarray(offset, dtype=float))
    steps = np.arange(math.floor((shift - hours.max()) / STEP_HOURS) - 1, math.ceil((shift + 8.0 - hours.min()) / STEP_HOURS) + 2)
    weights = np.zeros((steps.size, hours.size))
    if rain_hours == "paper":
        for hour in PAPER_HOURS:
            weights[nearest_step(hour + shift - hours) - steps[0], np.arange(hours.size)] += 1.0
    elif rain_hours == "interval":
        start, stop = INTERVAL[0] + shift - hours, INTERVAL[1] + shift - hours
        ends = STEP_HOURS * steps[:, None]
        weights = np.clip(np.minimum(ends, stop) - np.maximum(ends - STEP_HOURS, start), 0.0, None)
    else:
        raise ParameterError(f"The rain hours '{rain_hours}' are not known: expected 'paper' or 'interval'.")
    used = weights.max(axis=1) > 1e-9
    return steps[used], weights[used]


@dataclass
class ScreenResult:
    """The screened cube, days marked per cell (rows, columns), the grid, and sentences for the user."""

    path: Path
    dropped: np.ndarray
    grid: Grid
    summary: list[str]
    warnings: list[str] = field(default_factory=list)


def check(request: ScreenRequest) -> float:
    """Check before work starts; the threshold, mm in 7 h. Raises ``ParameterError`` or ``CubeError``."""
    request.check_values()
    cube = request.cube
    store.check_output(request.output, ".nc")
    threshold = number("THRESHOLD", best_settings.threshold_of(request.settings, request.threshold), 0.0)
    with store.open_grid(cube, kind="cube", needs=("precipitation_7h",)) as data:
        if data.attrs.get("annsm_kind", "cube") != "cube":
            raise CubeError(cube, f"a file of kind '{data.attrs['annsm_kind']}'", "a cube made by matching")
        if tuple(data["precipitation_7h"].dims) != ("time", "lat", "lon"):
            found = ", ".join(map(str, data["precipitation_7h"].dims))
            raise CubeError(cube, f"'precipitation_7h' with dimensions {found}", "dimensions time, lat, lon")
        if "screened" in data.data_vars and tuple(data["screened"].dims) != ("time", "lat", "lon"):
            raise CubeError(cube, f"'screened' with dimensions {', '.join(map(str, data['screened'].dims))}", "dimensions time, lat, lon")
    return threshold


def screen(cube: PathLike, output: PathLike, *, progress: Progress | None = None, **options: Any) -> ScreenResult:
    """Screen ``cube`` into ``output``: ``run`` with its request written as keywords (see ``ScreenRequest``)."""
    return run(ScreenRequest(cube=cube, output=output, **options), progress)


@store.step
def run(request: ScreenRequest, progress: Progress | None = None) -> ScreenResult:
    """Copy the cube with ``screened`` = 1 where the seven-hour sum exceeds the threshold (paper section 3.2.4).

    Every day and every value stay; training leaves screened days out, reconstruction flags them. Where the precipitation is
    missing the day is kept and ``screened`` is missing. A cube that was screened before is screened anew.
    """
    progress = progress or SILENT
    threshold, cube, output = check(request), request.cube, request.output
    netcdf = load("netCDF4")
    counts = {"screened": 0, "known": 0, "unknown": 0}
    with store.open_grid(cube, kind="cube") as data:
        cells, days = data["lat"].size * data["lon"].size, data["time"].size
    need = steps.screening(output, Path(cube).stat().st_size, cells, days)
    with needs.granted(need, progress), store.atomic(output) as part:
        _copy(Path(cube), part, progress.part(0.0, 0.3))
        with store.guard(cube, "a whole cube"), store.closed(netcdf.Dataset(str(part), "a"), part, Path(output)) as file:
            dropped = _mark(Path(cube), file, threshold, counts, progress.part(0.3, 1.0))
            file.setncattr("screening_threshold", threshold)
            before = {name: file.getncattr(name) for name in file.ncattrs()}
            told = store.provenance.joined([store.provenance.one("cube", cube)], before)
            file.setncattr(store.provenance.INPUT_FILES, told)
            line = store.history(f"screened at {threshold:g} mm in 7 h")
            file.setncattr("history", "\n".join(filter(None, (line, str(getattr(file, "history", ""))))))
    with store.open_grid(output, kind="cube") as data:
        grid = store.grid_of(data)
    share = 100.0 * counts["screened"] / max(counts["known"], 1)
    summary = [
        f"{counts['screened']} of {counts['known']} cell days ({share:.2f} %) have more than {threshold:g} mm in 7 h and are marked.",
        f"Days marked per cell: {dropped.mean():.1f} on average, {int(dropped.max(initial=0))} at most.",
    ]
    if counts["unknown"]:
        summary.append(f"{counts['unknown']} cell days have no precipitation and are kept.")
    progress.report(1.0, "Screened")
    if request.dropped:
        store.write_raster(request.dropped, dropped, grid, bands=("days marked",), units="days")
    return ScreenResult(Path(output), dropped, grid, summary)


def _copy(source: Path, target: Path, progress: Progress) -> None:
    """Copy a file piece by piece, so that it can be cancelled."""
    size, done = max(source.stat().st_size, 1), 0
    with open(source, "rb") as read, open(target, "wb") as write:
        while piece := read.read(_COPY_BYTES):
            progress.check()
            write.write(piece)
            done += len(piece)
            progress.report(done / size, "Copying the cube")


def _mark(cube: Path, file: Any, threshold: float, counts: dict[str, int], progress: Progress) -> np.ndarray:
    """Fill ``screened`` slab by slab of days; return days marked per cell."""
    rain = file["precipitation_7h"]
    variable = CUBE["screened"]
    if "screened" not in file.variables:
        created = file.createVariable(
            "screened",
            variable.dtype,
            rain.dimensions,
            zlib=True,
            complevel=1,
            shuffle=True,
            chunksizes=[max(1, min(c, s)) for c, s in zip(store.CHUNKS, rain.shape)],
            fill_value=variable.fill,
        )
        created.setncatts({"units": variable.units, "grid_mapping": "crs"})
    marked = file["screened"]
    marked.set_auto_mask(False)
    marked.long_name = f"1 where precipitation exceeds {threshold:g} mm in 7 h"
    marked.setncatts({"flag_values": np.array([0, 1], dtype="int8"), "flag_meanings": "kept too_much_rain"})
    dropped = np.zeros(rain.shape[1:])
    step = store.CHUNKS[0]
    for first in range(0, rain.shape[0], step):
        progress.check()
        with store.guard(cube, "a whole cube", "precipitation_7h"):
            values = np.ma.filled(rain[first : first + step].astype("float64"), np.nan)
        known = np.isfinite(values)
        above = known & (values > threshold)
        marked[first : first + step] = np.where(known, above, marked._FillValue).astype("int8")
        dropped += above.sum(axis=0)
        counts["screened"] += int(above.sum())
        counts["known"] += int(known.sum())
        counts["unknown"] += int((~known).sum())
        progress.report((first + step) / rain.shape[0], "Screening")
    return dropped
