"""How good the record is: against SMAP (the paper's Figure 4), against stations (Figures 5, 6, A2), triple collocation, other methods."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ..comparison.request import METHODS
from ..foundation.errors import Cancelled, check_enough
from ..foundation.paths import there
from ..foundation.progress import Progress
from ..reports import figures
from ..reports.figure_files import Figure, map_rows
from ..stations.choices import UPSCALING
from ..triple_collocation.request import NAMES
from ..validation import satellite, satellite_figures, station_publication, stations
from .chain_parts import bands_of, table_of
from .document import UNREADABLE, Cell, Document, Fact, number, reason, with_range
from .results import Run, Study

#: Captions of the figures of a validation against stations, by the names of their files; what is not here is a figure of series.
CAPTIONS = {
    "products": ("Products beside each other", "Means over the station cells, each product on its own days; whiskers: 95 % intervals."),
    "common_days": ("Days in common", "Days that each product has in common with the stations, per cell."),
    "figure6_scatter": ("Scatter plots", "ANN-SM (x) against in situ (y) with the 1:1 line (compare the paper's Figure 6)."),
    "taylor": ("Taylor diagram", "Standard deviation over that of the stations, and R; small: cells, large: means of a product."),
    "strata": (
        "By season, soil and class",
        "R, ubRMSE and BIAS by season (DJF: December to February), soil and class; 95 % intervals.",
    ),
    "temporal_stability": (
        "Temporal stability",
        "How far each site is from the mean of its cell's sites, and the standard deviation of that; the ring marks the most "
        "representative site.",
    ),
}

#: Figures with thousands of symbols, of which the page holds 256 colours.
MANY = ("figure6_scatter", "figure5_series")

#: Fields of a validation against stations that it can do without.
PRODUCTS = ("lprm", "jaxa", "smos", "cube", "strata")

#: Most figures of series in the report; the folder has those of the other cells as the validation wrote them.
MOST_SERIES = 3


def against_smap(doc: Document, study: Study, progress: Progress) -> None:
    """Figure 4 and the means of the newest validation against SMAP."""
    run = study.newest("validatesatellite")
    if run is None:
        doc.missing.append(("Against SMAP (Figure 4)", "Run 'Validate against SMAP' on ANN-SM and a cube with SMAP, in the test period."))
        return
    result = satellite.compare(run.request.but(strata=None), progress, by_stratum=False)
    paper = satellite.PAPER
    rows: list[list[Cell]] = []
    for name, label, digits in (
        ("r", "R", 3),
        ("rmse", "RMSE (m³ m⁻³)", 4),
        ("bias", "|BIAS| (m³ m⁻³)", 4),
        ("ubrmse", "ubRMSE (m³ m⁻³)", 4),
    ):
        stated = run.results.get(f"MEAN_{name.upper()}")
        ours = number(stated, digits, run.path, f"results MEAN_{name.upper()}")
        if name != "ubrmse":
            doc.card(
                f"Against SMAP: mean {label}",
                number(stated, min(digits, 3 if name == "r" else 4), run.path, ours.where),
                f"{paper[name]:g}",
            )
        _, low, high = result.means[name]
        between = f"{low:.{digits}f} to {high:.{digits}f}" if np.isfinite(low) else "–"
        rows.append([label, ours, between, f"{paper[name]:g}" if name in paper else "–"])
    for level, share in (result.coverage or {}).items():
        shown = Fact(f"{100 * share:.1f} %", share, run.path, f"coverage of the {level} % interval, as the step's summary says")
        rows.append([f"days within the stated {level} %", shown, "–", "–"])
    days = f"{result.days} day{'s' if result.days != 1 else ''}"
    text = f"{result.period[0]} to {result.period[1]}, {days} with both. BIAS = SMAP − ANN-SM."
    doc.table("ANN-SM against SMAP", ["measure", "mean over the cells", "95 % of the mean", "paper"], rows, text, "Against SMAP")
    captions = {
        "figure4_maps": "R, RMSE, BIAS and common days per cell (compare the paper's Figure 4). Grey: too few days.",
        "further_maps": "Correlation of anomalies, ubRMSE, p of R, and the lower end of R's 95 % interval.",
        "histograms": "Distribution over the cells, with our mean and the paper's.",
    }
    titles = {"figure4_maps": "Maps", "further_maps": "Anomalies, unbiased error, and how sure R is", "histograms": "Distribution"}
    for figure in satellite_figures.publication(result):
        if figure.name in captions:
            doc.figure(f"Against SMAP. {titles[figure.name]}", figure, captions[figure.name])
    said = [line for line in result.summary if "uncertainty" in line or "Coverage" in line or "within" in line]
    if said:
        doc.text("Does the stated uncertainty hold?", "", said)


def judged(doc: Document, study: Study, progress: Progress) -> tuple[Any, str]:
    """The newest validation against stations once more, from what it remembers of the products; None and why, where it cannot be.

    A product whose folder is gone, as in a study that was moved without its archive, is left out, which a note says.
    """
    run = study.newest("validatestations")
    if run is None:
        return None, "Run 'Validate against stations' on ANN-SM."
    if isinstance(run.request.stations, list):
        return None, "The stations came from a script and are no file that could be read again."
    table = run.output("table")
    memory = (table or run.path.with_name(run.path.name.partition(".run.json")[0])).with_suffix(".series.npz")
    gone = [name for name in PRODUCTS if (given := getattr(run.request, name)) and not there(Path(str(given)))]
    if gone:
        doc.notes.append(
            f"{run.called}: {', '.join(Path(str(getattr(run.request, name))).name for name in gone)} not found: the figures at stations "
            "are without what was read of them."
        )
    try:
        return stations.compare(run.request.but(**dict.fromkeys(gone)), memory, progress), ""
    except Cancelled:
        raise
    except UNREADABLE as error:
        check_enough(error)
        return None, f"Run 'Validate against stations' again: {reason(error)}."


def against_stations(doc: Document, study: Study, result: Any, why: str) -> None:
    """Figures 5, 6 and A2, and the means of every product, of the newest validation against stations; the means alone if the stations
    cannot be read again."""
    written = study.written("validatestations", "table")
    if written is None:
        doc.missing.append(("Against stations (Figures 5, 6, A2)", why or "Run 'Validate against stations' again, and keep its table."))
        return
    run, path = written
    table = table_of(path, "cell", "product", "basis", "n", "r", "rmse", "bias", "ubrmse")
    least = int(run.request.min_n)
    if result is not None and not _same(table, result):
        study.problems.append(f"{path.name} is not, or not wholly, the table of this validation: run 'Validate against stations' again")
    own = _means(path, table, result.means["own days"] if result is not None else {}, least)
    for name, label, paper, digits in (
        ("r", "R", "0.74", 2),
        ("rmse", "RMSE (m³ m⁻³)", "0.106", 3),
        ("bias", "|BIAS| (m³ m⁻³)", "0.0610", 4),
    ):
        stated = run.results.get(f"MEAN_{name.upper()}")
        doc.card(f"At stations: mean {label}", number(stated, digits, run.path, f"results MEAN_{name.upper()}"), paper)
    _table(doc, own, result)
    if result is None:
        doc.missing.append(("Figures at stations (5, 6, A2)", why))
        return
    for figure in station_publication.publication(result, most_series=MOST_SERIES):
        many = figure.name.startswith(MANY)
        title, caption = CAPTIONS.get(figure.name, ("Time series", ""))
        caption = caption or (
            "Daily soil moisture: the products and in situ (line) at the hour of comparison (compare the paper's Figures 5 and A2). A "
            "wedge marks the change of a site's probe."
        )
        doc.figure(f"Against stations. {title}", figure, caption, colours=256 if many else None)


def _table(doc: Document, own: list[list[Cell]], result: Any) -> None:
    """The table of products, with what its numbers are."""
    where = ""
    if result is not None:
        sites = sum(len(cell.sites) for cell in result.cells)
        where = (
            f"{sites} stations in {len(result.cells)} cells, {result.dates[0]} to {result.dates[-1]}; from the sites of a cell to its "
            f"value: {UPSCALING[result.upscaling]}. "
        )
    text = (
        f"{where}Means over the cells, each product on its own days with the stations. BIAS = in situ − product. The paper's ANN-SM in 15 "
        "cells: R 0.74, RMSE 0.106, |BIAS| 0.0610."
    )
    header = [
        "product",
        "cells",
        "cell-days",
        "R",
        "RMSE (m³ m⁻³)",
        "|BIAS| (m³ m⁻³)",
        "signed BIAS (m³ m⁻³)",
        "ubRMSE (m³ m⁻³)",
        "R with the truth",
    ]
    if not any(isinstance(row[-1], Fact) for row in own):
        header, own = header[:-1], [row[:-1] for row in own]
    else:
        text += (
            " R with the truth: the stations' own error taken out by triple collocation in the cells where a third product allows it, on "
            "the days that all three have; on other days than those of R it can lie below it."
        )
    if result is not None and result.constants:
        text += " The products of the surface were brought to the depth of the sensors by the exponential filter before."
    doc.table("Products against stations", header, own, text, "Against stations")


def _same(table: list[dict[str, str]], result: Any) -> bool:
    """Whether a table has the cells and days of a validation, as far as this has its products."""
    written = {(row["cell"], row["product"], row["basis"]): int(row["n"]) for row in table}
    own = {(row["cell"], row["product"]): row["n"] for row in result.table if row["basis"] == "own days"}
    cells = {cell for cell, _, _ in written}
    return cells == {cell for cell, _ in own} and all(written.get((*key, "own days")) == days for key, days in own.items())


def _means(path: Path, table: list[dict[str, str]], means: dict[str, Any], least: int) -> list[list[Cell]]:
    """A row per product, of the table's rows on own days with ``least`` of them; the intervals of ``means``, where it has the product."""
    rows: list[list[Cell]] = []
    lines = [row for row in table if row["basis"] == "own days" and int(row["n"]) >= least]
    for title in dict.fromkeys(row["product"] for row in lines):
        own = [row for row in lines if row["product"] == title]
        found = means.get(title, {})
        where = f"rows of {title}, own days, with at least {least} days: "
        cells: list[Cell] = [title, number(len(own), 0, path, f"{where}number")]
        cells.append(number(sum(int(row["n"]) for row in own), 0, path, f"{where}sum of n"))
        for name, digits in (("r", 2), ("rmse", 3), ("bias", 4)):
            mean = _mean(own, name, absolute=name == "bias")
            cells.append(with_range((mean, *_ends(found, name)), digits, path, f"{where}mean of {name}"))
        signed = found.get("signed_bias_interval", (np.nan, np.nan))
        cells.append(with_range((_mean(own, "bias"), *signed), 4, path, f"{where}mean of bias, signed"))
        cells.append(with_range((_mean(own, "ubrmse"), *_ends(found, "ubrmse")), 3, path, f"{where}mean of ubrmse"))
        true = _mean(own, "r_corrected")
        several = sum(bool(row.get("r_corrected")) for row in own)
        shown = f"{true:.2f} ({several} cell{'s' if several > 1 else ''})"
        cells.append(Fact(shown, true, path, f"{where}mean of r_corrected") if np.isfinite(true) else "–")
        rows.append(cells)
    return rows


