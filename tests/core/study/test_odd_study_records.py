"""Run records of a study that hold what no step writes: left out with a sentence, the others are read."""

import json

import hurtful_files as hurt
import pytest

from annsm_plugin.core.foundation.errors import AnnsmError
from annsm_plugin.core.study import overview, results
from annsm_plugin.core.training.request import TrainRequest

ODD = [True, 3, 1e300, "/" + "n" * 5000, "/a\0b", [], ["/x"], {}, {"a": 1}, [[[]]], float("nan")]


@pytest.fixture
def good(tmp_path):
    """The content of a record, whose output is there; a good one lies beside."""
    for name in ("model.nc", "other.nc"):
        (tmp_path / name).write_text("x")
    request = TrainRequest(cube=str(tmp_path / "cube.nc"), output=str(tmp_path / "model.nc"), start="2015-01-01", end="2016-01-01").record()
    content = {"algorithm": "annsm:train", "started": "2026-01-01", "request": request, "results": {}, "summary": ["Done."], "warnings": []}
    other = {**content, "request": {**request, "output": str(tmp_path / "other.nc")}}
    (tmp_path / "other.run.json").write_text(json.dumps(other))
    return content


def looked(folder):
    """Everything that is asked of the runs of a folder."""
    study = results.look(folder)
    for run in study.runs:
        assert all(isinstance(line, str) for line in (*run.summary, *run.warnings, run.called, *run.results))
        _ = run.files, study.synthetic
    return study


def known(folder):
    """All runs of a folder, also those that are older than another of their step."""
    study = looked(folder)
    return [*study.runs, *study.older]


@pytest.mark.parametrize("name", ["algorithm", "started", "request", "results", "summary", "warnings", "inputs", "versions"])
def test_odd_parts_of_a_record(tmp_path, good, name):
    for value in ODD:
        (tmp_path / "model.run.json").write_text(json.dumps({**good, name: value}))
        assert any(run.path.name == "other.run.json" for run in known(tmp_path)), value


def test_odd_values_of_a_request(tmp_path, good):
    for name in good["request"]:
        for value in ODD:
            (tmp_path / "model.run.json").write_text(json.dumps({**good, "request": {**good["request"], name: value}}))
            assert any(run.path.name == "other.run.json" for run in known(tmp_path)), (name, value)


def test_the_record_of_one_of_two_outputs_of_one_name_is_found(tmp_path, good):
    (tmp_path / "model.html").write_text("x")
    (tmp_path / "model.run.json").write_text(json.dumps({**good, "algorithm": "annsm:inventory", "output": "model.html"}))
    (tmp_path / "model.nc.run.json").write_text(json.dumps({**good, "output": "model.nc"}))
    assert [run.path.name for run in results.look(files=[tmp_path / "model.nc"]).runs] == ["model.nc.run.json"]
    assert "model.nc.run.json" in [run.path.name for run in known(tmp_path)]


def test_random_damage(tmp_path, good):
    whole = json.dumps(good).encode()
    for seed in range(300):
        (tmp_path / "model.run.json").write_bytes(hurt.spoiled(whole, seed))
        assert any(run.path.name == "other.run.json" for run in known(tmp_path))


def test_brackets_and_many_large_records(tmp_path, good):
    (tmp_path / "model.run.json").write_text("[" * 200_000)
    study = looked(tmp_path)
    assert len(study.runs) == 1 and any("model.run.json" in problem for problem in study.problems)
    text = json.dumps({**good, "summary": [[]] * 1_000_000})
    for number in range(60):
        (tmp_path / f"{number}.run.json").write_text(text)
    found = hurt.measured(tmp_path, "len(results.look(path).runs)", "from annsm_plugin.core.study import results")
    assert found["peak"] < 2 * hurt.MEGABYTES and found["kind"] == "nothing", found


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "x" * 140_000, "cell,cell\n1,2\n", b"\xff\xfe\0\0", bytes(3000)])
def test_a_table_of_stations_that_is_none(tmp_path, content):
    path = tmp_path / "validation.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(AnnsmError, match=r"validation\.csv"):
        overview.rows(table=path)
