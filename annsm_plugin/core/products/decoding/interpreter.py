"""Finds a Python that decodes files exactly as this program does. ``sys.executable`` may be QGIS itself, so nothing is taken on trust."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

from . import wire
from .worker import libraries

#: Seconds that a process may take to start and say what it has.
PATIENCE = 30.0

_PYTHON = re.compile(r"python(w?)(\d(\.\d+)?)?(\.exe)?", re.I)

#: What the process runs: its arguments are folders to import from.
_BOOT = "import sys; sys.path[:0] = sys.argv[2:]; import importlib; importlib.import_module(sys.argv[1]).serve()"


def candidates() -> list[str]:
    """Files that are called like this version of Python, most likely first; each exists and may be started."""
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
    """A running decoding process that said it has the same libraries as this program. Raises ``OSError`` if it does not."""

    def __init__(self, python: str):
        self.python = python
        package = __name__.rsplit(".", 1)[0]
        root = Path(__file__).resolve().parents[package.count(".") + 1]
        flags = {"creationflags": subprocess.CREATE_NO_WINDOW} if os.name == "nt" else {}
        self.child = subprocess.Popen(
            [python, "-c", _BOOT, f"{package}.worker", str(root), *_homes()],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **flags,
        )  # fmt: skip
        deadline = threading.Timer(PATIENCE, self.child.kill)
        deadline.start()
        try:
            hello = wire.receive(self.child.stdout)[0]["hello"]
        except (EOFError, ValueError, KeyError, TypeError) as error:
            self.close()
            raise OSError(f"{python} does not start as a decoding process") from error
        finally:
            deadline.cancel()
        if hello != libraries():
            self.close()
            raise OSError(f"{python} has other libraries: {hello}")

    def ask(self, request: dict) -> tuple[dict, dict]:
        """The answer to a request. Raises ``EOFError``, ``OSError`` or ``ValueError`` when the process has ended or talks nonsense."""
        wire.send(self.child.stdin, request)
        return wire.receive(self.child.stdout)

    def close(self) -> int | None:
        """End the process at once; its exit status."""
        self.child.kill()
        for stream in (self.child.stdin, self.child.stdout):
            with contextlib.suppress(OSError):
                stream.close()
        return self.child.wait()


def _homes() -> list[str]:
    """The folders of the packages that the readers use, so that the process imports the same ones."""
    import numpy
    from osgeo import gdal

    return list(dict.fromkeys(str(Path(module.__file__).resolve().parents[1]) for module in (numpy, gdal)))


_verified: list[str] = []


def start() -> Process | None:
    """A verified process, or None where no Python on this machine will do."""
    for python in _verified or candidates():
        try:
            process = Process(python)
        except OSError:
            continue
        _verified[:] = [python]
        return process
    return None
