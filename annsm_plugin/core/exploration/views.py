"""The numbers behind the views of a cell: measures against a reference, the year's course, anomalies, and tables of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import metrics
from ..foundation import tables
from ..statistics import anomalies
from .known import Period
from .stations import IN_SITU
from .story import ANNSM, Story, flag_words

#: Fewest values of a month that make its mean.
FEWEST_IN_MONTH = 5

#: What the others are compared with, the first of these that a cell has.
REFERENCES = (IN_SITU, "SMAP", "GLDAS")

MEASURES = ("r", "rmse", "bias", "ubrmse", "n")


def references(story: Story) -> list[str]:
    """What series of a cell the others can be compared with, the best first."""
    first = [title for title in REFERENCES if title in story.series]
    return [*first, *(title for title in story.series if title not in first)]


def days_in(story: Story, first: Any = None, last: Any = None) -> np.ndarray:
    """(days,) bool: the days of a stretch; None leaves a side open."""
    inside = np.ones(story.dates.size, dtype=bool)
    if first is not None:
        inside &= story.dates >= np.datetime64(first, "D")
    if last is not None:
        inside &= story.dates <= np.datetime64(last, "D")
    return inside


def period_named(story: Story, name: str) -> Period | None:
    """The cell's "training" or "test" period, None where it is not known."""
    return next((period for period in story.periods if period.name == name), None)


def measures(story: Story, reference: str, inside: np.ndarray | None = None) -> dict[str, dict[str, float]]:
    """R, RMSE, BIAS (reference minus product), ubRMSE and N of every other series against ``reference``, on each one's own common days."""
    inside = np.ones(story.dates.size, dtype=bool) if inside is None else inside
    target = np.where(inside, story.series[reference], np.nan)
    return {title: {k: float(v) for k, v in metrics.all_of(target, values).items()}
            for title, values in story.series.items() if title != reference}  # fmt: skip


@dataclass(frozen=True)
class Course:
    """The year's course: (12,) mean of the monthly means over the years, their least and greatest, and the number of years."""

    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    years: np.ndarray


def course(dates: np.ndarray, values: np.ndarray, fewest: int = FEWEST_IN_MONTH) -> Course:
    """The year's course of a daily series; a month counts in a year in which it has at least ``fewest`` values."""
    month = dates.astype("datetime64[M]").astype(int)
    there = np.isfinite(values)
    first = int(month.min()) // 12 * 12
    size = (int(month.max()) // 12 + 1) * 12 - first
    count = np.bincount(month[there] - first, minlength=size)
    total = np.bincount(month[there] - first, weights=values[there], minlength=size)
    with np.errstate(invalid="ignore", divide="ignore"):
        monthly = np.where(count >= fewest, total / count, np.nan).reshape(-1, 12)
    years = np.isfinite(monthly).sum(axis=0)
    known = years > 0
    mean, low, high = np.full((3, 12), np.nan)
    mean[known] = np.nanmean(monthly[:, known], axis=0)
    low[known], high[known] = np.nanmin(monthly[:, known], axis=0), np.nanmax(monthly[:, known], axis=0)
    return Course(mean, low, high, years)


def anomalies_of(story: Story, title: str) -> np.ndarray:
    """(days,) departures of a series from the mean of the 35 days around each day."""
    return anomalies.anomalies(story.series[title][np.newaxis], story.dates)[0]


def series_csv(stories: Sequence[Story]) -> str:
    """One line per cell and day with a value: the cell, its centre, the date, every series, ANN-SM's uncertainty and conditions."""
    titles = list(dict.fromkeys(title for story in stories for title in story.series))
    header = ["cell", "lat", "lon", "date", *titles, "uncertainty", "conditions"]
    rows = []
    for story in stories:
        there = np.logical_or.reduce([np.isfinite(values) for values in story.series.values()])
        for day in np.flatnonzero(there):
            values = [story.series[title][day] if title in story.series else "" for title in titles]
            uncertainty = "" if story.uncertainty is None else story.uncertainty[day]
            bits = 0 if story.flags is None or not np.isfinite(story.series.get(ANNSM, story.flags)[day]) else int(story.flags[day])
            rows.append([story.title, story.lat, story.lon, str(story.dates[day]), *values, uncertainty, flag_words(bits)])
    return tables.as_csv(header, rows)


def measures_csv(stories: Sequence[Story], reference: str, inside: Any = None) -> str:
    """One line per cell and product with its measures against ``reference``; ``inside(story)``: (days,) bool that count."""
    rows = []
    for story in stories:
        if reference in story.series:
            for title, found in measures(story, reference, None if inside is None else inside(story)).items():
                rows.append([story.title, story.lat, story.lon, title, reference, *(found[name] for name in MEASURES)])
    return tables.as_csv(["cell", "lat", "lon", "product", "reference", "R", "RMSE", "BIAS", "ubRMSE", "N"], rows)


def course_csv(stories: Sequence[Story]) -> str:
    """One line per cell, series and calendar month: the mean over the years, the least and greatest year, and the number of years."""
    rows = []
    for story in stories:
        for title, values in story.series.items():
            found = course(story.dates, values)
            for month in np.flatnonzero(found.years):
                numbers = (found.mean[month], found.low[month], found.high[month], int(found.years[month]))
                rows.append([story.title, story.lat, story.lon, title, int(month) + 1, *numbers])
    return tables.as_csv(["cell", "lat", "lon", "product", "month", "mean", "least", "greatest", "years"], rows)
