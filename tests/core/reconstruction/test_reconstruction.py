"""reconstruction: equal to the network applied by hand, flagged, and refused where model and cube do not fit."""

import subprocess
import sys

import netCDF4
import numpy as np
import pytest
from record_cubes import EXTENT, write_cube

from annsm_plugin.core import reconstruction, training
from annsm_plugin.core.foundation import blocks, store
from annsm_plugin.core.foundation.errors import Cancelled, CubeError, ParameterError
from annsm_plugin.core.foundation.progress import Progress
from annsm_plugin.core.foundation.variables import FLAGS
from annsm_plugin.core.network import function, scaling
from annsm_plugin.core.reconstruction import apply
from annsm_plugin.core.training import model

pytest.importorskip("torch")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reconstruct")
    _, truth = write_cube(folder / "cube.nc", days=600)
    np.save(folder / "truth.npy", truth)
    for restarts in (1, 3):
        training.train(
            folder / "cube.nc", folder / f"model{restarts}.nc", start="2015-04-01", end="2016-03-31", hidden=4, restarts=restarts
        )
    return folder


def values(path, name="soil_moisture"):
    with store.open_grid(path, kind="ANN-SM file") as data:
        return data[name].values


def test_follows_the_truth_after_training(folder, tmp_path):
    result = reconstruction.reconstruct(folder / "model1.nc", folder / "cube.nc", tmp_path / "annsm.nc")
    found, truth = values(tmp_path / "annsm.nc")[366:], np.load(folder / "truth.npy")[366:]
    there = np.isfinite(found)
    assert np.corrcoef(found[there], truth[there])[0, 1] > 0.9
    assert result.counts["values"] == np.isfinite(values(tmp_path / "annsm.nc")).sum()
    with store.open_grid(tmp_path / "annsm.nc", kind="ANN-SM file") as data:
        assert data.attrs["annsm_kind"] == "annsm" and data.attrs["synthetic"] == "made for a test"
        assert "soil_moisture_spread" not in data


def test_equal_to_the_network_by_hand(folder, tmp_path):
    reconstruction.reconstruct(folder / "model3.nc", folder / "cube.nc", tmp_path / "annsm.nc")
    trained = model.read(folder / "model3.nc")
    with store.open_grid(folder / "cube.nc", kind="cube") as cube:
        inputs = np.stack([cube[name].isel(lat=2, lon=1).values for name in trained.inputs], axis=1).astype(float)
    low, high = trained.low[2, 1][np.newaxis], trained.high[2, 1][np.newaxis]
    complete = np.isfinite(inputs).all(axis=1)
    scaled = scaling.scale(np.where(complete[:, None], inputs, 0)[np.newaxis], low[:, :-1], high[:, :-1])
    members = np.concatenate([function.predict(trained.weights[2, 1][k : k + 1], scaled, 4) for k in range(3)])
    members = low[0, -1] + members * (high - low)[0, -1]
    wanted = np.where(complete, np.clip(members[trained.best[2, 1]], 0, 1), np.nan)
    np.testing.assert_allclose(values(tmp_path / "annsm.nc")[:, 2, 1], wanted, atol=1e-6)
    spread = np.where(complete, members.std(axis=0, ddof=1), np.nan)
    np.testing.assert_allclose(values(tmp_path / "annsm.nc", "soil_moisture_spread")[:, 2, 1], spread, atol=1e-6)
    testing = (trained.error("rmse", "testing") * trained.width)[2, 1]
    uncertainty = values(tmp_path / "annsm.nc", "soil_moisture_uncertainty")[:, 2, 1]
    np.testing.assert_allclose(uncertainty, np.sqrt(spread**2 + testing**2), atol=1e-6)


def test_small_memory_gives_the_same(folder, tmp_path, monkeypatch):
    reconstruction.reconstruct(folder / "model1.nc", folder / "cube.nc", tmp_path / "a.nc")
    monkeypatch.setattr(blocks, "BUDGET", 1)
    monkeypatch.setattr(apply, "VALUES_PER_BLOCK", 100)
    monkeypatch.setattr(store, "TILE", (3, 3))
    reconstruction.reconstruct(folder / "model1.nc", folder / "cube.nc", tmp_path / "b.nc")
    np.testing.assert_allclose(values(tmp_path / "a.nc"), values(tmp_path / "b.nc"), atol=1e-7)


def test_part_of_the_days(folder, tmp_path):
    reconstruction.reconstruct(folder / "model1.nc", folder / "cube.nc", tmp_path / "all.nc")
    reconstruction.reconstruct(folder / "model1.nc", folder / "cube.nc", tmp_path / "part.nc", start="2016-01-01", end="2016-01-31")
    np.testing.assert_array_equal(values(tmp_path / "part.nc"), values(tmp_path / "all.nc")[275:306])


