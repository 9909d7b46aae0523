"""The files of a sensitivity analysis: table, best settings that training and screening take, maps of days, figure and report."""

import csv
import html.parser
import json
import re

import numpy as np
import planted_cubes
import pytest
from planted_cubes import PERIOD

from annsm_plugin.core import training
from annsm_plugin.core.foundation.errors import AnnsmError, MissingLibrary, ParameterError
from annsm_plugin.core.matching import best_settings, precipitation
from annsm_plugin.core.sensitivity import analysis, figures, files, outputs, report, settings, words
from annsm_plugin.core.sensitivity.experiments import EXPERIMENTS
from annsm_plugin.core.sensitivity.outputs import check_outputs, run
from annsm_plugin.core.sensitivity.request import SensitivityRequest

pytest.importorskip("torch")

SMALL = {"hidden": 3, "neurons": "2,3", "ratios": "70/15/15, 80/10/10", "thresholds": "none, 8.75, 12.5, 17.5"}
ENDINGS = {"table": "table.csv", "best": "best.json", "figure": "figure.png", "report": "report.html"}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A folder with the cube and all files of an analysis with two seeds; and the result."""
    folder = tmp_path_factory.mktemp("outputs")
    cube = planted_cubes.write(folder / "cube.nc", planted_cubes.gappy())
    given = {name: str(folder / file) for name, file in ENDINGS.items()}
    return folder, run(SensitivityRequest(cube=cube, **given, repeats=2, **SMALL, **PERIOD))


def rows_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_file_is_there_and_nothing_else(written):
    names = {p.name for p in written[0].iterdir()}
    assert names == {"cube.nc", *ENDINGS.values(), "figure.pdf", "figure.svg", "figure_numbers.csv"}


def test_the_table_holds_every_run_and_seed(written):
    rows, result = rows_of(written[0] / "table.csv"), written[1]
    assert tuple(rows[0]) == files.COLUMNS
    means = [row for row in rows if row["seed"] == "mean"]
    assert len(means) == len(result.entries) == 7 + 2 + 2 + 4 and len(rows) == 3 * len(means)
    for row, entry in zip(means, result.entries):
        assert (row["experiment"], row["label"], row["inputs"].split()) == (entry.experiment, entry.label, list(entry.run.inputs))
        assert float(row["rmse_m3_testing"]) == pytest.approx(entry.means["rmse_m3", "testing"][0], rel=1e-5)
        assert float(row["r_overall_sd_seeds"]) == pytest.approx(entry.means["r", "overall"][2], rel=1e-5)
        assert float(row["r_overall_same_days"]) == pytest.approx(entry.means_same["r", "overall"][0], rel=1e-5)
        same = [r for r in rows if (r["experiment"], r["run"]) == (row["experiment"], row["run"])]
        own = [float(r["rmse_training"]) for r in same if r["seed"] in ("0", "1")]
        assert np.mean(own) == pytest.approx(float(row["rmse_training"]), rel=1e-5)
    for experiment in EXPERIMENTS:
        best = [row["label"] for row in means if row["experiment"] == experiment and row["best"] == "1"]
        assert best == [result.chosen(experiment).label]
    assert [row["threshold_mm"] for row in means if row["experiment"] == "thresholds"] == ["none", "8.75", "12.5", "17.5"]
    assert [int(row["run"]) for row in means[:7]] == list(range(1, 8))


def test_training_takes_the_best_settings(written, tmp_path):
    folder, result = written
    best = json.loads((folder / "best.json").read_text())
    assert best["threshold"] == result.best.threshold and best["chosen_by"] == "overall error"
    trained = training.train(folder / "cube.nc", tmp_path / "m.nc", settings=folder / "best.json", **PERIOD)
    assert tuple(trained.model.inputs) == result.best.inputs and trained.model.hidden == result.best.hidden
    assert trained.model.attributes["ratio"] == "/".join(map(str, result.best.ratio))
    assert best_settings.threshold_of(folder / "best.json", 99.0) == result.best.threshold


def test_no_screening_as_the_best_threshold_screens_nothing(written, tmp_path):
    folder, result = written
    found = {**files.best_settings(result), "threshold": None}
    (tmp_path / "best.json").write_text(json.dumps(found))
    threshold = best_settings.threshold_of(tmp_path / "best.json", 8.75)
    screened = precipitation.screen(folder / "cube.nc", tmp_path / "s.nc", threshold=threshold)
    assert screened.dropped.sum() == 0


def test_a_threshold_that_was_not_tried_is_left_to_the_screening(written, tmp_path):
    result = analysis.analyse(written[0] / "cube.nc", experiments="neurons", neurons="2", **PERIOD)
    path = files.write_best(tmp_path / "best.json", result)
    assert "threshold" not in json.loads(path.read_text())
    assert best_settings.threshold_of(path, 12.5) == 12.5
    assert result.removed == {} and figures.shown_thresholds(result) == []
    report.write_report(tmp_path / "r.html", result)
    assert "Figure A3)" not in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_the_maps_of_days(written, tmp_path):
    gdal = pytest.importorskip("osgeo.gdal")
    path = files.write_days(tmp_path / "days.tif", written[1])
    raster = gdal.Open(str(path))
    values = planted_cubes.gappy()
    complete = np.logical_and.reduce([np.isfinite(v) for n, v in values.items() if n != "precipitation_7h"])
    titles = [raster.GetRasterBand(i + 1).GetDescription() for i in range(raster.RasterCount)]
    assert titles == ["days kept unscreened", "days removed at 17.5 mm", "days removed at 12.5 mm", "days removed at 8.75 mm"]
    np.testing.assert_array_equal(raster.GetRasterBand(1).ReadAsArray(), complete.sum(axis=0))
    wet = complete & (np.nan_to_num(values["precipitation_7h"]) > 12.5)
    np.testing.assert_array_equal(raster.GetRasterBand(3).ReadAsArray(), wet.sum(axis=0))


def test_the_figure_has_a_panel_per_experiment_and_its_numbers(written):
    folder, result = written
    rows = rows_of(folder / "figure_numbers.csv")
    assert len(rows) == 15 * 2 * 4
    table = {(r["experiment"], r["label"]): r for r in rows_of(folder / "table.csv") if r["seed"] == "mean"}
    for row in rows:
        column = f"{row['measure']}_{row['samples']}"
        assert row["mean"] == table[row["panel"], row["label"]][column]
        assert row["best"] == table[row["panel"], row["label"]]["best"]
    drawing = figures.errors(result).drawing
    assert drawing.get_size_inches()[0] * 25.4 == pytest.approx(175, abs=1)
    axes = drawing.axes
    assert len(axes) == 9  # two per experiment and the matrix of inputs
    labels = {a.get_ylabel() for a in axes} | {a.get_xlabel() for a in axes}
    assert {"mean R", "mean RMSE (0–1)", "mean RMSE (m³ m⁻³)", "precipitation threshold (mm in 7 h)"} <= labels
    texts = [text for a in axes for text in (a.xaxis.label, a.yaxis.label, *a.get_xticklabels(), *a.get_yticklabels())]
    assert min(text.get_fontsize() for text in texts if text.get_text()) >= 6.5
    svg = (folder / "figure.svg").read_text(encoding="utf-8")
    assert 'width="496' in svg  # 6.9 in


@pytest.mark.parametrize("experiments", ["inputs", "thresholds", "neurons,ratios"])
def test_a_figure_and_report_of_some_experiments(written, tmp_path, experiments):
    cube = written[0] / "cube.nc"
    given = {name: str(tmp_path / file) for name, file in ENDINGS.items()}
    result = run(SensitivityRequest(cube=cube, **given, experiments=experiments, choose="testing", **SMALL, **PERIOD))
    assert [e for e in EXPERIMENTS if result.of(e)] == experiments.split(",")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "testing error" in text or "testing samples" in text


class Balance(html.parser.HTMLParser):
    """Checks that every element that is opened is closed, in order."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"


