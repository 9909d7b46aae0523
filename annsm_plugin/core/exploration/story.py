"""The story of a cell: its daily series from every file of a study, on one axis of days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from ..foundation.progress import SILENT, Progress
from ..foundation.variables import FLAGS
from .gridded import GriddedFile
from .known import Known, Period
from .stations import StationCell

#: Titles of a cube's series, in the order in which they are shown after ANN-SM.
FROM_CUBE = {"sm_smap": "SMAP", "sm_gldas": "GLDAS"}

ANNSM = "ANN-SM"

#: As many stations of a cell give it their names; more, that of their network.
FEW = 3


@dataclass(frozen=True)
class Story:
    """What is known of a cell: ``series`` (title -> (days,) m3 m-3, missing NaN) on consecutive ``dates`` (days,) datetime64[D].

    lat, lon: centre of the cell, degrees; name: of the stations in it, or empty; uncertainty (days,) of ANN-SM, None without restarts;
    flags (days,) uint8 bits of ``variables.FLAGS``, 0 without a value; facts: what the model says of the cell, as (label, text).
    """

    lat: float
    lon: float
    dates: np.ndarray = field(repr=False)
    series: dict[str, np.ndarray] = field(repr=False)
    name: str = ""
    uncertainty: np.ndarray | None = field(default=None, repr=False)
    flags: np.ndarray | None = field(default=None, repr=False)
    periods: tuple[Period, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    sites: tuple[str, ...] = field(default=())

    @property
    def title(self) -> str:
        """The name of its stations, or the position of the cell."""
        return self.name or position(self.lat, self.lon)


def position(lat: float, lon: float) -> str:
    """A position in words, such as "31.375° N, 91.875° E"."""
    lon = (lon + 180.0) % 360.0 - 180.0
    return f"{abs(lat):.3f}° {'N' if lat >= 0 else 'S'}, {abs(lon):.3f}° {'E' if lon >= 0 else 'W'}"


def centre(known: Known, lat: float, lon: float) -> tuple[float, float] | None:
    """Centre of the cell that holds a point, of the first file that has it; None outside all grids."""
    for file in known.gridded:
        place = file.grid.cell_of(lat, lon)
        if place is not None:
            return float(file.grid.lat[place[0]]), float(file.grid.lon[place[1]])
    return None


def read(known: Known, lat: float, lon: float, stations: Iterable[StationCell] = (), progress: Progress | None = None) -> Iterator[Story]:
    """The story of the cell at a centre, first with ANN-SM alone and then with all the rest; nothing outside all grids.

    Raises ``CubeError`` if a file has changed into something else, and ``Cancelled``.
    """
    progress = progress or SILENT
    days = [file.dates for file in known.gridded if file.dates.size and file.grid.cell_of(lat, lon)]
    mine = [cell for cell in stations if abs(cell.lat - lat) < 1e-3 and abs((cell.lon - lon + 180.0) % 360.0 - 180.0) < 1e-3]
    if not days:
        return
    dates = np.arange(min(d.min() for d in days), max(d.max() for d in days) + 1)
    story = Story(lat, lon, dates, {}, periods=tuple(known.periods))
    if mine:
        sites = tuple(dict.fromkeys(site for cell in mine for site in cell.sites))
        names = sites if len(sites) <= FEW else tuple(dict.fromkeys(cell.name for cell in mine))
        story = replace(story, name=", ".join(name.replace("_", " ") for name in names), sites=sites)
    groups: dict[str, list[GriddedFile]] = {}
    for file in known.annsm:
        groups.setdefault(str(file.attributes.get("model") or file.path), []).append(file)
    for number, files in enumerate(groups.values()):
        progress.check()
        title = ANNSM if len(groups) == 1 else f"{ANNSM} ({files[0].path.stem})"
        story.series[title] = _joined(files, "soil_moisture", story)
        if number == 0:
            yield story  # the series is seen while the rest is read
            uncertain = [file for file in files if "soil_moisture_uncertainty" in file.units]
            flagged = [file for file in files if "quality_flag" in file.units]
            bits = np.nan_to_num(_joined(flagged, "quality_flag", story)).astype(np.uint8) if flagged else None
            uncertainty = _joined(uncertain, "soil_moisture_uncertainty", story) if uncertain else None
            story = replace(story, flags=bits, uncertainty=uncertainty)
    series = dict(story.series)
    for name, title in FROM_CUBE.items():
        progress.check()
        cubes = [file for file in known.cubes if name in file.units]
        if cubes:
            series[title] = _joined(cubes, name, story)
    for cell in mine:
        for title, values in cell.series.items():
            there = np.isin(dates, cell.dates)
            own = np.full(dates.size, np.nan)
            own[there] = values[np.isin(cell.dates, dates)]
            if title not in series or not np.isfinite(series[title]).any():
                series[title] = own
    yield replace(story, series={title: values for title, values in series.items() if title.startswith(ANNSM) or np.isfinite(values).any()},
                  facts=tuple(_facts(known, lat, lon)))  # fmt: skip


def _joined(files: list[GriddedFile], name: str, story: Story) -> np.ndarray:
    """(days,) of a variable; where files overlap, the first that has a value."""
    whole = np.full(story.dates.size, np.nan)
    for file in files:
        place = file.grid.cell_of(story.lat, story.lon)
        if place is None:
            continue
        values = file.series(name, *place)
        at = (file.dates - story.dates[0]).astype(int)
        inside = (at >= 0) & (at < whole.size)
        at, values = at[inside], values[inside]
        free = np.isnan(whole[at])
        whole[at[free]] = values[free]
    return whole


def _facts(known: Known, lat: float, lon: float) -> Iterator[tuple[str, str]]:
    """What the model says of a cell."""
    for file in known.models[:1]:
        place = file.grid.cell_of(lat, lon)
        if place is None:
            continue
        status = file.meaning("status", *place)
        if status:
            yield "Network", status
        kinds = str(file.attributes.get("sample_kinds", "")).split()
        if "overall" in kinds:
            r, rmse = (file.value(name, kinds.index("overall"), *place) for name in ("r", "rmse_m3"))
            if np.isfinite(r) and np.isfinite(rmse):
                yield "Training, overall samples", f"R {r:.2f}, RMSE {rmse:.3f} m³ m⁻³"
        epochs = file.value("epochs", *place)
        if np.isfinite(epochs) and epochs > 0:
            yield "Epochs", f"{epochs:.0f}"


def flag_words(bits: int) -> str:
    """The conditions that a flag byte stands for, with commas between."""
    return ", ".join(name.replace("_", " ") for name, bit in FLAGS.items() if bits & bit)
