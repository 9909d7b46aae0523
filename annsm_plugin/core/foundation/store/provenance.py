"""Which files a result was made of, in the words of its attribute ``input_files``: one line each, and those of the files before it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..paths import PathLike

#: The attribute.
INPUT_FILES = "input_files"


def one(role: str, path: PathLike) -> str:
    """The line of a file: what it was, its name and its size."""
    return f"{role}: {Path(path).name}, {_bytes(path)} bytes"


def many(role: str, paths: Iterable[PathLike]) -> str:
    """The line of many files: how many, their size, and a checksum of their names and sizes, whatever folder they lie in."""
    listed = sorted({(Path(path).name, _bytes(path)) for path in paths})
    digest = hashlib.sha256("\n".join(f"{name} {size}" for name, size in listed).encode(errors="surrogateescape")).hexdigest()
    return f"{role}: {len(listed)} files, {sum(size for _, size in listed)} bytes, names and sizes sha256 {digest[:16]}"


def joined(lines: Iterable[str], *before: Mapping[str, Any]) -> str:
    """``lines`` and those in the attributes of the files ``before``, each once."""
    found = [*lines, *(line for attributes in before for line in str(attributes.get(INPUT_FILES, "")).splitlines())]
    return "\n".join(dict.fromkeys(filter(None, found)))


def _bytes(path: PathLike) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0
