"""Derived inputs: numbers worked by hand, the same whichever days are read together, and the way from training to reconstruction."""

import numpy as np
import pytest

from annsm_plugin.core import metrics, reconstruction, training
from annsm_plugin.core.foundation import blocks, store
from annsm_plugin.core.foundation.errors import CubeError, ParameterError
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.inputs import derived
from annsm_plugin.core.training import model

DAYS = 400
EXTENT = (90.0, 32.0, 91.0, 33.0)
WHOLE = (slice(0, 4), slice(0, 4))


def write(path, polarisations="vh", drop=()):
    """A cube whose target is the polarisation difference of 10.65 GHz, hidden under changes of the physical temperature."""
    grid = Grid.from_extent(EXTENT)
    random = np.random.default_rng(5)
    shape = (DAYS, *grid.shape)
    temperature = 280 + 8 * random.normal(size=shape)
    wet = random.uniform(0.05, 0.4, shape)
    values = {}
    for channel, strength in (("10", 0.12), ("18", 0.08)):
        values[f"tb_{channel}v"] = temperature * (0.95 - 0.1 * wet)
        values[f"tb_{channel}h"] = temperature * (0.95 - (0.1 + 3 * strength) * wet)
    values.update(sm_gldas=random.uniform(0.1, 0.3, shape), lai=np.ones(shape), precipitation_7h=random.gamma(0.3, 8, shape))
    values["sm_smap"] = wet + 0.01 * random.normal(size=shape)
    values = {n: v for n, v in values.items() if n not in drop and not (n.startswith("tb_") and n[-1] not in polarisations)}
    described = {"annsm_kind": "cube", "channels": "common", "channel_list": "10 18", "polarisation": polarisations.upper()}
    with store.GridWriter(path, grid, np.datetime64("2015-04-01") + np.arange(DAYS), list(values), described) as out:
        for name, value in values.items():
            out.put(name, slice(None), value)
    return path


@pytest.fixture(scope="module")
def cube(tmp_path_factory):
    return write(tmp_path_factory.mktemp("derived") / "cube.nc")


def read(path, name, days):
    with store.open_grid(path, kind="cube") as data:
        return derived.series(blocks.north_first(data), name, days, WHOLE)


def one(name, dates=None, **sources):
    """A derived input of one cell."""
    arrays = {key: np.array([value], dtype=float) for key, value in sources.items()}
    count = next(iter(arrays.values())).shape[1]
    dates = np.datetime64("2015-01-01") + np.arange(count) if dates is None else np.array(dates, dtype="datetime64[D]")
    return derived.describe(name).compute(arrays, dates)[0]


def test_numbers_worked_by_hand():
    assert one("mpdi_10", tb_10v=[270.0], tb_10h=[230.0]) == pytest.approx(40 / 500)
    assert one("pr_f2", tb_f2v=[250.0], tb_f2h=[200.0]) == pytest.approx(0.8)
    assert one("mvi", tb_10v=[270.0], tb_10h=[240.0], tb_18v=[272.0], tb_18h=[254.0]) == pytest.approx(18 / 30)
    assert np.isnan(one("mvi_06_10", tb_06v=[270.0], tb_06h=[269.8], tb_10v=[272.0], tb_10h=[254.0])).all()
    assert one("api", precipitation_7h=[10.0, 0.0, 4.0]) == pytest.approx([10.0, 8.5, 4 + 7.225])
    assert one("api", ["2015-01-01", "2015-01-03"], precipitation_7h=[10.0, np.nan]) == pytest.approx([10.0, 7.225])  # a day is lacking
    assert one("sm_gldas_surface", sm_gldas=[0.20, 0.26, 0.22]) == pytest.approx([0.20, 0.32, 0.18])
    assert one("sm_gldas_surface", ["2015-01-01", "2015-01-03"], sm_gldas=[0.20, 0.26]) == pytest.approx([0.20, 0.26])
    assert one("sm_gldas_surface", sm_gldas=[0.9, 0.1]) == pytest.approx([0.9, 0.0])  # held
    assert one("doy_sin", ["2015-01-01", "2015-04-02"], sm_gldas=[0.1, 0.1]) == pytest.approx([0, 1], abs=0.01)


