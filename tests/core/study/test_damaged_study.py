"""A study of which files or records are damaged, foreign or gone: the report is made all the same, and says what could not be read."""

from __future__ import annotations

import csv
import json
import re

import numpy as np
import pytest
from studies import edit, page_of

from annsm_plugin.core.foundation.errors import Cancelled
from annsm_plugin.core.study import limits, results
from annsm_plugin.core.study.document import Document
from annsm_plugin.core.study.results import attributes_of

pytest.importorskip("torch")


def damage(path, how):
    content = path.read_bytes()
    if how == "truncated":
        path.write_bytes(content[: len(content) // 2])
    elif how == "junk":
        path.write_bytes(b"\x00\xff junk \x80" * 50)
    elif how == "empty":
        path.write_bytes(b"")
    else:  # a part in the middle: the header is whole
        spoilt = bytearray(content)
        third = len(spoilt) // 3
        spoilt[third : 2 * third] = bytes(255 - value for value in spoilt[third : 2 * third])
        path.write_bytes(bytes(spoilt))


#: File -> words of the report in which its part is named.
PARTS = {
    "model.nc": "Training",
    "annsm.nc": "annsm.nc",
    "cube.nc": "cube.nc",
    "months.nc": "Trends",
    "sensitivity.csv": "Sensitivity",
    "methods.csv": "Other methods",
    "stations.csv": "Against stations",
    "sites.csv": "Sampling error of the stations",
    "days.tif": "Days kept and removed",
    "trend.tif": "Trends",
}


#: Files that are damaged at once: what they are for does not hang together.
TOGETHER = [
    ("model.nc", "months.nc", "sensitivity.csv", "methods.csv", "sites.csv", "days.tif"),
    ("annsm.nc", "trend.tif"),
    ("cube.nc", "stations.csv"),
]


@pytest.mark.parametrize("how", ["truncated", "junk", "empty"])
@pytest.mark.parametrize("names", TOGETHER, ids=lambda names: names[0])
def test_damaged_files_are_lines_in_the_page_of(study, tmp_path, names, how):
    for name in names:
        damage(study / name, how)
    found, page = page_of(study, tmp_path / "out")
    said = [f"{part}. {then}" for part, then in found.document.missing] + found.warnings
    for name in names:
        assert any(PARTS[name] in line and ("cannot be read" in line or "again" in line) for line in said), (name, said)
    assert page.rstrip().endswith("</html>")


def test_damaged_pieces_of_files_are_lines_in_the_page_of(study, tmp_path):
    for name in ("model.nc", "annsm.nc", "cube.nc"):
        damage(study / name, "middle")
    found, _ = page_of(study, tmp_path / "out")
    said = " ".join(f"{part}. {then}" for part, then in found.document.missing)
    assert "Training cannot be read" in said and "Against SMAP cannot be read" in said, said


@pytest.mark.parametrize(
    "foreign",
    [
        {
            **{"model.nc": "cube.nc", "days.tif": "r.tif", "trend.tif": "r.tif", "sensitivity.csv": "sites.csv"},
            **{"methods.csv": "sites.csv", "stations.csv": "sites.csv", "sites.csv": "methods.csv"},
        },
        {"cube.nc": "model.nc", "months.nc": "model.nc"},
    ],
    ids=("many", "cube"),
)
def test_foreign_files_are_lines_in_the_page_of(study, tmp_path, foreign):
    content = {name: (study / other).read_bytes() for name, other in foreign.items()}
    for name, data in content.items():
        (study / name).write_bytes(data)
    found, _ = page_of(study, tmp_path / "out")
    for name in foreign:
        assert any(PARTS[name] in first and "cannot be read" in first for first, _ in found.document.missing), (
            name,
            found.document.missing,
        )


def test_of_a_part_that_fails_nothing_stays():
    doc = Document()

    def work():
        doc.text("Half", "a")
        doc.missing.append(("b", "c"))
        doc.notes.append("d")
        doc.table("T", ["a"], [["1"]])
        raise StopIteration

    doc.attempt("Part", "Match products", work)
    assert (doc.sections, doc.notes, doc.tables) == ([], [], 0)
    assert doc.missing == [("Part cannot be read (StopIteration)", "Run 'Match products' again.")]

    def stop():
        raise Cancelled

    with pytest.raises(Cancelled):
        doc.attempt("Part", "Match products", stop)


# --- records


def test_spoilt_records_do_not_stop_the_page_of(study, tmp_path):
    """Every record has something else that is no list, no name of a file, or no text."""
    spoilt = (
        *({"inputs": 5, "summary": 5}, {"inputs": [5, {"path": 3}], "warnings": "all"}, {"results": [1], "versions": 7}),
        *({"started": 5, "repeat": "x"}, {"seconds": None, "summary": {"a": 1}}),
        *({"request": {"trend": "/" + "a" * 900}}, {"request": {"best": "/a\x00b/x", "seed": "x"}}, {"request": {"cube": ["a", 5]}}),
    )
    names = ("model", "annsm", "smap", "cube", "screened", "months", "sensitivity", "methods")
    for name, changes in zip(names, spoilt):
        edit(study, f"{name}.run.json", **changes)
    assert len(results.look(study).runs) == 8  # the one with a seed that is none is left out and told
    assert any("SEED is 'x'" in problem for problem in results.look(study).problems)
    _, page = page_of(study, tmp_path / "out")
    assert "Products against stations" in page


@pytest.mark.parametrize(
    "asked",
    [
        *(
            {"stations": ["a", "b"]},
            {"stations": 5},
            {"stations": "/x" * 500},
            {"upscaling": "kriging"},
            {"start": "zz"},
            {"min_n": "many"},
        ),
        *({"cube": 5}, {"lprm": ["a"]}, {"strata": "/" + "a" * 900}, {"table": "/" + "a" * 900}),
    ],
    ids=lambda asked: str(asked)[:40],
)
def test_a_spoilt_request_of_a_validation_is_told(study, asked):
    from annsm_plugin.core.foundation.progress import SILENT
    from annsm_plugin.core.study import methods_text, validation_parts

    edit(study, "stations.run.json", request=asked)
    found, doc = results.look(study), Document()
    stations, why = validation_parts.judged(doc, found, SILENT)
    doc.attempt("Against stations", "Validate", lambda: validation_parts.against_stations(doc, found, stations, why))
    limits.say(doc, found, stations)
    methods_text.methods(found)
    assert doc.missing or doc.notes or stations is not None


def test_a_link_that_leads_nowhere_and_a_request_without_a_field_are_told(study, tmp_path):
    (study / "x.run.json").symlink_to(study / "nowhere")
    content = json.loads((study / "stations.run.json").read_text(encoding="utf-8"))
    del content["request"]["annsm"]
    (study / "stations.run.json").write_text(json.dumps(content), encoding="utf-8")
    found, _ = page_of(study, tmp_path / "out")
    assert any(problem.startswith("x.run.json is no run record") for problem in found.warnings)
    assert any(problem.startswith("stations.run.json is left out") for problem in found.warnings)
    assert any(part.startswith("Against stations") for part, _ in found.document.missing)


def test_runs_that_share_a_folder_or_a_second_file_all_count(study):
    before = {run.step for run in results.look(study).runs}
    (study / "figures").mkdir()
    for name in ("smap.run.json", "stations.run.json"):
        edit(study, name, request={"figures": str(study / "figures"), "strata_table": str(study / "strata.csv")})
    (study / "strata.csv").write_text("a\n1\n", encoding="utf-8")
    assert {run.step for run in results.look(study).runs} == before


def test_only_files_that_changed_are_out_of_date(study):
    (study / "odd.run.json").write_text("x", encoding="utf-8")
    content = (study / "annsm.nc").read_bytes()
    (study / "annsm.nc").write_bytes(content + b"\0" * 16)
    said = limits.sentences(results.look(study), None)
    assert any(line.startswith("Out of date: annsm.nc has changed") for line in said)
    assert [line for line in said if "odd.run.json" in line] == ["odd.run.json is no run record that can be read: it is left out."]


# --- a validation whose files are other ones


def test_what_is_remembered_of_a_table_with_a_dot_in_its_name_is_found(study, tmp_path, monkeypatch):
    from annsm_plugin.core.validation import stations

    (study / "stations.csv").rename(study / "stations_0.25.csv")
    edit(study, "stations.run.json", request={"table": str(study / "stations_0.25.csv")})
    asked = []
    monkeypatch.setattr(stations, "compare", lambda request, memory, progress: asked.append(memory) or 1 / 0)
    page_of(study, tmp_path / "out")
    assert [path.name for path in asked] == ["stations_0.25.series.npz"]


def test_a_table_of_another_validation_is_a_problem(study, tmp_path):
    path = study / "stations.csv"
    rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(rows[:2]) + "\n", encoding="utf-8")
    found, page = page_of(study, tmp_path / "out")
    assert any("stations.csv is not, or not wholly, the table of this validation" in line for line in found.warnings)
    assert "stations.csv is not, or not wholly" in page[page.index("Limits of this study") :]


def test_the_fewest_days_are_those_that_were_asked_for(study, tmp_path):
    with (study / "stations.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["product"] == "ANN-SM" and row["basis"] == "own days"]
    most = max(int(row["n"]) for row in rows)
    edit(study, "stations.run.json", request={"min_n": most})
    found, _ = page_of(study, tmp_path / "out")
    cells = next(fact for part, what, fact in found.document.facts if what == "ANN-SM: cells")
    assert cells.value == sum(int(row["n"]) >= most for row in rows) and f"at least {most} days" in cells.where


def test_products_that_are_gone_are_left_out_and_said(study, tmp_path):
    edit(study, "stations.run.json", request={"lprm": "/archive/lprm_files", "smos": "/archive/smos_files"})
    found, page = page_of(study, tmp_path / "out")
    assert "Scatter plots" in page and "Products against stations" in page
    assert any("lprm_files, smos_files not found" in note for note in found.document.notes)


def test_without_the_stations_the_table_stays(study, tmp_path):
    (study / "series.nc").unlink()
    found, page = page_of(study, tmp_path / "out")
    assert "Products against stations" in page and "Scatter plots" not in page
    assert any(part.startswith("Figures at stations") for part, _ in found.document.missing)
    assert any(what == "ANN-SM: R" for _, what, _ in found.document.facts)


# --- limits


def sentences(folder):
    return " ".join(limits.sentences(results.look(folder), None))


def test_a_test_period_before_the_training_does_not_overlap(study):
    overlap = "The test period against SMAP overlaps the training period."
    for days, expected in (
        ({"start": "2010-01-01", "end": "2012-01-01"}, False),
        ({"start": "2016-04-01", "end": "2016-09-30"}, False),
        ({"start": "2016-03-31", "end": "2016-09-30"}, True),
        ({"start": "2010-01-01", "end": "2015-04-01"}, True),
        ({"start": None, "end": None}, True),
        ({"start": "2016-04-01", "end": None}, False),
    ):
        edit(study, "smap.run.json", request=days)
        assert (overlap in sentences(study)) == expected, days
    edit(study, "model.run.json", request={"start": "2000-01-01", "end": "2030-01-01"})  # another model than that of ANN-SM
    assert overlap not in sentences(study)


def test_screening_that_the_model_knows_of_is_not_denied(study):
    unscreened = "were not screened"
    assert unscreened not in sentences(study)
    (study / "screened.run.json").unlink()
    assert "screening_threshold" in attributes_of(study / "model.nc") and unscreened not in sentences(study)
    import netCDF4

    for name in ("model.nc", "annsm.nc"):
        with netCDF4.Dataset(study / name, "a") as data:
            data.delncattr("screening_threshold")
    assert unscreened in sentences(study)


@pytest.mark.parametrize("way", ["mean", "representative"])
def test_how_well_the_mean_of_a_cell_is_known_is_said_of_means_alone(study, tmp_path, way):
    edit(study, "stations.run.json", request={"upscaling": way})
    _, page = page_of(study, tmp_path / "out")
    assert ("ground is known to" in re.sub(r"\s+", " ", page)) == (way == "mean")


def test_numbers_of_this_study_are_finite(study, tmp_path):
    found, _ = page_of(study, tmp_path / "out")
    values = [fact.value for _, what, fact in found.document.facts if what.startswith("ANN-SM: ")]
    assert values and np.isfinite(np.array(values, dtype=float)).all()
