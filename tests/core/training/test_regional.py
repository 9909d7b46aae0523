"""One ensemble for all cells: what it is told, what it may not know, what it gives to cells without data, and how sure it says it is."""

import shutil

import netCDF4
import numpy as np
import pytest
from record_cubes import EXTENT, INPUTS, write_cube

from annsm_plugin.core import metrics, reconstruction, training
from annsm_plugin.core.foundation import store
from annsm_plugin.core.foundation.errors import AnnsmError, Cancelled, CubeError
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.foundation.progress import Progress
from annsm_plugin.core.foundation.variables import FLAGS
from annsm_plugin.core.network import splits
from annsm_plugin.core.training import model, refinement, regional, regional_cells, regional_days, settings, uncertainty
from annsm_plugin.core.training.shared import LIKE, OWN

pytest.importorskip("torch")
PERIOD = {"start": "2015-04-01", "end": "2016-03-31"}
QUICK = regional.members.Settings(steps=150, hidden=(16, 16))


def changed(source, target, **variables):
    """A copy of a cube with other values: a function of (values, days since the first) for each variable named."""
    shutil.copy(source, target)
    with netCDF4.Dataset(target, "a") as file:
        days = np.arange(file["time"].size)
        for name, function in variables.items():
            values = np.ma.filled(file[name][:].astype(float), np.nan)
            file[name][:] = np.ma.masked_invalid(function(values, days))
    return target


def values_of(path, name):
    with netCDF4.Dataset(path) as file:
        return np.ma.filled(file[name][:].astype(float), np.nan)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("regional")
    _, truth = write_cube(folder / "whole.nc")
    np.save(folder / "truth.npy", truth)

    def thinned(values, days):
        values = values.copy()
        values[:, 0, 0] = np.nan  # no target at all
        values[20:, 3, 3] = np.nan  # some days of it
        return values

    changed(folder / "whole.nc", folder / "cube.nc", sm_smap=thinned)
    return folder


@pytest.fixture(scope="module")
def trained(folder):
    return training.train(folder / "cube.nc", folder / "model.nc", method="regional", split="blocks", trainer=QUICK, **PERIOD)


@pytest.fixture(scope="module")
def record(folder, trained):
    return reconstruction.reconstruct(folder / "model.nc", folder / "cube.nc", folder / "annsm.nc")


def test_every_cell_gets_values_and_those_without_data_are_flagged(folder, trained, record):
    source = trained.model.shared.source
    assert source[0, 0] == LIKE and source[3, 3] == LIKE and (source == OWN).sum() == 14
    assert trained.status[0, 0] == regional.UNTRAINED and trained.status[1, 1] == 1
    flags = values_of(folder / "annsm.nc", "quality_flag")
    soil = values_of(folder / "annsm.nc", "soil_moisture")
    truth = np.load(folder / "truth.npy")
    own = np.isfinite(soil[:, 0, 0])
    assert own.sum() > 200 and (flags[own, 0, 0].astype(int) & FLAGS["cell_not_trained"] > 0).all()
    known = np.isfinite(soil[:, 1, 1])
    assert not (flags[known, 1, 1].astype(int) & FLAGS["cell_not_trained"]).any()
    assert metrics.r(truth[:, 0, 0], soil[:, 0, 0]) > 0.9 and metrics.rmse(truth[:, 0, 0], soil[:, 0, 0]) < 0.03
    assert record.counts["cell_not_trained"] == int(np.isfinite(soil[:, [0, 3], [0, 3]]).sum())


