"""What was read of product files at some cells, kept in one file beside an output, so that the next run opens changed files only."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from pathlib import Path

import numpy as np

from .. import __version__
from ..foundation import store

#: A file inside an archive is as old as the archive.
_ARCHIVE = re.compile(r"(.*\.(?:tgz|tar\.gz|tar|zip))(?:/.*)?$")


class SeriesMemory:
    """Values of single product files at cells, by the state of the file.

    A file counts as known while its name, size and modification time are what they were. ``path``: the .npz file (plain arrays); None
    remembers nothing. A file that cannot be understood is taken as empty.
    """

    def __init__(self, path):
        self.path = None if path is None else Path(path)
        self._kept = _read(self.path)
        self._used: dict[str, list] = {}
        self._fresh = False

    def of(self, **what) -> ProductMemory:
        """The part for one product at given cells; ``what`` (JSON-ready) names all that the values depend on beside the file."""
        key = hashlib.sha256(json.dumps({"version": __version__, **what}, sort_keys=True, default=str).encode()).hexdigest()[:16]
        return ProductMemory(self, key)

    def save(self) -> None:
        """Write what this run used or read, if there is anything new."""
        if self.path is None or not self._fresh:
            return
        layers = [(number, date, values) for number, found in enumerate(self._used.values()) for date, values in found]
        width = max((values.size for _, _, values in layers), default=0)
        table = np.full((len(layers), width), np.nan)
        for row, (_, _, values) in enumerate(layers):
            table[row, : values.size] = values
        with store.atomic(self.path) as part, open(part, "wb") as file:
            np.savez_compressed(
                file,
                marks=np.array(list(self._used), dtype=str),
                of=np.array([number for number, _, _ in layers], dtype=np.int64),
                date=np.array([date for _, date, _ in layers], dtype="datetime64[D]"),
                size=np.array([values.size for _, _, values in layers], dtype=np.int64),
                values=table,
            )


class ProductMemory:
    """The part of a ``SeriesMemory`` for one product at given cells."""

    def __init__(self, memory: SeriesMemory, key: str):
        self._memory, self._key = memory, key

    def get(self, path: str) -> list | None:
        """(local date, numbers (n,)) of each date in the file ``path``, or None if it is not known or has changed."""
        memory, mark = self._memory, self._mark(path)
        found = memory._kept.get(mark)
        if found is not None:
            memory._used[mark] = found
        return found

    def put(self, path: str, layers: list) -> None:
        """Remember the (local date, numbers (n,)) of the file ``path``."""
        mark = self._mark(path)
        if mark is not None:
            self._memory._used[mark] = layers
            self._memory._fresh = True

    def _mark(self, path: str) -> str | None:
        if self._memory.path is None:
            return None
        archive = _ARCHIVE.match(str(path))
        try:
            state = store.fingerprint(archive.group(1) if archive else path)
        except OSError:
            return None
        return json.dumps([self._key, str(path), *state])


def _read(path) -> dict[str, list]:
    if path is None:
        return {}
    try:
        with np.load(path, allow_pickle=False) as data:
            marks = data["marks"].tolist()
            of, date, size, values = (data[name] for name in ("of", "date", "size", "values"))
            found: dict[str, list] = {mark: [] for mark in marks}
            for number, day, count, row in zip(of.tolist(), date, size.tolist(), values):
                found[marks[number]].append((day, row[:count]))
        return found
    except (OSError, ValueError, EOFError, KeyError, IndexError, TypeError, zipfile.BadZipFile):
        return {}