def test_the_report_is_whole_and_needs_no_network(written):
    folder, result = written
    text = (folder / "report.html").read_text(encoding="utf-8")
    checker = Balance()
    checker.feed(text)
    assert checker.open == []
    assert not re.search(r"https?:|src='(?!data:)|<script|<link|@import", text)
    for word in ("paper 80/10/10", "paper 8.75", "paper 12", "Synthetic data.", "Figure 3", "Figure A3", "rewards large training shares"):
        assert word in text, word
    for entry in result.entries:
        assert entry.label in text
    assert text.count("★") == 4 and text.count("data:image/png") == 2


def test_the_summary_names_every_choice(written):
    result = written[1]
    text = " ".join(result.summary)
    for experiment in EXPERIMENTS:
        assert f"{words.TITLES[experiment]}: {result.chosen(experiment).label}" in text
    assert "15 runs (12 different ones)" in text and "2 seeds" in text
    assert any("rewards large training shares" in w for w in result.warnings)


def test_testing_error_chooses_by_itself(written):
    cube = written[0] / "cube.nc"
    result = analysis.analyse(cube, choose="testing", repeats=2, **SMALL, **PERIOD)
    for experiment in EXPERIMENTS:
        measure = analysis.CHOSEN_BY[experiment]
        lowest = min(entry.means[measure, "testing"][0] for entry in result.of(experiment))
        assert result.chosen(experiment).means[measure, "testing"][0] == lowest
    assert not any("rewards" in w for w in result.warnings)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"table": "table.txt"}, r"must end in \.csv"),
        ({"best": "best.txt"}, r"must end in \.json"),
        ({"figure": "figure.pdf"}, r"must end in \.png"),
        ({"report": "no/report.html"}, "does not exist"),
        ({"table": "figure_numbers.csv"}, "where the numbers of FIGURE are written"),
    ],
)
def test_outputs_are_checked_before_work(written, tmp_path, wrong, says, monkeypatch):
    monkeypatch.setattr(settings, "check", lambda *a, **k: pytest.fail("work began"))
    given = {name: str(tmp_path / file) for name, file in {**ENDINGS, **wrong}.items()}
    with pytest.raises(ParameterError, match=says):
        run(SensitivityRequest(cube=written[0] / "cube.nc", **given, **PERIOD))


