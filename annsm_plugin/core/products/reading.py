"""Reads one file of any product, with the product's module in ``readers``."""

from __future__ import annotations

import importlib
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..foundation.errors import ProductError
from ..foundation.libraries import load
from ..foundation.paths import PathLike
from .access import check_file, no_surprise
from .arrays import Arrays, Window
from .joining import joined
from .naming import Entry, entry
from .recognising import content
from .relatives import refusal

#: Product -> the module in ``readers`` that reads it, and its title.
PRODUCTS = {
    "amsr_tb": ("amsr", "AMSR L3 brightness temperature"),
    "smap": ("smap", "SMAP L3 soil moisture (SPL3SMP)"),
    "smap_e": ("smap", "SMAP L3 enhanced soil moisture (SPL3SMP_E, 9 km)"),
    "gldas": ("gldas", "GLDAS-2.1 Noah 3-hourly"),
    "lai": ("lai", "MODIS LAI"),
    "lprm": ("lprm", "LPRM soil moisture"),
    "jaxa": ("jaxa", "JAXA soil moisture content"),
    "smos": ("smos", "SMOS L3 soil moisture"),
}


def read_arrays(path: PathLike | Entry, *, window: Window | None = None, variables: Collection[str] | None = None) -> Arrays:
    """One product file as plain arrays on its own grid: what ``read`` gives, but without xarray.

    window: (west, south, east, north) in degrees; only the cells in it are read, and the neighbours that interpolation needs. variables:
    names of the variables to read (None: all). Raises ``ProductError``.
    """
    known = path if isinstance(path, Entry) else _named(path)
    if known.refused:
        raise ProductError(known.path, None, *refusal(known.refused))
    name, title = PRODUCTS[known.product]
    module = importlib.import_module(f".readers.{name}", __package__)
    with no_surprise(known.path, title):
        arrays: Arrays = module.read(known, window, variables) if not known.parts else _joined(module, known, window, variables)
    about = {"product": known.product, "version": known.version, "date": str(known.date), "sensor": known.sensor, "orbit": known.orbit}
    about.update(channel=known.channel, time=None if known.time is None else str(known.time))
    arrays.attrs.update({k: v for k, v in about.items() if v is not None})
    return arrays


def _joined(module: Any, known: Entry, window: Window | None, variables: Collection[str] | None) -> Arrays:
    """The contents of all files of one observation, by a product's module. Raises ``ProductError``."""
    files = [replace(known, parts=(), partial=True), *(replace(part, partial=True) for part in known.parts)]
    parts = [module.read(file, window, variables) for file in files]
    found = joined(parts, module.axes(known), window)
    module.check_joined(known, found, parts, variables, window)
    found.attrs["files"] = len(files)
    return found


def _named(path: PathLike) -> Entry:
    """The entry of a file by its name; raises ``ProductError`` if it is not named like a file of any product, or not there."""
    found = entry(path)
    if found is None:
        check_file(path, "a product file")
        found, what = content.identified(str(path))
        if found is None:
            titles = ", ".join(title for _, title in PRODUCTS.values())
            raise ProductError(
                path, None, f"{what} under the name '{Path(path).name}'", f"the name of a product file, or its contents: {titles}"
            )
    return found


def read(path: PathLike | Entry, *, window: Window | None = None, variables: Collection[str] | None = None) -> Any:
    """One product file as an xarray.Dataset on its own grid: physical units, NaN or NaT where missing, ``lat`` and ``lon`` in degrees.

    Attributes: product, version, date, and sensor, orbit, channel and time if the product has them. The variables are described in the
    product's module in ``readers``; ``window`` and ``variables`` as in ``read_arrays``. Raises ``ProductError``, which names the file and
    the variable, and says what was found and what was expected.

    The libraries of HDF5 and HDF4 can crash on a damaged file, and this process with them, or come to no end: ``decoding.Pool`` reads in
    another process, where that costs the file.
    """
    arrays = read_arrays(path, window=window, variables=variables)
    xarray = load("xarray")
    coords = dict(arrays.coords)
    if arrays.lat.size:
        coords.update(lat=arrays.lat, lon=arrays.lon)
    data = {name: (arrays.dims.get(name, ("lat", "lon")), values) for name, values in arrays.variables.items()}
    dataset = xarray.Dataset(data, coords=coords, attrs=arrays.attrs)
    for name, unit in arrays.units.items():
        dataset[name].attrs["units"] = unit
    return dataset
