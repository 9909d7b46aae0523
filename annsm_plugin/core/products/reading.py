"""Reads one product file, whichever product it is: one module per product in ``readers``."""

from __future__ import annotations

import importlib
from pathlib import Path

from ..foundation.errors import ProductError
from ..foundation.libraries import load
from .access import Arrays, check_file, no_surprise
from .naming import Entry, entry

#: Product -> module that reads it and what it is called.
PRODUCTS = {
    "amsr_tb": ("amsr", "AMSR L3 brightness temperature"),
    "smap": ("smap", "SMAP L3 soil moisture (SPL3SMP)"),
    "gldas": ("gldas", "GLDAS-2.1 Noah 3-hourly"),
    "lai": ("lai", "MODIS LAI"),
    "lprm": ("lprm", "LPRM soil moisture"),
    "jaxa": ("jaxa", "JAXA soil moisture content"),
    "smos": ("smos", "SMOS L3 soil moisture"),
}


def read_arrays(path, *, window=None, variables=None) -> Arrays:
    """One product file as plain arrays on its native grid: what ``read`` gives, without xarray.

    window: (west, south, east, north) in degrees, to read only what lies there (and the neighbours that interpolation
    needs); variables: names of the result to read (default: all). Raises ``ProductError``.
    """
    known = path if isinstance(path, Entry) else entry(path)
    if known is None:
        check_file(path, "a product file")
        raise ProductError(
            path, None, f"the name '{Path(path).name}'", "the name of a product file: " + ", ".join(v[1] for v in PRODUCTS.values())
        )
    if known.refused:
        raise ProductError(known.path, None, "another product", known.refused)
    name, title = PRODUCTS[known.product]
    module = importlib.import_module(f".readers.{name}", __package__)
    with no_surprise(known.path, title):
        arrays = module.read(known, window, variables)
    about = {"product": known.product, "version": known.version, "date": str(known.date), "sensor": known.sensor, "orbit": known.orbit}
    about.update(channel=known.channel, time=None if known.time is None else str(known.time))
    arrays.attrs.update({k: v for k, v in about.items() if v is not None})
    return arrays


def read(path, *, window=None, variables=None):
    """One product file as an xarray.Dataset on its native grid: physical units, missing as NaN (NaT), ``lat`` and ``lon`` in degrees.

    Attributes: product, version, date, and sensor, orbit, channel, time where the product has them. See the product's
    module for its variables. Raises ``ProductError`` naming file, variable, what was found and what was expected.
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
