"""The whole chain from product files through the real qgis_process, the ready models, refused inputs, and cancelling."""

import csv
import json
import shutil
import signal
import sys
import threading
import time
from pathlib import Path

import netCDF4
import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback, QgsProcessingOutputLayerDefinition, QgsProject

from annsm_plugin.processing import chains

TRAINING = {"START": "2015-04-01", "END": "2016-03-31"}
TEST = {"START": "2016-04-01", "END": "2016-06-30"}
#: Of the AMSR-E year, what is not frozen.
HISTORY = {"START": "2011-04-01", "END": "2011-07-31"}
REGION = "91.5,92.5,31,32 [EPSG:4326]"


def folders(archive, *names):
    return {name: archive[name] for name in names or ("AMSR", "SMAP", "GLDAS", "LAI")}


@pytest.fixture(scope="session")
def chain(qgis_process, archive, tmp_path_factory):
    """Both cubes, the model and both records, in one folder."""
    out = tmp_path_factory.mktemp("chain")
    common = {"EXTENT": REGION, "CHANNELS": "common", "LAI_METHOD": "area"}
    qgis_process.results("annsm:match", **folders(archive), **common, START=TRAINING["START"], END=TEST["END"], OUTPUT=out / "cube.nc")
    qgis_process.results("annsm:screenprecipitation", INPUT=out / "cube.nc", OUTPUT=out / "screened.nc")
    qgis_process.results("annsm:train", INPUT=out / "screened.nc", **TRAINING, OUTPUT=out / "model.nc")
    qgis_process.results("annsm:reconstruct", MODEL=out / "model.nc", INPUT=out / "screened.nc", OUTPUT=out / "annsm.nc")
    qgis_process.results("annsm:match", **folders(archive, "AMSR", "GLDAS", "LAI"), **common, **HISTORY, CALIBRATION="table",
                         CALIBRATION_TABLE=archive["CALIBRATION_TABLE"], OUTPUT=out / "history_cube.nc")  # fmt: skip
    qgis_process.results("annsm:reconstruct", MODEL=out / "model.nc", INPUT=out / "history_cube.nc", OUTPUT=out / "history.nc")
    return out


def test_product_files_become_a_record_that_stations_confirm(qgis_process, archive, chain, tmp_path):
    maps = {name: tmp_path / f"{name.lower()}.tif" for name in ("R", "UBRMSE", "N", "P", "ANOMALY_R", "R_LOW", "R_HIGH")}
    qgis_process.results("annsm:validatesatellite", INPUT=chain / "annsm.nc", REFERENCE=chain / "cube.nc", **TEST, **maps,
                         REPORT=tmp_path / "smap.html", TABLE=tmp_path / "cells.csv")  # fmt: skip
    qgis_process.results("annsm:validatestations", INPUT=chain / "history.nc", STATIONS=archive["STATIONS"],
                         **folders(archive, "LPRM", "JAXA", "SMOS"),
                         **HISTORY, OUTPUT=tmp_path / "s.gpkg", TABLE=tmp_path / "s.csv", REPORT=tmp_path / "s.html")  # fmt: skip
    lines = [line.split(",") for line in (tmp_path / "s.csv").read_text().splitlines()]
    place = {name: lines[0].index(name) for name in ("product", "basis", "r", "bias")}
    rows = [r for r in lines[1:] if r[place["basis"]] == "own days" and r[place["r"]] not in ("", "nan")]

    def mean(product, what):
        values = [float(r[place[what]]) for r in rows if r[place["product"]] == product]
        return sum(values) / len(values)

    assert mean("LPRM", "bias") < -0.05  # too wet
    assert mean("JAXA", "bias") > 0.02  # too dry
    assert mean("SMOS", "bias") > 0.02
    assert mean("ANN-SM", "r") > 0.6  # one year of training; `benchmarks/reconstruction_quality.py` compares with two
    assert abs(mean("ANN-SM", "bias")) < min(abs(mean(p, "bias")) for p in ("LPRM", "JAXA", "SMOS"))
    for name in ("r.tif", "smap.html", "s.gpkg", "s.html"):
        assert (tmp_path / name).stat().st_size > 500
    maps = {name.lower(): gdal.Open(str(path)).ReadAsArray() for name, path in maps.items()}
    cells = list(csv.DictReader((tmp_path / "cells.csv").open()))
    there = maps["n"] >= 10
    assert len(cells) == (maps["n"] > 0).sum() >= there.sum() > 5
    assert (maps["r_low"] < maps["r"])[there].all() and (maps["r"] < maps["r_high"])[there].all()
    for name, values in maps.items():
        found = {(float(c["lat"]), float(c["lon"])): float(c[name]) for c in cells}
        assert found[31.875, 91.625] == pytest.approx(values[0, 0], rel=1e-4)
    assert max(maps["n"].ravel()) <= 365 and "training period" not in (tmp_path / "smap.html").read_text()
    qgis_process.results("annsm:inventory", FOLDER=archive["SMAP"], TABLE=tmp_path / "t.csv", REPORT=tmp_path / "inventory.html")
    for name in ("smap.html", "s.html", "inventory.html"):  # real files cannot be told from the demo's, but their folders can
        assert "<strong>Synthetic data.</strong>" in (tmp_path / name).read_text(), name


