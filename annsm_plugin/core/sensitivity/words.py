"""The sentences of an analysis: its summary and its warnings."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..training.request import RANDOM_SPLIT
from .experiments import input_label, ratio_text, threshold_text

TITLES = {"inputs": "Inputs", "neurons": "Hidden neurons", "ratios": "Sample ratios", "thresholds": "Precipitation thresholds"}


def say(result: Any) -> None:
    """Fill ``result.summary`` and ``result.warnings``."""
    asked, cells = result.asked, int(result.cells.sum())
    trained = sum(not entry.reused for entry in result.entries)
    seeds = f"{len(asked.seeds)} seeds" if len(asked.seeds) > 1 else f"seed {asked.seeds[0]}"
    result.summary.append(
        f"{len(result.entries)} runs ({trained} different ones) in {cells} cells with {seeds}, {asked.start.start} to {asked.start.end}, "
        f"on days with all {len(asked.inputs)} inputs; chosen by {asked.choose} error."
    )
    for experiment in asked.experiments:
        result.summary.append(_choice(result, experiment))
    best = result.best
    screening = f", threshold {threshold_text(best.threshold)} mm" if "thresholds" in asked.experiments else ""
    result.summary.append(f"Best: {input_label(best.inputs, asked.base)}, {best.hidden} neurons, {ratio_text(best.ratio)}{screening}.")
    result.summary.append(f"Time: {_minutes(result.seconds)}, of which training took {_minutes(result.training_seconds)}.")
    _warn(result)


def _choice(result: Any, experiment: str) -> str:
    """One sentence on what an experiment chose, and whether others are as good."""
    entry, asked = result.chosen(experiment), result.asked
    measure = "rmse_m3" if experiment == "thresholds" else "rmse"
    unit = "m3 m-3" if measure == "rmse_m3" else "(0-1)"
    r, error = entry.means["r", asked.choose][0], entry.means[measure, asked.choose][0]
    alike = [other.label for other in result.of(experiment) if other is not entry and other.beyond_chance is False]
    count = len(result.of(experiment)) - 1
    if not count:
        tail = "."
    elif any(other.beyond_chance is None for other in result.of(experiment) if other is not entry):
        tail = "; differences cannot be told from chance with one cell and one seed."
    elif not alike:
        tail = f"; the {count} others are worse by more than chance." if count > 1 else "; the other is worse by more than chance."
    elif len(alike) == count:
        tail = "; no other differs from it by more than chance."
    else:
        tail = f"; no worse by more than chance: {', '.join(alike)}."
    named = f"{entry.label} mm" if experiment == "thresholds" and entry.run.threshold is not None else entry.label
    return f"{TITLES[experiment]}: {named}, mean R {r:.3f}, RMSE {error:.4f} {unit} ({asked.choose} samples){tail}"


def _warn(result: Any) -> None:
    asked = result.asked
    if asked.choose == "overall":
        result.warnings.append(
            "The overall error contains the training samples and so rewards large training shares and many neurons; the table and the "
            "figure give the testing error, too."
        )
        for experiment in asked.experiments:
            other = _by_testing(result, experiment)
            if other:
                result.warnings.append(f"{TITLES[experiment]}: testing error would choose {other}, not {result.chosen(experiment).label}.")
    if asked.start.split == "random":
        result.warnings.append(RANDOM_SPLIT)
    if len(asked.seeds) == 1:
        result.warnings.append(
            "One seed: whether a difference is more than chance is judged from its spread over the cells; repeat with several seeds."
        )
    if "thresholds" in asked.experiments:
        same = _by_same_days(result)
        if same:
            result.warnings.append(f"Precipitation thresholds: judged on the days that all keep, {same} has the lowest error.")
    if result.ignored_screening:
        result.warnings.append("The cube is screened; its screening was not used, since screening is one of the experiments.")


def _by_testing(result: Any, experiment: str) -> str:
    measure = "rmse_m3" if experiment == "thresholds" else "rmse"
    return _other(result, experiment, lambda entry: entry.means[measure, "testing"][0])


def _by_same_days(result: Any) -> str:
    return _other(result, "thresholds", lambda entry: entry.means_same["rmse_m3", result.asked.choose][0])


def _other(result: Any, experiment: str, error: Any) -> str:
    """The label of the run with the lowest ``error``; empty if it is the chosen one or has no lower error."""
    entries = [entry for entry in result.of(experiment) if np.isfinite(error(entry))]
    chosen = result.chosen(experiment)
    best = min(entries, key=error, default=chosen)
    return best.label if np.isfinite(error(chosen)) and error(best) < error(chosen) else ""


def _minutes(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 120 else f"{seconds / 60:.1f} min"
