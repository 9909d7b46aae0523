"""annsm:validatesatellite: ANN-SM against SMAP."""

from __future__ import annotations

from typing import ClassVar

from .. import layers
from .. import parameters as p
from ..base import AnnsmAlgorithm, Outcome

#: Further rasters: title, help, style.
MORE = {
    "UBRMSE": ("ubRMSE per cell (m3 m-3)", "Root mean square error without the mean difference.", "rmse"),
    "N": ("Common days per cell", "Days with both.", "days"),
    "P": ("p-value of R per cell", "Of no correlation, with a sample size that respects autocorrelation and gaps.", "significance"),
    "ANOMALY_R": ("Anomaly R per cell", "Correlation of the departures from the mean of the 35 days around each day.", "r"),
    "R_LOW": ("Lower end of R's 95 % interval", "By Fisher's z with the effective sample size.", "r"),
    "R_HIGH": ("Upper end of R's 95 % interval", "By Fisher's z with the effective sample size.", "r"),
}

#: Names of layers that are not the output's own.
TITLES = {"ubrmse": "ubRMSE", "n": "Common days", "p": "p-value of R", "anomaly_r": "Anomaly R", "r_low": "R, low", "r_high": "R, high"}


class ValidateSatellite(AnnsmAlgorithm):
    NAME, TITLE = "validatesatellite", "Validate against SMAP"
    GROUP = ("validate", "2 - Validate")
    TAGS = ("validation", "SMAP", "R", "RMSE", "BIAS", "ubRMSE")
    ICON = "validate.svg"
    HELP = (
        "Compares ANN-SM with the SMAP soil moisture of a cube on their common days, cell by cell: maps of R, RMSE and "
        "BIAS = mean(SMAP - ANN-SM), and a report with the paper's numbers beside."
    )
    NUMBERS: ClassVar[dict[str, str]] = {
        "MEAN_R": "Mean R",
        "MEAN_RMSE": "Mean RMSE (m3 m-3)",
        "MEAN_BIAS": "Mean |BIAS| (m3 m-3)",
        "MEAN_UBRMSE": "Mean ubRMSE (m3 m-3)",
    }

    def parameters(self):
        return [
            p.file("INPUT", "ANN-SM", "The output of 'Reconstruct soil moisture'."),
            p.file("REFERENCE", "Reference cube", "A cube matched with the SMAP folder."),
            p.date("START", "First day of the test period", "Local date; empty: the first common day.", optional=True),
            p.date("END", "Last day of the test period", "Local date; empty: the last common day.", optional=True),
            p.raster_out("R", "R per cell", "Correlation."),
            p.raster_out("RMSE", "RMSE per cell (m3 m-3)", "Root mean square error."),
            p.raster_out("BIAS", "BIAS per cell (m3 m-3)", "Mean of SMAP minus ANN-SM: negative where ANN-SM is too wet."),
            *(p.raster_out(name, title, text) for name, (title, text, _) in MORE.items()),
            p.file_out("TABLE", "Table of cells", "One line per cell with every measure.", "csv", optional=True, default=False),
            p.integer("MIN_N", "Fewest common days", "A cell with fewer has no measures.", 10, 2, advanced=True),
            p.file_out("REPORT", "Report", "Figures and tables, the paper's numbers beside.", "html"),
            p.folder_out(
                "FIGURES",
                "Folder of figures",
                "Every figure as PNG at 300 dpi, PDF and SVG, with its numbers as CSV; for a publication.",
                optional=True,
                default=False,
            ),
        ]

    MAIN = "REPORT"

    def check(self, given):
        from ...core import validation

        validation.check_satellite(given["INPUT"], given["REFERENCE"], **self._asked(given))

    def _asked(self, given) -> dict:
        return {name.lower(): given[name] for name in ("START", "END", "MIN_N")}

    def work(self, given, progress, context):
        from ...core import validation
        from ...core.foundation import store
        from ...core.reports import figure_files
        from ...core.validation import satellite_figures, satellite_report

        result = validation.validate_satellite(given["INPUT"], given["REFERENCE"], **self._asked(given), progress=progress)
        styles = {"R": "r", "RMSE": "rmse", "BIAS": "bias", **{name: style for name, (_, _, style) in MORE.items()}}
        wanted = {name.lower(): given[name] for name in styles if given[name]}
        validation.write_maps(result, wanted)
        for name, path in wanted.items():
            layers.style_output(context, path, f"{TITLES.get(name, name.upper())} against SMAP", styles[name.upper()])
        if given["TABLE"]:
            store.write_text(given["TABLE"], validation.satellite_csv(result))
        satellite_report.write(given["REPORT"], result)
        if given["FIGURES"]:
            figure_files.write(given["FIGURES"], satellite_figures.publication(result))
        numbers = {f"MEAN_{name.upper()}": result.means[name][0] for name in ("r", "rmse", "bias", "ubrmse")}
        return Outcome(numbers, result.summary, result.warnings)
