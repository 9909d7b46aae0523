"""The estimate of each step beside what it then writes and takes: small cubes of the plateau's kinds of numbers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import matching_archive as archive
import netCDF4
import numpy as np
import pytest
from record_cubes import write_annsm, write_cube

from annsm_plugin.core import gaps, matching, record, training
from annsm_plugin.core.comparison import cube as comparison
from annsm_plugin.core.comparison.request import CompareRequest
from annsm_plugin.core.foundation import machine, needs, store
from annsm_plugin.core.foundation.errors import AnnsmError
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.foundation.needs import available
from annsm_plugin.core.matching import precipitation
from annsm_plugin.core.reconstruction import reconstruct
from annsm_plugin.core.record import extraction
from annsm_plugin.core.record.request import ExtractRequest
from annsm_plugin.core.sensitivity import outputs
from annsm_plugin.core.sensitivity.request import SensitivityRequest
from annsm_plugin.core.stations.station import Station
from annsm_plugin.core.triple_collocation import maps
from annsm_plugin.core.triple_collocation.request import TripleRequest
from annsm_plugin.core.validation import satellite, stations
from annsm_plugin.core.validation.request import SatelliteRequest
from annsm_plugin.core.validation.request import StationsRequest as AtStations

ROOT = Path(__file__).resolve().parents[3]
PERIOD = {"start": "2015-04-01", "end": "2016-03-31"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A cube of 16 x 16 cells, a model of it and an ANN-SM."""
    place = tmp_path_factory.mktemp("needs")
    _, truth = write_cube(place / "cube.nc", extent=(90.0, 32.0, 94.0, 36.0), days=500)
    few = place / "few.nc"
    write_cube(few, days=400)
    training.train(few, place / "model.nc", **PERIOD, hidden=2, restarts=2, combine="average")
    write_annsm(place / "annsm.nc", np.where(np.random.default_rng(0).random(truth.shape) < 0.3, np.nan, truth),
                extent=(90.0, 32.0, 94.0, 36.0), start="2015-04-01")  # fmt: skip
    return place


@pytest.fixture
def asked(monkeypatch):
    """What the steps ask for, and the bytes of the finished blocks that they leave before they clear them."""
    found = {"needs": [], "kept": 0}
    granted, clear = needs.granted, store.Checkpoint.clear

    def remember(need, progress):
        found["needs"].append(need)
        return granted(need, progress)

    def cleared(checkpoint):
        found["kept"] = max(found["kept"], sum(p.stat().st_size for p in checkpoint.folder.rglob("*.npz")))
        clear(checkpoint)

    monkeypatch.setattr(needs, "granted", remember)
    monkeypatch.setattr(store.Checkpoint, "clear", cleared)
    return found


def compared(asked, output):
    """(least, most, written) of the output and of its finished blocks."""
    (need,) = asked["needs"]
    own = next((w for w in need.disk if not w.kept and Path(w.output) == Path(output)), None)
    kept = next((w for w in need.disk if w.kept), None)
    found = [] if own is None else [(own.least, own.most, Path(output).stat().st_size)]
    return found + ([] if kept is None else [(kept.least, kept.most, asked["kept"])])


def within(asked, output, factor):
    """Between the two estimates, and the larger one no more than ``factor`` times what was written."""
    for least, most, written in compared(asked, output):
        assert least <= written <= most, (least, written, most)
        assert most <= factor * written + 150_000, (written, most)


