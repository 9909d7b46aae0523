"""What was matched and how: the study area, the products, local days, the choices of matching, and the screening of rainy days."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from ...foundation.grid import DEFAULT_REGION, Grid
from ...foundation.localtime import AMSR_HOUR
from ...foundation.variables import LAI_FAMILIES
from ...matching.best_settings import NO_SCREENING
from ...matching.channels import parse
from ...matching.gldas import HOUR
from ...matching.precipitation import INTERVAL, PAPER_HOURS
from ...matching.request import THRESHOLD
from ...statistics.sensor_change import FIRST_AMSR2, LAST_AMSRE
from ..results import Study
from .telling import Sentence, Told, alike, capital, count, days_between, listed, periods, plain, say, some, spans

AREA, MATCHING, SCREENING = "Study area and data", "Matching", "Screening"

#: Names in a folder of leaf area index that are looked at to see which product it holds.
_LOOKED_AT = 5000

#: Local time at which SMAP crosses.
SMAP_HOUR = {"descending": "06:00", "ascending": "18:00"}

_SENSORS = {"AMSR-E": "AMSR-E [@kawanishi2003]", "AMSR2": "AMSR2 [@imaoka2010]"}

_RETRIEVALS = {
    "baseline": "the baseline retrieval",
    "DCA": "the retrieval of the dual channel algorithm (DCA)",
    "SCA-V": "the retrieval of the single channel algorithm in vertical polarisation (SCA-V)",
    "SCA-H": "the retrieval of the single channel algorithm in horizontal polarisation (SCA-H)",
}

_LAI = {"MCD": ("MCD15A2H", "@myneni2021mcd"), "MOD": ("MOD15A2H", "@myneni2021mod"), "MYD": ("MYD15A2H", ""),
        "VNP": ("VNP15A2H", ""), "VJ1": ("VJ115A2H", ""), "VJ2": ("VJ215A2H", "")}  # fmt: skip


def matches(study: Study) -> list[Told]:
    """The matches by their first day."""
    found = [Told(run) for run in study.of("match")]
    return sorted(found, key=lambda told: str(getattr(told.run.request, "start", "")))


def area_and_data(study: Study) -> list[Sentence]:
    """Synthetic data first; then where, when, and the products."""
    runs = matches(study)
    found = []
    if study.synthetic:
        made = f"All data of this study are synthetic ({plain(study.synthetic)})"
        text = f"{made}: nothing was observed, and no number says anything of a real place."
        found.append(say(AREA, text, **{"attribute synthetic": study.synthetic}))
    if not runs:
        return found
    found += alike(AREA, runs, _area)
    stretches = [stretch for told in runs for stretch in periods(told)]
    if stretches:
        lengths = [days_between(*stretch) for stretch in stretches]
        days = listed(f"from {first} to {last} ({some(length, 'day')})" for (first, last), length in zip(stretches, lengths))
        found.append(say(AREA, f"The data cover the local days {days}.", *runs, **{"days of the periods": lengths}))
    found += [*_amsr(runs), *_smap(runs), *_gldas(runs), *_lai(runs)]
    found += alike(AREA, [told for told in runs if told.run.request.extra], _extra)
    bad = sum(told.number(f"files_{name}_unreadable") for told in runs for name in ("amsr_tb", "smap", "gldas", "lai"))
    if bad:
        found.append(say(AREA, f"Of the files {count(bad)} could not be read and {'was' if bad == 1 else 'were'} left out.", *runs))
    for told in runs:
        told.notes = {}
    return found


def _degrees(low: float, high: float, sides: str) -> str:
    """ "89-98 E", "10 W to 5 E"; ``sides``: the letters of positive and negative degrees."""
    low, high = (value - 360 if value > 180 and sides == "EW" else value for value in (low, high))
    first, second = (sides[0] if value >= 0 else sides[1] for value in (low, high))
    return f"{abs(low):g}-{abs(high):g} {first}" if first == second else f"{abs(low):g} {first} to {abs(high):g} {second}"


def _area(told: Told) -> str:
    grid = Grid.from_extent(told.asked("extent") or told.noted("DEFAULT_REGION", DEFAULT_REGION))
    west, south, east, north = (float(v) for v in grid.bounds)
    rows, columns = told.noted("cells", grid.shape)
    named = "" if told.run.request.extent else "the Qinghai-Tibet Plateau, "
    text = (
        f"the study area is {named}{_degrees(west, east, 'EW')}, {_degrees(south, north, 'NS')}, on a regular grid of 0.25 degree with "
        f"{rows} x {columns} cells"
    )
    return f"{text}, of which those with their centre in the polygons of a mask were used" if told.asked("mask") else text


def sensors(told: Told) -> list[str]:
    """The radiometers that the days of a match can have."""
    stretches = periods(told)
    found = ["AMSR-E"] if any(first <= str(LAST_AMSRE) for first, _ in stretches) else []
    return found + (["AMSR2"] if any(last >= str(FIRST_AMSR2) for _, last in stretches) else [])


def _files(runs: Sequence[Told], attribute: str, word: str) -> str:
    """How many files were read, by match where there are several; empty if it is not known."""
    found = []
    for told in runs:
        number = told.number(f"files_{attribute}")
        if not number:
            said = told.summary(rf"^Files read:.*?(\d+) {word}\b")
            number = float(said[1]) if said else 0.0
        if number:
            found.append((some(number, "file"), spans(periods(told), "")))
    if not found:
        return ""
    return found[0][0] if len(found) == 1 and len(runs) == 1 else listed(f"{files} for {days}" for files, days in found)


def _versions(runs: Sequence[Told], attribute: str) -> list[str]:
    found: dict[str, None] = {}
    for told in runs:
        found.update(dict.fromkeys(word for word in str(told.attribute(attribute) or "").split() if word not in ("unknown", "none")))
    return list(found)


def _product(text: str, runs: Sequence[Told], attribute: str, files: str, word: str, called: str = "version") -> str:
    """The text with the versions and the number of files of a product."""
    versions = _versions(runs, attribute)
    several = called if len(versions) == 1 else f"{called}s"
    parts = [*([f"{several} {listed(versions)}"] if versions else []), _files(runs, files, word)]
    told = "; ".join(part for part in parts if part)
    return f"{text} ({told})" if told else text


def _amsr(runs: list[Told]) -> list[Sentence]:
    found = list(dict.fromkeys(sensor for told in runs for sensor in sensors(told)))
    names = listed(_SENSORS[sensor] for sensor in _SENSORS if sensor in found) or "AMSR"
    text = f"Brightness temperatures are from the daily level 3 products of {names} on 0.25 degree"
    return [say(AREA, f"{_product(text, runs, 'amsr_versions', 'amsr_tb', 'AMSR')}.", *runs)]


def _smap(runs: list[Told]) -> list[Sentence]:
    own = [told for told in runs if told.run.request.smap]
    if not own:
        return []
    fine = {told.word("smap_product").startswith("SPL3SMP_E") for told in own}
    level = {False: "level 3 on 36 km (SPL3SMP)", True: "level 3 enhanced on 9 km (SPL3SMP_E)"}
    text = f"The target is the soil moisture of SMAP [@entekhabi2010smap], {' and '.join(level[kind] for kind in sorted(fine))}"
    product = _product(text, own, "smap_versions", "smap", "SMAP", "release").replace(") (", "; ")
    return [say(AREA, f"{product}.", *own), *alike(AREA, own, _retrieval)]


def _retrieval(told: Told) -> str:
    variable, quality = told.word("smap_variable"), told.word("smap_quality")
    words = _RETRIEVALS.get(variable, f"the retrieval {variable}")
    if variable == "baseline" and told.attribute("smap_baseline"):
        words += f" ({told.attribute('smap_baseline')})"
    overpass = told.word("overpass")
    which = "wherever it exists" if quality == "retrieved" else "where its quality flag recommends it"
    return f"{words} of the {overpass} passes ({SMAP_HOUR.get(overpass, '')} local time) was taken {which}"


def _gldas(runs: list[Told]) -> list[Sentence]:
    rain = [told for told in runs if has_rain(told)]
    data = "; @beaudoing2020" if "021" in _versions(runs, "gldas_versions") else ""
    what = ["soil moisture and soil temperature of 0-10 cm", "surface temperature", *(["precipitation"] if rain else [])]
    verb = f"{capital(listed(what))} are from the Noah model of GLDAS-2.1 [@rodell2004{data}], three-hourly on 0.25 degree"
    return [say(AREA, f"{_product(verb, runs, 'gldas_versions', 'gldas', 'GLDAS')}.", *runs)]


def _lai(runs: list[Told]) -> list[Sentence]:
    known: dict[str, str] = {}
    for told in runs:
        known.update(dict.fromkeys(_held(str(told.run.request.lai or "")), told.file("lai")))
    cited = [key for name in known if "061" in _versions(runs, "lai_versions") and (key := _LAI[name][1])]
    names = listed(_LAI[name][0] for name in known) or "15A2H"
    work = f" [{'; '.join(cited)}]" if cited else ""
    modis, viirs = (any(_LAI[name][0] in group for name in known) for group in LAI_FAMILIES.values())
    made = "MODIS and VIIRS products" if modis and viirs else "VIIRS product" if viirs else "MODIS product"
    text = f"Leaf area index is from the eight-day {made} {names}{work} at 500 m"
    facts = {f"names of the files in {folder}": name for name, folder in known.items()}
    return [say(AREA, f"{_product(text, runs, 'lai_versions', 'lai', 'LAI')}.", *runs, **facts)]


def _held(folder: str) -> list[str]:
    """Which of the three products a folder of leaf area index holds, as far as its first names say."""
    found: set[str] = set()
    looked = 0
    for _, _, names in os.walk(folder) if folder else ():
        found.update(match[1] for match in map(re.compile(r"(MCD|MOD|MYD|VNP|VJ1|VJ2)15A2H\.").search, names[:_LOOKED_AT]) if match)
        looked += len(names)
        if looked > _LOOKED_AT:
            break
    return [name for name in _LAI if name in found]


def _extra(told: Told) -> str:
    named = [name for name in str(told.attribute("extra_predictors") or "").split() if name != "none"]
    names = named or [PurePath(str(path)).stem for path in told.asked("extra")]
    return f"further {'inputs are' if len(names) > 1 else 'input is'} {listed(names)}"


def matching(study: Study) -> list[Sentence]:
    """How the products were brought to cells and local days."""
    runs = matches(study)
    if not runs:
        return []
    amsre = [told for told in runs if "AMSR-E" in sensors(told)]
    smap = [told for told in runs if told.run.request.smap]
    rain = [told for told in runs if has_rain(told)]
    for told in runs:
        told.notes = {}
    found = [*alike(MATCHING, runs, _clock), *alike(MATCHING, runs, _channels), *alike(MATCHING, amsre, _calibration)]
    found += [*alike(MATCHING, smap, _regridded), *alike(MATCHING, runs, _states), *alike(MATCHING, runs, _leaves)]
    return [*found, *alike(MATCHING, rain, _rain), *alike(MATCHING, runs, _complete)]


def _clock(told: Told) -> str:
    clock = told.word("time").strip().lower() or "solar"
    days = {
        "solar": "days of local solar time (UTC plus one hour for every 15 degrees of longitude east) in each cell",
        "file": "the dates in the names of their files",
    }
    return f"all products were matched by {days.get(clock, f'days of the fixed time UTC{clock}')}"


def _hour(hour: float) -> str:
    return f"{int(hour):02d}:{round(60 * (hour % 1)):02d}"


def _channels(told: Told) -> str:
    channels = parse(told.word("channels"), told.word("polarisation"))
    used = [sensor for sensor in sensors(told) if sensor in channels.by_sensor] or list(channels.by_sensor)
    overpass = told.word("overpass")
    waves = {sensor: listed(channels.frequencies(sensor).replace(" GHz", "").split(", ")) for sensor in used}
    waves = told.noted("GHz", {sensor: re.sub(r"\b\w+: ", "", text) for sensor, text in waves.items()})
    waved = {"V": "in vertical polarisation", "H": "in horizontal polarisation", "both": "in both polarisations"}[channels.polarisation]
    at = (
        f"at {next(iter(waves.values()))} GHz"
        if len(set(waves.values())) == 1
        else listed(f"at {text} GHz of {sensor}" for sensor, text in waves.items())
    )
    hour = _hour(told.noted("AMSR_HOUR", AMSR_HOUR[overpass]))
    text = f"brightness temperatures of the {overpass} passes (nominally {hour} local time) were used {at}, {waved}"
    if channels.preset != "paper":
        return text
    first = "the first five frequencies of the radiometer" if len(waves) == 1 else "the first five frequencies of each, matched by position"
    return f"{text}: {first} [@wang2021]"


def _calibration(told: Told) -> str:
    way = told.word("calibration")
    if way == "none":
        return "the brightness temperatures of AMSR-E were not adjusted to those of AMSR2"
    how = {
        "table": f"by a slope and an offset for each channel ({told.file('calibration_table') or 'a table'})",
        "climatology": "by making the mean annual cycles of the two equal in each cell, which takes away real change between their periods",
    }
    return f"since the two radiometers differ [@du2014], AMSR-E was brought to the level of AMSR2 {how.get(way, way)}"


def _regridded(told: Told) -> str:
    own = "" if told.word("time") == "file" else ", after its pixels had been assigned to local days by their own times of observation"
    if told.word("smap_product") == "SPL3SMP_E mean":
        return f"SMAP was brought from EASE-Grid 2.0 to the cells as the mean of the pixels in each cell{own}"
    return f"SMAP was brought from EASE-Grid 2.0 to the cells by interpolation linear in longitude and latitude{own}"


def _states(told: Told) -> str:
    hour = told.noted("HOUR", HOUR[told.word("overpass")])
    return f"the states of GLDAS are those of the three-hourly step nearest to {_hour(hour)} local time"


def _leaves(told: Told) -> str:
    barren = "counts as 0" if told.asked("lai_barren_zero") else "is missing"
    if told.word("lai_method") == "area":
        return (
            "the leaf area index of a cell is the mean of all its pixels of good quality, interpolated linearly between composites, where "
            f"barren ground {barren}"
        )
    how = "the leaf area index of the composite nearest in time was interpolated linearly to the centres of the cells"
    return f"{how}; barren ground {barren}"


def has_rain(told: Told) -> bool:
    """Whether the cube has the precipitation between the overpasses."""
    return not told.warning("so precipitation_7h is missing")


def _fell(told: Told) -> tuple[str, str]:
    """Local hours from and to which precipitation counts."""
    shift = HOUR[told.word("overpass")] - HOUR["descending"]
    interval = told.word("rain_hours") == "interval"
    hours = told.noted("INTERVAL", INTERVAL) if interval else told.noted("PAPER_HOURS", PAPER_HOURS)
    return _hour(hours[0] + shift), _hour(hours[-1] + shift)


def _rain(told: Told) -> str:
    first, last = _fell(told)
    if told.word("rain_hours") == "interval":
        return f"precipitation between the overpasses is the depth that fell from {first} to {last} local time"
    return (
        f"precipitation between the overpasses is the sum of the hourly values from {first} to {last} local time, each the rate of the "
        "nearest three-hourly step [@wang2021]"
    )


def hours(told: Told) -> dict[str, str]:
    """Product -> the local hour or time that its values of a match are of."""
    overpass = told.word("overpass")
    rain = f"; rain {' to '.join(_fell(told))}" if has_rain(told) else ""
    return {
        "amsr": f"{overpass}, about {_hour(AMSR_HOUR[overpass])}",
        "smap": f"{overpass}, about {SMAP_HOUR[overpass]}",
        "gldas": f"{_hour(HOUR[overpass])}{rain}",
        "lai": "between composites" if told.word("lai_method") == "area" else "nearest composite",
    }


def _complete(told: Told) -> str:
    said = told.summary(r"^Complete days \(([^)]*)\) per cell: ([\d.]+) on average, (\d+) at most")
    total = told.result("COMPLETE")
    if not said:
        return ""
    both = "all inputs and the target" if "target" in said[1] else "all inputs"
    whole = f" ({some(total, 'cell day')} in all)" if total is not None else ""
    return f"a cell has {both} on {said[2]} days on average and on {count(float(said[3]))} days at most{whole}"


def screening(study: Study) -> list[Sentence]:
    """Which days were screened for rain."""
    runs = [Told(run) for run in reversed(study.of("screenprecipitation"))]
    return [say(SCREENING, _screened(told, len(runs) > 1), told) for told in runs]


def _screened(told: Told, named: bool) -> str:
    threshold: Any = told.attribute("screening_threshold")
    threshold = float(told.asked("threshold") if threshold is None else threshold)
    chosen = bool(told.word("settings"))
    of = f"In {told.name}.nc, " if named else ""
    if threshold >= NO_SCREENING:
        return capital(f"{of}no day was screened for rain, as the sensitivity analysis had chosen.")
    paper = ", the threshold of @wang2021," if threshold == THRESHOLD else ""
    why = ", which the sensitivity analysis had chosen," if chosen else paper
    text = f"{of}days of a cell with more than {threshold:g} mm of precipitation in the seven hours between the overpasses"
    text += f"{why} were screened out of the training"
    said = told.summary(r"^(\d+) of (\d+) cell days \(([\d.]+) %\)")
    mean = told.summary(r"per cell: ([\d.]+) on average, (\d+) at most")
    if said:
        each = f", {mean[1]} per cell on average and {count(float(mean[2]))} at most" if mean else ""
        text += f": {count(float(said[1]))} of {count(float(said[2]))} cell days ({said[3]} %){each}"
    kept = told.summary(r"^(\d+) cell days have no precipitation and are kept")
    if kept:
        number = float(kept[1])
        text += f"; {some(number, 'cell day')} without data on precipitation {'was' if number == 1 else 'were'} kept"
    return capital(f"{text}.")
