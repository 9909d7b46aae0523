"""Run records from outside: what is none is left out, and whatever stands in one costs no more than itself."""

import json

import hurtful_files as hurt
import pytest

from annsm_plugin.core.exploration import known

RECORD = {
    "algorithm": "annsm:validatestations",
    "parameters": {"INPUT": "/x/annsm.nc", "OUTPUT": "/x/out.gpkg", "START": "2016-01-01", "END": "2016-12-31"},
    "request": {"annsm": "/x/annsm.nc", "stations": "/x/stations", "folder": None, "file": None, "series": None},
}
ODD = [None, True, 3, 1e300, "", "/" + "n" * 5000, "/a\0b", "/" + "名" * 100, [], ["/x"], {}, {"a": 1}, float("nan")]


@pytest.mark.parametrize("step", ["validatestations", "loadstations", "reconstruct", "validatesatellite"])
def test_odd_values_in_a_record(tmp_path, step):
    number = 0
    for part in ("parameters", "request"):
        for name in RECORD[part]:
            for value in ODD:
                number += 1
                content = {**RECORD, "algorithm": f"annsm:{step}", part: {**RECORD[part], name: value}}
                (tmp_path / f"{number}.run.json").write_text(json.dumps(content))
    for value in ODD:
        for name in RECORD:
            number += 1
            (tmp_path / f"{number}.run.json").write_text(json.dumps({**RECORD, name: value}))
    found = known.know([tmp_path / "gone.nc", tmp_path / ("n" * 300 + ".nc")])
    assert not found and not found.stations


def test_what_is_no_record_is_told_once(tmp_path):
    (tmp_path / "a.run.json").write_text("[" * 200_000)
    (tmp_path / "b.run.json").write_bytes(b"\xff\xfe\0")
    (tmp_path / "c.run.json").write_text(json.dumps(RECORD))
    found = known.know([tmp_path / "gone.nc", tmp_path / "gone2.nc"])
    told = [problem for problem in found.problems if ".run.json" in problem]
    assert len(told) == 2 and all("\n" not in problem for problem in told)


def test_a_folder_full_of_large_records(tmp_path):
    text = json.dumps({**RECORD, "summary": [[]] * 1_000_000})
    for number in range(60):
        (tmp_path / f"{number}.run.json").write_text(text)
    prepare = "from annsm_plugin.core.exploration import known; import netCDF4"
    found = hurt.measured(tmp_path / "gone.nc", "len(known.know([path]).problems)", prepare)
    assert found["kind"] == "nothing" and found["seconds"] < hurt.SECONDS and found["peak"] < hurt.MEGABYTES, found


def test_random_damage(tmp_path):
    whole = json.dumps(RECORD).encode()
    for seed in range(300):
        (tmp_path / f"{seed}.run.json").write_bytes(hurt.spoiled(whole, seed))
    assert not known.know([tmp_path / "gone.nc"])
