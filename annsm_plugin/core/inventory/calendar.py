"""The calendar of an inventory: a row per year, a column per day of the year, one panel per product, sensor and orbit."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

import numpy as np

from ..products.coverage import Group
from ..reports.figures import TWO_COLUMNS, figure, png

#: The states of a day, in the order of their numbers, and their colours, which people with colour-blindness can tell apart.
STATES = ("outside the record", "complete", "some files missing", "missing", "unreadable")
COLOURS = ("#ffffff", "#4477aa", "#ddaa33", "#cc3311", "#000000")
OUTSIDE, COMPLETE, PARTIAL, MISSING, UNREADABLE = range(5)

#: Inches of a year's row and of a panel's title and gap.
_ROW, _TITLE = 0.13, 0.34

#: Product -> title of its panel.
_NAMES = {
    "amsr_tb": "{} brightness temperature",
    "smap": "SMAP L3 soil moisture (SPL3SMP)",
    "smap_e": "SMAP L3 enhanced soil moisture (SPL3SMP_E)",
    "gldas": "GLDAS-2.1 Noah, 3-hourly",
    "lai": "{} leaf area index",
    "lprm": "LPRM soil moisture, {}",
    "jaxa": "JAXA soil moisture content, {}",
    "smos": "{} soil moisture",
}

#: Days that a composite of a product stands for.
_LENGTH = {"lai": 8}


def states(group: Group) -> tuple[np.ndarray, list[int]]:
    """The state of each day, (years, 366) numbers of ``STATES``, and the years; both empty if the group has no dates."""
    expected = group.expected
    if not expected:
        return np.zeros((0, 366), dtype=int), []
    years = list(range(expected[0].year, expected[-1].year + 1))
    field = np.zeros((len(years), 366), dtype=int)
    incomplete = group.incomplete()
    for day in sorted({*expected, *group.have, *group.broken}):
        if day not in group.have:
            state = UNREADABLE if day in group.broken else MISSING
        elif day in incomplete:
            state = PARTIAL
        else:
            state = COMPLETE
        row, first = day.year - years[0], day.timetuple().tm_yday - 1
        last = min(first + _LENGTH.get(group.product, 1), _days(day.year))
        field[row, first:last] = state
    return field, years


def _days(year: int) -> int:
    return datetime.date(year, 12, 31).timetuple().tm_yday


def calendar(groups: Iterable[Group]) -> bytes | None:
    """The calendar as PNG, None if no group has dates. Raises ``MissingLibrary`` without matplotlib."""
    panels = [(group, *states(group)) for group in groups]
    panels = [(group, field, years) for group, field, years in panels if years]
    if not panels:
        return None
    heights = [_TITLE + _ROW * len(years) for _, _, years in panels]
    drawing = figure(TWO_COLUMNS, sum(heights) + 0.35)
    from matplotlib.colors import BoundaryNorm, ListedColormap
    from matplotlib.patches import Patch

    colours, norm = ListedColormap(COLOURS), BoundaryNorm(np.arange(-0.5, len(STATES)), len(STATES))
    starts = [datetime.date(2001, month, 1).timetuple().tm_yday for month in range(1, 13)]
    for place, (group, field, years) in zip(np.atleast_1d(drawing.subplots(len(panels), 1, height_ratios=heights)), panels):
        edges = (0.5, 366.5, len(years) - 0.5, -0.5)
        place.imshow(field, cmap=colours, norm=norm, aspect="auto", interpolation="nearest", extent=edges)
        place.set_title(_title(group), fontsize=7.5, loc="left", pad=2)
        step = max(1, -(-len(years) // 12)) if len(years) > 24 else 1
        place.set_yticks(range(0, len(years), step), years[::step])
        place.set_xticks(starts, ["J", "F", "M", "A", "M", "J", "J", "A", "S", "O", "N", "D"], ha="left")
        place.tick_params(labelsize=5.5, length=2, width=0.5, color="#666666", pad=1.5)
        place.set_yticks(np.arange(0.5, len(years) - 1), minor=True)
        place.tick_params(which="minor", length=0)
        place.grid(True, which="minor", axis="y", linewidth=0.4, color="white")
        place.grid(True, which="major", axis="x", linewidth=0.4, color="white")
        for side in place.spines.values():
            side.set(linewidth=0.5, color="#666666")
    used = sorted({int(value) for _, field, _ in panels for value in np.unique(field)} - {OUTSIDE})
    patches = [Patch(facecolor=COLOURS[n], label=STATES[n]) for n in used]
    drawing.axes[0].legend(
        handles=patches,
        fontsize=6.5,
        frameon=False,
        loc="lower right",
        bbox_to_anchor=(1.0, 0.96),
        ncol=len(patches),
        handlelength=1.0,
        handleheight=1.0,
        borderpad=0.1,
    )
    return png(drawing, colours=32)


def _title(group: Group) -> str:
    orbit = {"A": ", ascending", "D": ", descending"}.get(group.orbit, "")
    return _NAMES.get(group.product, group.product).format(group.sensor) + orbit
