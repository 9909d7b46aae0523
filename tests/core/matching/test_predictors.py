"""Extra predictors of every kind that the guide names, in small files as their archives give them."""

from __future__ import annotations

from types import SimpleNamespace

import netCDF4
import numpy as np
import pytest
from osgeo import gdal
from predictor_files import export, tif

from annsm_plugin.core.foundation.errors import AnnsmError, ParameterError
from annsm_plugin.core.foundation.grid import Grid
from annsm_plugin.core.matching import extra
from annsm_plugin.core.matching.predictors import kinds

GRID = Grid.from_extent((89, 30, 90, 31))
LAT, LON = 31.2 - 0.01 - 0.02 * np.arange(70), 88.8 + 0.01 + 0.02 * np.arange(70)
QUIET = SimpleNamespace(check=lambda: None)


def read(paths, days=None):
    found = extra.expanded(extra.check(paths, ()), GRID)
    values = extra.statics(found, GRID)
    if days is not None:
        values.update(extra.Daily(found, GRID).block(np.array(days, dtype="datetime64[D]"), QUIET))
    return values


def test_soil_texture_and_terrain_are_averaged(tmp_path):
    """SoilGrids: clay in g/kg, 16-bit with a fill value, also in a projection of its own; elevation and slope as floats."""
    clay = np.where(LON[None, :] < 89.5, 200, 300) * np.ones((70, 1))
    clay[:, :20] = -32768
    tif(tmp_path / "clay_0-5cm_mean.tif", clay.astype("i2"), 88.8, 31.2, 0.02, nodata=-32768)
    tif(tmp_path / "slope.tif", np.full((70, 70), 3.5, "f4"), 88.8, 31.2, 0.02, kind=gdal.GDT_Float32)
    found = read([tmp_path / "clay_0-5cm_mean.tif", tmp_path / "slope.tif"])
    assert list(found) == ["clay_0_5cm_mean", "slope"] and found["slope"] == pytest.approx(np.full((4, 4), 3.5))
    assert found["clay_0_5cm_mean"][0] == pytest.approx([200, 200, 300, 300], abs=1)


@pytest.mark.parametrize("way", ["colours", "AppEEARS", "sinusoidal"])
def test_land_cover_becomes_shares_of_its_classes(tmp_path, way):
    """Of 8, 10 and 16 the mean would be one of 11; none of it is there."""
    cover = np.where(LON[None, :] < 89.5, 10, np.where(LAT[:, None] > 30.5, 16, 8)).astype("u1") * np.ones((70, 70), "u1")
    cover[0, 0] = 255
    name = {"colours": "my_map.tif", "AppEEARS": "MCD12Q1.061_LC_Type1_doy2019001000000_aid0001.tif", "sinusoidal": "land_cover.tif"}[way]
    path = tif(tmp_path / name, cover, 88.8, 31.2, 0.02, nodata=255, kind=gdal.GDT_Byte, colours=way == "colours")
    if way == "sinusoidal":
        plain = path.rename(tmp_path / "plain.tif")
        gdal.Warp(str(path), str(plain), dstSRS="+proj=sinu +R=6371007.181 +units=m", resampleAlg="near", xRes=463.3127, yRes=463.3127)
    found = read([path])
    stem = {"colours": "my_map", "AppEEARS": "mcd12q1_061_lc_type1", "sinusoidal": "land_cover"}[way]
    assert list(found) == [f"{stem}_8", f"{stem}_10", f"{stem}_16"]
    assert found[f"{stem}_10"] == pytest.approx(np.broadcast_to([1, 1, 0, 0], (4, 4)), abs=0.06)
    assert found[f"{stem}_16"][:2, 2:] == pytest.approx(np.ones((2, 2)), abs=0.06) and found[f"{stem}_8"][:2, 2:].max() < 0.06
    assert sum(found.values()) == pytest.approx(np.ones((4, 4)))


