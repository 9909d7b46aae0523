"""The sensitivity analysis: a planted truth is found, each run equals a training, bad settings are refused."""

import dataclasses

import numpy as np
import planted_cubes
import pytest
from planted_cubes import PERIOD
from small_analysis import SMALL, numbers

from annsm_plugin.core import metrics, training
from annsm_plugin.core.foundation.errors import AnnsmError, CubeError, MissingLibrary, ParameterError
from annsm_plugin.core.matching import precipitation
from annsm_plugin.core.network import function, scaling
from annsm_plugin.core.sensitivity import analysis, experiments, settings, statistics
from annsm_plugin.core.sensitivity.experiments import Run
from annsm_plugin.core.sensitivity.request import SensitivityRequest
from annsm_plugin.core.workers import run as workers

pytest.importorskip("torch")


def common(values):
    """(days, rows, columns) bool: days with the target and all inputs."""
    return np.logical_and.reduce([np.isfinite(v) for name, v in values.items() if name != "precipitation_7h"])


# The planted truth


def test_the_informative_input_is_taken_first_and_noise_gains_nothing(tmp_path):
    cube = planted_cubes.write(tmp_path / "cube.nc", planted_cubes.planted())
    result = analysis.analyse(cube, experiments="inputs", hidden=4, choose="testing", repeats=4, **PERIOD)
    bare, sm, lai, both = result.entries
    assert sm.best and result.best.inputs == ("tb_06v", "tb_10v", "sm_gldas")
    assert bare.beyond_chance and lai.beyond_chance
    error = {e.label: e.means["rmse", "testing"][0] for e in result.entries}
    assert error["TB + SM"] < 0.8 * error["TB"]
    assert error["TB + LAI"] > 0.97 * error["TB"]
    assert both.difference[0] > -both.difference[1]


def test_without_information_the_brightness_temperatures_stay_alone_or_are_not_told_apart(tmp_path):
    values = planted_cubes.planted()
    values["sm_gldas"] = np.random.default_rng(5).normal(0.2, 0.05, values["lai"].shape)
    cube = planted_cubes.write(tmp_path / "cube.nc", values)
    result = analysis.analyse(cube, experiments="inputs", hidden=6, choose="testing", repeats=4, **PERIOD)
    assert result.best.inputs == ("tb_06v", "tb_10v")


def test_the_threshold_that_removes_spoiled_days_is_found_in_nine_of_ten_seeds(tmp_path):
    found = []
    for seed in range(10):
        cube = planted_cubes.write(tmp_path / f"{seed}.nc", planted_cubes.spoiled(seed))
        result = analysis.analyse(cube, experiments="thresholds", hidden=3, seed=seed, min_pairs=20, **PERIOD)
        found.append(result.best.threshold)
        worst = max(result.entries, key=lambda entry: entry.means["rmse_m3", "overall"][0])
        assert worst.run.threshold is None or worst.run.threshold > 11.25
    # every stricter threshold removes all spoiled days, too; the milder ones leave some
    assert sum(t is not None and t <= 11.25 for t in found) >= 9, found


def test_of_thresholds_that_remove_the_same_days_the_mildest_is_taken(tmp_path):
    values = planted_cubes.spoiled()
    rain = values["precipitation_7h"]
    values["precipitation_7h"] = np.where((rain > 8.0) & (rain <= 11.25), 2.0, rain)
    cube = planted_cubes.write(tmp_path / "cube.nc", values)
    result = analysis.analyse(cube, experiments="thresholds", hidden=3, **PERIOD)
    assert result.best.threshold == 11.25
    same = [e.means["rmse_m3", "overall"] for e in result.entries if e.run.threshold in (8.75, 10.0, 11.25)]
    np.testing.assert_array_equal(same[0], same[1])
    np.testing.assert_array_equal(same[0], same[2])


# Every run is a training


