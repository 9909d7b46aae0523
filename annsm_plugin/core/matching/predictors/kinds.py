"""Which extra predictors are classes, which variables only say how good others are, and which numbers stand for no value.

Sources: the products' user guides and pages (MCD12Q1, MOD13, MOD16A2, MOD10A1; AppEEARS names layers and files after them).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

#: Names of layers whose numbers are classes: kinds of land cover, soil, climate and rock, mapping units. All names are compared in small
#: letters with _ for what is neither letter nor digit.
_CLASSES = re.compile(
    r"land_?cover|land_?use|world_?cover|glob_?cover|globeland|dynamic_?world|lc_?(type|prop)|lccs|mcd12[cq]1|glc_?fcs|igbp"
    r"|(soil|crop|rock|forest|climate|vegetation|veg|wetland)_?(type|class|group|order|unit|zone|map)|texture_?class|usda|hwsd|mu_?global"
    r"|k(oe|ö|o)ppen|geiger|biome|eco_?(region|zone)|litholog|geolog|landform"
    r"|(^|_)(lc|lulc|lucc|lu|clcd|nlcd|cnlucc|cdl|clc|corine|glc|glcc|cci_lc|pft|wrb|taxn\w*)(?=_|\d|$)"
)

#: Names of quantities, also where a product of classes is named beside them: the clay of HWSD, the probability of a class.
_SURELY_NUMBERS = re.compile(
    r"(^|_)(fraction|percent|percentage|pct|density|bulk|bdod|clay|sand|silt|carbon|assessment|confidence|probability"
    r"|uncertainty)(?=_|\d|$)"
    r"|coverfraction"
)

#: Names of other quantities, which a raster of few whole numbers may hold.
_NUMBERS = re.compile(
    r"(^|_)(slope|aspect|dem|dtm|dsm|srtm|gmted|elev|elevation|altitude|height|relief|terrain|depth|thickness|distance|twi|ndvi|evi2?|ndwi"
    r"|lai|fpar|vcf|gpp|npp|p?et|snow|swe|albedo|lst|temp|temperature|tair|precip|precipitation|rain|rainfall|moisture|porosity|conductivity|soc"
    r"|ocd|ocs|ph|phh2o|cec|nitrogen|cfvo|population|pop|share|ratio|index|count|number|age|year|biomass|agb|emissivity|wind|speed|pressure"
    r"|humidity|radiation)(?=_|\d|$)|tree_?cover|snow_?(cover|depth)|canopy_?(cover|height)|vegetation_?cover|impervious"
)

#: Names of layers that say how good or when or how others were observed.
_BESIDE = re.compile(
    r"(_|\b)(qc|qa|quality|flags?|reliability)(_|\b|\d)|day_of_the_year|(view|sun|solar|relative)_(zenith|azimuth)|zenith_angle|azimuth_angle",
    re.I,
)

#: Attributes by which a NetCDF variable declares what stands for no value.
_DECLARED = ("_FillValue", "missing_value")

#: Layer -> smallest and largest number, as stored, that is a value: the others are codes (clouds, water, night, no vegetation).
_VALID: tuple[tuple[re.Pattern[str], float, float], ...] = (
    (re.compile(r"ndsi_snow_cover$", re.I), 0, 100),
    (re.compile(r"(^|_)p?et_500m$|(^|_)p?le_500m$", re.I), -32767, 32700),
    (re.compile(r"(^|_)(ndvi|evi2?)$", re.I), -2000, 10000),
)

#: Numbers that no predictor has, and the largest that any has: others stand for no value, also where a file does not say so.
FILLS, LARGEST = (-9999.0, -32768.0), 1e30

#: AppEEARS's names of GeoTIFFs: layer, year, day of the year, area.
_APPEEARS = re.compile(r"^(.+)_doy(\d{4})(\d{3})\d*_(aid\d+)$", re.I)


def layer(stem: str) -> tuple[str, np.datetime64 | None, str]:
    """Layer, first day and area of a GeoTIFF named as AppEEARS does; of another file its whole name, None and nothing."""
    match = _APPEEARS.match(stem)
    if match is None:
        return stem, None, ""
    try:
        date = datetime.datetime.strptime(match.group(2) + match.group(3), "%Y%j").date()
    except ValueError:
        return stem, None, ""
    return match.group(1), np.datetime64(date, "D"), match.group(4).lower()


def beside(name: str) -> bool:
    """Whether a layer says how good (or when, or at which angle) others were observed, by its name."""
    return bool(_BESIDE.search(name))


def told(name: str) -> str:
    """What the user says of a file by the end of its name: "class", "mean" or, of most, nothing."""
    match = re.search(r"_(class|mean)$", _plain(name))
    return match.group(1) if match else ""


def named_classes(name: str) -> bool:
    """Whether the numbers of a layer are classes, by its name."""
    return bool(_CLASSES.search(_plain(name))) and not _SURELY_NUMBERS.search(_plain(name))


def named_numbers(name: str) -> bool:
    """Whether a layer is a quantity, by its name."""
    known = _SURELY_NUMBERS.search(_plain(name)) or _NUMBERS.search(_plain(name))
    return bool(known) or limits(_plain(name), {}) is not None


def _plain(name: str) -> str:
    return re.sub(r"[^0-9a-zö]+", "_", name.lower()).strip("_")


def has_classes(name: str, attributes: Mapping[str, Any], integers: bool) -> bool:
    """Whether the numbers of a NetCDF variable are classes: by its flags, or by its name."""
    flags = "flag_values" in attributes and np.size(attributes["flag_values"]) > 2
    return integers and (flags or named_classes(name) or named_classes(str(attributes.get("long_name", ""))))


def without_unit(attributes: Mapping[str, Any]) -> bool:
    """Whether a NetCDF variable has neither a unit nor a scale or offset that would make it a quantity."""
    scaled = attributes.get("scale_factor", 1.0) != 1.0 or attributes.get("add_offset", 0.0) != 0.0
    return not scaled and str(attributes.get("units", "")).strip().lower() in ("", "1", "-", "class", "classes", "none", "unitless")


def limits(name: str, attributes: Mapping[str, Any]) -> tuple[float, float] | None:
    """Smallest and largest number, as stored, that is a value; None if nothing tells.

    ``valid_range``, or ``valid_min`` and ``valid_max``, in the type of the stored numbers (CF-1.11, section 2.5.1), else by the name.
    """
    low, high = attributes.get("valid_min"), attributes.get("valid_max")
    if np.size(attributes.get("valid_range", ())) == 2:
        low, high = attributes["valid_range"]
    if low is not None and high is not None:
        try:
            return float(low), float(high)
        except (TypeError, ValueError):
            return None
    return next(((one, two) for pattern, one, two in _VALID if pattern.search(name)), None)


def undeclared(values: np.ndarray, attributes: Mapping[str, Any]) -> np.ndarray:
    """Which stored numbers of a NetCDF variable (any shape) stand for no value though it does not declare them so."""
    declared = [np.asarray(attributes[name], dtype=float).ravel() for name in _DECLARED if name in attributes]
    odd = ~(np.abs(values) <= LARGEST) & ~np.isnan(values)
    odd = odd if declared else odd | np.isin(values, FILLS)
    found: np.ndarray = odd & ~np.isin(values, np.concatenate([*declared, [np.nan]]))
    return found


def decoded(raw: np.ndarray, name: str, attributes: Mapping[str, Any]) -> np.ndarray:
    """Numbers of a NetCDF variable in its unit (float): fill values and codes NaN, scale and offset applied."""
    values = np.asarray(raw, dtype=float)
    bad = ~np.isfinite(values)
    bad |= undeclared(values, attributes)
    for attribute in _DECLARED:
        if attribute in attributes:
            bad |= np.isin(values, np.asarray(attributes[attribute], dtype=float))
    scale, offset = float(attributes.get("scale_factor", 1.0)), float(attributes.get("add_offset", 0.0))
    known = limits(name, attributes)
    if known is not None and raw.dtype.kind in "iu":
        bad |= (values < known[0]) | (values > known[1])
    values = values * scale + offset
    if known is not None and raw.dtype.kind == "f" and "valid" in " ".join(attributes):
        bad |= (values < known[0]) | (values > known[1])
    return np.where(bad, np.nan, values)


def middles(starts: np.ndarray, bounds: np.ndarray | None) -> tuple[np.ndarray, float] | None:
    """The days on which composites stand (float, since 1970) and how far each reaches (days); None if the times are daily.

    ``starts`` (n,) datetime64[D]; ``bounds`` (n, 2): first day of each and first day after it, where a file says so. A date alone is the
    first day of its composite, as in MODIS's products, unless all dates lie in the middle of their months.
    """
    days = starts.astype("datetime64[D]").astype(float)
    steps = np.diff(np.sort(days))
    step = float(np.median(steps)) if steps.size else 1.0
    if step < 1.5:
        return None
    if bounds is not None:
        return bounds.astype("datetime64[D]").astype(float).mean(axis=1), 1.5 * step
    of_month = (starts - starts.astype("datetime64[M]").astype("datetime64[D]")).astype(int) + 1
    shift = 0.0 if step > 27 and ((of_month >= 14) & (of_month <= 17)).all() else step / 2.0
    return days + shift, 1.5 * step
