"""A checked request for download lists, and the boxes and UTC dates by which the archives find what it wants."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..foundation import localtime
from ..foundation.errors import ParameterError
from ..foundation.grid import Grid
from ..matching.channels import Channels, parse
from ..products.arrays import Window
from .have import Have
from .request import PRODUCTS, DownloadListRequest


@dataclass(frozen=True)
class Wanted:
    """A checked request. ``days``: local dates (datetime64[D]), both ends included; ``clock``: as in matching ("solar", "file", "+8");
    ``have``: what is there and left out of the lists."""

    grid: Grid
    days: np.ndarray
    products: tuple[str, ...]
    channels: Channels
    overpass: str
    clock: str
    lai: str
    warnings: tuple[str, ...] = ()
    have: Have = field(default_factory=Have)

    @property
    def boxes(self) -> list[Window]:
        """(west, south, east, north) with longitudes in -180..180: two boxes where the region crosses the dateline."""
        west, south, east, north = (float(v) for v in self.grid.bounds)
        if east - west >= 360.0:
            return [(-180.0, south, 180.0, north)]
        start = (west + 180.0) % 360.0 - 180.0
        stop = start + east - west
        if stop <= 180.0:
            return [(start, south, stop, north)]
        return [(start, south, 180.0, north), (-180.0, south, stop - 360.0, north)]


@dataclass
class Listing:
    """The lists for one product. ``texts``: file name -> content; ``files``: number of files to fetch; ``megabytes``: about their size.

    ``basis``: where the size comes from; ``how``: the commands that fetch the files; ``notes``: what the user must know, also what could
    not be verified; ``limits``: which of the wanted days or places the archive does not have.
    """

    product: str
    source: str
    first: str
    last: str
    files: int
    megabytes: float
    basis: str
    texts: dict[str, str]
    how: list[str]
    notes: list[str] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)

    def row(self) -> dict[str, Any]:
        """A row of the table."""
        return {
            "product": self.product,
            "source": self.source,
            "first": self.first,
            "last": self.last,
            "files": self.files,
            "megabytes": f"{self.megabytes:.0f}" if self.megabytes >= 10 else f"{self.megabytes:.2g}",
            "size_is": self.basis,
            "lists": " ".join(self.texts),
        }


def checked(request: DownloadListRequest) -> Wanted:
    """What a request wants, checked. Raises ``ParameterError``."""
    request.check_values(outputs=False)
    first, last = (_date(what, value) for what, value in (("start", request.start), ("end", request.end)))
    if first > last:
        raise ParameterError(f"The start date {first} lies after the end date {last}.")
    today = request.today or datetime.date.today()
    warnings = []
    if first > today:
        raise ParameterError(f"The period {first} to {last} lies in the future.")
    if last > today:
        warnings.append(f"The period ends at {last}, in the future; the lists end today, {today}.")
        last = today
    clock = str(request.time or "solar").strip().lower()
    if clock not in ("solar", "file"):
        localtime.fixed_offset(clock)
    return Wanted(
        grid=Grid.from_extent(request.extent),
        days=np.arange(np.datetime64(first), np.datetime64(last) + 1),
        products=asked_products(request.products),
        channels=parse(request.channels or "paper", "V"),
        overpass=str(request.overpass).lower(),
        clock=clock,
        lai=str(request.lai_product).upper(),
        warnings=tuple(warnings),
    )


def _date(what: str, value: Any) -> datetime.date:
    try:
        date = np.datetime64(value, "D")
    except (TypeError, ValueError):
        raise ParameterError(f"The {what} date '{value}' is not a date such as 2015-04-01.") from None
    if np.isnat(date):
        raise ParameterError("The period needs a start and an end date.")
    found: datetime.date = date.astype(datetime.date)
    return found


def asked_products(text: Any) -> tuple[str, ...]:
    """The products that words name, in the order of the lists. Raises ``ParameterError``."""
    text = text if isinstance(text, str) else ",".join(text or ["all"])
    words = [word for word in re.split(r"[\s,;]+", text.upper()) if word] or ["ALL"]
    wanted = PRODUCTS if "ALL" in words else tuple(words)
    unknown = [word for word in wanted if word not in PRODUCTS]
    if unknown:
        raise ParameterError(f"The products '{text}' are not known: expected 'all' or some of {', '.join(PRODUCTS)}.")
    return tuple(name for name in PRODUCTS if name in wanted)


def file_dates(request: Wanted, hours: tuple[float, float], first: datetime.date | None, last: datetime.date | None) -> np.ndarray:
    """UTC dates (datetime64[D]) of the daily global files that hold the request's local days, from ``first`` to ``last`` if given.

    ``hours``: earliest and latest local solar hour of an overpass. With the clock "file" the days are the dates themselves.
    """
    early = late = 0
    if request.clock != "file":
        lon = request.grid.lon
        shifts = []
        for hour in hours:
            utc = hour - localtime.offset_hours(lon, "solar")
            shifts.append(np.floor((utc + localtime.offset_hours(lon, request.clock)) / 24.0) - np.floor(utc / 24.0))
        early, late = int(np.max(shifts)), int(np.min(shifts))
    low, high = request.days[0] - early, request.days[-1] - late
    low = low if first is None else max(low, np.datetime64(first, "D"))
    high = high if last is None else min(high, np.datetime64(last, "D"))
    return np.arange(low, high + 1)
