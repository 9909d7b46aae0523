"""The report of a validation against stations; the paper's numbers beside ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ..foundation.paths import PathLike
from ..reports import figures, page, words
from ..stations.choices import UPSCALING
from ..statistics import taylor
from . import series_figures, station_figures, strata_figure, taylor_figure
from .request import MIN_N

#: Time series panels in one figure, and most figures of them in a report (the CSV holds all).
PANELS, LARGEST_REPORT = 5, 5


def write(path: PathLike, result: Any) -> Path:
    """The report of a ``validation.StationResult``."""
    own = result.means["own days"]["ANN-SM"]
    numbers = [
        ("ANN-SM: mean R", words.show(own["r"][0], 2), f"{result.paper['r']:.2f}", words.interval(own["r"][1:], 2)),
        ("ANN-SM: mean RMSE (m³ m⁻³)", words.show(own["rmse"][0]), f"{result.paper['rmse']:.3f}", words.interval(own["rmse"][1:])),
        ("ANN-SM: mean |BIAS| (m³ m⁻³)", words.show(own["bias"][0], 4), f"{result.paper['bias']:.4f}", words.interval(own["bias"][1:], 4)),
        ("Station cells", f"{own['cells']} of {len(result.cells)}", "15"),
    ]
    by_stratum = strata_figure.section(
        result.strata, f"Means over the cells that have at least {MIN_N} days with the stations in the season, soil or class."
    )
    sections = [*_comparisons(result), *_series(result), *by_stratum, *_sites(result), *_details(result)]
    return page.write(
        path,
        "ANN-SM against stations",
        intro=(
            f"{sum(len(c.sites) for c in result.cells)} stations in {len(result.cells)} cells, {result.dates[0]} to {result.dates[-1]}. "
            f"From the sites of a 0.25° cell to its value: {UPSCALING[result.upscaling]}."
        ),
        numbers=numbers,
        summary=result.summary,
        warnings=result.warnings,
        sections=sections,
        settings=words.settings(result.attributes),
        synthetic=str(result.attributes.get("synthetic", "")),
    )


def _comparisons(result: Any) -> list[page.Section]:
    """The products side by side: means, days in common, scatter plots, Taylor diagram."""
    shown = result.cells[: station_figures.MOST_SCATTERS]
    return [
        page.Section(
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
        page.Section(
            "Days in common",
            "Own days: the product and the stations of the cell have a value. All together: days on which every product that has values in "
            "the cell has one.",
            figures.png(station_figures.draw_days(result)),
            "Days that each product has in common with the stations, per cell.",
            alt="Coloured table of day counts, cells by products.",
        ),
        page.Section(
            "Scatter plots",
            figure=figures.png(station_figures.draw_scatter(result), colours=256),
            caption=(
                "ANN-SM (x) against in situ (y) with the 1:1 line (compare the paper's Figure 6)."
                + (f" The {len(shown)} cells with the most days." if len(shown) < len(result.cells) else "")
            ),
            alt=f"Scatter plots of {len(shown)} cells with R, RMSE, BIAS and N in each.",
        ),
        page.Section(
            "Taylor diagram",
            "Distance from the origin: standard deviation over that of the stations; direction: R; distance from the star: RMSE without "
            "the mean difference. The nearer to the star, the better; the mean difference (BIAS) does not show.",
            figures.png(taylor_figure.draw_taylor(taylor.of_stations(result, MIN_N))),
            f"Small: cells, on the days that all products share with the stations (at least {MIN_N}); large: mean R and mean ratio.",
            alt="Taylor diagram of the products against in situ.",
        ),
    ]


def _series(result: Any) -> list[page.Section]:
    """The time series of the cells with the most days, a few in each figure."""
    sections = []
    order = sorted(range(len(result.cells)), key=lambda i: -int(np.isfinite(result.cells[i].values).sum()))
    shown = sorted(order[: PANELS * LARGEST_REPORT])
    for first in range(0, len(shown), PANELS):
        numbers_here = shown[first : first + PANELS]
        title = "Time series" if first == 0 else "Time series, continued"
        sections.append(
            page.Section(
                title,
                figure=figures.png(series_figures.draw_time_series(result, numbers_here), colours=256),
                caption=(
                    "Daily soil moisture, in situ at the hour of comparison (compare the paper's Figures 5 and A2). Values of a product "
                    "that lie above the axis are counted in the panel; a wedge marks the change of a site's probe."
                ),
                alt=f"Time series of {', '.join(result.cells[i].name for i in numbers_here)}.",
            )
        )
    return sections


def _sites(result: Any) -> list[page.Section]:
    """From the sites to the cell: how far the mean of so few can be from that of the ground, and changes of probes."""
    sections = []
    shown = station_figures.with_several_sites(result)
    if shown:
        sections.append(
            page.Section(
                "From the sites to the cell",
                "Spread: standard deviation of the sites of a day. Uncertainty: half of the 95 % interval of the cell's value as the mean "
                "of all its ground, from that spread and the number of sites. Sites needed: the mean of so many, placed at random, is "
                "within 0.01, 0.02 or 0.04 m³ m⁻³ of it on 95 % of days.",
                figures.png(station_figures.draw_stability(result)),
                "Temporal stability: how far each site is from the mean of its cell's sites, and the standard deviation of that over the "
                "days; the ring marks the most representative site.",
                [
                    "cell",
                    "sites",
                    "sites per day",
                    "spread, m³ m⁻³",
                    "uncertainty, m³ m⁻³",
                    "needed: 0.01",
                    "0.02",
                    "0.04",
                    "most representative",
                ],
                [_pixel_row(cell, own) for cell, own in zip(result.cells, result.pixels) if len(cell.sites) > 1],
                alt="Points with standard deviations, a panel for each cell with several sites.",
            )
        )
    if result.changes:
        rows = [[c.cell, c.site, str(c.day), c.before, c.after, f"{c.step:+.3f}" if np.isfinite(c.step) else "–"] for c in result.changes]
        sections.append(
            page.Section(
                "Changes of probes",
                "A probe that followed another at its site makes one series with it. Step: change of in situ − ANN-SM, in the same parts "
                "of the year on both sides, where they have 60 days.",
                header=["cell", "site", "from", "before", "after", "step, m³ m⁻³"],
                rows=rows,
            )
        )
    return sections


def _pixel_row(cell: Any, own: Any) -> list[str]:
    counts = cell.sites_per_day[cell.sites_per_day > 0]
    per_day = f"{int(np.median(counts))} ({counts.min()} to {counts.max()})" if counts.size else "–"
    needed = ["–" if count is None else str(count) for count in own.needed.values()]
    best = cell.sites[own.stability.best] if len(cell.sites) > 2 and np.isfinite(own.typical_half) else "–"
    return [
        cell.name,
        str(len(cell.sites)),
        per_day,
        words.show(own.spread),
        words.show(own.typical_half),
        *needed,
        best,
    ]


def _details(result: Any) -> list[page.Section]:
    """The table of all cells and products, and the stations that were left out."""
    sections = [
        page.Section(
            "All cells and products",
            "BIAS = in situ − product: negative where the product is too wet, positive where it is too dry. In brackets 95 % "
            "intervals; they and p (of the test for no correlation) allow for autocorrelation and gaps. R with the truth: the own error of "
            "the stations taken out by triple collocation with the product beside it, whose errors have no known link with this one's. "
            "Held: days on which ANN-SM is held at 0 or 1 m³ m⁻³, what soil can have.",
            header=[
                *("cell", "sites", "product", "basis", "days", "R (95 %)", "p of R", "RMSE (95 %), m³ m⁻³", "BIAS (95 %), m³ m⁻³"),
                *("ubRMSE (95 %), m³ m⁻³", "R with the truth (95 %)", "first day", "last day", "note"),
            ],
            rows=[_table_row(row) for row in result.table],
        )
    ]
    outside = [p for p in result.points if p["status"] == "outside the grid"]
    if outside:
        sections.append(
            page.Section(
                "Stations left out",
                header=["network", "station", "latitude (°)", "longitude (°)", "why"],
                rows=[[p["network"], p["name"], f"{p['lat']:.3f}", f"{p['lon']:.3f}", p["status"]] for p in outside],
            )
        )
    return sections


def _mean_row(title: str, basis: str, m: dict[str, Any]) -> list[str]:
    return [
        title,
        basis,
        str(m["cells"]),
        str(m["days"]),
        words.with_range(m["r"], 2),
        words.with_range(m["rmse"], 3),
        words.with_range((m["signed_bias"], *m["signed_bias_interval"]), 4),
        words.with_range(m["bias"], 4),
        words.with_range(m["ubrmse"], 3),
    ]


def _measured(row: Any, name: str, digits: int) -> str:
    """A measure of a row with its interval."""
    return words.with_range((row[name], row[f"{name}_low"], row[f"{name}_high"]), digits)


def _corrected(row: Any) -> str:
    """R with the truth, and the third product by which it is known."""
    shown = _measured(row, "r_corrected", 2)
    return f"{shown} by {row['third']}" if row["third"] else shown


def _table_row(row: Any) -> list[str]:
    return [
        row["cell"],
        str(row["sites"]),
        row["product"],
        row["basis"],
        f"{row['n']} ({row['held']} held)" if row["held"] else str(row["n"]),
        _measured(row, "r", 2),
        words.p_value(row["p"]),
        *(_measured(row, name, 3) for name in ("rmse", "bias", "ubrmse")),
        _corrected(row) if row["basis"] == "own days" else "",
        row["first"] or "–",
        row["last"] or "–",
        row["note"],
    ]