def test_no_matplotlib_is_said_before_work(written, tmp_path, monkeypatch):
    def missing(name):
        raise MissingLibrary("The Python package 'matplotlib' is not installed.")

    monkeypatch.setattr(outputs, "load", missing)
    some = {"cube": written[0] / "cube.nc", **PERIOD}
    with pytest.raises(MissingLibrary):
        check_outputs(SensitivityRequest(**some, table=tmp_path / "t.csv", best=tmp_path / "b.json", figure=str(tmp_path / "f.png")))
    check_outputs(SensitivityRequest(**some, table=tmp_path / "t.csv", best=tmp_path / "b.json"))


def test_work_is_kept_until_all_files_are_written(written, tmp_path, monkeypatch):
    from annsm_plugin.core.network import block

    given = {name: str(tmp_path / file) for name, file in ENDINGS.items()}
    asked = {"experiments": "neurons", "neurons": "2", **PERIOD}

    def fail(*arguments):
        raise AnnsmError("held open")

    with monkeypatch.context() as patch:
        patch.setattr(report, "write_report", fail)
        with pytest.raises(AnnsmError, match="held open"):
            run(SensitivityRequest(cube=written[0] / "cube.nc", **given, **asked))
    assert not (tmp_path / "table.csv").exists()
    monkeypatch.setattr(block, "train_block", lambda *a, **k: pytest.fail("trained again"))
    run(SensitivityRequest(cube=written[0] / "cube.nc", **given, **asked))
    assert (tmp_path / "table.csv").exists() and not (tmp_path / ".table.csv.resume").exists()
