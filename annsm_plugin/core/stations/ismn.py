"""ISMN downloads: folders, zips and single files in both text forms (header and values, CEOP separate), old flags and new."""

from __future__ import annotations

import contextlib
import os
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import numpy as np

from ..foundation.errors import ProductError
from ..foundation.progress import Progress
from .station import Station

#: Share of a file's lines that may be no observation; they are left out and counted. More: the file is refused.
MALFORMED = 0.1

#: What a file of soil moisture is called: the variable, and the depths (m) of the sensor's ends.
_NAME = re.compile(r"_(?:sm|soil-moisture)_(-?\d+(?:\.\d+)?)_(-?\d+(?:\.\d+)?)_", re.I)
_DATE = re.compile(r"^\d{4}/\d{2}/\d{2}$")

#: Metres within which a depth in a header is the one in the file's name, which has more digits.
_SAME_DEPTH = 0.006

WHAT = "an ISMN station file"


def read(path: Path, wanted: Callable, flags, progress: Progress) -> list[Station]:
    """The stations of an ISMN folder (zips in it too), zip or single .stm file whose depth ``wanted((upper, lower))`` accepts.

    Files that cannot be read are said in the progress and left out; so is how many sensors lie deeper. Raises ``ProductError`` if
    nothing is left.
    """
    with contextlib.ExitStack() as archives:
        files = list(_files(path, progress, archives))
        if not files:
            raise ProductError(path, None, "no soil-moisture station file (*_sm_*.stm)", "an ISMN download")
        return _stations(path, files, wanted, flags, progress)


def _stations(path, files, wanted, flags, progress) -> list[Station]:
    found, broken, first, deeper = [], 0, "", Counter()
    for number, (name, content) in enumerate(files):
        progress.check()
        progress.report(number / len(files), f"Reading station file {number + 1} of {len(files)}")
        promised = _promised(name)
        if promised and not wanted(promised):
            deeper[promised] += 1
            continue
        try:
            station = parse(name, _decoded(content()), flags)
        except ProductError as error:
            broken += 1
            first = first or str(error)
            progress.warning(f"Left out: {error}")
            continue
        if wanted(station.depth):
            found.append(station)
        else:
            deeper[station.depth] += 1
    depths = ", ".join(f"{a:g}-{b:g} m ({count})" for (a, b), count in sorted(deeper.items())[:6])
    if not found:
        reason = f"{len(files)} station files, none with a sensor of the wanted depth, but {depths}"
        if broken:
            reason = f"{broken} unreadable station files, the first: {first.rstrip('.')}"
        raise ProductError(path, None, reason, "at least one station that can be used")
    if deeper:
        progress.info(f"{sum(deeper.values())} sensors of other depths were left out: {depths}.")
    return found


def _promised(name: str) -> tuple[float, float] | None:
    """The sensor's depths (m) that a file's name says."""
    match = _NAME.search(PurePosixPath(name.replace("\\", "/")).name)
    return (float(match.group(1)), float(match.group(2))) if match else None


def _files(path: Path, progress, archives):
    """(name, function that gives the bytes) of the soil-moisture files of a folder, a zip or a single file."""
    if path.is_dir():
        for folder, below, names in os.walk(path):
            below.sort()
            progress.check()
            for name in sorted(names):
                full = Path(folder) / name
                if _is_series(name):
                    yield str(full), lambda full=full: _bytes(full)
                elif name.lower().endswith(".zip"):
                    yield from _members(full, archives, of_folder=True)
    elif path.suffix.lower() == ".zip":
        yield from _members(path, archives)
    else:
        yield str(path), lambda: _bytes(path)


def _is_series(name: str) -> bool:
    return name.lower().endswith(".stm") and bool(_NAME.search(name))


def _members(path: Path, archives, of_folder: bool = False):
    """The soil-moisture files of a zip, which ``archives`` closes; of any other zip that lies in a folder, nothing."""
    try:
        archive = archives.enter_context(zipfile.ZipFile(path))
    except (zipfile.BadZipFile, OSError) as error:
        if of_folder:
            return
        raise ProductError(path, None, f"a zip that does not open ({error})", "an ISMN download") from error
    for name in sorted(archive.namelist()):
        if _is_series(PurePosixPath(name.replace("\\", "/")).name) and "__MACOSX" not in name:
            yield f"{path}/{name}", lambda name=name: _member(archive, path, name)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ProductError(path, None, f"a file that cannot be read ({error.strerror})", WHAT) from error


def _member(archive, path: Path, name: str) -> bytes:
    try:
        return archive.read(name)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError, KeyError) as error:
        raise ProductError(f"{path}/{name}", None, f"an archive member that cannot be read ({error})", WHAT) from error


def _decoded(content: bytes) -> str:
    """ISMN texts are not always UTF-8, and end their lines in any of the three ways."""
    return content.decode("latin-1").replace("\r\n", "\n").replace("\r", "\n")


