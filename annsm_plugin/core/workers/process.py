"""Finds a Python that can do a task and starts workers of it. ``sys.executable`` may be QGIS itself, so nothing is taken on trust."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from functools import cache
from pathlib import Path
from typing import Any

from ..foundation import machine
from ..foundation.errors import AnnsmError, CubeError, MissingLibrary, ParameterError, ProductError
from ..foundation.progress import SILENT, Progress
from . import serve, wire
from .tasks import Arrays, Values

#: Seconds that a process may take to start and say what it has.
PATIENCE = 60.0

#: The interpreter that scripts and ``qgis_process`` choose where no parameter does.
VARIABLE = machine.PYTHON

#: Signals with which a worker ends itself (``machine.at_most``) -> how that came, in words.
OVERDUE = {
    getattr(signal, "SIGPROF", 0): "it came to no end",
    getattr(signal, "SIGALRM", 0): "it waited in vain, as for a drive that does not answer or a pipe that nobody writes into",
}

_PYTHON = re.compile(r"python(w?)(\d(\.\d+)?)?(\.exe)?", re.I)

#: What a worker runs. ``-I`` keeps the current folder, PYTHONPATH and the user's packages out. The folders that are given (the plugin's,
#: then those of QGIS's packages) go behind the standard library, so that nothing in them can stand in for a module of Python's.
_BOOT = """
import sys
at = 1 + max((n for n, p in enumerate(sys.path) if p.endswith(("lib-dynload", "DLLs"))), default=len(sys.path) - 1)
sys.path[at:at] = sys.argv[2:]
import importlib
importlib.import_module(sys.argv[1]).serve()
"""


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


def environments() -> list[str]:
    """The interpreter of the environment that ``annsm:checkinstallation`` has the user make, if it is there."""
    home = machine.home()
    if sys.platform == "win32" and os.environ.get("LOCALAPPDATA"):
        home = Path(os.environ["LOCALAPPDATA"])
    if home is None:
        return []
    places = {
        "win32": home / "annsm-python" / "Scripts" / "python.exe",
        "darwin": home / "Library" / "Application Support" / "annsm-python" / "bin" / "python",
    }
    path = places.get(sys.platform, home / ".local" / "share" / "annsm-python" / "bin" / "python")
    return [str(path)] if path.is_file() else []


class Ended(OSError):
    """A worker was ended from outside while it started: by the system for its memory, or by somebody."""


class Lacks(ParameterError, MissingLibrary):
    """The interpreter that the user chose lacks a package."""


class Process:
    """A running worker of ``python``, which has said what it has (``about``). Raises ``OSError`` if it does not start, ``Ended``
    if something ended it meanwhile, ``AnnsmError`` without memory.

    own: whether it is QGIS's own Python, which then gets the folders of the packages that this program uses.
    """

    def __init__(self, python: str, *, own: bool = True):
        machine.check_memory()
        self.python = python
        package = __name__.rsplit(".", 1)[0]
        root = Path(__file__).resolve().parents[package.count(".") + 1]
        flags: dict[str, Any] = {"creationflags": getattr(subprocess, "CREATE_NO_WINDOW", 0)}
        self._complaints, self._last_words = tempfile.TemporaryFile(), ""  # noqa: SIM115 (as long as the process)
        self.child = subprocess.Popen(
            [python, "-I", "-c", _BOOT, f"{package}.serve", str(root), *(_homes() if own else ())],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._complaints,
            cwd=Path(python).parent, env=machine.environment(), **flags,
        )  # fmt: skip
        self.status: int | None = None
        late = threading.Event()

        def give_up() -> None:
            late.set()
            self.child.kill()

        deadline = threading.Timer(PATIENCE, give_up)
        try:
            deadline.start()
            self.about: dict[str, Any] = wire.receive(self._out)[0]["hello"]
        except RuntimeError:  # no room for a thread
            self.close(0.0)
            raise
        except (EOFError, ValueError, KeyError, TypeError) as error:
            silent = isinstance(error, EOFError)
            status = self.close(1.0 if silent else 0.0)
            raise (Ended if silent and status < 0 and not late.is_set() else OSError)(
                f"{python} does not start as a worker: {self.complaint() or 'it says nothing'}"
            ) from error
        finally:
            deadline.cancel()

    @property
    def _out(self) -> Any:
        return self.child.stdout

    def do(self, task: str, values: Values, arrays: Arrays, progress: Progress = SILENT) -> tuple[Values, Arrays]:
        """The result of a task.

        Raises the ``AnnsmError`` that the task raised, ``RuntimeError`` for any other error in it, and ``EOFError``, ``OSError`` or
        ``ValueError`` when the process has ended or talks nonsense.
        """
        wire.send(self.child.stdin, {"task": task, "values": values}, arrays)  # type: ignore[arg-type]
        while True:
            message, found = wire.receive(self._out)
            if "progress" in message:
                progress.report(message["progress"], message["text"])
            elif "info" in message:
                progress.info(message["info"])
            elif "warning" in message:
                progress.warning(message["warning"])
            else:
                return _checked(message), found

    def close(self, patience: float = 0.0) -> int:
        """End the process if it has not ended by itself within ``patience`` seconds; its exit status (negative: a signal's number)."""
        if self.status is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.child.wait(patience)
            self.child.kill()
            for stream in (self.child.stdin, self.child.stdout):
                with contextlib.suppress(OSError):
                    if stream is not None:
                        stream.close()
            self.status = self.child.wait()
            self._last_words = self.complaint()
            self._complaints.close()
        return self.status

    def complaint(self) -> str:
        """The last line of what the process wrote to its standard error."""
        if self._complaints.closed:
            return self._last_words
        try:
            size = self._complaints.seek(0, os.SEEK_END)
            self._complaints.seek(max(0, size - 4000))
            lines = self._complaints.read().decode(errors="replace").strip().splitlines()
        except (OSError, ValueError):
            return ""
        return lines[-1].strip() if lines else ""

    def ending(self) -> str:
        """How a process that no longer answers came to its end, in words."""
        status = self.close(patience=1.0)
        if status < 0:
            if -status in OVERDUE:
                return OVERDUE[-status]
            name = signal.Signals(-status).name if -status in signal.valid_signals() else f"signal {-status}"
            if -status == getattr(signal, "SIGKILL", 9):
                return "it was ended from outside (SIGKILL), most likely since the computer ran out of memory"
            return f"it crashed ({name})"
        return f"it ended with status {status}" + (f": {self.complaint()}" if self.complaint() else "")


def _checked(message: dict[str, Any]) -> dict[str, Any]:
    """The values of an answer; raises what the task raised."""
    if "product_error" in message:
        raise ProductError(*message["product_error"])
    if "cube_error" in message:
        raise CubeError(*message["cube_error"])
    if "parameter_error" in message:
        raise ParameterError(message["parameter_error"])
    if "error" in message:
        raise AnnsmError(message["error"])
    if "failed" in message:
        raise RuntimeError(message["failed"])
    return message["values"]


@cache
def _homes() -> tuple[str, ...]:
    """The folders of the packages that tasks use, so that the process imports the same ones; nothing is imported to find them."""
    folders = []
    for name in ("numpy", "osgeo", "torch", "sklearn", "xarray", "netCDF4"):
        with contextlib.suppress(ImportError, ValueError):  # a package that is there and broken
            spec = importlib.util.find_spec(name)
            if spec is not None and spec.origin:
                folders.append(str(Path(spec.origin).resolve().parents[1]))
    return tuple(dict.fromkeys(folders))


#: By what is needed: the Python that has it.
_verified: dict[str, str] = {}


def start(need: str = "files", python: str = "") -> Process | None:
    """A worker that can do what is needed (see ``has``), or None where no Python on this computer will do.

    python: the interpreter that the user chose; it is then the only one that is tried (``ParameterError`` if it does not do), but for
    reading files, which takes QGIS's own libraries.
    """
    python = python or os.environ.get(VARIABLE, "")
    if python and need != "files":
        return _chosen(python, need)
    tried = [_verified[need]] if need in _verified else [*candidates(), *(environments() if need != "files" else ())]
    for path in tried:
        try:
            process = _begun(path)
        except OSError:
            continue
        if isinstance(process.about, dict) and has(process.about, need):
            _verified[need] = path
            return process
        process.close()
    return None


def _begun(python: str) -> Process:
    """A worker, at the second try if something ended the first: that says nothing about what a Python can do."""
    try:
        return Process(python, own=is_own(python))
    except Ended:
        return Process(python, own=is_own(python))


def _chosen(python: str, need: str) -> Process:
    if not Path(python).is_file():
        raise ParameterError(f"PYTHON is {python}, which is no file; expected a Python interpreter.")
    try:
        process = _begun(python)
    except OSError as error:
        raise ParameterError(f"PYTHON: {error}.") from error
    if not has(process.about, need):
        process.close()
        have = f"Python {'.'.join(map(str, process.about['python']))}, numpy {process.about['numpy']}"
        raise Lacks(f"PYTHON: {python} ({have}) lacks the package '{need}'; annsm:checkinstallation says how to get it.")
    return process


def is_own(python: str) -> bool:
    """Whether an interpreter is the one of this program, whose packages it then shares."""
    return any(Path(python) == Path(own) for own in candidates())


def _reads_alike(about: dict[str, Any]) -> bool:
    """Whether a Python has the libraries of this program, so that the same numbers come out of a file."""
    mine = serve.about()
    return all(about.get(name) == mine[name] for name in ("numpy", "gdal", "drivers")) and about.get("python", [])[:2] == mine["python"][:2]


def has(about: dict[str, Any], need: str) -> bool:
    """Whether a Python that said ``about`` has what is needed: "files", or packages with "+" between, beside numpy."""
    if need == "files":
        return _reads_alike(about)
    return all(package in about.get("packages", ()) for package in need.split("+") if package)
