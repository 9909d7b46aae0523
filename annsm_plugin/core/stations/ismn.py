"""Reads downloads of the International Soil Moisture Network (ISMN): folders, zips and single files.

All three text formats of the network are understood ("header and values", "CEOP separate files" and the older "CEOP reference", which has
one file per station with all depths), with the old and the new quality flags.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Union

import numpy as np

from ..foundation.errors import ProductError
from ..foundation.outside import Zip, content, understood
from ..foundation.progress import Progress
from . import ceop
from .choices import GOOD_FLAGS
from .station import POSSIBLE, Station, ascending

#: Share of a file's lines that may be malformed; these are left out and counted. A file with more is refused.
MALFORMED = 0.1

#: If more than this share of the accepted values is above 1 m3 m-3, they are no soil moisture in this unit.
_ABSURD = 0.1

#: Part of the name of a file of soil moisture: the variable, and the depths (m) of the sensor's ends.
_NAME = re.compile(r"_(?:sm|soil-moisture)_(-?\d+(?:\.\d+)?)_(-?\d+(?:\.\d+)?)_", re.I)
_DATE = re.compile(r"^\d{4}/\d{2}/\d{2}$")

#: A date in a line of values, and the seconds since 1970-01-01 between which it lies.
_DAY = re.compile(r"\d{4}[/-]\d{2}[/-]\d{2}")
_FROM, _BEFORE = (int(np.datetime64(day, "s").astype(np.int64)) for day in POSSIBLE)

_LINE = f"date ({POSSIBLE[0][:4]} to {int(POSSIBLE[1][:4]) - 1}), time, value, flag"

#: A depth in a header may differ this much (m) from the one in the file's name, which has more digits.
_SAME_DEPTH = 0.006

WHAT = "an ISMN station file"

#: Bytes and lines that a station file may have at most: 60 years of hourly values have 40 MB and 530 000 lines.
LARGEST, MOST_LINES = 2**26, 2_000_000

#: So many files that cannot be read, and none that can: the others are not tried.
_MOST_BROKEN = 2000

#: Characters of a first line that are looked at.
_LONGEST_LINE = 10_000

#: Depths (m) of a sensor's upper and lower end.
Depth = tuple[float, float]

#: Name of a file, and the function that reads its bytes.
_File = tuple[str, Callable[[], Union[bytes, bytearray]]]


def read(path: Path, wanted: Callable[[Depth], bool], flags: Collection[str], progress: Progress) -> list[Station]:
    """The sensors in an ISMN folder (with the zips in it), zip or single .stm file whose depth ``wanted((upper, lower))`` accepts.

    Files that cannot be read are left out and reported as warnings of ``progress``; so is the number of sensors at other depths. Raises
    ``ProductError`` if nothing is left.
    """
    with contextlib.ExitStack() as archives:
        found = list(files(path, progress, archives))
        if not found:
            raise ProductError(path, None, "no soil-moisture station file (*_sm_*.stm)", "an ISMN download")
        return _stations(path, found, wanted, flags, progress)


def _stations(
    path: Path, files: Sequence[_File], wanted: Callable[[Depth], bool], flags: Collection[str], progress: Progress
) -> list[Station]:
    found: list[Station] = []
    broken, first = 0, ""
    others: Counter[Depth] = Counter()
    for number, (name, content_of) in enumerate(files):
        progress.check()
        progress.report(number / len(files), f"Reading station file {number + 1} of {len(files)}")
        promised = _promised(name)
        if promised and not wanted(promised):
            others[promised] += 1
            continue
        try:
            text = decoded(content_of())
            with understood(name, WHAT, "lines"):
                sensors = parse(name, text, flags)
        except ProductError as error:
            broken += 1
            first = first or str(error)
            progress.warning(f"Left out: {error}")
            if broken >= _MOST_BROKEN and not found:
                break
            continue
        found += [station for station in sensors if wanted(station.depth)]
        others.update(station.depth for station in sensors if not wanted(station.depth))
    depths = ", ".join(f"{a:g}-{b:g} m ({count})" for (a, b), count in sorted(others.items())[:6])
    if not found:
        reason = f"{len(files)} station files, none with a sensor of the wanted depth, but {depths}"
        if broken:
            reason = f"{broken} unreadable station files, the first: {first.rstrip('.')}"
        raise ProductError(path, None, reason, "at least one station that can be used")
    if others:
        progress.info(f"{sum(others.values())} sensors of other depths were left out: {depths}.")
    return found


def _promised(name: str) -> Depth | None:
    """The sensor's depths (m) according to the file's name."""
    match = _NAME.search(_last(name))
    return (float(match.group(1)), float(match.group(2))) if match else None


def _last(name: str) -> str:
    """The last part of a member's name, whichever system wrote it. (Of 100 000, pathlib takes a quarter of the whole reading.)"""
    return name.replace("\\", "/").rpartition("/")[2]


