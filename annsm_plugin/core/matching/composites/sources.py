"""Which products the leaf area index of a cube's days is of, in attributes and in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...foundation.variables import LAI_DAYS, LAI_FAMILIES, LAI_SOURCES, describe
from . import overlap

#: Attribute with the numbers of ``overlap.Overlap.total``; what is read by people stands beside it.
OVERLAP = "lai_overlap"


def days_of(bits: np.ndarray, dates: np.ndarray) -> dict[str, np.ndarray]:
    """Product -> the days (datetime64[D]) that have pixels of it, by the numbers of ``lai_source`` (days,)."""
    known = bits != describe("lai_source").fill
    found = {name: dates[known & (bits & bit > 0)] for name, bit in LAI_SOURCES.items()}
    return {name: days for name, days in found.items() if days.size}


def attributes(days: dict[str, np.ndarray], total: np.ndarray, written: Callable[[np.ndarray], str]) -> dict[str, Any]:
    """What a cube says of its leaf area index: the days of each product, and the comparison of MODIS and VIIRS where both were there."""
    found: dict[str, Any] = {f"{LAI_DAYS}{name}": written(when) for name, when in days.items()}
    if total[1]:
        found[OVERLAP] = overlap.written(total)
        found[f"{OVERLAP}_composites"] = np.int64(total[0])
        found.update({f"{OVERLAP}_{name}": value for name, value in overlap.measures(total).items() if np.isfinite(value)})
    return found


def sentences(days: dict[str, np.ndarray], total: np.ndarray) -> list[str]:
    """The products with their days, where there are several, and how MODIS and VIIRS compare where both were there."""
    lines = []
    if len(days) > 1:
        parts = [f"{name} on {when.size} days, {when[0]} to {when[-1]}" for name, when in days.items()]
        lines.append(f"Leaf area index is of {'; '.join(parts)}.")
    return [*lines, *filter(None, [overlap.sentence(total)])]


def warnings(days: dict[str, np.ndarray], total: np.ndarray) -> list[str]:
    """That the instrument changes; and if nothing tells how the two compare, that too."""
    if not all(any(name in days for name in names) for names in LAI_FAMILIES.values()):
        return []
    text = "The leaf area index comes from MODIS on some days and from VIIRS on others (lai_source says which)"
    told = "the step between them is in the summary" if total[1] else "no composite of both was there to compare them"
    return [f"{text}; {told}, and neither was adjusted."]
