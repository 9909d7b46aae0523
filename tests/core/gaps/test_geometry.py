"""Lengths of gaps, distances to known days, and what is hidden."""

from __future__ import annotations

import numpy as np

from annsm_plugin.core.gaps import geometry, hiding


def series(text):
    """One cell: x known, . missing."""
    return np.array([[letter == "x" for letter in text]])


def test_distance_to_the_nearest_known_day():
    assert geometry.nearest(series("x...x.")).tolist() == [[0, 1, 2, 1, 0, 1]]
    assert (geometry.nearest(series("....")) >= geometry.NEVER).all()


def test_short_and_long_gaps():
    long = geometry.is_long(series("x" + "." * 7 + "x" + "." * 8 + "x..x"))
    assert long.tolist() == [[False] * 9 + [True] * 8 + [False] * 4]
    assert geometry.is_long(series("........x")).tolist() == [[True] * 8 + [False]]
    assert geometry.is_long(series("x" + "." * 7)).tolist() == [[False] * 8]
    assert geometry.is_long(series("." * 5)).tolist() == [[False] * 5] and geometry.is_long(series("." * 9)).all()


def test_interpolated_in_time():
    values = np.array([[np.nan, 0.1, np.nan, 0.3, np.nan]])
    assert np.allclose(geometry.interpolated(values, np.isfinite(values)), [[0.1, 0.1, 0.2, 0.3, 0.3]])


def test_hidden_values_have_the_shapes_of_the_records_gaps():
    random = np.random.default_rng(0)
    cells, days = 60, 700
    # swaths: each day lacks a run of cells at a place of its own
    first = random.integers(0, cells, days)
    present = ((np.arange(cells)[:, None] - first[None, :]) % cells) >= 20
    use, group = hiding.hide(present, present, random)
    assert set(np.unique(use)) == {hiding.SEEN, hiding.FITS, hiding.TESTS}
    assert not use[~present].any()
    whole = ((use > 0) == present).all(axis=0)
    assert whole.sum() >= 100  # long gaps: every value of the day is hidden
    for day in np.flatnonzero((use > 0).any(axis=0) & ~whole)[:40]:
        assert any(((use[:, day] > 0) == (present[:, day] & ~present[:, other])).all() for other in range(days))
    seen = present & (use == hiding.SEEN)
    assert seen.sum() > 0.35 * present.sum()
    assert (group[whole] < 0).all() and (group < 0).sum() == whole.sum()
    for kind in (False, True):
        own = (use > 0) & (geometry.is_long(seen) == kind)
        assert (use[own] == hiding.FITS).sum() > 200 and (use[own] == hiding.TESTS).sum() > 200


def test_nothing_is_hidden_in_a_short_record():
    known = np.ones((5, 50), dtype=bool)
    assert not hiding.hide(known, known, np.random.default_rng(0))[0].any()
