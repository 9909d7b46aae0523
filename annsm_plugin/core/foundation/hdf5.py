"""Keeps HDF5 from printing: it writes its whole error stack to standard error whenever netCDF looks for an attribute that is not there.

The C library of netCDF switches that off in the thread that loads it; every other thread has a stack of errors of its own and prints.
"""

from __future__ import annotations

import contextlib
import ctypes
import re
import sys
import threading
from functools import lru_cache
from typing import Any

#: Files of the C library, not of its C++, Fortran and high-level parts.
_LIBRARY = re.compile(r"/(?:lib)?hdf5(?:_serial|_openmpi|_mpich)?(?:-[0-9a-f]{8})?\.(?:so[.\d]*|dll|dylib)$")

_mine = threading.local()


def quiet() -> None:
    """Let no copy of HDF5 that this process has loaded print in this thread."""
    loaded = tuple(name in sys.modules for name in ("netCDF4", "h5py", "osgeo", "qgis.core"))
    if getattr(_mine, "done", None) == loaded:
        return
    for library in _libraries(loaded):
        with contextlib.suppress(OSError, AttributeError):
            library.H5Eset_auto2(ctypes.c_int64(0), None, None)
    _mine.done = loaded


@lru_cache(maxsize=16)
def _libraries(loaded: tuple[bool, ...]) -> tuple[Any, ...]:
    """The copies of HDF5 in this process: QGIS's own and, where netCDF4 or h5py come from PyPI, theirs."""
    if sys.platform == "win32":
        with contextlib.suppress(OSError):
            handle = ctypes.windll.kernel32.GetModuleHandleW("hdf5.dll")
            return (ctypes.CDLL("hdf5.dll", handle=handle),) if handle else ()
        return ()
    found = []
    with contextlib.suppress(OSError):
        with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
            paths = dict.fromkeys(line.split(maxsplit=5)[-1].strip() for line in maps if "hdf5" in line)
        for path in paths:
            if _LIBRARY.search(path):
                with contextlib.suppress(OSError):
                    found.append(ctypes.CDLL(path))
    return tuple(found)