def test_land_cover_in_netcdf(tmp_path):
    cover = np.where(LON < 89.25, 3, 7) * np.ones((1, 70, 1), int)
    about = {"_FillValue": np.uint8(255), "valid_min": np.uint8(1), "valid_max": np.uint8(17), "long_name": "Land Cover Type 1"}
    path = export(tmp_path / "MCD12Q1.061_500m_aid0001.nc", {"LC_Type1": (cover, "u1", about)}, ["2019-01-01"], LAT, LON)
    found = read([path])
    assert list(found) == ["lc_type1_3", "lc_type1_7"]
    assert found["lc_type1_3"] == pytest.approx(np.broadcast_to([1, 0, 0, 0], (4, 4)), abs=0.06)
    path = export(tmp_path / "years.nc", {"LC_Type1": (np.repeat(cover, 2, 0), "u1", about)}, ["2019-01-01", "2020-01-01"], LAT, LON)
    with pytest.raises(ParameterError, match="classes are constant"):
        read([path])


def test_a_map_of_keys_is_refused(tmp_path):
    """HWSD's raster holds the numbers of mapping units, of which neither a mean nor a share says anything."""
    keys = (11000 + np.arange(4900).reshape(70, 70)).astype("i2")
    with pytest.raises(ParameterError, match=r"hwsd.*different numbers.*HWSD.*percent of clay"):
        read([tif(tmp_path / "hwsd.tif", keys, 88.8, 31.2, 0.02)])


STARTS = np.array(["2019-06-10", "2019-06-26", "2019-07-12", "2019-07-28"], dtype="datetime64[D]")


def test_ndvi_composites_are_brought_to_days(tmp_path):
    """MOD13A2: 16 days from the first day on, so 2000 stands at 18 June and 4000 at 4 July; the layers of quality are no predictors."""
    ndvi = np.array([2000, 4000, 4000, 4000])[:, None, None] * np.ones((1, 70, 70), int)
    ndvi[:, :, 40:] = -3000
    fill = {
        "_FillValue": np.int16(-3000),
        "scale_factor": 0.0001,
        "add_offset": 0.0,
        "valid_min": np.int16(-2000),
        "valid_max": np.int16(10000),
    }
    layers = {
        "_1_km_16_days_NDVI": (ndvi, "i2", {**fill, "units": "NDVI"}),
        "_1_km_16_days_VI_Quality": (ndvi * 0 + 2057, "u2", {"_FillValue": np.uint16(65535)}),
        "_1_km_16_days_pixel_reliability": (ndvi * 0, "i1", {"_FillValue": np.int8(-1)}),
        "_1_km_16_days_composite_day_of_the_year": (ndvi * 0 + 170, "i2", {"_FillValue": np.int16(-1)}),
    }
    path = export(tmp_path / "MOD13A2.061_1km_aid0001.nc", layers, STARTS, LAT, LON)
    ((name, found),) = read([path], ["2019-05-01", "2019-06-18", "2019-06-22", "2019-07-04", "2019-08-05", "2019-09-20"]).items()
    assert name == "x_1_km_16_days_ndvi"
    assert found[:, 0, 0] == pytest.approx([np.nan, 0.2, 0.25, 0.4, 0.4, np.nan], nan_ok=True, abs=1e-6)
    assert np.isnan(found[:, 0, 3]).all()


