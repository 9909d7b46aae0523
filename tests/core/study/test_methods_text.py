"""methods_text: every choice and number is that of the records, what is not there is not told, and what is cited is listed."""

import json
import re

import numpy as np
import pytest
import study_records as records
from bibliography import entries
from record_cubes import write_cube
from study_records import CUBE, compare, fill, match, paper_chain, recommended_chain, reconstruct, satellite, screen, train, triple

from annsm_plugin.core.reconstruction import apply
from annsm_plugin.core.record import aggregation
from annsm_plugin.core.record.request import AggregateRequest
from annsm_plugin.core.study import results
from annsm_plugin.core.study.methods_text import FIRST_LINE, WIDTH, methods
from annsm_plugin.core.study.references import bibtex, listed
from annsm_plugin.core.study.results import Study
from annsm_plugin.core.study.sentences.telling import SECTIONS

ALL = {
    **{"match": match, "screenprecipitation": screen, "sensitivity": records.sensitivity, "train": train, "reconstruct": reconstruct},
    **{"fillgaps": fill, "validatesatellite": satellite, "validatestations": records.stations, "triplecollocation": triple},
    **{"comparemethods": compare, "aggregate": records.aggregate},
}


def texts(*runs):
    return [sentence.text for sentence in methods(Study(list(runs))).sentences]


def placed(*runs):
    """Sentences with their section, since two may say the same; letters that tell works of one year apart left out."""
    return [f"{sentence.section}: {UNTOLD.sub('', sentence.text)}" for sentence in methods(Study(list(runs))).sentences]


UNTOLD = re.compile(r"(?<=\b\d{4})[a-z]\b")


def changed(step, asked, first=None):
    """The sentences that a change takes away and those that it brings, in a study of all steps; first: what is asked before too."""
    first = first or {}
    before = placed(*(make(**(first if name == step else {})) for name, make in reversed(ALL.items())))
    after = placed(*(make(**({**first, **asked} if name == step else {})) for name, make in reversed(ALL.items())))
    return [text for text in before if text not in after], [text for text in after if text not in before]


