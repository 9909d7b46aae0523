"""methods_text: numbers are those of the records, what is not there is not told, and what is cited is listed."""

import re

import numpy as np
import pytest
import study_records as records
from bibliography import entries
from record_cubes import write_cube
from studies import record
from study_records import ALL, CUBE, UNTOLD, fill, match, paper_chain, recommended_chain, reconstruct, satellite, screen, train

from annsm_plugin.core.reconstruction import apply
from annsm_plugin.core.record import aggregation
from annsm_plugin.core.record.request import AggregateRequest
from annsm_plugin.core.study import results
from annsm_plugin.core.study.methods_text import FIRST_LINE, WIDTH, methods
from annsm_plugin.core.study.references import bibtex, listed
from annsm_plugin.core.study.results import Study
from annsm_plugin.core.study.sentences.telling import SECTIONS


def texts(*runs):
    return [sentence.text for sentence in methods(Study(list(runs))).sentences]


#: What looks like a number in a text and is none: years of works, dates, hours, units, names.
NOT_NUMBERS = re.compile(
    r"\([^()]*, \d{4}[ab]?\)|\(\d{4}[ab]?\)|\d{4}-\d\d-\d\d|\d\d:\d\d|AMSR2|m3 m-3|EASE-Grid 2.0|x / \(1 .*?\)\)|15A2H"
)

#: Numbers in texts that are names, units or definitions and no record has.
NAMES = {"0.25", "15", "3", "36", "500", "2.1", "0-1", "0", "1", "2", "1.96", "95", "10", "0.05"}


def numbers_of(value):
    """All numbers in a value, texts included, with what can be made of them: per cents."""
    found = [float(number) for number in re.findall(r"\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", str(value))]
    return [*found, *(100 * number for number in found)]


@pytest.mark.parametrize("chain", [paper_chain, recommended_chain])
def test_numbers_are_those_of_the_records(chain):
    strange = []
    for sentence in methods(chain()).sentences:
        known = [
            number for place, value in sentence.facts.items() for number in [*numbers_of(value), *numbers_of(place.partition(": ")[2])]
        ]
        text = NOT_NUMBERS.sub("", sentence.text)
        for token in re.findall(r"(?<![\w.])\d[\d,]*(?:\.\d+)?", text):
            plain = token.replace(",", "").rstrip(".")
            digits = len(plain.partition(".")[2])
            if plain not in NAMES and not any(f"{number:.{digits}f}".zfill(len(plain)) == plain for number in known):
                strange.append((token, sentence.text))
    assert not strange


def test_facts_say_where_they_are_from():
    found = {sentence.text: sentence for sentence in methods(recommended_chain()).sentences}
    split = next(sentence for text, sentence in found.items() if "kept for testing" in text)
    assert split.facts["model.run.json: request seed"] == 0 and split.facts["model.run.json: request split"] == "blocks"
    area = next(sentence for text, sentence in found.items() if "files could not be read" in text or "Of the files" in text)
    assert area.facts["cube.run.json: attribute files_gldas_unreadable"] == 1
    errors = next(sentence for text, sentence in found.items() if text.startswith("Mean R and RMSE over"))
    assert "Testing samples: mean R 0.719, RMSE 0.126 (0-1), 0.0456 m3 m-3." in errors.facts.values()


@pytest.mark.parametrize("chain", [paper_chain, recommended_chain])
def test_works_are_cited_and_listed(chain):
    found = methods(chain())
    text = found.as_text()
    assert not found.problems and "@" not in text and "[" not in text.partition("References\n")[0]
    assert entries(bibtex(found.keys)).keys() == set(found.keys)
    assert {key for sentence in found.sentences for key in sentence.cites} == set(found.keys)
    body, _, references = text.partition("References\n----------\n")
    lines = [re.sub(r"\s+", " ", entry) for entry in re.split(r"\n(?! )", references.strip())]
    assert lines == listed(found.keys)
    for line in lines:  # who stands in the list is named in the text, with the year
        author, year = line.split(",")[0], re.search(r"\((\d{4}[a-z]?)\)\.", line)[1]
        assert re.search(rf"{author}[^;()]*,? \(?{year}", re.sub(r"\s+", " ", body)), line


