"""model: only complete, consistent model files are read."""

import netCDF4
import numpy as np
import pytest
from record_cubes import write_annsm
from small_model import small

from annsm_plugin.core.foundation.errors import CubeError
from annsm_plugin.core.training import model


def test_there_and_back(tmp_path):
    one = small()
    one.weights[0, 0] = np.nan
    model.write(tmp_path / "m.nc", one, "test")
    two = model.read(tmp_path / "m.nc")
    for name in ("weights", "best", "low", "high", "errors", "status", "epochs", "stop_reason", "mu"):
        np.testing.assert_array_equal(getattr(two, name), getattr(one, name))
    assert two.inputs == one.inputs and two.status_meanings == one.status_meanings
    assert two.trained.sum() == one.status.size - 1
    with netCDF4.Dataset(tmp_path / "m.nc") as file:
        np.testing.assert_allclose(file["rmse_m3"][:], one.errors[1] * 0.4)


def test_something_else_is_refused(tmp_path):
    with pytest.raises(CubeError, match="no such file"):
        model.read(tmp_path / "none.nc")
    (tmp_path / "text.nc").write_text("not a model")
    with pytest.raises(CubeError, match="does not open as NetCDF"):
        model.read(tmp_path / "text.nc")
    write_annsm(tmp_path / "annsm.nc", np.zeros((3, 4, 4)))
    with pytest.raises(CubeError, match="kind 'annsm'"):
        model.read(tmp_path / "annsm.nc")


def test_a_tampered_model_is_refused(tmp_path):
    model.write(tmp_path / "m.nc", small(), "test")
    with netCDF4.Dataset(tmp_path / "m.nc", "a") as file:
        file.hidden = np.int32(7)
    with pytest.raises(CubeError, match="weights of shape"):
        model.read(tmp_path / "m.nc")
    model.write(tmp_path / "m.nc", small(), "test")
    with netCDF4.Dataset(tmp_path / "m.nc", "a") as file:
        file.delncattr("inputs")
    with pytest.raises(CubeError, match="inputs"):
        model.read(tmp_path / "m.nc")
    broken = small()
    broken.best[:] = 3
    model.write(tmp_path / "m.nc", broken, "test")
    with pytest.raises(CubeError, match="kept restart"):
        model.read(tmp_path / "m.nc")
