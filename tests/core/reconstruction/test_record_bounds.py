"""What a model hands out is soil moisture, whatever its weights and the day's inputs are, and what was held carries the flag."""

from __future__ import annotations

import hostile_series as hostile
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from record_cubes import write_cube
from small_model import small

from annsm_plugin.core import reconstruction
from annsm_plugin.core.foundation import bounds, store
from annsm_plugin.core.foundation.progress import SILENT
from annsm_plugin.core.foundation.variables import FLAGS
from annsm_plugin.core.reconstruction import apply
from annsm_plugin.core.training import model

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

#: Numbers that a cube can hold.
INPUTS = st.one_of(st.sampled_from([v for v in hostile.WORST if not abs(v) > 3.3e38 or not np.isfinite(v)]), st.floats(width=32))

WEIGHTS = st.one_of(st.floats(-50, 50), st.sampled_from([0.0, 1e-300, 1e30, -1e308, 1e308]))


def fits(found, complete):
    """The bounds of a result (cells, days) of the days that have all inputs."""
    values, flags = found["soil_moisture"], bounds.at_bounds(found["soil_moisture"])
    assert not bounds.outside(values).any() and not np.isinf(values).any()
    assert np.isnan(values[~complete]).all()
    assert found["held"] <= (flags > 0).sum()  # every value that was held carries the flag


@settings(max_examples=100, deadline=None)
@given(
    hostile.series((2, 6, 2), INPUTS),
    hostile.series((2, 2, 9), WEIGHTS),
    hostile.series((2, 3), hostile.SOIL),
    st.sampled_from(["best", "average"]),
)
def test_networks_of_cells(inputs, weights, limits, combine):
    low, high = np.minimum(limits, limits[::-1]), np.maximum(limits, limits[::-1])
    cell = {"weights": weights, "best": np.array([0, 1]), "low": low, "high": high, "testing": np.array([0.02, np.nan])}
    complete = np.isfinite(inputs).all(axis=2)
    fits(apply.predict_cells(cell, inputs, complete, 2, combine, SILENT), complete)


@settings(max_examples=100, deadline=None)
@given(hostile.series((2, 6, 2), INPUTS), hostile.series((2, 4), WEIGHTS), st.integers(0, 10**6))
def test_a_network_that_all_cells_share(inputs, correction, seed):
    random = np.random.default_rng(seed)
    arrays = {
        "weights_0": random.normal(0, 3, (2, 3, 4)).astype(np.float32), "biases_0": random.normal(size=(2, 4)).astype(np.float32),
        "weights_1": random.normal(0, 3, (2, 4, 1)).astype(np.float32), "biases_1": random.normal(size=(2, 1)).astype(np.float32),
        "centre": random.uniform(0, 0.5, (2, 3)), "scale": random.uniform(1e-6, 0.5, (2, 3)), "descriptors": random.normal(size=(2, 1)),
        "residual": np.array([0.02, 0.03]), "correction": correction,
    }  # fmt: skip
    complete = np.isfinite(inputs).all(axis=2)
    told, found = apply.predict_shared({"factor": 1.2}, {**arrays, "inputs": inputs, "complete": complete}, SILENT)
    fits({**found, **told}, complete)


def test_held_values_are_flagged_counted_and_said(tmp_path):
    """A model whose output runs from -0.4 to 1.6 m3 m-3, and whose numbers in one cell are too large for any result."""
    write_cube(tmp_path / "cube.nc", extent=(90.0, 30.0, 90.75, 30.5), days=80, gaps=0.1)
    made = small()
    made.low[..., 0], made.high[..., 0], made.high[..., 1], made.high[..., -1] = 230.0, 290.0, 2.0, 0.4
    made.weights[..., -1] *= 2
    made.weights *= 3
    made.weights[0, 0] = np.where(np.arange(made.weights.shape[-1]) % 2, 1e308, -1e308)
    made.attributes = {"channels": "common", "channel_list": "06 10", "polarisation": "V"}
    model.write(tmp_path / "model.nc", made, "a test")
    result = reconstruction.reconstruct(tmp_path / "model.nc", tmp_path / "cube.nc", tmp_path / "annsm.nc")
    with store.open_grid(tmp_path / "annsm.nc", kind="ANN-SM file") as data:
        values, flags, attributes = data["soil_moisture"].values, data["quality_flag"].values, data.attrs
    there = np.isfinite(values)
    assert not bounds.outside(values).any() and (np.isfinite(flags) == there).all()
    held = bounds.were_held(flags)
    assert 0 < held.sum() < there.sum() and (held == np.isin(values, (0.0, 1.0))).all()
    assert result.counts["held"] == attributes["count_held"] == result.counts["held_at_bounds"] == held.sum()
    assert result.counts["values"] == attributes["count_values"] == there.sum()
    beyond = there & bounds.beyond(values, 0.0, 0.4)
    assert attributes["count_beyond_reference"] == beyond.sum() > 0
    said = " ".join(result.warnings)
    assert f"{held.sum()} values" in said and "set to 0 or 1 m3 m-3" in said and f"{beyond.sum()} values" in said
    assert FLAGS["held_at_bounds"] == 32