def test_only_what_was_used_is_cited():
    paper = set(methods(paper_chain()).keys)
    assert {"wang2021", "marquardt1963", "hagan1994", "nguyen1990", "kawanishi2003", "imaoka2010", "rodell2004"} <= paper
    assert not paper & {"du2014", "loshchilov2019", "kingma2015", "garcia2010", "zhang2021", "kerr2010", "owe2008", "dorigo2021", "sen1968"}
    assert not paper & {"myneni2021mcd", "myneni2021mod", "stoffelen1998", "qu2019", "taylor2001", "wagner1999", "vachaud1985"}
    recommended = set(methods(recommended_chain()).keys)
    assert {
        "du2014",
        "loshchilov2019",
        "garcia2010",
        "kerr2010",
        "owe2008",
        "fujii2009",
        "dorigo2021",
        "sen1968",
        "mann1945",
    } <= recommended
    assert not recommended & {"marquardt1963", "hagan1994", "nguyen1990", "zhang2021", "yao2017", "gruber2019", "specht1991", "wagner1999"}
    early, late = (
        methods(Study([match(start=a, end=b, attributes={"matched_days": f"{a}/{b}"})])).keys
        for a, b in (("2003-01-01", "2004-12-31"), ("2013-01-01", "2014-12-31"))
    )
    assert "kawanishi2003" in early and "imaoka2010" not in early
    assert "imaoka2010" in late and "kawanishi2003" not in late


@pytest.mark.parametrize("step", ALL)
def test_a_step_that_is_missing_is_not_told(step):
    section = {
        **{"match": "Matching", "screenprecipitation": "Screening", "reconstruct": "Reconstruction", "fillgaps": "Gap filling"},
        **{"triplecollocation": "Triple collocation", "comparemethods": "Comparison of methods", "aggregate": "Trends"},
    }.get(step)
    whole = methods(Study([make() for make in reversed(ALL.values())]))
    without = methods(Study([make() for name, make in reversed(ALL.items()) if name != step]))
    assert {UNTOLD.sub("", s.text) for s in without.sentences} < {UNTOLD.sub("", s.text) for s in whole.sentences}
    assert {s.section for s in whole.sentences} == set(SECTIONS)
    if section:
        assert section not in {s.section for s in without.sentences} and f"\n{section}\n---" not in without.as_text()


def test_nothing_of_an_empty_study():
    found = methods(Study())
    assert found.sentences == () and found.keys == () and found.as_text() == f"{FIRST_LINE}\n"


def test_the_paper_chain_reads_right():
    text = re.sub(r"\s+", " ", methods(paper_chain()).as_text())
    for words in (
        "The study area is the Qinghai-Tibet Plateau, 73-105 E, 26-40 N, on a regular grid of 0.25 degree with 56 x 128 cells.",
        "from 2002-06-19 to 2021-07-31 (6,983 days)",
        "at 6.925, 10.65, 18.7, 23.8 and 36.5 GHz of AMSR-E and at 6.925, 7.3, 10.65, 18.7 and 23.8 GHz of AMSR2, in vertical "
        "polarisation: the first five frequencies of each, matched by position (Wang and Xu, 2021)",
        "(SPL3SMP; release R17000; 2,299 files)",
        "the threshold of Wang and Xu (2021), were screened out of the training: 12,345 of 49,000,000 cell days (0.03 %)",
        "9 inputs, one hidden layer of 12 neurons (tanh) and one linear output, the soil moisture of SMAP",
        "trained by the Levenberg-Marquardt algorithm (Marquardt, 1963; Hagan and Menhaj, 1994) for at most 1,000 epochs",
        "Because of rain 1 complete cell day of this period was left out.",
        "1 cell day without data on precipitation was kept.",
        "Of the files 1 could not be read and was left out.",
        "The one value outside what soil can hold was set to 0 or 1 m3 m-3.",
        "R 0.702 (95 % interval 0.664 to 0.740), RMSE 0.0529 m3 m-3 (95 % interval 0.0486 to 0.0572), |BIAS| 0.0179 m3 m-3 and ubRMSE",
        "All steps were done with ANN-SM for QGIS 0.1.0 in QGIS 3.22.16 and Python 3.11.2, with NumPy 1.24.2, SciPy 1.10.1, xarray "
        "2023.1.0 and netCDF4 1.6.2.",
    ):
        assert words in text, words


