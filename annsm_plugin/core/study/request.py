"""What the report of a study is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..foundation.paths import PathLike
from ..foundation.requests import Request, option


@dataclass(frozen=True)
class StudyRequest(Request):
    """The report of a study, of what its steps left: in a folder, or named one by one.

    Every step is known by the run record beside what it wrote. Of two runs of a step the newer counts, cubes and records of several
    periods all do.
    """

    STEP = "study report"

    folder: Any = option(
        "folder", "Folder of results", "The folder in which the steps wrote their files; the folders in it count too.", None
    )
    files: Any = option(
        "files", "Results, one by one", "Files that the steps wrote, each with its run record beside: cube, model, ANN-SM, tables.", None
    )
    title: str = option("words", "Title", "Empty: soil moisture from satellites, with the region and the period.", "")
    area_map: Any = option(
        "file",
        "Map of the study area",
        "A raster that is shown behind the stations, such as elevation; empty: the leaf area index of the cube.",
        None,
        advanced=True,
    )
    area_label: str = option("words", "Label of that map", "What it shows, with the unit.", "", advanced=True)
    report: PathLike = option("file_out", "Report", "One page with all figures, for a browser.", extension="html")
    pdf: Any = option("file_out", "Report as PDF", "The same on A4 pages.", None, extension="pdf")
    figures: Any = option(
        "folder_out",
        "Figures, methods and references",
        "Every figure as PDF, SVG and PNG at 300 dpi with its numbers; methods.txt, references.bib, and numbers.csv, which says where "
        "every number of its tables and tiles comes from.",
        None,
    )
