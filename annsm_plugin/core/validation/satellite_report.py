"""The report of a validation against SMAP; the paper's numbers beside ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ..foundation.paths import PathLike
from ..reports import figures, page, words
from . import satellite_figures, strata_figure


def write(path: PathLike, result: Any) -> Path:
    """The report of a ``validation.SatelliteResult``."""
    means = result.means
    numbers = [
        ("Mean R", words.show(means["r"][0]), f"{result.paper['r']:.2f}", words.interval(means["r"][1:])),
        ("Mean RMSE (m³ m⁻³)", words.show(means["rmse"][0], 4), f"{result.paper['rmse']:.3f}", words.interval(means["rmse"][1:], 4)),
        ("Mean |BIAS| (m³ m⁻³)", words.show(means["bias"][0], 4), f"{result.paper['bias']:.4f}", words.interval(means["bias"][1:], 4)),
        ("Mean ubRMSE (m³ m⁻³)", words.show(means["ubrmse"][0], 4), "", words.interval(means["ubrmse"][1:], 4)),
        ("Mean anomaly R", words.show(means["anomaly_r"][0]), "", words.interval(means["anomaly_r"][1:])),
    ]
    sections = [
        page.Section(
            "Maps",
            figure=figures.maps(result.grid, satellite_figures.maps(result)),
            caption=(
                "ANN-SM against SMAP (compare the paper's Figure 4, a test period). BIAS = SMAP − ANN-SM: negative (blue) where ANN-SM "
                "is too wet, positive (brown) where it is too dry. Grey: too few common days."
            ),
            alt="Four maps of the cells: R, RMSE, BIAS and common days.",
        ),
        page.Section(
            "Anomalies, unbiased error, and how sure R is",
            "Anomalies are departures from the mean of the 35 days around each day: they show whether ANN-SM follows single events, not "
            "only the season. p and the interval of R use an effective sample size, since neighbouring days are not independent.",
            figures.maps(result.grid, satellite_figures.more_maps(result)),
            "Correlation of anomalies; RMSE without the mean difference; p of R; lower end of R's 95 % interval. Grey: not defined (too "
            "few days, or too few around each day for an anomaly).",
            alt="Four maps of the cells: anomaly R, ubRMSE, p of R, lower end of the interval of R.",
        ),
        page.Section(
            "Distribution over the cells",
            figure=figures.histograms(satellite_figures.histograms(result)),
            caption="Histograms of the cells with our mean and the paper's.",
            alt="Three histograms: R, RMSE and |BIAS| of the cells.",
            header=[
                "measure",
                "unit",
                "mean",
                "95 % of the mean",
                "median cell",
                "5 to 95 % of the cells",
                "paper, mean",
                *_without(result),
            ],
            rows=[_satellite_row(result, *words) for words in _SATELLITE],
        ),
        *strata_figure.section(
            result.strata,
            "Means over the cells that have as many common days in the season, soil or class as a cell needs for its measures. At frozen "
            "soil SMAP's own values are doubtful.",
        ),
    ]
    return page.write(
        path,
        "ANN-SM against SMAP",
        intro=(
            f"{_period(result)} {result.period[0]} to {result.period[1]}, {result.days} dates with both. "
            "Target is SMAP, prediction is ANN-SM."
        ),
        numbers=numbers,
        summary=result.summary,
        warnings=result.warnings,
        sections=sections,
        settings=words.settings(result.attributes),
        synthetic=str(result.attributes.get("synthetic", "")),
    )


#: The means of a validation against SMAP: name, label, unit, digits.
_SATELLITE = (
    ("r", "R", "–", 3),
    ("rmse", "RMSE", "m³ m⁻³", 4),
    ("bias", "|BIAS|", "m³ m⁻³", 4),
    ("ubrmse", "ubRMSE", "m³ m⁻³", 4),
    ("anomaly_r", "anomaly R", "–", 3),
)


def _without(result: Any) -> list[str]:
    """The heading of the column without held values, where there are some."""
    return ["mean without held values"] if result.held is not None and result.held.count else []


def _satellite_row(result: Any, name: str, label: str, unit: str, digits: int) -> list[str]:
    values = np.abs(result.maps[name]) if name == "bias" else result.maps[name]
    values = values[np.isfinite(values)]
    low, middle, high = np.percentile(values, (5, 50, 95)) if values.size else (np.nan,) * 3
    mean, *interval = result.means[name]
    paper = f"{result.paper[name]:g}" if name in result.paper else "–"
    free = [words.show(result.held.means.get(name, np.nan), digits)] if _without(result) else []
    return [
        label,
        unit,
        words.show(mean, digits),
        words.value_range(interval[0], interval[1], digits),
        words.show(middle, digits),
        words.value_range(low, high, digits),
        paper,
        *free,
    ]


def _period(result: Any) -> str:
    """What kind of period a validation against SMAP is of."""
    if not result.in_training:
        return "Test period" if "training_start" in result.attributes else "Period"
    return "Training period" if result.in_training == result.days else "Period (partly training)"
