"""The files of an analysis: the table, the best settings and the maps of days."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from .. import __version__
from ..foundation import store, tables
from ..foundation.errors import ParameterError, ProductError
from ..foundation.outside import read_rows
from ..foundation.paths import PathLike
from ..training import model
from . import statistics
from .analysis import SensitivityResult
from .experiments import ratio_text, threshold_text

_WHAT = ("experiment", "run", "label", "inputs", "hidden", "ratio", "threshold_mm", "seed", "cells", "days_per_cell", "best")
_SPREADS = ("", "_sd_cells", "_sd_seeds")
_PAIRS = [(measure, kind) for kind in model.KINDS for measure in statistics.MEASURES]

#: Columns of the table: what was run, the difference from the best run, the errors; ``same_days``: on the strictest threshold's days.
COLUMNS = (
    *_WHAT,
    "difference_from_best",
    "difference_95",
    "beyond_chance",
    *(f"{measure}_{kind}{spread}" for measure, kind in _PAIRS for spread in _SPREADS),
    *(f"{measure}_{kind}_same_days" for measure, kind in _PAIRS),
)


def table_rows(result: SensitivityResult) -> list[tuple]:
    """A row per run with the means over cells and seeds; with several seeds a row per run and seed below it."""
    rows, seeds = [], result.asked.seeds
    same_days = result.asked.strictest is not None
    numbers = dict.fromkeys(result.asked.experiments, 0)
    for entry in result.entries:
        numbers[entry.experiment] += 1
        run = entry.run
        start = (
            entry.experiment,
            numbers[entry.experiment],
            entry.label,
            " ".join(run.inputs),
            run.hidden,
            ratio_text(run.ratio),
            threshold_text(run.threshold),
        )
        end = (int(result.cells.sum()), entry.days, int(entry.best))
        beyond = "" if entry.best else {None: "", True: "yes", False: "no"}[entry.beyond_chance]
        rows.append(
            (
                *start,
                seeds[0] if len(seeds) == 1 else "mean",
                *end,
                *entry.difference,
                beyond,
                *(value for pair in _PAIRS for value in entry.means[pair]),
                *(entry.means_same[pair][0] if same_days else float("nan") for pair in _PAIRS),
            )
        )
        for seed in seeds if len(seeds) > 1 else ():
            means = [value for pair in _PAIRS for value in (entry.seeds[seed][pair], float("nan"), float("nan"))]
            rows.append((*start, seed, *end, float("nan"), float("nan"), "", *means, *(float("nan") for _ in _PAIRS)))
    return rows


def write_table(path: PathLike, result: SensitivityResult) -> Path:
    """The table as CSV."""
    return store.write_text(path, tables.as_csv(COLUMNS, table_rows(result)))


def best_settings(result: SensitivityResult) -> dict:
    """What training and screening take as SETTINGS; ``threshold`` (mm, None: no screening) only if thresholds were tried."""
    asked, best = result.asked, result.best
    last = result.chosen(asked.experiments[-1])
    settings = {"variables": list(best.inputs), "hidden": best.hidden, "ratio": ratio_text(best.ratio)}
    if "thresholds" in asked.experiments:
        settings["threshold"] = best.threshold
    return {
        **settings,
        "chosen_by": f"{asked.choose} error",
        "experiments": list(asked.experiments),
        "start": str(asked.start.start),
        "end": str(asked.start.end),
        "split": asked.start.split,
        "restarts": asked.start.restarts,
        "seeds": list(asked.seeds),
        "min_pairs": asked.start.min_pairs,
        "cells": int(result.cells.sum()),
        "errors": {kind: {m: last.means[m, kind][0] for m in statistics.MEASURES} for kind in model.KINDS},
        "software": f"ANN-SM for QGIS {__version__}",
    }


def write_best(path: PathLike, result: SensitivityResult) -> Path:
    """The best settings as JSON."""
    found = best_settings(result)
    for errors in found["errors"].values():
        errors.update({name: round(value, 6) if np.isfinite(value) else None for name, value in errors.items()})
    return store.write_json(path, found)


def write_days(path: PathLike, result: SensitivityResult) -> Path:
    """The maps of Figure A3 as one raster: days kept unscreened, then the days that each threshold removes, the mildest first."""
    bands = ["days kept unscreened", *(f"days removed at {threshold:g} mm" for threshold in result.removed)]
    return store.write_raster(path, np.stack([result.days, *result.removed.values()]), result.grid, bands=bands, units="days")


def read_table(path: PathLike) -> Any:
    """What a table of this module says of its runs, for drawing them again: as much of a ``SensitivityResult`` as ``figures.errors`` takes.

    Raises ``ParameterError`` for a file that is no such table.
    """
    try:
        header, rows = read_rows(path, "the table of a sensitivity analysis")
    except ProductError as error:
        raise ParameterError(f"{path} cannot be read as the table of a sensitivity analysis: {error}") from error
    missing = set(COLUMNS) - set(header)
    if missing:
        raise ParameterError(f"{path} is not the table of a sensitivity analysis: it lacks {', '.join(sorted(missing)[:3])}.")
    try:
        return _runs(rows)
    except ValueError as error:
        raise ParameterError(f"{path} cannot be read as the table of a sensitivity analysis: {error}.") from error


def _runs(rows: list[dict[str, str]]) -> Any:
    """The runs in the rows of a table. Raises ``ValueError`` for a number that is none."""
    seeds = sorted({int(row["seed"]) for row in rows if row["seed"] != "mean"})
    means = [row for row in rows if row["seed"] == "mean" or len(seeds) == 1]
    entries: dict[str, list[Any]] = {}
    for row in means:
        found = {
            (measure, kind): tuple(float(row[f"{measure}_{kind}{spread}"] or "nan") for spread in _SPREADS) for measure, kind in _PAIRS
        }
        run = SimpleNamespace(inputs=tuple(row["inputs"].split()))
        entry = SimpleNamespace(label=row["label"], best=row["best"] == "1", run=run, means=found)
        entries.setdefault(row["experiment"], []).append(entry)
    first, *others = [entry.run.inputs for entry in entries.get("inputs", [])] or [()]
    candidates = list(dict.fromkeys(name for inputs in others for name in inputs if name not in first))
    asked = SimpleNamespace(experiments=tuple(entries), seeds=seeds, candidates=candidates)
    return SimpleNamespace(asked=asked, of=entries.__getitem__)