def test_every_run_equals_a_training_with_the_same_settings(gappy, analysed, tmp_path):
    """On the days with all inputs and the cells of every run, training reports the same numbers, cell by cell and in the mean."""
    values = dict(gappy[1])
    use = common(values) & analysed.cells
    values["sm_smap"] = np.where(use, values["sm_smap"], np.nan)
    cube = planted_cubes.write(tmp_path / "common.nc", values)
    checked = {}
    for entry in analysed.entries:
        if entry.run in checked:
            continue
        source = cube
        if entry.run.threshold is not None:
            source = precipitation.screen(cube, tmp_path / "screened.nc", threshold=entry.run.threshold).path
        trained = training.train(
            source,
            tmp_path / "model.nc",
            variables=entry.run.inputs,
            hidden=entry.run.hidden,
            ratio=entry.run.ratio,
            min_pairs=2,
            **PERIOD,
        )
        checked[entry.run] = trained
        np.testing.assert_array_equal(trained.model.trained, analysed.cells)
        assert entry.days == pytest.approx(np.mean(trained.model.error("n")[analysed.cells]), abs=1e-9)
        for kind, means in trained.means.items():
            for measure in statistics.MEASURES:
                assert entry.means[measure, kind][0] == pytest.approx(means[measure], rel=1e-12, abs=1e-14), (entry.label, measure, kind)
                assert entry.seeds[0][measure, kind] == entry.means[measure, kind][0]
            own = (trained.model.error("rmse", kind) * trained.model.width)[analysed.cells]
            assert entry.means["rmse_m3", kind][1] == pytest.approx(np.std(own, ddof=1), rel=1e-9)
    assert len(checked) == 7 + 2 + 2 + 2  # without screening is the best ratio again


def test_another_seed_is_that_seed_of_a_training(gappy, tmp_path):
    result = analysis.analyse(gappy[0], experiments="neurons", neurons="3", seed=4, repeats=3, min_pairs=80, **PERIOD)
    values = dict(gappy[1])
    values["sm_smap"] = np.where(common(values) & result.cells, values["sm_smap"], np.nan)
    cube = planted_cubes.write(tmp_path / "common.nc", values)
    means = []
    for seed in (4, 5, 6):
        trained = training.train(cube, tmp_path / "m.nc", hidden=3, ratio="70/15/15", seed=seed, **PERIOD)
        assert result.entries[0].seeds[seed]["rmse", "testing"] == pytest.approx(trained.means["testing"]["rmse"], rel=1e-12)
        means.append(trained.means["testing"]["rmse"])
    assert result.entries[0].means["rmse", "testing"][0] == pytest.approx(np.mean(means), rel=1e-12)
    assert result.entries[0].means["rmse", "testing"][2] == pytest.approx(np.std(means, ddof=1), rel=1e-9)


def test_errors_on_the_days_of_the_strictest_threshold(gappy, analysed, tmp_path):
    """Recomputed for each cell from a trained model's weights and limits, on the days with at most 8.75 mm or unknown rain."""
    values = dict(gappy[1])
    entry = next(e for e in analysed.of("thresholds") if e.run.threshold is None)
    values["sm_smap"] = np.where(common(values) & analysed.cells, values["sm_smap"], np.nan)
    cube = planted_cubes.write(tmp_path / "common.nc", values)
    m = training.train(cube, tmp_path / "m.nc", variables=entry.run.inputs, hidden=entry.run.hidden, ratio=entry.run.ratio, **PERIOD).model
    r, rmse = [], []
    for row, column in zip(*np.nonzero(analysed.cells)):
        of = np.stack([values[name][:, row, column] for name in (*m.inputs, "sm_smap")], axis=1).astype("float32").astype(float)
        kept = np.isfinite(of).all(axis=1) & ~(values["precipitation_7h"][:, row, column] > 8.75)
        scaled = scaling.scale(of[kept][np.newaxis], m.low[row, column][np.newaxis], m.high[row, column][np.newaxis])
        predicted = function.predict(m.weights[row, column], scaled[..., :-1], m.hidden)[0]
        r.append(metrics.r(scaled[0, :, -1], predicted))
        rmse.append(metrics.rmse(scaled[0, :, -1], predicted) * m.width[row, column])
    assert entry.means_same["r", "overall"][0] == pytest.approx(np.mean(r), rel=1e-9)
    assert entry.means_same["rmse_m3", "overall"][0] == pytest.approx(np.mean(rmse), rel=1e-9)
    strictest = next(e for e in analysed.of("thresholds") if e.run.threshold == 8.75)
    np.testing.assert_array_equal(list(strictest.means_same.values()), list(strictest.means.values()))


