"""Figures as files for a publication: PNG at 300 dpi, PDF and SVG, with the numbers that are drawn as CSV beside them.

The CSV has the figure's name with "_numbers": a table of the figure's own name often lies in the same folder.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from . import figures, store, tables
from .errors import ParameterError

#: Resolution of the PNG files.
DPI = 300

#: Endings of what belongs to one figure.
ENDINGS = (".png", ".pdf", ".svg", "_numbers.csv")


@dataclass
class Figure:
    """A figure: the file's ``name`` without ending, the matplotlib ``drawing``, and its numbers."""

    name: str
    drawing: object
    header: tuple = ()
    rows: list = field(default_factory=list)


def write(folder, found) -> list[Path]:
    """Write each ``Figure`` of ``found`` into ``folder``, which is made if it is not there; return the paths."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    return [path for one in found for path in save(folder / one.name, one)]


def save(base, figure: Figure) -> list[Path]:
    """Write ``figure`` as ``base``.png, .pdf, .svg and ``base``_numbers.csv, each atomically; return the paths."""
    from matplotlib import rc_context

    paths = [Path(f"{base}{ending}") for ending in ENDINGS]
    for path, kind, without in zip(paths, ("png", "pdf", "svg"), ("Software", "CreationDate", "Date")):
        # journals want TrueType, not Type 3; text in an SVG stays text, which can be edited
        with store.atomic(path) as part, rc_context({"pdf.fonttype": 42, "svg.fonttype": "none"}):
            figure.drawing.savefig(part, format=kind, dpi=DPI, metadata={without: None})
    store.write_text(paths[3], tables.as_csv(figure.header, figure.rows))
    return paths


def check_names(figure, **others) -> None:
    """Raise ``ParameterError`` if a path of ``others`` (parameter name -> path or nothing) is one that ``save`` of FIGURE writes."""
    base = str(Path(figure).with_suffix(""))
    written = {Path(f"{base}{ending}").absolute() for ending in ENDINGS}
    for name, path in others.items():
        if path and Path(path).absolute() in written:
            raise ParameterError(f"{name} is {path}, where the numbers of FIGURE are written; choose another name.")


def map_rows(grid, layers: dict) -> tuple[tuple, list]:
    """Header and rows of maps: a line per cell that has any value, with lat, lon and each layer's (rows, columns) value."""
    there = np.logical_or.reduce([np.isfinite(values) for values in layers.values()])
    row, column = np.nonzero(there)
    lines = [
        (float(grid.lat[i]), float(grid.lon[j]), *(float(values[i, j]) for values in layers.values()))
        for i, j in zip(row.tolist(), column.tolist())
    ]
    return ("lat", "lon", *layers), lines


def satellite(result):
    """The figures of a ``validation.SatelliteResult``, one after the other."""
    maps = result.maps
    days = np.where(maps["n"] > 0, maps["n"], np.nan)
    header, rows = map_rows(result.grid, {**{name: maps[name] for name in ("r", "rmse", "bias")}, "n": days})
    yield Figure("figure4_maps", figures.draw_maps(result.grid, satellite_maps(result)), header, rows)
    others = {name: maps[name] for name in ("anomaly_r", "ubrmse", "p", "r_low", "r_high")}
    yield Figure("further_maps", figures.draw_maps(result.grid, satellite_more_maps(result)), *map_rows(result.grid, others))
    spread = {"r": maps["r"], "rmse": maps["rmse"], "abs_bias": np.abs(maps["bias"])}
    yield Figure("histograms", figures.draw_histograms(satellite_histograms(result)), *map_rows(result.grid, spread))


def satellite_maps(result) -> list:
    """The layers of the paper's Figure 4, and the number of days."""
    maps = result.maps
    return [
        ("(a) R", maps["r"], "r"),
        ("(b) RMSE", maps["rmse"], "rmse"),
        ("(c) BIAS = SMAP − ANN-SM", maps["bias"], "bias"),
        ("(d) Common days", np.where(maps["n"] > 0, maps["n"], np.nan), "days"),
    ]


def satellite_more_maps(result) -> list:
    """Correlation of anomalies, unbiased RMSE, and how sure R is."""
    maps = result.maps
    return [
        ("(a) Anomaly R", maps["anomaly_r"], "r"),
        ("(b) ubRMSE", maps["ubrmse"], "rmse"),
        ("(c) p of R", maps["p"], "significance"),
        ("(d) R, lower end of its 95 % interval", maps["r_low"], "r"),
    ]


def satellite_histograms(result) -> list:
    """Distributions over the cells with the paper's means."""
    maps, paper = result.maps, result.paper
    return [
        ("R", maps["r"], paper["r"]),
        ("RMSE (m³ m⁻³)", maps["rmse"], paper["rmse"]),
        ("|BIAS| (m³ m⁻³)", np.abs(maps["bias"]), paper["bias"]),
    ]


def stations(result, panels: int = 5):
    """The figures of a ``validation.StationResult``, one after the other; ``panels`` cells in one figure of series."""
    from . import station_figures, station_series, taylor, taylor_figure
    from .validation_stations import MIN_N

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
    rows = [(title, cell.name, p.r, p.ratio, p.error, p.n) for title, group in points.items() for cell, p in zip(result.cells, group)] + [
        (title, "mean", c.r, c.ratio, c.error, c.n) for title, c in ((t, taylor.centre(g)) for t, g in points.items())
    ]
    header = ("product", "cell", "r", "standard_deviation_ratio", "centred_rms_ratio", "n")
    yield Figure("taylor", taylor_figure.draw_taylor(points), header, rows)
    for number, first in enumerate(range(0, len(result.cells), panels), start=1):
        chosen = list(range(first, min(first + panels, len(result.cells))))
        rows = []
        for i in chosen:
            values = np.stack([result.cells[i].values, *(result.series[title][i] for title in result.products)], axis=1)
            there = np.flatnonzero(np.isfinite(values).any(axis=1))
            rows += [(result.cells[i].name, str(result.dates[t]), *values[t].tolist()) for t in there]
        header = ("cell", "date", "in_situ", *(title.lower().replace("-", "") for title in result.products))
        yield Figure(f"figure5_series_{number}", station_series.draw_time_series(result, chosen), header, rows)
