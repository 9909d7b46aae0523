"""Every file that is written, as QGIS opens it on its own: in its place, right side up, right values; and CF by an independent checker.

The files come from qgis_process, run on a region in the south and across the dateline. What QGIS must see is computed here from what
was planted; only what a network gives is read again from the file, and put in place by the file's own coordinates.
"""

from __future__ import annotations

import shutil

import fiji
import netCDF4
import numpy as np
import pytest
from osgeo import gdal
from written_files import Raster, cf_findings, look, netcdf

PERIOD = {"START": "2015-04-01", "END": "2016-05-24"}


@pytest.fixture(scope="module")
def matched(qgis_process, tmp_path_factory):
    """matched.nc and pairs.tif of planted product files."""
    out = tmp_path_factory.mktemp("matched")
    qgis_process.results("annsm:match", **fiji.write_products(out / "products"), EXTENT=fiji.EXTENT, START=fiji.DAYS[0],
                         END=fiji.DAYS[-1], CHANNELS="06,10", OUTPUT=out / "matched.nc", PAIRS=out / "pairs.tif")  # fmt: skip
    return out


@pytest.fixture(scope="module")
def cube(tmp_path_factory):
    """cube.nc, and its arrays by name."""
    path = tmp_path_factory.mktemp("cube") / "cube.nc"
    return path, fiji.write_cube(path)


@pytest.fixture(scope="module")
def chain(qgis_process, cube, tmp_path_factory):
    """What the steps from screening to validation write."""
    out, run = tmp_path_factory.mktemp("chain"), qgis_process.results
    run("annsm:screenprecipitation", INPUT=cube[0], OUTPUT=out / "screened.nc", DROPPED=out / "dropped.tif")
    run("annsm:train", INPUT=out / "screened.nc", **PERIOD, HIDDEN=3, RESTARTS=2, OUTPUT=out / "model.nc", R=out / "r_training.tif",
        RMSE=out / "rmse_training.tif", STATUS=out / "status.tif")  # fmt: skip
    run("annsm:reconstruct", MODEL=out / "model.nc", INPUT=out / "screened.nc", OUTPUT=out / "annsm.nc")
    run("annsm:fillgaps", INPUT=out / "annsm.nc", CUBE=cube[0], METHOD="dct", OUTPUT=out / "filled.nc")
    run("annsm:validatesatellite", INPUT=out / "annsm.nc", REFERENCE=cube[0], R=out / "r.tif", RMSE=out / "rmse.tif",
        BIAS=out / "bias.tif", REPORT=out / "report.html")  # fmt: skip
    return out


@pytest.fixture(scope="module")
def months(qgis_process, tmp_path_factory):
    """months.nc, trend.tif and p.tif of a record that rises in every cell at a rate of its own."""
    out = tmp_path_factory.mktemp("months")
    fiji.write_record(out / "record.nc")
    qgis_process.results("annsm:aggregate", INPUT=out / "record.nc", OUTPUT=out / "months.nc", TREND=out / "trend.tif",
                         SIGNIFICANCE=out / "p.tif")  # fmt: skip
    return out


@pytest.fixture(scope="module")
def series(qgis_process, tmp_path_factory):
    """series.nc of two stations."""
    out = tmp_path_factory.mktemp("series")
    lines = [
        f"2016-03-01 {hour:02}:00,0.{hour + 10},{name},{lat},179.5" for name, lat in (("A", -17.2), ("B", -17.6)) for hour in range(24)
    ]
    (out / "table.csv").write_text("\n".join(["time,soil_moisture,station,lat,lon", *lines]))
    qgis_process.results("annsm:loadstations", FILE=out / "table.csv", OUTPUT=out / "stations.gpkg", SERIES=out / "series.nc")
    return out


def stored(path, name) -> np.ndarray:
    """A variable as netCDF4 reads it, put in place by the file's own coordinates: the north and the west first, missing NaN."""
    with netCDF4.Dataset(path) as file:
        values = np.ma.filled(file[name][...].astype(float), np.nan)
        rows, columns = np.argsort(-file["lat"][:]), np.argsort(file["lon"][:])
        assert np.array_equal(file["lat"][rows], fiji.LAT) and np.array_equal(file["lon"][columns], fiji.LON)
    return values[..., rows, :][..., columns]


