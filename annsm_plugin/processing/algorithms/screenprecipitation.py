"""annsm:screenprecipitation: marks the days with too much rain between the overpasses."""

from __future__ import annotations

from typing import ClassVar

from .. import layers
from .. import parameters as p
from ..base import AnnsmAlgorithm, Outcome


class ScreenPrecipitation(AnnsmAlgorithm):
    NAME, TITLE = "screenprecipitation", "Screen precipitation"
    TAGS = ("rain", "quality", "filter")
    ICON = "screen.svg"
    HELP = (
        "Marks the days of each cell on which more rain fell between the AMSR and the SMAP overpass than the threshold. "
        "Every value stays; training leaves the marked days out and reconstruction flags them."
    )
    NUMBERS: ClassVar[dict[str, str]] = {"DROPPED_DAYS": "Cell days marked"}

    def parameters(self):
        return [
            p.file("INPUT", "Cube", "The output of 'Match products'."),
            p.double(
                "THRESHOLD", "Threshold (mm in 7 h)", "A day is marked if its seven-hour sum exceeds this; the paper found 8.75.", 8.75, 0.0
            ),
            p.file(
                "SETTINGS",
                "Best settings",
                "The BEST file of a sensitivity analysis; its threshold replaces the one above.",
                "json",
                optional=True,
                advanced=True,
            ),
            p.flag("LOAD", "Load the cube", "Add the marks (1 = too much rain) to the project, one band per day."),
            p.file_out("OUTPUT", "Screened cube", "A copy of the cube with the marks."),
            p.raster_out("DROPPED", "Days marked per cell", "How many days of each cell are marked."),
        ]

    def _threshold(self, given) -> float:
        from ...core.training import best_settings

        return best_settings.threshold_of(given["SETTINGS"], given["THRESHOLD"])

    def check(self, given):
        from ...core.matching import precipitation

        precipitation.check(given["INPUT"], given["OUTPUT"], threshold=self._threshold(given))

    def work(self, given, progress, context):
        from ...core.foundation import store
        from ...core.matching import precipitation

        result = precipitation.screen(given["INPUT"], given["OUTPUT"], threshold=self._threshold(given), progress=progress)
        if given["DROPPED"]:
            store.write_raster(given["DROPPED"], result.dropped, result.grid, bands=("days marked",), units="days")
            layers.style_output(context, given["DROPPED"], "Rainy days per cell", "removed")
        if given["LOAD"]:
            layers.load_netcdf(given["OUTPUT"], "screened", "Rain screening", "screened", context, "OUTPUT")
        dropped = result.dropped[result.dropped == result.dropped]
        return Outcome({"DROPPED_DAYS": float(dropped.sum())}, result.summary)
