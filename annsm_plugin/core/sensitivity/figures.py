"""The paper's Figure 3 (errors of every run, the best marked) and Figure A3 (days kept and removed)."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..reports import figures
from ..reports.figure_files import Figure
from ..training import model
from .analysis import CHOSEN_BY, SensitivityResult
from .experiments import short
from .words import TITLES

#: Colour (Okabe and Ito), marker and line width of each sample kind; told apart by the marker alone, too.
_KINDS = {
    "training": ("#0072b2", "o", 0.8),
    "validation": ("#e69f00", "s", 0.8),
    "testing": ("#cc4c02", "^", 0.8),
    "overall": ("#000000", "D", 1.3),
}

_BEST = "#7b2d9b"

_AXES = {
    "inputs": "inputs beside the brightness temperatures",
    "neurons": "neurons in the hidden layer",
    "ratios": "training / validation / testing (%)",
    "thresholds": "precipitation threshold (mm in 7 h)",
}

_LABELS = {"r": "mean R", "rmse": "mean RMSE (0–1)", "rmse_m3": "mean RMSE (m³ m⁻³)"}


def errors(result: SensitivityResult) -> Figure:
    """A panel per experiment, mean R above mean RMSE of the four sample kinds; bars: one standard deviation over the seeds."""
    experiments = result.asked.experiments
    across = min(2, len(experiments))
    down = -(-len(experiments) // across)
    drawing = figures.figure(figures.TWO_COLUMNS, 3.55 * down + 0.2)
    head, body = drawing.subfigures(2, 1, height_ratios=[0.2, 3.55 * down])
    panels = np.atleast_1d(body.subfigures(down, across, hspace=0.03, wspace=0.02)).ravel()
    for number, experiment in enumerate(experiments):
        _panel(panels[number], result, experiment, f"({'abcd'[number]}) ")
    handles, labels = panels[0].axes[0].get_legend_handles_labels()
    head.legend(handles, labels, loc="center", ncol=5, fontsize=7.5, frameon=False, handlelength=2.2)
    header = ("panel", "position", "label", "measure", "samples", "mean", "sd_cells", "sd_seeds", "best")
    rows = [
        (experiment, place + 1, entry.label, measure, kind, *entry.means[measure, kind], int(entry.best))
        for experiment in experiments
        for place, entry in enumerate(result.of(experiment))
        for measure in ("r", CHOSEN_BY[experiment])
        for kind in model.KINDS
    ]
    return Figure("figure3_sensitivity", drawing, header, rows)


def _panel(panel: Any, result: SensitivityResult, experiment: str, letter: str) -> None:
    """One experiment: R, RMSE and, for the inputs, which are in."""
    entries, candidates = result.of(experiment), result.asked.candidates
    matrix = experiment == "inputs"
    heights = [1, 1, 0.12 * len(candidates)] if matrix else [1, 1]
    axes = panel.subplots(len(heights), 1, sharex=True, gridspec_kw={"height_ratios": heights})
    places = np.arange(len(entries))
    best = next(place for place, entry in enumerate(entries) if entry.best)
    for place, measure in zip(axes, ("r", CHOSEN_BY[experiment])):
        for kind, (colour, marker, width) in _KINDS.items():
            values = np.array([entry.means[measure, kind] for entry in entries])
            place.errorbar(
                places,
                values[:, 0],
                np.nan_to_num(values[:, 2]) if len(result.asked.seeds) > 1 else None,
                color=colour,
                marker=marker,
                markersize=3.4,
                linewidth=width,
                linestyle=(0, (1, 1.5)) if matrix or experiment == "ratios" else "-",
                elinewidth=0.7,
                capsize=1.5,
                label=f"{kind} samples",
            )
        place.axvspan(best - 0.45, best + 0.45, facecolor="#f1e6f6", edgecolor=_BEST, linewidth=0.9, zorder=0, label="best")
        place.set_ylabel(_LABELS[measure], fontsize=7.5)
        place.set_xlim(-0.7, len(entries) - 0.3)
        figures.tidy(place)
        place.tick_params(labelsize=7)
        place.grid(False, axis="x")
    axes[0].set_title(f"{letter}{TITLES[experiment]}", fontsize=8.5, loc="left")
    last = axes[-1]
    if matrix:
        _matrix(last, entries, candidates, best)
    else:
        labels = [figures.plain(entry.label) for entry in entries]
        last.set_xticks(places, labels, rotation=90 if max(map(len, labels)) > 5 else 0)
    last.set_xlabel(_AXES[experiment], fontsize=7.5)


def _matrix(place: Any, entries: Any, candidates: Any, best: int) -> None:
    """Dots for the inputs that take part in each run."""
    for row, name in enumerate(candidates):
        inside = np.array([name in entry.run.inputs for entry in entries])
        for places, style in (
            (np.flatnonzero(~inside), {"markersize": 3.2, "markerfacecolor": "none", "markeredgecolor": "#bbbbbb", "markeredgewidth": 0.6}),
            (np.flatnonzero(inside), {"markersize": 4, "color": "#333333", "markeredgewidth": 0}),
        ):
            place.plot(places, np.full(places.size, row), "o", **style)
    place.axvspan(best - 0.45, best + 0.45, facecolor="#f1e6f6", edgecolor=_BEST, linewidth=0.9, zorder=0)
    place.set_yticks(range(len(candidates)), [figures.plain(short(name)) for name in candidates])
    place.set_ylim(len(candidates) - 0.4, -0.6)
    place.set_xticks([])
    figures.tidy(place, grid=False)
    place.tick_params(labelsize=7, length=0)
    for side in ("left", "bottom"):
        place.spines[side].set_visible(False)


def days(result: SensitivityResult) -> bytes:
    """Maps of the days kept unscreened and of those that up to three thresholds remove (Figure A3), as PNG."""
    layers = [("(a) Days kept unscreened", result.days, "days")]
    for letter, threshold in zip("bcd", shown_thresholds(result)):
        layers.append((f"({letter}) Days removed at {threshold:g} mm", result.removed[threshold], "removed"))
    return figures.maps(result.grid, layers)


def shown_thresholds(result: SensitivityResult) -> list[float]:
    """The thresholds of Figure A3 (17.5, 12.5, 8.75) if they were tried, else the mildest, one between and the strictest."""
    tried = list(result.removed)
    paper = [threshold for threshold in (17.5, 12.5, 8.75) if threshold in tried]
    return paper if len(paper) == 3 else list(dict.fromkeys(tried[i] for i in (0, len(tried) // 2, len(tried) - 1))) if tried else []
