"""Reads the files of one input: those that cannot be read are left out, named and counted; too many of them stop the run."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, TypeVar

import numpy as np

from .. import products
from ..foundation.errors import AnnsmError, ProductError
from ..foundation.progress import Progress
from ..products.arrays import Arrays, Window
from ..products.decoding.pool import FileRequest, Pool
from ..products.naming import Entry

#: Share of an input's files that may be unreadable before the run stops.
UNREADABLE_SHARE = 0.2

#: Files that must have been tried before a large unreadable share stops the run.
_ENOUGH = 20

#: Degrees around the region that are read too, so that interpolation has neighbours.
MARGIN = 0.75

_T = TypeVar("_T")


class Files:
    """The files of one input, called ``title`` in messages; ``entries`` as ``products.find`` gives them.

    A file is known by its position in ``entries``. ``used``: files that were read; ``bad``: file -> why it could not be read; ``empty``:
    files without any value in the window; ``outliers``: file -> number of values outside the physical range. ``never``: path -> why
    something with the name of such a file is none (a folder, a link to itself). ``pool`` reads files ahead; without one they are
    read when they are asked for.
    """

    def __init__(self, title: str, entries: list[Entry], window: Window, pool: Pool | None = None) -> None:
        self.title, self.entries, self.window, self.pool = title, entries, window, pool
        self.used: set[int] = set()
        self.bad: dict[int, str] = {}
        self.empty: set[int] = set()
        self.outliers: dict[int, int] = {}
        self.never: dict[str, str] = {}
        self._position = {id(entry): number for number, entry in enumerate(entries)}

    def read(self, entry: Entry, variables: Collection[str], progress: Progress, use: Callable[[Arrays], _T]) -> _T | None:
        """What ``use`` makes of the contents of a file; None, and the file left out, if it cannot be read.

        ``use`` may raise ``ProductError`` as well: that file alone is left out. Raises ``Cancelled``, and ``AnnsmError`` if more than
        ``UNREADABLE_SHARE`` of the files tried could not be read.
        """

        def work() -> _T:
            data = self.arrays(entry, variables, progress)
            number = self._position[id(entry)]
            result = use(data)
            if data.empty:
                self.empty.add(number)
            if data.outliers:
                self.outliers[number] = sum(data.outliers.values())
            return result

        return self.attempt(entry, progress, work)

    def request(self, entry: Entry, variables: Collection[str]) -> FileRequest:
        """What ``pool`` is told to expect a ``read`` of this file."""
        return entry, self.window, tuple(variables)

    def arrays(self, entry: Entry, variables: Collection[str], progress: Progress) -> Arrays:
        """The contents of a file or of a part of one, for work that is given to ``attempt``. Raises ``ProductError``."""
        if self.pool is None:
            return products.read_arrays(entry, window=self.window, variables=tuple(variables))
        return self.pool.take(entry, self.window, tuple(variables), progress)

    def attempt(self, entry: Entry, progress: Progress, work: Callable[[], _T]) -> _T | None:
        """What ``work()`` returns; None, and the file counted as unreadable, if it raises ``ProductError``. Raises as ``read`` does."""
        progress.check()
        number = self._position[id(entry)]
        if number in self.bad:
            return None
        try:
            data = work()
        except (ProductError, OSError) as error:
            self.bad[number] = str(error)
            progress.warning(f"{self.title} file left out: {error}")
            self.check_share(_ENOUGH)
            return None
        self.used.add(number)
        return data

    def note_empty(self, entry: Entry) -> None:
        """Count a file that was read by ``attempt`` among those without any value."""
        self.empty.add(self._position[id(entry)])

    @property
    def unreadable(self) -> dict[str, str]:
        """Path -> reason of everything that was left out."""
        return {**self.never, **{self.name(number): text for number, text in sorted(self.bad.items())}}

    def record(self, before: dict[str, Any] | None = None) -> dict[str, Any]:
        """What is known of the files and was not in the record ``before``, ready for JSON."""
        before = before or {"used": (), "bad": {}, "empty": (), "outliers": {}}
        return {
            "used": sorted(self.used.difference(before["used"])),
            "bad": {number: text for number, text in self.bad.items() if number not in before["bad"]},
            "empty": sorted(self.empty.difference(before["empty"])),
            "outliers": {number: count for number, count in self.outliers.items() if number not in before["outliers"]},
        }

    def recall(self, record: dict[str, Any]) -> None:
        """Take over a record that was stored as JSON."""
        self.used.update(record["used"])
        self.empty.update(record["empty"])
        self.bad.update({int(number): text for number, text in record["bad"].items()})
        self.outliers.update({int(number): count for number, count in record["outliers"].items()})

    def name(self, number: int) -> str:
        """The path of a file by its position."""
        return str(self.entries[number].path)

    def check_share(self, enough: int = 1) -> None:
        """Raise ``AnnsmError`` if at least ``enough`` files were tried and too many of them were unreadable."""
        tried = len(self.used) + len(self.bad)
        if tried >= enough and len(self.bad) > UNREADABLE_SHARE * tried:
            raise AnnsmError(
                f"{len(self.bad)} of {tried} {self.title} files could not be read, more than {UNREADABLE_SHARE:.0%}, so the run stopped; "
                f"the first: {next(iter(self.bad.values()))}"
            )


def day(entry: Entry) -> np.datetime64:
    """The date of an entry's name as datetime64[D]."""
    return np.datetime64(entry.date, "D")
