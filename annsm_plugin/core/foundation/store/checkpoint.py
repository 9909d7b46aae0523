"""Finished blocks of a long run, from which it goes on when it was cut off."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import weakref
from pathlib import Path

import numpy as np

from ... import __version__
from ..errors import AnnsmError
from ..paths import PathLike
from ..progress import SILENT, Progress
from . import locks
from .fingerprints import difference
from .whole import atomic, remove, what_failed

#: Bytes of the checksum before a block's arrays.
_DIGEST = 32


class Checkpoint:
    """Finished blocks of a long run, kept beside its output until the output is whole.

    ``settings`` (JSON-ready) names everything that the blocks depend on; blocks of other settings, or of another version of the plugin, are
    thrown away, and ``progress`` is told why. Blocks are plain arrays (npz without pickle) behind their checksum: one that was cut off or
    damaged counts as not finished. The output is locked while this lives (``locks.held``); raises ``AnnsmError`` if another run has it.
    """

    def __init__(self, output: PathLike, settings: dict, progress: Progress | None = None) -> None:
        output = Path(output)
        lock = contextlib.ExitStack()
        lock.enter_context(locks.held(output))
        self._unlock = weakref.finalize(self, lock.close)
        self.folder = output.with_name(f".{output.name}.resume")
        content = json.dumps([__version__, settings], sort_keys=True, default=str)
        stamp, old = self.folder / "settings.json", self.folder.is_dir()
        why = _why(stamp, content) if old else ""
        if why and self.count():
            (progress or SILENT).info(f"The {self.count()} finished blocks of an earlier run are not gone on with, but made anew: {why}.")
        if why or (self.folder.exists() and not old):
            remove(self.folder)
        try:
            self.folder.mkdir(exist_ok=True)
            if why or not old:
                with atomic(stamp, alone=False) as part:
                    part.write_text(content, encoding="utf-8")
        except OSError as error:
            raise what_failed(stamp, error) or AnnsmError(f"{self.folder} cannot be written: {error.strerror}.") from error

    def load(self, block: str) -> dict[str, np.ndarray] | None:
        """The arrays of a finished block, or None."""
        try:
            content = (self.folder / f"{block}.npz").read_bytes()
            if content[:_DIGEST] != hashlib.sha256(content[_DIGEST:]).digest():
                return None
            with np.load(io.BytesIO(content[_DIGEST:]), allow_pickle=False) as arrays:
                return {name: arrays[name] for name in arrays.files}
        except Exception:  # of a dozen kinds, others in each version of the libraries
            return None

    def save(self, block: str, **arrays: np.ndarray) -> None:
        """Keep a finished block. Raises ``AnnsmError`` if there is no room."""
        content = io.BytesIO()
        np.savez(content, **arrays)
        with atomic(self.folder / f"{block}.npz", alone=False) as part, open(part, "wb") as file:
            file.write(hashlib.sha256(content.getbuffer()).digest())
            file.write(content.getbuffer())

    def count(self) -> int:
        """How many finished blocks there are."""
        return sum(1 for p in self.folder.glob("*.npz") if not p.name.startswith("."))

    def clear(self) -> None:
        """Forget everything and give the output free; called when it is whole."""
        remove(self.folder)
        self._unlock()


def _why(stamp: Path, content: str) -> str:
    """Why blocks of the settings in the file ``stamp`` do not serve for ``content``, in words; empty if they do."""
    try:
        kept = stamp.read_text(encoding="utf-8") if stamp.is_file() else ""
        if kept == content:
            return ""
        (version, old), (_, new) = json.loads(kept), json.loads(content)
    except (OSError, ValueError, TypeError, RecursionError):
        return "what they were made of is not known"
    if version != __version__:
        return f"they are of version {version} of the plugin, this is {__version__}"
    return difference(old, new) or "they were made of other settings"
