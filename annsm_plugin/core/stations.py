"""Soil-moisture stations: ISMN downloads (folder or zip, both text forms), general tables, and the series file written from them."""

from __future__ import annotations

import os
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np

from . import store
from .errors import ParameterError, ProductError
from .libraries import load
from .progress import SILENT, Progress

#: ISMN flags that count as good: G, and U, which older downloads carry where no check fired.
GOOD_FLAGS = ("G", "U")

#: Sensors within these depths (m) are the surface layer; the shallowest of a station is taken.
SURFACE = (0.0, 0.05)

#: Share of a file's lines that may be no observation; they are left out and counted. More: the file is refused.
MALFORMED = 0.1

_NAME = re.compile(r"_sm_(-?\d+\.\d+)_(-?\d+\.\d+)_", re.I)
_HEADER = re.compile(r"^(\S+)\s+(\S+)\s+(\S+)\s+(-?[\d.]+)\s+(-?[\d.]+)\s+(-?[\d.]+)\s+(-?[\d.]+)\s+(-?[\d.]+)\s*(.*)$")
_DATE = re.compile(r"^\d{4}/\d{2}/\d{2}$")


@dataclass(frozen=True)
class Station:
    """One sensor's series: ``times`` (n,) datetime64[s] UTC ascending, ``values`` (n,) m3 m-3, only those whose flags are good.

    ``lat``, ``lon`` in degrees; ``depth`` (upper, lower) in m; ``rejected`` counts the values that flags or range took
    away, and lines that are no observation.
    """

    name: str
    network: str
    lat: float
    lon: float
    depth: tuple[float, float]
    sensor: str
    times: np.ndarray
    values: np.ndarray
    rejected: int = 0
    path: str = ""


