"""Reads tables of station measurements (CSV or XLSX, such as those of TPDC, Tibet-Obs or a data logger).

The user names the columns, the time zone and the unit; encoding, separator and the form of dates are recognised.
"""

from __future__ import annotations

import codecs
import functools
import io
import re
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..foundation.errors import ParameterError, ProductError
from ..foundation.libraries import load
from ..foundation.localtime import fixed_offset
from ..foundation.outside import content, understood
from ..foundation.paths import PathLike
from . import spreadsheets
from .station import Station, ascending

#: Factors to m3 m-3.
UNITS = {"m3 m-3": 1.0, "cm3 cm-3": 1.0, "%": 0.01, "percent": 0.01}

#: The possible orders of day, month and year in dates that do not begin with the year.
ORDERS = ("dmy", "mdy")

#: If more than this share of the values (not counting negative fill values) is above 1 m3 m-3, the unit must be wrong.
_ABSURD = 0.1

#: The coordinates in the rows of one station may differ this much (degrees).
_SAME_PLACE = 0.05

_ENCODINGS = ("utf-8-sig", "gb18030", "latin-1")

_EXPECTED = "a table with a header line"

#: Bytes, lines and characters of a line that a text may have at most: hourly values of a station for 60 years have 530 000 lines.
LARGEST, MOST_LINES, _LONGEST_LINE = 2**27, 3_000_000, 100_000


def read_table(
    path: PathLike,
    *,
    time: str = "time",
    value: str = "soil_moisture",
    station: str = "station",
    lat: str | float = "lat",
    lon: str | float = "lon",
    network: str = "network",
    depth: tuple[float, float] = (0.0, 0.05),
    zone: str = "+0",
    unit: str = "m3 m-3",
    dates: str = "",
) -> list[Station]:
    """The stations in a table with one row per observation.

    time, value, station, lat, lon, network: names of the columns (if the whole table is one station: lat and lon may be numbers, station
    and network a name); depth (m) of the sensors, upper and lower; zone: UTC offset of the times, such as "+8" (times that are written
    with an offset keep their own); unit: of the values; dates: "dmy" or "mdy" for dates such as 01/04/2015 (empty: recognised by days
    above 12). Texts are read as UTF-8, UTF-16 with a byte order mark, GB 18030 or Latin-1, whichever fits first; the separator is
    recognised; numbers may have decimal commas. Of several observations with the same time the first is taken.

    Raises ``ProductError`` for a missing column, for dates that can be read in two ways and for impossible units or coordinates,
    ``ParameterError`` for an unknown zone, unit or order of dates.
    """
    pandas = load("pandas")
    if unit not in UNITS:
        raise ParameterError(f"The unit '{unit}' is not known: expected one of {', '.join(UNITS)}.")
    if dates and dates not in ORDERS:
        raise ParameterError(f"The order of dates '{dates}' is not known: expected {' or '.join(ORDERS)}.")
    shift = np.timedelta64(round(fixed_offset(zone) * 3600), "s")
    table = _table(pandas, path, (time, value), (station, lat, lon, network))
    if not len(table):
        raise ProductError(path, value, "no valid observation", "a line for each observation below the header")
    found = []
    with understood(path, f"dates, and numbers in {unit}", "values"):
        places = {what: _place(pandas, path, table, what, given) for what, given in (("lat", lat), ("lon", lon))}
        names = _labels(table, station, station if station != "station" else Path(path).stem)
        groups = _labels(table, network, network if network != "network" else "table")
        stamps = _times(pandas, path, time, table[time], dates, shift)
        values = _values(pandas, path, value, table[value], unit)
        named = names != ""
        good = np.isfinite(values) & ~np.isnat(stamps) & named
        if not good.any():
            raise ProductError(path, value, "no valid observation", f"numbers in {unit} and dates")
        rows_of = table.assign(**{"_network": groups, "_station": names})[named].groupby(["_network", "_station"], sort=True).groups
        for (group, name), rows in rows_of.items():
            own = np.asarray(rows)
            place = _one_place(path, name, {what: degrees[own] for what, degrees in places.items()})
            keep = own[good[own]]
            keep = keep[ascending(stamps[keep])]
            rejected = int(own.size - keep.size)
            found.append(Station(str(name), str(group), *place, (depth[0], depth[1]), "", stamps[keep], values[keep], rejected, str(path)))
    return found


