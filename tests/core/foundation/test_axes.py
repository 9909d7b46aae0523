"""Days and cells of a gridded file, however they are written: the core and the explorer see the same, or refuse for the right reason."""

from __future__ import annotations

import shutil

import netCDF4
import numpy as np
import pytest
from record_cubes import EXTENT, write_annsm
from small_model import small

from annsm_plugin.core.exploration.gridded import GriddedFile
from annsm_plugin.core.foundation import blocks, store
from annsm_plugin.core.foundation.errors import CubeError
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.training import model

DAYS = np.datetime64("2015-04-01") + np.arange(40)
SINCE_2000 = (DAYS - np.datetime64("2000-01-01")).astype(float)


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    path = tmp_path_factory.mktemp("axes") / "annsm.nc"
    return write_annsm(path, np.full((DAYS.size, 4, 4), 0.2), start=str(DAYS[0]))


@pytest.fixture
def written(record, tmp_path):
    """Gives a copy of the record with another axis of time or of cells."""

    def write(name, numbers, kind="f8", **attributes):
        path = tmp_path / f"annsm{len(list(tmp_path.iterdir()))}.nc"
        with netCDF4.Dataset(record) as old, netCDF4.Dataset(path, "w") as new:
            new.setncatts(old.__dict__)
            for own, dimension in old.dimensions.items():
                new.createDimension(own, dimension.size)
            for own, variable in old.variables.items():
                about = dict(variable.__dict__)
                fill = about.pop("_FillValue", None)
                if own == name:
                    about.update(attributes)
                    fill = about.pop("_FillValue", fill)
                made = new.createVariable(own, kind if own == name else variable.dtype, variable.dimensions, fill_value=fill)
                made.set_auto_maskandscale(False)
                made.setncatts(about)
                made[...] = np.asarray(numbers).astype(kind) if own == name else variable[...]
        return path

    return write


def seen(path):
    """The dates that the core and the explorer see."""
    with store.open_grid(path, kind="ANN-SM file") as data:
        mine = blocks.dates_of(data)
        assert data["time"].dtype == "datetime64[ns]" and np.isfinite(data["soil_moisture"].values).all()
    assert np.array_equal(GriddedFile(path).dates, mine)
    return mine


def refusal(path):
    """What both say."""
    texts = []
    for open_file in (lambda: store.open_grid(path, kind="ANN-SM file").close(), lambda: GriddedFile(path)):
        with pytest.raises(CubeError) as caught:
            open_file()
        texts.append(caught.value.found)
        assert "\n" not in str(caught.value) and str(path) in str(caught.value)
    assert texts[0] == texts[1]
    return str(caught.value)


SAME = {
    "a hair below midnight": (SINCE_2000 - 1e-9, "f8", {}),
    "hours a hair below": (SINCE_2000 * 24 * (1 - 1e-13), "f8", {"units": "hours since 2000-01-01"}),
    "added up": (SINCE_2000[0] - 1 + np.cumsum(np.full(DAYS.size * 24, 1 / 24))[23::24], "f8", {}),
    "noon": (SINCE_2000 + 0.5, "f8", {}),
    "whole seconds": (SINCE_2000 * 86400, "i8", {"units": "seconds since 2000-01-01T00:00:00Z"}),
    "short units": (SINCE_2000 * 1440, "i4", {"units": "min since 2000/01/01 0:0 UTC"}),
    "scaled": (SINCE_2000 * 24, "i4", {"scale_factor": 1 / 24}),
    "shorts": (SINCE_2000 * 5, "i2", {"scale_factor": np.float32(0.2)}),
    "another clock": (SINCE_2000 * 24 - 6, "i4", {"units": "hours since 2000-01-01 06:00:00.0 +00:00"}),
    "since the year 1": (SINCE_2000 + 730121, "i4", {"units": "days since 1-1-1 00:00:00"}),
    "since the year 1 of ours": (SINCE_2000 + 730119, "i4", {"units": "days since 0001-01-01", "calendar": "proleptic_gregorian"}),
    "since a Julian date": (SINCE_2000 + 182612, "i4", {"units": "days since 1500-01-01", "calendar": "Gregorian"}),
    "since the reform": (SINCE_2000 + 152384, "i4", {"units": "days since 1582-10-15"}),
}


@pytest.mark.parametrize("case", SAME)
def test_the_same_days_however_they_are_counted(written, case):
    numbers, kind, attributes = SAME[case]
    assert np.array_equal(seen(written("time", numbers, kind, **attributes)), DAYS)


