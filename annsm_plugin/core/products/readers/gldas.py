"""GLDAS-2.1 Noah, 3-hourly, 0.25 degree (GES DISC, NetCDF): global files and regional subsets with any of the 36 variables."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Sequence

import numpy as np

from ...foundation.errors import ProductError
from ...foundation.variables import POSSIBLE_GROUND
from ..access import Source, opened
from ..arrays import Arrays, Window, window_of
from ..joining import inside, spread
from ..naming import Entry
from ..plausibility import limited

WHAT = "GLDAS-2.1 Noah 3-hourly (NetCDF)"

#: Physical ranges of the variables that are matched.
RANGES = {
    "SoilMoi0_10cm_inst": (0.0, 100.0),
    "SoilTMP0_10cm_inst": POSSIBLE_GROUND,
    "AvgSurfT_inst": POSSIBLE_GROUND,
    "Rainf_f_tavg": (-1e-6, 0.1),
}

#: Their units as the product writes them; a file that states another unit is refused.
UNITS = {"SoilMoi0_10cm_inst": "kg m-2", "SoilTMP0_10cm_inst": "K", "AvgSurfT_inst": "K", "Rainf_f_tavg": "kg m-2 s-1"}


def read(entry: Entry, window: Window | None = None, variables: Collection[str] | None = None) -> Arrays:
    """The file's variables (lat, lon) under their own names and in their own units; rows and columns as stored."""
    data: dict[str, np.ndarray] = {}
    units: dict[str, str] = {}
    with opened(entry.path, WHAT) as source:
        lat, lon = (_axis(source, entry, name) for name in ("lat", "lon"))
        _check_time(source, entry)
        rows, columns = window_of(lat, lon, window)
        there = [n for n in source.names() if n not in ("lat", "lon", "time") and not n.endswith(("_bnds", "_bounds"))]
        wanted = [n for n in there if {"lat", "lon"} <= source.dimensions(n)] or there if variables is None else list(variables)
        for name in wanted:
            if entry.partial and name not in there:
                continue
            if name not in there:
                raise ProductError(entry.path, name, f"no such variable of numbers (there is {', '.join(there[:8]) or 'nothing'})", WHAT)
            array = source.open(name)
            shape = source.shape(array)
            if source.is_transposed(array, "lat", "lon"):
                raise ProductError(entry.path, name, "dimensions (longitude, latitude)", "(time, lat, lon)")
            source.check_unpacked(array, name)
            unit = " ".join((array.GetUnit() or "").split())
            if unit and _powers(unit) != _powers(UNITS.get(name, unit)):
                raise ProductError(entry.path, name, f"the unit '{unit}'", f"'{UNITS[name]}'")
            if shape == (1, lat.size, lon.size):
                raw = source.values(array, name, slice(0, 1), rows, columns)[0]
            elif shape == (lat.size, lon.size):
                raw = source.values(array, name, rows, columns)
            else:
                raise ProductError(entry.path, name, f"shape {shape}", f"(1, {lat.size}, {lon.size})")
            if raw.dtype.kind not in "f":
                raise ProductError(entry.path, name, f"data of type {raw.dtype}", "floats")
            fills = {-9999.0, source.fill(array, -9999.0), source.number(array, "missing_value", -9999.0)}
            values = np.where(np.isin(raw, np.array(sorted(fills), dtype=raw.dtype)), np.nan, raw)
            if name in RANGES:
                values = limited(values, *RANGES[name], source, name, UNITS[name]).astype(raw.dtype)
            data[name], units[name] = values, unit
        outliers = source.outliers
    return Arrays(lat[rows], lon[columns], data, units=units, outliers=outliers)


#: Latitudes and longitudes of the global grid.
LAT, LON = -59.875 + 0.25 * np.arange(600), -179.875 + 0.25 * np.arange(1440)


def axes(entry: Entry) -> tuple[np.ndarray, np.ndarray]:
    """Latitudes and longitudes of the global grid."""
    return LAT, LON


