"""annsm:match: all products on one grid and one local day."""

from __future__ import annotations

from typing import ClassVar

from .. import layers
from .. import parameters as p
from ..base import AnnsmAlgorithm, Outcome


class Match(AnnsmAlgorithm):
    NAME, TITLE = "match", "Match products"
    TAGS = ("cube", "AMSR2", "AMSR-E", "SMAP", "GLDAS", "LAI", "MODIS", "regrid", "collocate")
    ICON = "match.svg"
    NEEDS = ("xarray", "netCDF4")
    HELP = (
        "Brings brightness temperature (AMSR-E, AMSR2), GLDAS, MODIS leaf area index and, as the target, SMAP soil moisture to the "
        "same 0.25 degree cells and the same local solar days, and writes them as one cube. Leave SMAP out to make a cube for "
        "reconstruction only."
    )
    NUMBERS: ClassVar[dict[str, str]] = {"CELLS": "Cells with a complete day", "COMPLETE": "Complete cell days"}

    def parameters(self):
        return [
            p.folder("AMSR", "AMSR brightness temperature", "Folder of JAXA L3 files of AMSR2 and AMSR-E; both may be in it."),
            p.folder("SMAP", "SMAP", "Folder of SPL3SMP files; empty: a cube without target.", optional=True),
            p.folder("GLDAS", "GLDAS", "Folder of GLDAS-2.1 Noah 3-hourly files."),
            p.folder("LAI", "Leaf area index", "Folder of MODIS 15A2H tiles or an AppEEARS export."),
            p.extent("EXTENT", "Extent", "Empty: the Qinghai-Tibet Plateau, 73-105 E, 26-40 N. Across the dateline: 170,190,50,60."),
            p.polygons("MASK", "Mask", "Only cells with their centre in these polygons."),
            p.date("START", "First day", "Local date."),
            p.date("END", "Last day", "Local date."),
            p.words(
                "CHANNELS", "Channels", "'paper', 'common' (frequencies that both sensors have), or a list such as '06,10,18'.", "paper"
            ),
            p.choice("POLARISATION", "Polarisation", "The paper does not say which it used.", ("V", "H", "both")),
            p.choice("OVERPASS", "Overpass", "Descending passes are at night.", ("descending", "ascending"), advanced=True),
            p.choice(
                "SMAP_VARIABLE",
                "SMAP variable",
                "'baseline' or one of the three retrievals.",
                ("baseline", "DCA", "SCA-V", "SCA-H"),
                advanced=True,
            ),
            p.choice(
                "SMAP_QUALITY",
                "SMAP quality",
                "Every retrieval, or only those of recommended quality.",
                ("retrieved", "recommended"),
                advanced=True,
            ),
            p.choice(
                "CALIBRATION",
                "AMSR-E to AMSR2",
                "none: as the paper; table: slope and offset per channel; climatology: removes real change too.",
                ("none", "table", "climatology"),
                advanced=True,
            ),
            p.file(
                "CALIBRATION_TABLE",
                "Calibration table",
                "CSV with slope and offset per channel and orbit, for CALIBRATION 'table'.",
                "csv",
                optional=True,
                advanced=True,
            ),
            p.choice(
                "LAI_METHOD",
                "Leaf area index by",
                "'linear': the paper's interpolation; 'area': mean of the valid pixels of the cell.",
                ("linear", "area"),
                advanced=True,
            ),
            p.choice(
                "RAIN_HOURS",
                "Rain sum",
                "'paper': seven hourly values; 'interval': depth over 00:30-07:30 local.",
                ("paper", "interval"),
                advanced=True,
            ),
            p.words("TIME", "Local time", "'solar', a fixed offset such as '+8', or 'file' (by file date).", "solar", advanced=True),
            p.choice(
                "AMSR_LAYOUT",
                "Layout of AMSR files",
                "AMSR files hold no coordinates. 'documented': longitudes 0 to 360, north first. Matching checks where land lies and names "
                "the layout to choose if another one fits.",
                ("documented", "0-360 south first", "180W-180E north first", "180W-180E south first"),
                advanced=True,
            ),
            p.files("EXTRA", "Extra predictors", "Rasters or NetCDF files that take part by their name."),
            p.flag("LOAD", "Load the cube", "Add the first brightness temperature of the cube to the project."),
            p.file_out("OUTPUT", "Cube", "All variables, one value per cell and local day (CF NetCDF)."),
            p.raster_out("PAIRS", "Complete days per cell", "How many days of each cell have everything."),
        ]

    def _asked(self, given) -> dict:
        names = ("AMSR", "GLDAS", "LAI", "SMAP", "EXTENT", "START", "END", "CHANNELS", "POLARISATION", "OVERPASS", "SMAP_QUALITY",
                 "CALIBRATION", "CALIBRATION_TABLE", "LAI_METHOD", "RAIN_HOURS", "TIME", "AMSR_LAYOUT", "EXTRA",
                 "PAIRS")  # fmt: skip
        asked = {name.lower(): given[name] for name in names}
        asked["smap_variable"] = given["SMAP_VARIABLE"].lower().replace("-", "")
        return asked

    def check(self, given):
        from ...core import matching

        matching.check(given["OUTPUT"], **self._asked(given))

    def work(self, given, progress, context):
        from ...core import matching
        from ...core.foundation.grid import Grid
        from ...core.matching import channels
        from .. import masking

        asked = self._asked(given)
        if given["MASK"] is not None:
            asked["mask"] = masking.cells_inside(given["MASK"], Grid.from_extent(given["EXTENT"]), context, progress)
            given["MASK"] = given["MASK"].sourceName()
        result = matching.match(given["OUTPUT"], **asked, progress=progress)
        if given["PAIRS"]:
            layers.style_output(context, given["PAIRS"], "Complete days per cell", "days")
        if given["LOAD"]:
            first = channels.parse(given["CHANNELS"], given["POLARISATION"]).names[0]
            layers.load_netcdf(given["OUTPUT"], first, "Brightness temperature", "brightness_temperature", context, "OUTPUT")
        pairs = result.pairs
        numbers = {"CELLS": int((pairs > 0).sum()), "COMPLETE": int(pairs[pairs == pairs].sum())}
        return Outcome(numbers, result.summary, result.warnings)
