"""What a triple collocation is asked to do, and the assumption that every account of it must state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..foundation.paths import PathLike
from ..foundation.requests import Request, figures, option, raster

NAMES = ("X", "Y", "Z")

#: Fewest common days of an estimate.
MIN_N = 100

#: Draws of the bootstrap unless asked otherwise.
DRAWS = 200

#: The condition of the method, said wherever its numbers are.
INDEPENDENCE = (
    "Triple collocation takes the errors of the three products as independent of each other and of the truth. ANN-SM is trained on SMAP, "
    "fed with GLDAS and driven by AMSR brightness temperature: beside SMAP, GLDAS or an AMSR retrieval (LPRM, JAXA) both seem better than "
    "they are, and the third seems worse. Choose three that share as little as possible, such as ANN-SM, SMOS and stations. How a station "
    "or a coarse pixel differs from the mean of its cell counts as its error."
)

#: What X, Y and Z can be.
KINDS = "A cube, an ANN-SM file, a folder of LPRM, JAXA, SMOS, SMAP or GLDAS files, or stations (ISMN folder or zip, or a series file)."

WHICH = (
    "In a file the variable: soil_moisture, smap or gldas of a cube, or another name; in a folder of several products one of lprm, jaxa, "
    "smos, smap, gldas, stations; for LPRM also the band, c, c2 or x. Empty where there is no choice."
)

_STD, _R = "In the data space of the product itself.", "Correlation with the unknown true soil moisture."


@dataclass(frozen=True)
class TripleRequest(Request):
    """A triple collocation: the errors of three products from their common days alone, cell by cell.

    extent: (west, south, east, north) in degrees; anomaly_days: 0, or the window whose moving mean is taken away first.
    """

    STEP = "triple collocation"

    x: PathLike = option("words", "Product X", KINDS)
    y: PathLike = option("words", "Product Y", KINDS)
    z: PathLike = option("words", "Product Z", KINDS)
    start: Any = option("date", "First day", "Local date; empty: the first day that all three can have.", None)
    end: Any = option("date", "Last day", "Local date; empty: the last day that all three can have.", None)
    x_variable: Any = option("words", "Which of X", WHICH, "")
    y_variable: Any = option("words", "Which of Y", WHICH, "")
    z_variable: Any = option("words", "Which of Z", WHICH, "")
    extent: Any = option("extent", "Region", "Empty: the cells that the files have in common; with folders alone the plateau.", None)
    anomaly_days: int = option(
        "integer",
        "Window of anomalies (days)",
        "0: the values as they are. Otherwise the mean of so many days around each day is taken away first (35 is usual), so that "
        "the season, which all three follow, does not count as skill. Where a window holds few days, part of the error is taken away too.",
        0,
        low=0,
    )
    min_n: int = option("integer", "Fewest common days", "A cell with fewer days that all three have gets no estimate.", MIN_N, low=3)
    draws: int = option(
        "integer",
        "Bootstrap draws",
        "For the 95 % intervals in the report, blocks of 30 days at a time; at least 40, or 0 for none.",
        DRAWS,
        low=0,
        advanced=True,
    )
    seed: int = option("integer", "Random seed", "The same seed gives the same intervals.", 0, low=0, advanced=True)
    std_x: Any = raster("Error standard deviation of X (m3 m-3)", _STD)
    std_y: Any = raster("Error standard deviation of Y (m3 m-3)", _STD)
    std_z: Any = raster("Error standard deviation of Z (m3 m-3)", _STD)
    r_x: Any = raster("R of X with the truth", _R)
    r_y: Any = raster("R of Y with the truth", _R)
    r_z: Any = raster("R of Z with the truth", _R)
    n: Any = raster("Common days per cell", "Days on which all three have a value.")
    report: PathLike = option("file_out", "Report", "Assumption, maps, distributions and a table.", extension="html")
    figures: Any = figures()

    @property
    def variables(self) -> tuple[Any, Any, Any]:
        """The variables of X, Y and Z."""
        return self.x_variable, self.y_variable, self.z_variable