def test_matching(tmp_path, asked):
    """The blocks are counted to some percent; of the cube it is not known how much will be missing."""
    for day in np.arange(np.datetime64("2016-06-03"), np.datetime64("2016-06-08")):
        archive.amsr(tmp_path / "amsr", day, lambda lon: 250.0 + lon / 10.0, channels=("06", "10"))
        for hour in range(0, 24, 3):
            fields = {"SoilMoi0_10cm_inst": 25.0, "SoilTMP0_10cm_inst": 280.0, "AvgSurfT_inst": 281.0, "Rainf_f_tavg": 1e-5}
            archive.gldas(tmp_path / "gldas", day.astype("datetime64[h]") + hour, fields)
    archive.lai(tmp_path / "lai", ["2016-05-24", "2016-06-01", "2016-06-09"], lambda lat, lon, start: 10 + 0 * lat * lon)
    out = tmp_path / "cube.nc"
    folders = {name: tmp_path / name for name in ("amsr", "gldas", "lai")}
    span = {"start": "2016-06-05", "end": "2016-06-06", "extent": (90.0, 30.5, 92.5, 32.5)}
    matching.match(out, **folders, **span, channels="06,10", workers=0)
    within(asked, out, 30)
    _, most, written = compared(asked, out)[1]
    assert most < 1.5 * written + 150_000


@pytest.mark.parametrize("threshold", [8.75, 1000.0])
def test_screening(folder, tmp_path, asked, threshold):
    out = tmp_path / "screened.nc"
    precipitation.screen(folder / "cube.nc", out, threshold=threshold)
    within(asked, out, 1.5)


def test_training(folder, tmp_path, asked):
    out = tmp_path / "model.nc"
    training.train(folder / "few.nc", out, **PERIOD, hidden=2, restarts=2)
    within(asked, out, 10)


def test_reconstruction(folder, tmp_path, asked):
    out = tmp_path / "annsm.nc"
    reconstruct(folder / "model.nc", folder / "cube.nc", out)
    within(asked, out, 5)


def test_filling(folder, tmp_path, asked):
    out = tmp_path / "filled.nc"
    gaps.fill(folder / "annsm.nc", folder / "cube.nc", out, method="dct")
    within(asked, out, 3)


def test_aggregation(folder, tmp_path, asked):
    out = tmp_path / "months.nc"
    record.aggregate(folder / "annsm.nc", out)
    within(asked, out, 5)


def steps_of(folder, out):
    """Name -> a call of every step on small files that writes into ``out``."""
    cube, annsm, few = folder / "cube.nc", folder / "annsm.nc", folder / "few.nc"
    small = {"experiments": ["neurons"], "neurons": "2,3", "hidden": 2}
    three = {"x": annsm, "y": cube, "z": cube, "y_variable": "sm_smap", "z_variable": "sm_gldas", "std_x": out / "std.tif"}
    place = extraction.Place("area", np.array([0, 1]), np.array([0, 1]), np.ones(2))
    series = ExtractRequest(source=annsm, places=[place], table=out / "series.csv")
    satellite_request = SatelliteRequest(annsm=annsm, reference=cube, r=out / "r.tif", report=out / "satellite.html")
    at_stations = AtStations(annsm=annsm, stations=stations_of(folder), table=out / "stations.csv")
    return {
        "screenprecipitation": lambda: precipitation.screen(cube, out / "screened.nc"),
        "train, cell": lambda: training.train(few, out / "model.nc", **PERIOD, hidden=2),
        "train, regional": lambda: training.train(few, out / "model.nc", **PERIOD, method="regional"),
        "train, refined": lambda: training.train(few, out / "model.nc", **PERIOD, method="refined"),
        "reconstruct": lambda: reconstruct(folder / "model.nc", cube, out / "annsm.nc"),
        "fillgaps": lambda: gaps.fill(annsm, cube, out / "filled.nc", method="dct"),
        "aggregate": lambda: record.aggregate(annsm, out / "months.nc"),
        "sensitivity": lambda: outputs.run(
            SensitivityRequest(cube=few, **PERIOD, **small, table=out / "table.csv", best=out / "best.json")
        ),
        "comparemethods": lambda: comparison.run(CompareRequest(cube=few, **PERIOD, methods=["linear"], table=out / "compared.csv")),
        "validatesatellite": lambda: satellite.run(satellite_request),
        "validatestations": lambda: stations.run(at_stations),
        "triplecollocation": lambda: maps.run(TripleRequest(**three, draws=0, report=out / "triple.html")),
        "extractseries": lambda: extraction.run(series, extraction.look(annsm), extraction.look(annsm).grid),
    }


