"""A run record takes the place of no other file, and is found where it is."""

import json

import pytest

from annsm_plugin.core.foundation import store


def write(output, algorithm="annsm:aggregate"):
    """Leave an output with its record, as a run does; the record's name."""
    output.write_text("result")
    path = store.run_record(output)
    path.write_text(json.dumps({"algorithm": algorithm, "output": output.name}))
    return path.name


def test_two_outputs_of_one_name_have_a_record_each(tmp_path):
    for _ in range(2):
        assert write(tmp_path / "smap.nc") == "smap.run.json"
        assert write(tmp_path / "smap.html", "annsm:validatesatellite") == "smap.html.run.json"
    assert write(tmp_path / "other.nc") == "other.run.json"
    assert write(tmp_path / "no_ending") == "no_ending.run.json"
    (tmp_path / "smap.nc").unlink()
    assert write(tmp_path / "smap.html") == "smap.html.run.json"
    assert write(tmp_path / "smap.csv") == "smap.run.json"  # whose output is gone
    assert store.run_record(tmp_path) == tmp_path / "run.json"


@pytest.mark.parametrize("text", ["my notes", '{"neurons": 12}', "[]", "", '{"algorithm": 3}', "\0"])
def test_a_file_that_is_no_record_stays(tmp_path, text):
    (tmp_path / "user.run.json").write_text(text)
    for _ in range(2):
        assert write(tmp_path / "user.nc") == "user.nc.run.json"
    assert (tmp_path / "user.run.json").read_text() == text


@pytest.mark.parametrize("output", [None, 3, "", "..", "x\0y", "n" * 5000, "C:\\made\\a.nc"])
def test_a_record_that_does_not_say_of_what_it_is_is_taken_for_the_output_s(tmp_path, output):
    (tmp_path / "a.run.json").write_text(json.dumps({"algorithm": "annsm:train", "output": output}))
    assert store.run_record(tmp_path / "a.nc").name == "a.run.json"
