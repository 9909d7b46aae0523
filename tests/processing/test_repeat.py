"""A run record holds what repeats the run: the command and the Python call as written give the same arrays, from any folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import netCDF4
import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsProcessingContext, QgsProcessingFeedback

from annsm_plugin.processing import record

pytest.importorskip("torch")

#: A folder that a shell, Python and QGIS read differently if anything is left unquoted.
FOLDER = 'it\'s a "study" of $HOME, 青藏高原 `x` & more'

#: Step -> parameters, {} being the folder, and the output that is compared.
STEPS = {
    "screenprecipitation": {"INPUT": "{}/cube.nc", "THRESHOLD": 8.123456789, "OUTPUT": "{}/screened.nc", "DROPPED": "{}/dropped.tif"},
    "train": {"INPUT": "{}/screened.nc", "START": "2015-04-01", "END": "2016-03-31", "HIDDEN": 3, "RATIO": "70/15/15", "RESTARTS": 2,
               "VARIABLES": "tb_06v, tb_10v sm_gldas,st_gldas,lai", "SEED": 7, "OUTPUT": "{}/model.nc", "R": "{}/r.tif"},
    "reconstruct": {"MODEL": "{}/model.nc", "INPUT": "{}/screened.nc", "LOAD": False, "OUTPUT": "{}/annsm.nc"},
    "aggregate": {"INPUT": "{}/annsm.nc", "STATISTICS": ["maximum", "mean"], "OUTPUT": "{}/months.nc"},
    "validatesatellite": {"INPUT": "{}/annsm.nc", "REFERENCE": "{}/cube.nc", "START": "2016-04-01", "R": "{}/test_r.tif",
                           "RMSE": "{}/rmse.tif", "REPORT": "{}/report.html"},
}  # fmt: skip

#: Errors in a model, sums that libraries may add up in another order in another program; the networks are equal bit for bit.
SUMS = ("r", "rmse", "bias", "rmse_m3", "bias_m3")

#: Those that are repeated by the program; all are by the call of Python.
BY_PROGRAM = ("screenprecipitation", "train", "aggregate", "validatesatellite")


class Processing:
    """Stands for ``processing`` of QGIS: runs with the provider of the tests."""

    def __init__(self, provider):
        self.provider = provider

    def run(self, identifier, parameters):
        feedback = QgsProcessingFeedback()
        algorithm = self.provider.algorithm(identifier.partition(":")[2]).create()
        results, good = algorithm.run(parameters, QgsProcessingContext(), feedback)
        assert good, feedback.textLog()
        return results


def arrays(path: Path) -> dict:
    """Everything of a file but where and when it was made."""
    if path.suffix == ".tif":
        return {"bands": gdal.Open(str(path)).ReadAsArray()}
    with netCDF4.Dataset(path) as file:
        file.set_auto_maskandscale(False)
        return {name: variable[...] for name, variable in file.variables.items()}


def moved(outputs):
    """Put the outputs aside; their arrays."""
    found = {path: arrays(path) for path in outputs}
    for path in (*outputs, *(record.path_for(path) for path in outputs)):
        path.unlink(missing_ok=True)
    return found


def same(before):
    for path, own in before.items():
        again = arrays(path)
        assert again.keys() == own.keys()
        for name, values in own.items():
            if path.name == "model.nc" and name in SUMS:
                np.testing.assert_allclose(again[name], values, rtol=1e-12, atol=1e-15)
            else:
                assert np.array_equal(values, again[name], equal_nan=values.dtype.kind == "f"), (path.name, name)


@pytest.fixture(scope="module")
def run_once(provider, cube, tmp_path_factory):
    """The folder in which every step was run, by paths from where the user stood; what the steps told; a copy of the folder."""
    stood = tmp_path_factory.mktemp("stood")
    folder = stood / FOLDER
    folder.mkdir()
    shutil.copy(cube, folder / "cube.nc")
    processing = Processing(provider)
    told = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(stood)
        for name, parameters in STEPS.items():
            told[name] = first_run(processing, folder, name, parameters)
    return folder, told, shutil.copytree(folder, stood / "copy")


def first_run(processing, folder, name, parameters):
    """Run a step; its record and what it wrote."""
    given = {key: value.format(FOLDER) if isinstance(value, str) else value for key, value in parameters.items()}
    results = processing.run(f"annsm:{name}", given)
    outputs = [folder / Path(value).name for value in given.values() if str(value).endswith((".nc", ".tif"))]
    inputs = [folder / Path(given[key]).name for key in ("INPUT", "MODEL", "REFERENCE") if key in given]
    return json.loads(Path(results["RECORD"]).read_text(encoding="utf-8")), [p for p in outputs if p not in inputs]


@pytest.fixture
def study(provider, run_once, tmp_path, monkeypatch):
    """The folder as the first runs left it, and what they told."""
    folder, told, copy = run_once
    shutil.rmtree(folder)
    shutil.copytree(copy, folder)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    return Processing(provider), told


def test_the_call_of_python_repeats_every_step(study):
    processing, told = study
    for content, outputs in told.values():
        before = moved(outputs)
        eval(content["repeat"]["python"], {"processing": processing})
        same(before)


def test_the_command_repeats_it_as_written(study, qgis_process, tmp_path):
    _, told = study
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "qgis_process").symlink_to(qgis_process.program)
    environment = {**qgis_process.environment, "PATH": os.pathsep.join([str(tmp_path / "bin"), qgis_process.environment["PATH"]])}
    for name in BY_PROGRAM:
        content, outputs = told[name]
        before = moved(outputs)
        done = subprocess.run(["bash", "-c", content["repeat"]["qgis_process"]], env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-1000:]
        same(before)


def test_numbers_keep_their_digits():
    calls = record.calls("annsm:match", {"THRESHOLD": 8.123456789, "DEPTH": [0.0, 0.123456789], "N": 3, "SMALL": [1e-9, 2.0]})
    assert "THRESHOLD=8.123456789 DEPTH=0,0.123456789 N=3 SMALL=1e-09,2" in calls["qgis_process"]


def test_the_command_is_that_of_the_system(monkeypatch):
    words = ["qgis_process", "C:\\a b\\c.nc", "x"]
    monkeypatch.setattr(record.os, "name", "nt")
    assert record._command(words) == 'qgis_process "C:\\a b\\c.nc" x'


def test_an_extended_output_names_every_run_that_made_it(tmp_path, provider):
    import datetime

    algorithm, output = provider.algorithm("match"), tmp_path / "cube.nc"
    now = datetime.datetime.now(datetime.timezone.utc)
    for number, extended in enumerate((False, True, True)):
        record.write(output, algorithm, {"START": f"2015-0{number + 4}-01"}, {}, [], [], now, 1.0, extended=extended)
    content = json.loads(record.path_for(output).read_text())
    assert [own["parameters"]["START"] for own in (*content["earlier"], content)] == ["2015-04-01", "2015-05-01", "2015-06-01"]
    assert all("earlier" not in own and "annsm:match" in own["repeat"]["qgis_process"] for own in content["earlier"])
    record.write(output, algorithm, {"START": "2015-09-01"}, {}, [], [], now, 1.0)
    assert "earlier" not in json.loads(record.path_for(output).read_text())
    record.path_for(output).write_text("[" * 100_000)
    record.write(output, algorithm, {"START": "2015-10-01"}, {}, [], [], now, 1.0, extended=True)
    assert json.loads(record.path_for(output).read_text())["earlier"] == []
