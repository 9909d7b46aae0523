"""The list of runs, what a run is asked, resuming, and work beside the window; the whole of it is driven by `make test-window`."""

import json
import threading
import time
from types import SimpleNamespace

import pytest
from qgis.core import QgsApplication, QgsSettings
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtWidgets import QApplication

from annsm_plugin.core.foundation import machine
from annsm_plugin.core.foundation.errors import ParameterError
from annsm_plugin.core.foundation.requests import Request
from annsm_plugin.processing import record
from annsm_plugin.processing.provider import AnnsmProvider
from annsm_plugin.ui import options
from annsm_plugin.ui.background import Background
from annsm_plugin.ui.running import panel, runs, task
from annsm_plugin.ui.running.panel import Runner, spoken


def wait(until, seconds=10.0):
    end = time.monotonic() + seconds
    while not until() and time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.002)
    return until()


@pytest.fixture
def runner(qgis_app, tmp_path, monkeypatch):
    provider = AnnsmProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    provider.refreshAlgorithms()
    monkeypatch.setattr(panel.QgsApplication, "qgisSettingsDirPath", staticmethod(lambda: str(tmp_path / "profile")))
    canvas = QgsMapCanvas()
    made = Runner(SimpleNamespace(mapCanvas=lambda: canvas))
    yield made
    made.close_runner()
    QgsApplication.processingRegistry().removeProvider(provider)


def asked(tmp_path, **changes):
    for name in ("a", "s", "g", "l"):
        (tmp_path / name).mkdir(exist_ok=True)
    given = {"chain": "recommended", "AMSR": str(tmp_path / "a"), "SMAP": str(tmp_path / "s"), "GLDAS": str(tmp_path / "g"),
             "LAI": str(tmp_path / "l"), "results": str(tmp_path / "out"), "region": "90,30,92,32", "START": "2016-01-01",
             "END": "2017-12-31", "TRAIN_START": "2016-01-01", "TRAIN_END": "2016-12-31", "TEST_START": "2017-01-01",
             "TEST_END": "2017-12-31", "STATIONS": "", "LPRM": "", "JAXA": "", "SMOS": ""}  # fmt: skip
    return {**given, **changes}


def test_runs_are_remembered_and_one_that_was_cut_off_says_so(tmp_path):
    path = tmp_path / "profile" / "runs.json"
    first = runs.Runs(path)
    first.add(runs.Run("recommended", {"AMSR": "a"}, "x", state=runs.DONE))
    first.add(runs.Run("wangxu2021", {}, "y"))
    again = runs.Runs(path)
    assert [(run.chain, run.state) for run in again.runs] == [("wangxu2021", runs.CUT_OFF), ("recommended", runs.DONE)]
    again.remove(again.runs[0])
    assert [run.asked for run in runs.Runs(path).runs] == [{"AMSR": "a"}]
    for number in range(60):
        again.add(runs.Run("recommended", {"n": number}, "z"))
    assert len(runs.Runs(path).runs) == runs.MOST


@pytest.mark.parametrize("content", ["", "{", "[1, 2]", '[{"chain": "x"}]', "null"])
def test_a_damaged_list_is_as_good_as_none(tmp_path, content):
    (tmp_path / "runs.json").write_text(content)
    assert runs.Runs(tmp_path / "runs.json").runs == []


def test_the_form_keeps_what_it_is_given(runner, tmp_path):
    wanted = asked(tmp_path, chain="wangxu2021")
    runner.form.fill(wanted)
    assert runner.form.values() == wanted
    runner.form.fill({"region": "nonsense", "START": "yesterday"})
    assert runner.form.values() == wanted


def test_a_run_names_every_file_in_the_folder_of_results(runner, tmp_path):
    ((name, given),) = runner.parameters(asked(tmp_path))
    assert name == "annsm:recommended"
    assert given["EXTENT"] == "90.0,92.0,30.0,32.0 [EPSG:4326]"
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(name)
    assert {d.name() for d in algorithm.destinationParameterDefinitions()} == set(task.files_of("recommended"))
    assert {d.name() for d in algorithm.parameterDefinitions()} == set(given)
    assert all(given[output].startswith(str(tmp_path / "out")) for output in task.files_of("recommended"))
    both = runner.parameters(asked(tmp_path, STATIONS=str(tmp_path / "s")))
    assert [name for name, _ in both] == ["annsm:recommended", "annsm:validatestations"]


def test_a_study_takes_stations_and_the_products_beside_them_into_its_chain(runner, tmp_path):
    with pytest.raises(ParameterError, match="Stations"):
        runner.parameters(asked(tmp_path, chain="study"))
    ((name, given),) = runner.parameters(asked(tmp_path, chain="study", STATIONS=str(tmp_path / "s"), LPRM=str(tmp_path / "l")))
    assert name == "annsm:study" and given["LPRM"] == str(tmp_path / "l") and "JAXA" not in given
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(name)
    destinations = {d.name() for d in algorithm.destinationParameterDefinitions()}
    assert destinations == set(task.files_of("study")) == {key for key in given if ":" in key}
    assert set(given) - destinations <= {d.name() for d in algorithm.parameterDefinitions()}
    runner.form.fill({"chain": "recommended"})
    assert not runner.form.beside["LPRM"].isVisibleTo(runner.form)
    runner.form.fill({"chain": "study"})
    assert runner.form.beside["LPRM"].isVisibleTo(runner.form)