def tif(path, values, *bands, tolerance=0.0):
    """A GeoTIFF of the small region."""
    return Raster(str(path), values, fiji.BOUNDS, bands, tolerance)


def read(path) -> np.ndarray:
    """A GeoTIFF as GDAL reads it, no data NaN; what is missing must be the region's empty cells, which tells where its rows begin."""
    raster = gdal.Open(str(path))
    values = raster.ReadAsArray()
    values[values == raster.GetRasterBand(1).GetNoDataValue()] = np.nan
    assert np.array_equal(np.isnan(values), np.broadcast_to(fiji.DEAD, values.shape))
    return values


def common(*series, at) -> np.ndarray:
    """(n, days) of some daily arrays in one cell, on the days on which all have a value."""
    values = np.stack([each[:, at[0], at[1]] for each in series]).astype(float)
    return values[:, np.isfinite(values).all(axis=0)]


def daily(path, dates, values: dict, tolerance=0.0):
    """Variables of a NetCDF file of the small region."""
    return [netcdf(path, name, value, fiji.BOUNDS, dates if np.ndim(value) == 3 else (), tolerance) for name, value in values.items()]


def test_matched_cube(matched):
    temperature = np.broadcast_to(fiji.cells(fiji.soil_temperature), (fiji.DAYS.size, *fiji.SHAPE))
    bright = fiji.cells(fiji.brightness, fiji.DAYS)
    planted = {"tb_06v": bright, "tb_10v": bright, "st_gldas": temperature, "lst_gldas": temperature,
               "elevation": fiji.cells(fiji.elevation)}  # fmt: skip
    others = {name: stored(matched / "matched.nc", name) for name in ("sm_gldas", "sm_smap", "lai", "precipitation_7h")}
    assert all(np.isfinite(values).all() for values in others.values())
    assert look(
        *daily(matched / "matched.nc", fiji.DAYS, planted, tolerance=0.002),
        *daily(matched / "matched.nc", fiji.DAYS, others),
        tif(matched / "pairs.tif", np.isfinite(bright).sum(axis=0), "complete days"),
    ) == []  # fmt: skip


def test_screened_cube(chain, cube):
    _, planted = cube
    rain = planted["precipitation_7h"]
    screened = np.where(np.isnan(rain), np.nan, rain > 8.75)
    assert look(
        *daily(chain / "screened.nc", fiji.TRAINING, {**planted, "screened": screened}),
        tif(chain / "dropped.tif", (rain > 8.75).sum(axis=0), "days marked"),
    ) == []  # fmt: skip


def test_training(chain):
    r, rmse, status = (stored(chain / "model.nc", name) for name in ("r", "rmse", "status"))
    assert np.array_equal(np.isnan(r[3]), fiji.DEAD)
    assert look(
        tif(chain / "r_training.tif", r[3], "R (training)"),
        tif(chain / "rmse_training.tif", rmse[3], "RMSE (training, 0-1)"),
        tif(chain / "status.tif", status, "Status (training)"),
    ) == []  # fmt: skip


def test_reconstruction_and_validation(chain, cube):
    names = ("soil_moisture", "soil_moisture_spread", "soil_moisture_uncertainty", "quality_flag")
    found = {name: stored(chain / "annsm.nc", name) for name in names}
    complete = np.isfinite([cube[1][name] for name in ("tb_06v", "tb_10v", "sm_gldas", "lai", "st_gldas")]).all(axis=0)
    assert all(np.array_equal(np.isfinite(value), complete) for value in found.values())
    bias, rmse, r = np.full((3, *fiji.SHAPE), np.nan)
    for at in zip(*np.nonzero(~fiji.DEAD)):
        target, own = common(cube[1]["sm_smap"], found["soil_moisture"], at=at)
        bias[at], rmse[at] = np.mean(target - own), np.sqrt(np.mean((target - own) ** 2))
        r[at] = np.corrcoef(target, own)[0, 1]
    assert look(
        *daily(chain / "annsm.nc", fiji.TRAINING, found),
        *(tif(chain / f"{name}.tif", value, name, tolerance=1e-6) for name, value in (("bias", bias), ("rmse", rmse), ("r", r))),
    ) == []  # fmt: skip


