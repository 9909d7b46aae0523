"""Reads stations from any source: ISMN downloads, tables, and the file of series that ``write_series`` makes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .. import __version__
from ..foundation import store
from ..foundation.errors import ParameterError, ProductError
from ..foundation.libraries import load
from ..foundation.paths import PathLike
from ..foundation.progress import SILENT, Progress
from . import ismn
from .choices import GOOD_FLAGS, SURFACE, TABLES
from .station import POSSIBLE, Station
from .tables.columns import depths
from .tables.reading import read_table

#: A sensor may lie this much (m) below the lower limit, so that two inches (0.0508 m) count as 5 cm.
DEPTH_TOLERANCE = 0.005

#: What is expected of a table where no mapping can be given.
_LOAD_IT = "a table that needs no mapping; load it with annsm:loadstations first (MAPPING), and give its SERIES here"

#: How a file of series counts time.
SECONDS = "seconds since 1970-01-01"


def read(
    path: PathLike,
    *,
    networks: Sequence[str] | None = None,
    depth: tuple[float, float] | None = SURFACE,
    flags: Sequence[str] = GOOD_FLAGS,
    mapping: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> list[Station]:
    """The stations in an ISMN folder, zip or .stm file, in a table (.csv, .txt, .tsv, .dat, .xlsx) or in a file of series (.nc).

    networks: names of those to keep (None: all); depth: upper and lower limit in m, within which the shallowest sensors of each station
    are taken (None: all sensors); flags: ISMN quality flags to accept; mapping: keywords of ``tables.read_table``. ISMN files that cannot
    be read are left out and reported as warnings of ``progress``. Raises ``ProductError`` or ``ParameterError`` if nothing can be read.
    """
    progress = progress or SILENT
    path = Path(path)
    if not (path.is_file() or path.is_dir()):
        said = "neither a file nor a folder, but a pipe or a device" if path.exists() else "no such file or folder"
        raise ProductError(path, None, said, "an ISMN folder or zip, a station table or a series file")
    suffix = path.suffix.lower()
    if path.is_file() and suffix == ".nc":
        found = read_series(path)
    elif path.is_file() and suffix in TABLES:
        found = _of_table(path, mapping, progress)
    elif path.is_dir() or suffix in (".zip", ".stm"):
        found = ismn.read(path, lambda own: depth is None or _within(own, depth), flags, progress)
    else:
        raise ProductError(
            path, None, f"a file ending in '{suffix}'", "an ISMN folder or zip, a table (.csv, .xlsx) or a series file (.nc)"
        )
    if networks:
        wanted = {n.strip().upper() for n in networks}
        there = sorted({s.network for s in found})
        found = [s for s in found if s.network.upper() in wanted]
        if not found:
            raise ParameterError(f"{path} holds none of the networks {', '.join(networks)}; there is {', '.join(there) or 'none'}.")
    kept = _shallowest(found, depth)
    of_kept = set(map(id, kept))
    others = Counter(depths.words(s.depth) for s in found if id(s) not in of_kept)
    if others:
        listed = ", ".join(f"{name} ({count})" for name, count in sorted(others.items())[:6])
        progress.info(f"{path}: {sum(others.values())} series of other depths were left out: {listed}.")
    return kept


def _of_table(path: Path, mapping: Mapping[str, Any] | None, progress: Progress) -> list[Station]:
    """The stations of a table. Raises ``ProductError``; where no mapping can be given (None), it says where one can."""
    try:
        return read_table(path, **{**(mapping or {}), "progress": progress})
    except ProductError as error:
        if mapping is not None or "mapping" not in error.expected.lower():
            raise
        raise ProductError(path, error.variable, error.found, _LOAD_IT) from error


def _within(sensor: tuple[float, float], limits: tuple[float, float]) -> bool:
    """Whether a sensor's upper end is within the limits: to 0-5 cm belong sensors at 5 cm and those over 5-10 cm (as at Maqu)."""
    return limits[0] - 1e-6 <= min(sensor) <= limits[1] + DEPTH_TOLERANCE