def test_the_recommended_chain_reads_right():
    text = re.sub(r"\s+", " ", methods(recommended_chain()).as_text())
    for words in (
        "One ensemble of 5 networks was trained for all cells together, each with 2 hidden layers of 32 units (x / (1 + exp(-x)))",
        "10 % of the days of the period were kept for testing, in blocks of 30 days, the same in all cells (seed 0)",
        "The ensemble gives values to 1 cell with fewer complete days too",
        "In all, 500,000 values were filled, 33.3 % of all values: 400,000 in gaps of up to 7 days and 100,000 in gaps of more",
        "an RMSE of 0.0245 m3 m-3 in short gaps (R 0.93, 4,421 values) and 0.0424 m3 m-3 in long gaps (R 0.81, 10,807 values)",
        "which does not hold for ANN-SM and GLDAS (GLDAS is an input of ANN-SM).",
        "0.0213 m3 m-3 and 0.811 for ANN-SM, 0.0613 m3 m-3 and 0.511 for SMOS and 0.0313 m3 m-3 and 0.711 for GLDAS",
        "the median of 6,900 cells is +0.00012 m3 m-3 per year, and p is below 0.05 in 1,200 cells (900 wetter, 300 drier)",
        "Beside ANN-SM stand LPRM (land parameter retrieval model, C band; Owe et al., 2008) and the product of JAXA (Fujii et al., 2009) "
        "of the descending passes, SMOS level 3 (Kerr et al., 2010) of the ascending passes and GLDAS (Rodell et al., 2004).",
    ):
        assert words in text, words


@pytest.mark.parametrize("chain", [paper_chain, recommended_chain])
def test_how_the_page_looks(chain):
    found = methods(chain())
    text = found.as_text()
    assert text.splitlines()[0] == FIRST_LINE and text.endswith("\n") and "\u00a0" not in text
    assert all(len(line) <= WIDTH and line == line.rstrip() for line in text.splitlines())
    headings = re.findall(r"\n\n(.+)\n-+\n", text)
    assert headings == [name for name in (*SECTIONS, "References") if name in headings]
    for sentence in found.sentences:
        assert re.match(r"[A-Z0-9]", sentence.text) and sentence.text.endswith(".") and ".." not in sentence.text, sentence.text
        assert not re.search(r"  | ,| \.(?!\d)|\(\)|\bNone\b|nan|\b1 (cells|days|values|files|runs)\b", sentence.text), sentence.text
    broken = re.compile(r"\d\n(m3|mm|K|GHz|%)(\s|$)|m3\nm-3")
    assert not broken.search(text)


def test_synthetic_data_are_said_first():
    study = Study([train(), match(attributes={"synthetic": "the demo archive"})])
    first = methods(study).sentences[0]
    assert "synthetic (the demo archive)" in first.text and first.facts == {"attribute synthetic": "the demo archive"}
    assert "synthetic" not in " ".join(texts(match()))


def test_synthetic_stations_are_not_those_of_a_network():
    real = " ".join(s.text for s in methods(Study([records.stations(), match()])).sentences)
    made_up = " ".join(s.text for s in methods(Study([records.stations(), match(attributes={"synthetic": "the demo archive"})])).sentences)
    assert "measurements of the International Soil Moisture Network" in real and "International Soil Moisture" not in made_up


def test_gaps_of_both_kinds_are_named_where_a_way_was_chosen_for_each():
    said = texts(fill(method="best", attributes={"fill_short_gaps": "dct", "fill_long_gaps": "dct"}))
    assert any(text.startswith("For short gaps and for long ones, the network or the cosine transform was taken") for text in said)


def test_a_version_that_a_package_does_not_know_is_left_out():
    run = train()
    run.record["versions"] = {**run.record["versions"], "xarray": "999"}
    text = " ".join(texts(run))
    assert "999" not in text and "NumPy" in text


