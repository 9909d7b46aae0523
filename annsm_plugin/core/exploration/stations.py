"""The series of stations in their cells, with those of the products that a validation against them has read."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..foundation.grid import Grid
from ..foundation.progress import Progress
from ..stations import averaging, loading, reading
from ..stations.request import StationsRequest as LoadRequest
from ..validation import stations as validation
from ..validation.request import StationsRequest as ValidationRequest
from .known import Known, StationSource

#: The title of what stations measured.
IN_SITU = "in situ"


@dataclass(frozen=True)
class StationCell:
    """The stations in one cell: its centre (degrees), their names, and daily series by title on ``dates`` (days,), m3 m-3."""

    name: str
    lat: float
    lon: float
    sites: tuple[str, ...]
    dates: np.ndarray = field(repr=False)
    series: dict[str, np.ndarray] = field(repr=False, hash=False)


def read(source: StationSource, known: Known, progress: Progress | None = None) -> list[StationCell]:
    """The cells of a source's stations.

    Of a validation: with the products that it compared, as far as it has kept what it read of them (nothing else is read again). Of loaded
    stations: at the hour of the AMSR overpass. Raises ``AnnsmError``.
    """
    if source.step == "validatestations":
        request = ValidationRequest(**{name: value for name, value in source.asked.items() if name in ValidationRequest.options()})
        if source.memory is None:
            request = request.but(lprm=None, jaxa=None, smos=None)
        result = validation.compare(request.but(output=None, report=None, figures=None), source.memory, progress)
        return [
            _cell(cell, result.grid, result.dates, {title: values[n] for title, values in result.series.items() if title != "ANN-SM"})
            for n, cell in enumerate(result.cells)
        ]
    if not known.gridded:
        return []
    settings = loading.check(LoadRequest(**{name: value for name, value in source.asked.items() if name in LoadRequest.options()}))
    found = reading.read(
        settings.path, networks=settings.networks, depth=settings.depth, flags=settings.flags, mapping=settings.mapping, progress=progress
    )
    dates = [file.dates for file in known.gridded if file.dates.size]
    every = np.arange(min(d.min() for d in dates), max(d.max() for d in dates) + 1)
    grid = known.gridded[0].grid
    cells, _ = averaging.gather(found, grid, every)
    return [_cell(cell, grid, every, {}) for cell in cells]


def _cell(cell: averaging.Cell, grid: Grid, dates: np.ndarray, others: dict[str, np.ndarray]) -> StationCell:
    lat, lon = float(grid.lat[cell.place[0]]), float(grid.lon[cell.place[1]])
    return StationCell(cell.name, lat, lon, tuple(cell.sites), dates, {IN_SITU: cell.values, **others})
