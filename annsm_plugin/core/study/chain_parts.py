"""How the record was made: sensitivity (the paper's Figures 3 and A3), training, reconstruction, gaps, the step between sensors, trends."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ..foundation import store
from ..foundation.errors import ParameterError
from ..foundation.grid import STEP, Grid
from ..foundation.outside import read_rows
from ..foundation.variables import FLAGS
from ..reports import figures
from ..reports.figure_files import Figure, map_rows
from ..sensitivity import figures as sensitivity_figures
from ..sensitivity import files as sensitivity_files
from ..training import cube, model
from .document import Cell, Document, Fact, number
from .flow_records import STEPS
from .results import Run, Study

#: Years below which a trend is said to be that of a short record.
FEW_YEARS = 15.0

#: Years of a period of an aggregated file.
LENGTHS = {"month": 1.0 / 12.0, "season": 0.25, "year": 1.0}

#: First bands of the rasters of days and of the trend.
KEPT, TREND = "days kept unscreened", "Trend per year"

#: Most bands of a map that is read.
MOST_BANDS = 100

#: Flags whose words are not their names.
FLAG_WORDS = {"amsre_day": "AMSR-E day"}


def table_of(path: Path, *needs: str) -> list[dict[str, str]]:
    """The rows of a CSV file. Raises ``ParameterError`` if it has no rows, a row is cut off, or a column of ``needs`` is not there."""
    rows = read_rows(path, "a table that a step wrote", ended=True)[1]
    lacking = [name for name in needs if not rows or name not in rows[0]]
    if lacking or not rows:
        raise ParameterError(f"{path.name} is not the table that the step writes: it has no {', '.join(lacking) or 'rows'}.")
    return rows


def bands_of(path: Path, first: str = "") -> tuple[Grid, dict[str, np.ndarray]]:
    """The grid and the bands (name -> (rows, columns), NaN where missing) of a map that a step wrote. Raises ``ParameterError`` if the
    first band is not called ``first``."""
    from osgeo import gdal

    with store.open_raster(path, "a map that a step wrote") as source:
        west, _, _, north, _, _ = source.GetGeoTransform()
        rows, columns = source.RasterYSize, source.RasterXSize
        if rows > store.MOST["lat"] or columns > store.MOST["lon"] or source.RasterCount > MOST_BANDS:
            raise ParameterError(f"{path.name} has {source.RasterCount} bands of {rows} x {columns} pixels, which no map of a step has.")
        found = {}
        for number_of in range(1, source.RasterCount + 1):
            band = source.GetRasterBand(number_of)
            raw = np.frombuffer(band.ReadRaster(buf_type=gdal.GDT_Float64), dtype=float).reshape(rows, columns)
            missing = band.GetNoDataValue()
            found[band.GetDescription() or f"band {number_of}"] = raw if missing is None else np.where(raw == missing, np.nan, raw)
    if first not in ("", next(iter(found))):
        raise ParameterError(f"{path.name} is another raster: its first band is '{next(iter(found))}', not '{first}'.")
    lat = north - (np.arange(rows) + 0.5) * STEP
    return Grid(lat, west + (np.arange(columns) + 0.5) * STEP), found


def sensitivity(doc: Document, study: Study) -> None:
    """Figure 3 and Figure A3, and the settings that were found best."""
    written = study.written("sensitivity", "table")
    if written is None:
        doc.missing.append(("Sensitivity (Figures 3 and A3)", "Run 'Analyse sensitivity' on the matched cube."))
        return
    _, path = written
    read = sensitivity_files.read_table(path)
    several = f" Bars: one standard deviation over {len(read.asked.seeds)} seeds." if len(read.asked.seeds) > 1 else ""
    doc.figure(
        "Sensitivity",
        sensitivity_figures.errors(read),
        f"Mean R and RMSE of every run, the best marked (compare the paper's Figure 3).{several}",
        "One setting at a time, each at the best of the one before; all runs on the same cells and days.",
        alt="Panels of R and RMSE by inputs, neurons, ratios and thresholds.",
    )
    rows: list[list[Cell]] = []
    seed = "mean" if len(read.asked.seeds) > 1 else str(read.asked.seeds[0])
    for row in table_of(path, "experiment", "label", "seed", "best"):
        if row["best"] == "1" and row["seed"] == seed:
            at = f"{row['experiment']}, {row['label']}: "
            measured = (("r_overall", 3), ("rmse_overall", 4), ("r_testing", 3), ("rmse_m3_testing", 4))
            told = [number(row[name], digits, path, at + name) for name, digits in measured]
            rows.append([row["experiment"], row["label"], *told])
    header = ["experiment", "best", "R, overall", "RMSE, overall (0–1)", "R, testing", "RMSE, testing (m³ m⁻³)"]
    doc.table("Best settings", header, rows, part="Sensitivity")


def days(doc: Document, study: Study) -> None:
    """Figure A3: complete days, and those that screening removes."""
    run = study.newest("sensitivity")
    if run is None:
        return
    path = run.output("days")
    if path is None:
        doc.missing.append(("Days kept and removed (Figure A3)", "Run 'Analyse sensitivity' with its raster of days."))
        return
    grid, bands = bands_of(path, KEPT)
    shown = _shown(bands)
    layers = [(f"({letter}) {name[:1].upper()}{name[1:]}", bands[name], kind) for letter, (name, kind) in zip("abcd", shown)]
    figure = Figure("days", figures.draw_maps(grid, layers), *map_rows(grid, bands))
    doc.figure("Days", figure, "Complete days kept unscreened, and days that screening removes (compare the paper's Figure A3).")


def _shown(bands: dict[str, np.ndarray]) -> list[tuple[str, str]]:
    """Days kept, and of the thresholds the mildest, one between and the strictest."""
    kept, *removed = bands
    some = list(dict.fromkeys(removed[i] for i in (0, len(removed) // 2, -1))) if removed else []
    return [(kept, "days"), *((name, "removed") for name in some)]


def training(doc: Document, study: Study) -> None:
    """Errors by sample kind and maps of the training."""
    written = study.written("train", "output")
    if written is None:
        doc.missing.append(("Training", "Run 'Train networks', and keep the model in the folder."))
        return
    _, path = written
    trained = model.read(path)
    means = cube.means_of(trained)
    has = trained.trained
    paper = cube.PAPER
    for kind, label in (("testing", "testing samples"), ("overall", "overall (training included)")):
        for name, measure, digits in (("r", "R", 2), ("rmse", "RMSE (0–1)", 3)):
            beside = f"{paper[name]:.{digits}f}" if kind == "overall" else ""
            doc.card(f"Training: mean {measure}, {label}", number(means[kind][name], digits, path, f"mean of {name}, {kind}"), beside)
    rows: list[list[Cell]] = []
    for kind, found in means.items():
        measured = (("r", 3), ("rmse", 3), ("bias", 4), ("rmse_m3", 4), ("bias_m3", 4))
        rows.append([kind, *(number(found[name], digits, path, f"mean of {name}, {kind}") for name, digits in measured)])
    method = model.TITLES[str(trained.attributes.get("method", "cell"))]
    cells = f"{int(has.sum())} of {has.size} cells have a network: {method}."
    header = ["samples", "R", "RMSE (0–1)", "|BIAS| (0–1)", "RMSE (m³ m⁻³)", "|BIAS| (m³ m⁻³)"]
    text = f"{cells} Means over these cells; 0–1 units are those of each cell's own range of SMAP in the training period."
    doc.table("Training errors", header, rows, text)
    maps = {
        "r": np.where(has, trained.error("r"), np.nan),
        "rmse_m3": np.where(has, trained.error("rmse") * trained.width, np.nan),
        "n": np.where(trained.error("n") > 0, trained.error("n"), np.nan),
    }
    layers = [("(a) R, overall samples", maps["r"], "r"), ("(b) RMSE, overall samples", maps["rmse_m3"], "rmse")]
    layers.append(("(c) Complete days", maps["n"], "days"))
    figure = Figure("training", figures.draw_maps(trained.grid, layers), *map_rows(trained.grid, maps))
    doc.figure("Training, per cell", figure, "R and RMSE of the overall samples, and complete days per cell. Grey: no network.")


def record(doc: Document, study: Study) -> None:
    """The records: days, values, and how many carry which flag."""
    rows: list[list[Cell]] = []
    runs = [(run, path) for run in reversed(study.of("reconstruct") + study.of("fillgaps")) if (path := run.output("output")) is not None]
    for run, path in runs:
        doc.attempt(path.name, STEPS[run.step].title, partial(_of_record, rows, run, path))
    if not runs:
        doc.missing.append(("The record", "Run 'Reconstruct soil moisture', and keep ANN-SM in the folder."))
    if not rows:
        return
    header = ["record", "days", "values", *(FLAG_WORDS.get(name, name.replace("_", " ")) for name in FLAGS)]
    used = [place for place in range(len(header)) if any(row[place] != "–" for row in rows)]
    rows = [[row[place] for place in used] for row in rows]
    doc.table("Records and their quality flags", [header[p] for p in used], rows, "Shares of the values that carry a flag.", "The record")


def _of_record(rows: list[list[Cell]], run: Run, path: Path) -> None:
    """Add the row of a record; one of an earlier version does not count its values, a filled one counts by other names."""
    span, held = days_of(path), run.attributes
    names = ["count_estimated", "count_filled"] if run.step == "fillgaps" else ["count_values"]
    values = sum(int(held[name]) for name in names) if set(names) <= set(held) else None
    flags: list[Cell] = []
    for name in FLAGS:
        count = held.get(f"count_{name}")
        if count and values:
            share = 100.0 * float(count) / values
            flags.append(Fact(f"{share:.1f} %", share, path, f"attributes count_{name} / {' + '.join(names)}"))
        else:
            flags.append("–")
    counted: Cell = "–" if values is None else Fact(str(values), values, path, f"attribute {' + '.join(names)}")
    rows.append([run.called, Fact(span, span, path, "time"), counted, *flags])


def days_of(path: Path) -> str:
    from ..foundation import blocks

    with store.open_grid(path, kind="ANN-SM file") as data:
        dates = blocks.dates_of(data)
    return f"{dates[0]} to {dates[-1]}"


def gaps(doc: Document, study: Study) -> None:
    """What gap filling said of itself."""
    run = study.newest("fillgaps")
    if run is None:
        doc.missing.append(("Gaps", "Run 'Fill gaps' on ANN-SM: days without a radiometer get flagged values."))
        return
    doc.text("Gap filling", "", run.summary)
    for name, words, digits in (
        ("FILLED", "values filled", 0),
        ("RMSE_SHORT", "RMSE of values hidden in short gaps (m³ m⁻³)", 4),
        ("RMSE_LONG", "RMSE of values hidden in long gaps (m³ m⁻³)", 4),
    ):
        value: Any = run.results.get(name)
        if isinstance(value, (int, float)):
            doc.facts.append(("Gap filling", words, number(value, digits, run.path, f"results {name}")))


def sensors(doc: Document, study: Study) -> None:
    """The step between AMSR-E and AMSR2, as the validations measured it."""
    said = []
    for step in ("validatestations", "validatesatellite"):
        run = study.newest(step)
        said += [line for line in (run.summary if run else ()) if line.startswith("From AMSR-E to AMSR2")]
    if said:
        doc.text("The step between the sensors", "", said)
    else:
        doc.missing.append(
            (
                "The step between AMSR-E and AMSR2",
                "Validate an ANN-SM file that spans 2011 and 2012, with stations or a cube on both sides.",
            )
        )


def _years(path: Path, period: str) -> float:
    """How many years a file of periods spans, the last one counted."""
    from ..foundation import blocks

    with store.open_grid(path, kind="aggregated file") as data:
        dates = blocks.dates_of(data)
    return float((dates[-1] - dates[0]).astype(int)) / 365.25 + LENGTHS.get(period, LENGTHS["month"])


def trends(doc: Document, study: Study) -> None:
    """Maps of the trend and its significance."""
    written = study.written("aggregate", "trend")
    if written is None:
        doc.missing.append(("Trends", "Run 'Aggregate and trend' on ANN-SM with its rasters of trend and significance."))
        return
    run, path = written
    grid, bands = bands_of(path, TREND)
    slope = bands[TREND]
    layers, columns = [("(a) Trend per year", slope, "trend")], {"trend": slope}
    significance = run.output("significance")
    if significance is not None:
        columns["p"] = next(iter(bands_of(significance)[1].values()))
        layers.append(("(b) p of the trend", columns["p"], "significance"))
    figure = Figure("trends", figures.draw_maps(grid, layers), *map_rows(grid, columns))
    caption = "Theil and Sen's slope of the anomalies per year, and Mann and Kendall's p for autocorrelated series."
    said = list(run.summary)
    periods = run.output("output")
    years = _years(periods, str(run.request.period)) if periods is not None else FEW_YEARS
    if years < FEW_YEARS:
        said.append(f"The trend is that of {years:.{int(years < 3)}f} years: so few say nothing of a change of the climate.")
        doc.notes.append(said[-1])
    doc.figure("Trends", figure, caption, " ".join(said))
    median = run.results.get("MEDIAN_TREND")
    if isinstance(median, (int, float)):
        doc.facts.append(("Trends", "median trend per year", Fact(f"{median:+.5f}", median, run.path, "results MEDIAN_TREND")))
