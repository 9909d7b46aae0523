"""What the names of columns say about time: which holds the date, the clock, the year, the day of the year."""

from __future__ import annotations

import re
from collections.abc import Sequence

#: What is told by a column, and the names of such columns in small letters without signs between words.
NAMES = {
    "stamp": "datetime timestamp dateandtime datetimestamp tmstamp obstime observationtime samplingtime 日期时间 观测时间 采样时间",
    "date": "date obsdate observationdate samplingdate yyyymmdd ddmmyyyy mmddyyyy 日期 观测日期",
    "clock": "time clock timeofday hhmm hhmmss hrmin hourmin hourminute 时间 时刻",
    "year": "year yr yyyy 年 年份",
    "month": "month mon mo mm 月 月份",
    "day": "day dd dom dayofmonth 日",
    "doy": "doy dayofyear julianday julian jday jd yearday 年积日 儒略日",
    "hour": "hour hr hh hours 时 小时",
    "minute": "minute min mi minutes 分 分钟",
    "second": "second sec ss seconds 秒",
}

_ROLE_OF = {name: role for role, names in NAMES.items() for name in names.split()}

#: Words in such names that say which time is meant.
_CLOCKS_OF_THE_WORLD = ("utc", "gmt", "local", "lst", "lt", "bjt", "beijing", "standard")

_BRACKETS = re.compile(r"\(.*?\)|\[.*?\]|（.*?）")


def role(name: str) -> str:
    """What the column ``name`` tells; empty for other columns."""
    words = re.split(r"[\W_]+", _BRACKETS.sub(" ", name).lower())
    return _ROLE_OF.get("".join(word for word in words if word not in _CLOCKS_OF_THE_WORLD), "")


def places(names: Sequence[str], wanted: str, left: Sequence[int] | None = None) -> list[int]:
    """The places of the columns that tell ``wanted``; left: the places that are looked at (None: all)."""
    return [place for place, name in enumerate(names) if role(name) == wanted and (left is None or place in left)]


def default(names: Sequence[str]) -> int | None:
    """The column of times where none is called "time" and none is given: the only one of date and clock, of dates, or of years."""
    for wanted in ("stamp", "date", "year"):
        found = places(names, wanted)
        if found:
            return found[0] if len(found) == 1 else None
    return None


#: Words for soil moisture in names of columns.
_MOISTURE = re.compile(r"soil.?moist|soil.?water|water.?content|\b(?:sm|swc|vwc|smc|sms)(?:\b|_|\d)|土壤水分|土壤湿度|含水量|含水率", re.I)


def moisture(names: Sequence[str]) -> list[int]:
    """The places of the columns whose names speak of soil moisture."""
    return [place for place, name in enumerate(names) if _MOISTURE.search(name)]
