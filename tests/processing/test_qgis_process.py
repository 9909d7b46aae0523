"""The real qgis_process: every algorithm listed and described, the chain runs, bad input gives one sentence and no output.

Plain Python and pytest-qgis do not show what happens to netCDF4 inside QGIS (its wheel from PyPI crashes there), so the chain
is run by the program itself.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

ALGORITHMS = (
    "demodata",
    "downloadlist",
    "download",
    "inventory",
    "match",
    "screenprecipitation",
    "train",
    "reconstruct",
    "fillgaps",
    "validatesatellite",
    "loadstations",
    "validatestations",
    "comparemethods",
    "triplecollocation",
    "sensitivity",
    "aggregate",
    "extractseries",
    "studyreport",
)
PERIOD = {"START": "2015-04-01", "END": "2016-05-24"}


@pytest.fixture(scope="module")
def chain(qgis_process, cube, tmp_path_factory):
    """The files of a chain that has run from the cube to the validation."""
    folder = tmp_path_factory.mktemp("chain")
    run = qgis_process.results
    out = {"folder": folder}
    out["screen"] = run("annsm:screenprecipitation", INPUT=cube, OUTPUT=folder / "screened.nc", DROPPED=folder / "dropped.tif")
    out["train"] = run("annsm:train", INPUT=folder / "screened.nc", **PERIOD, HIDDEN=4, OUTPUT=folder / "model.nc", R=folder / "tr.tif",
                       RMSE=folder / "trmse.tif", STATUS=folder / "status.tif", REPORT=folder / "training.html")  # fmt: skip
    out["reconstruct"] = run("annsm:reconstruct", MODEL=folder / "model.nc", INPUT=folder / "screened.nc", OUTPUT=folder / "annsm.nc")
    out["fill"] = run("annsm:fillgaps", INPUT=folder / "annsm.nc", CUBE=cube, OUTPUT=folder / "filled.nc", REPORT=folder / "filled.html")
    out["satellite"] = run("annsm:validatesatellite", INPUT=folder / "annsm.nc", REFERENCE=cube, R=folder / "r.tif",
                           RMSE=folder / "rmse.tif",
                           BIAS=folder / "bias.tif", REPORT=folder / "smap.html")  # fmt: skip
    return out


def test_every_algorithm_is_listed(qgis_process):
    code, text = qgis_process("list")
    assert code == 0
    for name in ALGORITHMS:
        assert f"annsm:{name}\t" in text, name


@pytest.mark.parametrize("name", ALGORITHMS)
def test_help_describes_it(qgis_process, name):
    code, text = qgis_process("help", f"annsm:{name}")
    assert code == 0
    assert "Arguments" in text and "Outputs" in text and "RECORD" in text


def test_chain_writes_everything(chain):
    folder = chain["folder"]
    for name in (
        "screened.nc",
        "dropped.tif",
        "model.nc",
        "tr.tif",
        "status.tif",
        "training.html",
        "annsm.nc",
        "filled.nc",
        "filled.html",
        "r.tif",
        "bias.tif",
        "smap.html",
    ):
        assert (folder / name).stat().st_size > 0, name
    assert not [p.name for p in folder.iterdir() if p.name.startswith(".")]


def test_chain_learns(chain):
    assert chain["train"]["MEAN_R"] > 0.8
    assert chain["satellite"]["MEAN_R"] > 0.8
    assert abs(chain["satellite"]["MEAN_BIAS"]) < 0.02


def test_gaps_are_filled(chain):
    assert chain["fill"]["FILLED"] > 0 and 0 < chain["fill"]["RMSE_LONG"] < 0.1
    record = json.loads(Path(chain["fill"]["RECORD"]).read_text())
    assert record["parameters"]["METHOD"] == 0 or record["parameters"]["METHOD"] == "best"
    assert "qgis_process run annsm:fillgaps -- " in record["repeat"]["qgis_process"] and len(record["summary"]) > 2


def test_run_record_repeats_the_run(chain, qgis_process, tmp_path):
    record = json.loads(Path(chain["train"]["RECORD"]).read_text())
    assert record["seed"] == 0 and record["parameters"]["HIDDEN"] == 4
    assert record["versions"]["torch"] != "not installed"
    assert record["repeat"]["qgis_process"].startswith("qgis_process run annsm:train -- ")
    given = dict(record["parameters"], OUTPUT=str(tmp_path / "again.nc"))
    names = ("INPUT", "START", "END", "HIDDEN", "OUTPUT")
    again = qgis_process.results("annsm:train", **{name: given[name] for name in names})
    assert again["MEAN_R"] == pytest.approx(chain["train"]["MEAN_R"])


BAD = {
    "cube missing": ("screenprecipitation", {"INPUT": "/nowhere/cube.nc"}, "does not exist"),
    "other extension": ("screenprecipitation", {"INPUT": "{cube}", "OUTPUT": "{tmp}/out.tif"}, "must end in .nc"),
    "output folder missing": ("screenprecipitation", {"INPUT": "{cube}", "OUTPUT": "{tmp}/no/out.nc"}, "does not exist"),
    "output is the input": ("screenprecipitation", {"INPUT": "{cube}", "OUTPUT": "{cube}"}, "same file"),
    "start after end": ("train", {"INPUT": "{cube}", "START": "2016-01-01", "END": "2015-05-01"}, "is after END"),
    "bad date": ("train", {"INPUT": "{cube}", "START": "then", "END": "2015-05-01"}, "START"),
    "ratio": ("train", {"INPUT": "{cube}", "RATIO": "80/10/20", **PERIOD}, "80/10/20"),
    "period without data": ("train", {"INPUT": "{cube}", "START": "2001-01-01", "END": "2001-12-31"}, "2001"),
    "model is a cube": ("reconstruct", {"MODEL": "{cube}", "INPUT": "{cube}"}, "model"),
    "cube instead of a record": ("fillgaps", {"INPUT": "{cube}", "CUBE": "{cube}"}, "soil_moisture"),
    "no such folder": ("inventory", {"FOLDER": "/nowhere", "OUTPUT": None, "TABLE": "{tmp}/t.csv"}, "does not exist"),
    "empty folder": ("inventory", {"FOLDER": "{tmp}", "OUTPUT": None, "TABLE": "{tmp}/t.csv"}, "no product file"),
    "both or none": ("loadstations", {"OUTPUT": "{tmp}/s.gpkg"}, "either FOLDER or FILE"),
    "extent swapped": (
        "match",
        {"AMSR": "{tmp}", "GLDAS": "{tmp}", "LAI": "{tmp}", "EXTENT": "105,73,26,40", **PERIOD},
        "must not be west of west",
    ),
    "nothing to match": ("match", {"AMSR": "{tmp}", "GLDAS": "{tmp}", "LAI": "{tmp}", **PERIOD}, "AMSR"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_in_one_sentence(qgis_process, cube, tmp_path, case):
    algorithm, parameters, sentence = BAD[case]
    parameters = {"OUTPUT": "{tmp}/out.nc", **parameters}
    parameters = {n: v.format(cube=cube, tmp=tmp_path) for n, v in parameters.items() if v is not None}
    before = cube.read_bytes()
    code, text = qgis_process.run(f"annsm:{algorithm}", **parameters)
    assert code != 0
    assert sentence in text, text[-1500:]
    assert "Traceback" not in text
    assert not list(tmp_path.iterdir())
    assert cube.read_bytes() == before


def test_killed_training_leaves_nothing_that_looks_finished(qgis_process, tmp_path):
    from record_cubes import write_cube

    large, _ = write_cube(tmp_path / "cube.nc", extent=(90.0, 30.0, 96.0, 34.0), days=500)
    process = qgis_process.start("run", "annsm:train", f"--INPUT={large}", "--START=2015-04-01", "--END=2016-08-01", "--RESTARTS=20",
                                 f"--OUTPUT={tmp_path / 'model.nc'}")  # fmt: skip
    for _ in range(600):  # until the networks are given to the workers, which then have not the time for the first of 20 restarts
        if (tmp_path / ".model.nc.resume" / "settings.json").exists() or process.poll() is not None:
            break
        time.sleep(0.1)
    time.sleep(4)
    assert process.poll() is None, process.stdout.read()[-2000:]
    process.terminate()
    begin = time.monotonic()
    process.wait(timeout=10)
    assert time.monotonic() - begin < 2
    assert sorted(p.name for p in tmp_path.iterdir() if not p.name.startswith(".")) == ["cube.nc"]


def test_without_the_optional_packages_it_is_listed(qgis_process):
    code, text = qgis_process("list", shadow=True)
    assert code == 0 and "annsm:train\t" in text


def test_words_in_any_case_lists_and_dates_left_out(qgis_process, tmp_path):
    asked = {"EXTENT": "91,92,31,32", "FOLDER": tmp_path / "lists", "TABLE": tmp_path / "t.csv"}
    period = {"START": "2020-01-01", "END": "2020-01-03"}
    found = qgis_process.results("annsm:downloadlist", **asked, **period, PRODUCTS=["gldas", "Smap"], OVERPASS="Ascending")
    request = json.loads(Path(found["RECORD"]).read_text())["request"]
    assert request["products"] == ["GLDAS", "SMAP"] and request["overpass"] == "ascending"
    found = qgis_process.results("annsm:downloadlist", **asked, PRODUCTS="smap")
    request = json.loads(Path(found["RECORD"]).read_text())["request"]
    assert (request["start"], request["end"]) == ("2002-06-19", "2021-07-31")
    code, text = qgis_process.run("annsm:downloadlist", **asked, **period, PRODUCTS="gldas,rain")
    assert code != 0 and "PRODUCTS is 'rain'; expected one of GLDAS, LAI, SMAP, AMSR." in text