def test_the_file_gives_the_values_by_arithmetic_alone(folder, trained, record):
    """Recomputed with numpy from the model file's arrays, not with the package."""
    cube = {name: values_of(folder / "cube.nc", name)[:, 1, 2] for name in INPUTS}
    with netCDF4.Dataset(folder / "model.nc") as file:
        file.set_auto_mask(False)
        arrays = {name: np.asarray(file[name][...], float) for name in file.variables if name.startswith("shared_")}
        names, factor = file.getncattr("inputs").split(), file.getncattr("shared_factor")
    centre, scale = arrays["shared_centre"][1, 2], arrays["shared_scale"][1, 2]
    inputs = (np.stack([cube[name] for name in names], axis=1) - centre[:-1]) / scale[:-1]
    told = np.broadcast_to(arrays["shared_descriptors"][1, 2], (inputs.shape[0], arrays["shared_descriptors"].shape[2]))
    found = []
    for member in range(arrays["shared_fold"].size):
        values = np.concatenate([np.clip(inputs, -5, 5), told], axis=1)
        for layer in range(3):
            values = values / (1 + np.exp(-values)) if layer else values
            values = values @ arrays[f"shared_weights_{layer}"][member] + arrays[f"shared_biases_{layer}"][member]
        found.append(values[:, 0])
    soil, spread = centre[-1] + scale[-1] * np.mean(found, axis=0), scale[-1] * np.std(found, axis=0, ddof=1)
    np.testing.assert_allclose(values_of(folder / "annsm.nc", "soil_moisture")[:, 1, 2], soil, atol=2e-6)
    np.testing.assert_allclose(values_of(folder / "annsm.nc", "soil_moisture_spread")[:, 1, 2], spread, atol=2e-6)
    stated = factor * np.sqrt(spread**2 + arrays["shared_residual"][1, 2] ** 2)
    np.testing.assert_allclose(values_of(folder / "annsm.nc", "soil_moisture_uncertainty")[:, 1, 2], stated, atol=2e-6)


def test_a_day_has_one_role_for_the_whole_region(folder):
    asked = settings.settings_of(
        training.TrainRequest(cube=folder / "cube.nc", output=folder / "m.nc", split="blocks", method="regional", **PERIOD)
    )
    dates = np.arange(np.datetime64("2015-04-01"), np.datetime64("2016-04-01"))
    counts = np.where((dates >= np.datetime64("2015-12-01")) & (dates < np.datetime64("2016-03-01")), 0, 14)  # a winter without retrievals
    role, fold = regional_days.days_of(dates, counts, asked)
    stretch = (dates - dates[0]).astype(int) // splits.BLOCK_DAYS
    for number in np.unique(stretch):
        assert np.unique(role[stretch == number]).size == 1 and np.unique(fold[stretch == number]).size == 1
    assert 0.05 < counts[role == splits.TESTING].sum() / counts.sum() < 0.2
    taught = [counts[(fold == number) & (role == splits.TRAINING)].sum() for number in range(regional_days.FOLDS)]
    assert min(taught) > 0


@pytest.mark.parametrize("split", ["random", "leave_one_year_out"])
def test_other_splits_keep_days_apart_too(folder, split):
    request = training.TrainRequest(cube=folder / "cube.nc", output=folder / "m.nc", split="random", method="regional", **PERIOD)
    asked = settings.dataclasses.replace(settings.settings_of(request), split=split, end=np.datetime64("2018-03-31"))
    dates = np.arange(np.datetime64("2015-04-01"), np.datetime64("2018-04-01"))
    role, fold = regional_days.days_of(dates, np.ones(dates.size), asked)
    share = (role == splits.TESTING).mean()
    assert 0.06 < share < 0.14 if split == "random" else 0.32 < share < 0.35
    assert set(fold[role == splits.TRAINING]) == set(range(regional_days.FOLDS))


