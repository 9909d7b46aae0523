"""The methods of a comparison on any series: within their reference, or counted where no soil can have what they say."""

from __future__ import annotations

import hostile_series as hostile
import numpy as np
import planted_cubes
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hn

from annsm_plugin.core import comparison
from annsm_plugin.core.comparison import page, whole, words
from annsm_plugin.core.comparison.estimators import forest, kernels, statistical, systems
from annsm_plugin.core.foundation import bounds
from annsm_plugin.core.foundation.progress import SILENT
from annsm_plugin.core.network import members, splits

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

#: Numbers of a cube: single precision, finite.
NUMBERS = st.one_of(st.sampled_from([v for v in hostile.WORST if abs(v) < 3.3e38]), st.floats(-3e38, 3e38))

SAMPLES = st.integers(1, 40).flatmap(
    lambda n: st.tuples(
        hostile.series((n, 3), NUMBERS), hostile.series(n, hostile.SOIL), hn.arrays(bool, n).map(lambda own: own | ~own.any())
    )
)


def within(found, target):
    """Whether every number of ``found`` lies in the range of ``target``."""
    known = found[~np.isnan(found)]
    return (known >= target.min() - 1e-12).all() and (known <= target.max() + 1e-12).all()


@settings(max_examples=80, deadline=None)
@given(SAMPLES, st.sampled_from(kernels.WIDTHS.tolist()))
def test_means_of_the_target_stay_in_its_range(samples, width):
    inputs, target, train = samples
    assert within(kernels.grnn(inputs[train], target[train], inputs, width), target[train])
    dates = np.datetime64("2015-04-01") + np.arange(target.size)
    found = statistical.climatology(dates, target, train)
    assert within(found, target[train]) and np.isfinite(found).all()


@settings(max_examples=80, deadline=None)
@given(SAMPLES)
def test_matched_and_merged_products_stay_near_the_target(samples):
    inputs, target, train = samples
    margin = bounds.MARGIN * np.ptp(target[train])
    for found in (
        statistical.cdf_match(inputs[:, 0], target, train),
        statistical.merged(inputs[:, 0], np.clip(inputs[:, 1:], -1e6, 1e6), target, train),
    ):
        assert within(found, np.array([target[train].min() - margin, target[train].max() + margin]))


@settings(max_examples=25, deadline=None)
@given(SAMPLES)
def test_a_forest_stays_in_the_range_of_its_target(samples):
    pytest.importorskip("sklearn")
    inputs, target, train = samples
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forest, "TREES", 5)
        found = forest.forest(inputs, target, train, 1, 2)
    assert within(found, target[train]) and np.isfinite(found).all()


def estimated(name, samples):
    """Estimates of a system of the whole region, and which of its samples are for testing."""
    inputs, target, train = samples
    place = np.zeros(target.size, dtype=np.float32)
    role = np.where(train, splits.TRAINING, splits.TESTING).astype(np.int8)
    role[np.flatnonzero(train)[1::3]] = splits.TRAINING if name == "rfsm" else splits.VALIDATION
    arrays = {"inputs": inputs.astype(np.float32), "target": target.astype(np.float32), "role": role}
    values = {"name": name, "inputs": ["tb_06v", "tb_06h", "tb_10v"], "seed": 3, "draw": 4, "device": "cpu"}
    with np.errstate(all="ignore"):
        _, found = systems.estimate(values, {**arrays, "day": place.astype(np.int16), "lat": place, "lon": place}, SILENT)
    return found["estimates"], role == splits.TESTING


@settings(max_examples=25, deadline=None)
@given(SAMPLES)
def test_the_forest_of_a_region_stays_in_the_range_of_its_target(samples):
    pytest.importorskip("sklearn")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(systems, "TREES", 10)
        patch.setattr(systems, "AT_ONCE", 5)
        found, testing = estimated("rfsm", samples)
    assert np.isfinite(found[testing]).all() and np.isnan(found[~testing]).all()
    assert within(found, samples[1][samples[2]].astype(np.float32))


@settings(max_examples=25, deadline=None)
@given(SAMPLES)
def test_the_network_of_a_region_says_no_more_than_soil_can_have_or_is_counted(samples):
    pytest.importorskip("torch")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(members, "steps_for", lambda samples, settings: 20)
        found, testing = estimated("nnsm", samples)
    assert np.isnan(found[~testing]).all()
    judged = whole.Judged(1, found.size, np.zeros(found.size, dtype=int), 1)
    judged.enter(np.array([0]), np.where(testing, samples[1], np.nan)[np.newaxis], found[np.newaxis])
    assert judged.impossible[0] == sum(1 for value in found[testing] if value < 0 or value > 1)


def test_impossible_estimates_are_counted_and_said(tmp_path):
    """A plane through soil that gets wet in jumps is below 0 on dry days."""

    def make(inputs, day, random):
        return 0.9 * inputs["sm_gldas"] ** 4

    values = planted_cubes.function_of({"sm_gldas": (0.0, 1.0), "tb_06v": (200, 280)}, make, days=300, shape=(2, 2))
    path = planted_cubes.write(tmp_path / "cube.nc", values, extent=(90.0, 32.0, 90.5, 32.5))
    methods = ["linear", "grnn", "climatology", "cdf"]
    result = comparison.compare(path, start="2015-04-01", end="2016-03-31", methods=methods, seed=1)
    for name in methods:
        assert words.impossible_of(result, name) == int(result.maps[name]["impossible"].sum())
    assert words.impossible_of(result, "grnn") == words.impossible_of(result, "climatology") == 0
    count = words.impossible_of(result, "linear")
    assert count > 0 and any(f"{count} estimates" in line and "outside 0 to 1" in line for line in result.summary)
    row = next(row for row in words.rows(result) if row["method"] == "linear")
    assert row["impossible"] == count and words.COLUMNS[-1] == "impossible"
    assert str(count) in page._row(row)
