"""Several probes of one site: those that followed each other become one series, those side by side are averaged, and changes are marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .station import Station

#: Two probes with more days in common than this stand side by side; with fewer, the later one has replaced the earlier.
HANDOVER = np.timedelta64(30, "D")


@dataclass(frozen=True)
class Change:
    """From ``day`` on, the values of ``site`` come from the probes ``after`` instead of ``before`` (names)."""

    site: str
    day: np.datetime64
    before: str
    after: str


def joined(site: str, probes: Sequence[Station], daily: Sequence[np.ndarray], dates: np.ndarray) -> tuple[np.ndarray, list[Change]]:
    """One series (days,) of a site from the ``daily`` series of its ``probes``, and the changes of probes within ``dates``.

    A probe that begins when another ends (at most ``HANDOVER`` days in common) replaces it: while both measure, the earlier one counts,
    since a new probe needs time to settle; single values that the earlier one still sends after that do not. Probes side by side are
    averaged on the days that they share.
    """
    series, names = [], []
    for line in _lines(probes):
        values, by = np.full(dates.size, np.nan), np.full(dates.size, -1)
        for probe, following in zip(line, [*line[1:], None]):
            until = dates[-1] if following is None else _end(_days(probes[probe]), _days(probes[following])[0])
            # a local day may be that after the day in UTC
            new = np.isnan(values) & np.isfinite(daily[probe]) & (dates <= until + np.timedelta64(1, "D"))
            values[new], by[new] = daily[probe][new], probe
        series.append(values)
        names.append(by)
    stacked, by = np.stack(series), np.stack(names)
    there = np.isfinite(stacked)
    count = there.sum(axis=0)
    values = np.where(count > 0, np.where(there, stacked, 0.0).sum(axis=0) / np.maximum(count, 1), np.nan)
    return values, _changes(site, _names(probes), by, dates)


def _end(days: np.ndarray, follower: np.datetime64) -> np.datetime64:
    """The last day on which a probe counts that is followed by one from ``follower`` on: before its first long silence after that."""
    last = max(0, int(np.searchsorted(days, follower, side="right")) - 1)
    silent = np.flatnonzero(np.diff(days[last:]) > HANDOVER)
    return days[last + silent[0]] if silent.size else days[-1]


def _days(probe: Station) -> np.ndarray:
    """The days (UTC) on which a probe has a value, ascending."""
    return np.unique(probe.times[np.isfinite(probe.values)].astype("datetime64[D]"))


def _lines(probes: Sequence[Station]) -> list[list[int]]:
    """The probes (their numbers) in lines of those that followed each other, by the whole of their records."""
    days = {number: own for number, own in enumerate(map(_days, probes)) if own.size}
    lines: list[list[int]] = []
    for number in sorted(days, key=lambda n: days[n][0]):
        own = days[number]
        follows = []
        for line in lines:
            before = days[line[-1]]
            # it begins and goes on after the other, and hardly a day has both
            if before[0] < own[0] and _end(before, own[0]) < own[-1] and np.intersect1d(before, own).size <= HANDOVER.astype(int):
                follows.append(line)
        if follows:
            max(follows, key=lambda line: days[line[-1]][-1]).append(number)
        else:
            lines.append([number])
    return sorted(lines, key=min) or [list(range(len(probes)))]


def _names(probes: Sequence[Station]) -> list[str]:
    """What tells each probe from the others of its site: the sensor, with its depth or its number where another one is called the same."""
    if len(probes) == 1:
        return [getattr(probes[0], "sensor", "")]
    found = []
    for number, probe in enumerate(probes, start=1):
        sensor, depth = getattr(probe, "sensor", ""), tuple(probe.depth)
        alike = [other for other in probes if getattr(other, "sensor", "") == sensor]
        if len(alike) == 1 and sensor:
            found.append(sensor)
        elif sum(tuple(other.depth) == depth for other in alike) == 1:
            found.append(f"{sensor} {depth[0]:g}-{depth[1]:g} m".strip())
        else:
            found.append(f"{sensor} (probe {number})".strip() if sensor else f"probe {number}")
    return found


def _changes(site: str, names: Sequence[str], by: np.ndarray, dates: np.ndarray) -> list[Change]:
    """Where the probes in use change for good: gaps of a probe that comes back are none."""
    used: list[tuple[np.datetime64, np.datetime64, str]] = []
    for line in by:
        for probe in dict.fromkeys(line[line >= 0].tolist()):
            own = dates[line == probe]
            used.append((own[0], own[-1], names[probe]))
    found: list[Change] = []
    days = sorted({first for first, _, _ in used} | {last + np.timedelta64(1, "D") for _, last, _ in used})
    before = ""
    for day, until in zip(days, days[1:]):
        after = ", ".join(sorted(name for first, last, name in used if first <= day and last >= until - np.timedelta64(1, "D")))
        if before and after and after != before and until - day > HANDOVER:
            found.append(Change(site, day, before, after))
        before = after if after and until - day > HANDOVER else before
    return found