def test_smap_of_its_files_is_that_of_the_cube(qgis_process, archive, chain, tmp_path):
    points = tmp_path / "points.geojson"
    places = {"A": (91.7, 31.9), "B": (92.3, 31.2)}
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Point", "coordinates": list(place)}}
        for name, place in places.items()
    ]
    points.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    asked = {"POINTS": points, "START": TEST["START"], "END": TEST["END"]}
    qgis_process.results("annsm:extractseries", INPUT=archive["SMAP"], **asked, TABLE=tmp_path / "files.csv")
    qgis_process.results("annsm:extractseries", INPUT=chain / "cube.nc", VARIABLES="sm_smap", **asked, TABLE=tmp_path / "cube.csv")
    files, cube = (
        {(r["place"], r["date"]): float(r[column]) for r in csv.DictReader((tmp_path / name).open())}
        for name, column in (("files.csv", "soil_moisture"), ("cube.csv", "sm_smap"))
    )
    assert len(cube) > 50 and files.keys() == cube.keys()
    assert max(abs(files[key] - cube[key]) for key in cube) < 1e-5


def test_cube_keeps_its_contract(chain):
    with netCDF4.Dataset(chain / "cube.nc") as cube:
        assert cube.Conventions == "CF-1.11"
        for name in ("tb_06v", "tb_36v", "sm_gldas", "st_gldas", "lst_gldas", "lai", "precipitation_7h", "sm_smap"):
            assert cube[name].dimensions == ("time", "lat", "lon")
            assert cube[name].grid_mapping == "crs" and cube[name].units and cube[name].long_name
        assert cube.channels == "common" and cube.polarisation == "V" and cube.synthetic == "the demo archive"


#: What the ready models are run for: no longer than training and validation need, since nothing more is judged.
PERIODS = {"START": "2015-04-01", "END": "2015-11-15", "TRAIN_START": "2015-04-01", "TRAIN_END": "2015-09-30",
           "TEST_START": "2015-10-01", "TEST_END": "2015-11-15"}  # fmt: skip

#: What they end with when folders and periods alone are given.
MADE = {"match:CUBE", "screenprecipitation:SCREENED", "train:MODEL", "reconstruct:ANNSM", "validatesatellite:REPORT",
        "validatesatellite:R", "validatesatellite:RMSE", "validatesatellite:BIAS"}  # fmt: skip


def test_a_ready_model_runs_with_folders_and_periods_alone(qgis_process, archive):
    assert set(qgis_process.results("annsm:recommended", **folders(archive), EXTENT=REGION, **PERIODS)) >= MADE


