"""Training a cube: what a trained model holds, that a cell's result does not depend on its surroundings, and that bad input is refused."""

import contextlib
import sys

import numpy as np
import pytest
import xarray as xr
from record_cubes import INPUTS, write_cube

from annsm_plugin.core import metrics, training
from annsm_plugin.core.foundation.errors import AnnsmError, Cancelled, CubeError, MissingLibrary, ParameterError
from annsm_plugin.core.foundation.progress import Progress
from annsm_plugin.core.network import function, scaling, splits
from annsm_plugin.core.training import cells, cube, model
from annsm_plugin.core.workers import run as workers

pytest.importorskip("torch")
PERIOD = {"start": "2015-04-01", "end": "2016-03-31"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("train")
    write_cube(folder / "cube.nc")
    return folder


@pytest.fixture(scope="module")
def trained(folder):
    return training.train(folder / "cube.nc", folder / "model.nc", hidden=4, **PERIOD)


def test_trains_every_cell_well(trained):
    assert trained.model.trained.all()
    assert trained.means["testing"]["r"] > 0.8
    assert trained.means["overall"]["rmse_m3"] < 0.03
    assert np.nanmean(trained.r) == pytest.approx(trained.means["overall"]["r"])
    assert any("16 of 16 cells trained" in line for line in trained.summary)
    assert trained.paper == {"r": 0.90, "rmse": 0.096}


def test_the_file_holds_what_was_trained(folder, trained):
    again = model.read(folder / "model.nc")
    assert again.inputs == list(INPUTS) and again.hidden == 4
    np.testing.assert_array_equal(again.weights, trained.model.weights)
    np.testing.assert_array_equal(again.errors, trained.model.errors)
    for name in ("channels", "polarisation", "split", "ratio", "seed", "trainer_settings", "training_start"):
        assert name in again.attributes
    assert again.attributes["ratio"] == "80/10/10"
    assert not list(folder.glob(".model.nc*"))


def test_errors_are_those_of_the_stored_network(folder, trained):
    """Recomputed from the cube, the scaling limits and the weights alone."""
    import xarray

    m = trained.model
    with xarray.open_dataset(folder / "cube.nc") as cube:
        cell = cube.sel(time=slice("2015-04-01", "2016-03-31")).isel(lat=1, lon=2).load()
    values = np.stack([cell[name].values for name in (*m.inputs, "sm_smap")], axis=1)
    complete = np.isfinite(values).all(axis=1)
    scaled = scaling.scale(values[complete][np.newaxis].astype(float), m.low[1, 2][np.newaxis], m.high[1, 2][np.newaxis])
    predicted = function.predict(m.weights[1, 2], scaled[..., :-1], m.hidden)[0]
    assert metrics.r(scaled[0, :, -1], predicted) == pytest.approx(m.error("r")[1, 2], abs=1e-9)
    assert metrics.rmse(scaled[0, :, -1], predicted) == pytest.approx(m.error("rmse")[1, 2], abs=1e-9)
    assert m.error("n")[1, 2] == complete.sum()
    wanted = splits.counts(int(complete.sum()), (80, 10, 10))
    assert tuple(int(m.error("n", kind)[1, 2]) for kind in ("training", "validation", "testing")) == wanted


def test_a_cell_does_not_depend_on_its_region(folder, trained, tmp_path):
    import xarray

    with xarray.open_dataset(folder / "cube.nc") as cube:
        cube.isel(lat=slice(1, 3), lon=slice(2, 4)).to_netcdf(tmp_path / "part.nc")
    part = training.train(tmp_path / "part.nc", tmp_path / "part_model.nc", hidden=4, **PERIOD)
    np.testing.assert_array_equal(part.model.low, trained.model.low[1:3, 2:4])
    np.testing.assert_array_equal(part.model.error("n", "testing"), trained.model.error("n", "testing")[1:3, 2:4])
    np.testing.assert_array_equal(part.model.weights, trained.model.weights[1:3, 2:4])


def test_a_cube_stored_south_first_gives_the_same(folder, trained, tmp_path):
    import xarray

    with xarray.open_dataset(folder / "cube.nc") as cube:
        cube.isel(lat=slice(None, None, -1)).to_netcdf(tmp_path / "flipped.nc")
    flipped = training.train(tmp_path / "flipped.nc", tmp_path / "model.nc", hidden=4, **PERIOD)
    np.testing.assert_array_equal(flipped.model.low, trained.model.low)
    np.testing.assert_array_equal(flipped.model.weights, trained.model.weights)
    assert flipped.grid.lat[0] > flipped.grid.lat[-1]


def test_the_best_half_of_regularized_restarts(folder, tmp_path):
    """The model keeps the half that is best on the validation samples, and its outputs are averaged."""
    asked = {"hidden": 3, "restarts": 4, "regularization": "0, 0.01", **PERIOD}
    every = training.train(folder / "cube.nc", tmp_path / "every.nc", **asked)
    half = training.train(folder / "cube.nc", tmp_path / "half.nc", combine="best_half", **asked)
    kept, everything = half.model, every.model
    assert kept.weights.shape[2] == 2 and kept.combine == "average"
    row, column = np.argwhere(kept.trained)[0]
    best = everything.weights[row, column, everything.best[row, column]]
    assert np.array_equal(kept.weights[row, column, 0], best)
    assert any(np.array_equal(kept.weights[row, column, 1], other) for other in everything.weights[row, column])
    assert half.means["validation"]["rmse"] < 1.05 * every.means["validation"]["rmse"]
    with xr.open_dataset(tmp_path / "half.nc") as data:
        assert data.attrs["regularization"] == "0 0.01" and data.attrs["restarts_combined"] == "best_half"


def test_restarts_and_average(folder, tmp_path):
    best = training.train(folder / "cube.nc", tmp_path / "best.nc", hidden=3, restarts=3, **PERIOD)
    mean = training.train(folder / "cube.nc", tmp_path / "mean.nc", hidden=3, restarts=3, combine="average", **PERIOD)
    assert best.model.weights.shape[2] == 3
    np.testing.assert_array_equal(best.model.weights, mean.model.weights)
    assert mean.means["training"]["rmse"] != best.means["training"]["rmse"]
    one = training.train(folder / "cube.nc", tmp_path / "one.nc", hidden=3, **PERIOD)
    np.testing.assert_array_equal(one.model.weights[:, :, 0], best.model.weights[:, :, 0])
    single = [line for line in mean.summary if line.startswith("3 starts per cell")]
    assert len(single) == 1 and f"{mean.means['testing']['rmse']:.4f} of their average" in single[0]
    assert mean.means["testing"]["rmse"] < np.nanmean(mean.model.single_rmse)


def test_screened_days_are_left_out(tmp_path):
    screened = np.zeros((420, 4, 4), dtype=bool)
    screened[::3] = True
    write_cube(tmp_path / "cube.nc", screened=screened, gaps=0.0)
    result = training.train(tmp_path / "cube.nc", tmp_path / "model.nc", hidden=2, **PERIOD)
    assert (result.model.error("n") == 366 - 122).all()
    assert any("too much rain" in line for line in result.summary)


def test_too_few_days_are_counted_and_not_trained(folder, tmp_path):
    with pytest.raises(CubeError, match="no cell with 5000 complete days"):
        training.train(folder / "cube.nc", tmp_path / "m.nc", min_pairs=5000, **PERIOD)
    assert not list(tmp_path.iterdir())
    few = int(np.sort(model.read(folder / "model.nc").error("n").ravel())[8])
    result = training.train(folder / "cube.nc", tmp_path / "m.nc", hidden=2, min_pairs=few, **PERIOD)
    assert 0 < result.model.trained.sum() < 16
    assert (result.status[~result.model.trained] == model.TOO_FEW).all()
    assert np.isnan(result.r[~result.model.trained]).all()
    assert any("too few complete days" in line for line in result.summary)


def test_a_constant_input_is_harmless(tmp_path):
    import netCDF4

    write_cube(tmp_path / "cube.nc")
    with netCDF4.Dataset(tmp_path / "cube.nc", "a") as file:
        file["lai"][:] = 0.3
    result = training.train(tmp_path / "cube.nc", tmp_path / "model.nc", hidden=3, **PERIOD)
    assert result.model.trained.all() and result.means["testing"]["r"] > 0.8


def test_chosen_inputs_keep_the_cubes_order(folder, tmp_path):
    result = training.train(folder / "cube.nc", tmp_path / "m.nc", hidden=2, variables="sm_gldas, tb_06v", **PERIOD)
    assert result.model.inputs == ["tb_06v", "sm_gldas"]


def test_the_best_settings_of_a_sensitivity_analysis(folder, tmp_path):
    (tmp_path / "best.json").write_text('{"hidden": 2, "ratio": "70/15/15", "variables": ["tb_06v", "lai"], "threshold": 8.75}')
    result = training.train(folder / "cube.nc", tmp_path / "m.nc", settings=tmp_path / "best.json", **PERIOD)
    assert result.model.hidden == 2 and result.model.attributes["ratio"] == "70/15/15"
    assert result.model.inputs == ["tb_06v", "lai"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"start": "2016-01-01", "end": "2015-01-01"}, r"START \(2016-01-01\) .* after END"),
        ({"start": "2001-01-01", "end": "2001-12-31"}, "none is in the training period"),
        ({"start": "soon"}, "START of the training period is 'soon'"),
        ({"variables": "tb_99v"}, "VARIABLES names tb_99v"),
        ({"variables": ["lai", "lai"]}, "more than once"),
        ({"variables": "sm_smap"}, "VARIABLES names sm_smap"),
        ({"hidden": 0}, "HIDDEN is 0; expected a whole number from 1 to 100"),
        ({"hidden": 101}, "HIDDEN is 101"),
        ({"hidden": 2.5}, "HIDDEN is 2.5"),
        ({"ratio": "80/10/20"}, "sums to 110"),
        ({"ratio": "eighty"}, "not understood"),
        ({"split": "odd"}, "SPLIT is 'odd'; expected one of random"),
        ({"split": "leave_one_year_out"}, "two years"),
        ({"restarts": 0}, "RESTARTS is 0"),
        ({"regularization": "0.1, 1"}, "REGULARIZATION is '0.1, 1'"),
        ({"regularization": "much"}, "REGULARIZATION is 'much'"),
        ({"combine": "median"}, "COMBINE is 'median'"),
        ({"seed": -1}, "SEED is -1"),
        ({"min_pairs": 1}, "MIN_PAIRS is 1"),
        ({"device": "tpu"}, "'tpu'"),
        ({"settings": "no_such.json"}, "cannot be read as JSON"),
    ],
)
def test_what_cannot_work_is_said_before_work(folder, tmp_path, wrong, says):
    with pytest.raises(ParameterError, match=says):
        training.train(folder / "cube.nc", tmp_path / "m.nc", **{**PERIOD, **wrong})
    assert not list(tmp_path.iterdir())


