"""annsm:sensitivity through the real qgis_process: all outputs, and its BEST taken by screening and training."""

from __future__ import annotations

import json

import pytest
from record_cubes import write_cube

PERIOD = {"START": "2015-04-01", "END": "2016-05-24"}


@pytest.fixture(scope="module")
def cube(tmp_path_factory):
    """Four cells: every experiment trains them anew."""
    return write_cube(tmp_path_factory.mktemp("cube") / "cube.nc", extent=(90.0, 32.0, 90.5, 32.5))[0]


def test_sensitivity_flows_into_screening_and_training(qgis_process, cube, tmp_path):
    out = {"TABLE": "t.csv", "BEST": "b.json", "DAYS": "d.tif", "FIGURE": "f.png", "REPORT": "r.html"}
    paths = {name: tmp_path / file for name, file in out.items()}
    found = qgis_process.results("annsm:sensitivity", INPUT=cube, **PERIOD, HIDDEN=3, NEURONS="2,3", RATIOS="70/15/15,80/10/10",
                                 THRESHOLDS="none,8.75", REPEATS=2, **paths)  # fmt: skip
    for path in (*paths.values(), tmp_path / "f.pdf", tmp_path / "f.svg", tmp_path / "f_numbers.csv"):
        assert path.stat().st_size > 0, path
    best = json.loads(paths["BEST"].read_text())
    assert found["BEST_HIDDEN"] == best["hidden"] and found["BEST_RATIO"] == best["ratio"]
    assert found["BEST_VARIABLES"].split(",") == best["variables"]
    assert found["CELLS"] == best["cells"] > 0
    record = json.loads((tmp_path / "t.run.json").read_text())
    assert record["parameters"]["EXPERIMENTS"] == ["inputs", "neurons", "ratios", "thresholds"]
    screened = qgis_process.results(
        "annsm:screenprecipitation", INPUT=cube, SETTINGS=paths["BEST"], THRESHOLD=0.0, OUTPUT=tmp_path / "s.nc"
    )
    assert (screened["DROPPED_DAYS"] > 0) == (best["threshold"] is not None)
    trained = qgis_process.results("annsm:train", INPUT=tmp_path / "s.nc", **PERIOD, SETTINGS=paths["BEST"], OUTPUT=tmp_path / "m.nc")
    assert trained["MEAN_R"] > 0.7
    record = json.loads((tmp_path / "m.run.json").read_text())
    assert any(str(path) in json.dumps(record["inputs"]) for path in (paths["BEST"],))


def test_some_experiments_and_a_refusal(qgis_process, cube, tmp_path):
    found = qgis_process.results("annsm:sensitivity", INPUT=cube, **PERIOD, EXPERIMENTS="neurons", NEURONS="2-3", CHOOSE="testing",
                                 TABLE=tmp_path / "t.csv", BEST=tmp_path / "b.json")  # fmt: skip
    assert found["RUNS"] == 2 and "BEST_THRESHOLD" not in found
    assert "threshold" not in json.loads((tmp_path / "b.json").read_text())
    code, text = qgis_process.run("annsm:sensitivity", INPUT=cube, **PERIOD, NEURONS="200", TABLE=tmp_path / "x.csv",
                                  BEST=tmp_path / "x.json")  # fmt: skip
    assert code != 0 and "NEURONS holds '200'" in text and "Traceback" not in text
    assert not [p for p in tmp_path.iterdir() if p.name.startswith((".", "x"))]
