"""comparison.compare from a cube's file to its numbers: planted truths, the same cells and split as training, missing packages."""

import csv
import io
import sys
import time
import warnings

import numpy as np
import planted_cubes
import pytest
from record_cubes import write_cube

from annsm_plugin.core import comparison, metrics
from annsm_plugin.core.comparison import cube, drawing, page, words, work
from annsm_plugin.core.comparison.estimators import forest
from annsm_plugin.core.comparison.plan import planned
from annsm_plugin.core.comparison.request import CompareRequest
from annsm_plugin.core.foundation.errors import Cancelled, CubeError, ParameterError
from annsm_plugin.core.foundation.progress import Progress
from annsm_plugin.core.network import splits
from annsm_plugin.core.reports import figure_files
from annsm_plugin.core.statistics import cdf_matching
from annsm_plugin.core.workers import process

EXTENT = (90.0, 32.0, 91.0, 33.0)  # 4 x 4 cells
PERIOD = {"start": "2015-04-01", "end": "2017-03-31"}
DAYS = 720
INPUTS = {"tb_06v": (200, 280), "tb_10v": (210, 285), "sm_gldas": (0.05, 0.4), "lai": (0, 3)}


def planted_cube(path, make, **options):
    """A cube of four inputs; ``make(inputs by name, day, random)``."""
    return planted_cubes.write(path, planted_cubes.function_of(INPUTS, make, **{"days": DAYS, **options}))


def mean(result, method, measure="rmse"):
    return result.means[method][measure][0]


def samples_of(path, cell, names, ratio=(80, 10, 10), seed=0):
    """Physical values (N, F), target, roles and dates of one cell, read and split by this test itself."""
    import xarray

    row, column = cell
    with xarray.open_dataset(path) as data:
        inputs = np.stack([data[name].values[:, row, column].astype(float) for name in names], axis=1)
        target = data["sm_smap"].values[:, row, column].astype(float)
        dates = data["time"].values.astype("datetime64[D]")
        identity = int((90 - data["lat"].values[row]) / 0.25) * 1440 + int((data["lon"].values[column] + 180) / 0.25)
    good = np.isfinite(inputs).all(axis=1) & np.isfinite(target)
    roles = splits.roles(dates[good], ratio, "random", seed, identity)
    return inputs[good], target[good], roles, dates[good], identity


@pytest.fixture(scope="module")
def gappy(tmp_path_factory):
    """The tests' usual cube, with gaps, and a comparison of the quick methods on it."""
    path, _ = write_cube(tmp_path_factory.mktemp("comparison") / "cube.nc", days=DAYS)
    return path, comparison.compare(path, **PERIOD, methods=["cdf", "linear", "grnn", "climatology"])


NAMES = ("tb_06v", "tb_10v", "sm_gldas", "st_gldas", "lai")


def check_errors(result, method, cell, target, values, roles):
    testing = roles == splits.TESTING
    for measure in ("r", "rmse", "bias", "ubrmse", "n"):
        wanted = getattr(metrics, measure)(target[testing], values[testing])
        assert result.maps[method][measure][cell] == pytest.approx(wanted, abs=1e-8), measure


@pytest.mark.parametrize("cell", [(0, 0), (2, 3)])
def test_linear_is_numpys_lstsq_in_physical_units(gappy, cell):
    path, result = gappy
    inputs, target, roles, _, _ = samples_of(path, cell, NAMES)
    design, train = np.column_stack([np.ones(target.size), inputs]), roles == splits.TRAINING
    values = design @ np.linalg.lstsq(design[train], target[train], rcond=None)[0]
    check_errors(result, "linear", cell, target, values, roles)


def test_cdf_matching_is_that_of_physical_units(gappy):
    path, result = gappy
    inputs, target, roles, _, _ = samples_of(path, (1, 2), NAMES)
    train = roles == splits.TRAINING
    check_errors(result, "cdf", (1, 2), target, cdf_matching.fit(inputs[train, 2], target[train])(inputs[:, 2]), roles)


