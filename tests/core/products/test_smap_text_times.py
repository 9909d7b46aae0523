"""SPL3SMP whose times are texts alone (tb_time_utc): the same local days as by seconds; texts that are no times are missing."""

import h5py
import matching_archive as archive
import numpy as np
import product_files as make
import pytest

from annsm_plugin.core import products
from annsm_plugin.core.foundation.errors import ProductError
from annsm_plugin.core.products import access

GROUP = "Soil_Moisture_Retrieval_Data"
EPOCH = np.datetime64("2000-01-01T12:00:00.000")


def textual(path, kind="S24", group=GROUP + "_AM", suffix="", change=lambda texts: texts):
    """Replace the seconds of a file by texts."""
    with h5py.File(path, "r+") as file:
        seconds = file[f"{group}/tb_time_seconds{suffix}"][...]
        good = seconds > -9998.0
        stamps = EPOCH + np.round(np.where(good, seconds, 0.0) * 1000).astype("timedelta64[ms]")
        texts = np.where(good, np.char.add(np.datetime_as_string(stamps, unit="ms"), "Z"), "N/A")
        texts = change(texts.astype("U24"))
        del file[f"{group}/tb_time_seconds{suffix}"]
        dtype = h5py.string_dtype() if kind == "variable" else kind
        put = file.create_dataset(f"{group}/tb_time_utc{suffix}", texts.shape, dtype)
        put[...] = texts.astype(object) if kind == "variable" else texts.astype("S24").astype(kind)
    return path


@pytest.fixture
def whole(tmp_path):
    """A file whose pixels have times of their own, and what is read of it."""
    values, seconds = archive.smap_day("2015-04-10", lambda day: 0.1 + 0.01 * (archive.ordinal(day) % 7))
    values, seconds = np.array(values), np.array(seconds)
    values[::3, ::5] = seconds[::3, ::5] = -9999.0
    return lambda: make.smap(tmp_path, sm=values, seconds=seconds, release="R13080", groups=("",))


@pytest.mark.parametrize("kind", ["S24", "S30", "variable"])
@pytest.mark.parametrize("driver", ["both", "netCDF alone"])
@pytest.mark.parametrize("window", [None, (88.0, 30.0, 93.0, 34.0)])
def test_texts_give_the_times_of_the_seconds(whole, monkeypatch, kind, driver, window):
    right = products.read_arrays(whole(), window=window).variables
    if driver != "both":
        monkeypatch.setattr(access, "_hdf5_root", lambda gdal, name: None)
    found = products.read_arrays(textual(whole(), kind, GROUP), window=window).variables
    assert list(found) == list(right)
    gap = (found["observation_time"] - right["observation_time"]) / np.timedelta64(1, "s")
    assert np.array_equal(np.isnat(found["observation_time"]), np.isnat(right["observation_time"]))
    assert np.nanmax(np.abs(gap)) < 1.0 and np.isfinite(gap).mean() > 0.5
    assert np.array_equal(found["soil_moisture"], right["soil_moisture"], equal_nan=True)


def test_the_evening_has_its_own(tmp_path):
    values, seconds = archive.smap_day("2015-04-10", lambda day: 0.2, hour=18.0)
    archive.smap(tmp_path, "2015-04-10", values, seconds, suffix="_pm")
    path = next(tmp_path.glob("*.h5"))
    with h5py.File(path, "r+") as file:
        file[GROUP + "_AM"]["tb_time_seconds"] = np.full((406, 964), -9999.0)
    right = products.read_arrays(path).variables["observation_time_pm"]
    found = products.read_arrays(textual(path, group=GROUP + "_PM", suffix="_pm")).variables["observation_time_pm"]
    assert np.abs((found - right) / np.timedelta64(1, "s")).max() < 1.0


def test_texts_that_are_no_times_are_missing(whole):
    def change(texts):
        texts[100, 100], texts[100, 101], texts[101, 100], texts[101, 101] = "2015-02-31T00:00:00.000Z", "soon", "", "2015-04-10T25:00:00Z"
        return texts

    stamps = products.read_arrays(textual(whole(), "S24", GROUP, change=change)).variables["observation_time"]
    assert np.isnat(stamps[100:102, 100:102]).all()
    assert not np.isnat(stamps[103, 101])


@pytest.mark.parametrize(("text", "words"), [("N/A", "without any observation time"), ("2015-05-20T00:00:00Z", "as the name says")])
def test_useless_texts_refuse_the_file(whole, text, words):
    with pytest.raises(ProductError, match=words):
        products.read_arrays(textual(whole(), "S24", GROUP, change=lambda texts: np.full_like(texts, text)))


def test_numbers_under_the_name_of_the_texts_are_refused(whole):
    path = whole()
    with h5py.File(path, "r+") as file:
        del file[GROUP]["tb_time_seconds"]
        file[GROUP]["tb_time_utc"] = np.zeros((406, 964))
    with pytest.raises(ProductError, match="tb_time_utc"):
        products.read_arrays(path)


def test_a_cube_by_texts_is_the_cube_by_seconds(tmp_path):
    from types import SimpleNamespace

    from annsm_plugin.core.foundation.grid import Grid
    from annsm_plugin.core.foundation.progress import SILENT
    from annsm_plugin.core.matching.files import Files
    from annsm_plugin.core.matching.smap import Smap

    days = np.arange("2015-04-10", "2015-04-14", dtype="datetime64[D]")
    plan = SimpleNamespace(grid=Grid.from_extent((73, 33, 105, 34)), overpass="descending", clock="solar", smap_variable="baseline",
                           smap_quality="retrieved", smap_product="SPL3SMP")  # fmt: skip
    cubes = []
    for kind in ("seconds", "texts"):
        for day in days:
            archive.smap(tmp_path / kind, day, *archive.smap_day(day, lambda d: 0.1 + 0.01 * (archive.ordinal(d) % 9)))
        if kind == "texts":
            for path in (tmp_path / kind).iterdir():
                textual(path)
        files = Files("SMAP", products.find(tmp_path / kind, "smap"), (72.0, 32.0, 106.0, 35.0))
        cubes.append(Smap(plan, files).block(days[1:3], SILENT)["sm_smap"])
        assert not files.bad
    assert np.isfinite(cubes[0]).all() and np.array_equal(cubes[0], cubes[1])
