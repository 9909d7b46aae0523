"""The worker: says what its Python has, then does the tasks that it is sent, until its input ends.

Its input ends when the program that started it ends, however that came about: then the worker ends at once, in the middle of a task too.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
from typing import Any, BinaryIO

from ..foundation import machine
from ..foundation.errors import AnnsmError, CubeError, ParameterError, ProductError
from ..foundation.progress import Progress, Throttled
from . import wire
from .tasks import find

#: Packages whose versions decide whether a Python will do.
_PACKAGES = ("numpy", "torch", "sklearn", "scipy")


def about() -> dict[str, Any]:
    """The versions that decide which numbers come out of a block, found without importing PyTorch."""
    import numpy

    from ..foundation.libraries import available

    found: dict[str, Any] = {"python": list(sys.version_info[:3]), "numpy": numpy.__version__, "gdal": None, "drivers": []}
    if available("osgeo"):
        try:
            from osgeo import gdal

            found["gdal"] = gdal.VersionInfo("")
            found["drivers"] = [name for name in ("netCDF", "HDF5", "HDF4") if gdal.GetDriverByName(name)]
        except ImportError:
            pass
    found["packages"] = [name for name in _PACKAGES if available(name)]
    return found


class _Told(Progress):
    """Sends what a task reports to the program."""

    def __init__(self, answers: BinaryIO, lock: threading.Lock):
        self._answers, self._lock = answers, lock

    def _send(self, **message: Any) -> None:
        with self._lock:
            wire.send(self._answers, message)

    def report(self, fraction: float, text: str = "") -> None:
        self._send(progress=fraction, text=text)

    def info(self, text: str) -> None:
        self._send(info=text)

    def warning(self, text: str) -> None:
        self._send(warning=text)


def serve() -> None:
    """Answer requests on standard input until it ends. What libraries print goes nowhere: standard output carries answers only."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    waiting: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(waiting,), daemon=True).start()
    lock = threading.Lock()
    wire.send(answers, {"hello": about()})
    progress = Throttled(_Told(answers, lock))
    while True:
        message, arrays = waiting.get()
        answer = _answer(message, arrays, progress)
        with lock:
            wire.send(answers, *answer)


def _listen(waiting: queue.SimpleQueue[Any]) -> None:
    """Read requests ahead of the work; when there is nobody left to send any, end the process."""
    try:
        while True:
            waiting.put(wire.receive(sys.stdin.buffer))
    except BaseException:  # the pipe is closed or its other end talks nonsense: nobody waits for an answer
        os._exit(0)


def _answer(message: dict[str, Any], arrays: dict[str, Any], progress: Progress) -> tuple[Any, ...]:
    """The result of a task, or what is wrong with its input."""
    begun = time.perf_counter()
    try:
        with machine.one_thread():
            values, found = find(message["task"])(message["values"], arrays, progress)
        return {"values": values, "seconds": time.perf_counter() - begun}, found
    except ProductError as error:
        return ({"product_error": [error.path, error.variable, error.found, error.expected]},)
    except CubeError as error:
        return ({"cube_error": [error.path, error.found, error.expected]},)
    except ParameterError as error:
        return ({"parameter_error": str(error)},)
    except AnnsmError as error:
        return ({"error": str(error)},)
    except MemoryError:
        return ({"error": "A worker process ran out of memory; use a smaller region, a shorter period or fewer workers."},)
    except Exception as error:
        return ({"failed": f"{type(error).__name__}: {error}"},)
