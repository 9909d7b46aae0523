"""Finished blocks of a long run, from which it goes on when it was cut off."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np

from ..errors import ProductError
from ..outside import understood
from ..paths import PathLike
from .whole import atomic, remove


class Checkpoint:
    """Finished blocks of a long run, kept beside its output until the output is whole.

    ``settings`` (JSON-ready) names everything that the blocks depend on; blocks of other settings are thrown away. Blocks
    are plain arrays (npz without pickle). A block cut off while it was written does not count as finished.
    """

    def __init__(self, output: PathLike, settings: dict) -> None:
        output = Path(output)
        self.folder = output.with_name(f".{output.name}.resume")
        key = hashlib.sha256(json.dumps(settings, sort_keys=True, default=str).encode()).hexdigest()
        stamp = self.folder / "settings.sha256"
        if self.folder.exists() and not (stamp.is_file() and stamp.read_text() == key):
            remove(self.folder)
        self.folder.mkdir(exist_ok=True)
        stamp.write_text(key)

    def load(self, block: str) -> dict[str, np.ndarray] | None:
        """The arrays of a finished block, or None."""
        path = self.folder / f"{block}.npz"
        try:
            with understood(path, "a finished block"), np.load(path, allow_pickle=False) as arrays:
                return {name: arrays[name] for name in arrays.files}
        except ProductError:
            return None

    def save(self, block: str, **arrays: np.ndarray) -> None:
        """Keep a finished block."""
        with atomic(self.folder / f"{block}.npz") as part, open(part, "wb") as file:
            np.savez(file, **arrays)

    def count(self) -> int:
        """How many finished blocks there are."""
        return sum(1 for p in self.folder.glob("*.npz") if not p.name.startswith("."))

    def clear(self) -> None:
        """Forget everything; called when the output is whole."""
        remove(self.folder)


def fingerprint(path: PathLike) -> list:
    """What tells one state of an input file from another: name, size, modification time (ns)."""
    status = Path(path).stat()
    return [str(path), status.st_size, status.st_mtime_ns]
