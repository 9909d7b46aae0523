"""The figures of a validation against stations for a publication, with their numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..reports.figure_files import Figure
from ..statistics import taylor
from . import series_figures, station_figures, strata_figure, taylor_figure
from .request import MIN_N


def publication(result: Any, panels: int = 5, most_series: int | None = None) -> Any:
    """The figures of a ``validation.StationResult``, one after the other; ``panels`` cells in one figure of series, of which there are
    ``most_series`` at most."""

    rows = [
        (basis, title, measure, *group[title][measure], group[title]["cells"], group[title]["days"])
        for basis, group in result.means.items()
        for title in result.products
        for measure in ("r", "rmse", "bias", "ubrmse")
    ]
    header = ("basis", "product", "measure", "mean", "low", "high", "cells", "cell_days")
    yield Figure("products", station_figures.draw_comparison(result), header, rows)
    columns, days = station_figures.days_table(result)
    rows = [(cell.name, *line) for cell, line in zip(result.cells, days.tolist())]
    yield Figure("common_days", station_figures.draw_days(result), ("cell", *columns), rows)
    rows = [
        (cell.name, str(day), float(x), float(y))
        for cell, series in zip(result.cells, result.series["ANN-SM"])
        for day, x, y in zip(result.dates, series, cell.values)
        if np.isfinite(x) and np.isfinite(y)
    ]
    yield Figure("figure6_scatter", station_figures.draw_scatter(result), ("cell", "date", "annsm", "in_situ"), rows)
    points = taylor.of_stations(result, MIN_N)
    drawn: list[tuple[Any, ...]] = [
        (title, cell.name, p.r, p.ratio, p.error, p.n) for title, group in points.items() for cell, p in zip(result.cells, group)
    ] + [(title, "mean", c.r, c.ratio, c.error, c.n) for title, c in ((t, taylor.centre(g)) for t, g in points.items())]
    titles = ("product", "cell", "r", "standard_deviation_ratio", "centred_rms_ratio", "n")
    yield Figure("taylor", taylor_figure.draw_taylor(points), titles, drawn)
    yield from strata_figure.publication(result.strata)
    if station_figures.with_several_sites(result):
        sites = [
            (cell.name, site, *(float(part[number]) for part in (own.stability.difference, own.stability.deviation, own.stability.index)))
            for cell, own in zip(result.cells, result.pixels)
            if len(cell.sites) > 1
            for number, site in enumerate(cell.sites)
        ]
        of_sites = ("cell", "site", "mean_relative_difference", "its_standard_deviation", "stability_index")
        yield Figure("temporal_stability", station_figures.draw_stability(result), of_sites, sites)
    for number, first in enumerate(range(0, len(result.cells), panels)[:most_series], start=1):
        chosen = list(range(first, min(first + panels, len(result.cells))))
        rows = []
        for i in chosen:
            values = np.stack([result.cells[i].values, *(result.series[title][i] for title in result.products)], axis=1)
            there = np.flatnonzero(np.isfinite(values).any(axis=1))
            rows += [(result.cells[i].name, str(result.dates[t]), *values[t].tolist()) for t in there]
        header = ("cell", "date", "in_situ", *(title.lower().replace("-", "") for title in result.products))
        yield Figure(f"figure5_series_{number}", series_figures.draw_time_series(result, chosen), header, rows)
