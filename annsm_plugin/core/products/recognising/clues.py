"""Small facts that a file tells of itself: the name it had, its attributes, the day and hour at which its pixels were seen."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import replace

import numpy as np

from .. import naming
from ..access import Source
from ..naming import Entry

#: Attributes in which archives keep a file's own name.
_NAMES = (
    "GranuleID",
    "LocalGranuleID",
    "LOCALGRANULEID",
    "ProductFileName",
    "FileName",
    "Filename",
    "filename",
    "fileName",
    "granule_name",
)


def texts(source: Source, *names: str) -> str:
    """The root's attributes of these names (none: the usual descriptions) in one text of small letters."""
    names = names or (
        "title",
        "Title",
        "source",
        "ShortName",
        "short_name",
        "LongName",
        "comment",
        "summary",
        "id",
        "product",
        "references",
    )
    return " ".join(str(source.attribute(None, name, "")) for name in names).lower()


def named(source: Source, products: Collection[str], *more: str) -> Entry | None:
    """The entry of the name that the file says it had, if that is the name of one of ``products``; ``more``: other names it tells."""
    told = [str(source.attribute(None, name) or "") for name in _NAMES]
    for text in (*told, *more):
        name = text.strip().replace("\\", "/").rpartition("/")[2]
        for own in (name, name + ".h5") if name else ():
            known = naming.entry(own)
            if known is not None and known.product in products:
                return replace(known, path=str(source.path), granule="" if known.refused else own)
    return None


def usual_day(stamps: np.ndarray) -> datetime.date | None:
    """The UTC date of most of the times (datetime64, NaT = missing); None if there are none."""
    seen = stamps[~np.isnat(stamps)].astype("datetime64[D]")
    if not seen.size:
        return None
    days, counts = np.unique(seen, return_counts=True)
    return days[int(np.argmax(counts))].astype(datetime.date)


def usual_hour(stamps: np.ndarray, lon: np.ndarray) -> float | None:
    """The middle of the local solar hours at which pixels (rows, columns) were seen; None if none was."""
    seen = ~np.isnat(stamps)
    if not seen.any():
        return None
    hours = (stamps - stamps.astype("datetime64[D]")) / np.timedelta64(1, "h") + np.broadcast_to(lon[None, :], stamps.shape) / 15.0
    turn = np.exp(2j * np.pi * hours[seen] / 24.0).mean()
    return float(np.mod(np.angle(turn) / (2 * np.pi) * 24.0, 24.0)) if abs(turn) > 0.3 else None


def orbit(hour: float | None, ascending: float) -> str | None:
    """ "A" or "D" by the local hour and that of the ascending overpass; None if it is near neither."""
    if hour is None:
        return None
    off = abs((hour - ascending + 12.0) % 24.0 - 12.0)
    return "A" if off < 4.0 else "D" if off > 8.0 else None