def test_filled_gaps(chain):
    names = ("soil_moisture", "soil_moisture_spread", "soil_moisture_uncertainty", "quality_flag", "fill_way")
    found, before = ({name: stored(chain / file, name) for name in names[:n]} for file, n in (("filled.nc", 5), ("annsm.nc", 4)))
    there, alive = np.isfinite(before["soil_moisture"]), np.broadcast_to(~fiji.DEAD, found["soil_moisture"].shape)
    assert all(np.array_equal(found[name][there], before[name][there]) for name in names[:4])
    assert np.array_equal(np.isfinite(found["soil_moisture"]), alive) and np.array_equal(np.isfinite(found["quality_flag"]), alive)
    assert np.array_equal(found["fill_way"] == 2, alive & ~there) and np.array_equal(found["fill_way"] == 0, there)
    assert look(*daily(chain / "filled.nc", fiji.TRAINING, found)) == []


def test_triple_collocation(qgis_process, chain, cube, tmp_path):
    names = ("STD_X", "STD_Y", "STD_Z", "R_X", "R_Y", "R_Z", "N")
    paths = {name: tmp_path / f"{name}.tif" for name in names}
    qgis_process.results("annsm:triplecollocation", X=chain / "annsm.nc", Y=cube[0], Z=cube[0], Y_VARIABLE="smap", Z_VARIABLE="gldas",
                         DRAWS=0, REPORT=tmp_path / "report.html", **paths)  # fmt: skip
    wanted = {**dict(zip(names, np.full((6, *fiji.SHAPE), np.nan))), "N": np.zeros(fiji.SHAPE)}
    for at in zip(*np.nonzero(~fiji.DEAD)):
        three = common(stored(chain / "annsm.nc", "soil_moisture"), cube[1]["sm_smap"], cube[1]["sm_gldas"], at=at)
        wanted["N"][at], c = three.shape[1], np.cov(three)
        for x, y, z in ((0, 1, 2), (1, 0, 2), (2, 0, 1)):
            signal = c[x, y] * c[x, z] / c[y, z]
            if signal <= c[x, x]:
                wanted[names[x]][at], wanted[names[3 + x]][at] = np.sqrt(c[x, x] - signal), np.sqrt(signal / c[x, x])
    assert look(*(tif(paths[name], wanted[name], name.lower(), tolerance=1e-4) for name in names)) == []


def test_sensitivity_and_comparison(qgis_process, cube, tmp_path):
    path, planted = cube
    qgis_process.results("annsm:sensitivity", INPUT=path, **PERIOD, EXPERIMENTS="thresholds", THRESHOLDS="none,8.75,17.5", HIDDEN=2,
                         TABLE=tmp_path / "t.csv", BEST=tmp_path / "b.json", DAYS=tmp_path / "days.tif")  # fmt: skip
    qgis_process.results("annsm:comparemethods", INPUT=path, **PERIOD, METHODS="network", HIDDEN=2, TABLE=tmp_path / "m.csv",
                         IMPORTANCE=tmp_path / "importance.tif")  # fmt: skip
    inputs = [name for name in planted if name not in ("precipitation_7h", "sm_smap")]
    complete = np.isfinite([planted[name] for name in (*inputs, "sm_smap")]).all(axis=0)
    wet = [complete & (planted["precipitation_7h"] > threshold) for threshold in (17.5, 8.75)]
    days = np.where(fiji.DEAD, np.nan, np.sum([complete, *wet], axis=1))
    assert look(
        tif(tmp_path / "days.tif", days, "days kept unscreened", "days removed at 17.5 mm", "days removed at 8.75 mm"),
        tif(tmp_path / "importance.tif", read(tmp_path / "importance.tif"), *inputs),
    ) == []  # fmt: skip


