"""What the steps that use a finished record are asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..foundation.paths import PathLike
from ..foundation.requests import Request, option, raster

#: Months per period; a season begins in December, March, June or September.
PERIODS = {"month": 1, "season": 3, "year": 12}

#: Statistics over the days of a period, and how CF calls them. An anomaly is a mean minus the mean of its season in the base period.
STATISTICS = {"mean": "mean", "anomaly": "mean", "minimum": "minimum", "maximum": "maximum", "std": "standard_deviation"}

#: Fewest days with a value in a month; three times that in a season, twelve times in a year.
MIN_DAYS = 10

#: Least share of an area that must have a value.
MIN_SHARE = 0.5


@dataclass(frozen=True)
class AggregateRequest(Request):
    """An aggregation: months, seasons or years of a daily variable, their anomalies and the trend of these.

    A period with too few days is missing; so is a season or year whose months are not all in the record.
    """

    STEP = "aggregation"

    source: PathLike = option(
        "file", "ANN-SM or cube", "The output of 'Reconstruct soil moisture', or a cube.", extension="nc", parameter="INPUT"
    )
    variable: Any = option("words", "Variable", "A daily variable of the file; empty: soil_moisture, or SMAP's or GLDAS's of a cube.", "")
    period: str = option("choice", "Period", "Length of the periods that the days are aggregated to.", choices=tuple(PERIODS))
    base: Any = option("words", "Base period", "Years of the climatology, such as '2003-2010'; empty: all.", "")
    statistics: Any = option(
        "choices",
        "Statistics",
        "What is written beside the number of days.",
        tuple(STATISTICS),
        choices=tuple(STATISTICS),
        optional=True,
    )
    min_days: int = option(
        "integer",
        "Fewest days in a month",
        "A month with fewer values is missing; a season needs three times, a year twelve times as many.",
        MIN_DAYS,
        low=1,
    )
    output: PathLike = option("file_out", "Aggregated", "One band per period and statistic (CF NetCDF).", extension="nc")
    trend: Any = raster("Trend per year", "Theil and Sen's slope of the anomalies, in the variable's unit per year.")
    significance: Any = raster("Significance of the trend (p)", "Mann and Kendall's p, for autocorrelated series.")


@dataclass(frozen=True)
class ExtractRequest(Request):
    """Daily series of places out of a file or a folder of product files.

    places: ``extraction.Place`` objects on ``grid`` (None: the file's own; a folder needs one).
    """

    STEP = "extraction"

    source: PathLike = option(
        "words", "ANN-SM, cube or folder", "A file, or a folder of LPRM, JAXA, SMOS, SMAP or GLDAS files.", parameter="INPUT"
    )
    places: Any = option("features", "Points or polygons", "Stations, cities, basins.", parameter="POINTS")
    name_field: Any = option("words", "Field of the names", "Empty: name, station, site or id, or else the feature's number.", "")
    variables: Any = option(
        "words",
        "Variables",
        "Names with commas between; in a folder the product or the band of LPRM. Empty: soil moisture.",
        "",
    )
    start: Any = option("date", "First day", "Local date; empty: the first there is.", None)
    end: Any = option("date", "Last day", "Local date; empty: the last there is.", None)
    min_share: float = option(
        "double",
        "Least share of an area",
        "Less of a polygon with a value: the day is missing.",
        MIN_SHARE,
        low=0.0,
        high=1.0,
        advanced=True,
    )
    table: PathLike = option("file_out", "Table", "A line per place and day.", extension="csv")
    figure: Any = option(
        "file_out", "Figure", "The first eight places (PNG at 300 dpi; PDF, SVG and the numbers beside).", None, extension="png", asked=True
    )