def test_grnn_is_the_formula_on_scaled_inputs(gappy):
    path, result = gappy
    inputs, target, roles, _, _ = samples_of(path, (3, 1), NAMES)
    scaled = (inputs - inputs.min(axis=0)) / np.ptp(inputs, axis=0)
    train, validation = roles == splits.TRAINING, roles == splits.VALIDATION

    def estimate(width, asked):
        apart = ((asked[:, None] - scaled[train]) ** 2).sum(axis=2)
        weights = np.exp(-apart / (2 * width**2))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return weights @ target[train] / weights.sum(axis=1)

    from annsm_plugin.core.comparison.estimators.kernels import WIDTHS

    errors = [np.mean((estimate(width, scaled[validation]) - target[validation]) ** 2) for width in WIDTHS]
    check_errors(result, "grnn", (3, 1), target, estimate(WIDTHS[int(np.nanargmin(errors))], scaled), roles)


def test_forest_is_scikit_learn_called_directly(tmp_path):
    ensemble = pytest.importorskip("sklearn.ensemble")
    path, _ = write_cube(tmp_path / "cube.nc", days=184, extent=(90.0, 32.0, 90.5, 32.5))
    result = comparison.compare(path, start="2015-04-01", end="2015-10-01", methods=["forest"], seed=4)
    inputs, target, roles, _, identity = samples_of(path, (0, 1), NAMES, seed=4)
    scaled = (inputs - inputs.min(axis=0)) / np.ptp(inputs, axis=0)
    low, width = target.min(), np.ptp(target)
    train = roles == splits.TRAINING
    trees = ensemble.RandomForestRegressor(100, random_state=forest.state_of(4, identity))
    values = low + width * trees.fit(scaled[train], (target[train] - low) / width).predict(scaled)
    check_errors(result, "forest", (0, 1), target, values, roles)


def test_the_network_is_the_one_that_training_makes(tmp_path):
    pytest.importorskip("torch")
    from annsm_plugin.core import training

    path, _ = write_cube(tmp_path / "cube.nc", days=400, screened=np.random.default_rng(0).random((400, 4, 4)) < 0.1)
    common = {**PERIOD, "hidden": 3, "seed": 2, "restarts": 2, "split": "blocks", "ratio": (60, 20, 20), "min_pairs": 200}
    trained = training.train(path, tmp_path / "model.nc", **common).model
    result = comparison.compare(path, **common, methods=["network", "climatology"])
    np.testing.assert_array_equal(result.cells, trained.trained)
    for measure in ("r", "rmse", "bias", "n"):
        wanted = trained.errors[("r", "rmse", "bias", "n").index(measure), 2] * (trained.width if measure in ("rmse", "bias") else 1)
        np.testing.assert_allclose(result.maps["network"][measure][result.cells], wanted[result.cells], atol=1e-9)


def test_on_linear_data_the_plane_is_at_least_as_good(tmp_path):
    pytest.importorskip("torch")
    noise = 0.01

    def make(x, day, random):
        soil = 0.6 - 0.001 * x["tb_06v"] - 0.0008 * x["tb_10v"] + 0.3 * x["sm_gldas"] + 0.02 * x["lai"]
        return soil + random.normal(0, noise, soil.shape)

    methods = ["network", "linear", "grnn", "climatology"]
    result = comparison.compare(planted_cube(tmp_path / "c.nc", make), **PERIOD, methods=methods, hidden=4)
    assert mean(result, "linear") == pytest.approx(noise, rel=0.08)
    assert mean(result, "linear") <= mean(result, "network") < 1.3 * noise
    assert mean(result, "network") < mean(result, "grnn") < mean(result, "climatology")
    share, gain, low, high = result.better["climatology"]
    assert share == 1 and gain == pytest.approx(mean(result, "climatology") - mean(result, "network"))
    assert np.isnan(low) or low <= gain <= high
    assert any(s == "Lowest mean RMSE: Linear regression." for s in result.summary)