@pytest.mark.parametrize("text", ["0001-01-01", "0400-03-01", "1499-12-31", "1500-02-29", "1582-10-04"])
def test_dates_before_the_reform_are_those_of_cftime(text):
    units, number = f"days since {text}", (2000 - int(text[:4])) * 365
    moment = pytest.importorskip("cftime").num2date(number, units, "standard")
    found = store.times("a.nc", np.array([float(number)]), units, "standard", "a file")
    assert str(found[0])[:10] == moment.strftime("%Y-%m-%d")


REFUSED = {
    "noleap": ({"calendar": "noleap"}, "the calendar 'noleap'"),
    "360_day": ({"calendar": "360_day"}, "the calendar '360_day'"),
    "julian": ({"calendar": "julian"}, "the calendar 'julian'"),
    "no calendar at all": ({"calendar": "none"}, "the calendar 'none'"),
    "local midnight": ({"units": "days since 2000-01-01 00:00:00 +08:00"}, "counted from a date in UTC"),
    "day before month": ({"units": "days since 03-02-2000"}, "counted from a date such as"),
    "no such month": ({"units": "days since 2000-13-01"}, "counted from a date such as"),
    "no such day": ({"units": "days since 2001-02-30"}, "counted from a date such as"),
    "skipped by the reform": ({"units": "days since 1582-10-10"}, "counted from a date such as"),
    "hour 24": ({"units": "days since 2000-01-01 24:00:00"}, "counted from a date such as"),
    "a year alone": ({"units": "days since 2000"}, "counted from a date such as"),
    "months": ({"units": "months since 2000-01-01"}, "days, hours, minutes or seconds since a date"),
    "far in the future": ({"units": "days since 2300-01-01"}, "the year 2315"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_days_that_cannot_be_told_are_refused_for_what_they_are(written, case):
    attributes, says = REFUSED[case]
    assert says in refusal(written("time", SINCE_2000, "i4", **attributes))


def test_a_missing_date_is_named(written):
    numbers = SINCE_2000.copy()
    numbers[7] = -9999
    assert "no date for day 8" in refusal(written("time", numbers, "i4", _FillValue=-9999))
    numbers[7] = np.nan
    assert "no date for day 8" in refusal(written("time", numbers))


LON = 90.125 + 0.25 * np.arange(4)


@pytest.mark.parametrize(
    ("name", "values", "says"),
    [
        ("lon", LON + 0.25 * (LON > 90.5), "'lon' with 0.5 degrees from 90.375 to 90.875"),
        ("lon", 90.125 + 0.1 * np.arange(4), "'lon' with 0.1 degrees from 90.125 to 90.225"),
        ("lat", 33 - 1.0 * np.arange(4), "'lat' with 1 degrees from 33 to 32"),
        ("lon", LON + 0.125, "'lon' at 90.25"),
        ("lon", LON - 360, "leaves the globe"),
        ("lon", LON[[0, 2, 1, 3]], "not monotonic"),
        ("lat", np.full(4, np.nan), "leaves the globe"),
    ],
)
def test_cells_that_are_not_those_of_the_grid_are_refused(written, name, values, says):
    assert says in refusal(written(name, values))


def test_cells_in_either_direction_and_in_short_numbers_are_the_grids(written):
    grid = Grid.from_extent(EXTENT)
    for values in (grid.lat[::-1], grid.lat + 2e-4):
        path = written("lat", values, "f4")
        seen(path)
        assert np.allclose(GriddedFile(path).grid.lat, grid.lat, atol=1e-3)


def test_a_model_is_on_the_same_cells(tmp_path):
    path = tmp_path / "model.nc"
    model.write(path, small(), "test")
    assert model.read(path).grid.shape == GriddedFile(path).grid.shape
    with netCDF4.Dataset(path, "a") as file:
        file["lon"][:] = file["lon"][:] + 0.1
    with pytest.raises(CubeError, match="'lon' at"):
        model.read(path)


def test_what_counts_days_is_numbers_not_stretches_of_time(record, tmp_path):
    """A predictor in days, such as days of snow: xarray makes nanoseconds of it, and a number of what is missing."""
    path = tmp_path / "cube.nc"
    shutil.copy(record, path)
    with netCDF4.Dataset(path, "a") as file:
        made = file.createVariable("snow_days", "f4", ("time", "lat", "lon"), fill_value=-9999.0)
        made.units = "days"
        made[:] = 3.5
        made[0, 0, 0] = -9999.0
    with store.open_grid(path, kind="cube") as data:
        values = blocks.series(data, "snow_days", slice(0, 2), (slice(0, 1), slice(0, 1)))
    assert np.isnan(values[0, 0]) and values[0, 1] == 3.5
