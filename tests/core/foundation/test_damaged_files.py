"""Damaged and strange files of the plugin itself: one sentence, at once, whatever is wrong; good files, also very sparse ones, pass."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import netCDF4
import numpy as np
import pytest
import steps_on_files
from record_cubes import write_annsm, write_cube
from small_model import small

from annsm_plugin.core.foundation import blocks, store
from annsm_plugin.core.foundation.errors import AnnsmError, CubeError, ProductError
from annsm_plugin.core.stations import reading
from annsm_plugin.core.stations.station import Station
from annsm_plugin.core.training import model
from annsm_plugin.core.workers import examining

ROOT = Path(__file__).resolve().parents[3]
TILE = slice(0, 4), slice(0, 4)


@pytest.fixture(scope="module")
def cube(tmp_path_factory):
    return write_cube(tmp_path_factory.mktemp("cube") / "cube.nc", days=80)[0].read_bytes()


@pytest.fixture
def changed(cube, tmp_path):
    """Gives a copy of the cube that a function has changed through netCDF4."""

    def make(change):
        path = tmp_path / "cube.nc"
        path.write_bytes(cube)
        with netCDF4.Dataset(path, "a") as file:
            file.set_auto_maskandscale(False)
            change(file)
        return path

    return make


def refusal(path, *needs):
    with pytest.raises(CubeError) as caught:
        store.open_grid(path, kind="cube", needs=needs).close()
    text = str(caught.value)
    assert str(path) in text and "\n" not in text
    return text


@pytest.mark.parametrize(
    ("order", "says"),
    [
        (lambda days: np.roll(days, 40), "the day 2015-04-01 after 2015-06-19"),
        (lambda days: np.where(days == days[5], days[4], days), "the day 2015-04-05 twice"),
        (lambda days: days[::-1], "after 2015-06-19 (and 78 more such places)"),
        (lambda days: np.where(days == days[-1], 2**31 - 1, days), "as its day 80"),
    ],
)
def test_days_out_of_order(changed, order, says):
    assert says in refusal(changed(lambda file: file["time"].__setitem__(slice(None), order(file["time"][:]))))


def test_days_that_are_lacking_do_no_harm(changed):
    path = changed(lambda file: file["time"].__setitem__(slice(40, None), file["time"][40:] + 300))
    with store.open_grid(path, kind="cube") as data:
        assert np.diff(blocks.dates_of(data)).max().astype(int) == 301


def test_structure_is_checked_at_opening(changed):
    def words(file):
        file.createVariable("lai2", str, ("time",))

    assert "'lai2' of type text" in refusal(changed(words))
    assert "scale_factor 'two'" in refusal(changed(lambda file: file["lai"].setncattr("scale_factor", "two")))
    assert "units '3.0'" in refusal(changed(lambda file: file["time"].setncattr("units", 3.0)))
    assert "with 'elevation'" in refusal(changed(lambda file: None), "elevation")
    assert "a time in 'days since tomorrow'" in refusal(changed(lambda file: file["time"].setncattr("units", "days since tomorrow")))
    assert "leaves the globe" in refusal(changed(lambda file: file["lat"].__setitem__(0, np.nan)))


def test_damage_in_the_middle_names_file_and_variable(cube, tmp_path):
    """A file of which the data are damaged opens, and fails when it is read."""
    path = tmp_path / "cube.nc"
    told = set()
    for at in range(30_000, len(cube) - 8000, 4000):
        path.write_bytes(cube[:at] + bytes(4000) + cube[at + 4000 :])
        try:
            with store.open_grid(path, kind="cube") as data:
                for name in data.data_vars:
                    if {"lat", "lon"} <= set(data[name].dims):
                        try:
                            blocks.series(data, str(name), slice(0, 80), TILE)
                        except CubeError as error:
                            told.add(name)
                            assert str(path) in str(error) and f"'{name}' that cannot be read" in str(error)
        except CubeError as error:
            assert str(path) in str(error)
    assert len(told) >= 3


SIZES = """
import json, resource, sys, time
from annsm_plugin.core.foundation import store
from annsm_plugin.core.stations import reading
from annsm_plugin.core.training import model
store.open_grid(sys.argv[1], kind="cube").close()  # what is imported is not counted
found = []
for path in sys.argv[2:]:
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    try:
        (reading.read_series if "series" in path else model.read if "model" in path else lambda p: store.open_grid(p, kind="cube"))(path)
        said = ""
    except Exception as error:
        said = type(error).__name__
    found.append([said, time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before])
