"""annsm:validatestations: ANN-SM and other products against stations."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from ...core.foundation.errors import ParameterError
from .. import layers
from .. import parameters as p
from ..base import AnnsmAlgorithm, Outcome


class ValidateStations(AnnsmAlgorithm):
    NAME, TITLE = "validatestations", "Validate against stations"
    GROUP = ("validate", "2 - Validate")
    TAGS = ("validation", "ISMN", "in situ", "LPRM", "JAXA", "SMOS")
    ICON = "validate.svg"
    NEEDS = ("xarray", "netCDF4", "pandas")
    HELP = (
        "Compares ANN-SM, and beside it LPRM, JAXA, SMOS, GLDAS and SMAP where they are given, with in situ soil moisture: stations in one "
        "cell are averaged and compared at the local hour of the overpass. BIAS = in situ - product, negative where the "
        "product is too wet. What was read of the products at the cells is kept beside the table (.series.npz), "
        "so that the next run opens new and changed files only."
    )
    NUMBERS: ClassVar[dict[str, str]] = {
        "MEAN_R": "Mean R",
        "MEAN_RMSE": "Mean RMSE (m3 m-3)",
        "MEAN_BIAS": "Mean |BIAS| (m3 m-3)",
        "CELLS": "Station cells",
    }

    def parameters(self):
        return [
            p.file("INPUT", "ANN-SM", "The output of 'Reconstruct soil moisture'."),
            p.words("STATIONS", "Stations", "An ISMN folder or zip, or the series file of 'Load stations'."),
            p.folder("LPRM", "LPRM", "Folder of LPRM AMSR files.", optional=True),
            p.folder("JAXA", "JAXA soil moisture", "Folder of JAXA SMC files.", optional=True),
            p.folder("SMOS", "SMOS", "Folder of CATDS L3 files.", optional=True),
            p.date("START", "First day", "Local date; empty: the first of ANN-SM.", optional=True),
            p.date("END", "Last day", "Local date; empty: the last of ANN-SM.", optional=True),
            p.file("CUBE", "Cube", "Adds GLDAS and, where the cube has it, SMAP.", optional=True),
            p.choice(
                "HOUR",
                "Hour of comparison",
                "Local solar time of the stations' measurement, the nearest within an hour; or the mean of the day.",
                ("01:30", "06:00", "daily"),
                advanced=True,
            ),
            p.choice("LPRM_BAND", "Band of LPRM", "C1, C2 or X band.", ("c", "c2", "x"), advanced=True),
            p.points_out("OUTPUT", "Station cells", "One point per station cell with the statistics.", optional=True),
            p.file_out("TABLE", "Table", "One row per cell and product.", "csv"),
            p.file_out("REPORT", "Report", "Figures and tables, the paper's numbers beside.", "html", optional=True),
            p.folder_out(
                "FIGURES",
                "Folder of figures",
                "Every figure as PNG at 300 dpi, PDF and SVG, with its numbers as CSV; for a publication.",
                optional=True,
                default=False,
            ),
        ]

    MAIN = "TABLE"

    def check(self, given):
        if not Path(given["STATIONS"] or "").exists() or not given["STATIONS"]:
            raise ParameterError(f"STATIONS: {given['STATIONS']} does not exist; expected a folder, a zip or a series file.")
        from ...core import validation

        validation.check_stations(given["INPUT"], given["STATIONS"], **self._asked(given))

    def _asked(self, given) -> dict:
        return {name.lower(): given[name] for name in ("LPRM", "JAXA", "SMOS", "CUBE", "START", "END", "HOUR", "LPRM_BAND")}

    def work(self, given, progress, context):
        from ...core import validation
        from ...core.foundation import store
        from ...core.reports import figure_files
        from ...core.stations.points import write_points
        from ...core.validation import station_publication, station_report
        from ...core.validation import stations as validation_stations

        memory = Path(given["TABLE"]).with_suffix(".series.npz")
        result = validation.validate_stations(given["INPUT"], given["STATIONS"], **self._asked(given), memory=memory, progress=progress)
        store.write_text(given["TABLE"], validation_stations.stations_csv(result))
        if given["OUTPUT"]:
            write_points(given["OUTPUT"], result.points)
            layers.style_output(context, given["OUTPUT"], "Stations: R of ANN-SM", "stations")
        if given["REPORT"]:
            station_report.write(given["REPORT"], result)
        if given["FIGURES"]:
            figure_files.write(given["FIGURES"], station_publication.publication(result))
        own = result.means["own days"]["ANN-SM"]
        numbers = {f"MEAN_{name.upper()}": own[name][0] for name in ("r", "rmse", "bias")}
        return Outcome({**numbers, "CELLS": own["cells"]}, result.summary, result.warnings)
