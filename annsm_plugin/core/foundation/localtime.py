"""Local time per cell: the clock by which products that were seen at different UTC times belong to one day.

Local solar time is UTC + longitude / 15 h (DESIGN: the paper does not define its local time); a fixed UTC offset is the
other choice. Longitudes beyond 180 are those of a region across the dateline and count as longitude - 360, so that the
local date never depends on how a region is written.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from .errors import ParameterError

#: Nominal local hours of the AMSR overpasses (AMSR-E and AMSR2 share them).
AMSR_HOUR = {"descending": 1.5, "ascending": 13.5}

DAY = np.timedelta64(86400, "s")


def offset_hours(lon: Any, clock: str = "solar") -> np.ndarray:
    """Hours to add to UTC to get the local time at longitude ``lon`` (degrees), by ``clock``.

    ``clock`` is "solar" (lon / 15) or a fixed offset such as "+8" or "utc+8" or "-3.5".
    """
    lon = (np.asarray(lon, dtype=float) + 180.0) % 360.0 - 180.0
    if clock == "solar":
        return lon / 15.0
    return np.full(lon.shape, fixed_offset(clock))


def fixed_offset(clock: str) -> float:
    """The hours of a fixed UTC offset written as "+8", "utc+8", "UTC-3:30"; raises ``ParameterError``."""
    match = re.fullmatch(r"(?:utc)?\s*([+-]?\d{1,2}(?:\.\d+)?)(?::(\d{2}))?(?:\s*h)?", str(clock).strip().lower())
    if match:
        hours = float(match.group(1))
        hours += np.copysign(float(match.group(2) or 0) / 60.0, -1.0 if match.group(1).startswith("-") else 1.0)
        if abs(hours) <= 14:
            return float(hours)
    raise ParameterError(f"The time '{clock}' is not known: expected 'solar', 'file' or an offset from UTC in hours such as '+8'.")


def local_date(time_utc: np.ndarray, lon: Any, clock: str = "solar") -> np.ndarray:
    """Local calendar date (datetime64[D], NaT where missing) of UTC times (datetime64) at longitude ``lon`` (degrees)."""
    seconds = np.round(offset_hours(lon, clock) * 3600.0).astype("timedelta64[s]")
    return (time_utc.astype("datetime64[s]") + seconds).astype("datetime64[D]")


def local_hour(time_utc: np.ndarray, lon: Any, clock: str = "solar") -> np.ndarray:
    """Local hour of day (0-24, NaN where missing) of UTC times (datetime64) at longitude ``lon`` (degrees)."""
    seconds = np.round(offset_hours(lon, clock) * 3600.0).astype("timedelta64[s]")
    local = time_utc.astype("datetime64[s]") + seconds
    hour = (local - local.astype("datetime64[D]")) / np.timedelta64(3600, "s")
    return np.where(np.isnat(local), np.nan, hour)


def utc_of(date: np.ndarray, hour: float, lon: Any, clock: str = "solar") -> np.ndarray:
    """UTC time (datetime64[s]) of local ``hour`` on local ``date`` (datetime64[D]) at longitude ``lon`` (degrees)."""
    seconds = np.round((hour - offset_hours(lon, clock)) * 3600.0).astype("timedelta64[s]")
    return np.asarray(date, dtype="datetime64[D]").astype("datetime64[s]") + seconds


def days_after_utc_date(hour: float, lon: Any, clock: str = "solar") -> np.ndarray:
    """Date by ``clock`` minus UTC date (days, -1, 0 or 1) of something seen at solar ``hour`` at longitude ``lon`` (degrees).

    This is how a product without pixel times (AMSR brightness temperature) is put on the right local date. The satellite passes at the
    same solar hour everywhere: at 01:30 solar time the UTC date is still that of the day before at all longitudes from 22.5 to 180 E.
    """
    utc_hour = np.mod(hour - offset_hours(lon, "solar"), 24.0)
    return np.floor((utc_hour + offset_hours(lon, clock)) / 24.0).astype(int)
