"""What this computer offers to workers: cores, environment variables that hold a process to one thread, and what the user prefers.

Preferences are environment variables, which QGIS's options page sets.
``ANNSM_PYTHON``: interpreter of the workers (see ``workers.process``); ``ANNSM_PROCESSES``: most worker processes; ``ANNSM_DEVICE``: what
'auto' means ("cpu" or "cuda"); ``ANNSM_MEMORY``: megabytes that the arrays of one step may take; ``ANNSM_CACHE``: the folder of what is
remembered between runs. What cannot be read counts as not given.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from .errors import AnnsmError, tells_of_memory

PYTHON, PROCESSES, DEVICE, MEMORY, CACHE = "ANNSM_PYTHON", "ANNSM_PROCESSES", "ANNSM_DEVICE", "ANNSM_MEMORY", "ANNSM_CACHE"

#: Seconds of the processor that a worker has for one product file; the largest take one.
PATIENCE = 20.0

#: How many times as many seconds of the clock: a slow drive and a full computer are waited for, what never answers is not.
SLOWEST = 10.0

#: Fewest megabytes with which steps work sensibly.
LEAST_MEMORY = 64

#: Bytes that must be free before a file is opened, a figure laid out or a thread begun; they are asked for, and given back untouched.
TO_GO_ON = 128 * 2**20

#: Variables that hold the mathematical libraries of a process to one thread.
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS", "GOTO_NUM_THREADS"), "1"
)

#: Variables of QGIS's process that must not reach a worker's Python.
_FOREIGN = ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "PYTHONUSERBASE", "PYTHONINSPECT", "LD_PRELOAD", "DYLD_INSERT_LIBRARIES")


def cores() -> int:
    """Cores that this program may use: those that it is given, and no more than the user wants processes and memory allows (``within``)."""
    given = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(given, processes() or given, getattr(_here, "processes", None) or given)


def cache_folder() -> Path:
    """The user's folder for what may be lost at any time: that of ``ANNSM_CACHE``, else where the system keeps such things."""
    given = os.environ.get(CACHE, "").strip()
    if given:
        return Path(given)
    own = home() or Path("~")
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or own) / "annsm" / "cache"
    if sys.platform == "darwin":
        return own / "Library" / "Caches" / "annsm"
    return Path(os.environ.get("XDG_CACHE_HOME") or own / ".cache") / "annsm"


def home() -> Path | None:
    """The user's home folder; None where there is none, as for a user without a name in a container."""
    found = Path(os.path.expanduser("~"))  # noqa: PTH111 (raises nothing)
    return found if found.is_absolute() else None


def environment() -> dict[str, str]:
    """A worker's environment: this process's without what is QGIS's own, one thread for every mathematical library.

    PROJ's and GDAL's variables stay: a worker must find the same data.
    """
    kept = {name: value for name, value in os.environ.items() if name not in _FOREIGN and not name.startswith(("QT_", "QGIS_"))}
    return {**kept, **ONE_THREAD, "PYTHONDONTWRITEBYTECODE": "1", "KMP_AFFINITY": "disabled"}


_here = threading.local()


@contextlib.contextmanager
def within(memory: int, processes: int | None = None) -> Iterator[None]:
    """What this thread does inside takes blocks of at most ``memory`` bytes and at most so many worker processes (None: any number)."""
    before = getattr(_here, "memory", None), getattr(_here, "processes", None)
    _here.memory = min(memory, before[0] or memory)
    _here.processes = min(processes, before[1] or processes) if processes else before[1]
    try:
        yield
    finally:
        _here.memory, _here.processes = before


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """What runs inside uses one thread: as many workers as there are cores do the same beside it."""
    before = getattr(_here, "single", False)
    _here.single = True
    try:
        yield
    finally:
        _here.single = before


