"""methods_text: every choice changes the sentences that state it, and no other."""

import pytest
from study_records import ALL, UNTOLD

from annsm_plugin.core.study.methods_text import methods
from annsm_plugin.core.study.results import Study


def placed(*runs):
    """Sentences with their section, since two may say the same; letters that tell works of one year apart left out."""
    return [f"{sentence.section}: {UNTOLD.sub('', sentence.text)}" for sentence in methods(Study(list(runs))).sentences]


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