print(json.dumps(found))
"""


def test_huge_sizes_are_refused_at_once(cube, tmp_path):
    """Chunks that were never written take no room: a small file can declare anything."""
    good = tmp_path / "good.nc"
    good.write_bytes(cube)
    paths = []
    for size in (10**7, 2 * 10**9, 10**11):
        for kind, dimension in (("cube", "time"), ("cube", "lat"), ("cube", "height"), ("model", "parameter"), ("series", "obs")):
            path = tmp_path / f"{kind}_{dimension}_{size}.nc"
            paths.append(path)
            _declare(path, kind, dimension, size)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", SIZES, *map(str, (good, *paths))]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    for path, (said, seconds, kilobytes) in zip(paths, json.loads(done.stdout)):
        assert said in ("CubeError", "ProductError") and seconds < 1.0 and kilobytes < 300_000, (path.name, said, seconds, kilobytes)


def _declare(path, kind, dimension, size):
    """A file of a kind, one of whose dimensions is as large as nobody could write it."""
    sizes = {
        "cube": {"time": 10, "lat": 4, "lon": 4, "height": 2},
        "model": {"lat": 2, "lon": 3, "restart": 1, "parameter": 9, "variable": 3},
        "series": {"station": 2, "obs": 20},
    }[kind]
    sizes[dimension] = size
    names = {
        "cube": {n: (n,) for n in sizes} | {"lai": ("time", "lat", "lon"), "layers": ("height", "lat", "lon")},
        "model": {"lat": ("lat",), "lon": ("lon",), "weights": ("lat", "lon", "restart", "parameter")},
        "series": {"station_index": ("obs",), "time": ("obs",), "soil_moisture": ("obs",), "lat": ("station",), "lon": ("station",)},
    }[kind]
    with netCDF4.Dataset(path, "w") as file:
        file.annsm_kind = {"series": "stations"}.get(kind, kind)
        file.setncatts({"hidden": np.int32(2), "inputs": "lai", "combine": "best", "status_meanings": "{}", "stop_meanings": "{}"})
        for name, length in sizes.items():
            file.createDimension(name, length)
        for name, dims in names.items():
            kind_of = "i4" if name in ("time", "station_index") else "f8"
            made = file.createVariable(name, kind_of, dims, chunksizes=[min(64, sizes[d]) for d in dims], zlib=True)
            if name == "time":
                made.units = reading.SECONDS if kind == "series" else "days since 2000-01-01"
        if kind == "model":
            for name in ("best_restart", "low", "high", "r", "rmse", "bias", "n", "status", "epochs", "stop_reason", "mu"):
                file.createVariable(name, "f8", ("lat", "lon"))
        if kind == "series":
            for name in ("station_name", "network", "sensor"):
                file.createVariable(name, str, ("station",))
            for name in ("depth_upper", "depth_lower"):
                file.createVariable(name, "f8", ("station",))


def test_a_sparse_file_of_the_globe_passes(tmp_path):
    """Two hundred years of all cells, of which one day was written."""
    path = tmp_path / "globe.nc"
    with netCDF4.Dataset(path, "w") as file:
        for name, values in (
            ("time", np.arange(73_000)),
            ("lat", 89.875 - 0.25 * np.arange(720)),
            ("lon", -179.875 + 0.25 * np.arange(1440)),
        ):
            file.createDimension(name, values.size)
            file.createVariable(name, "f8", (name,))[:] = values
        file["time"].units = "days since 1900-01-01"
        made = file.createVariable("lai", "f4", ("time", "lat", "lon"), chunksizes=store.CHUNKS, zlib=True, fill_value=-9999.0)
        made[40, 300:310, 200] = 1.5
    assert path.stat().st_size < 2e6
    with store.open_grid(path, kind="cube") as data:
        values = blocks.series(data, "lai", slice(0, 100), (slice(300, 320), slice(200, 201)))
    assert np.isfinite(values).sum() == 10


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("hidden", np.float64(2.5), "hidden"),
        ("status_meanings", "[1, 2]", "status_meanings"),
        ("stop_meanings", "[" * 100_000, "stop_meanings"),
        ("combine", "worst", "combined by 'worst'"),
        ("inputs", np.arange(3), "inputs"),
    ],
)
def test_a_model_of_strange_settings(tmp_path, name, value, says):
    path = tmp_path / "model.nc"
    model.write(path, small(), "test")
    with netCDF4.Dataset(path, "a") as file:
        file.setncattr(name, value)
    with pytest.raises(CubeError, match=says):
        model.read(path)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("weights", np.inf, "weights that are no numbers"),
        ("low", np.nan, "scaling limits"),
        ("high", -1.0, "scaling limits"),
        ("lat", 5.0, "'lat'"),
    ],
)
def test_a_model_of_strange_numbers(tmp_path, name, value, says):
    one = small()
    path = tmp_path / "model.nc"
    model.write(path, one, "test")
    with netCDF4.Dataset(path, "a") as file:
        file[name][...] = value
    with pytest.raises(CubeError, match=says):
        model.read(path)


def test_strange_series_of_stations(tmp_path):
    times = np.datetime64("2016-01-01", "s") + np.arange(30) * np.timedelta64(1, "h")
    path = tmp_path / "series.nc"
    for name, change, says in (
        ("station_index", lambda v: v + 7, "a series that is not there"),
        ("time", lambda v: v[::-1], "backwards in series 0"),
        ("time", lambda v: v * 1000, "no dates of measurements"),
        ("lat", lambda v: v * np.nan, "no degrees"),
    ):
        reading.write_series(path, [Station("A", "N", 30.0, 90.0, (0.05, 0.05), "s", times, np.full(30, 0.2))])
        assert reading.read_series(path)[0].values.size == 30
        with netCDF4.Dataset(path, "a") as file:
            file[name][:] = change(file[name][:])
        with pytest.raises(ProductError, match=says):
            reading.read_series(path)


def test_files_of_others_are_looked_at_once(cube, tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(store.examined, "_examiner", lambda path: seen.append(path.name) or ("a trap" if "trap" in path.name else ""))
    own = write_annsm(tmp_path / "own.nc", np.zeros((3, 4, 4)))
    (tmp_path / "other.nc").write_bytes(cube)
    (tmp_path / "trap.nc").write_bytes(cube)
    for name in ("own.nc", "other.nc", "other.nc"):
        store.open_grid(tmp_path / name, kind="cube").close()
    assert own.name not in seen and seen == ["other.nc"]
    for _ in range(2):
        with pytest.raises(CubeError, match="found a trap"):
            store.open_grid(tmp_path / "trap.nc", kind="cube")
    (tmp_path / "other.nc").write_bytes(cube + b"more")
    store.open_grid(tmp_path / "other.nc", kind="cube").close()
    assert seen == ["other.nc", "trap.nc", "other.nc"]


def test_a_file_of_more_variables_than_any_has(tmp_path):
    with netCDF4.Dataset(tmp_path / "a.nc", "w") as file:
        for number in range(2001):
            file.createVariable(f"v{number}", "i1", ())
    with pytest.raises(CubeError, match="found 2001 variables; expected a cube with at most 2000"):
        store.open_grid(tmp_path / "a.nc", kind="cube")


def test_a_file_that_ends_the_library_costs_a_worker(cube, tmp_path, monkeypatch):
    look = examining._Examiner()
    good, bad = tmp_path / "good.nc", tmp_path / "bad.nc"
    good.write_bytes(cube)
    bad.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(2000))
    try:
        assert look(good) == "" and "does not open as NetCDF" in look(bad) and look(good) == ""
        worker = look._started()
        do = worker.do

        def dies(*asked):
            worker.child.kill()
            return do(*asked)

        worker.do = dies
        assert "ended" in look(good) and look(good) == ""
    finally:
        look._close()


@pytest.mark.filterwarnings("ignore")
def test_every_step_on_damaged_files(tmp_path):
    """Some seconds of ``scripts/torture.py``."""
    pytest.importorskip("torch")
    pytest.importorskip("h5py")
    good = tmp_path / "good"
    good.mkdir()
    done = steps_on_files.Torture(steps_on_files.originals(good), tmp_path / "out").run(list(range(100, 220)), seconds=25)
    assert set(done.outcomes()) <= {*steps_on_files.GOOD, "not damaged"}, done.lines
    assert done.finished >= 10 and done.outcomes()["project error"] >= 10


def test_the_guard_lets_the_projects_own_errors_pass(tmp_path):
    with pytest.raises(AnnsmError, match="mine"), store.guard(tmp_path, "a file"):
        raise AnnsmError("mine")
    with (
        pytest.raises(CubeError, match="'lai' that cannot be read \\(MemoryError\\); expected a file"),
        store.guard(tmp_path, "a file", "lai"),
    ):
        raise MemoryError
