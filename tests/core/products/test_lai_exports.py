"""AppEEARS exports of leaf area index in any order of their axes, with any way to write a date, and those that cannot be read rightly."""

from __future__ import annotations

import netCDF4
import numpy as np
import pytest

from annsm_plugin.core import products
from annsm_plugin.core.foundation.errors import ProductError

CODES = np.arange(2 * 6 * 6).reshape(2, 6, 6)  # square, so that the shape does not tell the order


def write(
    folder,
    order=("time", "lat", "lon"),
    units="days since 2000-01-01 00:00:00",
    calendar="julian",
    days=(5892, 5900),
    product="MCD15A2H.061",
):
    path = folder / f"{product}_500m_aid0001.nc"
    with netCDF4.Dataset(path, "w") as file:
        for name, size in (("time", len(days)), ("lat", 6), ("lon", 6)):
            file.createDimension(name, size)
        file.createVariable("lat", "f8", ("lat",))[:] = 32 - 0.01 * np.arange(6)
        file.createVariable("lon", "f8", ("lon",))[:] = 90 + 0.01 * np.arange(6)
        time = file.createVariable("time", "i4", ("time",))
        time.setncatts({"units": units, "calendar": calendar})
        time[:] = list(days)
        put = file.createVariable("Lai_500m" if product[0] == "M" else "Lai", "u1", order, fill_value=255)
        put.set_auto_maskandscale(False)
        put[:] = CODES[: len(days)].transpose([("time", "lat", "lon").index(axis) for axis in order])
    return path


@pytest.mark.parametrize("order", [("time", "lat", "lon"), ("time", "lon", "lat"), ("lat", "lon", "time"), ("lon", "lat", "time")])
@pytest.mark.parametrize("window", [None, (90.015, 31.965, 90.035, 31.985)])
def test_the_axes_may_be_in_any_order(tmp_path, order, window):
    arrays = products.read_arrays(write(tmp_path, order), window=window)
    rows, columns = np.round((32 - arrays.lat) / 0.01).astype(int), np.round((arrays.lon - 90) / 0.01).astype(int)
    assert np.array_equal(arrays.variables["lai_class"], CODES[:, rows][:, :, columns]) and rows.size > 2


@pytest.mark.parametrize(
    "units", ["days since 2000-1-1", "days since 2000-01-01", "Days since 2000-01-1 00:00", "days since 2000-01-01T00:00:00Z"]
)
def test_dates_as_they_are_written(tmp_path, units):
    days = products.read_arrays(write(tmp_path, units=units)).coords["time"].astype("datetime64[D]").astype(str).tolist()
    assert days == ["2016-02-18", "2016-02-26"]
    found = products.inventory(tmp_path)
    products.examine(found, "headers")
    assert [str(day) for day in found.dates[str(tmp_path / "MCD15A2H.061_500m_aid0001.nc")]] == days


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"calendar": "noleap"}, "calendar 'noleap'"),
        ({"calendar": "360_day"}, "calendar '360_day'"),
        ({"days": ()}, "no time"),
        ({"days": (5892, 5892)}, "twice"),
        ({"units": "days since 2000-13-01"}, "days since a date"),
        ({"product": "VNP15A2H.002", "units": "days"}, "days since a date"),
    ],
)
def test_what_would_be_read_wrongly_is_refused(tmp_path, changed, words):
    with pytest.raises(ProductError, match=words):
        products.read_arrays(write(tmp_path, **changed))


def test_viirs(tmp_path):
    assert np.array_equal(products.read_arrays(write(tmp_path, product="VNP15A2H.002")).variables["lai_class"], CODES)