def test_where_only_the_season_speaks_climatology_wins(tmp_path):
    noise = 0.02

    def make(x, day, random):
        return 0.25 + 0.1 * np.sin(2 * np.pi * day / 365.25) + random.normal(0, noise, x["lai"].shape)

    result = comparison.compare(planted_cube(tmp_path / "c.nc", make), **PERIOD, methods=["linear", "cdf", "grnn", "climatology"])
    assert mean(result, "climatology") == pytest.approx(noise, rel=0.12)
    assert mean(result, "climatology", "r") > 0.9
    for name in ("linear", "cdf", "grnn"):
        assert mean(result, name) > 2.5 * mean(result, "climatology") and abs(mean(result, name, "r")) < 0.25
    assert result.means["climatology"]["rmse"][1] == pytest.approx(np.std(result.maps["climatology"]["rmse"]))


def test_importance_finds_the_planted_input(tmp_path):
    pytest.importorskip("torch")

    def make(x, day, random):
        return 0.05 + 0.3 / (1 + np.exp((x["tb_10v"] - 245) / 10)) + random.normal(0, 0.01, x["lai"].shape)

    path = planted_cube(tmp_path / "c.nc", make)
    result = comparison.compare(path, **PERIOD, methods=["network", "network_without_tb", "linear"], hidden=4)
    growth = {name: np.nanmean(values) for name, values in result.importance.items()}
    first = words.ranking(result)[0][0]
    assert first in ("tb_10v", "all brightness temperatures")
    for name in ("tb_06v", "sm_gldas", "lai"):
        assert abs(growth[name]) < 0.03 * growth["tb_10v"]
    assert growth["all brightness temperatures"] == pytest.approx(growth["tb_10v"], rel=0.1)
    assert mean(result, "network") < 0.013 < mean(result, "linear") < mean(result, "network_without_tb")
    spread = np.std(0.3 / (1 + np.exp((np.linspace(210, 285, 1001) - 245) / 10)))
    assert mean(result, "network_without_tb") == pytest.approx(spread, rel=0.1)  # without the channel there is nothing to know
    assert growth["tb_10v"] == pytest.approx(np.sqrt(2) * spread, rel=0.1)


def test_cells_do_not_depend_on_their_block(gappy, monkeypatch):
    path, result = gappy
    monkeypatch.setattr(cube, "CELLS_PER_BLOCK", 3)
    again = comparison.compare(path, **PERIOD, methods=list(result.maps))
    for name, own in result.maps.items():
        np.testing.assert_allclose(again.maps[name]["rmse"], own["rmse"], rtol=1e-12)  # sums over other padding


def test_too_few_days_are_left_out(tmp_path):
    path = planted_cube(tmp_path / "c.nc", lambda x, day, random: np.where((np.arange(4) == 1) & (day > 40), np.nan, 0.1 + 0.1 * x["lai"]))
    result = comparison.compare(path, **PERIOD, methods=["linear"])
    assert not result.cells[:, 1].any() and result.cells[:, [0, 2, 3]].all()
    with pytest.raises(CubeError, match="no cell with 900 complete days"):
        comparison.compare(path, **PERIOD, methods=["linear"], min_pairs=900, keep=tmp_path / "t.csv")
    assert list(tmp_path.glob(".t.csv*")) == []


def test_a_constant_target_has_no_r_and_no_error(tmp_path):
    path = planted_cube(tmp_path / "c.nc", lambda x, day, random: np.where(np.arange(4) == 2, 0.2, 0.1 + 0.1 * x["lai"]))
    result = comparison.compare(path, **PERIOD, methods=["linear", "climatology", "grnn"])
    assert np.isnan(result.maps["linear"]["r"][:, 2]).all() and np.abs(result.maps["linear"]["rmse"][:, 2]).max() < 1e-6
    assert np.isfinite(mean(result, "linear", "r"))


