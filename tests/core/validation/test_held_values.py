"""Values of ANN-SM that are held at a bound are counted in the comparisons, and the measures without them stand beside."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from record_cubes import write_annsm, write_cube

from annsm_plugin.core import metrics
from annsm_plugin.core.foundation.variables import FLAGS
from annsm_plugin.core.stations.station import Station
from annsm_plugin.core.validation import satellite, stations
from annsm_plugin.core.validation.request import SatelliteRequest, StationsRequest


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A cube and ANN-SM of 150 days: SMAP with noise, a tenth of the days of two cells held at 1."""
    folder = tmp_path_factory.mktemp("held")
    _, truth = write_cube(folder / "cube.nc", start="2019-04-01", days=150, gaps=0.1)
    random = np.random.default_rng(4)
    values = np.clip(truth + random.normal(0, 0.02, truth.shape), 0.01, 0.9)
    held = np.zeros(truth.shape, dtype=bool)
    held[::10, 1, 1:3] = True
    values = np.where(held, 1.0, values)
    write_annsm(folder / "annsm.nc", values, flags=np.where(held, FLAGS["held_at_bounds"] | FLAGS["soil_frozen"], 0))
    return folder, truth, values, held


def test_against_smap(files, tmp_path):
    folder, _, values, held = files
    import xarray

    with xarray.open_dataset(folder / "cube.nc") as cube:
        smap = cube["sm_smap"].values.astype(float)
    outputs = {"table": tmp_path / "cells.csv", "report": tmp_path / "report.html"}
    result = satellite.run(SatelliteRequest(annsm=folder / "annsm.nc", reference=folder / "cube.nc", **outputs))
    count = held & np.isfinite(smap)
    np.testing.assert_array_equal(result.maps["held"], count.sum(axis=0))
    assert result.held.count == count.sum() > 20 and result.held.compared == np.isfinite(smap).sum()
    free = metrics.all_of(np.where(held, np.nan, smap), values.astype(np.float32).astype(float), axis=0)
    for name in ("r", "rmse", "ubrmse"):
        assert result.held.means[name] == pytest.approx(free[name].mean(), abs=1e-6)
    assert result.held.means["bias"] == pytest.approx(np.abs(free["bias"]).mean(), abs=1e-6)
    assert result.held.means["rmse"] < 0.05 < result.means["rmse"][0]
    line = next(line for line in result.summary if "are held at 0 or 1" in line)
    assert line.startswith(f"{count.sum()} of the {np.isfinite(smap).sum()} compared values")
    rows = list(csv.DictReader((tmp_path / "cells.csv").open()))
    assert sum(float(row["held"]) for row in rows) == count.sum()
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "mean without held values" in page and f"{free['rmse'].mean():.4f}" in page


def test_without_any_nothing_is_said(files, tmp_path):
    folder, _, values, _ = files
    write_annsm(tmp_path / "annsm.nc", np.minimum(values, 0.9))
    result = satellite.run(SatelliteRequest(annsm=tmp_path / "annsm.nc", reference=folder / "cube.nc", report=tmp_path / "report.html"))
    assert result.held.count == 0 and not any("held at" in line for line in result.summary)
    assert "held" not in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_against_stations(files, tmp_path):
    folder, truth, values, held = files
    times = np.datetime64("2019-04-01T19:30:00") + np.arange(-1, 149) * np.timedelta64(86400, "s")  # 01:30 local at 90.5 E
    places = {"wet": (1, 1, 32.6, 90.4), "other": (3, 3, 32.1, 90.9)}
    sites = [
        Station(n, "NET", lat, lon, (0.0, 0.05), "probe", times, truth[:, row, column]) for n, (row, column, lat, lon) in places.items()
    ]
    request = StationsRequest(annsm=folder / "annsm.nc", stations=sites, table=tmp_path / "t.csv", report=tmp_path / "r.html")
    result = stations.run(request)
    count = int(held[:, 1, 1].sum())
    assert result.held.count == count == 15 and result.held.compared == 300
    rows = [row for row in csv.DictReader((tmp_path / "t.csv").open()) if row["basis"] == "own days"]
    assert sorted(int(row["held"]) for row in rows) == [0, 15]
    free = [metrics.all_of(np.where(held, np.nan, truth)[:, r, c], values.astype(np.float32)[:, r, c]) for r, c in ((1, 1), (3, 3))]
    assert result.held.means["rmse"] == pytest.approx(np.mean([float(own["rmse"]) for own in free]), abs=1e-5)
    assert any(line.startswith("15 of the 300 compared values of ANN-SM (5.00 %) are held") for line in result.summary)
    assert "(15 held)" in (tmp_path / "r.html").read_text(encoding="utf-8")
