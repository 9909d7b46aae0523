"""What matching says of extra predictors: lines and warnings of the log, and the attributes of the cube."""

from __future__ import annotations

import numpy as np
import pytest
from osgeo import gdal
from predictor_files import export, tif

from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.foundation.progress import SILENT
from annsm_plugin.core.matching import extra
from annsm_plugin.core.matching.predictors import kinds
from annsm_plugin.core.matching.predictors.about import Account

GRID = Grid.from_extent((89, 30, 90, 31))
LAT, LON = 31.2 - 0.01 - 0.02 * np.arange(70), 88.8 + 0.01 + 0.02 * np.arange(70)
DAYS = np.arange("2019-06-10", "2019-06-20", dtype="datetime64[D]")
NDVI = {"_FillValue": np.int16(-3000), "scale_factor": 0.0001, "add_offset": 0.0, "units": "NDVI"}


def account(paths, mask=None, days=DAYS):
    found = extra.expanded(extra.check(paths, ()), GRID)
    return Account(found, extra.statics(found, GRID), days, mask, extra.times)


def cover(path, **more):
    """Class 10 in the west, 30 in the east, a pixel each of three more."""
    values = np.where(LON[None, :] < 89.5, 10, 30).astype("u1") * np.ones((70, 70), "u1")
    values[20, 20], values[21, 21], values[22, 22] = 40, 50, 60
    return tif(path, values, 88.8, 31.2, 0.02, kind=gdal.GDT_Byte, **more)


def slope(path, unit="degree", columns=70):
    tif(path, np.full((70, columns), 3.5, "f4"), 88.8, 31.2, 0.02, kind=gdal.GDT_Float32)
    data = gdal.Open(str(path), gdal.GA_Update)
    data.GetRasterBand(1).SetUnitType(unit)
    data = None
    return path


def ndvi(path, starts):
    values = np.full((len(starts), 70, 70), 4000)
    return export(path, {"ndvi": (values, "i2", NDVI)}, starts, LAT, LON)


def test_a_line_tells_what_was_made_of_each(tmp_path):
    paths = [cover(tmp_path / "lc.tif"), cover(tmp_path / "odd.tif"), slope(tmp_path / "slope small.tif")]
    paths += [ndvi(tmp_path / "x.nc", np.array(["2019-06-10", "2019-06-26"]))]
    shares = "classes; shares of 10, 30 (2 of 5 classes with at least 1 %)"
    assert account(paths).lines == [
        f"lc.tif: {shares}.",
        f"odd.tif: {shares}; so taken for its few whole numbers (name the file odd_mean.tif for their mean).",
        "slope small.tif: mean of its pixels in a cell.",
        "x.nc ndvi: 16-day composites at mid-period, linear between, mean of its pixels in a cell.",
    ]
    assert account(paths).warnings() == []


def test_cells_without_a_value_are_counted(tmp_path):
    """The raster ends at 89.2, within the first column of cells; of a region only its cells count."""
    path = slope(tmp_path / "slope.tif", columns=20)
    assert account([path]).warnings() == ["slope.tif: no value in 12 of 16 cells; such cells have no complete day."]
    mask = np.zeros((4, 4), bool)
    mask[:, :2] = True
    assert account([path], mask).warnings() == ["slope.tif: no value in 4 of 8 cells; such cells have no complete day."]
    mask[:, 1] = False
    assert account([path], mask).warnings() == []


def test_days_that_a_file_lacks_are_named(tmp_path):
    daily = account([ndvi(tmp_path / "d.nc", DAYS[:4])])
    assert daily.warnings() == ["d.nc ndvi: nothing for 6 of 10 days, 2019-06-14 to 2019-06-19; they are not complete."]
    late = account([ndvi(tmp_path / "c.nc", np.array(["2019-07-01", "2019-07-09"]))])
    assert late.warnings() == ["c.nc ndvi: nothing for 10 of 10 days, 2019-06-10 to 2019-06-19; they are not complete."]


def test_cells_that_a_daily_file_never_reaches_are_counted_at_the_end(tmp_path):
    told = account([ndvi(tmp_path / "d.nc", DAYS)])
    values = np.full((5, 4, 4), np.nan)
    values[0, :, :2] = 1.0
    told.see({"ndvi": values}.__getitem__)
    told.see({"ndvi": values * np.nan}.__getitem__)
    assert told.warnings() == ["d.nc ndvi: no value in 8 of 16 cells; such cells have no complete day."]


