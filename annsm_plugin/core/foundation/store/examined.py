"""Files that this process has not written are looked at elsewhere, once, before they are opened here.

The libraries of HDF5 and netCDF can crash on a damaged file, or never come to an end, and would take QGIS with them. Whoever knows a
place where that does no harm says so with ``examine_with``; nobody does in a script that uses the core alone.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..errors import AnnsmError, CubeError
from ..paths import PathLike

#: Gives what is wrong with a file, empty for nothing.
Examiner = Callable[[Path], str]

#: Most files that are remembered.
MOST_FILES = 10_000

_State = tuple[str, int, int, int]

_examiner: Examiner | None = None

#: What was found of a file as it was: its name, size and times. Empty also for one that this process wrote.
_known: dict[_State, str] = {}


def examine_with(examiner: Examiner | None) -> None:
    """Let ``examiner`` look at files from now on; None: nobody."""
    global _examiner
    _examiner = examiner


def trust(path: PathLike) -> None:
    """This process has written the file: nobody has to look at it."""
    state = _state(Path(path))
    if state is not None:
        _keep(state, "")


def examine(path: PathLike, expected: str, refuse: Callable[[str, str], AnnsmError] | None = None) -> None:
    """Raise ``CubeError`` (or what ``refuse`` makes of found and expected) for a file that ends or holds up the process that opens it."""
    path = Path(path)
    state = _state(path) if _examiner is not None else None
    if state is None or _examiner is None:
        return
    if state not in _known:
        _keep(state, _examiner(path))
    found = _known.get(state, "")
    if found:
        raise refuse(found, expected) if refuse else CubeError(path, found, expected)


def _state(path: Path) -> _State | None:
    try:
        status = path.stat()
        return str(path.resolve()), status.st_size, status.st_mtime_ns, status.st_ctime_ns
    except OSError:
        return None


def _keep(state: _State, found: str) -> None:
    while len(_known) >= MOST_FILES:
        _known.pop(next(iter(_known)))
    _known[state] = found
