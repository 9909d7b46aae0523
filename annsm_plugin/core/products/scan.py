"""What a folder holds, by the names of its files: nothing is opened, loops and forbidden folders do no harm."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..errors import ParameterError
from ..progress import SILENT, Progress
from .naming import AMSR2_START, Entry, entry

#: How many names of unrecognised files are kept for the report.
KEPT_NAMES = 200


@dataclass
class Inventory:
    """Product files of a folder (``entries``, newest version only, by date), older versions (``superseded``), relatives that cannot be used
    (``refused``), names that are no product's (``unrecognised``, at most 200 of ``n_unrecognised``) and folders that could not be read.
    """

    folder: str
    entries: list[Entry] = field(default_factory=list)
    superseded: list[Entry] = field(default_factory=list)
    refused: list[Entry] = field(default_factory=list)
    unrecognised: list[str] = field(default_factory=list)
    n_unrecognised: int = 0
    unreadable: list[str] = field(default_factory=list)

    def of(self, product: str) -> list[Entry]:
        """The entries of one product."""
        return [e for e in self.entries if e.product == product]

    def rows(self) -> list[dict]:
        """One row for each product, sensor, channel, orbit and version: files, first and last date, days missing in between."""
        groups: dict[tuple, list] = {}
        for e in self.entries:
            groups.setdefault((e.product, e.sensor or "", e.channel or "", e.orbit or "", _release(e)), []).append(e)
        rows = []
        for (product, sensor, channel, orbit, version), members in sorted(groups.items()):
            dates = sorted({e.date for e in members if e.date is not None})
            row = {"product": product, "sensor": sensor, "channel": channel, "orbit": orbit, "version": version, "files": len(members)}
            row["first"], row["last"] = (str(dates[0]), str(dates[-1])) if dates else ("", "")
            span = (dates[-1] - dates[0]).days + 1 if dates else 0
            step = 8 if product == "lai" else 1
            row["days"], row["missing"] = len(dates), max(0, (span + step - 1) // step - len(dates))
            rows.append(row)
        return rows

    def summary(self) -> list[str]:
        """Plain sentences for the log."""
        lines = []
        for r in self.rows():
            what = " ".join(filter(None, [r["product"], r["sensor"], r["channel"] and r["channel"] + " GHz", r["orbit"], r["version"]]))
            gap = f", {r['missing']} missing" if r["missing"] else ""
            lines.append(f"{what}: {r['files']} files, {r['first']} to {r['last']}{gap}")
        for name, count in Counter(e.refused for e in self.refused).items():
            lines.append(f"{count} files refused: {name}")
        if self.superseded:
            lines.append(f"{len(self.superseded)} files superseded by a newer version of the same observation")
        if self.n_unrecognised:
            lines.append(f"{self.n_unrecognised} files not recognised, such as {self.unrecognised[0]}")
        lines.extend(f"could not be read: {u}" for u in self.unreadable)
        return lines or ["no files"]


def _release(e: Entry) -> str:
    return (e.version or "").split("_")[0]


def inventory(folder, *, progress: Progress | None = None) -> Inventory:
    """What ``folder`` holds, searched recursively. Raises ``ParameterError`` if it is not a folder."""
    progress = progress or SILENT
    if not str(folder or "").strip():
        raise ParameterError("A product folder is not given.")
    root = Path(folder)
    if not root.is_dir():
        raise ParameterError(f"The folder {folder} does not exist." if not root.exists() else f"{folder} is not a folder.")
    result = Inventory(str(folder))
    newest: dict[tuple, Entry] = {}
    seen, waiting = set(), [str(root)]
    while waiting:
        progress.check()
        place = waiting.pop()
        real = os.path.realpath(place)
        if real in seen:
            continue
        seen.add(real)
        try:
            with os.scandir(place) as items:
                for item in items:
                    try:
                        _note(item, result, newest, waiting)
                    except OSError as error:  # a link to itself
                        result.unreadable.append(f"{item.path} ({error.strerror})")
        except OSError as error:
            result.unreadable.append(f"{place} ({error.strerror})")
    result.entries = sorted(newest.values(), key=lambda e: (e.product, str(e.date), str(e.time), e.path))
    return result


def _note(item, result, newest, waiting) -> None:
    if item.name.startswith("."):
        return
    if item.is_dir():
        waiting.append(item.path)
        return
    found = entry(item.path)
    if found is None:
        result.n_unrecognised += 1
        if len(result.unrecognised) < KEPT_NAMES:
            result.unrecognised.append(item.path)
    elif found.refused or suspicious(found):
        result.refused.append(found if found.refused else replace(found, refused=suspicious(found)))
    else:
        other = newest.get(found.key)
        if other is None:
            newest[found.key] = found
        else:
            old, new = sorted((other, found), key=lambda e: (e.version or "", Path(e.path).name, e.path))
            newest[found.key] = new
            result.superseded.append(old)


def find(folder, product: str, *, progress: Progress | None = None) -> list[Entry]:
    """The files of one product in ``folder`` (searched recursively, newest version of each), by date. Raises ``ParameterError``."""
    return inventory(folder, progress=progress).of(product)


def suspicious(e: Entry) -> str:
    """A sentence if a name's date cannot be right for its sensor, else empty."""
    if e.sensor == "AMSR2" and e.date is not None and e.date < AMSR2_START:
        return "this is named AMSR2 and dated before AMSR2 flew (2012-07)"
    return ""
