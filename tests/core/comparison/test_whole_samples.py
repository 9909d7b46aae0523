"""What the methods of the whole region are given, and what they are judged by, while the samples are read in parts and not kept."""

import numpy as np
import pytest
from record_cubes import write_cube

from annsm_plugin.core import comparison
from annsm_plugin.core.comparison import cube, paired, whole
from annsm_plugin.core.comparison.estimators import systems
from annsm_plugin.core.foundation import blocks, machine, store
from annsm_plugin.core.network import splits
from annsm_plugin.core.training import settings

PERIOD = {"start": "2015-04-01", "end": "2016-06-30", "split": "blocks"}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    place = tmp_path_factory.mktemp("region") / "cube.nc"
    write_cube(place, days=456)
    return place


@pytest.fixture
def region(path):
    """An open region, whose samples have been counted, and its inputs, target and days as plain arrays (cells, days)."""
    asked = settings.settings_of(comparison.CompareRequest(cube=path, table="t.csv", **PERIOD))
    with store.open_grid(path, kind="cube") as data:
        data = blocks.north_first(data)
        grid, dates = store.grid_of(data), blocks.dates_of(data)
        days = blocks.days_between(dates, asked.start, asked.end, path)
        found = whole.Region(data, path, dates, days, asked, grid, whole.roles_of_days(data, dates, days, asked, grid))
        found._counted(cube.SILENT)
        everything = slice(0, grid.shape[0]), slice(0, grid.shape[1])
        plain = {name: blocks.series(data, name, days, everything).astype(float) for name in (*asked.inputs, "sm_smap")}
        yield found, plain


def test_a_system_is_given_its_samples_and_those_for_testing_from_tiles_of_any_size(region):
    found, plain = region
    complete = np.isfinite(list(plain.values())).all(axis=0)
    complete &= (complete.sum(axis=1) >= found.asked.min_pairs)[:, np.newaxis]
    for name in ("rfsm", "nnsm"):
        wanted = complete & np.isin(found.roles, (*systems.SEEN[name], splits.TESTING))
        numbers = []
        for size in (2**28, 4000):
            with machine.within(size):
                given, cell, day = found._given({"name": name}, cube.SILENT)
            assert given["target"].size == wanted.sum()
            order = np.lexsort((given["day"], given["lat"], given["lon"]))
            numbers.append({key: values[order] for key, values in given.items()})
            at = given["role"] == splits.TESTING
            np.testing.assert_array_equal(given["target"][at], plain["sm_smap"][cell, day].astype(np.float32))
            assert (found.roles[day] == splits.TESTING).all() and wanted[cell, day].all()
        for key, values in numbers[0].items():
            np.testing.assert_array_equal(values, numbers[1][key], err_msg=key)
        np.testing.assert_array_equal(np.sort(numbers[0]["target"]), np.sort(plain["sm_smap"][wanted].astype(np.float32)))
        np.testing.assert_array_equal(np.sort(numbers[0]["inputs"][:, 0]), np.sort(plain[found.asked.inputs[0]][wanted].astype(np.float32)))


def test_of_many_samples_those_drawn_are_given(region, monkeypatch):
    found, _ = region
    with monkeypatch.context() as patch:
        patch.setattr(systems, "NETWORK_SAMPLES", 10**9)
        everything, _, _ = found._given({"name": "nnsm"}, cube.SILENT)
    monkeypatch.setattr(systems, "NETWORK_SAMPLES", 50)
    with machine.within(4000):
        all_in_parts, _, _ = found._given({"name": "rfsm"}, cube.SILENT)
        given, _, _ = found._given({"name": "nnsm"}, cube.SILENT)
    testing = splits.TESTING
    assert (given["role"] != testing).sum() == 50 and (given["role"] == testing).sum() == (everything["role"] == testing).sum()
    rows = {row.tobytes() for row in everything["inputs"][everything["role"] != testing]}
    drawn = [row.tobytes() for row in given["inputs"][given["role"] != testing]]
    assert set(drawn) <= rows and len(set(drawn)) == 50
    assert (all_in_parts["role"] == splits.TRAINING).any()


def test_a_forest_that_is_added_up_as_it_grows_is_the_forest():
    ensemble = pytest.importorskip("sklearn.ensemble")
    random = np.random.default_rng(0)
    given = {
        "inputs": random.normal(size=(600, 3)).astype(np.float32), "target": random.random(600).astype(np.float32),
        "role": np.repeat(np.array([splits.TRAINING, splits.TESTING], np.int8), 300), "day": random.integers(0, 366, 600, dtype=np.int16),
        "lat": random.random(600).astype(np.float32), "lon": random.random(600).astype(np.float32),
    }  # fmt: skip
    _, found = systems.estimate({"name": "rfsm", "draw": 7}, given, cube.SILENT)
    features = np.column_stack([given[name] for name in ("inputs", "day", "lat", "lon")])
    forest = ensemble.RandomForestRegressor(systems.TREES, random_state=7, n_jobs=1, min_samples_leaf=2).fit(
        features[:300], given["target"][:300]
    )
    assert np.isnan(found["estimates"][:300]).all()
    np.testing.assert_allclose(found["estimates"][300:], forest.predict(features[300:]), rtol=1e-12)


@pytest.mark.parametrize("memory", [1, 10**9])
def test_sums_are_those_of_all_cells_wherever_they_are_kept(memory):
    random = np.random.default_rng(1)
    values, cells = random.random((4, 5, 7)), random.random((4, 5)) < 0.6
    with machine.within(memory):
        sums = paired.Sums((4, 5), 7)
    order = random.permutation(20)
    for own in (order[:9], order[9:]):
        row, column = np.divmod(own, 5)
        sums.put("linear", row, column, values[row, column])
    sums.put("regional", slice(None), slice(None), 2 * values)
    np.testing.assert_array_equal(sums.over("linear", cells), values[cells].sum(axis=0))
    np.testing.assert_array_equal(sums.over("regional", cells), (2 * values)[cells].sum(axis=0))
    assert sums.over("forest", cells).tolist() == [0.0] * 7  # no cell had enough days


def test_cells_without_an_estimate_have_no_error_and_no_sample():
    judged = whole.Judged(3, 4, np.array([0, 0, 1, 1]), 2)
    nan = np.nan
    judged.enter(np.array([2]), np.array([[0.1, nan, 0.3, 0.2]], np.float32), np.array([[0.2, nan, 1.3, nan]]))
    n, rmse = (judged.errors[:, whole.MEASURES.index(name)] for name in ("n", "rmse"))
    assert n.tolist() == [0, 0, 2] and np.isnan(rmse[:2]).all() and rmse[2] == pytest.approx(np.sqrt((0.01 + 1.0) / 2))
    assert judged.impossible.tolist() == [0, 0, 1]
    np.testing.assert_allclose(judged.squares, [[0, 0], [0, 0], [0.01, 1.0]], rtol=1e-6)
