"""The decoding process: says which libraries it has, then reads the files that it is told, until its input ends."""

from __future__ import annotations

import os
import sys
from dataclasses import replace

from ...foundation.errors import ProductError
from .. import naming, reading
from . import wire


def libraries() -> dict:
    """The versions that decide which numbers come out of a file, and whether the formats' drivers are there."""
    import numpy
    from osgeo import gdal

    drivers = [name for name in ("netCDF", "HDF5", "HDF4") if gdal.GetDriverByName(name)]
    return {"python": list(sys.version_info[:2]), "numpy": numpy.__version__, "gdal": gdal.VersionInfo(""), "drivers": drivers}


def serve() -> None:
    """Answer requests on standard input until it ends. What libraries print goes nowhere: standard output carries answers only."""
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


def _answer(request: dict) -> tuple:
    """The message and arrays of one file, or what is wrong with it."""
    try:
        window = tuple(request["window"]) if request["window"] else None
        known = naming.entry(request["path"])
        known = request["path"] if known is None else replace(known, layout=request["layout"])
        return wire.pack(reading.read_arrays(known, window=window, variables=request["variables"]))
    except ProductError as error:
        return ({"product_error": [error.path, error.variable, error.found, error.expected]},)
    except OSError as error:
        return ({"product_error": [request["path"], None, f"a file that cannot be read ({error.strerror})", "a readable file"]},)
