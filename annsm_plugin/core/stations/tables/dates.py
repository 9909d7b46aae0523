"""Dates as tables write them: year first or last, with names of months, as days of the year, as one number, in Chinese."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...foundation.errors import ProductError
from ...foundation.paths import PathLike
from .clocks import normal

#: The possible orders of day, month and year in dates that do not begin with the year in four digits.
ORDERS = ("dmy", "mdy", "ymd")

#: Years that a measurement of soil moisture can have.
FIRST_YEAR, LAST_YEAR = 1900, 2100

_FULL = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_MONTHS = {name[:3]: number for number, name in enumerate(_FULL, start=1)}

_YEAR_FIRST = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})(?!\d)")
_SHORT = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?!\d)")
_NAMED = re.compile(r"(\d{1,2})[-/. ]?\s*([A-Za-z]{3,9})\.?[-/., ]*(\d{4}|\d{2})(?!\d)")
_NAME_FIRST = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})(?!\d)")
_OF_YEAR = re.compile(r"(\d{4})[-/. ](\d{3})(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)")

#: The forms of dates in the order in which they are tried, and their kinds.
_FORMS = {_YEAR_FIRST: "ymd", _SHORT: "short", _NAMED: "named", _NAME_FIRST: "named", _OF_YEAR: "doy", _COMPACT: "ymd"}

#: Between a date and a clock.
_BETWEEN = re.compile(r"(?:\s*T\s*|[\s,_;-]+)(?=\d|[AP]M|上午|下午)", re.I)


@dataclass(frozen=True)
class Date:
    """The three numbers of a date as they stand in a text, and its ``kind``: "ymd", "short", "named" or "doy"; ``rest``: what follows."""

    kind: str
    numbers: tuple[int, int, int]
    short_year: bool
    rest: str


def split(text: str) -> Date | None:
    """The date at the beginning of a text, and what follows it; None for any other text."""
    text = normal(text)
    for pattern in _FORMS:
        match = pattern.match(text)
        if match:
            break
    else:
        return None
    parts = match.groups()
    rest = text[match.end() :]
    between = _BETWEEN.match(rest)
    if rest.strip() and not between:
        return None
    rest = rest[between.end() :] if between else ""
    kind = _FORMS[pattern]
    if kind == "named":
        day, name, year = parts if pattern is _NAMED else (parts[1], parts[0], parts[2])
        month = _month(name)
        return Date("named", (int(day), month, int(year)), len(year) == 2, rest) if month else None
    if kind == "doy":
        return Date(kind, (int(parts[0]), int(parts[1]), 0), False, rest)
    a, b, c = (int(part) for part in parts)
    return Date(kind, (a, b, c), kind == "short" and len(parts[2]) == 2, rest)


def _month(name: str) -> int:
    """The number of a month by its English name or the first three letters of it; 0 for another word."""
    name = name.lower()
    return _MONTHS.get(name[:3], 0) if len(name) == 3 or name in (*_FULL, "sept") else 0


def day_number(date: Date, order: str) -> int | None:
    """The days since 1970-01-01 of a date, with its numbers in ``order`` if it is a short one; None if there is no such day."""
    a, b, c = date.numbers
    if date.kind == "doy":
        return of_year(a, b)
    day, month, year = {"ymd": (c, b, a), "named": (a, b, c)}.get(date.kind) or {"dmy": (a, b, c), "mdy": (b, a, c), "ymd": (c, b, a)}[
        order
    ]
    if date.short_year:
        year += 1900 if year >= 70 else 2000
    return of(year, month, day)


def of(year: int, month: int, day: int) -> int | None:
    """The days since 1970-01-01 of a date; None if there is no such day, or none of a measurement."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return datetime.date(year, month, day).toordinal() - datetime.date(1970, 1, 1).toordinal()
    except ValueError:
        return None


def of_year(year: int, number: int) -> int | None:
    """The days since 1970-01-01 of day ``number`` of a year, 1 for its first; None if the year has no such day."""
    first, last = of(year, 1, 1), of(year, 12, 31)
    return first + number - 1 if first is not None and last is not None and 1 <= number <= last - first + 1 else None


def order_of(path: PathLike, name: str, found: Iterable[tuple[str, Date]], given: str = "") -> tuple[str, str]:
    """The order of day, month and year in the short dates of a column, and a sentence on it; decided by all of them.

    Raises ``ProductError`` if the dates can be read in two ways or in none, or if some begin with the year and others do not (a spreadsheet
    exchanges day and month of the dates that it takes for its own, and leaves the others as texts).
    """
    every = list(found)
    short = [(text, date) for text, date in every if date.kind == "short"]
    if not short:
        return "dmy", _said_short(every, "day, month (by name), year")
    others = [text for text, date in every if date.kind != "short"]
    if others:
        raise ProductError(path, name, f"dates such as {others[0][:30]} and such as {short[0][0][:30]}", "dates of one form")
    fitting = [given] if given else [order for order in ORDERS if all(day_number(date, order) is not None for _, date in short)]
    if given and all(day_number(date, given) is None for _, date in short):
        raise ProductError(path, name, f"dates such as {short[0][0][:30]}", f"dates in the order {given}, or another order in the mapping")
    if len(fitting) > 1:
        fitting = _fewest_years([date for _, date in short], fitting)
    if len(fitting) != 1:
        expected = "year first, or the order of day and month in the mapping: dates=dmy or dates=mdy"
        raise ProductError(path, name, f"dates such as {short[0][0].strip()[:30]}", expected)
    words = {"d": "day", "m": "month", "y": "year"}
    order = ", ".join(words[letter] for letter in fitting[0])
    return fitting[0], _said_short(short, order) or f"Dates such as {short[0][0][:30]} are read as {order}."


def _fewest_years(dates: Sequence[Date], orders: Sequence[str]) -> list[str]:
    """Those of the ``orders`` by which the dates lie in the fewest years: of day and year in two digits, the day changes more often."""
    years = {order: len({date.numbers[0] if order == "ymd" else date.numbers[2] for date in dates}) for order in orders}
    return [order for order in orders if years[order] == min(years.values())]


def _said_short(found: Sequence[tuple[str, Date]], order: str) -> str:
    """A sentence on years of two digits; empty if there are none."""
    text = next((text for text, date in found if date.short_year), "")
    return f"Dates such as {text[:30]} are read as {order}, years of two digits as 1970 to 2069." if text else ""
