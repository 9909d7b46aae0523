"""Finds a Python interpreter with the same libraries as this program, for the decoding processes, and starts it.

``sys.executable`` may be QGIS itself, so that every candidate is started and asked for its versions before it is used.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any, cast

import numpy as np

from . import wire
from .worker import libraries

#: Seconds within which a process must start and send its versions.
PATIENCE = 30.0

_PYTHON = re.compile(r"python(w?)(\d(\.\d+)?)?(\.exe)?", re.I)

#: The program of the process; its arguments are the module to run and the folders to import from.
_BOOT = "import sys; sys.path[:0] = sys.argv[2:]; import importlib; importlib.import_module(sys.argv[1]).serve()"


def candidates() -> list[str]:
    """Executable files with the name of a Python interpreter, the most likely first."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    names = (f"python{version}", "python3", "python") if os.name != "nt" else ("python.exe", "python3.exe")
    within = ("bin", ".") if os.name != "nt" else (".", "bin", "Scripts")
    prefixes = (sys.prefix, sys.exec_prefix, sys.base_prefix)
    folders = [Path(prefix) / folder for prefix in prefixes for folder in within]
    beside = Path(sys.executable or os.devnull).parent
    folders += [beside, beside / "bin"]
    paths = [sys.executable or ""] + [str(folder / name) for folder in folders for name in names]
    found = [p for p in paths if _PYTHON.fullmatch(Path(p).name) and Path(p).is_file() and os.access(p, os.X_OK)]
    return list(dict.fromkeys(found))


class Process:
    """A running decoding process with the same libraries as this program. Raises ``OSError`` if ``python`` does not give one."""

    def __init__(self, python: str):
        self.python = python
        package = __name__.rsplit(".", 1)[0]
        root = Path(__file__).resolve().parents[package.count(".") + 1]
        self.child = subprocess.Popen(
            [python, "-c", _BOOT, f"{package}.worker", str(root), *_homes()],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # which Windows alone knows
        )  # fmt: skip
        self._to, self._from = cast(IO[bytes], self.child.stdin), cast(IO[bytes], self.child.stdout)
        deadline = threading.Timer(PATIENCE, self.child.kill)
        deadline.start()
        try:
            hello = wire.receive(self._from)[0]["hello"]
        except (EOFError, ValueError, KeyError, TypeError) as error:
            self.close()
            raise OSError(f"{python} does not start as a decoding process") from error
        finally:
            deadline.cancel()
        if hello != libraries():
            self.close()
            raise OSError(f"{python} has other libraries: {hello}")

    def ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """The answer to a request. Raises ``EOFError``, ``OSError`` or ``ValueError`` if the process ended or its answer is malformed."""
        wire.send(self._to, request)
        return wire.receive(self._from)

    def close(self) -> int:
        """End the process at once and return its exit status."""
        self.child.kill()
        for stream in (self._to, self._from):
            with contextlib.suppress(OSError):
                stream.close()
        return self.child.wait()


def _homes() -> list[str]:
    """The folders that hold numpy and GDAL, so that the process imports the same ones."""
    from osgeo import gdal

    return list(dict.fromkeys(str(Path(file).resolve().parents[1]) for file in (str(np.__file__), str(gdal.__file__))))


_verified: list[str] = []


def start() -> Process | None:
    """A decoding process, or None if no Python on this machine has the same libraries."""
    for python in _verified or candidates():
        try:
            process = Process(python)
        except OSError:
            continue
        _verified[:] = [python]
        return process
    return None
