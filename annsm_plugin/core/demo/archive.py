"""Writes the demo archive: weather, soil and emission are simulated, then each product is made of them and written as files."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..foundation import store, synthetic
from ..foundation.errors import ParameterError
from ..foundation.grid import STEP, Grid
from ..foundation.paths import PathLike
from ..foundation.progress import SILENT, Progress, Throttled
from ..foundation.variables import BYTE_FILL, Variable
from . import formats, lai_tiles, stations, terrain
from .climate import Land, make_land, make_patchwork, make_weather
from .emission import CHANNELS
from .request import FOLDERS, LANDSCAPE, PATCHWORK, REGIONS, DemoRequest
from .scene import Scene
from .template import Templates

#: The file with the table that brings AMSR-E to AMSR2.
CALIBRATION = "amsre_to_amsr2.csv"

#: Width, in cells, of the margin around the region in which weather and soil are simulated too, for coarse pixels at the region's edge.
MARGIN = 3

#: Days that are simulated before the first one, until the soil does not depend on its initial state.
SPIN_UP = 120

LABEL = (
    "SYNTHETIC DATA. Every file of this archive was made by the demo of ANN-SM for QGIS from a physical model. "
    "Nothing in it was observed by a satellite or at a station, whatever the files are called.\n"
)


@dataclass(frozen=True)
class Archive:
    """A demo archive on disk.

    ``folders`` by product; ``truth``: a file with the true soil moisture, which no step of the chain reads; ``periods``: first and last
    days (ISO dates) by name; ``extent``: west, south, east, north; ``calibration``: the table that brings AMSR-E to AMSR2, such as one
    finds in the literature, but exact; ``summary``: sentences for the log.
    """

    folder: Path
    folders: dict[str, Path]
    truth: Path
    periods: dict[str, str]
    extent: tuple[float, float, float, float]
    calibration: Path
    summary: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def periods(years: int) -> dict[str, str]:
    """First and last days (ISO dates) of the training period of ``years`` years, of the test period, and of the AMSR-E years (history)."""
    start = datetime.date(2015, 4, 1)
    test = start.replace(year=start.year + int(years))
    day = datetime.timedelta(days=1)
    return {
        "train_start": str(start),
        "train_end": str(test - day),
        "test_start": str(test),
        "test_end": str(test.replace(year=test.year + 1) - day),
        "history_start": "2010-08-01",
        "history_end": "2011-07-31",
    }


def write_archive(folder: PathLike, *, progress: Progress | None = None, **options: Any) -> Archive:
    """Write a demo archive into ``folder``: ``run`` with its request written as keywords (see ``DemoRequest``)."""
    return run(DemoRequest(folder=folder, **options), progress)


def check(request: DemoRequest) -> Path:
    """The folder of the archive; raises ``ParameterError`` unless it is new, empty or an earlier demo archive."""
    request.check_values()
    folder = Path(request.folder)
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / synthetic.MARK).is_file())):
        raise ParameterError(f"FOLDER: {folder} is not empty and holds no demo archive; choose an empty or a new folder.")
    return folder


@store.step
def run(request: DemoRequest, progress: Progress | None = None) -> Archive:
    """Write the archive. It is written under a temporary name in the same folder and renamed when it is complete.

    Raises ``ParameterError`` and ``Cancelled``.
    """
    folder = check(request)
    progress = Throttled(progress or SILENT)
    extent, days, seed = REGIONS[request.region], periods(request.years), int(request.seed)
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        for name in FOLDERS:
            (part / name).mkdir(parents=True)
        (part / synthetic.MARK).write_text(LABEL, encoding="utf-8")
        grid = Grid.from_extent(extent)
        segments = (
            ("AMSR-E", days["history_start"], days["history_end"], days["history_start"], progress.part(0.0, 0.28)),
            ("AMSR2", days["train_start"], days["test_end"], days["test_start"], progress.part(0.28, 1.0)),
        )
        large = request.region == LANDSCAPE
        land = {LANDSCAPE: terrain.make_land, PATCHWORK: make_patchwork}.get(request.region, make_land)
        truths = [_segment(part, grid, seed, *segment, land, large) for segment in segments]
        if large:
            terrain.write(part / "landscape", extent)
        stations.write(part / "stations", [t.stations for t in truths])
        _write_truth(part / "truth.nc", grid, truths)
        _write_calibration(part / CALIBRATION)
        if folder.exists():
            shutil.rmtree(folder)
        part.rename(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    summary = [
        "Synthetic archive: the numbers come from a model, not from a satellite.",
        *(f"{name.replace('_', ' ')}: {day}" for name, day in days.items()),
    ]
    folders = {name: folder / name for name in FOLDERS}
    return Archive(folder, folders, folder / "truth.nc", days, extent, folder / CALIBRATION, summary)


@dataclass
class _Truth:
    """The true state in one radiometer's years: soil moisture at both overpasses and frozen soil (days, rows, columns); the stations."""

    dates: np.ndarray
    at_amsr: np.ndarray
    at_smap: np.ndarray
    frozen: np.ndarray
    stations: list[stations.Site]