def stations_of(folder):
    times = np.arange("2015-04-01", "2016-04-01", np.timedelta64(1, "h"), dtype="datetime64[s]")
    return [Station("A", "PLANTED", 33.1, 91.1, (0.0, 0.05), "probe", times, 0.2 + 0.1 * np.sin(np.arange(times.size) / 999))]


STEPS = sorted(steps_of(Path(), Path()))


@pytest.mark.parametrize("name", STEPS)
def test_without_memory_a_step_is_refused_before_it_writes(folder, tmp_path, monkeypatch, name):
    monkeypatch.setattr(available, "memory", lambda: (10**6, 2 * 10**6))
    with pytest.raises(AnnsmError, match=r"^[A-Z][a-z ]+ needs about [\d.]+ [GM]B of memory; 2\.0 MB are available\."):
        steps_of(folder, tmp_path)[name]()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [name for name in STEPS if not name.startswith(("validate", "triple", "extract"))])
def test_without_space_a_step_is_refused_before_it_writes(folder, tmp_path, monkeypatch, name):
    monkeypatch.setattr(available, "space", lambda folder: 100)
    with pytest.raises(AnnsmError, match=rf"^[A-Z][a-z ]+ needs at least about .*MB in {tmp_path} for .*; 0\.00 MB are free\.$"):
        steps_of(folder, tmp_path)[name]()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["reconstruct", "aggregate", "train, cell"])
def test_smaller_blocks_give_the_same(folder, tmp_path, monkeypatch, name):
    monkeypatch.setattr(machine, "LEAST_MEMORY", 0.01)
    found = []
    for room in (10**12, 250 * 10**6 if name == "aggregate" else 5 * 10**8):
        out = tmp_path / str(room)
        out.mkdir()
        monkeypatch.setattr(available, "memory", lambda room=room: (room, 10**12))
        steps_of(folder, out)[name]()
        (path,) = out.glob("*.nc")
        with netCDF4.Dataset(path) as file:
            file.set_auto_maskandscale(False)
            found.append({key: variable[...].tobytes() for key, variable in file.variables.items() if key != "crs"})
    assert found[0] == found[1]


def test_sensitivity(folder, tmp_path, asked):
    steps_of(folder, tmp_path)["sensitivity"]()
    ((least, most, written),) = compared(asked, tmp_path / "table.csv")[-1:]
    assert least <= written <= most


@pytest.mark.skipif(sys.platform != "linux", reason="/proc says what a process took")
def test_memory_of_a_step_is_about_what_was_estimated(tmp_path):
    """The growth of a process's high-water mark beside the estimate for its blocks: within a factor of two."""
    grid, days = Grid.from_extent((73.0, 26.0, 105.0, 40.0)), 1920
    values = np.random.default_rng(0).random((64, *grid.shape), dtype=np.float32)
    with store.GridWriter(tmp_path / "annsm.nc", grid, np.datetime64("2010-01-01") + np.arange(days), ["soil_moisture"], {}) as out:
        for first in range(0, days, 64):
            out.put("soil_moisture", slice(first, first + 64), values)
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(ROOT), str(tmp_path / "annsm.nc"), str(tmp_path / "months.nc")],
        capture_output=True, text=True, check=True, env={**os.environ, machine.MEMORY: "64"},
    )  # fmt: skip
    took, estimated = json.loads(done.stdout.splitlines()[-1])
    assert estimated / 2 < took < estimated * 2, (took, estimated)


_CHILD = """
import json, sys
sys.path.insert(0, sys.argv[1])
from annsm_plugin.core import record
from annsm_plugin.core.foundation import blocks, machine, needs
asked, granted = [], needs.granted
needs.granted = lambda need, progress: asked.append(need.memory) or granted(need, progress)
mark = lambda: next(int(line.split()[1]) / 1000 for line in open("/proc/self/status") if line.startswith("VmHWM"))
record.aggregate
before = mark()
record.aggregate(sys.argv[2], sys.argv[3])
print(json.dumps([mark() - before, asked[0].total(machine.memory(blocks.BUDGET), 1) / 1e6]))
"""
