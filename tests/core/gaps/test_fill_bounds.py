"""Filled values are soil moisture, whatever the record holds, and say where they were held."""

from __future__ import annotations

import gappy_records
import hostile_series as hostile
import netCDF4
import numpy as np
import pytest
from hypothesis import given, settings

from annsm_plugin.core import gaps
from annsm_plugin.core.foundation import bounds
from annsm_plugin.core.foundation.variables import FLAGS
from annsm_plugin.core.gaps import writing
from annsm_plugin.core.network import inpainting, perceptron

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

#: A day, rows and columns.
SHAPE = (3, 2, 4)


class Kept:
    """An output whose variables are arrays."""

    def __init__(self, **arrays):
        self.arrays = arrays

    def stored(self, name, days, cells):
        return self.arrays[name][(days, *cells)].copy()

    def put(self, name, days, values, cells):
        self.arrays[name][(days, *cells)] = values


@settings(max_examples=60, deadline=None)
@given(hostile.series(SHAPE, hostile.ANY.filter(lambda value: value == value)))
def test_what_a_field_fills_is_held_and_flagged(filled):
    way = np.where(np.arange(24).reshape(SHAPE) % 3 == 0, 2, 0).astype(np.int8)
    flags = np.where(way > 0, FLAGS["filled"], 255).astype(np.uint8)
    out = Kept(fill_way=way, soil_moisture=np.full(SHAPE, -9999.0, np.float32), quality_flag=flags.copy())
    counts = {"held": 0}
    writing._enter(out, tuple(slice(0, size) for size in SHAPE), 2, filled, counts)
    own, values = way == 2, out.arrays["soil_moisture"]
    assert not bounds.outside(values[own]).any() and (values[~own] == -9999).all()
    assert (bounds.were_held(out.arrays["quality_flag"][own].astype(float)) == np.isin(values[own], (0.0, 1.0))).all()
    assert counts["held"] == bounds.outside(filled[own]).sum() and (out.arrays["quality_flag"][~own] == 255).all()


@pytest.mark.parametrize("method", ["dct", "convolution", "network"])
def test_impossible_values_of_a_record_are_gaps(tmp_path, monkeypatch, method):
    monkeypatch.setattr(inpainting, "STEPS", 100)
    monkeypatch.setattr(perceptron, "EPOCHS", 3)
    record, cube, _ = gappy_records.write(tmp_path, days=500, extent=(90.0, 32.0, 91.5, 33.5))
    with netCDF4.Dataset(record, "a") as file:
        file.set_auto_mask(False)
        values = file["soil_moisture"][:]
        at, known = np.argwhere(values > -9999)[::400], int((values > -9999).sum())
        values[tuple(at.T)] = np.resize([8.3, 3e38, -1e30, -0.2], len(at))
        file["soil_moisture"][:] = values
    result = gaps.fill(record, cube, tmp_path / "filled.nc", method=method)
    with netCDF4.Dataset(tmp_path / "filled.nc") as file:
        found, way = np.ma.filled(file["soil_moisture"][:].astype(float), np.nan), np.ma.filled(file["fill_way"][:], 0)
        uncertainty = np.ma.filled(file["soil_moisture_uncertainty"][:].astype(float), np.nan)
        assert file.count_impossible == len(at)
    assert (way > 0).sum() > 1000 and np.isfinite(found[way > 0]).all() and not bounds.outside(found).any()
    assert (way[tuple(at.T)] > 0).mean() > 0.5 and (np.isfinite(uncertainty) <= np.isfinite(found)).all()
    assert np.nanmax(uncertainty) < 0.2
    assert sum(f"{len(at)} of the {known} values of soil_moisture are outside 0 to 1" in line for line in result.warnings) == 1
