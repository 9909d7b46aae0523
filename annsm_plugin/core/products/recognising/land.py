"""Recognises GLDAS, and exports and VIIRS's tiles of leaf area index, by their variables."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from ...foundation.errors import ProductError
from .. import naming
from ..access import Source
from ..naming import Entry
from ..readers import gldas as reader
from ..readers.lai import viirs as tiles
from .clues import named, texts

_NEEDED = "GLDAS-2.1 Noah, 3-hourly, 0.25 degree (GLDAS_NOAH025_3H.A*.021) is needed"

#: Variables of GLDAS's land models and what names end in.
_NOAH = ("SoilMoi0_10cm_inst", "SoilTMP0_10cm_inst", "AvgSurfT_inst", "Rainf_f_tavg", "RootMoist_inst", "CanopInt_inst")
_ENDS = re.compile(r"\w+_(inst|tavg|acc)$")

#: What the descriptions of other products of GLDAS say, and variables that only they have -> what they are.
_WORDS = (
    (("clsm", "catchment"), "GLDAS of another land model (Catchment, CLSM)"),
    (("vic",), "GLDAS of another land model (VIC)"),
    (("princeton", "gldas2.0", "gldas-2.0", "gldas_2.0"), "GLDAS-2.0, forced with other data"),
    (("gldas2.2", "gldas-2.2"), "GLDAS-2.2, which assimilates GRACE"),
    (("monthly",), "a monthly mean of GLDAS"),
)
_VARIABLES = (
    (("SoilMoist_S_tavg", "SoilMoist_RZ_tavg", "SoilMoist_P_inst", "SoilMoist_S_inst"), "GLDAS of another land model (Catchment, CLSM)"),
    (("SoilMoi0_30cm_inst", "SoilMoi_depth2_inst"), "GLDAS of another land model (VIC)"),
)


def gldas(source: Source) -> tuple[list[Entry], str] | None:
    """The entry of a GLDAS file. None for other files."""
    names = source.names()
    for variables, what in _VARIABLES:
        if any(name in names for name in variables):
            return _refused(source, what)
    fields = [name for name in names if _ENDS.fullmatch(name)]
    if not (any(name in names for name in _NOAH) or (fields and "gldas" in texts(source))) or "lat" not in names:
        return None
    about = texts(source)
    for words, what in _WORDS:
        if any(re.search(rf"\b{re.escape(word)}", about) for word in words):
            return _refused(source, what)
    lat, lon = source.axis("lat", 90.0), source.axis("lon", 360.0)
    step = float(np.median(np.abs(np.diff(lat)))) if lat.size > 1 else 0.25
    if abs(step - 0.25) > 1e-3:
        return _refused(source, f"GLDAS at {step:g} degree")
    told = named(source, ("gldas",))
    if told is not None:
        return [told], told.granule
    stamp = reader.stamp_of(source)
    if stamp is None:
        return [], "GLDAS without a time, so that its step is not known; give the file its old name"
    if (hours := _hours(source)) > 3.0:
        return _refused(source, "a monthly mean of GLDAS" if hours > 600 else f"GLDAS means over {hours:g} h")
    text = str(stamp.astype("datetime64[m]"))
    part = "" if (lat.size, lon.size) == (600, 1440) else ".SUB.nc4"
    name = f"GLDAS_NOAH025_3H.A{text[:10].replace('-', '')}.{text[11:13]}{text[14:16]}.021.nc4{part}"
    date = stamp.astype("datetime64[D]").item()
    return [Entry(str(source.path), "gldas", "Noah", date, stamp, version="021", granule=name)], name


def _hours(source: Source) -> float:
    """The hours that the file's time bounds span; 0 if it has none."""
    for name in ("time_bnds", "time_bounds"):
        if name in source.names():
            bounds = source.values(source.open(name), name).astype(float).ravel()
            if bounds.size == 2 and np.isfinite(bounds).all():
                unit = source.open("time").GetUnit() or ""
                return float(abs(bounds[1] - bounds[0])) / (60.0 if "minutes" in unit else 1.0)
    return 0.0


def _refused(source: Source, what: str) -> tuple[list[Entry], str]:
    return [Entry(str(source.path), "gldas", refused=f"this is {what}; {_NEEDED}")], ""


def leaf_area(source: Source) -> tuple[list[Entry], str] | None:
    """The entry of an AppEEARS export of leaf area index (NetCDF). None for other files."""
    names = source.names()
    if "Lai_500m" not in names or not {"time", "lat", "lon"} <= set(names):
        return None
    try:
        product = re.search(r"(M[COY]D15A2H)\.(\d{3})", texts(source, "title", "Title").upper())
    except ProductError:
        product = None
    sensor, version = product.groups() if product else ("MCD15A2H", None)
    name = f"{sensor}.{version or '000'}_500m_aid0001.nc"
    return [Entry(str(source.path), "lai", sensor, version=version, granule=name)], "an AppEEARS export of leaf area index"


def viirs(source: Source) -> tuple[list[Entry], str] | None:
    """The entry of a tile of VIIRS's leaf area index (HDF-EOS5). None for other files."""
    about = tiles.told(source)
    if about is None:
        return None
    known = named(source, ("lai",), *(about.get(name, "") for name in ("localgranuleid", "granuleid", "productfilename")))
    if known is not None:
        return [known], known.granule
    product = re.search(r"(VNP|VJ1|VJ2)15A2H", " ".join((about.get("shortname", ""), about.get("title", ""), about["grid"])), re.I)
    day = re.match(r"(\d{4})-(\d\d)-(\d\d)", about.get("rangebeginningdate") or about.get("startdate", ""))
    tile = tiles.tile_of(source.path)
    facts = {"product (ShortName)": product, "first day (RangeBeginningDate)": day, "place (StructMetadata.0)": tile}
    lacking = [what for what, fact in facts.items() if not fact]
    if not product or not day or lacking:
        return [], f"a tile of VIIRS's leaf area index that does not tell its {' nor its '.join(lacking)}; give the file its old name"
    try:
        start = naming.day_of_year(*(int(part) for part in day.groups()))
    except ValueError:
        return [], f"a tile of VIIRS's leaf area index of a day that does not exist ({day.group()})"
    version = re.sub(r"\D", "", about.get("versionid", "")) or "0"
    name = f"{product.group().upper()}.A{start}.{tile}.{int(version):03d}.{start}000000.h5"
    known = naming.entry(name)
    return ([replace(known, path=str(source.path), granule=name)], name) if known is not None else ([], f"a file called {name} in its text")