def test_aggregate_and_trend(months):
    month = fiji.RECORD.astype("datetime64[M]")
    first, of_year = np.unique(month), np.unique(month).astype(int) % 12
    parts = [fiji.record()[month == each].astype(float) for each in first]
    mean = np.array([part.mean(axis=0) for part in parts])
    planted = {
        "mean": mean,
        "anomaly": mean - np.array([mean[of_year == each].mean(axis=0) for each in of_year]),
        "minimum": [part[0] for part in parts],
        "maximum": [part[-1] for part in parts],
        "std": [part.std(axis=0) for part in parts],
        "days": [np.where(fiji.DEAD, 0, len(part)) for part in parts],
    }
    one, other = np.triu_indices(first.size, 1)
    slopes = 12.0 * (planted["anomaly"][other] - planted["anomaly"][one]) / (other - one)[:, None, None]
    named = {f"soil_moisture_{name}": np.array(value) for name, value in planted.items()}
    assert look(
        *daily(months / "months.nc", first.astype("datetime64[D]"), named, tolerance=1e-6),
        tif(months / "trend.tif", np.median(slopes, axis=0), "Trend per year", tolerance=1e-6),
        tif(months / "p.tif", read(months / "p.tif"), "Significance of the trend (p)"),
    ) == []  # fmt: skip


#: Parts of the checker's sentences that are no fault of a file. CF has leap_seconds since 1.12; 1.11, which the files declare, forbids
#: units_metadata where the unit is no temperature (its section 3.1.2).
LEAP_SECONDS = "leap_seconds"
#: The order of dimensions is a recommendation; a model is read cell by cell, so what belongs to a cell stays together.
DIMENSIONS = "recommended order T, Z, Y, X"

#: File -> the fixture that makes it, findings that stay, and checks that the checker leaves out.
FILES = {
    "matched.nc": ("matched", (LEAP_SECONDS,), ()),
    "screened.nc": ("chain", (LEAP_SECONDS,), ()),
    "model.nc": ("chain", (DIMENSIONS,), ()),
    "annsm.nc": ("chain", (LEAP_SECONDS,), ()),
    "filled.nc": ("chain", (LEAP_SECONDS,), ()),
    "months.nc": ("months", (LEAP_SECONDS,), ()),
    # In version 6.1.0 this check breaks off at every ragged array (issue 1318 of its repository).
    "series.nc": ("series", (LEAP_SECONDS,), ("check_domain_variables",)),
}


@pytest.mark.parametrize("name", FILES)
def test_cf(request, name):
    """By the rules of CF-1.11, which the files declare and the checker knows; recommendations count as much as requirements."""
    fixture, accepted, without = FILES[name]
    found = cf_findings(request.getfixturevalue(fixture) / name, without=without)
    assert [text for text in found if not any(part in text for part in accepted)] == []
    assert all(any(part in text for text in found) for part in accepted), "an exception is no longer needed"


@pytest.mark.parametrize("name", ["matched.nc", "screened.nc", "annsm.nc", "filled.nc", "months.nc"])
def test_every_variable_is_described(request, name):
    """What the checker does not ask for and other programs need: the file contract of gridded files."""
    with netCDF4.Dataset(request.getfixturevalue(FILES[name][0]) / name) as file:
        for variable in file.variables.values():
            if variable.name not in ("crs", "time_bnds"):
                assert variable.long_name and variable.units, variable.name
            if {"lat", "lon"} <= set(variable.dimensions):
                assert variable.grid_mapping == "crs", variable.name


BROKEN = {
    "no unit": ("units", None, "units"),
    "a unit of another quantity": ("units", "m", "units"),
    "an unknown standard name": ("standard_name", "soil_warmth", "standard_name"),
    "a coordinate that is not there": ("coordinates", "height", "height"),
    "no word for temperature": ("units_metadata", None, "units_metadata"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_cf_mistakes_are_found(chain, tmp_path, case):
    attribute, value, word = BROKEN[case]
    path = shutil.copy(chain / "screened.nc", tmp_path / "broken.nc")
    with netCDF4.Dataset(path, "a") as file:
        if value is None:
            file["st_gldas"].delncattr(attribute)
        else:
            file["st_gldas"].setncattr(attribute, value)
    assert [text for text in cf_findings(path) if LEAP_SECONDS not in text and word in text]