def test_flags(folder, tmp_path):
    cube = tmp_path / "cube.nc"
    write_cube(cube, days=600)
    with netCDF4.Dataset(cube, "a") as file:
        for name in ("tb_06v", "tb_10v", "sm_gldas", "st_gldas", "lai"):
            file[name][:] = np.nanmean(file[name][:366].filled(np.nan), axis=0)
        file["precipitation_7h"][:] = 0
        file["sensor"][:] = 2
        file["sm_gldas"][3] = 0.9
        file["st_gldas"][4] = 273.15
        file["precipitation_7h"][5] = 8.76
        file["precipitation_7h"][6] = 8.75
        file["sensor"][7] = 1
        file["lai"][8, 0, 0] = np.nan
    result = reconstruction.reconstruct(folder / "model1.nc", cube, tmp_path / "annsm.nc")
    flags = values(tmp_path / "annsm.nc", "quality_flag")
    assert (flags[3] == FLAGS["input_outside_training_range"]).all()
    assert (flags[4].astype(int) & FLAGS["soil_frozen"] > 0).all()
    assert (flags[5] == FLAGS["precipitation_above_threshold"]).all()
    assert (flags[6] == 0).all() and (flags[0] == 0).all()
    assert (flags[7] == FLAGS["amsre_day"]).all()
    assert np.isnan(flags[8, 0, 0]) and np.isnan(values(tmp_path / "annsm.nc")[8, 0, 0])
    assert result.counts["amsre_day"] == 16


def test_never_below_zero_and_said_so(folder, tmp_path):
    trained = model.read(folder / "model1.nc")
    trained.weights[..., -1] -= 5.0
    model.write(tmp_path / "dry.nc", trained, "spoilt for a test")
    result = reconstruction.reconstruct(tmp_path / "dry.nc", folder / "cube.nc", tmp_path / "annsm.nc")
    assert np.nanmin(values(tmp_path / "annsm.nc")) == 0.0
    assert result.counts["held"] == result.counts["values"] and any("were outside what soil can hold" in w for w in result.warnings)


@pytest.mark.parametrize(
    ("attributes", "says"),
    [
        ({"channels": "paper"}, "found channels 'paper'; expected 'common'"),
        ({"polarisation": "H"}, "found polarisation 'H'; expected 'V'"),
        ({"channel_list": "06 10 18"}, "channel list '06 10 18'"),
    ],
)
def test_another_kind_of_cube_is_refused(folder, tmp_path, attributes, says):
    write_cube(tmp_path / "cube.nc", attributes=attributes)
    with pytest.raises(CubeError, match=says) as error:
        reconstruction.reconstruct(folder / "model1.nc", tmp_path / "cube.nc", tmp_path / "annsm.nc")
    assert "model1.nc" in str(error.value) and "cube.nc" in str(error.value)
    assert not (tmp_path / "annsm.nc").exists()


def test_a_cube_matched_otherwise_warns(folder, tmp_path):
    write_cube(tmp_path / "cube.nc", days=64, attributes={"lai_method": "area"})
    result = reconstruction.reconstruct(folder / "model1.nc", tmp_path / "cube.nc", tmp_path / "annsm.nc")
    assert any("lai method 'area'" in w for w in result.warnings)


def test_missing_inputs_are_named(folder, tmp_path):
    write_cube(tmp_path / "cube.nc", drop=("lai",))
    with pytest.raises(CubeError, match="no lai"):
        reconstruction.reconstruct(folder / "model1.nc", tmp_path / "cube.nc", tmp_path / "annsm.nc")


def test_other_cells(folder, tmp_path):
    write_cube(tmp_path / "cube.nc", extent=(10.0, 10.0, 11.0, 11.0))
    with pytest.raises(CubeError, match=r"10\.125 to 10\.875 E"):
        reconstruction.reconstruct(folder / "model1.nc", tmp_path / "cube.nc", tmp_path / "annsm.nc")


def test_a_larger_cube_is_filled_where_the_model_is(folder, tmp_path):
    west, south, east, north = EXTENT
    write_cube(tmp_path / "cube.nc", extent=(west - 0.5, south, east + 0.5, north))
    reconstruction.reconstruct(folder / "model1.nc", tmp_path / "cube.nc", tmp_path / "annsm.nc")
    there = np.isfinite(values(tmp_path / "annsm.nc")).any(axis=0)
    np.testing.assert_array_equal(there, np.repeat([[False] * 2 + [True] * 4 + [False] * 2], 4, axis=0))


def test_paper_channels_on_amsre_days_warn(tmp_path):
    attributes = {"channels": "paper", "channel_list": "F1 F2"}
    write_cube(tmp_path / "train.nc", attributes=attributes)
    training.train(tmp_path / "train.nc", tmp_path / "model.nc", start="2015-04-01", end="2016-03-31", hidden=2)
    write_cube(tmp_path / "old.nc", start="2010-08-01", days=100, sensor=1, attributes=attributes)
    result = reconstruction.reconstruct(tmp_path / "model.nc", tmp_path / "old.nc", tmp_path / "annsm.nc")
    assert any("100 days are of AMSR-E" in w for w in result.warnings)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"start": "2016-02-01", "end": "2016-01-01"}, "after END"), ({"start": "2030-01-01"}, "after END|none is in")],
)
def test_wrong_periods(folder, tmp_path, wrong, says):
    with pytest.raises(ParameterError, match=says):
        reconstruction.reconstruct(folder / "model1.nc", folder / "cube.nc", tmp_path / "annsm.nc", **wrong)


def test_cancel_leaves_nothing(folder, tmp_path):
    class Stop(Progress):
        def cancelled(self):
            return True

    with pytest.raises(Cancelled):
        reconstruction.reconstruct(folder / "model1.nc", folder / "cube.nc", tmp_path / "annsm.nc", progress=Stop())
    assert not list(tmp_path.iterdir())


def test_needs_no_torch(folder, tmp_path):
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "from annsm_plugin.core import reconstruction\n"
        f"reconstruction.reconstruct({str(folder / 'model1.nc')!r}, {str(folder / 'cube.nc')!r}, {str(tmp_path / 'a.nc')!r})"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert (tmp_path / "a.nc").exists()
