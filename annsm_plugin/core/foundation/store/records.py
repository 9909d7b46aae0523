"""Where the run record of an output lies, so that none takes the place of another file."""

from __future__ import annotations

import os
from pathlib import Path, PureWindowsPath

from ..errors import ProductError
from ..outside import read_json
from ..paths import PathLike, there

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
