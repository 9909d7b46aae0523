"""An input that changes while a step reads it makes a result of two inputs: such a result gets no name."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from ..errors import AnnsmError
from .fingerprints import fingerprint

_State = list[Any]

_here = threading.local()


@contextlib.contextmanager
def unchanged(paths: Collection[Path]) -> Iterator[None]:
    """Inside, ``check`` looks whether these files are as they were."""
    before: dict[Path, _State | None] | None = getattr(_here, "states", None)
    _here.states = {**(before or {}), **{path: _state(path) for path in paths}}
    try:
        yield
    finally:
        _here.states = before


def watch(states: Iterable[_State]) -> None:
    """Let ``check`` look at more files until the step that is at work in this thread ends; ``states``: their fingerprints."""
    known: dict[Path, _State | None] | None = getattr(_here, "states", None)
    if known is not None:
        for name, *state in states:
            known.setdefault(Path(name), [str(Path(name)), *state])


def check(output: Path) -> None:
    """Raise ``AnnsmError`` if an input of the step that is at work in this thread has changed since the step began."""
    states: dict[Path, _State | None] | None = getattr(_here, "states", None)
    for path, state in (states or {}).items():
        if state is not None and path != output.absolute() and _state(path) != state:
            what = "changed" if path.exists() else "vanished"
            raise AnnsmError(f"{path} {what} while {output} was made of it; run the step again when nothing writes its inputs.")


def _state(path: Path) -> _State | None:
    try:
        return fingerprint(path)
    except OSError:
        return None
