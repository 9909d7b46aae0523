"""Which of the wanted files are there: of the same observation, under whatever version and in whatever sub-folder, and readable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from .. import products
from ..downloads import subsets
from ..foundation.progress import SILENT, Progress
from ..products import Entry
from ..products.probe import problem
from .plan import Item


def observations(folder: Path, progress: Progress) -> dict[Any, Entry]:
    """The observations that a folder holds in files that can be read as far as their first bytes tell, by their key."""
    if not folder.is_dir():
        return {}
    found = products.inventory(folder, check="headers", progress=progress)
    return {e.key: e for e in found.entries if e.path not in found.unreadable}


def lacking(items: Iterable[Item], there: dict[Any, Entry], progress: Progress = SILENT) -> tuple[list[Item], dict[Path, Path]]:
    """The files that are still to be fetched, and for the others where they are.

    A subset that lacks places or variables is not the wanted one. It stays, and the wanted one goes into a folder of its own below, where
    readers find both.
    """
    items = list(items)
    known = [(there[item.entry.key], item.need) for item in items if item.need is not None and item.entry.key in there]
    short = subsets.short([(e, need) for e, need in known if need is not None], progress)
    wanted, have = [], {}
    for item in items:
        key = item.entry.key
        place = Path(there[key].path) if key in there and key not in short else None
        target = _beside(item) if str(item.path) in short.get(key, ()) else item
        own = place is None and (key not in short or target is not item)
        if own and target.path.is_file() and not problem(target.path) and item.size in (None, target.path.stat().st_size):
            place = target.path
        if place is None:
            wanted.append(target)
        else:
            have[item.path] = place
    return wanted, have


def _beside(item: Item) -> Item:
    """A subset in a folder that is named by what it holds."""
    folder = item.folder / (item.need.word if item.need is not None else "")
    return replace(item, folder=folder, entry=replace(item.entry, path=str(folder / item.name)))
