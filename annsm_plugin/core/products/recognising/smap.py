"""Recognises files of SMAP by their groups and variables."""

from __future__ import annotations

import contextlib
import datetime
from dataclasses import replace

import numpy as np

from ...foundation.errors import ProductError
from ..access import Source
from ..naming import Entry
from ..plausibility import times
from ..readers import smap_days, smap_values
from ..readers.smap_names import GROUP, Names
from ..readers.smap_places import placed
from .clues import named, texts, usual_day

_NEEDED = "SPL3SMP (36 km, SMAP_L3_SM_P_*.h5) is needed"

#: Groups of other products of SMAP -> what they are.
_OTHERS = (
    ("Geophysical_Data", "SMAP L4 soil moisture, a land model's output"),
    ("Analysis_Data", "SMAP L4 soil moisture, a land model's output"),
    ("Forecast_Data", "SMAP L4 soil moisture, a land model's output"),
    ("Freeze_Thaw_Retrieval_Data", "SMAP freeze and thaw"),
    ("Soil_Moisture_Retrieval_Data_3km", "SMAP with Sentinel-1, half orbits (L2_SM_SP)"),
    ("Soil_Moisture_Retrieval_Data_1km", "SMAP with Sentinel-1, half orbits (L2_SM_SP)"),
    ("Brightness_Temperature", "SMAP L1 brightness temperature"),
    ("Global_Projection", "SMAP L1 brightness temperature"),
)


def guess(source: Source) -> tuple[list[Entry], str] | None:
    """The entries of a file of SMAP: one, or one for each day that it holds. None for other files."""
    groups = source.group_names()
    names = Names(source)
    if not names.where or not (names.groups or any(GROUP in stored for _, stored in names.where.values()) or "EASE_row_index" in names):
        for group, what in _OTHERS:
            if any(g.startswith(group) for g in groups):
                return _refused(source, what)
        return None
    shape = names.shape(names.example_name)
    if len(shape) == 1:
        return _refused(source, "SMAP L2 soil moisture, half orbits")
    told = named(source, ("smap", "smap_e"), *_metadata(source))
    if told is None and names.blank:
        return [], "a file of SMAP in which no pixel was seen, so that it tells no date; it can be left out"
    grid = _grid(source, names, shape)
    if grid is None:
        return [], f"SMAP soil moisture of {shape[-2]} x {shape[-1]} pixels, and nothing in it tells which pixels of the globe these are"
    if told is not None and told.product == grid:
        return [_subset(told, shape)], told.granule
    if smap_days.several(source, names):
        return [_entry(source, grid, day) for day in smap_days.dates(source)], "an AppEEARS export"
    day = _day(source, names)
    if day is None:
        return [], "SMAP soil moisture without observation times, so that its date is not known"
    return [_subset(_entry(source, grid, day), shape)], "a file of SMAP"


def _refused(source: Source, what: str) -> tuple[list[Entry], str]:
    return [Entry(str(source.path), "smap", "SMAP", refused=f"this is {what}; {_NEEDED}")], ""


def _entry(source: Source, product: str, day: datetime.date) -> Entry:
    release = texts(source, "CompositeReleaseID").upper().strip()
    return Entry(str(source.path), product, "SMAP", day, version=release or None)


def _subset(entry: Entry, shape: tuple[int, ...]) -> Entry:
    """The entry with a name that tells whether it is a subset."""
    name = entry.granule or f"SMAP_L3_SM_P{'_E' if entry.product == 'smap_e' else ''}_{entry.date:%Y%m%d}.h5"
    return replace(entry, granule=name if shape[-2:] == smap_values.GRIDS[entry.product] else name.replace(".h5", "_subsetted.h5"))


def _grid(source: Source, names: Names, shape: tuple[int, ...]) -> str | None:
    """The product, by the grid in which the pixels lie; None if they lie in neither of the two."""
    size = int(shape[-2]), int(shape[-1])
    for product, grid in smap_values.GRIDS.items():
        if size == grid:
            return product
    said = " ".join(str(source.attribute(names.open(n), "long_name", "")) for n in list(names.where)[:30])
    order = ["smap_e", "smap"] if " 9 km" in said and " 36 km" not in said else ["smap", "smap_e"]
    for product in order:
        with contextlib.suppress(ProductError):
            placed(source, names, size, smap_values.GRIDS[product])
            return product
    return None


def _metadata(source: Source) -> list[str]:
    """The file's own name in the product's metadata."""
    try:
        group = source.root.OpenGroup("Metadata").OpenGroup("DatasetIdentification")
        return [str(a.Read()) for a in group.GetAttributes() if a.GetName() == "fileName"]
    except (RuntimeError, AttributeError):
        return []


def _day(source: Source, names: Names) -> datetime.date | None:
    """The UTC date at which most pixels were seen."""
    for end in ("", "_pm"):
        name = "tb_time_seconds" + end
        if name in names and len(names.shape(name)) == 2:
            array = names.open(name)
            seconds = source.values(array, names.told(name)).astype(float)
            seconds[(seconds <= -9998.0) | (seconds == source.fill(array, smap_values.FILL))] = np.nan
            day = usual_day(times(seconds, smap_values.EPOCH))
        elif "tb_time_utc" + end in names:
            group, stored = names.where["tb_time_utc" + end]
            rows, columns = names.shape("tb_time_utc" + end)
            day = usual_day(smap_values.stamps(source.texts(stored, group, slice(0, rows), slice(0, columns))))
        else:
            continue
        if day is not None:
            return day
    return None
