"""annsm:studyreport: the study in one report, with figures, methods and references for a publication."""

from __future__ import annotations

from typing import ClassVar

from ...core.study.request import StudyRequest
from ..base import AnnsmAlgorithm


class StudyReport(AnnsmAlgorithm):
    NAME, TITLE = "studyreport", "Report of the study"
    GROUP = ("use", "3 - Use")
    TAGS = ("report", "publication", "figures", "methods", "references", "BibTeX", "PDF")
    ICON = "study.svg"
    NEEDS = ("xarray", "netCDF4")
    MAIN = "REPORT"
    HELP = (
        "Makes one report of what the steps left in a folder: study area, products, flow of the data, sensitivity, training, accuracy "
        "against SMAP and stations, triple collocation, other methods, trends, and the limits that are true of this study. Beside the page "
        "and its PDF stands a folder with every figure for a publication, a methods section in words with this study's numbers and "
        "choices, and the references. What is missing is left out, with a line that says how to produce it."
    )
    NUMBERS: ClassVar[dict[str, str]] = {"FIGURE_COUNT": "Figures", "TABLES": "Tables", "STATED": "Numbers with a source"}

    REQUEST, STEP = StudyRequest, "study.report"

    def numbers(self, result):
        return {"FIGURE_COUNT": len(result.document.figures), "TABLES": result.document.tables, "STATED": len(result.document.facts)}
