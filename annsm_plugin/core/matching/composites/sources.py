"""Which products the leaf area index of a cube's days is of, in attributes and in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ...foundation.variables import LAI_DAYS, LAI_FAMILIES, LAI_SOURCES, describe
from . import overlap

#: What the comparison of both families says begins with this: attributes for people, and one for each year with the sums of its composites.
OVERLAP = "lai_overlap"


def days_of(bits: np.ndarray, dates: np.ndarray) -> dict[str, np.ndarray]:
    """Product -> the days (datetime64[D]) that have pixels of it, by the numbers of ``lai_source`` (days,)."""
    known = bits != describe("lai_source").fill
    found = {name: dates[known & (bits & bit > 0)] for name, bit in LAI_SOURCES.items()}
    return {name: days for name, days in found.items() if days.size}


def compared(attributes: Mapping[str, Any]) -> overlap.Overlap:
    """The comparison of MODIS and VIIRS that a cube's attributes hold."""
    return overlap.read(value for name, value in attributes.items() if re.fullmatch(rf"{OVERLAP}_\d{{4}}", name))


def days_attributes(days: dict[str, np.ndarray], written: Callable[[np.ndarray], str]) -> dict[str, str]:
    """What a cube says of the days of each product."""
    return {f"{LAI_DAYS}{name}": written(when) for name, when in days.items()}


def attributes(both: overlap.Overlap) -> dict[str, Any]:
    """What a cube says of the comparison of MODIS and VIIRS where both were there."""
    found: dict[str, Any] = {}
    total = both.total
    if total[1]:
        found.update({f"{OVERLAP}_{year}": text for year, text in overlap.written(both).items()})
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
