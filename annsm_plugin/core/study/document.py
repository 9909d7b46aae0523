"""The report of a study while it is made: numbered figures and tables, and where every number comes from."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Union

import numpy as np

from ..foundation import tables
from ..foundation.errors import AnnsmError, Cancelled, check_enough
from ..foundation.outside import understood
from ..reports import figures, words
from ..reports.figure_files import Figure
from ..reports.page import Section

#: Columns of the table of numbers.
COLUMNS = ("part", "what", "shown", "value", "file", "where")


#: What reading a file that is damaged, or is something else, can raise.
UNREADABLE = (
    *(AnnsmError, OSError, RuntimeError, ValueError, LookupError, TypeError, ArithmeticError, AttributeError),
    *(StopIteration, EOFError, MemoryError, csv.Error),
)


def reason(error: BaseException) -> str:
    """What was raised, in one line."""
    text = " ".join(str(error).split()).rstrip(".")
    said = text if isinstance(error, AnnsmError) and text else f"{type(error).__name__}{f': {text}' if text else ''}"
    return said if len(said) <= 300 else f"{said[:300]} …"


@dataclass(frozen=True)
class Fact:
    """A number or a choice as it is ``shown``; its ``value`` stands in ``file`` at ``where`` (a column, attribute, result or band)."""

    shown: str
    value: Any
    file: Path
    where: str


Cell = Union[str, Fact]


def number(value: Any, digits: int, file: Path, where: str) -> Fact:
    """A fact that is a number, shown with so many digits."""
    try:
        value = float(value)
    except (TypeError, ValueError):
        value = float("nan")
    return Fact(words.show(value, digits), value, file, where)


def with_range(values: Sequence[Any], digits: int, file: Path, where: str) -> Fact:
    """A fact that is a mean with its 95 % interval: (mean, low, high)."""
    with understood(file, f"numbers, or nothing, in {where}", "a table"):
        values = [float(value) if value not in ("", None) else float("nan") for value in values]
    return Fact(words.with_range(values, digits), values[0], file, where)


@dataclass
class Document:
    """What the report holds so far: ``sections`` of the page, ``figures`` (file name, figure), ``facts`` (part, what, fact), ``cards``
    (label, ours, paper's, note), ``missing`` (part, how to produce it), ``notes``: limits that the parts know of."""

    sections: list[Section] = field(default_factory=list)
    figures: list[tuple[str, Figure]] = field(default_factory=list)
    facts: list[tuple[str, str, Fact]] = field(default_factory=list)
    cards: list[tuple[str, ...]] = field(default_factory=list)
    missing: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    tables: int = 0

    def attempt(self, name: str, step: str, work: Callable[[], None]) -> None:
        """Do a part of the report; of one that cannot be read nothing stays but a line among what is missing. Memory that does not suffice
        ends the report: with more of it the part would be there."""
        lists: tuple[list[Any], ...] = (self.sections, self.figures, self.facts, self.cards, self.missing, self.notes)
        before, tables_before = [len(held) for held in lists], self.tables
        try:
            work()
        except Cancelled:
            raise
        except UNREADABLE as error:
            check_enough(error)
            for held, length in zip(lists, before):
                del held[length:]
            self.tables = tables_before
            self.missing.append((f"{name} cannot be read ({reason(error)})", f"Run '{step}' again."))

    def card(self, label: str, ours: Fact, paper: str = "", note: str = "") -> None:
        """A number at the head of the report."""
        self.facts.append(("at a glance", label, ours))
        self.cards.append((label, ours.shown, paper, note))

    def text(self, title: str, text: str, items: Sequence[str] = ()) -> None:
        """A section of words."""
        self.sections.append(Section(title, text, items=list(items)))

    def figure(self, title: str, figure: Figure, caption: str, text: str = "", *, alt: str = "", colours: int | None = None) -> None:
        """A figure with its number."""
        count = len(self.figures) + 1
        figures.settle(figure.drawing)
        self.figures.append((f"figure_{count:02d}_{figure.name}", figure))
        picture = figures.png(figure.drawing, colours)
        self.sections.append(Section(title, text, picture, f"Figure {count}. {caption}", alt=alt or title))

    def table(self, title: str, header: Sequence[str], rows: Sequence[Sequence[Cell]], text: str = "", part: str = "") -> None:
        """A table with its number; a row's first cell, and for a second text its second too, say what its facts are."""
        if not rows:
            return
        self.tables += 1
        shown = []
        for row in rows:
            what = ", ".join(cell for cell in row[:2] if isinstance(cell, str) and cell)
            for name, cell in zip(header, row):
                if isinstance(cell, Fact):
                    self.facts.append((part or title, f"{what}: {name}", cell))
            shown.append([cell.shown if isinstance(cell, Fact) else str(cell) for cell in row])
        self.sections.append(Section(f"Table {self.tables}. {title}", text, header=list(header), rows=shown))

    def numbers_csv(self, folder: Path) -> str:
        """The table of all numbers as CSV text; files within ``folder`` by their names there."""
        rows = []
        for part, what, fact in self.facts:
            value = "" if isinstance(fact.value, float) and not np.isfinite(fact.value) else fact.value
            try:
                name = str(fact.file.resolve().relative_to(folder.resolve()))
            except (ValueError, OSError):
                name = str(fact.file)
            rows.append([part, what, fact.shown, value, name, fact.where])
        return tables.as_csv(COLUMNS, rows)