def _ends(found: dict[str, Any], name: str) -> tuple[float, float]:
    """The interval of a mean; NaN where it is not known."""
    low, high = found[name][1:] if name in found else (np.nan, np.nan)
    return low, high


def _mean(rows: list[dict[str, str]], name: str, *, absolute: bool = False) -> float:
    values = np.array([float(row[name]) for row in rows if row.get(name)])
    return float(np.mean(np.abs(values) if absolute else values)) if values.size else float("nan")


def sampling(doc: Document, study: Study) -> None:
    """How far the mean of so few sites can be from that of the ground, from the table of sites."""
    run = study.newest("validatestations")
    if run is None:
        return
    path = run.output("sites")
    if path is None:
        doc.missing.append(("Sampling error of the stations", "Run 'Validate against stations' with its table of sites (SITES)."))
        return
    rows: list[list[Cell]] = []
    found = table_of(path, "cell", "site", "rank", "cell_spread", "cell_half_95")
    for cell in dict.fromkeys(row["cell"] for row in found if row["cell_half_95"]):
        own = [row for row in found if row["cell"] == cell]
        told = [(name, digits) for name, digits in (("cell_spread", 3), ("cell_half_95", 3))]
        numbers: list[Cell] = [number(own[0][name], digits, path, f"cell {cell}: {name}") for name, digits in told]
        needed = [name for name in own[0] if name.startswith("sites_for_")]
        numbers += [number(own[0][name], 0, path, f"cell {cell}: {name}") for name in needed]
        best = next((row["site"] for row in own if row["rank"] == "1"), "–") if len(own) > 2 else "–"
        rows.append([cell, str(len(own)), *numbers, best])
    header = ["cell", "sites", "spread (m³ m⁻³)", "uncertainty (m³ m⁻³)", "sites for 0.01", "for 0.02", "for 0.04", "most representative"]
    text = (
        "Spread: standard deviation of a day's sites. Uncertainty: half of the 95 % interval of the cell's value as the mean of all its "
        "ground. Sites for 0.01, 0.02, 0.04 m³ m⁻³: the mean of so many, placed at random, is within it on 95 % of days."
    )
    doc.table("From the sites to the cell", header, rows, text)


