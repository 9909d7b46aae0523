"""What the parts of the report of a study say: products, records, settings, trends, places, names."""

from __future__ import annotations

import csv
import json
import re
import shutil

import numpy as np
import pytest
import studies
from studies import edit, page_of

from annsm_plugin.core.study import results
from annsm_plugin.core.study.document import Document

pytest.importorskip("torch")


def test_a_folder_of_figures_keeps_none_of_an_earlier_report(study, tmp_path):
    out = tmp_path / "out"
    folder = out / "figures"
    folder.mkdir(parents=True)
    others = ("figure4_maps.png", "figure_1_x.png", "figure_01_my own.docx", "figure_01.png", "notes.txt", "figure_01_old_numbers.txt")
    stale = ("figure_01_old.png", "figure_77_sensitivity.pdf", "figure_03_old.svg", "figure_03_old_numbers.csv")
    for name in (*others, *stale):
        (folder / name).write_text("x", encoding="utf-8")
    found, _ = page_of(study, out, figures=str(folder))
    there = {path.name for path in folder.iterdir()}
    assert set(others) <= there and not set(stale) & there
    assert {path.name for path in found.written if path.parent == folder} == there - set(others)


def test_an_older_record_and_a_filled_one_are_listed(study):
    import netCDF4

    from annsm_plugin.core.gaps.request import FillRequest
    from annsm_plugin.core.study import chain_parts

    shutil.copy(study / "annsm.nc", study / "filled.nc")
    with netCDF4.Dataset(study / "filled.nc", "a") as data:
        for name in [name for name in data.ncattrs() if name.startswith("count_")]:
            data.delncattr(name)
        data.setncatts({"count_estimated": np.int64(900), "count_filled": np.int64(100)})
    asked = FillRequest(annsm=str(study / "annsm.nc"), cube=str(study / "cube.nc"), output=str(study / "filled.nc"))
    numbers = {"FILLED": 100.0, "RMSE_SHORT": 0.02}
    studies.record(asked.output, "fillgaps", asked, results=numbers, started="2026-01-02T00:00:00Z", summary=["Filled."])
    doc, found = Document(), results.look(study)
    chain_parts.record(doc, found)
    chain_parts.gaps(doc, found)
    (table,) = [section for section in doc.sections if section.header]
    rows = {row[0]: dict(zip(table.header, row)) for row in table.rows}
    assert rows["filled.nc"]["values"] == "1000" and rows["filled.nc"]["filled"] == "10.0 %"
    assert "cell not trained" not in table.header and "amsre day" not in table.header  # no record has such values
    shown = {what: fact.shown for _, what, fact in doc.facts}
    assert shown["values filled"] == "100" and shown["RMSE of values hidden in short gaps (m³ m⁻³)"] == "0.0200"
    with netCDF4.Dataset(study / "annsm.nc", "a") as data:
        for name in [name for name in data.ncattrs() if name.startswith("count_")]:
            data.delncattr(name)
        data.setncattr("count_amsre_day", np.int64(4))
    (study / "filled.run.json").unlink()
    doc = Document()
    chain_parts.record(doc, results.look(study))
    assert doc.missing == [] and [row[:2] for row in doc.sections[0].rows] == [["annsm.nc", "2015-04-01 to 2016-09-30"]]


@pytest.mark.parametrize(
    ("period", "first", "last", "years"), [("year", 2003, 2020, 18), ("month", 2016, 2016, 1 / 12), ("season", 2015, 2016, 1.25)]
)
def test_years_of_a_file_of_periods(tmp_path, period, first, last, years):
    import xarray

    from annsm_plugin.core.study import chain_parts

    times = np.array([f"{first}-01-01", f"{last}-01-01"], dtype="datetime64[ns]")[: 1 + (first != last)]
    data = xarray.Dataset(coords={"time": times, "lat": [1.125, 0.875], "lon": [1.125, 1.375]})
    data.to_netcdf(tmp_path / "p.nc")
    assert chain_parts._years(tmp_path / "p.nc", period) == pytest.approx(years, abs=0.01)


def test_a_short_trend_is_said_beside_the_maps(study):
    from annsm_plugin.core.study import chain_parts

    doc = Document()
    chain_parts.trends(doc, results.look(study))
    words = "The trend is that of 1.5 years: so few say nothing of a change of the climate."
    assert doc.notes == [words] and words in doc.sections[0].text


def test_the_best_settings_stand_once_with_several_seeds(study):
    from annsm_plugin.core.study import chain_parts

    path = study / "sensitivity.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    several = [{**row, "seed": seed} for row in rows for seed in ("mean", "0", "1")]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(several)
    doc = Document()
    chain_parts.sensitivity(doc, results.look(study))
    (table,) = [section for section in doc.sections if "Best settings" in section.title]
    assert [row[0] for row in table.rows] == ["neurons", "thresholds"]