@contextlib.contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """End this process, a worker, if what runs inside takes more seconds of the processor: a library may come to no end on a damaged file.

    It is ended too after ``SLOWEST`` times as many seconds of the clock: a file may refer to a pipe that nobody writes into. Where the
    system cannot count those of the processor, after five times as many of the clock. In the main thread only.
    """
    if not hasattr(signal, "setitimer"):
        faulthandler.dump_traceback_later(5.0 * seconds, exit=True)
    else:
        signal.setitimer(signal.ITIMER_PROF, seconds)  # whose signals nobody handles
        signal.setitimer(signal.ITIMER_REAL, SLOWEST * seconds)
    try:
        yield
    finally:
        if not hasattr(signal, "setitimer"):
            faulthandler.cancel_dump_traceback_later()
        else:
            signal.setitimer(signal.ITIMER_PROF, 0.0)
            signal.setitimer(signal.ITIMER_REAL, 0.0)


def threads() -> int:
    """Threads that a task may use: one inside ``one_thread``, else one for each core."""
    return 1 if getattr(_here, "single", False) else cores()


@contextlib.contextmanager
def quiet_blas() -> Iterator[None]:
    """Inside, every OpenBLAS that this process has loaded uses one thread.

    Where PyTorch was imported by another plugin, its small factorisations run in QGIS's OpenBLAS, whose threads wait for each other.
    """
    held = []
    for library in _loaded_openblas():
        for suffix in ("", "64_"):
            get = getattr(library, f"openblas_get_num_threads{suffix}", None)
            put = getattr(library, f"openblas_set_num_threads{suffix}", None)
            if get is not None and put is not None:
                held.append((put, int(get())))
                put(1)
                break
    try:
        yield
    finally:
        for put, count in held:
            put(count)


def _loaded_openblas() -> list[ctypes.CDLL]:
    """The OpenBLAS libraries in this process (Linux; none elsewhere)."""
    try:
        lines = Path("/proc/self/maps").read_text(errors="replace").splitlines()
    except OSError:
        return []
    paths = dict.fromkeys(line.split(None, 5)[-1] for line in lines if "openblas" in line and line.count(" ") >= 5)
    found = []
    for path in paths:
        with contextlib.suppress(OSError):
            found.append(ctypes.CDLL(path))
    return found


def check_memory() -> None:
    """Raise ``AnnsmError`` if this process gets no memory any more: the libraries that read files and lay out figures end the program
    where they are refused some, and Python waits for ever for a thread that finds none to begin with."""
    import numpy

    with _memory_is_told():
        numpy.empty(TO_GO_ON, dtype=numpy.uint8)


@contextlib.contextmanager
def _memory_is_told() -> Iterator[None]:
    """What is raised inside for lack of memory is an ``AnnsmError``."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if not tells_of_memory(error):
            raise
        raise AnnsmError("The computer has no memory left; close other programs, or use a smaller region.") from error


class Thread(threading.Thread):
    """A thread that is not begun without memory: ``start`` then raises ``AnnsmError``, and ``join`` has nothing to wait for."""

    def start(self) -> None:
        """Begin."""
        check_memory()
        with _memory_is_told():
            super().start()

    def join(self, timeout: float | None = None) -> None:
        """Wait for its end, if it has begun."""
        if self.ident is not None:
            super().join(timeout)


class Threads(ThreadPoolExecutor):
    """Threads that are not begun without memory; ``submit`` then raises ``AnnsmError``, and what waits is not done."""

    def submit(self, function: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """Let a thread call a function."""
        try:
            check_memory()
            with _memory_is_told():
                return super().submit(function, *given, **named)
        except AnnsmError:
            self.shutdown(wait=False, cancel_futures=True)
            raise


def processes() -> int | None:
    """Most worker processes, None: as many as there are cores."""
    return _whole(PROCESSES, 1)


def device() -> str:
    """What the device 'auto' means: "cpu", "cuda", or "auto" for whichever is faster."""
    word = os.environ.get(DEVICE, "").strip().lower()
    return word if word in ("cpu", "cuda") else "auto"


def memory(default: int) -> int:
    """Bytes that the arrays of one step may take: what the user prefers, no more than there is room for (``within``)."""
    megabytes = _whole(MEMORY, LEAST_MEMORY)
    wanted = default if megabytes is None else megabytes * 2**20
    return min(wanted, getattr(_here, "memory", None) or wanted)


def _whole(name: str, least: int) -> int | None:
    try:
        found = int(os.environ.get(name, ""))
    except ValueError:
        return None
    return max(found, least) if found > 0 else None