def triple(doc: Document, study: Study) -> None:
    """Error standard deviations and correlations with the truth of three products."""
    run = study.newest("triplecollocation")
    if run is None:
        doc.missing.append(("Triple collocation", "Run 'Triple collocation' on three products that err independently, with its rasters."))
        return
    names = [name.lower() for name in NAMES]
    titles = [_title(run, name) for name in names]
    rows: list[list[Cell]] = []
    for name, title in zip(NAMES, titles):
        told = [
            number(run.results.get(f"MEAN_{kind}_{name}"), digits, run.path, f"results MEAN_{kind}_{name}")
            for kind, digits in (("STD", 4), ("R", 3))
        ]
        rows.append([name, title, *told])
    if not any(isinstance(cell, Fact) and np.isfinite(cell.value) for row in rows for cell in row):
        doc.text("Triple collocation", "No cell could be estimated. " + " ".join(run.warnings))
        return
    warned = [line for line in run.warnings if "independent" in line]
    text = "Means over the cells. The numbers hold as far as the three err independently of each other. " + " ".join(warned)
    doc.table("Triple collocation", ["", "product", "error std (m³ m⁻³)", "R with the truth"], rows, text.strip())
    for kind, style, what in (("std", "rmse", "Standard deviation of the random error"), ("r", "r", "Correlation with the unknown truth")):
        paths = [run.output(f"{kind}_{name}") for name in names]
        if any(path is None for path in paths):
            continue
        read = [bands_of(path) for path in paths if path is not None]
        maps = [next(iter(bands.values())) for _, bands in read]
        if not any(np.isfinite(values).any() for values in maps):
            doc.notes.append("Triple collocation: no cell has enough days that all three products share.")
            return
        layers = [(f"({letter}) {title}", values, style) for letter, title, values in zip("abc", titles, maps)]
        columns = {f"{kind}_{name}": values for name, values in zip(names, maps)}
        figure = Figure(f"triple_collocation_{kind}", figures.draw_maps(read[0][0], layers), *map_rows(read[0][0], columns))
        doc.figure(f"Triple collocation. {what}", figure, f"{what} per cell. Grey: no estimate.")