def test_a_missing_package_drops_its_row_with_a_sentence(gappy, monkeypatch):
    path, _ = gappy
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.setattr(process, "start", lambda *_: None)  # nor is there another Python
    result = comparison.compare(path, **PERIOD)
    assert set(result.maps) == {"cci", "cdf", "linear", "grnn", "climatology"} and not result.importance
    said = [w for w in result.warnings if "left out:" in w]
    assert len(said) == 7 and any("scikit-learn" in w and w.startswith("Random forest") for w in said)
    with pytest.raises(ParameterError, match="No method is left"):
        comparison.compare(path, **PERIOD, methods=["forest"])


def test_methods_without_their_inputs_are_left_out(gappy, tmp_path):
    path, _ = gappy
    result = comparison.compare(path, **PERIOD, methods=["cdf", "linear", "network_without_tb"], variables="tb_06v tb_10v")
    assert set(result.maps) == {"linear"} and "'sm_gldas'" in result.left_out["cdf"]
    result = comparison.compare(path, **PERIOD, methods=["cdf"], variables="st_gldas lai", product="lai")
    assert result.product == "lai" and set(result.maps) == {"cdf"}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"methods": ["svm"]}, "METHODS is 'svm'; expected one of network"),
        ({"ratio": "80/20/0"}, "no testing samples"),
        ({"ratio": "80/10"}, "not understood"),
        ({"product": "lprm"}, "PRODUCT is 'lprm'"),
        ({"variables": "nothing"}, "VARIABLES names nothing"),
        ({"start": "2018-01-01", "end": "2017-01-01"}, "after END"),
        ({"split": "odd"}, "SPLIT is 'odd'"),
        ({"seed": -1}, "SEED is -1"),
    ],
)
def test_bad_parameters(gappy, wrong, says):
    path, _ = gappy
    with pytest.raises(ParameterError, match=says):
        planned(CompareRequest(cube=path, **{**PERIOD, **wrong}))


def test_a_cube_without_target(tmp_path):
    path, _ = write_cube(tmp_path / "c.nc", drop=("sm_smap",))
    with pytest.raises(CubeError, match="no SMAP soil moisture"):
        planned(CompareRequest(cube=path, **PERIOD))


class Watch(Progress):
    """Keeps what it is told; asks to stop when the text contains a word."""

    def __init__(self, stop_at=None):
        self.fractions, self.texts, self.stop_at, self.asked = [], [], stop_at, None

    def report(self, fraction, text=""):
        self.fractions.append(fraction)
        self.texts.append(text)
        if self.stop_at and self.stop_at in text and self.asked is None:
            self.asked = time.monotonic()

    def cancelled(self):
        return self.asked is not None


@pytest.mark.parametrize("stop_at", ["Reading", "networks", "Random forest"])
def test_cancelling_takes_less_than_a_second_and_leaves_nothing(tmp_path, stop_at):
    pytest.importorskip("torch")
    pytest.importorskip("sklearn")
    path, _ = write_cube(tmp_path / "cube.nc", days=DAYS, extent=(90.0, 32.0, 92.0, 34.0))
    watch = Watch(stop_at)
    with pytest.raises(Cancelled):
        comparison.compare(path, **PERIOD, progress=watch, restarts=20 if stop_at == "networks" else 1)
    assert time.monotonic() - watch.asked < 1.0