def _table(pandas: Any, path: PathLike, needed: Sequence[str], others: Sequence[str | float]) -> Any:
    """The table as a DataFrame, rows numbered from 0, the names of columns without blanks around them.

    Raises ``ProductError``, also where one of the ``needed`` columns is missing, or one of these or of ``others`` is there twice; both
    before the whole table is read.
    """
    try:
        if Path(path).suffix.lower() == ".xlsx":
            spreadsheets.check(path, _EXPECTED)
            reader: Any = pandas.read_excel
            source: Any = path
        else:
            text = _text(path)
            first = text[: 2 * _LONGEST_LINE]
            reader, source = functools.partial(pandas.read_csv, sep=None, engine="python"), text
        with understood(path, _EXPECTED, "a table"):
            header = reader(source if source is path else io.StringIO(first), header=None, nrows=1, dtype=str, keep_default_na=False)
            names = [str(name).strip() for name in header.iloc[0].tolist()] if len(header) else []
            _check_columns(path, names, needed, others)
            table = reader(source if source is path else io.StringIO(text))
    except ImportError as error:
        raise ProductError(path, None, f"a spreadsheet that needs the package openpyxl ({error})", "a .csv table or openpyxl") from error
    table.columns = [str(column).strip() for column in table.columns]
    return table.reset_index(drop=True)


def _check_columns(path: PathLike, names: Sequence[str], needed: Sequence[str], others: Sequence[str | float]) -> None:
    """Raise ``ProductError`` if a needed column is missing, or one that is read is there twice."""
    for column in needed:
        if column not in names:
            there = ", ".join(name[:40] for name in names[:12])
            raise ProductError(path, column, f"the columns {there}", f"a column '{column}'; name yours in the mapping")
    for name in map(str, (*needed, *others)):
        if names.count(name) > 1:
            raise ProductError(path, name, f"{names.count(name)} columns of this name", "each column once")


def _text(path: PathLike) -> str:
    """The text of a file in whichever encoding fits, with Unix line ends. Raises ``ProductError`` if it is not text or out of bounds."""
    found = content(path, LARGEST, _EXPECTED)
    if found.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _bounded(path, _lines(found.decode("utf-16", errors="replace")))
    if not found.strip() or b"\0" in found or found.lstrip()[:9].lower().startswith((b"<!doctype", b"<html")):
        kind = "an empty file" if not found.strip() else "a web page" if b"\0" not in found else "a binary file"
        raise ProductError(path, None, kind, _EXPECTED)
    for encoding in _ENCODINGS:
        try:
            return _bounded(path, _lines(found.decode(encoding)))
        except UnicodeDecodeError:
            continue
    raise AssertionError("Latin-1 reads every byte")


def _bounded(path: PathLike, text: str) -> str:
    """The text, if its lines are neither too many nor too long. Raises ``ProductError``."""
    if text.count("\n") > MOST_LINES:
        raise ProductError(path, None, f"{text.count(chr(10)):,} lines", f"at most {MOST_LINES:,}")
    start = 0
    while len(text) - start > _LONGEST_LINE:
        end = text.rfind("\n", start, start + _LONGEST_LINE)
        if end < 0:
            raise ProductError(path, None, f"a line of more than {_LONGEST_LINE:,} characters", _EXPECTED)
        start = end + 1
    return text


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _columns(table: Any) -> str:
    """The names of a table's columns, for messages."""
    return ", ".join(str(column)[:40] for column in table.columns[:12])


def _labels(table: Any, column: str, otherwise: str) -> np.ndarray:
    """The texts (rows,) in a column, empty where missing; ``otherwise`` for all rows if there is no such column."""
    if column not in table.columns:
        return np.full(len(table), otherwise, dtype=object)
    return table[column].map(lambda text: "" if text != text or text is None else str(text).strip()).to_numpy(dtype=object)


def _numbers(pandas: Any, column: Any) -> np.ndarray:
    """The numbers (rows,) in a column, NaN where there is none; a comma is a decimal comma if no text has a decimal point."""
    if column.dtype == object:
        texts = column.map(lambda v: v.strip() if isinstance(v, str) else v)
        strings = [text for text in texts if isinstance(text, str)]
        if any("," in text for text in strings) and not any("." in text for text in strings):
            texts = texts.map(lambda v: v.replace(",", ".") if isinstance(v, str) else v)
        column = texts
    return pandas.to_numeric(column, errors="coerce").to_numpy(dtype=float)


