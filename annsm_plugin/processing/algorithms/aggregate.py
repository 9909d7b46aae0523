"""annsm:aggregate: what the record is for: months, seasons, years, anomalies and the trend."""

from __future__ import annotations

from typing import ClassVar

from ...core.record.request import AggregateRequest
from ..base import AnnsmAlgorithm


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

    REQUEST, STEP = AggregateRequest, "record.aggregation"
    LAYERS: ClassVar[dict[str, tuple[str, str]]] = {
        "TREND": ("Trend per year", "trend"),
        "SIGNIFICANCE": ("Significance of the trend (p)", "significance"),
    }

    def numbers(self, result):
        return {"PERIODS": result.periods, "MEDIAN_TREND": result.median_trend, "SIGNIFICANT": int((result.p < 0.05).sum())}
