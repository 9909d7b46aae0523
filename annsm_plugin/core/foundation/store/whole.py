"""A file is written whole or not at all: under a temporary name beside its own, and renamed when it is finished."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import shutil
from pathlib import Path
from typing import Any

from ... import __version__
from ..errors import AnnsmError, ParameterError
from ..paths import PathLike

#: Bytes of the name of an output at most: file systems take 255, and what lies beside it while it is written has a longer name.
LONGEST_NAME = 200


def check_output(path: PathLike, *extensions: str) -> Path:
    """The output path, if it can be written: right extension, existing folder. Raises ``ParameterError``."""
    path = Path(path)
    if extensions and path.suffix.lower() not in extensions:
        raise ParameterError(f"The output {path} must end in {' or '.join(extensions)}; it ends in '{path.suffix}'.")
    size = len(os.fsencode(path.name))
    if size > LONGEST_NAME:
        raise ParameterError(f"The name of the output {path} has {size} bytes; expected at most {LONGEST_NAME}.")
    if path.is_dir():
        raise ParameterError(f"The output {path} is a folder; expected the name of a file.")
    if not path.parent.is_dir():
        raise ParameterError(f"The folder of the output {path} does not exist.")
    if not os.access(path.parent, os.W_OK):
        raise ParameterError(f"The folder of the output {path} cannot be written to.")
    return path


@contextlib.contextmanager
def atomic(path: PathLike) -> Any:
    """Give a temporary name beside ``path``; rename it to ``path`` when the block ends well, remove it otherwise.

    Leftovers of killed runs for the same output are removed first. If the rename is refused (Windows, when a layer holds
    the old file), the finished temporary file is kept and named in the error.
    """
    path = Path(path)
    for leftover in path.parent.glob(f".{_glob_escape(path.name)}.part-*"):
        remove(leftover)
    part = path.with_name(f".{path.name}.part-{os.getpid()}{path.suffix}")
    try:
        yield part
    except BaseException:
        remove(part)
        raise
    try:
        part.replace(path)
    except PermissionError as error:
        kept = path.with_name(f"{path.stem}-finished{path.suffix}")
        with contextlib.suppress(OSError):
            part.replace(kept)
            part = kept
        raise AnnsmError(
            f"{path} is held open by another program (a layer in QGIS?), so it could not be replaced. "
            f"The finished result is in {part}: remove the layer and rename the file, or choose another output."
        ) from error


def _glob_escape(name: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)


def remove(path: Path) -> None:
    """Remove a file or folder, if it is there and can be."""
    with contextlib.suppress(OSError):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def history(step: str) -> str:
    """One line for the ``history`` attribute."""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"{now} ANN-SM for QGIS {__version__}: {step}"


def write_text(path: PathLike, text: str) -> Path:
    """Write a text file (UTF-8) atomically."""
    with atomic(path) as part:
        part.write_text(text, encoding="utf-8")
    return Path(path)


def write_json(path: PathLike, content: Any) -> Path:
    """Write JSON atomically."""
    return write_text(path, json.dumps(content, indent=2, default=str) + "\n")