def read(path, *, networks=None, depth=SURFACE, flags=GOOD_FLAGS, mapping=None, progress: Progress | None = None) -> list[Station]:
    """The stations of an ISMN folder or zip, a table (.csv, .txt, .xlsx with ``mapping``) or a series file (.nc).

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
        from .station_tables import read_table

        found = read_table(path, **(mapping or {}))
    elif path.is_dir() or suffix == ".zip":
        found = _ismn(path, depth, frozenset(flags), progress)
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


def _ismn(path: Path, depth, flags, progress) -> list[Station]:
    found, broken, seen, first = [], 0, 0, ""
    for name, text in _stm_files(path, progress):
        seen += 1
        match = _NAME.search(PurePosixPath(name.replace("\\", "/")).name)
        if match and depth is not None and not _within((float(match.group(1)), float(match.group(2))), depth):
            continue
        progress.check()
        try:
            if isinstance(text, OSError):
                raise ProductError(name, None, f"a file that cannot be read ({text.strerror})", "an ISMN station file")
            found.append(parse_stm(name, text() if callable(text) else text, flags))
        except ProductError as error:
            broken += 1
            first = first or str(error)
            progress.warning(f"Left out: {error}")
    if not seen:
        raise ProductError(path, None, "no soil-moisture station file (*_sm_*.stm)", "an ISMN download")
    if not found:
        reason = f"{seen} station files, none with a sensor within {depth} m"
        if broken:
            reason = f"{broken} unreadable station files, the first: {first.rstrip('.')}"
        raise ProductError(path, None, reason, "at least one station that can be used")
    return found


def _stm_files(path: Path, progress) -> Iterator[tuple[str, object]]:
    """Names and texts (read when called) of the soil-moisture files of a folder or a zip."""
    if path.is_dir():
        for folder, _, names in os.walk(path):
            progress.check()
            for name in sorted(names):
                if name.lower().endswith(".stm") and "_sm_" in name.lower():
                    full = Path(folder) / name
                    yield str(full), lambda full=full: _decoded(_bytes(full))
        return
    try:
        with zipfile.ZipFile(path) as archive:
            for name in sorted(archive.namelist()):
                if name.lower().endswith(".stm") and "_sm_" in name.lower():
                    yield f"{path}/{name}", lambda name=name: _decoded(_member(archive, name))
    except (zipfile.BadZipFile, OSError) as error:
        raise ProductError(path, None, f"a zip that does not open ({error})", "an ISMN download") from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ProductError(path, None, f"a file that cannot be read ({error.strerror})", "an ISMN station file") from error


def _member(archive, name) -> bytes:
    try:
        return archive.read(name)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise ProductError(name, None, f"an archive member that cannot be read ({error})", "an ISMN station file") from error


def _decoded(content: bytes) -> str:
    """ISMN texts are not always UTF-8, and end their lines in any of the three ways."""
    return content.decode("latin-1").replace("\r\n", "\n").replace("\r", "\n")


def parse_stm(name: str, text: str, flags=frozenset(GOOD_FLAGS)) -> Station:
    """A station from the text of one ISMN file (header+values or CEOP-separate). Raises ``ProductError``.

    A value counts if every one of its comma-separated flags is in ``flags`` and it lies in 0-1 m3 m-3. The provider's own
    flag (last column) may be absent and is not looked at.
    """
    lines = [line.split() for line in text.split("\n") if line.strip()]
    if not lines:
        raise ProductError(name, None, "an empty file", "an ISMN station file")
    if len(lines[0]) >= 12 and _DATE.match(lines[0][0]) and _DATE.match(lines[0][2]):
        first = lines[0]
        about = (first[4], first[5], first[6], first[7:9], first[10:12], "")
        rows, value_at = lines, 12
    else:
        header = _HEADER.match(" ".join(lines[0]))
        if not header:
            raise ProductError(name, None, f"the first line '{' '.join(lines[0])[:80]}'", "network, station, place and depth")
        about = (header[1], header[2], header[3], header.group(4, 5), header.group(7, 8), header[9].strip())
        rows, value_at = lines[1:], 2
    _, network, station, place, depths, sensor = about
    try:
        lat, lon = (float(v) for v in place)
        upper, lower = (float(v) for v in depths)
    except ValueError:
        raise ProductError(name, None, f"the place {' '.join(place)} and depth {' '.join(depths)}", "numbers") from None
    if not (-90 <= lat <= 90 and -180 <= lon <= 360):
        raise ProductError(name, None, f"latitude {lat:g}, longitude {lon:g}", "degrees")
    whole, broken = _observations(rows, value_at)
    if broken and len(broken) > MALFORMED * len(rows):
        found = f"{len(broken)} of {len(rows)} lines that are no observation, such as '{' '.join(broken[0])[:60]}'"
        raise ProductError(name, None, found, "date, time, value, flag")
    stamps = np.array([stamp for stamp, _ in whole], dtype="datetime64[s]")
    values = np.array([r[value_at] for _, r in whole], dtype=float)
    marks = [r[value_at + 1] if len(r) > value_at + 1 else "" for _, r in whole]
    good = np.array([bool(m) and all(part in flags for part in m.split(",")) for m in marks], dtype=bool)
    good &= (values >= 0.0) & (values <= 1.0)
    order = np.argsort(stamps[good], kind="stable")
    kept = stamps[good][order], values[good][order]
    return Station(station, network, lat, lon, (upper, lower), sensor, *kept, rejected=int((~good).sum()) + len(broken), path=name)


def _observations(rows, value_at: int):
    """(time, fields) of every line that is an observation, and the fields of those that are none."""
    whole, broken = [], []
    for fields in rows:
        try:
            stamp = np.datetime64(f"{fields[0].replace('/', '-')}T{fields[1]}", "s")
            float(fields[value_at])
        except (ValueError, IndexError):
            broken.append(fields)
        else:
            whole.append((stamp, fields))
    return whole, broken


def _within(sensor: tuple[float, float], limits) -> bool:
    """Whether a sensor begins within the limits: one at 5 cm, or one that spans 5-10 cm (Maqu's surface node), belongs to 0-5 cm."""
    return limits[0] - 1e-6 <= min(sensor) <= limits[1] + 1e-6


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
            for i, s in enumerate(stations):
                column[i] = str(getattr(s, text))
        for name, units, values in (
            ("lat", "degrees_north", [s.lat for s in stations]),
            ("lon", "degrees_east", [s.lon for s in stations]),
            ("depth_upper", "m", [s.depth[0] for s in stations]),
            ("depth_lower", "m", [s.depth[1] for s in stations]),
        ):
            column = file.createVariable(name, "f8", ("station",))
            column.units = units
            column[:] = values
        index = file.createVariable("station_index", "i4", ("obs",), zlib=True, complevel=1)
        index.instance_dimension = "station"
        index[:] = np.repeat(np.arange(len(stations)), sizes)
        time = file.createVariable("time", "i8", ("obs",), zlib=True, complevel=1, shuffle=True)
        time.setncatts({"standard_name": "time", "units": "seconds since 1970-01-01", "calendar": "standard"})
        time[:] = np.concatenate([s.times.astype("datetime64[s]").astype("int64") for s in stations]) if stations else []
        values = file.createVariable("soil_moisture", "f8", ("obs",), zlib=True, complevel=1, shuffle=True)
        values.setncatts({"units": "m3 m-3", "long_name": "in situ soil moisture, accepted flags only", "coordinates": "time lat lon"})
        values[:] = np.concatenate([s.values for s in stations]) if stations else []
        file.setncatts(
            {"Conventions": "CF-1.11", "featureType": "timeSeries", "annsm_kind": "stations", "history": store.history("stations")}
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
