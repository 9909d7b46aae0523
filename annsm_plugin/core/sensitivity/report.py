"""The report of an analysis: one HTML file, with the paper's numbers for comparison."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ..foundation.paths import PathLike
from ..reports.figures import png
from ..reports.page import Section, write
from ..training import model
from . import figures
from .analysis import CHOSEN_BY, PAPER, Entry, SensitivityResult
from .experiments import input_label, ratio_text, threshold_text
from .explanations import OVERALL_OR_TESTING, SAME_DAYS
from .words import TITLES

_INTRO = {
    "inputs": "The brightness temperatures alone, then each other input beside the best so far, until all are in (forward selection).",
    "neurons": "Size of each network's hidden layer, with the best inputs.",
    "ratios": "Shares of training, validation and testing samples, with the best inputs and number of neurons.",
    "thresholds": "Days with more rain between the two overpasses are left out. " + SAME_DAYS,
}


def _show(value: Any, digits: int) -> str:
    return f"{value:.{digits}f}" if value is not None and np.isfinite(value) else "–"


def write_report(path: PathLike, result: SensitivityResult) -> Path:
    """Write the report of a ``SensitivityResult``."""
    asked, best = result.asked, result.best
    last = result.chosen(asked.experiments[-1])
    numbers: list[tuple[str, ...]] = [("Inputs", input_label(best.inputs, asked.base), PAPER["inputs"][0])]
    numbers.append(("Hidden neurons", str(best.hidden), PAPER["neurons"][0]))
    numbers.append(("Training/validation/testing", ratio_text(best.ratio), PAPER["ratios"][0]))
    if "thresholds" in asked.experiments:
        numbers.append(("Threshold (mm in 7 h)", threshold_text(best.threshold), PAPER["thresholds"][0]))
    paper = PAPER[asked.experiments[-1]]
    numbers += [
        ("Mean R, overall", _show(last.means["r", "overall"][0], 3), f"{paper[1]:.2f}"),
        ("Mean RMSE, overall (0–1)", _show(last.means["rmse", "overall"][0], 3), f"{paper[2]:.3f}", "unit of the paper's figure inferred"),
        ("Mean R, testing", _show(last.means["r", "testing"][0], 3)),
        ("Mean RMSE, testing (m³ m⁻³)", _show(last.means["rmse_m3", "testing"][0], 4)),
    ]
    bars = " Bars: one standard deviation over the seeds." if len(asked.seeds) > 1 else ""
    sections = [
        Section(
            "All experiments",
            figure=png(figures.errors(result).drawing),
            caption=f"Means over {int(result.cells.sum())} cells, the best run marked (compare the paper's Figure 3).{bars}",
        ),
        Section("Overall or testing error?", OVERALL_OR_TESTING),
        *(_experiment(result, experiment) for experiment in asked.experiments),
        Section(
            "Days",
            f"Days on which the target and all {len(asked.inputs)} inputs are there, and the days that screening takes away."
            if result.removed
            else f"Days on which the target and all {len(asked.inputs)} inputs are there.",
            figures.days(result),
            "Complete days kept unscreened" + (" and days removed (compare the paper's Figure A3)." if result.removed else "."),
            ["threshold (mm)", "cell days removed", "share of complete days (%)", "most in one cell"] if result.removed else [],
            [_removed_row(result, threshold) for threshold in result.removed],
        ),
    ]
    return write(
        path,
        "Sensitivity of the ANN-SM model",
        intro=(
            "Experiments by controlled variables, each at the best setting of the one before; all runs on the same cells and on the days "
            f"on which all inputs are complete. Chosen by the {asked.choose} samples' mean RMSE."
        ),
        numbers=numbers,
        summary=result.summary,
        warnings=result.warnings,
        sections=sections,
        settings=_settings(result),
        synthetic=str(result.attributes.get("synthetic", "")),
    )


def _experiment(result: SensitivityResult, experiment: str) -> Section:
    """The table of one experiment."""
    label, r, rmse = PAPER[experiment]
    unit = "m³ m⁻³" if CHOSEN_BY[experiment] == "rmse_m3" else "0–1"
    seeds = len(result.asked.seeds)
    how = "over the seeds" if seeds >= 3 else "over the cells"
    header = ["run", "days per cell", *(f"R {kind}" for kind in model.KINDS), *(f"RMSE {kind} (0–1)" for kind in model.KINDS)]
    header += ["RMSE testing (m³ m⁻³)", "RMSE overall (m³ m⁻³)", "SD over cells", *(["SD over seeds"] if seeds > 1 else [])]
    same = experiment == "thresholds" and result.asked.strictest is not None
    header += ["RMSE overall, same days (m³ m⁻³)"] if same else []
    header += [f"{result.asked.choose} RMSE minus best ({unit})", "worse by more than chance"]
    text = (
        f"{_INTRO[experiment]} The paper's best: {label}, with mean R {r:.2f} and RMSE {rmse:.3f} of the overall samples (0–1 inferred). "
        f"Spreads are those of the overall RMSE (0–1). The 95 % interval of the difference from the best run comes from its spread {how}."
    )
    rows = [_row(result, entry, seeds > 1, same) for entry in result.of(experiment)]
    return Section(TITLES[experiment], text, header=header, rows=rows)


def _row(result: SensitivityResult, entry: Entry, several: bool, same: bool) -> list[str]:
    amount, half = entry.difference
    overall = entry.means["rmse", "overall"]
    cells = [f"{entry.label} ★" if entry.best else entry.label, _show(entry.days, 0)]
    cells += [_show(entry.means["r", kind][0], 3) for kind in model.KINDS]
    cells += [_show(entry.means["rmse", kind][0], 4) for kind in model.KINDS]
    cells += [_show(entry.means["rmse_m3", kind][0], 4) for kind in ("testing", "overall")]
    cells += [_show(overall[1], 4), *([_show(overall[2], 4)] if several else [])]
    cells += [_show(entry.means_same["rmse_m3", "overall"][0], 4)] if same else []
    if entry.best:
        return [*cells, "best", ""]
    told = f"{amount:+.4f} ± {half:.4f}" if np.isfinite(half) else f"{amount:+.4f}"
    return [*cells, told, {None: "not known", True: "yes", False: "no"}[entry.beyond_chance]]


def _removed_row(result: SensitivityResult, threshold: float) -> list[str]:
    removed, days = result.removed[threshold], np.nansum(result.days)
    return [f"{threshold:g}", f"{np.nansum(removed):.0f}", f"{100 * np.nansum(removed) / max(days, 1):.2f}", f"{np.nanmax(removed):.0f}"]


def _settings(result: SensitivityResult) -> dict:
    asked, start = result.asked, result.asked.start
    copied = ("title", "channels", "channel_list", "polarisation", "overpass", "smap_variable", "smap_quality", "lai_method", "rain_hours")
    return {
        "period": f"{start.start} to {start.end}",
        "starting point": f"{input_label(start.inputs, asked.base)}, {start.hidden} neurons, {ratio_text(start.ratio)}, unscreened",
        "experiments": ", ".join(asked.experiments),
        "chosen by": f"{asked.choose} error",
        "split": start.split,
        "restarts": start.restarts,
        "seeds": ", ".join(map(str, asked.seeds)),
        "fewest complete days": start.min_pairs,
        "inputs": ", ".join(start.inputs),
        **{name.replace("_", " "): result.attributes[name] for name in copied if name in result.attributes},
    }
