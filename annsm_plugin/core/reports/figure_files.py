"""Figures as files for a publication: PNG at 300 dpi, PDF and SVG, with the numbers that are drawn as CSV beside them.

The CSV has the figure's name with "_numbers": a table of the figure's own name often lies in the same folder.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..foundation import store, tables
from ..foundation.errors import ParameterError
from ..foundation.grid import Grid
from ..foundation.paths import PathLike, known_as

#: Resolution of the PNG files.
DPI = 300

#: Endings of what belongs to one figure.
ENDINGS = (".png", ".pdf", ".svg", "_numbers.csv")


@dataclass
class Figure:
    """A figure: the file's ``name`` without ending, the matplotlib ``drawing``, and its numbers."""

    name: str
    drawing: Any
    header: tuple = ()
    rows: list = field(default_factory=list)


def write(folder: PathLike, found: Any) -> list[Path]:
    """Write each ``Figure`` of ``found`` into ``folder``, which is made if it is not there, when all are drawn; return the paths."""
    with store.atomic_folder(folder) as part:
        written = [path.name for one in found for path in save(part / one.name, one)]
    return [Path(folder) / name for name in written]


def save(base: PathLike, figure: Figure) -> list[Path]:
    """Write ``figure`` as ``base``.png, .pdf, .svg and ``base``_numbers.csv, each atomically; return the paths."""
    from matplotlib import rc_context

    paths = [Path(f"{base}{ending}") for ending in ENDINGS]
    for path, kind, without in zip(paths, ("png", "pdf", "svg"), ("Software", "CreationDate", "Date")):
        # journals want TrueType, not Type 3; text in an SVG stays text, which can be edited; its names are the same every time
        with store.atomic_file(path) as file, rc_context({"pdf.fonttype": 42, "svg.fonttype": "none", "svg.hashsalt": "annsm"}):
            figure.drawing.savefig(file, format=kind, dpi=DPI, metadata={without: None})
    store.write_text(paths[3], tables.as_csv(figure.header, figure.rows))
    return paths


def check_names(figure: PathLike, **others: PathLike | None) -> None:
    """Raise ``ParameterError`` if a path of ``others`` (parameter name -> path or nothing) is one that ``save`` of FIGURE writes."""
    base = str(Path(figure).with_suffix(""))
    written = {known_as(f"{base}{ending}") for ending in ENDINGS}
    for name, path in others.items():
        if path and known_as(path) in written:
            raise ParameterError(f"{name} is {path}, where the numbers of FIGURE are written; choose another name.")


def map_rows(grid: Grid, layers: dict) -> tuple[tuple, list]:
    """Header and rows of maps: a line per cell that has any value, with lat, lon and each layer's (rows, columns) value."""
    there = np.logical_or.reduce([np.isfinite(values) for values in layers.values()])
    row, column = np.nonzero(there)
    lines = [
        (float(grid.lat[i]), float(grid.lon[j]), *(float(values[i, j]) for values in layers.values()))
        for i, j in zip(row.tolist(), column.tolist())
    ]
    return ("lat", "lon", *layers), lines
