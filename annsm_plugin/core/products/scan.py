"""What a folder holds, by the names of its files and, where names say nothing, by their contents. Loops of links and unreadable folders
are no problem.
"""

from __future__ import annotations

import datetime
import filecmp
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..foundation.errors import ParameterError
from ..foundation.paths import PathLike
from ..foundation.progress import SILENT, Progress
from . import coverage
from .naming import AMSR2_START, Entry, entry
from .probe import problem
from .readers.smap_layers import needs
from .recognising import looked_into
from .recognising.foreign import SERIES

_Newest = dict[tuple[Any, ...], Entry]

#: How many names of unrecognised files are kept for the report.
KEPT_NAMES = 200

#: Cancellation is checked and progress reported once per this many files.
_BATCH = 500


@dataclass
class Inventory:
    """The product files in a folder.

    ``entries``: one file for each observation (the newest version), sorted by date, also those that turn out to be unreadable;
    ``superseded``: files left out because there is another one of the same observation, with the reason in ``why_left`` (by path);
    ``refused``: variants of the products that cannot be used; ``unreadable``: path -> what is wrong with a file or folder;
    ``unrecognised``: paths that are no product's file, by name and contents (at most 200 of ``n_unrecognised``); ``seems``: path -> what
    it seems to be instead (the same files), and ``seems_counts`` how many files are so; ``dates``: path -> dates of a file that holds
    several (AppEEARS); ``checked``: number of files whose first bytes were read; ``opened``: number of files opened; ``remembered``: number
    of files of which this is known from an earlier run; ``series``: files of stations' series that this plugin has written.
    """

    folder: str
    entries: list[Entry] = field(default_factory=list)
    superseded: list[Entry] = field(default_factory=list)
    refused: list[Entry] = field(default_factory=list)
    unrecognised: list[str] = field(default_factory=list)
    n_unrecognised: int = 0
    seems: dict[str, str] = field(default_factory=dict)
    seems_counts: Counter[str] = field(default_factory=Counter)
    unreadable: dict[str, str] = field(default_factory=dict)
    why_left: dict[str, str] = field(default_factory=dict)
    dates: dict[str, tuple[datetime.date, ...]] = field(default_factory=dict)
    checked: int = 0
    opened: int = 0
    remembered: int = 0
    series: list[str] = field(default_factory=list)

    def of(self, product: str) -> list[Entry]:
        """The entries of one product."""
        return [e for e in self.entries if e.product == product]

    def rows(self) -> list[dict[str, Any]]:
        """One row for each product, sensor, channel, overpass and version: files, first and last date, missing and incomplete days."""
        return [group.row() for group in coverage.groups(self)]

    def summary(self, product: str | None = None) -> list[str]:
        """Lines for the log, about all products or one."""
        lines = [group.sentence() for group in coverage.groups(self) if product in (None, group.product)]
        for reason, count in Counter(e.refused for e in self.refused if product in (None, e.product)).items():
            lines.append(f"{count} files refused: {reason}")
        left = [e for e in self.superseded if product in (None, e.product)]
        for reason, count in Counter(self.why_left.get(e.path, "") for e in left).items():
            lines.append(f"{count} files left out: {reason}")
        if product is None and self.n_unrecognised:
            lines.append(f"{self.n_unrecognised} files not recognised, such as {self.unrecognised[0]}")
            lines += [f"not recognised: {count} files: {what}" for what, count in self.seems_counts.most_common(_NAMED)]
        if by_content := [e for e in self.entries if e.granule and product in (None, e.product)]:
            lines.append(f"{len(by_content)} files recognised by their contents, such as {by_content[0].path} ({by_content[0].granule})")
        if joined := [e for e in self.entries if e.parts and product in (None, e.product)]:
            files = sum(1 + len(e.parts) for e in joined)
            lines.append(f"{files} files are parts (other variables or places) of {len(joined)} observations and are read together")
        known = {e.path: e.product for e in (*self.entries, *self.superseded)}
        bad = [(path, why) for path, why in self.unreadable.items() if product in (None, known.get(path, product))]
        lines += [f"could not be read: {path}: {why}" for path, why in bad[:_NAMED]]
        if len(bad) > _NAMED:
            lines.append(f"could not be read: {len(bad) - _NAMED} more")
        return lines or ["no files"]