def products(folder):
    from annsm_plugin.core.study import data_parts

    doc = Document()
    data_parts.products(doc, results.look(folder))
    (table,) = doc.sections
    return [dict(zip(table.header, row)) for row in table.rows], table.text, doc


def test_products_are_told_as_they_were_used(study):
    rows, text, _ = products(study)
    assert [row["product"] for row in rows] == [
        *("AMSR2 L3 brightness temperature (JAXA)", "SMAP L3 SPL3SMP soil moisture", "GLDAS-2.1 Noah", "MODIS 15A2H leaf area index"),
        *("GLDAS-2.1 Noah soil moisture (of the cube)", "In situ soil moisture"),
    ]
    assert [row["local hour"] for row in rows[:4]] == [
        *("descending, about 01:30", "descending, about 06:00", "02:00; rain 00:30 to 07:30", "between composites"),
    ]
    assert rows[2]["serves as"] == "input, screening" and rows[4]["serves as"] == "validation"
    assert "two local days" in text
    edit(study, "cube.run.json", request={"overpass": "ascending", "rain_hours": "paper", "start": "2010-04-01", "lai_method": "linear"})
    (study / "screened.run.json").unlink()
    edit(study, "stations.run.json", request={"cube": None})
    rows, _, _ = products(study)
    assert rows[0]["product"].startswith("AMSR-E and AMSR2 L3") and rows[2]["serves as"] == "input" and len(rows) == 5
    assert [row["local hour"] for row in rows[:4]] == [
        *("ascending, about 13:30", "ascending, about 18:00", "14:00; rain 13:00 to 19:00", "nearest composite"),
    ]


def test_products_of_several_periods_are_in_their_order(study):
    shutil.copy(study / "cube.nc", study / "early.nc")
    content = json.loads((study / "cube.run.json").read_text(encoding="utf-8"))
    content["request"].update(start="2003-01-01", end="2004-12-31", smap=None, output=str(study / "early.nc"))
    (study / "early.run.json").write_text(json.dumps(content), encoding="utf-8")
    rows, _, _ = products(study)
    assert [row["period"][:4] for row in rows[:7]] == ["2003"] * 3 + ["2015"] * 4
    assert rows[0]["product"].startswith("AMSR-E L3")


@pytest.mark.parametrize(
    ("extent", "words"),
    [
        ((73, 26, 105, 40), "26°N to 40°N, 73°E to 105°E"),
        ((170, -20, 190, -10), "20°S to 10°S, 170°E to 170°W"),
        ((-10, -5, 5, 5), "5°S to 5°N, 10°W to 5°E"),
    ],
)
def test_regions_have_the_letters_of_their_hemispheres(extent, words):
    from annsm_plugin.core.foundation.grid import Grid
    from annsm_plugin.core.study import data_parts

    assert data_parts.place_of(Grid.from_extent(extent)) == words


@pytest.mark.parametrize("name", ["lc@word2020.tif", "lc@dorigo2021.tif", "a[b@wang2021].tif", "@.tif"])
def test_names_of_files_cite_nothing(study, name):
    from annsm_plugin.core.study import methods_text

    before = methods_text.methods(results.look(study))
    edit(study, "stations.run.json", request={"strata": str(study / name)})
    found = methods_text.methods(results.look(study))
    assert found.keys == before.keys and not found.problems
    assert f"by the classes of {name}." in re.sub(r"\s+", " ", found.as_text())


def test_stations_that_were_loaded_on_windows_are_known(study):
    from annsm_plugin.core.stations.request import StationsRequest
    from annsm_plugin.core.study import methods_text

    edit(study, "stations.run.json", request={"stations": "C:\\data\\series.nc"})
    asked = StationsRequest(folder="C:\\data\\ismn.zip", series="C:\\data\\series.nc", output=str(study / "series.nc"), networks="MAQU")
    studies.record(study / "loaded.nc", "loadstations", asked, started="2026-01-02T00:00:00Z")
    text = re.sub(r"\s+", " ", methods_text.methods(results.look(study)).as_text())
    assert "Sensors of the network MAQU" in text


def test_tiles_of_independent_days_come_first(study, tmp_path):
    _, page = page_of(study, tmp_path / "out")
    labels = re.findall(r"<div class='label'>([^<]*)</div>", page)
    assert [label.split(":")[0] for label in labels] == ["Against SMAP"] * 3 + ["At stations"] * 3 + ["Training"] * 4
    assert labels[6:] == [
        *("Training: mean R, testing samples", "Training: mean RMSE (0–1), testing samples"),
        *("Training: mean R, overall (training included)", "Training: mean RMSE (0–1), overall (training included)"),
    ]
