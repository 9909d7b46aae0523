"""A table whose header has been found: the names of its columns and its rows as texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from ...foundation.errors import ProductError
from ...foundation.paths import PathLike
from . import numbers

#: Whether the names of columns are those of the table that is looked for.
Fits = Callable[[list[str]], bool]

#: Lines above the header at most.
ABOVE = 100

#: Rows below the header that may hold units and the like, at most.
_BELOW = 3

#: What begins like a date or a clock, or has a year in it.
_FIGURES = re.compile(r"^\s*\d|\d{4}")


@dataclass
class Sheet:
    """The ``rows`` of a table below its header: texts, as many as there are ``names``; ``lines``: the number of each in the file.

    ``notes``: sentences on how it was read; ``aliases``: places of columns by other names than their own; ``comments``: how many lines
    below the header are none of the rows; ``units``: rows of words below the header that were taken off; ``lacks``: what its cells lack, in
    words.
    """

    path: PathLike
    names: list[str]
    rows: list[list[str]]
    lines: list[int]
    notes: list[str] = field(default_factory=list)
    aliases: dict[str, int] = field(default_factory=dict)
    comments: int = 0
    units: list[list[str]] = field(default_factory=list)
    lacks: str = ""

    def at(self, name: str) -> int | None:
        """The place of the column of this name; None without one."""
        if name in self.aliases:
            return self.aliases[name]
        places = matching(self.names, name)
        return places[0] if places else None

    def column(self, place: int) -> list[str]:
        """The texts (rows,) of a column."""
        return [row[place] for row in self.rows]

    def there(self) -> str:
        """The names of the columns that have one, for messages."""
        return ", ".join([name[:40] for name in self.names if name][:12]) or "(none with a name)"


def rows_by(networks: Sequence[str], names: Sequence[str]) -> dict[tuple[str, str], np.ndarray]:
    """Network and name of each station, in their order, and its rows; rows without a name belong to none."""
    found: dict[tuple[str, str], list[int]] = {}
    for row, key in enumerate(zip(networks, names)):
        if key[1]:
            found.setdefault(key, []).append(row)
    return {key: np.asarray(rows) for key, rows in sorted(found.items())}


def matching(names: Sequence[str], wanted: str) -> list[int]:
    """The places of the columns that are called ``wanted``; where there is none in the same letters, in any letters."""
    exact = [place for place, name in enumerate(names) if name == wanted]
    return exact or [place for place, name in enumerate(names) if name.casefold() == wanted.casefold()]


def beginning(names: Sequence[str], wanted: str, *, whole: bool = False) -> list[int]:
    """The places of the columns whose names begin with ``wanted``, in any letters.

    Where some go on with something that is no letter or digit, it is those: loggers add units, zones and serial numbers, as in "Water
    Content, m3/m3 (LGR S/N: 1)". whole: only those.
    """
    begins = re.compile(re.escape(wanted) + r"\W", re.I)
    found = [place for place, name in enumerate(names) if begins.match(name)]
    return found if found or whole else [place for place, name in enumerate(names) if name.casefold().startswith(wanted.casefold())]


#: What may follow a word for a station in the name of its column.
_KIND = re.compile(r"[\s_.-]*(?:id|name|code|no|nr|number|label|编号|名称|名|号|代码)\.?", re.I)


def kinds(names: Sequence[str], wanted: str) -> list[int]:
    """The places of the columns called ``wanted`` and a word such as id or name: others that begin so may be of a station called so."""
    return [place for place in beginning(names, wanted) if _KIND.fullmatch(names[place][len(wanted) :])]


def clean(fields: Sequence[str]) -> list[str]:
    """The names in a header line."""
    return [" ".join(name.replace("\ufeff", "").split()) for name in fields]


def without_units(sheet: Sheet) -> None:
    """Take rows right below the header that hold words alone (units, kinds of means) off the ``sheet``, and say so."""
    taken = 0
    while taken < min(_BELOW, len(sheet.rows)) and _are_words(sheet.rows[taken]):
        taken += 1
    if taken:
        which = f"line {sheet.lines[0]}" if taken == 1 else f"lines {sheet.lines[0]} to {sheet.lines[taken - 1]}"
        are = "has words alone" if taken == 1 else "have words alone"
        sheet.notes.append(f"Below the header, {which} {are} (such as '{_word(sheet.rows[0])}'), taken for units.")
        sheet.units = sheet.rows[:taken]
        del sheet.rows[:taken], sheet.lines[:taken]


def _are_words(row: Sequence[str]) -> bool:
    """Whether a row has words, and nothing that could be a number, a date or a clock."""
    if any(_FIGURES.search(text) or numbers.is_number(text) for text in row):
        return False
    return any(not numbers.is_missing(text) or "%" in text for text in row)


def _word(row: Sequence[str]) -> str:
    return next((text for text in row if text), "")[:30]


def check_twice(path: PathLike, names: Sequence[str], read: Sequence[str]) -> None:
    """Raise ``ProductError`` if a column that is read is there twice; empty names in ``read`` are none, several columns may have none."""
    for name in read:
        if name and names.count(name) > 1:
            raise ProductError(path, name, f"{names.count(name)} columns of this name", "each column once")