#: Step, what is asked otherwise, words of each sentence that changes: of the one before and of the one after ("" where there is none).
CHOICES = [
    ("match", {"extent": [89.0, 31.0, 98.0, 38.0]}, [("the Qinghai-Tibet Plateau, 73-105 E", "The study area is 89-98 E, 31-38 N")]),
    ("match", {"extent": [170.0, 10.0, 190.0, 20.0]}, [("Plateau", "170 E to 170 W, 10-20 N")]),
    (
        "match",
        {"extent": [-10.0, -5.0, -5.0, 5.0]},
        [("Plateau", "10-5 W, 5 S to 5 N, on a regular grid of 0.25 degree with 40 x 20 cells")],
    ),
    ("match", {"mask": "array of 56x128"}, [("128 cells.", "128 cells, of which those with their centre in the polygons of a mask")]),
    ("match", {"polarisation": "H"}, [("in vertical polarisation", "in horizontal polarisation")]),
    ("match", {"polarisation": "both"}, [("in vertical polarisation", "in both polarisations")]),
    ("match", {"channels": "common"}, [("matched by position (Wang", "6.925, 10.65, 18.7, 23.8 and 36.5 GHz, in vertical")]),
    ("match", {"channels": "06,10,18"}, [("matched by position", "used at 6.925, 10.65 and 18.7 GHz, in vertical polarisation.")]),
    (
        "match",
        {"calibration": "table", "calibration_table": "/d/t.csv"},
        [
            (
                "were not adjusted",
                "(Du et al., 2014), AMSR-E was brought to the level of AMSR2 by a slope and an offset for each channel (t.csv)",
            )
        ],
    ),
    ("match", {"calibration": "climatology"}, [("were not adjusted", "takes away real change")]),
    (
        "match",
        {"smap_variable": "SCA-H"},
        [("The baseline retrieval (SCA-V)", "single channel algorithm in horizontal polarisation (SCA-H)")],
    ),
    ("match", {"smap_variable": "DCA"}, [("The baseline retrieval (SCA-V)", "The retrieval of the dual channel algorithm (DCA)")]),
    ("match", {"smap_quality": "recommended"}, [("wherever it exists", "where its quality flag recommends it")]),
    ("match", {"lai_method": "area"}, [("nearest in time was interpolated linearly", "mean of all its pixels of good quality")]),
    ("match", {"lai_barren_zero": False}, [("barren ground counts as 0", "barren ground is missing")]),
    ("match", {"rain_hours": "interval"}, [("sum of the hourly values from 01:00 to 07:00", "depth that fell from 00:30 to 07:30")]),
    ("match", {"time": "+8"}, [("local solar time", "days of the fixed time UTC+8")]),
    (
        "match",
        {"time": "file"},
        [("local solar time", "the dates in the names of their files"), ("times of observation", "longitude and latitude.")],
    ),
    (
        "match",
        {"overpass": "ascending"},
        [
            ("descending passes (06:00", "ascending passes (18:00"),
            ("(nominally 01:30", "(nominally 13:30"),
            ("nearest to 02:00", "nearest to 14:00"),
            ("01:00 to 07:00", "13:00 to 19:00"),
        ],
    ),
    ("match", {"extra": ["/d/elevation.tif"]}, [("", "Further input is elevation.")]),
    ("match", {"extra": ["/d/elevation.tif", "/d/sand.nc"]}, [("", "Further inputs are elevation and sand.")]),
    (
        "screenprecipitation",
        {"threshold": 12.5},
        [
            (
                "8.75 mm of precipitation in the seven hours between the overpasses, the threshold of Wang",
                "12.5 mm of precipitation in the seven hours between the overpasses were",
            )
        ],
    ),
    (
        "screenprecipitation",
        {"settings": "/study/best.json"},
        [("threshold of Wang and Xu (2021)", "which the sensitivity analysis had chosen")],
    ),
    ("screenprecipitation", {"settings": "b.json", "threshold": 1.0e6}, [("8.75 mm", "No day was screened for rain")]),
    (
        "sensitivity",
        {"experiments": ["neurons", "ratios"]},
        [
            ("thresholds were varied", "hidden neurons and sample ratios were varied in turn"),
            ("chose the 5 bright", "The analysis chose 11 hidden neurons and the ratio 80/10/10"),
        ],
    ),
    (
        "sensitivity",
        {"experiments": ["neurons"]},
        [
            ("were varied in turn", "hidden neurons were varied on the complete days"),
            ("chose the", "The analysis chose 11 hidden neurons (mean R 0.900"),
        ],
    ),
    ("sensitivity", {"hidden": 7}, [("starting point was 12 neurons", "starting point was 7 neurons")]),
    ("sensitivity", {"ratio": "60/20/20"}, [("the ratio 70/15/15", "the ratio 60/20/20")]),
    ("sensitivity", {"choose": "testing"}, [("error of the overall", "error of the testing")]),
    ("sensitivity", {"repeats": 3, "seed": 5}, [("seed 0", "3 seeds from 5 on")]),
    ("sensitivity", {"split": "blocks"}, [("a random split", "a split in blocks of 30 days")]),
    ("sensitivity", {"restarts": 4}, [("seed 0;", "the best of 4 starts on the validation samples")]),
    ("sensitivity", {"min_pairs": 80}, [("fewer than 50", "fewer than 80 days")]),
    ("sensitivity", {"results": {"BEST_THRESHOLD": None}}, [("threshold of 10 mm", "and no screening")]),
    ("train", {"hidden": 9}, [("12 neurons", "9 neurons")]),
    (
        "train",
        {"attributes": {"hidden": 8}, "settings": "best.json"},
        [
            ("12 neurons", "as the sensitivity analysis had chosen): 9 inputs, one hidden layer of 8 neurons"),
            ("The training did not take its settings", ""),
        ],
    ),
    ("train", {"split": "blocks"}, [("at random into 80 %", "in blocks of 30 days into 80 %"), ("autocorrelated", "")]),
    ("train", {"split": "leave_one_year_out"}, [("at random", "11 % of the other days, in blocks of 30 days"), ("autocorrelated", "")]),
    ("train", {"ratio": "60/30/10"}, [("80 % training, 10 % validation", "60 % training, 30 % validation and 10 % testing")]),
    ("train", {"seed": 7}, [("(seed 0)", "(seed 7)")]),
    (
        "train",
        {"restarts": 20},
        [("one network was trained", "20 networks were trained from different initial weights; the one with the lowest")],
    ),
    (
        "train",
        {"restarts": 3, "combine": "average"},
        [("one network", "For each cell 3 networks were trained from different initial weights; their outputs were averaged")],
    ),
    ("train", {"restarts": 3, "combine": "best_half"}, [("one network", "the half with the lower validation errors were averaged")]),
    ("train", {"regularization": "0, 0.01,0.1"}, [("", "mean squared weight, whose share is 0, 0.01 and 0.1, used in turn")]),
    ("train", {"min_pairs": 80}, [("at least 50 complete", "at least 80 complete days")]),
    ("train", {"end": "2018-03-31"}, [("to 2019-03-31 were trained", "to 2018-03-31 were trained")]),
    (
        "train",
        {"attributes": {"inputs": "tb_f1v mpdi_10 precipitation_7h elevation"}},
        [
            ("9 inputs", "4 inputs"),
            (
                "The inputs are the 5",
                "one "
                "brightness temperature, normalised polarisation difference, channel 10 (mpdi_10), precipitation between the overpasses",
            ),
        ],
    ),
    (
        "reconstruct",
        {"start": "2010-01-01", "end": "2010-12-31"},
        [("From 2002-06-19 to 2021-07-31 there", "From 2010-01-01 to 2010-12-31 there")],
    ),
    ("reconstruct", {"attributes": {"restarts": 3}}, [("", "squared spread of the networks of the cell")]),
    (
        "fillgaps",
        {"method": "dct", "attributes": {"fill_short_gaps": "dct", "fill_long_gaps": "dct"}},
        [
            (
                "Gaps of up to 7",
                "Gaps were filled by penalised least squares on the discrete cosine transform in time and space (Garcia, 2010).",
            ),
            ("For short gaps and", ""),
        ],
    ),
    (
        "fillgaps",
        {"method": "convolution", "attributes": {"fill_short_gaps": "convolution", "fill_long_gaps": "convolution"}},
        [("Gaps of up", "(after Zhang et al., 2021)"), ("For short gaps and", "")],
    ),
    ("fillgaps", {"frozen": False}, [("learnt from and filled too", "neither learnt from nor filled")]),
    ("fillgaps", {"seed": 3}, [("seed was 0", "seed was 3")]),
    (
        "fillgaps",
        {"start": "2010-01-01", "end": "2012-12-31"},
        [("In all, 500,000", "From 2010-01-01 to 2012-12-31 500,000 values were filled")],
    ),
    ("validatesatellite", {"min_n": 30}, [("at least 10 common", "at least 30 common days")]),
    ("validatestations", {"hour": "06:00"}, [("nearest to 01:30", "nearest to 06:00")]),
    ("validatestations", {"hour": "daily"}, [("nearest to 01:30", "means of the local day were taken")]),
    ("validatestations", {"upscaling": "representative"}, [("were averaged.", "(temporal stability; Vachaud et al., 1985)")]),
    ("validatestations", {"upscaling": "triple collocation"}, [("were averaged.", "(Gruber et al., 2016)")]),
    ("validatestations", {"upscaling": "voronoi"}, [("were averaged.", "weights by the area")]),
    (
        "validatestations",
        {"depth_filter": "fitted"},
        [("", "(Wagner et al., 1999; Albergel et al., 2008) with the time constant that fits best")],
    ),
    ("validatestations", {"depth_filter": "constant", "depth_days": 5.0}, [("", "with a time constant of 5 days")]),
    ("validatestations", {"strata": "/d/land_cover.tif"}, [("", "by the classes of land_cover.tif")]),
    (
        "validatestations",
        {"lprm": "/d", "lprm_band": "x"},
        [("", "Beside ANN-SM stands LPRM (land parameter retrieval model, X band; Owe")],
    ),
    ("validatestations", {"smos": "/d"}, [("", "stands SMOS level 3 (Kerr et al., 2010) of the ascending passes.")]),
    (
        "validatestations",
        {"jaxa": "/d", "smos": "/d"},
        [("", "stand the product of JAXA (Fujii et al., 2009) of the descending passes and SMOS")],
    ),
    ("validatestations", {"cube": "/c.nc"}, [("", "Beside ANN-SM stands GLDAS (Rodell et al., 2004).")]),
    ("validatestations", {"stations": "/d/own.csv"}, [("International Soil", "compared with measurements at 28"), ("Sensors at", "")]),
    ("validatestations", {"networks": ["MAQU"]}, [("Sensors at 0", "Sensors of the network MAQU at 0 to 0.05 m")]),
    ("validatestations", {"report": "r.html"}, [("", "Taylor diagram (Taylor, 2001)")]),
    ("triplecollocation", {"anomaly_days": 35}, [("the values as they are", "the mean of the 35 days")]),
    ("triplecollocation", {"min_n": 200}, [("at least 100 such", "at least 200 such days")]),
    ("triplecollocation", {"draws": 0}, [("bootstrap draws", "")]),
    ("triplecollocation", {"draws": 500, "seed": 4}, [("200 bootstrap", "500 bootstrap draws of blocks of 30 days (seed 4)")]),
    ("comparemethods", {"split": "random"}, [("in blocks of 30 days, 80/10/10", "divided at random, 80/10/10"), ("", "autocorrelated")]),
    ("comparemethods", {"split": "leave_regions_out"}, [("in blocks", "whole patches of cells left out")]),
    ("comparemethods", {"ratio": "60/20/20", "seed": 2}, [("80/10/10", "60/20/20 % (training/validation/testing, seed 2)")]),
    ("comparemethods", {"hidden": 6, "restarts": 3}, [("12 neurons", "6 neurons and are the best of 3 starts")]),
    ("comparemethods", {"min_pairs": 70}, [("at least 50", "at least 70 complete days")]),
    ("comparemethods", {"product": "sm_gldas_surface"}, [("is GLDAS soil moisture.", "(sm_gldas_surface).")]),
    ("comparemethods", {"start": "2016-04-01"}, [("from 2015-04-01 to 2019-03-31): the", "from 2016-04-01 to 2019-03-31): the")]),
    ("aggregate", {"period": "season"}, [("229 months; a month", "229 seasons; a season"), ("calendar month", "calendar season")]),
    (
        "aggregate",
        {"period": "year"},
        [("229 months", "229 years; a year"), ("the mean of their calendar", "departures from their mean over the")],
    ),
    ("aggregate", {"base": ""}, [("over the years 2003 to 2010", "over all years")]),
]