def _place(pandas: Any, path: PathLike, table: Any, what: str, given: str | float) -> np.ndarray:
    """Latitudes or longitudes (rows,), from a column or from one number. Raises ``ProductError``."""
    if given in table.columns:
        degrees = _numbers(pandas, table[given])
    else:
        try:
            degrees = np.full(len(table), float(given))
        except (TypeError, ValueError):
            raise ProductError(path, str(given), f"the columns {_columns(table)}", f"a column or a number for {what}") from None
    low, high = (-90.0, 90.0) if what == "lat" else (-180.0, 360.0)
    wrong = degrees[(degrees < low) | (degrees > high)]
    if wrong.size:
        raise ProductError(path, str(given), f"{what} {wrong[0]:g}", f"degrees from {low:g} to {high:g}")
    return degrees


def _values(pandas: Any, path: PathLike, name: str, column: Any, unit: str) -> np.ndarray:
    """Soil moisture (rows,) in m3 m-3, NaN where missing or impossible. Raises ``ProductError`` if the unit cannot be right."""
    raw = _numbers(pandas, column)
    values = raw * UNITS[unit]
    with np.errstate(invalid="ignore"):
        real, above = values >= 0.0, values > 1.0
    real &= np.isfinite(values)
    if above.sum() > _ABSURD * max(1, real.sum()):
        raise ProductError(path, name, f"values such as {raw[above][0]:g}", f"at most {1.0 / UNITS[unit]:g} {unit}; give the table's unit")
    if UNITS[unit] != 1.0 and real.any() and raw[real].max() <= 1.0 and raw[real].max() > 0.0:
        raise ProductError(path, name, f"values up to {raw[real].max():g} {unit}", "percent; are these m3 m-3?")
    return np.where(real & ~above, values, np.nan)


_SHORT = re.compile(r"\s*(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})(?!\d)")
_OFFSET = re.compile(r".*\d\s*(Z|[+-]\d{2}:?\d{2})\s*$")

#: Formats of times that are written as one number, by the number of digits.
_DIGITS = {8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}


def _times(pandas: Any, path: PathLike, name: str, column: Any, order: str, shift: np.timedelta64) -> np.ndarray:
    """datetime64[s] UTC (rows,), NaT where missing: local times minus ``shift``, or minus their own offset if they are written with one.

    Raises ``ProductError`` if day and month could be exchanged, or for numbers that are not dates.
    """
    if column.dtype.kind in "iuf":
        return _digits(pandas, path, name, column) - shift
    if column.dtype.kind == "M":
        return column.to_numpy().astype("datetime64[s]") - shift
    texts = column.map(lambda v: str(v) if v == v and v is not None else "")
    short = texts.map(lambda text: bool(_SHORT.match(text))).to_numpy()
    order = order or _order(path, name, texts[short])
    own = texts.map(lambda text: bool(_OFFSET.match(text) and ":" in text)).to_numpy()
    stamps = np.full(len(texts), np.datetime64("NaT", "s"))
    more = {"format": "mixed"} if int(pandas.__version__.split(".")[0]) >= 2 else {}
    for part, day_first in ((short, order == "dmy"), (~short, False)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = pandas.to_datetime(texts[part], errors="coerce", dayfirst=day_first, utc=True, **more)
        stamps[part] = parsed.dt.tz_localize(None).to_numpy().astype("datetime64[s]")
    return np.where(own, stamps, stamps - shift)


def _order(path: PathLike, name: str, texts: Any) -> str:
    """The order of day and month in dates that end with the year, recognised by days above 12. Raises ``ProductError`` without any."""
    pairs = [(int(match.group(1)), int(match.group(2))) for match in map(_SHORT.match, texts) if match]
    first, second = any(a > 12 for a, _ in pairs), any(b > 12 for _, b in pairs)
    if pairs and first == second:
        found = f"dates such as {texts.iloc[0].strip()}"
        raise ProductError(path, name, found, "year first, or the order of day and month in the mapping: dates=dmy or dates=mdy")
    return "dmy" if first else "mdy"


def _digits(pandas: Any, path: PathLike, name: str, column: Any) -> np.ndarray:
    """datetime64[s] (rows,) of times that are written as numbers such as 20150401 or 201504010030. Raises ``ProductError``."""
    known = column[np.isfinite(column.to_numpy(dtype=float))]
    widths = {len(str(int(number))) for number in known}
    if len(widths) != 1 or not widths <= set(_DIGITS):
        found = f"numbers such as {known.iloc[0]:.10g}" if len(known) else "no times"
        raise ProductError(path, name, found, "dates and times, or numbers such as 20150401 or 201504010030")
    texts = column.map(lambda v: str(int(v)) if np.isfinite(v) else "")
    return pandas.to_datetime(texts, errors="coerce", format=_DIGITS[widths.pop()]).to_numpy().astype("datetime64[s]")


def _one_place(path: PathLike, name: str, degrees: dict[str, np.ndarray]) -> tuple[float, float]:
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
