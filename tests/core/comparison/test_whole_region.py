"""Methods that learn from all cells together: worlds in which each must win and lose, the same days for all, better than chance."""

import numpy as np
import planted_cubes
import pytest
from record_cubes import INPUTS, write_cube

from annsm_plugin.core import comparison, metrics, training
from annsm_plugin.core.comparison import paired, whole
from annsm_plugin.core.comparison.estimators import statistical, systems
from annsm_plugin.core.foundation import blocks, store
from annsm_plugin.core.network import splits
from annsm_plugin.core.training import settings

pytest.importorskip("torch")
pytest.importorskip("sklearn")
PERIOD = {"start": "2015-04-01", "end": "2017-03-31", "split": "blocks", "ratio": "60/20/20"}
NOISE = {
    "tb_06v": (240, 280), "tb_06h": (200, 240), "tb_10v": (245, 285), "tb_10h": (205, 245), "sm_gldas": (0.05, 0.4), "lai": (0, 3),
}  # fmt: skip


def world(path, make):
    """A cube of inputs that are noise, the same kind in every cell; ``make(inputs, cell, random)`` gives the target."""
    cell = np.arange(16).reshape(4, 4)
    values = planted_cubes.function_of(NOISE, lambda inputs, day, random: make(inputs, cell, random), days=720)
    return planted_cubes.write(path, values, attributes={"polarisation": "VH"})


def errors(path, *methods):
    result = comparison.compare(path, **PERIOD, methods=list(methods), seed=1)
    return {name: result.means[name]["rmse"][0] for name in methods}, result


def noise(random, shape, size=0.03):
    return size * random.normal(size=shape)


def test_the_region_wins_where_cells_share_a_function_and_days_are_noisy(tmp_path):
    def make(x, cell, random):
        return 0.25 + 0.08 * np.tanh((x["tb_06h"] - 220) / 8) * (x["lai"] / 3) + noise(random, x["lai"].shape, 0.05)

    found, result = errors(world(tmp_path / "c.nc", make), "network", "regional", "rfsm", "linear")
    assert found["regional"] < 0.97 * found["network"] and found["regional"] < found["linear"]
    assert result.paired["regional"][2] < 0  # the interval excludes no difference
    assert comparison.words.verdict(*result.paired["regional"][1:]) == "better"


def test_one_network_for_all_pixels_loses_where_every_cell_has_its_own_function(tmp_path):
    """The sign of the only useful input alternates from cell to cell: hopeless for a network that is not told which cell it sees."""

    def make(x, cell, random):
        sign = np.where(cell % 2 == 0, 1.0, -1.0)
        return 0.25 + sign * 0.08 * np.tanh((x["tb_06h"] - 220) / 8) + noise(random, x["lai"].shape, 0.01)

    found, result = errors(world(tmp_path / "c.nc", make), "network", "regional", "nnsm")
    assert found["network"] < 0.4 * found["nnsm"]
    assert found["regional"] < 0.4 * found["nnsm"]  # so few cells are told apart by their means and spreads
    assert comparison.words.verdict(*result.paired["nnsm"][1:]) == "worse"


def test_all_methods_of_the_region_lose_where_no_two_cells_are_alike(tmp_path):
    """Each of 64 cells weighs the inputs by numbers of its own, of which its means and spreads say nothing; a refined cell learns them."""
    side = 8
    ways = np.random.default_rng(5).normal(size=(len(NOISE), side, side))

    def make(x, day, random):
        standardised = [(x[name] - np.mean(bounds)) / (bounds[1] - bounds[0]) * 12**0.5 for name, bounds in NOISE.items()]
        wetness = sum(way * value for way, value in zip(ways / np.sqrt((ways**2).sum(0)), standardised))
        return 0.25 + 0.05 * np.tanh(wetness) + noise(random, wetness.shape, 0.005)

    values = planted_cubes.function_of(NOISE, make, days=720, shape=(side, side))
    path = planted_cubes.write(tmp_path / "c.nc", values, extent=(90.0, 32.0, 92.0, 34.0), attributes={"polarisation": "VH"})
    found, result = errors(path, "network", "regional", "rfsm", "refined", "linear")
    assert found["network"] < 0.5 * found["regional"] and found["network"] < 0.5 * found["rfsm"]
    assert found["linear"] < 0.7 * found["rfsm"]
    assert found["network"] < found["refined"] < 0.7 * found["regional"]
    for name in ("regional", "rfsm"):
        assert comparison.words.verdict(*result.paired[name][1:]) == "worse"


