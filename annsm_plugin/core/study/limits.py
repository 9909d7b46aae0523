"""What is true of this run and limits what can be said from it; generated, each sentence from a fact."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ..foundation.errors import check_enough
from ..foundation.variables import FLAGS
from ..statistics import sensor_change
from ..statistics.sensor_change import LAST_AMSRE
from .chain_parts import days_of
from .data_parts import cubes
from .document import UNREADABLE, Document, reason
from .flow_records import STEPS
from .results import Run, Study, attributes_of

#: Shares of values above which a flag is a limit worth saying, percent.
WORTH_SAYING = 5.0

#: Station cells below which means over cells say little.
FEW_CELLS = 10

_FLAGS = {
    "input_outside_training_range": "have an input outside the range seen in training: the network extrapolates there",
    "soil_frozen": "lie on days of frozen soil, where a microwave radiometer does not see liquid water as in summer",
    "precipitation_above_threshold": "lie on days with more rain between the overpasses than the screening threshold",
    "cell_not_trained": "come from cells without training data of their own",
    "filled": "are filled, not estimated from a radiometer",
}


def sentences(study: Study, stations: Any) -> list[str]:
    """The limits of this run."""
    found = [f"Out of date: {line}." for line in study.out_of_date] + [f"{problem}." for problem in study.problems]
    if study.synthetic:
        found.insert(
            0, f"The data are synthetic ({study.synthetic}): the numbers show that the chain works and say nothing about a real place."
        )
    found += [f"{STEPS[run.step].title} was run more than once: the newest run counts, not that of {run.called}." for run in study.older]
    parts: tuple[tuple[str, Callable[[], list[str]]], ...] = (
        *(("the data", lambda: _data(study)), ("training", lambda: _training(study)), ("the record", lambda: _record(study))),
        *(("SMAP", lambda: _satellite(study)), ("stations", lambda: _stations(study, stations))),
    )
    for name, part in parts:
        try:
            found += part()
        except UNREADABLE as error:
            check_enough(error)
            found.append(f"Limits that concern {name} are not known: their files or records cannot be read ({reason(error)}).")
    return found


def _data(study: Study) -> list[str]:
    found = []
    for run, _ in cubes(study):
        held = run.attributes
        lost = {name[len("missing_days_") :]: int(days) for name, days in held.items() if name.startswith("missing_days_") and int(days)}
        if lost:
            most = ", ".join(f"{name} {days}" for name, days in sorted(lost.items(), key=lambda pair: -pair[1])[:4])
            found.append(f"{run.called}: days without any value in the region: {most}.")
        bad = sum(int(value) for name, value in held.items() if name.startswith("files_") and name.endswith("_unreadable"))
        if bad:
            found.append(f"{run.called}: {bad} file{'s' if bad > 1 else ''} could not be read.")
        early = str(run.request.start)[:10] <= str(LAST_AMSRE)
        if early and held.get("channels") == "paper":
            found.append(f"{run.called}: on AMSR-E days the channels F2 to F5 are other frequencies than those of AMSR2 in training.")
        if early and str(held.get("calibration", "none")) == "none":
            found.append(f"{run.called}: AMSR-E was not brought to AMSR2; the two differ by degrees (Du et al., 2014).")
        leaves = sensor_change.leaves(held)
        if len(leaves) > 1:
            days = ", ".join(f"{name} on {when.size} days" for name, when in leaves.items())
            apart = held.get("lai_overlap_difference")
            known = (
                "how far they differ was not measured"
                if apart is None
                else f"VIIRS less MODIS is {float(apart):+.3f} m2 m-2 where both are"
            )
            found.append(f"{run.called}: leaf area index is of {days}; {known}, and neither was adjusted.")
        if str(held.get("calibration", "")) == "climatology":
            found.append(f"{run.called}: matching the climatology of AMSR-E to AMSR2 removes real change between their years as well.")
    return found


def _training(study: Study) -> list[str]:
    run = study.newest("train")
    if run is None:
        return []
    found = []
    if str(run.request.split) == "random":
        found.append("The training split is random: neighbouring days resemble each other, so that testing errors are too small.")
    best = study.newest("sensitivity")
    if best is not None and not getattr(run.request, "settings", None):
        found.append("The settings that the sensitivity analysis found best were not used for the training.")
    said = [held for made in [run, *study.of("reconstruct")] if (held := made.attributes)]
    if study.newest("screenprecipitation") is None and said and not any("screening_threshold" in held for held in said):
        found.append("Days with much rain between the overpasses were not screened.")
    return found


def _record(study: Study) -> list[str]:
    found = []
    for run in study.of("reconstruct") + study.of("fillgaps"):
        held, path = run.attributes, run.output("output")
        values = float(held.get("count_values", 0) or 0)
        for name, words in _FLAGS.items() if values and path is not None else ():
            share = 100.0 * float(held.get(f"count_{name}", 0)) / values
            if name in FLAGS and share >= WORTH_SAYING and path is not None:
                found.append(f"{run.called}: {share:.0f} % of the values {words}.")
        held_at_bounds = float(held.get("count_held", 0) or 0)
        if held_at_bounds and path is not None:
            values_were = "value was" if held_at_bounds == 1 else "values were"
            found.append(f"{run.called}: {int(held_at_bounds)} {values_were} outside 0 to 1 m³ m⁻³ and held there.")
    return found


def _satellite(study: Study) -> list[str]:
    run = study.newest("validatesatellite")
    if run is None:
        return []
    found = ["SMAP is what ANN-SM was trained on: agreement with it is no independent proof."]
    learnt, tested = _learnt(study, run), _tested(run)
    if learnt is not None and tested is not None and tested[0] <= learnt[1] and learnt[0] <= tested[1]:
        found.append("The test period against SMAP overlaps the training period.")
    return found


def _learnt(study: Study, run: Run) -> tuple[str, str] | None:
    """First and last day of the training of the ANN-SM that was validated, by its own attributes or else by the training's record."""
    held = attributes_of(Path(str(run.request.annsm)))
    trained = study.newest("train")
    days = [held.get(f"training_{end}") or (getattr(trained.request, end) if trained is not None else None) for end in ("start", "end")]
    return (str(days[0])[:10], str(days[1])[:10]) if all(days) else None


