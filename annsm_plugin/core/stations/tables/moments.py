"""The moments that the texts of one column tell: dates, clocks, both, or neither; the form is decided by the whole column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ...foundation.errors import ProductError
from ...foundation.paths import PathLike
from . import clocks, dates
from .numbers import is_missing

#: Formats of times that are written as one number, by the number of digits: how many of them are the date.
_DIGITS = {7: 7, 8: 8, 10: 8, 12: 8, 14: 8}

#: Days by which a spreadsheet counts (1954 to 2119 of them are taken for dates) and its first day before 1970-01-01.
_SERIAL, _EPOCH = (20_000.0, 80_000.0), 25_569

_PLAIN = re.compile(r"\d+(?:[.,]\d*)?")
_ZEROS = re.compile(r"[.,]0*$")


@dataclass(frozen=True)
class Moments:
    """What each row tells: ``days`` since 1970-01-01, ``seconds`` since midnight, ``offsets`` from UTC in seconds, (rows,), NaN for none.

    kind: "stamp", "date" (no row has a clock but midnight), "clock" or "year"; missing, wrong (rows,): where there is no text, and where
    it cannot be read; texts: the rows' words; notes: sentences on how they were read; zone: seconds from UTC by the column's name;
    joined: whether dates and clocks come from different columns.
    """

    kind: str
    days: np.ndarray
    seconds: np.ndarray
    offsets: np.ndarray
    missing: np.ndarray
    wrong: np.ndarray
    texts: list[str]
    notes: list[str] = field(default_factory=list)
    zone: int | None = None
    joined: bool = False

    @property
    def sample(self) -> str:
        """The first text that is one."""
        return next((text for text, gone in zip(self.texts, self.missing) if not gone), "")[:30]

    @property
    def dates_alone(self) -> bool:
        """Whether no row has a clock but midnight."""
        return not (self.seconds[np.isfinite(self.seconds)] > 0).any()

    def utc(self, otherwise: int) -> np.ndarray:
        """datetime64[s] UTC (rows,), NaT where there is none; ``otherwise``: the seconds from UTC of rows that do not say their own."""
        whole = self.days * clocks.DAY + np.where(np.isfinite(self.seconds), self.seconds, 0.0)
        whole = whole - np.where(np.isfinite(self.offsets), self.offsets, float(otherwise))
        good = np.isfinite(whole) & ~self.wrong & ~self.missing
        return np.where(good, np.where(good, whole, 0.0).astype(np.int64).astype("datetime64[s]"), np.datetime64("NaT", "s"))


def moments(path: PathLike, name: str, texts: Sequence[str], order: str, *, clock: bool = False) -> Moments:
    """The moments in the ``texts`` of a column; clock: it is known to be of clocks, so that numbers are some.

    Raises ``ProductError`` for dates that can be read in two ways, and for numbers that are no times.
    """
    known = {text: text.strip() for text in dict.fromkeys(texts)}
    there = [text for text, plain in known.items() if ":" in plain or not is_missing(plain)]
    if there and all(_PLAIN.fullmatch(known[text]) for text in there):
        found, kind, notes = _of_numbers(path, name, {text: _ZEROS.sub("", known[text]).replace(",", ".") for text in there}, clock)
    else:
        found, kind, notes = _of_texts(path, name, {text: known[text] for text in there}, order)
    nothing = (np.nan, np.nan, np.nan)
    rows = np.array([found.get(text, nothing) for text in texts], dtype=float).reshape(len(texts), 3)
    missing = np.array([text not in found and is_missing(text) for text in texts], dtype=bool)
    needed = rows[:, 1] if kind == "clock" else rows[:, 0]
    late = int((rows[:, 1] == clocks.DAY).sum())
    notes = [*notes, *([f"24:00 is read as midnight at the end of the day ({late} row{'s' if late > 1 else ''})."] if late else [])]
    return Moments(kind, rows[:, 0], rows[:, 1], rows[:, 2], missing, np.isnan(needed) & ~missing, list(texts), notes)


#: Text -> days since 1970-01-01, seconds since midnight, seconds from UTC; NaN for none.
_Found = dict[str, tuple[float, float, float]]


def _of_texts(path: PathLike, name: str, texts: dict[str, str], order: str) -> tuple[_Found, str, list[str]]:
    """The moments in texts of which some are no numbers, their kind, and sentences on them."""
    parts = _parts(texts)
    different = {id(date): (text, date) for text, (date, _) in reversed(parts.items()) if date is not None}
    order, said = dates.order_of(path, name, reversed(different.values()), order) if different else ("", "")
    days = {key: dates.day_number(date, order) for key, (_, date) in different.items()}
    found: _Found = {}
    read: dict[str, clocks.Clock | None] = {"": clocks.Clock(0)}
    for text, (date, rest) in parts.items():
        if rest not in read:
            read[rest] = clocks.clock(rest)
        hour, day = read[rest], days[id(date)] if date is not None else None
        if hour is None or (date is None and ":" not in rest and not _HALF.search(rest)) or (date is not None and day is None):
            found[text] = (np.nan, np.nan, np.nan)
            continue
        offset = np.nan if hour.offset is None else float(hour.offset)
        found[text] = (np.nan if day is None else float(day), float(hour.seconds) if rest else np.nan, offset)
    if not different:
        clock = any(np.isfinite(seconds) for _, seconds, _ in found.values())
        return found, "clock" if clock else "none", []
    at_midnight = all(not seconds > 0 for _, seconds, _ in found.values())
    return found, "date" if at_midnight else "stamp", [said] if said else []


def _parts(texts: dict[str, str]) -> dict[str, tuple[dates.Date | None, str]]:
    """The date of each text and what follows it; dates occur many times in a record, and each is parsed once."""
    known: dict[str, dates.Date | None] = {}
    parts: dict[str, tuple[dates.Date | None, str]] = {}
    for text, plain in texts.items():
        head, _, rest = plain.partition(" " if " " in plain else "T")
        if head not in known:
            known[head] = dates.split(head)
        date = known[head]
        if date is None or date.rest or (rest and not rest[0].isdigit()):
            if plain not in known:
                known[plain] = dates.split(plain)
            date = known[plain]
            rest = date.rest if date is not None else plain
        parts[text] = (date, rest)
    return parts


_HALF = re.compile(r"[AP]M\b|上午|下午", re.I)


def _of_numbers(path: PathLike, name: str, texts: dict[str, str], clock: bool) -> tuple[_Found, str, list[str]]:
    """The moments in texts that all are numbers. Raises ``ProductError`` for numbers of which it cannot be told what they are."""
    values = np.array([float(plain) for plain in texts.values()])
    plain = list(texts.values())
    widths = {len(number) for number in plain}
    whole = bool((values == np.round(values)).all())
    nothing = np.full(values.size, np.nan)
    if clock or (not whole and values.max() <= 24.0):
        seconds, what = clocks.numbers_as_clocks(values, plain)
        return _paired(texts, nothing, seconds), "clock", [f"Numbers in '{name}' such as {plain[-1]} are read as {what}."]
    if ((values >= _SERIAL[0]) & (values <= _SERIAL[1])).all():
        seconds = np.round((values - np.floor(values)) * clocks.DAY)
        days = np.floor(values) - _EPOCH
        text = f"Numbers in '{name}' such as {plain[0]} are read as days of a spreadsheet, since 1899-12-30."
        return _paired(texts, days, np.where(seconds > 0, seconds, np.nan)), "stamp" if (seconds > 0).any() else "date", [text]
    if whole and len(widths) == 1 and widths <= set(_DIGITS):
        return _compact(path, name, texts, widths.pop())
    if whole and ((values >= dates.FIRST_YEAR) & (values <= dates.LAST_YEAR)).all():
        return _paired(texts, nothing, nothing), "year", []
    if whole and values.max() <= 2400 and not (len(widths) == 1 and widths == {1}):
        seconds, what = clocks.numbers_as_clocks(values, plain)
        return _paired(texts, nothing, seconds), "clock", []
    raise ProductError(path, name, f"numbers such as {plain[0][:20]}", "dates and times, or numbers such as 20150401 or 201504010030")


def _paired(texts: dict[str, str], days: np.ndarray, seconds: np.ndarray) -> _Found:
    return {text: (float(day), float(second), np.nan) for text, day, second in zip(texts, days, seconds)}


def _compact(path: PathLike, name: str, texts: dict[str, str], width: int) -> tuple[_Found, str, list[str]]:
    """Times written as one number of year, month and day (or day of the year), hour, minute and second."""
    found: _Found = {}
    for text, plain in texts.items():
        year, rest = int(plain[:4]), plain[_DIGITS[width] :]
        day = dates.of_year(year, int(plain[4:7])) if width == 7 else dates.of(year, int(plain[4:6]), int(plain[6:8]))
        hour = clocks.clock(rest) if rest else clocks.Clock(0)
        good = day is not None and hour is not None
        found[text] = (float(day or 0), float(hour.seconds) if rest and hour else np.nan, np.nan) if good else (np.nan,) * 3
    if all(np.isnan(day) for day, _, _ in found.values()):
        sample = next(iter(texts.values()))[:20]
        raise ProductError(path, name, f"numbers such as {sample}", "dates and times, or numbers such as 20150401 or 201504010030")
    said = [f"Numbers in '{name}' such as {next(iter(texts.values()))} are read as year and day of the year."] if width == 7 else []
    kind = "stamp" if any(seconds > 0 for _, seconds, _ in found.values()) else "date"
    return found, kind, said
