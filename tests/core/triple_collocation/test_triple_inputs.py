"""What X, Y and Z of a triple collocation may be: files, folders and stations, and one clear sentence for everything else."""

from __future__ import annotations

import shutil
from pathlib import Path

import netCDF4
import numpy as np
import product_files
import pytest
from record_cubes import EXTENT, write_annsm, write_cube

from annsm_plugin.core.foundation import store
from annsm_plugin.core.foundation.errors import Cancelled, CubeError, ParameterError
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.foundation.progress import Progress
from annsm_plugin.core.series.gldas import gldas_series
from annsm_plugin.core.series.sources import Reader, look
from annsm_plugin.core.triple_collocation import maps
from annsm_plugin.core.triple_collocation.maps import planned
from annsm_plugin.core.triple_collocation.request import TripleRequest

DATES = np.arange("2015-04-01", "2015-04-11", dtype="datetime64[D]")


@pytest.fixture(scope="module")
def cube(tmp_path_factory):
    return write_cube(tmp_path_factory.mktemp("triple") / "cube.nc", days=60)[0]


@pytest.fixture(scope="module")
def annsm(tmp_path_factory):
    values = np.random.default_rng(1).uniform(0.1, 0.4, (60, 4, 4))
    return write_annsm(tmp_path_factory.mktemp("triple") / "annsm.nc", values, start="2015-04-21")


@pytest.mark.parametrize(
    "variable, found", [("smap", ("SMAP", "sm_smap")), ("sm_gldas", ("GLDAS", "sm_gldas")), ("GLDAS", ("GLDAS", "sm_gldas"))]
)
def test_a_variable_of_a_cube(cube, variable, found):
    source = look("X", cube, variable)
    assert (source.title, source.variable) == found and source.kind == "grid"
    assert (source.first, source.last) == (np.datetime64("2015-04-01"), np.datetime64("2015-05-30"))


def test_an_annsm_file_needs_no_variable_and_another_files_soil_moisture_is_not_called_annsm(annsm, tmp_path):
    assert look("X", annsm).title == "ANN-SM"
    other = write_annsm(tmp_path / "o.nc", np.full((3, 4, 4), 0.2), attributes={"annsm_kind": "other"})
    assert look("X", other).title == "soil_moisture"


def test_values_arrive_on_the_common_cells_and_days(annsm):
    with netCDF4.Dataset(annsm) as file:
        own = np.ma.filled(file["soil_moisture"][:].astype(float), np.nan)
    grid, dates = Grid.from_extent((90.25, 32.25, 91.0, 33.25)), np.arange("2015-04-19", "2015-04-25", dtype="datetime64[D]")
    with Reader(look("X", annsm), grid, dates) as read:
        values = read((slice(0, 4), slice(0, 3))).reshape(4, 3, 6)
    assert np.isnan(values[0]).all()  # a row north of the file
    assert np.isnan(values[:, :, :2]).all()  # two days before it begins
    np.testing.assert_allclose(values[1:, :, 2:], own[:4, :3, 1:].transpose(1, 2, 0))


def checked(x, y, z, *, variables=(None, None, None), **named):
    names = ("x_variable", "y_variable", "z_variable")
    return planned(TripleRequest(x=x, y=y, z=z, **{"draws": 0, **dict(zip(names, variables)), **named}))


def refused(message, *arguments, **named):
    with pytest.raises((ParameterError, CubeError)) as error:
        checked(*arguments, **named)
    assert message in str(error.value), str(error.value)


def test_refusals_of_paths_and_variables(cube, annsm, tmp_path):
    three = ("smap", "gldas", None)
    refused("Z is not given", cube, cube, "", variables=three)
    refused("does not exist", cube, cube, tmp_path / "no.nc", variables=three)
    refused("does not tell which variable is meant (sm_gldas, sm_smap)", cube, cube, annsm)
    refused("expected 'rain', named by X_VARIABLE", cube, cube, annsm, variables=("rain", "gldas", None))
    refused("'st_gldas' in K", cube, cube, annsm, variables=("st_gldas", "gldas", None))
    refused("X and Y are the same data", cube, cube, annsm, variables=("smap", "sm_smap", None))
    refused("holds no LPRM, JAXA, SMOS, SMAP or GLDAS", cube, cube, tmp_path, variables=three)
    refused("the product or band 'noah'", cube, cube, tmp_path, variables=("smap", "gldas", "noah"))
    text = tmp_path / "a.txt"
    text.write_text("x")
    refused("ends in '.txt'", cube, cube, text, variables=three)
    broken = tmp_path / "b.nc"
    broken.write_bytes(b"no NetCDF")
    refused("does not open as NetCDF", cube, cube, broken, variables=three)


