"""What a folder holds already, so that the lists leave it out: files that can be read, by the observation that they hold."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..foundation.paths import PathLike
from ..foundation.progress import SILENT, Progress
from ..products import Entry, coverage, entry, examine, inventory
from . import subsets
from .subsets import Need


@dataclass(frozen=True)
class Have:
    """The observations in ``folder``: ``keys`` of files (``Entry.key``), ``composites`` of leaf area index as (product, date), ``gldas``:
    key -> file of GLDAS. Whether a subset of another product holds the whole region is not looked at."""

    folder: str = ""
    keys: frozenset[Any] = frozenset()
    composites: frozenset[tuple[str, datetime.date]] = field(default_factory=frozenset)
    gldas: Mapping[Any, Entry] = field(default_factory=dict, hash=False)

    def file(self, name: str) -> bool:
        """Whether the observation of the file of this name is there; a wildcard in it may stand for any letters."""
        known = entry(name.replace("*_", "X_", 1).replace("*.h5", "A1110000.h5")) if self.keys else None
        return known is not None and known.key in self.keys

    def lacking(self, names: list[str], items: np.ndarray) -> np.ndarray:
        """Those of ``items`` whose file, the one of the same place in ``names``, is not there."""
        return items[[not self.file(name) for name in names]] if self.keys and len(names) else items

    def without_short(self, names: list[str], need: Need, progress: Progress = SILENT) -> tuple[Have, int]:
        """Without the files of GLDAS of these names that are subsets and do not hold what is needed, and how many those are."""
        known = [e for e in map(entry, names) if e is not None and e.key in self.gldas]
        lacking = subsets.short([(self.gldas[e.key], need) for e in known], progress)
        return replace(self, keys=self.keys - set(lacking)), len(lacking)

    def sentence(self, left_out: int, what: str = "files") -> list[str]:
        """A note on what was left out; none if nothing was."""
        return [f"{left_out} {what} are in {self.folder} and left out."] if left_out else []


def read(folder: PathLike | None, progress: Progress = SILENT) -> Have:
    """What ``folder`` and the folders below it hold; nothing without a folder. Raises ``ParameterError`` if it is not one."""
    if not folder:
        return Have()
    found = inventory(folder, progress=progress)
    examine(found, "headers", progress=progress)
    good = [e for e in found.entries if e.path not in found.unreadable]
    days = {
        (group.sensor, day) for group in coverage.groups(found) if group.product == "lai" for day in group.have if not group.lacking(day)
    }
    keys = frozenset(e.key for e in good if e.date is not None)
    return Have(str(folder), keys, frozenset(days), {e.key: e for e in good if e.product == "gldas"})
