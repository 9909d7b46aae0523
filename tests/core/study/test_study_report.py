"""The report of a study: every number is that of the file it comes from; what is missing, moved or out of date is said; limits are true."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import netCDF4
import numpy as np
import pytest
import studies
from studies import page_of, report_of

from annsm_plugin.core.foundation.errors import AnnsmError, ParameterError
from annsm_plugin.core.study import results
from annsm_plugin.core.training import model

pytest.importorskip("torch")


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return studies.make(tmp_path_factory.mktemp("study") / "", method="cell")


@pytest.fixture(scope="module")
def made(study, tmp_path_factory):
    out = tmp_path_factory.mktemp("report")
    found, page = report_of(study, out)
    return found, page, out


def test_everything_is_written_and_whole(made):
    found, page, out = made
    assert (
        page.startswith("<!doctype html>") and page.rstrip().endswith("</html>") and "http" not in re.sub(r"https?://(dx\.)?doi", "", page)
    )
    assert (out / "study.pdf").read_bytes().startswith(b"%PDF") and (out / "study.pdf").read_bytes().rstrip().endswith(b"%%EOF")
    for number, (name, figure) in enumerate(found.document.figures, start=1):
        assert name.startswith(f"figure_{number:02d}_") and f"Figure {number}. " in page
        for ending in (".png", ".pdf", ".svg", "_numbers.csv"):
            assert (out / "figures" / f"{name}{ending}").stat().st_size > 40, name
        with (out / "figures" / f"{name}_numbers.csv").open(encoding="utf-8") as file:
            assert len(next(csv.reader(file))) == len(figure.header)
    for name in ("methods.txt", "references.bib", "numbers.csv"):
        assert (out / "figures" / name).stat().st_size > 100
    assert len(page) < 10e6


def test_figures_for_others_name_no_folder_of_this_computer(made, study):
    _, _, out = made
    for path in (out / "figures").glob("*.svg"):
        text = path.read_text(encoding="utf-8")
        assert str(study) not in text and str(study.parent) not in text, path.name


@pytest.mark.parametrize("error", [MemoryError(), OSError(28, "No space left on device")])
def test_a_report_that_cannot_be_finished_leaves_no_figures(study, tmp_path, monkeypatch, error):
    from annsm_plugin.core.reports import figure_files

    folder, save = tmp_path / "figures", figure_files.save

    def failing(base, figure):
        if "02" in base.name:
            raise error
        return save(base, figure)

    monkeypatch.setattr(figure_files, "save", failing)
    with pytest.raises(AnnsmError):
        page_of(study, tmp_path, figures=str(tmp_path / "figures"))
    assert not folder.exists()
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    with pytest.raises(AnnsmError):
        page_of(study, tmp_path, figures=str(tmp_path / "figures"))
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]


def test_a_report_that_lacks_memory_for_a_part_ends_rather_than_being_another_report(study, tmp_path, monkeypatch):
    from annsm_plugin.core.foundation import blocks, store

    def starved(cube, name, days):
        with store.guard(study / "cube.nc", "a file that can be read", name):
            raise MemoryError

    monkeypatch.setattr(blocks, "maps", starved)
    with pytest.raises(AnnsmError, match="ran out of memory during the step 'study report'"):
        page_of(study, tmp_path, figures=str(tmp_path / "figures"))
    assert list(tmp_path.iterdir()) == []


def test_it_holds_the_parts_of_a_study_in_their_order(made):
    _, page, _ = made
    parts = [
        *("Study area", "Products", "Flow of the data", "Sensitivity", "Best settings", "Training errors"),
        *("quality flags", "ANN-SM against SMAP"),
        *("Products against stations", "Scatter plots", "Taylor diagram", "By season, soil and class", "Time series", "From the sites"),
        *("Methods on the same cells", "Trends", "Limits of this study", "What is not in this report"),
    ]  # fmt: skip
    places = [page.index(part) for part in parts]
    assert places == sorted(places)


# --- every number is that of its file


def of_file(path, where):
    """The value that stands in a file where the table of numbers says."""
    path = Path(path)
    if where.startswith("results "):
        return json.loads(path.read_text(encoding="utf-8"))["results"][where.split()[1]]
    if where == "request start, end":
        asked = json.loads(path.read_text(encoding="utf-8"))["request"]
        return " to ".join(str(asked[name])[:10] for name in ("start", "end") if asked[name]) or "that of ANN-SM"
    if where.startswith("attribute"):
        with netCDF4.Dataset(path) as data:
            names = where.split(" ", 1)[1].split(" / ")
            values = [sum(map(data.getncattr, name.split(" + "))) if " + " in name else data.getncattr(name) for name in names]
        return values[0] if len(values) == 1 else 100.0 * values[0] / values[1]
    if where == "time":
        with netCDF4.Dataset(path) as data:
            days = netCDF4.num2date(data["time"][:], data["time"].units, only_use_cftime_datetimes=False)
        return f"{days[0]:%Y-%m-%d} to {days[-1]:%Y-%m-%d}"
    if match := re.fullmatch(r"mean of (\w+), (\w+)", where):
        return of_model(path, *match.groups())
    return of_table(path, where)


def of_model(path, name, kind):
    """A mean over the cells of a model file, read without the plugin."""
    with netCDF4.Dataset(path) as data:
        trained = np.isfinite(np.ma.filled(data["weights"][..., -1], np.nan)).all(axis=2)
        values = np.ma.filled(data[name][model.KINDS.index(kind)], np.nan)
    values = np.abs(values) if name.startswith("bias") else values
    return float(np.nanmean(np.where(trained, values, np.nan)))


def of_table(path, where):
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if match := re.fullmatch(r"rows of (.+), own days, with at least 10 days: (.+)", where):
        title, what = match.groups()
        own = [row for row in rows if row["product"] == title and row["basis"] == "own days" and int(row["n"]) >= 10]
        if what in ("number", "sum of n"):
            return len(own) if what == "number" else sum(int(row["n"]) for row in own)
        name, signed = re.fullmatch(r"mean of (\w+)(, signed)?", what).groups()
        values = np.array([float(row[name]) for row in own if row[name]])
        return float(np.mean(np.abs(values) if name == "bias" and not signed else values))
    if match := re.fullmatch(r"row (\w+): (\w+)", where):
        return float(next(row for row in rows if row["method"] == match[1])[match[2]])
    if match := re.fullmatch(r"cell (.+): (\S+)", where):
        return next(row for row in rows if row["cell"] == match[1])[match[2]]
    experiment, label, column = re.fullmatch(r"(\w+), (.+): (\w+)", where).groups()
    return float(next(row for row in rows if (row["experiment"], row["label"]) == (experiment, label))[column])


def test_every_number_is_that_of_the_file_that_it_comes_from(made, study):
    _, page, out = made
    with (out / "figures" / "numbers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 100
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page))
    for row in rows:
        assert f" {row['shown']} " in f" {text} ", row
        if row["where"].startswith("coverage"):
            continue  # of the summary: tested below
        found = of_file(study / row["file"], row["where"])
        if isinstance(found, str) and not re.fullmatch(r"[-+.\de]+", found):
            assert found == row["value"], row
        else:
            assert float(found) == pytest.approx(float(row["value"]), rel=2e-5, abs=1e-9), row
            shown = re.match(r"[-−+]?[\d.]+", row["shown"])[0].replace("−", "-")
            digits = len(shown.partition(".")[2])
            assert float(shown) == pytest.approx(float(found), abs=0.5001 * 10**-digits), row


def test_figures_hold_the_numbers_of_the_maps(made, study):
    """Figure 4's numbers equal the raster that the validation wrote."""
    from annsm_plugin.core.study.chain_parts import bands_of

    _, _, out = made
    grid, bands = bands_of(study / "r.tif")
    raster = next(iter(bands.values()))
    path = next((out / "figures").glob("*figure4_maps_numbers.csv"))
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            at = grid.cell_of(float(row["lat"]), float(row["lon"]))
            assert float(row["r"] or "nan") == pytest.approx(float(raster[at]), abs=2e-6, nan_ok=True)


