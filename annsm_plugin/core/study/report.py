"""The report of a study: one page, the same as PDF, a folder of figures, the methods in words and the references."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..foundation import store
from ..foundation.errors import AnnsmError, CubeError, ParameterError, ProductError
from ..foundation.libraries import load
from ..foundation.outside import reason
from ..foundation.progress import SILENT, Progress
from ..reports import figure_files, page, pdf
from . import chain_parts, data_parts, limits, methods_text, overview, references, results, validation_parts
from .document import Document
from .flow_records import STEPS
from .request import StudyRequest
from .results import Study


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


def run(request: StudyRequest, progress: Progress | None = None) -> StudyResult:
    """Make the report of what the steps left, and write what is asked for."""
    progress = progress or SILENT
    study = check(request)
    doc = Document()
    progress.report(0.0, "Reading what the stations measured")
    stations, why = validation_parts.judged(study, progress.part(0.0, 0.25))
    steps: tuple[tuple[str, Any], ...] = (
        ("Drawing the study area", lambda p: data_parts.study_area(doc, study, request, stations)),
        ("Listing the products", lambda p: data_parts.products(doc, study)),
        ("Drawing the flow of the data", lambda p: data_parts.data_flow(doc, study)),
        ("Sensitivity", lambda p: chain_parts.sensitivity(doc, study)),
        ("Training", lambda p: chain_parts.training(doc, study)),
        ("The record", lambda p: chain_parts.record(doc, study)),
        ("Comparing with SMAP", lambda p: validation_parts.against_smap(doc, study, p)),
        ("Comparing with stations", lambda p: validation_parts.against_stations(doc, study, stations, why)),
        ("Triple collocation", lambda p: validation_parts.triple(doc, study)),
        ("Other methods", lambda p: validation_parts.methods(doc, study)),
        ("Gap filling", lambda p: chain_parts.gaps(doc, study)),
        ("The step between sensors", lambda p: chain_parts.sensors(doc, study)),
        ("Trends", lambda p: chain_parts.trends(doc, study)),
    )
    for number, (text, work) in enumerate(steps):
        part = progress.part(0.25 + 0.45 * number / len(steps), 0.25 + 0.45 * (number + 1) / len(steps))
        part.report(0.0, text)
        progress.check()
        try:
            work(part)
        except (CubeError, ParameterError, ProductError, LookupError, ValueError) as error:  # a damaged file costs its part of the report
            why = str(error) if isinstance(error, AnnsmError) else f"its files hold what cannot be read ({reason(error)})."
            doc.missing.append((text, why))
            study.problems.append(f"'{text}' is not in the report: {why.rstrip('.')}")
    limits.say(doc, study, stations)
    return _written(request, study, doc, progress)


def _written(request: StudyRequest, study: Study, doc: Document, progress: Progress) -> StudyResult:
    """Write the page, the PDF and the folder."""
    title = request.title or _title(study)
    method = methods_text.methods(study)
    content: dict[str, Any] = {
        "intro": _intro(study),
        "numbers": doc.cards[:8],
        "sections": doc.sections,
        "settings": _provenance(study),
        "synthetic": study.synthetic,
    }
    written = []
    if request.figures:
        folder = Path(str(request.figures))
        folder.mkdir(parents=True, exist_ok=True)
        for number, (name, figure) in enumerate(doc.figures):
            progress.check()
            progress.report(0.7 + 0.2 * number / len(doc.figures), f"Writing figure {number + 1} of {len(doc.figures)}")
            written += figure_files.save(folder / name, figure)
        root = Path(str(request.folder)) if request.folder else Path(str(request.report)).parent
        for name, text in (
            ("methods.txt", method.as_text()),
            ("references.bib", references.bibtex(method.keys)),
            ("numbers.csv", doc.numbers_csv(root)),
        ):
            written.append(store.write_text(folder / name, text))
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
    return StudyResult(doc, written, summary, [f"{problem}." for problem in study.problems])


def _title(study: Study) -> str:
    grid = data_parts.region_of(study)
    if grid is None:
        return "Soil moisture from satellites"
    west, south, east, north = grid.bounds
    spans = [span for span in (chain_parts.days_of(path) for path in _records(study)) if span]
    years = f", {min(spans)[:4]} to {max(span[-10:] for span in spans)[:4]}" if spans else ""
    place = f"{_degrees(south, 'NS')} to {_degrees(north, 'NS')}, {_degrees(west, 'EW')} to {_degrees(east, 'EW')}"
    return f"Soil moisture from satellites, {place}{years}"


def _degrees(value: float, letters: str) -> str:
    """Degrees with their letter; longitudes beyond 180 are west."""
    value = value - 360.0 if letters == "EW" and value > 180.0 else value
    return f"{abs(value):g}° {letters[value < 0]}"


def _records(study: Study) -> list[Path]:
    return [path for run in reversed(study.of("reconstruct")) if (path := run.output("output")) is not None]


def _intro(study: Study) -> str:
    spans = "; ".join(sorted(chain_parts.days_of(path) for path in _records(study)))
    return f"Daily soil moisture (ANN-SM) on cells of 0.25°{f', {spans}' if spans else ''}."


def _provenance(study: Study) -> dict[str, str]:
    """Versions, and for every step when it ran and how it is repeated."""
    newest = study.runs[0].record.get("versions")
    found = {"versions": ", ".join(f"{name} {value}" for name, value in newest.items())} if isinstance(newest, dict) else {}
    for run in reversed(study.runs):
        repeat = run.record.get("repeat")
        command = str(repeat.get("qgis_process", "")) if isinstance(repeat, dict) else ""
        main = run.files[0].name
        found[f"{STEPS[run.step].title} → {main}"] = (
            f"{run.record.get('started', '')}, {run.record.get('seconds', '')} s\n{command}".strip()
        )
    return found


__all__ = ["StudyRequest", "StudyResult", "check", "overview", "run"]
