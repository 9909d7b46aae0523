"""What the sentences are made with: a run that notes what is read of it, the sentence, and how numbers and lists are written."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PureWindowsPath
from typing import Any

from ...foundation.paths import file_of
from ..references import REFERENCES
from ..results import Run

#: Headings of a methods section, in order.
SECTIONS = (
    *("Study area and data", "Matching", "Screening", "Network and training", "Reconstruction", "Gap filling", "Validation"),
    *("Triple collocation", "Comparison of methods", "Trends", "Software"),
)

#: A cited work in a sentence that is being made, such as "@wang2021"; in square brackets it stands in parentheses.
CITED = re.compile(rf"@({'|'.join(sorted(REFERENCES, key=len, reverse=True))})(?![A-Za-z0-9])")

#: Stands for "@" in words from a record until citations are written out: no name of a file cites a work.
AT = "\ue000"


@dataclass(frozen=True)
class Sentence:
    """A ``text`` in a ``section``; ``cites``: keys of ``references``; ``facts``: where each number and choice comes from -> its value."""

    text: str
    section: str
    cites: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)


class Told:
    """A run that is told of. Whatever is read of it is noted, until a sentence takes the notes."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.notes: dict[str, Any] = {}

    @property
    def name(self) -> str:
        """Name of what it wrote."""
        name = self.run.path.name.partition(".run.json")[0] if self.run.path.name != "run.json" else self.run.path.parent.name
        return plain(name)

    def _note(self, place: str, value: Any) -> Any:
        if value is not None:
            self.notes[f"{self.run.path.name}: {place}"] = value
        return value

    def asked(self, name: str) -> Any:
        """A field of the request."""
        return plain(self._note(f"request {name}", getattr(self.run.request, name, None)))

    def word(self, name: str) -> str:
        """A field of the request as text; empty if it is not given."""
        value = getattr(self.run.request, name, None)
        return "" if value is None or value == "" else str(self.asked(name))

    def file(self, name: str) -> str:
        """Name of the file or folder in a field of the request; empty without one."""
        return PureWindowsPath(file_of(self.word(name))).name

    def result(self, name: str) -> float | None:
        """A number among the results; None without one."""
        value = self.run.results.get(name)
        number = float(value) if isinstance(value, (int, float)) and value == value else None
        return None if number is None else self._note(f"result {name}", number)

    def text(self, name: str) -> str:
        """A text among the results; empty without one."""
        value = self.run.results.get(name)
        return str(plain(self._note(f"result {name}", value))) if isinstance(value, str) else ""

    def attribute(self, name: str) -> Any:
        """An attribute of what it wrote; None without one."""
        value = self.run.attributes.get(name)
        return plain(self._note(f"attribute {name}", getattr(value, "item", lambda: value)()))

    def number(self, name: str) -> float:
        """An attribute that is a number; 0 without one."""
        try:
            return float(self.run.attributes[name]) if self.attribute(name) is not None else 0.0
        except (KeyError, TypeError, ValueError):
            return 0.0

    def summary(self, pattern: str) -> Any:
        """The first match of a pattern in the sentences that the step said at its end, or None."""
        return self._found("summary", self.run.summary, pattern)

    def warning(self, pattern: str) -> Any:
        """The same in its warnings."""
        return self._found("warning", self.run.warnings, pattern)

    def _found(self, place: str, lines: Sequence[str], pattern: str) -> Any:
        for number, line in enumerate(lines, start=1):
            found = re.search(pattern, plain(line))
            if found:
                self._note(f"{place} {number}", line)
                return found
        return None

    def noted(self, name: str, value: Any) -> Any:
        """A value that follows from the record, or that the plugin fixes."""
        return self._note(name, value)

    def version(self, name: str) -> str:
        """The version of a package that the record names; empty without one, and for "999", which one that does not know it states."""
        versions = self.run.record.get("versions")
        value = versions.get(name) if isinstance(versions, dict) else None
        return str(plain(self._note(f"version {name}", value))) if value and value not in ("not installed", "999") else ""


def plain(value: Any) -> Any:
    """A value of a record in which no text cites a work."""
    if isinstance(value, str):
        return value.replace("@", AT)
    return [plain(one) for one in value] if isinstance(value, list) else value


def say(section: str, text: str, *told: Told, **facts: Any) -> Sentence:
    """A sentence with the notes of the runs, which are then empty; ``facts``: others than theirs."""
    noted = {place: value for each in told for place, value in each.notes.items()}
    for each in told:
        each.notes = {}
    return Sentence(text, section, tuple(dict.fromkeys(CITED.findall(text))), {**noted, **facts})


def count(number: float) -> str:
    """A whole number, thousands apart."""
    return f"{number:,.0f}"


def some(number: float, one: str, several: str = "") -> str:
    """ "1 cell" or "2 cells"."""
    return f"{count(number)} {one if number == 1 else several or one + 's'}"


def listed(words: Iterable[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    parts = list(words)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def capital(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def days_between(first: str, last: str) -> int:
    """Days from one date to another, both counted."""
    return (datetime.date.fromisoformat(last[:10]) - datetime.date.fromisoformat(first[:10])).days + 1


def periods(told: Told, within: bool = True) -> list[tuple[str, str]]:
    """First and last day of each stretch of a run: those that were matched, and, ``within``, between its first and last day."""
    start, end = (told.word(name)[:10] for name in ("start", "end")) if within else ("", "")
    if start and end and told.run.step != "match":
        return [(start, end)]
    matched = str(told.attribute("matched_days") or "").split()
    found = [(part.partition("/")[0], part.partition("/")[2] or part.partition("/")[0]) for part in matched]
    found = found or ([(start, end)] if start and end else [])
    if told.run.step == "match":
        return found
    inside = [(max(first, start), min(last, end or last)) for first, last in found]
    return [(first, last) for first, last in inside if first <= last]


def spans(stretches: Iterable[tuple[str, str]], word: str = "from ") -> str:
    """ "from 2015-04-01 to 2017-03-31", several joined."""
    return listed(f"{word}{first} to {last}" for first, last in stretches)


def period(told: Told) -> str:
    """ "from 2015-04-01 to 2017-03-31" of a request's start and end, "until" or "from" with one of them, empty with none."""
    start, end = (told.word(name)[:10] for name in ("start", "end"))
    return f"from {start} to {end}" if start and end else f"from {start} on" if start else f"until {end}" if end else ""


def alike(section: str, runs: Sequence[Told], words: Callable[[Told], str]) -> list[Sentence]:
    """A sentence of what all runs have in common, or one for each difference with the days that it is of. ``words`` begin small."""
    said: dict[str, list[Told]] = {}
    for told in runs:
        text = words(told)
        if text:
            said.setdefault(text, []).append(told)
        else:
            told.notes = {}
    if len(said) == 1:
        (text, own), *_ = said.items()
        return [say(section, f"{capital(text)}.", *own)]
    found = []
    for text, own in said.items():
        days = listed(spans(periods(told)) for told in own)
        found.append(say(section, f"For the days {days}, {text}.", *own))
    return found