def test_geotiffs_of_one_layer_are_a_series(tmp_path):
    """VNP13A1 as AppEEARS gives it by default: a GeoTIFF for each composite."""
    paths = []
    for start, value in zip(STARTS[:2], (2000, 4000)):
        year, day = str(start)[:4], (start - start.astype("datetime64[Y]").astype("datetime64[D]")).astype(int) + 1
        name = f"VNP13A1.002__500_m_16_days_NDVI_doy{year}{day:03d}000000_aid0001.tif"
        values = np.full((70, 70), value, "i2")
        values[:, ::2] = -13000  # the fill value is not marked in the file, and no value of the layer
        paths.append(tif(tmp_path / name, values, 88.8, 31.2, 0.02))
    ((name, found),) = read(paths, ["2019-06-18", "2019-06-26", "2019-07-04"]).items()
    assert name == "vnp13a1_002_500_m_16_days_ndvi" and found[:, 1, 1] == pytest.approx([2000, 3000, 4000])
    with pytest.raises(ParameterError, match="several files of one date"):
        extra.check([*paths, paths[0]], ())


def test_evapotranspiration_leaves_its_codes_out(tmp_path):
    """MOD16A2: kg m-2 in 8 days, scale 0.1; 32761 to 32767 are water, barren, snow, clouds, no data."""
    et = np.full((2, 70, 70), 120)
    et[:, :, ::3] = 32766
    about = {
        "_FillValue": np.int16(32767),
        "scale_factor": 0.1,
        "units": "kg/m^2/8day",
        "valid_min": np.int16(-32767),
        "valid_max": np.int16(32700),
    }
    path = export(tmp_path / "MOD16A2.061_500m_aid0001.nc", {"ET_500m": (et, "i2", about)}, ["2019-06-10", "2019-06-18"], LAT, LON)
    ((name, found),) = read([path], ["2019-06-16"]).items()
    assert name == "et_500m" and found[0] == pytest.approx(np.full((4, 4), 12.0))


def test_snow_cover_is_daily_without_clouds_and_night(tmp_path):
    """MOD10A1: 0 to 100; 200 missing, 211 night, 237 water, 250 cloud."""
    snow = np.full((3, 70, 70), 40)
    snow[0, :, ::2], snow[1] = 250, 211
    about = {"_FillValue": np.uint8(255)}
    layers = {"NDSI_Snow_Cover": (snow, "u1", about), "NDSI_Snow_Cover_Basic_QA": (snow * 0, "u1", about)}
    path = export(tmp_path / "MOD10A1.061_500m_aid0001.nc", layers, ["2019-01-10", "2019-01-11", "2019-01-12"], LAT, LON)
    ((name, found),) = read([path], ["2019-01-10", "2019-01-11", "2019-01-12", "2019-01-13"]).items()
    assert name == "ndsi_snow_cover" and found[:, 2, 2] == pytest.approx([40, np.nan, 40, np.nan], nan_ok=True)


def test_a_day_a_hair_below_its_midnight_is_that_day(tmp_path):
    layers = {"snow": (np.arange(3.0)[:, None, None] * np.ones((3, 70, 70)), "f4", {"_FillValue": -1.0, "units": "cm"})}
    path = export(tmp_path / "a.nc", layers, np.datetime64("2016-01-01") + np.arange(3), LAT, LON, calendar="standard")
    with netCDF4.Dataset(path, "a") as file:
        numbers = file["time"][:]
        file.renameVariable("time", "before")
        file.createVariable("time", "f8", ("time",))[:] = numbers - 1e-9
        file["time"].units = "days since 2000-01-01"
    (one,) = extra.check([path], ())
    assert extra.times(one)[0].tolist() == [np.datetime64(f"2016-01-0{day}").item() for day in (1, 2, 3)]
    with netCDF4.Dataset(path, "a") as file:
        file["time"].units = "days since 01-02-2000"
    with pytest.raises(AnnsmError, match="counted from a date such as"):
        extra.check([path], ())


@pytest.mark.parametrize("calendar", ["noleap", "360_day"])
def test_other_calendars_are_refused(tmp_path, calendar):
    layers = {"ndvi": (np.zeros((4, 70, 70)), "i2", {"_FillValue": np.int16(-3000)})}
    with pytest.raises(ParameterError, match=f"calendar '{calendar}'"):
        extra.check([export(tmp_path / "a.nc", layers, STARTS, LAT, LON, calendar=calendar)], ())


