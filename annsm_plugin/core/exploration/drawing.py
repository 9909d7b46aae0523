"""The views of cells as figures: series, scatter, the year's course, anomalies. The window draws with them, and so does what it saves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from .. import metrics
from ..foundation.variables import FLAGS
from ..reports.figures import date_axis, plain, tidy
from ..validation.station_figures import symbol_of
from . import views
from .stations import IN_SITU
from .story import ANNSM, Story

#: Colours of cells, told apart by people with colour-blindness; after the last they begin again.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7b3294", "#a6761d", "#444444", "#66a61e")

#: Colours of the periods' backgrounds and of the marks of flagged days.
PERIODS = {"training": "#e8f0e4", "test": "#f6ecd9"}
FLAGGED = {
    "input_outside_training_range": "#d55e00",
    "input_outside_region_range": "#7f2704",
    "soil_frozen": "#56b4e9",
    "precipitation_above_threshold": "#0072b2",
    "cell_not_trained": "#cc79a7",
    "held_at_bounds": "#000000",
    "filled": "#666666",
}

UNIT = "soil moisture (m³ m⁻³)"


def titles(stories: Sequence[Story], shown: Collection[str] | None = None) -> list[str]:
    """All series of some cells, each once, those ``shown`` alone; None: all."""
    found = dict.fromkeys(title for story in stories for title in story.series)
    return [title for title in found if shown is None or title in shown]


def series(drawing: Any, stories: Sequence[Story], colours: Sequence[str], shown: Collection[str] | None = None) -> Any:
    """Daily series. One cell: every product in its own colour, ANN-SM with its uncertainty and the flagged days; several: one panel, each
    cell in its colour. Returns the axes."""
    place = drawing.add_subplot()
    if len(stories) == 1:
        _one_cell(place, stories[0], shown)
    else:
        for story, colour in zip(stories, colours):
            for title in titles([story], shown):
                _line(place, story, title, colour, story.title if title == ANNSM else None, several=True)
    _periods(place, stories)
    place.set_ylabel(UNIT, fontsize=7)
    place.margins(x=0.01)
    tidy(place)
    date_axis(place)
    _legend(place)
    return place


def _one_cell(place: Any, story: Story, shown: Collection[str] | None) -> None:
    for title in titles([story], shown):
        colour = "black" if title == IN_SITU else symbol_of(title)["color"]
        if title == ANNSM and story.uncertainty is not None:
            values = story.series[title]
            low, high = values - story.uncertainty, values + story.uncertainty
            place.fill_between(story.dates, low, high, color=colour, alpha=0.18, linewidth=0, label="uncertainty of ANN-SM")
        _line(place, story, title, colour, title)
    if story.flags is not None and (shown is None or ANNSM in shown):
        across = place.get_xaxis_transform()
        for number, (name, colour) in enumerate(FLAGGED.items()):
            days = story.dates[(story.flags & FLAGS[name]) > 0]
            if days.size:
                place.plot(days, np.full(days.size, 0.012 + 0.016 * number), "|", color=colour, markersize=4, markeredgewidth=0.7,
                           transform=across, label=name.replace("_", " "), zorder=1)  # fmt: skip


def _line(place: Any, story: Story, title: str, colour: str, label: str | None, several: bool = False) -> None:
    """A series: of a satellite its symbols, of what is daily a line, with dots on days without a neighbour, which a line leaves out."""
    values = story.series[title]
    there = np.flatnonzero(np.isfinite(values))
    if not there.size:
        return
    part = slice(there[0], there[-1] + 1)  # the ends that have no value would only widen the axis
    days, values = story.dates[part], values[part]
    if title.startswith(ANNSM) or title in (IN_SITU, "GLDAS"):
        order = 5 if title == IN_SITU else 2 if title == "GLDAS" else 4
        dashes = {IN_SITU: (0, (3, 1)), "GLDAS": ":"}.get(title, "-") if several else "-"
        place.plot(days, values, color=colour, label=label, linewidth=0.6 if title == "GLDAS" else 0.9, linestyle=dashes, zorder=order)
        known = np.concatenate([[False], np.isfinite(values), [False]])
        alone = known[1:-1] & ~known[:-2] & ~known[2:]
        place.plot(days[alone], values[alone], ".", color=colour, markersize=2.0, markeredgewidth=0, zorder=order)
    else:
        symbol = symbol_of(title)
        face = colour if symbol["filled"] else "none"
        place.plot(days, values, color=colour, label=label, linestyle="none", marker=symbol["marker"], markersize=2.6, markeredgewidth=0.5,
                   markerfacecolor=face, zorder=3)  # fmt: skip


def _periods(place: Any, stories: Sequence[Story]) -> None:
    """The training and test periods as backgrounds with their names."""
    for period in dict.fromkeys(period for story in stories for period in story.periods):
        place.axvspan(period.first, period.last + 1, color=PERIODS.get(period.name, "#eeeeee"), zorder=0, linewidth=0)
        middle = period.first + (period.last - period.first) // 2
        place.text(middle, 0.985, period.name, transform=place.get_xaxis_transform(), fontsize=6.5, color="#777777", ha="center", va="top",
                   clip_on=True)  # fmt: skip


def _legend(place: Any) -> None:
    handles, labels = place.get_legend_handles_labels()
    if handles:
        style = {"fontsize": 6.5, "frameon": False, "loc": "lower right", "bbox_to_anchor": (1.0, 1.0), "borderaxespad": 0.1}
        place.legend(handles, [plain(label) for label in labels], ncol=min(len(labels), 6), columnspacing=1.2, handletextpad=0.4, **style)


def scatter(
    drawing: Any, stories: Sequence[Story], colours: Sequence[str], product: str, reference: str, inside: Any = None
) -> dict[str, dict[str, float]]:
    """A product against the reference, day by day, with the measures of each cell; ``inside(story)``: (days,) bool that count.

    Returns the measures by the cells' titles.
    """
    place = drawing.add_subplot()
    found: dict[str, dict[str, float]] = {}
    largest = 0.05
    for story, colour in zip(stories, colours):
        if product not in story.series or reference not in story.series:
            continue
        count = np.ones(story.dates.size, dtype=bool) if inside is None else inside(story)
        x, y = np.where(count, story.series[product], np.nan), np.where(count, story.series[reference], np.nan)
        both = np.isfinite(x) & np.isfinite(y)
        found[story.title] = {name: float(value) for name, value in metrics.all_of(y, x).items()}
        if both.any():
            largest = max(largest, float(x[both].max()), float(y[both].max()))
            place.plot(x[both], y[both], ".", color=colour, markersize=3, alpha=0.5, markeredgewidth=0)
    limit = np.ceil(largest * 20) / 20
    place.plot([0, limit], [0, limit], color="#888888", linewidth=0.7, zorder=1)
    place.set(xlim=(0, limit), ylim=(0, limit), aspect="equal")
    place.set_xlabel(f"{plain(product)} (m³ m⁻³)", fontsize=7)
    place.set_ylabel(f"{plain(reference)} (m³ m⁻³)", fontsize=7)
    tidy(place)
    lines = [f"{name}\nR {m['r']:.2f}   RMSE {m['rmse']:.3f}   BIAS {m['bias']:+.3f}   ubRMSE {m['ubrmse']:.3f}   N {m['n']:.0f}"
             if m["n"] > 0 else f"{name}\nno common day" for name, m in found.items()]  # fmt: skip
    lines = lines or [f"No cell has both {product} and {reference}."]
    for number, text in enumerate(lines):
        colour = next((c for story, c in zip(stories, colours) if text.startswith(f"{story.title}\n")), "#555555")
        place.text(1.04, 1.0 - 0.11 * number, plain(text), transform=place.transAxes, fontsize=6.5, color=colour, va="top", linespacing=1.4)
    return found


def course(drawing: Any, stories: Sequence[Story], colours: Sequence[str], shown: Collection[str] | None = None) -> Any:
    """The year's course: monthly means over the years; of one cell with the least and greatest year of ANN-SM. Returns the axes."""
    place = drawing.add_subplot()
    months = np.arange(1, 13)
    for story, colour in zip(stories, colours):
        for title in titles([story], shown):
            found = views.course(story.dates, story.series[title])
            own = colour if len(stories) > 1 else "black" if title == IN_SITU else symbol_of(title)["color"]
            name = title if len(stories) == 1 else story.title if title == ANNSM else None
            style = {"linestyle": "-" if title == ANNSM or len(stories) == 1 else ":", "linewidth": 1.4 if title == ANNSM else 0.9}
            if len(stories) == 1 and title == ANNSM:
                place.fill_between(months, found.low, found.high, color=own, alpha=0.15, linewidth=0, label="driest to wettest year")
            place.plot(months, found.mean, marker="o", markersize=3, color=own, label=name, **style)
    place.set_xticks(months, ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"])
    place.set_xlim(0.7, 12.3)
    place.set_ylabel(UNIT, fontsize=7)
    tidy(place)
    _legend(place)
    return place


def anomalies(drawing: Any, stories: Sequence[Story], colours: Sequence[str], shown: Collection[str] | None = None) -> Any:
    """Departures from the mean of the 35 days around each day. Returns the axes."""
    place = drawing.add_subplot()
    for story, colour in zip(stories, colours):
        for title in titles([story], shown):
            own = colour if len(stories) > 1 else "black" if title == IN_SITU else symbol_of(title)["color"]
            name = title if len(stories) == 1 else story.title if title == ANNSM else None
            width = 0.9 if title == ANNSM else 0.6
            place.plot(story.dates, views.anomalies_of(story, title), ".-", color=own, label=name, linewidth=width, markersize=1.4)
    place.axhline(0.0, color="#888888", linewidth=0.6)
    _periods(place, stories)
    place.set_ylabel("departure from 35 days (m³ m⁻³)", fontsize=7)
    place.margins(x=0.01)
    tidy(place)
    date_axis(place)
    _legend(place)
    return place