# The design of the experiments


def test_the_papers_44_runs():
    asked = settings.Asked(
        start=None,
        base=("a", "b"),
        candidates=("sm_gldas", "st_gldas", "lst_gldas", "lai"),
        experiments=experiments.EXPERIMENTS,
        neurons=settings.NEURONS,
        ratios=settings.RATIOS,
        thresholds=settings.THRESHOLDS,
        choose="overall",
        seeds=(0,),
    )
    inputs = (*asked.base, *asked.candidates)
    asked = dataclasses.replace(asked, start=type("Start", (), {"inputs": inputs}))
    counts = [len(experiments.expected(name, Run(inputs, 12, (70, 15, 15)), asked)) for name in experiments.EXPERIMENTS]
    assert counts == [11, 11, 13, 9] and sum(counts) == 44
    assert all(sum(ratio) == 100 for ratio in settings.RATIOS) and (80, 10, 10) in settings.RATIOS and (40, 45, 15) in settings.RATIOS


def test_each_experiment_starts_at_the_best_of_the_one_before(analysed):
    setting = analysed.asked.setting
    assert setting.ratio == (70, 15, 15) and setting.hidden == 3
    for experiment in experiments.EXPERIMENTS:
        field = {"inputs": "inputs", "neurons": "hidden", "ratios": "ratio", "thresholds": "threshold"}[experiment]
        for entry in analysed.of(experiment):
            assert dataclasses.replace(entry.run, **{field: getattr(setting, field)}) == setting
        best = analysed.chosen(experiment)
        measure = analysis.CHOSEN_BY[experiment]
        assert best.means[measure, "overall"][0] == min(e.means[measure, "overall"][0] for e in analysed.of(experiment))
        setting = best.run
    assert analysed.best == setting


def test_forward_selection_goes_on_from_the_best_of_each_round(analysed):
    added = [set(e.run.inputs) - {"tb_06v", "tb_10v"} for e in analysed.of("inputs")]
    assert [len(a) for a in added] == [0, 1, 1, 1, 2, 2, 3]
    errors = [e.means["rmse", "overall"][0] for e in analysed.of("inputs")]
    first = added[1 + int(np.argmin(errors[1:4]))]
    assert all(first < a for a in added[4:6])
    assert [e.run.inputs for e in analysed.of("inputs")][-1] == analysed.asked.inputs


def test_cells_and_days(gappy, analysed):
    values = gappy[1]
    wanted = np.ones((4, 4), dtype=bool)
    wanted[1, 2] = wanted[3, 0] = False  # too few days; the target never changes
    np.testing.assert_array_equal(analysed.cells, wanted)
    complete = common(values)
    np.testing.assert_array_equal(analysed.days, complete.sum(axis=0))
    for threshold in (8.75, 12.5):
        wet = complete & (np.nan_to_num(values["precipitation_7h"]) > threshold)
        np.testing.assert_array_equal(analysed.removed[threshold], wet.sum(axis=0))
    assert list(analysed.removed) == [12.5, 8.75]


