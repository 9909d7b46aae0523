"""The 0.25 degree grid: which cells an extent holds, and which cell holds a point."""

from __future__ import annotations

import numpy as np
import pytest

from annsm_plugin.core.foundation.errors import ParameterError
from annsm_plugin.core.foundation.grid import Grid


def test_default_region_is_the_plateau():
    grid = Grid.from_extent()
    assert grid.shape == (56, 128)
    assert (grid.lat[0], grid.lat[-1], grid.lon[0], grid.lon[-1]) == (39.875, 26.125, 73.125, 104.875)
    assert grid.bounds == (73.0, 26.0, 105.0, 40.0)


def test_extent_keeps_cells_whose_centre_is_inside():
    grid = Grid.from_extent((10.125, 0.0, 10.5, 0.2))
    assert grid.lon.tolist() == [10.125, 10.375]
    assert grid.lat.tolist() == [0.125]


def test_a_region_across_the_dateline_stays_monotonic():
    grid = Grid.from_extent((179, 10, 181, 11))
    assert grid.lon.tolist() == [179.125, 179.375, 179.625, 179.875, 180.125, 180.375, 180.625, 180.875]
    global_lon = -179.875 + 0.25 * np.arange(1440)
    assert global_lon[grid.columns_in(global_lon)].tolist() == [179.125, 179.375, 179.625, 179.875, -179.875, -179.625, -179.375, -179.125]
    assert grid.cell_of(10.1, -179.9) == (3, 4)


@pytest.mark.parametrize("to_360", [False, True])
def test_columns_of_either_longitude_convention(to_360):
    lon = 0.125 + 0.25 * np.arange(1440) if to_360 else -179.875 + 0.25 * np.arange(1440)
    grid = Grid.from_extent((-71, -10, -69, -9))
    assert np.allclose(np.mod(lon[grid.columns_in(lon)], 360), np.mod(grid.lon, 360))


def test_rows_that_an_axis_lacks():
    grid = Grid.from_extent((0, -61, 1, -59))
    south_first = -59.875 + 0.25 * np.arange(600)
    assert grid.rows_in(south_first).tolist() == [3, 2, 1, 0, -1, -1, -1, -1]


@pytest.mark.parametrize(
    ("extent", "words"),
    [
        ((105, 26, 73, 40), "east bound"),
        ((73, 40, 105, 26), "north bound"),
        ((73, 26, 105, 95), "leaves the globe"),
        ((73.01, 26.01, 73.1, 26.1), "no centre"),
        ((float("nan"), 26, 105, 40), "not a number"),
    ],
)
def test_extents_that_cannot_be(extent, words):
    with pytest.raises(ParameterError, match=words):
        Grid.from_extent(extent)


def test_points_on_edges():
    grid = Grid.from_extent((73, 26, 105, 40))
    assert grid.cell_of(40.0, 73.0) == (0, 0)
    assert grid.cell_of(26.0, 104.999) == (55, 127)
    assert grid.cell_of(40.01, 80.0) is None
    assert grid.cell_of(30.0, 105.0) is None
