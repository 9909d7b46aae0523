"""Imports the packages that QGIS does not ship, in one guarded place, and says how to get one that is missing."""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import importlib.util
import os
import re
import sys
import threading
from functools import lru_cache
from typing import Any

from .errors import MissingLibrary

#: What each optional package is for, and how it is installed: Debian and Ubuntu package, pip requirement.
PACKAGES = {
    "xarray": ("cubes and results", "python3-xarray", "xarray"),
    "netCDF4": ("NetCDF files", "python3-netcdf4", "netCDF4"),
    "dask": ("large cubes", "python3-dask", "dask[array]"),
    "distributed": ("work on a cluster", "python3-distributed", "distributed"),
    "torch": ("training", None, "torch --index-url https://download.pytorch.org/whl/cpu"),
    "h5py": ("writing the demo archive", "python3-h5py", "h5py"),
    "pyhdf": ("writing the demo archive's HDF4 files", "python3-hdf4", "pyhdf"),
    "matplotlib": ("figures and reports", "python3-matplotlib", "matplotlib"),
    "openpyxl": ("station tables in XLSX", "python3-openpyxl", "openpyxl"),
    "requests": ("downloads", "python3-requests", "requests"),
    "sklearn": ("random forest", "python3-sklearn", "scikit-learn"),
}


def available(name: str) -> bool:
    """Whether ``name`` is installed, found without importing it."""
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def how_to_install(name: str) -> str:
    """One sentence that says how to get package ``name``."""
    _, debian, pip = PACKAGES[name]
    ways = []
    if debian:
        ways.append(f"on Debian and Ubuntu 'sudo apt install {debian}'")
    ways.append(f"with the Python of QGIS 'python -m pip install {pip}'")
    if name == "torch":
        return "annsm:checkinstallation gives one command that makes a Python with it, or install it " + ways[0] + " and start QGIS again."
    return "Install it " + ", or ".join(ways) + ", then start QGIS again."


def load(name: str) -> Any:
    """Import and return package ``name``; raise ``MissingLibrary`` with the way to get it.

    torch raises OSError, not ImportError, where one of its libraries does not load (Windows).
    """
    purpose = PACKAGES[name][0]
    try:
        if name in _BOUND:
            _bind(_BOUND[name])
        module = importlib.import_module(name)
        if _BOUND.get(name) == "netCDF4":
            quiet_hdf5()
        return module
    except ImportError as error:
        if getattr(error, "name", None) == name:
            raise MissingLibrary(f"The Python package '{name}' ({purpose}) is not installed. {how_to_install(name)}") from error
        raise MissingLibrary(f"The Python package '{name}' ({purpose}) does not load: {error}. {how_to_install(name)}") from error
    except OSError as error:
        raise MissingLibrary(f"The Python package '{name}' ({purpose}) does not load: {error}. {how_to_install(name)}") from error


#: Package -> the package that is imported first, so that its libraries keep to their own symbols.
_BOUND = {"netCDF4": "netCDF4", "xarray": "netCDF4", "h5py": "netCDF4", "torch": "torch"}


def _bind(name: str) -> None:
    """Import package ``name`` once so that its libraries keep to their own symbols.

    QGIS has loaded the system's libraries before: netCDF4's wheel from PyPI would call QGIS's libnetcdf and libhdf5 and crash, PyTorch's
    small factorisations would run in QGIS's OpenBLAS, whose threads wait for each other (four times slower, and rounded otherwise
    than outside QGIS). RTLD_DEEPBIND (glibc) makes a library prefer its own symbols; elsewhere nothing of this happens.
    """
    if name in sys.modules or not available(name):
        return
    deepbind = getattr(os, "RTLD_DEEPBIND", 0)
    if not deepbind or not hasattr(sys, "setdlopenflags"):
        importlib.import_module(name)
        return
    flags = sys.getdlopenflags()
    sys.setdlopenflags(os.RTLD_NOW | deepbind)
    try:
        importlib.import_module(name)
    finally:
        sys.setdlopenflags(flags)


#: Files of the C library, not of its C++, Fortran and high-level parts.
_LIBRARY = re.compile(r"/(?:lib)?hdf5(?:_serial|_openmpi|_mpich)?(?:-[0-9a-f]{8})?\.(?:so[.\d]*|dll|dylib)$")

_mine = threading.local()


def quiet_hdf5() -> None:
    """Let no copy of HDF5 that this process has loaded print in this thread.

    It writes its whole error stack to standard error whenever netCDF looks for an attribute that is not there. The C library of netCDF
    switches that off in the thread that loads it; every other thread has a stack of errors of its own and prints.
    """
    loaded = _loaded()
    if getattr(_mine, "done", None) == loaded:
        return
    for library in _libraries(loaded):
        with contextlib.suppress(OSError, AttributeError):
            library.H5Eset_auto2(ctypes.c_int64(0), None, None)
    _mine.done = loaded


def hdf5_copies() -> tuple[Any, ...]:
    """The copies of HDF5 that this process has loaded, as ``ctypes`` libraries that print nothing in this thread; none on macOS."""
    quiet_hdf5()
    return _libraries(_loaded())


def _loaded() -> tuple[bool, ...]:
    return tuple(name in sys.modules for name in ("netCDF4", "h5py", "osgeo", "qgis.core"))


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