def check_joined(entry: Entry, arrays: Arrays, parts: Sequence[Arrays], variables: Collection[str] | None, window: Window | None) -> None:
    """Raise ``ProductError`` for a variable that none of several files of one stamp holds, or none for cells that have another one."""
    wanted = list(variables or ())
    for name in wanted:
        if name not in arrays.variables:
            files = 1 + len(entry.parts)
            there = ", ".join(sorted(arrays.variables)[:8]) or "nothing"
            raise ProductError(entry.path, name, f"no such variable in {files} files of this stamp (there is {there})", WHAT)
    covered = {name: np.zeros((arrays.lat.size, arrays.lon.size), bool) for name in wanted}
    valued = np.zeros((arrays.lat.size, arrays.lon.size), bool)
    for part in parts:
        for name in wanted:
            if name in part.variables:
                covered[name] |= spread(arrays.lat, arrays.lon, part, np.ones((part.lat.size, part.lon.size), bool))
                valued |= spread(arrays.lat, arrays.lon, part, np.isfinite(part.variables[name]))
    valued &= inside(arrays.lat, arrays.lon, window)
    for name in wanted:
        lost = int((valued & ~covered[name]).sum())
        if lost:
            file = next(e for e, part in zip((entry, *entry.parts), parts) if name not in part.variables)
            found = f"{lost} cells for which the files of this stamp hold other variables and not this one"
            raise ProductError(file.path, name, found, "all variables for the same region in this file or another one")


def _powers(unit: str) -> list[tuple[str, int]]:
    """A unit as its factors and their powers, sorted, so that "kg/m^2/s" equals "kg m-2 s-1"."""
    parts = []
    for number, factors in enumerate(unit.replace("**", "").replace("^", "").split("/")):
        for factor in factors.split():
            match = re.fullmatch(r"([A-Za-z]+)(-?\d+)?", factor)
            parts.append((match.group(1), int(match.group(2) or 1) * (-1 if number else 1)) if match else (factor, 1))
    return sorted(parts)


def _axis(source: Source, entry: Entry, name: str) -> np.ndarray:
    """The cell centres of ``lat`` or ``lon``. Raises ``ProductError`` unless they are those of the 0.25 degree grid, without a gap."""
    axis = source.axis(name, 90.0 if name == "lat" else 360.0)
    if not np.allclose(np.abs(np.diff(axis)), 0.25, atol=1e-3):
        raise ProductError(entry.path, name, "coordinates that are not 0.25 degree apart", WHAT)
    centres = np.round(axis * 4.0 - 0.5) / 4.0 + 0.125
    if not np.allclose(axis, centres, atol=2e-3):
        raise ProductError(entry.path, name, f"a cell centre at {axis[0]:g}", "centres at +-(0.125 + 0.25 n) degrees")
    return centres


def stamp_of(source: Source) -> np.datetime64 | None:
    """The time in the file (whole seconds); None if it has none. Raises ``ProductError`` for anything but one stamp."""
    if "time" not in source.names():
        return None
    array = source.open("time")
    unit = array.GetUnit() or str(source.attribute(array, "units", ""))
    match = re.match(
        r"\s*(minutes|hours|seconds|days) since (\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2})(?::(\d{1,2})(?::(\d{1,2}))?)?)?", unit
    )
    values = source.values(array, "time").astype(float).ravel()
    if not match or values.size != 1 or not np.isfinite(values[0]):
        raise ProductError(source.path, "time", f"{values.size} stamps in '{unit}'", "one stamp in minutes since a date")
    year, month, day, hour, minute, second = (int(v) for v in match.groups(default="0")[1:])
    try:
        start = np.datetime64(datetime.datetime(year, month, day, hour, minute, second), "s")
    except ValueError:
        raise ProductError(source.path, "time", f"the unit '{unit}'", "minutes since a date") from None
    seconds = {"minutes": 60, "hours": 3600, "seconds": 1, "days": 86400}[match.group(1)] * values[0]
    return start + np.timedelta64(round(seconds), "s")


def _check_time(source: Source, entry: Entry) -> None:
    """Raise ``ProductError`` if the time in the file is not the one in its name."""
    found = stamp_of(source) if entry.time is not None else None
    if found is not None and found != entry.time:
        raise ProductError(entry.path, "time", f"{found}", f"{entry.time}, as the name says")
