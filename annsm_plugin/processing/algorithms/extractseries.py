"""annsm:extractseries: daily series of points or of polygons."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from .. import parameters as p
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

    def parameters(self):
        return [
            p.words("INPUT", "ANN-SM, cube or folder", "A file, or a folder of LPRM, JAXA, SMOS, SMAP or GLDAS files."),
            p.features("POINTS", "Points or polygons", "Stations, cities, basins."),
            p.words(
                "NAME_FIELD", "Field of the names", "Empty: name, station, site or id, or else the feature's number.", "", optional=True
            ),
            p.words(
                "VARIABLES",
                "Variables",
                "Names with commas between; in a folder the product or the band of LPRM. Empty: soil moisture.",
                "",
                optional=True,
            ),
            p.date("START", "First day", "Local date; empty: the first there is.", optional=True),
            p.date("END", "Last day", "Local date; empty: the last there is.", optional=True),
            p.double(
                "MIN_SHARE", "Least share of an area", "Less of a polygon with a value: the day is missing.", 0.5, 0.0, 1.0, advanced=True
            ),
            p.file_out("TABLE", "Table", "A line per place and day.", "csv"),
            p.file_out(
                "FIGURE",
                "Figure",
                "The first eight places (PNG at 300 dpi; PDF, SVG and the numbers beside).",
                "png",
                optional=True,
                default=False,
            ),
        ]

    def check(self, given):
        from ...core.foundation import libraries
        from ...core.record import extraction
        from ...core.reports import figure_files

        if given["FIGURE"]:
            libraries.load("matplotlib")
            figure_files.check_names(given["FIGURE"], TABLE=given["TABLE"])
        extraction.look(given["INPUT"], given["VARIABLES"])

    def work(self, given, progress, context):
        import numpy as np

        from ...core.foundation import store
        from ...core.foundation.grid import Grid
        from ...core.record import extraction
        from ...core.reports import figure_files
        from .. import places

        source = extraction.look(given["INPUT"], given["VARIABLES"], progress)
        grid = source.grid or Grid.from_extent(places.extent_of(given["POINTS"], context))
        found = places.places_of(given["POINTS"], grid, given["NAME_FIELD"], context, progress)
        result = extraction.extract(
            source, found, grid, start=given["START"], end=given["END"], min_share=given["MIN_SHARE"], progress=progress
        )
        store.write_text(given["TABLE"], extraction.table_csv(result))
        if given["FIGURE"]:
            figure_files.save(Path(given["FIGURE"]).with_suffix(""), extraction.draw(result))
        known = np.logical_or.reduce([np.isfinite(values) for values in result.series.values()])
        values = int(sum(np.isfinite(v).sum() for v in result.series.values()))
        return Outcome({"PLACES": int(known.any(axis=1).sum()), "VALUES": values}, result.summary, result.warnings)