def test_a_ready_model_gives_what_its_steps_by_hand_give(qgis_process, archive, tmp_path):
    outputs = {"match:CUBE": "cube.nc", "train:MODEL": "model.nc", "reconstruct:ANNSM": "annsm.nc", "validatesatellite:R": "r.tif"}
    made = qgis_process.results("annsm:wangxu2021", **folders(archive), EXTENT=REGION, **PERIODS,
                                **{name: tmp_path / file for name, file in outputs.items()})  # fmt: skip
    assert set(made) >= MADE
    train, test = ({key: PERIODS[f"{part}_{key}"] for key in ("START", "END")} for part in ("TRAIN", "TEST"))
    hand = tmp_path / "hand"
    hand.mkdir()
    qgis_process.results("annsm:match", **folders(archive), EXTENT=REGION, START=PERIODS["START"], END=PERIODS["END"],
                         OUTPUT=hand / "cube.nc")  # fmt: skip
    qgis_process.results("annsm:screenprecipitation", INPUT=hand / "cube.nc", OUTPUT=hand / "screened.nc")
    qgis_process.results("annsm:train", INPUT=hand / "screened.nc", **train, OUTPUT=hand / "model.nc")
    qgis_process.results("annsm:reconstruct", MODEL=hand / "model.nc", INPUT=hand / "screened.nc", OUTPUT=hand / "annsm.nc")
    qgis_process.results("annsm:validatesatellite", INPUT=hand / "annsm.nc", REFERENCE=hand / "cube.nc", **test,
                         R=hand / "r.tif", REPORT=hand / "report.html")  # fmt: skip
    for name in ("cube.nc", "model.nc", "annsm.nc"):
        with netCDF4.Dataset(tmp_path / name) as ours, netCDF4.Dataset(hand / name) as theirs:
            assert set(ours.variables) == set(theirs.variables)
            ours.set_auto_mask(False)
            theirs.set_auto_mask(False)
            for variable in ours.variables:
                assert ours[variable][...].tobytes() == theirs[variable][...].tobytes(), (name, variable)
    assert (tmp_path / "r.tif").read_bytes() == (hand / "r.tif").read_bytes()


def test_a_chain_names_what_it_wants_in_the_order_of_work(qgis_process):
    code, text = qgis_process("help", "annsm:recommended")
    assert code == 0
    names = ["AMSR", "SMAP", "GLDAS", "LAI", "EXTENT", *PERIODS, *chains.OUTPUTS["recommended"]]
    assert "the AMSR record begins in June 2002" in text
    lines = text[text.index("Arguments") : text.index("Outputs")].splitlines()
    assert [line.partition(": ")[0] for line in lines if line.partition(": ")[0] in names] == names


def test_a_chain_loads_the_maps_and_the_record_that_its_dialog_asks_for(provider, archive):
    pytest.importorskip("torch")
    provider.refreshAlgorithms()
    project, context, feedback = QgsProject(), QgsProcessingContext(), QgsProcessingFeedback()
    context.setProject(project)
    maps = {"R": "r", "RMSE": "rmse", "BIAS": "bias"}
    asked = {f"validatesatellite:{name}": QgsProcessingOutputLayerDefinition("TEMPORARY_OUTPUT", project) for name in maps}
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("annsm:wangxu2021")
    results, good = algorithm.run({**folders(archive), "EXTENT": REGION, **PERIODS, **asked}, context, feedback)
    assert good, feedback.textLog()
    loaded = {key: details.postProcessor().style for key, details in context.layersToLoadOnCompletion().items()}
    assert {results[f"validatesatellite:{name}"]: style for name, style in maps.items()}.items() <= loaded.items()
    assert sorted(loaded.values()) == sorted([*maps.values(), "soil_moisture"])