def _segment(
    part: Path, grid: Grid, seed: int, sensor: str, start: str, end: str, compared: str, progress: Progress,
    make: Callable[[np.ndarray, np.ndarray, int], Land], large: bool,
) -> _Truth:  # fmt: skip
    """Simulate and write the years of one radiometer. From the date ``compared`` on there are LPRM, JAXA, SMOS and stations too.

    make: gives the land; large: the region is the landscape.
    """
    templates = Templates()
    first, last = np.datetime64(start, "D"), np.datetime64(end, "D")
    since = np.datetime64(compared, "D") - 1
    dates = np.arange(first - 1, last + 1)  # UTC dates; a local date in the east begins on the UTC date before
    wide = Grid(
        grid.lat[0] + STEP * MARGIN - STEP * np.arange(grid.lat.size + 2 * MARGIN),
        grid.lon[0] - STEP * MARGIN + STEP * np.arange(grid.lon.size + 2 * MARGIN),
    )
    lat, lon = (a.ravel() for a in np.meshgrid(wide.lat, wide.lon, indexing="ij"))
    progress.report(0.0, f"{sensor}: weather and soil")
    land = make(lat, lon, seed)
    weather = make_weather(lat, lon, dates[0] - SPIN_UP, dates.size + SPIN_UP + 2, seed, land)
    progress.check()
    scene = Scene(wide, grid, land, weather, seed, sensor, progress)
    for number, date in enumerate(dates):
        progress.check()
        progress.report(0.08 + 0.86 * number / dates.size, f"{sensor}: {date}")
        rng = np.random.default_rng([seed, 3, int(date.astype(int))])
        formats.amsr(part / "amsr", date, sensor, grid, scene.brightness(date, rng), templates)
        formats.gldas(part / "gldas", date, grid, scene.gldas(date), templates)
        if sensor == "AMSR2":
            formats.smap(part / "smap", date, *scene.smap(date, rng), templates)
        if date >= since:
            formats.lprm(part / "lprm", date, sensor, grid, *scene.lprm(date, rng))
            formats.jaxa(part / "jaxa", date, sensor, grid, *scene.jaxa(date, rng))
            formats.smos(part / "smos", date, *scene.smos(date, rng))
    progress.report(0.94, f"{sensor}: leaf area index")
    lai_tiles.write(part / "lai", dates, wide, scene, np.random.default_rng([seed, 5]), progress, tiles=not large)
    local = np.arange(first, last + 1)
    found = stations.sites(grid, scene, local, since, seed, terrain.STATIONS if large else None)
    at_amsr, at_smap, frozen = scene.truth(local)
    return _Truth(local, at_amsr, at_smap, frozen, found)


def _write_calibration(path: Path) -> None:
    """The table with slope and offset of each channel that brings AMSR-E to AMSR2."""
    lines = ["sensor,channel,polarisation,orbit,slope,offset"]
    for name, channel in CHANNELS.items():
        if name != "07":  # AMSR-E has no 7.3 GHz
            lines += [f"AMSR-E,{name},{p},descending,1.0,{-o:g}" for p, o in (("V", channel.offset_v), ("H", channel.offset_h))]
    path.write_text("\n".join([*lines, ""]), encoding="ascii")


def _write_truth(path: Path, grid: Grid, truths: list[_Truth]) -> None:
    """The file with the true soil moisture."""
    dates = np.concatenate([t.dates for t in truths])
    variables = [
        ("soil_moisture_0130", Variable("true soil moisture 0-5 cm at 01:30 local (synthetic)", "m3 m-3")),
        ("soil_moisture_0600", Variable("true soil moisture 0-5 cm at 06:00 local (synthetic)", "m3 m-3")),
        ("frozen", Variable("1 where the soil is at or below freezing at 01:30 or 06:00 local", "1", dtype="int8", fill=BYTE_FILL)),
    ]
    attributes = {"title": "SYNTHETIC truth of the demo archive", "synthetic": synthetic.DEMO, "history": store.history("demodata")}
    with store.GridWriter(path, grid, dates, variables, attributes) as out:
        at = 0
        for t in truths:
            days = slice(at, at + t.dates.size)
            out.put("soil_moisture_0130", days, t.at_amsr)
            out.put("soil_moisture_0600", days, t.at_smap)
            out.put("frozen", days, t.frozen)
            at = days.stop
