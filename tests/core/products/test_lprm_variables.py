"""LPRM: what stands beside the soil moisture in real files (FORMATS 3.4), in its units, and nothing of it where it is not asked for."""

import netCDF4
import numpy as np
import product_files as make
import pytest

from annsm_plugin.core import products

SHAPE = (720, 1440)
SECONDS = float((np.datetime64("2015-04-01T19:30") - np.datetime64("1993-01-01")) / np.timedelta64(1, "s"))
BOX = np.s_[230:260, 1080:1120]

#: Name -> scale in the file, counts per pixel, unit of the result, its value per count.
AMSR2 = {
    "opt_depth_c1": (0.01, "1", 0.01),
    "opt_depth_x": (0.01, "1", 0.01),
    "ts": (0.1, "K", 0.1),
}
AMSRE = {"opt_depth_c": (0.01, "1", 0.01), "ts": AMSR2["ts"]}


def counts(name):
    """Values (720, 1440) as stored: a part of them fill, within the physical range of each."""
    random = np.random.default_rng(len(name))
    low, high = {"ts": (2200, 3100), "opt": (0, 250)}.get(name if name == "ts" else name[:3], (0, 3000))
    values = random.integers(low, high, SHAPE)
    values[BOX] = -32767
    return values


def write(folder, sensor, beside):
    bands = ("soil_moisture_c1", "soil_moisture_c2", "soil_moisture_x") if sensor == "2" else ("soil_moisture_c", "soil_moisture_x")
    seconds = SECONDS if sensor == "2" else SECONDS - 5 * 365.25 * 86400
    date = "20150401" if sensor == "2" else str((np.datetime64("1993-01-01", "s") + int(seconds)).astype("M8[D]")).replace("-", "")
    path = make.lprm(folder, np.full(SHAPE, 23.0), np.full(SHAPE, seconds), sensor=sensor, bands=bands, date=date)
    with netCDF4.Dataset(path, "a") as file:
        for name, (scale, _, _) in beside.items():
            put = file.createVariable(name, "i2", ("Longitude", "Latitude"), fill_value=np.int16(-32767), zlib=True)
            put.set_auto_maskandscale(False)
            put.scale_factor = scale
            put[:] = counts(name).T.astype("i2")
        put = file.createVariable("frequency_map", "i2", ("Longitude", "Latitude"), fill_value=np.int16(-1))
        put[:] = 69
    return path


@pytest.mark.parametrize(("sensor", "beside"), [("2", AMSR2), ("_E", AMSRE)])
def test_everything_is_read_in_its_unit(tmp_path, sensor, beside):
    data = products.read(write(tmp_path, sensor, beside))
    for name, (_, unit, step) in beside.items():
        expected = np.where(counts(name) == -32767, np.nan, counts(name) * step)
        np.testing.assert_allclose(data[name].values, expected, rtol=1e-6, err_msg=name)
        assert data[name].attrs["units"] == unit
        assert data[name].dims == ("lat", "lon") and data[name].dtype == np.float32
    assert "frequency_map" not in data
    assert np.nanmax(data["soil_moisture_x"].values) == pytest.approx(0.23)


def test_only_what_is_asked_for(tmp_path):
    path = write(tmp_path, "2", AMSR2)
    assert list(products.read_arrays(path, variables=["soil_moisture_x", "ts"]).variables) == ["soil_moisture_x", "ts"]
    assert list(products.read_arrays(path, variables=["soil_moisture_c1"]).variables) == ["soil_moisture_c1"]


def test_values_outside_the_range_are_missing(tmp_path):
    path = write(tmp_path, "2", {"ts": AMSR2["ts"]})
    with netCDF4.Dataset(path, "a") as file:
        file["ts"].set_auto_maskandscale(False)
        file["ts"][0, :3] = 9000
    arrays = products.read_arrays(path)
    assert np.isnan(arrays.variables["ts"][:3, 0]).all() and arrays.outliers == {"ts": 3}
    with netCDF4.Dataset(path, "a") as file:
        file["ts"].set_auto_maskandscale(False)
        file["ts"][:] = 9000
    arrays = products.read_arrays(path)  # what stands beside the soil moisture does not decide about the file
    assert np.isnan(arrays.variables["ts"]).all() and arrays.outliers == {"ts": 720 * 1440}
    assert np.isfinite(products.read_arrays(path, variables=["soil_moisture_c1"]).variables["soil_moisture_c1"]).all()


def test_numbers_below_zero_are_missing_and_counted(tmp_path):
    """Real files have optical depths below zero, which are no fill (-32767)."""
    path = write(tmp_path, "2", AMSR2)
    with netCDF4.Dataset(path, "a") as file:
        for name in ("opt_depth_x", "soil_moisture_x"):
            file[name].set_auto_maskandscale(False)
            file[name][5:9, 700] = -3
    arrays = products.read_arrays(path)
    assert arrays.outliers == {"opt_depth_x": 4, "soil_moisture_x": 4}
    assert np.isnan(arrays.variables["opt_depth_x"][700, 5:9]).all() and np.isnan(arrays.variables["soil_moisture_x"][700, 5:9]).all()
    assert np.isnan(arrays.variables["opt_depth_x"][BOX]).all()
