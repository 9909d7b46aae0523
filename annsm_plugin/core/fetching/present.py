"""Which of the wanted files are there: of the same observation, under whatever version and in whatever sub-folder, and readable."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .. import products
from ..foundation.progress import Progress
from ..products.probe import problem
from .plan import Item


def observations(folder: Path, progress: Progress) -> dict[Any, Path]:
    """The observations that a folder holds in files that can be read as far as their first bytes tell: key -> path."""
    if not folder.is_dir():
        return {}
    found = products.inventory(folder, check="headers", progress=progress)
    return {e.key: Path(e.path) for e in found.entries if e.path not in found.unreadable}


def lacking(items: Iterable[Item], there: dict[Any, Path]) -> tuple[list[Item], dict[Path, Path]]:
    """The files that are still to be fetched, and for the others where they are."""
    wanted, have = [], {}
    for item in items:
        place = there.get(item.entry.key)
        if place is None and item.path.is_file() and not problem(item.path) and item.size in (None, item.path.stat().st_size):
            place = item.path
        if place is None:
            wanted.append(item)
        else:
            have[item.path] = place
    return wanted, have