def test_nothing_of_the_test_days_enters_the_model(folder, trained, tmp_path):
    """A leak is planted: testing days, and all days after the period, are spoilt; what is trained may not notice."""
    asked = trained.model.attributes
    request = training.TrainRequest(cube=folder / "cube.nc", output=folder / "m.nc", split="blocks", method="regional", **PERIOD)
    checked = settings.settings_of(request)
    dates = np.arange(np.datetime64("2015-04-01"), np.datetime64("2016-04-01"))
    counts = np.isfinite(values_of(folder / "cube.nc", "sm_smap"))[: dates.size].sum(axis=(1, 2))
    role, _ = regional_days.days_of(dates, counts, checked)
    hidden = np.concatenate([np.flatnonzero(role == splits.TESTING), np.arange(dates.size, 420)])
    assert 30 < hidden.size < 200 and asked["split"] == "blocks"

    def spoilt(scale):
        def function(values, days):
            values = values.copy()
            values[hidden] = values[hidden] * scale
            return values

        return function

    changed(folder / "cube.nc", tmp_path / "leak.nc", sm_smap=spoilt(0.5), tb_10v=spoilt(1.3), sm_gldas=spoilt(0.2))
    other = training.train(tmp_path / "leak.nc", tmp_path / "model.nc", method="regional", split="blocks", trainer=QUICK, **PERIOD)
    mine, theirs = trained.model.shared, other.model.shared
    for name in ("centre", "scale", "descriptors", "source", "low", "high", "residual"):
        np.testing.assert_array_equal(getattr(mine, name), getattr(theirs, name), err_msg=name)
    for one, two in zip(mine.ensemble.weights, theirs.ensemble.weights):
        np.testing.assert_array_equal(one, two)
    assert trained.means["testing"]["rmse"] < 0.9 * other.means["testing"]["rmse"]  # the leak is really there

    def early(values, days):
        values = values.copy()
        values[np.flatnonzero(role == splits.TRAINING)[5]] *= 0.5
        return values

    changed(folder / "cube.nc", tmp_path / "seen.nc", tb_10v=early)
    seen = training.train(tmp_path / "seen.nc", tmp_path / "model.nc", method="regional", split="blocks", trainer=QUICK, **PERIOD)
    assert not np.array_equal(mine.centre, seen.model.shared.centre)  # and a training day is noticed


def test_a_members_validation_days_are_not_its_training_days(trained):
    shared = trained.model.shared
    assert sorted(set(shared.ensemble.fold)) == list(range(regional_days.FOLDS))
    assert trained.means["validation"]["rmse"] > trained.means["training"]["rmse"]


def test_stated_uncertainty_covers_what_it_says(folder, record):
    soil, sigma = (values_of(folder / "annsm.nc", name)[366:] for name in ("soil_moisture", "soil_moisture_uncertainty"))
    ratio = np.abs(values_of(folder / "cube.nc", "sm_smap")[366:] - soil) / sigma
    ratio = ratio[np.isfinite(ratio)]
    assert ratio.size > 300
    assert 0.60 < np.mean(ratio < 1) < 0.76 and 0.91 < np.mean(ratio < 1.96) < 0.98


def test_uncertainty_is_scaled_to_what_left_out_days_show():
    random = np.random.default_rng(0)
    cells = np.repeat(np.arange(40), 200)
    own = random.uniform(0.5, 2.0, 40)
    error, spread = random.normal(0, own[cells]), np.full(cells.size, 0.3)
    squared, days, apart = (np.bincount(cells, weights=v) for v in (error**2, np.ones(cells.size), spread**2))
    residual = uncertainty.residuals(squared, days, apart)
    total = np.hypot(residual, 0.3)
    assert np.corrcoef(total, own)[0, 1] > 0.98 and np.abs(total / own - 1).mean() < 0.12
    assert uncertainty.factor(lambda: [np.abs(error) / total[cells]]) == pytest.approx(1.0, abs=0.05)
    assert uncertainty.factor(lambda: [2.0 * np.abs(error) / total[cells]]) == pytest.approx(2.0, abs=0.1)
    assert uncertainty.factor(lambda: [np.array([1.0])]) == 1.0  # too few to say


