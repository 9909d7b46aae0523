"""Studies as run records tell of them, without files: the paper's chain, the recommended one, and every other step."""

from __future__ import annotations

import re
from pathlib import Path

from annsm_plugin.core.study.flow_records import STEPS
from annsm_plugin.core.study.results import Run, Study

VERSIONS = {
    **{"annsm": "0.1.0", "qgis": "3.22.16-Białowieża", "python": "3.11.2", "system": "Linux", "numpy": "1.24.2", "scipy": "1.10.1"},
    **{"xarray": "2023.1.0", "netCDF4": "1.6.2", "torch": "not installed"},
}

#: Attributes of a cube, which models and ANN-SM files have too.
CUBE = {
    **{"channels": "paper", "channel_list": "f1,f2,f3,f4,f5", "polarisation": "V", "overpass": "descending", "smap_baseline": "SCA-V"},
    **{"amsr_versions": "2220220", "smap_versions": "R17000", "gldas_versions": "021", "lai_versions": "006", "extra_predictors": "none"},
    **{"files_amsr_tb": 31245, "files_smap": 2299, "files_gldas": 27900, "files_lai": 7920, "files_gldas_unreadable": 1},
    "matched_days": "2002-06-19/2021-07-31",
}

LEVENBERG_MARQUARDT = '{"epochs": 1000, "max_fail": 6, "mu": 0.001, "regularization": [0.0]}'
ADAMW = '{"hidden": [32, 32], "batch": 1024, "rate": 0.004, "decay": 1.0, "steps": 800, "look": 50, "judged": 40000}'


def run(step, name, *, asked=None, attributes=None, started="2026-11-29T09:00:00Z", **record):
    """A run of ``step`` whose record lies at ``name``.run.json."""
    content = {
        "algorithm": f"annsm:{step}",
        "started": started,
        "versions": VERSIONS,
        "summary": [],
        "warnings": [],
        "results": {},
        **record,
    }
    made = Run(step, Path(f"/study/{name}.run.json"), content, STEPS[step].request(**(asked or {})))
    made.__dict__["attributes"] = attributes or {}
    return made


def match(**asked):
    """The match of the paper's chain, with other words in the request."""
    attributes = {**CUBE, **asked.pop("attributes", {})}
    given = {"amsr": "/data/amsr", "smap": "/data/smap", "gldas": "/data/gldas", "lai": "/data/lai", "output": "/study/cube.nc"}
    given.update(start="2002-06-19", end="2021-07-31")
    return run(
        "match",
        "cube",
        asked={**given, **asked},
        attributes=attributes,
        results={"CELLS": 7100, "COMPLETE": 2130000},
        summary=["Complete days (inputs and target) per cell: 300.0 on average, 812 at most."],
    )


def screen(**asked):
    attributes = {**CUBE, "screening_threshold": asked.get("threshold", 8.75), **asked.pop("attributes", {})}
    summary = [
        "12345 of 49000000 cell days (0.03 %) have more than 8.75 mm in 7 h and are marked.",
        "Days marked per cell: 1.7 on average, 64 at most.",
        "1 cell days have no precipitation and are kept.",
    ]
    given = {"cube": "/study/cube.nc", "output": "/study/screened.nc", **asked}
    return run("screenprecipitation", "screened", asked=given, attributes=attributes, summary=summary, results={"DROPPED_DAYS": 12345.0})


TRAINED = [
    "6900 of 7168 cells trained (2015-04-01 to 2019-03-31, at least 50 complete days).",
    "Complete days per trained cell: 50 to 512, median 270.",
    "1 complete cell days left out because of too much rain.",
    "Training samples: mean R 0.950, RMSE 0.080 (0-1), 0.0291 m3 m-3.",
    "Validation samples: mean R 0.707, RMSE 0.099 (0-1), 0.0358 m3 m-3.",
    "Testing samples: mean R 0.719, RMSE 0.126 (0-1), 0.0456 m3 m-3.",
    "Overall samples: mean R 0.936, RMSE 0.090 (0-1), 0.0328 m3 m-3.",
]


def train(**asked):
    """The training of the paper's chain, with other words in the request."""
    attributes = {**CUBE, "inputs": "tb_f1v tb_f2v tb_f3v tb_f4v tb_f5v sm_gldas st_gldas lst_gldas lai"}
    attributes["trainer_settings"] = LEVENBERG_MARQUARDT if asked.get("method", "cell") == "cell" else ADAMW
    attributes.update(asked.pop("attributes", {}))
    summary = [*TRAINED, *asked.pop("summary", [])]
    given = {"cube": "/study/screened.nc", "start": "2015-04-01", "end": "2019-03-31", "output": "/study/model.nc", **asked}
    results = {"MEAN_R": 0.936, "MEAN_RMSE": 0.09, "CELLS": 6900}
    return run("train", "model", asked=given, attributes=attributes, summary=summary, results=results)