#: Unreadable files that a summary names.
_NAMED = 10


def inventory(folder: PathLike, *, check: str = "headers", progress: Progress | None = None) -> Inventory:
    """What ``folder`` and the folders below it hold. Raises ``ParameterError`` if it is not a folder.

    ``check``: "names" looks at the names only (and at the first bytes where there are two files of one observation); "headers" reads the
    first bytes of every product file, and so finds those that are empty, cut off, not readable or of another kind; ``examine`` does more.
    """
    progress = progress or SILENT
    if not str(folder or "").strip():
        raise ParameterError("A product folder is not given.")
    root = Path(folder)
    if not root.is_dir():
        raise ParameterError(f"The folder {folder} does not exist." if not root.exists() else f"{folder} is not a folder.")
    result = Inventory(str(folder))
    newest: dict[tuple[Any, ...], Entry] = {}
    unknown: list[str] = []
    seen: set[str] = set()
    waiting, count = [os.path.abspath(root)], 0  # noqa: PTH100 (the worker processes that read the files stand in another folder)
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
                        _note(item, result, newest, unknown, waiting)
                    except OSError as error:  # a link to itself
                        result.unreadable[item.path] = str(error.strerror)
        except OSError as error:
            result.unreadable[place] = f"a folder that cannot be read ({error.strerror})"
    _look(unknown, result, newest, progress)
    for key, joined in list(newest.items()):
        newest[key] = found = _settled(joined, result) if joined.parts else joined
        if alone := layers_alone(found):
            result.refused += [replace(e, parts=(), refused=alone) for e in (found, *found.parts)]
            del newest[key]
    result.entries = sorted(newest.values(), key=lambda e: (e.product, str(e.date), str(e.time), e.path))
    if check == "headers":
        check_headers(result, progress)
    return result


def check_headers(found: Inventory, progress: Progress, entries: Sequence[Entry] | None = None) -> None:
    """Read the first bytes of ``entries`` (None: all) and enter what is wrong in ``found.unreadable``."""
    entries = found.entries if entries is None else entries
    for number, e in enumerate(entries):
        if number % _BATCH == 0:
            progress.check()
            progress.report(number / len(entries), "First bytes of the files")
        for file in (e, *e.parts):
            wrong = problem(file.path, file.name)
            if wrong:
                found.unreadable[e.path] = wrong if file is e else f"{wrong}, {file.path}, which is a part of it"
    found.checked += len(entries)


def _note(item: os.DirEntry[str], result: Inventory, newest: _Newest, unknown: list[str], waiting: list[str]) -> None:
    """Enter one item of a folder: a folder in ``waiting``, a file of no known name in ``unknown``, any other as ``_enter`` does."""
    if item.name.startswith("."):
        return
    found = entry(item.path)
    if item.is_dir():
        if found is not None:
            result.unreadable[item.path] = "a folder that is named like a product file"
        waiting.append(item.path)
    elif found is None:
        unknown.append(item.path)
    else:
        _enter(found, result, newest)


def _enter(found: Entry, result: Inventory, newest: _Newest) -> None:
    """Enter a product file in ``newest``, or one that cannot be used in ``result``."""
    if found.refused or suspicious(found):
        result.refused.append(found if found.refused else replace(found, refused=suspicious(found)))
    else:
        other = newest.get(found.key)
        newest[found.key] = found if other is None else _better(other, found, result)


