"""splits: counts, reproducibility, contiguity."""

import numpy as np
import pytest

from annsm_plugin.core.foundation.errors import ParameterError
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.network import splits

DATES = np.datetime64("2015-04-01") + np.sort(np.random.default_rng(1).choice(1461, 605, replace=False))


@pytest.mark.parametrize("text", ["80/10/10", "80-10-10", " 80, 10 ,10"])
def test_ratio_texts(text):
    assert splits.check_ratio(text) == (80, 10, 10)


@pytest.mark.parametrize("bad", ["80/10", "80/10/20", "a/b/c", (0, 50, 50), (80.5, 9.5, 10), (110, -5, -5), None, ""])
def test_bad_ratios_say_so(bad):
    with pytest.raises(ParameterError, match="ratio"):
        splits.check_ratio(bad)


def test_counts_round_and_training_takes_the_rest():
    assert splits.counts(605, (80, 10, 10)) == (483, 61, 61)  # 60.5 rounds up, as MATLAB does
    assert splits.counts(604, (80, 10, 10)) == (484, 60, 60)
    assert splits.counts(1, (40, 30, 30)) == (1, 0, 0)


@pytest.mark.parametrize("split", ["random", "blocks"])
def test_every_day_has_a_role_and_the_counts_hold(split):
    role = splits.roles(DATES, (80, 10, 10), split, 0, 5)
    assert [(role == k).sum() for k in (0, 1, 2)] == [483, 61, 61]


@pytest.mark.parametrize("split", splits.SPLITS)
def test_a_cell_and_a_seed_fix_the_split(split):
    first = splits.roles(DATES, (80, 10, 10), split, 3, 77)
    np.testing.assert_array_equal(first, splits.roles(DATES, (80, 10, 10), split, 3, 77))
    assert (first != splits.roles(DATES, (80, 10, 10), split, 3, 78)).any()
    assert (first != splits.roles(DATES, (80, 10, 10), split, 4, 77)).any()


def test_blocks_are_stretches():
    role = splits.roles(DATES, (80, 10, 10), "blocks", 0, 5)
    changes = int((np.diff(role) != 0).sum())
    assert changes < 30 < int((np.diff(splits.roles(DATES, (80, 10, 10), "random", 0, 5)) != 0).sum())


def test_leave_one_year_out_tests_on_one_whole_year():
    role = splits.roles(DATES, (80, 10, 10), "leave_one_year_out", 0, 5, start="2015-04-01", end="2019-03-31")
    tested = DATES[role == splits.TESTING]
    assert (tested[-1] - tested[0]).astype(int) < 366
    dates = DATES
    inside = (dates >= tested[0]) & (dates <= tested[-1])
    assert (role[inside] == splits.TESTING).all()
    other = splits.roles(DATES, (80, 10, 10), "leave_one_year_out", 0, 6, start="2015-04-01", end="2019-03-31")
    np.testing.assert_array_equal(role == splits.TESTING, other == splits.TESTING)


def test_leave_one_year_out_needs_two_years():
    with pytest.raises(ParameterError, match="two years"):
        splits.check_split("leave_one_year_out", "2015-04-01", "2016-03-31")
    splits.check_split("leave_one_year_out", "2015-04-01", "2017-03-31")


def test_unknown_split():
    with pytest.raises(ParameterError, match="expected one of random"):
        splits.check_split("shuffled", "2015-04-01", "2016-03-31")


def test_a_cell_keeps_its_number_in_every_region():
    small, large = Grid.from_extent((90, 30, 91, 31)), Grid.from_extent((89, 29, 92, 32))
    numbers = splits.cell_ids(large)
    rows, columns = large.rows_in(small.lat), None
    columns = np.searchsorted(large.lon, small.lon)
    rows = [int(np.flatnonzero(large.lat == lat)[0]) for lat in small.lat]
    np.testing.assert_array_equal(splits.cell_ids(small), numbers[np.ix_(rows, columns)])
    across = splits.cell_ids(Grid.from_extent((170, 0, 190, 1)))
    assert np.unique(across).size == across.size and across.max() < 720 * 1440
    assert across[0, -1] == splits.cell_ids(Grid.from_extent((-170.25, 0, -170, 1)))[0, 0]


@pytest.mark.parametrize("bad", [[1e308, 15, 15], [10**400, 15, 15], [float("inf"), 0, 0], [float("nan"), 50, 50]])
def test_a_ratio_of_no_percentages_is_refused_in_a_short_sentence(bad):
    with pytest.raises(ParameterError, match="no percentages; expected three whole percentages") as said:
        splits.check_ratio(bad)
    assert len(str(said.value)) < 120