def test_a_cube_without_target(tmp_path):
    write_cube(tmp_path / "cube.nc", drop=("sm_smap",))
    with pytest.raises(CubeError, match="matched for reconstruction only"):
        training.train(tmp_path / "cube.nc", tmp_path / "m.nc", **PERIOD)


def test_no_cube(tmp_path):
    with pytest.raises(CubeError, match="no such file"):
        training.train(tmp_path / "none.nc", tmp_path / "m.nc", **PERIOD)


def test_wrong_output(folder, tmp_path):
    with pytest.raises(ParameterError, match=r"must end in \.nc"):
        training.train(folder / "cube.nc", tmp_path / "m.pkl", **PERIOD)
    with pytest.raises(ParameterError, match="same file"):
        training.train(folder / "cube.nc", folder / "cube.nc", **PERIOD)


def test_without_torch(folder, tmp_path, monkeypatch):
    """No PyTorch in this Python and in no other that could be found: one sentence before work."""

    def missing(name):
        raise MissingLibrary("The Python package 'torch' (training) is not installed.")

    monkeypatch.setattr(workers, "load", missing)
    monkeypatch.setattr(workers.process, "start", lambda *_: None)
    with pytest.raises(MissingLibrary, match="torch"):
        training.train(folder / "cube.nc", tmp_path / "m.nc", **PERIOD)
    assert not list(tmp_path.iterdir())


