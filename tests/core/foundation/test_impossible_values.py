"""Values that cannot be are left out wherever files are read, counted once, and said: results are those of a file that lacks them."""

from __future__ import annotations

import netCDF4
import numpy as np
import pytest
from record_cubes import EXTENT, write_annsm, write_cube

from annsm_plugin.core import comparison, reconstruction, sensitivity, training, triple_collocation, validation
from annsm_plugin.core.foundation import blocks, bounds, store
from annsm_plugin.core.foundation.errors import CubeError
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.record import extraction
from annsm_plugin.core.stations.station import Station

GRID = Grid.from_extent(EXTENT)
DAYS, START = 200, "2019-04-01"
PERIOD = {"start": START, "end": str(np.datetime64(START) + DAYS - 1)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """``cube.nc``, ``annsm.nc`` and a ``model.nc`` trained on the cube, of ``DAYS`` days."""
    folder = tmp_path_factory.mktemp("impossible")
    _, truth = write_cube(folder / "cube.nc", start=START, days=DAYS)
    write_annsm(folder / "annsm.nc", np.clip(truth + np.random.default_rng(4).normal(0, 0.02, truth.shape), 0.01, 0.9), start=START)
    return folder


@pytest.fixture(scope="module")
def model(folder):
    pytest.importorskip("torch")
    training.train(folder / "cube.nc", folder / "model.nc", hidden=2, **PERIOD)
    return folder / "model.nc"


def changed(path, copy, name, value, share=0.1):
    """A ``copy`` of a file in which a ``share`` of the values of a variable are ``value``, and its count."""
    copy.write_bytes(path.read_bytes())
    with netCDF4.Dataset(copy, "a") as file:
        file.set_auto_maskandscale(False)
        found = file[name][:]
        wrong = (found != -9999) & (np.random.default_rng(0).random(found.shape) < share)
        found[wrong] = 100 * found[wrong] if value == "percent" else value
        file[name][:] = found
    return int(wrong.sum()), int((found != -9999).sum())


def stations(truth):
    times = np.datetime64(f"{START}T19:30:00") + np.arange(-1, DAYS - 1) * np.timedelta64(86400, "s")
    return [Station("A", "NET", 32.6, 90.4, (0.0, 0.05), "probe", times, truth)]


def satellite(annsm, cube, **_):
    result = validation.validate_satellite(annsm, cube, **PERIOD)
    return result, result.maps


def at_stations(annsm, cube, **_):
    result = validation.validate_stations(annsm, stations(0.2 + 0.05 * np.sin(np.arange(DAYS) / 9)), cube=cube)
    return result, result.series


def triple(annsm, cube, **_):
    result = triple_collocation.collocate(annsm, cube, cube, variables=("", "smap", "gldas"), draws=0)
    return result, result.maps


def extracted(annsm, cube, **_):
    found = {}
    warnings = []
    for path, names in ((annsm, "soil_moisture"), (cube, "sm_smap, tb_06v")):
        source = extraction.look(path, names)
        every = np.arange(4)
        places = [extraction.Place(f"P{n}", every, np.full(4, n), np.ones(4)) for n in range(4)]
        result = extraction.extract(source, places, source.grid)
        warnings += result.warnings
        found.update(result.series)
    result.warnings = warnings
    return result, found


def trained(annsm, cube, tmp_path, method="cell"):
    result = training.train(cube, tmp_path / f"{cube.stem}_net.nc", hidden=2, method=method, **PERIOD)
    return result, {"weights": result.model.weights, "errors": result.model.errors, "low": result.model.low, "high": result.model.high}


def reconstructed(annsm, cube, tmp_path, model):
    result = reconstruction.reconstruct(model, cube, tmp_path / f"{cube.stem}_record.nc")
    with store.open_grid(result.path, kind="ANN-SM file") as data:
        return result, {name: data[name].values for name in ("soil_moisture", "quality_flag")}


def compared(annsm, cube, **_):
    result = comparison.compare(cube, methods=["linear", "climatology"], **PERIOD)
    return result, {f"{name} {key}": own for name, maps in result.maps.items() for key, own in maps.items()}


def analysed(annsm, cube, **_):
    result = sensitivity.analyse(cube, experiments=["neurons"], neurons="2", **PERIOD)
    return result, {str(n): np.array(list(entry.means.values())) for n, entry in enumerate(result.entries)}


CASES = {
    "against SMAP, ANN-SM": (satellite, "annsm", "soil_moisture"),
    "against SMAP, the cube": (satellite, "cube", "sm_smap"),
    "against stations, ANN-SM": (at_stations, "annsm", "soil_moisture"),
    "against stations, the cube": (at_stations, "cube", "sm_gldas"),
    "triple collocation": (triple, "annsm", "soil_moisture"),
    "extraction": (extracted, "annsm", "soil_moisture"),
    "extraction of another variable": (extracted, "cube", "tb_06v"),
    "training, the target": (trained, "cube", "sm_smap"),
    "training, soil moisture": (trained, "cube", "sm_gldas"),
    "training, a brightness temperature": (trained, "cube", "tb_06v"),
    "reconstruction": (reconstructed, "cube", "sm_gldas"),
    "comparison": (compared, "cube", "sm_smap"),
    "sensitivity": (analysed, "cube", "sm_smap"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_step_leaves_out_what_cannot_be_and_says_it_once(folder, tmp_path, request, case):
    step, file, name = CASES[case]
    if step in (trained, reconstructed):
        pytest.importorskip("torch")
    more = {"tmp_path": tmp_path, "model": request.getfixturevalue("model")} if step is reconstructed else {"tmp_path": tmp_path}
    count, known = changed(folder / f"{file}.nc", tmp_path / "bad.nc", name, -99.0)
    changed(folder / f"{file}.nc", tmp_path / "missing.nc", name, -9999.0)
    given = {"annsm": folder / "annsm.nc", "cube": folder / "cube.nc"}
    result, found = step(**{**given, file: tmp_path / "bad.nc"}, **more)
    plain, wanted = step(**{**given, file: tmp_path / "missing.nc"}, **more)
    assert found.keys() == wanted.keys()
    for key, values in wanted.items():
        np.testing.assert_array_equal(found[key], values, err_msg=key)
    said = [line for line in result.warnings if "bad.nc: " in line]
    assert len(said) == 1 and f" values of {name} are outside " in said[0] and said[0].endswith(": they are left out.")
    if step is not at_stations:  # of the cells with stations alone
        assert f"{count} of the {known} values" in said[0]
    assert not any("left out" in line and ".nc" in line for line in plain.warnings)


@pytest.mark.parametrize("case", ["against SMAP, ANN-SM", "triple collocation", "extraction", "training, the target", "comparison"])
def test_a_file_in_percent_is_refused(folder, tmp_path, case):
    step, file, name = CASES[case]
    if step is trained:
        pytest.importorskip("torch")
    count, known = changed(folder / f"{file}.nc", tmp_path / "percent.nc", name, "percent", share=1.1)
    assert count == known
    given = {"annsm": folder / "annsm.nc", "cube": folder / "cube.nc", file: tmp_path / "percent.nc"}
    with pytest.raises(
        CubeError, match=rf"percent.nc: found {count} of the {known} values of {name} outside 0 to 1 m3 m-3 \(in percent\?\);"
    ):
        step(**given, tmp_path=tmp_path)
    assert not list(tmp_path.glob(".*net.nc*")) and not list(tmp_path.glob("*net.nc"))


def test_a_region_with_most_of_an_input_impossible_is_refused_before_it_is_trained(folder, tmp_path):
    pytest.importorskip("torch")
    changed(folder / "cube.nc", tmp_path / "bad.nc", "tb_10v", 0.0, share=0.9)
    with pytest.raises(CubeError, match="values of tb_10v outside 50 to 350 K; expected tb_10v in K"):
        trained(None, tmp_path / "bad.nc", tmp_path, method="regional")
    assert [path.name for path in tmp_path.iterdir() if "net" in path.name] == []


def test_soil_moisture_of_another_name_is_known_as_such_where_it_is_asked_for(folder, tmp_path):
    """In triple collocation; another variable of another name may be anything."""
    count, known = changed(folder / "annsm.nc", tmp_path / "bad.nc", "soil_moisture", -99.0)
    with netCDF4.Dataset(tmp_path / "bad.nc", "a") as file:
        file.renameVariable("soil_moisture", "ssm")
        file.delncattr("annsm_kind")
    result = triple_collocation.collocate(
        tmp_path / "bad.nc", folder / "cube.nc", folder / "cube.nc", variables=("ssm", "smap", "gldas"), draws=0
    )
    assert sum(f"bad.nc: {count} of the {known} values of ssm are outside 0 to 1" in line for line in result.warnings) == 1
    with netCDF4.Dataset(tmp_path / "bad.nc", "a") as file:
        file["ssm"].long_name = "anomaly of soil moisture"
    asked = {"variables": ("ssm", "smap", "gldas"), "draws": 0}
    result = triple_collocation.collocate(tmp_path / "bad.nc", folder / "cube.nc", folder / "cube.nc", **asked)
    assert not any("outside 0 to 1" in line for line in result.warnings)
    source = extraction.look(tmp_path / "bad.nc", "ssm")
    assert not extraction.extract(source, [extraction.Place("P", np.zeros(1, int), np.zeros(1, int), np.ones(1))], source.grid).warnings


def test_each_value_is_counted_once_however_it_is_read(folder, tmp_path):
    count, known = changed(folder / "cube.nc", tmp_path / "bad.nc", "sm_gldas", 7.0)
    with store.open_grid(tmp_path / "bad.nc", kind="cube") as data:
        whole = slice(0, 4), slice(0, 4)
        first = blocks.series(data, "sm_gldas", slice(0, 50), (slice(0, 2), slice(0, 4)))
        for days in (slice(0, 64), slice(63, 128), slice(126, DAYS)):
            for tile in ((slice(0, 3), slice(0, 4)), whole, (slice(1, 4), slice(2, 4))):
                blocks.series(data, "sm_gldas", days, tile)
        again = blocks.series(data, "sm_gldas", slice(0, DAYS), whole)
        np.testing.assert_array_equal(again[:8, :50], first)
        assert blocks.sieve(data).sentences() == [
            f"bad.nc: {count} of the {known} values of sm_gldas are outside 0 to 1 m3 m-3 (in percent?), which no soil can have: "
            "they are left out."
        ]
        assert np.isnan(again).sum() == count and blocks.sieve(data).impossible("sm_gldas") == count


def test_sound_values_are_handed_on_untouched():
    values = np.random.default_rng(0).random((6, 9)).astype(np.float32)
    values[2, 3], values[0, 0], values[1, 1] = np.nan, 0.0, 1.0
    sieve = bounds.Sieve("file.nc", (2, 3))
    assert sieve.sift("sm_smap", values, slice(0, 9), (slice(0, 2), slice(0, 3))) is values and sieve.sentences() == []
    assert np.nanmin(sieve.sift("lai", values - 5, slice(0, 9), (slice(0, 2), slice(0, 3)))) < -4
