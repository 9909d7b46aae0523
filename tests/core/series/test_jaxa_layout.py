"""JAXA's soil moisture holds no coordinates: in whichever layout it is written, a place gets the values of that place, and it is said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import product_files as make
import pytest
from amsr_layouts import STORED, planet

from annsm_plugin.core import products
from annsm_plugin.core.products.readers import jaxa
from annsm_plugin.core.series import collocation

AT = ([32.125, -25.125], [10.125, 130.125])


def land():
    """Counts of 0.1 percent, each pixel of land with one of its own; nothing over the sea. North first, from 0 E."""
    counts = 100 + np.arange(720 * 1440).reshape(720, 1440) % 300
    return np.where((planet() > 20000) & (planet() < 60000), counts, -32768)


def write(folder, layout):
    folder.mkdir(exist_ok=True)
    counts = land()
    counts[231, 40], counts[460, 520] = 222, 333
    minutes = np.full((720, 1440), 1100)
    return make.jaxa(folder, STORED[layout](counts), minutes)


@pytest.mark.parametrize("layout", STORED)
def test_the_layout_is_found_and_said(tmp_path, layout):
    path = write(tmp_path / "files", layout)
    values = products.read_arrays(path, variables=["soil_moisture"]).variables["soil_moisture"]
    assert jaxa.fitting(values) == [layout]
    found = collocation.product_series(tmp_path / "files", "jaxa", *AT, start="2016-03-01", end="2016-03-03")
    assert np.nanmax(found.values, axis=0) == pytest.approx([0.222, 0.333])
    assert [f"read as '{layout}'" in line for line in found.problems] == ([] if layout == "documented" else [True])


def test_the_reader_takes_the_layout_of_the_entry(tmp_path):
    path = write(tmp_path, "180W-180E north first")
    entry = replace(products.entry(path), layout="180W-180E north first")
    arrays = products.read_arrays(entry, window=(10, 32, 10.2, 32.2))
    row, column = np.abs(arrays.lat - 32.125).argmin(), np.abs(arrays.lon - 10.125).argmin()
    assert arrays.variables["soil_moisture"][row, column] == pytest.approx(0.222)


def test_a_field_that_tells_nothing_is_of_the_documented_layout(tmp_path):
    assert jaxa.fitting(np.full((720, 1440), np.nan)) == [] and jaxa.fitting(np.full((720, 1440), 0.2)) == []
    path = write(tmp_path, "documented")
    counts = np.full((720, 1440), -32768)
    counts[231, 40] = 222
    make.jaxa(path.parent, counts, np.full((720, 1440), 1100))
    found = collocation.product_series(tmp_path, "jaxa", *AT, start="2016-03-01", end="2016-03-03")
    assert np.nanmax(found.values[:, 0]) == pytest.approx(0.222) and not found.problems
