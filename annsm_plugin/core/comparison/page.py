"""The report of a comparison."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ..foundation.paths import PathLike
from ..reports import figures
from ..reports.page import Section, write
from . import drawing, paired, words
from .request import METHODS

#: What each method is, in the report's words.
ABOUT = {
    "network": "inputs - tanh neurons - 1 output, Levenberg-Marquardt, stopped by the validation samples: the paper's method",
    "regional": "annsm:train with METHOD regional: one ensemble of networks for all cells, told each cell's means and spreads",
    "refined": "annsm:train with METHOD refined: the regional ensemble, corrected in cells whose own days prove that it helps; "
    "where both are compared, the ensemble is trained once, and its time counts for the other",
    "rfsm": "after Qu et al. (2019): one random forest for the region from the cube's inputs, day of the year, latitude and longitude. "
    "Follows: one forest, SMAP as target, AMSR brightness temperatures. Cannot: the elevation and the further auxiliary variables of the "
    "source unless the cube has them as extra predictors; the forest is grown on at most 200 000 samples",
    "nnsm": "after Yao et al. (2017, 2021): one network of 20 neurons for all pixels from brightness temperatures and the microwave "
    "vegetation index. Follows: one network, SMAP as target, nothing but the radiometer. Cannot: the index where the cube has one "
    "polarisation, then brightness temperatures alone; the source's global training sample",
    "cci": "as the combined product of ESA's CCI is made (Gruber et al. 2019): '{product}' and the radiometer's retrieval, each matched to "
    "SMAP by CDF, averaged with weights from triple collocation errors. Cannot: the cube has no retrieval, a regression on its brightness "
    "temperatures stands for one, and as it was fitted to SMAP its error is taken for smaller than it is",
    "cdf": "the product '{product}' brought to SMAP's distribution, per cell",
    "linear": "least-squares plane through all inputs, per cell",
    "forest": "100 regression trees per cell (scikit-learn's defaults)",
    "grnn": "mean of the training targets weighted by nearness of the inputs; width chosen on the validation samples",
    "network_without_tb": "control: the same network without brightness temperatures; its skill does not come from the radiometer",
    "climatology": "control: mean of the training samples of the same season, within 17 days; it knows no weather",
}


def report(path: PathLike, result: Any) -> Path:
    """Write the report of a ``ComparisonResult`` as one self-contained HTML file."""
    rows = words.rows(result)
    best = min(rows, key=lambda row: row["rmse_mean"] if np.isfinite(row["rmse_mean"]) else np.inf)
    numbers = [(f"{METHODS[row['method']]}: RMSE (m³ m⁻³)", _show(row["rmse_mean"], 4), "", f"R {_show(row['r_mean'])}") for row in rows]
    ranked = words.ranking(result)
    sections = [
        Section(
            "Methods side by side",
            "All on the same cells, days and split; fitted to the training samples and judged on the testing samples. "
            f"Lowest mean RMSE: {best['title']}. Mean ± standard deviation over the cells.",
            figures.png(drawing.draw_methods(result)),
            "Boxes over the cells (5, 25, 50, 75, 95 %); diamonds and numbers: means; dashed: the network's mean; grey: controls.",
            header=["method", "R", "RMSE (m³ m⁻³)", "BIAS (m³ m⁻³)", "|BIAS| (m³ m⁻³)", "ubRMSE (m³ m⁻³)", "outside 0 to 1", "time"],
            rows=[_row(row) for row in rows],
        ),
        Section(
            "Against the network",
            f"RMSE of each method less the network's, m³ m⁻³, with 95 % intervals: of the mean over the cells, and over stretches of "
            f"{paired.DAYS} days, whose weather both methods met. 'Better' and 'worse' are said only where the latter excludes zero.",
            header=["method", "network better in", "difference, over cells", "difference, over stretches", "verdict"],
            rows=[_against(row) for row in rows if row["method"] != "network"],
        )
        if "network" in result.maps
        else None,
        Section(
            "The network and the best other method",
            figure=figures.maps(result.grid, drawing.method_layers(result)),
            caption="The network's RMSE, and how much higher that of the best other method is: orange where the other is better.",
        )
        if "network" in result.maps
        else None,
        Section(
            "Importance of the inputs",
            "Permutation importance: growth of the network's testing RMSE when one input's values are shuffled among the testing samples. "
            "Inputs that resemble each other share their importance; all brightness temperatures are therefore also shuffled together.",
            figures.png(drawing.draw_importance(result)),
            "Boxes over the cells (5, 25, 50, 75 and 95 %), diamonds at the means.",
            header=["input", "growth of RMSE (m³ m⁻³)", "standard deviation over the cells (m³ m⁻³)"],
            rows=[[name, f"{mean:+.4f}", _show(spread, 4)] for name, mean, spread in ranked],
        )
        if ranked
        else None,
        Section(
            "Maps of importance",
            figure=figures.maps(result.grid, drawing.importance_layers(result, drawing.MOST_MAPS)),
            caption=f"Growth of RMSE per cell, the {min(drawing.MOST_MAPS, len(ranked))} most important inputs. Grey: no network.",
        )
        if ranked
        else None,
        Section(
            "The methods",
            header=["method", "what it is"],
            rows=[[METHODS[n], ABOUT[n].format(product=result.product)] for n in result.maps],
        ),
    ]
    asked = result.asked
    return write(
        path,
        "Methods side by side",
        intro=f"{int(result.cells.sum())} cells, {asked.start} to {asked.end}. Inputs: {', '.join(asked.inputs)}. Target: SMAP.",
        numbers=numbers,
        summary=result.summary,
        warnings=result.warnings,
        sections=[section for section in sections if section],
        settings={
            "cube": result.attributes.get("cube", ""),
            "ratio": "/".join(map(str, asked.ratio)),
            "split": asked.split,
            "seed": asked.seed,
            "neurons": asked.hidden,
            "restarts": asked.restarts,
            "fewest complete days": asked.min_pairs,
        },
        synthetic=str(result.attributes.get("synthetic", "")),
    )


def _row(row: Any) -> list[str]:
    return [
        row["title"],
        *(
            f"{_show(row[f'{m}_mean'], d)} ± {_show(row[f'{m}_sd'], d)}"
            for m, d in (("r", 3), ("rmse", 4), ("bias", 4), ("abs_bias", 4), ("ubrmse", 4))
        ),
        str(row["impossible"]),
        f"{row['seconds']:.1f} s",
    ]


def _against(row: Any) -> list[str]:
    return [
        row["title"],
        f"{row['network_better_percent']:.0f} % of cells" if np.isfinite(row["network_better_percent"]) else "–",
        _difference(row, "rmse_minus_network"),
        _difference(row, "rmse_minus_network_paired"),
        row["verdict"] or "too few stretches to say",
    ]


def _difference(row: Any, name: str) -> str:
    """A difference and its interval."""
    if not np.isfinite(row[name]):
        return "–"
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return f"{row[name]:+.4f}" + (f" ({low:+.4f} to {high:+.4f})" if np.isfinite(low) else "")


def _show(value: Any, digits: int = 3) -> str:
    return f"{value:.{digits}f}" if np.isfinite(value) else "–"