class StopAfter(Progress):
    """Cancels at the ``count``-th question."""

    def __init__(self, count):
        self.left = count

    def cancelled(self):
        self.left -= 1
        return self.left < 0


def test_cancelling_leaves_nothing_finished_and_a_later_run_goes_on(folder, trained, tmp_path, monkeypatch):
    monkeypatch.setattr(cube, "CELLS_PER_BLOCK", {"cpu": 4})
    output = tmp_path / "m.nc"
    calls = []
    original = cells.train_cells

    def counted(**given):
        calls.append(1)
        if len(calls) == 3:
            raise Cancelled()
        return original(**given)

    monkeypatch.setattr(cells, "train_cells", counted)
    with pytest.raises(Cancelled):
        training.train(folder / "cube.nc", output, hidden=4, **PERIOD)
    assert not output.exists()
    result = training.train(folder / "cube.nc", output, hidden=4, **PERIOD)
    assert len(calls) == 3 + 2  # the two finished blocks were not trained again
    np.testing.assert_array_equal(result.model.weights, trained.model.weights)
    assert [p.name for p in tmp_path.iterdir()] == ["m.nc"]


def test_cancelled_at_once(folder, tmp_path):
    with pytest.raises(Cancelled):
        training.train(folder / "cube.nc", tmp_path / "m.nc", progress=StopAfter(0), **PERIOD)
    assert not (tmp_path / "m.nc").exists()


