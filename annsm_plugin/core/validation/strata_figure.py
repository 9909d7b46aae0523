"""What a report and a publication show of a comparison by season, soil and class."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..reports import figures, page, words
from ..reports.figure_files import Figure
from ..reports.figures import TWO_COLUMNS, figure, plain, tidy
from .station_figures import symbol_of
from .strata import COLUMNS, SEASONS

#: Most strata of a kind in a figure; the table has all.
MOST_DRAWN = 12


def section(found: list[dict[str, Any]], text: str) -> list[page.Section]:
    """The section of a report, with ``text`` above; none where no cell has enough days in any stratum."""
    rows = [row for row in found if row["cells"]]
    if not rows:
        return []
    measures = (("r", 2), ("rmse", 3), ("ubrmse", 3), ("bias", 4))
    return [
        page.Section(
            "By season, soil and class",
            f"{text} Frozen soil is what ANN-SM's flags say it is (GLDAS soil temperature at most 273.15 K); days without ANN-SM are left "
            "out there. BIAS is signed.",
            figures.png(draw_strata(rows)),
            "R, ubRMSE and BIAS by season (DJF: December to February, and so on), soil and class; bars: 95 % intervals over the cells.",
            [
                *("by", "season, soil or class", "product", "cells", "cell-days", "R (95 %)", "RMSE (95 %), m³ m⁻³"),
                *("ubRMSE (95 %), m³ m⁻³", "BIAS (95 %), m³ m⁻³"),
            ],
            [
                [
                    *(row["kind"], row["stratum"], row["product"], str(row["cells"]), str(row["days"])),
                    *(words.with_range((row[m], row[f"{m}_low"], row[f"{m}_high"]), digits) for m, digits in measures),
                ]
                for row in rows
            ],
            alt="Points with intervals, a column of panels for each kind; the table has the numbers.",
        )
    ]


def publication(found: list[dict[str, Any]]) -> Iterator[Figure]:
    """The figure with its numbers; none where no cell has enough days in any stratum."""
    rows = [row for row in found if row["cells"]]
    if rows:
        yield Figure("strata", draw_strata(rows), COLUMNS, [tuple(row[name] for name in COLUMNS) for row in rows])


def draw_strata(found: list[dict[str, Any]]) -> Any:
    """R, ubRMSE and BIAS of every product in every stratum, with 95 % intervals; a column of panels for each kind."""
    shown = [row for row in found if row["cells"]]
    kinds = list(dict.fromkeys(row["kind"] for row in shown))
    strata = {kind: _largest([row for row in shown if row["kind"] == kind]) for kind in kinds}
    shown = [row for row in shown if row["stratum"] in strata[row["kind"]]]
    products = list(dict.fromkeys(row["product"] for row in shown))
    longest = max(len(_short(name)) for names in strata.values() for name in names)
    drawing = figure(TWO_COLUMNS, 4.6 + 0.05 * longest)
    widths = [max(1.5, len(strata[kind])) for kind in kinds]
    panels = drawing.subplots(3, len(kinds), gridspec_kw={"width_ratios": widths}, sharex="col", sharey="row", squeeze=False)
    labels = (("r", "R"), ("ubrmse", "ubRMSE (m³ m⁻³)"), ("bias", "BIAS (m³ m⁻³)"))
    handles = {}
    for column, kind in enumerate(kinds):
        for place, (measure, label) in zip(panels[:, column], labels):
            for row in (r for r in shown if r["kind"] == kind):
                at = strata[kind].index(row["stratum"]) + 0.7 * ((products.index(row["product"]) + 0.5) / len(products) - 0.5)
                handles[row["product"]] = _point(place, at, row, measure)
            place.axhline(0.0, color="#222222", linewidth=0.6)
            place.set_xlim(-0.6, len(strata[kind]) - 0.4)
            if column == 0:
                place.set_ylabel(label, fontsize=7)
            tidy(place)
            place.grid(False, axis="x")
        panels[0, column].set_title(plain(kind), fontsize=7.5)
        panels[-1, column].set_xticks(range(len(strata[kind])), [plain(_short(name)) for name in strata[kind]], fontsize=6.5)
        if kind not in ("season", "soil"):
            for text in panels[-1, column].get_xticklabels():
                text.set(rotation=90)  # upright: at a slant a long name would push the columns apart
    style = {"loc": "lower left", "bbox_to_anchor": (0.0, 1.16), "ncol": len(handles), "fontsize": 7, "frameon": False, "borderpad": 0.1}
    drawing.align_ylabels(panels[:, 0])
    panels[0, 0].legend(handles.values(), handles, **style)
    return drawing


def _point(place: Any, at: float, row: dict[str, Any], measure: str) -> Any:
    mean, low, high = row[measure], row[f"{measure}_low"], row[f"{measure}_high"]
    symbol = symbol_of(row["product"])
    around = [[max(0.0, mean - low)], [max(0.0, high - mean)]] if np.isfinite(low) else None
    return place.errorbar(
        [at], [mean], around, fmt=symbol["mean"], color=symbol["color"], markersize=4, elinewidth=0.9, capsize=1.8, linestyle="none"
    )[0]


def _largest(rows: list[dict[str, Any]]) -> list[str]:
    """The strata of a kind in their order, the ``MOST_DRAWN`` with the most cells."""
    cells: dict[str, int] = {}
    for row in rows:
        cells[row["stratum"]] = max(cells.get(row["stratum"], 0), row["cells"])
    largest = sorted(cells, key=lambda name: -cells[name])[:MOST_DRAWN]
    return [name for name in cells if name in largest]


def _short(name: str) -> str:
    """A season in its months' letters, so that four fit beside each other; long names of classes cut."""
    letters = dict(zip(SEASONS, ("DJF", "MAM", "JJA", "SON")))
    return letters.get(name, name if len(name) <= 24 else f"{name[:23]}…")
