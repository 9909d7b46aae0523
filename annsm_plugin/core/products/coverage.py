"""Which days the files of a folder cover, for each product, sensor, channel, overpass and version: gaps and incomplete days."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from .naming import Entry

#: Three-hourly steps in a complete GLDAS day.
GLDAS_STEPS = 8

#: What the files of one day differ in, by product.
ITEMS = {"gldas": "steps", "lai": "tiles", "amsr_tb": "channels"}


class Files(Protocol):
    """What ``groups`` needs of an ``Inventory``."""

    entries: list[Entry]
    superseded: list[Entry]
    unreadable: dict[str, str]
    dates: dict[str, tuple[datetime.date, ...]]


@dataclass
class Group:
    """The files of one record: of one product, sensor, channel, overpass and version.

    ``have``: date -> the items that can be read (UTC hours of GLDAS, tiles of LAI, channels of AMSR; one empty name for other products);
    ``broken``: dates whose files cannot be read; ``gaps``: consecutive expected dates without a file of any version, listed with the
    version that has the last date before the gap; ``usual``: the items that at least half of the days have.
    """

    product: str
    sensor: str
    channel: str
    orbit: str
    version: str
    entries: list[Entry] = field(default_factory=list)
    have: dict[datetime.date, set[str]] = field(default_factory=dict)
    broken: set[datetime.date] = field(default_factory=set)
    gaps: list[list[datetime.date]] = field(default_factory=list)
    unreadable: int = 0
    superseded: int = 0

    @property
    def title(self) -> str:
        """Product, sensor, channel, overpass and version in words."""
        channel = f"{self.channel} GHz" if self.channel else ""
        return " ".join(filter(None, (self.product, self.sensor, channel, self.orbit, self.version)))

    @property
    def dates(self) -> list[datetime.date]:
        """All dates that have a file, readable or not."""
        return sorted(self.have.keys() | self.broken)

    @cached_property
    def usual(self) -> tuple[str, ...]:
        """The items that at least half of the days have."""
        counts = Counter(item for items in self.have.values() for item in items)
        return tuple(sorted(item for item, count in counts.items() if 2 * count >= len(self.have)))

    @cached_property
    def expected(self) -> list[datetime.date]:
        """The dates that a complete record has between the first and the last date."""
        dates = self.dates
        if not dates:
            return []
        return expected(self.product, dates[0], dates[-1])

    @property
    def missing(self) -> list[datetime.date]:
        """The dates in all gaps."""
        return [day for run in self.gaps for day in run]

    def missing_ranges(self) -> list[tuple[datetime.date, datetime.date]]:
        """First and last date of each gap."""
        return [(run[0], run[-1]) for run in self.gaps]

    def lacking(self, day: datetime.date) -> tuple[str, ...]:
        """The usual items that a day lacks."""
        return tuple(item for item in self.usual if item not in self.have.get(day, ()))

    def incomplete(self) -> dict[datetime.date, tuple[str, ...]]:
        """The usual items that each incomplete day lacks. Days without any item are not among them.

        A GLDAS record with a few steps of each day may begin and end within a day; those two days do not count as incomplete.
        """
        found = {day: self.lacking(day) for day in sorted(self.have) if self.lacking(day)}
        if self.product == "gldas" and len(self.usual) < GLDAS_STEPS and self.have:
            first, last = min(self.have), max(self.have)
            if found.get(first) and max(found[first]) < min(self.have[first]):
                del found[first]
            if found.get(last) and min(found[last]) > max(self.have[last]):
                del found[last]
        return found

    def row(self) -> dict[str, Any]:
        """The group as a row of the inventory's table."""
        dates = self.dates
        row: dict[str, Any] = {name: getattr(self, name) for name in ("product", "sensor", "channel", "orbit", "version")}
        row["files"] = len(self.entries)
        row["first"], row["last"] = (str(dates[0]), str(dates[-1])) if dates else ("", "")
        row["days"], row["missing"], row["incomplete"] = len(self.have), len(self.missing), len(self.incomplete())
        row["unreadable"], row["superseded"] = self.unreadable, self.superseded
        return row

    def sentence(self) -> str:
        """The group as a line for the log."""
        dates = self.dates
        when = f"{dates[0]} to {dates[-1]}" if dates else "dates inside the file"
        parts = [f"{self.title}: {len(self.entries)} files, {when}"]
        counted = unit(self.product)
        if self.missing:
            runs = self.missing_ranges()
            parts.append(f"{len(self.missing)} {counted} without a file ({_few([_range(*run) for run in runs])})")
        if self.product == "gldas" and 0 < len(self.usual) < GLDAS_STEPS:
            parts.append(f"steps {', '.join(self.usual)} UTC of each day")
        incomplete = self.incomplete()
        if incomplete:
            what = ITEMS.get(self.product, "files")
            parts.append(f"{len(incomplete)} {counted} with fewer than {len(self.usual)} {what} ({_few(list(map(str, incomplete)))})")
        if self.unreadable:
            parts.append(f"{self.unreadable} unreadable")
        return ", ".join(parts)


