"""What the two validations are asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..foundation.paths import PathLike
from ..foundation.requests import Request, figures, option, raster, script
from ..series.catalogue import LPRM_BANDS
from ..stations.choices import HOURS, UPSCALING

#: Whether and how products are brought to the depth of the sensors.
DEPTH_FILTERS = ("none", "fitted", "constant")

_CLASSES = (
    "Such as land cover: the comparison by class, beside that by season and by frozen soil. Its most frequent class in a cell counts."
)

#: Fewest common days for which R and the errors are given.
MIN_N = 10


@dataclass(frozen=True)
class SatelliteRequest(Request):
    """A validation of ANN-SM against the SMAP soil moisture of a cube, cell by cell, on their common days from ``start`` to ``end``."""

    STEP = "validation against SMAP"

    annsm: PathLike = option("file", "ANN-SM", "The output of 'Reconstruct soil moisture'.", extension="nc", parameter="INPUT")
    reference: PathLike = option("file", "Reference cube", "A cube matched with the SMAP folder.", extension="nc")
    start: Any = option("date", "First day of the test period", "Local date; empty: the first common day.", None)
    end: Any = option("date", "Last day of the test period", "Local date; empty: the last common day.", None)
    min_n: int = option("integer", "Fewest common days", "A cell with fewer has no measures.", MIN_N, low=2, advanced=True)
    strata: Any = option("file", "Raster of classes", _CLASSES, None, advanced=True)
    r: Any = raster("R per cell", "Correlation.")
    rmse: Any = raster("RMSE per cell (m3 m-3)", "Root mean square error.")
    bias: Any = raster("BIAS per cell (m3 m-3)", "Mean of SMAP minus ANN-SM: negative where ANN-SM is too wet.")
    ubrmse: Any = raster("ubRMSE per cell (m3 m-3)", "Root mean square error without the mean difference.")
    n: Any = raster("Common days per cell", "Days on which both have a value.")
    p: Any = raster(
        "p-value of R per cell", "Of the test for no correlation, with an effective sample size that allows for autocorrelation and gaps."
    )
    anomaly_r: Any = raster("Anomaly R per cell", "Correlation of the departures from the mean of the 35 days around each day.")
    r_low: Any = raster("Lower end of R's 95 % interval", "By Fisher's z with the effective sample size.")
    r_high: Any = raster("Upper end of R's 95 % interval", "By Fisher's z with the effective sample size.")
    table: Any = option("file_out", "Table of cells", "One line per cell with every measure.", None, extension="csv", asked=True)
    strata_table: Any = option(
        "file_out", "Table by season, soil and class", "Means over the cells in each.", None, extension="csv", asked=True
    )
    report: PathLike = option("file_out", "Report", "Figures and tables, the paper's numbers beside.", extension="html")
    figures: Any = figures()


@dataclass(frozen=True)
class StationsRequest(Request):
    """A validation of ANN-SM, and of the products that are given beside it, against stations.

    Sites in one 0.25 degree cell become one series (``upscaling``); each day counts its measurement nearest to ``hour`` (local solar time
    of the cell, within one hour; "daily": the local day's mean). LPRM and JAXA descending, SMOS ascending, by local date.
    """

    STEP = "validation against stations"

    annsm: PathLike = option("file", "ANN-SM", "The output of 'Reconstruct soil moisture'.", extension="nc", parameter="INPUT")
    stations: Any = option(
        "words", "Stations", "An ISMN folder or zip, or the series file of 'Load stations'. Scripts may give ``Station`` objects."
    )
    lprm: Any = option("folder", "LPRM", "Folder of LPRM AMSR files.", None)
    jaxa: Any = option("folder", "JAXA soil moisture", "Folder of JAXA SMC files.", None)
    smos: Any = option("folder", "SMOS", "Folder of CATDS L3 files.", None)
    start: Any = option("date", "First day", "Local date; empty: the first of ANN-SM.", None)
    end: Any = option("date", "Last day", "Local date; empty: the last of ANN-SM.", None)
    cube: Any = option("file", "Cube", "Adds GLDAS and, where the cube has it, SMAP.", None, extension="nc")
    hour: str = option(
        "choice",
        "Hour of comparison",
        "Local solar time of the stations' measurement, the nearest within an hour; or the mean of the day.",
        choices=tuple(HOURS),
        advanced=True,
    )
    lprm_band: str = option("choice", "Band of LPRM", "C1, C2 or X band.", choices=LPRM_BANDS, advanced=True)
    upscaling: str = option(
        "choice",
        "From sites to the cell",
        "Mean of the sites (the paper); the site that stays nearest to their mean (temporal stability, Vachaud 1985); weights by inverse "
        "error variance from triple collocation (three sites at least); or by the area nearest to each site (Voronoi).",
        choices=tuple(UPSCALING),
        advanced=True,
    )
    depth_filter: str = option(
        "choice",
        "Depth of the sensors",
        "Brings the products of the surface to the depth of deeper sensors by the exponential filter (Wagner 1999, Albergel 2008): with "
        "the time constant of every product and cell that fits best, or with a given one. None: they are compared as they are.",
        choices=DEPTH_FILTERS,
        advanced=True,
    )
    depth_days: float = option(
        "double", "Time constant (days)", "Of the exponential filter, where it is given.", 10.0, low=0.1, high=365.0, advanced=True
    )
    strata: Any = option(
        "file",
        "Raster of classes",
        _CLASSES,
        None,
        advanced=True,
    )
    output: Any = option("points_out", "Station cells", "One point per station cell with the statistics.", None)
    table: PathLike = option("file_out", "Table", "One row per cell and product.", extension="csv")
    sites: Any = option(
        "file_out", "Table of sites", "One row per site: weight, temporal stability, changes of probes.", None, extension="csv", asked=True
    )
    strata_table: Any = option(
        "file_out", "Table by season, soil and class", "Means of every product in each.", None, extension="csv", asked=True
    )
    report: Any = option("file_out", "Report", "Figures and tables, the paper's numbers beside.", None, extension="html")
    figures: Any = figures()
    networks: Any = script(None, "Names of the networks that count; None: all.")
    min_n: int = script(MIN_N, "Fewest common days of a cell that enters the means.")
