"""From folders to the report, through the real qgis_process: the ready model Study on a tiny archive, and the report of its folder."""

import csv
import json

import pytest

pytest.importorskip("torch")

#: From the last month of AMSR-E to the first of LPRM, SMOS and the stations beside AMSR2.
PERIODS = {"START": "2011-07-01", "END": "2016-04-30", "TRAIN_START": "2015-04-01", "TRAIN_END": "2015-09-30",
           "TEST_START": "2015-10-01", "TEST_END": "2016-04-30"}  # fmt: skip

FILES = {
    "match:CUBE": "cube.nc", "screenprecipitation:SCREENED": "screened.nc", "train:MODEL": "model.nc", "reconstruct:ANNSM": "annsm.nc",
    "validatesatellite:R": "r.tif", "validatesatellite:REPORT": "validation.html", "validatestations:STATION_TABLE": "stations.csv",
    "validatestations:SITES": "sites.csv", "sensitivity:SENSITIVITY": "sensitivity.csv", "sensitivity:BEST": "best.json",
    "sensitivity:DAYS": "days.tif", "comparemethods:METHODS": "methods.csv", "fillgaps:FILLED": "filled.nc",
    "aggregate:MONTHS": "months.nc", "aggregate:TREND": "trend.tif", "aggregate:SIGNIFICANCE": "significance.tif",
    "studyreport:STUDY": "study.html", "studyreport:PDF": "study.pdf", "studyreport:FIGURES": "figures",
}  # fmt: skip


@pytest.fixture(scope="module")
def study(qgis_process, archive, tmp_path_factory):
    """The folder that the model filled."""
    folder = tmp_path_factory.mktemp("study")
    given = {name: archive[name] for name in ("AMSR", "SMAP", "GLDAS", "LAI", "STATIONS", "LPRM", "SMOS")}
    outputs = {name: folder / file for name, file in FILES.items()}
    region = "91.75,92.5,31,31.75 [EPSG:4326]"
    qgis_process.results("annsm:study", **given, **PERIODS, TITLE="A study for a test", EXTENT=region, **outputs)
    return folder


def test_one_call_ends_with_the_report(study):
    for name in FILES.values():
        path = study / name
        assert path.is_dir() or path.stat().st_size > 100, name
    page = (study / "study.html").read_text(encoding="utf-8")
    assert "A study for a test" in page and "<strong>Synthetic data.</strong>" in page
    parts = (
        "Study area",
        "Products",
        "Flow of the data",
        "Sensitivity",
        "Days",
        "Training",
        "ANN-SM against SMAP",
        "Gap filling",
        "Trends",
    )
    for part in (*parts, "Products against stations", "Methods on the same cells", "Limits"):
        assert f"{part}" in page, part
    assert (study / "study.pdf").read_bytes()[:5] == b"%PDF-"
    text = (study / "figures" / "methods.txt").read_text(encoding="utf-8")
    assert "synthetic" in text and "Kingma and Ba" in text
    assert "@article{" in (study / "figures" / "references.bib").read_text(encoding="utf-8")
    assert len(list((study / "figures").glob("*.svg"))) >= 12


def test_the_record_of_the_report_repeats_it_and_the_folder_gives_the_same_numbers(qgis_process, study, tmp_path):
    record = json.loads((study / "study.run.json").read_text(encoding="utf-8"))
    assert record["algorithm"] == "annsm:studyreport" and record["results"]["STATED"] > 100
    made = qgis_process.results("annsm:studyreport", FOLDER=study, REPORT=tmp_path / "again.html", FIGURES=tmp_path / "figures")
    assert made["FIGURE_COUNT"] == record["results"]["FIGURE_COUNT"] and made["STATED"] == record["results"]["STATED"]
    with (
        (study / "figures" / "numbers.csv").open(encoding="utf-8") as one,
        (tmp_path / "figures" / "numbers.csv").open(encoding="utf-8") as two,
    ):
        first, second = ([(r["part"], r["what"], r["shown"]) for r in csv.DictReader(file)] for file in (one, two))
    assert first == second


def test_a_folder_without_results_is_refused(qgis_process, tmp_path):
    (tmp_path / "empty").mkdir()
    code, text = qgis_process.run("annsm:studyreport", FOLDER=tmp_path / "empty", REPORT=tmp_path / "study.html")
    assert code != 0 and "holds no result of a step" in text and "Traceback" not in text
    assert not (tmp_path / "study.html").exists()
