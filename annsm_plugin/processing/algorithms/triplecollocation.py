"""annsm:triplecollocation: the errors of three independent products, without a reference."""

from __future__ import annotations

from typing import ClassVar

from ...core.triple_collocation.choices import DRAWS, INDEPENDENCE, MIN_N, NAMES
from .. import layers
from .. import parameters as p
from ..base import AnnsmAlgorithm, Outcome

#: What X, Y and Z can be.
KINDS = "A cube, an ANN-SM file, a folder of LPRM, JAXA, SMOS, SMAP or GLDAS files, or stations (ISMN folder or zip, or a series file)."

WHICH = (
    "In a file the variable: soil_moisture, smap or gldas of a cube, or another name; in a folder of several products one of lprm, jaxa, "
    "smos, smap, gldas, stations; for LPRM also the band, c, c2 or x. Empty where there is no choice."
)

MAPS = {"STD": ("error standard deviation", "rmse"), "R": ("R with the truth", "r")}


class TripleCollocation(AnnsmAlgorithm):
    NAME, TITLE = "triplecollocation", "Triple collocation"
    GROUP = ("validate", "2 - Validate")
    TAGS = ("triple collocation", "error", "uncertainty", "LPRM", "JAXA", "SMOS", "GLDAS", "SMAP", "validation")
    ICON = "validate.svg"
    HELP = (
        "Estimates the error standard deviation of three products and their correlation with the unknown truth, cell by cell, from their "
        f"common days alone. {INDEPENDENCE} Pairs that are known to share something are named in the log and in the report."
    )
    MAIN = "REPORT"
    NUMBERS: ClassVar[dict[str, str]] = {
        "CELLS": "Cells estimated",
        **{f"MEAN_STD_{name}": f"Mean error standard deviation of {name} (m3 m-3)" for name in NAMES},
        **{f"MEAN_R_{name}": f"Mean R of {name} with the truth" for name in NAMES},
    }

    def parameters(self):
        return [
            *(p.words(name, f"Product {name}", KINDS) for name in NAMES),
            p.date("START", "First day", "Local date; empty: the first day that all three can have.", optional=True),
            p.date("END", "Last day", "Local date; empty: the last day that all three can have.", optional=True),
            *(p.words(f"{name}_VARIABLE", f"Which of {name}", WHICH, "", optional=True) for name in NAMES),
            p.extent("EXTENT", "Region", "Empty: the cells that the files have in common; with folders alone the plateau."),
            p.integer(
                "ANOMALY_DAYS",
                "Window of anomalies (days)",
                "0: the values as they are. Otherwise the mean of so many days around each day is taken away first (35 is usual), so that "
                "the season, which all three follow, does not count as skill. Where a window holds few days, some error goes with it.",
                0,
                0,
            ),
            p.integer("MIN_N", "Fewest common days", "A cell with fewer days that all three have gets no estimate.", MIN_N, 3),
            p.integer(
                "DRAWS",
                "Bootstrap draws",
                "For the 95 % intervals in the report, blocks of 30 days at a time; at least 40, or 0 for none.",
                DRAWS,
                0,
                advanced=True,
            ),
            p.integer("SEED", "Random seed", "The same seed gives the same intervals.", 0, 0, advanced=True),
            *(
                p.raster_out(f"STD_{name}", f"Error standard deviation of {name} (m3 m-3)", "In the data space of the product itself.")
                for name in NAMES
            ),
            *(p.raster_out(f"R_{name}", f"R of {name} with the truth", "Correlation with what nobody has measured.") for name in NAMES),
            p.raster_out("N", "Common days per cell", "Days on which all three have a value."),
            p.file_out("REPORT", "Report", "Assumption, maps, distributions and a table.", "html"),
            p.folder_out(
                "FIGURES",
                "Folder of figures",
                "Every figure as PNG at 300 dpi, PDF and SVG, with its numbers as CSV; for a publication.",
                optional=True,
                default=False,
            ),
        ]

    def _asked(self, given) -> dict:
        names = ("X", "Y", "Z", "START", "END", "EXTENT", "ANOMALY_DAYS", "MIN_N", "DRAWS")
        return {**{name.lower(): given[name] for name in names}, "variables": [given[f"{name}_VARIABLE"] for name in NAMES]}

    def check(self, given):
        from ...core.foundation import libraries
        from ...core.triple_collocation import maps as triple_maps

        libraries.load("matplotlib")
        triple_maps.check(**self._asked(given))

    def work(self, given, progress, context):
        from ...core.reports import figure_files
        from ...core.triple_collocation import maps as triple_maps
        from ...core.triple_collocation import report as triple_report

        result = triple_maps.collocate(**self._asked(given), seed=given["SEED"], progress=progress)
        wanted = {name: given[name] for name in (*(f"{kind}_{own}" for kind in MAPS for own in NAMES), "N") if given[name]}
        triple_maps.write_maps(result, {name.lower(): path for name, path in wanted.items()})
        for name, path in wanted.items():
            if name == "N":
                layers.style_output(context, path, "Triple collocation: common days", "days")
                continue
            kind, own = name.split("_")
            words, style = MAPS[kind]
            layers.style_output(context, path, f"{result.titles[NAMES.index(own)]}: {words}", style)
        triple_report.triple(given["REPORT"], result)
        if given["FIGURES"]:
            figure_files.write(given["FIGURES"], triple_report.publication(result))
        numbers = {f"MEAN_{kind}_{own}": result.means[f"{kind}_{own}".lower()][0] for kind in MAPS for own in NAMES}
        return Outcome({"CELLS": result.cells, **numbers}, result.summary, result.warnings)