def _tested(run: Run) -> tuple[str, str] | None:
    """First and last day that were compared: as asked, or those of ANN-SM."""
    first, last = run.request.start, run.request.end
    if not (first and last):
        try:
            own = days_of(Path(str(run.request.annsm)))
        except UNREADABLE as error:
            check_enough(error)
            return None
        first, last = first or own[:10], last or own[-10:]
    return str(first)[:10], str(last)[:10]


def _stations(study: Study, stations: Any) -> list[str]:
    if stations is None:
        return ["No stations: nothing independent was measured on the ground."] if study.newest("validatestations") is None else []
    found = []
    count = stations.means["own days"]["ANN-SM"]["cells"]
    if count < FEW_CELLS:
        cells = "station cell has" if count == 1 else "station cells have"
        found.append(f"Only {count} {cells} enough days: their mean says little about the region.")
    alone = sum(len(cell.sites) == 1 for cell in stations.cells)
    if alone:
        have = "has" if alone == 1 else "have"
        found.append(
            f"{alone} of {len(stations.cells)} station cells {have} one site: how far a point is from its pixel is not known there."
        )
    known = stations.pixels if stations.upscaling == "mean" else ()
    halves = [own.typical_half for own in known if np.isfinite(own.half).any()]
    if halves:
        found.append(
            f"In {len(halves)} station cell{'s' if len(halves) > 1 else ''} with several sites the mean of the cell's ground is known to "
            f"{np.median(halves):.3f} m³ m⁻³ (half of the 95 % interval, median)."
        )
    if stations.changes:
        often = "Once" if len(stations.changes) == 1 else f"{len(stations.changes)} times"
        found.append(f"{often} a site's probe was replaced; a step there is the probe's, not the soil's.")
    return found


def warned(study: Study) -> list[str]:
    """What the steps warned of, each once, with the step's name."""
    lines = [f"{STEPS[run.step].title}: {line}" for run in reversed(study.runs) for line in run.warnings]
    return list(dict.fromkeys(lines))


def say(doc: Document, study: Study, stations: Any) -> None:
    """The section of limits, and that of warnings."""
    doc.text("Limits of this study", "", [*sentences(study, stations), *doc.notes])
    lines = warned(study)
    if lines:
        shown = lines[:25] + ([f"{len(lines) - 25} more; the run records have them."] if len(lines) > 25 else [])
        doc.text("What the steps warned of", "", shown)


def lacking(doc: Document) -> None:
    """The section of what is missing."""
    if doc.missing:
        doc.text("What is not in this report", "", [f"{part}. {how}" for part, how in doc.missing])