def test_the_choice_does_not_depend_on_cells_that_cannot_be_trained(gappy, analysed, tmp_path):
    values = dict(gappy[1])
    values["sm_smap"] = np.where(analysed.cells, values["sm_smap"], np.nan)
    cube = planted_cubes.write(tmp_path / "cube.nc", values)
    without = analysis.analyse(cube, **SMALL, **PERIOD, min_pairs=80)
    # in the last digit a product of other numbers of cells may round otherwise, depending on the processor
    np.testing.assert_allclose(numbers(without), numbers(analysed), rtol=1e-12)
    assert without.best == analysed.best


def test_a_screened_cube_gives_the_same_and_says_so(gappy, analysed, tmp_path):
    screened = precipitation.screen(gappy[0], tmp_path / "screened.nc", threshold=8.75).path
    result = analysis.analyse(screened, **SMALL, **PERIOD, min_pairs=80)
    np.testing.assert_array_equal(numbers(result), numbers(analysed))
    assert any("its screening was not used" in w for w in result.warnings)


# Numbers that say how sure


def test_spread_and_difference_as_scipy_has_them():
    from scipy import stats

    random = np.random.default_rng(1)
    run = [random.normal(0.1, 0.02, 12) for _ in range(5)]
    best = [one - random.normal(0.004, 0.01, 12) for one in run]
    mean, over_cells, over_seeds = statistics.over_seeds(run)
    assert mean == pytest.approx(np.mean(run))
    assert over_cells == pytest.approx(np.std(np.mean(run, axis=0), ddof=1))
    assert over_seeds == pytest.approx(np.std(np.mean(run, axis=1), ddof=1))
    amount, half = statistics.difference(run, best)
    per_seed = np.mean(np.array(run) - best, axis=1)
    low, high = stats.t.interval(0.95, 4, loc=per_seed.mean(), scale=stats.sem(per_seed))
    assert (amount - half, amount + half) == pytest.approx((low, high), rel=1e-3)
    amount, half = statistics.difference(run[:1], best[:1])
    cells = run[0] - best[0]
    assert half == pytest.approx(stats.t.ppf(0.975, 11) * stats.sem(cells), rel=1e-3)
    for freedom in (1, 7, 30, 31, 60, 500):
        assert statistics.t95(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=1e-3)
    assert np.isnan(statistics.difference([np.array([0.1])], [np.array([0.2])])[1])


def test_an_interval_covers_chance_as_often_as_it_says():
    """Two settings that do not differ: the 95 % interval of their difference holds 0 in about 95 % of the trials."""
    random = np.random.default_rng(2)
    held = 0
    for _ in range(2000):
        level = random.normal(0.1, 0.03, 20)
        run, best = ([level + random.normal(0, 0.01, 20) for _ in range(4)] for _ in range(2))
        amount, half = statistics.difference(run, best)
        held += abs(amount) <= half
    assert held / 2000 == pytest.approx(0.95, abs=0.02)


# What is refused


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"experiments": "weather"}, "EXPERIMENTS names weather"),
        ({"choose": "training"}, "CHOOSE is 'training'"),
        ({"neurons": "0-3"}, "NEURONS holds '0-3'"),
        ({"neurons": "5-2"}, "NEURONS holds '5-2'"),
        ({"neurons": "many"}, "NEURONS holds 'many'"),
        ({"neurons": "2-4,3"}, "NEURONS names 3 more than once"),
        ({"neurons": " , "}, "NEURONS is empty"),
        ({"ratios": "80/10/20"}, "sums to 110"),
        ({"ratios": "70/15/15, 70-15-15"}, "more than once"),
        ({"thresholds": "none, wet"}, "THRESHOLDS holds 'wet'"),
        ({"thresholds": "-1"}, "THRESHOLDS holds '-1'"),
        ({"thresholds": "nan"}, "THRESHOLDS holds 'nan'"),
        ({"repeats": 0}, "REPEATS is 0"),
        ({"repeats": 1.5}, "REPEATS is 1.5"),
        ({"choose": "testing", "ratios": "80/20/0"}, "80/20/0 has no testing samples"),
        ({"variables": "lai,sm_gldas", "experiments": "inputs"}, "adds other inputs to the brightness temperatures"),
        ({"variables": "tb_06v", "experiments": "inputs"}, "adds other inputs to the brightness temperatures"),
        ({"variables": "tb_99v"}, "VARIABLES names tb_99v"),
        ({"ratio": "1/2/3"}, "sums to 6"),
        ({"start": "2001-01-01", "end": "2001-12-31"}, "none is in the training period"),
        ({"seed": -1}, "SEED is -1"),
    ],
)
def test_what_cannot_work_is_said_before_work(gappy, tmp_path, wrong, says):
    with pytest.raises(ParameterError, match=says):
        analysis.analyse(gappy[0], keep=tmp_path / "t.csv", **{**PERIOD, **wrong})
    assert not list(tmp_path.iterdir())


