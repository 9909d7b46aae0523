"""The report of a study: one page, the same as PDF, a folder of figures, the methods in words and the references."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from ..foundation import store
from ..foundation.errors import ParameterError, check_enough
from ..foundation.libraries import load
from ..foundation.progress import SILENT, Progress
from ..reports import figure_files, page, pdf
from . import chain_parts, data_parts, limits, methods_text, references, results, validation_parts
from .document import UNREADABLE, Document, reason
from .flow_records import STEPS
from .request import StudyRequest
from .results import Study

#: The version that a package states which does not know its own.
UNKNOWN = "999"

#: Names that this report gives its figures.
OWN = re.compile(r"figure_\d\d_\w+(\.png|\.pdf|\.svg|_numbers\.csv)")


@dataclass
class StudyResult:
    """What was written, what the report holds, and sentences."""

    document: Document
    written: list[Path]
    summary: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def check(request: StudyRequest) -> Study:
    """Check before work starts; what the folder or files hold. Raises ``ParameterError``."""
    request.check_values()
    load("matplotlib")
    if not request.folder and not request.files:
        raise ParameterError("Neither FOLDER nor FILES is given; expected the folder with the results of the steps, or files of it.")
    for name, ending in (("report", ".html"), ("pdf", ".pdf")):
        if getattr(request, name):
            store.check_output(getattr(request, name), ending)
    study = results.look(request.folder, request.files or ())
    if request.area_map:
        grid = data_parts.region_of(study)
        if grid is not None:
            data_parts.raster(Path(str(request.area_map)), grid)
    return study


@store.step
def run(request: StudyRequest, progress: Progress | None = None) -> StudyResult:
    """Make the report of what the steps left, and write what is asked for."""
    progress = progress or SILENT
    study = check(request)
    doc = Document()
    progress.report(0.0, "Reading what the stations measured")
    stations, why = validation_parts.judged(doc, study, progress.part(0.0, 0.25))
    parts: tuple[tuple[str, str, Callable[[Progress], None]], ...] = (
        ("Study area", "match", lambda p: data_parts.study_area(doc, study, request, stations)),
        ("Products", "match", lambda p: data_parts.products(doc, study)),
        ("Flow of the data", "match", lambda p: data_parts.data_flow(doc, study)),
        ("Sensitivity", "sensitivity", lambda p: chain_parts.sensitivity(doc, study)),
        ("Days kept and removed", "sensitivity", lambda p: chain_parts.days(doc, study)),
        ("Training", "train", lambda p: chain_parts.training(doc, study)),
        ("The record", "reconstruct", lambda p: chain_parts.record(doc, study)),
        ("Against SMAP", "validatesatellite", lambda p: validation_parts.against_smap(doc, study, p)),
        ("Against stations", "validatestations", lambda p: validation_parts.against_stations(doc, study, stations, why)),
        ("Sampling error of the stations", "validatestations", lambda p: validation_parts.sampling(doc, study)),
        ("Triple collocation", "triplecollocation", lambda p: validation_parts.triple(doc, study)),
        ("Other methods", "comparemethods", lambda p: validation_parts.methods(doc, study)),
        ("Gap filling", "fillgaps", lambda p: chain_parts.gaps(doc, study)),
        ("The step between sensors", "validatestations", lambda p: chain_parts.sensors(doc, study)),
        ("Trends", "aggregate", lambda p: chain_parts.trends(doc, study)),
    )
    for number, (name, step, work) in enumerate(parts):
        part = progress.part(0.25 + 0.45 * number / len(parts), 0.25 + 0.45 * (number + 1) / len(parts))
        part.report(0.0, name)
        progress.check()
        doc.attempt(name, STEPS[step].title, partial(work, part))
    doc.attempt("Limits", STEPS["train"].title, partial(limits.say, doc, study, stations))
    limits.lacking(doc)
    return _written(request, study, doc, progress)


def _written(request: StudyRequest, study: Study, doc: Document, progress: Progress) -> StudyResult:
    """Write the page, the PDF and the folder."""
    title = request.title or _title(study)
    method = _told(study)
    content: dict[str, Any] = {
        "intro": _intro(study),
        "numbers": sorted(doc.cards, key=lambda card: card[0].startswith("Training")),  # first those of independent days
        "sections": doc.sections,
        "settings": _provenance(study),
        "synthetic": study.synthetic,
    }
    written = _folder(request, doc, method, progress) if request.figures else []
    if request.pdf:
        progress.report(0.9, "Writing the PDF")
        written.append(pdf.write(request.pdf, title, **content))
    progress.report(0.97, "Writing the page")
    written.append(page.write(request.report, title, **content))
    progress.report(1.0, "")
    summary = [
        f"{len(doc.figures)} figures, {doc.tables} tables and {len(doc.facts)} numbers of {len(study.runs)} runs of these steps: "
        f"{', '.join(dict.fromkeys(STEPS[run.step].title.lower() for run in reversed(study.runs)))}."
    ]
    summary += [f"Not in the report: {part}. {how}" for part, how in doc.missing]
    return StudyResult(doc, written, summary, [f"{problem}." for problem in [*study.problems, *study.out_of_date]])


def _folder(request: StudyRequest, doc: Document, method: methods_text.Methods, progress: Progress) -> list[Path]:
    """Write the folder of figures and texts, when all are made; the files."""
    folder, written = Path(str(request.figures)), []
    with store.atomic_folder(folder) as part:
        for number, (name, figure) in enumerate(doc.figures):
            progress.check()
            progress.report(0.7 + 0.2 * number / len(doc.figures), f"Writing figure {number + 1} of {len(doc.figures)}")
            written += figure_files.save(part / name, figure)
        root = Path(str(request.folder)) if request.folder else Path(str(request.report)).parent
        for name, text in (
            ("methods.txt", method.as_text()),
            ("references.bib", references.bibtex(method.keys)),
            ("numbers.csv", doc.numbers_csv(root)),
        ):
            written.append(store.write_text(part / name, text))
    written = [folder / path.name for path in written]
    _tidy(folder, written)
    return written


def _tidy(folder: Path, written: list[Path]) -> None:
    """Take away the figures of an earlier report, whose numbers are others now."""
    for path in folder.iterdir():
        if OWN.fullmatch(path.name) and path not in written:
            with suppress(OSError):
                path.unlink()


def _title(study: Study) -> str:
    grid = data_parts.region_of(study)
    if grid is None:
        return "Soil moisture from satellites"
    spans = _spans(study)
    years = f", {min(spans)[:4]} to {max(span[-10:] for span in spans)[:4]}" if spans else ""
    return f"Soil moisture from satellites, {data_parts.place_of(grid)}{years}"


def _spans(study: Study) -> list[str]:
    """First and last day of each record that can be read."""
    found = []
    for path in (path for run in study.of("reconstruct") if (path := run.output("output")) is not None):
        try:
            found.append(chain_parts.days_of(path))
        except UNREADABLE as error:
            check_enough(error)
    return sorted(found)


def _told(study: Study) -> methods_text.Methods:
    """The methods in words, without a sentence if the records are too damaged for it."""
    try:
        return methods_text.methods(study)
    except UNREADABLE as error:
        check_enough(error)
        return methods_text.Methods((), (f"The methods could not be written from these records ({reason(error)}).",))


def _intro(study: Study) -> str:
    spans = "; ".join(_spans(study))
    return f"Daily soil moisture (ANN-SM) on cells of 0.25°{f', {spans}' if spans else ''}."


def _provenance(study: Study) -> dict[str, str]:
    """Versions, and for every step when it ran and how it is repeated."""
    newest = study.runs[0].record.get("versions")
    found = {"versions": ", ".join(f"{n} {v}" for n, v in newest.items() if v != UNKNOWN)} if isinstance(newest, dict) else {}
    for run in reversed(study.runs):
        repeat = run.record.get("repeat")
        command = str(repeat.get("qgis_process", "")) if isinstance(repeat, dict) else ""
        main = (run.main or next(iter(run.files), run.path)).name
        found[f"{STEPS[run.step].title} → {main}"] = (
            f"{run.record.get('started', '')}, {run.record.get('seconds', '')} s\n{command}".strip()
        )
    return found
