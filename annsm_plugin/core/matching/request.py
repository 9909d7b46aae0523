"""What matching and precipitation screening are asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..foundation.paths import PathLike
from ..foundation.requests import Request, option, raster, script

OVERPASSES = ("descending", "ascending")

#: Retrievals of SPL3SMP as the dialog calls them; files and scripts write them without the dash, in small letters.
SMAP_VARIABLES = ("baseline", "DCA", "SCA-V", "SCA-H")
SMAP_QUALITIES = ("retrieved", "recommended")

#: The product of SMAP and how it comes to the cells.
SMAP_PRODUCTS = ("SPL3SMP", "SPL3SMP_E mean", "SPL3SMP_E linear")
CALIBRATIONS = ("none", "table", "climatology")
LAI_METHODS = ("linear", "area")
RAIN_HOURS = ("paper", "interval")
AMSR_LAYOUTS = ("documented", "0-360 south first", "180W-180E north first", "180W-180E south first")

#: Channels that a dialog offers; any other list may be given. Likewise local times.
CHANNELS = ("paper", "common", "06,10,18", "06,10,18,36", "10,18,36")
TIMES = ("solar", "+8", "file")

#: mm in 7 h; the paper's choice.
THRESHOLD = 8.75


@dataclass(frozen=True)
class MatchRequest(Request):
    """A matching run: all products on the 0.25 degree cells of a region and the local days of a period, as one cube.

    If ``output`` is a cube of the same region and settings already, the days are added to it; days that it holds are matched again.
    Finished blocks of days are kept beside it, so that a stopped run goes on where it was.
    """

    STEP = "matching"

    amsr: PathLike = option(
        "folder",
        "AMSR brightness temperature",
        "Folder of JAXA L3 files of AMSR2 and AMSR-E, or of NSIDC's calibrated brightness temperatures (CETB); both sensors may be in it.",
    )
    smap: Any = option("folder", "SMAP", "Folder of SPL3SMP or SPL3SMP_E files, whole or subsets; empty: a cube without target.", None)
    gldas: PathLike = option("folder", "GLDAS", "Folder of GLDAS-2.1 Noah 3-hourly files.")
    lai: PathLike = option("folder", "Leaf area index", "Folder of MODIS or VIIRS 15A2H tiles, or an AppEEARS export.")
    extent: Any = option(
        "extent", "Extent", "Empty: the Qinghai-Tibet Plateau, 73-105 E, 26-40 N. Across the dateline: 170,190,50,60.", None
    )
    mask: Any = option("polygons", "Mask", "Only cells whose centre lies in these polygons are matched.", None)
    start: Any = option("date", "First day", "Local date.", offered="2015-04-01")
    end: Any = option("date", "Last day", "Local date.", offered="2021-07-31")
    channels: Any = option(
        "words",
        "Channels",
        "'paper', 'common' (frequencies that both sensors have), or a list such as '06,10,18'.",
        "paper",
        optional=False,
        offered=CHANNELS,
    )
    polarisation: str = option(
        "choice", "Polarisation", "Vertical, horizontal or both; the paper does not say which it used.", choices=("V", "H", "both")
    )
    overpass: str = option("choice", "Overpass", "Descending passes are at night.", choices=OVERPASSES, advanced=True)
    smap_variable: str = option(
        "choice",
        "SMAP variable",
        "The retrieval of soil moisture: the baseline of the release, or one algorithm.",
        choices=SMAP_VARIABLES,
        advanced=True,
    )
    smap_product: str = option(
        "choice",
        "SMAP product",
        "'SPL3SMP': 36 km, interpolated as in the paper; 'SPL3SMP_E mean': the enhanced 9 km product, mean of the pixels in a cell; "
        "'SPL3SMP_E linear': the same, interpolated to the centre of the cell.",
        choices=SMAP_PRODUCTS,
        advanced=True,
    )
    smap_quality: str = option(
        "choice",
        "SMAP quality",
        "'retrieved': every retrieval; 'recommended': only those that the product's quality flag recommends.",
        choices=SMAP_QUALITIES,
        advanced=True,
    )
    calibration: str = option(
        "choice",
        "AMSR-E to AMSR2",
        "How AMSR-E is brought to the level of AMSR2. 'none': not at all, as in the paper; 'table': by a slope and an offset per channel; "
        "'climatology': each cell's mean annual cycle is made equal, which removes real change between the two periods too.",
        choices=CALIBRATIONS,
        advanced=True,
    )
    calibration_table: Any = option(
        "file",
        "Calibration table",
        "CSV with slope and offset (K) per channel, polarisation and orbit; needed if CALIBRATION is 'table'.",
        None,
        extension="csv",
        advanced=True,
    )
    lai_method: str = option(
        "choice",
        "Leaf area index by",
        "'linear': the paper's interpolation to the centre of the cell; 'area': mean of all good pixels in the cell.",
        choices=LAI_METHODS,
        advanced=True,
    )
    rain_hours: str = option(
        "choice",
        "Rain sum",
        "Rain between the overpasses. 'paper': the sum of seven hourly values, 01:00 to 07:00 local; 'interval': the depth that fell from "
        "00:30 to 07:30 local.",
        choices=RAIN_HOURS,
        advanced=True,
    )
    time: Any = option(
        "words",
        "Local time",
        "What a day is: 'solar' (UTC plus one hour per 15 degrees of longitude east, in each cell), a fixed offset from UTC such as '+8', "
        "or 'file' (the date in the file name).",
        "solar",
        optional=False,
        offered=TIMES,
        advanced=True,
    )
    amsr_layout: str = option(
        "choice",
        "Layout of AMSR files",
        "AMSR files hold no coordinates. 'documented': longitudes 0 to 360, north first. If land then lies where the sea "
        "is, matching stops and names the layout that fits.",
        choices=AMSR_LAYOUTS,
        advanced=True,
    )
    extra: Any = option(
        "files",
        "Extra predictors",
        "Further inputs: rasters (constant in time) and NetCDF files (constant or daily); file or variable names become theirs.",
        (),
        advanced=True,
    )
    output: PathLike = option("file_out", "Cube", "All variables, one value per cell and local day (CF NetCDF).", extension="nc")
    pairs: Any = raster("Complete days per cell", "Days on which a cell has all inputs and, with SMAP, the target.")
    lai_barren_zero: bool = script(True, "Whether barren ground counts as LAI 0; else it is missing.")
    workers: Any = script(
        None, "Number of processes that decode files. None: one per core if there are many files, else one; 0: this process does."
    )


@dataclass(frozen=True)
class ScreenRequest(Request):
    """A screening: marks the days of each cell on which more rain fell between the overpasses than ``threshold``, mm in 7 h."""

    STEP = "precipitation screening"

    cube: PathLike = option("file", "Cube", "The output of 'Match products'.", extension="nc", parameter="INPUT")
    threshold: float = option(
        "double",
        "Threshold (mm in 7 h)",
        "A day is marked if more rain than this fell in the seven hours between the overpasses; the paper found 8.75.",
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
    dropped: Any = raster("Days marked per cell", "How many days of each cell are marked.")