def test_lists_as_text_and_as_numbers():
    assert settings.parse_neurons("2-4, 8") == (2, 3, 4, 8) == settings.parse_neurons([2, 3, 4, 8])
    assert settings.parse_ratios("70/15/15; 80-10-10") == ((70, 15, 15), (80, 10, 10)) == settings.parse_ratios([(70, 15, 15), "80/10/10"])
    assert settings.parse_thresholds("none 8.75") == (None, 8.75) == settings.parse_thresholds(["None", 8.75])
    assert settings.parse_neurons(None) == tuple(range(2, 13)) and len(settings.parse_ratios("")) == 13
    assert settings.parse_thresholds(None) == (None, 8.75, 10, 11.25, 12.5, 13.75, 15, 16.25, 17.5)


def test_no_cell_with_enough_days(gappy):
    with pytest.raises(CubeError, match=r"no cell with 5000 complete days .* under the threshold 8\.75 mm"):
        analysis.analyse(gappy[0], min_pairs=5000, **PERIOD)


def test_no_precipitation(tmp_path):
    values = planted_cubes.planted()
    del values["precipitation_7h"]
    cube = planted_cubes.write(tmp_path / "cube.nc", values)
    with pytest.raises(CubeError, match="no precipitation_7h"):
        settings.check(SensitivityRequest(cube=cube, **PERIOD))
    assert settings.check(SensitivityRequest(cube=cube, experiments=["neurons"], **PERIOD)).experiments == ("neurons",)


def test_no_target_ever_changes(tmp_path):
    values = planted_cubes.planted()
    values["sm_smap"][:] = 0.2
    cube = planted_cubes.write(tmp_path / "cube.nc", values)
    with pytest.raises(AnnsmError, match="No cell could be trained in every run"):
        analysis.analyse(cube, experiments="neurons", neurons="2", **PERIOD)


def test_without_torch(gappy, tmp_path, monkeypatch):
    def missing(name):
        raise MissingLibrary("The Python package 'torch' (training) is not installed.")

    monkeypatch.setattr(workers, "load", missing)
    monkeypatch.setattr(workers.process, "start", lambda *_: None)
    with pytest.raises(MissingLibrary, match="torch"):
        analysis.analyse(gappy[0], keep=tmp_path / "t.csv", **PERIOD)
    with pytest.raises(MissingLibrary, match="torch"):
        settings.check(SensitivityRequest(cube=gappy[0], **PERIOD))
    assert not list(tmp_path.iterdir())


def test_the_grid_is_north_first(gappy, analysed, tmp_path):
    import xarray

    with xarray.open_dataset(gappy[0]) as cube:
        cube.isel(lat=slice(None, None, -1)).to_netcdf(tmp_path / "flipped.nc")
    flipped = analysis.analyse(tmp_path / "flipped.nc", **SMALL, **PERIOD, min_pairs=80)
    np.testing.assert_array_equal(flipped.days, analysed.days)
    np.testing.assert_array_equal(numbers(flipped), numbers(analysed))