def test_the_surface_undoes_the_exponential_filter():
    """A surface series is filtered as Wagner et al. (1999) do, with a time of one day; the derived input gives it back."""
    random = np.random.default_rng(0)
    surface = np.clip(0.2 + 0.05 * np.cumsum(random.normal(size=200)) / 5, 0.05, 0.5)
    filtered, steps = np.zeros(200), 1.0 / (1.0 + derived.SURFACE_DAYS)
    filtered[0] = surface[0]
    for day in range(1, 200):  # dx/dt = (surface - x) / T, by backward differences
        filtered[day] = filtered[day - 1] + steps * (surface[day] - filtered[day - 1])
    np.testing.assert_allclose(one("sm_gldas_surface", sm_gldas=filtered)[1:], surface[1:], atol=1e-12)


def test_a_value_does_not_depend_on_the_days_read_with_it(cube):
    with store.open_grid(cube, kind="cube") as data:
        names = derived.available(data)
    assert {"mpdi_10", "mpdi_18", "pr_10", "pr_18", "mvi_10_18", "mvi", "api", "sm_gldas_surface", "doy_sin", "doy_cos"} == set(names)
    for name in names:
        whole = read(cube, name, slice(0, DAYS))
        parts = np.concatenate([read(cube, name, slice(first, min(first + 37, DAYS))) for first in range(0, DAYS, 37)], axis=1)
        np.testing.assert_array_equal(whole, parts, err_msg=name)
        assert np.isfinite(whole).all() and whole.dtype == np.float32


def test_a_variable_of_the_cube_wins_over_a_derived_input_of_its_name(tmp_path, cube):
    assert derived.needs(["lai", "mpdi_10"]) == ["lai", "tb_10v", "tb_10h"]
    with store.open_grid(cube, kind="cube") as data:
        named = data.assign(api=data["lai"] * 7)
        assert (derived.series(blocks.north_first(named), "api", slice(0, 3), WHOLE) == 7).all()


def test_the_index_helps_where_the_temperature_hides_the_water(cube, tmp_path):
    """Trained and reconstructed through files: two channels alone leave the temperature in, the index takes it out."""
    period = {"start": "2015-04-01", "end": "2016-01-31"}
    truth = read(cube, "sm_smap", slice(306, DAYS))
    errors = {}
    for variables in ("mpdi_10", "tb_10h"):
        done = training.train(cube, tmp_path / "m.nc", variables=variables, hidden=3, **period)
        assert model.read(tmp_path / "m.nc").inputs == [variables] == done.model.inputs
        reconstruction.reconstruct(tmp_path / "m.nc", cube, tmp_path / "o.nc", start="2016-02-01")
        errors[variables] = metrics.rmse(truth, read(tmp_path / "o.nc", "soil_moisture", slice(0, DAYS - 306)), axis=1).mean()
    assert errors["mpdi_10"] < 0.02 and errors["mpdi_10"] < 0.4 * errors["tb_10h"]


def test_without_naming_any_nothing_changes(cube, tmp_path):
    done = training.train(cube, tmp_path / "m.nc", hidden=2, start="2015-04-01", end="2016-01-31")
    assert done.model.inputs == ["tb_10v", "tb_10h", "tb_18v", "tb_18h", "sm_gldas", "lai"]


def test_what_is_lacking_is_said(cube, tmp_path):
    period = {"start": "2015-04-01", "end": "2016-01-31"}
    vertical = write(tmp_path / "v.nc", polarisations="v")
    with pytest.raises(ParameterError, match=r"VARIABLES names mpdi_10, which .* has not as an input; it has .*; derived inputs: api"):
        training.train(vertical, tmp_path / "m.nc", variables="mpdi_10, lai", **period)
    with pytest.raises(ParameterError, match="names mpdi_1, mvi_10_10"):
        training.train(cube, tmp_path / "m.nc", variables="mpdi_1, mvi_10_10, lai", **period)
    training.train(cube, tmp_path / "m.nc", variables="api, lai, mpdi_10", hidden=2, **period)
    dry = write(tmp_path / "dry.nc", drop=("precipitation_7h",))
    with pytest.raises(CubeError, match="no precipitation_7h"):
        reconstruction.reconstruct(tmp_path / "m.nc", dry, tmp_path / "o.nc")
