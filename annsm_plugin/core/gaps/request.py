"""What a filling of gaps is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..foundation.paths import PathLike
from ..foundation.requests import Request, option
from ..network.choices import DEVICES
from ..training.request import restated

#: Ways of filling, as the variable ``fill_way`` calls them.
WAYS = ("network", "dct", "convolution")

#: The ways among which 'best' chooses. Partial convolutions lost wherever they were tried (see docs/methods_gaps.md) and take longest.
CANDIDATES = ("network", "dct")

#: What a user chooses from; 'best' takes for each class of gaps the way that won where known values were hidden.
METHODS = ("best", *WAYS)

#: Classes of gaps by their length in days.
CLASSES = ("short", "long")

#: Longest gap, in days without a value, that counts as short: what swaths leave. Longer ones are outages of a sensor or between sensors.
LONGEST_SHORT = 7


@dataclass(frozen=True)
class FillRequest(Request):
    """A filling of gaps: a daily record without missing days, in which every filled value is flagged and has an uncertainty.

    The ways are learnt from the whole record; ``start`` and ``end`` bound what is written.
    """

    STEP = "gap filling"

    annsm: PathLike = option("file", "ANN-SM", "The output of 'Reconstruct soil moisture'.", extension="nc", parameter="INPUT")
    cube: PathLike = option(
        "file",
        "Cube",
        "The cube of the same cells and days, with GLDAS soil moisture (sm_gldas); its brightness temperatures are not used.",
        extension="nc",
    )
    method: str = option(
        "choice",
        "Method",
        "'network': one network for all cells, without brightness temperatures, its error carried over from the days beside the gap; "
        "'dct': smoothing in time and space by the discrete cosine transform; 'convolution': partial convolutions over neighbouring days; "
        "'best': for short gaps and for long ones whichever of 'network' and 'dct' errs least where known values are hidden.",
        choices=METHODS,
    )
    start: Any = option("date", "First day", "Local date; empty: the record's first.", None)
    end: Any = option("date", "Last day", "Local date; empty: the record's last.", None)
    frozen: bool = option(
        "flag", "Fill frozen soil too", "Days with soil at or below 273.15 K are learnt from and filled too, and flagged.", True
    )
    seed: int = option("integer", "Random seed", "The same seed gives the same result.", 0, low=0, advanced=True)
    device: str = option(
        "choice", "Device", "What the networks are trained on; 'auto' takes a CUDA device if there is one.", choices=DEVICES, advanced=True
    )
    python: Any = restated("python")
    output: PathLike = option("file_out", "Filled ANN-SM", "Daily soil moisture without missing days (CF NetCDF).", extension="nc")
    report: Any = option(
        "file_out", "Report", "Errors where known values were hidden, figures and counts.", None, extension="html", asked=True
    )
