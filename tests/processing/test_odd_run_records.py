"""Run records from outside: a step is not taken for done by one that is none, and a layer tells nothing of it."""

import json

import pytest

from annsm_plugin.core.foundation.requests import Request
from annsm_plugin.processing import about, record

ODD = [None, True, 3, "x", [], [3], {}, {"a": []}, float("nan")]


class Ask(Request):
    def record(self):
        return {"neurons": 12}


@pytest.fixture
def content(tmp_path):
    (tmp_path / "model.nc").write_text("model")
    (tmp_path / "cube.nc").write_text("cube")
    changed = record._time((tmp_path / "cube.nc").stat())
    record.RESUMED.add(tmp_path.resolve())
    yield {
        "algorithm": "annsm:train",
        "request": {"neurons": 12},
        "results": {"OUTPUT": str(tmp_path / "model.nc"), "R": 0.5},
        "versions": {"annsm": record.__version__},
        "inputs": [{"path": str(tmp_path / "cube.nc"), "bytes": 4, "changed": changed}],
    }
    record.RESUMED.discard(tmp_path.resolve())


def test_odd_records(tmp_path, content):
    model = tmp_path / "model.nc"
    path = record.path_for(model)
    path.write_text(json.dumps(content))
    assert record.finished(model, "annsm:train", Ask()) == content["results"]
    for name in ("algorithm", "request", "versions", "inputs", "results"):
        for value in ODD:
            path.write_text(json.dumps({**content, name: value}))
            found = record.finished(model, "annsm:train", Ask())
            assert found is None or (name == "inputs" and value in ([], {})) or (name == "results" and isinstance(value, dict)), (
                name,
                value,
            )
            about._record(model), about._record(tmp_path / "other.tif")
    for text in ("[" * 200_000, "", "{", "\0", json.dumps({**content, "inputs": [{"path": "/" + "n" * 5000}]})):
        path.write_text(text)
        assert record.finished(model, "annsm:train", Ask()) is None
        assert isinstance(about._record(model), dict)


def test_a_step_is_done_by_its_own_record_beside_one_of_another(tmp_path, content):
    model = tmp_path / "model.nc"
    (tmp_path / "model.html").write_text("page")
    (tmp_path / "model.run.json").write_text(json.dumps({**content, "output": "model.html"}))
    assert record.finished(model, "annsm:train", Ask()) is None
    record.path_for(model).write_text(json.dumps({**content, "output": "model.nc"}))
    assert record.path_for(model).name == "model.nc.run.json"
    assert record.finished(model, "annsm:train", Ask()) == content["results"]


def test_a_record_leads_nowhere_else(tmp_path, content):
    model = tmp_path / "model.nc"
    for elsewhere in ("/etc/hostname", str(tmp_path / ".." / "x.nc")):
        (tmp_path.parent / "x.nc").write_text("x")
        record.path_for(model).write_text(json.dumps({**content, "results": {"OUTPUT": elsewhere}}))
        assert record.finished(model, "annsm:train", Ask()) is None