def reconstruct(**asked):
    attributes = {**CUBE, "restarts": 1, "screening_threshold": 8.75, "count_values": 1000000, "count_held": 1}
    attributes.update(count_input_outside_training_range=250000, count_soil_frozen=100, **asked.pop("attributes", {}))
    given = {"model": "/study/model.nc", "cube": "/study/screened.nc", "output": "/study/annsm.nc", **asked}
    summary = ["1000000 values on 6983 days in 6900 of 7168 cells; 99 cell days have incomplete inputs."]
    return run("reconstruct", "annsm", asked=given, attributes=attributes, summary=summary, results={"VALUES": 1000000, "CELLS": 6900})


def satellite(**asked):
    given = {"annsm": "/study/annsm.nc", "reference": "/study/cube.nc", "start": "2019-04-01", "end": "2021-07-31", "report": "v.html"}
    summary = [
        "6800 of 7168 cells compared (median 86 days in a cell, 46 to 135), 2019-04-01 to 2021-07-31; 263 dates have both in some cell. 28 "
        "cells have no common day, 0 have fewer than 10.",
        "Mean R 0.702 (95 % interval 0.664 to 0.740); paper 0.72.",
        "Mean RMSE 0.0529 (95 % interval 0.0486 to 0.0572); paper 0.034.",
    ]
    results = {"MEAN_R": 0.7021, "MEAN_RMSE": 0.0529, "MEAN_BIAS": 0.0179, "MEAN_UBRMSE": 0.0483}
    warnings = asked.pop("warnings", [])
    return run("validatesatellite", "v", asked={**given, **asked}, summary=summary, results=results, warnings=warnings)


def stations(**asked):
    given = {"annsm": "/study/annsm.nc", "stations": "/data/ismn.zip", "table": "/study/t.csv", "start": "2010-08-01", "end": "2015-03-31"}
    summary = [
        "28 stations in 15 cells compared from 2010-08-01 to 2015-03-31 at 01:30 local solar time.",
        "ANN-SM: mean R 0.74, RMSE 0.106, |BIAS| 0.0610, ubRMSE 0.043 m3 m-3 over 15 cells and 9000 cell-days (signed BIAS -0.0324, 95 % "
        "-0.0544 to -0.0103: too wet).",
        "LPRM: mean R 0.50, RMSE 0.146, |BIAS| 0.1247, ubRMSE 0.075 m3 m-3 over 15 cells and 1 cell-days (signed BIAS -0.1, too wet).",
        "GLDAS: mean R 0.60, RMSE 0.090, |BIAS| 0.0500, ubRMSE 0.050 m3 m-3 over 15 cells and 9000 cell-days (signed BIAS -0.1, too wet).",
        "8 of 15 cells have one site: how far it is from the cell's mean is not known.",
    ]
    results = {"MEAN_R": 0.74, "MEAN_RMSE": 0.106, "MEAN_BIAS": 0.061, "CELLS": 15}
    return run("validatestations", "t", asked={**given, **asked}, summary=summary, results=results)


def load(**asked):
    given = {"folder": "/data/ismn", "output": "/study/points.gpkg", "series": "/study/series.nc", "depth": "0,0.05", "flags": "G,U"}
    return run("loadstations", "points", asked={**given, **asked}, results={"COUNT": 28})


def sensitivity(**asked):
    results = {"RUNS": 44, "CELLS": 6900, "BEST_HIDDEN": 11, "BEST_THRESHOLD": 10.0, "MEAN_R": 0.9, "MEAN_RMSE": 0.096}
    results.update(BEST_VARIABLES="tb_f1v,tb_f2v,tb_f3v,tb_f4v,tb_f5v,sm_gldas,lai", BEST_RATIO="80/10/10", **asked.pop("results", {}))
    given = {"cube": "/study/cube.nc", "start": "2015-04-01", "end": "2019-03-31", "table": "/study/s.csv", "best": "/study/best.json"}
    return run("sensitivity", "s", asked={**given, **asked}, results={k: v for k, v in results.items() if v is not None})


def fill(**asked):
    attributes = {**CUBE, "fill_short_gaps": "network", "fill_long_gaps": "dct", "fill_short_coverage": 0.948, "fill_long_coverage": 0.951}
    attributes.update(count_estimated=1000000, count_filled=500000, count_short=400000, count_long=100000, **asked.pop("attributes", {}))
    given = {"annsm": "/study/annsm.nc", "cube": "/study/cube.nc", "output": "/study/filled.nc", **asked}
    summary = [
        "4421 values hidden in short gaps come back with RMSE 0.0245 m3 m-3, R 0.93 (linear interpolation in time 0.0267).",
        "10807 values hidden in long gaps come back with RMSE 0.0424 m3 m-3, R 0.81 (linear interpolation in time 0.0689).",
    ]
    results = {"FILLED": 500000, "RMSE_SHORT": 0.0245, "RMSE_LONG": 0.0424}
    return run("fillgaps", "filled", asked=given, attributes=attributes, summary=summary, results=results)


