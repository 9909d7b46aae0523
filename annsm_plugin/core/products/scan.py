"""What a folder holds, by the names and the first bytes of its files: loops and forbidden folders do no harm."""

from __future__ import annotations

import datetime
import os
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..foundation.errors import ParameterError
from ..foundation.progress import SILENT, Progress
from . import coverage
from .naming import AMSR2_START, Entry, entry
from .probe import problem

#: How many names of unrecognised files are kept for the report.
KEPT_NAMES = 200

#: Files between two looks at the cancel button.
_BATCH = 500


@dataclass
class Inventory:
    """Product files of a folder.

    ``entries``: one file for each observation, the newest, by date, those included that turn out unreadable; ``superseded``: files left out
    for another one of the same observation, ``why_left`` path -> reason; ``refused``: relatives that cannot be used; ``unreadable``: path
    -> what is wrong, of files and folders; ``unrecognised``: names that are no product's (at most 200 of ``n_unrecognised``); ``dates``:
    path -> dates of a file that holds many (AppEEARS). ``checked`` files had their first bytes looked at, ``opened`` were opened.
    """

    folder: str
    entries: list[Entry] = field(default_factory=list)
    superseded: list[Entry] = field(default_factory=list)
    refused: list[Entry] = field(default_factory=list)
    unrecognised: list[str] = field(default_factory=list)
    n_unrecognised: int = 0
    unreadable: dict[str, str] = field(default_factory=dict)
    why_left: dict[str, str] = field(default_factory=dict)
    dates: dict[str, tuple[datetime.date, ...]] = field(default_factory=dict)
    checked: int = 0
    opened: int = 0

    def of(self, product: str) -> list[Entry]:
        """The entries of one product."""
        return [e for e in self.entries if e.product == product]

    def rows(self) -> list[dict]:
        """One row for each product, sensor, channel, orbit and version: files, first and last date, missing and half-filled days."""
        return [group.row() for group in coverage.groups(self)]

    def summary(self, product: str | None = None) -> list[str]:
        """Plain sentences for the log, of all products or of one."""
        lines = [group.sentence() for group in coverage.groups(self) if product in (None, group.product)]
        for reason, count in Counter(e.refused for e in self.refused if product in (None, e.product)).items():
            lines.append(f"{count} files refused: {reason}")
        left = [e for e in self.superseded if product in (None, e.product)]
        for reason, count in Counter(self.why_left.get(e.path, "") for e in left).items():
            lines.append(f"{count} files left out: {reason}")
        if product is None and self.n_unrecognised:
            lines.append(f"{self.n_unrecognised} files not recognised, such as {self.unrecognised[0]}")
        known = {e.path: e.product for e in (*self.entries, *self.superseded)}
        bad = [(path, why) for path, why in self.unreadable.items() if product in (None, known.get(path, product))]
        lines += [f"could not be read: {path}: {why}" for path, why in bad[:_NAMED]]
        if len(bad) > _NAMED:
            lines.append(f"could not be read: {len(bad) - _NAMED} more")
        return lines or ["no files"]


#: Unreadable files that a summary names.
_NAMED = 10


def inventory(folder, *, check: str = "headers", progress: Progress | None = None) -> Inventory:
    """What ``folder`` holds, searched recursively. Raises ``ParameterError`` if it is not a folder.

    ``check``: "names" looks at names only (and into files of which there are two); "headers" reads the first bytes of every product
    file and finds those that are empty, cut off, forbidden or something else; ``examine`` goes further.
    """
    progress = progress or SILENT
    if not str(folder or "").strip():
        raise ParameterError("A product folder is not given.")
    root = Path(folder)
    if not root.is_dir():
        raise ParameterError(f"The folder {folder} does not exist." if not root.exists() else f"{folder} is not a folder.")
    result = Inventory(str(folder))
    newest: dict[tuple, Entry] = {}
    seen, waiting, count = set(), [str(root)], 0
    while waiting:
        progress.check()
        place = waiting.pop()
        real = os.path.realpath(place)
        if real in seen:
            continue
        seen.add(real)
        try:
            with os.scandir(place) as items:
                for item in items:
                    count += 1
                    if count % _BATCH == 0:
                        progress.check()
                        progress.report(0.0, f"{count} files seen")
                    try:
                        _note(item, result, newest, waiting)
                    except OSError as error:  # a link to itself
                        result.unreadable[item.path] = str(error.strerror)
        except OSError as error:
            result.unreadable[place] = f"a folder that cannot be read ({error.strerror})"
    result.entries = sorted(newest.values(), key=lambda e: (e.product, str(e.date), str(e.time), e.path))
    if check == "headers":
        check_headers(result, progress)
    return result


def check_headers(found: Inventory, progress: Progress, entries=None) -> None:
    """Look at the first bytes of ``entries`` (default: all) and note what is wrong in ``found.unreadable``."""
    entries = found.entries if entries is None else entries
    for number, e in enumerate(entries):
        if number % _BATCH == 0:
            progress.check()
            progress.report(number / len(entries), "First bytes of the files")
        wrong = problem(e.path)
        if wrong:
            found.unreadable[e.path] = wrong
    found.checked += len(entries)


def _note(item, result: Inventory, newest: dict, waiting: list) -> None:
    if item.name.startswith("."):
        return
    if item.is_dir():
        found = entry(item.path)
        if found is not None:
            result.unreadable[item.path] = "a folder that is named like a product file"
        waiting.append(item.path)
        return
    found = entry(item.path)
    if found is None:
        result.n_unrecognised += 1
        if len(result.unrecognised) < KEPT_NAMES:
            result.unrecognised.append(item.path)
    elif found.refused or suspicious(found):
        result.refused.append(found if found.refused else replace(found, refused=suspicious(found)))
    else:
        other = newest.get(found.key)
        newest[found.key] = found if other is None else _better(other, found, result)


def _better(one: Entry, two: Entry, result: Inventory) -> Entry:
    """The one of two files of the same observation to use: readable, then newest, then whole; the other is noted with the reason."""
    wrong = {e.path: problem(e.path) for e in (one, two)}
    result.unreadable.update({path: why for path, why in wrong.items() if why})
    left, kept = sorted((one, two), key=lambda e: (not wrong[e.path], e.version or "", e.whole, Path(e.path).name, e.path))
    if wrong[left.path] and not wrong[kept.path]:
        reason = "they cannot be read, and another file of the same observation can"
    elif left.version != kept.version:
        reason = "a newer version of the same observation is there"
    elif kept.whole and not left.whole:
        reason = "subsets of files that are there whole"
    elif not kept.whole and not left.whole:
        reason = "another subset of the same observation is there, and one is read: it must hold all variables and the whole region"
    else:
        reason = "the same observation is there twice"
    result.superseded.append(left)
    result.why_left[left.path] = reason
    return kept


def find(folder, product: str, *, progress: Progress | None = None) -> list[Entry]:
    """The files of one product in ``folder`` (searched recursively, newest version of each), by date. Raises ``ParameterError``."""
    return inventory(folder, check="names", progress=progress).of(product)


def suspicious(e: Entry) -> str:
    """A sentence if a name's date cannot be right for its sensor, else empty."""
    if e.sensor == "AMSR2" and e.date is not None and e.date < AMSR2_START:
        return "this is named AMSR2 and dated before AMSR2 flew (2012-07)"
    return ""