def files(path: Path, progress: Progress, archives: contextlib.ExitStack) -> Iterator[_File]:
    """The files of soil moisture in a folder or zip, or the single file; ``archives`` closes the zips."""
    if path.is_dir():
        for folder, below, names in os.walk(path):
            below.sort()
            progress.check()
            for name in sorted(names):
                full = Path(folder) / name
                if is_series(name):
                    yield str(full), functools.partial(_bytes, full)
                elif name.lower().endswith(".zip"):
                    yield from _members(full, archives, progress)
    elif path.suffix.lower() == ".zip":
        yield from _members(path, archives)
    else:
        yield str(path), functools.partial(_bytes, path)


def is_series(name: str) -> bool:
    """Whether a file is named like a series of soil moisture."""
    return name.lower().endswith(".stm") and (bool(_NAME.search(name)) or ceop.is_named_so(name))


def _members(path: Path, archives: contextlib.ExitStack, progress: Progress | None = None) -> Iterator[_File]:
    """The files of soil moisture in a zip, which ``archives`` closes.

    Raises ``ProductError`` for a zip that does not open; but one that was found in a folder is told to ``progress`` and left out.
    """
    try:
        archive = archives.enter_context(Zip(path, "an ISMN download"))
    except ProductError as error:
        if progress is None:
            raise
        progress.warning(f"Left out: {error}")
        return
    for member in sorted(archive.members, key=lambda member: member.filename):
        name = member.filename
        if is_series(_last(name)) and "__MACOSX" not in name:
            yield f"{path}/{name}", functools.partial(archive.content, member, LARGEST)


def _bytes(path: Path) -> bytes:
    return content(path, LARGEST, WHAT)


def decoded(found: bytes | bytearray) -> str:
    """The text of a file, with Unix line ends. ISMN files are not always UTF-8, and their lines end in any of the three ways."""
    return found.decode("latin-1").replace("\r\n", "\n").replace("\r", "\n")


def parse(name: str, text: str, flags: Collection[str] = GOOD_FLAGS) -> list[Station]:
    """The sensors in the text of one ISMN file: one, or in CEOP's reference format those of all depths. Raises ``ProductError``.

    A value is accepted if all of its comma-separated flags are in ``flags`` and it lies within 0-1 m3 m-3; of several values with the
    same time the first is accepted. The data provider's own flag (last column) may be absent and is ignored. The depth in the file's
    ``name`` is looked for in the first line, so that blanks in a station's name do not matter.
    """
    if text.count("\n") > MOST_LINES:
        raise ProductError(name, None, f"{text.count(chr(10)):,} lines", f"{WHAT} of at most {MOST_LINES:,} lines")
    first, _, rest = text.strip("\n").partition("\n")
    first = first[:_LONGEST_LINE]
    tokens = first.replace("\ufeff", "").replace("ï»¿", "").split()
    if not tokens:
        raise ProductError(name, None, "an empty file", WHAT)
    if ceop.is_reference(tokens):
        return [_sensor(name, line.split(), lines, 2, flags, len(line.split()) - 5) for line, lines in ceop.by_depth(name, text)]
    separate = bool(len(tokens) >= 12 and _DATE.match(tokens[0]) and _DATE.match(tokens[2]))
    if not separate and not rest.strip():
        raise ProductError(name, None, "a header alone", f"{WHAT} with lines of date, time, value and flag below it")
    if separate:
        return [_sensor(name, tokens[4:], text, None, flags)]
    return [_sensor(name, tokens, rest, 2, flags)]


def _sensor(name: str, tokens: list[str], lines: str, value_at: int | None, flags: Collection[str], lat_at: int | None = None) -> Station:
    """The sensor that ``tokens`` (CSE, network, station, place, depths, kind) describe, with the series in ``lines``.

    value_at: which field of a line is the value; None: that behind the lower depth of lines that begin with two dates and ``tokens``.
    lat_at: the place of the latitude, with longitude, elevation and depths behind it; None: it is looked for. Raises ``ProductError``.
    """
    known = lat_at is not None
    lat_at, depth_at = (lat_at, lat_at + 3) if lat_at is not None else _place(name, tokens)
    station = " ".join(tokens[2:lat_at])
    lat, lon, upper, lower = (float(tokens[i]) for i in (lat_at, lat_at + 1, depth_at, depth_at + 1))
    if not (-90 <= lat <= 90 and -180 <= lon <= 360):
        raise ProductError(name, None, f"latitude {lat:g}, longitude {lon:g}", "degrees")
    sensor = "" if value_at is None or known else " ".join(tokens[depth_at + 2 :])
    times, values, good, rejected = _series(name, lines, 4 + depth_at + 2 if value_at is None else value_at, frozenset(flags))
    times, values = times[good], values[good]
    order = ascending(times)
    rejected += int(good.size - order.size)
    return Station(station, tokens[1], lat, lon, (upper, lower), sensor, times[order], values[order], rejected, name)