def test_the_forest_of_the_region_wins_on_steps_and_knows_the_place(tmp_path):
    """Each cell has its own level, and steps: latitude, longitude and thresholds, which a forest takes and a plane does not."""

    def make(x, cell, random):
        steps = (x["tb_06h"] > 220).astype(float) + (x["tb_10v"] > 265) - (x["lai"] > 1.5)
        return 0.2 + 0.002 * cell + 0.04 * steps * np.where(x["sm_gldas"] > 0.2, 1, -1) + noise(random, x["lai"].shape)

    found, _ = errors(world(tmp_path / "c.nc", make), "rfsm", "linear", "nnsm", "network")
    assert found["rfsm"] < min(found["linear"], found["nnsm"], found["network"])


def test_nnsm_wins_where_brightness_is_all_and_loses_where_it_is_nothing(tmp_path):
    def radiometer(x, cell, random):
        low, high = x["tb_06v"] - x["tb_06h"], x["tb_10v"] - x["tb_10h"]
        return 0.25 + 0.002 * (low - 40) - 0.03 * np.tanh(high / low - 1) + noise(random, x["lai"].shape, 0.04)

    found, _ = errors(world(tmp_path / "a.nc", radiometer), "nnsm", "network", "cdf")
    assert found["nnsm"] < found["network"] < found["cdf"]

    def model(x, cell, random):
        return 0.1 + 0.5 * x["sm_gldas"] + noise(random, x["lai"].shape, 0.01)

    found, _ = errors(world(tmp_path / "b.nc", model), "nnsm", "cdf", "linear")
    assert found["nnsm"] > 3 * found["linear"] and found["nnsm"] > 2 * found["cdf"]


def test_merging_beats_each_of_its_products_and_loses_to_a_product_without_error(tmp_path):
    def both(x, cell, random):
        truth = 0.25 + 0.001 * (x["tb_06h"] - 220)
        x["sm_gldas"][...] = truth + noise(random, truth.shape, 0.012)
        x["tb_06h"] += random.normal(size=truth.shape) * 12
        return truth + noise(random, truth.shape, 0.005)

    found, _ = errors(world(tmp_path / "a.nc", both), "cci", "cdf")
    assert found["cci"] < 0.95 * found["cdf"]

    def exact(x, cell, random):
        x["tb_06h"][...] = random.uniform(200, 240, x["tb_06h"].shape)
        return x["sm_gldas"] * 0.8

    found, _ = errors(world(tmp_path / "b.nc", exact), "cci", "cdf")
    assert found["cdf"] < found["cci"]


def test_weights_of_the_merging_are_those_of_the_planted_errors():
    random = np.random.default_rng(0)
    truth = random.normal(size=20000)
    model, seen = truth + 0.5 * random.normal(size=truth.size), truth + 1.0 * random.normal(size=truth.size)
    target = truth + 0.3 * random.normal(size=truth.size)
    train = np.ones(truth.size, bool)
    found = statistical.merged(model, seen[:, np.newaxis], target, train)
    plane = np.polyfit(seen, target, 1)
    matched = [statistical.cdf_match(v, target, train) for v in (model, np.polyval(plane, seen))]
    slopes = np.linalg.lstsq(np.column_stack(matched), found, rcond=None)[0]
    assert slopes.sum() == pytest.approx(1.0, abs=0.02)
    errors = 0.5**2 * 1.09 / 1.25, 1.0 * 1.09 / 2.0  # error variances 0.25 and 1, after each is brought to the target's variance
    assert slopes[0] == pytest.approx(1 / errors[0] / (1 / errors[0] + 1 / errors[1]), abs=0.03)


def test_the_index_is_the_ratio_of_polarisation_differences():
    names = ["tb_06v", "tb_06h", "lai", "tb_10v", "tb_10h"]
    found = systems.brightness(np.array([[270.0, 240.0, 1.0, 275.0, 257.0], [270.0, 270.0, 1.0, 275.0, 274.0]]), names)
    assert found.shape == (2, 5)
    assert found[0].tolist() == [270.0, 240.0, 275.0, 257.0, pytest.approx(18 / 30)]
    assert found[1, 4] == pytest.approx(2.0)  # no difference to divide by: half a kelvin
    assert systems.brightness(np.ones((3, 2)), ["tb_06v", "tb_10v"]).shape == (3, 2)


