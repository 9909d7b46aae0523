"""The report of a filling of gaps: how hidden values came back, by way and class, and what was filled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ..foundation.paths import PathLike
from ..reports import figures, page
from ..reports import words as written
from .experiment import BESIDE, by_distance
from .learning import Example, Learnt
from .request import CLASSES, LONGEST_SHORT
from .source import Source
from .uncertainty import STARTS, Hidden
from .words import CALLED

#: Colours that people with colour-blindness tell apart (Okabe and Ito), by way and method.
COLOURS = {"network": "#0072B2", "dct": "#D55E00", "convolution": "#CC79A7", "linear": "#555555", "gldas": "#009E73"}

NAMES = {"network": "network", "dct": "DCT", "convolution": "partial convolutions", **BESIDE}


def write(path: PathLike, result: Any, source: Source, learnt: Learnt, days: slice, attributes: dict[str, Any]) -> Path:
    """The report of a ``filling.FillResult``."""
    counts = result.counts
    numbers = [("Values filled", f"{counts['filled']:,}".replace(",", " "), "", f"{counts['estimated']} of the record")]
    for kind in CLASSES:
        line = result.line(kind)
        if line is not None:
            numbers.append((f"RMSE, {kind} gaps (m³ m⁻³)", written.show(line.rmse, 4), "", f"hidden values, {NAMES[line.name]}"))
            numbers.append((f"Coverage, {kind} gaps", _percent(line.coverage), "", "of ±1.96 uncertainty; 95 % expected"))
    sections = [_table(result), _distances(learnt)]
    if learnt.example is not None:
        sections.append(_series(learnt.example, learnt, source))
    sections.append(_counts(result))
    return page.write(
        path,
        "Gaps filled",
        intro=f"{source.dates[days][0]} to {source.dates[days][-1]}. Filled values have the flag 'filled'; no value of the record changed.",
        numbers=numbers,
        summary=result.summary,
        warnings=result.warnings,
        sections=sections,
        settings=written.settings(attributes),
        synthetic=str(attributes.get("synthetic", "")),
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %" if np.isfinite(share) else "–"


def _table(result: Any) -> page.Section:
    rows = []
    for line in result.lines:
        used = "used" if result.chosen.get(line.kind) == line.name else ""
        rows.append(
            [
                line.kind,
                NAMES[line.name],
                str(line.n),
                written.show(line.rmse, 4),
                written.show(line.unfrozen_rmse, 4),
                written.show(line.r, 3),
                written.show(line.bias, 4),
                _percent(line.coverage),
                used,
            ]
        )
    return page.Section(
        "Known values hidden and filled",
        f"Known values were hidden in short gaps (up to {LONGEST_SHORT} days: another day's missing swath moved to a day) and in long ones "
        "(all cells of a tile for one to four months), and filled by each way. The rows stand on values that served neither to train nor "
        "to fit the uncertainty, of one class on the same ones; a way that reaches only some of them stands on its own. BIAS = hidden − "
        "filled. The record itself has errors: these are departures from the record, not from the truth.",
        header=["gaps", "way", "values", "RMSE", "RMSE unfrozen", "R", "BIAS", "covered", ""],
        rows=rows,
    )


def errors_by_distance(hidden: Hidden) -> dict[tuple[bool, str], np.ndarray]:
    """(class of gaps, name) -> RMSE of hidden values from each first distance of ``STARTS`` on."""
    starts = np.array(STARTS)
    return {(long, name): by_distance(hidden, name, long, starts) for long in (False, True) for name in hidden.estimates}


def _distances(learnt: Learnt) -> page.Section:
    drawing = figures.figure(figures.TWO_COLUMNS, 2.6)
    places = drawing.subplots(1, 2, sharey=True)
    labels = [str(a) if b - a == 1 else f"{a}–{b - 1}" for a, b in zip(STARTS[:-1], STARTS[1:])] + [f"{STARTS[-1]}+"]
    for place, kind, is_long in zip(places, CLASSES, (False, True)):
        shown = 0
        for name, error in ((name, error) for (long, name), error in learnt.errors.items() if long == is_long):
            there = np.flatnonzero(np.isfinite(error))
            shown = max(shown, int(there.max(initial=0)) + 1)
            place.plot(there, error[there], "o-", ms=3, lw=1.2, color=COLOURS[name], label=NAMES[name])
        place.set_xticks(range(shown), labels[:shown])
        place.set_title(f"{kind} gaps", fontsize=8)
        place.set_xlabel("days to the nearest known value", fontsize=7)
        figures.tidy(place)
    places[0].set_ylabel("RMSE (m³ m⁻³)", fontsize=7)
    places[0].set_ylim(bottom=0)
    places[1].legend(fontsize=6.5, frameon=False)
    return page.Section(
        "Errors by distance",
        figure=figures.png(drawing),
        caption="RMSE of hidden values against their distance to the nearest known value in the same cell.",
        alt="Two drawings of RMSE by distance, for short and long gaps, a line for each way.",
    )


def _series(example: Example, learnt: Learnt, source: Source) -> page.Section:
    drawing = figures.figure(figures.TWO_COLUMNS, 2.8)
    place = drawing.subplots()
    seen = np.isfinite(example.values)
    dates = example.dates.astype("datetime64[D]").astype(object)
    for name in sorted({*learnt.chosen.values()}):
        place.plot(dates, example.estimates[name], "-", lw=1.0, color=COLOURS[name], label=NAMES[name])
    place.plot(dates[seen & ~example.hidden], example.values[seen & ~example.hidden], ".", ms=3, color="#222222", label="record, known")
    place.plot(dates[seen & example.hidden], example.values[seen & example.hidden], "o", ms=3, mfc="none", mew=0.7, color="#B00020",
               label="record, hidden")  # fmt: skip
    place.set_ylabel("soil moisture (m³ m⁻³)", fontsize=7)
    place.legend(fontsize=6.5, frameon=False, ncol=4, loc="upper left")
    figures.tidy(place)
    lat, lon = source.grid.lat[example.row], source.grid.lon[example.column]
    return page.Section(
        "A cell while values were hidden",
        figure=figures.png(drawing),
        caption=f"Cell at {lat:g} N, {lon:g} E. Lines: what each way in use gives on every day; circles: values that it was not shown.",
        alt="Series of soil moisture with known, hidden and filled values.",
    )


def _counts(result: Any) -> page.Section:
    counts = result.counts
    rows = [["values of the record", str(counts["estimated"])], ["filled", str(counts["filled"])]]
    rows += [[f"filled in {kind} gaps", str(counts[kind])] for kind in CLASSES]
    rows += [[f"filled by {text}", str(counts[name])] for name, text in CALLED.items()]
    rows += [
        ["still missing, in cells with a record", str(counts["left"])],
        ["days that the record lacked", str(counts["days_added"])],
    ]
    return page.Section("What was filled", header=["", "cell days"], rows=rows)