def unit(product: str) -> str:
    """What the dates of a product's files are, in the plural."""
    return "composites" if product == "lai" else "days"


def _range(first: datetime.date, last: datetime.date) -> str:
    return str(first) if first == last else f"{first} to {last}"


def _few(texts: list[str], kept: int = 3) -> str:
    """The first ``kept`` texts and how many more there are."""
    return ", ".join(texts[:kept]) + (f" and {len(texts) - kept} more" if len(texts) > kept else "")


def expected(product: str, first: datetime.date, last: datetime.date) -> list[datetime.date]:
    """The dates that a complete record of a product has between two dates, both included."""
    if product == "lai":
        return composites(first, last)
    return [first + datetime.timedelta(n) for n in range((last - first).days + 1)]


def _find_gaps(versions: list[Group]) -> None:
    """Find the gaps in the record that all ``versions`` make together, and enter each in the version before it.

    In this way each missing date is counted once.
    """
    owner = {day: group for group in versions for day in group.dates}
    if not owner:
        return
    current, inside = versions[0], False
    for day in sorted({*owner, *expected(versions[0].product, min(owner), max(owner))}):
        if day in owner:
            current, inside = owner[day], False
        else:
            if not inside:
                current.gaps.append([])
            current.gaps[-1].append(day)
            inside = True


def composites(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    """Start dates of MODIS's 8-day composites between two dates, both included: days 1, 9, ... 361 of each year."""
    starts = []
    for year in range(first.year, last.year + 1):
        new_year = datetime.date(year, 1, 1)
        starts += [new_year + datetime.timedelta(days) for days in range(0, 361, 8)]
    return [day for day in starts if first <= day <= last]


def item(entry: Entry) -> str:
    """What distinguishes a file from the others of its day: UTC hour, channel (with the polarisation if it holds one only) or tile.

    Empty for products with one file a day.
    """
    if entry.product == "gldas":
        return str(entry.time)[11:13]
    if entry.product == "amsr_tb":
        return (entry.channel or "") + entry.polarisation.upper()
    return entry.tile


def release(entry: Entry) -> str:
    """The part of a version (the text before its first underscore) by which files are separated into records."""
    return (entry.version or "").split("_")[0]


def groups(inventory: Files, *, together: bool = False) -> list[Group]:
    """The groups of an inventory; with ``together`` all channels and versions are in one group, as the calendar shows them."""
    found: dict[tuple[str, ...], Group] = {}

    def group_of(entry: Entry) -> Group:
        parts = (entry.channel or "", release(entry)) if not together else ("", "")
        key = (entry.product, entry.sensor or "", parts[0], entry.orbit or "", parts[1])
        return found.setdefault(key, Group(*key))

    for entry in inventory.entries:
        group = group_of(entry)
        group.entries.append(entry)
        dates: tuple[datetime.date, ...] = inventory.dates.get(entry.path, ()) if entry.date is None else (entry.date,)
        if entry.path in inventory.unreadable:
            group.unreadable += 1
            group.broken.update(dates)
        else:
            for day in dates:
                group.have.setdefault(day, set()).add(item(entry))
    for entry in inventory.superseded:
        group = group_of(entry)
        group.superseded += 1
    for group in found.values():
        group.broken -= group.have.keys()
    records: dict[tuple[str, ...], list[Group]] = {}
    for key in sorted(found):
        records.setdefault(key[:-1], []).append(found[key])
    for versions in records.values():
        _find_gaps(versions)
    return [found[key] for key in sorted(found) if found[key].entries]
