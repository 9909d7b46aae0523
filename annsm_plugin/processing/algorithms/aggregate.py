"""annsm:aggregate: what the record is for: months, seasons, years, anomalies and the trend."""

from __future__ import annotations

from typing import ClassVar

from ...core.record.aggregation_choices import MIN_DAYS, PERIODS, STATISTICS
from .. import layers
from .. import parameters as p
from ..base import AnnsmAlgorithm, Outcome


class Aggregate(AnnsmAlgorithm):
    NAME, TITLE = "aggregate", "Aggregate and trend"
    GROUP = ("use", "3 - Use")
    TAGS = ("monthly", "seasonal", "anomaly", "climatology", "trend", "Theil-Sen", "Mann-Kendall")
    ICON = "validate.svg"
    NEEDS = ("xarray", "netCDF4")
    HELP = (
        "Turns daily soil moisture into months, seasons (December to February is the winter of the January's year) or years: mean, "
        "extremes, standard deviation, number of days, and the anomaly from the same month or season of a base period. The trend of the "
        "anomalies is Theil and Sen's slope, its p-value Mann and Kendall's with Hamed and Rao's variance for autocorrelated series. A "
        "record that spans AMSR-E and AMSR2 may hold a step between them that passes for a trend."
    )
    NUMBERS: ClassVar[dict[str, str]] = {
        "PERIODS": "Periods",
        "MEDIAN_TREND": "Median trend per year",
        "SIGNIFICANT": "Cells with p < 0.05",
    }

    def parameters(self):
        return [
            p.file("INPUT", "ANN-SM or cube", "The output of 'Reconstruct soil moisture', or a cube."),
            p.words(
                "VARIABLE",
                "Variable",
                "A daily variable of the file; empty: soil_moisture, or SMAP's or GLDAS's of a cube.",
                "",
                optional=True,
            ),
            p.choice("PERIOD", "Period", "What the days are brought together to.", tuple(PERIODS)),
            p.words("BASE", "Base period", "Years of the climatology, such as '2003-2010'; empty: all.", "", optional=True),
            p.choices("STATISTICS", "Statistics", "What is written beside the number of days.", tuple(STATISTICS)),
            p.integer(
                "MIN_DAYS",
                "Fewest days in a month",
                "A month with fewer values is missing; a season needs three times, a year twelve times as many.",
                MIN_DAYS,
                1,
            ),
            p.file_out("OUTPUT", "Aggregated", "One band per period and statistic (CF NetCDF)."),
            p.raster_out("TREND", "Trend per year", "Theil and Sen's slope of the anomalies, in the variable's unit per year."),
            p.raster_out("SIGNIFICANCE", "Significance of the trend (p)", "Mann and Kendall's p, for autocorrelated series."),
        ]

    def _asked(self, given) -> dict:
        return {name.lower(): given[name] for name in ("VARIABLE", "PERIOD", "BASE", "STATISTICS", "MIN_DAYS")}

    def check(self, given):
        from ...core.record import aggregation

        aggregation.check(given["INPUT"], given["OUTPUT"], **self._asked(given))

    def work(self, given, progress, context):
        import numpy as np

        from ...core.foundation import store
        from ...core.record import aggregation

        result = aggregation.aggregate(given["INPUT"], given["OUTPUT"], **self._asked(given), progress=progress)
        for name, values, style, title in (
            ("TREND", result.slope, "trend", "Trend per year"),
            ("SIGNIFICANCE", result.p, "significance", "Significance of the trend (p)"),
        ):
            if given[name]:
                store.write_raster(given[name], values, result.grid, bands=(title,))
                layers.style_output(context, given[name], title, style)
        known = np.isfinite(result.slope)
        median = float(np.median(result.slope[known])) if known.any() else float("nan")
        numbers = {"PERIODS": result.periods, "MEDIAN_TREND": median, "SIGNIFICANT": int((result.p < 0.05).sum())}
        return Outcome(numbers, result.summary, result.warnings)
