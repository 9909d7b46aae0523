"""SPL3SMP as release 9 is built (FORMATS 3.1): two groups, hard links, absolute coordinates, texts, three dimensions, metadata."""

import h5py
import numpy as np
import pytest

from annsm_plugin.core import products

AM, PM = "Soil_Moisture_Retrieval_Data_AM", "Soil_Moisture_Retrieval_Data_PM"
SHAPE = (406, 964)
SECONDS = float((np.datetime64("2015-04-10T01:00") - np.datetime64("2000-01-01T12:00")) / np.timedelta64(1, "s"))


def moisture(seed, step=5):
    values = np.random.default_rng(seed).uniform(0.02, 0.5, SHAPE).astype("f4")
    values[:, ::step] = -9999.0
    return values


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("smap") / "SMAP_L3_SM_P_20150410_R19240_001.h5"
    with h5py.File(path, "w") as file:
        for group, end, seed in ((AM, "", 0), (PM, "_pm", 10)):

            def put(name, values, group=group, end=end, fill=None, **attributes):
                data = file.create_dataset(f"{group}/{name}{end}", data=values, chunks=True, compression="gzip", compression_opts=2)
                if fill is not None:
                    data.attrs["_FillValue"] = np.array(fill, data.dtype)
                data.attrs["coordinates"] = np.bytes_(f"/{AM}/latitude /{AM}/longitude")
                for key, value in attributes.items():
                    data.attrs[key] = value

            shown = {"units": np.bytes_("cm**3/cm**3"), "valid_min": np.float32(0.02), "valid_max": np.float32(0.5)}
            put("soil_moisture", moisture(seed), fill=-9999.0, **shown)
            put("soil_moisture_scav", moisture(seed + 1), fill=-9999.0, **shown)
            put("soil_moisture_scah", moisture(seed + 2), fill=-9999.0, **shown)
            for number, name in enumerate(("retrieval_qual_flag_dca", "retrieval_qual_flag_scav", "retrieval_qual_flag_scah")):
                meanings = np.bytes_("Retrieval_recommended Retrieval_attempted Retrieval_success FT_retrieval_success")
                put(name, np.full(SHAPE, number + 7, "u2"), fill=65534, flag_masks=np.bytes_("1s, 2s, 4s, 8s"), flag_meanings=meanings)
            put("tb_time_seconds", np.full(SHAPE, SECONDS), fill=-9999.0, units=np.bytes_("seconds"))
            put("tb_time_utc", np.full(SHAPE, b"2015-04-10T01:00:00.000Z", "S24"))
            put("surface_temperature", np.full(SHAPE, 281.5, "f4"), fill=-9999.0, units=np.bytes_("Kelvins"))
            put("landcover_class", np.zeros((*SHAPE, 3), "u1"), fill=254)
            for name in ("latitude", "longitude"):
                put(name, np.full(SHAPE, -9999.0, "f4"), fill=-9999.0)
            file[f"{group}/soil_moisture_dca{end}"] = file[f"{group}/soil_moisture{end}"]
            file[f"{group}/retrieval_qual_flag{end}"] = file[f"{group}/retrieval_qual_flag_dca{end}"]
        file.create_group("Metadata/Lineage/DataSource").attrs["shortName"] = np.bytes_("SPL2SMP")
    return path


def test_every_variable_of_both_passes(path):
    arrays = products.read_arrays(path)
    for end, seed in (("", 0), ("_pm", 10)):
        for name, number in (("soil_moisture", 0), ("soil_moisture_dca", 0), ("soil_moisture_scav", 1), ("soil_moisture_scah", 2)):
            expected = np.where(moisture(seed + number) == -9999.0, np.nan, moisture(seed + number))
            assert np.array_equal(arrays.variables[name + end], expected, equal_nan=True), name + end
            assert arrays.units[name + end] == "m3 m-3"
        for name, value in (("", 7), ("_dca", 7), ("_scav", 8), ("_scah", 9)):
            assert (arrays.variables[f"retrieval_qual_flag{name}{end}"] == value).all()
        assert (arrays.variables["observation_time" + end] == np.datetime64("2015-04-10T01:00")).all()
        assert (arrays.variables["surface_temperature" + end] == 281.5).all() and arrays.units["surface_temperature" + end] == "K"
    assert not arrays.outliers and arrays.attrs["version"] == "R19240_001"
    assert np.isfinite(arrays.lat).all() and arrays.lat[0] == pytest.approx(83.63198, abs=1e-5)


@pytest.mark.parametrize("name", ["soil_moisture", "soil_moisture_dca", "soil_moisture_scah_pm", "retrieval_qual_flag_pm"])
def test_one_variable_in_a_window(path, name):
    whole, part = products.read_arrays(path), products.read_arrays(path, window=(73, 26, 105, 40), variables=[name])
    assert list(part.variables) == [name]
    rows, columns = np.isin(whole.lat, part.lat), np.isin(whole.lon, part.lon)
    assert np.array_equal(part.variables[name], whole.variables[name][np.ix_(rows, columns)], equal_nan=True)
