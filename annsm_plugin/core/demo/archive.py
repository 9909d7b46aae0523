"""Writes the archive: weather, soil, emission, what each sensor makes of them, and the files; whole or not at all."""

from __future__ import annotations

import datetime
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..foundation import store, synthetic
from ..foundation.errors import ParameterError
from ..foundation.grid import STEP, Grid
from ..foundation.progress import SILENT, Progress, Throttled
from . import formats, lai_tiles, stations
from .climate import make_land, make_weather
from .emission import CHANNELS
from .scene import Scene

#: Regions: west, south, east, north.
REGIONS = {"demo": (91.0, 30.5, 94.0, 33.0), "tiny": (91.5, 31.0, 92.5, 32.0)}

FOLDERS = ("amsr", "smap", "gldas", "lai", "lprm", "jaxa", "smos", "stations")

CALIBRATION = "amsre_to_amsr2.csv"

#: Cells around the region that the weather covers too, so that coarse pixels at its edge see land.
MARGIN = 3

SPIN_UP = 120

LABEL = (
    "SYNTHETIC DATA. Every file of this archive was made by the demo of ANN-SM for QGIS from a physical model. "
    "Nothing in it was observed by a satellite or at a station, whatever the files are called.\n"
)


@dataclass(frozen=True)
class Archive:
    """Where things are: ``folders`` by product; ``truth``, which no step of the chain reads; ``periods`` (ISO dates); ``extent``.

    ``calibration`` is the table that brings AMSR-E to AMSR2, as one would take it from the literature; here it is exact.
    """

    folder: Path
    folders: dict[str, Path]
    truth: Path
    periods: dict[str, str]
    extent: tuple[float, float, float, float]
    calibration: Path


def region(name: str) -> tuple[float, float, float, float]:
    """West, south, east, north of a region; raises ``ParameterError`` for another name."""
    if name not in REGIONS:
        raise ParameterError(f"The demo region '{name}' is not known: expected one of {', '.join(REGIONS)}.")
    return REGIONS[name]


def periods(years: int = 2) -> dict[str, str]:
    """First and last days (ISO) of training, test and history (AMSR-E) for ``years`` of training."""
    if not 1 <= int(years) <= 10:
        raise ParameterError(f"The demo can hold 1 to 10 years of training; {years} were asked for.")
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


def write_archive(folder, *, region: str = "demo", years: int = 2, seed: int = 0, progress: Progress | None = None) -> Archive:
    """Write the archive into ``folder``, which must be new, empty or an earlier demo archive. The same seed gives the same numbers.

    It grows under a temporary name beside and is renamed when it is whole. Raises ``ParameterError``.
    """
    progress = Throttled(progress or SILENT)
    extent, days = REGIONS.get(region) or globals()["region"](region), periods(years)
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / synthetic.MARK).is_file())):
        raise ParameterError(f"{folder} is not empty and holds no demo archive; choose an empty or a new folder.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        for name in FOLDERS:
            (part / name).mkdir(parents=True)
        (part / synthetic.MARK).write_text(LABEL, encoding="utf-8")
        grid = Grid.from_extent(extent)
        segments = (
            ("AMSR-E", days["history_start"], days["history_end"], True, progress.part(0.0, 0.28)),
            ("AMSR2", days["train_start"], days["test_end"], days["test_start"], progress.part(0.28, 1.0)),
        )
        truths = [_segment(part, grid, seed, *segment) for segment in segments]
        stations.write(part / "stations", [t.stations for t in truths])
        _write_truth(part / "truth.nc", grid, truths)
        _write_calibration(part / CALIBRATION)
        if folder.exists():
            shutil.rmtree(folder)
        part.rename(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    folders = {name: folder / name for name in FOLDERS}
    return Archive(folder, folders, folder / "truth.nc", days, extent, folder / CALIBRATION)


@dataclass
class _Truth:
    dates: np.ndarray
    at_amsr: np.ndarray
    at_smap: np.ndarray
    frozen: np.ndarray
    stations: list


def _segment(part: Path, grid: Grid, seed: int, sensor: str, first, last, others, progress: Progress) -> _Truth:
    """Simulate and write one radiometer's years; ``others``: from when LPRM, JAXA, SMOS and stations exist (True: always)."""
    first, last = np.datetime64(first, "D"), np.datetime64(last, "D")
    dates = np.arange(first - 1, last + 1)  # UTC dates; a local date in the east begins on the UTC date before
    wide = Grid(
        grid.lat[0] + STEP * MARGIN - STEP * np.arange(grid.lat.size + 2 * MARGIN),
        grid.lon[0] - STEP * MARGIN + STEP * np.arange(grid.lon.size + 2 * MARGIN),
    )
    lat, lon = (a.ravel() for a in np.meshgrid(wide.lat, wide.lon, indexing="ij"))
    progress.report(0.0, f"{sensor}: weather and soil")
    land = make_land(lat, lon, seed)
    weather = make_weather(lat, lon, dates[0] - SPIN_UP, dates.size + SPIN_UP + 2, seed, land)
    progress.check()
    scene = Scene(wide, grid, land, weather, seed, sensor, progress)
    since = first - 1 if others is True else np.datetime64(others, "D") - 1
    for number, date in enumerate(dates):
        progress.check()
        progress.report(0.08 + 0.86 * number / dates.size, f"{sensor}: {date}")
        rng = np.random.default_rng([seed, 3, int(date.astype(int))])
        formats.amsr(part / "amsr", date, sensor, grid, scene.brightness(date, rng))
        formats.gldas(part / "gldas", date, grid, scene.gldas(date))
        if sensor == "AMSR2":
            formats.smap(part / "smap", date, *scene.smap(date, rng))
        if date >= since:
            formats.lprm(part / "lprm", date, sensor, grid, *scene.lprm(date, rng))
            formats.jaxa(part / "jaxa", date, sensor, grid, *scene.jaxa(date, rng))
            formats.smos(part / "smos", date, *scene.smos(date, rng))
    progress.report(0.94, f"{sensor}: leaf area index")
    lai_tiles.write(part / "lai", dates, wide, scene, np.random.default_rng([seed, 5]), progress)
    local = np.arange(first, last + 1)
    found = stations.sites(grid, scene, local, since, seed)
    return _Truth(local, *scene.truth(local), found)


def _write_calibration(path: Path) -> None:
    lines = ["sensor,channel,polarisation,orbit,slope,offset"]
    for name, channel in CHANNELS.items():
        if name != "07":  # AMSR-E has no 7.3 GHz
            lines += [f"AMSR-E,{name},{p},descending,1.0,{-o:g}" for p, o in (("V", channel.offset_v), ("H", channel.offset_h))]
    path.write_text("\n".join([*lines, ""]), encoding="ascii")


def _write_truth(path: Path, grid: Grid, truths: list[_Truth]) -> None:
    from ..foundation.variables import BYTE_FILL, Variable

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