# --- what is missing, moved, or out of date


def test_a_step_that_is_missing_is_left_out_with_how_to_do_it(tmp_path):
    (tmp_path / "study").mkdir()
    folder = studies.make(tmp_path / "study", whole=False)
    for path in (folder / "stations.csv", folder / "sites.csv"):
        path.unlink()
    found, page = page_of(folder, tmp_path / "out")
    said = page[page.index("What is not in this report") :]
    for step in (
        "Analyse sensitivity",
        "Triple collocation",
        "Compare methods",
        "Fill gaps",
        "Aggregate and trend",
        "Validate against stations",
    ):
        assert f"&#x27;{step}&#x27;" in said or step in said, step
    assert "Sensitivity</h2>" not in page and "Taylor diagram" not in page
    assert {part for part, _ in found.document.missing} >= {"Trends", "Triple collocation"}


def test_a_folder_that_was_moved_gives_the_same_report(study, made, tmp_path):
    moved = tmp_path / "elsewhere"
    shutil.copytree(study, moved)
    hidden = study.with_name("hidden")
    study.rename(hidden)
    try:
        found, _ = page_of(moved, tmp_path / "out")
    finally:
        hidden.rename(study)
    before, _, _ = made
    assert [(part, what, fact.shown) for part, what, fact in found.document.facts] == [
        (part, what, fact.shown) for part, what, fact in before.document.facts
    ]
    assert not found.warnings


def test_files_one_by_one_are_as_good_as_the_folder(study, made, tmp_path):
    names = ("cube.nc", "screened.nc", "model.nc", "annsm.nc", "smap.html", "stations.csv", "sensitivity.csv", "methods.csv", "trend.tif")
    found, _ = page_of(None, tmp_path / "out", files=[str(study / name) for name in names])
    before, _, _ = made
    assert [name for name, _ in found.document.figures] == [name for name, _ in before.document.figures]


