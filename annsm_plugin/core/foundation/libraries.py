"""Imports the packages that QGIS does not ship, in one guarded place, and says how to get one that is missing."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from typing import Any

from . import hdf5
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
    "pandas": ("station tables", "python3-pandas", "pandas"),
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
            hdf5.quiet()
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