def parse(name: str, text: str, flags=frozenset(("G", "U"))) -> Station:
    """A station from the text of one ISMN file (header and values, or CEOP separate). Raises ``ProductError``.

    A value counts if every one of its comma-separated flags is in ``flags`` and it lies in 0-1 m3 m-3; of several of one time the
    first. The provider's own flag (last column) may be absent and is not looked at. The depth in the file's ``name`` tells where in
    the first line the depth stands, so that blanks in a station's name do no harm.
    """
    first, _, rest = text.strip("\n").partition("\n")
    tokens = first.replace("\ufeff", "").replace("ï»¿", "").split()
    if not tokens:
        raise ProductError(name, None, "an empty file", WHAT)
    separate = len(tokens) >= 12 and _DATE.match(tokens[0]) and _DATE.match(tokens[2])
    network_at = 5 if separate else 1
    lat_at, depth_at = _place(name, tokens, network_at)
    station = " ".join(tokens[network_at + 1 : lat_at])
    lat, lon, upper, lower = (float(tokens[i]) for i in (lat_at, lat_at + 1, depth_at, depth_at + 1))
    if not (-90 <= lat <= 90 and -180 <= lon <= 360):
        raise ProductError(name, None, f"latitude {lat:g}, longitude {lon:g}", "degrees")
    sensor = "" if separate else " ".join(tokens[depth_at + 2 :])
    times, values, good, rejected = _series(name, text if separate else rest, depth_at + 2 if separate else 2, frozenset(flags))
    times, values = times[good], values[good]
    order = np.argsort(times, kind="stable")
    order = order[np.concatenate([[True], np.diff(times[order]) > np.timedelta64(0, "s")])] if order.size else order
    rejected += int(good.size - order.size)
    return Station(station, tokens[network_at], lat, lon, (upper, lower), sensor, times[order], values[order], rejected, name)


def _number(text: str) -> float:
    """A number; NaN for any other text."""
    try:
        return float(text)
    except ValueError:
        return np.nan


def _place(name: str, tokens: list[str], network_at: int) -> tuple[int, int]:
    """Positions of latitude and of the upper depth in the first line: network, station, lat, lon, elevation, depths, ...

    Where the name promises the depths they are looked for, and everything between network and place is the station's name (blanks
    included); the elevation may be missing or no number. Raises ``ProductError`` where there is no such place.
    """
    numbers = [_number(token) for token in tokens]
    promised = _promised(name)
    for at in range(network_at + 4, len(tokens) - 1):
        depths = numbers[at : at + 2]
        if promised is None:
            fits = at == network_at + 5 and np.isfinite(depths).all()
        else:
            fits = all(abs(found - said) <= _SAME_DEPTH for found, said in zip(depths, promised))
        if not fits:
            continue
        places = [n for n in (at - 3, at - 2) if n > network_at + 1 and np.isfinite(numbers[n : n + 2]).all()]  # with an elevation, without
        for lat_at in sorted(places, key=lambda n: "." not in tokens[n]):  # a whole number may belong to the station's name
            return lat_at, at
    depth = f", and the depth {promised[0]:g} {promised[1]:g} of its name" if promised else ""
    raise ProductError(name, None, f"the first line '{' '.join(tokens)[:80]}'", f"network, station, latitude, longitude, elevation{depth}")


def _series(name: str, text: str, value_at: int, flags: frozenset):
    """Times (n,) datetime64[s], values (n,) m3 m-3, whether each counts (n,), and how many lines are no observation.

    A record repeats its dates, hours and flags thousands of times: each is understood once.
    """
    days: dict[str, int] = {}
    hours: dict[str, int] = {}
    accepted: dict[str, bool] = {"": False}
    seconds, values, good, broken, flagged, total = [], [], [], [], False, 0
    for line in text.split("\n"):
        fields = line.split(None, value_at + 2)
        if not fields:
            continue
        total += 1
        try:
            day, hour, value = fields[0], fields[1], float(fields[value_at])
            if day not in days:
                days[day] = int(np.datetime64(day.replace("/", "-"), "s").astype(np.int64))
            if hour not in hours:
                hours[hour] = int(np.datetime64(f"1970-01-01T{hour}", "s").astype(np.int64))
        except (ValueError, IndexError):
            broken.append(line)
            continue
        flag = fields[value_at + 1] if len(fields) > value_at + 1 else ""
        flagged = flagged or bool(flag)
        if flag not in accepted:
            accepted[flag] = all(part in flags for part in flag.split(","))
        seconds.append(days[day] + hours[hour])
        values.append(value)
        good.append(accepted[flag])
    if broken and len(broken) > MALFORMED * total:
        found = f"{len(broken)} of {total} lines that are no observation, such as '{' '.join(broken[0].split())[:60]}'"
        raise ProductError(name, None, found, "date, time, value, flag")
    if values and not flagged:
        raise ProductError(name, None, f"{len(values)} lines without a quality flag", "date, time, value, flag")
    values = np.array(values, dtype=float)
    with np.errstate(invalid="ignore"):
        keep = np.array(good, dtype=bool) & (values >= 0.0) & (values <= 1.0)
    return np.array(seconds, dtype=np.int64).astype("datetime64[s]"), values, keep, len(broken)