def test_where_composites_stand():
    monthly = np.array(["2019-01-15", "2019-02-14", "2019-03-16"], dtype="datetime64[D]")
    assert kinds.middles(monthly, None)[0].tolist() == monthly.astype(int).tolist()
    bounds = np.array([["2019-01-01", "2019-01-09"], ["2019-01-09", "2019-01-17"]], dtype="datetime64[D]")
    assert kinds.middles(bounds[:, 0], bounds)[0].tolist() == (bounds[:, 0].astype(int) + 4).tolist()
    assert kinds.middles(np.arange("2019-01-01", "2019-01-09", dtype="datetime64[D]"), None) is None


CLASSES = np.where(LON[None, :] < 89.5, 10, np.where(LAT[:, None] > 30.5, 30, 50)).astype("u1") * np.ones((70, 70), "u1")


@pytest.mark.parametrize("stem", ["lc", "MCD12Q1", "clcd", "CLCD_v01_2015", "esa_cci_lc", "lulc", "Corine 2018", "map of nothing known"])
def test_classes_are_known_by_name_or_by_their_few_numbers(tmp_path, stem):
    found = read([tif(tmp_path / f"{stem}.tif", CLASSES, 88.8, 31.2, 0.02, kind=gdal.GDT_Byte)])
    assert [name.rsplit("_", 1)[1] for name in found] == ["10", "30", "50"]
    assert sum(found.values()) == pytest.approx(np.ones((4, 4)))


def _with(path, unit="", scale=None):
    data = gdal.Open(str(path), gdal.GA_Update)
    data.GetRasterBand(1).SetUnitType(unit)
    if scale:
        data.GetRasterBand(1).SetScale(scale)
    data = None
    return path


@pytest.mark.parametrize(
    "stem", ["slope", "dem", "Clay_0-5cm", "hwsd_clay", "tree_cover_percent", "snow", "lc_mean", "field", "coarse", "mask"]
)
def test_few_whole_numbers_of_a_quantity_are_averaged(tmp_path, stem):
    """By the name, the unit, the scale, few pixels, or numbers of which the mean is the share."""
    values, step = (CLASSES, 0.02) if stem != "coarse" else (CLASSES[::35, ::35], 0.7)
    values = values // 50 if stem == "mask" else values
    path = tif(tmp_path / f"{stem}.tif", values, 88.8, 31.2, step, kind=gdal.GDT_Byte)
    assert len(read([_with(path, unit="K" if stem == "field" else "")])) == 1


def test_the_files_name_overrules(tmp_path):
    path = tif(tmp_path / "depth_class.tif", CLASSES.astype("f4"), 88.8, 31.2, 0.02, kind=gdal.GDT_Float32)
    assert list(read([path])) == ["depth_class_10", "depth_class_30", "depth_class_50"]
    path = tif(tmp_path / "lc_mean.tif", CLASSES, 88.8, 31.2, 0.02, kind=gdal.GDT_Byte, colours=True)
    assert read([path])["lc_mean"][0, 0] == pytest.approx(10)
    path = tif(tmp_path / "half_class.tif", CLASSES / 20, 88.8, 31.2, 0.02, kind=gdal.GDT_Float32)
    with pytest.raises(ParameterError, match=r"half_class.*numbers such as [01]\.5; expected classes"):
        read([path])


def test_whole_numbers_with_a_scale_or_many_of_them_are_averaged(tmp_path):
    scaled = _with(tif(tmp_path / "a.tif", CLASSES, 88.8, 31.2, 0.02, kind=gdal.GDT_Byte), scale=0.1)
    many = tif(tmp_path / "b.tif", np.arange(4900).reshape(70, 70) % 31, 88.8, 31.2, 0.02)
    assert list(read([scaled, many])) == ["a", "b"] and read([scaled])["a"][0, 0] == pytest.approx(1.0)
