"""Which files a result was made of, in the words of its attribute ``input_files``: one line each, and those of the files before it; and
where its run record lies, so that none takes the place of another file."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path, PureWindowsPath
from typing import Any

from ..errors import ProductError
from ..outside import read_json
from ..paths import PathLike, there

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


#: What the names of run records end in.
RECORD = ".run.json"


def run_record(output: PathLike) -> Path:
    """The run record of a main output: where it is, or is to be written.

    ``run.json`` in a folder, ``NAME.run.json`` beside a file; beside ``NAME.nc`` it is ``NAME.nc.run.json`` where the first is the record
    of another output that is there (``NAME.html``), or no run record at all.
    """
    output = Path(output)
    if output.is_dir():
        return output / "run.json"
    usual, own, name = output.with_suffix(RECORD), output.with_name(output.name + RECORD), os.path.normcase(output.name)
    if _output_of(own) == name:
        return own
    named = _output_of(usual)
    if named is None:
        return own if os.path.lexists(usual) else usual
    other = usual.with_name(named or output.name)
    return own if named not in ("", name) and there(other) and other.is_file() else usual


def _output_of(record: Path) -> str | None:
    """The name of the main output of which a run record is, empty if it does not say so; None if the file is no run record."""
    try:
        content = read_json(record, "a run record", finite=False)
    except (ProductError, OSError):
        return None
    output = content.get("output", "")
    return os.path.normcase(PureWindowsPath(str(output)).name) if isinstance(content.get("algorithm"), str) else None
