"""annsm:extractseries: daily series of points or of polygons."""

from __future__ import annotations

from typing import ClassVar

from ...core.record.request import ExtractRequest
from ..base import AnnsmAlgorithm, Outcome


class ExtractSeries(AnnsmAlgorithm):
    NAME, TITLE = "extractseries", "Extract series"
    GROUP = ("use", "3 - Use")
    TAGS = ("time series", "basin", "zonal", "area mean", "points")
    ICON = "stations.svg"
    MAIN = "TABLE"
    HELP = (
        "Takes daily series out of ANN-SM, a cube or a folder of LPRM, JAXA, SMOS, SMAP or GLDAS files: of a point's cell, or the "
        "mean of a polygon such as a basin, its cells weighted by the area that it covers of each. Layers in any reference system. A place "
        "outside the cells is said and has no line in the table."
    )
    NUMBERS: ClassVar[dict[str, str]] = {"PLACES": "Places with a value", "VALUES": "Values"}

    REQUEST, STEP = ExtractRequest, "record.extraction"

    def work(self, given, progress, context):
        from ...core.foundation.grid import Grid
        from ...core.record import extraction
        from .. import places

        source = extraction.look(given["INPUT"], given["VARIABLES"], progress)
        grid = source.grid or Grid.from_extent(places.extent_of(given["POINTS"], context))
        found = places.places_of(given["POINTS"], grid, given["NAME_FIELD"], context, progress)
        request = self.request(given, places=found)
        result = extraction.run(request, source, grid, progress)
        numbers = {"PLACES": result.known_places, "VALUES": result.values}
        return Outcome(numbers, result.summary, result.warnings, request)
