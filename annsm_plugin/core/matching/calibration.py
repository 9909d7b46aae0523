"""Brings AMSR-E brightness temperature to AMSR2: by a table of slopes and offsets, or by each cell's day-of-year climatology."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

import numpy as np

from ..foundation.errors import ParameterError, ProductError
from ..foundation.outside import read_rows
from ..foundation.paths import PathLike, is_no_file
from ..foundation.variables import FREQUENCIES
from .channels import Channels

#: Days with a value that a cell needs on each sensor for a climatology; they must also be spread over the year (``_Fit.solve``).
LEAST_DAYS = 60

_COLUMNS = ("channel", "polarisation", "orbit", "slope", "offset")
_YEAR = 365.2425


class Calibration(Protocol):
    """What brings fields of AMSR-E to AMSR2."""

    def apply(self, field: np.ndarray, label: str, channel: str, letter: str, date: np.datetime64) -> np.ndarray:
        """A field (rows, columns; K) of a ``channel`` of AMSR-E, as AMSR2 would have measured it."""


class Table:
    """Slope and offset (K) per channel, polarisation and orbit: TB(AMSR2) = slope TB(AMSR-E) + offset.

    The file is CSV with the columns channel (06, 10, ...), polarisation (V, H), orbit (descending, ascending), slope, offset, and
    optionally sensor (only rows of AMSR-E count). Raises ``ParameterError`` naming the file, line and column.
    """

    def __init__(self, path: PathLike, channels: Channels, overpass: str) -> None:
        self.path = path
        self._lines = _read(path)
        for channel in channels.by_sensor.get("AMSR-E", ()):
            for letter in channels.letters:
                if (channel, letter, overpass[0]) not in self._lines:
                    raise ParameterError(
                        f"The calibration table {path} has no line for channel {channel}, polarisation {letter.upper()}, orbit {overpass}."
                    )
        self._orbit = overpass[0]

    def apply(self, field: np.ndarray, label: str, channel: str, letter: str, date: np.datetime64) -> np.ndarray:
        """An AMSR-E field (K) brought to AMSR2."""
        slope, offset = self._lines[channel, letter, self._orbit]
        return (field * slope + offset).astype("float32")


def _read(path: PathLike) -> dict[tuple[str, str, str], tuple[float, float]]:
    """(channel, letter, orbit letter) -> (slope, offset)."""
    try:
        header, rows = read_rows(path, f"a CSV table with {', '.join(_COLUMNS)}", str.lower)
    except ProductError as error:
        raise ParameterError(f"The calibration table {path} cannot be read: {error}") from error
    missing = [name for name in _COLUMNS if name not in header]
    if missing:
        raise ParameterError(f"The calibration table {path} lacks the column {missing[0]}; expected {', '.join(_COLUMNS)}.")
    lines = {}
    for number, row in enumerate(rows, start=2):
        get = {name: value.strip() for name, value in row.items()}
        if get.get("sensor", "AMSR-E").upper().replace("_", "-").replace("AMSRE", "AMSR-E") != "AMSR-E":
            continue
        channel = f"{int(get['channel']):02d}" if re.fullmatch("[0-9]{1,3}", get["channel"]) else get["channel"]
        try:
            slope, offset = float(get["slope"]), float(get["offset"])
        except ValueError:
            slope = offset = np.nan
        wrong = [
            name
            for name, good in (
                ("channel", channel in FREQUENCIES),
                ("polarisation", get["polarisation"].lower() in ("v", "h")),
                ("orbit", get["orbit"][:1].lower() in ("a", "d") and bool(get["orbit"])),
                ("slope", np.isfinite(slope) and 0.5 <= slope <= 2.0),
                ("offset", np.isfinite(offset) and abs(offset) <= 200.0),
            )
            if not good
        ]
        if wrong:
            raise ParameterError(f"The calibration table {path}, line {number}: the {wrong[0]} '{get[wrong[0]]}' cannot be.")
        lines[channel, get["polarisation"].lower(), get["orbit"][0].lower()] = (slope, offset)
    return lines


class Climatology:
    """Each cell's day-of-year mean of AMSR-E replaced by that of AMSR2, channel by channel of the cube.

    The climatology is a mean with an annual and a half-yearly wave, fitted by least squares to all days that the folder has, which
    is the smoothed day-of-year mean. It removes real change between the two periods too; matching warns of that.
    """

    def __init__(self, coefficients: dict[str, np.ndarray]) -> None:
        #: "label letter" -> (rows, columns, 5): what to add to AMSR-E, as coefficients of ``_waves``.
        self.coefficients = coefficients

    @classmethod
    def fit(cls, channels: Channels, shape: tuple[int, int], fields: Iterable[tuple[str, str, np.datetime64, np.ndarray]]) -> Climatology:
        """Fit to fields (``shape``; K), each with its sensor, its channel in the cube with the letter of the polarisation, and its date."""
        fits = {(s, label + letter): _Fit(shape) for s in ("AMSR2", "AMSR-E") for label in channels.labels for letter in channels.letters}
        for sensor, name, date, field in fields:
            fits[sensor, name].add(date, field)
        names = {name for _, name in fits}
        return cls({name: fits["AMSR2", name].solve() - fits["AMSR-E", name].solve() for name in sorted(names)})

    def apply(self, field: np.ndarray, label: str, channel: str, letter: str, date: np.datetime64) -> np.ndarray:
        """An AMSR-E field (K) brought to AMSR2; missing where a cell has too few days for a climatology."""
        brought: np.ndarray = (field + self.coefficients[label + letter] @ _waves(date)).astype("float32")
        return brought


def _waves(date: np.datetime64) -> np.ndarray:
    """1, cos and sin of the year, cos and sin of the half year, at the date's day of year."""
    day = (np.datetime64(date, "D") - np.datetime64(date, "Y").astype("datetime64[D]")) / np.timedelta64(1, "D")
    angle = 2.0 * np.pi * day / _YEAR
    return np.array([1.0, np.cos(angle), np.sin(angle), np.cos(2 * angle), np.sin(2 * angle)])


class _Fit:
    """Normal equations of the five waves in every cell, filled day by day."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self._matrix, self._right = np.zeros((*shape, 5, 5)), np.zeros((*shape, 5))

    def add(self, date: np.datetime64, field: np.ndarray) -> None:
        """Take in one day's field (rows, columns)."""
        waves, valid = _waves(date), np.isfinite(field)
        self._matrix += valid[..., None, None] * np.outer(waves, waves)
        self._right += np.where(valid, field, 0.0)[..., None] * waves

    def solve(self) -> np.ndarray:
        """Coefficients (rows, columns, 5); NaN where there are too few days, or days of too few seasons."""
        days = self._matrix[..., 0, 0]
        scaled = self._matrix / np.maximum(days, 1.0)[..., None, None]
        good = (days >= LEAST_DAYS) & (np.linalg.eigvalsh(scaled)[..., 0] > 0.02)
        out = np.full(self._right.shape, np.nan)
        if good.any():
            out[good] = np.linalg.solve(self._matrix[good], self._right[good][..., None])[..., 0]
        return out


def check(method: str, table: PathLike | None, channels: Channels, overpass: str) -> Table | None:
    """The table if ``method`` is "table", else None. Raises ``ParameterError`` if it is not there or does not fit."""
    if method != "table":
        return None
    if not table:
        raise ParameterError(
            "The calibration by a table needs the table: choose a CSV file with channel, polarisation, orbit, slope, offset."
        )
    if wrong := is_no_file(table):
        raise ParameterError(f"The calibration table {table} {wrong}; expected a CSV file.")
    return Table(table, channels, overpass)