@pytest.mark.parametrize(("step", "asked", "expected"), CHOICES, ids=[f"{step}-{'-'.join(asked)}" for step, asked, _ in CHOICES])
def test_a_choice_changes_the_sentences_that_state_it(step, asked, expected):
    gone, come = changed(step, asked)
    assert len(gone) == sum(bool(before) for before, _ in expected) and len(come) == sum(bool(after) for _, after in expected), (gone, come)
    for before, after in expected:
        assert not before or any(before in text for text in gone), gone
        assert not after or any(after in text for text in come), come


REGIONAL = [
    ({"seed": 4}, [("(seed 0)", "(seed 4)")]),
    (
        {"split": "random"},
        [
            (
                "in blocks of 30 days",
                "10 % of the days of the period were kept for testing, drawn one by one, the same in all cells (seed 0); "
                "of the other days each network left another fifth out",
            ),
            ("", "autocorrelated"),
        ],
    ),
    ({"split": "leave_one_year_out"}, [("10 % of", "One year of the period was kept for testing, the same in all cells")]),
    ({"ratio": "70/10/20"}, [("10 % of the days", "20 % of the days")]),
    ({"restarts": 8}, [("5 networks", "one ensemble of 8 networks")]),
    ({"method": "refined"}, [("", "A linear correction of the ensemble was kept in cells whose own")]),
    (
        {"attributes": {"trainer_settings": '{"hidden": [64], "batch": 512, "rate": 0.01, "decay": 0.5}'}},
        [
            ("2 hidden layers of 32", "1 hidden layer of 64 units"),
            ("batches of 1,024", "batches of 512 samples, with a weight decay of 0.5 and a learning rate that rises to 0.01"),
        ],
    ),
]


