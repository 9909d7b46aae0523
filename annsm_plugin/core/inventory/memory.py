"""What earlier runs found in the files of a folder, so that files that have not changed are not looked into again.

It is kept in the user's cache (``machine.cache_folder``), not in the folder: archives are often read-only or shared. A file is the same if
its path, size, times of change (of content and of state) and inode are. What is damaged, of another version of the readers or too large is
as if it were not there, and nothing depends on its being written.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import os
import time
from pathlib import Path
from typing import Any

from .. import __version__, products
from ..foundation import machine, store
from ..foundation.errors import AnnsmError, ProductError
from ..foundation.outside import content, parse_json
from ..foundation.paths import PathLike
from ..products import Entry, Inventory, recognising

#: Bytes that a memory may have at most: half a million files.
LARGEST = 100_000_000

#: Seconds for which the memory of a folder is kept that nobody asks for, and how many there are at most.
_FORGOTTEN, _MOST = 180 * 86400.0, 100

#: Beginning of what is found of a file that could not be read for a reason outside it, which may pass.
_PASSING = ("a file that cannot be read", "no such file")

#: State, what the first bytes say, whether it was opened, what that said, and the dates inside.
_Known = list[Any]


class Memory:
    """What is known of the files of ``folder``; what those whose names say nothing are is known to ``recognising`` from now on."""

    def __init__(self, folder: PathLike) -> None:
        self._root, self._given = os.path.realpath(folder), os.path.abspath(folder)  # noqa: PTH100
        name = hashlib.sha256(os.fsencode(self._root)).hexdigest()[:32]
        self.path = machine.cache_folder() / "inventory" / f"{name}.json"
        known = _read(self.path, self._root)
        self._known, self._looked = (dict(known.get(part) or {}) for part in ("files", "looked"))
        for inside, (state, entries, words) in self._looked.items():
            recognising.recall(os.path.join(str(Path(folder)), inside), state, entries, words)  # noqa: PTH118 (as folders list it)
        self._states: dict[str, list[int] | None] = {}
        self._used: dict[str, _Known] = {}
        self._fresh = False

    def tell_header(self, found: Inventory, e: Entry) -> bool:
        """Enter in ``found`` what the first bytes of a file said; False if that is not known."""
        known = self._same(e)
        if known is None:
            return False
        self._used[e.path] = known
        if known[1]:
            found.unreadable[e.path] = known[1]
        return True

    def keep_header(self, found: Inventory, e: Entry) -> None:
        """Remember what the first bytes of a file said."""
        state, why = self._state(e), found.unreadable.get(e.path, "")
        if state is not None and not why.startswith(_PASSING):
            self._used[e.path] = [state, why, False, "", None]
            self._fresh = True

    def was_opened(self, e: Entry) -> bool:
        """Whether a file was opened by this run or an earlier one."""
        return bool(self._used.get(e.path, [None, "", False])[2])

    def tell_content(self, found: Inventory, e: Entry) -> bool:
        """Enter in ``found`` what opening a file said; False if that is not known."""
        if not self.was_opened(e):
            return False
        _, _, _, why, dates = self._used[e.path]
        if why:
            found.unreadable[e.path] = why
        if dates is not None:
            found.dates[e.path] = tuple(datetime.date.fromordinal(day) for day in dates)
        return True

    def keep_content(self, found: Inventory, e: Entry) -> None:
        """Remember what opening a file said."""
        known, why, dates = self._used.get(e.path), found.unreadable.get(e.path, ""), found.dates.get(e.path)
        if known is not None and not why.startswith(_PASSING):
            known[2:] = [True, why, None if dates is None else [day.toordinal() for day in dates]]
            self._fresh = True

    def save(self) -> None:
        """Write what is known of the files that are there, if anything is new; without a place to write to, nothing is remembered."""
        looked = {self._inside(path): known for path, known in recognising.kept(str(Path(self._given))).items()}
        if not self._fresh and len(self._used) == len(self._known) and looked == self._looked:
            return
        files = {self._inside(path): known for path, known in self._used.items()}
        body = json.dumps({"files": files, "looked": looked}, separators=(",", ":"))
        if len(body) > LARGEST // 2:
            return
        with contextlib.suppress(OSError, AnnsmError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            store.write_text(self.path, f"{_signature(self._root, body)}\n{body}")
            _forget(self.path.parent)

    def _inside(self, path: str) -> str:
        """A path as it is in the folder, however the folder was named."""
        return path[len(self._given) :].lstrip(os.sep) if path.startswith(self._given) else path

    def _same(self, e: Entry) -> _Known | None:
        """What is known of a file, if it is as it was."""
        known = self._known.get(self._inside(e.path))
        return known if known is not None and known[0] == self._state(e) else None

    def _state(self, e: Entry) -> list[int] | None:
        if e.path not in self._states:
            self._states[e.path] = None
            with contextlib.suppress(OSError):
                states = [os.stat(file.path) for file in (e, *e.parts)]  # noqa: PTH116 (of every file of an archive)
                self._states[e.path] = [n for s in states for n in (s.st_size, s.st_mtime_ns, s.st_ctime_ns, s.st_ino)]
        return self._states[e.path]


def _readers() -> str:
    """What stands for the readers: other ones may find other things."""
    place = Path(products.__file__).parent
    states = sorted((str(p.relative_to(place)), p.stat().st_size, p.stat().st_mtime_ns) for p in place.rglob("*.py"))
    return hashlib.sha256(json.dumps([__version__, states]).encode()).hexdigest()


def _signature(root: str, body: str) -> str:
    """The checksum of a memory: of what it says, of which folder and by which readers."""
    return hashlib.sha256("\n".join((_readers(), root, body)).encode("utf-8", "surrogateescape")).hexdigest()


def _read(path: Path, root: str) -> dict[str, Any]:
    """What a memory says; nothing if it is not there or not as it was written."""
    try:
        signature, _, body = content(path, LARGEST, "what an inventory remembers").decode("utf-8", "surrogateescape").partition("\n")
        if signature == _signature(root, body):
            return dict(parse_json(body))
    except (ProductError, ValueError, OSError):
        pass
    return {}


def _forget(folder: Path) -> None:
    """Remove the memories of folders that nobody has asked for in a long time, and the oldest of too many."""
    kept = sorted(((p.stat().st_mtime, p) for p in folder.glob("*.json")), reverse=True)
    for number, (when, path) in enumerate(kept):
        if number >= _MOST or when < time.time() - _FORGOTTEN:
            store.remove(path)