def test_other_settings_do_not_resume(folder, tmp_path, monkeypatch):
    output = tmp_path / "m.nc"

    def fail(*arguments):
        raise AnnsmError("stopped")

    with monkeypatch.context() as patch:
        patch.setattr(model, "write", fail)
        with pytest.raises(AnnsmError):
            training.train(folder / "cube.nc", output, hidden=2, **PERIOD)
    calls = []
    original = cells.train_cells
    monkeypatch.setattr(cells, "train_cells", lambda **given: calls.append(1) or original(**given))
    training.train(folder / "cube.nc", output, hidden=3, **PERIOD)
    assert calls


@pytest.mark.parametrize("where", [{"python": sys.executable}, {"scheduler": "dask"}], ids=["another Python", "dask"])
def test_where_the_blocks_run_changes_nothing(folder, trained, tmp_path, where):
    with contextlib.ExitStack() as stack:
        if "scheduler" in where:
            distributed = pytest.importorskip("distributed")
            cluster = stack.enter_context(
                distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None)
            )
            where = {"scheduler": cluster.scheduler_address}
        result = training.train(folder / "cube.nc", tmp_path / "m.nc", hidden=4, **PERIOD, **where)
    for name in ("weights", "errors", "low", "high", "status", "epochs", "stop_reason", "mu"):
        np.testing.assert_array_equal(getattr(result.model, name), getattr(trained.model, name))


def test_another_python_serves_a_qgis_without_torch(folder, trained, tmp_path, monkeypatch):
    def missing(name):
        raise MissingLibrary(f"The Python package '{name}' is not installed.")

    monkeypatch.setattr(workers, "load", missing)
    monkeypatch.setenv("ANNSM_PYTHON", sys.executable)
    result = training.train(folder / "cube.nc", tmp_path / "m.nc", hidden=4, **PERIOD)
    np.testing.assert_array_equal(result.model.weights, trained.model.weights)
