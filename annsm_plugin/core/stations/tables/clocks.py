"""Clocks as tables write them: with colons, as numbers of hours or of hours and minutes, as a part of a day, with AM, PM and zones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

DAY = 86400

#: Chinese words in dates and clocks, and the signs that say the same.
_WORDS = (
    ("年", "-"),
    ("月", "-"),
    ("日", " "),
    ("号", " "),
    ("时", ":"),
    ("点", ":"),
    ("分", ":"),
    ("秒", ""),
    ("：", ":"),
    ("\u3000", " "),
)
_HALVES = (("上午", " AM "), ("下午", " PM "), ("a.m.", "AM"), ("p.m.", "PM"))

_ZONE = r"\s*(?P<zone>Z|(?:UTC|GMT)?\s*[+-]\d{1,2}(?::?\d{2})?|UTC|GMT)?"
_COLONS = re.compile(
    r"(?P<before>[AP]M\s*)?(?P<hour>\d{1,2})[:h](?P<minute>\d{1,2})?(?::(?P<second>\d{1,2})(?:[.,]\d*)?)?\s*(?P<half>[AP]M)?" + _ZONE, re.I
)
_HOUR = re.compile(r"(?P<before>[AP]M\s*)?(?P<hour>\d{1,2})\s*(?P<half>[AP]M)?" + _ZONE, re.I)
_DIGITS = re.compile(r"(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?" + _ZONE, re.I)
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})?")


@dataclass(frozen=True)
class Clock:
    """A clock: ``seconds`` since the midnight that begins its day (86400 for 24:00), ``offset`` from UTC in seconds if it says one."""

    seconds: int
    offset: int | None = None


def normal(text: str) -> str:
    """A text of a date or clock with signs for Chinese words, AM and PM in two letters, and single blanks."""
    for word, sign in _HALVES:
        text = text.replace(word, sign)
    if not text.isascii():
        for word, sign in _WORDS:
            text = text.replace(word, sign)
        text = text.strip()
        if text.endswith(":"):
            text = f"{text}00" if text.count(":") == 1 else text[:-1]
    return " ".join(text.split())


def clock(text: str) -> Clock | None:
    """The clock in a text such as 00:30, 0:30:00, 12:30 PM, 0030 or 00:30+08:00; None for any other text."""
    text = normal(text)
    match = _COLONS.fullmatch(text) or _DIGITS.fullmatch(text) or _HOUR.fullmatch(text)
    if not match:
        return None
    parts = match.groupdict()
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    half = (parts.get("half") or parts.get("before") or "").strip().upper()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "PM" else 0)
    whole = 3600 * hour + 60 * minute + second
    if minute > 59 or second > 59 or whole > DAY:
        return None
    return Clock(whole, offset(parts.get("zone") or ""))


def offset(text: str) -> int | None:
    """The seconds from UTC of a zone such as Z, UTC, +08:00 or GMT+8; None without one."""
    if not text:
        return None
    match = _OFFSET.search(text)
    if not match:
        return 0
    seconds = 3600 * int(match.group(2)) + 60 * int(match.group(3) or 0)
    return -seconds if match.group(1) == "-" else seconds


def numbers_as_clocks(values: np.ndarray, texts: Sequence[str]) -> tuple[np.ndarray, str]:
    """Seconds since midnight (rows,), NaN where there is none, of a column of numbers, and what they were taken for.

    Decided by the whole column: four digits with leading zeros, or numbers beyond 24, are hours and minutes (0 to 2400); numbers of at
    most 1 with a fraction are parts of a day, as spreadsheets hold them; all others are hours.
    """
    known = values[np.isfinite(values)]
    if not known.size:
        return np.full(values.size, np.nan), "no clocks"
    whole = bool((known == np.round(known)).all())
    padded = all(len(text) == 4 for text in texts if text) and any(text.startswith("0") for text in texts)
    with np.errstate(invalid="ignore"):
        if whole and (known.max() > 24 or padded):
            hour, minute = np.floor(values / 100.0), np.mod(values, 100.0)
            seconds, what = np.where(minute < 60, 3600.0 * hour + 60.0 * minute, np.nan), "hours and minutes"
        elif not whole and known.max() <= 1.0:
            seconds, what = np.round(values * DAY), "parts of a day"
        else:
            seconds, what = np.round(values * 3600.0), "hours"
        return np.where((seconds >= 0) & (seconds <= DAY), seconds, np.nan), what
