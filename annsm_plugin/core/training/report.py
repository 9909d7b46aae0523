"""The report of a training: errors by sample kind, maps, why training stopped, with the paper's numbers for comparison."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ..foundation.paths import PathLike
from ..reports import figures, page, words


def write(path: PathLike, result: Any) -> Path:
    """Write the report of a ``cube.TrainResult`` as one self-contained HTML file."""
    trained = result.model
    overall, testing = result.means["overall"], result.means["testing"]
    has = trained.trained
    numbers = [
        ("Mean R, overall samples", words.show(overall["r"]), f"{result.paper['r']:.2f}"),
        ("Mean RMSE, overall (0–1)", words.show(overall["rmse"]), f"{result.paper['rmse']:.3f}", "unit of the paper's figure inferred"),
        ("Mean R, testing samples", words.show(testing["r"])),
        ("Mean RMSE, testing (m³ m⁻³)", words.show(testing["rmse_m3"], 4)),
        ("Cells trained", f"{int(has.sum())} of {has.size}"),
    ]
    if trained.single_rmse is not None and result.model.attributes.get("restarts", 1) > 1:
        one = float(np.nanmean(trained.single_rmse[has]))
        numbers.append(("Testing RMSE (0–1), all starts used", words.show(testing["rmse"], 4), "", f"one start: {words.show(one, 4)}"))
    rows = [
        [kind, *(words.show(m[name], digits) for name, digits in (("r", 3), ("rmse", 3), ("bias", 4), ("rmse_m3", 4), ("bias_m3", 4)))]
        for kind, m in result.means.items()
    ]
    rmse_m3 = np.where(has, trained.error("rmse") * trained.width, np.nan)
    stops = {code: int((has & (trained.stop_reason == code)).sum()) for code in trained.stop_meanings}
    sections = [
        page.Section(
            "Errors by sample kind",
            "Means over the trained cells. RMSE and BIAS in 0–1 units of each cell's own range and in m³ m⁻³; |BIAS| is averaged. "
            "BIAS = SMAP − network: negative where the network is too wet.",
            figures.error_bars(result.means, result.paper),
            "Mean R and RMSE of training, validation, testing and overall samples (compare the paper's Figure 3).",
            header=["samples", "R", "RMSE (0–1)", "|BIAS| (0–1)", "RMSE (m³ m⁻³)", "|BIAS| (m³ m⁻³)"],
            rows=rows,
        ),
        page.Section(
            "Maps",
            figure=figures.maps(
                result.grid,
                [
                    ("R, overall samples", result.r, "r"),
                    ("RMSE, overall samples", rmse_m3, "rmse"),
                    ("RMSE, overall samples (0–1)", result.rmse, "rmse01"),
                    ("Complete days", np.where(trained.error("n") > 0, trained.error("n"), np.nan), "days"),
                ],
            ),
            caption="Training errors and number of complete days per cell. Grey: no network.",
            alt="Four maps of the cells: R, RMSE in m³ m⁻³, RMSE in 0–1 units, complete days.",
        ),
        page.Section(
            "Status of the cells",
            figure=figures.status_map(result.grid, result.status, result.status_meanings),
            caption="Status of every cell.",
            header=["why training stopped", "cells", "median epochs"] if trained.shared is None else [],
            rows=[
                [trained.stop_meanings[code], str(count), f"{np.median(trained.epochs[has & (trained.stop_reason == code)]):.0f}"]
                for code, count in stops.items()
                if count
            ]
            if trained.shared is None
            else [],
        ),
    ]
    return page.write(
        path,
        "Training of the ANN-SM model",
        intro=_intro(trained),
        numbers=numbers,
        summary=result.summary,
        warnings=result.warnings,
        sections=sections,
        settings=words.settings(trained.attributes, {"model": result.path.name}),
        synthetic=str(trained.attributes.get("synthetic", "")),
    )


def _intro(trained: Any) -> str:
    """What was trained, in a sentence or two."""
    inputs = f"{len(trained.inputs)} inputs ({', '.join(trained.inputs)})"
    if trained.shared is None:
        return f"One network per 0.25° cell: {inputs}, {trained.hidden} tanh neurons, one output."
    layers = " and ".join(str(biases.shape[1]) for biases in trained.shared.ensemble.biases[:-1])
    text = (
        f"One ensemble of {trained.shared.ensemble.members} networks for all cells: {inputs} and "
        f"{trained.shared.descriptors.shape[2]} descriptors of the cell, layers of {layers} units, one output. "
        "Training samples are judged with all members, validation samples by those that have not seen their stretch of days."
    )
    corrected = int(trained.shared.corrected.sum())
    return text + (f" {corrected} cells have a correction of their own." if corrected else "")
