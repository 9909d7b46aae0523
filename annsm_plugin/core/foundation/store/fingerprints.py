"""What tells one state of an input from another, so that work on one is not gone on with on the other."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ..paths import PathLike
from ..progress import SILENT, Progress

#: Bytes that are read at once.
_PIECE = 8 * 2**20


def fingerprint(path: PathLike) -> list:
    """Of one of thousands of files, without opening it: name, size, and the times (ns) of its modification and of its last change of state.

    The system sets the latter whenever a file is written, replaced or given another time, and no program can set it back (on Windows it
    is the time at which the file was made).
    """
    status = Path(path).stat()
    return [str(path), status.st_size, status.st_mtime_ns, status.st_ctime_ns]


def checksum(path: PathLike, progress: Progress | None = None) -> list:
    """Of a file that all the work depends on: name without folder, size, and the SHA-256 of its contents (about a second for each GB)."""
    path, progress = Path(path), progress or SILENT
    found = hashlib.sha256()
    with open(path, "rb") as file:
        while True:
            progress.check()
            piece = file.read(_PIECE)
            if not piece:
                return [path.name, path.stat().st_size, found.hexdigest()]
            found.update(piece)


def difference(old: object, new: object, name: str = "") -> str:
    """What differs between two descriptions (JSON) of all that work depends on, in a few words; empty for nothing."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*new, *(key for key in old if key not in new)]:
            found = difference(old.get(key), new.get(key), f"{name} {key}".strip().replace("_", " "))
            if found:
                return found
        return ""
    if old == new:
        return ""
    if _prints(old) and _prints(new):
        return _of_files({row[0]: row for row in old}, {row[0]: row for row in new})  # type: ignore[attr-defined]
    if _print(old) and _print(new):
        changed = old[0] == new[0]  # type: ignore[index]
        return f"{new[0]} has changed" if changed else f"{new[0]} in place of {old[0]}"  # type: ignore[index]
    words = [_short(value) for value in (old, new)]
    return f"{name or 'what was asked'} was {words[0]} and is {words[1]}" if words[0] != words[1] else f"another {name}"


def _of_files(old: dict[str, list], new: dict[str, list]) -> str:
    """What became of a list of files."""
    kinds = {
        "added": [path for path in new if path not in old],
        "gone": [path for path in old if path not in new],
        "changed": [path for path in new if path in old and old[path] != new[path]],
    }
    words = [f"{len(paths)} {kind} (such as {paths[0]})" for kind, paths in kinds.items() if paths]
    return "of the input files " + ", ".join(words) if words else "the input files come in another order"


def _print(value: object) -> bool:
    return isinstance(value, list) and len(value) in (3, 4) and isinstance(value[0], str) and isinstance(value[1], int)


def _prints(value: object) -> bool:
    return isinstance(value, list) and all(map(_print, value))


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:60] + " ..."
