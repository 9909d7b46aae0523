"""Recognises products of AMSR2, AMSR-E and SMOS by their variables, grids and attributes."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from ...foundation.localtime import AMSR_HOUR
from .. import naming
from ..access import Source
from ..naming import Entry
from ..plausibility import times
from ..readers import cetb as cetb_reader
from ..readers import lprm as lprm_reader
from .clues import named, orbit, texts, usual_day, usual_hour

_H = "the 0.25 degree product (L) is needed"

#: Hours after which AMSR's and SMOS's ascending passes cross the equator, local time.
_AMSR_ASCENDING, _SMOS_ASCENDING = AMSR_HOUR["ascending"], 6.0


def amsr(source: Source) -> tuple[list[Entry], str] | None:
    """The entry of JAXA's L3 brightness temperature or soil moisture. Both hold no date: only the name in their attributes tells."""
    names = source.names()
    if "Brightness Temperature (H)" in names or "Brightness Temperature (V)" in names:
        product, what = "amsr_tb", "AMSR L3 brightness temperature (JAXA)"
        array = source.open(next(n for n in names if n.startswith("Brightness Temperature (")))
    elif "Geophysical Data" in names:
        product, what = "jaxa", "an AMSR L3 geophysical product (JAXA), soil moisture perhaps"
        array = source.open("Geophysical Data")
    else:
        return None
    shape = source.shape(array)[:2]
    told = named(source, ("amsr_tb", "jaxa"))
    if told is not None and (told.product == product or told.refused):
        return [told], told.granule
    if shape == (1800, 3600):
        return [Entry(str(source.path), product, refused=f"this is the 0.1 degree product (H); {_H}")], ""
    if shape != (720, 1440):
        return [Entry(str(source.path), product, refused=f"this is {what} on a grid of {shape[0]} x {shape[1]}; {_H}")], ""
    lacks = "channel and date" if product == "amsr_tb" else "date"
    return (
        [],
        f"{what} that says neither its {lacks.replace(' and ', ' nor its ')} nor its old name (GranuleID); give the file its old name",
    )


def cetb(source: Source) -> tuple[list[Entry], str] | None:
    """The entry of NSIDC's calibrated brightness temperatures (CETB)."""
    names = source.names()
    if not {"TB", "TB_time"} <= set(names):
        return None
    told = named(source, ("amsr_tb",))
    if told is not None:
        return [told], told.granule
    array, when = source.open("TB"), source.open("TB_time")
    shape = source.shape(array)[-2:]
    needed = "EASE2_T25km (all longitudes, 25 km) of AMSR-E or AMSR2 is needed"
    sensor = texts(source, "instrument", "sensor", "platform").replace("-", "").upper().strip()
    radiometer = next((own for own in ("AMSR2", "AMSRE") if own in sensor), "")
    what = "CETB brightness temperature (NSIDC)"
    if shape != (cetb_reader.ROWS, cetb_reader.COLUMNS):
        return [Entry(str(source.path), "amsr_tb", refused=f"this is {what} on a grid of {' x '.join(map(str, shape))}; {needed}")], ""
    if sensor and not radiometer:
        said = str(source.attribute(None, "instrument") or source.attribute(None, "sensor") or source.attribute(None, "platform") or "")
        return [Entry(str(source.path), "amsr_tb", refused=f"this is {what} of {said[:60] or 'another sensor'}; {needed}")], ""
    channel = re.match(r"\s*(\d+)(?:\.\d+)?\s*(?:GHz)?[\s,_-]*([HV])", str(source.attribute(array, "frequency_and_polarization", "")), re.I)
    unit = when.GetUnit() or str(source.attribute(when, "units", ""))
    day = re.match(r"\s*minutes since (\d{4})-(\d\d)-(\d\d)", unit)
    way = str(source.attribute(array, "temporal_division", "")).strip()[:1].upper()
    facts = {"sensor (instrument)": radiometer, "channel (frequency_and_polarization)": channel, "date (TB_time)": day}
    facts["direction (temporal_division)"] = way if way in "AD" else ""
    lacking = [name for name, fact in facts.items() if not fact]
    if not channel or not day or lacking:
        return [], f"{what} that does not tell its {' nor its '.join(lacking)}; give the file its old name"
    try:
        made = naming.day_of_year(*(int(part) for part in day.groups()))
    except ValueError:
        return [], f"{what} of a day that does not exist ({unit.strip()[:40]})"
    number, platform = ("NSIDC-0763", "GCOMW1") if radiometer == "AMSR2" else ("NSIDC-0630", "AQUA")
    version = re.sub(r"[^\d.]", "", str(source.attribute(None, "product_version", ""))) or "0"
    letter = channel.group(2).upper()
    name = f"{number}-EASE2_T25km-{platform}_{radiometer}-{made}-{channel.group(1)}{letter}-{way}-GRD-NSIDC-v{version}.nc"
    known = naming.entry(name)
    if known is None:
        return [], f"{what} of channel {channel.group()}, which has no name"
    return [replace(known, path=str(source.path), granule=name)], name


