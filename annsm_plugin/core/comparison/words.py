"""The sentences of a comparison, its summary and its warnings, and its tables as CSV."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..foundation import tables
from ..training.request import RANDOM_SPLIT
from . import paired
from .request import METHODS

#: Columns of the table, one row per method.
COLUMNS = (
    "method",
    "title",
    "cells",
    "testing_samples",
    *(f"{measure}_{what}" for measure in ("r", "rmse", "bias", "abs_bias", "ubrmse") for what in ("mean", "sd")),
    "rmse_low",
    "rmse_high",
    "network_better_percent",
    "rmse_minus_network",
    "rmse_minus_network_low",
    "rmse_minus_network_high",
    "rmse_minus_network_paired",
    "rmse_minus_network_paired_low",
    "rmse_minus_network_paired_high",
    "verdict",
    "seconds",
    "impossible",
)


def say(result: Any) -> None:
    """Fill ``result.summary`` and ``result.warnings``."""
    asked, count = result.asked, int(result.cells.sum())
    tested = int(np.nansum(np.where(result.cells, next(iter(result.maps.values()))["n"], 0)))
    result.summary.append(
        f"{len(result.maps)} methods compared in {count} cells on {tested} testing samples, {asked.start} to {asked.end}, "
        f"{'/'.join(map(str, asked.ratio))}, split '{asked.split}'."
    )
    for name, means in result.means.items():
        result.summary.append(
            f"{METHODS[name]}: mean R {means['r'][0]:.3f}, RMSE {means['rmse'][0]:.4f}, |BIAS| {means['abs_bias'][0]:.4f}, "
            f"ubRMSE {means['ubrmse'][0]:.4f} m3 m-3, {result.seconds[name]:.1f} s{_impossible(result, name, tested)}."
        )
    if count and "network" in result.means:
        result.summary += _verdict(result)
    if result.importance:
        ranked = ranking(result)
        if ranked:
            first = ", ".join(f"{name} ({growth:+.4f})" for name, growth, _ in ranked[:3])
            result.summary.append(f"The network's RMSE grows most, in m3 m-3, when these are shuffled: {first}.")
    result.warnings += list(result.left_out.values())
    missed = int(np.any([np.isfinite(own["rmse"]) for own in result.maps.values()], axis=0).sum()) - count
    if missed:
        result.warnings.append(f"{missed} cells are left out of the means because at least one method has no estimate there.")
    if asked.split == "random":
        result.warnings.append(
            f"{RANDOM_SPLIT} Methods that reproduce their training samples closely, such as the random forest, gain most from it."
        )


def impossible_of(result: Any, name: str) -> int:
    """How many estimates of a method, in the cells that all methods could estimate, no soil can have."""
    return int(np.nansum(np.where(result.cells, result.maps[name]["impossible"], 0)))


def _impossible(result: Any, name: str, tested: int) -> str:
    count = impossible_of(result, name)
    return f"; {count} estimates ({100 * count / max(1, tested):.2f} %) are outside 0 to 1 m3 m-3" if count else ""


def verdict(low: float, high: float) -> str:
    """ "better" or "worse" than the network where the interval of the difference excludes 0, else "no difference shown"; "" without one."""
    if not np.isfinite(low):
        return ""
    return "better" if high < 0 else "worse" if low > 0 else "no difference shown"


def _verdict(result: Any) -> list[str]:
    """The network's RMSE against that of each other method, in sentences."""
    lines = []
    for name, (share, mean, low, high) in result.better.items():
        span = f" (95 % interval {low:+.4f} to {high:+.4f})" if np.isfinite(low) else ""
        lines.append(
            f"Against {lowered(METHODS[name])} the network has the lower RMSE in {100 * share:.0f} % of the cells; "
            f"the other's RMSE is {abs(mean):.4f} m3 m-3 {'higher' if mean >= 0 else 'lower'} on average{span}."
        )
    shown = {word: [lowered(METHODS[n]) for n, v in result.paired.items() if verdict(*v[1:]) == word] for word in ("better", "worse")}
    for word, names in shown.items():
        if names:
            lines.append(f"Over stretches of {paired.DAYS} days the 95 % interval shows as {word} than the network: {', '.join(names)}.")
    best = min(result.means, key=lambda name: result.means[name]["rmse"][0])
    lines.append(f"Lowest mean RMSE: {METHODS[best]}.")
    return lines


def lowered(title: str) -> str:
    """A title inside a sentence: its first letter small unless it starts with an abbreviation."""
    return title if title[:2].isupper() else title[0].lower() + title[1:]


def ranking(result: Any) -> list[tuple[str, float, float]]:
    """(input, mean growth of the RMSE, its standard deviation over the cells) in m3 m-3, the most important first."""
    rows = []
    for name, values in result.importance.items():
        there = values[np.isfinite(values)]
        if there.size:
            rows.append((name, float(there.mean()), float(there.std())))
    return sorted(rows, key=lambda row: -row[1])


def rows(result: Any) -> list[dict]:
    """The table: one dict of ``COLUMNS`` per method."""
    table = []
    for name, means in result.means.items():
        row = {
            "method": name,
            "title": METHODS[name],
            "cells": int(result.cells.sum()),
            "testing_samples": int(np.nansum(np.where(result.cells, result.maps[name]["n"], 0))),
            "rmse_low": means["rmse"][2],
            "rmse_high": means["rmse"][3],
            "seconds": result.seconds[name],
            "impossible": impossible_of(result, name),
        }
        for measure in ("r", "rmse", "bias", "abs_bias", "ubrmse"):
            row[f"{measure}_mean"], row[f"{measure}_sd"] = means[measure][:2]
        share, mean, low, high = result.better.get(name, (np.nan,) * 4)
        apart = result.paired.get(name, (np.nan,) * 3)
        row.update(zip(("rmse_minus_network_paired", "rmse_minus_network_paired_low", "rmse_minus_network_paired_high"), apart))
        row["verdict"] = verdict(*apart[1:])
        row.update(network_better_percent=100 * share, rmse_minus_network=mean, rmse_minus_network_low=low, rmse_minus_network_high=high)
        table.append(row)
    return table


def table_csv(result: Any) -> str:
    """The table as CSV; empty where a number is not defined."""
    return tables.as_csv(COLUMNS, [[row[column] for column in COLUMNS] for row in rows(result)])


def importance_csv(result: Any) -> str:
    """Permutation importance per input as CSV, m3 m-3."""
    return tables.as_csv(("input", "rmse_growth_mean", "rmse_growth_sd"), ranking(result))