def _title(run: Run, name: str) -> str:
    """What a product of a triple collocation is, as its summary says."""
    for line in run.summary:
        if line.startswith(f"{name.upper()}, "):
            return line[3:].split(":")[0]
    return Path(str(getattr(run.request, name))).name


def methods(doc: Document, study: Study) -> None:
    """Other methods on the same days and splits."""
    written = study.written("comparemethods", "table")
    if written is None:
        doc.missing.append(("Other methods on the same data", "Run 'Compare methods' on the cube."))
        return
    run, path = written
    found = table_of(path, "method", "title", "verdict", "rmse_minus_network", "rmse_minus_network_paired")
    rows: list[list[Cell]] = []
    for row in found:
        where = f"row {row['method']}: "
        told: list[Cell] = [
            number(row[f"{m}_mean"], d, path, f"{where}{m}_mean") for m, d in (("r", 3), ("rmse", 4), ("bias", 4), ("ubrmse", 4))
        ]
        difference: Cell = "–"
        name = "rmse_minus_network_paired" if row["rmse_minus_network_paired_low"] else "rmse_minus_network"
        if row[name]:
            difference = with_range([row[f"{name}{end}"] for end in ("", "_low", "_high")], 4, path, f"{where}{name}")
        rows.append([row["title"], *told, difference, row["verdict"] or "–"])
    header = ["method", "R", "RMSE (m³ m⁻³)", "BIAS (m³ m⁻³)", "ubRMSE (m³ m⁻³)", "RMSE less the network's (95 %)", "than the network"]
    first = run.summary[0] if run.summary else ""
    if all(row[-1] == "–" for row in rows):  # too few stretches of days for a verdict
        header, rows = header[:-1], [row[:-1] for row in rows]
    doc.table("Methods on the same cells, days and split", header, rows, first, "Other methods")
    trained = study.newest("train")
    method = str(getattr(trained.request, "method", "cell")) if trained is not None else ""
    mine = next((row for row in found if row["method"] == ("network" if method == "cell" else method)), None)
    better = [row for row in found if mine is not None and float(row["rmse_mean"] or "inf") < float(mine["rmse_mean"] or "nan")]
    if mine is not None and better:
        least = min(better, key=lambda row: float(row["rmse_mean"]))
        doc.notes.append(
            f"On the same days and cells {len(better)} other method{'s have' if len(better) > 1 else ' has'} a lower RMSE than the "
            f"{mine['title'].lower()} that made the record, the lowest {least['title']} ({float(least['rmse_mean']):.4f} beside "
            f"{float(mine['rmse_mean']):.4f} m³ m⁻³)."
        )
    values = [(row["title"], *(float(row[name] or "nan") for name in ("rmse_mean", "rmse_low", "rmse_high", "r_mean"))) for row in found]
    figure = Figure("methods", _bars(values), ("method", "rmse", "rmse_low", "rmse_high", "r"), values)
    controls = ", ".join(METHODS[name] for name in ("network_without_tb", "climatology"))
    doc.figure(
        "Methods beside each other", figure, f"Mean testing RMSE and R of every method; whiskers: 95 % intervals. Controls: {controls}."
    )


def _bars(values: list[Any]) -> Any:
    """RMSE with its interval and R of each method."""
    drawing = figures.figure(figures.TWO_COLUMNS, 0.7 + 0.22 * len(values))
    left, right = drawing.subplots(1, 2, sharey=True)
    places = np.arange(len(values))
    rmse, low, high, r = np.array([row[1:] for row in values]).T
    around = np.nan_to_num(np.stack([np.maximum(rmse - low, 0), np.maximum(high - rmse, 0)]))
    left.errorbar(rmse, places, xerr=around, fmt="o", color="#123c69", markersize=4, elinewidth=0.9, capsize=2)
    right.plot(r, places, "D", color="#7b2d9b", markersize=4)
    for place, label in ((left, "mean RMSE (m³ m⁻³)"), (right, "mean R")):
        place.set_xlabel(label, fontsize=7)
        figures.tidy(place)
    left.set_yticks(places, [figures.plain(row[0]) for row in values])
    left.invert_yaxis()
    return drawing