def test_a_file_that_has_changed_since_it_was_used_is_told(study, tmp_path):
    folder = tmp_path / "study"
    shutil.copytree(study, folder)
    content = (folder / "annsm.nc").read_bytes()
    (folder / "annsm.nc").write_bytes(content + b"\0" * 16)
    asked = json.loads((folder / "smap.run.json").read_text(encoding="utf-8"))
    for row in asked["inputs"]:
        row["path"] = str(folder / Path(row["path"]).name)
    (folder / "smap.run.json").write_text(json.dumps(asked), encoding="utf-8")
    lines = results.look(folder).out_of_date
    assert any("annsm.nc has changed since validate against smap used it" in line for line in lines)


def test_of_two_runs_of_one_file_the_newer_counts(tmp_path):
    from annsm_plugin.core.record.request import AggregateRequest

    (tmp_path / "months.nc").write_bytes(b"x")
    asked = AggregateRequest(source="a.nc", output=str(tmp_path / "months.nc"))
    studies.record(tmp_path / "months.nc", "aggregate", asked, summary=["new"], started="2026-02-01T00:00:00Z")
    (tmp_path / "months.run.json").rename(tmp_path / "b.run.json")
    studies.record(tmp_path / "months.nc", "aggregate", asked, summary=["old"], started="2025-02-01T00:00:00Z")
    found = results.look(tmp_path)
    assert [run.summary for run in found.runs] == [["new"]]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"algorithm": 3}', '{"algorithm": "annsm:train", "request": 5}', "[" * 100000])
def test_records_that_are_none_are_told_and_left_out(study, tmp_path, text):
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "odd.run.json").write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match="holds no result of a step"):
        results.look(folder)


def test_what_cannot_be_a_study_is_refused_in_a_sentence(study, tmp_path):
    for given, words in (
        ({"folder": str(tmp_path / "nowhere")}, "is no folder"),
        ({"folder": None}, "Neither FOLDER nor FILES"),
        ({"folder": None, "files": [str(tmp_path / "a.nc")]}, "does not exist"),
        ({"folder": str(study), "area_map": str(study / "cube.nc")}, "AREA_MAP"),
        ({"folder": str(study), "report": str(tmp_path / "a.txt")}, "html"),
    ):
        with pytest.raises(ParameterError, match=words):
            report_of(given.pop("folder"), tmp_path, **given)


# --- words


def test_limits_are_those_of_the_run(made, tmp_path):
    _, page, _ = made
    said = page[page.index("Limits of this study") : page.index("What is not in this report")]
    assert "The data are synthetic (made for a test)" in said
    assert "The training split is random" in said
    assert "cube.nc: days without any value in the region: sm_smap 12, tb_06v 3." in said
    assert "cube.nc: 2 files could not be read." in said
    assert "Only 2 station cells have enough days" in said
    assert "AMSR-E was not brought" not in said
    (tmp_path / "study").mkdir()
    other = studies.make(tmp_path / "study", split="blocks", start="2010-04-01", whole=False)
    _, page = page_of(other, tmp_path / "out")
    said = page[page.index("Limits of this study") : page.index("What is not in this report")]
    assert "split is random" not in said and "AMSR-E was not brought to AMSR2" in said


def test_names_are_text_not_markup(tmp_path):
    (tmp_path / "study").mkdir()
    odd = "<script>alert(1)</script>\"'&$a_b$"
    folder = studies.make(tmp_path / "study", names=("Ford", odd, "Weir"), whole=False)
    _, page = report_of(folder, tmp_path / "out", title="Study of <b>x</b> & y", pdf=None, figures=None)
    assert "<script" not in page and "<b>x" not in page and "Study of &lt;b&gt;x&lt;/b&gt; &amp; y" in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_raster_of_the_users_stands_behind_the_stations(study, tmp_path):
    from annsm_plugin.core.foundation import store

    path = tmp_path / "elevation.tif"
    store.write_raster(path, np.arange(16.0).reshape(4, 4), studies.GRID, bands=("elevation",))
    found, page = report_of(study, tmp_path / "out", area_map=str(path), area_label="elevation (m)", pdf=None, figures=None)
    assert "Figure 1. The study area: elevation (m) and the stations" in page
    assert found.document.figures[0][1].drawing is not None


@pytest.mark.parametrize("name", ["sensitivity", "stations", "methods"])
def test_a_damaged_table_costs_its_part_of_the_report(study, tmp_path, name):
    folder = tmp_path / "study"
    shutil.copytree(study, folder)
    for record in folder.glob("*.run.json"):
        record.write_text(record.read_text(encoding="utf-8").replace(str(study), str(folder)), encoding="utf-8")
    table = folder / f"{name}.csv"
    first, *lines = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join([first, *(",".join(["x"] * len(line.split(","))) for line in lines)]), encoding="utf-8")
    if name == "stations":
        table.write_bytes(b"\xff\xfe\0")
    found, _ = page_of(folder, tmp_path / "out")
    told = [line for line in found.summary if line.startswith("Not in the report") and f"{name}.csv" in line]
    assert told and all("\n" not in line for line in told), found.summary