REFUSED = {
    "folder of something else": ("match", {"AMSR": "{SMAP}"}, "AMSR"),
    "missing folder": ("match", {"GLDAS": "/nowhere/gldas"}, "/nowhere/gldas"),
    "start after end": ("match", {"START": "2016-01-01", "END": "2015-04-01"}, "lies after the end date"),
    "extent outside the data": ("match", {"EXTENT": "10,12,45,47 [EPSG:4326]"}, "GLDAS"),
    "unknown channels": ("match", {"CHANNELS": "06,99"}, "99"),
    "table without a file": ("match", {"CALIBRATION": "table"}, "table"),
    "model of other channels": ("reconstruct", {"INPUT": "{paper}"}, "channels"),
    "no stations": ("validatestations", {"STATIONS": "{LPRM}"}, "station"),
    "product folder of something else": ("validatestations", {"SMOS": "{LPRM}"}, "SMOS"),
    "test period without data": ("validatesatellite", {"START": "2001-01-01", "END": "2001-12-31"}, "2001"),
    "unknown archive region": ("demodata", {"REGION": "atlantis"}, "REGION"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_gives_one_sentence_and_no_output(qgis_process, archive, chain, tmp_path, case):
    algorithm, changes, part = REFUSED[case]
    paper = tmp_path / "paper.nc"
    shutil.copy(chain / "cube.nc", paper)
    with netCDF4.Dataset(paper, "a") as file:
        file.channels = "paper"
    good = {
        "match": {**folders(archive), "EXTENT": REGION, **TRAINING, "OUTPUT": tmp_path / "out.nc"},
        "reconstruct": {"MODEL": chain / "model.nc", "OUTPUT": tmp_path / "out.nc"},
        "validatestations": {"INPUT": chain / "history.nc", "STATIONS": archive["STATIONS"], **HISTORY,
                             "OUTPUT": tmp_path / "out.gpkg", "TABLE": tmp_path / "out.csv"},
        "validatesatellite": {"INPUT": chain / "annsm.nc", "REFERENCE": chain / "cube.nc", "R": tmp_path / "out.tif",
                              "REPORT": tmp_path / "out.html"},
        "demodata": {"YEARS": 1, "FOLDER": tmp_path / "new"},
    }[algorithm]  # fmt: skip
    changes = {k: str(v).format(paper=paper, **folders(archive, "SMAP", "LPRM")) for k, v in changes.items()}
    code, text = qgis_process.run(f"annsm:{algorithm}", **{**good, **changes})
    assert code != 0
    assert part in text and "Traceback" not in text, text[-1500:]
    assert [p.name for p in tmp_path.iterdir()] == ["paper.nc"]


@pytest.fixture
def without_torch(qgis_process, tmp_path_factory):
    """A QGIS whose Python cannot import torch, on a computer that has no other."""
    only = tmp_path_factory.mktemp("shadow")
    shutil.copy(Path(__file__).resolve().parents[1] / "shadow" / "torch.py", only)
    return type(qgis_process)(qgis_process.program, {**qgis_process.environment, "PYTHONPATH": str(only), "HOME": str(only)})


def test_without_torch_training_says_what_is_missing(without_torch, chain, tmp_path):
    code, text = without_torch.run("annsm:train", INPUT=chain / "screened.nc", **TRAINING, OUTPUT=tmp_path / "model.nc")
    assert code != 0 and not (tmp_path / "model.nc").exists()
    assert "torch" in text and "annsm:checkinstallation" in text and "Traceback" not in text, text[-1500:]


def test_without_torch_everything_but_training_runs_and_another_python_trains(without_torch, chain, tmp_path):
    """The networks are those that QGIS's own PyTorch gives, bit for bit."""
    model = tmp_path / "model.nc"
    without_torch.results("annsm:train", INPUT=chain / "screened.nc", **TRAINING, OUTPUT=model, PYTHON=sys.executable)
    with netCDF4.Dataset(model) as mine, netCDF4.Dataset(chain / "model.nc") as theirs:
        assert np.array_equal(mine["weights"][:].filled(np.nan), theirs["weights"][:].filled(np.nan), equal_nan=True)
    without_torch.results("annsm:reconstruct", MODEL=model, INPUT=chain / "screened.nc", OUTPUT=tmp_path / "annsm.nc")
    given = {"INPUT": tmp_path / "annsm.nc", "REFERENCE": chain / "cube.nc", "REPORT": tmp_path / "r.html"}
    without_torch.results("annsm:validatesatellite", **given)


def test_the_installation_is_looked_at(qgis_process, without_torch, tmp_path):
    found = qgis_process.results("annsm:checkinstallation", REPORT=tmp_path / "a.html")
    assert found["READY_TRAINING"] and found["READY_MATCHING"] and "annsm-python" in found["COMMAND"]
    broken = tmp_path / "python3"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    found = without_torch.results("annsm:checkinstallation", PYTHON=broken, REPORT=tmp_path / "b.html")
    assert not found["READY_TRAINING"] and found["READY_RECONSTRUCTION"] and found["READY_VALIDATION"]
    assert "cannot train" in (tmp_path / "b.html").read_text(encoding="utf-8")


#: Algorithm -> seconds after which it is cancelled.
CANCELLED = {"demodata": 2.0, "match": 0.7, "train": 1.0, "reconstruct": 0.0, "screenprecipitation": 0.0, "validatestations": 0.1}


@pytest.mark.parametrize("name", CANCELLED)
def test_cancelling_stops_in_two_seconds_and_leaves_nothing_finished(provider, archive, chain, tmp_path, name):
    given = {
        "demodata": {"REGION": "tiny", "YEARS": 1, "FOLDER": tmp_path / "a"},
        "match": {**folders(archive), "EXTENT": REGION, **TRAINING, "OUTPUT": tmp_path / "a.nc"},
        "train": {"INPUT": chain / "screened.nc", **TRAINING, "RESTARTS": 900, "OUTPUT": tmp_path / "a.nc"},
        "reconstruct": {"MODEL": chain / "model.nc", "INPUT": chain / "screened.nc", "OUTPUT": tmp_path / "a.nc"},
        "screenprecipitation": {"INPUT": chain / "cube.nc", "OUTPUT": tmp_path / "a.nc"},
        "validatestations": {"INPUT": chain / "history.nc", "STATIONS": archive["STATIONS"], "LPRM": archive["LPRM"], **HISTORY,
                             "OUTPUT": tmp_path / "a.gpkg", "TABLE": tmp_path / "a.csv"},
    }[name]  # fmt: skip
    feedback, context, stopped = QgsProcessingFeedback(), QgsProcessingContext(), []

    def cancel():
        stopped.append(time.monotonic())
        feedback.cancel()

    if CANCELLED[name]:
        threading.Timer(CANCELLED[name], cancel).start()
    else:
        cancel()
    _, good = provider.algorithm(name).create().run({k: str(v) for k, v in given.items()}, context, feedback)
    assert stopped and time.monotonic() - stopped[0] < 2.0
    assert not good
    assert [p.name for p in tmp_path.iterdir() if not p.name.startswith(".")] == []


def test_interrupted_matching_goes_on_where_it_was(qgis_process, archive, tmp_path):
    arguments = {**folders(archive), "EXTENT": REGION, "START": "2015-04-01", "END": "2015-11-30", "OUTPUT": tmp_path / "cube.nc"}
    process = qgis_process.start("run", "annsm:match", *(f"--{k}={v}" for k, v in arguments.items()))
    resume = tmp_path / ".cube.nc.resume"
    for _ in range(300):
        if len(list(resume.glob("[!.]*.npz"))) >= 2 or process.poll() is not None:
            break
        time.sleep(0.05)
    assert process.poll() is None, process.stdout.read()[-1000:]
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (tmp_path / "cube.nc").exists()
    qgis_process.results("annsm:match", **arguments)
    assert (tmp_path / "cube.nc").exists() and not resume.exists()
