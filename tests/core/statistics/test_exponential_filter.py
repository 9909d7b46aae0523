"""The exponential filter against its closed form and against pytesmo."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from annsm_plugin.core.statistics import exponential_filter

RECORD = json.loads((Path(__file__).resolve().parents[2] / "data" / "pytesmo_record.json").read_text(encoding="utf-8"))[
    "exponential_filter"
]
VALUES, DAYS = (np.array([np.nan if v is None else v for v in RECORD[name]]) for name in ("values", "days"))


def closed_form(values, days, constant):
    """Wagner's sum: the mean of all values so far, weighed by exp(-age / constant)."""
    good = np.isfinite(values)
    out = np.full(values.size, np.nan)
    for number in np.flatnonzero(good):
        past = good & (days <= days[number])
        weights = np.exp(-(days[number] - days[past]) / constant)
        out[number] = (weights * values[past]).sum() / weights.sum()
    return out


def in_single_precision(values, days, constant):
    """The recursion with its gain in single precision, as pytesmo computes it."""
    out, gain, last, state = np.full(values.size, np.nan), np.float32(1), None, None
    for number in np.flatnonzero(np.isfinite(values)):
        if last is None:
            state = values[number]
        else:
            share = np.float32(np.exp(-(days[number] - last) / constant))
            gain = np.float32(gain / np.float32(gain + share))
            state = state + float(gain) * (values[number] - state)
        out[number], last = state, days[number]
    return out


@pytest.mark.parametrize("constant", [1, 5, 20])
def test_filter(constant):
    ours = exponential_filter.filtered(VALUES, DAYS, constant)[0]
    np.testing.assert_allclose(ours, closed_form(VALUES, DAYS, constant), rtol=1e-12)
    theirs = np.array([np.nan if v is None else v for v in RECORD["filtered"][str(constant)]])
    np.testing.assert_allclose(ours, theirs, rtol=2e-6)
    # all of the difference to pytesmo is its gain, which it keeps in single precision
    np.testing.assert_allclose(in_single_precision(VALUES, DAYS, constant), theirs, rtol=1e-10)


def test_several_series_are_filtered_each_with_its_constant():
    both = np.stack([VALUES, VALUES[::-1]])
    found = exponential_filter.filtered(both, DAYS, np.array([3.0, 12.0]))
    for row, constant in enumerate((3.0, 12.0)):
        np.testing.assert_allclose(found[row], closed_form(both[row], DAYS, constant), rtol=1e-12)


def test_the_time_constant_of_a_planted_layer_is_found():
    random = np.random.default_rng(3)
    days = np.arange(900.0)
    surface = np.clip(0.2 + 0.06 * random.normal(size=900), 0, 1)
    deep = closed_form(surface, days, 12.0) + random.normal(0, 0.002, 900)
    surface[random.random(900) < 0.1] = np.nan
    constant, values = exponential_filter.fitted(surface, deep, days)
    assert constant in (10.0, 12.0, 15.0)
    np.testing.assert_array_equal(values, exponential_filter.filtered(surface, days, constant)[0])


def test_too_few_common_days_leave_the_series_as_it_is():
    surface = np.linspace(0.1, 0.3, 20)
    constant, values = exponential_filter.fitted(surface, surface, np.arange(20.0))
    assert np.isnan(constant)
    np.testing.assert_array_equal(values, surface)
