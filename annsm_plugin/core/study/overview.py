"""The table of a whole chain: the paper's figures beside ours, from the files that the chain has written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..foundation.errors import ParameterError
from ..foundation.outside import read_rows, understood
from ..foundation.paths import PathLike
from ..foundation.progress import SILENT, Progress
from ..reports import page
from ..statistics import significance
from ..training import cube, model
from ..validation import satellite, station_result
from ..validation.request import MIN_N

SYNTHETIC = "Demo data are synthetic: the numbers show that the chain works and say nothing about a real place."


@dataclass(frozen=True)
class Row:
    """One quantity: what it is, the paper's value (None where it has none), ours, the unit, what ours is based on, its 95 % interval."""

    step: str
    quantity: str
    paper: float | None
    ours: float
    unit: str
    basis: str
    interval: tuple[float, float] = (float("nan"), float("nan"))


def rows(
    *,
    trained: Any | None = None,
    annsm: Any = None,
    reference: PathLike | None = None,
    start: Any | None = None,
    end: Any | None = None,
    table: Any | None = None,
    progress: Progress | None = None,
) -> list[Row]:
    """The rows that the given files allow.

    trained: model file; annsm and reference: ANN-SM and the cube with SMAP of the test period ``start``-``end``; table: the CSV of
    the validation against stations. Raises ``CubeError`` or ``ParameterError`` for a file that is something else.
    """
    progress = progress or SILENT
    found: list[Row] = []
    if trained is not None:
        found += _training(model.read(trained))
    if annsm is not None and reference is not None:
        found += _satellite(satellite.validate_satellite(annsm, reference, start=start, end=end, progress=progress))
    if table is not None:
        found += _stations(table)
    return found


def _training(trained: model.Model) -> list[Row]:
    means = cube.means_of(trained)
    basis = f"{int(trained.trained.sum())} cells"
    paper = cube.PAPER
    rows = (
        ("mean R, overall samples", paper["r"], "overall", "r", ""),
        ("mean RMSE, overall samples", paper["rmse"], "overall", "rmse", "0-1"),
        ("mean R, testing samples", None, "testing", "r", ""),
        ("mean RMSE, testing samples", None, "testing", "rmse_m3", "m3 m-3"),
    )
    return [
        Row("training", label, given, means[kind][name], unit, basis, significance.interval_of_mean(_cells(trained, kind, name)))
        for label, given, kind, name, unit in rows
    ]


def _cells(trained: model.Model, kind: str, name: str) -> np.ndarray:
    """A measure of the trained cells (rows, columns), NaN elsewhere."""
    measure, _, physical = name.partition("_")
    values = trained.error(measure, kind) * (trained.width if physical else 1.0)
    return np.where(trained.trained, values, np.nan)


def _satellite(result: Any) -> list[Row]:
    basis = f"{int(np.isfinite(result.rmse).sum())} cells, {result.period[0]} to {result.period[1]}"
    names = (("r", "mean R", ""), ("rmse", "mean RMSE", "m3 m-3"), ("bias", "mean |BIAS|", "m3 m-3"), ("ubrmse", "mean ubRMSE", "m3 m-3"))
    return [
        Row("against SMAP", label, result.paper.get(name), result.means[name][0], unit, basis, tuple(result.means[name][1:]))
        for name, label, unit in names
    ]


def _stations(path: PathLike) -> list[Row]:
    """Means over the cells with enough days, per product, on each product's own days."""
    expected = "the table of a validation against stations"
    header, lines = read_rows(path, expected)
    if not lines or not set(station_result.FIRST_COLUMNS) <= set(header):
        raise ParameterError(f"{path} is not {expected}.")
    with understood(path, expected, "numbers"):
        return _means(lines)


def _means(lines: list[dict[str, str]]) -> list[Row]:
    """The rows of means of a table's lines."""
    found = []
    lines = [line for line in lines if line["basis"] == "own days" and int(line["n"]) >= MIN_N]
    for product in dict.fromkeys(line["product"] for line in lines):
        own = [line for line in lines if line["product"] == product]
        basis = f"{len(own)} station cells, {sum(int(line['n']) for line in own)} cell-days"
        for name, label, unit in (("r", "mean R", ""), ("rmse", "mean RMSE", "m3 m-3"), ("bias", "mean |BIAS|", "m3 m-3")):
            values = [abs(float(line[name])) if name == "bias" else float(line[name]) for line in own if line[name]]
            paper = station_result.PAPER[name] if product == "ANN-SM" else None
            ours = float(np.mean(values)) if values else np.nan
            interval = significance.interval_of_mean(np.array(values)) if values else (np.nan, np.nan)
            found.append(Row("against stations", f"{product}: {label}", paper, ours, unit, basis, interval))
    return found


def _unit(unit: str) -> str:
    return {"m3 m-3": "m³ m⁻³", "0-1": "0–1"}.get(unit, unit)


def _number(value: float | None) -> str:
    return f"{value:.4g}" if value is not None and np.isfinite(value) else "-"


def _interval(row: Row) -> str:
    low, high = row.interval
    return f"{low:.3g} to {high:.3g}" if np.isfinite(low) else "-"


def text(found: list[Row], *, synthetic: bool = True) -> str:
    """The rows as a table of plain text."""
    table = [("step", "quantity", "paper", "ours", "95 % interval", "unit", "basis")]
    table += [(r.step, r.quantity, _number(r.paper), _number(r.ours), _interval(r), r.unit, r.basis) for r in found]
    widths = [max(len(line[i]) for line in table) for i in range(len(table[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in table]
    lines.insert(1, "-" * max(map(len, lines)))
    return "\n".join([*lines, *([SYNTHETIC] if synthetic else [])]) + "\n"


def write(path: PathLike, found: list[Row], *, synthetic: bool = False) -> Path:
    """The rows as an HTML page; ``synthetic`` puts the demo's banner on it."""
    header = ["step", "quantity", "paper", "ours", "95 % interval", "unit", "ours is based on"]
    table = [[r.step, r.quantity, _number(r.paper), _number(r.ours), _interval(r), _unit(r.unit), r.basis] for r in found]
    section = page.Section("The paper's figures beside ours", header=header, rows=table)
    return page.write(path, "The whole chain at a glance", sections=[section], synthetic="the demo archive" if synthetic else "")
