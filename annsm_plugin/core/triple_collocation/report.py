"""The report of a triple collocation: what was assumed, maps, distributions and a table, in one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ..foundation.paths import PathLike
from ..reports import figure_files, figures
from ..reports.page import Section, write
from ..statistics.triple_collocation import STATUS
from .request import INDEPENDENCE, NAMES
from .result import TripleResult

SOURCES = (
    "Method: Stoffelen (1998), J. Geophys. Res. 103; extended triple collocation, McColl et al. (2014), Geophys. Res. Lett. 41; covariance "
    "notation of Gruber et al. (2016), Int. J. Appl. Earth Obs. Geoinf. 45."
)


def _show(value: float, digits: int) -> str:
    return f"{value:.{digits}f}" if np.isfinite(value) else "–"


def triple(path: PathLike, result: TripleResult) -> Path:
    """Write the report of a ``TripleResult``."""
    numbers = []
    for kind, label, digits in (("std", "error std (m³ m⁻³)", 4), ("r", "R with the truth", 3)):
        for name, title in zip(NAMES, result.titles):
            mean, low, high = result.means[f"{kind}_{name.lower()}"]
            note = f"95 % {low:.{digits}f} to {high:.{digits}f}" if np.isfinite(low) else ""
            numbers.append((f"{title}: mean {label}", _show(mean, digits), "", note))
    maps = result.maps
    sections = [
        Section("What is assumed", f"{INDEPENDENCE} {SOURCES}"),
        Section(
            "Error standard deviation",
            "In the data space of each product: a product with a small range of values has small errors for that reason alone. The table "
            "below gives them on one scale.",
            figures.maps(result.grid, _layers(result, "std")),
            "Standard deviation of the random error per cell. Grey: no estimate.",
        ),
        Section(
            "Correlation with the truth",
            "How well each product follows the true soil moisture, which is estimated from what the three have in common (extended triple "
            "collocation).",
            figures.maps(result.grid, _layers(result, "r")),
            "R with the unknown truth per cell.",
        ),
        Section(
            "Distribution over the cells",
            figure=figures.histograms(_histograms(result)),
            caption="Error standard deviation of the cells with an estimate for all three, of which the means and medians are, too.",
            header=[
                "product",
                "cells",
                "error std, mean (m³ m⁻³)",
                "error std, median (m³ m⁻³)",
                "error std, mean, on the scale of X (m³ m⁻³)",
                "R, mean",
                "R, median",
                "negative variance (cells)",
            ]
            + (["95 % of error std (median cell, m³ m⁻³)", "95 % of R (median cell)"] if "std_x_low" in maps else []),
            rows=[_row(result, number) for number in range(3)],
        ),
        Section(
            "Days and status",
            figure=figures.maps(result.grid, [("Common days", _days(result), "days")]),
            caption="Days on which all three products have a value.",
            header=["status", "cells"],
            rows=[[meaning, str(int((maps["status"] == code).sum()))] for code, meaning in STATUS.items()],
        ),
    ]
    return write(
        path,
        "Triple collocation: " + ", ".join(result.titles),
        intro=f"{result.period[0]} to {result.period[1]}, days with all three products in each cell.",
        numbers=numbers,
        summary=result.summary,
        warnings=result.warnings,
        sections=sections,
        settings=result.settings,
        synthetic=result.synthetic,
    )


def publication(result: TripleResult) -> Any:
    """The figures of a ``TripleResult`` as ``figure_files.Figure``, one after the other."""
    grid, maps = result.grid, result.maps
    for kind, name in (("std", "error_std_maps"), ("r", "r_with_truth_maps")):
        values = {key: maps[key] for key in (f"{kind}_{own.lower()}" for own in NAMES)}
        rows = figure_files.map_rows(grid, {**values, "n": _days(result)})
        yield figure_files.Figure(name, figures.draw_maps(grid, _layers(result, kind)), *rows)
    values = {f"std_{own.lower()}": _judged(result, f"std_{own.lower()}") for own in NAMES}
    yield figure_files.Figure("error_std_histograms", figures.draw_histograms(_histograms(result)), *figure_files.map_rows(grid, values))


def _layers(result: TripleResult, kind: str) -> list:
    named = zip(NAMES, result.titles)
    return [(title, result.maps[f"{kind}_{name.lower()}"], {"std": "rmse", "r": "r"}[kind]) for name, title in named]


def _histograms(result: TripleResult) -> list:
    return [(f"{title}: std (m³ m⁻³)", _judged(result, f"std_{name.lower()}"), None) for name, title in zip(NAMES, result.titles)]


def _judged(result: TripleResult, name: str) -> np.ndarray:
    """A map where all three products have an estimate, as the means are taken (everywhere, if there is no such cell)."""
    whole = np.logical_and.reduce([np.isfinite(result.maps[f"std_{own.lower()}"]) for own in NAMES])
    return np.where(whole, result.maps[name], np.nan) if whole.any() else result.maps[name]


def _days(result: TripleResult) -> np.ndarray:
    return np.where(result.maps["n"] > 0, result.maps["n"], np.nan)


def _row(result: TripleResult, number: int) -> list[str]:
    own = NAMES[number].lower()
    std, r = _judged(result, f"std_{own}"), _judged(result, f"r_{own}")
    row = [
        f"{NAMES[number]}: {result.titles[number]}",
        str(int(np.isfinite(result.maps[f"std_{own}"]).sum())),
        _show(result.means[f"std_{own}"][0], 4),
        _show(_median(std), 4),
        _show(result.means[f"scaled_{own}"][0], 4),
        _show(result.means[f"r_{own}"][0], 3),
        _show(_median(r), 3),
        str(result.negative[number]),
    ]
    if "std_x_low" in result.maps:
        for kind, digits in (("std", 4), ("r", 3)):
            low, high = (_median(_judged(result, f"{kind}_{own}_{end}")) for end in ("low", "high"))
            row.append(f"{low:.{digits}f} to {high:.{digits}f}" if np.isfinite(low) else "–")
    return row


def _median(values: np.ndarray) -> float:
    return float(np.nanmedian(values)) if np.isfinite(values).any() else float("nan")