@pytest.mark.parametrize(("asked", "expected"), REGIONAL, ids=["-".join(asked) for asked, _ in REGIONAL])
def test_choices_of_the_ensemble(asked, expected):
    gone, come = changed("train", asked, {"method": "regional", "split": "blocks"})
    assert len(gone) == sum(bool(before) for before, _ in expected) and len(come) == sum(bool(after) for _, after in expected), (gone, come)
    for before, after in expected:
        assert all(any(word.lower() in text.lower() for text in found) for word, found in ((before, gone), (after, come)) if word), (
            gone,
            come,
        )


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


def written(folder, step, request, result, numbers):
    """A record as the plugin writes it, of a step of the core that was run."""
    output = next(path for name, path in request.outputs().items() if name in ("output", "table", "report"))
    content = {"algorithm": f"annsm:{step}", "started": "2026-11-29T09:00:00Z", "request": request.record(), "results": numbers}
    content.update(summary=result.summary, warnings=result.warnings, versions=records.VERSIONS, inputs=[])
    (folder / output).with_suffix(".run.json").write_text(json.dumps(content, default=str), encoding="utf-8")


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
    written(tmp_path, "screenprecipitation", asked, done, {"DROPPED_DAYS": float(np.nansum(done.dropped))})
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
    written(tmp_path, "train", asked, trained, {"CELLS": int(trained.model.trained.sum())})
    asked = ReconstructRequest(model=asked.output, cube=asked.cube, output=str(tmp_path / "annsm.nc"))
    made = apply.run(asked)
    written(tmp_path, "reconstruct", asked, made, {"VALUES": made.counts["values"], "CELLS": made.counts["cells"]})
    asked = AggregateRequest(source=asked.output, output=str(tmp_path / "months.nc"), min_days=5)
    months = aggregation.run(asked)
    written(tmp_path, "aggregate", asked, months, {"PERIODS": months.periods, "MEDIAN_TREND": months.median_trend})
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