def test_all_methods_are_judged_on_the_same_days_which_no_cell_has_trained_on(tmp_path):
    write_cube(tmp_path / "cube.nc", days=500)
    request = comparison.CompareRequest(
        cube=tmp_path / "cube.nc", table=tmp_path / "t.csv", start="2015-04-01", end="2016-06-30", split="blocks"
    )
    asked = settings.settings_of(request)
    with store.open_grid(tmp_path / "cube.nc", kind="cube") as data:
        data = blocks.north_first(data)
        dates = blocks.dates_of(data)
        days = blocks.days_between(dates, asked.start, asked.end, tmp_path / "cube.nc")
        roles = whole.roles_of_days(data, dates, days, asked, store.grid_of(data))
    assert {splits.TRAINING, splits.VALIDATION, splits.TESTING} == set(roles.tolist())
    result = comparison.compare(
        tmp_path / "cube.nc", start="2015-04-01", end="2016-06-30", split="blocks", methods=["linear", "regional", "rfsm", "nnsm", "forest"]
    )
    counts = {name: maps["n"] for name, maps in result.maps.items()}
    for name in counts:
        np.testing.assert_array_equal(counts[name], counts["linear"], err_msg=name)
    trained = training.train(
        tmp_path / "cube.nc", tmp_path / "m.nc", start="2015-04-01", end="2016-06-30", split="blocks", method="regional"
    )
    np.testing.assert_array_equal(trained.model.error("n", "testing"), counts["regional"])
    np.testing.assert_allclose(trained.model.error("rmse", "testing") * trained.model.width, result.maps["regional"]["rmse"], atol=2e-6)
    assert set(INPUTS) == set(result.asked.inputs)


def test_methods_of_single_cells_are_as_before_when_alone(tmp_path):
    """The roles of days are shared only where a method learns from all cells."""
    write_cube(tmp_path / "cube.nc")
    period = {"start": "2015-04-01", "end": "2016-03-31"}
    alone = comparison.compare(tmp_path / "cube.nc", **period, methods=["linear"])
    trained = training.train(tmp_path / "cube.nc", tmp_path / "m.nc", hidden=2, **period)
    np.testing.assert_array_equal(alone.maps["linear"]["n"], trained.model.error("n", "testing"))


def test_the_interval_of_a_difference_covers_it():
    """Two methods whose errors share the weather of each stretch; the truth is the difference over very many stretches."""
    random = np.random.default_rng(3)

    def draw(stretches, gain):
        n = random.integers(40, 80, stretches)
        weather = np.exp(0.5 * random.normal(size=stretches))
        one, other = (0.04**2 * (weather * g * np.exp(0.15 * random.normal(size=stretches))) * n for g in (gain, 1.0))
        return one, other, n.astype(float)

    for gain in (1.0, 0.8):
        exact = paired.difference(*draw(400_000, gain))[0]
        hits = [low <= exact <= high for _, low, high in (paired.difference(*draw(12, gain)) for _ in range(500))]
        assert 0.90 <= np.mean(hits) <= 0.985
    assert np.isnan(paired.difference(*draw(3, 1.0))[1])


def test_a_difference_worked_by_hand():
    one, other, n = np.array([4.0, 1.0, 9.0, 4.0]), np.array([1.0, 1.0, 4.0, 1.0]), np.array([1.0, 1.0, 1.0, 1.0])
    found = paired.difference(one, other, n)[0]
    assert found == pytest.approx(np.sqrt(18 / 4) - np.sqrt(7 / 4))
    error = np.array([[1.0, 2.0, np.nan, 3.0]])
    assert paired.squares(error, np.array([[0, 0, 1, 2]]), 4).tolist() == [[5.0, 0.0, 9.0, 0.0]]
    assert paired.counts(error, np.array([[0, 0, 1, 2]]), 4).tolist() == [[2.0, 0.0, 1.0, 0.0]]
    assert metrics.rmse(np.array([3.0]), np.array([1.0])) == 2.0


def test_whole_patches_of_cells_can_be_left_out(tmp_path):
    def make(x, cell, random):
        return 0.25 + 0.08 * np.tanh((x["tb_06h"] - 220) / 8) + noise(random, x["lai"].shape, 0.02)

    path = world(tmp_path / "c.nc", make)
    options = {**PERIOD, "split": "leave_regions_out", "seed": 1}
    result = comparison.compare(path, **options)
    assert set(result.maps) == {"regional", "refined", "rfsm", "nnsm"}
    assert any(w.startswith("Neural network is left out: it learns from the days of each cell") for w in result.warnings)
    away = whole.left_out(result.grid, result.asked)
    assert 0 < away.sum() < 16
    for name, maps in result.maps.items():
        np.testing.assert_array_equal(maps["n"] > 0, away, err_msg=name)
        np.testing.assert_array_equal(maps["n"][away], result.maps["rfsm"]["n"][away])
        assert result.means[name]["rmse"][0] < 0.04, name

    spoilt = world(tmp_path / "d.nc", lambda x, cell, random: np.where(away, 0.9 - make(x, cell, random), make(x, cell, random)))
    other = comparison.compare(spoilt, **options)  # nothing of the patches' target was used
    for name in ("regional", "nnsm", "rfsm"):
        assert other.means[name]["rmse"][0] > 0.2, name
