"""Regridding: exact for linear fields, by hand where neighbours are missing, closed around the globe."""

from __future__ import annotations

import numpy as np
import pytest

from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.foundation.regrid import AreaMean, Linear
from annsm_plugin.core.products.readers import ease


def _one_cell(lat, lon):
    return Grid(np.array([lat]), np.array([lon]))


@pytest.mark.parametrize("extent", [(73, 26, 105, 40), (170, 20, 190, 30), (-75, -40, -65, -30), (350, 0, 360, 5)])
@pytest.mark.parametrize("shape", [ease.SMAP_36KM, ease.SMOS_25KM])
def test_a_linear_field_on_ease_grid_is_exact(extent, shape):
    lat, lon = ease.centres(*shape)
    grid = Grid.from_extent(extent)
    middle = (grid.lon[0] + grid.lon[-1]) / 2
    unrolled = np.mod(lon - middle + 180, 360) + middle - 180
    field = 0.3 + 0.01 * unrolled[None, :] - 0.02 * lat[:, None] + 0.001 * unrolled[None, :] * lat[:, None]
    expected = 0.3 + 0.01 * grid.lon[None, :] - 0.02 * grid.lat[:, None] + 0.001 * grid.lon[None, :] * grid.lat[:, None]
    assert np.abs(Linear(lat, lon, grid)(field) - expected).max() < 1e-11


def test_missing_neighbours_by_hand():
    # The cell lies a quarter of the way from the first to the second column and half way between the rows:
    # weights 0.375 0.125 / 0.375 0.125.
    lat, lon, cell = np.array([1.0, 0.0]), np.array([0.0, 1.0]), _one_cell(0.5, 0.25)
    values = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert Linear(lat, lon, cell)(values)[0, 0] == pytest.approx(0.375 * 1 + 0.125 * 2 + 0.375 * 3 + 0.125 * 4)
    one_hole = values.copy()
    one_hole[0, 1] = np.nan
    assert Linear(lat, lon, cell)(one_hole)[0, 0] == pytest.approx((0.375 * 1 + 0.375 * 3 + 0.125 * 4) / 0.875)
    half = values.copy()
    half[1] = np.nan  # exactly half of the weight is left: counts
    assert Linear(lat, lon, cell)(half)[0, 0] == pytest.approx((0.375 * 1 + 0.125 * 2) / 0.5)
    less = values.copy()
    less[:, 0] = np.nan  # a quarter is left: missing
    assert np.isnan(Linear(lat, lon, cell)(less)[0, 0])


def test_a_cell_on_a_source_centre_needs_no_neighbour():
    values = np.full((3, 3), np.nan)
    values[1, 1] = 0.25
    axis = np.array([-1.0, 0.0, 1.0])
    assert Linear(axis, axis, _one_cell(0.0, 0.0))(values)[0, 0] == 0.25


def test_outside_the_source_is_missing_but_the_globe_closes():
    lat, lon = np.array([1.0, 0.0, -1.0]), np.arange(-179.5, 180.0, 1.0)
    ramp = np.broadcast_to(np.where(lon < 0, 1.0, 3.0), (3, 360))
    assert Linear(lat, lon, _one_cell(0.0, 180.0))(ramp)[0, 0] == pytest.approx(2.0)
    assert np.isnan(Linear(lat, lon, _one_cell(1.5, 0.0))(ramp)[0, 0])
    regional = Linear(lat, lon[:10], _one_cell(0.0, 0.0))
    assert np.isnan(regional(ramp[:, :10])[0, 0])


def test_order_of_axes_and_stacks():
    rng = np.random.default_rng(1)
    lat, lon, grid = np.linspace(20, 45, 30), np.linspace(70, 110, 40), Grid.from_extent()
    values = rng.random((2, 30, 40))
    values[rng.random(values.shape) < 0.2] = np.nan
    expected = Linear(lat, lon, grid)(values)
    assert np.array_equal(Linear(lat[::-1], lon, grid)(values[:, ::-1]), expected, equal_nan=True)
    assert np.array_equal(Linear(lat, lon[::-1], grid)(values[..., ::-1]), expected, equal_nan=True)
    assert np.array_equal(Linear(lat, lon, grid)(values[1]), expected[1], equal_nan=True)
    holes = np.isnan(expected).mean()
    assert 0.0 < holes < 0.2


def test_area_mean_by_hand():
    grid = Grid(np.array([0.375, 0.125]), np.array([0.125, 0.375]))
    mean = AreaMean(grid)
    lat = np.array([0.4, 0.3, 0.3, 0.1, 0.1, 9.0])
    lon = np.array([0.1, 0.2, 0.2, 0.3, 360.3, 0.1])
    values = np.array([1.0, 2.0, np.nan, 5.0, 7.0, 100.0])
    mean.add(mean.cells(lat, lon), values)
    assert mean.mean().tolist()[0][0] == 1.5
    assert mean.mean()[1, 1] == 6.0
    assert np.isnan(mean.mean()[0, 1]) and np.isnan(mean.mean()[1, 0])