def test_progress_goes_up_and_a_stopped_run_goes_on(tmp_path, monkeypatch):
    path, _ = write_cube(tmp_path / "cube.nc", days=300)
    monkeypatch.setattr(cube, "CELLS_PER_BLOCK", 4)
    whole = Watch()
    wanted = comparison.compare(path, **PERIOD, methods=["linear", "climatology"], progress=whole)
    assert whole.fractions[-1] == 1.0 and np.all(np.diff(whole.fractions) >= -1e-9) and any("Climatology" in t for t in whole.texts)
    done, original = [], work.estimate

    def stopping(method, *rest):
        if len(done) == 2 * 2:  # both methods of two blocks
            raise KeyboardInterrupt
        done.append(method)
        return original(method, *rest)

    monkeypatch.setattr(work, "estimate", stopping)
    with pytest.raises(KeyboardInterrupt):
        comparison.compare(path, **PERIOD, methods=["linear", "climatology"], keep=tmp_path / "t.csv")
    calls = []
    monkeypatch.setattr(work, "estimate", lambda *a: calls.append(1) or original(*a))
    result = comparison.compare(path, **PERIOD, methods=["linear", "climatology"], keep=tmp_path / "t.csv")
    assert len(calls) == 2 * 2
    np.testing.assert_array_equal(result.maps["linear"]["rmse"], wanted.maps["linear"]["rmse"])
    assert list(tmp_path.glob(".t.csv*")) == []


def test_table_report_and_figures(gappy, tmp_path):
    _, result = gappy
    rows = list(csv.DictReader(io.StringIO(words.table_csv(result))))
    assert [row["method"] for row in rows] == ["cdf", "linear", "grnn", "climatology"] and list(rows[0]) == list(words.COLUMNS)
    linear = rows[1]
    assert float(linear["rmse_mean"]) == pytest.approx(np.mean(result.maps["linear"]["rmse"]), rel=1e-5)
    assert float(linear["rmse_sd"]) == pytest.approx(np.std(result.maps["linear"]["rmse"]), rel=1e-5)
    assert int(linear["testing_samples"]) == result.maps["linear"]["n"].sum() and linear["network_better_percent"] == ""
    page.report(tmp_path / "r.html", result)
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "Linear regression" in text and "Synthetic data" in text and "http" not in text and len(text) < 5e6
    written = figure_files.write(tmp_path / "figures", drawing.all_figures(result))
    assert {p.name for p in written} >= {"methods.png", "methods.pdf", "methods.svg", "methods_numbers.csv"}
    numbers = list(csv.DictReader((tmp_path / "figures" / "methods_numbers.csv").open()))
    assert len(numbers) == 4 * 16
    assert np.mean([float(n["rmse"]) for n in numbers if n["method"] == "grnn"]) == pytest.approx(mean(result, "grnn"), rel=1e-4)


def test_report_with_everything(tmp_path):
    pytest.importorskip("torch")
    pytest.importorskip("sklearn")
    path, _ = write_cube(tmp_path / "cube.nc", days=150, extent=(90.0, 32.0, 90.5, 32.5))
    result = comparison.compare(path, start="2015-04-01", end="2015-10-01", hidden=2)
    assert list(result.maps) == list(comparison.METHODS) and all(s > 0 for s in result.seconds.values())
    page.report(tmp_path / "r.html", result)
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "Importance of the inputs" in text and "all brightness temperatures" in text and "Random forest" in text
    lines = list(csv.DictReader(io.StringIO(words.importance_csv(result))))
    assert {line["input"] for line in lines} == {*NAMES, "all brightness temperatures"}
    assert len(figure_files.write(tmp_path / "f", drawing.all_figures(result))) == 16


def test_in_workers_the_numbers_are_the_same(gappy, monkeypatch):
    from annsm_plugin.core.workers import run as workers

    path, result = gappy
    monkeypatch.setattr(workers, "WORTH", 0.0)
    monkeypatch.setattr(workers.machine, "cores", lambda: 2)
    tasks = []
    original = workers.process.Process.do
    monkeypatch.setattr(workers.process.Process, "do", lambda self, task, *given: tasks.append(task) or original(self, task, *given))
    again = comparison.compare(path, **PERIOD, methods=list(result.maps))
    assert set(tasks) == {"comparison.work:measure"}
    for name, own in result.maps.items():
        for measure, values in own.items():
            np.testing.assert_array_equal(again.maps[name][measure], values)