def _number(text: str) -> float:
    """A number; NaN for any other text."""
    try:
        return float(text)
    except ValueError:
        return np.nan


def midnight(day: str) -> int:
    """The seconds since 1970-01-01 of a date such as 2015/04/01. Raises ``ValueError`` for what is no day of a measurement."""
    if not _DAY.fullmatch(day):  # numpy also takes "NaT" and "today"
        raise ValueError(day)
    seconds = int(np.datetime64(day.replace("/", "-"), "s").astype(np.int64))
    if not _FROM <= seconds < _BEFORE:
        raise ValueError(day)
    return seconds


def _seconds(hour: str) -> int:
    """The seconds since midnight of a time such as 00:30; 24:00 is midnight at the end of the day. Raises ``ValueError``."""
    if hour in ("24:00", "24:00:00"):
        return 86400
    return int(np.datetime64(f"1970-01-01T{hour}", "s").astype(np.int64))


def _place(name: str, tokens: list[str]) -> tuple[int, int]:
    """Positions of latitude and of the upper depth in the first line: network, station, lat, lon, elevation, depths, ...

    If the file's name has depths, they are looked for, and everything between network and latitude is the station's name (with its
    blanks); the elevation may be missing or may not be a number. Raises ``ProductError`` if there are no such positions.
    """
    numbers = [_number(token) for token in tokens]
    promised = _promised(name)
    for at in range(5, len(tokens) - 1):
        depths = numbers[at : at + 2]
        if promised is None:
            fits = at == 6 and bool(np.isfinite(depths).all())
        else:
            fits = all(abs(found - said) <= _SAME_DEPTH for found, said in zip(depths, promised))
        if not fits:
            continue
        # latitude and longitude with an elevation after them, and without
        places = [n for n in (at - 3, at - 2) if n > 2 and np.isfinite(numbers[n : n + 2]).all()]
        if places:
            return min(places, key=lambda n: "." not in tokens[n]), at  # a whole number may belong to the station's name
    depth = f", and the depth {promised[0]:g} {promised[1]:g} of its name" if promised else ""
    raise ProductError(name, None, f"the first line '{' '.join(tokens)[:80]}'", f"network, station, latitude, longitude, elevation{depth}")


def _series(name: str, text: str, value_at: int, flags: frozenset[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Times (n,) datetime64[s], values (n,) m3 m-3, whether each is accepted (n,), and how many lines are malformed.

    Dates, hours and flags occur thousands of times in a record; each is parsed once.
    """
    days: dict[str, int] = {}
    hours: dict[str, int] = {}
    accepted: dict[str, bool] = {"": False}
    seconds: list[int] = []
    numbers: list[float] = []
    good: list[bool] = []
    broken: list[str] = []
    flagged, total = False, 0
    most = max(100, MALFORMED * (text.count("\n") + 1))  # beyond it the file is refused whatever follows
    for line in text.split("\n"):
        fields = line.split(None, value_at + 2)
        if not fields:
            continue
        total += 1
        try:
            day, hour, value = fields[0], fields[1], float(fields[value_at])
            if day not in days:
                days[day] = midnight(day)
            if hour not in hours:
                hours[hour] = _seconds(hour)
        except (ValueError, IndexError):
            broken.append(line)
            if len(broken) > most:
                break
            continue
        flag = fields[value_at + 1] if len(fields) > value_at + 1 else ""
        flagged = flagged or bool(flag)
        if flag not in accepted:
            accepted[flag] = all(part in flags for part in flag.split(","))
        seconds.append(days[day] + hours[hour])
        numbers.append(value)
        good.append(accepted[flag])
    if broken and len(broken) > MALFORMED * total:
        found = f"{len(broken)} of {total} malformed lines, such as '{' '.join(broken[0].split())[:60]}'"
        raise ProductError(name, None, found, _LINE)
    if numbers and not flagged:
        raise ProductError(name, None, f"{len(numbers)} lines without a quality flag", _LINE)
    values = np.array(numbers, dtype=float)
    with np.errstate(invalid="ignore"):
        accepted_ones = np.array(good, dtype=bool)
        above = accepted_ones & (values > 1.0)
        keep = accepted_ones & (values >= 0.0) & (values <= 1.0)
    if above.sum() > _ABSURD * max(1, int(accepted_ones.sum())):
        raise ProductError(name, None, f"accepted values such as {values[above][0]:g}", "soil moisture in m3 m-3, 0 to 1")
    return np.array(seconds, dtype=np.int64).astype("datetime64[s]"), values, keep, len(broken)
