"""The run record: what was run on what, with which versions, and the two calls that repeat it."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import os
import platform
import shlex
from pathlib import Path

from qgis.core import Qgis

from ..core import __version__
from ..core.foundation.errors import ProductError
from ..core.foundation.paths import file_of

#: Packages whose versions a result depends on; their names for ``importlib.metadata``.
PACKAGES = ("numpy", "scipy", "xarray", "netCDF4", "torch")


def path_for(output) -> Path:
    """Where the record of an output is, or is to be written: beside it (``store.run_record``)."""
    from ..core.foundation import store

    return store.run_record(output)


#: Folders of results in which a run that was cut off goes on: there a step that is done, by its record, is not done again.
RESUMED: set[Path] = set()


def finished(output, algorithm_id: str, request) -> dict | None:
    """The results of a step that is done: its record beside ``output`` says that it was asked the same of the same inputs with this
    version, and every file that it wrote is there. None otherwise, and outside the folders in ``RESUMED``."""
    if not output or request is None or Path(output).resolve().parent not in RESUMED:
        return None
    from ..core.foundation.outside import read_json

    try:
        content = read_json(path_for(output), "a run record", finite=False)
        same = content["algorithm"] == algorithm_id and content["versions"]["annsm"] == __version__
        same = same and content["request"] == json.loads(json.dumps(request.record(), default=str))
        results = content["results"]
        written = [value for value in results.values() if isinstance(value, str) and Path(value).is_absolute()]
        folder, asked = Path(output).resolve().parent, set(map(str, request.record().values()))
        own = all(value in asked or folder in Path(value).resolve().parents for value in written)  # a record leads nowhere else
        if not same or not own or not all(Path(value).exists() for value in written):
            return None
        for row in content["inputs"]:
            status = Path(row["path"]).stat()
            if status.st_size != row["bytes"] or _time(status) != row["changed"] or row.get("state") not in (None, _state(row["path"])):
                return None
    except (ProductError, AttributeError, OSError, OverflowError, RuntimeError, ValueError, KeyError, TypeError):
        return None
    return results


def _state(path) -> str:
    """A checksum of what tells a file, or all files in a folder but hidden ones and what GDAL writes beside rasters, from other states."""
    from ..core.foundation import store

    path = Path(path)
    files = [path] if path.is_file() else sorted(Path(root) / name for root, _, names in os.walk(path) for name in names)
    found = hashlib.sha256()
    for file in files:
        if file == path or not (file.name.startswith(".") or file.name.endswith(".aux.xml")):
            with contextlib.suppress(OSError):
                found.update(json.dumps(store.fingerprint(file)).encode())
    return found.hexdigest()[:16]


def _time(status) -> str:
    """When a file was changed, in the words of a record."""
    return datetime.datetime.fromtimestamp(status.st_mtime, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


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
    """The ``qgis_process`` and the Python call that repeat a run; a list is given by repeating its name, numbers with commas between.

    The command is quoted for the shell of this system.
    """
    given = {name: value for name, value in values.items() if value is not None and value != []}
    words = [f"{name}={text}" for name, value in given.items() for text in _words(value)]
    command = _command(["qgis_process", "run", algorithm_id, "--", *words])
    plain = {name: value if isinstance(value, (bool, int, float, list)) else str(value) for name, value in given.items()}
    return {"qgis_process": command, "python": f"processing.run({algorithm_id!r}, {plain!r})"}


def _command(words: list[str]) -> str:
    """Words as one line of a shell."""
    if os.name == "nt":
        from subprocess import list2cmdline

        return list2cmdline(words)
    return shlex.join(words)


def _number(value) -> str:
    """A number with all its digits, as short as it can be written."""
    return repr(float(value)).removesuffix(".0")


def _words(value) -> list[str]:
    """A value in the words of a command line."""
    if isinstance(value, bool):
        return [str(value).lower()]
    if isinstance(value, (list, tuple)):
        numbers = all(isinstance(v, (int, float)) for v in value)
        return [",".join(map(_number, value))] if numbers else [str(v) for v in value]
    return [str(value)]


#: Types of parameters that name an output file.
WRITTEN_FILES = ("fileDestination", "rasterDestination", "vectorDestination")

#: Types of parameters whose texts are paths.
_PATHS = ("file", "multilayer", "folderDestination", *WRITTEN_FILES)


def absolute(values: dict, definitions) -> dict:
    """``values`` with whole paths, so that a run can be repeated from any folder; layers of a file that is there too."""
    found = dict(values)
    for definition in definitions:
        name, kind = definition.name(), definition.type()
        value = values.get(name)
        if kind in _PATHS and value:
            found[name] = [str(Path(v).absolute()) for v in value] if isinstance(value, list) else str(Path(value).absolute())
        elif kind == "source" and isinstance(value, str):
            path, bar, layer = value.partition("|")
            found[name] = str(Path(path).absolute()) + bar + layer if path and Path(path).exists() else value
    return found


#: Types of parameters that can name an input file; a text does where there is such a file.
MAY_BE_FILES = ("file", "source", "multilayer", "string")


def inputs(values: dict, definitions) -> list[dict]:
    """Name, path, size, time and ``_state`` of every input file or folder."""
    rows = []
    for definition in definitions:
        value = values.get(definition.name()) if definition.type() in MAY_BE_FILES else None
        for path in value if isinstance(value, list) else [value]:
            path = file_of(str(path or ""))  # of a layer in a file
            try:
                status = Path(path).stat() if path else None
            except (OSError, ValueError):
                continue
            if status is None:
                continue
            rows.append(
                {
                    "parameter": definition.name(),
                    "path": path,
                    "bytes": status.st_size,
                    "changed": _time(status),
                    "state": _state(path),
                }
            )
    return rows


def write(
    output, algorithm, values: dict, results: dict, summary, warnings, started: datetime.datetime, seconds: float, request=None, *,
    extended: bool = False,
) -> Path:  # fmt: skip
    """Write the record beside ``output``, atomically, and return its path; ``request``: what the core was asked (``Request``).

    extended: whether the output was there and has only grown; what made it before is then kept under ``earlier``, oldest first.
    """
    from ..core.foundation import store

    values = absolute(values, algorithm.parameterDefinitions())
    repeat = dict(values)
    if repeat.get("EXTENT"):
        west, south, east, north = repeat["EXTENT"]
        repeat["EXTENT"] = ",".join(map(_number, (west, east, south, north)))
    content = {
        "algorithm": algorithm.id(),
        "output": Path(output).name,
        "started": started.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "seconds": round(seconds, 2),
        "parameters": repeat,
        "request": request.record() if request else None,
        "seed": values.get("SEED"),
        "inputs": inputs(values, algorithm.parameterDefinitions()),
        "results": results,
        "summary": list(summary),
        "warnings": list(warnings),
        "versions": versions(),
        "repeat": calls(algorithm.id(), repeat),
    }
    if extended:
        content["earlier"] = earlier(output)
    return store.write_json(path_for(output), json.loads(json.dumps(content, default=str)))


def earlier(output) -> list[dict]:
    """The records of the runs that have made ``output`` so far, oldest first; none that cannot be read."""
    from ..core.foundation.outside import read_json

    try:
        content = read_json(path_for(output), "a run record", finite=False)
    except (ProductError, OSError):
        return []
    if not isinstance(content, dict):
        return []
    before = content.pop("earlier", [])
    return [*(own for own in (before if isinstance(before, list) else []) if isinstance(own, dict)), content]