def test_refusals_of_settings(cube, annsm):
    given = {"variables": ("smap", "gldas", None)}
    refused("MIN_N is 2; expected a whole number of at least 3", cube, cube, annsm, min_n=2, **given)
    refused("at least 40", cube, cube, annsm, draws=5, **given)
    refused("ANOMALY_DAYS is 1; expected at least 3", cube, cube, annsm, anomaly_days=1, **given)
    refused("is after END", cube, cube, annsm, start="2016-01-01", end="2015-01-01", **given)
    refused("no period in common", cube, cube, annsm, start="2001-01-01", end="2001-12-31", **given)


def test_grids_that_do_not_meet_or_are_not_ours(cube, annsm, tmp_path):
    far = write_annsm(tmp_path / "far.nc", np.full((60, 4, 4), 0.2), extent=(10.0, 45.0, 11.0, 46.0), start="2015-04-01")
    refused("have no cell in common", cube, cube, far, variables=("smap", "gldas", None))
    refused("have no cell in common in the extent", cube, cube, annsm, variables=("smap", "gldas", None), extent=(10, 45, 11, 46))
    coarse = tmp_path / "coarse.nc"
    shutil.copy(annsm, coarse)
    with netCDF4.Dataset(coarse, "a") as file:
        file["lat"][:] = 33.0 - 0.1 * np.arange(4)
    refused("expected centres of 0.25 degree cells", cube, cube, coarse, variables=("smap", "gldas", None))


def test_only_the_common_cells_are_estimated_where_grids_differ(cube, annsm, tmp_path):
    shifted = write_annsm(tmp_path / "east.nc", np.full((60, 4, 4), 0.2), extent=(90.5, 32.5, 91.5, 33.5), start="2015-04-01")
    _, grid, dates = checked(cube, cube, shifted, variables=("smap", "gldas", None))
    assert grid.bounds == (90.5, 32.5, 91.0, 33.0)
    _, grid, dates = checked(cube, cube, annsm, variables=("smap", "gldas", None))
    assert grid.bounds == EXTENT and (dates[0], dates[-1]) == (np.datetime64("2015-04-21"), np.datetime64("2015-05-30"))


def test_a_region_across_the_dateline_keeps_its_order(tmp_path):
    """A file from -180 to 180 and the extent 179.5 to 180.5: two columns on either side, west to east."""
    path = tmp_path / "world.nc"
    lon = -179.875 + 0.25 * np.arange(1440)
    values = np.broadcast_to(lon, (2, 1, 1440)) / 1000 + 0.3
    with store.GridWriter(path, Grid(np.array([10.125]), lon), DATES[:2], ["soil_moisture"], {"annsm_kind": "annsm"}) as out:
        out.put("soil_moisture", slice(None), values)
    source = look("X", path)
    grid = maps._grid([source], (179.5, 10.0, 180.5, 10.25))
    np.testing.assert_allclose(grid.lon, [179.625, 179.875, 180.125, 180.375])
    with Reader(source, grid, DATES[:2]) as read:
        found = read((slice(0, 1), slice(0, 4)))[:, 0]
    np.testing.assert_allclose(found, np.array([179.625, 179.875, -179.875, -179.625]) / 1000 + 0.3, atol=1e-6)


def test_gldas_of_a_folder_is_the_step_nearest_to_two_oclock(tmp_path):
    """At 91.875 E local time is 6.125 h ahead: 02:00 is 19:52 UTC of the day before, nearest to 21:00."""
    lat, lon = np.arange(31.125, 33, 0.25), np.arange(90.125, 93, 0.25)
    for stamp, value in (("20150401.1800", 11.0), ("20150401.2100", 22.0), ("20150402.0000", 33.0)):
        fields = {"SoilMoi0_10cm_inst": np.full((lat.size, lon.size), value)}
        product_files.gldas(tmp_path, stamp, fields, lat=lat, lon=lon)
    bad = product_files.gldas(tmp_path, "20150402.2100", lat=lat, lon=lon)
    bad.write_bytes(bad.read_bytes()[:3000])
    source = look("X", tmp_path)
    assert (source.title, source.variable, source.kind) == ("GLDAS", "gldas", "folder")
    grid = Grid.from_extent((91.75, 32.0, 92.0, 32.25))
    values, files, problems = gldas_series(tmp_path, grid, DATES[:3])
    np.testing.assert_allclose(values, [[np.nan, 0.22, np.nan]], rtol=1e-6)
    assert files == 1 and len(problems) == 1 and Path(bad).name in problems[0]


def test_reading_a_folder_stops_when_cancelled(tmp_path):
    product_files.gldas(tmp_path, "20150401.2100")

    class Stop(Progress):
        def cancelled(self):
            return True

    with pytest.raises(Cancelled):
        gldas_series(tmp_path, Grid.from_extent((91.0, 32.0, 92.0, 33.0)), DATES, Stop())
