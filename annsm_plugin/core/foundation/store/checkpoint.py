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

#: Bytes of the mark of run and block, and of the checksum, that stand before a block's arrays.
_DIGEST = 32

#: In the folder of the blocks, what they were made of.
_STAMP = "settings.json"

_UNKNOWN = "what they were made of is not known"


class Checkpoint:
    """Finished blocks of a long run, kept beside its output until the output is whole.

    ``settings`` (JSON-ready) names everything that the blocks depend on; blocks of other settings, or of another version of the plugin, are
    thrown away, and ``progress`` is told why. Blocks are plain arrays (npz without pickle) behind the mark of their settings and name and
    their checksum: one that was cut off, damaged, or made for another place counts as not finished. The folder may be a link to an empty
    one. The output is locked while this lives (``locks.held``); raises ``AnnsmError`` if another run has it.
    """

    def __init__(self, output: PathLike, settings: dict, progress: Progress | None = None) -> None:
        output = Path(output)
        lock = contextlib.ExitStack()
        lock.enter_context(locks.held(output))
        self._unlock = weakref.finalize(self, lock.close)
        self.folder = output.with_name(f".{output.name}.resume")
        content = json.dumps([__version__, settings], sort_keys=True, default=str)
        self._run = hashlib.sha256(content.encode()).digest()
        stamp, old = self.folder / _STAMP, self.folder.is_dir()
        why = _why(stamp, content) if old else ""
        there = len(self._files()) if why else 0
        try:
            if why == _UNKNOWN and self.folder.is_symlink() and any(self.folder.iterdir()):
                raise AnnsmError(f"{self.folder} is a link to a folder with other files in it; expected an empty one, or a run's.")
            if there:
                (progress or SILENT).info(f"The {there} finished blocks of an earlier run are not gone on with, but made anew: {why}.")
            if why or (self.folder.exists() and not old):
                _empty(self.folder)
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
            mark, told, packed = content[:_DIGEST], content[_DIGEST : 2 * _DIGEST], content[2 * _DIGEST :]
            if mark != self._mark(block) or told != hashlib.sha256(packed).digest():
                return None
            with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
                return {name: arrays[name] for name in arrays.files}
        except Exception:  # of a dozen kinds, others in each version of the libraries
            return None

    def save(self, block: str, **arrays: np.ndarray) -> None:
        """Keep a finished block. Raises ``AnnsmError`` if there is no room."""
        content = io.BytesIO()
        np.savez(content, **arrays)
        with atomic(self.folder / f"{block}.npz", alone=False) as part, open(part, "wb") as file:
            file.write(self._mark(block))
            file.write(hashlib.sha256(content.getbuffer()).digest())
            file.write(content.getbuffer())

    def count(self) -> int:
        """How many finished blocks of these settings there are."""
        return sum(1 for path in self._files() if _head(path) == self._mark(path.stem))

    def clear(self) -> None:
        """Forget everything and give the output free; called when it is whole."""
        _empty(self.folder)
        self._unlock()

    def _files(self) -> list[Path]:
        """All blocks in the folder, of whatever run."""
        return [path for path in self.folder.glob("*.npz") if not path.name.startswith(".")]

    def _mark(self, block: str) -> bytes:
        """Tells a block from those of other names or settings."""
        return hashlib.sha256(self._run + block.encode()).digest()


def _head(path: Path) -> bytes:
    """The mark of a block; empty where it cannot be read."""
    try:
        with open(path, "rb") as file:
            return file.read(_DIGEST)
    except OSError:
        return b""


def _empty(folder: Path) -> None:
    """Remove the folder of the blocks with all that is in it; one that is a link to a larger disk stays and is emptied."""
    if not folder.is_symlink() or not folder.is_dir():
        remove(folder)
        return
    with contextlib.suppress(OSError):
        for path in sorted(folder.iterdir(), key=lambda path: path.name == _STAMP):
            remove(path)


def _why(stamp: Path, content: str) -> str:
    """Why blocks of the settings in the file ``stamp`` do not serve for ``content``, in words; empty if they do."""
    try:
        kept = stamp.read_text(encoding="utf-8") if stamp.is_file() else ""
        if kept == content:
            return ""
        (version, old), (_, new) = json.loads(kept), json.loads(content)
    except (OSError, ValueError, TypeError, RecursionError):
        return _UNKNOWN
    if version != __version__:
        return f"they are of version {version} of the plugin, this is {__version__}"
    return difference(old, new) or "they were made of other settings"
