"""Soil-moisture stations: ISMN downloads (folder or zip, both text forms), general tables, and the series file written from them."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np

from ..foundation import store
from ..foundation.errors import ParameterError, ProductError
from ..foundation.libraries import load
from ..foundation.progress import SILENT, Progress
from . import ismn
from .station import Station

#: ISMN flags that count as good: G, and U, which older downloads carry where no check fired.
GOOD_FLAGS = ("G", "U")

#: Sensors within these depths (m) are the surface layer; the shallowest of a station is taken.
SURFACE = (0.0, 0.05)

#: Metres by which a sensor may lie below a limit: two inches (0.0508 m) are 5 cm.
DEPTH_TOLERANCE = 0.005


def read(path, *, networks=None, depth=SURFACE, flags=GOOD_FLAGS, mapping=None, progress: Progress | None = None) -> list[Station]:
    """The stations of an ISMN folder, zip or .stm file, a table (.csv, .txt, .xlsx with ``mapping``) or a series file (.nc).

    networks: names to keep (None: all); depth: (upper, lower) limits in m, of which each station's shallowest sensors are
    taken (None: every depth); flags: accepted ISMN flags. Files that cannot be read are said in the progress and left out.
    Raises ``ProductError`` or ``ParameterError`` if there is nothing to read.
    """
    progress = progress or SILENT
    path = Path(path)
    if not path.exists():
        raise ProductError(path, None, "no such file or folder", "an ISMN folder or zip, a station table or a series file")
    suffix = path.suffix.lower()
    if path.is_file() and suffix == ".nc":
        found = read_series(path)
    elif path.is_file() and suffix in (".csv", ".txt", ".xlsx"):
        from .tables import read_table

        found = read_table(path, **(mapping or {}))
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
    return _shallowest(found, depth)


def _within(sensor: tuple[float, float], limits) -> bool:
    """Whether a sensor begins within the limits: one at 5 cm, or one that spans 5-10 cm (Maqu's surface node), belongs to 0-5 cm."""
    return limits[0] - 1e-6 <= min(sensor) <= limits[1] + DEPTH_TOLERANCE


def _shallowest(found: list[Station], depth) -> list[Station]:
    """Each station's shallowest sensors within ``depth``; everything if ``depth`` is None."""
    if depth is None:
        return found
    inside = [s for s in found if _within(s.depth, depth)]
    if not inside:
        there = sorted({s.depth for s in found})
        raise ParameterError(f"No station has a sensor within {depth[0]:g}-{depth[1]:g} m; there are sensors at {there[:6]} m.")
    best = defaultdict(lambda: np.inf)
    for s in inside:
        key = (s.network, s.name)
        best[key] = min(best[key], sum(s.depth))
    return [s for s in inside if sum(s.depth) <= best[(s.network, s.name)] + 1e-9]


def write_series(path, stations: list[Station]) -> Path:
    """Write stations and their series as one CF NetCDF (discrete sampling, indexed ragged array), atomically."""
    netcdf = load("netCDF4")
    sizes = [s.values.size for s in stations]
    with store.atomic(path) as part, netcdf.Dataset(str(part), "w", format="NETCDF4") as file:
        file.createDimension("station", len(stations))
        file.createDimension("obs", sum(sizes))
        for name, text in (("station_name", "name"), ("network", "network"), ("sensor", "sensor")):
            column = file.createVariable(name, str, ("station",))
            column.long_name = {"name": "name of the station", "network": "network of the station", "sensor": "kind of sensor"}[text]
            for i, s in enumerate(stations):
                column[i] = str(getattr(s, text))
        # CF wants each series to have an identity of its own; a station's name is none: it can have several sensors.
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
        time.setncatts({"standard_name": "time", "long_name": "time (UTC)", "units": "seconds since 1970-01-01", "calendar": "standard"})
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
                "history": store.history("stations"),
            }
        )
    return Path(path)


def read_series(path) -> list[Station]:
    """The stations of a series file; raises ``ProductError`` if it is none."""
    netcdf = load("netCDF4")
    expected = "a station series file written by this plugin"
    try:
        file = netcdf.Dataset(str(path))
    except (OSError, RuntimeError) as error:
        raise ProductError(path, None, f"a file that does not open as NetCDF ({error})", expected) from error
    with file:
        if getattr(file, "annsm_kind", "") != "stations":
            raise ProductError(path, None, "another kind of NetCDF file", expected)
        try:
            file.set_auto_mask(False)
            index, seconds, values = (file[n][:] for n in ("station_index", "time", "soil_moisture"))
            columns = [file[n][:] for n in ("station_name", "network", "lat", "lon", "depth_upper", "depth_lower", "sensor")]
        except (IndexError, KeyError) as error:
            raise ProductError(path, str(error), "no such variable", expected) from error
    stamps = seconds.astype("datetime64[s]")
    return [
        Station(str(n), str(w), float(a), float(o), (float(u), float(v)), str(s), stamps[index == i], values[index == i], path=str(path))
        for i, (n, w, a, o, u, v, s) in enumerate(zip(*columns))
    ]