def _look(unknown: list[str], result: Inventory, newest: _Newest, progress: Progress) -> None:
    """Enter the files whose names say nothing, by their contents."""
    for path, (entries, words) in looked_into(sorted(unknown), progress).items() if unknown else ():
        for found in entries:
            _enter(found, result, newest)
        if entries:
            continue
        result.n_unrecognised += 1
        result.seems_counts[words] += 1
        if words == SERIES:
            result.series.append(path)
        if len(result.unrecognised) < KEPT_NAMES:
            result.unrecognised.append(path)
            result.seems[path] = words


def _better(one: Entry, two: Entry, result: Inventory) -> Entry:
    """Which of two files of the same observation to use: one that is readable, then the newest, then one that is no subset.

    The other is entered in ``result.superseded`` with the reason.
    """
    wrong = {e.path: problem(e.path, e.name) for e in (one, two)}
    result.unreadable.update({path: why for path, why in wrong.items() if why})
    left, kept = sorted((one, two), key=lambda e: (not wrong[e.path], e.version or "", *_place(e)))
    if kept.joins(left) and not wrong[left.path]:  # copies among the parts are told when all are known
        return replace(kept, parts=(*kept.parts, replace(left, parts=()), *left.parts))
    if wrong[left.path] and not wrong[kept.path]:
        reason = "they cannot be read, and another file of the same observation can"
    elif left.version != kept.version:
        reason = "a newer version of the same observation is there"
    elif kept.whole and not left.whole:
        reason = "subsets of files that are there in full"
    elif not kept.whole and not left.whole and not _same(kept.path, left.path):
        reason = "another subset of the same observation is there; only one is read, so it must hold all variables and the whole region"
    else:
        reason = _TWICE
    for file in (left, *left.parts):
        _leave(file, reason, result)
    return kept


_TWICE = "the same observation is there twice"


def _leave(file: Entry, reason: str, result: Inventory) -> None:
    """Enter a file among those left out."""
    result.superseded.append(replace(file, parts=()))
    result.why_left[file.path] = reason


def _place(e: Entry) -> tuple[bool, str, str]:
    """By what files of one observation and version are put in order, whatever the order in which a folder lists them."""
    return e.whole, Path(e.path).name, e.path


def _copies(one: Entry, two: Entry) -> bool:
    """Whether two files that could be joined are the same."""
    return one.layer == two.layer and _same(one.path, two.path)


def _settled(joined: Entry, result: Inventory) -> Entry:
    """An entry with its parts in order and without copies among them, which are entered in ``result.superseded``."""
    parts: list[Entry] = []
    for part in sorted(joined.parts, key=_place, reverse=True):
        if any(_copies(other, part) for other in (joined, *parts)):
            _leave(part, _TWICE, result)
        else:
            parts.append(part)
    return replace(joined, parts=tuple(parts))


def _same(one: str, two: str) -> bool:
    """Whether two files are the same, byte by byte."""
    try:
        return filecmp.cmp(one, two, shallow=False)
    except OSError:
        return False


def find(folder: PathLike, product: str, *, progress: Progress | None = None) -> list[Entry]:
    """The files of one product in ``folder`` and below (the newest version of each), by date. Raises ``ParameterError``."""
    return inventory(folder, check="names", progress=progress).of(product)


def layers_alone(e: Entry) -> str:
    """Why AppEEARS layers of one date cannot be used: none of them holds the times of the pixels. Empty if one does, or for other files."""
    layers = [part.layer for part in (e, *e.parts)]
    if not all(layers) or any("tb_time_seconds" in layer for layer in layers):
        return ""
    found, expected = needs(layers[0])
    return f"this is {found}; {expected} is needed"


def suspicious(e: Entry) -> str:
    """Why the date in a name cannot be right for its sensor; empty if it can."""
    if e.sensor == "AMSR2" and e.date is not None and e.date < AMSR2_START:
        return "the name says AMSR2, but the date is before its first data (2012-07)"
    return ""
