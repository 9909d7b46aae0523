"""The sentences of a validation against stations: its summary and its warnings."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..stations import averaging
from ..statistics import sensor_change
from . import reference
from .station_result import PAPER, StationResult, shared_days


def say(result: StationResult, left_out: Any, hour: str, min_n: int) -> None:
    """Fill ``result.summary`` and ``result.warnings``."""
    sites = sum(len(c.sites) for c in result.cells)
    result.summary.append(
        f"{sites} stations in {len(result.cells)} cells compared from {result.dates[0]} to {result.dates[-1]} {_at(hour)}"
        f"{f'; {len(left_out)} stations lie outside the grid' if left_out else ''}."
    )
    for title in result.products:
        m = result.means["own days"][title]
        wetness = _wetness(m)
        result.summary.append(
            f"{title}: mean R {m['r'][0]:.2f}, RMSE {m['rmse'][0]:.3f}, |BIAS| {m['bias'][0]:.4f}, ubRMSE {m['ubrmse'][0]:.3f} m3 m-3 "
            f"over {m['cells']} cells and {m['days']} cell-days ({wetness})."
            if m["cells"]
            else f"{title}: no cell with {min_n} days in common with the stations."
        )
    result.summary += filter(None, [result.held.sentence() if result.held is not None else ""])
    result.summary.append(f"Paper, ANN-SM in 15 cells: R {PAPER['r']:.2f}, RMSE {PAPER['rmse']:.3f}, |BIAS| {PAPER['bias']:.4f}.")
    references = {"the stations": np.stack([cell.values for cell in result.cells]), "GLDAS": result.series.get("GLDAS")}
    for name, beside in references.items():
        for change in [] if beside is None else sensor_change.changes(result.attributes, result.dates):
            found = sensor_change.step(result.series["ANN-SM"], beside, result.dates, change)
            if found:
                result.summary.append(sensor_change.sentence(found, name, change))
    result.summary += sensor_change.told(result.attributes, result.dates)
    said, warned = reference.sentences(result)
    result.summary += [*_corrected(result), *said]
    result.warnings += [*averaging.impossible(result.cells), *_collapse(result), *warned]
    flagged = [row for row in result.table if row["basis"] == "own days" and row["product"] == "ANN-SM" and row["note"]]
    for row in flagged:
        result.warnings.append(f"{row['cell']}: {row['note']}.")
    for point in left_out[:5]:
        result.warnings.append(f"Station {point['name']} ({point['lat']:g} N, {point['lon']:g} E): {point['status']}.")
    if len(left_out) > 5:
        result.warnings.append(f"{len(left_out) - 5} more stations lie outside the grid.")


def _corrected(result: StationResult) -> list[str]:
    """ANN-SM's correlation with the truth, where a third product allows it."""
    rows = [row for row in result.table if row["product"] == "ANN-SM" and row["basis"] == "own days" and np.isfinite(row["r_corrected"])]
    if not rows:
        return []
    plain, true = (float(np.mean([row[name] for row in rows])) for name in ("r", "r_corrected"))
    thirds = " and ".join(dict.fromkeys(row["third"] for row in rows))
    return [
        f"ANN-SM: mean R {plain:.2f} with the stations, {true:.2f} with the truth, the stations' own error taken out by triple collocation "
        f"with {thirds} ({len(rows)} cells)."
    ]


def _at(hour: str) -> str:
    return "as daily means" if averaging.hour_of(hour) is None else f"at {hour} local solar time"


def _wetness(m: dict) -> str:
    """Too wet or too dry where the interval of the signed BIAS leaves no doubt, else how many cells are which."""
    low, high = m["signed_bias_interval"]
    signed = f"signed BIAS {m['signed_bias']:+.4f}"
    if not np.isfinite(low):
        side = "too wet" if m["signed_bias"] < 0 else "too dry"
        return f"{signed}, {side} on average, {m['too_wet']} cells too wet and {m['too_dry']} too dry"
    between = f"{signed}, 95 % {low:+.4f} to {high:+.4f}"
    if low <= 0.0 <= high:
        return f"{between}: {m['too_wet']} cells too wet, {m['too_dry']} too dry"
    return f"{between}: too {'wet' if high < 0 else 'dry'}"


def _collapse(result: StationResult) -> list[str]:
    """A warning where fewer than half of ANN-SM's days are common to all products: without which product most would be."""
    present = [
        {title: np.isfinite(values[number]) & np.isfinite(cell.values) for title, values in result.series.items()}
        for number, cell in enumerate(result.cells)
    ]
    own = sum(int(there["ANN-SM"].sum()) for there in present)
    common = sum(int(shared_days(there).sum()) for there in present)
    if len(result.products) < 2 or 2 * common >= own:
        return []
    without = {
        left: sum(int(shared_days({t: days for t, days in there.items() if t != left}).sum()) for there in present)
        for left in result.products[1:]
    }
    best = max(without, key=without.__getitem__)
    return [
        f"The products have {common} cell-days with the stations in common, ANN-SM alone has {own}. "
        f"Without {best} there would be {without[best]} in common."
    ]