def test_settings_of_an_analysis_that_the_training_did_not_take_are_told():
    words = "The training did not take its settings from this analysis."
    assert words in texts(train(), records.sensitivity())
    assert words not in texts(train(settings="/study/best.json"), records.sensitivity()) and words not in texts(train())


def test_two_matches_are_told_apart():
    early = {"start": "2010-08-01", "end": "2011-07-31", "smap": None, "calibration": "table", "channels": "common"}
    study = Study(
        [
            match(
                start="2015-04-01",
                end="2017-03-31",
                lai_method="area",
                channels="common",
                attributes={"matched_days": "2015-04-01/2017-03-31"},
            ),
            match(**early, attributes={"matched_days": "2010-08-01/2011-07-31", "files_amsr_tb": 1}),
        ]
    )
    text = " ".join(sentence.text for sentence in methods(study).sentences)
    assert "from 2010-08-01 to 2011-07-31 (365 days) and from 2015-04-01 to 2017-03-31 (731 days)" in text
    assert "1 file for 2010-08-01 to 2011-07-31 and 31,245 files for 2015-04-01 to 2017-03-31" in text
    assert "For the days from 2010-08-01 to 2011-07-31, the leaf area index of the composite nearest in time" in text
    assert "For the days from 2015-04-01 to 2017-03-31, the leaf area index of a cell is the mean" in text
    assert text.count("vertical polarisation") == 1 and "2,299 files)" in text


def test_models_and_records_are_named_where_there_are_several():
    other = train(output="/study/second.nc", seed=1)
    second = type(other)("train", other.path.with_name("second.run.json"), other.record, other.request)
    second.__dict__["attributes"] = other.attributes
    found = texts(second, train())
    assert any(text.startswith("For model.nc, each cell has") for text in found)
    assert any(text.startswith("For second.nc, each cell has") for text in found)
    assert sum("Inputs and target were scaled" in text for text in found) == 1
    made = texts(reconstruct(), reconstruct(model="/study/second.nc"))
    assert any("The trained models were applied" in text for text in made) and any(
        text.startswith("By second.nc from 2002") for text in made
    )


def test_days_of_the_training_in_a_validation_are_told():
    warning = "{} 700 compared dates lie in the training period (2015-04-01 to 2019-03-31), whose SMAP values the networks have learnt: ..."
    some, every = (texts(satellite(warnings=[warning.format(which)]))[-3] for which in ("12 of the", "All"))
    assert some == "12 of the 700 compared dates lie in the training period, so that this is not wholly an independent test."
    assert every == "All 700 compared dates lie in the training period, so that this is no independent test."


def test_what_lai_products_a_folder_holds(tmp_path):
    (tmp_path / "lai" / "2015").mkdir(parents=True)
    for name in ("MCD15A2H.A2015089.h25v05.061.2021.hdf", "MOD15A2H.A2001089.h25v05.061.2021.hdf", "other.txt"):
        (tmp_path / "lai" / "2015" / name).touch()
    found = methods(Study([match(lai=str(tmp_path / "lai"), attributes={"lai_versions": "061"})]))
    assert {"myneni2021mcd", "myneni2021mod"} <= set(found.keys)
    assert any(
        "MCD15A2H and MOD15A2H (Myneni et al., 2021a; Myneni et al., 2021b) at 500 m (version 061" in s.text for s in found.sentences
    )
    old = methods(Study([match(lai=str(tmp_path / "lai"))]))
    assert "myneni2021mcd" not in old.keys and any("MCD15A2H and MOD15A2H at 500 m (version 006" in s.text for s in old.sentences)


def test_stations_that_were_loaded():
    own = {"stations": "/study/series.nc"}
    found = " ".join(texts(records.stations(**own), records.load(networks="MAQU, NGARI", flags="G", depth="0,0.1")))
    assert "measurements of the International Soil Moisture Network (Dorigo et al., 2021) at 28 stations" in found
    assert "Sensors of the networks MAQU and NGARI at 0 to 0.1 m and values with the quality flag G were taken." in found
    table = " ".join(texts(records.stations(**own), records.load(folder=None, file="/data/own.xlsx")))
    assert "International" not in table and "Sensors at 0 to 0.05 m were taken." in table
    alone = " ".join(texts(records.stations(**own)))
    assert "International" not in alone and "Sensors" not in alone


