"""annsm:match: all products on one grid and one local day."""

from __future__ import annotations

from typing import ClassVar

from ...core.matching.request import MatchRequest
from .. import layers
from .. import parameters as p
from ..base import AnnsmAlgorithm


class Match(AnnsmAlgorithm):
    NAME, TITLE = "match", "Match products"
    TAGS = ("cube", "AMSR2", "AMSR-E", "SMAP", "GLDAS", "LAI", "MODIS", "regrid", "collocate")
    ICON = "match.svg"
    HELP = (
        "Brings brightness temperature (AMSR-E, AMSR2), GLDAS, MODIS leaf area index and, as the target, SMAP soil moisture to the "
        "same 0.25 degree cells and the same local solar days, and writes them as one cube. Leave SMAP out to make a cube for "
        "reconstruction only."
    )
    REQUEST, STEP = MatchRequest, "matching"
    LAYERS: ClassVar[dict[str, tuple[str, str]]] = {"PAIRS": ("Complete days per cell", "days")}
    NUMBERS: ClassVar[dict[str, str]] = {"CELLS": "Cells with a complete day", "COMPLETE": "Complete cell days"}

    def more(self):
        return [p.flag("LOAD", "Load the cube", "Add the first brightness temperature of the cube to the project.")]

    def request(self, given, **changed):
        # a layer of polygons becomes the cells inside it when the work begins
        return super().request(given, **{"mask": None, **changed})

    def work(self, given, progress, context):
        from ...core.foundation.grid import Grid
        from .. import masking

        mask = None
        if given["MASK"] is not None:
            mask = masking.cells_inside(given["MASK"], Grid.from_extent(given["EXTENT"]), context, progress)
            given["MASK"] = given["MASK"].sourceName()
        return self.carried_out(self.request(given, mask=mask), given, progress, context)

    def show(self, given, result, context):
        from ...core.matching import channels

        if given["LOAD"]:
            first = channels.parse(given["CHANNELS"], given["POLARISATION"]).names[0]
            layers.load_netcdf(given["OUTPUT"], first, "Brightness temperature", "brightness_temperature", context, "OUTPUT")

    def numbers(self, result):
        pairs = result.pairs
        return {"CELLS": int((pairs > 0).sum()), "COMPLETE": int(pairs[pairs == pairs].sum())}
