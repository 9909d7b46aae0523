"""The times of a table's rows: from one column, from a date and a clock apart, or from years, months, days and hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...foundation.errors import ProductError
from . import clocks, roles
from .dates import split
from .moments import Moments, moments
from .numbers import is_missing
from .sheet import Sheet, matching
from .years import from_years

_NAME_IT = "name it in the mapping"


@dataclass(frozen=True)
class Asked:
    """What is asked of the times: names of the columns of ``time`` (several with + between) and ``clock``, ``order`` of dates.

    ``given``: whether the user named the column; ``used``: places of the columns that hold something else; ``labels``: those of them that
    tell the series of a table apart.
    """

    time: str
    clock: str
    order: str
    given: bool
    used: frozenset[int] = frozenset()
    labels: frozenset[int] = frozenset()


def there(names: Sequence[str], asked: Asked) -> bool:
    """Whether a header has the columns of the time."""
    if matching(names, asked.time) or _parts(names, asked.time):
        return True
    return not asked.given and roles.default(names) is not None


def _parts(names: Sequence[str], time: str) -> list[int]:
    """The places of the columns in a name such as Year+DOY+Hour; empty if it is none."""
    found = [matching(names, part.strip()) for part in time.split("+")] if "+" in time else []
    return [places[0] for places in found] if found and all(found) else []


def times(sheet: Sheet, asked: Asked) -> Moments:
    """The times of the rows. Raises ``ProductError`` for clocks without a date, and for what can be read in two ways."""
    parts = _parts(sheet.names, asked.time)
    if parts:
        return _of_parts(sheet, asked, parts)
    place = sheet.at(asked.time)
    if place is None and not asked.given:
        place = roles.default(sheet.names)
    if place is None:
        raise ProductError(sheet.path, asked.time, f"the columns {sheet.there()}", f"a column '{asked.time}'; name yours in the mapping")
    left = [n for n in range(len(sheet.names)) if n != place and n not in asked.used]
    if roles.role(sheet.names[place]) in ("month", "day", "doy") and all(_small(text) for text in sheet.column(place)):
        return _of_part(sheet, asked, place, left)
    main = moments(sheet.path, sheet.names[place], sheet.column(place), asked.order)
    if main.kind == "stamp":
        if asked.clock:
            found = f"date and clock in it, such as '{main.sample}', and a clock in '{asked.clock}' too"
            raise ProductError(sheet.path, sheet.names[place], found, "the clock once; leave clock= out of the mapping")
        return _said(main, sheet, place, None)
    if main.kind == "date":
        return _with_clock(sheet, asked, main, place, left)
    if main.kind == "clock":
        return _with_date(sheet, asked, main, place, left)
    if main.kind == "year":
        return _of_year(sheet, asked, place, left)
    return main


def _small(text: str) -> bool:
    """Whether a text is missing or a number that a month, a day or a day of the year can be."""
    return is_missing(text) or len(text.split(".")[0].split(",")[0]) <= 3


def _of_part(sheet: Sheet, asked: Asked, place: int, left: Sequence[int]) -> Moments:
    """Times of which the column of the months or days was named. Raises ``ProductError`` without a column of years."""
    years = roles.places(sheet.names, "year", left)
    if len(years) != 1:
        found = "numbers of days or months without a year"
        raise ProductError(sheet.path, sheet.names[place], found, "a column of years beside it, or the column of the date")
    return _of_year(sheet, asked, years[0], [*left, place])


def _said(found: Moments, sheet: Sheet, *places: int | None) -> Moments:
    """The moments with a sentence on the columns that they were read from, where these are several or not called as asked."""
    names = [f"'{sheet.names[place]}'" for place in places if place is not None]
    text = f"Times are read from the column{'s' if len(names) > 1 else ''} {', '.join(names)}."
    zone = next((zone for zone in (_zone_of(name) for name in names) if zone is not None), None)
    return replace(found, notes=[text, *found.notes], zone=zone)


def _zone_of(name: str) -> int | None:
    """The seconds from UTC that the name of a column says, such as "Date Time, GMT+08:00" or "Time (BJT)"; None without."""
    upper = name.upper()
    if any(word in upper for word in ("BJT", "BEIJING", "北京时")):
        return 8 * 3600
    at = max(upper.find("GMT"), upper.find("UTC"))
    return clocks.offset(upper[at : at + 10].split(")")[0].strip("' ")) if at >= 0 else None


def _with_clock(sheet: Sheet, asked: Asked, main: Moments, place: int, left: Sequence[int]) -> Moments:
    """Dates with the clock of another column, if there is one."""
    at = _clock_place(sheet, asked, left, f"dates alone in '{sheet.names[place]}'")
    if at is not None and not asked.clock and roles.role(sheet.names[at]) != "clock" and not _repeats(sheet, asked, place):
        at = None  # a row for each day, with the clock of something else, such as sunrise
    if at is None:
        hours = roles.places(sheet.names, "hour", left)
        if len(hours) == 1:
            return _said(_joined(main, from_years(sheet, {"hour": hours[0], **_smaller(sheet, left)})), sheet, place, hours[0])
        return _said(main, sheet, place)
    return _said(_joined(main, _clocks(sheet, at)), sheet, place, at)


def _repeats(sheet: Sheet, asked: Asked, place: int) -> bool:
    """Whether a series of the table has several rows with the same date."""
    keys = list(zip(sheet.column(place), *(sheet.column(label) for label in sorted(asked.labels))))
    return len(set(keys)) < len(keys)


def _smaller(sheet: Sheet, left: Sequence[int]) -> dict[str, int]:
    """The columns of minutes and seconds."""
    found = {what: roles.places(sheet.names, what, left) for what in ("minute", "second")}
    return {what: places[0] for what, places in found.items() if len(places) == 1}


def _with_date(sheet: Sheet, asked: Asked, main: Moments, place: int, left: Sequence[int]) -> Moments:
    """Clocks with the date of another column. Raises ``ProductError`` without one."""
    years = roles.places(sheet.names, "year", left)
    alike = [n for n in left if _like_dates(sheet, n)]
    alike = [n for n in alike if roles.role(sheet.names[n]) == "date"] or alike
    read = {n: moments(sheet.path, sheet.names[n], sheet.column(n), asked.order) for n in alike}
    dates = [n for n, found in read.items() if found.kind == "date"]
    if len(dates) > 1:
        found = f"clocks such as '{main.sample}', and dates in {_listed(sheet, dates)}"
        raise ProductError(sheet.path, sheet.names[place], found, "the column of the date as time= in the mapping")
    if not dates and len(years) == 1:
        return _of_year(sheet, replace(asked, clock=sheet.names[place]), years[0], [*left, place])
    if not dates:
        found = f"clocks such as '{main.sample}' without a date"
        raise ProductError(sheet.path, sheet.names[place], found, f"a column of dates beside it; {_NAME_IT}")
    return _said(_joined(read[dates[0]], _clocks(sheet, place)), sheet, dates[0], place)


def _like_dates(sheet: Sheet, place: int) -> bool:
    """Whether a column may hold dates: it begins with one, or is called so."""
    first = next((text for text in sheet.column(place) if not is_missing(text)), "")
    return split(first) is not None or (bool(first) and roles.role(sheet.names[place]) == "date")


def _clock_place(sheet: Sheet, asked: Asked, left: Sequence[int], beside: str) -> int | None:
    """The column of the clock: the one that is named, or the only one of clocks. Raises ``ProductError`` for several."""
    if asked.clock:
        at = sheet.at(asked.clock)
        if at is None:
            raise ProductError(sheet.path, asked.clock, f"the columns {sheet.there()}", f"a column '{asked.clock}' of the clock")
        return at
    found = [n for n in left if _are_clocks(sheet.column(n))]
    named = [n for n in roles.places(sheet.names, "clock", left) if n in found or not found]
    if len(found) != 1 and len(named) == 1:
        return named[0]
    if len(found) > 1:
        raise ProductError(
            sheet.path, None, f"{beside}, and clocks in {_listed(sheet, found)}", "the column of the clock as clock= in the mapping"
        )
    return found[0] if found else None


def _are_clocks(texts: Sequence[str]) -> bool:
    """Whether all texts of a column are clocks with a colon."""
    known = [text for text in dict.fromkeys(texts) if text]
    return bool(known) and all(":" in clocks.normal(text) and clocks.clock(text) is not None for text in known)


def _clocks(sheet: Sheet, place: int) -> Moments:
    """The clocks of a column. Raises ``ProductError`` if they are none."""
    name, texts = sheet.names[place], sheet.column(place)
    found = moments(sheet.path, name, texts, "", clock=True)
    if found.kind != "clock":
        raise ProductError(sheet.path, name, f"'{found.sample}'", "clocks such as 00:30, 0030 or 0.5")
    return found


def _joined(dates: Moments, clock: Moments) -> Moments:
    """The moments of dates with the clocks of other columns."""
    return Moments(
        kind="stamp",
        days=dates.days,
        seconds=clock.seconds,
        offsets=clock.offsets,
        missing=dates.missing | (clock.missing & ~dates.wrong),
        wrong=dates.wrong | clock.wrong,
        texts=[f"{day} {hour}".strip() for day, hour in zip(dates.texts, clock.texts)],
        notes=[*dates.notes, *clock.notes],
        joined=True,
    )


def _of_parts(sheet: Sheet, asked: Asked, parts: Sequence[int]) -> Moments:
    """Times of the columns in a name such as Date+Time or Year+DOY+Hour."""
    told = {roles.role(sheet.names[place]): place for place in parts}
    if "year" in told:
        return _of_year(sheet, asked, told["year"], parts)
    read = {n: moments(sheet.path, sheet.names[n], sheet.column(n), asked.order) for n in parts}
    dates = [n for n, found in read.items() if found.kind == "date"]
    if len(dates) != 1 or len(parts) != 2:
        raise ProductError(
            sheet.path,
            asked.time,
            f"the columns {_listed(sheet, parts)}",
            "a date and a clock, or year, month (or day of year), day and hour",
        )
    other = next(n for n in parts if n != dates[0])
    return _said(_joined(read[dates[0]], _clocks(sheet, other)), sheet, dates[0], other)


def _of_year(sheet: Sheet, asked: Asked, year: int, left: Sequence[int]) -> Moments:
    """Times of columns of the year, of month and day or the day of the year, and of the clock or the hour."""
    told = {"year": year}
    for what in ("month", "day", "doy", "hour", "minute", "second"):
        found = roles.places(sheet.names, what, [n for n in left if n != year])
        if len(found) > 1:
            raise ProductError(
                sheet.path,
                None,
                f"the columns {_listed(sheet, found)}, each for the {what}",
                f"one of them in time=, such as {sheet.names[year]}+...",
            )
        told.update({what: found[0]} if found else {})
    if "doy" not in told and not {"month", "day"} <= told.keys():
        raise ProductError(
            sheet.path, sheet.names[year], "years without a day", "columns of month and day or of the day of the year beside it"
        )
    if "doy" in told and {"month", "day"} <= told.keys():
        del told["doy"]
    dates = from_years(sheet, {what: place for what, place in told.items() if what in ("year", "month", "day", "doy")})
    at = (
        None
        if "hour" in told and not asked.clock
        else _clock_place(sheet, asked, [n for n in left if n not in told.values()], "years and days")
    )
    hours = {what: place for what, place in told.items() if what in ("hour", "minute", "second")}
    if at is not None:
        dates = _joined(dates, _clocks(sheet, at))
    elif "hour" in told:
        dates = _joined(dates, from_years(sheet, hours))
    return _said(dates, sheet, *told.values(), at)


def _listed(sheet: Sheet, places: Sequence[int]) -> str:
    return ", ".join(f"'{sheet.names[place]}'" for place in places)
