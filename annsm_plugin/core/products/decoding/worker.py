"""The decoding process: sends the versions of its libraries, then reads the files that it is asked for, until its input ends."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import Any

import numpy as np

from ...foundation.errors import ProductError
from .. import naming, reading
from . import wire


def libraries() -> dict[str, Any]:
    """The versions on which the numbers read from a file depend, and which of the formats' GDAL drivers are installed."""
    from osgeo import gdal

    drivers = [name for name in ("netCDF", "HDF5", "HDF4") if gdal.GetDriverByName(name)]
    return {"python": list(sys.version_info[:2]), "numpy": np.__version__, "gdal": gdal.VersionInfo(""), "drivers": drivers}


def serve() -> None:
    """Answer requests on standard input until it ends. What libraries print is discarded: standard output is for answers only."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    requests = sys.stdin.buffer
    wire.send(answers, {"hello": libraries()})
    while True:
        try:
            request, _ = wire.receive(requests)
        except EOFError:
            return
        wire.send(answers, *_answer(request))


def _answer(request: dict[str, Any]) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The message and arrays of one file, or a message that says what is wrong with it."""
    try:
        window = tuple(request["window"]) if request["window"] else None
        known = naming.entry(request["path"])
        known = request["path"] if known is None else replace(known, layout=request["layout"])
        return wire.pack(reading.read_arrays(known, window=window, variables=request["variables"]))
    except ProductError as error:
        return {"product_error": [error.path, error.variable, error.found, error.expected]}, {}
    except OSError as error:
        return {"product_error": [request["path"], None, f"a file that cannot be read ({error.strerror})", "a readable file"]}, {}