def lprm(source: Source) -> tuple[list[Entry], str] | None:
    """The entry of an LPRM file."""
    names = source.names()
    bands = [name for name in ("soil_moisture_c1", "soil_moisture_c2", "soil_moisture_c", "soil_moisture_x") if name in names]
    if not bands or not {"Latitude", "Longitude"} <= set(names):
        return None
    told = named(source, ("lprm",))
    if told is not None:
        return [told], told.granule
    lat, lon = source.axis("Latitude", 90.0), source.axis("Longitude", 360.0)
    if abs(float(np.median(np.abs(np.diff(lat)))) - 0.25) > 1e-3:
        sentence = "this is an LPRM product on another grid (10 km perhaps); the 0.25 degree product is needed"
        return [Entry(str(source.path), "lprm", refused=sentence)], ""
    if "scantime" not in names:
        return [], "LPRM soil moisture without observation times, so that its date is not known; give the file its old name"
    array = source.open("scantime")
    turned = source.shape(array) == (lon.size, lat.size)
    seconds = source.values(array, "scantime").astype(float)
    stamps = times(np.where(seconds > 0.0, seconds, np.nan).T if turned else np.where(seconds > 0.0, seconds, np.nan), lprm_reader.EPOCH)
    day, way = usual_day(stamps), orbit(usual_hour(stamps, lon), _AMSR_ASCENDING)
    if day is None or way is None:
        return [], "LPRM soil moisture whose observation times do not tell its date and overpass; give the file its old name"
    newer = "soil_moisture_c1" in bands or "soil_moisture_c2" in bands or ("soil_moisture_c" not in bands and day.year > 2011)
    sensor, version = ("AMSR2", "001") if newer else ("AMSR-E", "002")
    name = f"LPRM-{sensor.replace('-', '_')}_L3_{way}_SOILM3_V{version}_{day:%Y%m%d}000000.nc"
    return [Entry(str(source.path), "lprm", sensor, day, orbit=way, version=version, granule=name)], name


def smos(source: Source) -> tuple[list[Entry], str] | None:
    """The entry of a SMOS L3 or SMOS-IC file."""
    names = source.names()
    if "Soil_Moisture" not in names or not {"lat", "lon"} <= set(names):
        return None
    told = named(source, ("smos",))
    if told is not None:
        return [told], told.granule
    pair = next((p for p in (("Mean_Acq_Time_Days", "Mean_Acq_Time_Seconds"), ("Days", "UTC_Seconds")) if set(p) <= set(names)), None)
    if pair is None:
        return [], "soil moisture in the form of SMOS without observation times, so that its date is not known"
    lon = source.axis("lon", 360.0)
    days, seconds = (source.values(source.open(name), name).astype(float) for name in pair)
    days, seconds = days.reshape(-1, lon.size), seconds.reshape(-1, lon.size)
    good = (days >= 1) & (days < 1e6) & (seconds >= 0)
    stamps = times(np.where(good, days * 86400.0 + seconds, np.nan), "2000-01-01T00:00:00")
    day, way = usual_day(stamps), orbit(usual_hour(stamps, lon), _SMOS_ASCENDING)
    if day is None or way is None:
        return [], "SMOS soil moisture whose observation times do not tell its date and overpass; give the file its old name"
    ic = pair[0] == "Days" or "smos-ic" in texts(source)
    name = f"SM_OPER_MIR_{'CDF3S' if ic else 'CLF31'}{way}_{day:%Y%m%d}.nc"
    return [Entry(str(source.path), "smos", "SMOS-IC" if ic else "SMOS", day, orbit=way, granule=name)], name
