"""What a table of stations holds, for an inventory: found by the names of its columns, without a mapping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ...foundation.errors import ProductError
from ...foundation.paths import PathLike
from ..station import Seen
from . import layout, roles, workbook
from .numbers import numbers
from .sheet import Sheet, rows_by, without_units
from .times import Asked, there, times

#: Bytes of a text in which its header must stand.
_BEGINNING = 2**16

#: Names of columns of the station, the network and the place, in small letters.
_STATION = ("station", "site", "station_id", "site_id", "site id", "name", "站点", "站名")
_NETWORK, _LAT, _LON = ("network", "net"), ("lat", "latitude", "纬度"), ("lon", "long", "longitude", "经度")

_ASKED = Asked("time", "", "", False)


def is_one(path: PathLike) -> bool:
    """Whether a file looks like a table of stations: its header speaks of soil moisture and of times. Reads its beginning only."""
    if Path(path).suffix.lower() == ".xlsx":
        try:
            return _fits(workbook.sheet(path, [_fits]).names)
        except ProductError:
            return False
    try:
        with open(path, "rb") as file:
            beginning = file.read(_BEGINNING)
    except OSError:
        return False
    return layout.begins_with(beginning, [_fits])


def _fits(names: list[str]) -> bool:
    return bool(roles.moisture(names)) and there(names, _ASKED)


def look(path: PathLike) -> list[Seen]:
    """The series of a table: one for each station and column of soil moisture. Raises ``ProductError`` if its times cannot be read."""
    sheet: Sheet = (workbook if Path(path).suffix.lower() == ".xlsx" else layout).sheet(path, [_fits])
    without_units(sheet)
    columns = roles.moisture(sheet.names)
    if not sheet.rows or not columns:
        raise ProductError(path, None, "a header alone", "a line for each observation below the header")
    days = times(sheet, replace(_ASKED, used=frozenset(columns))).utc(0).astype("datetime64[D]")
    if np.isnat(days).all():
        raise ProductError(path, None, "no time that can be read", "dates and clocks")
    names, networks = _texts(sheet, _STATION, Path(path).stem), _texts(sheet, _NETWORK, "")
    lat, lon = _degrees(sheet, _LAT), _degrees(sheet, _LON)
    found, rows_of = [], rows_by(networks, names)
    for column in columns:
        values = numbers(path, sheet.names[column], sheet.column(column)).values
        with np.errstate(invalid="ignore"):
            good = (values >= 0) & ~np.isnat(days)
        for (network, name), rows in rows_of.items():
            own = rows[good[rows]]
            if own.size:
                place = (_middle(lat[own]), _middle(lon[own]))
                first, last, count = _span(days[own])
                found.append(Seen(network, name, *place, sheet.names[column], first, last, count, int(own.size), str(path)))
    return found


def _span(days: np.ndarray) -> tuple[str, str, int]:
    """The first and the last day, and how many there are."""
    different = np.unique(days)
    return str(different[0]), str(different[-1]), int(different.size)


def _middle(degrees: np.ndarray) -> float:
    known = degrees[np.isfinite(degrees)]
    return float(np.median(known)) if known.size else float("nan")


def _column(sheet: Sheet, names: Sequence[str]) -> int | None:
    return next((place for place in (sheet.at(name) for name in names) if place is not None), None)


def _texts(sheet: Sheet, names: Sequence[str], otherwise: str) -> list[str]:
    place = _column(sheet, names)
    return [otherwise] * len(sheet.rows) if place is None else [text.strip() for text in sheet.column(place)]


def _degrees(sheet: Sheet, names: Sequence[str]) -> np.ndarray:
    """Degrees (rows,) of a column; NaN where there is none."""
    place = _column(sheet, names)
    if place is None:
        return np.full(len(sheet.rows), np.nan)
    return numbers(sheet.path, sheet.names[place], sheet.column(place), fills=False).values