def _shallowest(found: list[Station], depth: tuple[float, float] | None) -> list[Station]:
    """The shallowest sensors of each station within ``depth``; all sensors if ``depth`` is None."""
    if depth is None:
        return found
    inside = [s for s in found if _within(s.depth, depth)]
    if not inside:
        listed = ", ".join(map(depths.words, sorted({s.depth for s in found})[:6]))
        raise ParameterError(
            f"No station has a sensor within {depth[0]:g}-{depth[1]:g} m; there are sensors at {listed}; DEPTH says which are wanted."
        )
    best: dict[tuple[str, str], float] = {}
    for s in inside:
        key = (s.network, s.name)
        best[key] = min(best.get(key, np.inf), sum(s.depth))
    return [s for s in inside if sum(s.depth) <= best[(s.network, s.name)] + 1e-9]


def write_series(path: PathLike, stations: Sequence[Station]) -> Path:
    """Write stations and their series as one CF NetCDF file (discrete sampling geometry, indexed ragged array), atomically."""
    netcdf = load("netCDF4")
    sizes = [s.values.size for s in stations]
    with store.atomic(path) as part, store.closed(netcdf.Dataset(str(part), "w", format="NETCDF4"), part, Path(path)) as file:
        file.createDimension("station", len(stations))
        file.createDimension("obs", sum(sizes))
        for name, text in (("station_name", "name"), ("network", "network"), ("sensor", "sensor")):
            column = file.createVariable(name, str, ("station",))
            column.long_name = {"name": "name of the station", "network": "network of the station", "sensor": "kind of sensor"}[text]
            for i, s in enumerate(stations):
                column[i] = str(getattr(s, text))
        # CF asks for an identifier of each series; the station's name is none, since a station can have several sensors
        number = file.createVariable("timeseries_id", "i4", ("station",))
        number.setncatts({"cf_role": "timeseries_id", "long_name": "number of the series, one sensor each"})
        number[:] = np.arange(len(stations))
        for name, attributes, values in (
            ("lat", {"standard_name": "latitude", "long_name": "latitude", "units": "degrees_north"}, [s.lat for s in stations]),
            ("lon", {"standard_name": "longitude", "long_name": "longitude", "units": "degrees_east"}, [s.lon for s in stations]),
            ("depth_upper", {"long_name": "depth of the sensor's upper end", "units": "m"}, [s.depth[0] for s in stations]),
            ("depth_lower", {"long_name": "depth of the sensor's lower end", "units": "m"}, [s.depth[1] for s in stations]),
        ):
            column = file.createVariable(name, "f8", ("station",))
            column.setncatts(attributes)
            column[:] = values
        index = file.createVariable("station_index", "i4", ("obs",), zlib=True, complevel=1)
        index.setncatts({"long_name": "which series an observation is of", "instance_dimension": "station"})
        index[:] = np.repeat(np.arange(len(stations)), sizes)
        time = file.createVariable("time", "i8", ("obs",), zlib=True, complevel=1, shuffle=True)
        time.setncatts({"standard_name": "time", "long_name": "time (UTC)", "units": SECONDS, "calendar": "standard"})
        time[:] = np.concatenate([s.times.astype("datetime64[s]").astype("int64") for s in stations]) if stations else []
        values = file.createVariable("soil_moisture", "f8", ("obs",), zlib=True, complevel=1, shuffle=True)
        values.setncatts({"units": "m3 m-3", "long_name": "in situ soil moisture, accepted flags only", "coordinates": "time lat lon"})
        values[:] = np.concatenate([s.values for s in stations]) if stations else []
        file.setncatts(
            {
                "Conventions": "CF-1.11",
                "title": "In situ soil moisture: one series per sensor",
                "featureType": "timeSeries",
                "annsm_kind": "stations",
                "software": f"ANN-SM for QGIS {__version__}",
                store.provenance.INPUT_FILES: store.provenance.many("stations", {s.path for s in stations if s.path}),
                "history": store.history("stations"),
            }
        )
    return Path(path)


#: Columns of a file of series: those of text, those of numbers, and those with one number per observation.
_WORDS, _NUMBERS = ("station_name", "network", "sensor"), ("lat", "lon", "depth_upper", "depth_lower")
_OBSERVED = ("station_index", "time", "soil_moisture")


