"""What matching and precipitation screening are asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..foundation.paths import PathLike
from ..foundation.requests import Request, option, script

OVERPASSES = ("descending", "ascending")

#: Retrievals of SPL3SMP as the dialog calls them; files and scripts write them without the dash, in small letters.
SMAP_VARIABLES = ("baseline", "DCA", "SCA-V", "SCA-H")
SMAP_QUALITIES = ("retrieved", "recommended")
CALIBRATIONS = ("none", "table", "climatology")
LAI_METHODS = ("linear", "area")
RAIN_HOURS = ("paper", "interval")
AMSR_LAYOUTS = ("documented", "0-360 south first", "180W-180E north first", "180W-180E south first")

#: mm in 7 h; the paper's choice.
THRESHOLD = 8.75


@dataclass(frozen=True)
class MatchRequest(Request):
    """A matching run: all products on the 0.25 degree cells of a region and the local days of a period, as one cube.

    An ``output`` that is a cube of the same region and settings gets the new days added (days that it has already are matched anew).
    Finished blocks of days are kept beside it, so that a stopped run goes on where it was.
    """

    STEP = "matching"

    amsr: PathLike = option("folder", "AMSR brightness temperature", "Folder of JAXA L3 files of AMSR2 and AMSR-E; both may be in it.")
    smap: Any = option("folder", "SMAP", "Folder of SPL3SMP files; empty: a cube without target.", None)
    gldas: PathLike = option("folder", "GLDAS", "Folder of GLDAS-2.1 Noah 3-hourly files.")
    lai: PathLike = option("folder", "Leaf area index", "Folder of MODIS 15A2H tiles or an AppEEARS export.")
    extent: Any = option(
        "extent", "Extent", "Empty: the Qinghai-Tibet Plateau, 73-105 E, 26-40 N. Across the dateline: 170,190,50,60.", None
    )
    mask: Any = option("polygons", "Mask", "Only cells with their centre in these polygons.", None)
    start: Any = option("date", "First day", "Local date.")
    end: Any = option("date", "Last day", "Local date.")
    channels: Any = option(
        "words",
        "Channels",
        "'paper', 'common' (frequencies that both sensors have), or a list such as '06,10,18'.",
        "paper",
        optional=False,
    )
    polarisation: str = option("choice", "Polarisation", "The paper does not say which it used.", choices=("V", "H", "both"))
    overpass: str = option("choice", "Overpass", "Descending passes are at night.", choices=OVERPASSES, advanced=True)
    smap_variable: str = option(
        "choice", "SMAP variable", "'baseline' or one of the three retrievals.", choices=SMAP_VARIABLES, advanced=True
    )
    smap_quality: str = option(
        "choice",
        "SMAP quality",
        "Every retrieval, or only those of recommended quality.",
        choices=SMAP_QUALITIES,
        advanced=True,
    )
    calibration: str = option(
        "choice",
        "AMSR-E to AMSR2",
        "none: as the paper; table: slope and offset per channel; climatology: removes real change too.",
        choices=CALIBRATIONS,
        advanced=True,
    )
    calibration_table: Any = option(
        "file",
        "Calibration table",
        "CSV with slope and offset per channel and orbit, for CALIBRATION 'table'.",
        None,
        extension="csv",
        advanced=True,
    )
    lai_method: str = option(
        "choice",
        "Leaf area index by",
        "'linear': the paper's interpolation; 'area': mean of the valid pixels of the cell.",
        choices=LAI_METHODS,
        advanced=True,
    )
    rain_hours: str = option(
        "choice",
        "Rain sum",
        "'paper': seven hourly values; 'interval': depth over 00:30-07:30 local.",
        choices=RAIN_HOURS,
        advanced=True,
    )
    time: Any = option(
        "words",
        "Local time",
        "'solar', a fixed offset such as '+8', or 'file' (by file date).",
        "solar",
        optional=False,
        advanced=True,
    )
    amsr_layout: str = option(
        "choice",
        "Layout of AMSR files",
        "AMSR files hold no coordinates. 'documented': longitudes 0 to 360, north first. Matching checks where land lies and names "
        "the layout to choose if another one fits.",
        choices=AMSR_LAYOUTS,
        advanced=True,
    )
    extra: Any = option("files", "Extra predictors", "Rasters or NetCDF files that take part by their name.", ())
    output: PathLike = option("file_out", "Cube", "All variables, one value per cell and local day (CF NetCDF).", extension="nc")
    pairs: Any = option("raster_out", "Complete days per cell", "How many days of each cell have everything.", None, asked=True)
    lai_barren_zero: bool = script(True, "Whether barren ground counts as LAI 0; else it is missing.")
    workers: Any = script(None, "Processes that decode files; None: one for each core where there are many files, else one; 0: none.")


@dataclass(frozen=True)
class ScreenRequest(Request):
    """A screening: marks the days of each cell on which more rain fell between the overpasses than ``threshold``, mm in 7 h."""

    STEP = "precipitation screening"

    cube: PathLike = option("file", "Cube", "The output of 'Match products'.", extension="nc", parameter="INPUT")
    threshold: float = option(
        "double",
        "Threshold (mm in 7 h)",
        "A day is marked if its seven-hour sum exceeds this; the paper found 8.75.",
        THRESHOLD,
        low=0.0,
    )
    settings: Any = option(
        "file",
        "Best settings",
        "The BEST file of a sensitivity analysis; its threshold replaces the one above.",
        None,
        extension="json",
        advanced=True,
    )
    output: PathLike = option("file_out", "Screened cube", "A copy of the cube with the marks.", extension="nc")
    dropped: Any = option("raster_out", "Days marked per cell", "How many days of each cell are marked.", None, asked=True)
