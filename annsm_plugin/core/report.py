"""The three reports: of a training, of a validation against SMAP, of a validation against stations; the paper's numbers beside ours."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from . import figure_files, figures, station_figures, station_series, taylor, taylor_figure
from .report_page import Section, write
from .validation_stations import MIN_N

#: Time series panels in one figure, and most figures of them in a report (the CSV holds all).
PANELS, LARGEST_REPORT = 5, 5

__all__ = ["Section", "satellite", "stations", "training", "write"]


def _show(value, digits: int = 3) -> str:
    return f"{value:.{digits}f}" if value is not None and np.isfinite(value) else "–"


def _interval(low, high, digits: int = 3) -> str:
    return f"95 % {low:.{digits}f} to {high:.{digits}f}" if np.isfinite(low) and np.isfinite(high) else ""


def _settings(attributes: dict, extra: dict | None = None) -> dict:
    """The attributes worth showing, long histories shortened."""
    hidden = ("Conventions", "grid_mapping", "status_meanings", "stop_meanings", "sample_kinds", "synthetic")
    shown = {name: value for name, value in attributes.items() if name not in hidden}
    return {**(extra or {}), **{k: v if len(str(v)) < 600 else f"{str(v)[:600]} …" for k, v in shown.items()}}


def training(path, result) -> Path:
    """The report of a ``train_cube.TrainResult``."""
    trained = result.model
    overall, testing = result.means["overall"], result.means["testing"]
    has = trained.trained
    numbers = [
        ("Mean R, overall samples", _show(overall["r"]), f"{result.paper['r']:.2f}"),
        ("Mean RMSE, overall (0–1)", _show(overall["rmse"]), f"{result.paper['rmse']:.3f}", "unit of the paper's figure inferred"),
        ("Mean R, testing samples", _show(testing["r"])),
        ("Mean RMSE, testing (m³ m⁻³)", _show(testing["rmse_m3"], 4)),
        ("Cells trained", f"{int(has.sum())} of {has.size}"),
    ]
    if trained.single_rmse is not None and result.model.attributes.get("restarts", 1) > 1:
        one = float(np.nanmean(trained.single_rmse[has]))
        numbers.append(("Testing RMSE (0–1), all starts used", _show(testing["rmse"], 4), "", f"one start: {_show(one, 4)}"))
    rows = [
        [kind, *(_show(m[name], digits) for name, digits in (("r", 3), ("rmse", 3), ("bias", 4), ("rmse_m3", 4), ("bias_m3", 4)))]
        for kind, m in result.means.items()
    ]
    rmse_m3 = np.where(has, trained.error("rmse") * trained.width, np.nan)
    stops = {code: int((has & (trained.stop_reason == code)).sum()) for code in trained.stop_meanings}
    sections = [
        Section(
            "Errors by sample kind",
            "Means over the trained cells. RMSE and BIAS in 0–1 units of each cell's own range and in m³ m⁻³; |BIAS| is averaged. "
            "BIAS = SMAP − network: negative where the network is too wet.",
            figures.error_bars(result.means, result.paper),
            "Mean R and RMSE of training, validation, testing and overall samples (compare the paper's Figure 3).",
            header=["samples", "R", "RMSE (0–1)", "|BIAS| (0–1)", "RMSE (m³ m⁻³)", "|BIAS| (m³ m⁻³)"],
            rows=rows,
        ),
        Section(
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
        Section(
            "What became of the cells",
            figure=figures.status_map(result.grid, result.status, result.status_meanings),
            caption="Status of every cell.",
            header=["why training stopped", "cells", "median epochs"],
            rows=[
                [trained.stop_meanings[code], str(count), f"{np.median(trained.epochs[has & (trained.stop_reason == code)]):.0f}"]
                for code, count in stops.items()
                if count
            ],
        ),
    ]
    return write(
        path,
        "Training of the ANN-SM model",
        intro=(
            f"One network per 0.25° cell: {len(trained.inputs)} inputs ({', '.join(trained.inputs)}), "
            f"{trained.hidden} tanh neurons, one output."
        ),
        numbers=numbers,
        summary=result.summary,
        warnings=result.warnings,
        sections=sections,
        settings=_settings(trained.attributes, {"model": result.path.name}),
        synthetic=str(trained.attributes.get("synthetic", "")),
    )


def satellite(path, result) -> Path:
    """The report of a ``validation.SatelliteResult``."""
    means = result.means
    numbers = [
        ("Mean R", _show(means["r"][0]), f"{result.paper['r']:.2f}", _interval(*means["r"][1:])),
        ("Mean RMSE (m³ m⁻³)", _show(means["rmse"][0], 4), f"{result.paper['rmse']:.3f}", _interval(*means["rmse"][1:], 4)),
        ("Mean |BIAS| (m³ m⁻³)", _show(means["bias"][0], 4), f"{result.paper['bias']:.4f}", _interval(*means["bias"][1:], 4)),
        ("Mean ubRMSE (m³ m⁻³)", _show(means["ubrmse"][0], 4), "", _interval(*means["ubrmse"][1:], 4)),
        ("Mean anomaly R", _show(means["anomaly_r"][0]), "", _interval(*means["anomaly_r"][1:])),
    ]
    sections = [
        Section(
            "Maps",
            figure=figures.maps(result.grid, figure_files.satellite_maps(result)),
            caption=(
                "ANN-SM against SMAP (compare the paper's Figure 4, a test period). BIAS = SMAP − ANN-SM: negative (blue) where ANN-SM "
                "is too wet, positive (brown) where it is too dry. Grey: too few common days."
            ),
            alt="Four maps of the cells: R, RMSE, BIAS and common days.",
        ),
        Section(
            "Anomalies, unbiased error, and how sure R is",
            "Anomalies are departures from the mean of the 35 days around each day: they show whether ANN-SM follows single events, not "
            "only the season. p and the interval of R count the days as what they are worth, since neighbouring days resemble each other.",
            figures.maps(result.grid, figure_files.satellite_more_maps(result)),
            "Correlation of anomalies; RMSE without the mean difference; p of R; lower end of R's 95 % interval. Grey: not defined (too "
            "few days, or too few around each day for an anomaly).",
            alt="Four maps of the cells: anomaly R, ubRMSE, p of R, lower end of the interval of R.",
        ),
        Section(
            "Distribution over the cells",
            figure=figures.histograms(figure_files.satellite_histograms(result)),
            caption="Histograms of the cells with our mean and the paper's.",
            alt="Three histograms: R, RMSE and |BIAS| of the cells.",
            header=["measure", "unit", "mean", "95 % of the mean", "median cell", "5 to 95 % of the cells", "paper, mean"],
            rows=[_satellite_row(result, *words) for words in _SATELLITE],
        ),
    ]
    return write(
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
        settings=_settings(result.attributes),
        synthetic=str(result.attributes.get("synthetic", "")),
    )


def stations(path, result) -> Path:
    """The report of a ``validation.StationResult``."""
    own = result.means["own days"]["ANN-SM"]
    numbers = [
        ("ANN-SM: mean R", _show(own["r"][0], 2), f"{result.paper['r']:.2f}", _interval(*own["r"][1:], 2)),
        ("ANN-SM: mean RMSE (m³ m⁻³)", _show(own["rmse"][0]), f"{result.paper['rmse']:.3f}", _interval(*own["rmse"][1:])),
        ("ANN-SM: mean |BIAS| (m³ m⁻³)", _show(own["bias"][0], 4), f"{result.paper['bias']:.4f}", _interval(*own["bias"][1:], 4)),
        ("Station cells", f"{own['cells']} of {len(result.cells)}", "15"),
    ]
    shown = result.cells[: station_figures.MOST_SCATTERS]
    sections = [
        Section(
            "Products side by side",
            figure=figures.png(station_figures.draw_comparison(result)),
            caption="Means over the cells, each product on its own days with the stations; whiskers: 95 % intervals over the cells.",
            alt="Three bar charts: mean R, RMSE and |BIAS| of each product; the table has the numbers.",
            header=[
                *("product", "basis", "cells", "cell-days", "R (95 %)", "RMSE (95 %), m³ m⁻³", "BIAS, signed (95 %), m³ m⁻³"),
                *("|BIAS| (95 %), m³ m⁻³", "ubRMSE (95 %), m³ m⁻³"),
            ],
            rows=[_mean_row(title, basis, m) for basis, group in result.means.items() for title, m in group.items()],
        ),
        Section(
            "Days in common",
            "Own days: the product and the stations of the cell have a value. All together: every product that has any does.",
            figures.png(station_figures.draw_days(result)),
            "Days that each product has in common with the stations, per cell.",
            alt="Coloured table of day counts, cells by products.",
        ),
        Section(
            "Scatter plots",
            figure=figures.png(station_figures.draw_scatter(result), colours=256),
            caption=(
                "ANN-SM (x) against in situ (y) with the 1:1 line (compare the paper's Figure 6)."
                + (f" The {len(shown)} cells with the most days." if len(shown) < len(result.cells) else "")
            ),
            alt=f"Scatter plots of {len(shown)} cells with R, RMSE, BIAS and N in each.",
        ),
        Section(
            "Taylor diagram",
            "Distance from the origin: standard deviation over that of the stations; direction: R; distance from the star: RMSE without "
            "the mean difference. The nearer to the star, the better; the mean difference (BIAS) does not show.",
            figures.png(taylor_figure.draw_taylor(taylor.of_stations(result, MIN_N))),
            f"Small: cells, on the days that all products share with the stations (at least {MIN_N}); large: mean R and mean ratio.",
            alt="Taylor diagram of the products against in situ.",
        ),
    ]
    order = sorted(range(len(result.cells)), key=lambda i: -int(np.isfinite(result.cells[i].values).sum()))
    shown = sorted(order[: PANELS * LARGEST_REPORT])
    for first in range(0, len(shown), PANELS):
        numbers_here = shown[first : first + PANELS]
        title = "Time series" if first == 0 else "Time series, continued"
        sections.append(
            Section(
                title,
                figure=figures.png(station_series.draw_time_series(result, numbers_here), colours=256),
                caption=(
                    "Daily soil moisture, in situ at the hour of comparison (compare the paper's Figures 5 and A2). Values of a product "
                    "that lie above the axis are counted in the panel."
                ),
                alt=f"Time series of {', '.join(result.cells[i].name for i in numbers_here)}.",
            )
        )
    sections.append(
        Section(
            "All cells and products",
            "BIAS = in situ − product: negative where the product is too wet, positive where it is too dry. In brackets 95 % "
            "intervals; they and p (of no correlation) respect autocorrelation and gaps.",
            header=[
                *("cell", "sites", "product", "basis", "days", "R (95 %)", "p of R", "RMSE (95 %), m³ m⁻³", "BIAS (95 %), m³ m⁻³"),
                *("ubRMSE (95 %), m³ m⁻³", "first day", "last day", "note"),
            ],
            rows=[_table_row(row) for row in result.table],
        )
    )
    outside = [p for p in result.points if p["status"] == "outside the grid"]
    if outside:
        sections.append(
            Section(
                "Stations left out",
                header=["network", "station", "latitude (°)", "longitude (°)", "why"],
                rows=[[p["network"], p["name"], f"{p['lat']:.3f}", f"{p['lon']:.3f}", p["status"]] for p in outside],
            )
        )
    return write(
        path,
        "ANN-SM against stations",
        intro=(
            f"{sum(len(c.sites) for c in result.cells)} stations in {len(result.cells)} cells, {result.dates[0]} to {result.dates[-1]}. "
            "Sites in one 0.25° cell are averaged."
        ),
        numbers=numbers,
        summary=result.summary,
        warnings=result.warnings,
        sections=sections,
        settings=_settings(result.attributes),
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


def _satellite_row(result, name: str, label: str, unit: str, digits: int) -> list[str]:
    values = np.abs(result.maps[name]) if name == "bias" else result.maps[name]
    values = values[np.isfinite(values)]
    low, middle, high = np.percentile(values, (5, 50, 95)) if values.size else (np.nan,) * 3
    mean, *interval = result.means[name]
    paper = f"{result.paper[name]:g}" if name in result.paper else "–"
    return [label, unit, _show(mean, digits), _range(*interval, digits), _show(middle, digits), _range(low, high, digits), paper]


def _period(result) -> str:
    """What kind of period a validation against SMAP is of."""
    if not result.in_training:
        return "Test period" if "training_start" in result.attributes else "Period"
    return "Training period" if result.in_training == result.days else "Period (partly training)"


def _range(low, high, digits: int) -> str:
    return f"{low:.{digits}f} to {high:.{digits}f}" if np.isfinite(low) and np.isfinite(high) else "–"


def _with_range(means, digits: int) -> str:
    """A mean with its interval in brackets."""
    mean, low, high = means
    return f"{_show(mean, digits)} ({_range(low, high, digits)})" if np.isfinite(low) else _show(mean, digits)


def _p(value) -> str:
    return "–" if not np.isfinite(value) else "<0.001" if value < 0.001 else f"{value:.3f}"


def _mean_row(title, basis, m) -> list[str]:
    return [
        title,
        basis,
        str(m["cells"]),
        str(m["days"]),
        _with_range(m["r"], 2),
        _with_range(m["rmse"], 3),
        _with_range((m["signed_bias"], *m["signed_bias_interval"]), 4),
        _with_range(m["bias"], 4),
        _with_range(m["ubrmse"], 3),
    ]


def _measured(row, name: str, digits: int) -> str:
    """A measure of a row with its interval."""
    return _with_range((row[name], row[f"{name}_low"], row[f"{name}_high"]), digits)


def _table_row(row) -> list[str]:
    return [
        row["cell"],
        str(row["sites"]),
        row["product"],
        row["basis"],
        str(row["n"]),
        _measured(row, "r", 2),
        _p(row["p"]),
        *(_measured(row, name, 3) for name in ("rmse", "bias", "ubrmse")),
        row["first"] or "–",
        row["last"] or "–",
        row["note"],
    ]