def read_series(path: PathLike) -> list[Station]:
    """The stations in a file that ``write_series`` wrote; raises ``ProductError`` for any other file."""
    netcdf = load("netCDF4")
    expected = "a station series file written by this plugin"

    def refuse(found: str, wanted: str) -> ProductError:
        return ProductError(path, None, found, wanted)

    store.examine(path, expected, refuse)
    try:
        file = netcdf.Dataset(str(path))
    except Exception as error:  # damaged files raise many kinds
        raise ProductError(path, None, f"a file that does not open as NetCDF ({store.words_of(error)})", expected) from error
    with store.guard(path, expected, refuse=refuse), file:
        if str(getattr(file, "annsm_kind", "")) != "stations":
            raise ProductError(path, None, "another kind of NetCDF file", expected)
        file.set_auto_mask(False)
        file.set_auto_scale(False)
        _look(path, file, expected)
        columns = {name: file[name][:] for name in (*_WORDS, *_NUMBERS, *_OBSERVED)}
        return _stations(path, columns, expected)


def _look(path: PathLike, file: Any, expected: str) -> None:
    """Raise ``ProductError`` unless all columns are there, of the right kind and length, and no larger than the file can hold."""
    sizes = {}
    for name in (*_WORDS, *_NUMBERS, *_OBSERVED):
        if name not in file.variables:
            raise ProductError(path, name, "no such variable", expected)
        variable, along = file.variables[name], "obs" if name in _OBSERVED else "station"
        if variable.dimensions != (along,):
            raise ProductError(path, name, f"dimensions {', '.join(variable.dimensions) or 'none'}", f"one value for each {along}")
        if (variable.dtype is not str) if name in _WORDS else not store.is_number(variable.dtype):
            raise ProductError(path, name, f"the type {variable.dtype}", "text" if name in _WORDS else "numbers")
        sizes[name] = store.bytes_of(variable)
    if file.variables["station_index"].dtype.kind not in "iu":
        raise ProductError(path, "station_index", f"the type {file.variables['station_index'].dtype}", "whole numbers")
    units = str(getattr(file.variables["time"], "units", ""))
    if units != SECONDS:
        raise ProductError(path, "time", f"a time in '{units[:40]}'", SECONDS)
    wrong = store.check_whole(path, sizes)
    if wrong:
        raise ProductError(path, None, wrong, expected)


def _stations(path: PathLike, columns: dict[str, Any], expected: str) -> list[Station]:
    """The stations of the columns of a file. Raises ``ProductError`` for numbers that no measurement has."""
    index, seconds, values = columns["station_index"].astype(np.int64), columns["time"].astype(float), columns["soil_moisture"]
    count = columns["lat"].size
    for name, low, high in (("lat", -90.0, 90.0), ("lon", -180.0, 360.0), ("depth_upper", -10.0, 1e4), ("depth_lower", -10.0, 1e4)):
        if not ((columns[name] >= low) & (columns[name] <= high)).all():
            raise ProductError(path, name, "numbers that are no " + ("metres" if "depth" in name else "degrees"), f"{low:g} to {high:g}")
    if index.size and (index.min() < 0 or index.max() >= count):
        raise ProductError(path, "station_index", f"observations of a series that is not there ({index.min()} to {index.max()})", expected)
    low, high = (np.datetime64(day, "s").astype(float) for day in POSSIBLE)
    if not ((seconds >= low) & (seconds <= high)).all():
        raise ProductError(path, "time", "times that are no dates of measurements", f"times from {POSSIBLE[0]} to {POSSIBLE[1]}")
    if np.isinf(values).any():
        raise ProductError(path, "soil_moisture", "infinite values", "soil moisture in m3 m-3")
    order = np.argsort(index, kind="stable")
    parts = np.split(order, np.searchsorted(index[order], np.arange(1, count)))
    stamps = columns["time"].astype("int64").astype("datetime64[s]")
    backwards = [number for number, own in enumerate(parts) if (np.diff(stamps[own]) < np.timedelta64(0, "s")).any()]
    if backwards:
        raise ProductError(path, "time", f"times that run backwards in series {backwards[0]}", "times one after the other")
    described = zip(*(columns[name] for name in ("station_name", "network", "lat", "lon", "depth_upper", "depth_lower", "sensor")))
    return [
        Station(str(n), str(w), float(a), float(o), (float(u), float(v)), str(s), stamps[own], values[own], path=str(path))
        for (n, w, a, o, u, v, s), own in zip(described, parts)
    ]
