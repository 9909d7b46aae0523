"""Keeps the values that were read from product files at certain cells, so that the next run opens new and changed files only."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from ..foundation import store
from ..foundation.errors import ProductError
from ..foundation.outside import read_arrays
from ..foundation.paths import PathLike

#: One local date of a product file: the date, and numbers at the cells.
Layer = tuple[np.datetime64, np.ndarray]

#: Bytes that the arrays of a memory may have at most: 20 years of three products at some hundred cells.
LARGEST = 300_000_000

#: The path of an archive, or of a file in one, which is as old as the archive.
_ARCHIVE = re.compile(r"(.*\.(?:tgz|tar\.gz|tar|zip))(?:/.*)?$")


class SeriesMemory:
    """The values of single product files at certain cells, in a file beside an output.

    What was read of a file is known as long as its name, size and modification time do not change. ``path``: the .npz file (arrays
    without pickle); None: nothing is kept. A damaged file is thrown away: nothing is known, and ``problem`` says so in a sentence.
    """

    def __init__(self, path: PathLike | None):
        self.path = None if path is None else Path(path)
        self.problem = ""
        self._kept: dict[str, list[Layer]] = {}
        try:
            self._kept = _read(self.path)
        except ProductError as error:
            self.problem = f"What an earlier run had read of the products is read again, since it cannot be used: {error}"
            with contextlib.suppress(OSError):
                Path(error.path).unlink()
        self._used: dict[str, list[Layer]] = {}
        self._fresh = False

    def of(self, **what: Any) -> ProductMemory:
        """The part for one product at certain cells; ``what`` (values for JSON) is all that the numbers depend on besides the file."""
        key = hashlib.sha256(json.dumps({"version": __version__, **what}, sort_keys=True, default=str).encode()).hexdigest()[:16]
        return ProductMemory(self, key)

    def save(self) -> None:
        """Write what this run took from the memory or read, if it read anything and that is within the bounds of reading it."""
        if self.path is None or not self._fresh:
            return
        layers = [(number, date, values) for number, found in enumerate(self._used.values()) for date, values in found]
        width = max((values.size for _, _, values in layers), default=0)
        marks = np.array(list(self._used), dtype=str)
        if marks.nbytes + len(layers) * (8 * width + 24) > LARGEST - 10_000:
            return
        table = np.full((len(layers), width), np.nan)
        for row, (_, _, values) in enumerate(layers):
            table[row, : values.size] = values
        with store.atomic(self.path) as part, open(part, "wb") as file:
            np.savez_compressed(
                file,
                marks=marks,
                of=np.array([number for number, _, _ in layers], dtype=np.int64),
                date=np.array([date for _, date, _ in layers], dtype="datetime64[D]"),
                size=np.array([values.size for _, _, values in layers], dtype=np.int64),
                values=table,
            )


class ProductMemory:
    """The part of a ``SeriesMemory`` for one product at certain cells."""

    def __init__(self, memory: SeriesMemory, key: str):
        self._memory, self._key = memory, key

    def get(self, path: str) -> list[Layer] | None:
        """The layers of the file ``path``, or None if it is not known or has changed."""
        memory, mark = self._memory, self._mark(path)
        found = memory._kept.get(mark) if mark is not None else None
        if mark is not None and found is not None:
            memory._used[mark] = found
        return found

    def put(self, path: str, layers: list[Layer]) -> None:
        """Keep the layers of the file ``path``."""
        mark = self._mark(path)
        if mark is not None:
            self._memory._used[mark] = layers
            self._memory._fresh = True

    def _mark(self, path: str) -> str | None:
        """What identifies a file in its present state; None if nothing is kept, or if there is no such file."""
        if self._memory.path is None:
            return None
        archive = _ARCHIVE.match(str(path))
        try:
            state = store.fingerprint(archive.group(1) if archive else path)
        except OSError:
            return None
        return json.dumps([self._key, str(path), *state])


def _read(path: Path | None) -> dict[str, list[Layer]]:
    """The layers in a memory's file, by the mark of the product file; none without one. Raises ``ProductError`` for a damaged one."""
    try:
        if path is None or not path.is_file():
            return {}
    except OSError:  # a name that is too long
        return {}
    expected = "the series that a validation against stations has kept"
    arrays = read_arrays(path, LARGEST, expected)
    kinds = {"marks": ("U", 1), "of": ("i", 1), "date": ("M", 1), "size": ("i", 1), "values": ("f", 2)}
    wrong = [name for name, kind in kinds.items() if name not in arrays or (arrays[name].dtype.kind, arrays[name].ndim) != kind]
    if wrong:
        raise ProductError(path, wrong[0], "no such array", expected)
    marks, of, date, size, values = (arrays[name] for name in kinds)
    count, width = values.shape
    fits = {of.size, date.size, size.size} == {count} and ((of >= 0) & (of < marks.size) & (size >= 0) & (size <= width)).all()
    if not fits or date.dtype != "datetime64[D]" or np.isnat(date).any():
        raise ProductError(path, None, "arrays that do not fit each other", expected)
    names = marks.tolist()
    found: dict[str, list[Layer]] = {mark: [] for mark in names}
    for number, day, length, row in zip(of.tolist(), date, size.tolist(), values):
        found[names[number]].append((day, row[:length]))
    return found
