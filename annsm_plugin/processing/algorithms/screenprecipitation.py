"""annsm:screenprecipitation: marks the days with too much rain between the overpasses."""

from __future__ import annotations

from typing import ClassVar

from ...core.matching.request import ScreenRequest
from .. import layers
from .. import parameters as p
from ..base import AnnsmAlgorithm


class ScreenPrecipitation(AnnsmAlgorithm):
    NAME, TITLE = "screenprecipitation", "Screen precipitation"
    TAGS = ("rain", "quality", "filter")
    ICON = "screen.svg"
    HELP = (
        "Marks the days of each cell on which more rain fell between the AMSR and the SMAP overpass than the threshold. "
        "Every value stays; training leaves the marked days out and reconstruction flags them."
    )
    REQUEST, STEP = ScreenRequest, "matching.precipitation"
    LAYERS: ClassVar[dict[str, tuple[str, str]]] = {"DROPPED": ("Rainy days per cell", "removed")}
    NUMBERS: ClassVar[dict[str, str]] = {"DROPPED_DAYS": "Cell days marked"}

    def more(self):
        return [p.flag("LOAD", "Load the cube", "Add the marks (1 = too much rain) to the project, one band per day.")]

    def show(self, given, result, context):
        if given["LOAD"]:
            layers.load_netcdf(given["OUTPUT"], "screened", "Rain screening", "screened", context, "OUTPUT")

    def numbers(self, result):
        return {"DROPPED_DAYS": float(result.dropped[result.dropped == result.dropped].sum())}
