"""Aggregates of any daily values are soil moisture, and say what was held and what was left out."""

from __future__ import annotations

import hostile_series as hostile
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from record_cubes import write_annsm

from annsm_plugin.core.foundation import bounds, store
from annsm_plugin.core.foundation.errors import CubeError
from annsm_plugin.core.foundation.variables import FLAGS
from annsm_plugin.core.record import aggregation

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

SMALL = (90.0, 32.0, 90.5, 32.5)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hostile.series((70, 2, 2)))
def test_months_of_anything_at_all(tmp_path, values):
    write_annsm(tmp_path / "annsm.nc", values, extent=SMALL)
    stored = values.astype(np.float32)
    possible = np.isfinite(stored) & ~bounds.outside(stored) & (stored != np.float32(-9999))
    known = int((~np.isnan(stored) & (stored != np.float32(-9999))).sum())
    statistics = ["mean", "minimum", "maximum", "std", "anomaly"]
    if known >= bounds.ENOUGH and 2 * possible.sum() < known:
        with pytest.raises(CubeError, match=f"{known - possible.sum()} of the {known} values of soil_moisture outside 0 to 1"):
            aggregation.aggregate(tmp_path / "annsm.nc", tmp_path / "refused.nc", min_days=1, statistics=statistics)
        assert not (tmp_path / "refused.nc").exists()
        return
    aggregation.aggregate(tmp_path / "annsm.nc", tmp_path / "months.nc", min_days=1, statistics=statistics)
    with store.open_grid(tmp_path / "months.nc", kind="aggregated file") as data:
        assert data.attrs["count_values"] == possible.sum()
        assert data["soil_moisture_days"].values.sum() == possible.sum()
        for name in ("mean", "minimum", "maximum", "std", "anomaly"):
            found = data[f"soil_moisture_{name}"].values
            assert not bounds.outside(np.abs(found)).any() and not np.isinf(found).any(), name


def test_what_was_held_and_what_no_soil_has_is_counted(tmp_path):
    values = np.full((61, 2, 2), 0.2)
    flags = np.zeros(values.shape, dtype=np.uint8)
    values[3:8], flags[3:8] = 1.0, FLAGS["held_at_bounds"] | FLAGS["soil_frozen"]
    values[10, 0] = 8.3
    values[11, 1, 1] = np.inf
    write_annsm(tmp_path / "annsm.nc", values, extent=SMALL, flags=flags, attributes={"count_values": 999, "count_soil_frozen": 5})
    result = aggregation.aggregate(tmp_path / "annsm.nc", tmp_path / "months.nc", min_days=1)
    with store.open_grid(tmp_path / "months.nc", kind="aggregated file") as data:
        counts = {name: int(value) for name, value in data.attrs.items() if name.startswith("count_")}
        assert counts == {"count_values": 244 - 3, "count_held": 20, "count_impossible": 3}
        np.testing.assert_allclose(data["soil_moisture_mean"].values[0], (0.2 * np.array([[24, 24], [25, 24]]) + 5) / [[29, 29], [30, 29]])
    assert any("20 of the 241 daily values (8.30 %) are held at 0 or 1" in line for line in result.summary)
    assert any("3 of the 244 values of soil_moisture are outside 0 to 1" in line for line in result.warnings)