def test_the_report_of_a_run_opens_in_the_browser_the_most_complete_first(runner, tmp_path, monkeypatch):
    opened, said = [], []
    monkeypatch.setattr(panel.QDesktopServices, "openUrl", opened.append)
    monkeypatch.setattr(panel.messages, "tell", lambda iface, sentence, *_, **__: said.append(sentence))
    for run in list(runner.runs.runs):
        runner.runs.remove(run)
    runner.runs.add(runs.Run("study", asked(tmp_path), str(tmp_path)))
    runner._list()
    runner.report_button.click()
    assert not opened and str(tmp_path) in said[0]
    for name in ("validation.html", "study.html", "notes.html"):
        (tmp_path / name).write_text("<p>")
    runner.report_button.click()
    assert [url.toLocalFile() for url in opened] == [str(tmp_path / "study.html")]
    assert [path.name for path in task.reports(tmp_path)] == ["study.html", "validation.html"]


@pytest.mark.parametrize(("name", "value"), [("AMSR", ""), ("SMAP", "/nowhere"), ("results", "")])
def test_what_cannot_work_is_said_before_anything_runs(runner, tmp_path, name, value):
    with pytest.raises(ParameterError):
        runner.parameters(asked(tmp_path, **{name: value}))


def test_a_folder_that_is_looked_into_says_what_it_holds_or_lacks(runner, tmp_path):
    runner.form.fill(asked(tmp_path, GLDAS=str(tmp_path / "nothing")))
    runner.look_into("GLDAS")
    assert wait(lambda: "not a folder" in runner.form.found["GLDAS"].text())


def test_times_are_spoken():
    assert [spoken(seconds) for seconds in (3.4, 59.6, 130, 7384)] == ["3 s", "1 min 00 s", "2 min 10 s", "2 h 03 min"]


class Ask(Request):
    def record(self):
        return {"neurons": 12}


def test_a_step_that_is_done_is_not_done_again_in_a_folder_that_is_resumed(tmp_path):
    cube, model = tmp_path / "cube.nc", tmp_path / "model.nc"
    cube.write_text("cube")
    model.write_text("model")
    content = {"algorithm": "annsm:train", "request": {"neurons": 12}, "results": {"OUTPUT": str(model), "R": 0.5},
               "versions": {"annsm": record.__version__},
               "inputs": [{"path": str(cube), "bytes": 4, "changed": record._time(cube.stat())}]}  # fmt: skip
    record.path_for(model).write_text(json.dumps(content))
    assert record.finished(model, "annsm:train", Ask()) is None  # nobody resumes there
    record.RESUMED.add(tmp_path.resolve())
    try:
        assert record.finished(model, "annsm:train", Ask()) == content["results"]
        assert record.finished(model, "annsm:match", Ask()) is None
        for change in ({"request": {"neurons": 5}}, {"versions": {"annsm": "0"}}, {"results": {"OUTPUT": str(tmp_path / "gone.nc")}}):
            record.path_for(model).write_text(json.dumps({**content, **change}))
            assert record.finished(model, "annsm:train", Ask()) is None, change
        record.path_for(model).write_text(json.dumps(content))
        cube.write_text("another cube")
        assert record.finished(model, "annsm:train", Ask()) is None
        record.path_for(model).write_text("{")
        assert record.finished(model, "annsm:train", Ask()) is None
    finally:
        record.RESUMED.discard(tmp_path.resolve())


def test_a_job_is_replaced_by_the_next_of_its_key_and_errors_come_back(qgis_app):
    background, told, block = Background(), [], threading.Event()
    first = background.run("a", lambda job: block.wait(5) and job.check(), lambda r: told.append("first"), told.append)
    background.run("a", lambda job: 2, told.append, told.append)
    background.run("b", lambda job: 1 / 0, told.append, lambda error: told.append(type(error).__name__))
    assert first.cancelled()
    block.set()
    assert wait(lambda: len(told) == 2)
    assert told == [2, "ZeroDivisionError"]
    background.close()


def test_the_options_reach_the_core_and_leave_no_trace(qgis_app, monkeypatch):
    for name in options.KEPT:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(options, "_BEFORE", dict.fromkeys(options.KEPT))
    page = options.OptionsPage()
    page.processes.setValue(3)
    page.memory.setValue(512)
    page.device.setCurrentIndex(page.device.findData("cpu"))
    page.apply()
    assert (machine.processes(), machine.device(), machine.memory(1)) == (3, "cpu", 512 * 2**20)
    again = options.OptionsPage()
    assert (again.processes.value(), again.memory.value(), again.device.currentData()) == (3, 512, "cpu")
    options.forget()
    assert (machine.processes(), machine.device(), machine.memory(1)) == (None, "auto", 1)
    for key in options.KEPT.values():
        QgsSettings().remove(key)
    for opened in (page, again):
        opened.background.close()
