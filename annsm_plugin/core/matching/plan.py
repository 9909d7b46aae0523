"""A matching run that has been checked: its settings, grid, days and files."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from .. import products
from ..foundation.grid import Grid
from ..foundation.progress import Progress
from ..products.arrays import Window
from ..products.naming import Entry
from .calibration import Table
from .channels import Channels
from .files import MARGIN, day
from .predictors.one import Extra

#: Product -> its name in messages.
TITLES = {"amsr_tb": "AMSR", "smap": "SMAP", "gldas": "GLDAS", "lai": "LAI"}

#: The same for the product of SMAP that takes the place of "smap" by choice.
KINDS = {"smap_e": "SMAP 9 km (SPL3SMP_E)"}

#: Product -> days before and after the period whose files may be needed: local days lie in files of other UTC dates, rain falls the
#: night before, composites of leaf area index are interpolated.
AROUND = {"amsr_tb": 1, "smap": 1, "gldas": 2, "lai": 20}


@dataclass
class Plan:
    """A checked matching run: settings, grid, days, and the files of each input (product -> entries near the period)."""

    output: Path
    grid: Grid
    mask: np.ndarray | None
    days: np.ndarray
    channels: Channels
    overpass: str
    clock: str
    smap_product: str
    smap_variable: str
    smap_quality: str
    calibration: str
    table: Table | None
    lai_method: str
    lai_barren_zero: bool
    rain_hours: str
    has_rain: bool
    extra: list[Extra]
    amsr_layout: str
    pairs: Path | None
    entries: dict[str, list[Entry]]
    found: dict[str, products.Inventory] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    @property
    def window(self) -> Window:
        """The region with a margin for interpolation, degrees."""
        west, south, east, north = self.grid.bounds
        return west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN

    def kind(self, product: str) -> str:
        """The product as its files are called: SMAP's may be those of 9 km."""
        return "smap_e" if product == "smap" and self.smap_product != "SPL3SMP" else product

    def inventory(self, progress: Progress) -> list[str]:
        """What the folders hold, in the sentences of ``annsm:inventory``; the first bytes of the period's files are looked at."""
        lines = []
        for product, found in self.found.items():
            products.check_headers(found, progress, self.entries[product])
            products.examine(found, "headers", progress=progress)
            lines += found.summary(self.kind(product))
        return lines

    def never(self, product: str) -> dict[str, str]:
        """Path -> reason, for what has the name of a file of the period but is none (folders, links to themselves)."""
        around, known = AROUND[product], {entry.path for entry in self.entries[product]}
        never = {}
        for path, why in self.found[product].unreadable.items():
            entry = products.entry(path)
            if entry is None or entry.product != self.kind(product) or path in known or Path(path).is_file():
                continue
            if entry.date is None or self.days[0] - around <= day(entry) <= self.days[-1] + around:
                never[path] = f"{path}: {why}"
        return never

    @property
    def holds_amsre(self) -> bool:
        """Whether files of AMSR-E belong to the period."""
        low, high = self.days[0] - 1, self.days[-1] + 1
        return any(entry.sensor == "AMSR-E" and low <= day(entry) <= high for entry in self.entries["amsr_tb"])

    @property
    def is_cetb(self) -> bool:
        """Whether the brightness temperatures are NSIDC's (CETB)."""
        return any(entry.polarisation for entry in self.entries["amsr_tb"])

    def settings(self) -> dict[str, str]:
        """All that the values depend on except days and files, by name. Only cubes of equal settings can be joined."""
        smap = {"smap_product": self.smap_product} if "smap" in self.entries else {}
        return {
            **smap,
            "channels": self.channels.preset,
            "polarisation": self.channels.polarisation,
            "overpass": self.overpass,
            "local_time": self.clock,
            "smap_variable": self.smap_variable if "smap" in self.entries else "none",
            "smap_quality": self.smap_quality if "smap" in self.entries else "none",
            "calibration": self.calibration,
            "lai_method": self.lai_method,
            "lai_barren": "0" if self.lai_barren_zero else "missing",
            "rain_hours": self.rain_hours,
            "amsr_layout": self.amsr_layout,
            "tb_source": "CETB" if self.is_cetb else "JAXA",
            "extra_predictors": " ".join(source.name for source in self.extra) or "none",
        }
