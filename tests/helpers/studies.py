"""A small study: a cube, what the steps made of it, and the run records that QGIS's algorithms write beside."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from unittest import mock

import numpy as np
from record_cubes import EXTENT, write_cube

from annsm_plugin.core import __version__, comparison, reconstruction, sensitivity, training, validation
from annsm_plugin.core.foundation import localtime
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.matching import precipitation
from annsm_plugin.core.matching.request import MatchRequest, ScreenRequest
from annsm_plugin.core.record import aggregation
from annsm_plugin.core.record.request import AggregateRequest
from annsm_plugin.core.stations import reading
from annsm_plugin.core.stations.station import Station
from annsm_plugin.core.training.request import TrainRequest
from annsm_plugin.core.validation import satellite, stations
from annsm_plugin.core.validation.request import SatelliteRequest
from annsm_plugin.core.validation.request import StationsRequest as AtStations

GRID = Grid.from_extent(EXTENT)
PERIOD = {"start": "2015-04-01", "end": "2016-03-31"}
TEST = {"start": "2016-04-01", "end": "2016-09-30"}
DAYS = 549

#: A picture of one point, as PNG.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c63f80f0001010100b138f6140000000049454e44ae426082"
)

#: Attributes that matching writes, as far as the report of a study reads them.
MATCHED = {
    "overpass": "descending",
    "local_time": "solar",
    "smap_variable": "baseline",
    "smap_quality": "retrieved",
    "calibration": "none",
    "lai_method": "area",
    "rain_hours": "interval",
    "amsr_versions": "2220220",
    "smap_versions": "R18290",
    "gldas_versions": "021",
    "lai_versions": "061",
    "files_amsr_tb": np.int32(1098),
    "files_amsr_tb_unreadable": np.int32(2),
    "files_smap": np.int32(549),
    "files_smap_empty": np.int32(31),
    "files_gldas": np.int32(2196),
    "files_lai": np.int32(70),
    "missing_days_tb_06v": np.int32(3),
    "missing_days_sm_smap": np.int32(12),
    "missing_days_sm_gldas": np.int32(0),
    "missing_days_lai": np.int32(0),
}


def record(main, algorithm, request, *, results=None, summary=(), warnings=(), started="2026-01-01T00:00:00Z", inputs=()):
    """Write the run record of a step beside its main output ``main``, as QGIS's algorithms do; return its path."""
    path = Path(main).with_suffix(".run.json")
    content = {
        "algorithm": f"annsm:{algorithm}",
        "output": Path(main).name,
        "started": started,
        "seconds": 1.5,
        "parameters": {},
        "request": request.record(),
        "seed": getattr(request, "seed", None),
        "inputs": [{"parameter": "INPUT", "path": str(p), **facts(p)} for p in inputs],
        "results": results or {},
        "summary": list(summary),
        "warnings": list(warnings),
        "versions": {"annsm": __version__, "qgis": "3.22.16", "python": "3.11.2", "numpy": "1.24.2"},
        "repeat": {"qgis_process": f"qgis_process run annsm:{algorithm} -- ...", "python": "processing.run(...)"},
    }
    path.write_text(json.dumps(content, default=str), encoding="utf-8")
    return path


def facts(path):
    """Size and time of a file as a record has them."""
    import datetime

    status = Path(path).stat()
    changed = datetime.datetime.fromtimestamp(status.st_mtime, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"bytes": status.st_size, "changed": changed}


def sites(folder, truth, names=("Ford", "Mill", "Weir"), days=DAYS):
    """A series file of three stations in one cell and one in another."""
    random = np.random.default_rng(1)
    found = []
    for number, (name, place) in enumerate(zip((*names, "Alone"), ((1, 1), (1, 1), (1, 1), (2, 2)))):
        lon = float(GRID.lon[place[1]])
        dates = np.datetime64(PERIOD["start"]) + np.arange(days)
        times = localtime.utc_of(dates, 1.5, lon).astype("datetime64[s]")
        values = np.clip(truth[:days, place[0], place[1]] + 0.02 * (number - 1) + random.normal(0, 0.01, days), 0, 1)
        where = float(GRID.lat[place[0]]) + 0.03 * (number - 1), lon + 0.02 * number
        found.append(Station(name, "NET", *where, (0.05, 0.05), f"5TM-{number}", times, values))
    path = Path(folder) / "series.nc"
    reading.write_series(path, found)
    return path


