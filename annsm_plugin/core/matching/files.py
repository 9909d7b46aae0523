"""Reads the files of one input: skips, names and counts those that cannot be read, and stops when they are too many."""

from __future__ import annotations

import numpy as np

from .. import products
from ..errors import AnnsmError, ProductError
from ..progress import Progress

#: Share of an input's files that may be unreadable before the run stops.
UNREADABLE_SHARE = 0.2

#: Files read before the share is asked for.
_ENOUGH = 20

#: Degrees around the region that are read too, so that interpolation has neighbours.
MARGIN = 0.75


class Files:
    """The files of one input, called ``title`` in messages; ``entries`` as ``products.find`` gives them.

    ``used`` holds the positions (in ``entries``) of files read, ``bad`` a sentence for each position that was not readable.
    """

    def __init__(self, title: str, entries: list, window):
        self.title, self.entries, self.window = title, entries, window
        self.used: set[int] = set()
        self.bad: dict[int, str] = {}
        self._position = {id(entry): number for number, entry in enumerate(entries)}

    def read(self, entry, variables, progress: Progress, use=None):
        """The ``products.Arrays`` of a file, or what ``use(arrays)`` makes of it; None if it cannot be read.

        Whatever is wrong with one file stays with that file: ``use`` may raise ``ProductError`` too. Raises ``Cancelled``, and
        ``AnnsmError`` when more than ``UNREADABLE_SHARE`` of the files tried were unreadable.
        """
        progress.check()
        number = self._position[id(entry)]
        if number in self.bad:
            return None
        try:
            data = products.read_arrays(entry, window=self.window, variables=variables)
            data = use(data) if use else data
        except (ProductError, OSError) as error:
            self.bad[number] = str(error)
            progress.warning(f"{self.title} file left out: {error}")
            self.check_share(_ENOUGH)
            return None
        self.used.add(number)
        return data

    def check_share(self, enough: int = 1) -> None:
        """Raise ``AnnsmError`` if at least ``enough`` files were tried and too many of them were unreadable."""
        tried = len(self.used) + len(self.bad)
        if tried >= enough and len(self.bad) > UNREADABLE_SHARE * tried:
            raise AnnsmError(
                f"{len(self.bad)} of {tried} {self.title} files could not be read, more than {UNREADABLE_SHARE:.0%}, so the run stopped; "
                f"the first: {next(iter(self.bad.values()))}"
            )


def day(entry) -> np.datetime64:
    """The date of an entry's name as datetime64[D]."""
    return np.datetime64(entry.date, "D")
