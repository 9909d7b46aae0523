"""Arrays that a step needs again and again while it runs: in memory as long as they fit, then on the disk."""

from __future__ import annotations

import io
import tempfile
import weakref
from pathlib import Path

import numpy as np

from ..errors import AnnsmError
from ..paths import PathLike
from .whole import atomic, remove, what_failed


class Shelf:
    """Keeps arrays by name: the first ``most`` bytes of them in memory, what comes later as files, which end with this object.

    folder: where the files are written, made when the first one is; None: a new one in the system's place for temporary files.
    """

    def __init__(self, folder: PathLike | None, most: int) -> None:
        self._folder = None if folder is None else Path(folder)
        self._most, self._held = most, 0
        self._memory: dict[str, dict[str, np.ndarray]] = {}
        self._remove: weakref.finalize | None = None

    def put(self, name: str, arrays: dict[str, np.ndarray]) -> None:
        """Keep arrays. Raises ``AnnsmError`` if there is no room on the disk."""
        size = sum(array.nbytes for array in arrays.values())
        if self._held + size <= self._most:
            self._held += size
            self._memory[name] = arrays
            return
        with atomic(self._place() / f"{name}.npz", alone=False) as part:
            np.savez(part, **arrays)

    def get(self, name: str) -> dict[str, np.ndarray]:
        """What was put under a name. Raises ``AnnsmError`` if it has vanished."""
        if name in self._memory:
            return self._memory[name]
        path = self._place() / f"{name}.npz"
        try:
            with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
                return {key: arrays[key] for key in arrays.files}
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise AnnsmError(f"{path}, which this run has written, cannot be read any more ({error}); start it again.") from error

    def _place(self) -> Path:
        folder = self._folder
        if folder is None or self._remove is None:
            try:
                folder = folder or Path(tempfile.mkdtemp(prefix="annsm-"))
                folder.mkdir(exist_ok=True)
            except OSError as error:
                raise what_failed(folder or Path(tempfile.gettempdir()), error) or AnnsmError(
                    f"{folder} cannot be written: {error.strerror}."
                ) from error
            self._folder, self._remove = folder, weakref.finalize(self, remove, folder)
        return folder