def test_attributes_of_the_cube_say_what_a_variable_is(tmp_path):
    paths = [cover(tmp_path / "lc.tif"), slope(tmp_path / "slope.tif"), ndvi(tmp_path / "x.nc", DAYS[::2])]
    paths.append(tif(tmp_path / "coarse.tif", np.full((4, 4), 2.5, "f4"), 88.0, 32.0, 1.0, kind=gdal.GDT_Float32))
    found = account(paths).variables
    told = {name: (one.long_name, one.units, dict(one.attributes).get("cell_methods")) for name, one in found.items()}
    assert told == {
        "lc_10": ("share of class 10 of lc", "1", "area: mean"),
        "lc_30": ("share of class 30 of lc", "1", "area: mean"),
        "slope": ("mean of slope", "degree", "area: mean"),
        "ndvi": ("mean of ndvi", "NDVI", "area: mean"),
        "coarse": ("coarse interpolated to the cell", "1", None),
    }
    assert dict(found["lc_10"].attributes)["source"] == "lc.tif"
    assert dict(found["ndvi"].attributes)["comment"].startswith("2-day composites")


def test_a_layer_of_several_files_names_its_first_and_last(tmp_path):
    names = [f"VNP13A1.002__500_m_16_days_NDVI_doy2019{day:03d}000000_aid0001.tif" for day in (161, 177)]
    paths = [tif(tmp_path / name, np.full((70, 70), 2000, "i2"), 88.8, 31.2, 0.02) for name in names]
    told = account(paths)
    (variable,) = told.variables.values()
    assert dict(variable.attributes)["source"] == f"{names[0]} to {names[1]} (2 files)"
    assert told.lines[0].startswith("vnp13a1_002_500_m_16_days_ndvi (2 files): 16-day composites")
    assert variable.long_name == "mean of VNP13A1.002__500_m_16_days_NDVI"


@pytest.mark.parametrize(("fill", "kind"), [(-9999, "Float32"), (-32768, "Int16"), (3e38, "Float32"), (-np.inf, "Float64")])
def test_what_stands_for_no_value_is_none_and_said_though_the_file_does_not_declare_it(tmp_path, fill, kind):
    values = np.full((70, 70), 20.0)
    values[:, 40:] = 4000.0  # the border lies within a cell
    good = tif(tmp_path / "dem_mean.tif", np.where(values > 20, -1, values), 88.8, 31.2, 0.02, nodata=-1, kind=gdal.GDT_Float32)
    wanted = extra.statics(extra.expanded(extra.check([good], ()), GRID), GRID)["dem_mean"]
    values[:, 40:] = fill
    path = tif(tmp_path / "own_mean.tif", values, 88.8, 31.2, 0.02, kind=getattr(gdal, f"GDT_{kind}"))
    found = extra.expanded(extra.check([path], ()), GRID)
    np.testing.assert_array_equal(extra.statics(found, GRID)["own_mean"], wanted)
    assert np.isnan(wanted).any() and np.nanmax(wanted) == np.nanmin(wanted) == 20.0
    assert f"own_mean.tif: {fill:g} counts as no value, which the file does not say." in account([path]).warnings()
    assert not any("counts as" in line for line in account([good]).warnings())


def test_the_same_of_a_netcdf_file(tmp_path):
    values = np.full((1, 70, 70), 0.5)
    values[0, :, 40:] = -9999.0
    path = export(tmp_path / "x.nc", {"clay_mean": (values, "f4", {"_FillValue": None, "units": "%"})}, np.array(["2019-06-10"]), LAT, LON)
    found = extra.expanded(extra.check([path], ()), GRID)
    field = extra.Daily(found, GRID).block(DAYS[:1], SILENT)["clay_mean"]
    assert np.isnan(field).any() and np.nanmin(field) == 0.5
    assert "x.nc clay_mean: -9999 counts as no value, which the file does not say." in account([path]).warnings()
    assert not kinds.undeclared(np.array([-9999.0, 2.0, np.nan]), {"_FillValue": -1}).any()


def test_classes_without_a_declared_fill_value(tmp_path):
    values = np.where(LON[None, :] < 89.5, 10, -9999) * np.ones((70, 70), "i2")
    path = tif(tmp_path / "lc_class.tif", values, 88.8, 31.2, 0.02)
    assert [one.chosen for one in extra.expanded(extra.check([path], ()), GRID)] == [10]
