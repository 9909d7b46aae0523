"""The run record: what was run on what, with which versions, and the two calls that repeat it."""

from __future__ import annotations

import datetime
import json
import platform
import shlex
from pathlib import Path

from qgis.core import Qgis

from ..core import __version__

#: Packages whose versions a result depends on; their names for ``importlib.metadata``.
PACKAGES = ("numpy", "scipy", "xarray", "netCDF4", "torch")


def path_for(output) -> Path:
    """Where the record of an output is written: beside it, ``name.run.json``."""
    output = Path(output)
    return output / "run.json" if output.is_dir() else output.with_suffix(".run.json")


def versions() -> dict[str, str]:
    """Versions of the plugin, QGIS, Python and the packages that are installed; nothing is imported for it."""
    from importlib import metadata

    found = {"annsm": __version__, "qgis": Qgis.QGIS_VERSION, "python": platform.python_version(), "system": platform.platform()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def calls(algorithm_id: str, values: dict) -> dict[str, str]:
    """The ``qgis_process`` and the Python call that repeat a run."""
    given = {name: _written(value) for name, value in values.items() if value is not None and value != []}
    command = " ".join(["qgis_process", "run", algorithm_id, "--", *(shlex.quote(f"{n}={v}") for n, v in given.items())])
    return {"qgis_process": command, "python": f"processing.run({algorithm_id!r}, {given!r})"}


def _written(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return ",".join(f"{v:g}" if isinstance(v, float) else str(v) for v in value)
    return value if isinstance(value, (int, float)) else str(value)


def inputs(values: dict, definitions) -> list[dict]:
    """Name, path, size and time of every input file or folder."""
    rows = []
    for definition in definitions:
        value = values.get(definition.name())
        if definition.type() == "file" and value and Path(value).exists():
            status = Path(value).stat()
            changed = datetime.datetime.fromtimestamp(status.st_mtime, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
            rows.append({"parameter": definition.name(), "path": str(value), "bytes": status.st_size, "changed": changed})
    return rows


def write(output, algorithm, values: dict, results: dict, summary, warnings, started: datetime.datetime, seconds: float) -> Path:
    """Write the record beside ``output``, atomically, and return its path."""
    from ..core import store

    repeat = dict(values)
    if repeat.get("EXTENT"):
        west, south, east, north = repeat["EXTENT"]
        repeat["EXTENT"] = f"{west:g},{east:g},{south:g},{north:g}"
    content = {
        "algorithm": algorithm.id(),
        "started": started.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "seconds": round(seconds, 2),
        "parameters": repeat,
        "seed": values.get("SEED"),
        "inputs": inputs(values, algorithm.parameterDefinitions()),
        "results": results,
        "summary": list(summary),
        "warnings": list(warnings),
        "versions": versions(),
        "repeat": calls(algorithm.id(), repeat),
    }
    return store.write_json(path_for(output), json.loads(json.dumps(content, default=str)))