def triple(**asked):
    given = {"x": "/study/annsm.nc", "y": "/data/smos", "z": "/data/gldas", "report": "/study/tc.html", **asked}
    summary = [
        "5000 of 7168 cells estimated, 2010-06-01 to 2011-09-30; cells left out: 2168 too few days (below 100).",
        "X, ANN-SM: mean error standard deviation 0.0213 m3 m-3 (95 % interval 0.0200 to 0.0220), mean R with the truth 0.811.",
        "Y, SMOS: mean error standard deviation 0.0613 m3 m-3 (95 % interval 0.0600 to 0.0620), mean R with the truth 0.511.",
        "Z, GLDAS: mean error standard deviation 0.0313 m3 m-3 (95 % interval 0.0300 to 0.0320), mean R with the truth 0.711.",
    ]
    warnings = ["The errors of ANN-SM and GLDAS cannot be taken as independent: GLDAS is an input of ANN-SM."]
    results = {"CELLS": 5000, "MEAN_STD_X": 0.0213, "MEAN_STD_Y": 0.0613, "MEAN_STD_Z": 0.0313}
    results.update(MEAN_R_X=0.811, MEAN_R_Y=0.511, MEAN_R_Z=0.711)
    return run("triplecollocation", "tc", asked=given, summary=summary, warnings=warnings, results=results)


def compare(**asked):
    given = {"cube": "/study/screened.nc", "start": "2015-04-01", "end": "2019-03-31", "table": "/study/c.csv", "split": "blocks", **asked}
    summary = [
        "3 methods compared in 6900 cells on 180000 testing samples, 2015-04-01 to 2019-03-31, 80/10/10, split 'blocks'.",
        "Neural network: mean R 0.755, RMSE 0.0458, |BIAS| 0.0100, ubRMSE 0.0400 m3 m-3, 10.0 s.",
        "RFSM: mean R 0.785, RMSE 0.0392, |BIAS| 0.0100, ubRMSE 0.0300 m3 m-3, 10.0 s.",
        "CDF matching: mean R 0.500, RMSE 0.0629, |BIAS| 0.0100, ubRMSE 0.0500 m3 m-3, 1.0 s.",
    ]
    return run("comparemethods", "c", asked=given, summary=summary, results={"CELLS": 6900, "BEST": "rfsm", "BEST_RMSE": 0.0392})


def aggregate(**asked):
    given = {"source": "/study/filled.nc", "output": "/study/months.nc", "base": "2003-2010", **asked}
    summary = [
        "229 months of soil_moisture, days from 2002-06-19 to 2021-07-31; 1500000 of 1641472 cell-months have the 10 days with a value "
        "that they need, the others are missing. Anomalies are from the mean of 2003-01-01 to 2010-12-31.",
        "Trend in 6900 cells: median +0.00012 m3 m-3 per year; p < 0.05 in 1200 cells (900 wetter, 300 drier).",
    ]
    warnings = ["The record spans the change from AMSR-E (until 2011-10-04) to AMSR2 (from 2012-07): a step can look like a trend."]
    results = {"PERIODS": 229, "MEDIAN_TREND": 0.000123, "SIGNIFICANT": 1200}
    return run("aggregate", "months", asked=given, attributes={"min_days": 10}, summary=summary, warnings=warnings, results=results)


def paper_chain():
    """The paper's chain."""
    return Study([satellite(), reconstruct(), train(), screen(), match()])


def recommended_chain():
    """The recommended chain, with everything else that can be done."""
    matched = {"channels": "common", "calibration": "climatology", "lai_method": "area", "rain_hours": "interval"}
    common = {"channels": "common", "channel_list": "06,10,18,23,36", "method": "regional"}
    inputs = "tb_06v tb_10v tb_18v tb_23v tb_36v sm_gldas st_gldas lst_gldas lai"
    trained = train(
        method="regional",
        split="blocks",
        attributes={**common, "inputs": inputs},
        summary=[
            "One ensemble of 5 networks for all cells; validation samples are judged by members that have not seen their stretch of days.",
            "1 cells: values from the network of the region: too few complete days.",
        ],
    )
    return Study(
        [
            aggregate(),
            compare(),
            triple(),
            stations(lprm="/data/lprm", jaxa="/data/jaxa", smos="/data/smos", cube="/study/cube.nc"),
            load(),
            satellite(),
            fill(),
            reconstruct(attributes=common),
            trained,
            sensitivity(),
            screen(),
            match(**matched),
        ]
    )


#: Step -> what makes a run of it, in the order of work.
ALL = {
    **{"match": match, "screenprecipitation": screen, "sensitivity": sensitivity, "train": train, "reconstruct": reconstruct},
    **{"fillgaps": fill, "validatesatellite": satellite, "validatestations": stations, "triplecollocation": triple},
    **{"comparemethods": compare, "aggregate": aggregate},
}

#: The letters that tell works of one year apart.
UNTOLD = re.compile(r"(?<=\b\d{4})[a-z]\b")
