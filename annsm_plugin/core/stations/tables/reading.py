"""Reads tables of station measurements as people keep them: exports of networks and loggers, and what spreadsheets make of them.

The user names the columns, the time zone and the unit; encoding, separator, header, decimal sign and the form of dates are recognised.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ...foundation.errors import ParameterError, ProductError
from ...foundation.localtime import fixed_offset
from ...foundation.outside import understood
from ...foundation.paths import PathLike
from ...foundation.progress import SILENT, Progress
from ..station import Station, ascending
from . import layout, workbook
from .columns import depths, headers
from .dates import ORDERS
from .losses import MISSING, Losses
from .moments import Moments
from .numbers import is_number, numbers
from .sheet import Fits, Sheet, beginning, check_twice, kinds, matching, rows_by, without_units
from .times import Asked, there, times

#: Factors to m3 m-3.
UNITS = {"m3 m-3": 1.0, "cm3 cm-3": 1.0, "%": 0.01, "percent": 0.01}

#: If more than this share of the values is above 1 m3 m-3, the unit must be wrong; of dates alone, if more rows repeat a day.
_ABSURD = 0.1

#: The coordinates in the rows of one station may differ this much (degrees).
_SAME_PLACE = 0.05

_REPEATED = "with the time of an earlier row"


def read_table(
    path: PathLike,
    *,
    time: str = "time",
    clock: str = "",
    value: str = "soil_moisture",
    station: str = "station",
    lat: str | float = "lat",
    lon: str | float = "lon",
    network: str = "network",
    depth: str = "",
    zone: str = "",
    unit: str = "",
    dates: str = "",
    progress: Progress | None = None,
) -> list[Station]:
    """The stations in a table with one row per observation.

    time, value, station, lat, lon, network: names of the columns (if the whole table is one station: lat and lon may be numbers, station
    and network a name); clock: the column of the clock where ``time`` has the date alone (empty: the only one that can be it); several
    columns of the time with + between, such as Year+DOY+Hour. depth: the column of the depths (two with + between: of the upper and the
    lower ends), so that there is a series of each station and depth, or the one depth of all such as 5cm (empty: as ``depths.read`` finds
    it); zone: UTC offset of the times,
    such as "+8" (empty: that in the name of the time's column, else UTC; times that are written with an offset keep their own); unit: of
    the values; dates: "dmy" or "mdy" for dates such as 01/04/2015 (empty: recognised by days above 12). Texts are read as UTF-8, UTF-16,
    GB 18030 or Latin-1, whichever fits first; the header, the separator and the decimal sign are recognised; 24:00 is midnight at the end
    of its day. Of several observations with the same time the first is taken. Rows that are left out are counted and named in ``progress``.

    Raises ``ProductError`` for a missing column, for several depths without ``depth``, for times without a date, for dates that can
    be read in two ways and for impossible units or coordinates, ``ParameterError`` for an unknown zone, unit or order of dates.
    """
    unit = unit if unit in UNITS else headers.unit(unit) or unit
    if unit and unit not in UNITS:
        raise ParameterError(f"The unit '{unit}' is not known: expected one of {', '.join(UNITS)}.")
    if dates and dates not in ORDERS:
        raise ParameterError(f"The order of dates '{dates}' is not known: expected {' or '.join(ORDERS)}.")
    shift = round(fixed_offset(zone) * 3600) if zone else None
    asked = Asked(time, clock, dates, time != "time")
    sheet, place = _sheet(path, asked, value, (station, lat, lon, network, *depth.split("+")))
    if not sheet.rows:
        raise ProductError(path, value, "a header alone: no valid observation", "a line for each observation below the header")
    named = [sheet.at(str(name)) for name in (station, lat, lon, network)]
    deep = depths.where(sheet, depth)
    unit, units = _unit(sheet, place, unit)
    with understood(path, f"dates, and numbers in {unit}", "values"):
        used = frozenset([place, *deep.places, *(n for n in named if n is not None)])
        labels = frozenset(n for n in (sheet.at(station), sheet.at(network), *(deep.places if deep.given else ())) if n is not None)
        when = times(sheet, Asked(time, clock, dates, time != "time", used, labels))
        losses = Losses(sheet.lines)
        names = _labels(sheet, station, station if station != "station" else Path(path).stem)
        groups = _labels(sheet, network, network if network != "network" else "table")
        places = {what: _place(sheet, what, given) for what, given in (("lat", lat), ("lon", lon))}
        depth_of = depths.read(sheet, place, deep)
        sheet.notes += [depth_of.note, units]
        losses.note(names == "", "without the name of a station")
        losses.note(depth_of.missing, "without a depth")
        losses.note(depth_of.wrong, "whose depth cannot be read")
        losses.note(when.missing, "without a time")
        losses.note(when.wrong, "whose time cannot be read", when.texts)
        values = _values(sheet, place, unit, losses)
        stamps = when.utc(shift if shift is not None else when.zone or 0)
        if not losses.kept.any():
            why = "; ".join(filter(None, [losses.words(), sheet.lacks]))
            raise ProductError(path, sheet.names[place], f"no valid observation: {why}", f"dates, and numbers in {unit}")
        found = _stations(path, (names, groups), places, (stamps, values), losses, depth_of.ends)
    _refuse_repeated(sheet, when, losses)
    _say(progress or SILENT, sheet, when, losses, shift)
    return found


def _sheet(path: PathLike, asked: Asked, value: str, others: Sequence[str | float]) -> tuple[Sheet, int]:
    """The table of a file, and the place of the column of values.

    Raises ``ProductError``, also where a column that is needed is missing, or one of these or of ``others`` is there twice.
    """

    def exact(names: list[str]) -> bool:
        return bool(matching(names, value)) and there(names, asked)

    def longer(names: list[str]) -> bool:
        when = there(names, asked) or bool(beginning(names, asked.time, whole=True))
        return when and bool(beginning(names, value, whole=True))

    def value_alone(names: list[str]) -> bool:
        return bool(matching(names, value))

    def time_alone(names: list[str]) -> bool:
        return there(names, asked)

    def begun(names: list[str]) -> bool:
        at = matching(names, value) or beginning(names, value)
        when = matching(names, asked.time) or beginning(names, asked.time, whole=not asked.given)
        return bool(at) and (there(names, asked) or bool(set(when) - set(at)))

    fits: Sequence[Fits] = (exact, longer, begun, value_alone, time_alone)
    sheet = (workbook if Path(path).suffix.lower() == ".xlsx" else layout).sheet(path, fits)
    station, lat, lon, network, *deep = map(str, others)
    # a column of times that was not named may also be known by another name than "time"
    _take_longer(sheet, asked.time, beginning(sheet.names, asked.time, whole=not asked.given))
    for name in (value, asked.clock, lat, lon, *(name for name in deep if not depths.is_one(name))):
        _take_longer(sheet, name, beginning(sheet.names, name))
    for name in (station, network):
        _take_longer(sheet, name, kinds(sheet.names, name))
    time_there = there(sheet.names, asked) or sheet.at(asked.time) is not None
    place = sheet.at(value)
    if not time_there or place is None:
        name = value if time_there else asked.time
        raise ProductError(path, name, f"the columns {sheet.there()}", f"a column '{name}'; name yours in the mapping")
    check_twice(path, sheet.names, [asked.time, value, asked.clock, *map(str, others)])
    without_units(sheet)
    return sheet, place


def _take_longer(sheet: Sheet, name: str, longer: Sequence[int]) -> None:
    """Call the column ``name`` that is the only one of ``longer``, and say it. Raises ``ProductError`` for several.

    Nothing is done for the name of a column, nor for numbers, which are places or depths, and without a name.
    """
    if not name or matching(sheet.names, name) or is_number(name):
        return
    if len(longer) > 1:
        listed = ", ".join(f"'{sheet.names[place][:40]}'" for place in longer[:4])
        raise ProductError(sheet.path, name, f"the columns {listed}", "the whole name of one of them")
    if longer:
        sheet.aliases[name] = longer[0]
        sheet.notes.append(f"The column '{sheet.names[longer[0]]}' is taken for '{name}', with which it alone begins.")


def _stations(
    path: PathLike,
    labels: tuple[np.ndarray, np.ndarray],
    places: dict[str, np.ndarray],
    series: tuple[np.ndarray, np.ndarray],
    losses: Losses,
    ends: np.ndarray,
) -> list[Station]:
    """The series of the rows, by network, name and depth; rows with a time that their series has already become losses."""
    (names, groups), (stamps, values) = labels, series
    found = []
    again = np.zeros(losses.kept.size, dtype=bool)
    for (group, name), own in rows_by(groups.tolist(), names.tolist()).items():
        place = _one_place(path, name, {what: degrees[own] for what, degrees in places.items()})
        for depth, same in _by_depth(own, ends).items():
            good = same[losses.kept[same]]
            keep = good[ascending(stamps[good])]
            again[good] = True
            again[keep] = False
            left = int(same.size - keep.size)
            found.append(Station(name, group, *place, depth, "", stamps[keep], values[keep], left, str(path)))
    losses.note(again, _REPEATED)
    return found


def _by_depth(rows: np.ndarray, ends: np.ndarray) -> dict[tuple[float, float], np.ndarray]:
    """Those of the ``rows`` that have each depth (upper, lower), the shallowest first; rows without a depth belong to none."""
    found: dict[tuple[float, float], list[int]] = {}
    for row, (upper, lower) in zip(rows.tolist(), ends[rows].tolist()):
        if math.isfinite(upper):
            found.setdefault((upper, lower), []).append(row)
    return {depth: np.asarray(own) for depth, own in sorted(found.items())}


def _refuse_repeated(sheet: Sheet, when: Moments, losses: Losses) -> None:
    """Raise ``ProductError`` where many rows have the time of another one, and no clock, or one of a column that was found.

    Then the clock or the date stands elsewhere, or was lost.
    """
    again = losses.count(_REPEATED)
    if (when.dates_alone or when.joined) and again > _ABSURD * (again + losses.kept.sum()):
        what, one = ("dates alone", "day") if when.dates_alone else ("dates and clocks", "time")
        found = f"{what}, such as '{when.sample}', and {again} rows with the {one} of an earlier one"
        raise ProductError(sheet.path, None, found, "the columns of the date and the clock (time= and clock= in the mapping)")


def _say(progress: Progress, sheet: Sheet, when: Moments, losses: Losses, shift: int | None) -> None:
    """Tell how the table was read, and which rows were left out."""
    hours = (when.zone or 0) / 3600.0
    zone = [] if shift is not None or np.isfinite(when.offsets).all() else [f"They are taken as UTC{f'{hours:+g}' if hours else ''}."]
    comments = [f"Comments below the header, none of the rows: {sheet.comments}."] if sheet.comments else []
    for note in [*sheet.notes, *comments]:
        (progress.warning if note.startswith("NOT READ") else progress.info)(f"{sheet.path}: {note.removeprefix('NOT READ: ')}")
    progress.info(f"{sheet.path}: {' '.join([*when.notes, *zone])}")
    if losses:
        (progress.warning if losses.unusual else progress.info)(f"{sheet.path}: {losses.words()}.")


def _labels(sheet: Sheet, column: str, otherwise: str) -> np.ndarray:
    """The texts (rows,) in a column, empty where missing; ``otherwise`` for all rows if there is no such column."""
    place = sheet.at(column)
    return np.array([otherwise] * len(sheet.rows) if place is None else [text.strip() for text in sheet.column(place)], dtype=object)


def _place(sheet: Sheet, what: str, given: str | float) -> np.ndarray:
    """Latitudes or longitudes (rows,), from a column or from one number. Raises ``ProductError``."""
    place = sheet.at(str(given))
    if place is not None:
        degrees = numbers(sheet.path, sheet.names[place], sheet.column(place), fills=False).values
    else:
        try:
            degrees = np.full(len(sheet.rows), float(given))
        except (TypeError, ValueError):
            raise ProductError(sheet.path, str(given), f"the columns {sheet.there()}", f"a column or a number for {what}") from None
    low, high = (-90.0, 90.0) if what == "lat" else (-180.0, 360.0)
    wrong = degrees[(degrees < low) | (degrees > high)]
    if wrong.size:
        raise ProductError(sheet.path, str(given), f"{what} {wrong[0]:g}", f"degrees from {low:g} to {high:g}")
    return degrees


def _unit(sheet: Sheet, place: int, given: str) -> tuple[str, str]:
    """The unit of the values: the one given, else that in the column's name or in a row of units below it; and a sentence on it."""
    name = sheet.names[place]
    printed = [text for text in (name, *(row[place] for row in sheet.units)) if headers.unit(text)]
    own = headers.unit(printed[0]) if printed else ""
    if given:
        differs = bool(own) and UNITS[own] != UNITS[given]
        return given, f"{'NOT READ: ' if differs else ''}Values are in {given}, as given" + (
            f", although '{printed[0][:60]}' says {own}." if differs else "."
        )
    if own:
        return own, f"Values are in {own}, by '{printed[0][:60]}'."
    return "m3 m-3", "No unit is told: m3 m-3 is taken (unit= in the mapping says another one)."


def _values(sheet: Sheet, place: int, unit: str, losses: Losses) -> np.ndarray:
    """Soil moisture (rows,) in m3 m-3; rows without a possible value become losses. Raises ``ProductError`` if the unit cannot be right."""
    name, texts = sheet.names[place], sheet.column(place)
    read = numbers(sheet.path, name, texts)
    raw, values = read.values, read.values * UNITS[unit]
    with np.errstate(invalid="ignore"):
        below, above = values < 0.0, values > 1.0
        real = values >= 0.0
    if above.sum() > _ABSURD * max(1, real.sum()):
        found = f"values such as {raw[above][0]:g}"
        told = ", such as unit=% in MAPPING" if UNITS[unit] == 1.0 else " (unit= in MAPPING)"
        raise ProductError(sheet.path, name, found, f"at most {1.0 / UNITS[unit]:g} {unit}; give the table's unit{told}")
    if UNITS[unit] != 1.0 and real.any() and raw[real].max() <= 1.0 and raw[real].max() > 0.0:
        raise ProductError(
            sheet.path, name, f"values up to {raw[real].max():g} {unit}", "percent; are these m3 m-3? (unit=m3 m-3 in MAPPING)"
        )
    losses.note(read.missing, MISSING)
    losses.note(read.wrong, "whose value is no number", texts)
    losses.note(below, "with a value below zero", texts)
    losses.note(above, f"with a value above {1.0 / UNITS[unit]:g} {unit}", texts)
    return values


def _one_place(path: PathLike, name: Any, degrees: dict[str, np.ndarray]) -> tuple[float, float]:
    """The latitude and longitude of a station from those in its rows. Raises ``ProductError`` if they differ, or if there are none."""
    found = {}
    for what, given in degrees.items():
        known = given[np.isfinite(given)]
        if not known.size:
            raise ProductError(path, what, f"no {what} for station {name}", "degrees in each of its rows")
        if np.ptp(known) > _SAME_PLACE:
            raise ProductError(path, what, f"station {name} at {known.min():g} and at {known.max():g}", "one place for each station")
        found[what] = float(np.median(known))
    return found["lat"], found["lon"]