def test_a_cell_without_data_is_told_what_cells_like_it_have():
    random = np.random.default_rng(1)
    cells, days = 30, 300
    middle = random.uniform(0.1, 0.4, cells)
    gldas = middle[:, None] + 0.05 * random.normal(size=(cells, days))
    smap = 0.02 + 0.9 * gldas + 0.01 * random.normal(size=(cells, days))
    sums = regional_cells.Sums.empty(cells, 1, np.array([0.2, 0.2]))
    used = np.ones((cells, days), bool)
    used[5], used[6, 10:] = False, False
    sums.add(np.arange(cells), np.stack([gldas, smap], axis=2), used, np.ones((cells, days), bool))
    told = regional_cells.told(sums, 50)
    assert told.source[5] == LIKE and told.source[6] == LIKE and (np.delete(told.source, [5, 6]) == OWN).all()
    for cell in (5, 6):
        assert told.centre[cell, 1] == pytest.approx(0.02 + 0.9 * middle[cell], abs=0.012)
        assert told.scale[cell, 1] == pytest.approx(0.046, abs=0.012) and told.doubt[cell] > 0
    np.testing.assert_allclose(told.centre[0], [gldas[0].mean(), smap[0].mean()], rtol=1e-12)
    np.testing.assert_allclose(told.scale[0], [gldas[0].std(), smap[0].std()], rtol=1e-9)