def test_a_record_that_was_spoilt_does_not_stop_the_others():
    found = methods(Study([train(ratio="all/of/it"), screen(), match()]))
    assert len(found.problems) == 1 and found.problems[0].startswith("Network and training: left out") and "all/of/it" in found.problems[0]
    assert (
        found.problems[0][:40] in found.as_text() and "Screening\n" in found.as_text() and "Network and training\n" not in found.as_text()
    )


def test_real_steps(tmp_path):
    """Steps that are run: their own summaries and attributes are understood."""
    from annsm_plugin.core.matching import precipitation
    from annsm_plugin.core.matching.request import ScreenRequest
    from annsm_plugin.core.reconstruction.request import ReconstructRequest
    from annsm_plugin.core.training import cube
    from annsm_plugin.core.training.request import TrainRequest

    path, _ = write_cube(tmp_path / "cube.nc", days=800)
    asked = ScreenRequest(cube=str(path), output=str(tmp_path / "screened.nc"))
    done = precipitation.screen(asked.cube, asked.output, threshold=asked.threshold)
    done.warnings = []
    record(
        asked.output,
        "screenprecipitation",
        asked,
        results={"DROPPED_DAYS": float(np.nansum(done.dropped))},
        summary=done.summary,
        warnings=done.warnings,
    )
    asked = TrainRequest(
        cube=asked.output,
        start="2015-04-01",
        end="2016-03-31",
        hidden=3,
        restarts=2,
        split="blocks",
        min_pairs=20,
        combine="average",
        output=str(tmp_path / "model.nc"),
    )
    trained = cube.run(asked)
    record(
        asked.output,
        "train",
        asked,
        results={"CELLS": int(trained.model.trained.sum())},
        summary=trained.summary,
        warnings=trained.warnings,
    )
    asked = ReconstructRequest(model=asked.output, cube=asked.cube, output=str(tmp_path / "annsm.nc"))
    made = apply.run(asked)
    record(
        asked.output,
        "reconstruct",
        asked,
        results={"VALUES": made.counts["values"], "CELLS": made.counts["cells"]},
        summary=made.summary,
        warnings=made.warnings,
    )
    asked = AggregateRequest(source=asked.output, output=str(tmp_path / "months.nc"), min_days=5)
    months = aggregation.run(asked)
    record(
        asked.output,
        "aggregate",
        asked,
        results={"PERIODS": months.periods, "MEDIAN_TREND": months.median_trend},
        summary=months.summary,
        warnings=months.warnings,
    )
    found = methods(results.look(tmp_path))
    text = re.sub(r"\s+", " ", found.as_text())
    assert not found.problems and text.startswith(FIRST_LINE) and "All data of this study are synthetic (made for a test)" in text
    rain = re.search(r"^(\d+) of (\d+) cell days", done.summary[0])
    assert f"{int(rain[1]):,} of {int(rain[2]):,} cell days" in text
    left, total = re.search(r"(\d+) complete cell days", "\n".join(trained.summary))[1], trained.model.status.size
    assert (
        f"{total} of {total}, which have" in text
        and f"Because of rain {int(left):,} complete cell days of this period were left out." in text
    )
    assert "For each cell 2 networks were trained from different initial weights; their outputs were averaged." in text
    assert "The inputs are the 2 brightness temperatures, GLDAS soil moisture, GLDAS soil temperature and leaf area index." in text
    for kind in ("training", "testing"):
        m = trained.means[kind]
        assert f"{m['r']:.3f} and {m['rmse_m3']:.4f} m3 m-3 ({m['rmse']:.3f} in 0-1 units) for the {kind} samples" in text
    assert f"there are {made.counts['values']:,} values in 16 of 16 cells on 800 days" in text
    outside = made.counts["input_outside_training_range"]
    assert (
        f"an input outside the range of the training in {outside:,} of these values ({100 * outside / made.counts['values']:.1f} %)" in text
    )
    assert f"{months.median_trend:+.5f} m3 m-3 per year" in text and f"aggregated to {months.periods} months" in text
    assert "squared spread of the networks of the cell" in text and CUBE["smap_versions"] not in text
