"""annsm:fillgaps: a daily record without missing days, every filled value flagged."""

from __future__ import annotations

from typing import ClassVar

from ...core.gaps.request import FillRequest
from .. import layers
from .. import parameters as p
from ..base import AnnsmAlgorithm


class FillGaps(AnnsmAlgorithm):
    NAME, TITLE = "fillgaps", "Fill gaps"
    TAGS = ("interpolation", "gap filling", "inpainting", "DCT", "partial convolution", "uncertainty")
    ICON = "fill.svg"
    HELP = (
        "Fills the days and swaths that an ANN-SM file lacks, such as those between AMSR-E and AMSR2. No estimated value changes; each "
        "filled one has the flag 'filled', the way in which it was filled, and an uncertainty. How well the ways fill is measured by "
        "hiding known values in gaps of the same shapes, beside linear interpolation and GLDAS; the report shows it. The network and the "
        "convolutions need PyTorch; without it 'best' takes the discrete cosine transform."
    )
    NUMBERS: ClassVar[dict[str, str]] = {
        "FILLED": "Values filled",
        "RMSE_SHORT": "RMSE of hidden values, short gaps (m3 m-3)",
        "RMSE_LONG": "RMSE of hidden values, long gaps (m3 m-3)",
    }

    REQUEST, STEP = FillRequest, "gaps.filling"

    def more(self):
        return [p.flag("LOAD", "Load the result", "Add the filled ANN-SM to the project, one band per day.", True)]

    def show(self, given, result, context):
        if given["LOAD"]:
            layers.load_netcdf(given["OUTPUT"], "soil_moisture", "ANN-SM soil moisture, filled", "soil_moisture", context, "OUTPUT")

    def numbers(self, result):
        lines = {kind: result.line(kind) for kind in ("short", "long")}
        errors = {f"RMSE_{kind.upper()}": line.rmse for kind, line in lines.items() if line is not None}
        return {"FILLED": result.counts["filled"], **errors}