def test_a_correction_is_made_where_the_cell_proves_it_and_nowhere_else():
    random = np.random.default_rng(2)
    cells, days = 12, 360
    inputs = random.normal(size=(cells, days, 2))
    output = np.tanh(inputs[..., 0])
    target = output + 0.5 * random.normal(size=output.shape)
    target[3] += 0.6 * inputs[3, :, 1]  # this cell feels the second input
    block = np.broadcast_to(np.arange(days) // 30, output.shape)
    slopes, outside = refinement.corrections(output, inputs, target, np.ones(output.shape, bool), block % 5, block)
    believed = (slopes != 0).any(axis=1)
    assert believed[3] and believed.sum() == 1
    assert slopes[3, 3] == pytest.approx(0.6, abs=0.1)
    assert np.mean((target - outside)[3] ** 2) < 0.6 * np.mean((target - output)[3] ** 2)
    np.testing.assert_array_equal(outside[believed == 0], output[believed == 0])


def test_the_correction_of_a_cell_does_not_depend_on_how_many_are_worked_on_at_once(monkeypatch):
    draw = np.random.default_rng(3)
    cells, days = 21, 500
    output, inputs = draw.normal(size=(cells, days)), draw.normal(size=(cells, days, 3))
    target = 0.7 * output + 0.4 * inputs[..., 0] + draw.normal(0, 0.3, (cells, days))
    output[draw.random(output.shape) < 0.1] = np.nan
    block = np.broadcast_to(np.arange(days) // 10, output.shape)

    def found():
        slopes, outside = refinement.corrections(output, inputs, target, np.isfinite(output), block % 5, block)
        return slopes, outside, refinement.corrected(output, inputs, slopes)

    some = found()
    monkeypatch.setattr(refinement, "AT_ONCE", cells)
    assert (some[0] != 0).all()
    for ours, theirs in zip(some, found()):
        np.testing.assert_array_equal(ours, theirs)
    by_hand = output + sum(some[0][:, [n]] * v for n, v in enumerate((1.0, output, *np.moveaxis(np.clip(inputs, -3, 3), 2, 0))))
    np.testing.assert_allclose(some[2], by_hand, rtol=1e-12)


def test_refined_wins_where_a_cell_is_unlike_all_others(folder, tmp_path):
    """In one cell an input that means nothing elsewhere carries the soil moisture."""
    grid = Grid.from_extent(EXTENT)
    random = np.random.default_rng(4)
    days = 540
    shape = (days, *grid.shape)
    first, second = random.normal(size=shape), random.normal(size=shape)
    truth = 0.25 + 0.05 * np.tanh(first)
    truth[:, 2, 2] = 0.25 + 0.05 * np.tanh(second[:, 2, 2])
    cube = {"one": first, "two": second, "sm_smap": truth + 0.01 * random.normal(size=shape)}
    described = {"annsm_kind": "cube", "channels": "common", "channel_list": "06", "polarisation": "V"}
    with store.GridWriter(tmp_path / "cube.nc", grid, np.datetime64("2015-04-01") + np.arange(days), list(cube), described) as out:
        for name, values in cube.items():
            out.put(name, slice(None), values)
    errors = {}
    for method in ("regional", "refined"):
        done = training.train(tmp_path / "cube.nc", tmp_path / "m.nc", method=method, split="blocks", trainer=QUICK, **PERIOD)
        reconstruction.reconstruct(tmp_path / "m.nc", tmp_path / "cube.nc", tmp_path / "o.nc", start="2016-04-01")
        errors[method] = metrics.rmse(truth[366:], values_of(tmp_path / "o.nc", "soil_moisture"), axis=0)
    assert done.model.shared.corrected[2, 2]
    assert errors["refined"][2, 2] < 0.7 * errors["regional"][2, 2]
    others = np.ones(grid.shape, bool)
    others[2, 2] = False
    assert errors["refined"][others].mean() < 1.02 * errors["regional"][others].mean()


def test_goes_on_from_the_members_that_are_done(folder, trained, tmp_path):
    class Tired(Progress):
        """Asks to stop when the third member is trained."""

        def __init__(self, path):
            self.path = path

        def cancelled(self):
            return len(list(self.path.glob(".model.nc.resume/member-*.npz"))) >= 3

    options = {"method": "regional", "split": "blocks", "trainer": QUICK, **PERIOD}
    with pytest.raises(Cancelled):
        training.train(folder / "cube.nc", tmp_path / "model.nc", progress=Tired(tmp_path), **options)
    assert not (tmp_path / "model.nc").exists()
    done = training.train(folder / "cube.nc", tmp_path / "model.nc", **options)
    for one, two in zip(done.model.shared.ensemble.weights, trained.model.shared.ensemble.weights):
        np.testing.assert_array_equal(one, two)
    assert not list(tmp_path.glob(".model.nc*"))


def test_workers_give_the_same(folder, trained, tmp_path, monkeypatch):
    monkeypatch.setenv("ANNSM_PROCESSES", "2")
    monkeypatch.setattr(regional, "SECONDS_PER_STEP", 10.0)
    done = training.train(folder / "cube.nc", tmp_path / "model.nc", method="regional", split="blocks", trainer=QUICK, **PERIOD)
    for one, two in zip(done.model.shared.ensemble.weights, trained.model.shared.ensemble.weights):
        np.testing.assert_array_equal(one, two)


def test_a_model_comes_back_as_it_was_written(folder, trained):
    again = model.read(folder / "model.nc")
    assert again.attributes["method"] == "regional" and again.several
    np.testing.assert_array_equal(again.trained, trained.model.trained)
    for name in ("centre", "scale", "descriptors", "source", "low", "high", "residual", "correction"):
        np.testing.assert_allclose(getattr(again.shared, name), getattr(trained.model.shared, name), err_msg=name)
    for one, two in zip(again.shared.ensemble.weights, trained.model.shared.ensemble.weights):
        np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(again.errors, trained.model.errors)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.delncattr("shared_layers"),
        lambda file: file.setncattr("shared_layers", np.int32(7)),
        lambda file: file.setncattr("shared_layers", np.int32(2)),
        lambda file: file.setncattr("shared_factor", "much"),
        lambda file: file["shared_weights_1"].__setitem__((0, 0, 0), np.nan),
        lambda file: file.renameVariable("shared_source", "forgotten"),
        lambda file: file.setncattr("method", "magic"),
    ],
)
def test_a_spoilt_model_is_refused(folder, trained, tmp_path, spoil):
    shutil.copy(folder / "model.nc", tmp_path / "model.nc")
    with netCDF4.Dataset(tmp_path / "model.nc", "a") as file:
        spoil(file)
    with pytest.raises(CubeError):
        model.read(tmp_path / "model.nc")


def test_a_region_without_enough_days_is_refused(folder, tmp_path):
    with pytest.raises(AnnsmError, match=r"no cell with 400 complete days .*\(the most are 240\)"):
        training.train(folder / "cube.nc", tmp_path / "m.nc", method="regional", min_pairs=400, **PERIOD)
    assert not list(tmp_path.glob("*"))
