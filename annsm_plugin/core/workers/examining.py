"""Looks at result files of others in a worker before this process opens them (``store.examine``).

A file on which the libraries of HDF5 and netCDF crash, or never come to an end, costs the worker. It is started for the first such file,
looks at each within a few hundredths of a second, and is gone when there was nothing to do for a minute.
"""

from __future__ import annotations

import contextlib
import ctypes
import math
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ..foundation import machine, outside, store
from ..foundation.errors import AnnsmError
from ..foundation.libraries import available, load
from ..foundation.progress import Progress
from .process import Process, start
from .tasks import Arrays, Values

#: Seconds after which a worker without work is ended.
IDLE = 60.0

#: Seconds for which numbers all over a file are read, and the most bytes of a chunk that is.
SPENT, MOST_OF_A_CHUNK = 0.15, 16 * 2**20

#: Most places at which each variable is read.
MOST_PLACES = 200

#: M_PERTURB of mallopt.
_PERTURB = -6


def install() -> None:
    """Let files be looked at from now on."""
    store.examine_with(_EXAMINER)


class _Examiner:
    """What is wrong with a file; asked from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._worker: Process | None = None
        self._ending: threading.Timer | None = None
        self._nowhere = False

    def __call__(self, path: Path) -> str:
        with self._lock:
            if self._ending is not None:
                self._ending.cancel()
            try:
                return self._look(path)
            finally:
                self._ending = threading.Timer(IDLE, self._close)
                self._ending.daemon = True
                self._ending.start()

    def _look(self, path: Path) -> str:
        worker = self._started()
        if worker is None:
            return ""  # no Python of this computer can look
        try:
            found, _ = worker.do("workers.examining:look", {"path": str(path.resolve()), "seconds": machine.PATIENCE}, {})
            if found["damaged"]:  # what the libraries hold in memory may be damaged too
                self._worker = None
                worker.close()
            return str(found["wrong"])
        except (AnnsmError, RuntimeError):
            pass  # what is wrong is said by whoever opens the file here
        except Exception:  # its pipe is broken
            self._worker = None
            return f"a damaged file ({worker.ending()} while another process looked at it)"
        return ""

    def _started(self) -> Process | None:
        if self._worker is None and not self._nowhere:
            self._worker = start("files")
            self._nowhere = self._worker is None
        return self._worker

    def _close(self) -> None:
        with self._lock:
            worker, self._worker = self._worker, None
            if worker is not None:
                worker.close()


_EXAMINER = _Examiner()


def look(values: Values, arrays: Arrays, progress: Progress) -> tuple[Values, Arrays]:
    """The task: open the file ``path`` with each library that will, and read its attributes and numbers all over it.

    The values of the result: what is ``wrong`` with it, so that it need not be opened at all, and whether anything was ``damaged``. The
    worker ends itself if that takes more ``seconds`` (``machine.at_most``).
    """
    with contextlib.suppress(Exception):  # the GNU C library then fills freed memory: what uses it crashes here, not by chance elsewhere
        ctypes.CDLL(None).mallopt(_PERTURB, 85)
    raster = Path(values["path"]).suffix.lower() not in (".nc", ".nc4")
    netcdf = None if raster else load("netCDF4")
    with machine.at_most(values["seconds"]):
        wrong, damaged = ("", not _opens_as_raster(values["path"])) if raster else _looked_at(netcdf, values["path"])
    return {"wrong": wrong, "damaged": damaged}, {}


def _looked_at(netcdf: Any, path: str) -> tuple[str, bool]:
    """What is wrong with a NetCDF file, and whether anything was damaged."""
    if wrong := outside.elsewhere(path):
        return wrong, False
    try:
        file = netcdf.Dataset(path)
    except Exception as error:
        return f"a file that does not open as NetCDF ({store.words_of(error)})", True
    with contextlib.suppress(Exception), file:
        if _read(file) and (not available("osgeo") or _open(path)):
            return "", False
    return "", True


def _read(file: Any) -> bool:
    """Read attributes, and numbers evenly spread over every variable, for a while; whether all could be read."""
    fine = True
    for holder in (file, *file.variables.values()):
        for name in holder.ncattrs():
            fine &= _worked(holder.getncattr, name)
    variables = []
    for variable in file.variables.values():
        variable.set_auto_maskandscale(False)
        chunks = variable.chunking() if variable.dimensions else None
        chunks = [int(n) for n in chunks] if isinstance(chunks, (list, tuple)) else [1] * len(variable.shape)
        size = math.prod(chunks) * (variable.dtype.itemsize if store.is_number(variable.dtype) else 8)
        if size <= MOST_OF_A_CHUNK and all(variable.shape):
            variables.append((variable, chunks))
    ends, step = time.perf_counter() + SPENT, 0
    places = np.random.default_rng(0)
    while variables and time.perf_counter() < ends and step < MOST_PLACES:
        for variable, chunks in variables:
            last = [(int(n) - 1) // c for n, c in zip(variable.shape, chunks)]
            at = [0] * len(last) if step == 0 else last if step == 1 else [int(places.integers(n + 1)) for n in last]
            fine &= _worked(variable.__getitem__, tuple(n * c for n, c in zip(at, chunks)))
        step += 1
    return fine


def _worked(call: Callable[[Any], Any], asked: Any) -> bool:
    try:
        call(asked)
    except Exception:
        return False
    return True


def _open(path: str) -> bool:
    """Open the file as the explorer does; whether it could be."""
    from osgeo import gdal

    with store.gdal_errors():
        return _worked(_browse, gdal.OpenEx(path, gdal.OF_MULTIDIM_RASTER, allowed_drivers=["netCDF"]))


def _opens_as_raster(path: str) -> bool:
    """Open the file as a raster and read what is told of it, and its first and last blocks; whether it could be."""
    with store.gdal_errors():
        return _worked(_look_through, path)


def _look_through(path: str) -> None:
    raster = outside.open_followed(path)
    if outside.wrong_references(raster):
        return  # it is refused, and nothing of it followed
    raster.GetMetadata(), raster.GetProjection(), raster.GetGeoTransform()
    for number in range(1, min(raster.RasterCount, MOST_PLACES) + 1):
        band = raster.GetRasterBand(number)
        band.GetCategoryNames(), band.GetNoDataValue(), band.GetDescription()
        across, down = band.GetBlockSize()
        size = min(across, raster.RasterXSize), min(down, raster.RasterYSize)
        if size[0] * size[1] * 16 <= MOST_OF_A_CHUNK:
            band.ReadRaster(0, 0, *size)
            band.ReadRaster(raster.RasterXSize - size[0], raster.RasterYSize - size[1], *size)


def _browse(data: Any) -> None:
    root = data.GetRootGroup()
    for name in root.GetMDArrayNames() or ():
        array = root.OpenMDArray(name)
        for attribute in array.GetAttributes():
            attribute.Read()
        array.GetUnit(), array.GetNoDataValueAsDouble()