def make(folder, *, names=("Ford", "Mill", "Weir"), method="cell", split="random", start=PERIOD["start"], whole=True):
    """Make a study in ``folder``: matched, screened, trained, reconstructed, validated; with ``whole`` compared and aggregated too."""
    folder = Path(folder)
    cube, truth = write_cube(folder / "cube.nc", days=DAYS, attributes=MATCHED)
    given = {"amsr": "/data/amsr", "smap": "/data/smap", "gldas": "/data/gldas", "lai": "/data/lai"}
    asked = MatchRequest(
        **given, start=start, end=TEST["end"], channels="common", lai_method="area", rain_hours="interval", output=str(cube)
    )
    record(cube, "match", asked, results={"COMPLETE": 5000}, summary=["Files read: 1098 AMSR, 549 SMAP, 2196 GLDAS, 70 LAI."])
    screen = ScreenRequest(cube=str(cube), output=str(folder / "screened.nc"))
    found = precipitation.run(screen)
    record(screen.output, "screenprecipitation", screen, summary=found.summary, inputs=[cube], results={"DROPPED_DAYS": 321.0})
    train = TrainRequest(cube=screen.output, **PERIOD, hidden=4, method=method, split=split, output=str(folder / "model.nc"))
    found = training.run(train)
    numbers = {"MEAN_R": found.means["overall"]["r"], "MEAN_RMSE": found.means["overall"]["rmse"], "CELLS": int(found.model.trained.sum())}
    record(train.output, "train", train, results=numbers, summary=found.summary, warnings=found.warnings, inputs=[screen.output])
    annsm = reconstruction.ReconstructRequest(model=train.output, cube=screen.output, output=str(folder / "annsm.nc"))
    found = reconstruction.run(annsm)
    record(annsm.output, "reconstruct", annsm, summary=found.summary, warnings=found.warnings, inputs=[train.output, screen.output])
    smap = SatelliteRequest(annsm=annsm.output, reference=str(cube), **TEST, report=str(folder / "smap.html"), r=str(folder / "r.tif"))
    found = satellite.run(smap)
    numbers = {f"MEAN_{name.upper()}": found.means[name][0] for name in ("r", "rmse", "bias", "ubrmse")}
    record(smap.report, "validatesatellite", smap, results=numbers, summary=found.summary, inputs=[annsm.output, cube])
    series = sites(folder, truth, names)
    at = AtStations(
        annsm=annsm.output, stations=str(series), cube=str(cube), table=str(folder / "stations.csv"), sites=str(folder / "sites.csv")
    )
    found = stations.run(at)
    own = found.means["own days"]["ANN-SM"]
    numbers = {**{f"MEAN_{name.upper()}": own[name][0] for name in ("r", "rmse", "bias")}, "CELLS": own["cells"]}
    record(at.table, "validatestations", at, results=numbers, summary=found.summary, warnings=found.warnings, inputs=[annsm.output])
    if whole:
        _further(folder, cube, screen.output, annsm.output)
    return folder


def _further(folder, cube, screened, annsm):
    asked = sensitivity.SensitivityRequest(
        cube=str(cube), **PERIOD, hidden=3, experiments=["neurons", "thresholds"], neurons="2,3", thresholds="none,8.75",
        table=str(folder / "sensitivity.csv"), best=str(folder / "best.json"), days=str(folder / "days.tif"),
    )  # fmt: skip
    found = sensitivity.run(asked)
    record(asked.table, "sensitivity", asked, results={"RUNS": 4}, summary=found.summary, warnings=found.warnings, inputs=[cube])
    asked = comparison.CompareRequest(
        cube=screened, **PERIOD, hidden=4, methods=["network", "linear", "climatology"], table=str(folder / "methods.csv")
    )
    found = comparison.run(asked)
    record(asked.table, "comparemethods", asked, summary=found.summary, warnings=found.warnings, inputs=[screened])
    asked = AggregateRequest(
        source=annsm, output=str(folder / "months.nc"), trend=str(folder / "trend.tif"), significance=str(folder / "significance.tif")
    )
    found = aggregation.run(asked)
    numbers = {"PERIODS": found.periods, "MEDIAN_TREND": found.median_trend}
    record(asked.output, "aggregate", asked, results=numbers, summary=found.summary, warnings=found.warnings, inputs=[annsm])


def report_of(folder, out, **given):
    """The report of a study as page, PDF and folder of figures in ``out``: the result, and the page's text."""
    from annsm_plugin.core.study import report
    from annsm_plugin.core.study.request import StudyRequest

    Path(out).mkdir(exist_ok=True, parents=True)
    written = {"report": str(out / "study.html"), "pdf": str(out / "study.pdf"), "figures": str(out / "figures")}
    found = report.run(StudyRequest(**{"folder": str(folder) if folder else None, **written, **given}))
    return found, (out / "study.html").read_text(encoding="utf-8")


def page_of(folder, out, **given):
    """The same with the page alone, whose figures are neither laid out nor painted: for tests of what it says, in a third of the time."""
    from annsm_plugin.core.reports import figures

    with warnings.catch_warnings(), mock.patch.multiple(figures, settle=figures.place_by_hand, png=lambda drawing, colours=None: PIXEL):
        warnings.simplefilter("ignore")
        return report_of(folder, out, **{"pdf": None, "figures": None, **given})


def edit(folder, name, **changes):
    """Change a record; ``request`` is merged into what was asked."""
    path = Path(folder) / name
    content = json.loads(path.read_text(encoding="utf-8"))
    content["request"].update(changes.pop("request", {}))
    content.update(changes)
    path.write_text(json.dumps(content), encoding="utf-8")


__all__ = ["edit", "make", "page_of", "record", "report_of", "validation"]
