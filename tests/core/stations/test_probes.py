"""Probes of one site: replaced ones become one series with a mark, those side by side are averaged as before."""

from __future__ import annotations

import numpy as np
import pytest

from annsm_plugin.core.stations import probes
from annsm_plugin.core.stations.station import Station

DATES = np.datetime64("2010-01-01") + np.arange(1500)


def probe(sensor, first, last, depth=(0.05, 0.05)):
    """A probe that measures once a day on the days number ``first`` to ``last`` of ``DATES``."""
    times = DATES[first : last + 1].astype("datetime64[s]")
    return Station("A", "NET", 33.0, 91.0, depth, sensor, times, np.full(times.size, 0.2))


def daily(own, value):
    days = own.times.astype("datetime64[D]")
    return np.where(np.isin(DATES, days), value, np.nan)


def join(*pairs):
    return probes.joined("A", [own for own, _ in pairs], [daily(own, value) for own, value in pairs], DATES)


@pytest.mark.parametrize("overlap", [-200, 0, 1, 20])
def test_a_replaced_probe_is_marked_not_averaged(overlap):
    first, second = probe("EC-TM-A", 0, 699), probe("EC-TM-B", 700 - overlap, 1499)
    values, changes = join((first, 0.10), (second, 0.16))
    expected = np.full(DATES.size, np.nan)
    expected[:700], expected[max(700, 700 - overlap) :] = 0.10, 0.16
    np.testing.assert_array_equal(values, expected)
    assert [(c.site, c.day, c.before, c.after) for c in changes] == [("A", DATES[max(700, 700 - overlap)], "EC-TM-A", "EC-TM-B")]


def test_three_probes_after_each_other_are_two_changes_in_any_order():
    row = [(probe("A", 0, 400), 0.1), (probe("B", 395, 900), 0.2), (probe("C", 905, 1499), 0.15)]
    for order in ([0, 1, 2], [2, 0, 1]):
        values, changes = join(*(row[number] for number in order))
        assert [(c.day, c.before, c.after) for c in changes] == [(DATES[401], "A", "B"), (DATES[905], "B", "C")]
        assert values[400] == 0.1 and values[401] == 0.2 and np.isnan(values[902]) and values[905] == 0.15


def test_probes_side_by_side_are_averaged():
    values, changes = join((probe("A", 0, 1499), 0.1), (probe("B", 0, 1499), 0.2))
    np.testing.assert_allclose(values, 0.15)
    assert not changes


def test_a_second_probe_that_comes_to_stay_is_a_change_of_the_mean():
    values, changes = join((probe("A", 0, 1499), 0.1), (probe("B", 600, 1000), 0.2))
    assert values[599] == 0.1 and values[600] == pytest.approx(0.15) and values[1001] == 0.1
    assert [(c.day, c.before, c.after) for c in changes] == [(DATES[600], "A", "A, B"), (DATES[1001], "A, B", "A")]


def test_gaps_of_one_probe_are_no_change():
    own = probe("A", 0, 1499)
    values = daily(own, 0.1)
    values[300:700] = np.nan
    found, changes = probes.joined("A", [own], [values], DATES)
    np.testing.assert_array_equal(found, values)
    assert not changes


def test_probes_of_one_name_are_told_by_depth_or_number():
    deep, shallow = probe("5TM", 800, 1499, (0.05, 0.10)), probe("5TM", 0, 790, (0.0, 0.05))
    assert [(c.before, c.after) for c in join((shallow, 0.1), (deep, 0.2))[1]] == [("5TM 0-0.05 m", "5TM 0.05-0.1 m")]
    same = probe("5TM", 800, 1499, (0.0, 0.05))
    assert [(c.before, c.after) for c in join((shallow, 0.1), (same, 0.2))[1]] == [("5TM (probe 1)", "5TM (probe 2)")]


def test_a_probe_without_values_changes_nothing():
    empty = Station("A", "NET", 33.0, 91.0, (0.05, 0.05), "B", DATES[:0].astype("datetime64[s]"), np.empty(0))
    values, changes = probes.joined("A", [probe("A", 0, 1499), empty], [daily(probe("A", 0, 1499), 0.1), np.full(1500, np.nan)], DATES)
    np.testing.assert_array_equal(values, 0.1)
    assert not changes
    values, changes = probes.joined("A", [empty], [np.full(1500, np.nan)], DATES)
    assert np.isnan(values).all() and not changes


def test_a_stray_late_value_of_the_old_probe_changes_nothing():
    first, second = probe("A", 0, 699), probe("B", 700, 1499)
    stray = np.concatenate([first.times, DATES[1200:1201].astype("datetime64[s]")])
    first = Station("A", "NET", 33.0, 91.0, (0.05, 0.05), "A", stray, np.full(stray.size, 0.2))
    values, changes = join((first, 0.1), (second, 0.16))
    assert values[699] == 0.1 and (values[700:] == 0.16).all()
    assert [(c.day, c.before, c.after) for c in changes] == [(DATES[700], "A", "B")]


def test_probes_with_many_days_in_common_stand_side_by_side():
    values, changes = join((probe("A", 0, 900), 0.1), (probe("B", 800, 1499), 0.2))
    assert values[850] == pytest.approx(0.15)
    assert [(c.before, c.after) for c in changes] == [("A", "A, B"), ("A, B", "B")]
