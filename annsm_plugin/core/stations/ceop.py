"""Reads station files in CEOP's reference format, as old ISMN downloads have it: one file per station, with all its depths.

A line has the nominal and the actual time (UTC), CSE, network, station, latitude, longitude, elevation, the depth, soil temperature and its
flag, soil moisture and its flag. ISMN writes the depth's upper and lower end and m3 m-3 (TUW-GEO/ismn); CEOP itself one height, which is
negative below the ground, and percent ("CEOP Soil Temperature and Soil Moisture Dataset Format Definition", EOL).
"""

from __future__ import annotations

import re

import numpy as np

from ..foundation.errors import ProductError

#: The end of the name of such a file: the days of its first and last line, and no variable before them.
_NAME = re.compile(r"^[^_]+_[^_]+_.+_\d{8}_\d{8}\.stm$", re.I)
_VARIABLE = re.compile(r"_-?\d+\.\d+_-?\d+\.\d+_")

_DATE, _CLOCK = re.compile(r"\d{4}/\d{2}/\d{2}"), re.compile(r"\d{2}:\d{2}")

#: Fields before the station's name, and behind it by whether the depth stands twice or once.
_BEFORE, _BEHIND = 6, {True: 9, False: 8}

#: The beginning of a line that the reader of series counts as malformed.
_MALFORMED = "?"


def is_named_so(name: str) -> bool:
    """Whether a file is named like one in this format."""
    return bool(_NAME.match(name)) and not _VARIABLE.search(name)


def is_reference(tokens: list[str]) -> bool:
    """Whether the fields of a line are those of this format: soil temperature and moisture, each with its flag, at the end."""
    if len(tokens) < _BEFORE + 1 + _BEHIND[False] or not (_DATE.fullmatch(tokens[0]) and _DATE.fullmatch(tokens[2])):
        return False
    return _is_number(tokens[-4]) and not _is_number(tokens[-3]) and _is_number(tokens[-2]) and not _is_number(tokens[-1])


def by_depth(name: str, text: str) -> list[tuple[str, str]]:
    """A first line as the other formats have it, and the lines of date, time, soil moisture and flag, of each depth from the surface down.

    Raises ``ProductError`` if the first line has no place and depth.
    """
    lines = [line.split() for line in text.split("\n") if line.strip()]
    first = lines[0]
    twice = _is_twice(first)
    if twice is None:
        expected = (
            "date, time (twice), CSE, network, station, latitude, longitude, elevation, depth, soil temperature and moisture with flags"
        )
        raise ProductError(name, None, f"the first line '{' '.join(first)[:80]}'", expected)
    width, behind = len(first), _BEHIND[twice]
    place = " ".join(first[4:-behind] + first[-behind : -behind + 3])
    series: dict[tuple[float, float], list[tuple[str, str, float, str] | str]] = {}
    depth = (0.0, 0.0)
    for fields in lines:
        if len(fields) == width and is_reference(fields):
            ends = fields[-6:-4] if twice else [fields[-5], fields[-5]]
            if all(map(_is_number, ends)):
                depth = (abs(float(ends[0])), abs(float(ends[1])))
                series.setdefault(depth, []).append((fields[0], fields[1], float(fields[-2]), fields[-1]))
                continue
        series.setdefault(depth, []).append(f"{_MALFORMED} {' '.join(fields)}")
    factor = _factor([line[2] for own in series.values() for line in own if not isinstance(line, str)])
    return [
        (f"{place} {upper:g} {lower:g}", "\n".join(_line(line, factor) for line in own)) for (upper, lower), own in sorted(series.items())
    ]


def _factor(values: list[float]) -> float:
    """The factor to m3 m-3: whether the values of a whole file are fractions or percent is told by the middle one."""
    known = [value for value in values if value >= 0.0]
    return 0.01 if known and float(np.median(known)) > 1.0 else 1.0


def _line(line: tuple[str, str, float, str] | str, factor: float) -> str:
    """A line of date, time, value and flag; a malformed one as it is."""
    return line if isinstance(line, str) else f"{line[0]} {line[1]} {round(line[2] * factor, 6)!r} {line[3]}"


def _is_twice(fields: list[str]) -> bool | None:
    """Whether the depth stands twice in a line; None if the fields before it are no latitude, longitude and elevation."""
    for twice, behind in _BEHIND.items():
        if len(fields) <= _BEFORE + behind:
            continue
        lat, lon, *rest = fields[-behind:-4]
        numbers = [float(text) if _is_number(text) else np.nan for text in (lat, lon, *rest)]
        if all(np.isfinite(numbers)) and abs(numbers[0]) <= 90.0 and "." in lat and abs(numbers[1]) <= 360.0 and "." in lon:
            return twice
    return None


def _is_number(text: str) -> bool:
    try:
        return bool(np.isfinite(float(text)))
    except ValueError:
        return False
