"""The report of a triple collocation: figure and table speak of the same cells."""

from types import SimpleNamespace

import numpy as np
import pytest

from annsm_plugin.core.triple_collocation import report


def test_histograms_and_table_are_of_the_cells_with_three_estimates():
    random = np.random.default_rng(0)
    maps = {f"{kind}_{name}": random.uniform(0.02, 0.1, (3, 4)) for kind in ("std", "r") for name in "xyz"}
    maps["std_x"][0, :2] = np.nan  # a negative variance: Y and Z have their estimates there
    maps["std_y"][0, :2] = 5.0
    means = {f"{kind}_{name}": (float(maps[f"{kind}_{name}"][1:].mean()),) * 3 for kind in ("std", "r") for name in "xyz"}
    means.update({f"scaled_{name}": (0.05, 0.04, 0.06) for name in "xyz"})
    result = SimpleNamespace(titles=("A", "B", "C"), maps=maps, means=means, negative=(2, 0, 0))
    whole = np.isfinite(maps["std_x"])
    for (_, values, _), name in zip(report._histograms(result), "xyz"):
        assert np.array_equal(np.isfinite(values), whole) and np.nanmean(values) == pytest.approx(maps[f"std_{name}"][whole].mean())
    row = report._row(result, 1)
    assert row[:2] == ["Y: B", "12"] and row[3] == f"{np.median(maps['std_y'][whole]):.4f}"
    maps["std_z"][:] = np.nan  # no cell has all three: each product's own
    assert np.isfinite(report._histograms(result)[1][1]).all()
